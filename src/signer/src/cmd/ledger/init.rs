//! `ledger init`: a new ledger.

use std::path::PathBuf;

use clap::Args;
use lic2::UnixSeconds;

use crate::exit::{HELP, Result};
use crate::ledger::Ledger;
use crate::ui;

use super::super::recording::Operator;

/// Creates a new ledger, readable only by its owner
///
/// An existing file is not changed. Keep the ledger on a local disk: network file systems do not lock reliably.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger init sales.ledger"))]
pub(super) struct Init {
    /// The file to create
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    operator: Operator,
}

impl Init {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let ledger = Ledger::create(&self.file, &self.operator.name()?, now)?;
        ui::note(&format!("ledger {}, head {}", self.file.display(), ledger.view().head()?));
        ui::hint("pass it to every verb that signs with --ledger, or in the variable LIC2_LEDGER; back it up daily");
        Ok(())
    }
}
