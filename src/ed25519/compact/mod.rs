//! A verifier for small devices: little code, no tables in memory but a few points, no allocation.
//!
//! Everything it computes with is public, so its time may depend on it. `docs/VERIFIER.md` explains the arithmetic, its
//! bounds, where the formulas come from, and what each choice costs.

mod base;
#[cfg(feature = "_tables")]
mod comb;
mod equation;
mod field;
mod halve;
mod limbs;
mod point;
mod scalar;

use core::hint::black_box;

#[cfg(feature = "_tables")]
pub(crate) use self::comb::Comb;
use self::field::Element;
use self::halve::{Expected, Fraction};
use self::limbs::Limbs;
use crate::hash::sha512;
use crate::limits::{KEY_LEN, SIGNATURE_LEN};
use crate::witness::Witness;

/// A point of the curve that is not of small order: its encoding, and the x of its negative.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Key {
    bytes: [u8; KEY_LEN],
    minus_x: Limbs,
    /// Its multiples, if they are known.
    #[cfg(feature = "tables")]
    comb: Option<&'static Comb>,
}

/// The rest of a key follows from its bytes.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Key {}

impl Key {
    /// The key, or `None` if the bytes are not a point of the curve or a point of small order.
    pub(crate) fn new(bytes: &[u8; KEY_LEN]) -> Option<Self> {
        let (y, odd) = point::read(bytes);
        if point::has_small_order(&y) {
            return None;
        }
        let minus_x = point::recover_x(&y, !odd)?;
        Some(Self {
            bytes: *bytes,
            minus_x: *minus_x.limbs(),
            #[cfg(feature = "tables")]
            comb: None,
        })
    }

    /// Uses these multiples, which have to be this key's.
    #[cfg(feature = "tables")]
    pub(crate) const fn use_comb(&mut self, comb: &'static Comb) {
        self.comb = Some(comb);
    }

    #[cfg_attr(
        not(any(feature = "compact", feature = "sign")),
        expect(dead_code, reason = "compiled for a comparison of answers only")
    )]
    pub(crate) const fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.bytes
    }

    /// Whether the equation holds, S is below L and R is not of small order.
    pub(crate) fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        #[cfg(feature = "tables")]
        if let Some(comb) = self.comb {
            return self.verify_with(comb, parts, signature);
        }
        self.verify_without(parts, signature)
    }

    #[cfg_attr(feature = "tables", inline(never))]
    fn verify_without(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        let Some((r, s)) = split(signature) else { return Witness::NONE };
        let Some(minus_r) = read_canonical(r) else { return Witness::NONE };
        let Some((challenge, expected)) = self.challenge(r, parts) else { return Witness::NONE };
        equation::holds(self.negative(), minus_r, &s, &challenge, &expected)
    }

    /// As [`Key::verify`], with the multiples of this key.
    #[cfg(feature = "_tables")]
    #[inline(never)]
    pub(crate) fn verify_with(&self, comb: &Comb, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        let Some((r, s)) = split(signature) else { return Witness::NONE };
        let Some((challenge, wrong)) = self.whole_challenge(r, parts) else { return Witness::NONE };
        Witness::of(wrong, wrong).and(comb.holds(&self.negative(), r, &s, &challenge))
    }

    /// The negative of the point.
    fn negative(&self) -> (Element, Element) {
        (Element::new(self.minus_x), point::read(&self.bytes).0)
    }

    /// The challenge as a fraction, and what that fraction has to be.
    ///
    /// Whoever chooses R = S B has a signature that is good for a challenge of zero: no fault may make one.
    #[inline(never)]
    fn challenge(&self, r: &[u8; 32], parts: &[&[u8]]) -> Option<(Fraction, Expected)> {
        let hash = self.hash(r, parts);
        let fraction = halve::halve(&reduced(&hash)?);
        let expected = Expected::new(&fraction, &reduced(black_box(&hash))?);
        Some((fraction, expected))
    }

    /// As [`Key::challenge`], as the number that it is.
    #[cfg(feature = "_tables")]
    #[inline(never)]
    fn whole_challenge(&self, r: &[u8; 32], parts: &[&[u8]]) -> Option<(Limbs, u32)> {
        let hash = self.hash(r, parts);
        let challenge = reduced(&hash)?;
        let wrong = limbs::distance(&challenge, &reduced(black_box(&hash))?);
        Some((challenge, wrong))
    }

    /// SHA-512 over R, A and the message.
    fn hash(&self, r: &[u8; 32], parts: &[&[u8]]) -> [u8; 64] {
        sha512(r, &self.bytes, parts)
    }
}

/// R, if it is not of small order, and S, if it is below L.
#[inline(never)]
fn split(signature: &[u8; SIGNATURE_LEN]) -> Option<(&[u8; 32], Limbs)> {
    let (r, s) = signature.split_first_chunk()?;
    let s = limbs::from_bytes(s.first_chunk()?);
    let usable = s.iter().rev().lt(scalar::ORDER.iter().rev()) && !point::has_small_order(&point::read(r).0);
    usable.then_some((r, s))
}

/// A hash as a number modulo L.
#[inline(never)]
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
