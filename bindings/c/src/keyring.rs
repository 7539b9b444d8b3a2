//! Setting up a key ring.

use lic2::Error;
use lic2::limits::KEY_LEN;

use crate::abi::lic2_keyring;
use crate::status::lic2_status;
use crate::{convert, guard};

/// Fills a key ring with the public keys compiled into the product.
///
/// Call it once at the start. Forgets what the ring held before. After a failure the ring trusts nothing, and
/// every call that uses it fails with NOT_INITIALIZED.
///
/// @param[out] ring         The key ring; needs LIC2_INIT.
/// @param      anchors      Ed25519 public keys, one after another, as `lic2-signer pubkey --format c` prints them.
/// @param      anchors_len  Bytes in anchors: LIC2_KEY_BYTES for each key, 1 to LIC2_ANCHORS_MAX keys.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, KEY_INVALID, KEY_DUPLICATE,
///           KEYRING_FULL.
/// @threads  Needs the ring alone.
/// @stack    3.3 kB (x86-64).
/// @time     A tenth of a signature check for each key.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_keyring_init(
    ring: *mut lic2_keyring,
    anchors: *const u8,
    anchors_len: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let ring = unsafe { guard::blank(ring) };
    let result = ring.and_then(|ring| {
        if anchors_len % KEY_LEN != 0 {
            return Err(Error::InvalidArgument);
        }
        // SAFETY: the header's rules; as many whole keys as there are bytes for.
        let anchors = unsafe { guard::array(anchors.cast::<[u8; KEY_LEN]>(), anchors_len / KEY_LEN) }?;
        convert::blank_ring(ring).reset(anchors)
    });
    lic2_status::of(result)
}

/// Adds an issuer by its certificate, so that its codes need not carry the certificate.
///
/// The certificate has to be signed by an anchor of the ring. After a failure the ring is as it was. Is missing where the
/// library is built without issuers.
///
/// @param[in,out] ring             The key ring.
/// @param         certificate      Text of the issuer certificate; need not end in NUL.
/// @param         certificate_len  Bytes in certificate.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, KEY_DUPLICATE,
///           KEYRING_FULL, TEXT_EMPTY, TEXT_TOO_LONG, TEXT_PREFIX, TEXT_CHARACTER, TEXT_SEVERAL, TEXT_DAMAGED,
///           DOCUMENT_KIND, FORMAT_VERSION, FORMAT_ALGORITHM, FORMAT_ENVELOPE, PAYLOAD_MALFORMED,
///           PAYLOAD_NOT_CANONICAL, PAYLOAD_VALUE, EXTENSION_UNKNOWN, CERTIFICATE_UNTRUSTED,
///           CERTIFICATE_SIGNATURE, CERTIFICATE_INVALID.
/// @threads  Needs the ring alone.
/// @stack    11.5 kB (x86-64).
/// @time     One signature check.
/// @since    0.1
#[cfg(feature = "issuers")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_keyring_add_issuer(
    ring: *mut lic2_keyring,
    certificate: *const core::ffi::c_char,
    certificate_len: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let ring = unsafe { guard::borrow_mut(ring) };
    let result = ring.and_then(|ring| {
        // SAFETY: the header's rules.
        let certificate = unsafe { guard::array(certificate.cast::<u8>(), certificate_len) }?;
        convert::ring_mut(ring)?.add_issuer(certificate)
    });
    lic2_status::of(result)
}
