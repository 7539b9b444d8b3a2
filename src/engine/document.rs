//! The documents in the store: which of them are genuine under the keys of today.

use super::Engine;
use super::image::{EntryKind, FLAG_SEALED, Image, Place, field};
use super::license::{AUTHENTICITY, Said, matters};
use super::lists::LIST_AUTHENTICITY;
use super::slots::lock;
use crate::document::Unverified;
use crate::error::{Error, in_place};
use crate::limits::{ISSUERS, KEY_ID_LEN, LISTS};
use crate::wire::certificate::Certificate;
use crate::wire::envelope::Envelope;
use crate::wire::kind::Kind;
use crate::wire::license::License;
use crate::wire::revocation::RevocationList;

/// The entries of certificates.
impl Image<'_> {
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
            said.tell_list(in_place(&RevocationList::decode(payload))?);
        }
        Ok(said)
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
