//! Whether the entries of a stored activation have the form that this library gives them. Everything behind relies on
//! it: fields are written at fixed places of an entry, and must not reach into the next one.

use super::document;
use super::image::{Entry, EntryKind, HEADER_LEN, Image, field};
use super::license::{FIXED_LEN, Held};
use super::meter;
use super::returned;
use crate::limits::{CERTIFICATES_MAX, HEADER_LEN as ENVELOPE_LEN, LISTS_MAX, RETURNED_MAX, SIGNATURE_LEN};

/// Shortest document that a seller can sign, in bytes.
const DOCUMENT_LEAST: usize = ENVELOPE_LEN + SIGNATURE_LEN;

/// Whether the entries fill the space between header and seal exactly, are of known kinds, not too many, and long
/// enough for what they hold, and the image can be written again.
pub(super) fn is_well_formed(image: &Image<'_>) -> bool {
    let mut at = HEADER_LEN;
    for entry in image.entries() {
        at = entry.content_at().saturating_add(entry.content.len());
        if entry.flags != 0 || !has_form(&entry) {
            return false;
        }
    }
    at == image.end()
        && image.count(EntryKind::List) <= LISTS_MAX
        && image.count(EntryKind::Certificate) <= CERTIFICATES_MAX
        && image.count(EntryKind::Returned) <= RETURNED_MAX
        && image.u32(field::SEQUENCE) != u32::MAX
}

fn has_form(entry: &Entry<'_>) -> bool {
    let length = entry.content.len();
    if entry.is(EntryKind::License) {
        let held = Held::new(*entry);
        length >= FIXED_LEN && held.document().len() >= DOCUMENT_LEAST && meter::has_form(held.meters().1)
    } else if entry.is(EntryKind::List) {
        length >= document::LIST_FIXED_LEN.saturating_add(DOCUMENT_LEAST)
    } else if entry.is(EntryKind::Certificate) {
        length >= DOCUMENT_LEAST
    } else {
        entry.is(EntryKind::Returned) && length >= returned::FIXED_LEN
    }
}
