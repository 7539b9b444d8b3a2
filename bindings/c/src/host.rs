//! The ports of desktop and server systems. Feature `host`.

use core::ffi::c_char;
use core::mem::{MaybeUninit, align_of, size_of};

use ::lic2_host::{Cause, DEFAULT_PREFIX, FINGERPRINT_MAX, FileStore, HostError, Machine};
use lic2::Error;
use lic2::limits::COMPONENT_FACTS_MAX;

use crate::abi::lic2_component;
use crate::guard;
use crate::guard::TextOut;
use crate::port::{lic2_clock, lic2_config, lic2_identity, lic2_store};
use crate::state::{LIC2_SIGN_CONTAINER, LIC2_SIGN_VIRTUAL_MACHINE};
use crate::status::lic2_status;

/// Size of lic2_host, in bytes.
#[cfg(feature = "host")]
pub const LIC2_HOST_BYTES: usize = 8192;

/// Flag of lic2_host_open: the stored activation is sealed with the machine id, where the system has one. A copy of the
/// directory alone then does not work on another machine. It stops nobody who can read the machine id, and every user
/// of the machine can.
#[cfg(feature = "host")]
pub const LIC2_HOST_SEAL: u32 = 1;

/// Cause of a host's failure: the operating system refused; the code is its error number.
#[cfg(feature = "host")]
pub const LIC2_HOST_SYSTEM: u32 = 1;

/// Cause of a host's failure: a path or a component is not one, or is one too many.
#[cfg(feature = "host")]
pub const LIC2_HOST_ARGUMENT: u32 = 2;

/// Cause of a host's failure: another process uses the directory.
#[cfg(feature = "host")]
pub const LIC2_HOST_LOCKED: u32 = 3;

/// Cause of a host's failure: something that is not a regular file stands in the place of one.
#[cfg(feature = "host")]
pub const LIC2_HOST_NOT_A_FILE: u32 = 4;

/// The ports of a desktop or server system: files, clock and identity of the machine. The size is guaranteed, the
/// content is not. Do not copy or move it while it is open.
///
/// Threads: every call needs it alone, and so does every call of an engine that uses it.
#[cfg(feature = "host")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_host {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The library's.
    pub opaque: [u64; 1023],
}

/// Marks a host that lic2_host_open has set up.
const OPEN: u64 = 0x4C32_484F_5354_4F50;

/// How long to wait for another process, in milliseconds.
const WAIT_MS: u32 = 500;

/// What a host is while it is open.
pub(crate) struct Held {
    store: FileStore,
    machine: Machine,
    /// The machine's components in C's form, for as long as an engine uses them.
    components: [lic2_component; COMPONENT_FACTS_MAX],
}

/// The content of [`lic2_host`]. Zeros are a host that is not open.
#[repr(C)]
struct Session {
    state: u64,
    cause: u32,
    code: i32,
    held: MaybeUninit<Held>,
}

// The header's numbers are the host's, and the opaque struct holds the session.
const _: () = {
    assert!(LIC2_HOST_SYSTEM == Cause::System as u32 && LIC2_HOST_ARGUMENT == Cause::Argument as u32);
    assert!(LIC2_HOST_LOCKED == Cause::Locked as u32 && LIC2_HOST_NOT_A_FILE == Cause::NotAFile as u32);
    assert!(size_of::<lic2_host>() == LIC2_HOST_BYTES && FINGERPRINT_MAX <= lic2::limits::TEXT_MAX);
    assert!(size_of::<Session>() <= size_of::<[u64; 1023]>() && align_of::<Session>() <= align_of::<u64>());
};

fn session(host: &mut lic2_host) -> &mut Session {
    // SAFETY: large and aligned enough, as asserted above; every bit pattern of the fields in front is a value, and the
    // last one claims none; the borrow is exclusive.
    unsafe { &mut *(&raw mut host.opaque).cast() }
}

/// What an open host holds.
fn held(host: &mut lic2_host) -> Result<&mut Held, Error> {
    let session = session(host);
    if session.state != OPEN {
        return Err(Error::NotInitialized);
    }
    // SAFETY: lic2_host_open has written it, and nothing has dropped it since.
    Ok(unsafe { session.held.assume_init_mut() })
}

/// Opens the ports of this system: takes the lock of a directory for the stored activation, and reads the identity of
/// the machine.
///
/// The directory is made if it is missing; its parent has to be there. A product needs one of its own. While a host is
/// open no other process can open the directory; this one waits half a second for it. Close it with lic2_host_close.
///
/// @param[in,out] host           The host; needs LIC2_INIT. One that is open is refused: close it first.
/// @param         directory      Path of the directory, in the system's encoding, on Windows UTF-8; need not end in NUL.
/// @param         directory_len  Bytes in directory.
/// @param         flags          LIC2_HOST_SEAL or 0.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT (also for a path that is none),
///           STORE_READ (lic2_host_error tells why).
/// @threads  Needs the host alone.
/// @stack    16 kB (x86-64).
/// @time     Some milliseconds, up to half a second.
/// @since    0.1
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_open(
    host: *mut lic2_host,
    directory: *const c_char,
    directory_len: usize,
    flags: u32,
) -> lic2_status {
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        // SAFETY: the header's rules.
        let directory = unsafe { guard::array(directory.cast::<u8>(), directory_len) }?;
        if flags & !LIC2_HOST_SEAL != 0 || session(host).state == OPEN {
            return Err(Error::InvalidArgument);
        }
        let store = noted(host, FileStore::open(directory, DEFAULT_PREFIX, WAIT_MS))?;
        let mut machine = Machine::read();
        machine.seal_with_machine_id(flags & LIC2_HOST_SEAL != 0);
        let session = session(host);
        session.held.write(Held { store, machine, components: [guard::NO_COMPONENT; COMPONENT_FACTS_MAX] });
        session.state = OPEN;
        Ok(())
    }))
}

/// Closes a host: frees the lock of its directory. No engine may use it any more. One that is not open stays so.
///
/// @param[in,out] host  The host.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT.
/// @threads  Needs the host alone.
/// @stack    Under 500 bytes.
/// @time     Some microseconds.
/// @since    0.1
#[cfg(feature = "host")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_close(host: *mut lic2_host) -> lic2_status {
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { guard::borrow_mut(host) }.map(|host| {
        let session = session(host);
        if session.state == OPEN {
            session.state = 0;
            // SAFETY: lic2_host_open has written it, and the mark that it is there is gone.
            unsafe { session.held.assume_init_drop() };
        }
    }))
}

/// Adds a component to the identity of the machine that the application knows: a serial number, or the name that a
/// cluster gives its node. Before lic2_host_configure.
///
/// @param[in,out] host       The host.
/// @param         kind       LIC2_COMPONENT_..., 1 to 255.
/// @param         value      The value.
/// @param         value_len  Bytes in value, 1 to LIC2_COMPONENT_VALUE_MAX.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT (also if there are LIC2_COMPONENTS_MAX
///           already), NOT_INITIALIZED.
/// @threads  Needs the host alone.
/// @stack    Under 1 kB.
/// @time     A microsecond.
/// @since    0.1
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_add(
    host: *mut lic2_host,
    kind: u32,
    value: *const u8,
    value_len: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        // SAFETY: the header's rules.
        let value = unsafe { guard::array(value, value_len) }?;
        let kind = u8::try_from(kind).map_err(|_| Error::InvalidArgument)?;
        held(host)?.machine.add(kind, value).map_err(|_| Error::InvalidArgument)
    }))
}

/// Fills in store, clock and identity of a config with those of this system. The host has to stay open and where it is
/// as long as an engine uses them.
///
/// @param[in,out] host    The host.
/// @param[in,out] config  The config; needs LIC2_INIT. Everything else in it is left as it is.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED.
/// @threads  Needs the host and the config alone.
/// @stack    Under 1 kB.
/// @time     A microsecond.
/// @since    0.1
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_configure(host: *mut lic2_host, config: *mut lic2_config) -> lic2_status {
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { guard::borrow_mut(config) }.and_then(|config| {
        // SAFETY: the header's rules.
        let held = held(unsafe { guard::borrow_mut(host) }?)?;
        let count = show(held);
        let secret = held.machine.secret().unwrap_or_default();
        config.identity = lic2_identity {
            context: core::ptr::null_mut(),
            components: held.components.as_ptr(),
            components_count: count,
            secret: secret.as_ptr(),
            secret_len: secret.len(),
            device_key: core::ptr::null(),
            device_key_len: 0,
            sign: None,
        };
        let context = (&raw mut held.store).cast();
        config.store = lic2_store { context, read: Some(guard::host_read), write: Some(guard::host_write) };
        config.clock = lic2_clock { context: core::ptr::null_mut(), read: Some(guard::host_look) };
        Ok(())
    }))
}

/// Copies the identity components of the machine, which are personal data. The values stay good until the host is
/// closed.
///
/// @param[in,out] host              The host.
/// @param[out]    components        The components. LIC2_COMPONENTS_MAX are always enough.
/// @param         components_count  Components that there is room for.
/// @param[out]    count             Components that there are; also told when there is no room for all of them.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL.
/// @threads  Needs the host, components and count alone.
/// @stack    Under 1 kB.
/// @time     A microsecond.
/// @since    0.1
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_components(
    host: *mut lic2_host,
    components: *mut lic2_component,
    components_count: usize,
    count: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let count = unsafe { guard::number(count) };
    // SAFETY: the header's rules; every bit pattern is a component.
    lic2_status::of(unsafe { guard::array_mut(components, components_count) }.and_then(|room| {
        room.fill(guard::NO_COMPONENT);
        let count = count?;
        // SAFETY: the header's rules.
        let held = held(unsafe { guard::borrow_mut(host) }?)?;
        *count = show(held);
        let shown = held.components.iter().take(*count);
        if room.len() < *count {
            return Err(Error::BufferTooSmall);
        }
        room.iter_mut().zip(shown).for_each(|(target, component)| *target = *component);
        Ok(())
    }))
}

/// Tells what shows that the machine is a virtual one or that the program runs in a container, for signs of lic2_ask.
/// Nothing follows from it by itself.
///
/// @param[in,out] host   The host.
/// @param[out]    signs  LIC2_SIGN_..., combined with |.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED.
/// @threads  Needs the host and signs alone.
/// @stack    Under 500 bytes.
/// @time     Constant.
/// @since    0.1
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_signs(host: *mut lic2_host, signs: *mut u32) -> lic2_status {
    // SAFETY: the header's rules.
    let signs = unsafe { guard::number(signs) };
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        let found = held(host)?.machine.signs();
        let machine = if found.virtual_machine() { LIC2_SIGN_VIRTUAL_MACHINE } else { 0 };
        let container = if found.container() { LIC2_SIGN_CONTAINER } else { 0 };
        *signs? = machine | container;
        Ok(())
    }))
}

/// Writes the fingerprint that the marketplace asks for: `MAC|disk|board|processor`. Personal data.
///
/// @param[in,out] host        The host.
/// @param[out]    buffer      The text and a NUL. LIC2_DOCUMENT_BYTES are always enough. Cleared when the call fails.
/// @param         buffer_len  Bytes in buffer.
/// @param[out]    text_len    Bytes of the text, without the NUL; when the buffer is too small, the most that they can
///                            be.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL.
/// @threads  Needs the host, buffer and text_len alone.
/// @stack    Under 1 kB.
/// @time     A microsecond.
/// @since    0.1
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_fingerprint(
    host: *mut lic2_host,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        let mut out = out?;
        let (room, length) = out.room();
        match held(host)?.machine.fingerprint(room) {
            Some(written) => {
                *length = written;
                Ok(())
            }
            None => {
                room.fill(0);
                *length = FINGERPRINT_MAX;
                Err(Error::BufferTooSmall)
            }
        }
    }))
}

/// Fills memory from the random generator of the system: for the entropy of a request.
///
/// @param[in,out] host        The host, open or not: keeps why the call failed.
/// @param[out]    buffer      The random bytes; zeros when the call fails.
/// @param         buffer_len  Bytes in buffer.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, STORE_READ (the system refused).
/// @threads  Needs the host and the buffer alone.
/// @stack    Under 500 bytes.
/// @time     Some microseconds.
/// @since    0.1
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_random(host: *mut lic2_host, buffer: *mut u8, buffer_len: usize) -> lic2_status {
    // SAFETY: the header's rules.
    let buffer = unsafe { guard::buffer(buffer, buffer_len) };
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        let buffer = buffer?;
        let result = noted(host, ::lic2_host::random(buffer));
        if result.is_err() {
            buffer.fill(0);
        }
        result
    }))
}

/// Tells why the last call that failed with STORE_READ or STORE_WRITE did: of this host, or of an engine that uses it.
///
/// @param[in,out] host   The host, open or not.
/// @param[out]    cause  LIC2_HOST_SYSTEM and so on; 0 if nothing failed.
/// @param[out]    code   The operating system's error number, or 0.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT.
/// @threads  Needs the host, cause and code alone.
/// @stack    Under 500 bytes.
/// @time     Constant.
/// @since    0.1
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_error(host: *mut lic2_host, cause: *mut u32, code: *mut i32) -> lic2_status {
    // SAFETY: the header's rules.
    let cause = unsafe { guard::number(cause) };
    // SAFETY: the header's rules.
    let code = unsafe { guard::number(code) };
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        let (cause, code) = (cause?, code?);
        let of_store = held(host).ok().and_then(|held| held.store.last_error());
        let session = session(host);
        let noted = (session.cause, session.code);
        (*cause, *code) = of_store.map_or(noted, |error| (error.cause as u32, error.code));
        Ok(())
    }))
}

/// Keeps why something failed.
fn noted<T>(host: &mut lic2_host, result: Result<T, HostError>) -> Result<T, Error> {
    let session = session(host);
    (session.cause, session.code) = result.as_ref().err().map_or((0, 0), |error| (error.cause as u32, error.code));
    result.map_err(|error| if error.cause == Cause::Argument { Error::InvalidArgument } else { Error::StoreRead })
}

/// Brings the components into C's form and returns how many there are.
fn show(held: &mut Held) -> usize {
    let mut count = 0;
    for (index, target) in held.components.iter_mut().enumerate() {
        if let Some(component) = held.machine.component(index) {
            *target = guard::component(&component);
            count = index.saturating_add(1);
        }
    }
    count
}
