//! A known time, from which the time of a session is counted on.

use crate::time::sum;

/// A time, and the elapsed seconds of the session at it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct TimeBase {
    pub(crate) time: u64,
    pub(crate) elapsed: u32,
    pub(crate) reserved: u32,
}

impl TimeBase {
    pub(crate) const fn new(time: u64, elapsed: u32) -> Self {
        Self { time, elapsed, reserved: 0 }
    }

    /// The time that is certainly past at these elapsed seconds: a crude oscillator may count up to a sixteenth too fast.
    #[inline(never)]
    pub(super) fn counted(&self, elapsed: u32) -> u64 {
        let seconds = elapsed.wrapping_sub(self.elapsed);
        sum(self.time, seconds.wrapping_sub(seconds >> 4).into())
    }
}
