//! What was found to hold, as two words that are computed from what was compared.
//!
//! A glitch on a supply makes a processor skip an instruction or take a wrong value: one branch goes the wrong way. No
//! branch chooses these words, and each comes from an evaluation of its own, so that a fault damages one of them at
//! most. They travel from the signature to the verdict, whose two words are made of them (`docs/SECURITY.md`).

use core::hint::black_box;

/// Two words, right only if what they witness holds. Integers only, so that any memory is a valid value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Witness {
    first: u32,
    second: u32,
}

/// The first word of what holds: half its bits set, and far from zero, from all ones and from the second.
const FIRST: u32 = 0x96C5_3A71;

/// The second word of what holds.
const SECOND: u32 = 0x3B9A_C64D;

impl Witness {
    /// Nothing holds.
    pub(crate) const NONE: Self = Self { first: 0, second: 0 };

    /// What two evaluations of the same comparison found to differ: bits that are set, none if it holds.
    pub(crate) fn of(first: u32, second: u32) -> Self {
        Self { first: black_box(first) ^ FIRST, second: black_box(second) ^ SECOND }
    }

    /// Both hold.
    pub(crate) fn and(self, other: Self) -> Self {
        let [first, second] = self.differences();
        let [other_first, other_second] = other.differences();
        Self::of(first | other_first, second | other_second)
    }

    /// What the two evaluations found to differ.
    pub(crate) fn differences(self) -> [u32; 2] {
        [black_box(self.first) ^ FIRST, black_box(self.second) ^ SECOND]
    }

    /// Whether it holds. A branch on this is for the error message; what permits is made of the words.
    pub(crate) const fn is_good(self) -> bool {
        self.first == FIRST && self.second == SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::Witness;

    #[test]
    fn only_two_words_without_a_difference_are_good() {
        assert!(Witness::of(0, 0).is_good());
        assert!(!Witness::NONE.is_good());
        for bit in (0..32).map(|place| 1_u32 << place).chain([u32::MAX]) {
            for bad in [Witness::of(bit, 0), Witness::of(0, bit), Witness::of(bit, bit)] {
                assert!(!bad.is_good(), "{bad:?}");
                assert!(!bad.and(Witness::of(0, 0)).is_good() && !Witness::of(0, 0).and(bad).is_good());
                assert!(!bad.and(bad).is_good());
            }
            assert_eq!(Witness::of(bit, 7).differences(), [bit, 7]);
        }
        assert!(Witness::of(0, 0).and(Witness::of(0, 0)).is_good());
    }
}
