//! Points of the twisted Edwards curve −x² + y² = 1 + d x² y², with the formulas of Hisil, Wong, Carter and Dawson
//! (2008), which are complete on it: no pair of points is an exception.

use crate::affine::Affine;
#[cfg(feature = "tables")]
use crate::affine::invert;
#[cfg(feature = "tables")]
use crate::constants::D;
use crate::constants::{CONSTANTS, GIVEN_D, ONE, ZERO};
use crate::field::Element;
use crate::program::{self, GIVEN, Registers, Step};

/// A point as doubling and addition leave it: x = E/G, y = H/F. A product is formed when the next step needs it:
/// X = E F, Y = G H, Z = F G and T = E H, where x = X/Z, y = Y/Z and x y = T/Z.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    /// E, F, G, H, and what programs leave behind.
    registers: Registers,
    /// How often it was doubled: a fault may have others doubled in its place.
    doublings: u32,
}

const E: u16 = 0;
const F: u16 = 1;
const G: u16 = 2;
const H: u16 = 3;
const T0: u16 = 4;
const T1: u16 = 5;
const T2: u16 = 6;
const T3: u16 = 7;

/// A summand with Z = 1, prepared: y + x, y − x, 2 d x y. The layout is that of anchor tables.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(crate) struct Prepared(pub(crate) [Element; 3]);

/// A summand of any Z: the same multiplied by Z, and 2 Z.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(crate) struct Scaled([Element; 4]);

const SUM: u16 = GIVEN;
const DIFFERENCE: u16 = GIVEN + 1;
const PRODUCT: u16 = GIVEN + 2;
const TWO_Z: u16 = GIVEN + 3;

/// Four multiplications and three squarings. 2 X Y and Y² − X² in the place of the formula's negatives: both are numbers of
/// the same fraction.
static DOUBLE: [Step; 12] = [
    Step::product(T0, E, F),
    Step::product(T1, G, H),
    Step::product(T2, F, G),
    Step::product(T3, T0, T1),
    Step::square(T0, T0),
    Step::square(T1, T1),
    Step::square(T2, T2),
    Step::sum(H, T1, T0),
    Step::difference(G, T1, T0),
    Step::sum(E, T3, T3),
    Step::sum(T2, T2, T2),
    Step::difference(F, T2, G),
];

/// Z = 1, beside x and y.
static SET: [Step; 2] = [Step::sum(F, ZERO, ONE), Step::sum(G, ZERO, ONE)];

/// What a summand's 2 Z does to Z, if it has one.
static SCALE: [Step; 2] = [Step::product(T2, F, G), Step::product(T2, T2, TWO_Z)];

/// What it does otherwise.
static TWICE: [Step; 2] = [Step::product(T2, F, G), Step::sum(T2, T2, T2)];

/// Seven multiplications, with the one before.
static ADD: [Step; 12] = addition(SUM, DIFFERENCE, F, G);

/// The same for the negative of the summand: y + x and y − x change places, and so do F and G.
static SUBTRACT: [Step; 12] = addition(DIFFERENCE, SUM, G, F);

const fn addition(sum: u16, difference: u16, f: u16, g: u16) -> [Step; 12] {
    [
        Step::product(T0, E, F),
        Step::product(T1, G, H),
        Step::difference(T3, T1, T0),
        Step::sum(T1, T1, T0),
        Step::product(T3, T3, difference),
        Step::product(T1, T1, sum),
        Step::product(T0, E, H),
        Step::product(T0, T0, PRODUCT),
        Step::difference(f, T2, T0),
        Step::sum(g, T2, T0),
        Step::difference(E, T1, T3),
        Step::sum(H, T1, T3),
    ]
}

/// Leaves the point as a summand in `T0` to `T3`.
static PREPARE: [Step; 9] = [
    Step::product(T2, E, F),
    Step::product(T3, G, H),
    Step::sum(T0, T3, T2),
    Step::difference(T1, T3, T2),
    Step::product(T2, E, H),
    Step::product(T2, T2, GIVEN_D),
    Step::sum(T2, T2, T2),
    Step::product(T3, F, G),
    Step::sum(T3, T3, T3),
];

impl Point {
    /// No point yet: zeros, which no formula leads out of.
    pub(crate) const NONE: Self = Self { registers: [Element::ZERO; 16], doublings: 0 };

    #[cfg(any(test, feature = "tables"))]
    pub(crate) fn from_affine(affine: &Affine) -> Self {
        let mut point = Self::NONE;
        point.set(affine);
        point
    }

    /// Makes it the point with these coordinates.
    #[inline(never)]
    pub(crate) fn set(&mut self, affine: &Affine) {
        let [e, _, _, h, ..] = &mut self.registers;
        (*e, *h) = (affine.x, affine.y);
        program::give(&mut self.registers, &CONSTANTS);
        program::run(&SET, &mut self.registers);
        self.doublings = 0;
    }

    /// Twice the point.
    #[inline(never)]
    pub(crate) fn double(&mut self) {
        program::run(&DOUBLE, &mut self.registers);
        self.doublings = self.doublings.wrapping_add(1);
    }

    /// Adds a summand of three or four numbers, or its negative.
    #[inline(never)]
    pub(crate) fn add(&mut self, summand: &[Element], negative: bool) {
        program::give(&mut self.registers, summand);
        program::run(if summand.len() == 3 { &TWICE } else { &SCALE }, &mut self.registers);
        program::run(if negative { &SUBTRACT } else { &ADD }, &mut self.registers);
    }

    /// The point as a summand.
    #[inline(never)]
    pub(crate) fn prepare(&mut self, summand: &mut Scaled) {
        program::give(&mut self.registers, &CONSTANTS);
        program::run(&PREPARE, &mut self.registers);
        let [_, _, _, _, scaled @ ..] = &self.registers;
        for (number, register) in summand.0.iter_mut().zip(scaled) {
            *number = *register;
        }
    }

    /// x and y.
    #[cfg(feature = "tables")]
    #[inline(never)]
    pub(crate) fn affine(&self) -> Affine {
        let [e, f, g, h, ..] = &self.registers;
        let by_z = invert(&f.multiply(g));
        Affine { x: e.multiply(f).multiply(&by_z), y: g.multiply(h).multiply(&by_z) }
    }

    /// Whether `prepared` is this point, each of its numbers in its one reduced form.
    #[cfg(feature = "tables")]
    pub(crate) fn is(&self, prepared: &Prepared) -> bool {
        let [e, f, g, h, ..] = &self.registers;
        let (x, y) = (e.multiply(f), g.multiply(h));
        let z = f.multiply(g);
        let product = e.multiply(h).multiply(&D);
        let product = product.add(&product);
        [y.add(&x), y.subtract(&x), product]
            .iter()
            .zip(&prepared.0)
            .all(|(multiple, element)| element.multiply(&z).equals(multiple) && element.reduced() == *element.limbs())
    }

    /// Zero exactly if it was doubled this often since it was made.
    pub(crate) const fn missing(&self, doublings: u32) -> u32 {
        self.doublings ^ doublings
    }

    /// Zero exactly for the neutral point, x = 0 and y = 1.
    ///
    /// F and G are never zero, as the formulas are complete. A fault may leave a point of nothing but zeros, which no
    /// addition changes any more: it is not the neutral one.
    pub(crate) fn distance(&mut self) -> u32 {
        program::run(&COMPARE, &mut self.registers);
        let [e, f, _, _, difference, ..] = &self.registers;
        e.distance() | difference.distance() | u32::from(f.is_zero())
    }
}

/// How H differs from F.
static COMPARE: [Step; 1] = [Step::difference(T0, H, F)];

impl Prepared {
    pub(crate) const fn numbers(&self) -> &[Element] {
        &self.0
    }
}

#[cfg(feature = "tables")]
impl Prepared {
    pub(crate) const ZERO: Self = Self([Element::ZERO; 3]);

    pub(crate) fn from_affine(Affine { x, y }: &Affine) -> Self {
        let product = x.multiply(y).multiply(&D);
        Self([y.add(x), y.subtract(x), product.add(&product)])
    }

    /// The same, each number in its one reduced form.
    #[cfg(feature = "make")]
    pub(crate) fn reduced(&self) -> Self {
        Self(self.0.map(|element| Element::new(element.reduced())))
    }
}

impl Scaled {
    pub(crate) const ZERO: Self = Self([Element::ZERO; 4]);

    pub(crate) const fn numbers(&self) -> &[Element] {
        &self.0
    }
}
