//! From a pasted code to a license and a decision.

use core::ffi::c_char;

use lic2::{Error, Verdict};

use crate::abi::{lic2_decision, lic2_facts, lic2_keyring, lic2_license};
use crate::status::{self, lic2_status};
use crate::{convert, guard, license};

/// Checks that a seller whom the ring trusts made this code, and keeps the license. It ignores time,
/// product, version and device: lic2_license_decide checks them. After a failure the license is cleared,
/// and every call that uses it returns NOT_INITIALIZED.
/// @param code The text as the customer pasted it. White space, line breaks, zero-width characters and
///     quotes around it are ignored.
/// @param[out] license The license. It needs no initialization.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED (the ring), TEXT, SIGNATURE.
/// @stack 12.8 kB. @time One signature check, two if the code carries its issuer certificate; one more for
///     each further key of the ring with the same key id.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_code_verify(
    ring: *const lic2_keyring,
    code: *const c_char,
    code_len: usize,
    license: *mut lic2_license,
) -> lic2_status {
    // SAFETY: license is NULL or points to memory for the struct, which this call uses alone.
    let license = unsafe { guard::blank(license) };
    let result = license.and_then(|license| {
        // SAFETY: ring is NULL or points to a whole struct that nothing writes during the call.
        let ring = unsafe { guard::borrow(ring) }?;
        // SAFETY: code is NULL or a text of code_len bytes, or up to its NUL, that nothing writes during the call.
        let text = unsafe { guard::chars(code, code_len) }?;
        convert::code_mut(license).accept(convert::ring(ring)?, text)?;
        let content = license::genuine_in(license).map(|_| ());
        if content.is_err() {
            convert::code_mut(license).clear();
        }
        content
    });
    status::of(result)
}

/// Verifies a code and decides what it permits: lic2_code_verify and lic2_license_decide in one call. You
/// may ignore the return value: the decision contains it.
/// @param code As in lic2_code_verify.
/// @param facts What the program knows; needs at least product.
/// @param[out] license The license, for lic2_license_feature and later decisions. Cleared when the call
///     fails; kept when the decision is a refusal.
/// @param[out] decision The decision. Its status is OK, a refusal as in lic2_license_decide, or the return
///     value.
/// @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED, TEXT,
///     SIGNATURE.
/// @stack 12.8 kB. @time As lic2_code_verify.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_code_check_sized(
    ring: *const lic2_keyring,
    code: *const c_char,
    code_len: usize,
    facts: *const lic2_facts,
    license: *mut lic2_license,
    decision: *mut lic2_decision,
    decision_size: usize,
) -> lic2_status {
    // SAFETY: license is NULL or points to memory for the struct, which this call uses alone.
    let license = unsafe { guard::blank(license) };
    // SAFETY: decision is NULL or points to decision_size bytes that this call uses alone.
    let mut output = match unsafe { guard::Output::new(decision, decision_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    let result = license.and_then(|license| {
        // SAFETY: ring, code and facts are NULL or point to as much as they say, which nothing writes during the call.
        let verified = unsafe { verify(ring, code, code_len, facts, license) };
        // SAFETY: facts is NULL or points to facts, and their pointers to as much as they say.
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
/// Each pointer is NULL or points to as much as its length or struct says, which nothing writes during the call.
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
    let text = unsafe { guard::chars(code, code_len) }?;
    // SAFETY: this function's contract.
    unsafe { convert::with_facts(facts, &mut |_| Ok(Verdict::DENIED)) }?;
    convert::code_mut(license).accept(convert::ring(ring)?, text)
}
