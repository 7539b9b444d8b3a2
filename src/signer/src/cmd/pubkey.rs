//! `pubkey`: public keys in the form a product compiles in.

use clap::Args;

use crate::exit::{HELP, Result};
use crate::keyfile;
use crate::passphrase::Source;
use crate::publickey::{self, Format};
use crate::ui;

/// Prints public keys as source code or PEM, for compiling into a product
///
/// A key is a PEM file (public, or private with its passphrase), 64 hexadecimal digits, or `-` for stdin. Several keys
/// become one array: a product trusts them all. Use two, and keep the second one's private half in another safe, so
/// that losing a key does not mean losing the product.
///
/// Tables are for small devices whose library is built with them. They halve the time of a check, and take 2.3 kB of
/// flash for each key: lic2-signer pubkey --format c-tables anchor.pub > anchor_table.h
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer pubkey --format c anchor.pub"))]
pub(super) struct Pubkey {
    /// The keys, at most four
    #[arg(value_name = "KEY", required = true)]
    keys: Vec<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Pem)]
    format: Format,
    #[command(flatten)]
    passphrase: Source,
}

impl Pubkey {
    pub(super) fn run(self) -> Result<()> {
        let keys = self
            .keys
            .iter()
            .map(|argument| keyfile::read_public(argument, &self.passphrase))
            .collect::<Result<Vec<_>>>()?;
        ui::artifact(&publickey::write(&keys, self.format)?)
    }
}
