//! Private keys: in files, encrypted PKCS#8 v1 PEM as `openssl pkey` reads it, created once and never overwritten; or on
//! tokens.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;

use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey};
use lic2::limits::{KEY_LEN, SIGNATURE_LEN};
use pkcs8::der::{Decode, SecretDocument, pem::LineEnding};
use pkcs8::pkcs5::{EncryptionScheme, pbes2};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use crate::exit::{Failure, Result};
use crate::passphrase::{Passphrase, Source};
use crate::private_file::refuse_shared;
use crate::publickey::{self, PublicKey};
use crate::random::random;
use crate::token_uri::TokenUri;
use crate::ui;

/// Rounds of PBKDF2-HMAC-SHA256 for a new file (OWASP Password Storage Cheat Sheet, 2023).
pub const ROUNDS: u32 = 600_000;

/// Most rounds that a file may ask for: about ten seconds. A file must not be able to stall its reader.
const ROUNDS_MAX: u32 = 10_000_000;

/// Most memory that a file using scrypt may ask for, in bytes: 1 GiB.
const SCRYPT_MEMORY_MAX: u64 = 1 << 30;

/// Largest key file, in bytes. One of ours has 302.
const FILE_MAX: u64 = 16_384;

const LABEL_ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
const LABEL_PLAIN: &str = "PRIVATE KEY";

/// A private signing key, here or on a token. Overwritten when dropped; has neither Debug nor Clone.
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct PrivateKey {
    holder: Holder,
    /// Why the last signature is none.
    failure: Mutex<Option<Failure>>,
}

enum Holder {
    Memory(Box<SigningKey>),
    #[cfg(feature = "pkcs11")]
    Token(Box<crate::token::TokenKey>),
}

/// How a private key is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// In a file that is not encrypted.
    None,
    /// In a file, encrypted with a key that so many rounds of PBKDF2 derive from a passphrase.
    Pbkdf2 {
        /// The rounds.
        rounds: u32,
    },
    /// In a file, encrypted with a key that scrypt derives from a passphrase.
    Scrypt,
    /// On a token, which does not export it.
    Token,
}

impl PrivateKey {
    /// A new random key.
    ///
    /// # Errors
    /// Exit code 2 if the operating system gives no random numbers.
    pub fn generate() -> Result<Self> {
        let mut seed = Zeroizing::new([0; KEY_LEN]);
        random(&mut *seed)?;
        Ok(Self::held(Holder::Memory(Box::new(SigningKey::from_bytes(&seed)))))
    }

    /// A new key that a token makes and keeps.
    ///
    /// # Errors
    /// Exit code 4 in a build without tokens, and when the token makes none.
    pub fn generate_on_token(uri: &TokenUri, source: &Source) -> Result<Self> {
        #[cfg(feature = "pkcs11")]
        return crate::token::TokenKey::generate(uri, source).map(|key| Self::held(Holder::Token(Box::new(key))));
        #[cfg(not(feature = "pkcs11"))]
        return Err(no_tokens(uri, source));
    }

    const fn held(holder: Holder) -> Self {
        Self { holder, failure: Mutex::new(None) }
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        match &self.holder {
            Holder::Memory(key) => key.verifying_key().to_bytes(),
            #[cfg(feature = "pkcs11")]
            Holder::Token(key) => key.public(),
        }
    }

    /// Signs a message. A token may fail at it: then the answer is a signature that no key has made, which sealing
    /// refuses, and [`PrivateKey::take_failure`] has the reason.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LEN] {
        match &self.holder {
            Holder::Memory(key) => key.sign(message).to_bytes(),
            #[cfg(feature = "pkcs11")]
            Holder::Token(key) => key.sign(message).unwrap_or_else(|failure| {
                *self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(failure);
                [0; SIGNATURE_LEN]
            }),
        }
    }

    /// Why [`PrivateKey::sign`] gave no signature the last time, if it did not.
    #[must_use]
    pub fn take_failure(&self) -> Option<Failure> {
        self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }

    fn seed(&self) -> Result<Zeroizing<[u8; KEY_LEN]>> {
        match &self.holder {
            Holder::Memory(key) => Ok(Zeroizing::new(key.to_bytes())),
            #[cfg(feature = "pkcs11")]
            Holder::Token(_) => Err(Failure::key("the key is on a token, which does not export it")
                .hint("use another certified key on another token as its backup")),
        }
    }

    /// The PEM text of a key file: PKCS#8 v1, without the public key, because OpenSSL 3.0 refuses v2.
    ///
    /// # Errors
    /// Exit code 2 if the operating system gives no random numbers, 4 for a key on a token.
    pub fn to_pem(&self, passphrase: Option<&Passphrase>) -> Result<Zeroizing<String>> {
        let broken = |_| Failure::internal("a new key could not be encoded");
        let seed = self.seed()?;
        let plain = KeypairBytes { secret_key: *seed, public_key: None }.to_pkcs8_der().map_err(broken)?;
        let Some(passphrase) = passphrase else {
            return plain.to_pem(LABEL_PLAIN, LineEnding::LF).map_err(|_| Failure::internal("PEM"));
        };
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        random(&mut salt)?;
        random(&mut iv)?;
        let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(ROUNDS, &salt, iv)
            .map_err(|_| Failure::internal("PBES2 parameters"))?;
        PrivateKeyInfoRef::try_from(plain.as_bytes())
            .map_err(|_| Failure::internal("a new key could not be decoded"))?
            .encrypt_with_params(parameters, passphrase.bytes())
            .map_err(broken)?
            .to_pem(LABEL_ENCRYPTED, LineEnding::LF)
            .map_err(|_| Failure::internal("PEM"))
    }

    /// Reads a key file, or finds the key on a token that a `pkcs11:` URI names. `source` gives passphrase or PIN.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be read; 4 if others can read it too, if it is not an Ed25519 key, and for a wrong
    /// passphrase.
    pub fn read(path: &Path, source: &Source) -> Result<Self> {
        Self::read_protected(path, source, || warn_plain(path)).map(|(key, _)| key)
    }

    /// The same, and how the key is kept. `on_plain` is called for a key that is not encrypted.
    ///
    /// # Errors
    /// As [`PrivateKey::read`].
    pub fn read_protected(path: &Path, source: &Source, on_plain: impl FnOnce()) -> Result<(Self, Protection)> {
        if let Some(uri) = path.to_str().filter(|text| TokenUri::is_one(text)) {
            return Self::on_token(&TokenUri::read(uri)?, source).map(|key| (key, Protection::Token));
        }
        let file = File::open(path).map_err(|cause| {
            Failure::io(path.display(), &cause).hint(
                "copy the key here from its safe place; lic2-signer keygen \
                                                      creates a new one",
            )
        })?;
        refuse_shared(&file, path)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(FILE_MAX).unwrap_or(0) + 64));
        file.take(FILE_MAX).read_to_end(&mut bytes).map_err(|cause| Failure::io(path.display(), &cause))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| not_a_key())?;
        Self::from_pem(text, || source.get(path), on_plain).map_err(|failure| failure.at(path.display()))
    }

    fn on_token(uri: &TokenUri, source: &Source) -> Result<Self> {
        #[cfg(feature = "pkcs11")]
        return crate::token::TokenKey::open(uri, source).map(|key| Self::held(Holder::Token(Box::new(key))));
        #[cfg(not(feature = "pkcs11"))]
        return Err(no_tokens(uri, source));
    }

    fn from_pem(
        text: &str,
        passphrase: impl FnOnce() -> Result<Passphrase>,
        on_plain: impl FnOnce(),
    ) -> Result<(Self, Protection)> {
        // OpenSSL and others may write explanations around the key.
        let start = text.find("-----BEGIN").ok_or_else(not_a_key)?;
        let (label, document) =
            SecretDocument::from_pem(text.get(start..).unwrap_or("").trim_end()).map_err(|_| not_a_key())?;
        match label {
            LABEL_PLAIN => {
                on_plain();
                Ok((Self::from_pkcs8(document.as_bytes())?, Protection::None))
            }
            LABEL_ENCRYPTED => {
                let encrypted = EncryptedPrivateKeyInfoRef::from_der(document.as_bytes()).map_err(|_| unsupported())?;
                let protection = check_cost(&encrypted.encryption_algorithm)?;
                let plain = encrypted.decrypt(passphrase()?.bytes()).map_err(|_| wrong_passphrase())?;
                Ok((Self::from_pkcs8(plain.as_bytes())?, protection))
            }
            "PUBLIC KEY" => Err(Failure::key("this is a public key, and the private key is needed")
                .hint("name the file that keygen wrote as private key, usually *.key")),
            _ => Err(not_a_key()),
        }
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let pair = PrivateKeyInfoRef::try_from(der)
            .map_err(|_| not_a_key())
            .and_then(|info| KeypairBytes::try_from(info).map_err(|_| not_a_key()))?;
        let key = Self::held(Holder::Memory(Box::new(SigningKey::from_bytes(&pair.secret_key))));
        if pair.public_key.is_some_and(|stated| stated.to_bytes() != key.public()) {
            return Err(Failure::key("the public key in the file does not belong to its private key")
                .hint("the file is damaged or was tampered with: restore it from a backup"));
        }
        Ok(key)
    }
}

/// Reads a public key as [`publickey::read`] does, and also from a private key file or a token.
///
/// # Errors
/// As [`publickey::read`] and [`PrivateKey::read`].
pub fn read_public(argument: &str, source: &Source) -> Result<PublicKey> {
    let path = Path::new(argument);
    if TokenUri::is_one(argument) || publickey::is_private_file(argument) {
        return PrivateKey::read(path, source).map(|key| key.public());
    }
    publickey::read(argument)
}

/// How a file is encrypted, unless opening it would take excessively long.
fn check_cost(scheme: &EncryptionScheme) -> Result<Protection> {
    let pbes2 = scheme.pbes2().ok_or_else(unsupported)?;
    let (excessive, protection) = match (pbes2.kdf.pbkdf2(), pbes2.kdf.scrypt()) {
        (Some(kdf), _) => (kdf.iteration_count > ROUNDS_MAX, Protection::Pbkdf2 { rounds: kdf.iteration_count }),
        (None, Some(kdf)) => {
            let blocks = kdf.cost_parameter.saturating_mul(u64::from(kdf.block_size));
            (blocks.saturating_mul(128) > SCRYPT_MEMORY_MAX || kdf.parallelization > 16, Protection::Scrypt)
        }
        (None, None) => return Err(unsupported()),
    };
    if excessive {
        return Err(Failure::key("opening the file would take an excessive amount of work")
            .hint("this tool never writes such a key file: do not trust this one"));
    }
    Ok(protection)
}

fn warn_plain(path: &Path) {
    ui::warn(&format!("{} is not protected by a passphrase", path.display()));
}

#[cfg(not(feature = "pkcs11"))]
fn no_tokens(_uri: &TokenUri, _source: &Source) -> Failure {
    Failure::key("this lic2-signer was built without keys on tokens")
        .hint("build it with them: cargo build --release -p lic2-signer --features pkcs11")
}

fn not_a_key() -> Failure {
    Failure::key("this is not an Ed25519 private key in PKCS#8 PEM form")
        .hint("create one with lic2-signer keygen, or with openssl genpkey -algorithm ed25519")
}

fn unsupported() -> Failure {
    Failure::key("the key is encrypted in a way that this tool does not read")
        .hint("convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in OLD -out NEW")
}

fn wrong_passphrase() -> Failure {
    Failure::key("wrong passphrase, or the file is damaged").hint("try again, or restore the file from a backup")
}
