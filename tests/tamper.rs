//! One code, one encoding: whatever is changed, added, removed or re-cased in a code is refused, and by the
//! right layer. Seen to fail with the check, the signature comparison or the prefix comparison taken out.

mod support;

use lic2::{Code, DocumentBuffer, Error, KeyRing};
use support::{Key, PLAIN, bytes_of, open_certificate, text_of, usual_code};

fn ring() -> KeyRing {
    KeyRing::new(&[Key::anchor().public()]).expect("a good anchor")
}

/// A bound code, one with a certificate, and the smallest.
fn codes() -> Vec<String> {
    let certificate = Key::anchor().certify(&open_certificate());
    let smallest = PLAIN.with_id("1").with_product("p").with_features(&[]);
    vec![usual_code(), Key::issuer().code_with(&PLAIN, &certificate), Key::anchor().code(&smallest)]
}

fn status(ring: &KeyRing, text: &[u8]) -> Result<(), Error> {
    let mut code = Code::new();
    let outcome = code.verify(ring, text).map(|_| ());
    assert_eq!(code.genuine().is_ok(), outcome.is_ok(), "memory and outcome disagree");
    outcome
}

fn is_text_fault(error: Error) -> bool {
    (200..=206).contains(&error.number())
}

#[test]
fn untouched_codes_are_genuine() {
    for text in codes() {
        assert_eq!(status(&ring(), text.as_bytes()), Ok(()));
    }
}

#[test]
fn every_flipped_bit_of_a_text_is_a_fault_of_the_text() {
    let ring = ring();
    for text in codes() {
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut changed = text.clone().into_bytes();
                changed[at] ^= 1 << bit;
                match status(&ring, &changed) {
                    Err(error) if is_text_fault(error) => {}
                    // 'A' with bit 5 flipped is 'a', and so on: still text, and then the check must tell.
                    other => panic!("byte {at}, bit {bit}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn every_flipped_bit_under_a_good_check_is_refused() {
    let ring = ring();
    let mut flips = 0;
    for text in codes() {
        let bytes = bytes_of(&text);
        let document = &bytes[..bytes.len() - 4];
        for at in 0..document.len() {
            for bit in 0..8 {
                let mut changed = document.to_vec();
                changed[at] ^= 1 << bit;
                let error = status(&ring, text_of('C', &changed).as_bytes()).expect_err("a forged code");
                assert!(!is_text_fault(error), "byte {at}, bit {bit}: {error:?}");
                assert!(matches!(error.number(), 207..=210 | 301..=305), "byte {at}, bit {bit}: {error:?}");
                flips += 1;
            }
        }
    }
    assert!(flips > 4_000, "{flips}");
}

#[test]
fn every_truncation_is_refused() {
    let ring = ring();
    for text in codes() {
        for length in 0..text.len() {
            let error = status(&ring, &text.as_bytes()[..length]).expect_err("cut off");
            assert!(is_text_fault(error), "{length}: {error:?}");
        }
        let bytes = bytes_of(&text);
        for length in 0..bytes.len() - 4 {
            status(&ring, text_of('C', &bytes[..length]).as_bytes()).expect_err("cut off under a good check");
        }
    }
}

#[test]
fn every_appended_byte_is_refused_or_white_space_or_a_quote() {
    let ring = ring();
    for text in codes() {
        for byte in 0..=255_u8 {
            let forgiven = matches!(byte, b'\t'..=b'\r' | b' ' | b'"' | b'\'' | b'`');
            let appended = [text.as_bytes(), &[byte]].concat();
            assert_eq!(status(&ring, &appended).is_ok(), forgiven, "{byte:#04x} behind");
            let prepended = [&[byte], text.as_bytes()].concat();
            assert_eq!(status(&ring, &prepended).is_ok(), forgiven, "{byte:#04x} before");
            let document = &bytes_of(&text);
            let longer = [&document[..document.len() - 4], &[byte]].concat();
            status(&ring, text_of('C', &longer).as_bytes()).expect_err("a byte more under a good check");
        }
    }
}

#[test]
fn every_re_cased_letter_is_refused() {
    let ring = ring();
    for text in codes() {
        for at in (0..text.len()).filter(|at| text.as_bytes()[*at].is_ascii_alphabetic()) {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 0x20;
            let error = status(&ring, &changed).expect_err("re-cased");
            assert!(is_text_fault(error), "{at}: {error:?}");
        }
    }
}

#[test]
fn no_other_kind_of_document_is_a_code() {
    let ring = ring();
    let bytes = bytes_of(&usual_code());
    for letter in 'A'..='Z' {
        let mut document = bytes[..bytes.len() - 4].to_vec();
        document[1] = letter.to_string().as_bytes()[0];
        let expected = if letter == 'C' { Ok(()) } else { Err(Error::DocumentKind) };
        assert_eq!(status(&ring, text_of(letter, &document).as_bytes()), expected, "{letter}");
    }
}

#[test]
fn ten_megabytes_of_anything_are_too_long() {
    let ring = ring();
    for byte in [0, b'A', b' ', b'L', 0xE3, 0xFF] {
        assert_eq!(status(&ring, &vec![byte; 10_000_000]), Err(Error::TextTooLong));
    }
}

#[test]
fn a_failed_verification_leaves_no_code_behind() {
    let ring = ring();
    let mut code = Code::new();
    assert_eq!(code.genuine().err(), Some(Error::NotInitialized));
    code.verify(&ring, usual_code().as_bytes()).expect("genuine");
    code.genuine().expect("kept");
    assert!(code.verify(&ring, b"LIC2C.").is_err());
    assert_eq!(code.genuine().err(), Some(Error::NotInitialized));
    code.verify(&ring, usual_code().as_bytes()).expect("genuine");
    code.clear();
    assert_eq!(code.genuine().err(), Some(Error::NotInitialized));
}

#[test]
fn an_unverified_document_shows_only_what_it_claims_to_be() {
    let mut buffer = DocumentBuffer::new();
    let text = usual_code();
    let unverified = buffer.read_code(text.as_bytes()).expect("well-formed");
    assert_eq!(unverified.kind(), lic2::Kind::Code);
    assert_eq!(unverified.key_id(), Key::anchor().public()[..4]);
    assert!(!unverified.has_certificate());
    assert_eq!(unverified.len(), bytes_of(&text).len() - 4);
}

/// The check is in the last four bytes. For each length of the last group, every pair of last characters is tried: the
/// library accepts the text form of a document under exactly the spelling that the crate gives it.
#[test]
fn the_library_reads_base64url_as_the_base64_crate_does() {
    use base64::Engine;
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    for length in 0..9_u8 {
        let document: Vec<u8> = (0..length).map(|index| index.wrapping_mul(89)).collect();
        let text = text_of('C', &document);
        let stem = &text[..text.len() - 2];
        for first in ALPHABET {
            for second in ALPHABET {
                let spelled = format!("{stem}{}{}", char::from(*first), char::from(*second));
                let decodes = engine.decode(&spelled[6..]).is_ok_and(|bytes| bytes == bytes_of(&text));
                let read = DocumentBuffer::new().read_code(spelled.as_bytes()).expect_err("not an envelope");
                assert_eq!(!is_text_fault(read), decodes, "{spelled}: {read:?}");
                assert_eq!(decodes, spelled == text);
            }
        }
    }
}
