//! An engine: setting it up, giving it documents, asking it.

use core::ffi::c_char;

use lic2::{Engine, Verdict};

use crate::abi::{lic2_decision, lic2_feature};
use crate::port::lic2_config;
use crate::state::lic2_engine;
use crate::status::lic2_status;
use crate::{convert, guard, session};

/// Sets up an engine and reads the stored activation. Writes nothing.
///
/// A damaged or foreign activation is no failure: every answer tells it, and lic2_engine_apply with a code repairs it.
/// After a failure the engine is not open, and every call that uses it fails with NOT_INITIALIZED. Call it once at the
/// start; again to start anew. There is nothing to close; before the device is switched off call lic2_engine_settle.
///
/// @param[out] engine  The engine; needs LIC2_INIT.
/// @param      config  What to work with; needs LIC2_INIT, product, ring and store.
/// @return   OK, or: NULL_POINTER (also without a callback of the store, with one of the counter's two, or with a
///           device key that nothing signs with), STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED (the
///           key ring), STORE_READ, STATE_TOO_NEW, COUNTER_FAILED.
/// @threads  Needs the engine alone.
/// @stack    13.5 kB (x86-64), and what the callbacks need.
/// @time     Up to three readings of a slot; one signature check for each document in the store, unless it is sealed.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_open(engine: *mut lic2_engine, config: *const lic2_config) -> lic2_status {
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { session::open(engine, config) })
}

/// Takes in a document from the seller, as the customer pasted it: a code, a revocation list, a time token or an
/// unlock.
///
/// Verifies before it stores, and stores before it returns. After a failure nothing has changed. Permits nothing by
/// itself: ask lic2_engine_check. Where the marks of a failure have to be told apart: from 412 on the document is
/// genuine, but not for this device now.
///
/// @param[in,out] engine    The engine.
/// @param         text      The document; need not end in NUL. Forgiven as in lic2_code_verify.
/// @param         text_len  Bytes in text, any number.
/// @param[out]    outcome   LIC2_OUTCOME_...; 0 when the call fails.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, TEXT_EMPTY,
///           TEXT_TOO_LONG, TEXT_PREFIX, TEXT_CHARACTER, TEXT_SEVERAL, TEXT_DAMAGED, DOCUMENT_KIND, FORMAT_VERSION,
///           FORMAT_ALGORITHM, FORMAT_ENVELOPE, PAYLOAD_MALFORMED, PAYLOAD_NOT_CANONICAL, PAYLOAD_VALUE,
///           EXTENSION_UNKNOWN, KEY_UNKNOWN, SIGNATURE_INVALID, CERTIFICATE_UNTRUSTED, CERTIFICATE_SIGNATURE,
///           CERTIFICATE_INVALID, ISSUER_KIND, ISSUER_DATE, ISSUER_SCOPE, ISSUER_TERM, ISSUER_TEST_ONLY, ISSUER_UNSUPPORTED,
///           ISSUER_REVOKED, PRODUCT_MISMATCH, TEST_CODE, DEVICE_MISMATCH, DEVICE_UNKNOWN, CODE_OLDER, CODE_CONFLICT,
///           LICENSE_RETURNED, LICENSE_RELEASED, LICENSE_FROZEN, LICENSE_REFUNDED, LICENSE_REPLACED, LIST_OLDER,
///           LIST_CONFLICT, UNLOCK_MISMATCH, STORE_WRITE, STATE_ROLLED_BACK, STATE_FULL, COUNTER_FAILED.
/// @threads  Needs the engine alone.
/// @stack    15 kB (x86-64), and what the callbacks need.
/// @time     As lic2_code_verify; one write to the store.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_apply(
    engine: *mut lic2_engine,
    text: *const c_char,
    text_len: usize,
    outcome: *mut u32,
) -> lic2_status {
    // SAFETY: the header's rules.
    let outcome = unsafe { guard::number(outcome) };
    // SAFETY: the header's rules.
    let result = unsafe { guard::array(text.cast::<u8>(), text_len) }.and_then(|text| {
        let outcome = outcome?;
        let mut work = |engine: &mut Engine<'_>| {
            *outcome = engine.apply(text)?.number();
            Ok(Verdict::DENIED)
        };
        // SAFETY: the header's rules.
        unsafe { session::run(engine, &mut work) }
    });
    lic2_status::of(result)
}

/// May this run? Call it at every start and as often as wished, at the latest at next_deadline.
///
/// Tells the best of all licenses; next_deadline is the earliest of them all. Believes the signatures that were checked
/// when the documents were applied or read; lic2_engine_reverify checks them again.
///
/// @param[in,out] engine    The engine.
/// @param[out]    decision  The decision; needs LIC2_INIT. Its status is OK if granted; why not: NOT_ACTIVATED, any
///                          refusal that lic2_license_decide names, CLOCK_UNSET, LICENSE_RELEASED, LICENSE_FROZEN,
///                          LICENSE_REFUNDED, LICENSE_REPLACED, STATE_CORRUPT, STATE_FOREIGN, STATE_ROLLED_BACK; if the
///                          time had to be stored and was not, STORE_WRITE, STATE_FULL, COUNTER_FAILED; if the keys of
///                          the ring have changed or an issuer was revoked, any status from 301 to 311; or the return
///                          value when the call fails.
/// @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
///           INVALID_ARGUMENT, NOT_INITIALIZED (also when the store has failed so that it is not known any more what is
///           stored: open the engine again).
/// @threads  Needs the engine and the decision alone.
/// @stack    7.5 kB (x86-64), 13.5 kB if the store fails, and what the callbacks need.
/// @time     Some microseconds for each license; seldom one write to the store.
/// @since    0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_check(engine: *mut lic2_engine, decision: *mut lic2_decision) -> lic2_status {
    // SAFETY: the header's rules.
    let mut output = match unsafe { guard::Output::new(decision) } {
        Ok(output) => output,
        Err(error) => return lic2_status::from_error(error),
    };
    // SAFETY: the header's rules.
    let result = unsafe {
        session::with(engine, &mut |engine| {
            let answer = engine.check();
            let answer = answer.as_ref().map_err(|error| *error)?;
            convert::decision(answer.license.as_ref(), &answer.decision, answer.clock.number(), &mut output)
        })
    };
    output.deliver(result)
}

/// May this feature be used, and how much of it? The license that gives most of it counts.
///
/// @param[in,out] engine    The engine.
/// @param         name      Name of the feature, UTF-8; need not end in NUL. Not the name field of the very struct that
///                          feature points to: outputs are cleared first.
/// @param         name_len  Bytes in name.
/// @param[out]    feature   The feature; needs LIC2_INIT. Its status is OK if granted; why not: FEATURE_UNKNOWN,
///                          RIGHT_UNKNOWN, FEATURE_EXPIRED, or any refusal that lic2_engine_check names; or the return value when the
///                          call fails.
/// @return   As lic2_engine_check.
/// @threads  Needs the engine and the feature alone.
/// @stack    7.5 kB (x86-64), 13.5 kB if the store fails, and what the callbacks need.
/// @time     As lic2_engine_check.
/// @since    0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_feature(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    feature: *mut lic2_feature,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut output = match unsafe { guard::Output::new(feature) } {
        Ok(output) => output,
        Err(error) => return lic2_status::from_error(error),
    };
    // SAFETY: the header's rules.
    let result = unsafe { guard::text(name, name_len) }.and_then(|name| {
        let mut work = |engine: &mut Engine<'_>| convert::feature(&engine.feature(name)?.decision, &mut output);
        // SAFETY: the header's rules.
        unsafe { session::with(engine, &mut work) }
    });
    output.deliver(result)
}

/// Stores what an engine keeps in memory only, so that nothing reserved is lost: before the device is switched off.
/// The engine stays open.
///
/// @param[in,out] engine  The engine.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, STORE_WRITE,
///           STATE_FULL, COUNTER_FAILED.
/// @threads  Needs the engine alone.
/// @stack    As lic2_engine_check.
/// @time     At most one write to the store.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_settle(engine: *mut lic2_engine) -> lic2_status {
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { session::run(engine, &mut |engine| engine.settle().map(session::done)) })
}

/// Checks the signature of everything that is stored again, as lic2_engine_open does where nothing is sealed. For
/// programs that run for months and for those that distrust their own memory.
///
/// @param[in,out] engine  The engine.
/// @return   OK, also if a signature is not good any more, which the next decision tells; or: NULL_POINTER,
///           STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED.
/// @threads  Needs the engine alone.
/// @stack    As lic2_engine_open.
/// @time     One signature check for each document in the store.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_reverify(engine: *mut lic2_engine) -> lic2_status {
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { session::run(engine, &mut |engine| engine.reverify().map(session::done)) })
}
