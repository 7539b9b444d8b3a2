//! Ed25519 verification (RFC 8032 §5.1.7) with the accept set of ed25519-dalek's `verify_strict`.
//!
//! Two verifiers can do it: ed25519-dalek, and lic2-ed25519 for small devices. Which of them a build uses decides about
//! its size and speed and about nothing else.

#[cfg(feature = "compact")]
mod compact;
#[cfg(not(feature = "compact"))]
mod dalek;

#[cfg(feature = "_tables")]
pub(crate) use lic2_ed25519::Comb;

#[cfg(feature = "compact")]
use compact::Key;
#[cfg(not(feature = "compact"))]
use dalek::Key;

use crate::limits::{KEY_ID_LEN, KEY_LEN, SIGNATURE_LEN};
use crate::witness::Witness;

/// A public key, checked and decompressed once. Integers only, and with `tables` where its table is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PublicKey(Key);

impl PublicKey {
    /// The key, or `None` if the bytes are not a point of the curve or a point of small order.
    pub(crate) fn new(bytes: &[u8; KEY_LEN]) -> Option<Self> {
        Key::new(bytes).map(Self)
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.0.bytes()
    }

    pub(crate) fn id(&self) -> [u8; KEY_ID_LEN] {
        let [a, b, c, d, ..] = *self.bytes();
        [a, b, c, d]
    }

    /// Uses these multiples, which have to be this key's.
    #[cfg(feature = "tables")]
    pub(crate) const fn use_comb(&mut self, comb: &'static Comb) {
        self.0.use_comb(comb);
    }

    /// Whether `signature` is this key's signature over the concatenated `parts`.
    ///
    /// Not inlined: the simulator of faults begins where this returns.
    #[inline(never)]
    pub(crate) fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        self.0.verify(parts, signature)
    }
}

/// The check behind [`crate::Genuine`], exposed for the test vectors of the signature scheme alone.
#[doc(hidden)]
#[must_use]
pub fn verify_raw(key: &[u8; KEY_LEN], message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> bool {
    PublicKey::new(key).is_some_and(|key| key.verify(&[message], signature).is_good())
}
