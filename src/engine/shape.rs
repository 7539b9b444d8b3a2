//! Whether the entries of a stored activation have the form that this library gives them. Everything behind relies on
//! it: fields are written at fixed places of an entry, and must not reach into the next one.

use super::document::LIST_FIXED_LEN;
use super::image::{EntryKind, HEADER_LEN, Image, field};
use super::license::FIXED_LEN;
use super::returned;
use crate::limits::{CERTIFICATES_MAX, HEADER_LEN as ENVELOPE_LEN, LISTS_MAX, RETURNED_MAX, SIGNATURE_LEN};

/// Shortest document that a seller can sign, in bytes.
const DOCUMENT_LEAST: usize = ENVELOPE_LEN + SIGNATURE_LEN;

/// Of each kind of entry, by its number: its least length, and the most that there may be.
const KINDS: [(usize, usize); 5] = [
    (usize::MAX, 0),
    (FIXED_LEN + DOCUMENT_LEAST, usize::MAX),
    (LIST_FIXED_LEN + DOCUMENT_LEAST, LISTS_MAX),
    (DOCUMENT_LEAST, CERTIFICATES_MAX),
    (returned::FIXED_LEN, RETURNED_MAX),
];

/// Whether the entries fill the space between header and seal exactly, are of known kinds, not too many, and long
/// enough for what they hold, and the image can be written again.
pub(super) fn is_well_formed(image: &Image<'_>) -> bool {
    let mut end = HEADER_LEN;
    let mut next = None;
    loop {
        next = image.entry_after(next);
        let Some(entry) = next else { break };
        let length = image.length_of(entry);
        end = entry.field(length);
        let kind = image.kind_of(entry);
        let Some((least, most)) = KINDS.get(usize::from(kind.0)) else { return false };
        // A zero behind the kind.
        if image.u8(entry.entry().wrapping_add(1)) != 0 || length < *least || image.count(kind) > *most {
            return false;
        }
        if kind == EntryKind::LICENSE && !(image.code(entry).len() >= DOCUMENT_LEAST && image.have_form(entry)) {
            return false;
        }
    }
    end == image.end() && image.u32(field::SEQUENCE) != u32::MAX
}
