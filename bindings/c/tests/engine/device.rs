//! A device in memory, as the core and as C reach it. Both are the same type, so that only the way to it differs.

use core::ffi::c_void;

use ed25519_dalek::{Signer, SigningKey};
use lic2::memory_port::{ManualClock, MemoryCounter, MemoryStore};
use lic2::port::{Clock, Counter, Identity, PortFailure, Ports, Slot, Store, Wall};
use lic2::{Component, UnixSeconds};
use lic2_capi::{
    LIC2_SLOT_A, LIC2_SLOT_B, LIC2_WALL_ABSENT, LIC2_WALL_TIME, LIC2_WALL_UNSET, lic2_clock, lic2_counter,
    lic2_reading, lic2_store,
};

pub(crate) const ESN: &[u8] = b"2102312ABC0123456789";
pub(crate) const BOARD: &[u8] = b"board 7";
pub(crate) const SECRET: &[u8] = b"a secret of the device";

/// Times of the documents begin here: 2026-11-18.
pub(crate) const START: u64 = 1_795_000_000;

/// The components in the core's form.
pub(crate) const COMPONENTS: [Component<'static>; 2] =
    [Component { kind: 5, value: ESN }, Component { kind: 2, value: BOARD }];

#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) store: MemoryStore,
    pub(crate) clock: ManualClock,
    pub(crate) counter: MemoryCounter,
    pub(crate) has_counter: bool,
    pub(crate) has_secret: bool,
    pub(crate) key: Option<SigningKey>,
    pub(crate) refuses_to_sign: bool,
}

impl Device {
    pub(crate) fn new() -> Self {
        Self {
            store: MemoryStore::new(),
            clock: ManualClock::at(UnixSeconds(START + 1_000)),
            counter: MemoryCounter::default(),
            has_counter: false,
            has_secret: false,
            key: None,
            refuses_to_sign: false,
        }
    }

    pub(crate) fn public(&self) -> Option<[u8; 32]> {
        self.key.as_ref().map(|key| key.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], PortFailure> {
        match &self.key {
            Some(key) if !self.refuses_to_sign => Ok(key.sign(message).to_bytes()),
            _ => Err(PortFailure),
        }
    }

    /// The identity port as the core sees it.
    pub(crate) fn person(&self) -> Person {
        Person(Self { store: MemoryStore::new(), ..self.clone() })
    }

    /// The ports as the core sees them.
    pub(crate) fn ports<'a>(&'a mut self, person: &'a mut Person) -> Ports<'a> {
        let mut ports = Ports::new(&mut self.store, &mut self.clock, person);
        ports.counter = self.has_counter.then_some(&mut self.counter as &mut dyn Counter);
        ports
    }
}

/// Who the device is.
pub(crate) struct Person(Device);

impl Identity for Person {
    fn components(&self) -> &[Component<'_>] {
        &COMPONENTS
    }

    fn secret(&self) -> Option<&[u8]> {
        self.0.has_secret.then_some(SECRET)
    }

    fn device_key(&self) -> Option<[u8; 32]> {
        self.0.public()
    }

    fn sign(&mut self, message: &[u8]) -> Result<[u8; 64], PortFailure> {
        self.0.sign(message)
    }
}

/// The device behind a context pointer.
///
/// # Safety
/// The context is a device that nothing else uses now.
unsafe fn device<'a>(context: *mut c_void) -> &'a mut Device {
    // SAFETY: this function's contract.
    unsafe { &mut *context.cast::<Device>() }
}

fn slot(number: u32) -> Slot {
    match number {
        LIC2_SLOT_A => Slot::A,
        LIC2_SLOT_B => Slot::B,
        _ => panic!("there is no slot {number}"),
    }
}

/// Failures are any number but 0.
fn told<T>(result: Result<T, PortFailure>, put: impl FnOnce(T)) -> i32 {
    match result {
        Ok(value) => {
            put(value);
            0
        }
        Err(PortFailure) => -7,
    }
}

unsafe extern "C" fn read(
    context: *mut c_void,
    number: u32,
    memory: *mut u8,
    length: usize,
    stored: *mut usize,
) -> i32 {
    // SAFETY: the context that the config names.
    let device = unsafe { device(context) };
    // SAFETY: the library provides as much.
    let memory = unsafe { core::slice::from_raw_parts_mut(memory, length) };
    // SAFETY: the library provides it.
    told(device.store.read(slot(number), memory), |length| unsafe { *stored = length })
}

unsafe extern "C" fn write(context: *mut c_void, number: u32, bytes: *const u8, length: usize) -> i32 {
    // SAFETY: as in `read`.
    let device = unsafe { device(context) };
    // SAFETY: as in `read`.
    let bytes = unsafe { core::slice::from_raw_parts(bytes, length) };
    told(device.store.write(slot(number), bytes), |()| {})
}

unsafe extern "C" fn look(context: *mut c_void, reading: *mut lic2_reading) -> i32 {
    // SAFETY: as in `read`.
    let device = unsafe { device(context) };
    // SAFETY: as in `read`.
    let reading = unsafe { &mut *reading };
    let now = device.clock.read();
    (reading.wall, reading.time) = match now.wall {
        Wall::Absent => (LIC2_WALL_ABSENT, 5),
        Wall::Unset => (LIC2_WALL_UNSET, 5),
        Wall::Time(time) => (LIC2_WALL_TIME, time.0),
    };
    reading.has_uptime = u32::from(now.uptime_seconds.is_some());
    reading.uptime_seconds = now.uptime_seconds.unwrap_or(5);
    // A clock that cannot be read tells nothing: the other way to say so.
    i32::from(now.wall == Wall::Unset && now.uptime_seconds.is_none())
}

pub(crate) unsafe extern "C" fn sign(context: *mut c_void, message: *const u8, length: usize, out: *mut u8) -> i32 {
    // SAFETY: as in `read`.
    let device = unsafe { device(context) };
    // SAFETY: as in `read`.
    let message = unsafe { core::slice::from_raw_parts(message, length) };
    // SAFETY: a signature has 64 bytes.
    let out = unsafe { core::slice::from_raw_parts_mut(out, 64) };
    told(device.sign(message), |signature| out.copy_from_slice(&signature))
}

unsafe extern "C" fn count(context: *mut c_void, value: *mut u32) -> i32 {
    // SAFETY: as in `read`.
    let device = unsafe { device(context) };
    // SAFETY: the library provides it.
    told(device.counter.read(), |now| unsafe { *value = now })
}

unsafe extern "C" fn increment(context: *mut c_void, value: *mut u32) -> i32 {
    // SAFETY: as in `read`.
    let device = unsafe { device(context) };
    // SAFETY: the library provides it.
    told(device.counter.increment(), |now| unsafe { *value = now })
}

pub(crate) fn c_store(context: *mut c_void) -> lic2_store {
    lic2_store { context, read: Some(read), write: Some(write) }
}

pub(crate) fn c_clock(context: *mut c_void) -> lic2_clock {
    lic2_clock { context, read: Some(look) }
}

pub(crate) fn c_counter(context: *mut c_void, present: bool) -> lic2_counter {
    lic2_counter { context, read: present.then_some(count as _), increment: present.then_some(increment as _) }
}
