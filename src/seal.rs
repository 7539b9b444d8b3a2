//! Writing and sealing seller documents. Feature `sign`: for the signer and tests, never for a product.
//!
//! The private key stays outside: the caller passes a closure that signs, so that the key may live in a file,
//! a PKCS#11 token or another process.

mod payload;

use crate::document::DocumentBuffer;
use crate::error::Error;
use crate::keys::Issuer;
use crate::limits::{
    CERTIFICATE_MAX, COMPONENT_HASH_LEN, DOCUMENT_MAX, HEADER_LEN, KEY_ID_LEN, KEY_LEN, SIGNATURE_LEN, TEXT_MAX,
};
use crate::signature::PublicKey;
use crate::verify::{Content, check_issuer};
use crate::wire::certificate::Certificate;
use crate::wire::envelope::{ALGORITHM_ED25519, DOMAIN, Envelope, FLAG_CERTIFICATE, FORMAT_VERSION};
use crate::wire::kind::Kind;
use crate::wire::output::Output;
use crate::wire::text;
use crate::witness::Witness;

pub use self::payload::license_payload;
pub use crate::draft::{BindingDraft, CertificateDraft, LicenseDraft, RevocationDraft, TimeTokenDraft, UnlockDraft};
pub use crate::wire::item::{ITEM_NUMBER_MAX, ITEM_NUMBER_VENDOR};

/// Longest message handed to the signing closure, in bytes.
pub const MESSAGE_MAX: usize = DOMAIN.len() + DOCUMENT_MAX - SIGNATURE_LEN;

/// A sealed document and its text.
#[derive(Clone, Debug)]
pub struct Sealed {
    document: [u8; DOCUMENT_MAX],
    document_length: usize,
    text: [u8; TEXT_MAX],
    text_length: usize,
}

impl Sealed {
    /// Reads a text of any kind, as it was pasted, back into the text form and the document. Verifies nothing.
    ///
    /// # Errors
    /// The statuses of reading, from 201 to 210.
    pub fn read(text: &[u8]) -> Result<Self, Error> {
        let mut memory = DocumentBuffer::new();
        let (letter, document) = memory.read_text(text)?;
        text_of(letter, &[document])
    }

    /// Whether this key has signed the document.
    #[must_use]
    pub fn is_signed_by(&self, key: &[u8; KEY_LEN]) -> bool {
        check_own_signature(self, key).is_ok()
    }

    /// The text form.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.get(..self.text_length).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or("")
    }

    /// The document, without the text form's check.
    #[must_use]
    pub fn document(&self) -> &[u8] {
        self.document.get(..self.document_length).unwrap_or(&[])
    }
}

/// Seals a license. `certificate` is the issuer certificate to carry along, as [`certificate_document`] gives it.
///
/// What a product would refuse for its content or its issuer is not signed, and a signature that is not the signing
/// key's is not let out. Whether an anchor vouches for the certificate only a key ring can tell.
///
/// # Errors
/// `PayloadValue` for content outside the limits, which includes a code of more than 1024 characters; the other
/// statuses that a reader of the content or the certificate would give; `SignatureInvalid`.
pub fn seal_license(
    draft: &LicenseDraft<'_>,
    signing_key: &[u8; KEY_LEN],
    certificate: Option<&[u8]>,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN],
) -> Result<Sealed, Error> {
    let mut memory = [0; DOCUMENT_MAX];
    let payload = license_payload(draft, &mut memory)?;
    seal_content(Kind::Code, payload, signing_key, certificate, sign)
}

/// Seals a revocation list.
///
/// # Errors
/// As [`seal_license`].
pub fn seal_revocation_list(
    draft: &RevocationDraft<'_>,
    signing_key: &[u8; KEY_LEN],
    certificate: Option<&[u8]>,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN],
) -> Result<Sealed, Error> {
    let mut memory = [0; DOCUMENT_MAX];
    let payload = payload::of_revocation_list(draft, &mut memory)?;
    seal_content(Kind::RevocationList, payload, signing_key, certificate, sign)
}

/// Seals a time token.
///
/// # Errors
/// As [`seal_license`].
pub fn seal_time_token(
    draft: &TimeTokenDraft<'_>,
    signing_key: &[u8; KEY_LEN],
    certificate: Option<&[u8]>,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN],
) -> Result<Sealed, Error> {
    let mut memory = [0; DOCUMENT_MAX];
    let payload = payload::of_time_token(draft, &mut memory)?;
    seal_content(Kind::TimeToken, payload, signing_key, certificate, sign)
}

/// Seals an unlock.
///
/// # Errors
/// As [`seal_license`].
pub fn seal_unlock(
    draft: &UnlockDraft<'_>,
    signing_key: &[u8; KEY_LEN],
    certificate: Option<&[u8]>,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN],
) -> Result<Sealed, Error> {
    let mut memory = [0; DOCUMENT_MAX];
    let payload = payload::of_unlock(draft, &mut memory)?;
    seal_content(Kind::Unlock, payload, signing_key, certificate, sign)
}

/// Seals a payload after reading it as a product would.
fn seal_content(
    kind: Kind,
    payload: &[u8],
    signing_key: &[u8; KEY_LEN],
    certificate: Option<&[u8]>,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN],
) -> Result<Sealed, Error> {
    Content::decode(kind, payload)?;
    if let Some(bytes) = certificate {
        let envelope = Envelope::parse(bytes, Kind::Certificate.letter(), Kind::Certificate)?;
        let issuer = Issuer::from_certificate(&Certificate::decode(envelope.payload)?, Witness::NONE, 0)?;
        if issuer.key.bytes() != signing_key {
            return Err(Error::CertificateInvalid);
        }
        check_issuer(kind, payload, &issuer.constraints())?;
    }
    let sealed = seal(kind, signing_key, certificate, payload, sign)?;
    check_own_signature(&sealed, signing_key)?;
    Ok(sealed)
}

/// Seals an issuer certificate with an anchor.
///
/// # Errors
/// As [`seal_license`]; at most 256 bytes.
pub fn seal_certificate(
    draft: &CertificateDraft<'_>,
    anchor: &[u8; KEY_LEN],
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN],
) -> Result<Sealed, Error> {
    let mut memory = [0; CERTIFICATE_MAX - HEADER_LEN - SIGNATURE_LEN];
    let payload = payload::of_certificate(draft, &mut memory)?;
    Issuer::from_certificate(&Certificate::decode(payload)?, Witness::NONE, 0)?;
    let sealed = seal(Kind::Certificate, anchor, None, payload, sign)?;
    check_own_signature(&sealed, anchor)?;
    Ok(sealed)
}

/// A closure that signs with another key, or a token that fails quietly, must not put a bad code into the world.
fn check_own_signature(sealed: &Sealed, key: &[u8; KEY_LEN]) -> Result<(), Error> {
    let (signed, signature) = sealed.document().split_last_chunk::<SIGNATURE_LEN>().ok_or(Error::FormatEnvelope)?;
    let key = PublicKey::new(key).ok_or(Error::KeyInvalid)?;
    if key.verify(&[DOMAIN, signed], signature).is_good() { Ok(()) } else { Err(Error::SignatureInvalid) }
}

/// Seals any payload as a document of this kind, without looking at it. Tests forge bad content with it.
///
/// # Errors
/// `PayloadValue` if the document would be too long.
pub fn seal(
    kind: Kind,
    signing_key: &[u8; KEY_LEN],
    certificate: Option<&[u8]>,
    payload: &[u8],
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN],
) -> Result<Sealed, Error> {
    let mut message = [0; MESSAGE_MAX];
    let mut out = Output::new(&mut message);
    out.raw(DOMAIN)?;
    out.raw(&[FORMAT_VERSION, kind.letter(), ALGORITHM_ED25519])?;
    out.raw(&[if certificate.is_some() { FLAG_CERTIFICATE } else { 0 }])?;
    out.raw(signing_key.get(..KEY_ID_LEN).unwrap_or(&[]))?;
    if let Some(certificate) = certificate {
        out.raw(&u16::try_from(certificate.len()).map_err(|_| Error::PayloadValue)?.to_le_bytes())?;
        out.raw(certificate)?;
    }
    out.raw(payload)?;
    let signed = out.finish();
    let signature = sign(signed);
    text_of(kind.letter(), &[signed.get(DOMAIN.len()..).unwrap_or(&[]), &signature])
}

/// The text form of a document given in parts, whatever it contains.
///
/// # Errors
/// `PayloadValue` if it would be too long.
pub fn text_of(letter: u8, parts: &[&[u8]]) -> Result<Sealed, Error> {
    let mut sealed = Sealed { document: [0; DOCUMENT_MAX], document_length: 0, text: [0; TEXT_MAX], text_length: 0 };
    let mut out = Output::new(&mut sealed.document);
    for part in parts {
        out.raw(part)?;
    }
    sealed.document_length = out.finish().len();
    let document = sealed.document.get(..sealed.document_length).unwrap_or(&[]);
    sealed.text_length = text::write(letter, document, &mut sealed.text).ok_or(Error::PayloadValue)?;
    Ok(sealed)
}

/// Reads the text form of an issuer certificate into the bytes that a code carries. Verifies nothing.
///
/// # Errors
/// The statuses of reading, from 201 to 210.
pub fn certificate_document<'m>(text: &[u8], memory: &'m mut DocumentBuffer) -> Result<&'m [u8], Error> {
    let (letter, document) = memory.read_text(text)?;
    let envelope = Envelope::parse(document, letter, Kind::Certificate)?;
    Certificate::decode(envelope.payload)?;
    Ok(document)
}

// The limits above are stated in bytes that these sizes make up.
const _: () = assert!(HEADER_LEN == 4 + KEY_ID_LEN && COMPONENT_HASH_LEN == 8);
