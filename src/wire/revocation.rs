//! The payload of a revocation list: which licenses and which issuers are no longer in force.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::item::{self, Items};
use super::name::is_product_or_every;
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{REVOKED_HASH_LEN, REVOKED_ISSUERS_MAX, REVOKED_LICENSES_MAX};
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    number: u32,
    issued_at: Stamp,
    product: Text<'a>,
    series: u8,
    issuers: &'a [u8],
    licenses: &'a [u8],
    items: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self {
            number: reader.u32(),
            issued_at: Stamp::read(reader),
            product: reader.text(),
            series: reader.u8(),
            issuers: reader.bytes(),
            licenses: reader.bytes(),
            items: reader.bytes(),
        }
    }
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

/// The content of a revocation list. A later one of the same product and series replaces it completely.
#[derive(Clone, Copy, Debug)]
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
        let wire = strict::exact::<Wire<'a>>(payload)?;
        if wire.number == 0 || !is_product_or_every(wire.product.as_bytes()) {
            return Err(Error::PayloadValue);
        }
        let issuers = RevokedIssuers { rest: wire.issuers };
        let licenses = RevokedLicenses { rest: wire.licenses };
        issuers.check()?;
        licenses.check()?;
        item::check(wire.items, &mut |_| Err(Error::ExtensionUnknown))?;
        Ok(Self {
            number: wire.number,
            issued_at: wire.issued_at.to_unix(),
            product: wire.product,
            series: wire.series,
            issuers,
            licenses,
            items: Items::new(wire.items),
        })
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
