//! Bare `verify_strict` of ed25519-dalek with a prepared key, to be measured in one process with the C library.
//! Being a second Rust archive with std, it also shows that two of them link into one program.

use std::hint::black_box;
use std::sync::OnceLock;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// A key that was decompressed before, a message and its signature.
static PREPARED: OnceLock<(VerifyingKey, Vec<u8>, Signature)> = OnceLock::new();

/// Prepares a signed message of this many bytes. Only the first call counts.
#[unsafe(no_mangle)]
pub extern "C" fn lic2_bench_prepare(message_len: usize) {
    PREPARED.get_or_init(|| {
        let key = SigningKey::from_bytes(&[7; 32]);
        let message: Vec<u8> = (0..message_len).map(|index| index.to_le_bytes()[0]).collect();
        let signature = key.sign(&message);
        (key.verifying_key(), message, signature)
    });
}

/// Verifies the prepared signature strictly; 1 if it is good, 0 if not or if nothing was prepared.
#[unsafe(no_mangle)]
pub extern "C" fn lic2_bench_strict() -> i32 {
    let Some((key, message, signature)) = PREPARED.get() else { return 0 };
    i32::from(black_box(key).verify_strict(black_box(message), black_box(signature)).is_ok())
}
