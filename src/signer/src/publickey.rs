//! Public keys: reading them from PEM, certificates' hexadecimal and key files, writing them for products.

mod write;

use std::path::Path;

use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePublicKey, EncodePublicKey, PublicKeyBytes};
use lic2::KeyRing;
use lic2::limits::KEY_LEN;
use zeroize::Zeroizing;

use crate::exit::{Failure, Result};
use crate::ui;

pub use write::{Format, write};

/// A public key.
pub type PublicKey = [u8; KEY_LEN];

/// Reads a public key: 64 hexadecimal digits, a PEM file, or `-` for PEM on stdin.
///
/// # Errors
/// Exit code 2 if the file cannot be read, 4 if it holds no usable public key.
pub fn read(argument: &str) -> Result<PublicKey> {
    if let Some(key) = from_hex(argument) {
        return check(key).map_err(|failure| failure.at(argument));
    }
    // It may turn out to be a private key.
    let text = ui::read_text(Path::new(argument)).map(Zeroizing::new).map_err(|failure| {
        failure.hint("pass a public key file in PEM form (usually *.pub) or 64 hexadecimal digits")
    })?;
    parse(&text).map_err(|failure| failure.at(argument))
}

/// Whether this names a file with a private key.
pub(crate) fn is_private_file(argument: &str) -> bool {
    let is_path = from_hex(argument).is_none() && argument != "-";
    is_path && ui::read_text(Path::new(argument)).map(Zeroizing::new).is_ok_and(|text| is_private(&text))
}

fn from_hex(text: &str) -> Option<PublicKey> {
    ui::unhex(text.trim())?.try_into().ok()
}

fn is_private(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

fn parse(text: &str) -> Result<PublicKey> {
    if is_private(text) {
        return Err(Failure::key("this is a private key, and a public key is needed").hint(
            "pass the *.pub file that keygen wrote next to it, or create one: lic2-signer pubkey KEY > \
                   KEY.pub",
        ));
    }
    if let Some(key) = from_hex(text) {
        return check(key);
    }
    let wrong = || {
        Failure::key("this is not an Ed25519 public key")
            .hint("pass a public key in PEM form (BEGIN PUBLIC KEY) or 64 hexadecimal digits")
    };
    let start = text.find("-----BEGIN PUBLIC KEY-----").ok_or_else(wrong)?;
    let pem = text.get(start..).unwrap_or("").trim_end();
    check(PublicKeyBytes::from_public_key_pem(pem).map_err(|_| wrong())?.to_bytes())
}

/// Refuses what the library would refuse as an anchor.
fn check(key: PublicKey) -> Result<PublicKey> {
    KeyRing::new(&[key]).map(|_| key).map_err(|error| Failure::key(error.text()).hint(error.advice()))
}

/// The key id as people compare it: eight hexadecimal digits.
#[must_use]
pub fn id(key: &PublicKey) -> String {
    ui::hex(key.get(..lic2::limits::KEY_ID_LEN).unwrap_or(&[]))
}

/// SubjectPublicKeyInfo in PEM form.
///
/// # Errors
/// Exit code 4 for bytes that are no key.
pub fn pem(key: &PublicKey) -> Result<String> {
    VerifyingKey::from_bytes(key)
        .ok()
        .and_then(|key| key.to_public_key_pem(LineEnding::LF).ok())
        .ok_or_else(|| Failure::key("not an Ed25519 public key"))
}
