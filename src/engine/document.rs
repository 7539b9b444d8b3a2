//! The documents in the store: which of them are genuine under the keys of today, and what the lists among them end.

use super::Engine;
use super::image::{ENTRY_HEADER_LEN, Entry, EntryKind, FLAG_SEALED, Image, bytes_at, field, u16_at};
use super::license::{AUTHENTICITY, Held, REVOCATION, Said, matters};
use super::slots::lock;
use crate::document::Unverified;
use crate::error::Error;
use crate::limits::{DOCUMENT_MAX, KEY_ID_LEN, LISTS_MAX};
use crate::verify::{Content, Signer};
use crate::wire::certificate::Certificate;
use crate::wire::envelope::Envelope;
use crate::wire::kind::Kind;
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

/// The list in an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeldList<'m> {
    entry: Entry<'m>,
}

impl<'m> HeldList<'m> {
    pub(super) const fn entry_at(&self) -> usize {
        self.entry.at
    }

    pub(super) fn document(&self) -> &'m [u8] {
        self.entry.content.get(LIST_FIXED_LEN..).unwrap_or(&[])
    }

    pub(super) fn signer(&self) -> Signer {
        if u16_at(self.entry.content, LIST_SIGNER) & 1 == 0 { Signer::Anchor } else { Signer::Issuer }
    }

    fn key(&self) -> [u8; 8] {
        bytes_at(self.entry.content, LIST_KEY)
    }

    /// The list, if its signature was good when it was last checked.
    #[inline(never)]
    pub(super) fn list(&self) -> Option<RevocationList<'m>> {
        if u16_at(self.entry.content, LIST_AUTHENTICITY) != 0 {
            return None;
        }
        let unverified = Unverified::restored(self.document()).ok()?;
        RevocationList::decode(unverified.envelope.payload).ok()
    }
}

impl Image<'_> {
    pub(super) fn lists(&self) -> impl Iterator<Item = HeldList<'_>> + Clone {
        self.entries_of(EntryKind::List).map(|entry| HeldList { entry })
    }

    /// The issuer certificates that came with codes.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &[u8]> + Clone {
        self.entries_of(EntryKind::Certificate).map(|entry| entry.content)
    }

    /// Whether some document that carries no certificate may be signed by the issuer of this one.
    fn needs_certificate(&self, certificate: &[u8]) -> bool {
        let Some(id) = certified_key_id(certificate) else { return false };
        for entry in self.entries() {
            let document = if entry.is(EntryKind::License) {
                Held::new(entry).document()
            } else if entry.is(EntryKind::List) {
                HeldList { entry }.document()
            } else {
                continue;
            };
            if Unverified::restored(document)
                .is_ok_and(|document| !document.has_certificate() && document.key_id() == id)
            {
                return true;
            }
        }
        false
    }

    /// The list of the same product and series, if one is held that the same kind of key signed, and its number.
    pub(super) fn list_like(&self, list: &RevocationList<'_>, signer: Signer) -> Option<(HeldList<'_>, u32)> {
        for held in self.lists() {
            let Some(other) = held.list() else { continue };
            if held.signer() == signer && other.product == list.product && other.series == list.series {
                return Some((held, other.number));
            }
        }
        None
    }

    /// Adds the entry of a list.
    pub(super) fn add_list(&mut self, said: &Said, document: &[u8]) -> Result<(), Error> {
        let mut entry = self.begin();
        let content_at = entry.end;
        self.push(&mut entry, &[0; LIST_FIXED_LEN])?;
        self.push(&mut entry, document)?;
        said.write(self, EntryKind::List, content_at);
        self.finish(&entry, EntryKind::List)
    }

    /// Whether this list can be added as one more.
    pub(super) fn has_list_place(&self, document: &[u8]) -> bool {
        self.count(EntryKind::List) < LISTS_MAX && self.free() >= LIST_ENTRY_LEN.saturating_add(document.len())
    }

    /// Whether the longest list still finds room after `taken` more bytes: as the first one, or in the place of one
    /// that is held, because lists grow.
    #[inline(never)]
    pub(super) fn has_list_room(&self, taken: usize) -> bool {
        let mut shortest = usize::MAX;
        for entry in self.entries_of(EntryKind::List) {
            shortest = shortest.min(ENTRY_HEADER_LEN.saturating_add(entry.content.len()));
        }
        let room = self.free().saturating_add(if shortest == usize::MAX { 0 } else { shortest });
        room >= LIST_ENTRY_LEN.saturating_add(DOCUMENT_MAX).saturating_add(taken)
    }

    /// The first list under keys that are not trusted any more.
    pub(super) fn lost_list(&self) -> Option<usize> {
        self.lists().find(|held| held.list().is_none()).map(|held| held.entry_at())
    }

    /// The first list of an issuer.
    pub(super) fn issuers_list(&self) -> Option<usize> {
        self.lists().find(|held| held.signer().is_issuer()).map(|held| held.entry_at())
    }

    /// The first list of an issuer that is revoked.
    fn stolen_list(&self) -> Option<usize> {
        let is_stolen = |held: &HeldList<'_>| held.signer().is_issuer() && self.is_issuer_revoked(held.key(), true);
        self.lists().find(is_stolen).map(|held| held.entry_at())
    }

    /// A certificate that no document needs.
    pub(super) fn idle_certificate(&self) -> Option<usize> {
        self.entries_of(EntryKind::Certificate)
            .find(|entry| !self.needs_certificate(entry.content))
            .map(|entry| entry.at)
    }

    /// Whether some list ends everything from this issuer, also from now on if `also_new`.
    #[inline(never)]
    pub(super) fn is_issuer_revoked(&self, key: [u8; 8], also_new: bool) -> bool {
        for held in self.lists() {
            let Some(list) = held.list() else { continue };
            for entry in list.issuers {
                if entry.key == key && (also_new || !entry.keep_activated) {
                    return true;
                }
            }
        }
        false
    }

    /// Why some list ends this issue of a license.
    #[inline(never)]
    pub(super) fn revocation(&self, id_hash: [u8; 8], serial: u32) -> Option<Error> {
        for held in self.lists() {
            let Some(list) = held.list() else { continue };
            for entry in list.licenses {
                if entry.id == id_hash && serial < entry.below {
                    return Some(entry.reason.status());
                }
            }
        }
        None
    }

    /// Why a license that is held counts no more. Of one license the highest serial counts, and none that was given
    /// back: this library stores no others, but an edited store may hold them.
    fn ending(&self, held: &Held<'_>) -> Option<Error> {
        if held.signer().is_issuer() && self.is_issuer_revoked(held.key(), false) {
            return Some(Error::IssuerRevoked);
        }
        let (id_hash, serial) = (held.id_hash(), held.serial());
        if self.is_returned(id_hash, serial) {
            return Some(Error::LicenseReturned);
        }
        if self.license(id_hash).is_some_and(|best| best.entry_at() != held.entry_at()) {
            return Some(Error::LicenseReplaced);
        }
        self.revocation(id_hash, serial)
    }
}

impl Engine<'_> {
    /// After reading: believes a keyed seal made under the same keys, checks every signature otherwise.
    pub(super) fn judge_stored(&mut self) {
        let [flags] = self.image.get(field::FLAGS);
        if flags & FLAG_SEALED != 0 && self.image.get(field::RING) == self.ring.digest() {
            self.weigh();
        } else {
            self.judge_documents();
        }
    }

    /// Checks the signature of everything that is stored, lists first.
    pub(super) fn judge_documents(&mut self) {
        self.image.set(field::RING, &self.ring.digest());
        for kind in [EntryKind::List, EntryKind::License] {
            let mut at = 0;
            while let Some(entry) = self.image.entry_after(kind, at) {
                at = entry.at;
                let content_at = entry.content_at();
                // The fields beside a document are what it says, whatever somebody wrote there.
                match self.verify_entry(entry, kind) {
                    Ok(said) => said.write(&mut self.image, kind, content_at),
                    Err(refusal) => {
                        let field = if kind == EntryKind::License { AUTHENTICITY } else { LIST_AUTHENTICITY };
                        self.image.set_u16(content_at.saturating_add(field), lock(refusal));
                    }
                }
            }
        }
        self.end_revoked();
    }

    /// Checks the signature over a stored document.
    fn verify_entry(&self, entry: Entry<'_>, kind: EntryKind) -> Result<Said, Error> {
        let document =
            if kind == EntryKind::License { Held::new(entry).document() } else { HeldList { entry }.document() };
        // Not taken out of the result, which would need the stack for two of them.
        match &Unverified::restored(document)?.verify_document(self.ring, self.image.certificates()) {
            Ok(genuine) => match (kind, genuine.content()) {
                (EntryKind::License, Content::License(_)) | (EntryKind::List, Content::RevocationList(_)) => {
                    Ok(Said::new(genuine))
                }
                _ => Err(Error::StateCorrupt),
            },
            Err(error) => Err(*error),
        }
    }

    /// Holds every license against the lists.
    pub(super) fn end_revoked(&mut self) {
        // A stolen issuer key must not freeze customers any longer, nor hold the numbers of lists.
        while let Some(at) = self.image.stolen_list() {
            self.image.remove(at);
        }
        let mut at = 0;
        while let Some(entry) = self.image.entry_after(EntryKind::License, at) {
            at = entry.at;
            let held = Held::new(entry);
            let field = held.at().saturating_add(REVOCATION);
            let ending = self.image.ending(&held);
            self.image.set_u16(field, ending.map_or(0, lock));
        }
        self.weigh();
    }

    /// Finds out whether time has to be stored for some license, and whether one is an add-on.
    #[inline(never)]
    pub(super) fn weigh(&mut self) {
        self.session.time_matters = 0;
        self.session.has_add_on = 0;
        for held in self.image.licenses() {
            if let (None, Ok(genuine)) = (held.ended(), held.genuine()) {
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
