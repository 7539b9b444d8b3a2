//! The field of p = 2^255 − 19 elements.
//!
//! An element is any number below 2^256; several numbers stand for the same element, and only [`Element::reduced`]
//! tells them apart. What exceeds 2^256 comes back 38 times, because 2^256 = 2 p + 38.

use super::limbs::{self, Limbs};

/// An element of the field, not necessarily reduced.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(super) struct Element(Limbs);

/// p, the order of the field.
const PRIME: Limbs =
    [0xFFFF_FFED, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0x7FFF_FFFF];

/// 2^256 modulo p.
const EXCESS: u32 = 38;

impl Element {
    pub(super) const ZERO: Self = Self([0; 8]);
    pub(super) const ONE: Self = Self([1, 0, 0, 0, 0, 0, 0, 0]);

    pub(super) const fn new(limbs: Limbs) -> Self {
        Self(limbs)
    }

    pub(super) const fn limbs(&self) -> &Limbs {
        &self.0
    }

    #[inline(never)]
    pub(super) fn add(&self, other: &Self) -> Self {
        let (sum, carry) = limbs::add(&self.0, &other.0);
        let mut sum = Self(sum);
        sum.add_excess(if carry { EXCESS } else { 0 });
        sum
    }

    #[inline(never)]
    pub(super) fn subtract(&self, other: &Self) -> Self {
        let (difference, borrow) = limbs::subtract(&self.0, &other.0);
        let mut difference = Self(difference);
        difference.subtract_excess(if borrow { EXCESS } else { 0 });
        difference
    }

    pub(super) fn negate(&self) -> Self {
        Self::ZERO.subtract(self)
    }

    #[inline(never)]
    pub(super) fn multiply(&self, other: &Self) -> Self {
        let mut product = Self::ZERO;
        let above = limbs::multiply_fold(&mut product.0, &self.0, &other.0, EXCESS);
        debug_assert!(above <= EXCESS, "38 (2^256 - 1) + 2^256 - 1 is below 39 * 2^256");
        product.add_excess(above.wrapping_mul(EXCESS));
        product
    }

    pub(super) fn square(&self) -> Self {
        self.multiply(self)
    }

    /// The element to the power of 2^`times`.
    fn square_times(&self, times: u32) -> Self {
        let mut power = *self;
        for _ in 0..times {
            power = power.square();
        }
        power
    }

    /// The element to the power of (p − 5) / 8 = 2^252 − 3, from which a square root is made.
    #[inline(never)]
    pub(super) fn power_for_root(&self) -> Self {
        // The exponent is 250 ones in binary, and 01. From n ones, n squarings and a multiplication make 2 n.
        let mut power = *self;
        let mut ones = 1;
        for one_more in [true, true, true, true, false, true, false] {
            power = power.square_times(ones).multiply(&power);
            ones <<= 1;
            if one_more {
                power = power.square().multiply(self);
                ones |= 1;
            }
        }
        debug_assert_eq!(ones, 250);
        power.square_times(2).multiply(self)
    }

    /// One by the element; zero by zero.
    #[cfg(feature = "_tables")]
    pub(super) fn invert(&self) -> Self {
        // p − 2 = 8 (2^252 − 3) + 3.
        self.power_for_root().square_times(3).multiply(&self.square()).multiply(self)
    }

    /// The one number below p that stands for this element.
    #[inline(never)]
    pub(super) fn reduced(&self) -> Limbs {
        let mut reduced = self.0;
        // 2^256 − 1 = 2 p + 37.
        for _ in 0..2 {
            let (less, borrow) = limbs::subtract(&reduced, &PRIME);
            if !borrow {
                reduced = less;
            }
        }
        debug_assert!(limbs::subtract(&reduced, &PRIME).1, "below p");
        reduced
    }

    pub(super) fn is_zero(&self) -> bool {
        self.reduced() == Self::ZERO.0
    }

    pub(super) fn equals(&self, other: &Self) -> bool {
        self.subtract(other).is_zero()
    }

    /// Whether the reduced number is odd: the sign of an x coordinate.
    pub(super) fn is_odd(&self) -> bool {
        self.reduced()[0] & 1 == 1
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

    /// Subtracts what a borrow of 2^256 lent: 38 or nothing.
    #[inline(always)]
    fn subtract_excess(&mut self, excess: u32) {
        let (lowest, borrow) = self.0[0].overflowing_sub(excess);
        self.0[0] = lowest;
        if borrow {
            borrow_on(&mut self.0);
        }
    }
}

/// Carries out of the lowest word: rare, as it holds less than 38² then.
#[cold]
#[inline(never)]
fn carry_on(limbs: &mut Limbs) {
    debug_assert!(limbs[0] < EXCESS * EXCESS);
    for limb in limbs.iter_mut().skip(1) {
        let (sum, carry) = limb.overflowing_add(1);
        *limb = sum;
        if !carry {
            return;
        }
    }
    // 2^256 again, and the number is small now: the lowest word takes 38 more without a carry.
    limbs[0] = limbs[0].wrapping_add(EXCESS);
}

/// Borrows for the lowest word: rare, as it held less than 38 then.
#[cold]
#[inline(never)]
fn borrow_on(limbs: &mut Limbs) {
    debug_assert!(limbs[0] > u32::MAX - EXCESS);
    for limb in limbs.iter_mut().skip(1) {
        let (difference, borrow) = limb.overflowing_sub(1);
        *limb = difference;
        if !borrow {
            return;
        }
    }
    // 2^256 lent again, and the number is large now: the lowest word gives 38 more without a borrow.
    limbs[0] = limbs[0].wrapping_sub(EXCESS);
}
