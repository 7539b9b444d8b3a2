//! Private key files: encrypted PKCS#8 v1 PEM, as `openssl pkey` reads it, created once and never overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey};
use lic2::limits::{KEY_LEN, SIGNATURE_LEN};
use pkcs8::der::{Decode, SecretDocument, pem::LineEnding};
use pkcs8::pkcs5::{EncryptionScheme, pbes2};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use crate::exit::{Failure, Result};
use crate::passphrase::{Passphrase, Source};
use crate::ui;

/// Rounds of PBKDF2-HMAC-SHA256 for a new file (OWASP Password Storage Cheat Sheet, 2023).
const ROUNDS: u32 = 600_000;

/// Most rounds that a file may ask for: about ten seconds. A file must not be able to stall its reader.
const ROUNDS_MAX: u32 = 10_000_000;

/// Most memory that a file using scrypt may ask for, in bytes: 1 GiB.
const SCRYPT_MEMORY_MAX: u64 = 1 << 30;

/// Largest key file, in bytes. One of ours has 302.
const FILE_MAX: u64 = 16_384;

const LABEL_ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
const LABEL_PLAIN: &str = "PRIVATE KEY";

/// A private signing key. Overwritten when dropped; has neither Debug nor Clone.
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct PrivateKey(SigningKey);

impl PrivateKey {
    /// A new random key.
    ///
    /// # Errors
    /// Exit code 2 if the operating system gives no random numbers.
    pub fn generate() -> Result<Self> {
        let mut seed = Zeroizing::new([0; KEY_LEN]);
        random(&mut *seed)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> [u8; KEY_LEN] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LEN] {
        self.0.sign(message).to_bytes()
    }

    /// The PEM text of a key file: PKCS#8 v1, without the public key, because OpenSSL 3.0 refuses v2.
    ///
    /// # Errors
    /// Exit code 2 if the operating system gives no random numbers.
    pub fn to_pem(&self, passphrase: Option<&Passphrase>) -> Result<Zeroizing<String>> {
        let broken = |_| Failure::internal("a new key could not be encoded");
        let seed = Zeroizing::new(self.0.to_bytes());
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

    /// Reads a key file, asking `source` for the passphrase if the file is encrypted.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be read; 4 if others can read it too, if it is not an Ed25519 key, and for a wrong
    /// passphrase.
    pub fn read(path: &Path, source: &Source) -> Result<Self> {
        let file = File::open(path).map_err(|cause| {
            Failure::io(path.display(), &cause).hint("lic2-signer keygen makes a key; copy it here from its safe place")
        })?;
        refuse_shared(&file, path)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(FILE_MAX).unwrap_or(0) + 64));
        file.take(FILE_MAX).read_to_end(&mut bytes).map_err(|cause| Failure::io(path.display(), &cause))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| not_a_key())?;
        Self::from_pem(text, || source.get(path), || warn_plain(path)).map_err(|failure| failure.at(path.display()))
    }

    fn from_pem(text: &str, passphrase: impl FnOnce() -> Result<Passphrase>, on_plain: impl FnOnce()) -> Result<Self> {
        // OpenSSL and others may write explanations around the key.
        let start = text.find("-----BEGIN").ok_or_else(not_a_key)?;
        let (label, document) =
            SecretDocument::from_pem(text.get(start..).unwrap_or("").trim_end()).map_err(|_| not_a_key())?;
        match label {
            LABEL_PLAIN => {
                on_plain();
                Self::from_pkcs8(document.as_bytes())
            }
            LABEL_ENCRYPTED => {
                let encrypted = EncryptedPrivateKeyInfoRef::from_der(document.as_bytes()).map_err(|_| unsupported())?;
                check_cost(&encrypted.encryption_algorithm)?;
                let plain = encrypted.decrypt(passphrase()?.bytes()).map_err(|_| wrong_passphrase())?;
                Self::from_pkcs8(plain.as_bytes())
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
        let key = Self(SigningKey::from_bytes(&pair.secret_key));
        if pair.public_key.is_some_and(|stated| stated.to_bytes() != key.public()) {
            return Err(Failure::key("the public key in the file does not belong to the private key in it")
                .hint("the file is damaged or was tampered with: restore it from a backup"));
        }
        Ok(key)
    }
}

/// Fills `bytes` from the operating system.
///
/// # Errors
/// Exit code 2 if it gives none.
pub fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|cause| {
        Failure::new(crate::exit::Exit::Io, format!("the operating system gives no random numbers: {cause}"))
    })
}

/// Creates a file that does not exist yet, for its owner alone if `secret`, and writes it through to the disk.
///
/// # Errors
/// Exit code 2; an existing file is left as it is.
pub fn create(path: &Path, content: &str, secret: bool) -> Result<()> {
    let mut options = OpenOptions::new();
    // O_CREAT with O_EXCL follows no symbolic link and overwrites nothing.
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if secret { 0o600 } else { 0o644 });
    }
    let mut file = options.open(path).map_err(|cause| {
        let taken = cause.kind() == std::io::ErrorKind::AlreadyExists;
        if taken { exists(path) } else { Failure::io(path.display(), &cause) }
    })?;
    file.write_all(content.as_bytes()).and_then(|()| file.sync_all()).map_err(|cause| {
        // Half a key file would stand in the way of the next attempt.
        let _ = fs::remove_file(path);
        Failure::io(path.display(), &cause)
    })
}

/// The error for a file that must not be overwritten.
#[must_use]
pub fn exists(path: &Path) -> Failure {
    Failure::new(crate::exit::Exit::Io, format!("{}: the file exists, and keys are never overwritten", path.display()))
        .hint("choose another name, or move the old file away yourself")
}

/// Refuses a file that its group or others may read or write, as ssh does.
///
/// # Errors
/// Exit code 4 with the command that repairs it.
pub fn refuse_shared(file: &File, path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let about = file.metadata().map_err(|cause| Failure::io(path.display(), &cause))?;
        let mode = about.permissions().mode() & 0o777;
        // Pipes and terminals have modes too, but only whoever opened them can read them.
        if about.is_file() && mode & 0o077 != 0 {
            return Err(Failure::key(format!("{}: other users may read this file (mode {mode:04o})", path.display()))
                .hint(format!("chmod 600 {}", quoted(path))));
        }
    }
    let _ = (file, path);
    Ok(())
}

/// The path as a shell takes it.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-+,:@%".contains(character);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn check_cost(scheme: &EncryptionScheme) -> Result<()> {
    let pbes2 = scheme.pbes2().ok_or_else(unsupported)?;
    let excessive = match (pbes2.kdf.pbkdf2(), pbes2.kdf.scrypt()) {
        (Some(kdf), _) => kdf.iteration_count > ROUNDS_MAX,
        (None, Some(kdf)) => {
            let blocks = kdf.cost_parameter.saturating_mul(u64::from(kdf.block_size));
            blocks.saturating_mul(128) > SCRYPT_MEMORY_MAX || kdf.parallelization > 16
        }
        (None, None) => return Err(unsupported()),
    };
    if excessive {
        return Err(Failure::key("the file asks for an excessive amount of work to be opened")
            .hint("a key file of this tool never does: do not trust this one"));
    }
    Ok(())
}

fn warn_plain(path: &Path) {
    ui::warn(&format!("{} is not protected by a passphrase", path.display()));
}

fn not_a_key() -> Failure {
    Failure::key("this is not an Ed25519 private key in PKCS#8 PEM form")
        .hint("lic2-signer keygen makes one; so does openssl genpkey -algorithm ed25519")
}

fn unsupported() -> Failure {
    Failure::key("the key is encrypted in a way that this tool does not read")
        .hint("convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in OLD -out NEW")
}

fn wrong_passphrase() -> Failure {
    Failure::key("wrong passphrase, or the file is damaged").hint("try again, or restore the file from a backup")
}
