//! An engine: setting it up, giving it documents, asking it.

use core::ffi::c_char;

use lic2::{Applied, Engine, Error, Verdict};

use crate::abi::{lic2_decision, lic2_feature};
use crate::port::lic2_config;
use crate::state::{LIC2_DAYS_UNLIMITED, lic2_engine};
use crate::status::{self, lic2_status};
use crate::{convert, guard, session};

/// Sets up an engine and reads the stored activation; writes nothing. On a host, lic2_host_open calls it. A
/// damaged or foreign activation is not an error: each call reports it until lic2_engine_apply stores a
/// valid code. After a failure every call that uses the engine returns NOT_INITIALIZED. You need not close
/// an engine. Call lic2_engine_settle before you power down the device.
/// @param[out] engine The engine. It needs no initialization.
/// @param config Needs product, ring and store. Everything it points to must outlive the engine.
/// @return OK, or: ARGUMENTS (NULL_POINTER also for a missing callback of the store, one of two counter
///     callbacks, or a device key without sign; INVALID_ARGUMENT also for a clock that returns impossible
///     numbers), NOT_INITIALIZED (the ring), STORE_READ, STATE_TOO_NEW, STATE_TOO_OLD, COUNTER_FAILED.
/// @stack 13.5 kB. @time Up to three reads of a slot; one signature check for each stored document, unless
///     sealed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_open(engine: *mut lic2_engine, config: *const lic2_config) -> lic2_status {
    // SAFETY: the header's rules.
    status::of(unsafe { session::open(engine, config) })
}

/// Accepts a document from the seller as the customer pasted it: a code, a revocation list, a time token or
/// an unlock. Verifies before it stores, and stores before it returns. After a failure nothing has changed.
/// It permits nothing: call lic2_engine_check. Statuses from 412 on mean that the document is genuine but
/// does not apply to this device now.
/// @param text As code in lic2_code_verify.
/// @param[out] outcome LIC2_OUTCOME_...; 0 when the call fails.
/// @param[out] usable NULL, or: OK, or why the stored license cannot be used now, such as EXPIRED,
///     NOT_YET_VALID or VERSION_NOT_COVERED; of any other document, why a license of this device has
///     ended; OK when the call fails.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, ENGINE_BUSY, TEXT, SIGNATURE, PRODUCT_MISMATCH, TEST_CODE,
///     DEVICE_MISMATCH, DEVICE_UNKNOWN, CODE_OLDER, CODE_CONFLICT, LICENSE_RETURNED, LICENSE_RELEASED,
///     LICENSE_FROZEN, LICENSE_REFUNDED, LICENSE_REPLACED, LIST_OLDER, LIST_CONFLICT, UNLOCK_MISMATCH,
///     STATE_ROLLED_BACK, STORING.
/// @stack 15 kB. @time As lic2_code_verify; one write to the store.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_apply(
    engine: *mut lic2_engine,
    text: *const c_char,
    text_len: usize,
    outcome: *mut u32,
    usable: *mut lic2_status,
) -> lic2_status {
    // SAFETY: the header's rules.
    unsafe { take_in(engine, text, text_len, outcome, usable, |engine, text| engine.apply(text)) }
}

/// Reports what lic2_engine_apply would do with this document now, and stores nothing: to ask the customer
/// before a renewal takes the running version away (LIC2_OUTCOME_VERSION_NOT_COVERED).
/// @param outcome As lic2_engine_apply. @param usable As lic2_engine_apply.
/// @return As lic2_engine_apply, but only ARGUMENTS, NOT_INITIALIZED and STATE_FULL of STORING.
/// @stack 19.5 kB. @time As lic2_code_verify.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_preview(
    engine: *mut lic2_engine,
    text: *const c_char,
    text_len: usize,
    outcome: *mut u32,
    usable: *mut lic2_status,
) -> lic2_status {
    // SAFETY: the header's rules.
    unsafe { take_in(engine, text, text_len, outcome, usable, |engine, text| engine.preview(text)) }
}

/// Does `work` with the document and delivers what became of it.
///
/// # Safety
/// The header's rules.
#[inline(always)]
unsafe fn take_in(
    engine: *mut lic2_engine,
    text: *const c_char,
    text_len: usize,
    outcome: *mut u32,
    usable: *mut lic2_status,
    work: impl Fn(&mut Engine<'_>, &[u8]) -> Result<Applied, Error>,
) -> lic2_status {
    let mut unwanted = 0;
    // SAFETY: this function's contract.
    let outcome = unsafe { guard::number(outcome) };
    // SAFETY: this function's contract.
    let usable = unsafe { guard::number(if usable.is_null() { &raw mut unwanted } else { usable }) };
    // SAFETY: this function's contract.
    let result = unsafe { guard::chars(text, text_len) }.and_then(|text| {
        let (outcome, usable) = (outcome?, usable?);
        let mut work = |engine: &mut Engine<'_>| {
            let applied = work(engine, text)?;
            *outcome = applied.outcome.number();
            *usable = applied.refusal.map_or(0, Error::number);
            Ok(Verdict::DENIED)
        };
        // SAFETY: this function's contract.
        unsafe { session::run(engine, &mut work) }
    });
    status::of(result)
}

/// Decides whether the product may run. Call it at every start and again no later than next_deadline. The
/// decision is that of the best license; next_deadline is the earliest of all. Trusts the signatures that
/// were checked when the documents were applied or read; lic2_engine_reverify checks them again.
/// @param[out] decision The decision. Its status is OK; the return value; a refusal as in
///     lic2_license_decide; or: NOT_ACTIVATED, CLOCK_UNSET, LICENSE_RELEASED, _FROZEN, _REFUNDED,
///     _REPLACED, LIST_PART_MISSING, STATE_CORRUPT, STATE_FOREIGN, STATE_ROLLED_BACK; STORING if the time
///     had to be stored and was not; SIGNATURE if the keys of the ring have changed or an issuer was
///     revoked.
/// @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED (also if the
///     store failed in a way that leaves its content unknown: open the engine again).
/// @stack 7.5 kB; 13.5 kB if the store fails. @time Some microseconds for each license; rarely one write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_check_sized(
    engine: *mut lic2_engine,
    decision: *mut lic2_decision,
    decision_size: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut output = match unsafe { guard::Output::new(decision, decision_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
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

/// Decides whether a feature may be used, and how much of it. The license that grants most of it counts.
/// @param name As in lic2_license_feature.
/// @param[out] feature The feature. Its status is OK; FEATURE_UNKNOWN, RIGHT_UNKNOWN, FEATURE_EXPIRED; or
///     as in lic2_engine_check.
/// @return As lic2_engine_check. @stack As lic2_engine_check. @time As lic2_engine_check.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_feature_sized(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    feature: *mut lic2_feature,
    feature_size: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut output = match unsafe { guard::Output::new(feature, feature_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    // SAFETY: the header's rules.
    let result = unsafe { guard::text(name, name_len) }.and_then(|name| {
        let mut work = |engine: &mut Engine<'_>| convert::feature(&engine.feature(name)?.decision, &mut output);
        // SAFETY: the header's rules.
        unsafe { session::with(engine, &mut work) }
    });
    output.deliver(result)
}

/// Stores what the engine keeps only in memory, so that no reservation is lost: before the device is
/// switched off. The engine remains open.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, STORING. @stack As lic2_engine_check. @time At most one
///     write.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_settle(engine: *mut lic2_engine) -> lic2_status {
    // SAFETY: the header's rules.
    status::of(unsafe { session::run(engine, &mut |engine| engine.settle().map(session::done)) })
}

/// Checks the signatures of all stored documents again, for programs that run for months or distrust their
/// memory. A bad signature is not an error: the next decision reports it.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED. @stack 13.5 kB. @time One signature check for each stored
///     document.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_reverify(engine: *mut lic2_engine) -> lic2_status {
    // SAFETY: the header's rules.
    status::of(unsafe { session::run(engine, &mut |engine| engine.reverify().map(session::done)) })
}

/// Confirms this build of your firmware: from now on the activation is stored in the latest format that this
/// library knows. Until then it keeps the format that was read, so that an update that is tried and reverted
/// leaves the build before it an activation that it can read. Call it at every start, after your self-test.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, ENGINE_BUSY, STORING. @stack As lic2_engine_check.
/// @time One write to the store, once for each new format.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_confirm_version(engine: *mut lic2_engine) -> lic2_status {
    // SAFETY: the header's rules.
    status::of(unsafe { session::run(engine, &mut |engine| engine.confirm_version().map(session::done)) })
}

/// Reports how many days of the term are left under the license that lic2_engine_check answers with. A begun
/// day counts as one; of a license that counts powered-on hours, 24 of them are a day.
/// @param[out] days The days; LIC2_DAYS_UNLIMITED without an end; 0 in grace, if nothing is granted, and when
///     the call fails.
/// @return As lic2_engine_check. @stack As lic2_engine_check. @time As lic2_engine_check.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_days_left(engine: *mut lic2_engine, days: *mut u32) -> lic2_status {
    // SAFETY: the header's rules.
    let result = unsafe { guard::number(days) }.and_then(|days| {
        let mut work = |engine: &mut Engine<'_>| {
            *days = engine.days_left()?.unwrap_or(LIC2_DAYS_UNLIMITED);
            Ok(Verdict::DENIED)
        };
        // SAFETY: the header's rules.
        unsafe { session::run(engine, &mut work) }
    });
    status::of(result)
}

/// Reports why lic2_engine_open failed: every other call says only NOT_INITIALIZED.
/// @return The status that lic2_engine_open returned; OK while the engine is open; NOT_INITIALIZED if it was
///     never opened; ENGINE_BUSY; or: ARGUMENTS.
/// @stack As lic2_engine_check. @time Constant.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_open_status(engine: *mut lic2_engine) -> lic2_status {
    // SAFETY: the header's rules.
    let result = unsafe {
        session::with_any(engine, &mut |engine| match engine.open_failure() {
            Some(error) => Err(error),
            None => engine.check_open().map(session::done),
        })
    };
    status::of(result.map(|_| ()))
}
