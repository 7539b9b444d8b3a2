//! Verifies signed License 2.0 authorization codes offline and decides what they permit.
//!
//! The library answers one question: may this run, until when, with which features and limits, on this device?
//! It reads no clock, no file and no network, allocates nothing, and keeps no state between calls.
//!
//! ```
//! use lic2::{Code, Component, Facts, KeyRing, UnixSeconds, decide};
//!
//! # const ANCHOR: [u8; 32] = [
//! # 0xea, 0x4a, 0x6c, 0x63, 0xe2, 0x9c, 0x52, 0x0a, 0xbe, 0xf5, 0x50, 0x7b, 0x13, 0x2e, 0xc5, 0xf9,
//! # 0x95, 0x47, 0x76, 0xae, 0xbe, 0xbe, 0x7b, 0x92, 0x42, 0x1e, 0xea, 0x69, 0x14, 0x46, 0xd2, 0x2c,
//! # ];
//! # let pasted = "LIC2C.AUMBAOpKbGMUUEwtMjAyNjExMTgtMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlwKXxDAFA2dIOAQE\
//! #     JCAcGCQXB4F7_GS95WiIJYW5hbHl0aWNzBcB7dQ0IY2hhbm5lbHMBQAZleHBvcnQAACf_0QgXnzwwq2XKDXAx\
//! #     SBczxZX_vFy5-cGuhGi1X4lkrnZ8DonFtZWIrfDs35GKgIqlSeHkMUYrlok0WGJVBAxmqCnP";
//! let ring = KeyRing::new(&[ANCHOR])?; // once; the anchors are compiled in
//! let mut memory = Code::new();
//! let genuine = memory.verify(&ring, pasted.as_bytes())?; // who signed it is certain from here on
//! let facts = Facts::new("vision-appliance")
//!     .with_now(UnixSeconds(1_800_000_000))
//!     .with_components(&[Component { kind: 5, value: b"2102312ABC0123456789" }]);
//! let decision = decide(&genuine, &facts);
//! assert!(decision.verdict.is_granted());
//! assert_eq!(decision.expires_at, Some(UnixSeconds(1_826_536_000)));
//! # Ok::<(), lic2::Error>(())
//! ```
//!
//! What it cannot decide: whether the facts are true, and whether anybody patched the program
//! (`docs/SECURITY.md`). What the bytes are: `docs/FORMAT.md`.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(feature = "_unhardened", allow(dead_code, reason = "what it leaves out is the hardening"))]
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

#[cfg(feature = "_tables")]
mod anchor_table;
#[cfg(feature = "sign")]
pub mod claim;
mod code;
mod device;
mod device_document;
mod document;
#[cfg(feature = "sign")]
mod draft;
mod engine;
mod error;
mod facts;
mod hash;
mod keys;
pub mod limits;
#[cfg(feature = "memory-port")]
pub mod memory_port;
mod permission;
mod policy;
pub mod port;
#[cfg(feature = "sign")]
pub mod seal;
mod selftest;
mod setters;
mod signature;
#[cfg(feature = "device-key")]
mod software_key;
mod time;
mod utf8;
mod verdict;
mod verify;
mod version;
mod wire;
mod witness;

#[cfg(feature = "_tables")]
pub use anchor_table::AnchorTable;
pub use code::Code;
pub use device::{COMPONENT_KIND_CUSTOM, COMPONENT_KINDS, Component};
#[cfg(feature = "sign")]
pub use device_document::{DeviceContent, DeviceDocument, Proof, read_device_document};
pub use document::{DocumentBuffer, Unverified};
pub use engine::{
    Answer, Applied, Ask, ClockState, Engine, FeatureAnswer, LicenseStatus, Memory, MeterReading, Outcome, Profile,
    Seat, Status,
};
pub use error::Error;
pub use facts::Facts;
pub use hash::license_id_hash;
pub use keys::KeyRing;
#[doc(hidden)]
pub use policy::closeness;
#[cfg(feature = "sign")]
pub use policy::examine;
pub use policy::{Decision, FeatureDecision, Rule, decide, decide_feature};
pub use selftest::selftest;
#[doc(hidden)]
pub use signature::verify_raw;
#[cfg(feature = "device-key")]
pub use software_key::SoftwareKey;
pub use time::{EPOCH_2020, SECONDS_PER_DAY, UnixSeconds};
pub use utf8::Text;
pub use verdict::Verdict;
pub use verify::{Content, Genuine, GenuineDocument, Signer};
pub use version::{Version, VersionRange};
pub use wire::binding::{Allocation, Allocations, Binding, ComponentHash, Components};
pub use wire::certificate::{Certificate, CertificateItem, Scope};
pub use wire::device::{
    Receipt, ReportItem, ReportPart, Request, RequestItem, SIGN_CONTAINER, SIGN_VIRTUAL_MACHINE, UsageEntries,
    UsageEntry, UsageReport, Used, UsedQuotas,
};
pub use wire::envelope::FORMAT_VERSION;
pub use wire::feature::{Feature, Features, Right};
pub use wire::item::{Item, ItemContent, ItemRow, Items};
pub use wire::kind::Kind;
pub use wire::license::{Class, License, LicenseItem, Term};
pub use wire::revocation::{
    Coverage, Part, Reason, RevocationItem, RevocationList, RevokedIssuer, RevokedIssuers, RevokedLicense,
    RevokedLicenses,
};
pub use wire::time_token::TimeToken;
pub use wire::unlock::{GRANTS_CLOCK, GRANTS_STATE, Unlock};
