//! The answer "may run", as words that neither zeroed nor damaged memory produces.

/// The verdict word of a decision. Test it with [`Verdict::is_granted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Verdict(u32);

impl Verdict {
    /// The word that grants: 16 of 32 bits set, 32 bits away from [`Verdict::DENIED`].
    pub const GRANTED: Self = Self(0x5AC3_3CA5);

    /// The word of every refusal and every failure.
    pub const DENIED: Self = Self(!0x5AC3_3CA5);

    /// The verdict of a decision that ended with `refusal`.
    #[must_use]
    pub const fn of<E>(refusal: Option<&E>) -> Self {
        match refusal {
            None => Self::GRANTED,
            Some(_) => Self::DENIED,
        }
    }

    /// Whether it is the granting word. Any other value is a refusal.
    #[must_use]
    pub const fn is_granted(self) -> bool {
        self.0 == Self::GRANTED.0
    }

    /// The word itself.
    #[must_use]
    pub const fn word(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict;

    #[test]
    fn only_one_word_in_four_billion_grants() {
        assert!(Verdict::GRANTED.is_granted());
        assert_eq!(Verdict::GRANTED.word() ^ Verdict::DENIED.word(), u32::MAX);
        for word in [0, 1, u32::MAX, Verdict::DENIED.word(), Verdict::GRANTED.word().swap_bytes()] {
            assert!(!Verdict(word).is_granted(), "{word:#x}");
        }
        for bit in 0..32 {
            assert!(!Verdict(Verdict::GRANTED.word() ^ (1 << bit)).is_granted(), "bit {bit}");
        }
    }
}
