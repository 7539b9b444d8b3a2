//! How the seller reads what a device wrote. Feature `sign`.

use crate::document::DocumentBuffer;
use crate::error::Error;
use crate::limits::KEY_LEN;
use crate::signature::PublicKey;
use crate::wire::device::envelope::DeviceEnvelope;
use crate::wire::device::{Receipt, Request, UsageReport};
use crate::wire::envelope::DOMAIN;
use crate::wire::kind::Kind;

/// What a device says to the seller.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum DeviceContent<'b> {
    /// A request.
    Request(Request<'b>),
    /// A receipt.
    Receipt(Receipt<'b>),
    /// A usage report.
    UsageReport(UsageReport<'b>),
}

/// Who vouches for a device's document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nobody: anyone can have written it, for any device.
    Unsigned,
    /// The holder of this key. Whose key that is, only the seller's records can tell.
    Signed([u8; KEY_LEN]),
}

/// A document of a device, decoded, and its signature checked if it has one.
#[derive(Clone, Copy, Debug)]
pub struct DeviceDocument<'b> {
    content: DeviceContent<'b>,
    proof: Proof,
}

impl<'b> DeviceDocument<'b> {
    /// What it says.
    #[must_use]
    pub const fn content(&self) -> &DeviceContent<'b> {
        &self.content
    }

    /// Who vouches for it.
    #[must_use]
    pub const fn proof(&self) -> Proof {
        self.proof
    }

    /// Takes an envelope apart and checks it.
    pub(crate) fn open(envelope: &DeviceEnvelope<'b>) -> Result<Self, Error> {
        let content = DeviceContent::decode(envelope.kind, envelope.payload)?;
        let Some(signature) = envelope.signature else {
            return Ok(Self { content, proof: Proof::Unsigned });
        };
        // It has to show the key that it names: the seller may see this device for the first time.
        let key = content.device_key().filter(|key| key.starts_with(&envelope.key_id)).ok_or(Error::PayloadValue)?;
        let good = PublicKey::new(&key).is_some_and(|key| key.verify(&[DOMAIN, envelope.signed], signature).is_good());
        if good { Ok(Self { content, proof: Proof::Signed(key) }) } else { Err(Error::SignatureInvalid) }
    }
}

impl<'b> DeviceContent<'b> {
    fn decode(kind: Kind, payload: &'b [u8]) -> Result<Self, Error> {
        match kind {
            Kind::Request => Request::decode(payload).map(Self::Request),
            Kind::Receipt => Receipt::decode(payload).map(Self::Receipt),
            Kind::UsageReport => UsageReport::decode(payload).map(Self::UsageReport),
            Kind::Code | Kind::Certificate | Kind::RevocationList | Kind::TimeToken | Kind::Unlock => {
                Err(Error::DocumentKind)
            }
        }
    }

    /// The key that the device says is its own.
    #[must_use]
    pub const fn device_key(&self) -> Option<[u8; KEY_LEN]> {
        match self {
            Self::Request(request) => request.device_key,
            Self::Receipt(receipt) => receipt.device_key,
            Self::UsageReport(report) => report.device_key,
        }
    }
}

/// Reads a request, a receipt or a usage report.
///
/// # Errors
/// The statuses from 201 to 214; `SignatureInvalid` for one that claims a device key and is not signed with it.
pub fn read_device_document<'b>(text: &[u8], memory: &'b mut DocumentBuffer) -> Result<DeviceDocument<'b>, Error> {
    let (letter, document) = memory.read_text(text)?;
    DeviceDocument::open(&DeviceEnvelope::parse(document, letter)?)
}
