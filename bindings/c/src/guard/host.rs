//! The callbacks that a host provides to an engine.

use core::ffi::c_void;

use ::lic2_host::{FileStore, SystemClock};
use lic2::Component;
use lic2::port::{Clock, PortFailure, Slot, Store, Wall};

use crate::abi::lic2_component;
use crate::host::Session;
use crate::port::{LIC2_SLOT_A, LIC2_SLOT_B, LIC2_WALL_ABSENT, LIC2_WALL_TIME, LIC2_WALL_UNSET, lic2_reading};

/// No component.
pub(crate) const NO_COMPONENT: lic2_component =
    lic2_component { kind: 0, reserved: 0, value: core::ptr::null(), value_len: 0 };

/// A component in C's form. Its value is good as long as that of `component` stays where it is.
pub(crate) fn component(component: &Component<'_>) -> lic2_component {
    lic2_component {
        kind: u32::from(component.kind),
        reserved: 0,
        value: component.value.as_ptr(),
        value_len: component.value.len(),
    }
}

const fn slot(number: u32) -> Result<Slot, PortFailure> {
    match number {
        LIC2_SLOT_A => Ok(Slot::A),
        LIC2_SLOT_B => Ok(Slot::B),
        _ => Err(PortFailure),
    }
}

const fn returned(result: Result<(), PortFailure>) -> i32 {
    if result.is_ok() { 0 } else { 1 }
}

/// The store of a host. One that was closed under its engine has none.
fn store(host: &mut Session) -> Result<&mut FileStore, PortFailure> {
    host.held().map(|held| &mut held.store).map_err(|_| PortFailure)
}

/// The callback `read` of a store in files.
///
/// # Safety
/// The context is the content of a host, which nothing else uses now; the rest is what the header says.
pub(crate) unsafe extern "C" fn host_read(
    context: *mut c_void,
    number: u32,
    memory: *mut u8,
    memory_len: usize,
    stored_len: *mut usize,
) -> i32 {
    // SAFETY: this function's contract.
    let host = unsafe { &mut *context.cast::<Session>() };
    // SAFETY: this function's contract.
    let memory = unsafe { super::array_mut(memory, memory_len) }.map_err(|_| PortFailure);
    // SAFETY: this function's contract.
    let stored = unsafe { super::number(stored_len) }.map_err(|_| PortFailure);
    returned(slot(number).and_then(|slot| {
        *stored? = store(host)?.read(slot, memory?)?;
        Ok(())
    }))
}

/// The callback `write` of a store in files.
///
/// # Safety
/// As [`host_read`].
pub(crate) unsafe extern "C" fn host_write(
    context: *mut c_void,
    number: u32,
    bytes: *const u8,
    bytes_len: usize,
) -> i32 {
    // SAFETY: this function's contract.
    let host = unsafe { &mut *context.cast::<Session>() };
    // SAFETY: this function's contract.
    let bytes = unsafe { super::array(bytes, bytes_len) }.map_err(|_| PortFailure);
    returned(slot(number).and_then(|slot| store(host)?.write(slot, bytes?)))
}

/// The callback `read` of the system's clock.
///
/// # Safety
/// The reading is writable.
pub(crate) unsafe extern "C" fn host_look(_: *mut c_void, reading: *mut lic2_reading) -> i32 {
    // SAFETY: this function's contract.
    let reading = unsafe { &mut *reading };
    let now = SystemClock.read();
    (reading.wall, reading.time) = match now.wall {
        Wall::Time(time) => (LIC2_WALL_TIME, time.0),
        Wall::Unset => (LIC2_WALL_UNSET, 0),
        Wall::Absent => (LIC2_WALL_ABSENT, 0),
    };
    reading.has_uptime = u32::from(now.uptime_seconds.is_some());
    reading.uptime_seconds = now.uptime_seconds.unwrap_or(0);
    0
}
