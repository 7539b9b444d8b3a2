//! The envelope around every seller's document: header, optional issuer certificate, payload, signature.
//!
//! ```text
//! 0        version    1
//! 1        kind       ASCII letter
//! 2        algorithm  1 = Ed25519 (RFC 8032 §5.1, strict); 2 is reserved for SM2 with SM3
//! 3        flags      bit 0: an issuer certificate follows; all other bits zero
//! 4..8     key id     first four bytes of the signing key
//! [ u16 LE  length of the certificate, then the certificate: an envelope of kind I without flags ]
//! payload
//! last 64  signature over DOMAIN ‖ every byte before it
//! ```

use super::kind::Kind;
use crate::error::Error;
use crate::limits::{CERTIFICATE_MAX, HEADER_LEN, ISSUERS, KEY_ID_LEN, SIGNATURE_LEN};

/// What every signature covers first, so that no other use of a key can make a document.
pub(crate) const DOMAIN: &[u8; 16] = b"LIC2 document 1\n";

/// The format version that this library reads and writes.
pub const FORMAT_VERSION: u8 = 1;

/// Algorithm number of Ed25519.
pub(crate) const ALGORITHM_ED25519: u8 = 1;

/// Flag: an issuer certificate stands between header and payload.
pub(crate) const FLAG_CERTIFICATE: u8 = 1;

/// The parts of a document. Nothing in it is verified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) key_id: [u8; KEY_ID_LEN],
    certificate: Option<&'a [u8]>,
    pub(crate) payload: &'a [u8],
    /// Every byte before the signature.
    pub(crate) signed: &'a [u8],
    pub(crate) signature: &'a [u8; SIGNATURE_LEN],
}

impl<'a> Envelope<'a> {
    /// Splits `document`, which must be of kind `expected`; `letter` is the one of its text form.
    pub(crate) fn parse(document: &'a [u8], letter: u8, expected: Kind) -> Result<Self, Error> {
        check_version(document)?;
        let (signed, signature) = document.split_last_chunk::<SIGNATURE_LEN>().ok_or(Error::FormatEnvelope)?;
        let (header, body) = signed.split_first_chunk::<HEADER_LEN>().ok_or(Error::FormatEnvelope)?;
        let [_, kind, algorithm, flags, id0, id1, id2, id3] = *header;
        if kind != letter {
            return Err(Error::FormatEnvelope);
        }
        if kind != expected.letter() {
            return Err(Error::DocumentKind);
        }
        if algorithm != ALGORITHM_ED25519 {
            return Err(Error::FormatAlgorithm);
        }
        let (certificate, payload) = match flags {
            0 => (None, body),
            FLAG_CERTIFICATE if ISSUERS => split_certificate(body)?,
            FLAG_CERTIFICATE => return Err(Error::IssuerUnsupported),
            _ => return Err(Error::FormatEnvelope),
        };
        Ok(Self { key_id: [id0, id1, id2, id3], certificate, payload, signed, signature })
    }

    /// The issuer certificate that it carries.
    pub(crate) const fn certificate(&self) -> Option<&'a [u8]> {
        if ISSUERS { self.certificate } else { None }
    }
}

/// The version stands first and alone: a later format may arrange everything behind it differently.
pub(crate) fn check_version(document: &[u8]) -> Result<(), Error> {
    match document.first() {
        Some(&FORMAT_VERSION) => Ok(()),
        Some(_) => Err(Error::FormatVersion),
        None => Err(Error::FormatEnvelope),
    }
}

fn split_certificate(body: &[u8]) -> Result<(Option<&[u8]>, &[u8]), Error> {
    let (length, rest) = body.split_first_chunk::<2>().ok_or(Error::FormatEnvelope)?;
    let length = usize::from(u16::from_le_bytes(*length));
    if length > CERTIFICATE_MAX {
        return Err(Error::FormatEnvelope);
    }
    let (certificate, payload) = rest.split_at_checked(length).ok_or(Error::FormatEnvelope)?;
    Ok((Some(certificate), payload))
}
