//! Verifies signed License 2.0 authorization codes offline and decides what they permit.
#![no_std]
#![forbid(unsafe_code)]
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

#[cfg(feature = "sign")]
pub mod claim;
mod code;
mod device;
mod document;
mod ed25519;
mod error;
mod facts;
mod keys;
pub mod limits;
mod policy;
#[cfg(feature = "sign")]
pub mod seal;
mod selftest;
mod time;
mod verdict;
mod verify;
mod version;
mod wire;

pub use code::Code;
pub use device::{COMPONENT_KIND_CUSTOM, COMPONENT_KINDS, Component};
pub use document::{DocumentBuffer, Unverified};
#[doc(hidden)]
pub use ed25519::verify_raw;
pub use error::Error;
pub use facts::Facts;
pub use keys::KeyRing;
pub use policy::{Decision, FeatureDecision, decide, decide_feature};
pub use selftest::selftest;
pub use time::{EPOCH_2020, SECONDS_PER_DAY, UnixSeconds};
pub use verdict::Verdict;
pub use verify::{Genuine, Signer};
pub use version::{Version, VersionRange};
pub use wire::binding::{Allocation, Allocations, Binding, ComponentHash, Components};
pub use wire::certificate::{Certificate, Scope};
pub use wire::envelope::FORMAT_VERSION;
pub use wire::feature::{Feature, Features, Right};
pub use wire::item::{Item, Items};
pub use wire::kind::Kind;
pub use wire::license::{Class, License, Term};
