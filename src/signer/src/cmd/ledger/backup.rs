//! `ledger backup`: a copy while others write.

use std::path::PathBuf;

use clap::Args;

use super::LedgerFile;
use crate::exit::{HELP, Result};
use crate::ui;

/// Copies a ledger, even during writes, and prints the head of the copy
///
/// The copy contains every entry up to one moment, is readable only by its owner, and is written through to the disk
/// before it gets its name. An existing file is not changed. Copying the file itself may miss entries that are still
/// in the -wal file.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger backup copy.ledger --ledger sales.ledger"))]
pub(super) struct Backup {
    /// The file to create
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    source: LedgerFile,
}

impl Backup {
    pub(super) fn run(self) -> Result<()> {
        let head = self.source.read()?.backup(&self.file)?;
        ui::note(&format!("backup {}, {} entries", self.file.display(), head.seq));
        ui::artifact(&format!("{head}\n"))
    }
}
