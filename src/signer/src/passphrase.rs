//! The sources of a key file's passphrase. Never the command line: other users can read it.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::exit::{Failure, Result};
use crate::private_file::refuse_shared;
use crate::ui;

/// The variable that may hold the passphrase.
pub const VARIABLE: &str = "LIC2_PASSPHRASE";

/// The variable that may hold the PIN of a token.
pub const PIN_VARIABLE: &str = "LIC2_PIN";

/// The variable that may hold the new passphrase.
pub const NEW_VARIABLE: &str = "LIC2_NEW_PASSPHRASE";

/// Longest passphrase, in bytes.
const LENGTH_MAX: usize = 1024;

/// Below this many bytes a passphrase gets a warning.
const LENGTH_GOOD: usize = 12;

const HINT: &str = "use --passphrase-file FILE, --passphrase-fd N, the variable LIC2_PASSPHRASE, or a terminal";

/// The passphrase. Overwritten when dropped; has neither Debug nor Clone.
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl Passphrase {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The options that name a source.
#[derive(Args, Clone, Debug, Default)]
pub struct Source {
    /// Read the passphrase of the key, or the PIN of its token, from this open file descriptor (first line)
    #[arg(long, value_name = "N", conflicts_with = "passphrase_file")]
    pub passphrase_fd: Option<u32>,
    /// Read the passphrase of the key, or the PIN of its token, from this file (first line)
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

impl Source {
    /// The passphrase that opens `path`.
    ///
    /// # Errors
    /// Exit code 2 for a source that cannot be read, 4 when there is none.
    pub fn get(&self, path: &Path) -> Result<Passphrase> {
        match self.given()? {
            Some(passphrase) => Ok(passphrase),
            None => ask(&format!("Passphrase for {}: ", path.display())),
        }
    }

    /// Whether the command line or the environment states a PIN.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.passphrase_fd.is_some() || self.passphrase_file.is_some() || std::env::var_os(PIN_VARIABLE).is_some()
    }

    /// The PIN of a token.
    ///
    /// # Errors
    /// As [`Source::get`].
    pub fn get_pin(&self, token: &str) -> Result<Passphrase> {
        match given(self.passphrase_fd, self.passphrase_file.as_deref(), PIN_VARIABLE)? {
            Some(pin) => Ok(pin),
            None => ask(&format!("PIN of token {token}: ")),
        }
    }

    /// The passphrase that protects the new key `path`; a terminal asks for it twice.
    ///
    /// # Errors
    /// As [`Source::get`], and exit code 4 for an empty one or two that differ.
    pub fn choose(&self, path: &Path) -> Result<Passphrase> {
        choose(self.given()?, path)
    }

    fn given(&self) -> Result<Option<Passphrase>> {
        given(self.passphrase_fd, self.passphrase_file.as_deref(), VARIABLE)
    }
}

/// The options that name a source of the passphrase that a key gets instead of its old one.
#[derive(Args, Clone, Debug, Default)]
pub struct NewSource {
    /// Read the new passphrase from this open file descriptor (first line)
    #[arg(long, value_name = "N", conflicts_with = "new_passphrase_file")]
    pub new_passphrase_fd: Option<u32>,
    /// Read the new passphrase from this file (first line)
    #[arg(long, value_name = "FILE")]
    pub new_passphrase_file: Option<PathBuf>,
}

impl NewSource {
    /// As [`Source::choose`].
    ///
    /// # Errors
    /// As [`Source::choose`].
    pub fn choose(&self, path: &Path) -> Result<Passphrase> {
        choose(given(self.new_passphrase_fd, self.new_passphrase_file.as_deref(), NEW_VARIABLE)?, path)
    }
}

/// `passphrase`, or the one that is typed twice.
fn choose(passphrase: Option<Passphrase>, path: &Path) -> Result<Passphrase> {
    let passphrase = match passphrase {
        Some(passphrase) => passphrase,
        None => {
            let first = ask(&format!("New passphrase for {}: ", path.display()))?;
            let second = ask("Repeat: ")?;
            if first.bytes() != second.bytes() {
                return Err(Failure::key("the two passphrases differ").hint("try again"));
            }
            first
        }
    };
    if passphrase.bytes().is_empty() {
        return Err(Failure::key("the passphrase is empty")
            .hint("choose one, or pass --no-passphrase to leave the key file unprotected"));
    }
    if passphrase.bytes().len() < LENGTH_GOOD {
        ui::warn("a passphrase of fewer than 12 characters does not protect a stolen key file for long");
    }
    Ok(passphrase)
}

fn given(descriptor: Option<u32>, file: Option<&Path>, variable: &str) -> Result<Option<Passphrase>> {
    if let Some(number) = descriptor {
        let path = PathBuf::from(format!("/dev/fd/{number}"));
        return read(&path, &format!("file descriptor {number}"), false).map(Some);
    }
    if let Some(path) = file {
        return read(path, &path.display().to_string(), true).map(Some);
    }
    if let Some(value) = std::env::var_os(variable) {
        let what = if variable == PIN_VARIABLE { "PIN" } else { "passphrase" };
        ui::warn(&format!("the {what} comes from {variable}, which other processes of this user can read"));
        return first_line(Zeroizing::new(value.into_encoded_bytes())).map(Some);
    }
    Ok(None)
}

/// The secret in a file that the owner alone may read.
///
/// # Errors
/// As [`Source::get`].
pub fn from_file(path: &Path) -> Result<Passphrase> {
    read(path, &path.display().to_string(), true)
}

fn read(path: &Path, name: &str, refuse_readable: bool) -> Result<Passphrase> {
    let file = File::open(path).map_err(|cause| Failure::io(name, &cause).hint(HINT))?;
    if refuse_readable {
        refuse_shared(&file, path)?;
    }
    // One allocation of the largest size: growing would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH_MAX + 64));
    file.take(u64::try_from(LENGTH_MAX + 2).unwrap_or(u64::MAX))
        .read_to_end(&mut bytes)
        .map_err(|cause| Failure::io(name, &cause).hint(HINT))?;
    first_line(bytes)
}

fn first_line(mut bytes: Zeroizing<Vec<u8>>) -> Result<Passphrase> {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    if end > LENGTH_MAX {
        return Err(Failure::key("the passphrase is longer than 1024 bytes").hint("only the first line is used"));
    }
    bytes.truncate(end);
    Ok(Passphrase(bytes))
}

fn ask(prompt: &str) -> Result<Passphrase> {
    if !std::io::stdin().is_terminal() && !std::io::stderr().is_terminal() {
        return Err(Failure::key("a passphrase is needed, and there is no terminal to ask on").hint(HINT));
    }
    let answer = rpassword::prompt_password(prompt).map_err(|cause| Failure::io("terminal", &cause).hint(HINT))?;
    first_line(Zeroizing::new(answer.into_bytes()))
}
