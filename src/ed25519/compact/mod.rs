//! A verifier for small devices: little code, no tables in memory but a few points, no allocation.
//!
//! Everything it computes with is public, so its time may depend on it. `docs/VERIFIER.md` explains the arithmetic, its
//! bounds, where the formulas come from, and what each choice costs.

mod base;
mod equation;
mod field;
mod halve;
mod limbs;
mod point;
mod scalar;

use self::field::Element;
use self::limbs::Limbs;
use crate::hash::sha512;
use crate::limits::{KEY_LEN, SIGNATURE_LEN};

/// A point of the curve that is not of small order: its encoding, and the x of its negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Key {
    bytes: [u8; KEY_LEN],
    minus_x: Limbs,
}

impl Key {
    /// The key, or `None` if the bytes are not a point of the curve or a point of small order.
    pub(crate) fn new(bytes: &[u8; KEY_LEN]) -> Option<Self> {
        let (y, odd) = point::read(bytes);
        if super::is_small_order(&limbs::to_bytes(&y.reduced())) {
            return None;
        }
        let minus_x = point::recover_x(&y, !odd)?;
        Some(Self { bytes: *bytes, minus_x: *minus_x.limbs() })
    }

    #[cfg_attr(not(feature = "compact"), expect(dead_code, reason = "compiled for a comparison of answers only"))]
    pub(crate) const fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.bytes
    }

    /// Whether the equation holds, for an S below L and an R that is not of small order.
    pub(crate) fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> bool {
        let Some((r, rest)) = signature.split_first_chunk() else { return false };
        let Some(s) = rest.first_chunk() else { return false };
        let Some(minus_r) = read_canonical(r) else { return false };
        let Some(challenge) = self.challenge(r, parts) else { return false };
        let (y, _) = point::read(&self.bytes);
        equation::holds((Element::new(self.minus_x), y), minus_r, &limbs::from_bytes(s), &halve::halve(&challenge))
    }

    /// SHA-512 over R, A and the message, modulo L.
    #[inline(never)]
    fn challenge(&self, r: &[u8; 32], parts: &[&[u8]]) -> Option<Limbs> {
        let hash = sha512([&r[..], &self.bytes].into_iter().chain(parts.iter().copied()));
        let (low, high) = hash.split_first_chunk()?;
        Some(scalar::reduce(&limbs::from_bytes(low), &limbs::from_bytes(high.first_chunk()?)))
    }
}

/// The negative of an encoded point, and only of its one canonical encoding: R is compared by its bytes, and no other
/// bytes come out of a computation.
fn read_canonical(bytes: &[u8; 32]) -> Option<(Element, Element)> {
    let (y, odd) = point::read(bytes);
    if y.reduced() != *y.limbs() {
        return None;
    }
    Some((point::recover_x(&y, !odd)?, y))
}

#[cfg(test)]
mod tests;
