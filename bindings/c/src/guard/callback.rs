//! Calls into the application. What a callback gets it may use until it returns; what it gives is not believed further
//! than memory is concerned: a length may be wrong, a status may be any.

use core::mem::size_of;

use lic2::UnixSeconds;
use lic2::limits::SIGNATURE_LEN;
use lic2::port::{PortFailure, Reading, Slot, Wall};

use crate::port::{
    LIC2_SLOT_A, LIC2_SLOT_B, LIC2_WALL_ABSENT, LIC2_WALL_TIME, LIC2_WALL_UNSET, lic2_clock, lic2_counter,
    lic2_identity, lic2_reading, lic2_store,
};

/// What a callback's return value means.
const fn done(returned: i32) -> Result<(), PortFailure> {
    if returned == 0 { Ok(()) } else { Err(PortFailure) }
}

const fn number(slot: Slot) -> u32 {
    match slot {
        Slot::A => LIC2_SLOT_A,
        Slot::B => LIC2_SLOT_B,
    }
}

/// Reads a slot to the front of `memory` and returns the length of its content.
///
/// # Safety
/// The callbacks are what the header asks for.
pub(crate) unsafe fn read_slot(store: &lic2_store, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
    let read = store.read.ok_or(PortFailure)?;
    let mut stored = 0;
    // SAFETY: this function's contract; `memory` is writable as far as its length says, and so is `stored`.
    done(unsafe { read(store.context, number(slot), memory.as_mut_ptr(), memory.len(), &raw mut stored) })?;
    Ok(stored)
}

/// Replaces the content of a slot.
///
/// # Safety
/// As [`read_slot`].
pub(crate) unsafe fn write_slot(store: &lic2_store, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
    let write = store.write.ok_or(PortFailure)?;
    // SAFETY: this function's contract; `bytes` is readable as far as its length says.
    done(unsafe { write(store.context, number(slot), bytes.as_ptr(), bytes.len()) })
}

/// Reads the clock. `None` if the callback returned numbers that a reading cannot have.
///
/// # Safety
/// As [`read_slot`].
pub(crate) unsafe fn look(clock: &lic2_clock) -> Option<Reading> {
    let Some(read) = clock.read else { return Some(Reading::new(Wall::Absent, None)) };
    let struct_size = const {
        assert!(size_of::<lic2_reading>() == 32);
        32
    };
    let mut reading = lic2_reading { struct_size, wall: 0, time: 0, uptime_seconds: 0, has_uptime: 0, reserved: 0 };
    // SAFETY: this function's contract; the reading is writable.
    if done(unsafe { read(clock.context, &raw mut reading) }).is_err() {
        return Some(Reading::new(Wall::Unset, None));
    }
    let wall = match reading.wall {
        LIC2_WALL_TIME if reading.time != 0 => Wall::Time(UnixSeconds(reading.time)),
        LIC2_WALL_TIME | LIC2_WALL_UNSET => Wall::Unset,
        LIC2_WALL_ABSENT => Wall::Absent,
        _ => return None,
    };
    let uptime = match (reading.has_uptime, reading.reserved) {
        (0, 0) => None,
        (1, 0) => Some(reading.uptime_seconds),
        _ => return None,
    };
    Some(Reading::new(wall, uptime))
}

/// Signs with the device's own key.
///
/// # Safety
/// As [`read_slot`].
pub(crate) unsafe fn sign(identity: &lic2_identity, message: &[u8]) -> Result<[u8; SIGNATURE_LEN], PortFailure> {
    let sign = identity.sign.ok_or(PortFailure)?;
    let mut signature = [0; SIGNATURE_LEN];
    // SAFETY: this function's contract; `message` is readable as far as its length says, the signature writable.
    done(unsafe { sign(identity.context, message.as_ptr(), message.len(), signature.as_mut_ptr()) })?;
    Ok(signature)
}

/// Reads the monotonic counter.
///
/// # Safety
/// As [`read_slot`].
pub(crate) unsafe fn count(counter: &lic2_counter) -> Result<u32, PortFailure> {
    let read = counter.read.ok_or(PortFailure)?;
    let mut value = 0;
    // SAFETY: this function's contract; the value is writable.
    done(unsafe { read(counter.context, &raw mut value) })?;
    Ok(value)
}

/// Adds one to the monotonic counter.
///
/// # Safety
/// As [`read_slot`].
pub(crate) unsafe fn advance(counter: &lic2_counter) -> Result<u32, PortFailure> {
    let increment = counter.increment.ok_or(PortFailure)?;
    let mut value = 0;
    // SAFETY: this function's contract; the value is writable.
    done(unsafe { increment(counter.context, &raw mut value) })?;
    Ok(value)
}
