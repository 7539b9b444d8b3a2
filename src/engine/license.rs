//! The entry of one license: fixed fields, its meters, and the code itself.

use core::hint::black_box;

use super::document::{LIST_AUTHENTICITY, LIST_KEY, LIST_SIGNER};
use super::image::{Entry, EntryKind, Image, NewEntry, bytes_at, range, u16_at, u32_at, u64_at};
use crate::document::Unverified;
use crate::error::Error;
use crate::hash::license_id_hash;
use crate::time::UnixSeconds;
use crate::verify::{Content, Genuine, GenuineDocument, Signer};
use crate::wire::feature::Right;
use crate::wire::license::{License, Term};
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
/// `u16`: bit 0: signed by an issuer, not by an anchor.
const SIGNER: usize = 40;
/// `u16`: length of the meters.
const METERS_LEN: usize = 42;
/// Where the meters begin; the code follows them.
pub(super) const FIXED_LEN: usize = 44;

/// Time passes for this license.
pub(super) const TIME_MATTERS: u32 = 1;
/// Powered-on time passes for it.
pub(super) const POWERED_MATTERS: u32 = 2;

/// A license entry, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'m> {
    entry: Entry<'m>,
}

impl<'m> Held<'m> {
    pub(super) const fn new(entry: Entry<'m>) -> Self {
        Self { entry }
    }

    fn u16(&self, at: usize) -> u16 {
        u16_at(self.entry.content, at)
    }

    /// Offset of its content in the image.
    pub(super) const fn at(&self) -> usize {
        self.entry.content_at()
    }

    pub(super) const fn entry_at(&self) -> usize {
        self.entry.at
    }

    pub(super) fn activated_at(&self) -> Option<UnixSeconds> {
        let time = u64_at(self.entry.content, ACTIVATED_AT);
        (time != 0).then_some(UnixSeconds(time))
    }

    pub(super) fn powered_at(&self) -> u64 {
        u64_at(self.entry.content, POWERED_AT)
    }

    pub(super) fn id_hash(&self) -> [u8; 8] {
        bytes_at(self.entry.content, ID_HASH)
    }

    pub(super) fn key(&self) -> [u8; 8] {
        bytes_at(self.entry.content, KEY)
    }

    pub(super) fn serial(&self) -> u32 {
        u32_at(self.entry.content, SERIAL)
    }

    pub(super) fn signer(&self) -> Signer {
        if self.u16(SIGNER) & 1 == 0 { Signer::Anchor } else { Signer::Issuer }
    }

    /// Why it counts no more, whatever the facts are.
    pub(super) fn ended(&self) -> Option<Error> {
        let number = match self.u16(AUTHENTICITY) {
            0 => self.u16(REVOCATION),
            number => number,
        };
        (number != 0).then(|| Error::from_number(number.into()).unwrap_or(Error::StateCorrupt))
    }

    pub(super) fn is_genuine(&self) -> bool {
        self.u16(AUTHENTICITY) == 0
    }

    /// Of several entries of one license, which only an edited store holds, the one with the highest rank counts; of
    /// equal ones the last.
    fn rank(&self) -> u64 {
        (u64::from(self.is_genuine()) << 32) | u64::from(self.serial())
    }

    pub(super) fn meters_len(&self) -> usize {
        usize::from(self.u16(METERS_LEN))
    }

    /// The meters, and their offset in the image.
    pub(super) fn meters(&self) -> (usize, &'m [u8]) {
        (self.at().saturating_add(FIXED_LEN), range(self.entry.content, FIXED_LEN, self.meters_len()))
    }

    pub(super) fn document(&self) -> &'m [u8] {
        self.entry.content.get(FIXED_LEN.saturating_add(self.meters_len())..).unwrap_or(&[])
    }

    /// The license, if its signature was good when it was last checked.
    #[inline(never)]
    pub(super) fn genuine(&self) -> Result<Genuine<'m>, Error> {
        if !self.is_genuine() {
            return Err(self.ended().unwrap_or(Error::StateCorrupt));
        }
        let unverified = Unverified::restored(self.document())?;
        Genuine::restored(unverified.envelope.payload, unverified.key_id(), self.signer(), self.witness())
    }

    /// That nothing has ended it, read twice.
    fn witness(&self) -> Witness {
        let marks = |held: &Self| u32::from(held.u16(AUTHENTICITY)) << 16 | u32::from(held.u16(REVOCATION));
        Witness::of(marks(self), marks(black_box(self)))
    }
}

impl Image<'_> {
    pub(super) fn licenses(&self) -> impl Iterator<Item = Held<'_>> + Clone {
        self.entries_of(EntryKind::License).map(Held::new)
    }

    /// The license with this id hash.
    #[inline(never)]
    pub(super) fn license(&self, id_hash: [u8; 8]) -> Option<Held<'_>> {
        let mut best: Option<Held<'_>> = None;
        let mut rank = 0;
        for held in self.licenses() {
            if held.id_hash() == id_hash && held.rank() >= rank {
                rank = held.rank();
                best = Some(held);
            }
        }
        best
    }
}

/// The fields of an entry that repeat what its document says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    /// Of a license.
    pub(super) id_hash: [u8; 8],
    /// Of a license.
    serial: u32,
    /// The beginning of the signer's key.
    pub(super) key: [u8; 8],
    pub(super) signer: Signer,
    witness: Witness,
}

impl Said {
    #[inline(never)]
    pub(super) fn new(genuine: &GenuineDocument<'_>) -> Self {
        let key = genuine.key.first_chunk().copied().unwrap_or([0; 8]);
        let mut said = Self { id_hash: [0; 8], serial: 0, key, signer: genuine.signer(), witness: genuine.witness };
        if let Content::License(license) = genuine.content() {
            said.id_hash = license_id_hash(license.id);
            said.serial = license.serial;
        }
        said
    }

    /// Writes them into the entry whose content stands at `content_at`, as those of a genuine document.
    #[inline(never)]
    pub(super) fn write(&self, image: &mut Image<'_>, kind: EntryKind, content_at: usize) {
        let (authenticity, signer, key) = if kind == EntryKind::License {
            image.set(content_at.saturating_add(ID_HASH), &self.id_hash);
            image.set_u32(content_at.saturating_add(SERIAL), self.serial);
            (AUTHENTICITY, SIGNER, KEY)
        } else {
            (LIST_AUTHENTICITY, LIST_SIGNER, LIST_KEY)
        };
        // 0 only if the signature is good: a call of this that should not have been made leaves a mark.
        image.set_u16(content_at.saturating_add(authenticity), self.witness.mark());
        image.set_u16(content_at.saturating_add(signer), u16::from(self.signer.is_issuer()));
        image.set(content_at.saturating_add(key), &self.key);
    }
}

/// Adds the fixed fields to a new entry; [`Said`] and the length of the meters are set later.
pub(super) fn push_fixed(image: &mut Image<'_>, entry: &mut NewEntry, powered_at: u64) -> Result<(), Error> {
    let field = entry.end.saturating_add(POWERED_AT);
    image.push(entry, &[0; FIXED_LEN])?;
    image.set_u64(field, powered_at);
    Ok(())
}

/// Sets the length of the meters of an entry in the making: they have just been added.
pub(super) fn close_meters(image: &mut Image<'_>, entry: &NewEntry, content_at: usize) -> Result<(), Error> {
    let length = entry.end.saturating_sub(content_at).saturating_sub(FIXED_LEN);
    image.set_u16(content_at.saturating_add(METERS_LEN), u16::try_from(length).map_err(|_| Error::StateFull)?);
    Ok(())
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
