//! What a device writes for the seller.

use core::ffi::c_char;
use core::mem::MaybeUninit;

use lic2::{Ask, Engine, Error};

use crate::abi::LIC2_CODE_MAX;
use crate::guard::TextOut;
use crate::state::{LIC2_SIGN_CONTAINER, LIC2_SIGN_VIRTUAL_MACHINE, lic2_ask, lic2_engine};
use crate::status::{self, lic2_status};
use crate::{guard, session};

/// Writes a request for the seller: for a license, or for the unlock of a device that needs one. The first
/// one is stored and repeated until an unlock answers it, so that every copy of it is valid.
/// @param ask What to ask for; NULL asks for nothing in particular.
/// @param[out] buffer The text. LIC2_DOCUMENT_BYTES are always enough. Cleared when the call fails.
/// @param[out] text_len Length of the text without the NUL; the length that is always enough if the buffer
///     is too small.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, STORING, SIGNING_FAILED.
/// @stack 8.5 kB; 15.5 kB if the store fails. @time One hash for each component; at first one write; a
///     signature if the device has a key.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_request(
    engine: *mut lic2_engine,
    ask: *const lic2_ask,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    // SAFETY: the header's rules.
    status::of(unsafe { asked(ask) }.and_then(|ask| {
        // SAFETY: the header's rules.
        unsafe { document(engine, out, &mut |engine, room| engine.request(&ask, room).map(str::len)) }
    }))
}

/// Returns a license and writes the receipt for the seller. From now on the device refuses the license
/// until it gets a code with a higher serial. Called again, it writes the same receipt, if it is among the
/// last four. A receipt of many quotas has several texts: lic2_engine_next_part writes the others.
/// @param entropy Random bytes, if there are any.
/// @param[out] buffer As in lic2_engine_request. If it is too small, the license is kept.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, LICENSE_UNKNOWN, STATE_CORRUPT,
///     STATE_FOREIGN, STATE_ROLLED_BACK, STORING, SIGNING_FAILED. After a failure the license is kept;
///     after COUNTER_FAILED it may be gone, and another call writes the receipt.
/// @stack As lic2_engine_request. @time As lic2_engine_request; one write.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_deactivate(
    engine: *mut lic2_engine,
    license_id: *const c_char,
    license_id_len: usize,
    entropy: *const u8,
    entropy_len: usize,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    // SAFETY: the header's rules.
    let inputs = unsafe { inputs(license_id, license_id_len, entropy, entropy_len) };
    status::of(inputs.and_then(|(id, entropy)| {
        // SAFETY: the header's rules.
        unsafe { document(engine, out, &mut |engine, room| engine.deactivate(id, entropy, room).map(str::len)) }
    }))
}

/// Writes one of the kept receipts again, by index, the oldest first. lic2_engine_next_part writes its other
/// texts.
/// @param index 0 and up, at most 3; INVALID_ARGUMENT past the last one.
/// @param[out] buffer As in lic2_engine_request.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, SIGNING_FAILED.
/// @stack As lic2_engine_request. @time As lic2_engine_request.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_receipt_at(
    engine: *mut lic2_engine,
    index: u32,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    let mut work = |engine: &mut Engine<'_>, room: &mut [u8]| {
        let index = usize::try_from(index).map_err(|_| Error::InvalidArgument)?;
        engine.receipt(index, room)?.map(str::len).ok_or(Error::InvalidArgument)
    };
    // SAFETY: the header's rules.
    status::of(unsafe { document(engine, out, &mut work) })
}

/// Writes a usage report for the seller: how much of every quota was used in total, and how much of that
/// the seller had accepted before. A report of many quotas has several texts: lic2_engine_next_part writes
/// the others. A report that a power cut interrupts begins again with the next number; nothing is lost.
/// @param license_id Restricts the report to one license; (NULL, 0) for all.
/// @param entropy Random bytes, if there are any.
/// @param[out] buffer As in lic2_engine_request.
/// @param[out] number Number of the report, for lic2_engine_usage_accepted; 0 when the call fails.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, LICENSE_UNKNOWN, STORING, SIGNING_FAILED.
/// @stack As lic2_engine_request. @time As lic2_engine_request; one write.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_usage(
    engine: *mut lic2_engine,
    license_id: *const c_char,
    license_id_len: usize,
    entropy: *const u8,
    entropy_len: usize,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
    number: *mut u32,
) -> lic2_status {
    // SAFETY: the header's rules.
    let out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    // SAFETY: the header's rules.
    let number = unsafe { guard::number(number) };
    // SAFETY: the header's rules.
    let inputs = unsafe { inputs(license_id, license_id_len, entropy, entropy_len) };
    status::of(inputs.and_then(|(id, entropy)| {
        let number = number?;
        let mut work = |engine: &mut Engine<'_>, room: &mut [u8]| {
            let (report, text) = engine.usage(id, entropy, room)?;
            *number = report;
            Ok(text.len())
        };
        // SAFETY: the header's rules.
        unsafe { document(engine, out, &mut work) }
    }))
}

/// Writes the next text of the last receipt or usage report. Call it until text_len is 0, and send every
/// text to the seller. Another receipt or report, and lic2_engine_apply, end an incomplete report: begin it
/// again then. After a failure you can repeat the call.
/// @param[out] buffer As in lic2_engine_request; empty after the last text.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, STORING, SIGNING_FAILED.
/// @stack As lic2_engine_request. @time As lic2_engine_usage.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_next_part(
    engine: *mut lic2_engine,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: buffer has buffer_len bytes and text_len points to one size, both for this call alone (header).
    let out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    let mut work =
        |engine: &mut Engine<'_>, room: &mut [u8]| engine.next_part(room).map(|text| text.map_or(0, str::len));
    // SAFETY: engine points to an engine that this call uses alone (header).
    status::of(unsafe { document(engine, out, &mut work) })
}

/// Notes that the seller has accepted the last usage report: later ones count from it.
/// @param number Number of that report; others are INVALID_ARGUMENT.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, STORING. @stack As lic2_engine_check. @time One write.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_usage_accepted(engine: *mut lic2_engine, number: u32) -> lic2_status {
    // SAFETY: the header's rules.
    status::of(unsafe { session::run(engine, &mut |engine| engine.usage_accepted(number).map(session::done)) })
}

/// What to ask for.
///
/// # Safety
/// The header's rules.
unsafe fn asked<'a>(ask: *const lic2_ask) -> Result<Ask<'a>, Error> {
    if ask.is_null() {
        return Ok(Ask::default());
    }
    let mut copy = MaybeUninit::uninit();
    // SAFETY: this function's contract.
    let ask = unsafe { guard::read(ask, &mut copy) }?;
    if ask.signs & !(LIC2_SIGN_VIRTUAL_MACHINE | LIC2_SIGN_CONTAINER) != 0 {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: this function's contract.
    let (license, entropy) = unsafe { inputs(ask.license_id, ask.license_id_len, ask.entropy, ask.entropy_len) }?;
    Ok(Ask::new()
        .with_license(license)
        .with_signs(u8::try_from(ask.signs).map_err(|_| Error::InvalidArgument)?)
        .with_entropy(entropy))
}

/// The id of a license, and entropy.
///
/// # Safety
/// The header's rules.
unsafe fn inputs<'a>(
    license_id: *const c_char,
    license_id_len: usize,
    entropy: *const u8,
    entropy_len: usize,
) -> Result<(&'a str, &'a [u8]), Error> {
    // SAFETY: this function's contract.
    let license = unsafe { guard::text(license_id, license_id_len) }?;
    // SAFETY: this function's contract.
    Ok((license, unsafe { guard::array(entropy, entropy_len) }?))
}

/// Has an engine write a document and returns its length.
type Write<'a> = &'a mut dyn FnMut(&mut Engine<'_>, &mut [u8]) -> Result<usize, Error>;

/// Lets the engine write a document.
///
/// # Safety
/// The header's rules.
#[inline(never)]
unsafe fn document(engine: *mut lic2_engine, out: Result<TextOut<'_>, Error>, work: Write<'_>) -> Result<(), Error> {
    let mut out = out?;
    let (room, length) = out.room();
    let mut work = |engine: &mut Engine<'_>| {
        *length = work(engine, room)?;
        Ok(session::done(()))
    };
    // SAFETY: this function's contract.
    let written = unsafe { session::run(engine, &mut work) };
    if let Err(error) = written {
        room.fill(0);
        *length = if error == Error::BufferTooSmall { LIC2_CODE_MAX } else { 0 };
    }
    written
}
