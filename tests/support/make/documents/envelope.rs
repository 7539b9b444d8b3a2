//! What a device takes where any seller's document may come.

use super::super::super::{Key, bytes_of, open_certificate, text_of, usual_code};
use super::super::{UNKNOWN_BIT, UNKNOWN_BYTE};
use super::{Case, accepted, for_device, refused, report, request, revocation, small};
use lic2::Error;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = kinds();
    cases.extend(faults());
    cases.extend(order());
    cases
}

fn kinds() -> Vec<Case> {
    let certificate = Key::anchor().certify(&open_certificate());
    let list = revocation::good().text();
    let document = without_check(&list);
    let relabelled = [&document[..1], b"T", &document[2..]].concat();
    vec![
        accepted(for_device("a-code", &usual_code())),
        accepted(for_device("in-quotes-and-lines", &format!(" \"{}\" ", list.replace('A', "A ")))),
        refused(for_device("a-certificate", certificate.text()), Error::DocumentKind),
        refused(for_device("a-request", &request::good().text()), Error::DocumentKind),
        refused(for_device("a-receipt", &report::receipt().text()), Error::DocumentKind),
        refused(for_device("a-usage-report", &report::report().text()), Error::DocumentKind),
        refused(for_device("an-unknown-kind", &text_of('Z', b"\x01Z\x01\0")), Error::DocumentKind),
        refused(for_device("an-unknown-kind-of-a-later-format", &text_of('Z', b"\xF0Z")), Error::FormatVersion),
        refused(for_device("the-length-before-a-kind", &text_of('R', &[1])), Error::FormatEnvelope),
        refused(for_device("a-list-relabelled-as-a-token", &text_of('T', &relabelled)), Error::SignatureInvalid),
        refused(for_device("a-list-with-the-letter-of-a-code", &text_of('C', &document)), Error::FormatEnvelope),
        refused(for_device("nothing-behind-the-letter", &text_of('L', &[])), Error::FormatEnvelope),
    ]
}

fn faults() -> Vec<Case> {
    let text = small::unlock().text();
    let document = without_check(&text);
    let changed = |at: usize, value: u8| {
        let mut document = document.clone();
        document[at] = value;
        text_of('U', &document)
    };
    let last = document.len() - 1;
    vec![
        refused(for_device("unlock-version-240", &changed(0, UNKNOWN_BYTE)), Error::FormatVersion),
        refused(for_device("unlock-of-71-bytes", &text_of('U', &document[..71])), Error::FormatEnvelope),
        refused(for_device("unlock-algorithm-0", &changed(2, 0)), Error::FormatAlgorithm),
        refused(for_device("unlock-algorithm-240", &changed(2, UNKNOWN_BYTE)), Error::FormatAlgorithm),
        refused(for_device("unlock-unknown-flag", &changed(3, UNKNOWN_BIT)), Error::FormatVersion),
        refused(
            for_device("unlock-unknown-flag-beside-a-known-one", &changed(3, UNKNOWN_BIT | 1)),
            Error::FormatVersion,
        ),
        refused(for_device("unlock-flag-without-certificate", &changed(3, 1)), Error::FormatEnvelope),
        refused(for_device("unlock-key-id-changed", &changed(4, document[4] ^ 1)), Error::KeyUnknown),
        refused(for_device("unlock-grants-changed", &changed(22, 3)), Error::SignatureInvalid),
        refused(for_device("unlock-signature-changed", &changed(last, document[last] ^ 1)), Error::SignatureInvalid),
        refused(for_device("unlock-damaged", &text.replace("LIC2U.A", "LIC2U.B")), Error::TextDamaged),
    ]
}

/// Each step hides the ones behind it. What may not come here is refused as a code would be.
fn order() -> Vec<Case> {
    let unlock = without_check(&small::unlock().text());
    let rest = &unlock[4..];
    let case = |name: &str, letter: char, head: [u8; 4], error| {
        refused(for_device(name, &text_of(letter, &[&head[..], rest].concat())), error)
    };
    let short =
        |name: &str, letter: char, document: &[u8], error| refused(for_device(name, &text_of(letter, document)), error);
    let (byte, bit) = (UNKNOWN_BYTE, UNKNOWN_BIT);
    vec![
        case("device-version-before-kind", 'R', [byte, b'R', 1, 0], Error::FormatVersion),
        short("device-version-before-length", 'L', &[byte], Error::FormatVersion),
        short("device-one-byte", 'T', &[1], Error::FormatEnvelope),
        short("device-three-bytes", 'U', &[1, b'U', 1], Error::FormatEnvelope),
        short("device-three-bytes-of-a-request", 'R', &[1, b'R', 0], Error::FormatEnvelope),
        short("device-three-bytes-of-an-unknown-kind", 'X', &[1, b'X', 1], Error::FormatEnvelope),
        case("device-flag-before-kind", 'R', [1, b'R', 0, bit], Error::FormatVersion),
        case("device-flag-before-the-letter", 'T', [1, b'U', 1, bit], Error::FormatVersion),
        case("device-flag-before-algorithm", 'U', [1, b'U', byte, bit], Error::FormatVersion),
        short("device-flag-before-length", 'L', &[1, b'L', 1, bit], Error::FormatVersion),
        case("device-kind-before-the-letter", 'R', [1, b'C', 1, 0], Error::DocumentKind),
        case("device-kind-before-algorithm", 'I', [1, b'I', byte, 0], Error::DocumentKind),
        short("device-kind-before-length", 'R', &[1, b'R', 0, 0], Error::DocumentKind),
        case("device-letter-before-algorithm", 'T', [1, b'U', byte, 0], Error::FormatEnvelope),
        short("device-algorithm-before-length", 'L', &[1, b'L', byte, 0], Error::FormatAlgorithm),
        short("device-four-bytes", 'L', &[1, b'L', 1, 0], Error::FormatEnvelope),
        short("device-four-bytes-with-the-flag-of-a-certificate", 'T', &[1, b'T', 1, 1], Error::FormatEnvelope),
    ]
}

fn without_check(text: &str) -> Vec<u8> {
    let mut bytes = bytes_of(text);
    bytes.truncate(bytes.len() - 4);
    bytes
}
