//! Key rings that cannot be set up, and the fullest one that can.

use super::super::{ISSUED, Key, PLAIN, hex, open_certificate, unhex};
use super::issuer::{LINE, own_line};
use super::{Case, UNKNOWN_BIT, counted, expect, granted, unknown};
use lic2::seal::CertificateDraft;
use lic2::{Error, Item, Kind, UnixSeconds};

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
    cases.extend(alike(&anchors(&[7])));
    let fullest = Case::new("four-anchors")
        .with("anchors", anchors(&[1, 2, 3, 7]))
        .with("text", Key::anchor().code(&PLAIN))
        .with("product", "vision-appliance")
        .with("now", ISSUED);
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
        granted(usable(with("issuer-of-256-bytes", &[long_certificate(256)])), &[]),
        failing(with("issuer-of-257-bytes", &[long_certificate(257)]), Error::CertificateInvalid),
        failing(with("a-certificate-within-an-issuer", &[nested()]), Error::CertificateInvalid),
        failing(with("a-code-as-issuer", &[Key::anchor().code(&PLAIN)]), Error::DocumentKind),
        failing(with("a-damaged-issuer", &[certificate(31).replace('A', "B")]), Error::TextDamaged),
    ]
}

/// Two certificates of one key: the same limits are the same issuer, whatever else they state.
fn alike(anchor: &str) -> Vec<Case> {
    let open = open_certificate();
    let both = |name: &str, other: CertificateDraft<'_>| {
        let case = usable(Case::new(name).with("anchors", anchor));
        [open, other].iter().fold(case, |case, draft| case.with("issuer", Key::anchor().certify(draft).text()))
    };
    let same = |name: &str, other: CertificateDraft<'_>| expect(both(name, other), &[], Some(Error::KeyDuplicate));
    let further = |name: &str, other: CertificateDraft<'_>| granted(both(name, other), &[]);
    let items = [Item { number: 1_000, critical: false, bytes: b"x" }];
    let full = (1..5).fold(Case::new("fifth-issuer-with-another-line").with("anchors", anchor), |case, line| {
        case.with("issuer", Key::anchor().certify(&open.with_line([line; 8])).text())
    });
    let full = full.with("issuer", Key::anchor().certify(&open).text());
    let anchors = format!("{anchor}{}", hex(&Key::stranger().public()));
    let by_two = [Key::anchor(), Key::stranger()]
        .iter()
        .fold(Case::new("same-issuer-by-two-anchors").with("anchors", anchors), |case, key| {
            case.with("issuer", key.certify(&open).text())
        });
    vec![
        same("same-issuer-with-an-unassigned-kind", open.with_kinds(open.kinds | UNKNOWN_BIT)),
        same("same-issuer-that-states-its-own-line", open.with_line(own_line())),
        same("same-issuer-with-a-name", open.with_name("n")),
        same("same-issuer-certified-again", open.with_issued_at(UnixSeconds(ISSUED))),
        same("same-issuer-with-an-item-of-the-seller", open.with_extensions(&items)),
        further("same-issuer-with-another-line", open.with_line(LINE)),
        further("same-issuer-with-another-kind", open.with_kinds(open.kinds | 2)),
        further("same-issuer-from-another-time", open.with_not_before(UnixSeconds(ISSUED))),
        further("same-issuer-to-another-time", open.with_not_after(UnixSeconds(ISSUED + 1))),
        further("same-issuer-with-longest-days", open.with_longest_days(365)),
        further("same-issuer-with-a-scope", open.with_scope(&["*"])),
        further("same-issuer-for-tests", open.with_test_only(true)),
        expect(by_two, &[], Some(Error::KeyDuplicate)),
        expect(full, &[], Some(Error::KeyringFull)),
    ]
}

/// The payload of the open certificate.
fn payload() -> Vec<u8> {
    let good = Key::anchor().certify(&open_certificate());
    good.document()[8..good.document().len() - 64].to_vec()
}

/// The case with a code of the usual issuer and its facts.
fn usable(case: Case) -> Case {
    case.with("text", Key::issuer().code(&PLAIN)).with("product", "vision-appliance").with("now", ISSUED)
}

/// A certificate of so many bytes, filled up with an item that nobody knows; good except for its length.
fn long_certificate(length: usize) -> String {
    let mut payload = payload();
    assert_eq!(payload.pop(), Some(0), "the list of items is empty");
    payload.extend(unhex(&counted(&unknown(&"00".repeat(length - 128)))));
    let sealed = Key::anchor().raw(Kind::Certificate, None, &payload);
    assert_eq!(sealed.document().len(), length);
    sealed.text().to_owned()
}

/// A certificate that carries another.
fn nested() -> String {
    let inner = Key::anchor().certify(&open_certificate());
    Key::anchor().raw(Kind::Certificate, Some(inner.document()), &payload()).text().to_owned()
}
