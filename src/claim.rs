//! What a document claims, before anybody has checked who signed it. Feature `sign`: for the seller's tool,
//! which shows claims to people and marks them as such. Never for a product: a claim grants nothing.

use crate::device_document::DeviceDocument;
use crate::document::{DocumentBuffer, Unverified};
use crate::error::Error;
use crate::limits::KEY_ID_LEN;
use crate::verify::Content;
use crate::wire::certificate::Certificate;
use crate::wire::device::envelope::DeviceEnvelope;
use crate::wire::envelope::Envelope;
use crate::wire::kind::Kind;

/// An unverified document, taken apart.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Claim<'b> {
    /// What it says it is.
    pub kind: Kind,
    /// The key it says it is signed with: the first four bytes of that key, all zero for none.
    pub key_id: [u8; KEY_ID_LEN],
    /// Its length in bytes, without the text form's check.
    pub length: usize,
    /// What it says.
    pub content: Claimed<'b>,
}

/// The content of an unverified document.
#[derive(Clone, Copy, Debug)]
pub enum Claimed<'b> {
    /// What a seller says to devices: a code, a revocation list, a time token or an unlock.
    Seller {
        /// What it says.
        content: Content<'b>,
        /// The issuer certificate it carries.
        certificate: Option<IssuerClaim<'b>>,
    },
    /// An issuer certificate.
    Certificate(Certificate<'b>),
    /// What a device says to the seller: a request, a receipt or a usage report. If it is signed, the signature is good.
    Device(DeviceDocument<'b>),
}

/// The issuer certificate inside a seller's document.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct IssuerClaim<'b> {
    /// The key it says it is signed with.
    pub key_id: [u8; KEY_ID_LEN],
    /// What it says.
    pub certificate: Certificate<'b>,
}

/// Reads a document of any kind and decodes it, no matter who signed it.
///
/// # Errors
/// The statuses from 201 to 214; of a device's document also `SignatureInvalid`.
pub fn read<'b>(text: &[u8], memory: &'b mut DocumentBuffer) -> Result<Claim<'b>, Error> {
    let (letter, document) = memory.read_text(text)?;
    let length = document.len();
    match Kind::from_letter(letter) {
        Some(Kind::Certificate) => {
            let IssuerClaim { key_id, certificate } = read_issuer(document, letter)?;
            Ok(Claim { kind: Kind::Certificate, key_id, length, content: Claimed::Certificate(certificate) })
        }
        Some(kind) if kind.is_from_device() => {
            let envelope = DeviceEnvelope::parse(document, letter)?;
            let content = Claimed::Device(DeviceDocument::open(&envelope)?);
            Ok(Claim { kind, key_id: envelope.key_id, length, content })
        }
        _ => {
            let unverified = Unverified::split(letter, document)?;
            let kind = unverified.kind();
            let content = Content::decode(kind, unverified.envelope.payload)?;
            let carried = unverified.certificate_bytes();
            let certificate = carried.map(|bytes| read_issuer(bytes, Kind::Certificate.letter())).transpose()?;
            Ok(Claim { kind, key_id: unverified.key_id(), length, content: Claimed::Seller { content, certificate } })
        }
    }
}

fn read_issuer(bytes: &[u8], letter: u8) -> Result<IssuerClaim<'_>, Error> {
    let envelope = Envelope::parse(bytes, letter, Kind::Certificate)?;
    Ok(IssuerClaim { key_id: envelope.key_id, certificate: Certificate::decode(envelope.payload)? })
}
