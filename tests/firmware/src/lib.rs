//! Single signatures for tests in an emulator, without the documents around them: the compact verifier and
//! ed25519-dalek's own `verify_strict`, for C.
#![no_std]

/// The C library's trap.
#[path = "../../../bindings/c/src/panic.rs"]
mod panic;

type Check = fn(&[u8; 32], &[u8], &[u8; 64]) -> bool;

fn strict(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    ed25519_dalek::VerifyingKey::from_bytes(key).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

/// # Safety
///
/// The pointers have to be good for 32, `len` and 64 bytes.
unsafe fn check(with: Check, key: *const [u8; 32], message: *const u8, len: usize, signature: *const [u8; 64]) -> bool {
    // SAFETY: as above.
    let (key, signature) = unsafe { (&*key, &*signature) };
    // SAFETY: as above.
    with(key, unsafe { core::slice::from_raw_parts(message, len) }, signature)
}

/// Whether the compact verifier accepts the signature, its key decoded again.
///
/// # Safety
///
/// The pointers have to be good for 32, `len` and 64 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn firmware_signature(
    key: *const [u8; 32],
    message: *const u8,
    len: usize,
    signature: *const [u8; 64],
) -> bool {
    // SAFETY: as the caller has been told.
    unsafe { check(lic2::verify_raw, key, message, len, signature) }
}

/// The same by `verify_strict`.
///
/// # Safety
///
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn firmware_dalek_strict(
    key: *const [u8; 32],
    message: *const u8,
    len: usize,
    signature: *const [u8; 64],
) -> bool {
    // SAFETY: as the caller has been told.
    unsafe { check(strict, key, message, len, signature) }
}
