//! The time of day, and a count of seconds that nobody sets.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use lic2::UnixSeconds;
use lic2::port::{Clock, Reading, Wall};

pub(crate) struct DeviceClock {
    started: Instant,
}

impl DeviceClock {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for DeviceClock {
    /// Replace: the two clocks of the device. `Wall::Absent` if none keeps running while the device is off, `Wall::Unset` if
    /// nobody has set it since it lost its power. The uptime also counts while the device sleeps, if anything does.
    fn read(&mut self) -> Reading {
        let wall = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(time) if time.as_secs() > lic2::EPOCH_2020 => Wall::Time(UnixSeconds(time.as_secs())),
            _ => Wall::Unset,
        };
        Reading::new(wall, Some(self.started.elapsed().as_secs()))
    }
}
