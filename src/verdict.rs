//! The answer "may run", as two words that neither zeroed nor damaged memory produces.

use core::hint::black_box;

use crate::witness::Witness;

/// The verdict of a decision. Test it with [`Verdict::is_granted`].
///
/// The words of a grant are computed from what was compared on the way to it, each from an evaluation of its own. No
/// branch chooses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    word: u32,
    check: u32,
}

impl Verdict {
    /// The words that grant: 16 of 32 bits set, 32 bits away from [`Verdict::DENIED`].
    pub const GRANTED: Self = Self { word: 0x5AC3_3CA5, check: !0x5AC3_3CA5 };

    /// The words of every refusal and every failure.
    pub const DENIED: Self = Self { word: !0x5AC3_3CA5, check: 0x5AC3_3CA5 };

    /// The verdict on what two evaluations found to differ from what has to be: bits that are set, none if all is well.
    pub(crate) fn of([first, second]: [u32; 2]) -> Self {
        Self { word: first ^ Self::GRANTED.word, check: second ^ Self::GRANTED.check }
    }

    /// What the two evaluations found to differ.
    fn differences(self) -> [u32; 2] {
        [self.word ^ Self::GRANTED.word, self.check ^ Self::GRANTED.check]
    }

    /// That this grants, for what depends on it.
    pub(crate) fn witness(self) -> Witness {
        let [first, second] = self.differences();
        // Both words travel on: a verdict that one fault has damaged makes a witness that is damaged in one word.
        Witness::of(first, second)
    }

    /// `number` if granted, otherwise 0: computed, so that what an application needs comes with a grant alone.
    #[must_use]
    pub fn mask(self, number: u64) -> u64 {
        let [first, second] = self.differences();
        let differs = u64::from(first | second);
        // Below 2^32, taking 1 borrows from the upper half only if it is 0.
        number & (differs.wrapping_sub(1) >> 32).wrapping_mul(0x1_0000_0001)
    }

    /// Whether both are the granting words. Any other values are a refusal.
    #[must_use]
    pub fn is_granted(self) -> bool {
        // The compiler must not learn the words from the answer: it would write them down where they have to be computed.
        black_box(self.word) == Self::GRANTED.word && black_box(self.check) == Self::GRANTED.check
    }

    /// The first word.
    #[must_use]
    pub const fn word(self) -> u32 {
        self.word
    }

    /// The second word, the complement of the first.
    #[must_use]
    pub const fn check(self) -> u32 {
        self.check
    }
}

impl Default for Verdict {
    fn default() -> Self {
        Self::DENIED
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict;

    #[test]
    fn only_one_pair_of_words_grants() {
        let granted = Verdict::GRANTED;
        assert!(granted.is_granted());
        assert!(!Verdict::DENIED.is_granted() && !Verdict::default().is_granted());
        assert_eq!(granted.word() ^ Verdict::DENIED.word(), u32::MAX);
        for verdict in [granted, Verdict::DENIED] {
            assert_eq!(verdict.word(), !verdict.check());
        }
        for word in [0, 1, u32::MAX, Verdict::DENIED.word(), granted.word().swap_bytes()] {
            assert!(!Verdict { word, ..granted }.is_granted(), "{word:#x}");
            assert!(!Verdict { check: word ^ u32::MAX, ..granted }.is_granted(), "{word:#x}");
        }
    }

    #[test]
    fn every_difference_denies_and_masks() {
        assert_eq!(Verdict::of([0, 0]), Verdict::GRANTED);
        assert_eq!(Verdict::GRANTED.mask(u64::MAX - 7), u64::MAX - 7);
        assert_eq!(Verdict::DENIED.mask(u64::MAX), 0);
        for bits in (0..32).map(|place| 1_u32 << place).chain([u32::MAX]) {
            for differences in [[bits, 0], [0, bits], [bits, bits]] {
                let verdict = Verdict::of(differences);
                assert!(!verdict.is_granted(), "{differences:x?}");
                assert_eq!(verdict.mask(u64::MAX), 0, "{differences:x?}");
                assert_eq!(verdict.differences(), differences);
            }
        }
    }
}
