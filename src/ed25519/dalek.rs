//! The verifier for hosts: ed25519-dalek.

use ed25519_dalek::ed25519::signature::MultipartVerifier;
use ed25519_dalek::{Signature, VerifyingKey};

use crate::limits::{KEY_LEN, SIGNATURE_LEN};
use crate::witness::Witness;

/// A point of the curve that is not of small order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Key(VerifyingKey);

impl Key {
    /// The key, or `None` if the bytes are not a point of the curve or a point of small order.
    pub(crate) fn new(bytes: &[u8; KEY_LEN]) -> Option<Self> {
        let key = VerifyingKey::from_bytes(bytes).ok()?;
        if key.is_weak() { None } else { Some(Self(key)) }
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.0.as_bytes()
    }

    /// Whether the equation holds, for an S below L and an R that is not of small order.
    pub(crate) fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        // It tells no more than yes or no: hosts have no glitches of their supply.
        let differs = u32::from(self.0.multipart_verify(parts, &Signature::from_bytes(signature)).is_err());
        Witness::of(differs, differs)
    }
}
