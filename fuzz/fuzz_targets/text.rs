//! Any bytes as a pasted text. Nothing is granted that the anchor did not sign, and reading never panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lic2::{Code, Error, KeyRing};
use std::sync::LazyLock;

/// The anchor of the seeds: their codes are genuine, so the fuzzer can reach behind the signature by keeping one.
static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    KeyRing::new(&[key]).expect("a good anchor")
});

fuzz_target!(|text: &[u8]| {
    let mut code = Code::new();
    match code.verify(&RING, text).map(|genuine| genuine.license().serial) {
        // A genuine code is one from the seeds, whatever white space it collected.
        Ok(serial) => assert!(serial >= 1),
        Err(error) => {
            assert!((200..400).contains(&error.number()), "{error:?}");
            assert_eq!(code.genuine().err(), Some(Error::NotInitialized));
        }
    }
});
