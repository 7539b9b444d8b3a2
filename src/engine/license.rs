//! The entry of one license: fixed fields, its meters, and the code itself.

use core::hint::black_box;

use super::image::{EntryKind, Image, NewEntry, Place};
use super::lists::{LIST_AUTHENTICITY, LIST_KEY, LIST_SIGNER, Position, STATEMENT_LEN, line_of};
use crate::document::Unverified;
use crate::error::Error;
use crate::hash::license_id_hash;
use crate::limits::{ISSUERS, LINE_LEN};
use crate::time::UnixSeconds;
use crate::verify::{Found, Genuine, Signer};
use crate::wire::feature::Right;
use crate::wire::license::{License, Term};
use crate::wire::revocation::RevocationList;
use crate::witness::Witness;

/// `u64`: Unix seconds of the first activation; 0 while the time was never known.
pub(super) const ACTIVATED_AT: usize = 0;
/// `u64`: powered-on seconds at the first activation.
pub(super) const POWERED_AT: usize = 8;
/// `[u8; 8]`: license id hash, by which a revocation list names it.
const ID_HASH: usize = 16;
/// `[u8; 8]`: the beginning of the signer's key.
const KEY: usize = 24;
/// `u32`: serial.
const SERIAL: usize = 32;
/// `u16`: status number if the code is not genuine any more, as after a change of anchors; otherwise 0.
pub(super) const AUTHENTICITY: usize = 36;
/// `u16`: status number if a list has ended it, or another license takes its place; otherwise 0.
pub(super) const REVOCATION: usize = 38;
/// `u16`: the place in the key ring, from 1, of the anchor that signed it, 0 for an issuer; in the high byte that of the
/// anchor that vouches for it.
const SIGNER: usize = 40;
/// `u16`: length of the meters.
const METERS_LEN: usize = 42;
/// What a list has said of this license in whose place another one is held now: see [`super::lists::Statement`].
pub(super) const STATEMENT: usize = 44;
/// Where the meters begin; the code follows them.
pub(super) const FIXED_LEN: usize = STATEMENT + STATEMENT_LEN;

/// Time passes for this license.
pub(super) const TIME_MATTERS: u32 = 1;
/// Powered-on time passes for it.
pub(super) const POWERED_MATTERS: u32 = 2;

/// The entries of licenses.
impl Image<'_> {
    /// The next license behind another one, or the first one.
    pub(super) fn license_after(&self, before: Option<Place>) -> Option<Place> {
        self.next(EntryKind::LICENSE, before)
    }

    pub(super) fn activated_at(&self, held: Place) -> Option<UnixSeconds> {
        let time = self.u64(held.field(ACTIVATED_AT));
        (time != 0).then_some(UnixSeconds(time))
    }

    pub(super) fn id_hash(&self, held: Place) -> u64 {
        self.u64(held.field(ID_HASH))
    }

    pub(super) fn serial(&self, held: Place) -> u32 {
        self.u32(held.field(SERIAL))
    }

    fn signer(&self, held: Place) -> Signer {
        if ISSUERS && self.signing_key(held).is_issuer() { Signer::Issuer } else { Signer::Anchor }
    }

    /// The key that signed it.
    pub(super) fn signing_key(&self, held: Place) -> SigningKey {
        self.signing_key_at(held.field(KEY), held.field(SIGNER))
    }

    /// The beginning of a key at one offset, and its places at another.
    #[inline(never)]
    pub(super) fn signing_key_at(&self, key: usize, place: usize) -> SigningKey {
        SigningKey { key: self.u64(key), place: self.u16(place) }
    }

    /// Why it counts no more, whatever the facts are.
    #[inline(never)]
    pub(super) fn ended(&self, held: Place) -> Option<Error> {
        let number = match self.u16(held.field(AUTHENTICITY)) {
            0 => self.u16(held.field(REVOCATION)),
            number => number,
        };
        (number != 0).then(|| Error::from_number(number.into()).unwrap_or(Error::StateCorrupt))
    }

    pub(super) fn is_genuine(&self, held: Place) -> bool {
        self.u16(held.field(AUTHENTICITY)) == 0
    }

    /// Where its code begins, and its meters end.
    #[inline(never)]
    pub(super) fn code_at(&self, held: Place) -> usize {
        held.field(FIXED_LEN.wrapping_add(self.u16(held.field(METERS_LEN)).into()))
    }

    #[inline(never)]
    pub(super) fn code(&self, held: Place) -> &[u8] {
        self.up_to(self.code_at(held), held.field(self.length_of(held)))
    }

    /// Decodes the license, if its signature was good when it was last checked, into memory of the caller's: two hundred bytes
    /// that nobody copies again. Returns why there is none.
    #[inline(never)]
    pub(super) fn genuine<'a>(&'a self, held: Place, license: &mut Option<Genuine<'a>>) -> Option<Error> {
        *license = None;
        if !self.is_genuine(held) {
            return Some(self.ended(held).unwrap_or(Error::StateCorrupt));
        }
        let unverified = Unverified::restored(self.code(held));
        let unverified = match &unverified {
            Ok(unverified) => unverified,
            Err(error) => return Some(*error),
        };
        let (payload, key_id) = (unverified.envelope.payload, unverified.key_id());
        match Genuine::restored(payload, key_id, self.signer(held), self.witness(held)) {
            Ok(genuine) => *license = Some(genuine),
            Err(error) => return Some(error),
        }
        None
    }

    /// That nothing has ended it, read twice.
    fn witness(&self, held: Place) -> Witness {
        Witness::of(self.marks(held), black_box(self).marks(held))
    }

    /// 0 if nothing has ended it.
    #[inline(never)]
    fn marks(&self, held: Place) -> u32 {
        self.u32(held.field(AUTHENTICITY))
    }

    /// The license with this id hash. Of several entries of one license, which only an edited store holds, the genuine ones
    /// count before the others, then the highest serial; of equal ones the last.
    #[inline(never)]
    pub(super) fn license(&self, id_hash: u64) -> Option<Place> {
        let (mut best, mut rank) = (None, 0);
        let mut next = None;
        loop {
            next = self.license_after(next);
            let Some(held) = next else { return best };
            let other = (u64::from(self.is_genuine(held)) << 32) | u64::from(self.serial(held));
            if self.id_hash(held) == id_hash && other >= rank {
                (best, rank) = (next, other);
            }
        }
    }
}

/// The fields of an entry that repeat what its document says.
#[derive(Debug)]
pub(super) struct Said {
    /// Of a license.
    pub(super) id_hash: u64,
    /// Of a license.
    serial: u32,
    pub(super) signed_by: SigningKey,
    /// The line of the signer's lists.
    pub(super) line: [u8; LINE_LEN],
    /// Of a list.
    pub(super) position: Position,
    pub(super) witness: Witness,
}

/// Which key has signed something.
#[derive(Clone, Copy, Debug)]
pub(super) struct SigningKey {
    /// The beginning of the key.
    pub(super) key: u64,
    /// See [`crate::verify::Found`].
    place: u16,
}

impl SigningKey {
    /// The place in the key ring, from 1, of the anchor that it is, 0 for an issuer; and of the anchor that vouches for it.
    pub(super) const fn places(self) -> [u8; 2] {
        self.place.to_le_bytes()
    }

    pub(super) const fn is_issuer(self) -> bool {
        ISSUERS && self.places()[0] == 0
    }
}

impl Said {
    #[inline(never)]
    pub(super) fn new(found: &Found) -> Self {
        let signed_by = SigningKey { key: u64::from_le_bytes(found.short_key()), place: found.place };
        let position = Position { line: 0, rank: 0 };
        Self { id_hash: 0, serial: 0, signed_by, line: found.line, position, witness: found.witness }
    }

    /// Adds what a code says.
    pub(super) fn tell(&mut self, license: &License<'_>) {
        self.id_hash = u64::from_le_bytes(license_id_hash(license.id));
        self.serial = license.serial;
    }

    /// Adds what a list says.
    pub(super) fn tell_list(&mut self, list: &RevocationList<'_>) {
        let rank = u64::from(self.signed_by.places()[0]) << 32 | u64::from(list.number);
        self.position = Position { line: line_of(self.line, list), rank };
    }

    /// Writes them into the entry whose content stands at `content`, as those of a genuine document.
    #[inline(never)]
    pub(super) fn write(&self, image: &mut Image<'_>, kind: EntryKind, content: usize) {
        let (authenticity, signer, key) = if kind == EntryKind::LICENSE {
            image.set_u64(content.wrapping_add(ID_HASH), self.id_hash);
            image.set_u32(content.wrapping_add(SERIAL), self.serial);
            (AUTHENTICITY, SIGNER, KEY)
        } else {
            image.set_position(content, self.position);
            (LIST_AUTHENTICITY, LIST_SIGNER, LIST_KEY)
        };
        // 0 only if the signature is good: a call of this that should not have been made leaves a mark.
        image.set_u16(content.wrapping_add(authenticity), self.witness.mark());
        image.set_u16(content.wrapping_add(signer), self.signed_by.place);
        image.set_u64(content.wrapping_add(key), self.signed_by.key);
    }
}

/// Adds the fixed fields to a new entry; [`Said`] and the length of the meters are set later.
pub(super) fn push_fixed(image: &mut Image<'_>, entry: &mut NewEntry, powered_at: u64) {
    image.push(entry, &[0; FIXED_LEN]);
    image.set_u64(entry.content().wrapping_add(POWERED_AT), powered_at);
}

/// Sets the length of the meters of an entry in the making: they have just been added.
pub(super) fn close_meters(image: &mut Image<'_>, entry: &NewEntry) {
    let length = entry.end.wrapping_sub(entry.content()).wrapping_sub(FIXED_LEN);
    // One that does not fit makes an entry that does not.
    image.set_u16(entry.content().wrapping_add(METERS_LEN), u16::try_from(length).unwrap_or(0));
}

/// Which time passes for this license.
#[inline(never)]
pub(super) fn matters(license: &License<'_>) -> u32 {
    let term = match license.term {
        Term::Perpetual => 0,
        Term::Until(_) | Term::DaysFromActivation(_) => TIME_MATTERS,
        Term::PoweredHours(_) => POWERED_MATTERS,
    };
    let mut dated = license.not_before.is_some() || license.lease_days != 0;
    for feature in license.features {
        dated |= feature.expires.is_some();
    }
    term | if dated { TIME_MATTERS } else { 0 }
}

/// Whether a right is counted by a meter.
pub(super) const fn is_metered(right: &Right<'_>) -> bool {
    matches!(right, Right::Quota { .. })
}
