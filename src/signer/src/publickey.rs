//! Public keys: reading them from PEM, certificates' hexadecimal and key files, writing them for products.

use std::fmt::Write as _;
use std::path::Path;

use clap::ValueEnum;
use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePublicKey, EncodePublicKey, PublicKeyBytes};
use lic2::limits::KEY_LEN;
use lic2::{AnchorTable, KeyRing};
use zeroize::Zeroizing;

use crate::exit::{Failure, Result};
use crate::keyfile::PrivateKey;
use crate::passphrase::Source;
use crate::ui;

/// A public key.
pub type PublicKey = [u8; KEY_LEN];

/// What a public key is printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A C array of all keys, as lic2_keyring_init takes it
    C,
    /// A Rust constant, as KeyRing::new takes it
    Rust,
    /// SubjectPublicKeyInfo in PEM form, as OpenSSL reads it
    Pem,
    /// C tables of multiples, one for each key, as lic2_keyring_use_table takes them
    CTables,
    /// Rust constants of the same, as KeyRing::use_table takes them
    RustTables,
}

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
        failure.hint("give a public key file in PEM form (usually *.pub) or 64 hexadecimal digits")
    })?;
    parse(&text).map_err(|failure| failure.at(argument))
}

/// Reads a public key as [`read`] does, and also from a private key file.
///
/// # Errors
/// As [`read`] and [`PrivateKey::read`].
pub fn read_any(argument: &str, source: &Source) -> Result<PublicKey> {
    let path = Path::new(argument);
    if from_hex(argument).is_none() && argument != "-" && holds_private(path) {
        return PrivateKey::read(path, source).map(|key| key.public());
    }
    read(argument)
}

fn from_hex(text: &str) -> Option<PublicKey> {
    ui::unhex(text.trim())?.try_into().ok()
}

fn holds_private(path: &Path) -> bool {
    ui::read_text(path).map(Zeroizing::new).is_ok_and(|text| is_private(&text))
}

fn is_private(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

fn parse(text: &str) -> Result<PublicKey> {
    if is_private(text) {
        return Err(Failure::key("this is a private key, and a public key is needed")
            .hint("give the *.pub file that keygen wrote beside it, or make one: lic2-signer pubkey KEY > KEY.pub"));
    }
    if let Some(key) = from_hex(text) {
        return check(key);
    }
    let wrong = || {
        Failure::key("this is not an Ed25519 public key")
            .hint("give a public key in PEM form (BEGIN PUBLIC KEY) or 64 hexadecimal digits")
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

/// The keys in this format.
///
/// # Errors
/// Exit code 4 for the same key twice or more keys than a product takes.
pub fn write(keys: &[PublicKey], format: Format) -> Result<String> {
    KeyRing::new(keys).map_err(|error| Failure::key(error.text()).hint(error.advice()))?;
    match format {
        Format::C => Ok(c_array(keys)),
        Format::Rust => Ok(rust_constant(keys)),
        Format::Pem => keys.iter().map(pem).collect(),
        Format::CTables => tables(keys, "#include <stdint.h>\n", c_table),
        Format::RustTables => tables(keys, "", rust_table),
    }
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

fn ids(keys: &[PublicKey]) -> String {
    let ids: Vec<String> = keys.iter().map(id).collect();
    if keys.len() == 1 { format!("key id {}", ids.join("")) } else { format!("key ids {}", ids.join(", ")) }
}

fn c_array(keys: &[PublicKey]) -> String {
    let what = if keys.len() == 1 { "anchor" } else { "anchors" };
    let mut text = format!("/* lic2 {what}, {} */\n#include <stdint.h>\n\n", ids(keys));
    let _ = writeln!(text, "static const uint8_t lic2_anchors[{}] = {{", keys.len() * KEY_LEN);
    for row in keys.concat().chunks(8) {
        let _ = writeln!(text, "    {},", bytes(row));
    }
    text.push_str("};\n");
    text
}

fn rust_constant(keys: &[PublicKey]) -> String {
    let mut text = format!("/// lic2 anchors, {}.\n", ids(keys));
    let _ = writeln!(text, "pub const ANCHORS: [[u8; {KEY_LEN}]; {}] = [", keys.len());
    for key in keys {
        text.push_str("    [\n");
        for row in key.chunks(8) {
            let _ = writeln!(text, "        {},", bytes(row));
        }
        text.push_str("    ],\n");
    }
    text.push_str("];\n");
    text
}

/// The tables of all keys, each as `print` prints its words.
fn tables(keys: &[PublicKey], head: &str, print: fn(&PublicKey, &[String]) -> String) -> Result<String> {
    let mut text = String::from(head);
    for key in keys {
        let table = AnchorTable::make(key).ok_or_else(|| Failure::key("no table can be made of this key"))?;
        let rows: Vec<String> = table.to_words().chunks(8).map(words).collect();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&print(key, &rows));
    }
    Ok(text)
}

fn c_table(key: &PublicKey, rows: &[String]) -> String {
    let id = id(key);
    let mut text = format!("/* lic2 anchor table, key id {id} */\n");
    let _ = writeln!(text, "static const uint32_t lic2_anchor_table_{id}[{}] = {{", AnchorTable::WORDS);
    for row in rows {
        let _ = writeln!(text, "    {row},");
    }
    text.push_str("};\n");
    text
}

fn rust_table(key: &PublicKey, rows: &[String]) -> String {
    let id = id(key);
    let mut text = format!("/// lic2 anchor table, key id {id}.\n");
    let _ = writeln!(
        text,
        "pub static ANCHOR_TABLE_{}: lic2::AnchorTable = lic2::AnchorTable::from_words(&[",
        id.to_uppercase()
    );
    for row in rows {
        let _ = writeln!(text, "    {row},");
    }
    text.push_str("]);\n");
    text
}

fn words(row: &[u32]) -> String {
    row.iter().map(|word| format!("0x{word:08x}")).collect::<Vec<_>>().join(", ")
}

fn bytes(row: &[u8]) -> String {
    row.iter().map(|byte| format!("0x{byte:02x}")).collect::<Vec<_>>().join(", ")
}
