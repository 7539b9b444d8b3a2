//! Reading a document into caller-owned memory, up to the point where only its signature can tell more.

use crate::error::Error;
use crate::limits::KEY_ID_LEN;
use crate::wire::envelope::{Envelope, check_format};
use crate::wire::kind::Kind;
use crate::wire::text;

/// Memory for one document. Make one on the stack or in a static and read into it.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct DocumentBuffer {
    bytes: [u8; text::BUFFER_LEN],
}

impl DocumentBuffer {
    /// An empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; text::BUFFER_LEN] }
    }

    /// Reads an authorization code as the customer pasted it.
    ///
    /// # Errors
    /// The statuses from 201 to 210: nothing was verified, and nothing is wrong with the product.
    pub fn read_code(&mut self, text: &[u8]) -> Result<Unverified<'_>, Error> {
        let (letter, document) = self.read_text(text)?;
        let envelope = Envelope::parse(document, letter, Kind::Code)?;
        Ok(Unverified { kind: Kind::Code, document, envelope })
    }

    /// Reads any document that a seller signs for devices: a code, a revocation list, a time token or an unlock.
    ///
    /// # Errors
    /// The statuses from 201 to 210: nothing was verified, and nothing is wrong with the product.
    pub fn read(&mut self, text: &[u8]) -> Result<Unverified<'_>, Error> {
        let (letter, document) = self.read_text(text)?;
        Unverified::split(letter, document)
    }

    /// Reads any text form and returns the kind letter and the document without its check.
    pub(crate) fn read_text(&mut self, text: &[u8]) -> Result<(u8, &[u8]), Error> {
        let (letter, length) = text::read(text, &mut self.bytes)?;
        Ok((letter, self.bytes.get(..length).unwrap_or(&[])))
    }

    /// The bytes of a range that an earlier reading gave.
    pub(crate) fn range(&self, start: u16, end: u16) -> &[u8] {
        self.bytes.get(usize::from(start)..usize::from(end)).unwrap_or(&[])
    }
}

impl Default for DocumentBuffer {
    fn default() -> Self {
        Self::new()
    }
}

/// A document whose signature nobody has checked. It shows what it claims to be and who is said to have signed
/// it, nothing more: its content cannot be read from here.
#[derive(Clone, Copy, Debug)]
pub struct Unverified<'b> {
    kind: Kind,
    pub(crate) document: &'b [u8],
    pub(crate) envelope: Envelope<'b>,
}

impl<'b> Unverified<'b> {
    /// A document that was genuine once and was kept, without its text form and check.
    pub(crate) fn from_stored(document: &'b [u8]) -> Result<Self, Error> {
        let letter = document.get(1).copied().unwrap_or(0);
        Self::split(letter, document)
    }

    pub(crate) fn split(letter: u8, document: &'b [u8]) -> Result<Self, Error> {
        // What a later format calls a kind is not known here.
        check_format(document)?;
        let is_known = |kind: &Kind| kind.is_for_device() && kind.is_carried();
        let kind = Kind::from_letter(letter).filter(is_known).ok_or(Error::DocumentKind)?;
        let envelope = Envelope::parse(document, letter, kind)?;
        Ok(Self { kind, document, envelope })
    }

    /// What the document says it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The key it says it is signed with: the first four bytes of that key.
    #[must_use]
    pub const fn key_id(&self) -> [u8; KEY_ID_LEN] {
        self.envelope.key_id
    }

    /// Where the payload begins in the buffer.
    pub(crate) const fn payload_start(&self) -> usize {
        // The payload ends what is signed.
        self.envelope.signed.len().wrapping_sub(self.envelope.payload.len())
    }

    /// Whether it carries an issuer certificate.
    #[must_use]
    pub const fn has_certificate(&self) -> bool {
        self.envelope.certificate().is_some()
    }

    /// The issuer certificate that it carries.
    pub(crate) const fn certificate_bytes(&self) -> Option<&'b [u8]> {
        self.envelope.certificate()
    }

    /// Its length in bytes, without the check.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.document.len()
    }

    /// Whether it is empty; it never is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.document.is_empty()
    }
}
