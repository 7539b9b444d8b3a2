//! Whether the stored documents are genuine under the keys of today.

use super::Engine;
use super::authenticated::Authenticated;
use super::image::{EntryKind, FLAG_SEALED, field};
use super::layout::{license, list};
use super::license::matters;
use super::status_number;
use crate::document::Unverified;
use crate::error::{Error, in_place};
use crate::limits::LISTS;
use crate::wire::kind::Kind;
use crate::wire::license::License;
use crate::wire::revocation::RevocationList;

impl Engine<'_> {
    /// After reading: believes a keyed seal made under the same keys, checks every signature otherwise.
    pub(super) fn check_stored(&mut self) {
        let sealed = self.image.u8(field::FLAGS) & FLAG_SEALED != 0;
        if sealed && self.image.u64(field::RING) == u64::from_le_bytes(self.ring.digest()) {
            self.update_needs();
        } else {
            self.check_documents();
        }
    }

    /// Checks the signature of everything that is stored, lists first.
    #[inline(never)]
    pub(super) fn check_documents(&mut self) {
        self.image.set(field::RING, &self.ring.digest());
        for kind in [EntryKind::LIST, EntryKind::LICENSE] {
            let mut next = None;
            loop {
                next = self.image.next(kind, next);
                let Some(held) = next else { break };
                // The fields beside a document are taken from it again: anyone may have edited them.
                let checked = self.check_document(self.image.document(held, kind), kind);
                match &checked {
                    Ok(authenticated) => authenticated.write(&mut self.image, kind, held.field(0)),
                    Err(refusal) => {
                        let field = if kind == EntryKind::LICENSE { license::AUTHENTICITY } else { list::AUTHENTICITY };
                        self.image.set_u16(held.field(field), status_number::to_u16(*refusal));
                    }
                }
            }
        }
        self.end_revoked();
    }

    /// Checks the signature over a stored document.
    fn check_document(&self, document: &[u8], kind: EntryKind) -> Result<Authenticated, Error> {
        let unverified = Unverified::from_stored(document);
        let unverified = in_place(&unverified)?;
        let authenticated = self.authenticate(unverified)?;
        match (kind, unverified.kind()) {
            (EntryKind::LICENSE, Kind::Code) => Ok(authenticated),
            (EntryKind::LIST, Kind::RevocationList) if LISTS => Ok(authenticated),
            _ => Err(Error::StateCorrupt),
        }
    }

    /// Checks the signature of a document, and decodes a code or a list completely.
    #[inline(never)]
    pub(super) fn authenticate(&self, unverified: &Unverified<'_>) -> Result<Authenticated, Error> {
        let signer = unverified.find_document_signer(self.ring, &mut self.image.certificates());
        let signer = in_place(&signer)?;
        let mut authenticated = Authenticated::new(signer);
        let payload = unverified.envelope.payload;
        if unverified.kind() == Kind::Code {
            authenticated.add_license(in_place(&License::decode(payload))?);
        } else if LISTS && unverified.kind() == Kind::RevocationList {
            authenticated.add_list(in_place(&RevocationList::decode(payload))?);
        }
        Ok(authenticated)
    }

    /// Finds out whether time has to be stored for some license, and whether one is an add-on.
    #[inline(never)]
    pub(super) fn update_needs(&mut self) {
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
        self.call(|engine| {
            engine.check_documents();
            Ok(())
        })
    }
}
