//! `key`: examines a private key, and changes the passphrase of its file.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use crate::describe::Table;
use crate::exit::{Failure, HELP, Result};
use crate::keyfile::{self, PrivateKey, Protection};
use crate::passphrase::{NewSource, Source};
use crate::token_uri::TokenUri;
use crate::{private_file, publickey, ui};

/// Examines a private key, or changes its passphrase
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(super) struct Key {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Show(Show),
    Passphrase(Passphrase),
}

/// Opens a private key and prints its public half
///
/// This proves that file and passphrase belong together. Check your backups with it: a backup that was never opened is
/// not a backup. A key on a token (a pkcs11: URI) must sign once.
#[derive(Args, Debug)]
#[command(visible_alias = "check", after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer key show issuer.key --passphrase-file passphrase.txt"
))]
struct Show {
    /// Private key: a file, or a pkcs11: URI
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    passphrase: Source,
}

/// Writes a private key to a new file with another passphrase
///
/// The old file is not changed: remove it, and its backups, once the new one is backed up. The old passphrase comes
/// from --passphrase-fd, --passphrase-file, the variable LIC2_PASSPHRASE or the terminal; the new one from the --new-…
/// options, the variable LIC2_NEW_PASSPHRASE or the terminal.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer key passphrase issuer.key --out issuer-2027.key --passphrase-file passphrase.txt \
     --new-passphrase-file new-passphrase.txt"
))]
struct Passphrase {
    /// Private key file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// File to write, which must not exist
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Leave the new file unencrypted
    #[arg(long, conflicts_with_all = ["new_passphrase_fd", "new_passphrase_file"])]
    no_passphrase: bool,
    #[command(flatten)]
    passphrase: Source,
    #[command(flatten)]
    new: NewSource,
}

impl Key {
    pub(super) fn run(self) -> Result<()> {
        match self.verb {
            Verb::Show(verb) => verb.run(),
            Verb::Passphrase(verb) => verb.run(),
        }
    }
}

impl Show {
    fn run(self) -> Result<()> {
        // The answer says whether the file is encrypted.
        let (key, protection) = PrivateKey::read_protected(&self.file, &self.passphrase, || {})?;
        let public = key.public();
        let (id, hex) = (publickey::id(&public), ui::hex(&public));
        if self.json {
            let (kept, rounds) = match protection {
                Protection::None => ("plain", None),
                Protection::Pbkdf2 { rounds } => ("pbkdf2-hmac-sha256", Some(rounds)),
                Protection::Scrypt => ("scrypt", None),
                Protection::Token => ("token", None),
            };
            let answer = json!({"key_id": id, "public_key": hex, "protection": kept, "rounds": rounds});
            return ui::artifact(&ui::json(&answer)?);
        }
        let mut table = Table::default();
        table.row("key id", id);
        table.row("public key", hex);
        table.row("protection", words(&protection));
        ui::artifact(table.text())?;
        if protection == Protection::None {
            ui::hint("encrypt it: lic2-signer key passphrase OLD --out NEW; then remove the old file");
        }
        Ok(())
    }
}

fn words(protection: &Protection) -> String {
    match protection {
        Protection::None => "NONE: anyone who can read the file can sign".into(),
        Protection::Pbkdf2 { rounds } if *rounds < keyfile::ROUNDS => {
            format!("passphrase, {rounds} rounds of PBKDF2 (weak: keygen uses {})", keyfile::ROUNDS)
        }
        Protection::Pbkdf2 { rounds } => format!("passphrase, {rounds} rounds of PBKDF2"),
        Protection::Scrypt => "passphrase, scrypt".into(),
        Protection::Token => "on the token, which has just signed with it".into(),
    }
}

impl Passphrase {
    fn run(self) -> Result<()> {
        if self.file.to_str().is_some_and(TokenUri::is_one) {
            return Err(Failure::usage("a key on a token has a PIN, not a passphrase")
                .hint("change it with the token's own program, for example pkcs11-tool --login --change-pin"));
        }
        // Asked for before the passphrases; what decides is the exclusive creation below.
        if self.out.symlink_metadata().is_ok() {
            return Err(private_file::exists(&self.out));
        }
        let (key, _) = PrivateKey::read_protected(&self.file, &self.passphrase, || {})?;
        let new = if self.no_passphrase { None } else { Some(self.new.choose(&self.out)?) };
        if self.no_passphrase {
            ui::warn("the new file is not protected by a passphrase: anyone who can read it can issue codes");
        }
        private_file::create(&self.out, &key.to_pem(new.as_ref())?, true)?;
        report(&key, &self.file, &self.out);
        Ok(())
    }
}

fn report(key: &PrivateKey, old: &Path, new: &Path) {
    ui::note(&format!("key id       {}", publickey::id(&key.public())));
    ui::note(&format!("private file {} (back it up)", new.display()));
    ui::note(&format!(
        "old file     {} (still opens with the old passphrase: remove it and its copies)",
        old.display()
    ));
}
