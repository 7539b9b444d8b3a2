//! The verification equation, with half as many doublings as bits.

use core::hint::black_box;

use super::base;
use super::field::Element;
use super::halve::{Expected, Fraction};
use super::limbs::{self, Limbs};
use super::point::{Point, Prepared, Scaled};
use super::scalar::{self, Digits};
use crate::witness::{FIRST, SECOND, Witness};

/// The multiples 1 and 3 of a point.
struct Multiples([Scaled; 2]);

impl Multiples {
    #[inline(never)]
    fn fill(&mut self, x: Element, y: Element) {
        let mut point = Point::from_affine(x, y);
        let [once, thrice] = &mut self.0;
        *once = point.scaled();
        point.double();
        once.add_to(&mut point, false);
        *thrice = point.scaled();
    }

    /// Adds `digit` times this point.
    #[inline(never)]
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

#[inline(never)]
fn add_base(multiples: &[Prepared], point: &mut Point, digit: i32) {
    if let Some(multiple) = (digit != 0).then(|| multiples.get(index(digit))).flatten() {
        point.add(multiple, None, digit < 0);
    }
}

/// Whether S B = R + k A, for the points with negative x of A and R and k as a fraction; no unless it is the one expected.
///
/// All terms share their doublings (Straus 1964). v S is as long as L: its upper half goes with 2^128 B.
#[inline(never)]
pub(super) fn holds(
    a: (Element, Element),
    r: (Element, Element),
    s: &Limbs,
    k: &Fraction,
    expected: &Expected,
) -> Witness {
    let multiple = scalar::multiply(s, &k.denominator);
    let (low, high) = multiple.split_at(4);
    let lowest = [expected.numerator, expected.denominator, multiple[0], multiple[4]];
    let (mut minus_a, mut minus_r) = (Multiples([Scaled::ZERO; 2]), Multiples([Scaled::ZERO; 2]));
    minus_a.fill(a.0, a.1);
    minus_r.fill(r.0, r.1);
    let mut digits = [Digits::new(&k.numerator), Digits::new(&k.denominator), Digits::new(low), Digits::new(high)];
    let mut point = Point::IDENTITY;
    let places = limbs::bit_length(&k.numerator).max(128).wrapping_add(1);
    for place in (0..places).rev() {
        let [of_a, of_r, of_low, of_high] = &mut digits;
        point.double();
        minus_a.add(&mut point, of_a.at(place), k.negative);
        minus_r.add(&mut point, of_r.at(place), false);
        add_base(&base::MULTIPLES, &mut point, of_low.at(place));
        add_base(&base::HIGH_MULTIPLES, &mut point, of_high.at(place));
    }
    let sum = Sum { point, digits, lowest, places, wrong: expected.distance };
    let first = sum.word(FIRST);
    Witness::new(first, black_box(&sum).word(SECOND))
}

/// Where the equation has led.
struct Sum<'a> {
    point: Point,
    digits: [Digits<'a>; 4],
    /// The lowest words of the numbers that the digits were of.
    lowest: [u32; 4],
    /// How many digits each of them has.
    places: u32,
    /// What was found wrong before.
    wrong: u32,
}

impl Sum<'_> {
    /// `right` exactly if the sum of all terms is the neutral point and no term was left out.
    #[inline(never)]
    fn word(&self, right: u32) -> u32 {
        let distance = self.point.distance() | self.point.missing(self.places) | self.wrong;
        let digits = self.digits.iter().zip(&self.lowest);
        right ^ digits.fold(distance, |distance, (digits, lowest)| distance | digits.missing(*lowest))
    }
}
