//! Features: the named rights in a license.

#[cfg(feature = "_both")]
use serde::Deserialize;
#[cfg(any(feature = "sign", feature = "_both"))]
use serde::Serialize;

use super::name::{is_identifier, is_text};
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{FEATURE_NAME_MAX, FEATURE_TEXT_MAX, FEATURES_MAX};
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;

/// What a feature grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

/// A named right of a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature<'a> {
    /// The name: 1 to 32 printable ASCII characters without space.
    pub name: Text<'a>,
    /// What it grants.
    pub right: Right<'a>,
    /// When the feature ends, if earlier than the license.
    pub expires: Option<UnixSeconds>,
}

#[cfg_attr(any(feature = "sign", feature = "_both"), derive(Serialize))]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    name: Text<'a>,
    #[cfg_attr(feature = "_both", serde(borrow))]
    grant: Grant<'a>,
}

/// A right and its end. One number on the wire says the kind of the right and whether an end follows.
#[derive(Clone, Copy)]
#[cfg_attr(any(feature = "sign", feature = "_both"), derive(Serialize), serde(into = "encode::WireGrant<'a>"))]
#[cfg_attr(
    feature = "_both",
    derive(Deserialize),
    serde(from = "encode::WireGrant<'a>", bound(deserialize = "'de: 'a"))
)]
struct Grant<'a> {
    right: Right<'a>,
    end: Option<Stamp>,
}

/// The kinds of rights; from this number on the same with an end.
const KINDS: u32 = 5;

impl<'a> Read<'a> for Grant<'a> {
    #[inline(never)]
    fn read(reader: &mut Reader<'a>) -> Self {
        let number = reader.u32();
        let kind = number.checked_sub(KINDS).unwrap_or(number);
        let right = match kind {
            0 => Right::Flag,
            1 => Right::Limit(reader.u64()),
            2 | 3 => Right::Quota { amount: reader.u64(), overage: kind == 3 },
            4 => Right::Text(reader.text()),
            _ => reader.refuse(Right::Flag),
        };
        Self { right, end: (number >= KINDS).then(|| Stamp::read(reader)) }
    }
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { name: reader.text(), grant: Grant::read(reader) }
    }
}

impl<'a> Feature<'a> {
    #[inline(never)]
    fn take(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let (wire, rest) = strict::take::<Wire<'a>>(bytes)?;
        let feature = Self { name: wire.name, right: wire.grant.right, expires: wire.grant.end.map(Stamp::to_unix) };
        feature.check_value()?;
        Ok((feature, rest))
    }

    fn check_value(&self) -> Result<(), Error> {
        if !is_identifier(self.name.as_bytes(), FEATURE_NAME_MAX) {
            return Err(Error::PayloadValue);
        }
        match self.right {
            Right::Text(text) if !is_text(text.as_bytes(), FEATURE_TEXT_MAX) => Err(Error::PayloadValue),
            Right::Flag | Right::Limit(_) | Right::Quota { .. } | Right::Text(_) => Ok(()),
        }
    }

    #[cfg(feature = "sign")]
    pub(crate) fn put(&self, out: &mut super::output::Output<'_>) -> Result<(), Error> {
        let end = match self.expires {
            Some(time) => Some(Stamp::from_unix(time).ok_or(Error::PayloadValue)?),
            None => None,
        };
        out.value(&Wire { name: self.name, grant: Grant { right: self.right, end } })
    }
}

/// The right as serde writes it.
#[cfg(any(feature = "sign", feature = "_both"))]
mod encode {
    #[cfg(feature = "_both")]
    use serde::Deserialize;
    use serde::Serialize;

    use super::{Grant, Right};
    use crate::time::Stamp;
    use crate::utf8::Text;

    #[derive(Serialize)]
    #[cfg_attr(feature = "_both", derive(Deserialize), serde(bound(deserialize = "'de: 'a")))]
    pub(super) enum WireGrant<'a> {
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

    impl<'a> From<Grant<'a>> for WireGrant<'a> {
        fn from(grant: Grant<'a>) -> Self {
            match (grant.right, grant.end) {
                (Right::Flag, None) => Self::Flag,
                (Right::Limit(most), None) => Self::Limit(most),
                (Right::Quota { amount, overage: false }, None) => Self::Quota(amount),
                (Right::Quota { amount, overage: true }, None) => Self::QuotaOverage(amount),
                (Right::Text(text), None) => Self::Text(text),
                (Right::Flag, Some(end)) => Self::FlagUntil(end),
                (Right::Limit(most), Some(end)) => Self::LimitUntil(most, end),
                (Right::Quota { amount, overage: false }, Some(end)) => Self::QuotaUntil(amount, end),
                (Right::Quota { amount, overage: true }, Some(end)) => Self::QuotaOverageUntil(amount, end),
                (Right::Text(text), Some(end)) => Self::TextUntil(text, end),
            }
        }
    }

    #[cfg(feature = "_both")]
    impl<'a> From<WireGrant<'a>> for Grant<'a> {
        fn from(wire: WireGrant<'a>) -> Self {
            let (right, end) = match wire {
                WireGrant::Flag => (Right::Flag, None),
                WireGrant::Limit(most) => (Right::Limit(most), None),
                WireGrant::Quota(amount) => (Right::Quota { amount, overage: false }, None),
                WireGrant::QuotaOverage(amount) => (Right::Quota { amount, overage: true }, None),
                WireGrant::Text(text) => (Right::Text(text), None),
                WireGrant::FlagUntil(end) => (Right::Flag, Some(end)),
                WireGrant::LimitUntil(most, end) => (Right::Limit(most), Some(end)),
                WireGrant::QuotaUntil(amount, end) => (Right::Quota { amount, overage: false }, Some(end)),
                WireGrant::QuotaOverageUntil(amount, end) => (Right::Quota { amount, overage: true }, Some(end)),
                WireGrant::TextUntil(text, end) => (Right::Text(text), Some(end)),
            };
            Self { right, end }
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
    /// Walks the list strictly: every record canonical, names ascending, within the limits.
    pub(crate) fn check(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut last = Text::EMPTY;
        let mut rest = bytes;
        let mut count = 0_usize;
        while !rest.is_empty() {
            let (feature, after) = Feature::take(rest)?;
            rest = after;
            count = count.saturating_add(1);
            if count > FEATURES_MAX || feature.name <= last {
                return Err(Error::PayloadValue);
            }
            last = feature.name;
        }
        Ok(Self { rest: bytes, count })
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
