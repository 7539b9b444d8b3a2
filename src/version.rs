//! The version of a product build, and the range of versions a license covers.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

/// A product version. Compared part by part, `major` first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
pub struct Version {
    /// First part.
    pub major: u16,
    /// Second part.
    pub minor: u16,
    /// Third part; wide enough for a build number or a date.
    pub patch: u32,
}

/// The versions that a license covers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
pub struct VersionRange {
    /// The first covered version.
    pub from: Version,
    /// The last covered version.
    pub to: Version,
}

impl Version {
    /// One number that orders as the versions do: the parts one by one would be three times the code.
    fn number(self) -> u64 {
        u64::from(self.major) << 48 | u64::from(self.minor) << 32 | u64::from(self.patch)
    }
}

impl VersionRange {
    /// Whether `version` lies in the range.
    #[must_use]
    pub fn covers(&self, version: Version) -> bool {
        self.from.number() <= version.number() && version.number() <= self.to.number()
    }

    /// Whether there is a version in the range.
    pub(crate) fn is_some(&self) -> bool {
        self.from.number() <= self.to.number()
    }
}
