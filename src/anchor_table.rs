//! A table of multiples of an anchor in the program's constants: signatures of this key are checked in half the time.

use crate::error::Error;
use crate::limits::KEY_LEN;
use crate::signature::Comb;
use crate::wire::check::Check;

/// The first word: distinguishes a table from other memory, and the layout of its words from later ones.
const FORMAT: u32 = 0x4C32_5401;

/// Words of a key.
const KEY_WORDS: usize = KEY_LEN / 4;

/// Multiples of one anchor, made by `lic2-signer pubkey --format rust-tables` (or `c-tables`) and compiled into a
/// product. With [`crate::KeyRing::use_table`] the checks of this anchor's signatures take half the time.
///
/// Anyone who can change it can forge signatures, as with an anchor itself: it belongs where the program's code is.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct AnchorTable {
    format: u32,
    /// Four bytes to a word, least significant first.
    key: [u32; KEY_WORDS],
    comb: Comb,
    /// CRC-32 of all words before, as bytes with the least significant first.
    check: u32,
}

impl AnchorTable {
    /// Words of 32 bits in a table.
    pub const WORDS: usize = 1 + KEY_WORDS + Comb::WORDS + 1;

    /// A table from the words that the seller's tool prints. Says nothing about whether they are right:
    /// [`crate::KeyRing::use_table`] and [`Self::check`] do.
    #[must_use]
    pub const fn from_words(words: &[u32; Self::WORDS]) -> Self {
        let [format, k0, k1, k2, k3, k4, k5, k6, k7, comb @ .., check] = words;
        let key = [*k0, *k1, *k2, *k3, *k4, *k5, *k6, *k7];
        Self { format: *format, key, comb: Comb::from_words(comb), check: *check }
    }

    /// Recomputes all of it from its key: for the line on which a product is made, and for tests. Takes as long as one
    /// signature check without a table.
    ///
    /// # Errors
    /// `TableInvalid`.
    pub fn check(&self) -> Result<(), Error> {
        if self.is_whole() && self.comb.is_of(&self.key()) { Ok(()) } else { Err(Error::TableInvalid) }
    }

    /// Whether it is undamaged, and of the layout that this library reads.
    pub(crate) fn is_whole(&self) -> bool {
        self.format == FORMAT && self.check.to_le_bytes() == self.computed_check()
    }

    /// The key whose multiples these are.
    pub(crate) fn key(&self) -> [u8; KEY_LEN] {
        let mut key = [0; KEY_LEN];
        for (bytes, word) in key.chunks_exact_mut(4).zip(&self.key) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        key
    }

    /// The multiples.
    #[cfg(feature = "tables")]
    pub(crate) const fn comb(&self) -> &Comb {
        &self.comb
    }

    fn computed_check(&self) -> [u8; 4] {
        self.words().fold(Check::new(), |check, word| check.update(&word.to_le_bytes())).finish()
    }

    /// All words but the check.
    fn words(&self) -> impl Iterator<Item = u32> {
        [self.format].into_iter().chain(self.key).chain(self.comb.words())
    }
}

#[cfg(feature = "sign")]
impl AnchorTable {
    /// The table of an anchor, or `None` if the bytes are not a usable key.
    ///
    /// It is compared with the signature check that needs no table before it is returned.
    #[must_use]
    pub fn make(key: &[u8; KEY_LEN]) -> Option<Self> {
        let mut words = [0; KEY_WORDS];
        for (word, bytes) in words.iter_mut().zip(key.chunks_exact(4)) {
            *word = u32::from_le_bytes(*bytes.first_chunk()?);
        }
        let mut table = Self { format: FORMAT, key: words, comb: Comb::make(key)?, check: 0 };
        table.check = u32::from_le_bytes(table.computed_check());
        table.check().ok().map(|()| table)
    }

    /// The words that [`Self::from_words`] takes.
    #[must_use]
    pub fn to_words(&self) -> [u32; Self::WORDS] {
        let mut words = [self.check; Self::WORDS];
        for (word, inner) in words.iter_mut().zip(self.words()) {
            *word = inner;
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::AnchorTable;
    use crate::error::Error;

    /// Every word of a table, changed alone, is noticed by the quick check; and by the full one, also with the quick one
    /// made right again.
    #[test]
    fn a_change_anywhere_in_a_table_is_noticed() {
        let mut key = [0x66; 32];
        key[0] = 0x58;
        let good = AnchorTable::make(&key).expect("the base point");
        assert_eq!(good.check(), Ok(()));
        let words = good.to_words();
        assert!(AnchorTable::from_words(&words).is_whole());
        for index in 0..AnchorTable::WORDS {
            let mut words = words;
            words[index] ^= 1 << (index % 32);
            let mut changed = AnchorTable::from_words(&words);
            assert!(!changed.is_whole(), "word {index}");
            changed.check = u32::from_le_bytes(changed.computed_check());
            assert_eq!(changed.is_whole(), index != 0, "word {index}");
            let is_check = index == AnchorTable::WORDS - 1;
            assert_eq!(changed.check(), if is_check { Ok(()) } else { Err(Error::TableInvalid) }, "word {index}");
        }
    }
}
