//! The entry of one license: fixed fields, its meters, and the code itself.

use core::hint::black_box;

use super::image::{EntryKind, Image, NewEntry, Place};
use super::layout::license::{
    ACTIVATED_AT, AUTHENTICITY, FIXED_LEN, ID_HASH, KEY, METERS_LEN, POWERED_AT, REVOCATION, SERIAL, SIGNER,
};
use super::signing_key::SigningKey;
use crate::document::Unverified;
use crate::error::Error;
use crate::limits::ISSUERS;
use crate::time::UnixSeconds;
use crate::verify::{Genuine, Proof, Signer};
use crate::wire::feature::Right;
use crate::wire::license::{License, Term};
use crate::witness::Witness;

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

    /// The license with this number, from 0.
    pub(super) fn license_at(&self, number: usize) -> Option<Place> {
        let mut license = self.license_after(None)?;
        for _ in 0..number {
            license = self.license_after(Some(license))?;
        }
        Some(license)
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
        let unverified = Unverified::from_stored(self.code(held));
        let unverified = match &unverified {
            Ok(unverified) => unverified,
            Err(error) => return Some(*error),
        };
        let proof = Proof::from_state(unverified.key_id(), self.signer(held), self.witness(held));
        match Genuine::decode(unverified.envelope.payload, proof) {
            Ok(genuine) => *license = Some(genuine),
            Err(error) => return Some(error),
        }
        None
    }

    /// That nothing has ended it, read twice.
    fn witness(&self, held: Place) -> Witness {
        // The second reading is hidden from the compiler, which would reuse the first: one faulty load damages one word.
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

/// Adds the fixed fields to a new entry; [`super::authenticated::Authenticated`] and the length of the meters are set later.
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
