//! SHA-512 (FIPS 180-4) in little memory: sixteen words of the schedule at a time, where the `sha2` crate's compact form
//! keeps all eighty, and nothing is copied. Where stack is scarce that is what decides: everything that the library hashes
//! is hashed deep in its calls.

/// The first 64 bits of the fractional parts of the cube roots of the first eighty primes (FIPS 180-4 §4.2.3).
const ROUNDS: [u64; 80] = [
    0x428A_2F98_D728_AE22,
    0x7137_4491_23EF_65CD,
    0xB5C0_FBCF_EC4D_3B2F,
    0xE9B5_DBA5_8189_DBBC,
    0x3956_C25B_F348_B538,
    0x59F1_11F1_B605_D019,
    0x923F_82A4_AF19_4F9B,
    0xAB1C_5ED5_DA6D_8118,
    0xD807_AA98_A303_0242,
    0x1283_5B01_4570_6FBE,
    0x2431_85BE_4EE4_B28C,
    0x550C_7DC3_D5FF_B4E2,
    0x72BE_5D74_F27B_896F,
    0x80DE_B1FE_3B16_96B1,
    0x9BDC_06A7_25C7_1235,
    0xC19B_F174_CF69_2694,
    0xE49B_69C1_9EF1_4AD2,
    0xEFBE_4786_384F_25E3,
    0x0FC1_9DC6_8B8C_D5B5,
    0x240C_A1CC_77AC_9C65,
    0x2DE9_2C6F_592B_0275,
    0x4A74_84AA_6EA6_E483,
    0x5CB0_A9DC_BD41_FBD4,
    0x76F9_88DA_8311_53B5,
    0x983E_5152_EE66_DFAB,
    0xA831_C66D_2DB4_3210,
    0xB003_27C8_98FB_213F,
    0xBF59_7FC7_BEEF_0EE4,
    0xC6E0_0BF3_3DA8_8FC2,
    0xD5A7_9147_930A_A725,
    0x06CA_6351_E003_826F,
    0x1429_2967_0A0E_6E70,
    0x27B7_0A85_46D2_2FFC,
    0x2E1B_2138_5C26_C926,
    0x4D2C_6DFC_5AC4_2AED,
    0x5338_0D13_9D95_B3DF,
    0x650A_7354_8BAF_63DE,
    0x766A_0ABB_3C77_B2A8,
    0x81C2_C92E_47ED_AEE6,
    0x9272_2C85_1482_353B,
    0xA2BF_E8A1_4CF1_0364,
    0xA81A_664B_BC42_3001,
    0xC24B_8B70_D0F8_9791,
    0xC76C_51A3_0654_BE30,
    0xD192_E819_D6EF_5218,
    0xD699_0624_5565_A910,
    0xF40E_3585_5771_202A,
    0x106A_A070_32BB_D1B8,
    0x19A4_C116_B8D2_D0C8,
    0x1E37_6C08_5141_AB53,
    0x2748_774C_DF8E_EB99,
    0x34B0_BCB5_E19B_48A8,
    0x391C_0CB3_C5C9_5A63,
    0x4ED8_AA4A_E341_8ACB,
    0x5B9C_CA4F_7763_E373,
    0x682E_6FF3_D6B2_B8A3,
    0x748F_82EE_5DEF_B2FC,
    0x78A5_636F_4317_2F60,
    0x84C8_7814_A1F0_AB72,
    0x8CC7_0208_1A64_39EC,
    0x90BE_FFFA_2363_1E28,
    0xA450_6CEB_DE82_BDE9,
    0xBEF9_A3F7_B2C6_7915,
    0xC671_78F2_E372_532B,
    0xCA27_3ECE_EA26_619C,
    0xD186_B8C7_21C0_C207,
    0xEADA_7DD6_CDE0_EB1E,
    0xF57D_4F7F_EE6E_D178,
    0x06F0_67AA_7217_6FBA,
    0x0A63_7DC5_A2C8_98A6,
    0x113F_9804_BEF9_0DAE,
    0x1B71_0B35_131C_471B,
    0x28DB_77F5_2304_7D84,
    0x32CA_AB7B_40C7_2493,
    0x3C9E_BE0A_15C9_BEBC,
    0x431D_67C4_9C10_0D4C,
    0x4CC5_D4BE_CB3E_42B6,
    0x597F_299C_FC65_7E2A,
    0x5FCB_6FAB_3AD6_FAEC,
    0x6C44_198C_4A47_5817,
];

/// The first 64 bits of the fractional parts of the square roots of the first eight primes (FIPS 180-4 §5.3.5).
const START: [u64; 8] = [
    0x6A09_E667_F3BC_C908,
    0xBB67_AE85_84CA_A73B,
    0x3C6E_F372_FE94_F82B,
    0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1,
    0x9B05_688C_2B3E_6C1F,
    0x1F83_D9AB_FB41_BD6B,
    0x5BE0_CD19_137E_2179,
];

/// A SHA-512 in progress.
#[derive(Clone, Debug)]
pub struct Sha512 {
    state: [u64; 8],
    /// The block that is being filled, later its schedule. Every word is pushed out by the eight bytes that follow, so it
    /// needs no clearing in between.
    block: [u64; 16],
    /// How many bytes were taken in.
    length: usize,
}

impl Default for Sha512 {
    fn default() -> Self {
        Self::new()
    }
}

impl Sha512 {
    /// The hash of nothing so far.
    #[inline(never)]
    #[must_use]
    pub const fn new() -> Self {
        Self { state: START, block: [0; 16], length: 0 }
    }

    /// Takes bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.push(*byte);
        }
    }

    /// The hash; nothing is taken in after it.
    #[inline(never)]
    pub fn finalize(&mut self) -> [u8; 64] {
        let bits = u64::try_from(self.length).unwrap_or(u64::MAX) << 3;
        self.push(0x80);
        while self.length & 7 != 0 {
            self.push(0);
        }
        // The length in bits fills the last two words of a block, of which the first is always zero.
        loop {
            self.put(0);
            if self.length & 127 == 120 {
                break;
            }
        }
        self.put(bits);
        let mut digest = [0; 64];
        for (eight, word) in digest.chunks_exact_mut(8).zip(&self.state) {
            eight.copy_from_slice(&word.to_be_bytes());
        }
        digest
    }

    /// Takes in a byte.
    #[inline(never)]
    fn push(&mut self, byte: u8) {
        if let Some(word) = self.block.get_mut((self.length >> 3) & 15) {
            *word = *word << 8 | u64::from(byte);
        }
        self.count(1);
    }

    /// Takes in a word.
    #[inline(never)]
    fn put(&mut self, filled: u64) {
        if let Some(word) = self.block.get_mut((self.length >> 3) & 15) {
            *word = filled;
        }
        self.count(8);
    }

    /// Counts what was taken in, and takes in the block where it is full.
    fn count(&mut self, bytes: usize) {
        self.length = self.length.wrapping_add(bytes);
        if self.length & 127 == 0 {
            self.compress();
        }
    }

    /// Takes in a block (FIPS 180-4 §6.4.2).
    #[inline(never)]
    fn compress(&mut self) {
        // a to h; in each round they move by one place, so that their place counts down.
        let mut words = self.state;
        let mut first_place = 0_usize;
        for (round, constant) in (0..80_usize).zip(&ROUNDS) {
            let at = |distance: usize| word(&self.block, round.wrapping_add(distance) & 15);
            let mut scheduled = at(0);
            if round >= 16 {
                // The word of sixteen rounds ago is the last one that needs its place.
                let (one, other) = (at(1), at(14));
                let one = one.rotate_right(1) ^ one.rotate_right(8) ^ (one >> 7);
                let other = other.rotate_right(19) ^ other.rotate_right(61) ^ (other >> 6);
                scheduled = scheduled.wrapping_add(one).wrapping_add(at(9)).wrapping_add(other);
                if let Some(word) = self.block.get_mut(round & 15) {
                    *word = scheduled;
                }
            }
            let place = |name: usize| first_place.wrapping_add(name) & 7;
            let of = |name: usize| word(&words, place(name));
            let (a, b, c, e, f, g) = (of(0), of(1), of(2), of(4), of(5), of(6));
            let mixed = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
            let chosen = g ^ (e & (f ^ g));
            let first = of(7).wrapping_add(mixed).wrapping_add(chosen).wrapping_add(*constant).wrapping_add(scheduled);
            let mixed = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
            let most = (a & b) | (c & (a | b));
            let (d, h) = (place(3), place(7));
            if let Some(word) = words.get_mut(d) {
                *word = word.wrapping_add(first);
            }
            if let Some(word) = words.get_mut(h) {
                *word = first.wrapping_add(mixed).wrapping_add(most);
            }
            first_place = h;
        }
        for (state, word) in self.state.iter_mut().zip(&words) {
            *state = state.wrapping_add(*word);
        }
    }
}

/// The hash over R, A and the parts of the message, as Ed25519 defines its challenge.
pub(crate) fn sha512(r: &[u8], a: &[u8], message: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Sha512::new();
    hasher.update(r);
    hasher.update(a);
    for part in message {
        hasher.update(part);
    }
    hasher.finalize()
}

/// The word at a place that is one of the words'.
fn word(words: &[u64], place: usize) -> u64 {
    words.get(place).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Sha512;
    use sha2::Digest;
    use std::vec::Vec;

    #[test]
    fn equals_the_sha2_crate_at_every_length_and_every_cut() {
        let bytes: Vec<u8> = (0..=255).cycle().map(|byte: u8| byte.wrapping_mul(197)).take(700).collect();
        for length in 0..bytes.len() {
            let text = &bytes[..length];
            let expected: [u8; 64] = sha2::Sha512::digest(text).into();
            for cut in [0, 1, length / 3, length / 2, length] {
                let mut hash = Sha512::new();
                hash.update(&text[..cut.min(length)]);
                hash.update(&text[cut.min(length)..]);
                assert_eq!(hash.finalize(), expected, "{length} bytes cut at {cut}");
            }
        }
    }

    /// A length in bits that fills more than two bytes.
    #[test]
    fn equals_the_sha2_crate_for_long_messages() {
        let bytes: Vec<u8> = (0..=255).cycle().take(100_003).collect();
        let mut hash = Sha512::new();
        bytes.chunks(97).for_each(|part| hash.update(part));
        let expected: [u8; 64] = sha2::Sha512::digest(&bytes).into();
        assert_eq!(hash.finalize(), expected);
    }

    /// FIPS 180-4, as NIST prints the example.
    #[test]
    fn hashes_the_example() {
        let mut hash = Sha512::new();
        hash.update(b"abc");
        let digest = hash.finalize();
        assert_eq!(digest[..8], [0xDD, 0xAF, 0x35, 0xA1, 0x93, 0x61, 0x7A, 0xBA]);
        assert_eq!(digest[56..], [0x2A, 0x9A, 0xC9, 0x4F, 0xA5, 0x4C, 0xA4, 0x9F]);
    }
}
