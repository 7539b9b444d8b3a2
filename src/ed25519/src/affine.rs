//! Points by their two coordinates, and what the encoding of a point reveals.

use crate::constants::{CONSTANTS, GIVEN_D, GIVEN_ROOT, ONE, ZERO};
use crate::field::Element;
use crate::limbs::{self, Limbs};
use crate::program::{self, Registers, Step};

/// A point by its two coordinates.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Affine {
    pub(crate) x: Element,
    pub(crate) y: Element,
}

impl Affine {
    /// The neutral point.
    pub(crate) const NEUTRAL: Self = Self { x: Element::ZERO, y: Element::ONE };

    /// Makes it the negative of an encoded point, whether or not the encoding is canonical; hands back whether there is
    /// such a point, not of small order.
    #[inline(never)]
    pub(crate) fn read_negative(&mut self, bytes: &[u8; 32]) -> bool {
        self.read_any_negative(bytes) == Some(false)
    }

    /// Makes it the negative of an encoded point, and says whether it is of small order; `None` if there is none.
    pub(crate) fn read_any_negative(&mut self, bytes: &[u8; 32]) -> Option<bool> {
        let odd;
        (self.y, odd) = read(bytes);
        recover_x(&mut self.x, &self.y, !odd)
    }

    /// As [`Self::read_negative`], for the canonical encoding only: R is compared by its bytes, and no other bytes come out
    /// of a computation.
    pub(crate) fn read_canonical(&mut self, bytes: &[u8; 32]) -> bool {
        self.read_negative(bytes) && self.y.reduced() == *self.y.limbs()
    }

    #[cfg(feature = "tables")]
    pub(crate) fn negate(&self) -> Self {
        Self { x: Element::ZERO.subtract(&self.x), y: self.y }
    }

    /// The encoding.
    #[cfg(feature = "tables")]
    pub(crate) fn write(&self) -> Limbs {
        let mut limbs = self.y.reduced();
        limbs[7] |= u32::from(self.x.is_odd()) << 31;
        limbs
    }
}

/// The y of an encoded point, not necessarily reduced, and whether x is odd.
pub(crate) fn read(bytes: &[u8; 32]) -> (Element, bool) {
    let mut limbs: Limbs = limbs::from_bytes(bytes);
    let odd = limbs[7] >> 31 == 1;
    limbs[7] &= 0x7FFF_FFFF;
    (Element::new(limbs), odd)
}

const Y: u16 = 0;
const Y_SQUARED: u16 = 1;
const U: u16 = 2;
const V: u16 = 3;
const V_CUBED: u16 = 4;
const BASE: u16 = 5;
const POWER: u16 = 6;
const BEFORE: u16 = 7;
const SMALL: u16 = 12;

/// u and v, of which u/v is x², and u v⁷; and y² (d y² + 1) + y² − 1, times y² − 1, times y².
///
/// The last is zero exactly for the y of points with small order. At order 4 y is 0, at orders 1 and 2 it is 1 and −1. A point of
/// order 8 has a double with y = 0: its x² is −y², which makes the equation of the curve d y⁴ + 2 y² = 1.
static BEFORE_POWER: [Step; 14] = [
    Step::square(Y_SQUARED, Y),
    Step::difference(U, Y_SQUARED, ONE),
    Step::product(V, Y_SQUARED, GIVEN_D),
    Step::sum(V, V, ONE),
    Step::square(V_CUBED, V),
    Step::product(V_CUBED, V_CUBED, V),
    Step::square(BASE, V_CUBED),
    Step::product(BASE, BASE, U),
    Step::product(BASE, BASE, V),
    Step::sum(POWER, ZERO, ONE),
    Step::product(SMALL, Y_SQUARED, V),
    Step::sum(SMALL, SMALL, U),
    Step::product(SMALL, SMALL, U),
    Step::product(SMALL, SMALL, Y_SQUARED),
];

/// u v³ times the power, whose square times v is u if it is x, and −u if it is so times the square root of −1. What it
/// differs by from either, and the two roots with their negatives, take the places of numbers that are not needed any more.
static AFTER_POWER: [Step; 9] = [
    Step::product(POWER, POWER, U),
    Step::product(POWER, POWER, V_CUBED),
    Step::square(Y, POWER),
    Step::product(Y, Y, V),
    Step::sum(Y_SQUARED, Y, U),
    Step::difference(Y, Y, U),
    Step::difference(V, ZERO, POWER),
    Step::product(V_CUBED, POWER, GIVEN_ROOT),
    Step::difference(BASE, ZERO, V_CUBED),
];

static SQUARE: [Step; 1] = [Step::square(POWER, POWER)];
static KEEP: [Step; 1] = [Step::sum(BEFORE, POWER, ZERO)];
static TIMES_BEFORE: [Step; 1] = [Step::product(POWER, POWER, BEFORE)];
static TIMES_BASE: [Step; 1] = [Step::product(POWER, POWER, BASE)];

/// Takes `BASE` to the power of (p − 5) / 8 = 2^252 − 3, from which a square root is made.
#[inline(never)]
fn power_for_root(registers: &mut Registers) {
    // The exponent is 250 ones in binary, and 01. From n ones, n squarings and a multiplication make 2 n; one of each, with the
    // base, makes one more.
    const WITH_BASE: u8 = 0x80;
    static CHAIN: [u8; 14] = [
        WITH_BASE,
        1,
        WITH_BASE + 1,
        3,
        WITH_BASE + 1,
        7,
        WITH_BASE + 1,
        15,
        WITH_BASE + 1,
        31,
        62,
        WITH_BASE + 1,
        125,
        WITH_BASE + 2,
    ];
    for step in &CHAIN {
        program::run(&KEEP, registers);
        program::repeat(&SQUARE, registers, step & !WITH_BASE);
        program::run(if step & WITH_BASE == 0 { &TIMES_BEFORE } else { &TIMES_BASE }, registers);
    }
}

/// Puts the x that belongs to `y` in its place, even or odd as asked (RFC 8032 §5.1.3), and says whether the point is
/// of small order; `None` if there is no x. Zero has no odd form: it is given for both, and no caller distinguishes
/// them, because the points with x = 0 have small order.
#[inline(never)]
fn recover_x(x: &mut Element, y: &Element, odd: bool) -> Option<bool> {
    let mut registers = [*y; 16];
    program::give(&mut registers, &CONSTANTS);
    program::run(&BEFORE_POWER, &mut registers);
    power_for_root(&mut registers);
    program::run(&AFTER_POWER, &mut registers);
    let [difference, sum, _, negative, other, other_negative, root, _, _, _, _, _, small, ..] = &registers;
    let (root, negative) = if difference.is_zero() { (root, negative) } else { (other, other_negative) };
    *x = if root.is_odd() == odd { *root } else { *negative };
    (difference.is_zero() || sum.is_zero()).then(|| small.is_zero())
}

/// One by the element; zero by zero.
#[cfg(feature = "tables")]
pub(crate) fn invert(element: &Element) -> Element {
    // p − 2 = 8 (2^252 − 3) + 3.
    let power = power_of(element);
    let eighth = power.square().square().square();
    eighth.multiply(&element.square()).multiply(element)
}

/// [`power_for_root`] of an element.
#[cfg(feature = "tables")]
pub(crate) fn power_of(element: &Element) -> Element {
    let mut registers = [Element::ONE; 16];
    program::give(&mut registers, &CONSTANTS);
    let [_, _, _, _, _, base, ..] = &mut registers;
    *base = *element;
    power_for_root(&mut registers);
    let [_, _, _, _, _, _, power, ..] = &registers;
    *power
}

/// Whether the points with this y have small order.
#[cfg(feature = "tables")]
pub(crate) fn has_small_order(y: &Element) -> bool {
    let mut registers = [*y; 16];
    program::give(&mut registers, &CONSTANTS);
    program::run(&BEFORE_POWER, &mut registers);
    let [.., small, _, _, _] = &registers;
    small.is_zero()
}
