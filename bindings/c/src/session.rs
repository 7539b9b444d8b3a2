//! An engine in the caller's memory: what the opaque struct holds, and the core's engine made from it for one call.

use core::mem::{align_of, size_of};

use lic2::limits::KEY_LEN;
use lic2::port::{Clock, Counter, Identity, PortFailure, Ports, Reading, Slot, Store};
use lic2::{Component, Engine, Error, KeyRing, Memory, Profile};

use crate::port::{
    LIC2_CONFIG_ACCEPT_UNSEALED, LIC2_CONFIG_ALLOW_TEST, lic2_clock, lic2_config, lic2_counter, lic2_identity,
    lic2_store,
};
use crate::state::lic2_engine;
use crate::{convert, guard};

/// Marks an engine that lic2_engine_open has set up.
const OPEN: u64 = 0x4C32_454E_4749_4E45;

/// The content of [`lic2_engine`]. Zeros are an engine that is not open.
#[repr(C)]
struct Session {
    state: u64,
    config: lic2_config,
    memory: Memory,
}

// The opaque struct holds the session.
const _: () = {
    assert!(size_of::<lic2_engine>() == crate::state::LIC2_ENGINE_BYTES);
    assert!(size_of::<Session>() <= size_of::<[u64; 639]>() && align_of::<Session>() <= align_of::<u64>());
};

fn session(engine: &mut lic2_engine) -> &mut Session {
    // SAFETY: large and aligned enough, as asserted above; every bit pattern of integers, pointers and callbacks that
    // may be NULL is a value; the borrow is exclusive.
    unsafe { &mut *(&raw mut engine.opaque).cast() }
}

struct StorePort(lic2_store);

impl Store for StorePort {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        // SAFETY: the header's rules for the callbacks of an engine.
        unsafe { guard::read_slot(&self.0, slot, memory) }
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        // SAFETY: as above.
        unsafe { guard::write_slot(&self.0, slot, bytes) }
    }
}

struct ClockPort(lic2_clock);

impl Clock for ClockPort {
    fn read(&mut self) -> Reading {
        // SAFETY: the header's rules for the callbacks of an engine.
        unsafe { guard::look(&self.0) }
    }
}

struct IdentityPort<'a> {
    callbacks: lic2_identity,
    components: &'a [Component<'a>],
    secret: Option<&'a [u8]>,
    device_key: Option<[u8; KEY_LEN]>,
}

impl Identity for IdentityPort<'_> {
    fn components(&self) -> &[Component<'_>] {
        self.components
    }

    fn secret(&self) -> Option<&[u8]> {
        self.secret
    }

    fn device_key(&self) -> Option<[u8; KEY_LEN]> {
        self.device_key
    }

    fn sign(&mut self, message: &[u8]) -> Result<[u8; 64], PortFailure> {
        // SAFETY: the header's rules for the callbacks of an engine.
        unsafe { guard::sign(&self.callbacks, message) }
    }
}

struct CounterPort(lic2_counter);

impl Counter for CounterPort {
    fn read(&mut self) -> Result<u32, PortFailure> {
        // SAFETY: the header's rules for the callbacks of an engine.
        unsafe { guard::count(&self.0) }
    }

    fn increment(&mut self) -> Result<u32, PortFailure> {
        // SAFETY: as above.
        unsafe { guard::advance(&self.0) }
    }
}

/// What a config says, for one call.
struct Device<'a> {
    ring: &'a KeyRing,
    profile: Profile<'a>,
    store: StorePort,
    clock: ClockPort,
    identity: IdentityPort<'a>,
    counter: Option<CounterPort>,
}

impl<'a> Device<'a> {
    /// Reads what the config points to.
    ///
    /// # Safety
    /// Every pointer in `config` is NULL or points to as much readable memory as its length says, which nothing writes
    /// during the call.
    unsafe fn new(config: &lic2_config, memory: &'a mut convert::ComponentMemory<'a>) -> Result<Self, Error> {
        let known_flags = LIC2_CONFIG_ALLOW_TEST | LIC2_CONFIG_ACCEPT_UNSEALED;
        if config.flags & !known_flags != 0 || config.reserved != 0 {
            return Err(Error::InvalidArgument);
        }
        // SAFETY: this function's contract.
        let ring = unsafe { guard::borrow(config.ring) }?;
        // SAFETY: this function's contract.
        let product = unsafe { guard::array(config.product.cast::<u8>(), config.product_len) }?;
        let counter = match (config.counter.read, config.counter.increment) {
            (None, None) => None,
            (Some(_), Some(_)) => Some(CounterPort(config.counter)),
            (Some(_), None) | (None, Some(_)) => return Err(Error::NullPointer),
        };
        if config.store.read.is_none() || config.store.write.is_none() {
            return Err(Error::NullPointer);
        }
        Ok(Self {
            ring: convert::ring(ring)?,
            profile: Profile {
                product: core::str::from_utf8(product).map_err(|_| Error::InvalidArgument)?,
                version: convert::version(config.version),
                built_at: convert::known(config.built_at),
                allow_test: config.flags & LIC2_CONFIG_ALLOW_TEST != 0,
                accept_unsealed: config.flags & LIC2_CONFIG_ACCEPT_UNSEALED != 0,
            },
            store: StorePort(config.store),
            clock: ClockPort(config.clock),
            // SAFETY: this function's contract.
            identity: unsafe { identity(&config.identity, memory) }?,
            counter,
        })
    }

    fn ports(&mut self) -> (&'a KeyRing, Profile<'a>, Ports<'_>) {
        let counter = self.counter.as_mut().map(|counter| counter as &mut dyn Counter);
        let ports = Ports { store: &mut self.store, clock: &mut self.clock, identity: &mut self.identity, counter };
        (self.ring, self.profile, ports)
    }
}

/// The identity port from the caller's.
///
/// # Safety
/// As [`Device::new`].
unsafe fn identity<'a>(
    identity: &lic2_identity,
    memory: &'a mut convert::ComponentMemory<'a>,
) -> Result<IdentityPort<'a>, Error> {
    // SAFETY: this function's contract.
    let components = unsafe { convert::components(identity.components, identity.components_count, memory) }?;
    // SAFETY: this function's contract.
    let secret = unsafe { guard::array(identity.secret, identity.secret_len) }?;
    // SAFETY: this function's contract.
    let device_key = unsafe { convert::device_key(identity.device_key, identity.device_key_len) }?;
    if device_key.is_some() && identity.sign.is_none() {
        return Err(Error::NullPointer);
    }
    let secret = (!secret.is_empty()).then_some(secret);
    Ok(IdentityPort { callbacks: *identity, components, secret, device_key })
}

/// Sets up an engine and reads what is stored. After a failure the engine is not open.
///
/// # Safety
/// The header's rules.
pub(crate) unsafe fn open(engine: *mut lic2_engine, config: *const lic2_config) -> Result<(), Error> {
    // SAFETY: this function's contract.
    let session = session(unsafe { guard::blank(engine) }?);
    // SAFETY: this function's contract.
    session.config = unsafe { guard::read(config) }?;
    let mut components = convert::NO_COMPONENTS;
    // SAFETY: this function's contract.
    let mut device = unsafe { Device::new(&session.config, &mut components) }?;
    let (ring, profile, ports) = device.ports();
    Engine::open(&mut session.memory, ring, profile, ports)?;
    session.state = OPEN;
    Ok(())
}

/// Does `work` with the core's engine.
///
/// # Safety
/// The header's rules.
pub(crate) unsafe fn with<R>(
    engine: *mut lic2_engine,
    work: impl FnOnce(&mut Engine<'_>) -> Result<R, Error>,
) -> Result<R, Error> {
    // SAFETY: this function's contract.
    let session = session(unsafe { guard::borrow_mut(engine) }?);
    if session.state != OPEN {
        return Err(Error::NotInitialized);
    }
    let mut components = convert::NO_COMPONENTS;
    // SAFETY: this function's contract; the config was read by `open` and stands where it was put.
    let mut device = unsafe { Device::new(&session.config, &mut components) }?;
    let (ring, profile, ports) = device.ports();
    work(&mut Engine::resume(&mut session.memory, ring, profile, ports)?)
}
