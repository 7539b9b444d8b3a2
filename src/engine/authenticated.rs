//! What the check of a document has proved, and how the document's entry repeats it.

use super::image::{EntryKind, Image};
use super::layout::{license, list};
use super::position::{Position, line_of};
use super::signing_key::SigningKey;
use crate::hash::license_id_hash;
use crate::limits::LINE_LEN;
use crate::verify::SignedBy;
use crate::wire::license::License;
use crate::wire::revocation::RevocationList;
use crate::witness::Witness;

/// A document whose signature and content are good.
#[derive(Debug)]
pub(super) struct Authenticated {
    /// Of a license.
    pub(super) id_hash: u64,
    /// Of a license.
    serial: u32,
    pub(super) signing_key: SigningKey,
    /// The line of the signer's lists.
    pub(super) line: [u8; LINE_LEN],
    /// Of a list.
    pub(super) position: Position,
    /// That all this holds.
    pub(super) witness: Witness,
}

impl Authenticated {
    #[inline(never)]
    pub(super) fn new(signer: &SignedBy) -> Self {
        let signing_key = SigningKey { key: u64::from_le_bytes(signer.short_key()), place: signer.place };
        let position = Position { line: 0, rank: 0 };
        Self { id_hash: 0, serial: 0, signing_key, line: signer.line, position, witness: signer.witness }
    }

    /// Adds the fields of a license.
    pub(super) fn add_license(&mut self, license: &License<'_>) {
        self.id_hash = u64::from_le_bytes(license_id_hash(license.id));
        self.serial = license.serial;
    }

    /// Adds the fields of a list.
    pub(super) fn add_list(&mut self, list: &RevocationList<'_>) {
        let rank = u64::from(self.signing_key.places()[0]) << 32 | u64::from(list.number);
        self.position = Position { line: line_of(self.line, list), rank };
    }

    /// Writes the fields into the entry whose content begins at `content`, as those of a genuine document.
    #[inline(never)]
    pub(super) fn write(&self, image: &mut Image<'_>, kind: EntryKind, content: usize) {
        let (authenticity, signer, key) = if kind == EntryKind::LICENSE {
            image.set_u64(content.wrapping_add(license::ID_HASH), self.id_hash);
            image.set_u32(content.wrapping_add(license::SERIAL), self.serial);
            (license::AUTHENTICITY, license::SIGNER, license::KEY)
        } else {
            image.set_position(content, self.position);
            (list::AUTHENTICITY, list::SIGNER, list::KEY)
        };
        // The witness, not a constant 0: a skipped branch that led here in spite of a bad signature leaves a mark.
        image.set_u16(content.wrapping_add(authenticity), self.witness.mark());
        image.set_u16(content.wrapping_add(signer), self.signing_key.place);
        image.set_u64(content.wrapping_add(key), self.signing_key.key);
    }
}
