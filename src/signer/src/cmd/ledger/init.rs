//! `ledger init`: a new ledger.

use std::path::PathBuf;

use clap::Args;
use lic2::UnixSeconds;

use crate::exit::{HELP, Result};
use crate::ledger::Ledger;
use crate::ui;

use super::super::recording::Operator;

/// Makes a new ledger, readable by its owner alone
///
/// An existing file is left as it is. Keep the ledger on a local disk: network file systems do not lock reliably.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger init sales.ledger"))]
pub(super) struct Init {
    /// The file to make
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    operator: Operator,
}

impl Init {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let ledger = Ledger::create(&self.file, &self.operator.name()?, now)?;
        ui::note(&format!("ledger {}, head {}", self.file.display(), ledger.view().head()?));
        ui::hint("name it to every verb that signs with --ledger, or in the variable LIC2_LEDGER; back it up daily");
        Ok(())
    }
}
