//! Points of the twisted Edwards curve −x² + y² = 1 + d x² y², with the formulas of Hisil, Wong, Carter and Dawson
//! (2008), which are complete on it: no pair of points is an exception.

use super::field::Element;
use super::limbs::{self, Limbs};

/// d = −121665/121666.
pub(super) const D: Element = Element::new([
    0x1359_78A3,
    0x75EB_4DCA,
    0x4141_D8AB,
    0x0070_0A4D,
    0x7779_E898,
    0x8CC7_4079,
    0x2B6F_FE73,
    0x5203_6CEE,
]);

/// 2 d.
pub(super) const TWO_D: Element = Element::new([
    0x26B2_F159,
    0xEBD6_9B94,
    0x8283_B156,
    0x00E0_149A,
    0xEEF3_D130,
    0x198E_80F2,
    0x56DF_FCE7,
    0x2406_D9DC,
]);

/// A square root of −1.
pub(super) const ROOT_OF_MINUS_ONE: Element = Element::new([
    0x4A0E_A0B0,
    0xC4EE_1B27,
    0xAD2F_E478,
    0x2F43_1806,
    0x3DFB_D7A7,
    0x2B4D_0099,
    0x4FC1_DF0B,
    0x2B83_2480,
]);

/// A point as doubling and addition leave it: x = E/G, y = H/F. A product is formed when the next step needs it:
/// X = E F, Y = G H, Z = F G and T = E H, where x = X/Z, y = Y/Z and x y = T/Z.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    e: Element,
    f: Element,
    g: Element,
    h: Element,
    /// How often it was doubled: a fault may have others doubled in its place.
    doublings: u32,
}

/// A summand with Z = 1, prepared: y + x, y − x, 2 d x y. The layout is that of anchor tables.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Prepared {
    pub(super) sum: Element,
    pub(super) difference: Element,
    pub(super) product: Element,
}

/// A summand of any Z: the same multiplied by Z, and 2 Z.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scaled {
    prepared: Prepared,
    two_z: Element,
}

impl Point {
    pub(super) const IDENTITY: Self =
        Self { e: Element::ZERO, f: Element::ONE, g: Element::ONE, h: Element::ONE, doublings: 0 };

    pub(super) const fn from_affine(x: Element, y: Element) -> Self {
        Self { e: x, f: Element::ONE, g: Element::ONE, h: y, doublings: 0 }
    }

    /// Twice the point: three multiplications and four squarings.
    #[inline(never)]
    pub(super) fn double(&mut self) {
        let (x, y) = (self.e.multiply(&self.f), self.g.multiply(&self.h));
        let z_squared = self.f.multiply(&self.g).square();
        let both_squared = x.add(&y).square();
        let (x_squared, y_squared) = (x.square(), y.square());
        self.h = x_squared.add(&y_squared);
        self.g = x_squared.subtract(&y_squared);
        self.e = self.h.subtract(&both_squared);
        self.f = z_squared.add(&z_squared).add(&self.g);
        self.doublings = self.doublings.wrapping_add(1);
    }

    /// Adds `other`, or its negative; `two_z` is 2 Z of `other`, or `None` for Z = 1. Eight multiplications, or seven.
    #[inline(never)]
    pub(super) fn add(&mut self, other: &Prepared, two_z: Option<&Element>, negative: bool) {
        let (x, y) = (self.e.multiply(&self.f), self.g.multiply(&self.h));
        let z = self.f.multiply(&self.g);
        let (with_sum, with_difference) =
            if negative { (&other.difference, &other.sum) } else { (&other.sum, &other.difference) };
        let a = y.subtract(&x).multiply(with_difference);
        let b = y.add(&x).multiply(with_sum);
        let c = self.e.multiply(&self.h).multiply(&other.product);
        let d = two_z.map_or_else(|| z.add(&z), |two_z| z.multiply(two_z));
        let (f, g) = if negative { (&mut self.g, &mut self.f) } else { (&mut self.f, &mut self.g) };
        *f = d.subtract(&c);
        *g = d.add(&c);
        self.e = b.subtract(&a);
        self.h = b.add(&a);
    }

    /// The point as a summand.
    #[inline(never)]
    pub(super) fn scaled(&self) -> Scaled {
        let (x, y) = (self.e.multiply(&self.f), self.g.multiply(&self.h));
        let z = self.f.multiply(&self.g);
        let prepared =
            Prepared { sum: y.add(&x), difference: y.subtract(&x), product: self.e.multiply(&self.h).multiply(&TWO_D) };
        Scaled { prepared, two_z: z.add(&z) }
    }

    /// x and y.
    #[cfg(feature = "_tables")]
    #[inline(never)]
    pub(super) fn affine(&self) -> (Element, Element) {
        let by_z = self.f.multiply(&self.g).invert();
        (self.e.multiply(&self.f).multiply(&by_z), self.g.multiply(&self.h).multiply(&by_z))
    }

    /// Whether `prepared` is this point, each of its numbers in its one reduced form.
    #[cfg(feature = "_tables")]
    pub(super) fn is(&self, prepared: &Prepared) -> bool {
        let (x, y) = (self.e.multiply(&self.f), self.g.multiply(&self.h));
        let z = self.f.multiply(&self.g);
        let product = self.e.multiply(&self.h).multiply(&TWO_D);
        [(y.add(&x), &prepared.sum), (y.subtract(&x), &prepared.difference), (product, &prepared.product)]
            .iter()
            .all(|(multiple, element)| element.multiply(&z).equals(multiple) && element.reduced() == *element.limbs())
    }

    /// Zero exactly if it was doubled this often since it was made.
    pub(super) const fn missing(&self, doublings: u32) -> u32 {
        self.doublings ^ doublings
    }

    /// Zero exactly for the neutral point, x = 0 and y = 1.
    ///
    /// F and G are never zero, as the formulas are complete. A fault may leave a point of nothing but zeros, which no
    /// addition changes any more: it is not the neutral one.
    #[inline(never)]
    pub(super) fn distance(&self) -> u32 {
        let zero = Element::ZERO.limbs();
        let distance = limbs::distance(&self.e.reduced(), zero) | limbs::distance(&self.h.reduced(), &self.f.reduced());
        distance | u32::from(self.f.is_zero())
    }
}

impl Prepared {
    pub(super) const ZERO: Self = Self { sum: Element::ZERO, difference: Element::ZERO, product: Element::ZERO };
}

#[cfg(feature = "_tables")]
impl Prepared {
    pub(super) fn from_affine(x: &Element, y: &Element) -> Self {
        Self { sum: y.add(x), difference: y.subtract(x), product: x.multiply(y).multiply(&TWO_D) }
    }

    /// The same, each number in its one reduced form.
    #[cfg(feature = "sign")]
    pub(super) fn reduced(&self) -> Self {
        let [sum, difference, product] =
            [&self.sum, &self.difference, &self.product].map(|element| Element::new(element.reduced()));
        Self { sum, difference, product }
    }
}

impl Scaled {
    pub(super) const ZERO: Self = Self { prepared: Prepared::ZERO, two_z: Element::ZERO };

    pub(super) fn add_to(&self, point: &mut Point, negative: bool) {
        point.add(&self.prepared, Some(&self.two_z), negative);
    }
}

/// The x that belongs to `y`, even or odd as asked; `None` if there is none. RFC 8032 §5.1.3. Zero has no odd
/// form: it is returned for both, and no caller tells them apart, because the points with x = 0 have small order.
#[inline(never)]
pub(super) fn recover_x(y: &Element, odd: bool) -> Option<Element> {
    let y_squared = y.square();
    let u = y_squared.subtract(&Element::ONE);
    let v = y_squared.multiply(&D).add(&Element::ONE);
    let v_cubed = v.square().multiply(&v);
    let power = u.multiply(&v_cubed.square()).multiply(&v).power_for_root();
    let root = u.multiply(&v_cubed).multiply(&power);
    let check = root.square().multiply(&v);
    let x = if check.equals(&u) {
        root
    } else if check.equals(&u.negate()) {
        root.multiply(&ROOT_OF_MINUS_ONE)
    } else {
        return None;
    };
    Some(if x.is_odd() == odd { x } else { x.negate() })
}

/// Whether the points with this y have small order. At order 4 y is 0, at orders 1 and 2 it is 1 and −1. A point of order 8
/// has a double with y = 0: its x² is −y², which makes the equation of the curve d y⁴ + 2 y² = 1.
#[inline(never)]
pub(super) fn has_small_order(y: &Element) -> bool {
    let squared = y.square();
    let less_one = squared.subtract(&Element::ONE);
    let eighth = squared.square().multiply(&D).add(&squared).add(&less_one);
    squared.multiply(&less_one).multiply(&eighth).is_zero()
}

/// The y of an encoded point, not necessarily reduced, and whether x is odd.
pub(super) fn read(bytes: &[u8; 32]) -> (Element, bool) {
    let mut limbs: Limbs = limbs::from_bytes(bytes);
    let odd = limbs[7] >> 31 == 1;
    limbs[7] &= 0x7FFF_FFFF;
    (Element::new(limbs), odd)
}

/// The encoding of a point.
#[cfg(feature = "_tables")]
pub(super) fn write(x: &Element, y: &Element) -> Limbs {
    let mut limbs = y.reduced();
    limbs[7] |= u32::from(x.is_odd()) << 31;
    limbs
}
