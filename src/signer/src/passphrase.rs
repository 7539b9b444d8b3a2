//! Where the passphrase of a key file comes from. Never from the command line: other users can read it there.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::exit::{Failure, Result};
use crate::keyfile::refuse_shared;
use crate::ui;

/// The variable that may hold the passphrase.
pub const VARIABLE: &str = "LIC2_PASSPHRASE";

/// Longest passphrase, in bytes.
const LENGTH_MAX: usize = 1024;

/// Below this many bytes a passphrase earns a warning.
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
    /// Read the passphrase of the key from this open file descriptor (first line)
    #[arg(long, value_name = "N", conflicts_with = "passphrase_file")]
    pub passphrase_fd: Option<u32>,
    /// Read the passphrase of the key from this file (first line)
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

    /// The passphrase that shall protect the new key `path`; a terminal asks for it twice.
    ///
    /// # Errors
    /// As [`Source::get`], and exit code 4 for an empty one or two that differ.
    pub fn choose(&self, path: &Path) -> Result<Passphrase> {
        let passphrase = match self.given()? {
            Some(passphrase) => passphrase,
            None => {
                let first = ask(&format!("New passphrase for {}: ", path.display()))?;
                let second = ask("The same again: ")?;
                if first.bytes() != second.bytes() {
                    return Err(Failure::key("the two passphrases differ").hint("try again"));
                }
                first
            }
        };
        if passphrase.bytes().is_empty() {
            return Err(Failure::key("the passphrase is empty")
                .hint("choose one, or say --no-passphrase to leave the key file unprotected"));
        }
        if passphrase.bytes().len() < LENGTH_GOOD {
            ui::warn("a passphrase of fewer than 12 characters does not protect a stolen key file for long");
        }
        Ok(passphrase)
    }

    fn given(&self) -> Result<Option<Passphrase>> {
        if let Some(number) = self.passphrase_fd {
            let path = PathBuf::from(format!("/dev/fd/{number}"));
            return read(&path, &format!("file descriptor {number}"), false).map(Some);
        }
        if let Some(path) = &self.passphrase_file {
            return read(path, &path.display().to_string(), true).map(Some);
        }
        if let Some(value) = std::env::var_os(VARIABLE) {
            ui::warn("the passphrase comes from LIC2_PASSPHRASE, which other processes of this user can read");
            return first_line(Zeroizing::new(value.into_encoded_bytes())).map(Some);
        }
        Ok(None)
    }
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
        return Err(Failure::key("the passphrase is longer than 1024 bytes").hint("its source is the first line alone"));
    }
    bytes.truncate(end);
    Ok(Passphrase(bytes))
}

fn ask(prompt: &str) -> Result<Passphrase> {
    if !std::io::stdin().is_terminal() && !std::io::stderr().is_terminal() {
        return Err(Failure::key("a passphrase is needed and there is no terminal to ask at").hint(HINT));
    }
    let answer = rpassword::prompt_password(prompt).map_err(|cause| Failure::io("terminal", &cause).hint(HINT))?;
    first_line(Zeroizing::new(answer.into_bytes()))
}
