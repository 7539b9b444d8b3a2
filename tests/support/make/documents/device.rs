//! The envelope of devices' documents and the proof by the device's own key.

use super::super::super::{Key, hex, text_of, usual_code};
use super::super::{UNKNOWN_BIT, UNKNOWN_BYTE};
use super::{Case, Payload, accepted, for_seller, item, list, refused, report, request};
use lic2::{Error, Kind};

/// The device's own key.
fn device() -> Key {
    Key::new(21)
}

/// Items with nothing but this device key.
fn items_with(key: &[u8; 32]) -> String {
    format!("220420{}", hex(key))
}

fn signed(payload: &Payload, key: &Key) -> String {
    key.raw(payload.kind, None, &payload.bytes()).text().to_owned()
}

/// The document signed with the device's key. Among its items are that key and, of a report, the part.
pub(super) fn signed_with_key(payload: &Payload) -> String {
    let mut items = vec![item(4, &hex(&device().public()))];
    if payload.kind != Kind::Request {
        items.push(report::part());
    }
    signed(&payload.with("items", &list(&items)), &device())
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = proofs();
    cases.extend(unsigned());
    cases.extend(faults());
    cases.extend(order());
    cases
}

fn proofs() -> Vec<Case> {
    let key = device();
    let items = items_with(&key.public());
    let mut cases = Vec::new();
    for (name, payload) in [("request", request::good()), ("receipt", report::receipt()), ("report", report::report())]
    {
        let payload = payload.with("items", &items);
        cases.push(accepted(for_seller(&format!("{name}-signed"), &signed(&payload, &key))));
        cases.push(accepted(payload.case(&format!("{name}-shows-a-key-unsigned"))));
    }
    let good = request::good().with("items", &items);
    let mut other = key.public();
    other[31] ^= 0x80;
    let mut small_order = [0; 32];
    small_order[0] = 1;
    let mut weak = signed(&request::good().with("items", &items_with(&small_order)), &key).into_bytes();
    weak = super::super::super::bytes_of(std::str::from_utf8(&weak).expect("ASCII"));
    weak.truncate(weak.len() - 4);
    weak[4..8].copy_from_slice(&small_order[..4]);
    let malformed = good.with("components", "0101");
    cases.extend([
        refused(for_seller("signed-without-a-key", &signed(&request::good(), &key)), Error::PayloadValue),
        refused(for_seller("signed-by-another-key", &signed(&good, &Key::stranger())), Error::PayloadValue),
        refused(
            for_seller("signed-by-a-key-of-the-same-id", &signed(&good.with("items", &items_with(&other)), &key)),
            Error::SignatureInvalid,
        ),
        refused(for_seller("signed-by-a-small-order-key", &text_of('R', &weak)), Error::SignatureInvalid),
        refused(for_seller("content-before-signature", &signed(&malformed, &Key::stranger())), Error::PayloadMalformed),
    ]);
    cases
}

fn unsigned() -> Vec<Case> {
    let payload = request::good();
    let document = |header: &[u8]| text_of('R', &[header, &payload.bytes()].concat());
    let case = |name: &str, header: &[u8]| for_seller(name, &document(header));
    vec![
        refused(case("request-version-0", b"\0R\0\0\0\0\0\0"), Error::FormatVersion),
        refused(case("request-version-240", b"\xF0R\0\0\0\0\0\0"), Error::FormatVersion),
        refused(case("request-that-says-receipt", b"\x01P\0\0\0\0\0\0"), Error::FormatEnvelope),
        refused(case("request-algorithm-240", b"\x01R\xF0\0\0\0\0\0"), Error::FormatAlgorithm),
        refused(case("request-algorithm-before-flags", b"\x01R\xF0\x01\0\0\0\0"), Error::FormatAlgorithm),
        refused(case("request-with-a-flag", b"\x01R\0\x01\0\0\0\0"), Error::FormatEnvelope),
        refused(case("request-unsigned-with-a-key-id", b"\x01R\0\0\0\0\0\x01"), Error::FormatEnvelope),
    ]
}

fn faults() -> Vec<Case> {
    let key = device();
    let payload = request::good().with("items", &items_with(&key.public()));
    let sealed = key.raw(Kind::Request, None, &payload.bytes());
    let document = sealed.document();
    let changed = |at: usize, value: u8| {
        let mut document = document.to_vec();
        document[at] = value;
        text_of('R', &document)
    };
    let last = document.len() - 1;
    vec![
        refused(for_seller("a-code-for-the-seller", &usual_code()), Error::DocumentKind),
        refused(for_seller("an-unknown-kind-for-the-seller", &text_of('Z', b"\x01Z\0\0")), Error::DocumentKind),
        refused(for_seller("the-length-before-a-kind-for-the-seller", &text_of('C', &[1])), Error::FormatEnvelope),
        refused(for_seller("request-of-no-byte", &text_of('R', &[])), Error::FormatEnvelope),
        refused(for_seller("request-of-7-bytes", &text_of('R', b"\x01R\0\0\0\0\0")), Error::FormatEnvelope),
        refused(for_seller("request-without-payload", &text_of('R', b"\x01R\0\0\0\0\0\0")), Error::PayloadMalformed),
        refused(
            for_seller("request-signed-of-71-bytes", &text_of('R', &[&document[..8], &[0; 63]].concat())),
            Error::FormatEnvelope,
        ),
        refused(
            for_seller("request-signed-without-payload", &text_of('R', &[&document[..8], &[0; 64]].concat())),
            Error::PayloadMalformed,
        ),
        refused(for_seller("request-signed-with-a-flag", &changed(3, 1)), Error::FormatEnvelope),
        refused(for_seller("request-signed-key-id-changed", &changed(4, document[4] ^ 1)), Error::PayloadValue),
        refused(for_seller("request-signed-nonce-changed", &changed(10, 0xFF)), Error::SignatureInvalid),
        refused(
            for_seller("request-signed-signature-changed", &changed(last, document[last] ^ 1)),
            Error::SignatureInvalid,
        ),
    ]
}

/// Each step hides the ones behind it.
fn order() -> Vec<Case> {
    let payload = request::good().bytes();
    let case = |name: &str, letter: char, head: [u8; 4], error| {
        refused(for_seller(name, &text_of(letter, &[&head[..], &[0; 4], &payload].concat())), error)
    };
    let short =
        |name: &str, letter: char, document: &[u8], error| refused(for_seller(name, &text_of(letter, document)), error);
    let (byte, bit) = (UNKNOWN_BYTE, UNKNOWN_BIT);
    vec![
        case("seller-version-before-kind", 'X', [byte, b'X', 0, 0], Error::FormatVersion),
        short("seller-version-before-length", 'X', &[byte], Error::FormatVersion),
        short("seller-one-byte", 'R', &[1], Error::FormatEnvelope),
        short("seller-three-bytes", 'R', &[1, b'R', 0], Error::FormatEnvelope),
        short("seller-three-bytes-of-another-kind", 'C', &[1, b'C', 1], Error::FormatEnvelope),
        short("seller-three-bytes-of-an-unknown-kind", 'X', &[1, b'X', 0], Error::FormatEnvelope),
        case("seller-flag", 'R', [1, b'R', 0, bit], Error::FormatVersion),
        case("seller-flag-beside-a-known-one", 'R', [1, b'R', 0, bit | 1], Error::FormatVersion),
        case("seller-flag-before-kind", 'C', [1, b'C', 0, bit], Error::FormatVersion),
        case("seller-flag-before-the-letter", 'R', [1, b'P', 0, bit], Error::FormatVersion),
        case("seller-flag-before-algorithm", 'R', [1, b'R', byte, bit], Error::FormatVersion),
        short("seller-flag-before-length", 'R', &[1, b'R', 0, bit], Error::FormatVersion),
        case("seller-kind-before-the-letter", 'C', [1, b'R', 0, 0], Error::DocumentKind),
        case("seller-kind-before-algorithm", 'L', [1, b'L', byte, 0], Error::DocumentKind),
        short("seller-kind-before-length", 'L', &[1, b'L', 0, 0], Error::DocumentKind),
        case("seller-letter-before-algorithm", 'R', [1, b'P', byte, 0], Error::FormatEnvelope),
        case("seller-another-letter-of-a-device", 'P', [1, b'M', 0, 0], Error::FormatEnvelope),
        short("seller-algorithm-before-length", 'R', &[1, b'R', byte, 0], Error::FormatAlgorithm),
        short("seller-four-bytes", 'R', &[1, b'R', 0, 0], Error::FormatEnvelope),
        short("seller-four-bytes-of-algorithm-1", 'R', &[1, b'R', 1, 0], Error::FormatEnvelope),
    ]
}
