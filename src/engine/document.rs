//! The documents in the store: which of them are genuine under the keys of today, and what the lists among them end.

use super::Engine;
use super::image::{ENTRY_HEADER_LEN, EntryKind, FLAG_SEALED, Image, Place, field};
use super::license::{AUTHENTICITY, REVOCATION, Said, matters};
use super::slots::lock;
use crate::document::Unverified;
use crate::error::{Error, in_place};
use crate::limits::{DOCUMENT_MAX, ISSUERS, KEY_ID_LEN, LISTS, LISTS_MAX};
use crate::verify::Signer;
use crate::wire::certificate::Certificate;
use crate::wire::envelope::Envelope;
use crate::wire::kind::Kind;
use crate::wire::license::License;
use crate::wire::revocation::RevocationList;

/// In front of a list. `u16`: status number if it is not genuine any more.
pub(super) const LIST_AUTHENTICITY: usize = 0;
/// `u16`: bit 0: signed by an issuer, not by an anchor.
pub(super) const LIST_SIGNER: usize = 2;
/// `[u8; 8]`: the beginning of the signer's key.
pub(super) const LIST_KEY: usize = 4;
/// Where the list begins.
pub(super) const LIST_FIXED_LEN: usize = 12;

/// The entry of a list without its document, in bytes.
const LIST_ENTRY_LEN: usize = ENTRY_HEADER_LEN + LIST_FIXED_LEN;

/// The entries of lists and certificates.
impl Image<'_> {
    pub(super) fn list_document(&self, held: Place) -> &[u8] {
        self.up_to(held.field(LIST_FIXED_LEN), held.field(self.length_of(held)))
    }

    pub(super) fn list_signer(&self, held: Place) -> Signer {
        if self.u16(held.field(LIST_SIGNER)) & 1 == 0 { Signer::Anchor } else { Signer::Issuer }
    }

    /// The list, if its signature was good when it was last checked.
    #[inline(never)]
    pub(super) fn list(&self, held: Place) -> Option<RevocationList<'_>> {
        if self.u16(held.field(LIST_AUTHENTICITY)) != 0 {
            return None;
        }
        let unverified = Unverified::restored(self.list_document(held)).ok()?;
        RevocationList::decode(unverified.envelope.payload).ok()
    }

    /// The first list for which `is_meant` holds.
    fn find_list(&self, is_meant: &mut dyn FnMut(&Self, Place) -> bool) -> Option<Place> {
        let mut next = None;
        loop {
            next = self.next(EntryKind::LIST, next);
            if !LISTS || is_meant(self, next?) {
                return next;
            }
        }
    }

    /// How many lists there are whose signatures are good, and the highest number among them.
    pub(super) fn lists(&self) -> (u32, u32) {
        let (mut count, mut number) = (0_u32, 0);
        self.find_list(&mut |image, held| {
            if let Some(list) = image.list(held) {
                count = count.saturating_add(1);
                number = list.number.max(number);
            }
            false
        });
        (count, number)
    }

    /// The issuer certificates that came with codes.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        let mut next = None;
        core::iter::from_fn(move || {
            next = if ISSUERS { self.next(EntryKind::CERTIFICATE, next) } else { None };
            next.map(|held| self.content(held))
        })
    }

    /// The document in an entry of this kind.
    fn document(&self, held: Place, kind: EntryKind) -> &[u8] {
        if kind == EntryKind::LICENSE { self.code(held) } else { self.list_document(held) }
    }

    /// Whether some document that carries no certificate may be signed by the issuer of this one.
    fn needs_certificate(&self, certificate: &[u8]) -> bool {
        let Some(id) = certified_key_id(certificate) else { return false };
        for kind in [EntryKind::LICENSE, EntryKind::LIST] {
            let mut next = None;
            loop {
                next = self.next(kind, next);
                let Some(held) = next else { break };
                if Unverified::restored(self.document(held, kind))
                    .is_ok_and(|document| !document.has_certificate() && document.key_id() == id)
                {
                    return true;
                }
            }
        }
        false
    }

    /// The list of the same product and series, if one is held that the same kind of key signed.
    pub(super) fn list_like(&self, list: &RevocationList<'_>, signer: Signer) -> Option<Place> {
        self.find_list(&mut |image, held| {
            let other = image.list(held);
            image.list_signer(held) == signer
                && other.is_some_and(|other| other.product == list.product && other.series == list.series)
        })
    }

    /// Adds the entry of a list.
    pub(super) fn add_list(&mut self, said: &Said, document: &[u8]) -> Result<(), Error> {
        let mut entry = self.begin();
        self.push(&mut entry, &[0; LIST_FIXED_LEN]);
        self.push(&mut entry, document);
        said.write(self, EntryKind::LIST, entry.content());
        self.finish(&entry, EntryKind::LIST)
    }

    /// Whether this list can be added as one more.
    pub(super) fn has_list_place(&self, document: &[u8]) -> bool {
        self.count(EntryKind::LIST) < LISTS_MAX && self.free() >= LIST_ENTRY_LEN.saturating_add(document.len())
    }

    /// Whether the longest list still finds room after `taken` more bytes: as the first one, or in the place of one
    /// that is held, because lists grow.
    #[inline(never)]
    pub(super) fn has_list_room(&self, taken: usize) -> bool {
        if !LISTS {
            return self.free() >= taken;
        }
        let mut shortest = usize::MAX;
        self.find_list(&mut |image, held| {
            shortest = shortest.min(ENTRY_HEADER_LEN.saturating_add(image.length_of(held)));
            false
        });
        let room = self.free().saturating_add(if shortest == usize::MAX { 0 } else { shortest });
        room >= LIST_ENTRY_LEN.saturating_add(DOCUMENT_MAX).saturating_add(taken)
    }

    /// The first list under keys that are not trusted any more.
    pub(super) fn lost_list(&self) -> Option<Place> {
        self.find_list(&mut |image, held| image.list(held).is_none())
    }

    /// The first list of an issuer.
    pub(super) fn issuers_list(&self) -> Option<Place> {
        self.find_list(&mut |image, held| image.list_signer(held).is_issuer())
    }

    /// The first list of an issuer that is revoked.
    fn stolen_list(&self) -> Option<Place> {
        self.find_list(&mut |image, held| {
            image.list_signer(held).is_issuer() && image.is_issuer_revoked(image.u64(held.field(LIST_KEY)), true)
        })
    }

    /// A certificate that no document needs.
    pub(super) fn idle_certificate(&self) -> Option<Place> {
        let mut next = None;
        loop {
            next = self.next(EntryKind::CERTIFICATE, next);
            if !self.needs_certificate(self.content(next?)) {
                return next;
            }
        }
    }

    /// Whether some list ends everything from this issuer, also from now on if `also_new`.
    #[inline(never)]
    pub(super) fn is_issuer_revoked(&self, key: u64, also_new: bool) -> bool {
        let is_named = |image: &Self, held| {
            for entry in image.list(held).into_iter().flat_map(|list| list.issuers) {
                if u64::from_le_bytes(entry.key) == key && (also_new || !entry.keep_activated) {
                    return true;
                }
            }
            false
        };
        LISTS && self.find_list(&mut { is_named }).is_some()
    }

    /// Why some list ends this issue of a license.
    #[inline(never)]
    pub(super) fn revocation(&self, id_hash: u64, serial: u32) -> Option<Error> {
        let mut reason = None;
        if LISTS {
            self.find_list(&mut |image, held| {
                for entry in image.list(held).into_iter().flat_map(|list| list.licenses) {
                    if u64::from_le_bytes(entry.id) == id_hash && serial < entry.below {
                        reason = Some(entry.reason.status());
                        return true;
                    }
                }
                false
            });
        }
        reason
    }

    /// Why a license that is held counts no more. Of one license the highest serial counts, and none that was given
    /// back: this library stores no others, but an edited store may hold them.
    fn ending(&self, held: Place) -> Option<Error> {
        if LISTS && self.signer(held).is_issuer() && self.is_issuer_revoked(self.key(held), false) {
            return Some(Error::IssuerRevoked);
        }
        let (id_hash, serial) = (self.id_hash(held), self.serial(held));
        if self.is_returned(id_hash, serial) {
            return Some(Error::LicenseReturned);
        }
        if self.license(id_hash) != Some(held) {
            return Some(Error::LicenseReplaced);
        }
        self.revocation(id_hash, serial)
    }
}

impl Engine<'_> {
    /// After reading: believes a keyed seal made under the same keys, checks every signature otherwise.
    pub(super) fn judge_stored(&mut self) {
        let sealed = self.image.u8(field::FLAGS) & FLAG_SEALED != 0;
        if sealed && self.image.u64(field::RING) == u64::from_le_bytes(self.ring.digest()) {
            self.weigh();
        } else {
            self.judge_documents();
        }
    }

    /// Checks the signature of everything that is stored, lists first.
    #[inline(never)]
    pub(super) fn judge_documents(&mut self) {
        self.image.set(field::RING, &self.ring.digest());
        for kind in [EntryKind::LIST, EntryKind::LICENSE] {
            let mut next = None;
            loop {
                next = self.image.next(kind, next);
                let Some(held) = next else { break };
                // The fields beside a document are what it says, whatever somebody wrote there.
                let said = self.vouch(self.image.document(held, kind), kind);
                match &said {
                    Ok(said) => said.write(&mut self.image, kind, held.field(0)),
                    Err(refusal) => {
                        let field = if kind == EntryKind::LICENSE { AUTHENTICITY } else { LIST_AUTHENTICITY };
                        self.image.set_u16(held.field(field), lock(*refusal));
                    }
                }
            }
        }
        self.end_revoked();
    }

    /// Checks the signature over a stored document.
    fn vouch(&self, document: &[u8], kind: EntryKind) -> Result<Said, Error> {
        let unverified = Unverified::restored(document);
        let unverified = in_place(&unverified)?;
        let said = self.said(unverified)?;
        match (kind, unverified.kind()) {
            (EntryKind::LICENSE, Kind::Code) => Ok(said),
            (EntryKind::LIST, Kind::RevocationList) if LISTS => Ok(said),
            _ => Err(Error::StateCorrupt),
        }
    }

    /// Checks the signature of a document, and decodes a code or a list completely.
    #[inline(never)]
    pub(super) fn said(&self, unverified: &Unverified<'_>) -> Result<Said, Error> {
        let found = unverified.find_document_signer(self.ring, &mut self.image.certificates());
        let found = in_place(&found)?;
        let mut said = Said::new(found);
        let payload = unverified.envelope.payload;
        if unverified.kind() == Kind::Code {
            said.tell(in_place(&License::decode(payload))?);
        } else if LISTS && unverified.kind() == Kind::RevocationList {
            in_place(&RevocationList::decode(payload))?;
        }
        Ok(said)
    }

    /// Holds every license against the lists.
    #[inline(never)]
    pub(super) fn end_revoked(&mut self) {
        // A stolen issuer key must not freeze customers any longer, nor hold the numbers of lists.
        while let (true, Some(held)) = (LISTS, self.image.stolen_list()) {
            self.image.remove(held);
        }
        let mut next = None;
        loop {
            next = self.image.license_after(next);
            let Some(held) = next else { break };
            let ending = self.image.ending(held);
            self.image.set_u16(held.field(REVOCATION), ending.map_or(0, lock));
        }
        self.weigh();
    }

    /// Finds out whether time has to be stored for some license, and whether one is an add-on.
    #[inline(never)]
    pub(super) fn weigh(&mut self) {
        self.session.time_matters = 0;
        self.session.has_add_on = 0;
        let mut next = None;
        loop {
            next = self.image.license_after(next);
            let Some(held) = next else { return };
            let mut license = None;
            self.image.genuine(held, &mut license);
            if let (None, Some(genuine)) = (self.image.ended(held), &license) {
                self.session.time_matters |= matters(genuine.license());
                self.session.has_add_on |= u32::from(genuine.license().add_on);
            }
        }
    }

    /// Checks every signature again, as after opening without a keyed seal; then answers are as fresh as on a new
    /// device.
    ///
    /// # Errors
    /// `NotInitialized`.
    pub fn reverify(&mut self) -> Result<(), Error> {
        self.check_open()?;
        self.judge_documents();
        Ok(())
    }
}

/// The key id of the issuer that a certificate is for.
fn certified_key_id(certificate: &[u8]) -> Option<[u8; KEY_ID_LEN]> {
    let letter = Kind::Certificate.letter();
    let envelope = Envelope::parse(certificate, letter, Kind::Certificate).ok()?;
    Certificate::decode(envelope.payload).ok()?.key.first_chunk().copied()
}
