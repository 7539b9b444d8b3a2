//! From a pasted code to a license and a decision.

use core::ffi::c_char;

use lic2::{Error, Verdict};

use crate::abi::{lic2_decision, lic2_facts, lic2_keyring, lic2_license};
use crate::status::lic2_status;
use crate::{convert, guard, license};

/// Checks that a code was made by a seller whom the ring trusts, and keeps the license in it.
///
/// Says nothing about time, product, version or device: lic2_license_decide does. After a failure the license
/// is cleared, and every call that uses it fails with NOT_INITIALIZED.
///
/// @param      ring      The trusted keys.
/// @param      code      Text as the customer pasted it; need not end in NUL. White space, line breaks, zero-width
///                       characters and quotes around it are forgiven.
/// @param      code_len  Bytes in code, any number.
/// @param[out] license   The license; needs LIC2_INIT.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, TEXT_EMPTY,
///           TEXT_TOO_LONG, TEXT_PREFIX, TEXT_CHARACTER, TEXT_SEVERAL, TEXT_DAMAGED, DOCUMENT_KIND,
///           FORMAT_VERSION, FORMAT_ALGORITHM, FORMAT_ENVELOPE, PAYLOAD_MALFORMED, PAYLOAD_NOT_CANONICAL,
///           PAYLOAD_VALUE, EXTENSION_UNKNOWN, KEY_UNKNOWN, SIGNATURE_INVALID, CERTIFICATE_UNTRUSTED,
///           CERTIFICATE_SIGNATURE, CERTIFICATE_INVALID, ISSUER_KIND, ISSUER_DATE, ISSUER_SCOPE, ISSUER_TERM,
///           ISSUER_TEST_ONLY, ISSUER_UNSUPPORTED.
/// @threads  Needs the license alone; any number at once on one ring.
/// @stack    As lic2_code_check.
/// @time     One signature check, two if the code carries its issuer certificate; one more for each further key of
///           the ring with the same key id.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_code_verify(
    ring: *const lic2_keyring,
    code: *const c_char,
    code_len: usize,
    license: *mut lic2_license,
) -> lic2_status {
    // SAFETY: the header's rules.
    let license = unsafe { guard::blank(license) };
    let result = license.and_then(|license| {
        // SAFETY: the header's rules.
        let ring = unsafe { guard::borrow(ring) }?;
        // SAFETY: the header's rules.
        let text = unsafe { guard::array(code.cast::<u8>(), code_len) }?;
        convert::code_mut(license).accept(convert::ring(ring)?, text)?;
        let content = license::genuine_in(license).map(|_| ());
        if content.is_err() {
            convert::code_mut(license).clear();
        }
        content
    });
    lic2_status::of(result)
}

/// Verifies a code and decides what it permits: lic2_code_verify and lic2_license_decide in one.
///
/// The decision tells everything, so the return value need not be looked at. The license serves
/// lic2_license_feature and later decisions; it is cleared when the call fails, and kept when the decision is a
/// refusal.
///
/// @param      ring      The trusted keys.
/// @param      code      As for lic2_code_verify.
/// @param      code_len  As for lic2_code_verify.
/// @param      facts     What the application knows; needs LIC2_INIT and at least product.
/// @param[out] license   The license; needs LIC2_INIT.
/// @param[out] decision  The decision; needs LIC2_INIT. Its status equals the return value when the call fails.
/// @return   OK if a decision was made, also if it is a refusal; or, as in lic2_code_verify: NULL_POINTER,
///           STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, TEXT_EMPTY, TEXT_TOO_LONG, TEXT_PREFIX,
///           TEXT_CHARACTER, TEXT_SEVERAL, TEXT_DAMAGED, DOCUMENT_KIND, FORMAT_VERSION, FORMAT_ALGORITHM,
///           FORMAT_ENVELOPE, PAYLOAD_MALFORMED, PAYLOAD_NOT_CANONICAL, PAYLOAD_VALUE, EXTENSION_UNKNOWN, KEY_UNKNOWN,
///           SIGNATURE_INVALID, CERTIFICATE_UNTRUSTED, CERTIFICATE_SIGNATURE, CERTIFICATE_INVALID, ISSUER_KIND,
///           ISSUER_DATE, ISSUER_SCOPE, ISSUER_TERM, ISSUER_TEST_ONLY, ISSUER_UNSUPPORTED. For decision.status of a
///           refusal see lic2_license_decide.
/// @threads  Needs license and decision alone; any number at once on one ring and facts.
/// @stack    12.8 kB (x86-64).
/// @time     As lic2_code_verify.
/// @since    0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_code_check(
    ring: *const lic2_keyring,
    code: *const c_char,
    code_len: usize,
    facts: *const lic2_facts,
    license: *mut lic2_license,
    decision: *mut lic2_decision,
) -> lic2_status {
    // SAFETY: the header's rules.
    let license = unsafe { guard::blank(license) };
    // SAFETY: the header's rules.
    let mut output = match unsafe { guard::Output::new(decision) } {
        Ok(output) => output,
        Err(error) => return lic2_status::from_error(error),
    };
    let result = license.and_then(|license| {
        // SAFETY: the header's rules.
        let verified = unsafe { verify(ring, code, code_len, facts, license) };
        // SAFETY: the header's rules.
        let result = verified.and_then(|()| unsafe { license::decide_on(license, facts, &mut output) });
        if result.is_err() {
            convert::code_mut(license).clear();
        }
        result
    });
    output.deliver(result)
}

/// The signature check of [`lic2_code_check`]; before it, whether the facts can be used at all. It needs the most stack
/// of all: neither facts nor license nor decision lie on it meanwhile.
///
/// # Safety
/// The header's rules.
#[inline(never)]
unsafe fn verify(
    ring: *const lic2_keyring,
    code: *const c_char,
    code_len: usize,
    facts: *const lic2_facts,
    license: &mut lic2_license,
) -> Result<(), Error> {
    // SAFETY: this function's contract.
    let ring = unsafe { guard::borrow(ring) }?;
    // SAFETY: this function's contract.
    let text = unsafe { guard::array(code.cast::<u8>(), code_len) }?;
    // SAFETY: this function's contract.
    unsafe { convert::with_facts(facts, &mut |_| Ok(Verdict::DENIED)) }?;
    convert::code_mut(license).accept(convert::ring(ring)?, text)
}
