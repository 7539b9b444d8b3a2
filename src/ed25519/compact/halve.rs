//! A fraction with short parts that equals the challenge: half as many doublings.
//!
//! Instead of S B = R + k A one checks v S B = v R + u A, with u = v k modulo 8 L and neither u nor v longer than
//! about half of k (Antipa, Brown, Gallant, Lambert, Struik, Vanstone, "Accelerated verification of ECDSA
//! signatures", SAC 2005). The equations hold for the same points, those with a part of small order too, since the group
//! of all points has 8 L elements and v is odd and not a multiple of L.

use core::mem::swap;
use core::num::NonZeroU32;

use super::limbs::{self, Limbs};
use super::scalar::{self, ORDER};

/// 8 L, the number of points of the curve.
const POINTS: Limbs = [0xE7AE_9F68, 0xC093_18D2, 0x17BC_E6B2, 0xA6F7_CEF5, 0, 0, 0, 0x8000_0000];

/// `numerator` = ± `denominator` × the challenge modulo 8 L. The denominator is odd and below 2^128, so that it is not
/// zero modulo L either.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fraction {
    pub(super) numerator: Limbs,
    pub(super) denominator: Limbs,
    pub(super) negative: bool,
}

impl Fraction {
    /// Zero exactly if this is a fraction of the challenge modulo L that can be used: the search for it, done backwards.
    /// Of zero and zero everything would be a fraction, and every signature good.
    pub(super) fn distance(&self, challenge: &Limbs) -> u32 {
        let product = scalar::multiply(&self.denominator, challenge);
        let numerator = scalar::reduce(&self.numerator, &[0; 8]);
        let expected = if self.negative && product != [0; 8] { limbs::subtract(&ORDER, &product).0 } else { product };
        let [lowest, _, _, _, above @ ..] = self.denominator;
        let unusable = above.iter().fold(!lowest & 1, |bits, word| bits | word);
        limbs::distance(&numerator, &expected) | unusable
    }
}

/// What a fraction has to be, kept apart from it: a fault may put another one in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// Zero if it is a fraction of the challenge.
    pub(super) distance: u32,
    /// Its lowest words.
    pub(super) numerator: u32,
    pub(super) denominator: u32,
}

impl Expected {
    pub(super) fn new(fraction: &Fraction, challenge: &Limbs) -> Self {
        let ([numerator, ..], [denominator, ..]) = (fraction.numerator, fraction.denominator);
        Self { distance: fraction.distance(challenge), numerator, denominator }
    }
}

/// One row of Euclid's algorithm on 8 L and the challenge: `rest` = ± `factor` × the challenge, modulo 8 L.
#[derive(Clone, Copy)]
struct Row {
    rest: Limbs,
    factor: Limbs,
}

/// The fraction for a challenge.
///
/// The rows have opposite signs, and one row's factor is odd, because the two stay coprime. Rests times
/// factors across the rows add up to 8 L: as long as the smaller rest is at least 2^128, no factor reaches 2^128.
/// Where the loop ends is a matter of speed alone: every row is a right answer.
#[inline(never)]
pub(super) fn halve(challenge: &Limbs) -> Fraction {
    let mut large = Row { rest: POINTS, factor: [0; 8] };
    let mut small = Row { rest: *challenge, factor: [1, 0, 0, 0, 0, 0, 0, 0] };
    let mut negative = false;
    while limbs::bit_length(&small.rest) > 128 {
        let Some(quotient) = estimate(&large.rest, &small.rest) else { break };
        large.subtract(&small, quotient);
        if limbs::subtract(&large.rest, &small.rest).1 {
            swap_rows(&mut large, &mut small);
            negative = !negative;
        }
    }
    if small.factor[0] & 1 == 0 {
        swap_rows(&mut large, &mut small);
        negative = !negative;
    }
    debug_assert!(small.factor[0] & 1 == 1 && limbs::bit_length(&small.factor) <= 128);
    Fraction { numerator: small.rest, denominator: small.factor, negative }
}

/// Once in the program.
#[inline(never)]
fn swap_rows(large: &mut Row, small: &mut Row) {
    swap(large, small);
}

/// At least one and at most the quotient of the two, of which `large` is not less; `None` if it is beyond 2^31.
///
/// With the highest 32 bits of `large`, t, and the bits at the same places of `small`, s, t / (s + 1) is not above
/// the quotient.
fn estimate(large: &Limbs, small: &Limbs) -> Option<u32> {
    let highest = limbs::bit_length(large).wrapping_sub(1);
    let divisor = limbs::bits(small, highest, 32);
    if divisor == 0 {
        return None;
    }
    let quotient = limbs::bits(large, highest, 32) / NonZeroU32::MIN.saturating_add(divisor);
    Some(quotient.max(1))
}

impl Row {
    /// Takes `quotient` times the other row, which has the opposite sign, from this one.
    fn subtract(&mut self, other: &Self, quotient: u32) {
        let lent = limbs::subtract_multiple(&mut self.rest, &other.rest, quotient);
        let above = limbs::add_multiple(&mut self.factor, &other.factor, quotient);
        debug_assert!(lent == 0 && above == 0, "not above the quotient");
    }
}
