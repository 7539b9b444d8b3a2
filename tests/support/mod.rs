//! What the integration tests share: keys that everybody knows, a usual license, and the vector files.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(missing_docs, missing_debug_implementations, unreachable_pub, reason = "not a library")]

pub mod answer_table;
pub mod attack;
pub mod attack_state;
pub mod code_stanza;
pub mod document_stanza;
pub mod engine_cuts;
pub mod engine_device;
pub mod engine_documents;
pub mod engine_script;
pub mod engine_steps;
pub mod make;
pub mod model;
pub mod stanza;

use ed25519_dalek::{Signer, SigningKey};
use lic2::seal::{self, BindingDraft, CertificateDraft, LicenseDraft, Sealed};
use lic2::{Component, ComponentHash, Error, Feature, Kind, Right, Term, UnixSeconds};

/// 2026-11-18T12:26:40Z.
pub const ISSUED: u64 = 1_795_000_000;
/// One year later.
pub const UNTIL: u64 = ISSUED + 365 * 86_400;
/// Salt of every binding in the tests.
pub const SALT: [u8; 4] = [9, 8, 7, 6];
/// The ESN of the device that the codes are for.
pub const ESN: &[u8] = b"2102312ABC0123456789";

/// A signing key from a seed of 32 equal bytes. All of them are public: trust them nowhere.
pub struct Key(SigningKey);

impl Key {
    pub fn new(seed: u8) -> Self {
        Self(SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn anchor() -> Self {
        Self::new(7)
    }

    pub fn issuer() -> Self {
        Self::new(11)
    }

    pub fn stranger() -> Self {
        Self::new(13)
    }

    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// A code signed by this key without a certificate.
    pub fn code(&self, draft: &LicenseDraft<'_>) -> String {
        self.try_code(draft).expect("the draft is within the limits")
    }

    pub fn try_code(&self, draft: &LicenseDraft<'_>) -> Result<String, Error> {
        seal::seal_license(draft, &self.public(), None, |m| self.sign(m)).map(|sealed| sealed.text().to_owned())
    }

    /// A code signed by this key that carries `certificate`.
    pub fn code_with(&self, draft: &LicenseDraft<'_>, certificate: &Sealed) -> String {
        // Not by seal_license, which would refuse to sign what the certificate does not permit.
        let mut memory = [0; 759];
        let payload = seal::license_payload(draft, &mut memory).expect("the draft is within the limits");
        self.raw(Kind::Code, Some(certificate.document()), payload).text().to_owned()
    }

    pub fn certify(&self, draft: &CertificateDraft<'_>) -> Sealed {
        seal::seal_certificate(draft, &self.public(), |m| self.sign(m)).expect("the draft is within the limits")
    }

    /// Any payload, signed as a code.
    pub fn raw_code(&self, payload: &[u8]) -> String {
        self.raw(Kind::Code, None, payload).text().to_owned()
    }

    pub fn raw(&self, kind: Kind, certificate: Option<&[u8]>, payload: &[u8]) -> Sealed {
        seal::seal(kind, &self.public(), certificate, payload, |m| self.sign(m)).expect("the payload fits")
    }
}

/// The ESN as the device reports it.
pub fn esn() -> Component<'static> {
    Component { kind: 5, value: ESN }
}

pub fn component_hash(kind: u8, value: &[u8]) -> ComponentHash {
    ComponentHash { kind, hash: Component { kind, value }.hash(SALT).expect("the value is not empty") }
}

pub const FEATURES: &[Feature<'static>] = &[
    Feature::new("analytics", Right::Flag).with_expires(UnixSeconds(ISSUED + 100 * 86_400)),
    Feature::new("channels", Right::Limit(64)),
    Feature::new("export", Right::Flag),
];

/// A license without binding: id of 20 characters, product of 16, three features, a year.
pub const PLAIN: LicenseDraft<'static> =
    LicenseDraft::new("PL-20261118-00000042", "vision-appliance", UnixSeconds(ISSUED))
        .with_term(Term::Until(UnixSeconds(UNTIL)))
        .with_features(FEATURES);

/// The usual code of the project's promise: [`PLAIN`] for one device.
pub fn usual_code() -> String {
    Key::anchor().code(&PLAIN.with_binding(bound(1, &[component_hash(5, ESN)])))
}

pub fn bound(needed: u8, entries: &[ComponentHash]) -> BindingDraft<'_> {
    BindingDraft::Components { needed, salt: SALT, entries }
}

/// A certificate for [`Key::issuer`] without limits but its dates.
pub fn open_certificate() -> CertificateDraft<'static> {
    CertificateDraft::new(Key::issuer().public(), UnixSeconds(ISSUED - 86_400), UnixSeconds(ISSUED + 400 * 86_400))
}

/// The bytes behind a text form, with the check, by the base64 crate.
pub fn bytes_of(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&text[6..]).expect("it is base64url")
}

/// The text form of any bytes, with a good check: by the base64 and crc32fast crates, not by the library.
pub fn text_of(letter: char, document: &[u8]) -> String {
    use base64::Engine;
    let prefix = format!("LIC2{letter}.");
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(prefix.as_bytes());
    hasher.update(document);
    let mut bytes = document.to_vec();
    bytes.extend(hasher.finalize().to_le_bytes());
    prefix + &base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len() % 2 == 0, "hex of odd length: {text}");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}
