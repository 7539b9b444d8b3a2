//! Quotas and seats of an engine.

use core::ffi::c_char;
use core::mem::{align_of, offset_of, size_of};

use lic2::{Engine, Error, MeterReading, Right, Seat, Verdict};

use crate::state::{lic2_engine, lic2_meter, lic2_seat};
use crate::status::lic2_status;
use crate::{convert, guard, session};

// A seat of the header is the core's.
const _: () = {
    assert!(size_of::<lic2_seat>() == size_of::<Seat>() && align_of::<lic2_seat>() == align_of::<Seat>());
    assert!(offset_of!(lic2_seat, holder) == offset_of!(Seat, holder));
    assert!(offset_of!(lic2_seat, until) == offset_of!(Seat, until));
};

/// Uses some of a quota: all of amount or nothing. What is used is stored before it is granted.
///
/// With a reservation as much more is stored as used along with it, as far as the quota reaches, so that the next uses
/// need no write. A power cut without lic2_engine_settle costs what is left of the reservation.
///
/// @param[in,out] engine       The engine.
/// @param         name         Name of the feature, UTF-8; need not end in NUL.
/// @param         name_len     Bytes in name.
/// @param         amount       How much to use.
/// @param         reservation  How much more to store as used where something has to be stored; 0 for none.
/// @param[out]    meter        Granted if the amount may be used; needs LIC2_INIT. Its status is OK if granted; why not:
///                             QUOTA_EXHAUSTED, or any refusal that lic2_engine_feature names; or the return value when
///                             the call fails.
/// @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
///           INVALID_ARGUMENT, NOT_INITIALIZED, FEATURE_KIND (the feature is no quota), STORE_WRITE, STATE_FULL,
///           COUNTER_FAILED.
/// @threads  Needs the engine and the meter alone.
/// @stack    As lic2_engine_check.
/// @time     As lic2_engine_check; a write to the store where the reservation does not reach.
/// @since    0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_consume(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    amount: u64,
    reservation: u64,
    meter: *mut lic2_meter,
) -> lic2_status {
    // SAFETY: the header's rules.
    unsafe { metered(engine, name, name_len, meter, &mut |engine, name| engine.consume(name, amount, reservation)) }
}

/// Gives back some of a quota that was used in vain, as far as that much was used.
///
/// Kept in memory like a reservation: a power cut without lic2_engine_settle takes it back.
///
/// @param[in,out] engine    The engine.
/// @param         name      Name of the feature, UTF-8; need not end in NUL.
/// @param         name_len  Bytes in name.
/// @param         amount    How much to give back.
/// @param[out]    meter     As for lic2_engine_consume.
/// @return   As lic2_engine_consume.
/// @threads  Needs the engine and the meter alone.
/// @stack    As lic2_engine_check.
/// @time     As lic2_engine_check.
/// @since    0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_give_back(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    amount: u64,
    meter: *mut lic2_meter,
) -> lic2_status {
    // SAFETY: the header's rules.
    unsafe { metered(engine, name, name_len, meter, &mut |engine, name| engine.give_back(name, amount)) }
}

/// How much of a quota is used and left. Uses nothing, so it permits nothing: only lic2_engine_consume does.
///
/// @param[in,out] engine    The engine.
/// @param         name      Name of the feature, UTF-8; need not end in NUL.
/// @param         name_len  Bytes in name.
/// @param[out]    meter     Granted if the feature is; needs LIC2_INIT. Its status is OK if granted; why not: any
///                          refusal that lic2_engine_feature names; or the return value when the call fails.
/// @return   As lic2_engine_consume.
/// @threads  Needs the engine and the meter alone.
/// @stack    As lic2_engine_check.
/// @time     As lic2_engine_check.
/// @since    0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_meter(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    meter: *mut lic2_meter,
) -> lic2_status {
    // SAFETY: the header's rules.
    unsafe { metered(engine, name, name_len, meter, &mut |engine, name| engine.meter(name)) }
}

/// Takes a seat of a limited feature, or prolongs the lease of the one that the holder has.
///
/// Seats live in the caller's memory and end with the device's power, as the users do. Keep one table for each feature
/// and engine; begin with zeros. A seat whose lease has ended is free.
///
/// @param[in,out] engine         The engine.
/// @param         name           Name of the feature, UTF-8; need not end in NUL.
/// @param         name_len       Bytes in name.
/// @param[in,out] seats          The table. Unchanged when the call fails.
/// @param         seats_count    Seats in the table; as many as the limit that licenses have at most.
/// @param         holder         Who takes the seat: any number but 0.
/// @param         lease_seconds  How long the seat is kept without another call; not 0.
/// @param[out]    meter          Granted if the holder has a seat; needs LIC2_INIT. Its status is OK if granted; why
///                               not: SEATS_TAKEN, or any refusal that lic2_engine_feature names, among them
///                               TIME_UNKNOWN if nothing counts seconds; or the return value when the call fails.
/// @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
///           INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL (the table is full, the limit not reached),
///           FEATURE_KIND (the feature is no limit), STORE_WRITE, STATE_FULL, COUNTER_FAILED.
/// @threads  Needs the engine, the table and the meter alone.
/// @stack    As lic2_engine_check.
/// @time     As lic2_engine_check twice.
/// @since    0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_acquire(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    seats: *mut lic2_seat,
    seats_count: usize,
    holder: u64,
    lease_seconds: u32,
    meter: *mut lic2_meter,
) -> lic2_status {
    // SAFETY: the header's rules; the two seats are the same.
    let mut seats = unsafe { guard::array_mut(seats.cast::<Seat>(), seats_count) };
    let mut work = |engine: &mut Engine<'_>, name: &str| {
        let seats = seats.as_deref_mut().map_err(|error| *error)?;
        let used = engine.acquire(name, seats, holder, lease_seconds)?;
        let decision = engine.feature(name)?.decision;
        let total = match decision.feature.map(|feature| feature.right) {
            Some(Right::Limit(most)) => most,
            _ => used,
        };
        let mut reading = MeterReading::default();
        reading.verdict = decision.verdict;
        reading.total = total;
        reading.used = used;
        reading.remaining = total.saturating_sub(used);
        Ok(reading)
    };
    // SAFETY: the header's rules.
    unsafe { metered(engine, name, name_len, meter, &mut work) }
}

/// Frees the seat of a holder, if it has one.
///
/// @param[in,out] seats        The table.
/// @param         seats_count  Seats in the table.
/// @param         holder       Whose seat to free; not 0.
/// @return   OK, also if the holder had no seat; or: NULL_POINTER, INVALID_ARGUMENT.
/// @threads  Needs the table alone.
/// @stack    Under 100 bytes.
/// @time     As long as the table.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_seat_release(seats: *mut lic2_seat, seats_count: usize, holder: u64) -> lic2_status {
    // SAFETY: the header's rules; the two seats are the same.
    let seats = unsafe { guard::array_mut(seats.cast::<Seat>(), seats_count) };
    lic2_status::of(seats.and_then(|seats| {
        if holder == 0 {
            return Err(Error::InvalidArgument);
        }
        Seat::release(seats, holder);
        Ok(())
    }))
}

/// Does `work` with the quota or seats of a feature and delivers what became of it.
///
/// # Safety
/// The header's rules.
#[inline(never)]
unsafe fn metered(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    meter: *mut lic2_meter,
    work: &mut dyn FnMut(&mut Engine<'_>, &str) -> Result<MeterReading, Error>,
) -> lic2_status {
    // SAFETY: this function's contract.
    let mut output = match unsafe { guard::Output::new(meter) } {
        Ok(output) => output,
        Err(error) => return lic2_status::from_error(error),
    };
    // SAFETY: this function's contract.
    let result = unsafe { guard::text(name, name_len) }.and_then(|name| {
        let mut work = |engine: &mut Engine<'_>| {
            let reading = work(engine, name)?;
            convert::meter(&reading, &mut output);
            Ok(reading.verdict)
        };
        // SAFETY: this function's contract.
        unsafe { session::with(engine, &mut work) }
    });
    let result = match result {
        Err(error) if convert::is_refusal(error) => {
            output.fill(|meter| meter.status = error.number());
            Ok(Verdict::DENIED)
        }
        result => result,
    };
    output.deliver(result)
}
