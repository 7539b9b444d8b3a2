//! Setting up a key ring.

use lic2::Error;
use lic2::limits::KEY_LEN;

use crate::abi::lic2_keyring;
use crate::status::{self, lic2_status};
use crate::{convert, guard};

/// Fills a key ring with the public keys compiled into the product. Replaces what the ring contained. After
/// a failure the ring trusts nothing, and every call that uses it returns NOT_INITIALIZED.
/// @param[out] ring The key ring. It needs no initialization.
/// @param anchors Ed25519 public keys, one after another, as `lic2-signer pubkey --format c` prints them.
/// @param anchors_len LIC2_KEY_BYTES for each key; 1 to LIC2_ANCHORS_MAX keys.
/// @return OK, or: ARGUMENTS, KEY_INVALID, KEY_DUPLICATE, KEYRING_FULL.
/// @stack 3.3 kB. @time A tenth of a signature check for each key.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_keyring_init(
    ring: *mut lic2_keyring,
    anchors: *const u8,
    anchors_len: usize,
) -> lic2_status {
    // SAFETY: ring is NULL or points to memory for the struct, which this call uses alone.
    let ring = unsafe { guard::blank(ring) };
    let result = ring.and_then(|ring| {
        // SAFETY: anchors is NULL or points to anchors_len bytes that nothing writes during the call.
        fill(ring, unsafe { guard::array(anchors, anchors_len) }?)
    });
    status::of(result)
}

/// Fills a ring of zeros with keys, one after another.
pub(crate) fn fill(ring: &mut lic2_keyring, anchors: &[u8]) -> Result<(), Error> {
    if anchors.len() % KEY_LEN != 0 {
        return Err(Error::InvalidArgument);
    }
    let count = anchors.len() / KEY_LEN;
    // SAFETY: as many whole keys as there are bytes for, borrowed as long.
    let anchors = unsafe { guard::array(anchors.as_ptr().cast::<[u8; KEY_LEN]>(), count) }?;
    convert::blank_ring(ring).reset(anchors)
}

/// Adds an issuer by its certificate, so that its codes need not carry the certificate. An anchor of the
/// ring must have signed it. After a failure the ring is unchanged. Missing in archives built without
/// issuers.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, KEY_DUPLICATE, KEYRING_FULL, TEXT, CERTIFICATE_UNTRUSTED,
///     CERTIFICATE_SIGNATURE, CERTIFICATE_INVALID.
/// @stack 11.5 kB. @time One signature check.
#[cfg(feature = "issuers")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_keyring_add_issuer(
    ring: *mut lic2_keyring,
    certificate: *const core::ffi::c_char,
    certificate_len: usize,
) -> lic2_status {
    // SAFETY: ring is NULL or points to a whole struct that this call uses alone.
    let ring = unsafe { guard::borrow_mut(ring) };
    let result = ring.and_then(|ring| {
        // SAFETY: certificate is NULL or a text of certificate_len bytes, or up to its NUL, that nothing writes during
        // the call.
        let certificate = unsafe { guard::chars(certificate, certificate_len) }?;
        convert::ring_mut(ring)?.add_issuer(certificate)
    });
    status::of(result)
}
