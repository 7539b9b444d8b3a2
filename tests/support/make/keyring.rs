//! Key rings that cannot be set up, and the fullest one that can.

use super::super::{Key, PLAIN, hex, open_certificate};
use super::{Case, expect, granted};
use lic2::{Error, Kind};

pub fn cases() -> Vec<Case> {
    let anchors = |seeds: &[u8]| seeds.iter().map(|seed| hex(&Key::new(*seed).public())).collect::<String>();
    let ring = |name: &str, anchors: &str| Case::new(name).with("anchors", anchors);
    let failing = |case: Case, error| expect(case, &[], Some(error));
    // y = 2 is not on the curve.
    let not_a_point = format!("02{}", "00".repeat(31));
    let mut cases = vec![
        failing(ring("no-anchor", ""), Error::InvalidArgument),
        failing(ring("five-anchors", &anchors(&[1, 2, 3, 4, 5])), Error::KeyringFull),
        failing(ring("fifth-anchor-known-already", &anchors(&[1, 2, 3, 4, 1])), Error::KeyringFull),
        failing(ring("same-anchor-twice", &anchors(&[1, 2, 1])), Error::KeyDuplicate),
        failing(ring("not-a-point", &not_a_point), Error::KeyInvalid),
    ];
    let small = [
        ("identity", format!("01{}", "00".repeat(31))),
        ("order-two", format!("ec{}7f", "ff".repeat(30))),
        ("order-four", "00".repeat(32)),
        ("order-four-negative", format!("{}80", "00".repeat(31))),
        ("order-eight", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05".to_owned()),
        ("order-eight-other", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa".to_owned()),
        ("identity-not-canonical", format!("ee{}7f", "ff".repeat(30))),
        ("identity-negative-zero", format!("01{}80", "00".repeat(30))),
    ];
    cases.extend(small.iter().map(|(name, key)| failing(ring(&format!("small-order-{name}"), key), Error::KeyInvalid)));
    cases.extend(issuers(&anchors(&[7])));
    let fullest = Case::new("four-anchors")
        .with("anchors", anchors(&[1, 2, 3, 7]))
        .with("text", Key::anchor().code(&PLAIN))
        .with("product", "vision-appliance")
        .with("now", super::ISSUED);
    cases.push(granted(fullest, &[]));
    cases
}

fn issuers(anchor: &str) -> Vec<Case> {
    let certificate = |seed: u8| {
        let draft = open_certificate().with_key(Key::new(seed).public());
        Key::anchor().certify(&draft).text().to_owned()
    };
    let with = |name: &str, texts: &[String]| {
        texts.iter().fold(Case::new(name).with("anchors", anchor), |case, text| case.with("issuer", text))
    };
    let failing = |case: Case, error| expect(case, &[], Some(error));
    let stranger = Key::stranger().certify(&open_certificate()).text().to_owned();
    let four: Vec<String> = (31..35).map(certificate).collect();
    let four_again = four.clone();
    vec![
        failing(with("same-issuer-twice", &[certificate(31), certificate(31)]), Error::KeyDuplicate),
        failing(with("five-issuers", &[four, vec![certificate(35)]].concat()), Error::KeyringFull),
        failing(with("fifth-issuer-known-already", &[four_again, vec![certificate(31)]].concat()), Error::KeyringFull),
        failing(with("issuer-by-a-stranger", &[stranger]), Error::CertificateUntrusted),
        granted(usable(with("issuer-of-256-bytes", &[long_certificate(129)])), &[]),
        failing(with("issuer-of-257-bytes", &[long_certificate(130)]), Error::CertificateInvalid),
        failing(with("a-certificate-within-an-issuer", &[nested()]), Error::CertificateInvalid),
        failing(with("a-code-as-issuer", &[Key::anchor().code(&PLAIN)]), Error::DocumentKind),
        failing(with("a-damaged-issuer", &[certificate(31).replace('A', "B")]), Error::TextDamaged),
    ]
}

/// The payload of the open certificate.
fn payload() -> Vec<u8> {
    let good = Key::anchor().certify(&open_certificate());
    good.document()[8..good.document().len() - 64].to_vec()
}

/// The case with a code of the usual issuer and its facts.
fn usable(case: Case) -> Case {
    case.with("text", Key::issuer().code(&PLAIN)).with("product", "vision-appliance").with("now", super::ISSUED)
}

/// A certificate of 127 bytes more than its filler, filled up with an item that nobody knows; good but for its length.
fn long_certificate(filler: u8) -> String {
    let mut payload = payload();
    assert_eq!(payload.pop(), Some(0), "the list of items is empty");
    // A list of one item, number 11. Both lengths take two bytes.
    assert!((128..=250).contains(&filler));
    payload.extend([filler.wrapping_add(3) | 0x80, 1, 22, filler | 0x80, 1]);
    payload.resize(payload.len() + usize::from(filler), 0);
    let sealed = Key::anchor().raw(Kind::Certificate, None, &payload);
    assert_eq!(sealed.document().len(), 127 + usize::from(filler));
    sealed.text().to_owned()
}

/// A certificate that carries another.
fn nested() -> String {
    let inner = Key::anchor().certify(&open_certificate());
    Key::anchor().raw(Kind::Certificate, Some(inner.document()), &payload()).text().to_owned()
}
