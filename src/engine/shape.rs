//! Whether the entries of a stored activation have the form that this library gives them. Everything behind relies on
//! it: fields are written at fixed places of an entry, and must not reach into the next one.

use super::image::{EntryKind, FLAG_SEALED, HEADER_LEN, Image, Place, field};
use super::layout::{license, list, returned};
use crate::limits::{CERTIFICATES_MAX, HEADER_LEN as ENVELOPE_LEN, LISTS_MAX, RETURNED_MAX, SIGNATURE_LEN};

/// Shortest document that a seller can sign, in bytes.
const DOCUMENT_LEAST: usize = ENVELOPE_LEN + SIGNATURE_LEN;

/// Of each kind of entry, by its number: its least length, and the most that there may be.
const KINDS: [(usize, usize); 5] = [
    (usize::MAX, 0),
    (license::FIXED_LEN + DOCUMENT_LEAST, usize::MAX),
    (list::FIXED_LEN + DOCUMENT_LEAST, LISTS_MAX),
    (DOCUMENT_LEAST, CERTIFICATES_MAX),
    (returned::FIXED_LEN, RETURNED_MAX),
];

/// What the bytes of a stored activation of this version are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Known,
    Broken,
    /// A later library has written what this one must not lose.
    Later,
}

/// Whether the entries fill the space between header and seal exactly, are of known kinds, not too many, and long
/// enough for what they hold, and the image can be written again.
pub(super) fn form_of(image: &Image<'_>) -> Form {
    if image.u8(field::FLAGS) > FLAG_SEALED || image.u32(field::LATER) != 0 {
        return Form::Later;
    }
    let mut end = HEADER_LEN;
    let mut next = None;
    loop {
        next = image.entry_after(next);
        let Some(entry) = next else { break };
        end = entry.field(image.length_of(entry));
        match form_of_entry(image, entry) {
            Form::Known => {}
            form @ (Form::Broken | Form::Later) => return form,
        }
    }
    if end == image.end() && image.u32(field::SEQUENCE) != u32::MAX { Form::Known } else { Form::Broken }
}

fn form_of_entry(image: &Image<'_>, entry: Place) -> Form {
    let kind = image.kind_of(entry);
    let Some((least, most)) = KINDS.get(usize::from(kind.0)) else {
        return Form::Later;
    };
    // What a receipt says is looked at when it is asked for: nothing is written there.
    let is_good = kind != EntryKind::LICENSE
        || image.code(entry).len() >= DOCUMENT_LEAST && image.have_form(image.meters_of(entry));
    // The byte after the kind is zero.
    let is_plain = image.u8(entry.entry().wrapping_add(1)) == 0;
    if is_plain && is_good && image.length_of(entry) >= *least && image.count(kind) <= *most {
        Form::Known
    } else {
        Form::Broken
    }
}
