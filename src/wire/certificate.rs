//! The payload of an issuer certificate: an anchor vouches for an issuing key, within limits.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::envelope::ALGORITHM_ED25519;
use super::item::{self, Item, ItemContent, items};
use super::name::{is_identifier, is_text};
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{DAYS_MAX, ID_MAX, KEY_LEN, LINE_LEN, SCOPE_MAX};
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    algorithm: u8,
    key: &'a [u8],
    issued_at: Stamp,
    not_before: Stamp,
    not_after: Stamp,
    longest_days: u16,
    kinds: u8,
    flags: u8,
    scope: &'a [u8],
    items: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    #[inline(never)]
    fn read(reader: &mut Reader<'a>) -> Self {
        Self {
            algorithm: reader.u8(),
            key: reader.bytes(),
            issued_at: Stamp::read(reader),
            not_before: Stamp::read(reader),
            not_after: Stamp::read(reader),
            longest_days: reader.u16(),
            kinds: reader.u8(),
            flags: reader.u8(),
            scope: reader.bytes(),
            items: reader.bytes(),
        }
    }
}

/// Flag: the issuer may sign test codes only.
const FLAG_TEST_ONLY: u8 = 1;

items! {
    /// The items of an issuer certificate (`docs/FORMAT.md` §6).
    CertificateItem:
    1, IGNORABLE, Name, "name", ItemContent::Text(ID_MAX);
    2, IGNORABLE, Line, "line", ItemContent::Array(LINE_LEN);
}

/// The content of an issuer certificate.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Certificate<'a> {
    /// The certified Ed25519 key.
    pub key: [u8; KEY_LEN],
    /// When the anchor signed it.
    pub issued_at: UnixSeconds,
    /// Documents issued before this time are refused.
    pub not_before: UnixSeconds,
    /// Documents issued at or after this time are refused.
    pub not_after: UnixSeconds,
    /// Longest term including grace that the issuer may grant, in days; 0 for any, also perpetual.
    pub longest_days: u16,
    /// Permitted kinds of documents, one bit each: 1 codes, 2 revocation lists, 4 time tokens, 8 unlocks.
    pub kinds: u8,
    /// Whether the issuer may sign test codes only.
    pub test_only: bool,
    /// The products it may sign for; empty for all.
    pub scope: Scope<'a>,
    /// A name for people, if stated.
    pub name: Option<Text<'a>>,
    /// The line of its revocation lists, if stated: see [`Certificate::line`].
    pub stated_line: Option<[u8; LINE_LEN]>,
}

impl<'a> Certificate<'a> {
    /// Decodes and checks a payload completely.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let wire = strict::exact::<Wire<'a>>(payload)?;
        if wire.algorithm != ALGORITHM_ED25519 {
            return Err(Error::FormatAlgorithm);
        }
        let scope = Scope { rest: wire.scope };
        if wire.flags & !FLAG_TEST_ONLY != 0 || wire.longest_days > DAYS_MAX {
            return Err(Error::PayloadValue);
        }
        scope.check()?;
        let mut certificate = Self {
            key: wire.key.try_into().map_err(|_| Error::PayloadValue)?,
            issued_at: wire.issued_at.to_unix(),
            not_before: wire.not_before.to_unix(),
            not_after: wire.not_after.to_unix(),
            longest_days: wire.longest_days,
            kinds: wire.kinds,
            test_only: wire.flags & FLAG_TEST_ONLY != 0,
            scope,
            name: None,
            stated_line: None,
        };
        item::check(wire.items, CertificateItem::KNOWN, &mut |item| certificate.accept(item))?;
        Ok(certificate)
    }

    #[inline(never)]
    fn accept(&mut self, item: &Item<'a>) -> Result<(), Error> {
        let is_good = match CertificateItem::of(item.number).ok_or(Error::ExtensionUnknown)? {
            CertificateItem::Name => is_text(self.name.insert(strict::text(item.bytes)?).as_bytes(), ID_MAX),
            CertificateItem::Line => *self.stated_line.insert(strict::exact(item.bytes)?) != [0; LINE_LEN],
        };
        if is_good { Ok(()) } else { Err(Error::PayloadValue) }
    }

    /// The line of its revocation lists: a list replaces those of the same line. Unless stated otherwise, the first bytes of
    /// the key.
    #[must_use]
    pub fn line(&self) -> [u8; LINE_LEN] {
        self.stated_line.unwrap_or(self.key.first_chunk().copied().unwrap_or([0; LINE_LEN]))
    }

    /// Writes the payload.
    #[cfg(feature = "sign")]
    pub(crate) fn put(
        &self,
        scope: &'a [u8],
        items: &'a [u8],
        out: &mut crate::wire::output::Output<'_>,
    ) -> Result<(), Error> {
        let stamp = |time| Stamp::from_unix(time).ok_or(Error::PayloadValue);
        out.value(&Wire {
            algorithm: ALGORITHM_ED25519,
            key: &self.key,
            issued_at: stamp(self.issued_at)?,
            not_before: stamp(self.not_before)?,
            not_after: stamp(self.not_after)?,
            longest_days: self.longest_days,
            kinds: self.kinds,
            flags: if self.test_only { FLAG_TEST_ONLY } else { 0 },
            scope,
            items,
        })
    }
}

/// Product patterns: each a product id, or the beginning of product ids followed by `*`.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    rest: &'a [u8],
}

impl<'a> Scope<'a> {
    /// A scope whose bytes [`Scope::check`] has accepted before.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The encoded patterns.
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.rest
    }

    fn check(self) -> Result<(), Error> {
        if self.rest.len() > SCOPE_MAX {
            return Err(Error::PayloadValue);
        }
        let mut rest = self.rest;
        let mut last = Text::EMPTY;
        while !rest.is_empty() {
            let (pattern, after) = strict::take::<Text<'_>>(rest)?;
            rest = after;
            if !is_identifier(pattern.as_bytes(), ID_MAX) || pattern <= last {
                return Err(Error::PayloadValue);
            }
            last = pattern;
        }
        Ok(())
    }

    /// Whether the issuer may sign for every product.
    pub(crate) const fn is_every(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether the issuer may sign for `product`.
    #[must_use]
    pub fn covers(self, product: impl AsRef<[u8]>) -> bool {
        let product = product.as_ref();
        self.is_every()
            || self.into_iter().any(|pattern| match pattern.as_bytes() {
                [beginning @ .., b'*'] => product.starts_with(beginning),
                pattern => product == pattern,
            })
    }
}

impl<'a> Iterator for Scope<'a> {
    type Item = Text<'a>;

    fn next(&mut self) -> Option<Text<'a>> {
        let (pattern, rest) = strict::take::<Text<'_>>(self.rest).ok()?;
        self.rest = rest;
        Some(pattern)
    }
}
