//! The ports of desktop and server systems: what the header shows of them, and what the opaque struct holds. Feature
//! `host`.

use core::ffi::c_char;
use core::mem::{MaybeUninit, align_of, size_of};

use ::lic2_host::{Cause, FINGERPRINT_MAX, FileStore, HostError, Machine};
use lic2::Error;
use lic2::limits::COMPONENT_FACTS_MAX;

use crate::abi::{lic2_component, lic2_keyring};
use crate::guard;

/// Size of lic2_host, in bytes.
#[cfg(feature = "host")]
pub const LIC2_HOST_BYTES: usize = 12288;

/// Seals the stored activation with the machine id, if the system has one. A copy of the directory alone then does
/// not work on another machine. Every user of the machine can read the machine id.
#[cfg(feature = "host")]
pub const LIC2_HOST_SEAL: u32 = 1;

/// Does not wait for another process.
#[cfg(feature = "host")]
pub const LIC2_HOST_NO_WAIT: u32 = 2;

/// The operating system refused; the code is its error number.
#[cfg(feature = "host")]
pub const LIC2_HOST_CAUSE_SYSTEM: u32 = 1;

/// A path, prefix or component is invalid, or is one too many.
#[cfg(feature = "host")]
pub const LIC2_HOST_CAUSE_ARGUMENT: u32 = 2;

/// Another process uses the directory.
#[cfg(feature = "host")]
pub const LIC2_HOST_CAUSE_LOCKED: u32 = 3;

/// A link, a directory or a device has the name of a file.
#[cfg(feature = "host")]
pub const LIC2_HOST_CAUSE_NOT_A_FILE: u32 = 4;

/// The files, clock and identity of a desktop or server system. The size is guaranteed, the content is not.
/// Do not move it while it is open: a copy is not open.
#[cfg(feature = "host")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_host {
    /// Size of this struct, set by the library.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The library's.
    pub opaque: [u64; 1535],
}

/// How a host is opened. Zeros are the defaults.
#[cfg(feature = "host")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_host_options {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_HOST_SEAL and LIC2_HOST_NO_WAIT, combined with |.
    pub flags: u32,
    /// When this build was made. Also the earliest time that a clock can truthfully show.
    pub built_at: u64,
    /// Version of this build: LIC2_VERSION(major, minor, patch).
    pub version: u64,
    /// How long to wait for another process, in ms; 0 means 500.
    pub wait_ms: u32,
    /// LIC2_CONFIG_... flags of the engine.
    pub config_flags: u32,
    /// Start of the file names: up to 64 letters, digits, '-', '_', '.'; NULL means "lic2".
    pub prefix: *const c_char,
    /// Bytes in prefix, or LIC2_TERMINATED.
    pub prefix_len: usize,
    /// Components of the identity that only the program knows, such as a serial number.
    pub components: *const lic2_component,
    /// Components in components; with those of the machine at most LIC2_COMPONENTS_MAX.
    pub components_count: usize,
}

/// Marks a host that is open, together with its address.
const OPEN: u64 = 0x4C32_484F_5354_4F50;

/// What a host is while it is open.
pub(crate) struct Held {
    pub(crate) store: FileStore,
    pub(crate) machine: Machine,
    /// The machine's components in C's form, for as long as an engine uses them.
    pub(crate) components: [lic2_component; COMPONENT_FACTS_MAX],
    /// The keys and the product of an engine that lic2_host_open has set up.
    pub(crate) ring: lic2_keyring,
    pub(crate) product: [u8; lic2::limits::ID_MAX],
}

/// The content of [`lic2_host`]. Zeros are a host that is not open.
#[repr(C)]
pub(crate) struct Session {
    state: u64,
    cause: u32,
    code: i32,
    held: MaybeUninit<Held>,
}

// The header's numbers are the host's, and the opaque struct holds the session.
const _: () = {
    assert!(LIC2_HOST_CAUSE_SYSTEM == Cause::System as u32 && LIC2_HOST_CAUSE_ARGUMENT == Cause::Argument as u32);
    assert!(LIC2_HOST_CAUSE_LOCKED == Cause::Locked as u32 && LIC2_HOST_CAUSE_NOT_A_FILE == Cause::NotAFile as u32);
    assert!(size_of::<lic2_host>() == LIC2_HOST_BYTES && FINGERPRINT_MAX <= lic2::limits::TEXT_MAX);
    assert!(size_of::<Session>() <= size_of::<[u64; 1535]>() && align_of::<Session>() <= align_of::<u64>());
};

/// What a host holds, open or not.
pub(crate) fn session(host: &mut lic2_host) -> &mut Session {
    // SAFETY: large and aligned enough, as asserted above; every bit pattern of the fields in front is a value, and the
    // last one claims none; the borrow is exclusive.
    unsafe { &mut *(&raw mut host.opaque).cast() }
}

impl Session {
    /// The mark of an open host at this address.
    fn mark(&self) -> u64 {
        u64::try_from(core::ptr::from_ref(self).addr()).unwrap_or(0) ^ OPEN
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state == self.mark()
    }

    /// From now on it is open. The host was cleared before: the fields of [`Held`] that are not written are zeros. It is
    /// not built elsewhere and moved here, which would take as much stack again.
    pub(crate) fn open(&mut self, store: FileStore, machine: Machine) {
        let held = self.held.as_mut_ptr();
        // SAFETY: inside of the memory for what is held.
        let place = unsafe { &raw mut (*held).store };
        // SAFETY: aligned memory of ours, in which nothing has to be dropped.
        unsafe { place.write(store) };
        // SAFETY: inside of the memory for what is held.
        let place = unsafe { &raw mut (*held).machine };
        // SAFETY: aligned memory of ours, in which nothing has to be dropped.
        unsafe { place.write(machine) };
        self.state = self.mark();
    }

    /// What an open host holds.
    pub(crate) fn held(&mut self) -> Result<&mut Held, Error> {
        if !self.is_open() {
            return Err(Error::NotInitialized);
        }
        // SAFETY: `open` has written what is not zeros, and nothing has dropped it since; zeros are components, a key
        // ring and bytes.
        Ok(unsafe { self.held.assume_init_mut() })
    }

    /// Frees what an open host holds.
    pub(crate) fn close(&mut self) {
        if self.is_open() {
            self.state = 0;
            // SAFETY: `open` has written it, and the mark that it is there is gone.
            unsafe { self.held.assume_init_drop() };
        }
    }

    /// Keeps why something failed.
    pub(crate) fn noted<T>(&mut self, result: Result<T, HostError>) -> Result<T, Error> {
        (self.cause, self.code) = result.as_ref().err().map_or((0, 0), |error| (error.cause as u32, error.code));
        result.map_err(|error| if error.cause == Cause::Argument { Error::InvalidArgument } else { Error::StoreRead })
    }

    /// Why the last call failed: a cause and the system's number.
    pub(crate) fn failure(&mut self) -> (u32, i32) {
        let of_store = self.held().ok().and_then(|held| held.store.last_error());
        of_store.map_or((self.cause, self.code), |error| (error.cause as u32, error.code))
    }
}

/// Brings the components into C's form and returns how many there are.
pub(crate) fn show(held: &mut Held) -> usize {
    let mut count = 0;
    for (index, target) in held.components.iter_mut().enumerate() {
        if let Some(component) = held.machine.component(index) {
            *target = guard::component(&component);
            count = index.saturating_add(1);
        }
    }
    count
}
