//! Asking a verified license.

use core::ffi::c_char;

use lic2::{Error, Facts, Genuine, Verdict, decide, decide_feature};

use crate::abi::{
    LIC2_TEXT_CUSTOMER, LIC2_TEXT_EDITION, LIC2_TEXT_LICENSE_ID, LIC2_TEXT_ORDER, LIC2_TEXT_PRODUCT, lic2_decision,
    lic2_facts, lic2_feature, lic2_license,
};
use crate::guard::{Output, TextOut};
use crate::status::{self, lic2_status};
use crate::{convert, guard};

/// Decides what a verified license permits under these facts. Checks no signature. Call it again at
/// next_deadline, and whenever a fact changes.
/// @param[out] decision The decision. Its status is OK; the return value; or: RULES.
/// @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED (the
///     license).
/// @stack 4.2 kB. @time A few microseconds; one hash for each component.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_license_decide_sized(
    license: *const lic2_license,
    facts: *const lic2_facts,
    decision: *mut lic2_decision,
    decision_size: usize,
) -> lic2_status {
    // SAFETY: decision is NULL or points to decision_size bytes that this call uses alone.
    let mut output = match unsafe { Output::new(decision, decision_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    // SAFETY: license is NULL or points to a whole struct that nothing writes during the call.
    let result = unsafe { guard::borrow(license) }.and_then(|license| {
        // SAFETY: facts is NULL or points to facts, and their pointers to as much as they say.
        unsafe { decide_on(license, facts, &mut output) }
    });
    output.deliver(result)
}

/// Decides what the feature with this name permits. It also decides on the license: a feature of a refused
/// license is refused for the same reason.
/// @param name Name of the feature, UTF-8. Not the name field of the struct that feature points to: outputs
///     are cleared first.
/// @param[out] feature The feature. Its status is OK; FEATURE_UNKNOWN, RIGHT_UNKNOWN, FEATURE_EXPIRED; or
///     as in lic2_license_decide.
/// @return As lic2_license_decide.
/// @stack 4.6 kB. @time As lic2_license_decide.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_license_feature_sized(
    license: *const lic2_license,
    facts: *const lic2_facts,
    name: *const c_char,
    name_len: usize,
    feature: *mut lic2_feature,
    feature_size: usize,
) -> lic2_status {
    // SAFETY: feature is NULL or points to feature_size bytes that this call uses alone.
    let mut output = match unsafe { Output::new(feature, feature_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    // SAFETY: license is NULL or points to a license that nothing writes during the call.
    let result = unsafe { genuine(license) }.and_then(|genuine| {
        // SAFETY: name is NULL or a text of name_len bytes, or up to its NUL, that nothing writes during the call.
        let name = unsafe { guard::text(name, name_len) }?;
        // SAFETY: facts is NULL or points to facts, and their pointers to as much as they say.
        unsafe { feature_of(&genuine, facts, name.as_bytes(), &mut output) }
    });
    output.deliver(result)
}

/// As lic2_license_feature, by index: to list all features.
/// @param index 0 to feature_count - 1 of the decision; others are INVALID_ARGUMENT.
/// @return As lic2_license_decide. @stack 4.6 kB. @time As lic2_license_decide.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_license_feature_at_sized(
    license: *const lic2_license,
    facts: *const lic2_facts,
    index: u32,
    feature: *mut lic2_feature,
    feature_size: usize,
) -> lic2_status {
    // SAFETY: feature is NULL or points to feature_size bytes that this call uses alone.
    let mut output = match unsafe { Output::new(feature, feature_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    // SAFETY: license is NULL or points to a license that nothing writes during the call.
    let result = unsafe { genuine(license) }.and_then(|genuine| {
        // The range ends, unlike one from 0 on, without a check for overflow.
        let mut numbered = (0..=u32::MAX).zip(genuine.license().features);
        let (_, found) = numbered.find(|(number, _)| *number == index).ok_or(Error::InvalidArgument)?;
        // SAFETY: facts is NULL or points to facts, and their pointers to as much as they say.
        unsafe { feature_of(&genuine, facts, found.name.as_bytes(), &mut output) }
    });
    output.deliver(result)
}

/// Copies a text field of the license as a NUL-terminated string; empty if the license does not have it. It
/// decides nothing.
/// @param field LIC2_TEXT_LICENSE_ID, _PRODUCT, _EDITION, _CUSTOMER or _ORDER.
/// @param[out] buffer The text in UTF-8. LIC2_TEXT_BYTES are always enough. Cleared when the call fails.
/// @param[out] text_len Length of the text without the NUL; also set when the buffer is too small.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack 4.2 kB. @time A microsecond.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_license_text(
    license: *const lic2_license,
    field: i32,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: buffer has buffer_len bytes and text_len points to one number, or they are NULL; this call uses both
    // alone.
    let out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    // SAFETY: license is NULL or points to a license that nothing writes during the call.
    status::of(unsafe { genuine(license) }.and_then(|genuine| put_text(&genuine, field, &mut out?)))
}

/// Copies the bytes of an item of the license: the seller's own data, which has numbers from 1000 on, or
/// any other item of the document format. No bytes if the license does not have it. It decides nothing.
/// @param[out] buffer The bytes. LIC2_CODE_MAX are always enough. Cleared when the call fails.
/// @param[out] bytes_len Length of the item; also set when the buffer is too small.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack 4.2 kB. @time A microsecond.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_license_item(
    license: *const lic2_license,
    number: u32,
    buffer: *mut u8,
    buffer_len: usize,
    bytes_len: *mut usize,
) -> lic2_status {
    // SAFETY: buffer has buffer_len bytes and bytes_len points to one number, or they are NULL; this call uses both
    // alone.
    let out = unsafe { TextOut::new(buffer.cast(), buffer_len, bytes_len) };
    // SAFETY: license is NULL or points to a license that nothing writes during the call.
    status::of(unsafe { genuine(license) }.and_then(|genuine| put_item(&genuine, number, &mut out?)))
}

/// The license in the caller's memory, if there is one.
///
/// # Safety
/// `license` is NULL or points to a license that nothing writes during the call.
unsafe fn genuine<'a>(license: *const lic2_license) -> Result<Genuine<'a>, Error> {
    // SAFETY: this function's contract.
    genuine_in(unsafe { guard::borrow(license) }?)
}

/// As [`genuine`]. Out of line, so that what decoding needs does not lie on the stack while the license is used.
#[inline(never)]
pub(crate) fn genuine_in(license: &lic2_license) -> Result<Genuine<'_>, Error> {
    convert::code(license).genuine()
}

/// The decision on the license in the caller's memory.
///
/// # Safety
/// `facts` is NULL or points to facts, and their pointers to as much as they say; nothing writes them during the call.
#[inline(never)]
pub(crate) unsafe fn decide_on(
    license: &lic2_license,
    facts: *const lic2_facts,
    output: &mut Output<lic2_decision>,
) -> Result<Verdict, Error> {
    let genuine = genuine_in(license);
    let genuine = genuine.as_ref().map_err(|error| *error)?;
    let mut work = |facts: &Facts<'_>| convert::decision(Some(genuine), &decide(genuine, facts), 0, output);
    // SAFETY: this function's contract.
    unsafe { convert::with_facts(facts, &mut work) }
}

/// The decision on one feature.
///
/// # Safety
/// `facts` is NULL or points to facts, and their pointers to as much as they say; nothing writes them during the call.
unsafe fn feature_of(
    genuine: &Genuine<'_>,
    facts: *const lic2_facts,
    name: &[u8],
    output: &mut Output<lic2_feature>,
) -> Result<Verdict, Error> {
    let mut work = |facts: &Facts<'_>| convert::feature(&decide_feature(genuine, facts, name), output);
    // SAFETY: this function's contract.
    unsafe { convert::with_facts(facts, &mut work) }
}

/// Copies a text of the license, with a NUL behind it.
pub(crate) fn put_text(genuine: &Genuine<'_>, field: i32, out: &mut TextOut<'_>) -> Result<(), Error> {
    let license = genuine.license();
    let text = match field {
        LIC2_TEXT_LICENSE_ID => license.id,
        LIC2_TEXT_PRODUCT => license.product,
        LIC2_TEXT_EDITION => license.edition.unwrap_or_default(),
        LIC2_TEXT_CUSTOMER => license.customer.unwrap_or_default(),
        LIC2_TEXT_ORDER => license.order.unwrap_or_default(),
        _ => return Err(Error::InvalidArgument),
    };
    if out.buffer.is_empty() {
        *out.length = text.len();
        return Err(Error::BufferTooSmall);
    }
    let (room, length) = out.room();
    *length = text.len();
    copy(text.as_bytes(), room)
}

/// Copies the bytes of an item of the license.
pub(crate) fn put_item(genuine: &Genuine<'_>, number: u32, out: &mut TextOut<'_>) -> Result<(), Error> {
    let mut items = genuine.license().items;
    let bytes = items.find(|item| u32::from(item.number) == number).map_or(&[][..], |item| item.bytes);
    *out.length = bytes.len();
    copy(bytes, out.buffer)
}

fn copy(bytes: &[u8], buffer: &mut [u8]) -> Result<(), Error> {
    buffer.get_mut(..bytes.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(bytes);
    Ok(())
}
