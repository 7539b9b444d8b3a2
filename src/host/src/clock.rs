//! The clock of the system.

use lic2::port::{Clock, Reading, Wall};
use lic2::{EPOCH_2020, UnixSeconds};

use crate::sys;

/// The clock of the system. Before 2020 it counts as not set: systems without a battery start in 1970, or at the date
/// of their build.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn read(&mut self) -> Reading {
        Reading::new(wall(sys::now()), sys::uptime())
    }
}

fn wall(now: Option<u64>) -> Wall {
    match now {
        Some(now) if now >= EPOCH_2020 => Wall::Time(UnixSeconds(now)),
        _ => Wall::Unset,
    }
}

#[cfg(test)]
mod tests {
    use super::{SystemClock, wall};
    use lic2::port::{Clock, Wall};
    use lic2::{EPOCH_2020, UnixSeconds};

    #[test]
    fn a_clock_before_2020_is_not_set() {
        assert_eq!(wall(None), Wall::Unset);
        assert_eq!(wall(Some(0)), Wall::Unset);
        assert_eq!(wall(Some(EPOCH_2020 - 1)), Wall::Unset);
        assert_eq!(wall(Some(EPOCH_2020)), Wall::Time(UnixSeconds(EPOCH_2020)));
    }

    #[test]
    fn it_shows_the_time_of_the_standard_library() {
        let before = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
        let reading = SystemClock.read();
        let after = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
        let Wall::Time(UnixSeconds(now)) = reading.wall else { panic!("{reading:?}") };
        assert!((before..=after).contains(&now), "{before} {now} {after}");
        let uptime = reading.uptime_seconds.expect("every system here counts");
        let text = std::fs::read_to_string("/proc/uptime").expect("Linux");
        let expected: u64 = text.split('.').next().and_then(|whole| whole.parse().ok()).expect("seconds");
        assert!(expected.abs_diff(uptime) <= 1, "{expected} {uptime}");
    }
}
