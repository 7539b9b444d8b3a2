//! `keygen`: a new key pair in two files.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::exit::{Failure, HELP, Result};
use crate::keyfile::PrivateKey;
use crate::passphrase::Source;
use crate::private_file::{self, quoted};
use crate::token_uri::TokenUri;
use crate::{publickey, ui};

/// Creates a key pair
///
/// The private key is encrypted and readable only by its owner; the public key is written next to it. The private key
/// is PKCS#8 PEM (PBKDF2-HMAC-SHA256, 600000 rounds, AES-256-CBC), which openssl pkey also opens. Existing files are
/// never overwritten. The passphrase comes from --passphrase-fd, --passphrase-file, the variable LIC2_PASSPHRASE or
/// the terminal, in that order.
///
/// With a pkcs11: URI instead of a file, a token creates and keeps the key: lic2-signer keygen
/// 'pkcs11:token=lic;object=issuer?module-path=/usr/lib/softhsm/libsofthsm2.so' --public issuer.pub.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer keygen issuer.key --passphrase-file passphrase.txt"))]
pub(super) struct Keygen {
    /// File for the private key; the public key is written next to it as *.pub. `-` writes the private key to stdout;
    /// a pkcs11: URI names the key to create on a token
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// File for the public key
    #[arg(long, value_name = "FILE")]
    public: Option<PathBuf>,
    /// Leave the private key unencrypted
    #[arg(long, conflicts_with_all = ["passphrase_fd", "passphrase_file"])]
    no_passphrase: bool,
    #[command(flatten)]
    passphrase: Source,
}

impl Keygen {
    pub(super) fn run(self) -> Result<()> {
        if let Some(uri) = self.file.to_str().filter(|text| TokenUri::is_one(text)) {
            return self.on_token(&TokenUri::read(uri)?);
        }
        let to_stdout = self.file == Path::new("-");
        if to_stdout && ui::stdout_is_terminal() {
            return Err(Failure::usage("a private key is not written to a terminal")
                .hint("name a file, or redirect stdout into one"));
        }
        let public = match self.public {
            Some(path) => Some(path),
            None if to_stdout => None,
            None => Some(self.file.with_extension("pub")),
        };
        let files = [(!to_stdout).then_some(self.file.as_path()), public.as_deref()];
        for path in files.into_iter().flatten() {
            // Asked for before the passphrase; what decides is the exclusive creation below.
            if path.symlink_metadata().is_ok() {
                return Err(private_file::exists(path));
            }
        }
        if public.as_deref() == Some(self.file.as_path()) {
            return Err(Failure::usage("both keys would go to the same file").hint("name the private key *.key"));
        }
        let passphrase = if self.no_passphrase { None } else { Some(self.passphrase.choose(&self.file)?) };
        if self.no_passphrase {
            ui::warn(
                "the private key is not protected by a passphrase: anyone who can read the file can issue \
                      codes",
            );
        }
        let key = PrivateKey::generate()?;
        let pem = key.to_pem(passphrase.as_ref())?;
        if to_stdout {
            ui::artifact(&pem)?;
        } else {
            private_file::create(&self.file, &pem, true)?;
        }
        if let Some(path) = &public {
            private_file::create(path, &publickey::pem(&key.public())?, false).map_err(|failure| {
                failure.at(format!("{} was written, but not the public key", self.file.display()))
            })?;
        }
        report(&key, &self.file, public.as_deref());
        Ok(())
    }

    fn on_token(&self, uri: &TokenUri) -> Result<()> {
        if self.no_passphrase {
            return Err(Failure::usage("a key on a token is protected by the token's PIN").hint("omit --no-passphrase"));
        }
        let public = self.public.as_deref().ok_or_else(|| {
            Failure::usage("no file is named for the public key").hint("name one: --public issuer.pub")
        })?;
        if public.symlink_metadata().is_ok() {
            return Err(private_file::exists(public));
        }
        let key = PrivateKey::generate_on_token(uri, &self.passphrase)?;
        private_file::create(public, &publickey::pem(&key.public())?, false).map_err(|failure| {
            failure.at("the token has created the key, but the public key was not written (pubkey prints it)")
        })?;
        report(&key, Path::new("-"), Some(public));
        Ok(())
    }
}

fn report(key: &PrivateKey, private: &Path, public: Option<&Path>) {
    ui::note(&format!("key id       {}", publickey::id(&key.public())));
    ui::note(&format!("public key   {}", ui::hex(&key.public())));
    if private != Path::new("-") {
        ui::note(&format!("private file {} (keep it secret, and keep a copy in a safe place)", private.display()));
        ui::note(&format!("check your backup: lic2-signer key show {}", quoted(private)));
    }
    let Some(public) = public else { return };
    ui::note(&format!("public file  {}", public.display()));
    ui::note("next, to compile the key into the product as its anchor:");
    ui::note(&format!("  lic2-signer pubkey --format c {} > anchor.h", quoted(public)));
    ui::note("or, to have an anchor certify it as an issuing key:");
    ui::note(&format!(
        "  lic2-signer certify --anchor anchor.key --key {} --scope PRODUCT --valid-until 2y > issuer.cert",
        quoted(public)
    ));
}
