//! The kinds of documents and their letters.

/// What a document is. Its letter stands in the text prefix and in the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// An authorization code: seller to device.
    Code,
    /// An issuer certificate: an anchor vouches for an issuing key.
    Certificate,
}

impl Kind {
    /// The letter of this kind.
    #[must_use]
    pub const fn letter(self) -> u8 {
        match self {
            Self::Code => b'C',
            Self::Certificate => b'I',
        }
    }

    /// The bit of this kind in a certificate's list of permitted kinds.
    #[must_use]
    pub const fn permission(self) -> u8 {
        match self {
            Self::Code => 1,
            Self::Certificate => 0,
        }
    }
}
