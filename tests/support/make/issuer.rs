//! Issuer certificates: good, forged, and every limit exceeded.

use super::super::{ISSUED, Key, PLAIN, bytes_of, hex, open_certificate, text_of, unhex};
use super::{Case, UNKNOWN_BIT, UNKNOWN_BYTE, counted, granted, item, refused, unknown_critical, usual};
use lic2::seal::{CertificateDraft, LicenseDraft};
use lic2::{Class, Error, Item, Kind, Term, UnixSeconds};

pub fn cases() -> Vec<Case> {
    let mut cases = accepted();
    cases.extend(forged());
    cases.extend(malformed());
    cases.extend(limits());
    cases
}

fn code(certificate: &CertificateDraft<'_>, license: &LicenseDraft<'_>) -> String {
    Key::issuer().code_with(license, &Key::anchor().certify(certificate))
}

fn accepted() -> Vec<Case> {
    let open = open_certificate();
    let known = Key::anchor().certify(&open);
    let tight = open
        .with_not_before(UnixSeconds(ISSUED))
        .with_not_after(UnixSeconds(ISSUED + 1))
        .with_longest_days(380)
        .with_scope(&["audio-*", "vision-appliance"])
        .with_name("online issuer 2026")
        .with_extensions(&[Item { number: 1_000, critical: false, bytes: b"x" }]);
    let graced = PLAIN.with_grace_days(15);
    vec![
        granted(usual("inline", &code(&open, &PLAIN)), &["export"]),
        granted(usual("known-beforehand", &Key::issuer().code(&PLAIN)).with("issuer", known.text()), &["export"]),
        granted(usual("inline-although-known", &code(&open, &PLAIN)).with("issuer", known.text()), &[]),
        granted(usual("every-limit-just-kept", &code(&tight, &graced)), &[]),
        granted(usual("scope-with-star", &code(&open.with_scope(&["vision-*"]), &PLAIN)), &[]),
        granted(usual("scope-star-alone", &code(&open.with_scope(&["*"]), &PLAIN)), &[]),
        granted(usual("scope-star-behind-all-of-it", &code(&open.with_scope(&["vision-appliance*"]), &PLAIN)), &[]),
        granted(
            usual("test-issuer-test-code", &code(&open.with_test_only(true), &PLAIN.with_class(Class::Test)))
                .with("allow_test", 1),
            &[],
        ),
        granted(usual("longest-days-most", &code(&open.with_longest_days(36_525), &PLAIN)), &[]),
        granted(usual("unlimited-perpetual", &code(&open, &PLAIN.with_term(Term::Perpetual))), &[]),
        granted(usual("kind-unassigned-beside-codes", &code(&open.with_kinds(UNKNOWN_BIT | 1), &PLAIN)), &[]),
        granted(usual("line", &code(&open.with_line(LINE), &PLAIN)), &[]),
        granted(usual("line-behind-a-name", &code(&open.with_name("n").with_line(LINE), &PLAIN)), &[]),
        granted(usual("line-of-its-own-key", &code(&open.with_line(own_line()), &PLAIN)), &[]),
        granted(
            usual("line-known-beforehand", &Key::issuer().code(&PLAIN))
                .with("issuer", Key::anchor().certify(&open.with_line(LINE)).text()),
            &[],
        ),
    ]
}

/// The line of an issuer before this one.
pub(super) const LINE: [u8; 8] = *b"\x01line..\xFF";

/// The line that the issuer has without stating one.
pub(super) fn own_line() -> [u8; 8] {
    Key::issuer().public()[..8].try_into().expect("8 bytes")
}

fn forged() -> Vec<Case> {
    let open = open_certificate();
    let good = Key::anchor().certify(&open);
    let by_stranger = Key::stranger().certify(&open);
    let nested = Key::anchor().raw(Kind::Certificate, Some(good.document()), &payload(&good));
    let mut damaged = good.document().to_vec();
    damaged[40] ^= 1;
    let mut claimed = by_stranger.document().to_vec();
    claimed[4..8].copy_from_slice(&Key::anchor().public()[..4]);
    let carry =
        |certificate: &[u8]| Key::issuer().raw(Kind::Code, Some(certificate), &payload_of_plain()).text().to_owned();
    let as_code = Key::anchor().raw(Kind::Code, None, &payload(&good));
    vec![
        refused(usual("unknown-issuer-without-certificate", &Key::issuer().code(&PLAIN)), Error::KeyUnknown),
        refused(
            usual("by-a-stranger-who-claims-to-be-a-known-issuer", &claimed_issuer()).with("issuer", good.text()),
            Error::SignatureInvalid,
        ),
        refused(usual("certificate-by-a-stranger", &carry(by_stranger.document())), Error::CertificateUntrusted),
        refused(
            usual("certificate-by-a-stranger-who-claims-to-be-the-anchor", &carry(&claimed)),
            Error::CertificateSignature,
        ),
        refused(usual("certificate-changed", &carry(&damaged)), Error::CertificateSignature),
        refused(
            usual("certificate-certified-by-the-issuer-itself", &carry(Key::issuer().certify(&open).document())),
            Error::CertificateUntrusted,
        ),
        refused(
            usual(
                "certificate-with-an-empty-certificate",
                &carry(&[&[1, b'I', 1, 1, 0, 0, 0, 0, 0, 0][..], &[0; 70]].concat()),
            ),
            Error::CertificateInvalid,
        ),
        refused(usual("certificate-of-another-key", &Key::new(31).code_with(&PLAIN, &good)), Error::CertificateInvalid),
        refused(
            usual("certificate-signed-as-a-code", &carry(&kind_changed(as_code.document()))),
            Error::CertificateSignature,
        ),
        refused(usual("certificate-of-kind-code", &carry(as_code.document())), Error::FormatEnvelope),
        refused(usual("certificate-cut-off", &carry(&good.document()[..71])), Error::FormatEnvelope),
        refused(usual("certificate-of-version-240", &carry(&changed(&good, 0, UNKNOWN_BYTE))), Error::FormatVersion),
        refused(
            usual("certificate-of-algorithm-240", &carry(&changed(&good, 2, UNKNOWN_BYTE))),
            Error::FormatAlgorithm,
        ),
        refused(
            usual("certificate-with-a-reserved-flag", &carry(&changed(&good, 3, UNKNOWN_BIT))),
            Error::FormatVersion,
        ),
        refused(usual("certificate-of-three-bytes", &carry(&good.document()[..3])), Error::FormatEnvelope),
        refused(
            usual("certificate-of-kind-code-with-a-reserved-flag", &carry(&changed(&as_code, 3, UNKNOWN_BIT))),
            Error::FormatVersion,
        ),
        refused(
            usual("certificate-of-kind-code-and-algorithm-240", &carry(&changed(&as_code, 2, UNKNOWN_BYTE))),
            Error::FormatEnvelope,
        ),
        refused(
            usual("code-by-another-key-under-a-good-certificate", &stolen(good.document())),
            Error::SignatureInvalid,
        ),
        refused(usual("certificate-exchanged", &exchanged(&good)), Error::SignatureInvalid),
        refused(usual("certificate-within-a-certificate", &carry(nested.document())), Error::CertificateInvalid),
    ]
}

/// The document with another byte at this place.
fn changed(sealed: &lic2::seal::Sealed, at: usize, value: u8) -> Vec<u8> {
    let mut document = sealed.document().to_vec();
    document[at] = value;
    document
}

fn payload(sealed: &lic2::seal::Sealed) -> Vec<u8> {
    sealed.document()[8..sealed.document().len() - 64].to_vec()
}

fn payload_of_plain() -> Vec<u8> {
    let bytes = bytes_of(&Key::anchor().code(&PLAIN));
    bytes[8..bytes.len() - 68].to_vec()
}

fn kind_changed(document: &[u8]) -> Vec<u8> {
    [&document[..1], b"I", &document[2..]].concat()
}

/// A stranger signs and writes the issuer's key id, without a certificate.
fn claimed_issuer() -> String {
    let head = [&[1, b'C', 1, 0], &Key::issuer().public()[..4], &payload_of_plain()].concat();
    let message = [b"LIC2 document 1\n".as_slice(), &head].concat();
    text_of('C', &[&head[..], &Key::stranger().sign(&message)].concat())
}

/// Key id and certificate of the issuer, signature of somebody else.
fn stolen(certificate: &[u8]) -> String {
    let length = u16::try_from(certificate.len()).expect("short");
    let id = &Key::issuer().public()[..4];
    let head = [&[1, b'C', 1, 1], id, &length.to_le_bytes(), certificate, &payload_of_plain()].concat();
    let message = [b"LIC2 document 1\n".as_slice(), &head].concat();
    text_of('C', &[&head[..], &Key::stranger().sign(&message)].concat())
}

/// Another good certificate of the same issuer, put in place of the one the code was signed with.
fn exchanged(good: &lic2::seal::Sealed) -> String {
    let wider = Key::anchor().certify(&open_certificate().with_longest_days(3));
    assert_eq!(wider.document().len(), good.document().len());
    let bytes = bytes_of(&Key::issuer().code_with(&PLAIN, &wider));
    let end = 10 + good.document().len();
    text_of('C', &[&bytes[..10], good.document(), &bytes[end..bytes.len() - 4]].concat())
}

/// Another key with the key id of the issuer. Nobody holds its private half.
pub(super) fn namesake() -> [u8; 32] {
    let mut key = Key::issuer().public();
    loop {
        key[5] = key[5].wrapping_add(1);
        if ed25519_dalek::VerifyingKey::from_bytes(&key).is_ok_and(|key| !key.is_weak()) {
            return key;
        }
    }
}

/// Certificate payloads with one fault each, signed by the anchor.
fn malformed() -> Vec<Case> {
    let good = payload(&Key::anchor().certify(&open_certificate()));
    let key_end = 34;
    let case = |name: &str, payload: &[u8], error| {
        let certificate = Key::anchor().raw(Kind::Certificate, None, payload);
        let code = Key::issuer().raw(Kind::Code, Some(certificate.document()), &payload_of_plain());
        refused(usual(name, code.text()), error)
    };
    let items = |name: &str, items: &str, error| {
        let payload = [&good[..good.len() - 1], &unhex(&counted(items))].concat();
        case(name, &payload, error)
    };
    // algorithm, length and key 34, three stamps, longest days, kinds, flags, scope length, items length
    let rest = |tail: &[u8]| [&good[..key_end + 12], tail].concat();
    let keyed = |key: &str| [unhex(key), good[key_end..].to_vec()].concat();
    let small_order = keyed(&format!("012001{}", "00".repeat(31)));
    let off_curve = keyed(&format!("012002{}", "00".repeat(31)));
    let line = hex(&LINE);
    let key_240 = format!("{UNKNOWN_BYTE:02x}21{}", "02".repeat(33));
    assert_eq!(hex(&rest(&[0, 1, 0, 0, 0])), hex(&good));
    vec![
        case("empty-certificate", &[], Error::PayloadMalformed),
        case("certificate-with-a-byte-more", &rest(&[0, 1, 0, 0, 0, 0]), Error::PayloadMalformed),
        case("certificate-with-a-byte-less", &rest(&[0, 1, 0, 0]), Error::PayloadMalformed),
        case("certificate-overlong-days", &rest(&[0x80, 0, 1, 0, 0, 0]), Error::PayloadNotCanonical),
        case("certificate-too-many-days", &rest(&[0xAE, 0x9D, 2, 1, 0, 0, 0]), Error::PayloadValue),
        case("certificate-unknown-flag", &rest(&[0, 1, 2, 0, 0]), Error::PayloadValue),
        case("certificate-scope-descending", &rest(&[0, 1, 0, 4, 1, b'b', 1, b'a', 0]), Error::PayloadValue),
        case("certificate-scope-twice", &rest(&[0, 1, 0, 4, 1, b'a', 1, b'a', 0]), Error::PayloadValue),
        case("certificate-scope-empty-pattern", &rest(&[0, 1, 0, 1, 0, 0]), Error::PayloadValue),
        case("certificate-scope-with-space", &rest(&[0, 1, 0, 2, 1, b' ', 0]), Error::PayloadValue),
        case("certificate-scope-cut-off", &rest(&[0, 1, 0, 1, 5, 0]), Error::PayloadMalformed),
        items("certificate-unknown-critical-item", &unknown_critical(""), Error::ExtensionUnknown),
        case("certificate-critical-name", &rest(&[0, 1, 0, 0, 3, 3, 1, b'n']), Error::PayloadValue),
        case("certificate-empty-name", &rest(&[0, 1, 0, 0, 2, 2, 0]), Error::PayloadValue),
        case("certificate-name-not-utf-8", &rest(&[0, 1, 0, 0, 3, 2, 1, 0xFF]), Error::PayloadMalformed),
        items("certificate-line-of-zeros", &item(4, &"00".repeat(8)), Error::PayloadValue),
        items("certificate-line-of-7-bytes", &item(4, &line[2..]), Error::PayloadMalformed),
        items("certificate-line-of-9-bytes", &item(4, &format!("{line}00")), Error::PayloadMalformed),
        items("certificate-line-of-no-bytes", &item(4, ""), Error::PayloadMalformed),
        items("certificate-line-critical", &item(5, &line), Error::PayloadValue),
        items("certificate-line-critical-and-of-7-bytes", &item(5, &line[2..]), Error::PayloadMalformed),
        items("certificate-line-twice", &[item(4, &line), item(4, &line)].concat(), Error::PayloadValue),
        items("certificate-line-before-a-name", &[item(4, &line), item(2, "6e")].concat(), Error::PayloadValue),
        case("certificate-of-an-unknown-algorithm", &keyed(&key_240), Error::FormatAlgorithm),
        case("certificate-of-a-key-of-31-bytes", &keyed(&format!("011f{}", "02".repeat(31))), Error::PayloadValue),
        case("certificate-of-a-small-order-key", &small_order, Error::CertificateInvalid),
        case("certificate-of-no-key", &off_curve, Error::CertificateInvalid),
    ]
}

fn limits() -> Vec<Case> {
    let open = open_certificate();
    let case = |name: &str, certificate: CertificateDraft<'_>, license: LicenseDraft<'_>, error| {
        refused(usual(name, &code(&certificate, &license)), error)
    };
    let known = Key::anchor().certify(&open.with_kinds(14));
    let year = open.with_longest_days(365);
    let day = 86_400;
    let renewed =
        Key::anchor().certify(&open.with_not_before(UnixSeconds(ISSUED)).with_not_after(UnixSeconds(ISSUED + 9)));
    let old = Key::anchor().certify(&open.with_not_after(UnixSeconds(ISSUED)));
    let namesake = Key::anchor().certify(&open.with_key(namesake()));
    let later = Key::issuer().code(&PLAIN.with_issued_at(UnixSeconds(ISSUED + 9)));
    let both = |name: &str, code: &str| usual(name, code).with("issuer", old.text()).with("issuer", renewed.text());
    vec![
        granted(both("renewed-certificate-new-code", &Key::issuer().code(&PLAIN)), &[]),
        granted(
            both("renewed-certificate-old-code", &Key::issuer().code(&PLAIN.with_issued_at(UnixSeconds(ISSUED - 1)))),
            &[],
        ),
        refused(both("renewed-certificate-neither", &later), Error::IssuerDate),
        refused(
            usual("limits-say-more-than-a-namesake", &later).with("issuer", old.text()).with("issuer", namesake.text()),
            Error::IssuerDate,
        ),
        granted(
            usual("namesake-known-first", &Key::issuer().code(&PLAIN))
                .with("issuer", namesake.text())
                .with("issuer", renewed.text()),
            &[],
        ),
        case("no-codes", open.with_kinds(14), PLAIN, Error::IssuerKind),
        case("no-codes-but-an-unassigned-kind", open.with_kinds(UNKNOWN_BIT), PLAIN, Error::IssuerKind),
        refused(
            usual("no-codes-known-beforehand", &Key::issuer().code(&PLAIN)).with("issuer", known.text()),
            Error::IssuerKind,
        ),
        case("issued-before", open.with_not_before(UnixSeconds(ISSUED + 1)), PLAIN, Error::IssuerDate),
        case("issued-at-the-end", open.with_not_after(UnixSeconds(ISSUED)), PLAIN, Error::IssuerDate),
        case("out-of-scope", open.with_scope(&["audio-*", "vision"]), PLAIN, Error::IssuerScope),
        case("out-of-scope-by-case", open.with_scope(&["Vision-*"]), PLAIN, Error::IssuerScope),
        case("not-a-test-code", open.with_test_only(true), PLAIN, Error::IssuerTestOnly),
        case("perpetual-too-long", year, PLAIN.with_term(Term::Perpetual), Error::IssuerTerm),
        case(
            "a-second-too-long",
            year,
            PLAIN.with_term(Term::Until(UnixSeconds(ISSUED + 365 * day + 1))),
            Error::IssuerTerm,
        ),
        case("too-long-with-grace", year, PLAIN.with_grace_days(1), Error::IssuerTerm),
        case("days-too-long", year, PLAIN.with_term(Term::DaysFromActivation(366)), Error::IssuerTerm),
        case(
            "days-too-long-with-grace",
            year,
            PLAIN.with_term(Term::DaysFromActivation(365)).with_grace_days(1),
            Error::IssuerTerm,
        ),
        case("hours-too-long", year, PLAIN.with_term(Term::PoweredHours(365 * 24 + 1)), Error::IssuerTerm),
    ]
}
