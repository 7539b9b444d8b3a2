//! The documents that a device writes for the seller, and how the seller reads them.

#[cfg(feature = "sign")]
mod read;

#[cfg(feature = "sign")]
pub use self::read::{DeviceContent, DeviceDocument, Proof, read_device_document};

use crate::ed25519::PublicKey;
use crate::error::Error;
use crate::limits::{DOCUMENT_MAX, KEY_ID_LEN, KEY_LEN, SIGNATURE_LEN};
use crate::wire::device::{ALGORITHM_NONE, NO_KEY_ID};
use crate::wire::envelope::{ALGORITHM_ED25519, DOMAIN, FORMAT_VERSION};
use crate::wire::kind::Kind;
use crate::wire::output::Output;
use crate::wire::text;

/// Signs a message with the device's own key.
pub(crate) type SignMessage<'s> = &'s mut dyn FnMut(&[u8]) -> Result<[u8; SIGNATURE_LEN], Error>;

/// Writes a document into `out`, for which [`DOCUMENT_MAX`] bytes are always enough: signed if there is a `device_key`,
/// which the payload then has to show. A signature that is not that key's is not let out.
///
/// # Errors
/// What `sign` says; `SigningFailed` for a wrong signature; `PayloadValue` if the document would be too long.
pub(crate) fn write_device_document<'o>(
    kind: Kind,
    device_key: Option<[u8; KEY_LEN]>,
    payload: &[u8],
    sign: SignMessage<'_>,
    out: &'o mut [u8],
) -> Result<&'o [u8], Error> {
    let Some(key) = device_key else {
        return put(kind, ALGORITHM_NONE, NO_KEY_ID, &[], payload, out);
    };
    let [a, b, c, d, ..] = key;
    let key_id: [u8; KEY_ID_LEN] = [a, b, c, d];
    let message = put(kind, ALGORITHM_ED25519, key_id, DOMAIN, payload, out)?;
    let signature = sign(message)?;
    let good = PublicKey::new(&key).is_some_and(|key| key.verify(&[message], &signature));
    if !good {
        return Err(Error::SigningFailed);
    }
    let length = put(kind, ALGORITHM_ED25519, key_id, &[], payload, out)?.len();
    let end = length.saturating_add(SIGNATURE_LEN);
    let document = out.get_mut(..end.min(DOCUMENT_MAX)).ok_or(Error::PayloadValue)?;
    let (_, room) = document.split_at_mut_checked(length).ok_or(Error::PayloadValue)?;
    *room.first_chunk_mut().ok_or(Error::PayloadValue)? = signature;
    Ok(document)
}

/// Writes `front`, the header and the payload.
fn put<'o>(
    kind: Kind,
    algorithm: u8,
    key_id: [u8; KEY_ID_LEN],
    front: &[u8],
    payload: &[u8],
    memory: &'o mut [u8],
) -> Result<&'o [u8], Error> {
    let mut out = Output::new(memory);
    out.raw(front)?;
    out.raw(&[FORMAT_VERSION, kind.letter(), algorithm, 0])?;
    out.raw(&key_id)?;
    out.raw(payload)?;
    Ok(out.finish())
}

/// Writes the text form of a document.
///
/// # Errors
/// `BufferTooSmall`.
pub(crate) fn document_text<'o>(document: &[u8], out: &'o mut [u8]) -> Result<&'o str, Error> {
    let letter = document.get(1).copied().ok_or(Error::BufferTooSmall)?;
    let length = text::write(letter, document, out).ok_or(Error::BufferTooSmall)?;
    let text = out.get(..length).ok_or(Error::BufferTooSmall)?;
    core::str::from_utf8(text).map_err(|_| Error::BufferTooSmall)
}
