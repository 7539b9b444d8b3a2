//! The text form's check: CRC-32 as in ISO/IEC 8802-3, gzip and PNG.
//!
//! It distinguishes a damaged copy from a forged one. It protects nothing: the signature does.

/// The remainders of the sixteen values of four bits, polynomial 0xEDB88320 (bits reversed).
const TABLE: [u32; 16] = table();

#[expect(clippy::arithmetic_side_effects, reason = "counts to 16, at compile time")]
const fn table() -> [u32; 16] {
    let mut table = [0; 16];
    let mut index: u32 = 0;
    while index < 16 {
        let mut value = index;
        let mut bit = 0;
        while bit < 4 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xEDB8_8320 } else { value >> 1 };
            bit += 1;
        }
        #[expect(clippy::as_conversions, clippy::indexing_slicing, reason = "index < 16, at compile time")]
        {
            table[index as usize] = value;
        }
        index += 1;
    }
    table
}

/// A check in progress.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check(u32);

impl Check {
    pub(crate) const fn new() -> Self {
        Self(u32::MAX)
    }

    #[inline(never)]
    pub(crate) fn update(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            self.0 ^= u32::from(*byte);
            self.0 = (self.0 >> 4) ^ Self::remainder(self.0);
            self.0 = (self.0 >> 4) ^ Self::remainder(self.0);
        }
        self
    }

    /// The check as it follows the document: little-endian.
    pub(crate) const fn finish(self) -> [u8; 4] {
        (!self.0).to_le_bytes()
    }

    fn remainder(value: u32) -> u32 {
        #[expect(clippy::as_conversions, clippy::indexing_slicing, reason = "value & 15 is below 16")]
        TABLE[(value & 15) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Check;
    use std::vec::Vec;

    #[test]
    fn equals_the_crc32fast_crate() {
        assert_eq!(Check::new().update(b"123456789").finish(), 0xCBF4_3926_u32.to_le_bytes());
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for length in 0..bytes.len() {
            let expected = crc32fast::hash(&bytes[..length]).to_le_bytes();
            assert_eq!(Check::new().update(&bytes[..length]).finish(), expected, "{length} bytes");
        }
    }
}
