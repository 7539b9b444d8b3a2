//! The documents in the store: which of them are genuine under the keys of today, and what the lists among them end.

use super::Engine;
use super::image::{Entry, EntryKind, FLAG_SEALED, Image, field};
use super::license::{AUTHENTICITY, Held, REVOCATION, Said, matters};
use super::slots::lock;
use crate::document::Unverified;
use crate::error::Error;
use crate::keys::KeyRing;
use crate::verify::{Content, Signer};
use crate::wire::revocation::RevocationList;

/// `u16` at the front of the entry of a list: status number if it is not genuine any more. The document follows two
/// bytes later.
const LIST_FIXED_LEN: usize = 4;

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

    /// The list, if its signature was good when it was last checked.
    pub(super) fn list(&self) -> Option<RevocationList<'m>> {
        if self.entry.content.first_chunk() != Some(&[0, 0]) {
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

    /// Adds the entry of a list.
    pub(super) fn add_list(&mut self, document: &[u8]) -> Result<(), Error> {
        let mut entry = self.begin();
        self.push(&mut entry, &[0; LIST_FIXED_LEN])?;
        self.push(&mut entry, document)?;
        self.finish(&entry, EntryKind::List).map(|_| ())
    }

    /// Whether some list ends everything from this issuer, also from now on if `also_new`.
    pub(super) fn is_issuer_revoked(&self, key: [u8; 8], also_new: bool) -> bool {
        self.lists()
            .filter_map(|held| held.list())
            .any(|list| list.issuers.into_iter().any(|entry| entry.key == key && (also_new || !entry.keep_activated)))
    }

    /// Why some list ends this issue of a license.
    pub(super) fn revocation(&self, id_hash: [u8; 8], serial: u32) -> Option<Error> {
        self.lists().filter_map(|held| held.list()).find_map(|list| {
            let listed = list.licenses.into_iter().find(|entry| entry.id == id_hash)?;
            (serial < listed.below).then(|| listed.reason.status())
        })
    }

    /// Why the lists end this license.
    fn ending(&self, held: &Held<'_>) -> Option<Error> {
        if held.signer() == Signer::Issuer && self.is_issuer_revoked(held.key(), false) {
            return Some(Error::IssuerRevoked);
        }
        self.revocation(held.id_hash(), held.serial())
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
        let lock = u32::from(self.image.u16(field::LOCK));
        if lock != 0 {
            self.session.condition = lock;
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
                match judge(entry, kind, self.ring, &self.image) {
                    Judgement::List(refusal) => self.image.set_u16(content_at, refusal.map_or(0, lock)),
                    Judgement::License(Ok(said)) => said.write(&mut self.image, content_at),
                    Judgement::License(Err(refusal)) => {
                        self.image.set_u16(content_at.saturating_add(AUTHENTICITY), lock(refusal));
                    }
                }
            }
        }
        self.end_revoked();
    }

    /// Holds every license against the lists.
    pub(super) fn end_revoked(&mut self) {
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

    /// Finds out whether time has to be stored for some license.
    pub(super) fn weigh(&mut self) {
        let genuine = self.image.licenses().filter_map(|held| held.genuine().ok());
        self.session.time_matters = genuine.fold(0, |sum, genuine| sum | matters(genuine.license()));
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

/// What the signature over a stored document says.
enum Judgement {
    List(Option<Error>),
    License(Result<Said, Error>),
}

fn judge(entry: Entry<'_>, kind: EntryKind, ring: &KeyRing, image: &Image<'_>) -> Judgement {
    let verify = |document| Unverified::restored(document)?.verify_document(ring, image.certificates());
    if kind == EntryKind::License {
        // The fields beside the code are what it says, whatever somebody wrote there.
        Judgement::License(verify(Held::new(entry).document()).and_then(|genuine| match genuine.content() {
            Content::License(license) => Ok(Said::new(license, &genuine)),
            Content::RevocationList(_) | Content::TimeToken(_) | Content::Unlock(_) => Err(Error::StateCorrupt),
        }))
    } else {
        Judgement::List(match verify(HeldList { entry }.document()) {
            Ok(genuine) if matches!(genuine.content(), Content::RevocationList(_)) => None,
            Ok(_) => Some(Error::StateCorrupt),
            Err(error) => Some(error),
        })
    }
}
