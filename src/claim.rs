//! What a document claims, before anybody has checked its signature. Feature `sign`: for the seller's tool,
//! which shows claims to people and marks them as such. Never for a product: a claim grants nothing.

use crate::document::DocumentBuffer;
use crate::error::Error;
use crate::limits::KEY_ID_LEN;
use crate::wire::certificate::Certificate;
use crate::wire::envelope::Envelope;
use crate::wire::kind::Kind;
use crate::wire::license::License;

/// An unverified document, taken apart.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'b> {
    /// The key it says it is signed with: the first four bytes of that key.
    pub key_id: [u8; KEY_ID_LEN],
    /// Its length in bytes, without the text form's check.
    pub length: usize,
    /// What it says.
    pub content: Content<'b>,
}

/// The content of an unverified document.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::large_enum_variant, reason = "lives on the stack of a tool; boxing needs an allocator")]
pub enum Content<'b> {
    /// A code.
    Code {
        /// The license.
        license: License<'b>,
        /// The issuer certificate it carries.
        certificate: Option<IssuerClaim<'b>>,
    },
    /// An issuer certificate.
    Certificate(Certificate<'b>),
}

/// The issuer certificate inside a code.
#[derive(Clone, Copy, Debug)]
pub struct IssuerClaim<'b> {
    /// The key it says it is signed with.
    pub key_id: [u8; KEY_ID_LEN],
    /// What it says.
    pub certificate: Certificate<'b>,
}

/// Reads a code or an issuer certificate and decodes it, whoever signed it.
///
/// # Errors
/// The statuses from 201 to 214.
pub fn read<'b>(text: &[u8], memory: &'b mut DocumentBuffer) -> Result<Claim<'b>, Error> {
    let (letter, document) = memory.read_text(text)?;
    let kind = if letter == Kind::Certificate.letter() { Kind::Certificate } else { Kind::Code };
    let envelope = Envelope::parse(document, letter, kind)?;
    let content = match kind {
        Kind::Certificate => Content::Certificate(Certificate::decode(envelope.payload)?),
        Kind::Code => Content::Code {
            license: License::decode(envelope.payload)?,
            certificate: envelope.certificate.map(read_issuer).transpose()?,
        },
        Kind::RevocationList | Kind::TimeToken | Kind::Unlock | Kind::Request | Kind::Receipt | Kind::UsageReport => {
            return Err(Error::DocumentKind);
        }
    };
    Ok(Claim { key_id: envelope.key_id, length: document.len(), content })
}

fn read_issuer(bytes: &[u8]) -> Result<IssuerClaim<'_>, Error> {
    let envelope = Envelope::parse(bytes, Kind::Certificate.letter(), Kind::Certificate)?;
    Ok(IssuerClaim { key_id: envelope.key_id, certificate: Certificate::decode(envelope.payload)? })
}
