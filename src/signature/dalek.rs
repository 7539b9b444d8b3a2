//! The verifier for hosts: ed25519-dalek.
//!
//! `verify_strict` refuses small-order keys and small-order R, and for the latter decompresses R at every
//! call. The same set is accepted for less: the key is checked once, when it is loaded; and since the final
//! comparison is between R and a freshly compressed point, only a canonical encoding of R can pass, so
//! comparing R with the canonical small-order encodings is enough. `tests/ed25519.rs` shows the equality.

use ed25519_dalek::ed25519::signature::MultipartVerifier;
use ed25519_dalek::{Signature, VerifyingKey};

use crate::limits::{KEY_LEN, SIGNATURE_LEN};
use crate::witness::Witness;

/// The y coordinates of the eight points of small order, canonical, sign bit clear.
///
/// 0 (two points), 1, −1, and the two y of the points of order 8.
const SMALL_ORDER_Y: [[u8; 32]; 5] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F,
    ],
    [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0, 0xD5, 0xDF,
        0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ],
    [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F, 0x2A, 0x20,
        0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
    ],
];

/// The order of the base point, little-endian: 2^252 + 27742317777372353535851937790883648493.
const ORDER: [u8; 32] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// A point of the curve that is not of small order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Key(VerifyingKey);

impl Key {
    /// The key, or `None` if the bytes are not a point of the curve or a point of small order.
    pub(crate) fn new(bytes: &[u8; KEY_LEN]) -> Option<Self> {
        let key = VerifyingKey::from_bytes(bytes).ok()?;
        if key.is_weak() { None } else { Some(Self(key)) }
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.0.as_bytes()
    }

    /// Whether the equation holds, for an S below L and an R that is not of small order.
    pub(crate) fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        if !is_plausible(signature) {
            return Witness::NONE;
        }
        // It tells no more than yes or no: hosts have no glitches of their supply.
        let differs = u32::from(self.0.multipart_verify(parts, &Signature::from_bytes(signature)).is_err());
        // One answer for both words: ed25519-dalek gives no more.
        Witness::of(differs, differs)
    }
}

/// The conditions on the signature alone: S is reduced and R is not of small order.
fn is_plausible(signature: &[u8; SIGNATURE_LEN]) -> bool {
    let Some((r, rest)) = signature.split_first_chunk() else { return false };
    rest.first_chunk().is_some_and(is_reduced) && !is_small_order(r)
}

/// Whether S is below the group order. ed25519-dalek checks the same unless some package in the product's tree
/// asks it for `legacy_compatibility`; what a code is must not depend on that.
fn is_reduced(s: &[u8; 32]) -> bool {
    // The highest byte decides about almost every S.
    s[31] < ORDER[31] || s.iter().rev().lt(ORDER.iter().rev())
}

/// Whether these bytes are a canonical encoding of a small-order point, with either sign.
fn is_small_order(r: &[u8; 32]) -> bool {
    // The last byte, of which theirs are 0, 5, 0x7A and 0x7F, rules almost every R out: comparing arrays is a call for each.
    if (0x06..0x7A).contains(&(r[31] & 0x7F)) {
        return false;
    }
    let mut y = *r;
    y[31] &= 0x7F;
    SMALL_ORDER_Y.contains(&y)
}
