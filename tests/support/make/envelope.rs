//! One fault each in header, certificate place and signature.

use super::super::{Key, PLAIN, bytes_of, hex, open_certificate, text_of, usual_code};
use super::documents::short_request;
use super::{Case, UNKNOWN_BIT, UNKNOWN_BYTE, refused, usual};
use lic2::{Error, Kind};

pub fn cases() -> Vec<Case> {
    let mut cases = faults();
    cases.extend(order());
    cases
}

fn faults() -> Vec<Case> {
    let text = usual_code();
    let bytes = bytes_of(&text);
    let document = &bytes[..bytes.len() - 4];
    let changed = |at: usize, value: u8| {
        let mut document = document.to_vec();
        document[at] = value;
        text_of('C', &document)
    };
    let end = document.len();
    let certificate = Key::anchor().certify(&open_certificate());
    let list = [b"\x01L\x01\x00".as_slice(), &document[4..]].concat();
    vec![
        refused(usual("version-0", &changed(0, 0)), Error::FormatVersion),
        refused(usual("version-240", &changed(0, UNKNOWN_BYTE)), Error::FormatVersion),
        refused(usual("version-240-of-one-byte", &text_of('C', &[UNKNOWN_BYTE])), Error::FormatVersion),
        refused(usual("another-kind-in-the-text", &text_of('L', document)), Error::DocumentKind),
        refused(usual("another-kind-in-the-header", &changed(1, b'L')), Error::FormatEnvelope),
        refused(usual("a-revocation-list", &text_of('L', &list)), Error::DocumentKind),
        refused(usual("a-certificate", certificate.text()), Error::DocumentKind),
        refused(usual("algorithm-0", &changed(2, 0)), Error::FormatAlgorithm),
        refused(usual("algorithm-240", &changed(2, UNKNOWN_BYTE)), Error::FormatAlgorithm),
        refused(usual("unknown-flag", &changed(3, UNKNOWN_BIT)), Error::FormatVersion),
        refused(usual("unknown-flag-beside-a-known-one", &changed(3, UNKNOWN_BIT | 1)), Error::FormatVersion),
        refused(usual("certificate-flag-without-certificate", &changed(3, 1)), Error::FormatEnvelope),
        refused(usual("71-bytes", &text_of('C', &document[..71])), Error::FormatEnvelope),
        refused(usual("72-bytes", &text_of('C', &document[..72])), Error::SignatureInvalid),
        refused(
            usual(
                "certificate-length-missing",
                &text_of('C', &[&[1, b'C', 1, 1, 0, 0, 0, 0, 9][..], &[0; 64]].concat()),
            ),
            Error::FormatEnvelope,
        ),
        refused(usual("certificate-of-257-bytes", &long_certificate(257)), Error::FormatEnvelope),
        refused(usual("certificate-of-256-zero-bytes", &long_certificate(256)), Error::FormatVersion),
        refused(usual("certificate-of-no-bytes", &long_certificate(0)), Error::FormatEnvelope),
        refused(usual("unknown-key-id", &changed(7, document[7] ^ 1)), Error::KeyUnknown),
        refused(usual("first-payload-bit", &changed(8, document[8] ^ 1)), Error::SignatureInvalid),
        refused(usual("last-payload-bit", &changed(end - 65, document[end - 65] ^ 0x80)), Error::SignatureInvalid),
        refused(usual("r-changed", &changed(end - 64, document[end - 64] ^ 1)), Error::SignatureInvalid),
        refused(usual("s-changed", &changed(end - 32, document[end - 32] ^ 1)), Error::SignatureInvalid),
        refused(usual("s-plus-the-group-order", &plus_order(document)), Error::SignatureInvalid),
        refused(usual("small-order-r", &with_r(document, [0; 32])), Error::SignatureInvalid),
        refused(
            usual("signature-of-zeros", &text_of('C', &[&document[..end - 64], &[0; 64]].concat())),
            Error::SignatureInvalid,
        ),
        refused(usual("by-a-stranger", &Key::stranger().code(&PLAIN)), Error::KeyUnknown),
        refused(usual("by-a-stranger-who-claims-to-be-the-anchor", &claimed()), Error::SignatureInvalid),
        refused(usual("without-the-domain", &without_domain(document)), Error::SignatureInvalid),
        refused(usual("signed-as-another-kind", &other_kind(document)), Error::SignatureInvalid),
        refused(
            usual(
                "one-byte-more-in-the-payload",
                &text_of('C', &[&document[..end - 64], &[0], &document[end - 64..]].concat()),
            ),
            Error::SignatureInvalid,
        ),
    ]
}

/// Each step hides the ones behind it.
fn order() -> Vec<Case> {
    let bytes = bytes_of(&usual_code());
    let rest = &bytes[4..bytes.len() - 4];
    let case = |name: &str, letter: char, head: [u8; 4], error| {
        refused(usual(name, &text_of(letter, &[&head[..], rest].concat())), error)
    };
    let short =
        |name: &str, letter: char, document: &[u8], error| refused(usual(name, &text_of(letter, document)), error);
    let (byte, bit) = (UNKNOWN_BYTE, UNKNOWN_BIT);
    vec![
        case("version-before-kind", 'X', [byte, b'X', 1, 0], Error::FormatVersion),
        case("version-before-everything", 'X', [byte, b'Y', byte, bit], Error::FormatVersion),
        short("version-before-length", 'X', &[byte, b'X'], Error::FormatVersion),
        short("one-byte", 'C', &[1], Error::FormatEnvelope),
        short("three-bytes", 'C', &[1, b'C', 1], Error::FormatEnvelope),
        short("three-bytes-of-another-kind", 'L', &[1, b'L', 1], Error::FormatEnvelope),
        short("three-bytes-of-an-unknown-kind", 'X', &[1, b'X', byte], Error::FormatEnvelope),
        case("flag-before-kind", 'X', [1, b'X', 1, bit], Error::FormatVersion),
        case("flag-before-the-letter", 'C', [1, b'L', 1, bit | 1], Error::FormatVersion),
        case("flag-before-algorithm", 'C', [1, b'C', byte, bit], Error::FormatVersion),
        short("flag-before-length", 'C', &[1, b'C', 1, bit], Error::FormatVersion),
        case("an-unknown-kind", 'X', [1, b'X', 1, 0], Error::DocumentKind),
        case("kind-before-the-letter", 'L', [1, b'T', 1, 0], Error::DocumentKind),
        case("kind-before-algorithm", 'L', [1, b'L', byte, 0], Error::DocumentKind),
        short("kind-before-length", 'L', &[1, b'L', 1, 0], Error::DocumentKind),
        case("letter-before-algorithm", 'C', [1, b'L', byte, 0], Error::FormatEnvelope),
        short("letter-before-length", 'C', &[1, b'L', 1, 0], Error::FormatEnvelope),
        short("algorithm-before-length", 'C', &[1, b'C', byte, 0], Error::FormatAlgorithm),
        short("algorithm-of-71-bytes", 'C', &[&[1, b'C', byte, 0], &rest[..67]].concat(), Error::FormatAlgorithm),
        short("four-bytes", 'C', &[1, b'C', 1, 0], Error::FormatEnvelope),
        short("four-bytes-with-the-flag-of-a-certificate", 'C', &[1, b'C', 1, 1], Error::FormatEnvelope),
        refused(usual("a-short-request", &short_request()), Error::DocumentKind),
    ]
}

fn long_certificate(length: u16) -> String {
    let body = vec![0; usize::from(length)];
    text_of('C', &[&[1, b'C', 1, 1, 1, 2, 3, 4][..], &length.to_le_bytes(), &body, &[0; 70]].concat())
}

/// S + L: the same signature to a verifier that does not check S < L.
fn plus_order(document: &[u8]) -> String {
    let order = super::super::unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut document = document.to_vec();
    let start = document.len() - 32;
    let mut carry = 0_u16;
    for (byte, add) in document[start..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    text_of('C', &document)
}

fn with_r(document: &[u8], r: [u8; 32]) -> String {
    let end = document.len();
    text_of('C', &[&document[..end - 64], &r, &document[end - 32..]].concat())
}

/// A stranger signs and writes the anchor's key id.
fn claimed() -> String {
    let text = Key::stranger().code(&PLAIN);
    let bytes = bytes_of(&text);
    let head = [&[1, b'C', 1, 0], &Key::anchor().public()[..4], &bytes[8..bytes.len() - 68]].concat();
    let message = [b"LIC2 document 1\n".as_slice(), &head].concat();
    text_of('C', &[&head[..], &Key::stranger().sign(&message)].concat())
}

/// The anchor signed these very bytes, but as something else than a document of this system.
fn without_domain(document: &[u8]) -> String {
    let head = &document[..document.len() - 64];
    text_of('C', &[head, &Key::anchor().sign(head)].concat())
}

/// The anchor signed the payload as an issuer certificate.
fn other_kind(document: &[u8]) -> String {
    let payload = &document[8..document.len() - 64];
    let certificate = Key::anchor().raw(Kind::Certificate, None, payload);
    let mut bytes = certificate.document().to_vec();
    bytes[1] = b'C';
    assert_ne!(hex(&bytes), hex(document));
    text_of('C', &bytes)
}
