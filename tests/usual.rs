//! The usual code: its length is a promise.

use ed25519_dalek::{Signer, SigningKey};
use lic2::seal::{BindingDraft, LicenseDraft, seal_license};
use lic2::{
    Class, Code, Component, ComponentHash, Facts, Feature, KeyRing, Right, Term, UnixSeconds, decide, decide_feature,
};

#[test]
fn a_usual_code_has_at_most_250_characters_and_is_granted() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = key.verifying_key().to_bytes();
    let salt = [9, 8, 7, 6];
    let esn = Component { kind: 5, value: b"2102312ABC0123456789" };
    let issued_at = UnixSeconds(1_795_000_000);
    let features = [
        Feature { name: "analytics", right: Right::Flag, expires: Some(UnixSeconds(1_810_000_000)) },
        Feature { name: "channels", right: Right::Limit(64), expires: None },
        Feature { name: "export", right: Right::Flag, expires: None },
    ];
    let draft = LicenseDraft {
        id: "PL-20261122-00000042",
        serial: 1,
        class: Class::Commercial,
        product: "vision-appliance",
        issued_at,
        term: Term::Until(UnixSeconds(1_826_536_000)),
        binding: BindingDraft::Components {
            needed: 1,
            salt,
            entries: &[ComponentHash { kind: 5, hash: esn.hash(salt).unwrap() }],
        },
        features: &features,
        not_before: None,
        grace_days: 0,
        lease_days: 0,
        versions: None,
        maintenance_until: None,
        quantity: 1,
        edition: None,
        customer: None,
        order: None,
        extensions: &[],
    };
    assert_eq!((draft.id.len(), draft.product.len()), (20, 16));
    let sealed = seal_license(&draft, &public, None, |message| key.sign(message).to_bytes()).unwrap();
    println!("{} characters: {}", sealed.text().len(), sealed.text());
    assert!(sealed.text().len() <= 250);

    let ring = KeyRing::new(&[public]).unwrap();
    let mut code = Code::new();
    let genuine = code.verify(&ring, sealed.text().as_bytes()).unwrap();
    let facts = Facts { product: "vision-appliance", now: Some(issued_at), components: &[esn], ..Facts::default() };
    let decision = decide(&genuine, &facts);
    assert!(decision.verdict.is_granted(), "{decision:?}");
    assert!(decide_feature(&code.genuine().unwrap(), &facts, "channels").verdict.is_granted());
}
