//! The envelope around every seller's document: header, optional issuer certificate, payload, signature.
//!
//! ```text
//! 0        version    1
//! 1        kind       ASCII letter
//! 2        algorithm  1 = Ed25519 (RFC 8032 §5.1, strict); 2 is reserved for SM2 with SM3
//! 3        flags      bit 0: an issuer certificate follows; all other bits are for later formats
//! 4..8     key id     first four bytes of the signing key
//! [ u16 LE  length of the certificate, then the certificate: an envelope of kind I without flags ]
//! payload
//! last 64  signature over DOMAIN ‖ every byte before it
//! ```

use super::kind::Kind;
use crate::error::Error;
use crate::limits::{CERTIFICATE_MAX, HEADER_LEN, ISSUERS, KEY_ID_LEN, SIGNATURE_LEN};

/// What every signature covers first, so that no other use of a key can sign a document.
pub(crate) const DOMAIN: &[u8; 16] = b"LIC2 document 1\n";

/// The format version that this library reads and writes.
pub const FORMAT_VERSION: u8 = 1;

/// Algorithm number of Ed25519.
pub(crate) const ALGORITHM_ED25519: u8 = 1;

/// Bytes at the front of a document that keep their place in later formats: version, kind, algorithm, flags.
pub(crate) const HEAD_LEN: usize = 4;

/// Flag: an issuer certificate follows the header.
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
        let [kind, algorithm, flags] = check_format(document)?;
        if letter != expected.letter() {
            return Err(Error::DocumentKind);
        }
        if kind != letter {
            return Err(Error::FormatEnvelope);
        }
        if algorithm != ALGORITHM_ED25519 {
            return Err(Error::FormatAlgorithm);
        }
        let (signed, signature) = document.split_last_chunk::<SIGNATURE_LEN>().ok_or(Error::FormatEnvelope)?;
        let (header, body) = signed.split_first_chunk::<HEADER_LEN>().ok_or(Error::FormatEnvelope)?;
        let [.., id0, id1, id2, id3] = *header;
        let (certificate, payload) = if flags & FLAG_CERTIFICATE == 0 {
            (None, body)
        } else if ISSUERS {
            split_certificate(body)?
        } else {
            return Err(Error::IssuerUnsupported);
        };
        Ok(Self { key_id: [id0, id1, id2, id3], certificate, payload, signed, signature })
    }

    /// The issuer certificate that it carries.
    pub(crate) const fn certificate(&self) -> Option<&'a [u8]> {
        if ISSUERS { self.certificate } else { None }
    }
}

/// Whether this library knows the document's format. Returns kind letter, algorithm and flags; a later format may arrange
/// everything after these four bytes differently.
pub(crate) const fn check_format(document: &[u8]) -> Result<[u8; 3], Error> {
    match *document {
        [FORMAT_VERSION, kind, algorithm, flags, ..] if flags <= FLAG_CERTIFICATE => Ok([kind, algorithm, flags]),
        [] | [FORMAT_VERSION] | [FORMAT_VERSION, _] | [FORMAT_VERSION, _, _] => Err(Error::FormatEnvelope),
        _ => Err(Error::FormatVersion),
    }
}

/// What to say of a document that is too long for this library, from its first four bytes.
pub(crate) const fn announced(document: &[u8]) -> Error {
    match check_format(document) {
        Err(Error::FormatVersion) if document.len() >= HEAD_LEN => Error::FormatVersion,
        // Devices may leave their documents unsigned: 0.
        Ok([_, algorithm, _]) if algorithm > ALGORITHM_ED25519 => Error::FormatAlgorithm,
        _ => Error::TextTooLong,
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
