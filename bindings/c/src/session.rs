//! An engine in the caller's memory: what the opaque struct holds, and the core's engine made from it for one call.

use core::mem::{MaybeUninit, align_of, size_of};

use lic2::limits::KEY_LEN;
use lic2::port::{Clock, Counter, Identity, PortFailure, Ports, Reading, Slot, Store, Wall};
use lic2::{Component, Engine, Error, Memory, Verdict};

use crate::port::{
    LIC2_CONFIG_ACCEPT_UNSEALED, LIC2_CONFIG_ALLOW_TEST, lic2_clock, lic2_config, lic2_counter, lic2_identity,
    lic2_store,
};
use crate::state::lic2_engine;
use crate::{convert, guard};

/// Marks an engine that lic2_engine_open has set up.
const OPEN: u64 = 0x4C32_454E_4749_4E45;

/// Marks an engine that lic2_engine_open has tried to set up.
const TRIED: u64 = 0x4C32_5452_4945_4421;

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

struct StorePort<'a>(&'a lic2_store);

impl Store for StorePort<'_> {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        // SAFETY: the header's rules for the callbacks of an engine.
        unsafe { guard::read_slot(self.0, slot, memory) }
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        // SAFETY: as above.
        unsafe { guard::write_slot(self.0, slot, bytes) }
    }
}

struct ClockPort<'a> {
    callback: &'a lic2_clock,
    /// A reading had numbers that it cannot have.
    wrong: bool,
}

impl Clock for ClockPort<'_> {
    fn read(&mut self) -> Reading {
        // SAFETY: the callback is what the header asks for (rule 10): its caller has promised it to lic2_engine_open.
        let reading = unsafe { guard::look(self.callback) };
        self.wrong |= reading.is_none();
        // As if the callback had failed.
        reading.unwrap_or(Reading::new(Wall::Unset, None))
    }
}

struct IdentityPort<'a> {
    callbacks: &'a lic2_identity,
    components: &'a [Component<'a>],
    secret: Option<&'a [u8]>,
    device_key: Option<&'a [u8; KEY_LEN]>,
}

impl Identity for IdentityPort<'_> {
    fn components(&self) -> &[Component<'_>] {
        self.components
    }

    fn secret(&self) -> Option<&[u8]> {
        self.secret
    }

    fn device_key(&self) -> Option<[u8; KEY_LEN]> {
        self.device_key.copied()
    }

    fn sign(&mut self, message: &[u8]) -> Result<[u8; 64], PortFailure> {
        // SAFETY: the header's rules for the callbacks of an engine.
        unsafe { guard::sign(self.callbacks, message) }
    }
}

struct CounterPort<'a>(&'a lic2_counter);

impl Counter for CounterPort<'_> {
    fn read(&mut self) -> Result<u32, PortFailure> {
        // SAFETY: the header's rules for the callbacks of an engine.
        unsafe { guard::count(self.0) }
    }

    fn increment(&mut self) -> Result<u32, PortFailure> {
        // SAFETY: as above.
        unsafe { guard::advance(self.0) }
    }
}

/// What a call does with the core's engine. What ends without a verdict denies.
pub(crate) type Work<'w> = &'w mut dyn FnMut(&mut Engine<'_>) -> Result<Verdict, Error>;

/// Does `work` with the core's engine. The only copy of all that in the program.
///
/// # Safety
/// `session` points to one that nothing else changes during the call. Every pointer in its config is NULL or points to as much readable memory as its length says, which
/// nothing writes during the call.
#[inline(never)]
unsafe fn with_engine(session: *mut Session, work: Work<'_>) -> Result<Verdict, Error> {
    // SAFETY: this function's contract. Not an argument that is a reference: a callback may look at the same memory, to find
    // the engine busy.
    let Session { state, config, memory } = unsafe { &mut *session };
    let known_flags = LIC2_CONFIG_ALLOW_TEST | LIC2_CONFIG_ACCEPT_UNSEALED;
    if config.flags & !known_flags != 0 || config.reserved != 0 {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: this function's contract.
    let ring = unsafe { guard::borrow(config.ring) }?;
    // SAFETY: this function's contract.
    let product = unsafe { guard::chars(config.product, config.product_len) }?;
    if config.counter.read.is_some() != config.counter.increment.is_some() {
        return Err(Error::NullPointer);
    }
    // A counter needs unlocks, as the core says.
    let has_counter = config.counter.read.is_some();
    if has_counter && !cfg!(feature = "tokens") {
        return Err(Error::InvalidArgument);
    }
    if config.store.read.is_none() || config.store.write.is_none() {
        return Err(Error::NullPointer);
    }
    let ring = convert::ring(ring)?;
    let profile = config.profile(guard::utf8(product)?);
    let mut components = convert::no_components(product);
    // SAFETY: this function's contract.
    let mut identity = unsafe { identity(&config.identity, &mut components) }?;
    let mut counter = CounterPort(&config.counter);
    let counter: Option<&mut dyn Counter> =
        if has_counter && cfg!(feature = "tokens") { Some(&mut counter) } else { None };
    let (mut store, mut clock) = (StorePort(&config.store), ClockPort { callback: &config.clock, wrong: false });
    let mut ports = Ports::new(&mut store, &mut clock, &mut identity);
    ports.counter = counter;
    let result = work(&mut Engine::new(memory, ring, profile, ports));
    // Refuse a wrong callback at the start. Later the call may have stored something, so its result stays.
    if clock.wrong && *state != OPEN { Err(Error::InvalidArgument) } else { result }
}

/// The identity port from the caller's.
///
/// # Safety
/// As [`with_engine`].
unsafe fn identity<'a>(
    identity: &'a lic2_identity,
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
    Ok(IdentityPort { callbacks: identity, components, secret, device_key })
}

/// Sets up an engine and reads what is stored. After a failure the engine is not open.
///
/// # Safety
/// The header's rules.
pub(crate) unsafe fn open(engine: *mut lic2_engine, config: *const lic2_config) -> Result<(), Error> {
    // SAFETY: this function's contract.
    let session = session(unsafe { guard::blank(engine) }?);
    let mut copy = MaybeUninit::uninit();
    // SAFETY: this function's contract.
    session.config = *unsafe { guard::read(config, &mut copy) }?;
    // From here on the reason of a failure is in the core's part.
    session.state = TRIED;
    // SAFETY: this function's contract.
    unsafe { with_engine(session, &mut |engine| engine.start().map(done)) }?;
    session.state = OPEN;
    Ok(())
}

/// Does `work` with the core's engine, open or not: for what says why it is not.
///
/// # Safety
/// The header's rules.
pub(crate) unsafe fn with_any(engine: *mut lic2_engine, work: Work<'_>) -> Result<Verdict, Error> {
    // SAFETY: this function's contract.
    let session = session(unsafe { guard::borrow_mut(engine) }?);
    if session.state != OPEN && session.state != TRIED {
        return Err(Error::NotInitialized);
    }
    // SAFETY: this function's contract; the config was read by `open` and stands where it was put.
    unsafe { with_engine(session, work) }
}

/// Does `work` with the core's engine.
///
/// # Safety
/// The header's rules.
#[inline(never)]
pub(crate) unsafe fn with(engine: *mut lic2_engine, work: Work<'_>) -> Result<Verdict, Error> {
    // SAFETY: this function's contract.
    let session = session(unsafe { guard::borrow_mut(engine) }?);
    if session.state != OPEN {
        return Err(Error::NotInitialized);
    }
    // SAFETY: this function's contract; the config was read by `open` and stands where it was put.
    unsafe { with_engine(session, work) }
}

/// As [`with`], for what ends without a verdict.
///
/// # Safety
/// The header's rules.
pub(crate) unsafe fn run(engine: *mut lic2_engine, work: Work<'_>) -> Result<(), Error> {
    // SAFETY: this function's contract.
    unsafe { with(engine, work) }.map(|_| ())
}

/// What ends without a verdict.
pub(crate) const fn done((): ()) -> Verdict {
    Verdict::DENIED
}
