//! Ed25519 verification (RFC 8032 §5.1.7) with the accept set of ed25519-dalek's `verify_strict`.
//!
//! `verify_strict` refuses small-order keys and small-order R, and for the latter decompresses R at every
//! call. The same set is accepted for less: the key is checked once, when it is loaded; and since the final
//! comparison is between R and a freshly compressed point, only a canonical encoding of R can pass, so
//! comparing R with the canonical small-order encodings is enough. `tests/ed25519.rs` shows the equality.

//!
//! Behind it stand two verifiers: ed25519-dalek, and a compact one of this library's for small devices. Which of them a
//! build uses decides about its size and speed and about nothing else.

#[cfg(any(feature = "compact", feature = "_both"))]
mod compact;
#[cfg(not(feature = "compact"))]
mod dalek;

#[cfg(feature = "_tables")]
pub(crate) use compact::Comb;

#[cfg(feature = "compact")]
use compact::Key;
#[cfg(not(feature = "compact"))]
use dalek::Key;

use crate::limits::{KEY_ID_LEN, KEY_LEN, SIGNATURE_LEN};
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

/// A public key, checked and decompressed once. Integers only, and with `tables` where its table is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PublicKey(Key);

impl PublicKey {
    /// The key, or `None` if the bytes are not a point of the curve or a point of small order.
    pub(crate) fn new(bytes: &[u8; KEY_LEN]) -> Option<Self> {
        Key::new(bytes).map(Self)
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.0.bytes()
    }

    pub(crate) fn id(&self) -> [u8; KEY_ID_LEN] {
        let [a, b, c, d, ..] = *self.bytes();
        [a, b, c, d]
    }

    /// Uses these multiples, which have to be this key's.
    #[cfg(feature = "tables")]
    pub(crate) const fn use_comb(&mut self, comb: &'static Comb) {
        self.0.use_comb(comb);
    }

    /// Whether `signature` is this key's signature over the concatenated `parts`.
    ///
    /// Not inlined: the simulator of faults begins where this returns.
    #[inline(never)]
    pub(crate) fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        if is_plausible(signature) { self.0.verify(parts, signature) } else { Witness::NONE }
    }
}

/// What can be told from the signature alone: S is reduced and R is not of small order.
fn is_plausible(signature: &[u8; SIGNATURE_LEN]) -> bool {
    let Some((r, rest)) = signature.split_first_chunk() else { return false };
    rest.first_chunk().is_some_and(is_reduced) && !is_small_order(r)
}

/// Whether S is below the group order. ed25519-dalek checks the same unless some package in the product's tree
/// asks it for `legacy_compatibility`; what a code is must not depend on that.
fn is_reduced(s: &[u8; 32]) -> bool {
    s.iter().rev().lt(ORDER.iter().rev())
}

/// Whether these bytes are a canonical encoding of a small-order point, with either sign.
fn is_small_order(r: &[u8; 32]) -> bool {
    let mut y = *r;
    y[31] &= 0x7F;
    SMALL_ORDER_Y.contains(&y)
}

/// The check behind [`crate::Genuine`], exposed for the test vectors of the signature scheme alone.
#[doc(hidden)]
#[must_use]
pub fn verify_raw(key: &[u8; KEY_LEN], message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> bool {
    PublicKey::new(key).is_some_and(|key| key.verify(&[message], signature).is_good())
}

/// [`verify_raw`] by the compact verifier, whichever is in use.
#[cfg(any(feature = "compact", feature = "_both"))]
#[doc(hidden)]
#[must_use]
pub fn verify_raw_compact(key: &[u8; KEY_LEN], message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> bool {
    is_plausible(signature) && compact::Key::new(key).is_some_and(|key| key.verify(&[message], signature).is_good())
}

/// [`verify_raw`] by multiples of the key.
#[cfg(feature = "_tables")]
pub(crate) fn verify_raw_comb(
    key: &[u8; KEY_LEN],
    comb: &Comb,
    message: &[u8],
    signature: &[u8; SIGNATURE_LEN],
) -> bool {
    let by_comb = |key: compact::Key| key.verify_with(comb, &[message], signature).is_good();
    is_plausible(signature) && compact::Key::new(key).is_some_and(by_comb)
}
