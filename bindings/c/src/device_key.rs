//! A device key in software. Feature `device-key`: without it the library holds no signing code.

use lic2::limits::{KEY_LEN, SIGNATURE_LEN};
use lic2::{Error, SoftwareKey};

use crate::guard;
use crate::status::{self, lic2_status};

/// Computes the public half of the device key that belongs to a seed, for device_key of lic2_identity.
/// @param seed LIC2_KEY_BYTES secret random bytes, made on the device and kept there.
/// @param[out] key LIC2_KEY_BYTES. Zeros when the call fails.
/// @return OK, or: NULL_POINTER. @stack 2 kB. @time A third of a signature check.
#[cfg(feature = "device-key")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_device_key_public(seed: *const u8, key: *mut u8) -> lic2_status {
    // SAFETY: key is NULL or points to KEY_LEN bytes that this call uses alone.
    let key = unsafe { guard::buffer(key, KEY_LEN) };
    // SAFETY: seed is NULL or points to as many bytes as a seed has, which nothing writes during the call.
    let seed = unsafe { guard::fixed(seed) };
    status::of(seed.and_then(|seed| put(key, &SoftwareKey::from_seed(seed).public())))
}

/// Signs with the device key that belongs to a seed: all that the callback sign of lic2_identity has to do.
/// @param[out] signature LIC2_SIGNATURE_BYTES. Zeros when the call fails.
/// @return OK, or: ARGUMENTS. @stack 4 kB. @time Two thirds of a signature check, whatever the seed.
#[cfg(feature = "device-key")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_device_key_sign(
    seed: *const u8,
    message: *const u8,
    message_len: usize,
    signature: *mut u8,
) -> lic2_status {
    // SAFETY: signature is NULL or points to SIGNATURE_LEN bytes that this call uses alone.
    let signature = unsafe { guard::buffer(signature, SIGNATURE_LEN) };
    // SAFETY: seed is NULL or points to as many bytes as a seed has, which nothing writes during the call.
    let seed = unsafe { guard::fixed(seed) };
    status::of(seed.and_then(|seed| {
        // SAFETY: message is NULL or points to message_len values that nothing writes during the call.
        let message = unsafe { guard::array(message, message_len) }?;
        put(signature, &SoftwareKey::from_seed(seed).sign(message))
    }))
}

fn put(target: Result<&mut [u8], Error>, bytes: &[u8]) -> Result<(), Error> {
    target?.get_mut(..bytes.len()).ok_or(Error::InvalidArgument)?.copy_from_slice(bytes);
    Ok(())
}
