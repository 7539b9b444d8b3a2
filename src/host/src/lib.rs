//! The ports of lic2 for desktop and server systems: a store in files, the system's clock, and the identity of the
//! machine.
//!
//! ```no_run
//! use lic2::port::Ports;
//! use lic2_host::{DEFAULT_PREFIX, FileStore, Machine, SystemClock};
//!
//! let mut store = FileStore::open(b"/var/lib/vision", DEFAULT_PREFIX, 500)?;
//! let machine = Machine::read();
//! let mut clock = SystemClock;
//! let mut identity = machine.identity();
//! let ports = Ports::new(&mut store, &mut clock, &mut identity);
//! # let _ = ports;
//! # Ok::<(), lic2_host::HostError>(())
//! ```
//!
//! Like the core it needs no standard library and allocates nothing. Linux is tested; the code for macOS and Windows is
//! untested: not run by this project's tests. `docs/HOST.md` says which facts make up the identity, and why.
#![no_std]
#![deny(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::as_conversions,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::arithmetic_side_effects,
        clippy::std_instead_of_core,
        clippy::alloc_instead_of_core,
        clippy::missing_errors_doc
    )
)]

#[cfg(test)]
extern crate std;

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
compile_error!("lic2-host knows Linux, macOS and Windows; elsewhere write the ports of lic2::port yourself");

mod clock;
mod detect;
#[cfg(any(test, windows))]
mod drive;
mod error;
mod files;
mod hex;
mod junk;
#[cfg(feature = "device-key")]
mod key;
#[cfg(target_os = "linux")]
mod linux;
mod machine;
#[cfg(target_os = "macos")]
mod macos;
mod marketplace;
mod place;
mod signs;
mod smallest;
#[cfg(any(test, windows))]
mod smbios;
mod store;
#[expect(unsafe_code, reason = "calls into the operating system")]
mod sys;
mod text;
#[cfg(windows)]
mod windows;

pub use clock::SystemClock;
pub use error::{Cause, HostError};
#[cfg(feature = "device-key")]
pub use key::{SEED_LEN, load_or_create_seed};
pub use machine::{Machine, MachineIdentity, Source};
pub use marketplace::FINGERPRINT_MAX;
pub use place::Place;
pub use signs::{Sign, Signs};
pub use store::{DEFAULT_PREFIX, FileStore};

/// Fills `memory` from the random generator of the system: for the entropy of a request.
///
/// # Errors
/// If the system refuses.
pub fn random(memory: &mut [u8]) -> Result<(), HostError> {
    sys::random(memory)
}
