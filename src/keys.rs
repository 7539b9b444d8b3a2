//! The key ring: the anchors compiled into a product, and the issuers they have certified.

#[cfg(feature = "tables")]
use crate::anchor_table::AnchorTable;
use crate::error::Error;
use crate::hash::Hasher;
use crate::limits::{ANCHORS_MAX, ISSUERS, ISSUERS_MAX, KEY_ID_LEN, KEY_LEN, LINE_LEN, SCOPE_MAX};
use crate::signature::PublicKey;
use crate::time::UnixSeconds;
use crate::wire::certificate::{Certificate, Scope};
use crate::wire::kind::Kind;
use crate::witness::Witness;

/// Marks a ring that [`KeyRing::new`] or [`KeyRing::reset`] has filled.
const READY: u32 = 0x4B52_3249;

/// The permissions of an issuer that have a meaning: see [`Kind::permission`].
const KINDS_ASSIGNED: u8 = 15;

/// Domain of the hash of a ring.
const DIGEST: &[u8; 16] = b"LIC2 key ring  1";

/// Trusted public keys, decompressed once. Zeros are a valid ring, which says that it is not ready.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct KeyRing {
    state: u32,
    anchor_count: u32,
    issuer_count: u32,
    reserved: u32,
    anchors: [PublicKey; ANCHORS_MAX],
    issuers: [Issuer; ISSUERS_MAX],
}

/// A certified issuing key and what it may sign. The same key may be known twice with different limits: a renewed
/// certificate does not end the old codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Issuer {
    pub(crate) key: PublicKey,
    /// That an anchor's signature over its certificate is good.
    pub(crate) witness: Witness,
    not_before: u64,
    not_after: u64,
    longest_days: u16,
    kinds: u8,
    test_only: u8,
    scope_length: u8,
    scope: [u8; SCOPE_MAX],
    /// Which anchor signed the certificate: its place in the ring, from 1.
    pub(crate) anchor: u8,
    /// The line of its revocation lists.
    pub(crate) line: [u8; LINE_LEN],
}

/// The rules that an issuer's document has to keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constraints<'a> {
    pub(crate) not_before: UnixSeconds,
    pub(crate) not_after: UnixSeconds,
    pub(crate) longest_days: u16,
    pub(crate) kinds: u8,
    pub(crate) test_only: bool,
    pub(crate) scope: Scope<'a>,
}

impl Constraints<'_> {
    pub(crate) const fn permits(&self, kind: Kind) -> bool {
        self.kinds & kind.permission() != 0
    }
}

impl KeyRing {
    /// A ring of these anchors.
    ///
    /// # Errors
    /// `InvalidArgument` for none, `KeyringFull` for more than four, `KeyInvalid` for bytes that are not a
    /// usable key, `KeyDuplicate` for the same key twice.
    pub fn new(anchors: &[[u8; KEY_LEN]]) -> Result<Self, Error> {
        let mut ring = Self {
            state: 0,
            anchor_count: 0,
            issuer_count: 0,
            reserved: 0,
            anchors: [PublicKey::default(); ANCHORS_MAX],
            issuers: [Issuer::empty(); ISSUERS_MAX],
        };
        ring.reset(anchors)?;
        Ok(ring)
    }

    /// Empties the ring and fills it with these anchors. After an error it trusts nothing.
    ///
    /// # Errors
    /// As [`KeyRing::new`].
    pub fn reset(&mut self, anchors: &[[u8; KEY_LEN]]) -> Result<(), Error> {
        self.state = 0;
        self.anchor_count = 0;
        self.issuer_count = 0;
        self.reserved = 0;
        if anchors.is_empty() {
            return Err(Error::InvalidArgument);
        }
        let mut count = 0_usize;
        for bytes in anchors {
            let key = PublicKey::new(bytes).ok_or(Error::KeyInvalid)?;
            let (known, free) = self.anchors.split_at_mut_checked(count).ok_or(Error::KeyringFull)?;
            let slot = free.first_mut().ok_or(Error::KeyringFull)?;
            if known.iter().any(|known| known.bytes() == bytes) {
                return Err(Error::KeyDuplicate);
            }
            *slot = key;
            count = count.wrapping_add(1);
            self.anchor_count = self.anchor_count.wrapping_add(1);
        }
        self.state = READY;
        Ok(())
    }

    /// Checks signatures of an anchor with this table from now on. Says whether the table is whole and an anchor's;
    /// whether each of its numbers is right, [`AnchorTable::check`] says.
    ///
    /// # Errors
    /// `NotInitialized`; `TableInvalid` for a table that is damaged or of another format; `TableKey` for one whose key
    /// is no anchor of this ring. The ring stays as it was.
    #[cfg(feature = "tables")]
    pub fn use_table(&mut self, table: &'static AnchorTable) -> Result<(), Error> {
        self.check_ready()?;
        if !table.is_whole() {
            return Err(Error::TableInvalid);
        }
        let (key, count) = (table.key(), usize::try_from(self.anchor_count).unwrap_or(0));
        let mut anchors = self.anchors.iter_mut().take(count);
        anchors.find(|anchor| *anchor.bytes() == key).ok_or(Error::TableKey)?.use_comb(table.comb());
        Ok(())
    }

    /// Adds a certified issuer; refuses one that is known or does not fit.
    #[cfg(feature = "issuers")]
    pub(crate) fn push_issuer(&mut self, issuer: Issuer) -> Result<(), Error> {
        let known = self.issuers().iter().any(|known| issuer.is_like(known));
        let index = usize::try_from(self.issuer_count).map_err(|_| Error::KeyringFull)?;
        let slot = self.issuers.get_mut(index).ok_or(Error::KeyringFull)?;
        if known {
            return Err(Error::KeyDuplicate);
        }
        *slot = issuer;
        self.issuer_count = self.issuer_count.saturating_add(1);
        Ok(())
    }

    /// A short hash of every key: it shows whether documents were verified under today's keys.
    pub(crate) fn digest(&self) -> [u8; 8] {
        let mut hasher = Hasher::new(DIGEST);
        for key in self.anchors() {
            hasher.update(&[1]);
            hasher.update(key.bytes());
        }
        if !ISSUERS {
            // What an issuer had signed before the issuers were left out is verified again, and refused.
            hasher.update(&[3]);
            return hasher.finish().unwrap_or([0; 8]);
        }
        for issuer in self.issuers() {
            hasher.update(&[2]);
            hasher.update(issuer.key.bytes());
            issuer.hash_limits(&mut hasher);
        }
        hasher.finish().unwrap_or([0; 8])
    }

    /// Whether the first word of some memory says that it contains a ring. Other memory must not be taken for one: it
    /// may hold what looks like the address of a table.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_ready_mark(word: u32) -> bool {
        word == READY
    }

    /// The ring, if it was set up.
    pub(crate) const fn check_ready(&self) -> Result<(), Error> {
        if self.state == READY { Ok(()) } else { Err(Error::NotInitialized) }
    }

    fn anchors(&self) -> &[PublicKey] {
        let count = usize::try_from(self.anchor_count).unwrap_or(0);
        self.anchors.get(..count).unwrap_or(&[])
    }

    /// The anchors with this key id and their places, from 1.
    pub(crate) fn anchors_with(&self, id: [u8; KEY_ID_LEN]) -> impl Iterator<Item = (u8, &PublicKey)> {
        (1..=u8::MAX).zip(self.anchors()).filter(move |(_, key)| key.id() == id)
    }

    /// The beginning of the key of the anchor in this place, from 1; none for 0, which stands for no anchor.
    #[inline(never)]
    pub(crate) fn anchor_at(&self, place: u8) -> Option<[u8; 8]> {
        let index = usize::from(place).checked_sub(1)?;
        self.anchors().get(index)?.bytes().first_chunk().copied()
    }

    pub(crate) fn issuers_with(&self, id: [u8; KEY_ID_LEN]) -> impl Iterator<Item = &Issuer> {
        self.issuers().iter().filter(move |issuer| issuer.key.id() == id)
    }

    fn issuers(&self) -> &[Issuer] {
        let count = usize::try_from(self.issuer_count).unwrap_or(0);
        self.issuers.get(..count).unwrap_or(&[])
    }
}

impl Issuer {
    fn empty() -> Self {
        Self {
            key: PublicKey::default(),
            witness: Witness::NONE,
            not_before: 0,
            not_after: 0,
            longest_days: 0,
            kinds: 0,
            test_only: 0,
            scope_length: 0,
            scope: [0; SCOPE_MAX],
            anchor: 0,
            line: [0; LINE_LEN],
        }
    }

    /// The issuer that a certificate is for; `witness` says whether its signature is good, and `anchor` whose it is.
    pub(crate) fn from_certificate(certificate: &Certificate<'_>, witness: Witness, anchor: u8) -> Result<Self, Error> {
        let mut issuer = Self {
            key: PublicKey::new(&certificate.key).ok_or(Error::CertificateInvalid)?,
            witness,
            not_before: certificate.not_before.0,
            not_after: certificate.not_after.0,
            longest_days: certificate.longest_days,
            // Bits that are not assigned have no meaning, and so make no difference.
            kinds: certificate.kinds & KINDS_ASSIGNED,
            anchor,
            line: certificate.line(),
            test_only: u8::from(certificate.test_only),
            ..Self::empty()
        };
        let scope = certificate.scope.bytes();
        let slots = issuer.scope.get_mut(..scope.len()).ok_or(Error::CertificateInvalid)?;
        slots.copy_from_slice(scope);
        issuer.scope_length = u8::try_from(scope.len()).map_err(|_| Error::CertificateInvalid)?;
        Ok(issuer)
    }

    /// Whether key and limits are the same, no matter who vouches for them.
    #[cfg(feature = "issuers")]
    fn is_like(mut self, other: &Self) -> bool {
        self.anchor = other.anchor;
        self == *other
    }

    fn hash_limits(&self, hasher: &mut Hasher) {
        hasher.update(&self.not_before.to_le_bytes());
        hasher.update(&self.not_after.to_le_bytes());
        hasher.update(&self.longest_days.to_le_bytes());
        hasher.update(&[self.kinds, self.test_only, self.scope_length]);
        hasher.update(&self.scope);
        hasher.update(&self.line);
    }

    pub(crate) fn constraints(&self) -> Constraints<'_> {
        Constraints {
            not_before: UnixSeconds(self.not_before),
            not_after: UnixSeconds(self.not_after),
            longest_days: self.longest_days,
            kinds: self.kinds,
            test_only: self.test_only != 0,
            // Not a lone zero, which would be one text with all others of the library, and bring them along.
            scope: Scope::new(self.scope.get(..usize::from(self.scope_length)).unwrap_or(b"\x01\x01")),
        }
    }
}
