//! Points in time and their wire form. The core never reads a clock.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

/// Seconds of one day. License 2.0 days have no leap seconds, as in POSIX time.
pub const SECONDS_PER_DAY: u64 = 86_400;

/// Unix time of the format's epoch, 2020-01-01T00:00:00Z.
pub const EPOCH_2020: u64 = 1_577_836_800;

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixSeconds(pub u64);

impl UnixSeconds {
    /// The point `days` days later, or the last representable one.
    #[must_use]
    #[inline(never)]
    pub const fn plus_days(self, days: u16) -> Self {
        // u16 widens without loss, and `From` is not const.
        #[expect(clippy::as_conversions, reason = "u16 to u64 is lossless; From is not const")]
        Self(self.0.saturating_add((days as u64).saturating_mul(SECONDS_PER_DAY)))
    }

    /// The later of the two.
    #[must_use]
    pub fn later(self, other: Self) -> Self {
        Self(later(self.0, other.0))
    }
}

/// `seconds` and as many `more`, or the most there can be. Once in the program: 32-bit processors need a dozen instructions.
#[inline(never)]
pub(crate) const fn sum(seconds: u64, more: u64) -> u64 {
    seconds.saturating_add(more)
}

/// By how much `seconds` are more than `less`; 0 if they are not.
#[inline(never)]
pub(crate) const fn excess(seconds: u64, less: u64) -> u64 {
    seconds.saturating_sub(less)
}

/// The later of two times.
#[inline(never)]
pub(crate) fn later(one: u64, other: u64) -> u64 {
    one.max(other)
}

/// A point in time as documents carry it: seconds since 2020-01-01T00:00:00Z, 32 bits, little-endian.
///
/// Reaches 2156-02-07T06:28:15Z. Four bytes always, so that the length of a code does not depend on its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
pub(crate) struct Stamp([u8; 4]);

impl Stamp {
    /// The first point in time, which some fields take for an unknown one.
    pub(crate) const ZERO: Self = Self([0; 4]);

    pub(crate) const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// The wire form of `time`, or `None` before 2020 or after 2156.
    pub(crate) fn from_unix(time: UnixSeconds) -> Option<Self> {
        let seconds = u32::try_from(time.0.checked_sub(EPOCH_2020)?).ok()?;
        Some(Self(seconds.to_le_bytes()))
    }

    /// The point in time it stands for.
    pub(crate) fn to_unix(self) -> UnixSeconds {
        UnixSeconds(EPOCH_2020.saturating_add(u64::from(u32::from_le_bytes(self.0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_cover_exactly_2020_to_2156() {
        assert_eq!(Stamp::from_unix(UnixSeconds(EPOCH_2020 - 1)), None);
        assert_eq!(Stamp::from_unix(UnixSeconds(EPOCH_2020)), Some(Stamp([0; 4])));
        let last = UnixSeconds(EPOCH_2020 + u64::from(u32::MAX));
        assert_eq!(Stamp::from_unix(last).map(Stamp::to_unix), Some(last));
        assert_eq!(Stamp::from_unix(UnixSeconds(last.0 + 1)), None);
    }

    #[test]
    fn days_saturate_at_the_end_of_time() {
        assert_eq!(UnixSeconds(0).plus_days(2), UnixSeconds(172_800));
        assert_eq!(UnixSeconds(u64::MAX).plus_days(1), UnixSeconds(u64::MAX));
    }
}
