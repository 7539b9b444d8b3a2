//! Numbers of 256 bits as eight words, least significant first.
//!
//! Words are full: a number is any value below 2^256, so there are no bounds of limbs to keep. What must not be
//! lost is a carry, and each function hands it back.

use core::hint::black_box;

/// A number below 2^256.
pub(crate) type Limbs = [u32; 8];

/// Zero, hidden from the compiler: it would call memset where some stores are enough.
#[inline(always)]
pub(crate) fn zero() -> u32 {
    // Hidden: the call of memset would cost more flash than the stores.
    black_box(0)
}

/// The low and the high word.
#[inline(always)]
#[expect(clippy::as_conversions, reason = "cuts the words apart on purpose")]
const fn halves(value: u64) -> (u32, u32) {
    (value as u32, (value >> 32) as u32)
}

/// The product of two words. Cores without a multiplier for it (ARMv6-M, recognized by its lack of atomics) would call
/// a routine for 64 × 64 bits; four products of halves take a third of that.
#[inline(always)]
fn product(a: u32, b: u32) -> u64 {
    if cfg!(all(target_arch = "arm", not(target_has_atomic = "32"))) {
        product_of_halves(a, b)
    } else {
        u64::from(a).wrapping_mul(u64::from(b))
    }
}

/// The product of two words by products that fit a word.
#[inline(always)]
pub(crate) fn product_of_halves(a: u32, b: u32) -> u64 {
    let (a_low, a_high) = (a & 0xFFFF, a >> 16);
    let (b_low, b_high) = (b & 0xFFFF, b >> 16);
    let middle = a_low.wrapping_mul(b_high);
    let (middle, carry) = a_high.wrapping_mul(b_low).overflowing_add(middle);
    let high = a_high.wrapping_mul(b_high).wrapping_add(u32::from(carry) << 16);
    let (low, carry) = a_low.wrapping_mul(b_low).overflowing_add(middle << 16);
    let high = high.wrapping_add(middle >> 16).wrapping_add(u32::from(carry));
    u64::from(high) << 32 | u64::from(low)
}

/// The low and the high word of `a * b + c + d`, which is at most (2^32 − 1)² + 2 (2^32 − 1) = 2^64 − 1.
/// One instruction (UMAAL) on Cortex-M4.
#[inline(always)]
pub(crate) fn multiply_add(a: u32, b: u32, c: u32, d: u32) -> (u32, u32) {
    halves(product(a, b).wrapping_add(u64::from(c)).wrapping_add(u64::from(d)))
}

/// `a + b + carry`, and the carry.
#[inline(always)]
pub(crate) fn add_word(a: u32, b: u32, carry: u32) -> (u32, u32) {
    halves(u64::from(a).wrapping_add(u64::from(b)).wrapping_add(u64::from(carry)))
}

/// `a - b`, 2^256 higher if it is negative.
#[cfg(feature = "tables")]
pub(crate) fn subtract(a: &Limbs, b: &Limbs) -> Limbs {
    // a + (2^256 − 1 − b) + 1, less 2^256.
    let (mut difference, mut carry) = (*a, 1);
    for (limb, other) in difference.iter_mut().zip(b) {
        (*limb, carry) = add_word(*limb, !other, carry);
    }
    difference
}

/// One row of a long multiplication by four words: adds `word * b` and `sum`, adds `below` at the lowest place and takes the
/// lowest word off. Nothing is lost, as `sum` stays below 2^128:
/// (2^32 − 1)(2^128 − 1) + 2^128 − 1 + 2^32 − 1 = 2^160 − 1.
#[inline(always)]
fn row(word: u32, b: &[u32; 4], sum: [u32; 4], below: u32) -> (u32, [u32; 4]) {
    let (lowest, carry) = multiply_add(word, b[0], sum[0], below);
    let (r0, carry) = multiply_add(word, b[1], sum[1], carry);
    let (r1, carry) = multiply_add(word, b[2], sum[2], carry);
    let (r2, carry) = multiply_add(word, b[3], sum[3], carry);
    (lowest, [r0, r1, r2, carry])
}

/// `a * b`, added to the lowest eight of twelve words. Four words of `b` and a sum fit the registers of small cores, eight would
/// not.
#[inline(never)]
fn multiply_half(twelve: &mut [u32; 12], a: &Limbs, b: &[u32; 4]) {
    let sum = [0; 4];
    let (r0, sum) = row(a[0], b, sum, twelve[0]);
    let (r1, sum) = row(a[1], b, sum, twelve[1]);
    let (r2, sum) = row(a[2], b, sum, twelve[2]);
    let (r3, sum) = row(a[3], b, sum, twelve[3]);
    let (r4, sum) = row(a[4], b, sum, twelve[4]);
    let (r5, sum) = row(a[5], b, sum, twelve[5]);
    let (r6, sum) = row(a[6], b, sum, twelve[6]);
    let (r7, [r8, r9, r10, r11]) = row(a[7], b, sum, twelve[7]);
    *twelve = [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11];
}

/// Writes `a * b` to the first eight words, with what is above 2^256 multiplied by `factor` and added, and hands back what is
/// then above.
#[inline(always)]
pub(crate) fn multiply_fold(product: &mut [u32; 16], a: &Limbs, b: &Limbs, factor: u32) -> u32 {
    let zero = zero();
    let [r0, r1, r2, r3, r4, r5, r6, r7, ..] = product;
    (*r0, *r1, *r2, *r3, *r4, *r5, *r6, *r7) = (zero, zero, zero, zero, zero, zero, zero, zero);
    // Eight words have four first and four last ones.
    if let (Some(low), Some(b)) = (product.first_chunk_mut(), b.first_chunk()) {
        multiply_half(low, a, b);
    }
    if let (Some(high), Some(b)) = (product.last_chunk_mut(), b.last_chunk()) {
        multiply_half(high, a, b);
    }
    let Some((low, above)) = product.split_first_chunk_mut() else { return 0 };
    let Some(above) = above.first_chunk() else { return 0 };
    add_multiple(low, above, factor)
}

/// Adds `factor * other`, and hands back what is above 2^256.
#[inline(never)]
pub(crate) fn add_multiple(limbs: &mut Limbs, other: &Limbs, factor: u32) -> u32 {
    let (r0, carry) = multiply_add(factor, other[0], limbs[0], 0);
    let (r1, carry) = multiply_add(factor, other[1], limbs[1], carry);
    let (r2, carry) = multiply_add(factor, other[2], limbs[2], carry);
    let (r3, carry) = multiply_add(factor, other[3], limbs[3], carry);
    let (r4, carry) = multiply_add(factor, other[4], limbs[4], carry);
    let (r5, carry) = multiply_add(factor, other[5], limbs[5], carry);
    let (r6, carry) = multiply_add(factor, other[6], limbs[6], carry);
    let (r7, carry) = multiply_add(factor, other[7], limbs[7], carry);
    *limbs = [r0, r1, r2, r3, r4, r5, r6, r7];
    carry
}

/// The `count` bits of which `place` is the highest, 1 to 32 of them; places outside the words hold zero.
pub(crate) fn bits(words: &[u32], place: u32, count: u32) -> u32 {
    let index = usize::try_from(place >> 5).unwrap_or(usize::MAX);
    let word = words.get(index).copied().unwrap_or(0);
    let below = index.checked_sub(1).and_then(|index| words.get(index)).copied().unwrap_or(0);
    let (_, top) = halves((u64::from(word) << 32 | u64::from(below)) << (31 ^ (place & 31)));
    top >> (32_u32.wrapping_sub(count) & 31)
}

/// The bits in which two numbers differ, all words in one: zero exactly if they are equal.
pub(crate) fn distance(a: &Limbs, b: &Limbs) -> u32 {
    a.iter().zip(b).fold(0, |bits, (a, b)| bits | (a ^ b))
}

/// Reads 32 bytes, least significant first.
#[inline(never)]
pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Limbs {
    let mut limbs = [0; 8];
    for (limb, four) in limbs.iter_mut().zip(bytes.chunks_exact(4)) {
        *limb = four.first_chunk().copied().map_or(0, u32::from_le_bytes);
    }
    limbs
}

/// Writes 32 bytes, least significant first.
#[cfg(any(test, feature = "make"))]
pub(crate) fn to_bytes(limbs: &Limbs) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (four, limb) in bytes.chunks_exact_mut(4).zip(limbs) {
        four.copy_from_slice(&limb.to_le_bytes());
    }
    bytes
}
