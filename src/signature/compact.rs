//! The verifier for small devices: `lic2-ed25519`, with a table of the key's multiples if the product has one.

#[cfg(feature = "tables")]
use lic2_ed25519::Comb;

use crate::limits::{KEY_LEN, SIGNATURE_LEN};
use crate::witness::Witness;

/// A point of the curve that is not of small order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Key {
    key: lic2_ed25519::Key,
    /// Its multiples, if they are known.
    #[cfg(feature = "tables")]
    comb: Option<&'static Comb>,
}

/// The rest of a key follows from its bytes.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Key {}

impl Key {
    /// The key, or `None` if the bytes are not a point of the curve or a point of small order.
    pub(crate) fn new(bytes: &[u8; KEY_LEN]) -> Option<Self> {
        let key = lic2_ed25519::Key::new(bytes)?;
        Some(Self {
            key,
            #[cfg(feature = "tables")]
            comb: None,
        })
    }

    /// Uses these multiples, which have to be this key's.
    #[cfg(feature = "tables")]
    pub(crate) const fn use_comb(&mut self, comb: &'static Comb) {
        self.comb = Some(comb);
    }

    pub(crate) const fn bytes(&self) -> &[u8; KEY_LEN] {
        self.key.bytes()
    }

    /// Whether the equation holds, S is below L and R is not of small order.
    pub(crate) fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        #[cfg(feature = "tables")]
        if let Some(comb) = self.comb {
            return self.key.verify_with(comb, parts, signature);
        }
        self.key.verify(parts, signature)
    }
}
