//! Which key signed something, as an entry holds it.

use super::image::Image;
use crate::limits::ISSUERS;

/// The key that signed a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct SigningKey {
    /// The beginning of the key.
    pub(super) key: u64,
    /// See [`crate::verify::SignedBy`].
    pub(super) place: u16,
}

impl SigningKey {
    /// The place in the key ring, from 1, of the anchor that it is, 0 for an issuer; and of the anchor that vouches for it.
    pub(super) const fn places(self) -> [u8; 2] {
        self.place.to_le_bytes()
    }

    pub(super) const fn is_issuer(self) -> bool {
        ISSUERS && self.places()[0] == 0
    }
}

impl Image<'_> {
    /// The beginning of a key at one offset, and its places at another.
    #[inline(never)]
    pub(super) fn signing_key_at(&self, key: usize, place: usize) -> SigningKey {
        SigningKey { key: self.u64(key), place: self.u16(place) }
    }
}
