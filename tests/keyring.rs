//! What a key ring trusts after it was set up again, and after that failed.

mod support;

#[cfg(feature = "tables")]
use lic2::AnchorTable;
use lic2::{Code, Error, KeyRing};
use support::{Key, PLAIN, open_certificate, usual_code};

fn verify(ring: &KeyRing, text: &str) -> Result<(), Error> {
    Code::new().verify(ring, text.as_bytes()).map(|_| ())
}

#[test]
fn a_ring_that_failed_to_be_set_up_trusts_nothing() {
    let anchor = Key::anchor().public();
    let mut ring = KeyRing::new(&[anchor]).expect("a good anchor");
    assert_eq!(verify(&ring, &usual_code()), Ok(()));
    for (anchors, error) in [
        (&[][..], Error::InvalidArgument),
        (&[anchor, anchor][..], Error::KeyDuplicate),
        (&[anchor, [0; 32]][..], Error::KeyInvalid),
    ] {
        assert_eq!(ring.reset(anchors), Err(error));
        assert_eq!(verify(&ring, &usual_code()), Err(Error::NotInitialized));
        assert_eq!(ring.add_issuer(b"LIC2I."), Err(Error::NotInitialized));
    }
    ring.reset(&[anchor]).expect("a good anchor");
    assert_eq!(verify(&ring, &usual_code()), Ok(()));
}

#[test]
fn a_ring_that_is_set_up_again_forgets_keys_and_issuers() {
    let certificate = Key::anchor().certify(&open_certificate());
    let by_issuer = Key::issuer().code(&PLAIN);
    let mut ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    ring.add_issuer(certificate.text().as_bytes()).expect("a good certificate");
    assert_eq!(verify(&ring, &by_issuer), Ok(()));
    ring.reset(&[Key::anchor().public()]).expect("a good anchor");
    assert_eq!(verify(&ring, &by_issuer), Err(Error::KeyUnknown));
    ring.reset(&[Key::stranger().public()]).expect("a good anchor");
    assert_eq!(verify(&ring, &usual_code()), Err(Error::KeyUnknown));
}

#[test]
fn a_refused_issuer_leaves_the_ring_as_it_was() {
    let mut ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    let forged = Key::stranger().certify(&open_certificate());
    assert_eq!(ring.add_issuer(forged.text().as_bytes()), Err(Error::CertificateUntrusted));
    assert_eq!(verify(&ring, &usual_code()), Ok(()));
    assert_eq!(verify(&ring, &Key::issuer().code(&PLAIN)), Err(Error::KeyUnknown));
}

/// A table that lives as long as a product's.
#[cfg(feature = "tables")]
fn table(key: &Key) -> &'static AnchorTable {
    Box::leak(Box::new(AnchorTable::make(&key.public()).expect("a usable key")))
}

#[cfg(feature = "tables")]
#[test]
fn a_table_changes_no_answer() {
    let (anchor, second) = (Key::anchor(), Key::stranger());
    let mut ring = KeyRing::new(&[anchor.public(), second.public()]).expect("good anchors");
    let certificate = anchor.certify(&open_certificate());
    for tables in [&[][..], &[&anchor], &[&anchor, &second]] {
        tables.iter().for_each(|key| assert_eq!(ring.use_table(table(key)), Ok(())));
        assert_eq!(verify(&ring, &usual_code()), Ok(()));
        assert_eq!(verify(&ring, &second.code(&PLAIN)), Ok(()));
        assert_eq!(verify(&ring, &Key::issuer().code(&PLAIN)), Err(Error::KeyUnknown));
        assert_eq!(ring.clone().add_issuer(certificate.text().as_bytes()), Ok(()));
    }
    ring.reset(&[anchor.public()]).expect("a good anchor");
    assert_eq!(verify(&ring, &usual_code()), Ok(()));
}

#[cfg(feature = "tables")]
#[test]
fn a_table_is_taken_for_an_anchor_only_and_only_whole() {
    let mut ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    ring.add_issuer(Key::anchor().certify(&open_certificate()).text().as_bytes()).expect("a good certificate");
    assert_eq!(ring.use_table(table(&Key::issuer())), Err(Error::TableKey));
    assert_eq!(ring.use_table(table(&Key::stranger())), Err(Error::TableKey));
    let mut words = table(&Key::anchor()).to_words();
    words[300] ^= 1;
    let damaged = Box::leak(Box::new(AnchorTable::from_words(&words)));
    assert_eq!(ring.use_table(damaged), Err(Error::TableInvalid));
    assert_eq!(damaged.check(), Err(Error::TableInvalid));
    assert_eq!(verify(&ring, &usual_code()), Ok(()));
    assert_eq!(ring.reset(&[]), Err(Error::InvalidArgument));
    assert_eq!(ring.use_table(table(&Key::anchor())), Err(Error::NotInitialized));
}
