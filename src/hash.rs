//! SHA-512 (FIPS 180-4) and HMAC (RFC 2104), the only ones in the library. Every use has a domain string of its own.

#[cfg(feature = "compact")]
use lic2_ed25519::Sha512;
#[cfg(not(feature = "compact"))]
use sha2::{Digest, Sha512};

/// Domain of the hash of a license id.
const LICENSE_ID: &[u8; 16] = b"LIC2 license id1";

/// Length of a short hash, in bytes: enough to tell things apart that no attacker chooses.
pub(crate) const SHORT_HASH_LEN: usize = 8;

/// Length of the keyed seal of the stored activation, in bytes.
pub(crate) const SEAL_LEN: usize = 16;

/// What SHA-512 takes in at a time, in bytes; HMAC fills the secret up to that.
const BLOCK_LEN: usize = 128;

/// A hash in progress.
#[derive(Clone, Debug)]
pub(crate) struct Hasher(Sha512);

impl Hasher {
    pub(crate) fn new(domain: &[u8; 16]) -> Self {
        let mut hasher = Self::without_domain();
        hasher.update(domain);
        hasher
    }

    #[inline(never)]
    fn without_domain() -> Self {
        Self(Sha512::new())
    }

    #[inline(never)]
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The first bytes of the SHA-512.
    pub(crate) fn finish<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.digest().first_chunk().copied()
    }

    /// The whole SHA-512, after which nothing is taken in. In place, since a hash in progress is two hundred bytes.
    #[inline(never)]
    fn digest(&mut self) -> [u8; 64] {
        #[cfg(feature = "compact")]
        return self.0.finalize();
        #[cfg(not(feature = "compact"))]
        self.0.finalize_reset().into()
    }
}

/// The first bytes of SHA-512 over `domain` and `parts`.
pub(crate) fn short_hash(domain: &[u8; 16], parts: &[&[u8]]) -> [u8; SHORT_HASH_LEN] {
    let mut hasher = Hasher::new(domain);
    for part in parts {
        hasher.update(part);
    }
    hasher.finish().unwrap_or([0; SHORT_HASH_LEN])
}

/// The hash by which a revocation list names a license.
#[must_use]
pub fn license_id_hash(id: impl AsRef<[u8]>) -> [u8; SHORT_HASH_LEN] {
    short_hash(LICENSE_ID, &[id.as_ref()])
}

/// HMAC-SHA-512 over `bytes`, cut to sixteen bytes.
pub(crate) fn keyed_seal(secret: &[u8], bytes: &[u8]) -> [u8; SEAL_LEN] {
    let mut block = [0; BLOCK_LEN];
    if secret.len() > BLOCK_LEN {
        let mut hasher = Hasher::without_domain();
        hasher.update(secret);
        fill(&mut block, &hasher.digest());
    } else {
        fill(&mut block, secret);
    }
    let inner = keyed_hash(&block, 0x36, bytes);
    let outer = keyed_hash(&block, 0x5C, &inner);
    outer.first_chunk().copied().unwrap_or([0; SEAL_LEN])
}

/// SHA-512 over the block with every byte changed by `pad`, and the bytes.
#[inline(never)]
fn keyed_hash(block: &[u8; BLOCK_LEN], pad: u8, bytes: &[u8]) -> [u8; 64] {
    let mut hasher = Hasher::without_domain();
    hasher.update(&block.map(|byte| byte ^ pad));
    hasher.update(bytes);
    hasher.digest()
}

/// The bytes at the front of the block. Not copy_from_slice, which keeps a path that panics.
fn fill(block: &mut [u8; BLOCK_LEN], bytes: &[u8]) {
    for (target, byte) in block.iter_mut().zip(bytes) {
        *target = *byte;
    }
}

#[cfg(test)]
mod tests {
    use super::{SEAL_LEN, keyed_seal};
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha512;
    use std::vec::Vec;

    #[test]
    fn the_seal_is_that_of_the_hmac_crate() {
        let bytes: Vec<u8> = (0..=255).cycle().take(600).collect();
        for secret in (0..300).filter_map(|length| bytes.get(7..7 + length)) {
            for text in [0, 1, 111, 112, 127, 128, 129, 600].map(|length| &bytes[..length]) {
                let mut mac = Hmac::<Sha512>::new_from_slice(secret).expect("any length");
                mac.update(text);
                let expected = mac.finalize().into_bytes();
                assert_eq!(keyed_seal(secret, text), expected[..SEAL_LEN], "{} {}", secret.len(), text.len());
            }
        }
    }
}
