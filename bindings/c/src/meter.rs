//! Quotas and seats of an engine.

use core::ffi::c_char;
use core::mem::{align_of, offset_of, size_of};

use lic2::{Engine, Error, MeterReading, Right, Seat, Verdict};

use crate::state::{lic2_engine, lic2_meter, lic2_seat};
use crate::status::{self, lic2_status};
use crate::{convert, guard, session};

// A seat of the header is the core's.
const _: () = {
    assert!(size_of::<lic2_seat>() == size_of::<Seat>() && align_of::<lic2_seat>() == align_of::<Seat>());
    assert!(offset_of!(lic2_seat, holder) == offset_of!(Seat, holder));
    assert!(offset_of!(lic2_seat, until) == offset_of!(Seat, until));
};

/// Uses some of a quota: the whole amount or nothing. The use is stored before it is granted. With a
/// reservation, that much more is stored as used along with it, as far as the quota reaches, so that the
/// next uses need no write. A power cut without lic2_engine_settle loses the rest of the reservation.
/// @param reservation How much more to store as used when a write is needed; 0 for none.
/// @param[out] meter Granted if the amount may be used. Its status is OK; QUOTA_EXHAUSTED; or as in
///     lic2_engine_feature.
/// @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED, FEATURE_KIND
///     (the feature is not a quota), STORING.
/// @stack As lic2_engine_check. @time As lic2_engine_check; one write if the reservation does not reach.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_consume_sized(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    amount: u64,
    reservation: u64,
    meter: *mut lic2_meter,
    meter_size: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    unsafe {
        metered(engine, name, name_len, meter, meter_size, &mut |engine, name, reading| {
            engine.consume_into(name, amount, reservation, reading)
        })
    }
}

/// Returns some of a quota that was used in vain, at most as much as was used. Kept in memory like a
/// reservation: a power cut without lic2_engine_settle undoes it.
/// @return As lic2_engine_consume. @stack As lic2_engine_check. @time As lic2_engine_check.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_give_back_sized(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    amount: u64,
    meter: *mut lic2_meter,
    meter_size: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    unsafe {
        metered(engine, name, name_len, meter, meter_size, &mut |engine, name, reading| {
            put(reading, engine.give_back(name, amount))
        })
    }
}

/// Reports how much of a quota is used and left. Uses nothing, so it permits nothing: only
/// lic2_engine_consume does.
/// @param[out] meter Granted if the feature is. Its status as in lic2_engine_feature.
/// @return As lic2_engine_consume. @stack As lic2_engine_check. @time As lic2_engine_check.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_meter_sized(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    meter: *mut lic2_meter,
    meter_size: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    unsafe {
        metered(engine, name, name_len, meter, meter_size, &mut |engine, name, reading| {
            put(reading, engine.meter(name))
        })
    }
}

/// Takes a seat of a limited feature, or prolongs the lease of the seat that the holder has. Seats are in
/// your memory and end with the power, as their users do. Keep one table for each feature and engine, zeros
/// at first.
/// @param[in,out] seats The table: as many seats as the highest limit that a license may have. Unchanged on
///     failure.
/// @param holder Who takes the seat; not 0.
/// @param lease_seconds How long the seat is kept without another call; not 0.
/// @param[out] meter Granted if the holder has a seat. Its status is OK; SEATS_TAKEN; or as in
///     lic2_engine_feature, TIME_UNKNOWN also if nothing counts seconds.
/// @return As lic2_engine_consume (FEATURE_KIND: the feature is not a limit); or: BUFFER_TOO_SMALL (the
///     table is full, the limit not reached).
/// @stack As lic2_engine_check. @time Twice lic2_engine_check.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_engine_acquire_sized(
    engine: *mut lic2_engine,
    name: *const c_char,
    name_len: usize,
    seats: *mut lic2_seat,
    seats_count: usize,
    holder: u64,
    lease_seconds: u32,
    meter: *mut lic2_meter,
    meter_size: usize,
) -> lic2_status {
    // SAFETY: the header's rules; the two seats are the same.
    let mut seats = unsafe { guard::array_mut(seats.cast::<Seat>(), seats_count) };
    let mut work = |engine: &mut Engine<'_>, name: &str, reading: &mut MeterReading| {
        let seats = seats.as_deref_mut().map_err(|error| *error)?;
        let used = engine.acquire(name, seats, holder, lease_seconds)?;
        let decision = engine.feature(name)?.decision;
        let total = match decision.feature.map(|feature| feature.right) {
            Some(Right::Limit(most)) => most,
            _ => used,
        };
        reading.verdict = decision.verdict;
        reading.total = total;
        reading.used = used;
        reading.remaining = total.saturating_sub(used);
        Ok(())
    };
    // SAFETY: the header's rules.
    unsafe { metered(engine, name, name_len, meter, meter_size, &mut work) }
}

/// Frees the seat of a holder, if it has one.
/// @param holder Whose seat; not 0.
/// @return OK, also if the holder has no seat; or: ARGUMENTS. @stack Under 100 bytes. @time By length of
///     the table.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_seat_release(seats: *mut lic2_seat, seats_count: usize, holder: u64) -> lic2_status {
    // SAFETY: the header's rules; the two seats are the same.
    let seats = unsafe { guard::array_mut(seats.cast::<Seat>(), seats_count) };
    status::of(seats.and_then(|seats| {
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
    meter_size: usize,
    work: &mut dyn FnMut(&mut Engine<'_>, &str, &mut MeterReading) -> Result<(), Error>,
) -> lic2_status {
    // SAFETY: this function's contract.
    let mut output = match unsafe { guard::Output::new(meter, meter_size) } {
        Ok(output) => output,
        Err(error) => return error.number(),
    };
    // SAFETY: this function's contract.
    let result = unsafe { guard::text(name, name_len) }.and_then(|name| {
        let mut work = |engine: &mut Engine<'_>| {
            let mut reading = MeterReading::default();
            let result = work(engine, name, &mut reading);
            // A refused use is answered with what is left.
            convert::meter(&reading, &mut output);
            result.map(|()| reading.verdict)
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

/// Delivers a reading.
fn put(reading: &mut MeterReading, result: Result<MeterReading, Error>) -> Result<(), Error> {
    *reading = result?;
    Ok(())
}
