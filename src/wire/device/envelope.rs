//! The envelope around a device's document: the seller's header without a certificate, and a signature only if the
//! device has a key of its own. Only sellers take it apart: feature `sign`.

use super::{ALGORITHM_NONE, NO_KEY_ID};
use crate::error::Error;
use crate::limits::{HEADER_LEN, KEY_ID_LEN, SIGNATURE_LEN};
use crate::wire::envelope::{ALGORITHM_ED25519, check_format};
use crate::wire::kind::Kind;

/// The parts of a device's document. Nothing in it is verified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeviceEnvelope<'a> {
    pub(crate) kind: Kind,
    pub(crate) key_id: [u8; KEY_ID_LEN],
    pub(crate) payload: &'a [u8],
    /// Every byte before the signature.
    pub(crate) signed: &'a [u8],
    pub(crate) signature: Option<&'a [u8; SIGNATURE_LEN]>,
}

impl<'a> DeviceEnvelope<'a> {
    /// Splits `document`; `letter` is the one of its text form.
    pub(crate) fn parse(document: &'a [u8], letter: u8) -> Result<Self, Error> {
        let [kind_byte, algorithm, flags] = check_format(document)?;
        let kind = Kind::from_letter(letter).filter(|kind| kind.is_from_device()).ok_or(Error::DocumentKind)?;
        if kind_byte != letter {
            return Err(Error::FormatEnvelope);
        }
        let (signed, signature) = match algorithm {
            ALGORITHM_NONE => (document, None),
            ALGORITHM_ED25519 => split_signature(document)?,
            _ => return Err(Error::FormatAlgorithm),
        };
        let (header, _) = document.split_first_chunk::<HEADER_LEN>().ok_or(Error::FormatEnvelope)?;
        let [.., id0, id1, id2, id3] = *header;
        let key_id = [id0, id1, id2, id3];
        let payload = signed.get(HEADER_LEN..).ok_or(Error::FormatEnvelope)?;
        let is_named = algorithm != ALGORITHM_NONE || key_id == NO_KEY_ID;
        if flags == 0 && is_named {
            Ok(Self { kind, key_id, payload, signed, signature })
        } else {
            Err(Error::FormatEnvelope)
        }
    }
}

fn split_signature(document: &[u8]) -> Result<(&[u8], Option<&[u8; SIGNATURE_LEN]>), Error> {
    let (signed, signature) = document.split_last_chunk().ok_or(Error::FormatEnvelope)?;
    Ok((signed, Some(signature)))
}
