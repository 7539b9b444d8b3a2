//! The verification equation, with half as many doublings as bits.

use core::hint::black_box;

use super::base;
use super::field::Element;
use super::halve::Fraction;
use super::limbs::{self, Limbs};
use super::point::{Point, Prepared, Scaled};
use super::scalar::{self, Digits};
use crate::witness::Witness;

/// Digits of the multiples of A and R are odd and below 2^(3 − 1): two multiples of each on the stack.
const WIDTH: u32 = 3;

/// The multiples 1 and 3 of a point.
struct Multiples([Scaled; 1 << (WIDTH - 2)]);

impl Multiples {
    #[inline(never)]
    fn fill(&mut self, x: Element, y: Element) {
        let mut point = Point::from_affine(x, y);
        let [first, others @ ..] = &mut self.0;
        *first = point.scaled();
        point.double();
        let twice = point.scaled();
        point = Point::from_affine(x, y);
        for multiple in others {
            twice.add_to(&mut point, false);
            *multiple = point.scaled();
        }
    }

    /// Adds `digit` times this point.
    fn add(&self, point: &mut Point, digit: i32, negative: bool) {
        if let Some(multiple) = (digit != 0).then(|| self.0.get(index(digit))).flatten() {
            multiple.add_to(point, negative != (digit < 0));
        }
    }
}

/// Where the multiple for a digit stands: 0 for 1, 1 for 3, and so on.
fn index(digit: i32) -> usize {
    usize::try_from(digit.unsigned_abs() >> 1).unwrap_or(usize::MAX)
}

fn add_base(multiples: &[Prepared], point: &mut Point, digit: i32) {
    if let Some(multiple) = (digit != 0).then(|| multiples.get(index(digit))).flatten() {
        point.add(multiple, None, digit < 0);
    }
}

/// Whether S B = R + k A, for the points with negative x of A and R and k as a fraction.
///
/// All terms share their doublings (Straus 1964). v S is as long as L: its upper half goes with 2^128 B.
#[inline(never)]
pub(super) fn holds(a: (Element, Element), r: (Element, Element), s: &Limbs, k: &Fraction) -> Witness {
    let multiple = scalar::multiply(s, &k.denominator);
    let (low, high) = multiple.split_at(4);
    let (mut minus_a, mut minus_r) = (Multiples([Scaled::ZERO; 2]), Multiples([Scaled::ZERO; 2]));
    minus_a.fill(a.0, a.1);
    minus_r.fill(r.0, r.1);
    let mut digits = [
        Digits::new(&k.numerator, WIDTH),
        Digits::new(&k.denominator, WIDTH),
        Digits::new(low, base::WIDTH),
        Digits::new(high, base::WIDTH),
    ];
    let mut point = Point::IDENTITY;
    for place in (0..=limbs::bit_length(&k.numerator).max(128)).rev() {
        let [of_a, of_r, of_low, of_high] = &mut digits;
        point.double();
        minus_a.add(&mut point, of_a.at(place), k.negative);
        minus_r.add(&mut point, of_r.at(place), false);
        add_base(&base::MULTIPLES, &mut point, of_low.at(place));
        add_base(&base::HIGH_MULTIPLES, &mut point, of_high.at(place));
    }
    let first = distance(&point, &digits);
    Witness::of(first, distance(black_box(&point), black_box(&digits)))
}

/// Zero exactly if the sum of all terms is the neutral point and no term was left out.
#[inline(never)]
fn distance(point: &Point, digits: &[Digits<'_>]) -> u32 {
    digits.iter().fold(point.distance(), |distance, digits| distance | digits.missing())
}
