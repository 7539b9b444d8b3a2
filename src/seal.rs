//! Writing and sealing seller documents. Feature `sign`: for the signer and tests, never for a product.
//!
//! The private key stays outside: the caller passes a closure that signs, so that the key may live in a file,
//! a PKCS#11 token or another process.

use serde::Serialize;

use crate::ed25519::PublicKey;
use crate::error::Error;
use crate::keys::Issuer;
use crate::limits::{
    CERTIFICATE_MAX, COMPONENT_HASH_LEN, DOCUMENT_MAX, HEADER_LEN, KEY_ID_LEN, KEY_LEN, SIGNATURE_LEN, TEXT_MAX,
};
use crate::permission;
use crate::wire::binding;
use crate::wire::certificate::{self, Certificate, Scope};
use crate::wire::envelope::{ALGORITHM_ED25519, DOMAIN, Envelope, FLAG_CERTIFICATE, FORMAT_VERSION};
use crate::wire::item::Item;
use crate::wire::kind::Kind;
use crate::wire::license::{Head, License, is_critical, number};
use crate::wire::output::Output;
use crate::wire::text;

pub use crate::draft::{BindingDraft, CertificateDraft, LicenseDraft};
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
    let license = License::decode(payload)?;
    if let Some(bytes) = certificate {
        let envelope = Envelope::parse(bytes, Kind::Certificate.letter(), Kind::Certificate)?;
        let issuer = Issuer::from_certificate(&Certificate::decode(envelope.payload)?)?;
        if issuer.key.bytes() != signing_key {
            return Err(Error::CertificateInvalid);
        }
        permission::check_license(&license, &issuer.constraints())?;
    }
    let sealed = seal(Kind::Code, signing_key, certificate, payload, sign)?;
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
    let payload = certificate_payload(draft, &mut memory)?;
    Issuer::from_certificate(&Certificate::decode(payload)?)?;
    let sealed = seal(Kind::Certificate, anchor, None, payload, sign)?;
    check_own_signature(&sealed, anchor)?;
    Ok(sealed)
}

/// A closure that signs with another key, or a token that fails quietly, must not put a bad code into the world.
fn check_own_signature(sealed: &Sealed, key: &[u8; KEY_LEN]) -> Result<(), Error> {
    let (signed, signature) = sealed.document().split_last_chunk::<SIGNATURE_LEN>().ok_or(Error::FormatEnvelope)?;
    let key = PublicKey::new(key).ok_or(Error::KeyInvalid)?;
    if key.verify(&[DOMAIN, signed], signature) { Ok(()) } else { Err(Error::SignatureInvalid) }
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
pub fn certificate_document<'m>(
    text: &[u8],
    memory: &'m mut crate::document::DocumentBuffer,
) -> Result<&'m [u8], Error> {
    let (letter, document) = memory.read_text(text)?;
    let envelope = crate::wire::envelope::Envelope::parse(document, letter, Kind::Certificate)?;
    Certificate::decode(envelope.payload)?;
    Ok(document)
}

/// Encodes the payload of a license into `memory`.
///
/// # Errors
/// `PayloadValue` if it does not fit or a time is outside 2020 to 2156.
pub fn license_payload<'m>(draft: &LicenseDraft<'_>, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
    let mut features = [0; DOCUMENT_MAX];
    let mut entries = [0; DOCUMENT_MAX];
    let mut items = [0; DOCUMENT_MAX];
    let mut out = Output::new(&mut features);
    for feature in draft.features {
        feature.put(&mut out)?;
    }
    let features = out.finish();
    let binding = put_binding(draft.binding, &mut entries)?;
    let items = put_items(draft, &mut items)?;
    let head = Head {
        id: draft.id,
        serial: draft.serial,
        class: draft.class,
        product: draft.product,
        issued_at: draft.issued_at,
        term: draft.term,
    };
    let mut out = Output::new(memory);
    head.put(binding, features, items, &mut out)?;
    Ok(out.finish())
}

fn put_binding<'m>(draft: BindingDraft<'_>, memory: &'m mut [u8]) -> Result<binding::Wire<'m>, Error> {
    let mut out = Output::new(memory);
    Ok(match draft {
        BindingDraft::None => binding::Wire::None,
        BindingDraft::DeviceKey(key) => binding::Wire::DeviceKey(key),
        BindingDraft::Components { needed, salt, entries } => {
            for entry in entries {
                entry.put(&mut out)?;
            }
            binding::Wire::Components { needed, salt, entries: out.finish() }
        }
        BindingDraft::Allocation { kind, salt, entries } => {
            for entry in entries {
                entry.put(&mut out)?;
            }
            binding::Wire::Allocation { kind, salt, entries: out.finish() }
        }
    })
}

fn put_items<'m>(draft: &LicenseDraft<'_>, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
    let mut out = Output::new(memory);
    let stamp = |time| crate::time::Stamp::from_unix(time).ok_or(Error::PayloadValue);
    if let Some(time) = draft.not_before {
        put_item(number::NOT_BEFORE, &stamp(time)?, &mut out)?;
    }
    if draft.grace_days != 0 {
        put_item(number::GRACE_DAYS, &draft.grace_days, &mut out)?;
    }
    if draft.lease_days != 0 {
        put_item(number::LEASE_DAYS, &draft.lease_days, &mut out)?;
    }
    if let Some(range) = draft.versions {
        put_item(number::VERSIONS, &range, &mut out)?;
    }
    if let Some(time) = draft.maintenance_until {
        put_item(number::MAINTENANCE_UNTIL, &stamp(time)?, &mut out)?;
    }
    if draft.quantity != 1 {
        put_item(number::QUANTITY, &draft.quantity, &mut out)?;
    }
    let texts = [(number::EDITION, draft.edition), (number::CUSTOMER, draft.customer), (number::ORDER, draft.order)];
    for (number, text) in texts {
        if let Some(text) = text {
            Item { number, critical: is_critical(number), bytes: text.as_bytes() }.put(&mut out)?;
        }
    }
    if draft.add_on {
        Item { number: number::ADD_ON, critical: is_critical(number::ADD_ON), bytes: &[] }.put(&mut out)?;
    }
    for item in draft.extensions {
        item.put(&mut out)?;
    }
    Ok(out.finish())
}

fn put_item<T: Serialize>(number: u16, value: &T, out: &mut Output<'_>) -> Result<(), Error> {
    let mut memory = [0; 24];
    let bytes = postcard::to_slice(value, &mut memory).map_err(|_| Error::PayloadValue)?;
    Item { number, critical: is_critical(number), bytes }.put(out)
}

fn certificate_payload<'m>(draft: &CertificateDraft<'_>, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
    let mut scope = [0; CERTIFICATE_MAX];
    let mut items = [0; CERTIFICATE_MAX];
    let mut out = Output::new(&mut scope);
    for pattern in draft.scope {
        out.value(pattern)?;
    }
    let scope = out.finish();
    let mut out = Output::new(&mut items);
    if let Some(name) = draft.name {
        Item { number: certificate::NUMBER_NAME, critical: false, bytes: name.as_bytes() }.put(&mut out)?;
    }
    for item in draft.extensions {
        item.put(&mut out)?;
    }
    let items = out.finish();
    let certificate = Certificate {
        key: draft.key,
        issued_at: draft.issued_at,
        not_before: draft.not_before,
        not_after: draft.not_after,
        longest_days: draft.longest_days,
        kinds: draft.kinds,
        test_only: draft.test_only,
        scope: Scope::new(scope),
        name: draft.name,
    };
    let mut out = Output::new(memory);
    certificate.put(scope, items, &mut out)?;
    Ok(out.finish())
}

// The limits above are stated in bytes that these sizes make up.
const _: () = assert!(HEADER_LEN == 4 + KEY_ID_LEN && COMPONENT_HASH_LEN == 8);
