//! Any key, signature and message, as they are or made genuine first and then changed: the compact verifier answers
//! as ed25519-dalek's strict one, without and with a table of the key.
#![no_main]

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use libfuzzer_sys::fuzz_target;
use lic2_ed25519::{Comb, Key};

fuzz_target!(|data: &[u8]| {
    let Some((mode, rest)) = data.split_first() else { return };
    let Some((key, rest)) = rest.split_first_chunk::<32>() else { return };
    let Some((changes, message)) = rest.split_first_chunk::<64>() else { return };
    let (mut public, mut signature) = (*key, *changes);
    if mode & 1 == 1 {
        let signer = SigningKey::from_bytes(key);
        public = signer.verifying_key().to_bytes();
        signature = signer.sign(message).to_bytes();
        // Each change is one bit or none of each byte, so that some cases stay genuine.
        for (byte, change) in signature.iter_mut().zip(changes) {
            *byte ^= if *change < 8 && mode & 2 == 2 { 1 << change } else { 0 };
        }
    }
    let strict = VerifyingKey::from_bytes(&public)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(&signature)).is_ok());
    let usable = Key::new(&public);
    assert_eq!(usable.is_some_and(|usable| usable.verify(&[message], &signature).is_good()), strict);
    let by_table = |(table, usable): (Comb, Key)| usable.verify_with(&table, &[message], &signature).is_good();
    assert_eq!(Comb::make(&public).zip(usable).is_some_and(by_table), strict);
    assert!(strict || mode & 3 != 1, "what was signed is accepted");
});
