//! The C library: `liblic2.a` and `include/lic2.h` are made from this package.
//!
//! Everything about pointers is in `guard`; the rest is safe code over the core. Documentation comments on exported
//! items are written for readers of the header, in the form of its first comment.
#![cfg_attr(not(feature = "std"), no_std)]
#![expect(clippy::missing_safety_doc, reason = "the rules for callers stand once, at the top of the header")]
#![expect(non_camel_case_types, reason = "types carry their C names")]
#![cfg_attr(
    not(all(feature = "engine", feature = "issuers", feature = "meters", feature = "texts")),
    allow(dead_code, reason = "parts that were left out leave helpers that nothing calls")
)]

mod abi;
mod about;
mod code;
mod convert;
#[cfg(feature = "device-key")]
mod device_key;
#[cfg(feature = "engine")]
mod engine;
mod guard;
#[cfg(feature = "host")]
mod host;
#[cfg(feature = "host")]
mod host_machine;
#[cfg(feature = "host")]
mod host_open;
mod keyring;
mod license;
#[cfg(feature = "meters")]
mod meter;
mod outcome;
#[cfg(all(feature = "panic-handler", not(feature = "std")))]
mod panic;
#[cfg(feature = "planted-panic")]
mod planted;
mod port;
#[cfg(feature = "engine")]
mod report;
#[cfg(feature = "engine")]
mod session;
mod state;
mod status;
#[cfg(feature = "engine")]
mod support;
#[cfg(feature = "tables")]
mod table;
#[cfg(feature = "texts")]
mod text;
mod words;

pub use abi::*;
pub use about::*;
pub use code::*;
#[cfg(feature = "device-key")]
pub use device_key::*;
#[cfg(feature = "engine")]
pub use engine::*;
#[cfg(feature = "host")]
pub use host::*;
#[cfg(feature = "host")]
pub use host_machine::*;
#[cfg(feature = "host")]
pub use host_open::*;
pub use keyring::*;
pub use license::*;
#[cfg(feature = "meters")]
pub use meter::*;
#[cfg(feature = "texts")]
pub use outcome::*;
pub use port::*;
#[cfg(feature = "engine")]
pub use report::*;
pub use state::*;
pub use status::*;
#[cfg(feature = "engine")]
pub use support::*;
#[cfg(feature = "tables")]
pub use table::*;
#[cfg(feature = "texts")]
pub use text::*;
