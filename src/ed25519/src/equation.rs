//! The verification equation.

use core::hint::black_box;

use crate::affine::Affine;
use crate::base::BASE;
use crate::challenge::Challenge;
use crate::limbs::Limbs;
use crate::point::{Point, Scaled};
use crate::scalar::{Digits, MULTIPLES};
use crate::witness::{FIRST, SECOND, Witness};

/// Places of a digit: S and k are below L, and L is below 2^253.
const PLACES: u32 = 254;

/// What is added and subtracted, besides multiples of B: odd multiples of −A, and −R.
struct Summands {
    minus_a: [Scaled; MULTIPLES],
    minus_r: Scaled,
}

impl Summands {
    /// Before they are filled in.
    const NONE: Self = Self { minus_a: [Scaled::ZERO; MULTIPLES], minus_r: Scaled::ZERO };

    #[inline(never)]
    fn fill(&mut self, point: &mut Point, a: &Affine, r: &Affine) {
        // A first: what a skipped call finds in the point is never R, whose part in B who made it knows. The place of −R is free
        // until then.
        let twice = &mut self.minus_r;
        point.set(a);
        point.double();
        point.prepare(twice);
        point.set(a);
        let [once, others @ ..] = &mut self.minus_a;
        point.prepare(once);
        for multiple in others {
            point.add(twice.numbers(), false);
            point.prepare(multiple);
        }
        point.set(r);
        point.prepare(&mut self.minus_r);
        point.set(&Affine::NEUTRAL);
    }
}

/// Where the multiple for a digit stands: 0 for 1, 1 for 3, and so on.
fn index(digit: i32) -> usize {
    usize::try_from(digit.unsigned_abs() >> 1).unwrap_or(usize::MAX)
}

/// Whether S B = R + k A, for the points with negative x of A and R.
#[inline(never)]
pub(crate) fn holds(a: &Affine, r: &Affine, s: &Limbs, k: &Challenge) -> Witness {
    let mut sum = Sum {
        point: Point::NONE,
        digits: [Digits::new(&k.number), Digits::new(s)],
        lowest: [k.number[0], s[0]],
        wrong: k.wrong,
    };
    sum.add_all(a, r);
    let first = sum.word(FIRST);
    // Compared again for the second word, hidden from the compiler, which would reuse the first comparison.
    Witness::new(first, black_box(&mut sum).word(SECOND))
}

/// What the terms of the equation add up to.
struct Sum<'a> {
    point: Point,
    digits: [Digits<'a>; 2],
    /// The lowest words of the numbers that the digits are of.
    lowest: [u32; 2],
    /// What was found wrong before.
    wrong: u32,
}

impl Sum<'_> {
    /// Both multiples share their doublings (Straus 1964).
    #[inline(never)]
    fn add_all(&mut self, a: &Affine, r: &Affine) {
        let mut summands = Summands::NONE;
        summands.fill(&mut self.point, a, r);
        for place in (0..PLACES).rev() {
            let [of_a, of_b] = &mut self.digits;
            self.point.double();
            let digit = of_a.at(place);
            if let Some(multiple) = (digit != 0).then(|| summands.minus_a.get(index(digit))).flatten() {
                self.point.add(multiple.numbers(), digit.is_negative());
            }
            let digit = of_b.at(place);
            if let Some(multiple) = (digit != 0).then(|| BASE.get(index(digit))).flatten() {
                self.point.add(multiple.numbers(), digit.is_negative());
            }
        }
        self.point.add(summands.minus_r.numbers(), false);
    }

    /// `right` exactly if the sum of all terms is the neutral point and no term was left out.
    #[inline(never)]
    fn word(&mut self, right: u32) -> u32 {
        let distance = self.point.distance() | self.point.missing(PLACES) | self.wrong;
        let digits = self.digits.iter().zip(&self.lowest);
        right ^ digits.fold(distance, |distance, (digits, lowest)| distance | digits.missing(*lowest))
    }
}

#[cfg(test)]
mod tests {
    use super::{Affine, Challenge, Digits, Limbs, Point, Sum, Witness, black_box, holds};
    use crate::limbs;
    use crate::witness::{FIRST, SECOND};
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
    use curve25519_dalek::{EdwardsPoint, Scalar};
    use std::vec::Vec;

    fn minus(multiple: u32) -> Affine {
        minus_of(&(ED25519_BASEPOINT_POINT * Scalar::from(multiple)))
    }

    /// The negative of any point, also of one with small order.
    fn minus_of(point: &EdwardsPoint) -> Affine {
        let mut minus = Affine::default();
        assert!(minus.read_any_negative(&point.compress().to_bytes()).is_some());
        minus
    }

    /// The ends of what S and k may be, and of words and digits between. L is above 2^252: from that point the highest
    /// digit is one place further up.
    fn ends() -> Vec<Scalar> {
        let two_to = |power: usize| {
            let mut bytes = [0; 32];
            bytes[power / 8] = 1 << (power % 8);
            Scalar::from_bytes_mod_order(bytes)
        };
        let mut ends: Vec<Scalar> = (0..4_u8).map(Scalar::from).collect();
        ends.extend((1..4_u8).map(|number| -Scalar::from(number)));
        for power in [32, 128, 251, 252] {
            ends.extend([two_to(power) - Scalar::ONE, two_to(power), two_to(power) + Scalar::ONE]);
        }
        ends
    }

    /// Also if k A has a part of small order, which differs from others only if k is taken as it is.
    #[test]
    fn the_equation_holds_for_every_s_and_k_and_no_other_r() {
        for (turn, part) in EIGHT_TORSION.iter().enumerate() {
            let a = ED25519_BASEPOINT_POINT * Scalar::from(0x9E37_79B9_7F4A_7C15_u64) + part;
            let minus_a = minus_of(&a);
            for s in ends() {
                // Every pair for a key without such a part.
                for k in ends().iter().skip(turn).step_by(if turn == 0 { 1 } else { 8 }) {
                    let r = ED25519_BASEPOINT_POINT * s - a * k;
                    let challenge = Challenge { number: limbs::from_bytes(&k.to_bytes()), wrong: 0 };
                    let holds =
                        |r| holds(&minus_a, &minus_of(&r), &limbs::from_bytes(&s.to_bytes()), &challenge).is_good();
                    assert!(holds(r), "S {s:?} k {k:?}");
                    for wrong in [r + ED25519_BASEPOINT_POINT, r + EIGHT_TORSION[1]] {
                        assert!(!holds(wrong), "S {s:?} k {k:?}");
                    }
                }
            }
        }
    }

    fn small(number: u32) -> Limbs {
        [number, 0, 0, 0, 0, 0, 0, 0]
    }

    /// 22 B = 7 B + 3 (5 B).
    #[test]
    fn each_part_of_the_equation_has_a_say() {
        let (a, r) = (minus(5), minus(7));
        let good = |s, k, wrong| holds(&a, &r, &small(s), &Challenge { number: small(k), wrong }).is_good();
        assert!(good(22, 3, 0));
        assert!(!good(22, 3, 1) && !good(22, 3, 0x8000_0000) && !good(23, 3, 0) && !good(22, 4, 0));
        assert!(good(7, 0, 0), "a challenge of zero is what everybody can sign for");
        assert!(!holds(&r, &a, &small(22), &Challenge { number: small(3), wrong: 0 }).is_good());
    }

    #[test]
    fn a_term_that_was_left_out_is_noticed() {
        let (s, k) = (small(22), small(3));
        let new = || Sum { point: Point::NONE, digits: [Digits::new(&k), Digits::new(&s)], lowest: [3, 22], wrong: 0 };
        let mut sum = new();
        sum.add_all(&minus(5), &minus(7));
        assert_eq!(Witness::new(sum.word(FIRST), black_box(&mut sum).word(SECOND)), Witness::of(0, 0));
        for number in [0, 1] {
            let mut other = new();
            other.add_all(&minus(5), &minus(7));
            other.lowest[number] ^= 1;
            assert_ne!(other.word(FIRST), FIRST);
        }
        sum.point.double();
        assert_eq!(sum.point.distance(), 0, "still neutral");
        assert_ne!(sum.word(FIRST), FIRST, "but doubled once more");
    }
}
