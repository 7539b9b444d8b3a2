//! What the seller's side refuses to sign, before it signs.

mod support;

use lic2::seal::{CertificateDraft, LicenseDraft, seal_certificate, seal_license};
use lic2::{Error, Item, UnixSeconds};
use support::{ISSUED, Key, PLAIN, open_certificate};

fn no_signature(_: &[u8]) -> [u8; 64] {
    panic!("asked to sign what nobody would accept")
}

#[test]
fn what_does_not_fit_is_not_signed() {
    let key = Key::anchor().public();
    for length in 600..800 {
        let bytes = vec![0; length];
        let items = [Item { number: 1_000, critical: false, bytes: &bytes }];
        let draft = LicenseDraft { extensions: &items, ..LicenseDraft::new("1", "p", UnixSeconds(ISSUED)) };
        match seal_license(&draft, &key, None, |message| Key::anchor().sign(message)) {
            Ok(sealed) => assert!(sealed.text().len() <= 1_024),
            Err(_) => assert_eq!(seal_license(&draft, &key, None, no_signature).err(), Some(Error::PayloadValue)),
        }
    }
    for length in 64..300 {
        let bytes = vec![0; length];
        let items = [Item { number: 1_000, critical: false, bytes: &bytes }];
        let draft = CertificateDraft { extensions: &items, ..open_certificate() };
        match seal_certificate(&draft, &key, |message| Key::anchor().sign(message)) {
            Ok(sealed) => assert!(sealed.document().len() <= 256),
            Err(_) => assert_eq!(seal_certificate(&draft, &key, no_signature).err(), Some(Error::PayloadValue)),
        }
    }
}

#[test]
fn what_the_issuer_may_not_grant_is_not_signed() {
    let key = Key::issuer().public();
    let seal = |draft: &LicenseDraft<'_>, certificate: &CertificateDraft<'_>| {
        let certificate = Key::anchor().certify(certificate);
        seal_license(draft, &key, Some(certificate.document()), no_signature).err()
    };
    let open = open_certificate();
    assert_eq!(seal(&PLAIN, &CertificateDraft { scope: &["other"], ..open }), Some(Error::IssuerScope));
    assert_eq!(seal(&PLAIN, &CertificateDraft { longest_days: 3, ..open }), Some(Error::IssuerTerm));
    let other_key = CertificateDraft { key: Key::new(31).public(), ..open };
    assert_eq!(seal(&PLAIN, &other_key), Some(Error::CertificateInvalid));
    let nonsense = seal_license(&PLAIN, &key, Some(&[0; 100]), no_signature).err();
    assert_eq!(nonsense, Some(Error::FormatVersion));
}

#[test]
fn a_signature_of_another_key_is_not_let_out() {
    let key = Key::anchor().public();
    let wrong = |message: &[u8]| Key::stranger().sign(message);
    assert_eq!(seal_license(&PLAIN, &key, None, wrong).err(), Some(Error::SignatureInvalid));
    assert_eq!(seal_certificate(&open_certificate(), &key, wrong).err(), Some(Error::SignatureInvalid));
}

#[test]
fn content_that_a_product_would_refuse_is_not_signed() {
    let key = Key::anchor().public();
    for draft in [
        LicenseDraft { id: "", ..PLAIN },
        LicenseDraft { product: "p*", ..PLAIN },
        LicenseDraft { serial: 0, ..PLAIN },
        LicenseDraft { quantity: 0, ..PLAIN },
        LicenseDraft { issued_at: UnixSeconds(0), ..PLAIN },
        LicenseDraft { customer: Some("a\nb"), ..PLAIN },
        LicenseDraft { features: &[support::FEATURES[1], support::FEATURES[0]], ..PLAIN },
    ] {
        assert_eq!(seal_license(&draft, &key, None, no_signature).err(), Some(Error::PayloadValue), "{draft:?}");
    }
}
