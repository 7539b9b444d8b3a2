//! What was found to hold, as two words that are computed from what was compared.
//!
//! A glitch on a supply makes a processor skip an instruction or take a wrong value: one branch goes the wrong way. No
//! branch chooses these words, and each comes from an evaluation of its own, so that a fault damages one of them at
//! most. They travel from the signature to the verdict, whose two words are made of them (`docs/SECURITY.md`).

use core::hint::black_box;

/// Two words, right only if what they witness holds. Integers only, so that any memory is a valid value.
///
/// The words become branches in [`Witness::is_good`] alone, which hides them from the compiler: it would write down what
/// it learns from a branch, a constant, where the words have to be carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Witness {
    first: u32,
    second: u32,
}

/// The first word of what holds: half its bits set, and far from zero, from all ones and from the second.
pub(crate) const FIRST: u32 = 0x96C5_3A71;

/// The second word of what holds.
pub(crate) const SECOND: u32 = 0x3B9A_C64D;

impl Witness {
    /// Nothing holds.
    pub const NONE: Self = Self { first: 0, second: 0 };

    /// From the two words: `FIRST` and `SECOND`, each with the bits turned over that its evaluation found to differ.
    #[must_use]
    pub const fn new(first: u32, second: u32) -> Self {
        Self { first, second }
    }

    /// What two evaluations of the same comparison found to differ: bits that are set, none if it holds.
    #[inline(always)]
    #[must_use]
    pub const fn of(first: u32, second: u32) -> Self {
        Self { first: FIRST ^ first, second: SECOND ^ second }
    }

    /// Both hold. Not a call, which could be skipped and would leave one of the two where the result is expected.
    #[inline(always)]
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        let [first, second] = self.differences();
        let [other_first, other_second] = other.differences();
        Self::of(first | other_first, second | other_second)
    }

    /// What the two evaluations found to differ.
    #[inline(always)]
    #[must_use]
    pub const fn differences(self) -> [u32; 2] {
        [self.first ^ FIRST, self.second ^ SECOND]
    }

    /// 0 if it holds, for what is stored.
    #[must_use]
    pub fn mark(self) -> u16 {
        let [first, second] = self.differences();
        let all = first | second;
        u16::try_from((all | all >> 16) & 0xFFFF).unwrap_or(u16::MAX)
    }

    /// Whether it holds. A branch on this is for the error message; what permits is made of the words.
    #[must_use]
    pub fn is_good(self) -> bool {
        // Hidden from the compiler: after the branch it would put the constants in the place of the words, and a skipped
        // comparison would then leave good words behind.
        black_box(self.first) == FIRST && black_box(self.second) == SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::Witness;

    #[test]
    fn only_two_words_without_a_difference_are_good() {
        assert!(Witness::of(0, 0).is_good());
        assert!(!Witness::NONE.is_good());
        assert_eq!(Witness::of(0, 0).mark(), 0);
        for bit in (0..32).map(|place| 1_u32 << place).chain([u32::MAX]) {
            for bad in [Witness::of(bit, 0), Witness::of(0, bit), Witness::of(bit, bit)] {
                assert!(!bad.is_good(), "{bad:?}");
                assert!(!bad.and(Witness::of(0, 0)).is_good() && !Witness::of(0, 0).and(bad).is_good());
                assert!(!bad.and(bad).is_good());
            }
            assert_eq!(Witness::of(bit, 7).differences(), [bit, 7]);
            assert!(Witness::of(bit, 0).mark() != 0 && Witness::of(0, bit).mark() != 0);
            assert!(Witness::of(bit, bit).mark() != 0, "one does not cancel the other");
        }
        assert!(Witness::of(0, 0).and(Witness::of(0, 0)).is_good());
    }
}
