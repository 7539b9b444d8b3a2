//! Multiples of points that are known beforehand: a comb with signs, over a table of sums of the teeth.
//!
//! An odd number is a sum of + or − each power of two up to a highest one. The powers are laid out as teeth of
//! `COLUMNS` places each, as Lim and Lee do ("More flexible exponentiation with precomputation", CRYPTO '94), and two groups
//! of teeth have a table each of the sums of ± their teeth. With the sign of the group's highest tooth taken out, half of the
//! sums are enough (Hamburg, "Fast and compact elliptic-curve cryptography", ePrint 2012/309, §3.3). A multiple takes
//! one addition for each column and group, and each column one doubling, which several multiples share.

mod base;
mod equation;
#[cfg(feature = "make")]
mod make;
mod verify;

use crate::KEY_LEN;
use crate::affine::Affine;
use crate::field::Element;
use crate::key::Key;
use crate::limbs::Limbs;
use crate::point::{Point, Prepared, Scaled};

/// Places of a tooth.
const COLUMNS: u32 = 29;

/// Teeth that share a table of sums.
struct Group {
    /// Teeth of the groups below.
    below: u32,
    /// Its teeth but the highest, whose sign is taken out.
    lower: u32,
    /// Where its sums begin in the table. The lowest bit of an index says whether the lowest tooth is added.
    first: u32,
}

const GROUPS: [Group; 2] = [Group { below: 0, lower: 4, first: 0 }, Group { below: 5, lower: 3, first: 16 }];

/// Sums in a table.
const ENTRIES: usize = 16 + 8;

/// Words of a sum.
const ENTRY_WORDS: usize = 24;

/// Places of all teeth.
const PLACES: u32 = 9 * COLUMNS;

// L is below 2^253, and the place above the highest has to be one of the ninth word of `Signs`.
const _: () = assert!(PLACES >= 253 && PLACES > 255 && PLACES < 288);

/// The sums of ± the teeth, for one point. Integers only.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Comb([Prepared; ENTRIES]);

impl Comb {
    /// Words of 32 bits in a table.
    pub const WORDS: usize = ENTRIES * ENTRY_WORDS;

    /// A table from its words, right or wrong.
    #[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "counts to the ends of arrays")]
    #[must_use]
    pub const fn from_words(words: &[u32; Self::WORDS]) -> Self {
        let mut entries = [Prepared::ZERO; ENTRIES];
        let mut index = 0;
        while index < ENTRIES {
            let start = index * ENTRY_WORDS;
            entries[index] = Prepared([
                Element::new(eight(words, start)),
                Element::new(eight(words, start + 8)),
                Element::new(eight(words, start + 16)),
            ]);
            index += 1;
        }
        Self(entries)
    }

    /// The words that [`Self::from_words`] takes.
    pub fn words(&self) -> impl Iterator<Item = u32> {
        let elements = self.0.iter().flat_map(Prepared::numbers);
        elements.flat_map(Element::limbs).copied()
    }

    /// Whether these are the sums for this key, each number in its one reduced form. Recomputes them all.
    #[must_use]
    pub fn is_of(&self, key: &[u8; KEY_LEN]) -> bool {
        let Some(key) = Key::new(key) else { return false };
        let (mut entries, mut right) = (self.0.iter(), true);
        each_sum(&key.negative().negate(), |sum| right &= entries.next().is_some_and(|entry| sum.is(entry)));
        right
    }

    fn entry(&self, index: u32) -> Option<&Prepared> {
        self.0.get(usize::try_from(index).ok()?)
    }
}

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the callers leave eight words")]
const fn eight(words: &[u32; Comb::WORDS], start: usize) -> Limbs {
    let mut limbs = [0; 8];
    let mut index = 0;
    while index < 8 {
        limbs[index] = words[start + index];
        index += 1;
    }
    limbs
}

/// The signs of the powers of two that add up to an odd number.
#[derive(Clone, Copy, Debug)]
struct Signs {
    words: [u32; 9],
    /// Whether the number stands for its negative.
    negative: bool,
    /// What the signs of the lowest tooth add up to so far.
    sum: u32,
}

impl Signs {
    /// The signs for a number, or for its negative. An even number has none: they are those of the next one.
    ///
    /// Each sign is 2 b − 1 for a bit b, so that the bits b make up (number + 2^PLACES − 1) / 2 for an odd number: they are
    /// those of number + 2^PLACES without the lowest.
    fn new(number: &Limbs, negative: bool) -> Self {
        let [w0, w1, w2, w3, w4, w5, w6, w7] = *number;
        Self { words: [w0 | 1, w1, w2, w3, w4, w5, w6, w7, 1 << (PLACES & 31)], negative, sum: 0 }
    }

    /// Whether the sign at `column` of `tooth` is +.
    fn is_plus(&self, tooth: u32, column: u32) -> bool {
        let place = tooth.wrapping_mul(COLUMNS).wrapping_add(column).wrapping_add(1);
        let index = usize::try_from(place >> 5).unwrap_or(usize::MAX);
        self.words.get(index).is_some_and(|word| word >> (place & 31) & 1 == 1)
    }

    /// After the last column, zero exactly if the signs of the lowest tooth add up to the lowest places of the number:
    /// no column was lost to a fault.
    fn missing(&self) -> u32 {
        let [lowest, ..] = self.words;
        (self.sum ^ lowest) << (32 - COLUMNS)
    }

    /// Adds what the signs at `column` of each tooth say. Columns must be added from the highest to 0, each once.
    fn add_column(&mut self, comb: &Comb, column: u32, point: &mut Point) {
        self.sum = (self.sum << 1).wrapping_add(if self.is_plus(0, column) { 1 } else { u32::MAX });
        for group in &GROUPS {
            let highest = group.below.wrapping_add(group.lower);
            let negative = !self.is_plus(highest, column);
            let mut index = 0;
            for tooth in (group.below..highest).rev() {
                index = index << 1 | u32::from(self.is_plus(tooth, column) != negative);
            }
            if let Some(entry) = comb.entry(group.first.wrapping_add(index)) {
                point.add(entry.numbers(), negative != self.negative);
            }
        }
    }
}

/// The columns, in the order in which they are added.
fn columns() -> impl Iterator<Item = u32> {
    (0..COLUMNS).rev()
}

/// Computes what a table holds from the point alone, and hands over each sum, in the order of the table.
#[inline(never)]
fn each_sum(point: &Affine, mut work: impl FnMut(&Point)) {
    let mut tooth = Point::from_affine(point);
    for group in &GROUPS {
        let mut lower = [Scaled::ZERO; 4];
        for (summand, _) in lower.iter_mut().zip(0..group.lower) {
            tooth.prepare(summand);
            double(&mut tooth, COLUMNS);
        }
        for signs in 0..1_u32.wrapping_shl(group.lower) {
            let mut sum = tooth;
            for (summand, place) in lower.iter().zip(0..group.lower) {
                sum.add(summand.numbers(), signs.wrapping_shr(place) & 1 == 0);
            }
            work(&sum);
        }
        double(&mut tooth, COLUMNS);
    }
}

fn double(point: &mut Point, times: u32) {
    for _ in 0..times {
        point.double();
    }
}

#[cfg(test)]
mod tests;
