//! A device key in software, for devices without a secure element. Feature `device-key`: without it the library holds
//! no signing code.

use ed25519_dalek::{Signer, SigningKey};

use crate::limits::{KEY_LEN, SIGNATURE_LEN};

/// The device's own key, made from 32 secret random bytes that the device keeps. The memory is overwritten when it is
/// dropped.
#[expect(missing_debug_implementations, reason = "printing it would print a secret")]
pub struct SoftwareKey(SigningKey);

impl SoftwareKey {
    /// The key of this seed (RFC 8032 §5.1.5).
    #[must_use]
    pub fn from_seed(seed: &[u8; KEY_LEN]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; KEY_LEN] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs, in constant time, deterministically (RFC 8032 §5.1.6).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LEN] {
        self.0.sign(message).to_bytes()
    }
}
