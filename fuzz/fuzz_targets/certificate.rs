//! Any bytes as the signed content of an issuer certificate.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lic2::{KeyRing, Kind, seal};
use std::sync::LazyLock;

use ed25519_dalek::{Signer, SigningKey};

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));
static RING: LazyLock<KeyRing> =
    LazyLock::new(|| KeyRing::new(&[KEY.verifying_key().to_bytes()]).expect("a good anchor"));

fuzz_target!(|payload: &[u8]| {
    let public = KEY.verifying_key().to_bytes();
    let Ok(sealed) = seal::seal(Kind::Certificate, &public, None, payload, |message| KEY.sign(message).to_bytes())
    else {
        return;
    };
    if let Err(error) = RING.clone().add_issuer(sealed.text().as_bytes()) {
        assert!(matches!(error.number(), 209..=214 | 305), "{error:?}");
    }
});
