//! One code in caller-owned memory: its bytes, and the proof that they were verified.

use crate::document::DocumentBuffer;
use crate::error::Error;
use crate::keys::KeyRing;
use crate::limits::KEY_ID_LEN;
use crate::verify::{Genuine, Signer};
use crate::wire::license::License;

/// Marks memory that holds a verified code.
const GENUINE: u32 = 0x4C49_4347;

/// Where the verified payload stands. Integers only, so that any memory is a valid value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
struct Proof {
    state: u32,
    start: u16,
    end: u16,
    key_id: [u8; KEY_ID_LEN],
    by_issuer: u32,
}

impl Proof {
    const NONE: Self = Self { state: 0, start: 0, end: 0, key_id: [0; KEY_ID_LEN], by_issuer: 0 };
}

/// A code and its verified state, to be kept and asked again. The C type `lic2_license` holds one.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Code {
    proof: Proof,
    buffer: DocumentBuffer,
}

impl Code {
    /// Memory without a code.
    #[must_use]
    pub const fn new() -> Self {
        Self { proof: Proof::NONE, buffer: DocumentBuffer::new() }
    }

    /// Reads and verifies `text`. After an error the memory holds no code.
    ///
    /// # Errors
    /// As [`DocumentBuffer::read_code`] and [`crate::Unverified::verify`].
    pub fn verify(&mut self, ring: &KeyRing, text: &[u8]) -> Result<Genuine<'_>, Error> {
        self.proof = Proof::NONE;
        let Self { proof, buffer } = self;
        let unverified = buffer.read_code(text)?;
        let start = unverified.payload_start();
        let end = start.saturating_add(unverified.envelope.payload.len());
        let genuine = unverified.verify(ring)?;
        *proof = Proof {
            state: GENUINE,
            start: u16::try_from(start).map_err(|_| Error::FormatEnvelope)?,
            end: u16::try_from(end).map_err(|_| Error::FormatEnvelope)?,
            key_id: genuine.key_id(),
            by_issuer: u32::from(genuine.signer() == Signer::Issuer),
        };
        Ok(genuine)
    }

    /// The verified license, decoded again.
    ///
    /// # Errors
    /// `NotInitialized` unless the last [`Code::verify`] on this memory succeeded.
    pub fn genuine(&self) -> Result<Genuine<'_>, Error> {
        if self.proof.state != GENUINE {
            return Err(Error::NotInitialized);
        }
        let license = License::decode(self.buffer.range(self.proof.start, self.proof.end))?;
        let signer = if self.proof.by_issuer == 0 { Signer::Anchor } else { Signer::Issuer };
        Ok(Genuine::restored(license, self.proof.key_id, signer))
    }

    /// Forgets the code.
    pub fn clear(&mut self) {
        self.proof = Proof::NONE;
    }
}

impl Default for Code {
    fn default() -> Self {
        Self::new()
    }
}
