//! What the clock was found to be: the rules are in `time.rs`.

/// What the clock was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockState {
    /// It contradicts nothing.
    Good,
    /// The device has none: powered-on time counts.
    Absent,
    /// It is not set, or the device has no clock and counts no uptime: the time is not known.
    Unset,
    /// It shows a time that is certainly past.
    Behind,
    /// It is far ahead of the last known time. It is believed for now; a warning.
    Ahead,
    /// It is wrong, and a time token gives the time of this session.
    Corrected,
}

impl ClockState {
    /// The stable number: 1 good, 2 absent, 3 unset, 4 behind, 5 ahead, 6 corrected.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Good => 1,
            Self::Absent => 2,
            Self::Unset => 3,
            Self::Behind => 4,
            Self::Ahead => 5,
            Self::Corrected => 6,
        }
    }

    /// The state with this number.
    pub(super) const fn from_number(number: u32) -> Self {
        match number {
            1 => Self::Good,
            2 => Self::Absent,
            4 => Self::Behind,
            5 => Self::Ahead,
            6 => Self::Corrected,
            _ => Self::Unset,
        }
    }
}
