//! The field of p = 2^255 − 19 elements.
//!
//! An element is any number below 2^256; several numbers stand for the same element, and only [`Element::reduced`]
//! distinguishes them. What exceeds 2^256 comes back 38 times, because 2^256 = 2 p + 38.

use crate::limbs::{self, Limbs};

/// An element of the field, not necessarily reduced.
#[derive(Clone, Copy, Debug, Default)]
#[repr(transparent)]
pub(crate) struct Element(Limbs);

/// p, the order of the field.
static PRIME: Element =
    Element([0xFFFF_FFED, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0x7FFF_FFFF]);

/// 2^256 modulo p.
const EXCESS: u32 = 38;

impl Element {
    pub(crate) const ZERO: Self = Self([0; 8]);
    pub(crate) const ONE: Self = Self([1, 0, 0, 0, 0, 0, 0, 0]);

    pub(crate) const fn new(limbs: Limbs) -> Self {
        Self(limbs)
    }

    pub(crate) const fn limbs(&self) -> &Limbs {
        &self.0
    }

    /// The one number below p that stands for this element.
    #[inline(never)]
    pub(crate) fn reduced(&self) -> Limbs {
        let (mut reduced, mut less) = (*self, Sixteen::new());
        // 2^256 − 1 = 2 p + 37.
        for _ in 0..2 {
            if less.combine(&reduced, &PRIME, u32::MAX) == 0 {
                reduced = less.element();
            }
        }
        debug_assert!(less.combine(&reduced, &PRIME, u32::MAX) == 1, "below p");
        reduced.0
    }

    /// Zero exactly for zero.
    #[inline(never)]
    pub(crate) fn distance(&self) -> u32 {
        self.reduced().iter().fold(0, |bits, limb| bits | limb)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.distance() == 0
    }

    /// Whether the reduced number is odd: the sign of an x coordinate.
    pub(crate) fn is_odd(&self) -> bool {
        self.reduced()[0] & 1 == 1
    }
}

/// What programs do for the check without tables.
#[cfg(feature = "tables")]
impl Element {
    pub(crate) fn add(&self, other: &Self) -> Self {
        #[cfg(test)]
        crate::count::sum();
        let mut result = Sixteen::new();
        result.combine(self, other, 0);
        result.element()
    }

    pub(crate) fn subtract(&self, other: &Self) -> Self {
        #[cfg(test)]
        crate::count::sum();
        let mut result = Sixteen::new();
        result.combine(self, other, u32::MAX);
        result.element()
    }

    pub(crate) fn multiply(&self, other: &Self) -> Self {
        let mut result = Sixteen::new();
        result.multiply(self, other);
        result.element()
    }

    pub(crate) fn square(&self) -> Self {
        self.multiply(self)
    }

    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.subtract(other).is_zero()
    }
}

/// Where results are computed: a product takes sixteen words on its way, what becomes of it the first eight.
#[derive(Debug)]
pub(crate) struct Sixteen([u32; 16]);

impl Sixteen {
    pub(crate) fn new() -> Self {
        Self([limbs::zero(); 16])
    }

    /// The result.
    pub(crate) const fn element(&self) -> Element {
        let [r0, r1, r2, r3, r4, r5, r6, r7, ..] = self.0;
        Element([r0, r1, r2, r3, r4, r5, r6, r7])
    }

    #[inline(never)]
    pub(crate) fn multiply(&mut self, a: &Element, b: &Element) {
        #[cfg(test)]
        crate::count::product(core::ptr::eq(a, b));
        let above = limbs::multiply_fold(&mut self.0, &a.0, &b.0, EXCESS);
        debug_assert!(above <= EXCESS, "38 (2^256 - 1) + 2^256 - 1 is below 39 * 2^256");
        self.add_excess(above.wrapping_mul(EXCESS));
    }

    /// The sum, for a mask of no bits, and 1 if it was 2^256 or more; the difference, for one of all bits, and 1 if it was
    /// negative.
    ///
    /// a − b is the complement of the complement of a, plus b: what has to be taken off for a borrow is added there.
    #[inline(never)]
    pub(crate) fn combine(&mut self, a: &Element, b: &Element, mask: u32) -> u32 {
        let mut carry = 0;
        for ((result, a), b) in self.0.iter_mut().zip(&a.0).zip(&b.0) {
            (*result, carry) = limbs::add_word(a ^ mask, *b, carry);
        }
        self.add_excess(EXCESS & 0_u32.wrapping_sub(carry));
        if mask != 0 {
            for result in self.0.iter_mut().take(8) {
                *result ^= mask;
            }
        }
        carry
    }

    /// Adds what was above 2^256, multiplied by 38 already.
    #[inline(always)]
    fn add_excess(&mut self, excess: u32) {
        debug_assert!(excess <= EXCESS * EXCESS, "the highest that a product leaves");
        let (lowest, carry) = self.0[0].overflowing_add(excess);
        self.0[0] = lowest;
        if carry {
            carry_on(&mut self.0);
        }
    }
}

/// Carries out of the lowest word: rare, as it holds less than 38² then.
#[cold]
#[inline(never)]
fn carry_on(limbs: &mut [u32; 16]) {
    debug_assert!(limbs[0] < EXCESS * EXCESS);
    let [_, upper @ .., _, _, _, _, _, _, _, _] = limbs;
    for limb in upper {
        let (sum, carry) = limb.overflowing_add(1);
        *limb = sum;
        if !carry {
            return;
        }
    }
    // 2^256 again, and the number is small now: the lowest word takes 38 more without a carry.
    limbs[0] = limbs[0].wrapping_add(EXCESS);
}
