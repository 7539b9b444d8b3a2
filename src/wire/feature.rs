//! Features: the named rights in a license.

use super::name::is_text;
#[cfg(feature = "_both")]
use super::strict;
use super::strict::Reader;
use crate::error::Error;
use crate::limits::{FEATURE_NAME_MAX, FEATURE_TEXT_MAX, FEATURES_MAX};
use crate::setters::setters;
use crate::time::UnixSeconds;
use crate::utf8::Text;

/// What a feature grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Right<'a> {
    /// It is there.
    Flag,
    /// At most this many of something at once.
    Limit(u64),
    /// This many uses in total, metered.
    Quota {
        /// How many.
        amount: u64,
        /// Whether use beyond the amount is granted and reported instead of refused.
        overage: bool,
    },
    /// A text for the application, at most 64 bytes of UTF-8.
    Text(Text<'a>),
    /// A kind of right that this version of the library does not know. It is never granted.
    Unknown {
        /// The number of its kind, 10 or higher.
        number: u32,
        /// Its content.
        bytes: &'a [u8],
    },
}

/// A named right of a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Feature<'a> {
    /// The name: 1 to 32 printable ASCII characters without space.
    pub name: Text<'a>,
    /// What it grants.
    pub right: Right<'a>,
    /// When the feature ends, if earlier than the license.
    pub expires: Option<UnixSeconds>,
}

impl<'a> Feature<'a> {
    /// A feature that lasts as long as its license.
    #[must_use]
    pub const fn new(name: &'a str, right: Right<'a>) -> Self {
        Self { name: Text::of(name), right, expires: None }
    }

    setters! {
        with_expires = Some(expires: UnixSeconds),
    }
}

/// The kinds of rights; from this number on the same with an end.
const KINDS: u32 = 5;

/// From this number on rights of later versions: their content has a length and can be skipped.
const LATER: u32 = 10;

/// The next one to be assigned.
pub(crate) const NEXT_RIGHT: u32 = 10;

impl<'a> Feature<'a> {
    #[inline(never)]
    fn take(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let mut reader = Reader::new(bytes);
        let feature = Self::read(&mut reader);
        #[cfg(feature = "_both")]
        match feature.later() {
            None => strict::compare_readers(bytes, &feature.wire(), &reader),
            later => strict::compare_readers(bytes, &later, &reader),
        }
        let rest = reader.end()?;
        match feature.right {
            Right::Text(text) if !is_text(text.as_bytes(), FEATURE_TEXT_MAX) => Err(Error::PayloadValue),
            Right::Flag | Right::Limit(_) | Right::Quota { .. } | Right::Text(_) | Right::Unknown { .. } => {
                Ok((feature, rest))
            }
        }
    }

    /// A name, and a right with or without an end: one number on the wire says the kind of the right and whether an end
    /// follows.
    fn read(reader: &mut Reader<'a>) -> Self {
        let name = reader.identifier(FEATURE_NAME_MAX);
        let number = reader.u32();
        let kind = number.checked_sub(KINDS).unwrap_or(number);
        let right = match kind {
            0 => Right::Flag,
            1 => Right::Limit(reader.u64()),
            2 | 3 => Right::Quota { amount: reader.u64(), overage: kind == 3 },
            4 => Right::Text(reader.text()),
            _ => Right::Unknown { number, bytes: reader.bytes() },
        };
        let expires = if (KINDS..LATER).contains(&number) { Some(reader.time()) } else { None };
        Self { name, right, expires }
    }
}

/// A feature as serde writes it, and as postcard reads it in tests.
#[cfg(any(feature = "sign", feature = "_both"))]
mod encode {
    #[cfg(feature = "_both")]
    use serde::Deserialize;
    use serde::Serialize;

    use super::{Feature, Right};
    use crate::time::Stamp;
    use crate::utf8::Text;

    #[derive(Serialize)]
    #[cfg_attr(feature = "_both", derive(Deserialize), serde(bound(deserialize = "'de: 'a")))]
    pub(super) struct Wire<'a> {
        name: Text<'a>,
        grant: WireGrant<'a>,
    }

    #[derive(Serialize)]
    #[cfg_attr(feature = "_both", derive(Deserialize), serde(bound(deserialize = "'de: 'a")))]
    enum WireGrant<'a> {
        Flag,
        Limit(u64),
        Quota(u64),
        QuotaOverage(u64),
        Text(Text<'a>),
        FlagUntil(Stamp),
        LimitUntil(u64, Stamp),
        QuotaUntil(u64, Stamp),
        QuotaOverageUntil(u64, Stamp),
        TextUntil(Text<'a>, Stamp),
    }

    /// A right of a later version.
    #[derive(Serialize)]
    #[cfg_attr(feature = "_both", derive(Deserialize), serde(bound(deserialize = "'de: 'a")))]
    pub(super) struct Later<'a> {
        name: Text<'a>,
        number: u32,
        bytes: &'a [u8],
    }

    impl<'a> Feature<'a> {
        /// `None` if its end is none that a stamp can say.
        pub(super) fn wire(&self) -> Option<Wire<'a>> {
            let end = match self.expires {
                Some(time) => Some(Stamp::from_unix(time)?),
                None => None,
            };
            let grant = match (self.right, end) {
                (Right::Flag, None) => WireGrant::Flag,
                (Right::Limit(most), None) => WireGrant::Limit(most),
                (Right::Quota { amount, overage: false }, None) => WireGrant::Quota(amount),
                (Right::Quota { amount, overage: true }, None) => WireGrant::QuotaOverage(amount),
                (Right::Text(text), None) => WireGrant::Text(text),
                (Right::Flag, Some(end)) => WireGrant::FlagUntil(end),
                (Right::Limit(most), Some(end)) => WireGrant::LimitUntil(most, end),
                (Right::Quota { amount, overage: false }, Some(end)) => WireGrant::QuotaUntil(amount, end),
                (Right::Quota { amount, overage: true }, Some(end)) => WireGrant::QuotaOverageUntil(amount, end),
                (Right::Text(text), Some(end)) => WireGrant::TextUntil(text, end),
                (Right::Unknown { .. }, _) => return None,
            };
            Some(Wire { name: self.name, grant })
        }

        /// The same for a right of a later version.
        pub(super) const fn later(&self) -> Option<Later<'a>> {
            match self.right {
                Right::Unknown { number, bytes } => Some(Later { name: self.name, number, bytes }),
                Right::Flag | Right::Limit(_) | Right::Quota { .. } | Right::Text(_) => None,
            }
        }

        #[cfg(feature = "sign")]
        pub(crate) fn put(&self, out: &mut crate::wire::output::Output<'_>) -> Result<(), crate::error::Error> {
            out.value(&self.wire().ok_or(crate::error::Error::PayloadValue)?)
        }
    }
}

/// The features of a license, in ascending order of their names.
#[derive(Clone, Copy, Debug)]
pub struct Features<'a> {
    rest: &'a [u8],
    count: usize,
}

impl<'a> Features<'a> {
    /// A list that nobody has looked at.
    pub(crate) const fn unchecked(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, count: 0 }
    }

    /// The encoded list.
    #[cfg(feature = "_both")]
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.rest
    }

    /// Walks the list strictly: every record canonical, names ascending, within the limits. Counts the features.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        let mut last = Text::EMPTY;
        let mut rest = self.rest;
        while !rest.is_empty() {
            let (feature, after) = Feature::take(rest)?;
            rest = after;
            self.count = self.count.wrapping_add(1);
            if self.count > FEATURES_MAX || feature.name <= last {
                return Err(Error::PayloadValue);
            }
            last = feature.name;
        }
        Ok(())
    }

    /// How many there are from here on.
    #[must_use]
    pub const fn remaining(&self) -> usize {
        self.count
    }
}

impl<'a> Iterator for Features<'a> {
    type Item = Feature<'a>;

    fn next(&mut self) -> Option<Feature<'a>> {
        let (feature, rest) = Feature::take(self.rest).ok()?;
        self.rest = rest;
        self.count = self.count.saturating_sub(1);
        Some(feature)
    }
}
