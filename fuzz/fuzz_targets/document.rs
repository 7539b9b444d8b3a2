//! Any bytes as a document under a good check: the envelope, and the claims of the seller's tool.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lic2::{Code, DocumentBuffer, KeyRing, claim, seal};
use std::sync::LazyLock;

static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    KeyRing::new(&[key]).expect("a good anchor")
});

fuzz_target!(|document: &[u8]| {
    let Some(letter) = document.get(1).filter(|letter| letter.is_ascii_uppercase()) else { return };
    let Ok(sealed) = seal::text_of(*letter, &[document]) else { return };
    let mut buffer = DocumentBuffer::new();
    if let Ok(unverified) = buffer.read_code(sealed.text().as_bytes()) {
        assert_eq!(unverified.len(), document.len());
    }
    let _ = claim::read(sealed.text().as_bytes(), &mut buffer);
    let _ = Code::new().verify(&RING, sealed.text().as_bytes());
});
