//! The usual code: its length is a promise.

mod support;

use lic2::{Code, Facts, KeyRing, Signer, UnixSeconds, decide, decide_feature};
use support::{ISSUED, Key, PLAIN, usual_code};

#[test]
fn a_usual_code_has_at_most_250_characters_and_is_granted() {
    // What "usual" means: an id of 20 characters, a product of 16, three features, an expiry, one device.
    assert_eq!((PLAIN.id.len(), PLAIN.product.len(), PLAIN.features.len()), (20, 16, 3));
    let text = usual_code();
    assert!(text.len() <= 250, "{} characters", text.len());

    let ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    let mut code = Code::new();
    let genuine = code.verify(&ring, text.as_bytes()).expect("genuine");
    assert_eq!((genuine.signer(), genuine.key_id()), (Signer::Anchor, [0xEA, 0x4A, 0x6C, 0x63]));
    let components = [support::esn()];
    let facts = Facts::new("vision-appliance").with_now(UnixSeconds(ISSUED)).with_components(&components);
    let decision = decide(&genuine, &facts);
    assert!(decision.verdict.is_granted(), "{decision:?}");
    assert!(decide_feature(&genuine, &facts, "channels").verdict.is_granted());
}

#[test]
fn a_kept_code_remembers_who_signed_it() {
    let mut ring = KeyRing::new(&[Key::anchor().public()]).expect("a good anchor");
    let mut code = Code::new();
    let mut signer = |ring: &KeyRing, text: &str| {
        let first = code.verify(ring, text.as_bytes()).map(|genuine| (genuine.signer(), genuine.key_id()));
        let again = code.genuine().map(|genuine| (genuine.signer(), genuine.key_id()));
        assert_eq!(first, again);
        first.expect("genuine")
    };
    let id = |key: &Key| <[u8; 4]>::try_from(&key.public()[..4]).expect("four bytes");
    assert_eq!(signer(&ring, &usual_code()), (Signer::Anchor, id(&Key::anchor())));
    let certificate = Key::anchor().certify(&support::open_certificate());
    let inline = Key::issuer().code_with(&PLAIN, &certificate);
    assert_eq!(signer(&ring, &inline), (Signer::Issuer, id(&Key::issuer())));
    ring.add_issuer(certificate.text().as_bytes()).expect("a good certificate");
    assert_eq!(signer(&ring, &Key::issuer().code(&PLAIN)), (Signer::Issuer, id(&Key::issuer())));
}
