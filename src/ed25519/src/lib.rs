//! A compact Ed25519 verifier for small devices: little code, no tables in memory but a few points, no allocation, no
//! dependencies.
//!
//! It verifies only, on public data only, so its time may depend on what it computes. It knows keys, messages and
//! signatures, and nothing of what was signed.
//!
//! **Nobody outside of this project has reviewed it.** What speaks for it is in `docs/VERIFIER.md`: its bounds, the
//! argument that its formulas are complete, and what its answers are compared with. If time and flash allow it, use
//! ed25519-dalek.
//!
//! # What it accepts
//! The same as ed25519-dalek's `verify_strict`. A signature (R, S) of a message by the key A is accepted if
//! - A encodes a point, in any encoding RFC 8032 §5.1.3 gives a point for when y is taken modulo p, and the point is not
//!   of small order;
//! - R is the canonical encoding of a point that is not of small order;
//! - S is below L, the order of the base point B;
//! - S B = R + k A, where k is SHA-512 over R, A and the message, modulo L. The equation is the one without the
//!   cofactor 8.
//!
//! # Example
//! ```
//! use lic2_ed25519::Key;
//!
//! // RFC 8032 §7.1, TEST 1: the signature of the empty message.
//! let key = [
//!     0xD7, 0x5A, 0x98, 0x01, 0x82, 0xB1, 0x0A, 0xB7, 0xD5, 0x4B, 0xFE, 0xD3, 0xC9, 0x64, 0x07, 0x3A, 0x0E, 0xE1, 0x72,
//!     0xF3, 0xDA, 0xA6, 0x23, 0x25, 0xAF, 0x02, 0x1A, 0x68, 0xF7, 0x07, 0x51, 0x1A,
//! ];
//! let signature = [
//!     0xE5, 0x56, 0x43, 0x00, 0xC3, 0x60, 0xAC, 0x72, 0x90, 0x86, 0xE2, 0xCC, 0x80, 0x6E, 0x82, 0x8A, 0x84, 0x87, 0x7F,
//!     0x1E, 0xB8, 0xE5, 0xD9, 0x74, 0xD8, 0x73, 0xE0, 0x65, 0x22, 0x49, 0x01, 0x55, 0x5F, 0xB8, 0x82, 0x15, 0x90, 0xA3,
//!     0x3B, 0xAC, 0xC6, 0x1E, 0x39, 0x70, 0x1C, 0xF9, 0xB4, 0x6B, 0xD2, 0x5B, 0xF5, 0xF0, 0x59, 0x5B, 0xBE, 0x24, 0x65,
//!     0x51, 0x41, 0x43, 0x8E, 0x7A, 0x10, 0x0B,
//! ];
//! let key = Key::new(&key).expect("a usable key");
//! assert!(key.verify(&[], &signature).is_good());
//! assert!(!key.verify(&[b"another message"], &signature).is_good());
//! ```
//!
//! # Cost
//! A key is 64 bytes. A check needs about 1.7 KB of stack and 1.4 million instructions on a Cortex-M4, in 6 KB of flash;
//! `docs/VERIFIER.md` has the figures of other processors. Nothing is shared between calls: any number of threads may
//! check at once, with the same key, too.
//!
//! # Features
//! | feature | adds |
//! |---|---|
//! | `tables` | [`Comb`]: checks with a table of multiples of the key, in half the time |
//! | `make` | `Comb::make`: making such tables |
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

mod affine;
mod base;
mod challenge;
#[cfg(feature = "tables")]
mod comb;
mod constants;
#[cfg(test)]
mod count;
mod equation;
mod field;
mod key;
mod limbs;
#[cfg(test)]
mod operations;
mod point;
mod program;
mod scalar;
mod sha512;
#[cfg(test)]
mod tests;
mod witness;

#[cfg(feature = "tables")]
pub use comb::Comb;
pub use key::Key;
pub use sha512::Sha512;
pub use witness::Witness;

/// Length of a public key, in bytes (RFC 8032 §5.1.5).
pub const KEY_LEN: usize = 32;

/// Length of a signature, in bytes (RFC 8032 §5.1.6).
pub const SIGNATURE_LEN: usize = 64;
