//! A verifier for small devices: little code, no tables in memory but a few points, no allocation.
//!
//! Everything it computes with is public, so its time may depend on it. `docs/VERIFIER.md` explains the arithmetic, its
//! bounds, where the formulas come from, and what each choice costs.

mod affine;
mod base;
#[cfg(feature = "_tables")]
mod comb;
mod constants;
mod equation;
mod field;
mod limbs;
mod point;
mod program;
mod scalar;

use core::hint::black_box;

use self::affine::Affine;
#[cfg(feature = "_tables")]
pub(crate) use self::comb::Comb;
use self::field::Element;
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
        let mut minus = Affine::default();
        let usable = minus.read_negative(bytes) && !affine::has_small_order(&minus.y);
        usable.then(|| Self {
            bytes: *bytes,
            minus_x: *minus.x.limbs(),
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
        let mut minus_r = Affine::default();
        if !minus_r.read_canonical(r) || !is_usable(&minus_r.y, &s) {
            return Witness::NONE;
        }
        let (challenge, wrong) = self.challenge(r, parts);
        equation::holds(&self.negative(), &minus_r, &s, &challenge, wrong)
    }

    /// As [`Key::verify`], with the multiples of this key.
    #[cfg(feature = "_tables")]
    #[inline(never)]
    pub(crate) fn verify_with(&self, comb: &Comb, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        let Some((r, s)) = split(signature) else { return Witness::NONE };
        if !is_usable(&affine::read(r).0, &s) {
            return Witness::NONE;
        }
        let (challenge, wrong) = self.challenge(r, parts);
        Witness::of(wrong, wrong).and(comb.holds(&self.negative(), r, &s, &challenge))
    }

    /// The negative of the point.
    fn negative(&self) -> Affine {
        Affine { x: Element::new(self.minus_x), y: affine::read(&self.bytes).0 }
    }

    /// The challenge, and zero if it was computed twice the same.
    ///
    /// Whoever chooses R = S B has a signature that is good for a challenge of zero: no fault may make one.
    #[inline(never)]
    fn challenge(&self, r: &[u8; 32], parts: &[&[u8]]) -> (Limbs, u32) {
        let hash = sha512(r, &self.bytes, parts);
        let challenge = scalar::reduce(&hash);
        let wrong = limbs::distance(&challenge, &scalar::reduce(black_box(&hash)));
        (challenge, wrong)
    }
}

/// Where R ends and S begins.
fn split(signature: &[u8; SIGNATURE_LEN]) -> Option<(&[u8; 32], Limbs)> {
    let (r, s) = signature.split_first_chunk()?;
    Some((r, limbs::from_bytes(s.first_chunk()?)))
}

/// Whether R, which has this y, is not of small order, and S is below L.
fn is_usable(r_y: &Element, s: &Limbs) -> bool {
    !affine::has_small_order(r_y) && scalar::is_below_order(s)
}

#[cfg(test)]
mod tests;
