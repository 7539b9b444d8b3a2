//! What `tests/tamper.rs` demands of codes, of every other kind: whatever is changed, added or removed is refused.
//! Seen to fail with the signature comparison taken out on either side.

mod support;

use lic2::{DocumentBuffer, Error, KeyRing, Kind, read_device_document};
use support::make::documents::{self, Side};
use support::{Key, bytes_of, text_of};

/// The status of reading a document as its usual reader does.
fn status(kind: Kind, text: &[u8]) -> Result<(), Error> {
    let mut memory = DocumentBuffer::new();
    if kind.is_from_device() {
        return read_device_document(text, &mut memory).map(drop);
    }
    let ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    memory.read(text)?.verify_document(&ring, core::iter::empty()).map(drop)
}

fn is_text_fault(error: Error) -> bool {
    (201..=206).contains(&error.number())
}

fn letter(kind: Kind) -> char {
    char::from(kind.letter())
}

/// Every kind with everything it can say; the seller's also with a certificate, the devices' signed.
fn signed() -> Vec<(Kind, String)> {
    documents::full(Side::Signed)
}

#[test]
fn untouched_documents_are_accepted() {
    let all = [signed(), documents::full(Side::Unsigned)].concat();
    assert_eq!(all.len(), 12);
    for (kind, text) in all {
        assert_eq!(status(kind, text.as_bytes()), Ok(()), "{text}");
    }
}

#[test]
fn every_flipped_bit_of_a_text_is_a_fault_of_the_text() {
    for (kind, text) in [signed(), documents::full(Side::Unsigned)].concat() {
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut changed = text.clone().into_bytes();
                changed[at] ^= 1 << bit;
                let error = status(kind, &changed).expect_err("a damaged copy");
                assert!(is_text_fault(error), "{kind:?}, byte {at}, bit {bit}: {error:?}");
            }
        }
    }
}

#[test]
fn every_flipped_bit_under_a_good_check_is_refused() {
    let mut flips = 0;
    for (kind, text) in signed() {
        let bytes = bytes_of(&text);
        let document = &bytes[..bytes.len() - 4];
        for at in 0..document.len() {
            for bit in 0..8 {
                let mut changed = document.to_vec();
                changed[at] ^= 1 << bit;
                let error = status(kind, text_of(letter(kind), &changed).as_bytes()).expect_err("a forgery");
                assert!(!is_text_fault(error), "{kind:?}, byte {at}, bit {bit}: {error:?}");
                flips += 1;
            }
        }
    }
    assert!(flips > 10_000, "{flips}");
}

#[test]
fn every_other_length_is_refused() {
    for (kind, text) in signed() {
        let bytes = bytes_of(&text);
        let document = &bytes[..bytes.len() - 4];
        let read = |document: &[u8]| status(kind, text_of(letter(kind), document).as_bytes());
        for length in 0..document.len() {
            read(&document[..length]).expect_err("cut off under a good check");
        }
        read(&[document, &[0]].concat()).expect_err("a byte more under a good check");
        for length in 0..text.len() {
            let error = status(kind, &text.as_bytes()[..length]).expect_err("cut off");
            assert!(is_text_fault(error), "{length}: {error:?}");
        }
    }
}

#[test]
fn no_kind_passes_as_another() {
    for (kind, text) in signed() {
        let bytes = bytes_of(&text);
        for other in Kind::ALL.into_iter().filter(|other| *other != kind) {
            let mut document = bytes[..bytes.len() - 4].to_vec();
            document[1] = other.letter();
            let text = text_of(letter(other), &document);
            assert!(status(Kind::Code, text.as_bytes()).is_err(), "{kind:?} as {other:?} at the device");
            assert!(status(Kind::Request, text.as_bytes()).is_err(), "{kind:?} as {other:?} at the seller");
        }
    }
}

#[test]
fn only_codes_are_read_where_a_code_is_expected() {
    let ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    for (kind, text) in signed() {
        let mut memory = DocumentBuffer::new();
        assert_eq!(memory.read_code(text.as_bytes()).err(), Some(Error::DocumentKind), "{kind:?}");
        if let Ok(unverified) = memory.read(text.as_bytes()) {
            assert_eq!(unverified.verify(&ring).err(), Some(Error::DocumentKind), "{kind:?}");
        }
    }
}
