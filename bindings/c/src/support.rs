//! What an engine tells support staff.

use core::ffi::c_char;

use lic2::{Engine, Error, Genuine, Status, Verdict};

use crate::abi::{lic2_decision, lic2_feature};
use crate::guard::TextOut;
use crate::state::{LIC2_ENGINE_REQUEST_PENDING, LIC2_ENGINE_SEALED, lic2_engine, lic2_engine_info};
use crate::status::{self, lic2_status};
use crate::{convert, guard, license, session};

/// Reports the state of the engine for support staff. Writes nothing.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED. @stack As lic2_engine_check. @time As lic2_engine_check.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_status_sized(
    engine: *mut lic2_engine,
    info: *mut lic2_engine_info,
    info_size: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut output = match unsafe { guard::Output::new(info, info_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    // SAFETY: the header's rules.
    let result = unsafe {
        session::with(engine, &mut |engine| {
            let status = engine.status()?;
            output.fill(|info| fill_info(&status, info));
            Ok(Verdict::DENIED)
        })
    };
    output.deliver(result)
}

/// Decides on one stored license on its own, by index: to list all licenses. Writes nothing.
/// @param index 0 to license_count - 1 of lic2_engine_info; others are INVALID_ARGUMENT.
/// @param[out] decision What this license permits on its own. Its status as in lic2_engine_check.
/// @param[out] activated_at When it was first activated; 0 if the time was never known, and when the call
///     fails.
/// @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED.
/// @stack As lic2_engine_check. @time As lic2_engine_check.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_license_at_sized(
    engine: *mut lic2_engine,
    index: u32,
    decision: *mut lic2_decision,
    decision_size: usize,
    activated_at: *mut u64,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut activated_at = unsafe { guard::number(activated_at) };
    // SAFETY: the header's rules.
    let mut output = match unsafe { guard::Output::new(decision, decision_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    let mut work = |engine: &mut Engine<'_>| {
        let activated_at = activated_at.as_deref_mut().map_err(|error| *error)?;
        let clock = engine.status()?.clock.number();
        let license = engine.license_status(place(index)?)?.ok_or(Error::InvalidArgument)?;
        *activated_at = convert::time(license.activated_at);
        convert::decision(license.license.as_ref(), &license.decision, clock, &mut output)
    };
    // SAFETY: the header's rules.
    let result = unsafe { session::with(engine, &mut work) };
    output.deliver(result)
}

/// Writes the state of the engine and of each license for support staff: lines of `name: value`, English,
/// times in Unix seconds. For people; the words may change. Writes nothing to the store. Of an engine that
/// could not be opened: the product and why.
/// @param[out] buffer The text in UTF-8. Cleared when the call fails.
/// @param[out] text_len Length of the text without the NUL; also set when the buffer is too small.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack As lic2_engine_check. @time As
///     lic2_engine_check.
#[cfg(feature = "texts")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_status_text(
    engine: *mut lic2_engine,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    // SAFETY: the header's rules.
    status::of(unsafe {
        session::with_any(engine, &mut |engine| {
            let (room, length) = out.as_mut().map_err(|error| *error)?.room();
            let mut lines = Lines { room, length: 0 };
            engine.write_status(&mut |piece| lines.push(piece))?;
            *length = lines.length;
            if lines.length <= lines.room.len() {
                return Ok(Verdict::DENIED);
            }
            lines.room.fill(0);
            Err(Error::BufferTooSmall)
        })
        .map(|_| ())
    })
}

/// Decides on one feature of one stored license on its own, by index: to list all features, as an About box
/// does.
/// @param license As index in lic2_engine_license_at.
/// @param index 0 and up; INVALID_ARGUMENT past the last one.
/// @param[out] feature As in lic2_engine_feature.
/// @return As lic2_engine_feature. @stack As lic2_engine_check. @time As lic2_engine_check.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_feature_at_sized(
    engine: *mut lic2_engine,
    license: u32,
    index: u32,
    feature: *mut lic2_feature,
    feature_size: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut output = match unsafe { guard::Output::new(feature, feature_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    let mut work = |engine: &mut Engine<'_>| {
        let answer = engine.license_feature(place(license)?, place(index)?)?;
        convert::feature(&answer.ok_or(Error::InvalidArgument)?.decision, &mut output)
    };
    // SAFETY: the header's rules.
    let result = unsafe { session::with(engine, &mut work) };
    output.deliver(result)
}

/// As lic2_license_text, of one stored license, by index.
/// @param index As in lic2_engine_license_at.
/// @return As lic2_engine_license_text; LICENSE_UNKNOWN also if its signature is no longer trusted.
/// @stack As lic2_engine_check. @time As lic2_engine_check.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_license_text_at(
    engine: *mut lic2_engine,
    index: u32,
    field: i32,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    let mut work = |engine: &mut Engine<'_>| {
        let held = engine.license_status(place(index)?)?.ok_or(Error::InvalidArgument)?;
        let genuine = held.license.ok_or(Error::LicenseUnknown)?;
        license::put_text(&genuine, field, out.as_mut().map_err(|error| *error)?).map(session::done)
    };
    // SAFETY: the header's rules.
    status::of(unsafe { session::run(engine, &mut work) })
}

/// An index of the caller's.
fn place(index: u32) -> Result<usize, Error> {
    usize::try_from(index).map_err(|_| Error::InvalidArgument)
}

/// As lic2_license_text, of the license that lic2_engine_check answers with.
/// @return As lic2_engine_check; or: BUFFER_TOO_SMALL, LICENSE_UNKNOWN (there is no license).
/// @stack As lic2_engine_check. @time As lic2_engine_check.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_license_text(
    engine: *mut lic2_engine,
    field: i32,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    let mut work = |engine: &mut Engine<'_>| {
        let genuine = best(engine)?;
        license::put_text(&genuine, field, out.as_mut().map_err(|error| *error)?).map(session::done)
    };
    // SAFETY: the header's rules.
    status::of(unsafe { session::run(engine, &mut work) })
}

/// As lic2_license_item, of the license that lic2_engine_check answers with.
/// @return As lic2_engine_license_text. @stack As lic2_engine_check. @time As lic2_engine_check.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_license_item(
    engine: *mut lic2_engine,
    number: u32,
    buffer: *mut u8,
    buffer_len: usize,
    bytes_len: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let mut out = unsafe { TextOut::new(buffer.cast(), buffer_len, bytes_len) };
    let mut work = |engine: &mut Engine<'_>| {
        let genuine = best(engine)?;
        license::put_item(&genuine, number, out.as_mut().map_err(|error| *error)?).map(session::done)
    };
    // SAFETY: the header's rules.
    status::of(unsafe { session::run(engine, &mut work) })
}

/// The license that the engine answers with.
fn best<'e>(engine: &'e mut Engine<'_>) -> Result<Genuine<'e>, Error> {
    engine.check()?.license.ok_or(Error::LicenseUnknown)
}

/// Text in a buffer of the caller's. Counts on where the buffer ends, so that the caller learns how much is needed.
struct Lines<'a> {
    room: &'a mut [u8],
    length: usize,
}

impl Lines<'_> {
    fn push(&mut self, text: &str) {
        let end = self.length.saturating_add(text.len());
        if let Some(target) = self.room.get_mut(self.length..end) {
            for (target, byte) in target.iter_mut().zip(text.bytes()) {
                *target = byte;
            }
        }
        self.length = end;
    }
}

/// Fills in the state of the engine.
fn fill_info(status: &Status, info: &mut lic2_engine_info) {
    let number = |error: Option<Error>| error.map_or(0, Error::number);
    let sealed = if status.sealed { LIC2_ENGINE_SEALED } else { 0 };
    let pending = if status.request_pending { LIC2_ENGINE_REQUEST_PENDING } else { 0 };
    *info = lic2_engine_info {
        struct_size: info.struct_size,
        flags: sealed | pending,
        refusal: number(status.refusal),
        condition: number(status.condition),
        clock: status.clock.number(),
        license_count: status.licenses,
        list_count: status.lists,
        list_number: status.list_number,
        sequence: status.sequence,
        stored_bytes: status.stored_bytes,
        now: convert::time(status.now),
        floor: status.floor.0,
        refreshed_at: convert::time(status.refreshed_at),
        powered_seconds: status.powered_seconds,
    };
}
