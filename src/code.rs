//! One code in caller-owned memory: its bytes, and the proof that they were verified.

use crate::document::DocumentBuffer;
use crate::error::Error;
use crate::keys::KeyRing;
use crate::verify::{Genuine, Proof};

/// The proof, and the range of the payload in the buffer. Integers only, so that any memory is a valid value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
struct Proven {
    proof: Proof,
    start: u16,
    end: u16,
}

impl Proven {
    const NONE: Self = Self { proof: Proof::NONE, start: 0, end: 0 };

    /// Reads a code and checks its signature. Out of line, so that no license lies on the stack meanwhile.
    #[inline(never)]
    fn find(buffer: &mut DocumentBuffer, ring: &KeyRing, text: &[u8]) -> Result<Self, Error> {
        let unverified = buffer.read_code(text)?;
        let proof = unverified.prove(ring)?;
        let start = unverified.payload_start();
        let end = unverified.envelope.signed.len();
        Ok(Self {
            proof,
            start: u16::try_from(start).map_err(|_| Error::FormatEnvelope)?,
            end: u16::try_from(end).map_err(|_| Error::FormatEnvelope)?,
        })
    }

    /// The content that was signed.
    fn genuine(self, buffer: &DocumentBuffer) -> Result<Genuine<'_>, Error> {
        if self.proof.is_good() {
            Genuine::decode(buffer.range(self.start, self.end), self.proof)
        } else {
            Err(Error::NotInitialized)
        }
    }
}

/// A code and its verified state, to be kept and asked again. The C type `lic2_license` holds one.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Code {
    proven: Proven,
    buffer: DocumentBuffer,
}

impl Code {
    /// Memory without a code.
    #[must_use]
    pub const fn new() -> Self {
        Self { proven: Proven::NONE, buffer: DocumentBuffer::new() }
    }

    /// Reads and verifies `text`. After an error the memory holds no code.
    ///
    /// # Errors
    /// As [`DocumentBuffer::read_code`] and [`crate::Unverified::verify`].
    pub fn verify(&mut self, ring: &KeyRing, text: &[u8]) -> Result<Genuine<'_>, Error> {
        let Self { proven, buffer } = self;
        *proven = Proven::NONE;
        let found = Proven::find(buffer, ring, text)?;
        let genuine = found.genuine(buffer)?;
        *proven = found;
        Ok(genuine)
    }

    /// The first half of [`Code::verify`], which needs much stack and little else: whether a seller made the code. Its
    /// content is decoded by [`Code::genuine`], which may find it not to be valid; call [`Code::clear`] then.
    ///
    /// # Errors
    /// As [`Code::verify`], without the statuses from 211 to 214 for a code that an anchor signed.
    pub fn accept(&mut self, ring: &KeyRing, text: &[u8]) -> Result<(), Error> {
        self.proven = Proven::NONE;
        self.proven = Proven::find(&mut self.buffer, ring, text)?;
        Ok(())
    }

    /// The verified license, decoded again.
    ///
    /// # Errors
    /// `NotInitialized` unless the last [`Code::verify`] or [`Code::accept`] on this memory succeeded; after the second
    /// also the statuses from 211 to 214.
    pub fn genuine(&self) -> Result<Genuine<'_>, Error> {
        self.proven.genuine(&self.buffer)
    }

    /// Forgets the code.
    pub fn clear(&mut self) {
        self.proven = Proven::NONE;
    }
}

impl Default for Code {
    fn default() -> Self {
        Self::new()
    }
}
