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
        minus.read_negative(bytes).then(|| Self {
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
        let (mut minus_r, s) = (Affine::default(), limbs::from_bytes(s));
        if !minus_r.read_canonical(r) || !scalar::is_below_order(&s) {
            return Witness::NONE;
        }
        equation::holds(&self.negative(), &minus_r, &s, &self.challenge(r, parts))
    }

    /// As [`Key::verify`], with the multiples of this key.
    #[cfg(feature = "_tables")]
    #[inline(never)]
    pub(crate) fn verify_with(&self, comb: &Comb, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        let Some((r, s)) = split(signature) else { return Witness::NONE };
        let s = limbs::from_bytes(s);
        if affine::has_small_order(&affine::read(r).0) || !scalar::is_below_order(&s) {
            return Witness::NONE;
        }
        let challenge = self.challenge(r, parts);
        Witness::of(challenge.wrong, challenge.wrong).and(comb.holds(&self.negative(), r, &s, &challenge.number))
    }

    /// The negative of the point.
    fn negative(&self) -> Affine {
        Affine { x: Element::new(self.minus_x), y: affine::read(&self.bytes).0 }
    }

    /// SHA-512 over R, A and the message, modulo L.
    #[inline(never)]
    fn challenge(&self, r: &[u8; 32], parts: &[&[u8]]) -> Challenge {
        let hash = sha512(r, &self.bytes, parts);
        let number = scalar::reduce(&hash);
        let wrong = limbs::distance(&number, &scalar::reduce(black_box(&hash)));
        Challenge { number, wrong }
    }
}

/// A challenge that was computed twice.
///
/// Whoever chooses R = S B has a signature that is good for a challenge of zero: no fault may make one.
struct Challenge {
    number: Limbs,
    /// Zero if both are the same.
    wrong: u32,
}

/// R and S.
fn split(signature: &[u8; SIGNATURE_LEN]) -> Option<(&[u8; 32], &[u8; 32])> {
    Some((signature.first_chunk()?, signature.last_chunk()?))
}

#[cfg(test)]
mod tests;
