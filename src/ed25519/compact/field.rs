//! The field of p = 2^255 − 19 elements.
//!
//! An element is any number below 2^256; several numbers stand for the same element, and only [`Element::reduced`]
//! tells them apart. What exceeds 2^256 comes back 38 times, because 2^256 = 2 p + 38.

use super::limbs::{self, Limbs};

/// An element of the field, not necessarily reduced.
#[derive(Clone, Copy, Debug)]
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
        add_excess(sum, if carry { EXCESS } else { 0 })
    }

    #[inline(never)]
    pub(super) fn subtract(&self, other: &Self) -> Self {
        let (difference, borrow) = limbs::subtract(&self.0, &other.0);
        subtract_excess(difference, if borrow { EXCESS } else { 0 })
    }

    pub(super) fn negate(&self) -> Self {
        Self::ZERO.subtract(self)
    }

    #[inline(never)]
    pub(super) fn multiply(&self, other: &Self) -> Self {
        let (low, high) = limbs::multiply(&self.0, &other.0);
        let (folded, above) = limbs::fold(&low, &high, EXCESS);
        debug_assert!(above <= EXCESS, "38 (2^256 - 1) + 2^256 - 1 is below 39 * 2^256");
        add_excess(folded, above.wrapping_mul(EXCESS))
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
    pub(super) fn power_for_root(&self) -> Self {
        // The names tell how many ones the exponent has in binary.
        let ones_2 = self.square().multiply(self);
        let ones_4 = ones_2.square_times(2).multiply(&ones_2);
        let ones_5 = ones_4.square().multiply(self);
        let ones_10 = ones_5.square_times(5).multiply(&ones_5);
        let ones_20 = ones_10.square_times(10).multiply(&ones_10);
        let ones_40 = ones_20.square_times(20).multiply(&ones_20);
        let ones_50 = ones_40.square_times(10).multiply(&ones_10);
        let ones_100 = ones_50.square_times(50).multiply(&ones_50);
        let ones_200 = ones_100.square_times(100).multiply(&ones_100);
        let ones_250 = ones_200.square_times(50).multiply(&ones_50);
        ones_250.square_times(2).multiply(self)
    }

    /// The one number below p that stands for this element.
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
}

/// Adds what was above 2^256, multiplied by 38 already; `excess` is below 2^11.
#[inline(always)]
fn add_excess(mut limbs: Limbs, excess: u32) -> Element {
    debug_assert!(excess <= EXCESS * EXCESS, "the highest that a product leaves");
    let (lowest, carry) = limbs[0].overflowing_add(excess);
    limbs[0] = lowest;
    if carry { carry_on(limbs) } else { Element(limbs) }
}

/// Subtracts what a borrow of 2^256 lent: 38 or nothing.
#[inline(always)]
fn subtract_excess(mut limbs: Limbs, excess: u32) -> Element {
    let (lowest, borrow) = limbs[0].overflowing_sub(excess);
    limbs[0] = lowest;
    if borrow { borrow_on(limbs) } else { Element(limbs) }
}

/// Carries out of the lowest word: rare, as it holds less than 2^11 then.
#[cold]
#[inline(never)]
fn carry_on(mut limbs: Limbs) -> Element {
    debug_assert!(limbs[0] < EXCESS * EXCESS);
    for limb in limbs.iter_mut().skip(1) {
        let (sum, carry) = limb.overflowing_add(1);
        *limb = sum;
        if !carry {
            return Element(limbs);
        }
    }
    // 2^256 again, and the number is small now: the lowest word takes 38 more without a carry.
    limbs[0] = limbs[0].wrapping_add(EXCESS);
    Element(limbs)
}

/// Borrows for the lowest word: rare, as it held less than 38 then.
#[cold]
#[inline(never)]
fn borrow_on(mut limbs: Limbs) -> Element {
    debug_assert!(limbs[0] >= u32::MAX - EXCESS);
    for limb in limbs.iter_mut().skip(1) {
        let (difference, borrow) = limb.overflowing_sub(1);
        *limb = difference;
        if !borrow {
            return Element(limbs);
        }
    }
    // 2^256 lent again, and the number is large now: the lowest word gives 38 more without a borrow.
    limbs[0] = limbs[0].wrapping_sub(EXCESS);
    Element(limbs)
}
