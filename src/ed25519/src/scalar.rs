//! Numbers modulo L, the order of the base point.

use crate::limbs::{self, Limbs};

/// 2^256 − L: what is added in order to subtract L = 2^252 + 27742317777372353535851937790883648493.
static MINUS_ORDER: Limbs =
    [0xA30A_2C13, 0xA7ED_9CE5, 0x5D08_6329, 0xEB21_0621, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xEFFF_FFFF];

/// L.
#[cfg(any(test, feature = "tables"))]
pub(crate) const ORDER: Limbs = [0x5CF5_D3ED, 0x5812_631A, 0xA2F7_9CD6, 0x14DE_F9DE, 0, 0, 0, 0x1000_0000];

/// A hash, as a number with the least significant byte first, modulo L.
#[inline(never)]
pub(crate) fn reduce(hash: &[u8; 64]) -> Limbs {
    let mut rest = [0; 8];
    for four in hash.chunks_exact(4).rev() {
        append(&mut rest, four.first_chunk().copied().map_or(0, u32::from_le_bytes));
    }
    rest
}

/// `2^32 * rest + word` modulo L, for a rest below L.
///
/// The quotient by L is at most 2^32 − 1 and estimated by the quotient by 2^252, which is the same or one more:
/// 2^32 L (1/2^252 − 1/L) is far below one. One less than that is never too much, and leaves less than 2 L.
#[inline(never)]
fn append(rest: &mut Limbs, word: u32) {
    let [r0, r1, r2, r3, r4, r5, r6, r7] = *rest;
    // A rest of 2^252 or more would give 2^32.
    let quotient = if r7 >> 28 == 0 { r7 << 4 | r6 >> 28 } else { u32::MAX };
    *rest = [word, r0, r1, r2, r3, r4, r5, r6];
    limbs::add_multiple(rest, &MINUS_ORDER, quotient.saturating_sub(1));
    let mut less = *rest;
    if limbs::add_multiple(&mut less, &MINUS_ORDER, 1) == 1 {
        *rest = less;
    }
    debug_assert!(is_below_order(rest));
}

/// Whether a number is below L.
pub(crate) fn is_below_order(number: &Limbs) -> bool {
    limbs::add_multiple(&mut number.clone(), &MINUS_ORDER, 1) == 0
}

/// How many digits of a number are taken together. Without flags, a multiplication takes three times as long, and
/// fewer additions are worth the constants.
pub(crate) const WIDTH: u32 = if cfg!(target_arch = "riscv32") { 4 } else { 3 };

/// How many odd multiples of a point serve the digits: ± 1, ± 3 and so on.
pub(crate) const MULTIPLES: usize = 1 << (WIDTH - 2);

/// The digits of a number, the highest first: zero, or odd and below 2^(`WIDTH` − 1) in size. On average one of
/// `WIDTH` + 1 is not zero. They are found while they are needed, so that nothing stores them.
///
/// A number k is 2 k − k, and the difference of the two bits at one place is a digit −1, 0 or 1 (mutual opposite form:
/// Okeya, Schmidt-Samoa, Spahn, Takagi, "Signed binary representations revisited", CRYPTO 2004). At the first of them
/// that is not zero, `WIDTH` digits are taken together: the bits of k from one place below them, less the bits at
/// their places. Its trailing zeros give the place at which it is added.
#[derive(Clone, Debug)]
pub(crate) struct Digits<'a> {
    words: &'a [u32],
    /// Places at and above this one are behind us.
    done: u32,
    digit: i32,
    place: u32,
    /// What the digits add up to so far, modulo 2^32.
    sum: u32,
}

impl<'a> Digits<'a> {
    pub(crate) const fn new(words: &'a [u32]) -> Self {
        Self { words, done: u32::MAX, digit: 0, place: 0, sum: 0 }
    }

    /// The digit at `place`; places must be asked from the highest to 0, each once. Bits above the words are zero.
    pub(crate) fn at(&mut self, place: u32) -> i32 {
        if place < self.done && matches!(limbs::bits(self.words, place, 2), 1 | 2) {
            self.take(place);
        }
        let here = if self.digit != 0 && self.place == place { core::mem::take(&mut self.digit) } else { 0 };
        self.sum = self.sum.wrapping_shl(1).wrapping_add(u32::from_le_bytes(here.to_le_bytes()));
        here
    }

    /// After place 0, zero exactly if the digits add up to the number with this lowest word: none was lost to a fault, nor
    /// another number used.
    pub(crate) const fn missing(&self, lowest: u32) -> u32 {
        self.sum ^ lowest
    }

    /// Takes `WIDTH` digits together, from `place` down. Those below place 0 are zero.
    fn take(&mut self, place: u32) {
        let bits = limbs::bits(self.words, place, WIDTH.wrapping_add(1));
        let value = (bits & !u32::MAX.wrapping_shl(WIDTH)).wrapping_sub(bits >> 1);
        let value = i32::from_le_bytes(value.to_le_bytes());
        let zeros = value.trailing_zeros();
        // Never 0, so that it is never shifted by all of its bits.
        self.digit = value.wrapping_shr(zeros);
        self.place = place.wrapping_add(1).wrapping_add(zeros).wrapping_sub(WIDTH);
        self.done = place.wrapping_add(1).saturating_sub(WIDTH);
    }
}
