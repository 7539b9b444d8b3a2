//! Features: the named rights in a license.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::name::{is_identifier, is_text};
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{FEATURE_NAME_MAX, FEATURE_TEXT_MAX, FEATURES_MAX};
use crate::time::{Stamp, UnixSeconds};

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
    Text(&'a str),
}

/// A named right of a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature<'a> {
    /// The name: 1 to 32 printable ASCII characters without space.
    pub name: &'a str,
    /// What it grants.
    pub right: Right<'a>,
    /// When the feature ends, if earlier than the license.
    pub expires: Option<UnixSeconds>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    name: &'a str,
    #[cfg_attr(feature = "_both", serde(borrow))]
    right: WireRight<'a>,
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { name: reader.text(), right: WireRight::read(reader) }
    }
}

/// The right and the presence of an expiry in one byte.
#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
enum WireRight<'a> {
    Flag,
    Limit(u64),
    Quota(u64),
    QuotaOverage(u64),
    Text(&'a str),
    FlagUntil(Stamp),
    LimitUntil(u64, Stamp),
    QuotaUntil(u64, Stamp),
    QuotaOverageUntil(u64, Stamp),
    TextUntil(&'a str, Stamp),
}

impl<'a> Read<'a> for WireRight<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        match reader.u32() {
            0 => Self::Flag,
            1 => Self::Limit(reader.u64()),
            2 => Self::Quota(reader.u64()),
            3 => Self::QuotaOverage(reader.u64()),
            4 => Self::Text(reader.text()),
            5 => Self::FlagUntil(Stamp::read(reader)),
            6 => Self::LimitUntil(reader.u64(), Stamp::read(reader)),
            7 => Self::QuotaUntil(reader.u64(), Stamp::read(reader)),
            8 => Self::QuotaOverageUntil(reader.u64(), Stamp::read(reader)),
            9 => Self::TextUntil(reader.text(), Stamp::read(reader)),
            _ => reader.refuse(Self::Flag),
        }
    }
}

impl<'a> Feature<'a> {
    fn take(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let (wire, rest) = strict::take::<Wire<'a>>(bytes)?;
        let (right, expires) = match wire.right {
            WireRight::Flag => (Right::Flag, None),
            WireRight::Limit(most) => (Right::Limit(most), None),
            WireRight::Quota(amount) => (Right::Quota { amount, overage: false }, None),
            WireRight::QuotaOverage(amount) => (Right::Quota { amount, overage: true }, None),
            WireRight::Text(text) => (Right::Text(text), None),
            WireRight::FlagUntil(end) => (Right::Flag, Some(end)),
            WireRight::LimitUntil(most, end) => (Right::Limit(most), Some(end)),
            WireRight::QuotaUntil(amount, end) => (Right::Quota { amount, overage: false }, Some(end)),
            WireRight::QuotaOverageUntil(amount, end) => (Right::Quota { amount, overage: true }, Some(end)),
            WireRight::TextUntil(text, end) => (Right::Text(text), Some(end)),
        };
        let feature = Self { name: wire.name, right, expires: expires.map(Stamp::to_unix) };
        feature.check_value()?;
        Ok((feature, rest))
    }

    fn check_value(&self) -> Result<(), Error> {
        if !is_identifier(self.name, FEATURE_NAME_MAX) {
            return Err(Error::PayloadValue);
        }
        match self.right {
            Right::Text(text) if !is_text(text, FEATURE_TEXT_MAX) => Err(Error::PayloadValue),
            Right::Flag | Right::Limit(_) | Right::Quota { .. } | Right::Text(_) => Ok(()),
        }
    }

    #[cfg(feature = "sign")]
    pub(crate) fn put(&self, out: &mut super::output::Output<'_>) -> Result<(), Error> {
        let end = match self.expires {
            Some(time) => Some(Stamp::from_unix(time).ok_or(Error::PayloadValue)?),
            None => None,
        };
        let right = match (self.right, end) {
            (Right::Flag, None) => WireRight::Flag,
            (Right::Limit(most), None) => WireRight::Limit(most),
            (Right::Quota { amount, overage: false }, None) => WireRight::Quota(amount),
            (Right::Quota { amount, overage: true }, None) => WireRight::QuotaOverage(amount),
            (Right::Text(text), None) => WireRight::Text(text),
            (Right::Flag, Some(end)) => WireRight::FlagUntil(end),
            (Right::Limit(most), Some(end)) => WireRight::LimitUntil(most, end),
            (Right::Quota { amount, overage: false }, Some(end)) => WireRight::QuotaUntil(amount, end),
            (Right::Quota { amount, overage: true }, Some(end)) => WireRight::QuotaOverageUntil(amount, end),
            (Right::Text(text), Some(end)) => WireRight::TextUntil(text, end),
        };
        out.value(&Wire { name: self.name, right })
    }
}

/// The features of a license, in ascending order of their names.
#[derive(Clone, Copy, Debug)]
pub struct Features<'a> {
    rest: &'a [u8],
}

impl<'a> Features<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Walks the list strictly: every record canonical, names ascending, within the limits.
    pub(crate) fn check(bytes: &'a [u8]) -> Result<(), Error> {
        let mut rest = bytes;
        let mut last = "";
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
        Ok(())
    }
}

impl<'a> Iterator for Features<'a> {
    type Item = Feature<'a>;

    fn next(&mut self) -> Option<Feature<'a>> {
        let (feature, rest) = Feature::take(self.rest).ok()?;
        self.rest = rest;
        Some(feature)
    }
}
