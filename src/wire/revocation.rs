//! The payload of a revocation list: which licenses and which issuers are no longer in force.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::item::{self, Item, ItemContent, Items, items};
use super::name::is_product_or_every;
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{REVOKED_HASH_LEN, REVOKED_ISSUERS_MAX, REVOKED_LICENSES_MAX};
#[cfg(feature = "_both")]
use crate::time::Stamp;
use crate::time::UnixSeconds;
use crate::utf8::Text;

/// As postcard has it.
#[cfg(feature = "_both")]
#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    number: u32,
    issued_at: Stamp,
    product: Text<'a>,
    series: u8,
    issuers: &'a [u8],
    licenses: &'a [u8],
    items: &'a [u8],
}

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct WireIssuer {
    key: [u8; REVOKED_HASH_LEN],
    keep: u8,
}

impl<'a> Read<'a> for WireIssuer {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { key: reader.array(), keep: reader.u8() }
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct WireLicense {
    id: [u8; REVOKED_HASH_LEN],
    below: u32,
    reason: Reason,
}

impl<'a> Read<'a> for WireLicense {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { id: reader.array(), below: reader.u32(), reason: Reason::read(reader) }
    }
}

items! {
    /// The items of a revocation list (`docs/FORMAT.md` §11).
    RevocationItem:
    1, CRITICAL, Part, "part", ItemContent::Fields(&["u16", "u16", "u16", "u16"]);
    2, CRITICAL, Named, "named", ItemContent::Empty;
}

/// Of which licenses a list says something. Of a license that it covers and does not name it says that nothing is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Of all.
    Every,
    /// It is one part of several with the same number.
    Part(Part),
    /// Of those that it names, and of no other.
    Named,
}

/// Which licenses a part of a list covers: those whose hash, its first two bytes read as a big-endian number, is from
/// `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
pub struct Part {
    /// Which part it is, from 1.
    pub part: u16,
    /// How many there are.
    pub parts: u16,
    /// The lowest beginning of a hash.
    pub first: u16,
    /// The highest.
    pub last: u16,
}

impl<'a> Read<'a> for Part {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { part: reader.u16(), parts: reader.u16(), first: reader.u16(), last: reader.u16() }
    }
}

impl Part {
    /// Whether a license with this hash is covered.
    #[must_use]
    pub const fn covers(&self, id: [u8; REVOKED_HASH_LEN]) -> bool {
        let [high, low, ..] = id;
        let beginning = u16::from_be_bytes([high, low]);
        self.first <= beginning && beginning <= self.last
    }

    /// Whether some hash is covered by both.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    const fn is_valid(&self) -> bool {
        1 <= self.part && self.part <= self.parts && self.parts >= 2 && self.first <= self.last
    }
}

#[cfg(feature = "sign")]
impl Coverage {
    pub(crate) fn put(&self, out: &mut super::output::Output<'_>) -> Result<(), Error> {
        match self {
            Self::Every => Ok(()),
            Self::Part(part) => item::put_value(RevocationItem::Part.with(&[]), part, out),
            Self::Named => RevocationItem::Named.with(&[]).put(out),
        }
    }
}

/// The content of a revocation list. `docs/FORMAT.md` §11 says how lists of one seller count together.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RevocationList<'a> {
    /// Number of the list, from 1; the highest wins.
    pub number: u32,
    /// When the seller signed it.
    pub issued_at: UnixSeconds,
    /// The product it is about; empty for every product.
    pub product: Text<'a>,
    /// Which of the seller's lists it is; 0 for a seller who keeps one.
    pub series: u8,
    /// The revoked issuers, ascending by key.
    pub issuers: RevokedIssuers<'a>,
    /// The revoked licenses, ascending by the hash of their id.
    pub licenses: RevokedLicenses<'a>,
    /// Of which licenses it says something.
    pub coverage: Coverage,
    /// Every item, known or not.
    pub items: Items<'a>,
}

/// An issuer whose key must not be trusted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedIssuer {
    /// The first eight bytes of its public key.
    pub key: [u8; REVOKED_HASH_LEN],
    /// Whether what a device had activated before it got the list stays in force.
    pub keep_activated: bool,
}

/// A license of which the issues before a certain one are revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedLicense {
    /// The hash of its license id: see [`crate::license_id_hash`].
    pub id: [u8; REVOKED_HASH_LEN],
    /// Issues with a serial below this one are refused.
    pub below: u32,
    /// Why.
    pub reason: Reason,
}

/// Why a license was revoked.
///
/// The format never gets another (`docs/FORMAT.md` §9), so a `match` may list them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
pub enum Reason {
    /// Taken off the device, to be used on another one.
    Released,
    /// Out of force for the time being.
    Frozen,
    /// Paid back.
    Refunded,
    /// Replaced by a later issue.
    Replaced,
}

impl<'a> Read<'a> for Reason {
    fn read(reader: &mut Reader<'a>) -> Self {
        match reader.u32() {
            0 => Self::Released,
            1 => Self::Frozen,
            2 => Self::Refunded,
            3 => Self::Replaced,
            _ => reader.refuse(Self::Released),
        }
    }
}

impl Reason {
    /// The status that a revoked license is refused with.
    #[must_use]
    pub const fn status(self) -> Error {
        match self {
            Self::Released => Error::LicenseReleased,
            Self::Frozen => Error::LicenseFrozen,
            Self::Refunded => Error::LicenseRefunded,
            Self::Replaced => Error::LicenseReplaced,
        }
    }
}

impl<'a> RevocationList<'a> {
    /// Decodes and checks a payload completely.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(payload);
        let mut list = Self {
            number: reader.u32(),
            issued_at: reader.time(),
            product: reader.text(),
            series: reader.u8(),
            issuers: RevokedIssuers { rest: reader.bytes() },
            licenses: RevokedLicenses { rest: reader.bytes() },
            coverage: Coverage::Every,
            items: Items::new(reader.bytes()),
        };
        #[cfg(feature = "_both")]
        strict::compare_readers(payload, &list.wire(), &reader);
        reader.whole()?;
        if list.number == 0 || !is_product_or_every(list.product.as_bytes()) {
            return Err(Error::PayloadValue);
        }
        list.issuers.check()?;
        list.licenses.check()?;
        item::check(list.items.bytes(), RevocationItem::KNOWN, &mut |item| list.accept(item))?;
        list.check_coverage()?;
        Ok(list)
    }

    /// Issuers would be forgotten with a part, and a license outside of it would not be looked for there.
    fn check_coverage(&self) -> Result<(), Error> {
        if self.coverage == Coverage::Every {
            return Ok(());
        }
        let mut is_good = self.issuers.is_empty();
        for entry in self.licenses {
            is_good = is_good && !matches!(self.coverage, Coverage::Part(part) if !part.covers(entry.id));
        }
        if is_good { Ok(()) } else { Err(Error::PayloadValue) }
    }

    #[cfg(feature = "_both")]
    fn wire(&self) -> Option<Wire<'a>> {
        Some(Wire {
            number: self.number,
            issued_at: Stamp::from_unix(self.issued_at)?,
            product: self.product,
            series: self.series,
            issuers: self.issuers.rest,
            licenses: self.licenses.rest,
            items: self.items.bytes(),
        })
    }

    fn accept(&mut self, item: &Item<'a>) -> Result<(), Error> {
        match RevocationItem::of(item.number).ok_or(Error::ExtensionUnknown)? {
            RevocationItem::Part => {
                let part: Part = strict::exact(item.bytes)?;
                self.coverage = Coverage::Part(part);
                if !part.is_valid() {
                    return Err(Error::PayloadValue);
                }
            }
            RevocationItem::Named if item.bytes.is_empty() => {
                // Not beside a part.
                if self.coverage != Coverage::Every {
                    return Err(Error::PayloadValue);
                }
                self.coverage = Coverage::Named;
            }
            RevocationItem::Named => return Err(Error::PayloadMalformed),
        }
        Ok(())
    }

    /// What it says of the license with this hash: the entry of one that it names, and for another one that it covers one
    /// that revokes nothing.
    #[must_use]
    #[inline(never)]
    pub fn statement(&self, id: [u8; REVOKED_HASH_LEN]) -> Option<RevokedLicense> {
        for entry in self.licenses {
            if entry.id == id {
                return Some(entry);
            }
        }
        let is_covered = match self.coverage {
            Coverage::Every => true,
            Coverage::Part(part) => part.covers(id),
            Coverage::Named => false,
        };
        is_covered.then_some(RevokedLicense { id, below: 1, reason: Reason::Released })
    }
}

/// The issuers of a revocation list.
#[derive(Clone, Copy, Debug)]
pub struct RevokedIssuers<'a> {
    rest: &'a [u8],
}

impl RevokedIssuers<'_> {
    /// Whether the list revokes no issuer.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn check(self) -> Result<(), Error> {
        let mut rest = self.rest;
        let mut last = None;
        let mut count = 0_usize;
        while !rest.is_empty() {
            let (entry, after) = strict::take::<WireIssuer>(rest)?;
            rest = after;
            count = count.saturating_add(1);
            if count > REVOKED_ISSUERS_MAX || Some(entry.key) <= last || entry.keep > 1 {
                return Err(Error::PayloadValue);
            }
            last = Some(entry.key);
        }
        Ok(())
    }
}

#[cfg(feature = "sign")]
impl RevokedIssuer {
    pub(crate) fn put(&self, out: &mut super::output::Output<'_>) -> Result<(), Error> {
        out.value(&WireIssuer { key: self.key, keep: self.keep_activated.into() })
    }
}

impl Iterator for RevokedIssuers<'_> {
    type Item = RevokedIssuer;

    fn next(&mut self) -> Option<RevokedIssuer> {
        let (entry, rest) = strict::take::<WireIssuer>(self.rest).ok()?;
        self.rest = rest;
        Some(RevokedIssuer { key: entry.key, keep_activated: entry.keep != 0 })
    }
}

/// The licenses of a revocation list.
#[derive(Clone, Copy, Debug)]
pub struct RevokedLicenses<'a> {
    rest: &'a [u8],
}

impl RevokedLicenses<'_> {
    fn check(self) -> Result<(), Error> {
        let mut rest = self.rest;
        let mut last = None;
        let mut count = 0_usize;
        while !rest.is_empty() {
            let (entry, after) = RevokedLicense::take(rest)?;
            rest = after;
            count = count.saturating_add(1);
            if count > REVOKED_LICENSES_MAX || Some(entry.id) <= last || entry.below == 0 {
                return Err(Error::PayloadValue);
            }
            last = Some(entry.id);
        }
        Ok(())
    }
}

impl RevokedLicense {
    fn take(bytes: &[u8]) -> Result<(Self, &[u8]), Error> {
        let (wire, rest) = strict::take::<WireLicense>(bytes)?;
        Ok((Self { id: wire.id, below: wire.below, reason: wire.reason }, rest))
    }

    #[cfg(feature = "sign")]
    pub(crate) fn put(&self, out: &mut super::output::Output<'_>) -> Result<(), Error> {
        out.value(&WireLicense { id: self.id, below: self.below, reason: self.reason })
    }
}

impl Iterator for RevokedLicenses<'_> {
    type Item = RevokedLicense;

    fn next(&mut self) -> Option<RevokedLicense> {
        let (entry, rest) = RevokedLicense::take(self.rest).ok()?;
        self.rest = rest;
        Some(entry)
    }
}
