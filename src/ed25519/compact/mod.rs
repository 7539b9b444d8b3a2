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

use core::hint::black_box;

use self::field::Element;
use self::halve::Fraction;
use self::limbs::Limbs;
use crate::hash::sha512;
use crate::limits::{KEY_LEN, SIGNATURE_LEN};
use crate::witness::Witness;

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
    pub(crate) fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        let Some((r, rest)) = signature.split_first_chunk() else { return Witness::NONE };
        let Some(s) = rest.first_chunk() else { return Witness::NONE };
        let Some(minus_r) = read_canonical(r) else { return Witness::NONE };
        let Some((challenge, wrong)) = self.challenge(r, parts) else { return Witness::NONE };
        let (y, _) = point::read(&self.bytes);
        let same = Witness::of(wrong, wrong);
        same.and(equation::holds((Element::new(self.minus_x), y), minus_r, &limbs::from_bytes(s), &challenge))
    }

    /// SHA-512 over R, A and the message, modulo L, as a fraction; and what a fault made of it, zero if nothing.
    ///
    /// Whoever chooses R = S B has a signature that is good for a challenge of zero: no fault may make one.
    #[inline(never)]
    fn challenge(&self, r: &[u8; 32], parts: &[&[u8]]) -> Option<(Fraction, u32)> {
        let hash = sha512([&r[..], &self.bytes].into_iter().chain(parts.iter().copied()));
        let fraction = halve::halve(&reduced(&hash)?);
        let wrong = fraction.distance(&reduced(black_box(&hash))?);
        Some((fraction, wrong))
    }
}

/// A hash as a number modulo L.
fn reduced(hash: &[u8; 64]) -> Option<Limbs> {
    let (low, high) = hash.split_first_chunk()?;
    Some(scalar::reduce(&limbs::from_bytes(low), &limbs::from_bytes(high.first_chunk()?)))
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
