//! Any bytes as the signed content of a code, decided under any facts. What decodes is walked completely, and its
//! decision keeps the rules that hold for all of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lic2::{Binding, Code, Component, Facts, KeyRing, Kind, UnixSeconds, Version, decide, decide_feature, seal};
use std::sync::LazyLock;

use ed25519_dalek::{Signer, SigningKey};

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));
static RING: LazyLock<KeyRing> =
    LazyLock::new(|| KeyRing::new(&[KEY.verifying_key().to_bytes()]).expect("a good anchor"));

fuzz_target!(|data: &[u8]| {
    let Some((seeds, payload)) = data.split_first_chunk::<24>() else { return };
    let public = KEY.verifying_key().to_bytes();
    let Ok(sealed) = seal::seal(Kind::Code, &public, None, payload, |message| KEY.sign(message).to_bytes()) else {
        return;
    };
    let mut code = Code::new();
    let Ok(genuine) = code.verify(&RING, sealed.text().as_bytes()) else { return };
    let license = genuine.license();
    let _ = license.items.count();
    match license.binding {
        Binding::Components { entries, .. } => assert!(entries.count() >= 1),
        Binding::Allocation { entries, .. } => assert!(entries.count() >= 1),
        Binding::None | Binding::DeviceKey(_) => {}
    }
    let number = |at: usize| u64::from_le_bytes(seeds[at..at + 8].try_into().expect("eight bytes"));
    let time = |value: u64| (value % 5 != 0).then_some(UnixSeconds(value % 6_000_000_000));
    let product = license.product.to_owned();
    let components = [Component { kind: 5, value: &seeds[..3] }];
    let mut facts = Facts::new(if number(0) % 7 == 0 { "other" } else { &product })
        .with_version(Version { major: u16::from(seeds[0]), minor: u16::from(seeds[1]), patch: 0 })
        .with_components(&components)
        .with_has_base(seeds[10] % 2 == 0)
        .with_allow_test(seeds[9] % 2 == 0);
    facts.built_at = time(number(0) >> 8);
    facts.now = time(number(8));
    facts.activated_at = time(number(16));
    facts.refreshed_at = time(number(16) >> 16);
    facts.powered_hours = (seeds[5] % 2 == 0).then_some(u32::from(seeds[6]) * 100);
    facts.device_key = (seeds[7] % 2 == 0).then_some([seeds[8]; 32]);
    let decision = decide(&genuine, &facts);
    assert_eq!(decision.verdict.is_granted(), decision.refusal.is_none());
    assert!(decision.verdict.is_granted() || (decision.quantity == 0 && !decision.in_grace));
    for feature in license.features {
        let answer = decide_feature(&genuine, &facts, feature.name);
        assert!(decision.verdict.is_granted() || !answer.verdict.is_granted());
        assert_eq!(answer.feature, Some(feature));
    }
});
