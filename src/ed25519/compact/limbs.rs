//! Numbers of 256 bits as eight words, least significant first.
//!
//! Words are full: a number is any value below 2^256, so there are no bounds of limbs to keep. What must not be
//! lost is a carry, and each function hands it back.

/// A number below 2^256.
pub(super) type Limbs = [u32; 8];

/// The low and the high word.
#[inline(always)]
#[expect(clippy::as_conversions, reason = "cuts the words apart on purpose")]
const fn halves(value: u64) -> (u32, u32) {
    (value as u32, (value >> 32) as u32)
}

/// The product of two words. Cores without a multiplier for it (ARMv6-M, told by its lack of atomics) would call a
/// routine for 64 × 64 bits; four products of halves take a third of that.
#[inline(always)]
fn product(a: u32, b: u32) -> u64 {
    if cfg!(all(target_arch = "arm", not(target_has_atomic = "32"))) {
        let (a_low, a_high) = (a & 0xFFFF, a >> 16);
        let (b_low, b_high) = (b & 0xFFFF, b >> 16);
        let low = a_low.wrapping_mul(b_low);
        let middle = a_low.wrapping_mul(b_high);
        let (middle, carry) = a_high.wrapping_mul(b_low).overflowing_add(middle);
        let high = a_high.wrapping_mul(b_high).wrapping_add(u32::from(carry) << 16);
        let (low, carry) = low.overflowing_add(middle << 16);
        let high = high.wrapping_add(middle >> 16).wrapping_add(u32::from(carry));
        u64::from(high) << 32 | u64::from(low)
    } else {
        u64::from(a).wrapping_mul(u64::from(b))
    }
}

/// The low and the high word of `a * b + c + d`, which is at most (2^32 − 1)² + 2 (2^32 − 1) = 2^64 − 1.
/// One instruction (UMAAL) on Cortex-M4.
#[inline(always)]
pub(super) fn multiply_add(a: u32, b: u32, c: u32, d: u32) -> (u32, u32) {
    halves(product(a, b).wrapping_add(u64::from(c)).wrapping_add(u64::from(d)))
}

/// `a + b + carry`, and the carry.
#[inline(always)]
pub(super) const fn add_word(a: u32, b: u32, carry: bool) -> (u32, bool) {
    let (sum, first) = a.overflowing_add(b);
    let (sum, second) = if carry { sum.overflowing_add(1) } else { (sum, false) };
    (sum, first | second)
}

/// `a - b - borrow`, and the borrow.
#[inline(always)]
pub(super) const fn subtract_word(a: u32, b: u32, borrow: bool) -> (u32, bool) {
    let (difference, first) = a.overflowing_sub(b);
    let (difference, second) = if borrow { difference.overflowing_sub(1) } else { (difference, false) };
    (difference, first | second)
}

/// `a + b` below 2^256, and whether 2^256 was reached.
#[inline(always)]
pub(super) const fn add(a: &Limbs, b: &Limbs) -> (Limbs, bool) {
    let (r0, carry) = add_word(a[0], b[0], false);
    let (r1, carry) = add_word(a[1], b[1], carry);
    let (r2, carry) = add_word(a[2], b[2], carry);
    let (r3, carry) = add_word(a[3], b[3], carry);
    let (r4, carry) = add_word(a[4], b[4], carry);
    let (r5, carry) = add_word(a[5], b[5], carry);
    let (r6, carry) = add_word(a[6], b[6], carry);
    let (r7, carry) = add_word(a[7], b[7], carry);
    ([r0, r1, r2, r3, r4, r5, r6, r7], carry)
}

/// `a - b`, 2^256 higher if it is negative, and whether it is.
#[inline(always)]
pub(super) const fn subtract(a: &Limbs, b: &Limbs) -> (Limbs, bool) {
    let (r0, borrow) = subtract_word(a[0], b[0], false);
    let (r1, borrow) = subtract_word(a[1], b[1], borrow);
    let (r2, borrow) = subtract_word(a[2], b[2], borrow);
    let (r3, borrow) = subtract_word(a[3], b[3], borrow);
    let (r4, borrow) = subtract_word(a[4], b[4], borrow);
    let (r5, borrow) = subtract_word(a[5], b[5], borrow);
    let (r6, borrow) = subtract_word(a[6], b[6], borrow);
    let (r7, borrow) = subtract_word(a[7], b[7], borrow);
    ([r0, r1, r2, r3, r4, r5, r6, r7], borrow)
}

/// One row of a long multiplication: adds `word * b` to `sum` and takes the lowest word off. With nothing lost, as
/// `sum` stays below 2^256: (2^32 − 1)(2^256 − 1) + 2^256 − 1 = 2^32 (2^256 − 1).
#[inline(always)]
fn row(word: u32, b: &Limbs, sum: &mut Limbs) -> u32 {
    let (lowest, carry) = multiply_add(word, b[0], sum[0], 0);
    let (r0, carry) = multiply_add(word, b[1], sum[1], carry);
    let (r1, carry) = multiply_add(word, b[2], sum[2], carry);
    let (r2, carry) = multiply_add(word, b[3], sum[3], carry);
    let (r3, carry) = multiply_add(word, b[4], sum[4], carry);
    let (r4, carry) = multiply_add(word, b[5], sum[5], carry);
    let (r5, carry) = multiply_add(word, b[6], sum[6], carry);
    let (r6, carry) = multiply_add(word, b[7], sum[7], carry);
    *sum = [r0, r1, r2, r3, r4, r5, r6, carry];
    lowest
}

/// The low and the high half of `a * b`.
#[inline(always)]
pub(super) fn multiply(a: &Limbs, b: &Limbs) -> (Limbs, Limbs) {
    let (mut low, mut high) = ([0; 8], [0; 8]);
    for (word, lowest) in a.iter().zip(&mut low) {
        *lowest = row(*word, b, &mut high);
    }
    (low, high)
}

/// `low + factor * high` below 2^256, and what is above.
#[inline(always)]
pub(super) fn fold(low: &Limbs, high: &Limbs, factor: u32) -> (Limbs, u32) {
    let (r0, carry) = multiply_add(factor, high[0], low[0], 0);
    let (r1, carry) = multiply_add(factor, high[1], low[1], carry);
    let (r2, carry) = multiply_add(factor, high[2], low[2], carry);
    let (r3, carry) = multiply_add(factor, high[3], low[3], carry);
    let (r4, carry) = multiply_add(factor, high[4], low[4], carry);
    let (r5, carry) = multiply_add(factor, high[5], low[5], carry);
    let (r6, carry) = multiply_add(factor, high[6], low[6], carry);
    let (r7, carry) = multiply_add(factor, high[7], low[7], carry);
    ([r0, r1, r2, r3, r4, r5, r6, r7], carry)
}

/// The `count` bits of which `place` is the highest, 1 to 32 of them; places outside the words hold zero.
pub(super) fn bits(words: &[u32], place: u32, count: u32) -> u32 {
    let index = usize::try_from(place >> 5).unwrap_or(usize::MAX);
    let word = words.get(index).copied().unwrap_or(0);
    let below = index.checked_sub(1).and_then(|index| words.get(index)).copied().unwrap_or(0);
    let (_, top) = halves((u64::from(word) << 32 | u64::from(below)) << (31 ^ (place & 31)));
    top >> (32_u32.wrapping_sub(count) & 31)
}

/// The number of bits without the leading zeros.
pub(super) fn bit_length(words: &[u32]) -> u32 {
    let mut length = 0;
    for (index, word) in (0_u32..).zip(words) {
        if *word != 0 {
            length = (index << 5).wrapping_add(32).wrapping_sub(word.leading_zeros());
        }
    }
    length
}

/// Reads 32 bytes, least significant first.
pub(super) fn from_bytes(bytes: &[u8; 32]) -> Limbs {
    let mut limbs = [0; 8];
    for (limb, four) in limbs.iter_mut().zip(bytes.chunks_exact(4)) {
        *limb = four.first_chunk().copied().map_or(0, u32::from_le_bytes);
    }
    limbs
}

/// Writes 32 bytes, least significant first.
pub(super) fn to_bytes(limbs: &Limbs) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (four, limb) in bytes.chunks_exact_mut(4).zip(limbs) {
        four.copy_from_slice(&limb.to_le_bytes());
    }
    bytes
}
