//! The kinds of documents and their letters.

use crate::limits::{LISTS, TOKENS};

/// What a document is. Its letter is in the text prefix and in the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// An authorization code: seller to device.
    Code,
    /// An issuer certificate: an anchor vouches for an issuing key.
    Certificate,
    /// A revocation list: seller to device.
    RevocationList,
    /// A time token: seller to device.
    TimeToken,
    /// An unlock: seller to one device, in answer to one request.
    Unlock,
    /// A request: device to seller.
    Request,
    /// A receipt: device to seller, for a license that it has given up.
    Receipt,
    /// A usage report: device to seller.
    UsageReport,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Code,
        Self::Certificate,
        Self::RevocationList,
        Self::TimeToken,
        Self::Unlock,
        Self::Request,
        Self::Receipt,
        Self::UsageReport,
    ];

    /// The letter of this kind.
    #[must_use]
    pub const fn letter(self) -> u8 {
        match self {
            Self::Code => b'C',
            Self::Certificate => b'I',
            Self::RevocationList => b'L',
            Self::TimeToken => b'T',
            Self::Unlock => b'U',
            Self::Request => b'R',
            Self::Receipt => b'P',
            Self::UsageReport => b'M',
        }
    }

    /// The kind with this letter.
    #[must_use]
    pub fn from_letter(letter: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }

    /// Whether the seller signs it for devices.
    #[must_use]
    pub const fn is_for_device(self) -> bool {
        matches!(self, Self::Code | Self::RevocationList | Self::TimeToken | Self::Unlock)
    }

    /// Whether this build takes it in. A constant for each kind, so that a build without revocation lists (feature `lists`)
    /// or without time tokens and unlocks (`tokens`) has nothing of what they need.
    #[must_use]
    pub const fn is_carried(self) -> bool {
        match self {
            Self::RevocationList => LISTS,
            Self::TimeToken | Self::Unlock => TOKENS,
            Self::Code | Self::Certificate | Self::Request | Self::Receipt | Self::UsageReport => true,
        }
    }

    /// Whether a device writes it for the seller.
    #[must_use]
    pub const fn is_from_device(self) -> bool {
        matches!(self, Self::Request | Self::Receipt | Self::UsageReport)
    }

    /// The bit of this kind in a certificate's list of permitted kinds.
    #[must_use]
    pub const fn permission(self) -> u8 {
        match self {
            Self::Code => 1,
            Self::RevocationList => 2,
            Self::TimeToken => 4,
            Self::Unlock => 8,
            Self::Certificate | Self::Request | Self::Receipt | Self::UsageReport => 0,
        }
    }
}
