//! `ledger head`: the last entry, to be kept elsewhere.

use clap::Args;
use serde_json::json;

use super::LedgerFile;
use crate::exit::{HELP, Result};
use crate::ui;

/// Prints number and hash of the last entry
///
/// Keep it where nobody who can write the ledger can write: on paper, in a mail, with an auditor. ledger verify --head
/// then detects whether the end of the ledger was cut off; nothing can detect that without a saved head. JSON fields:
/// seq, hash.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger head --ledger sales.ledger"))]
pub(super) struct Head {
    #[command(flatten)]
    source: LedgerFile,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Head {
    pub(super) fn run(self) -> Result<()> {
        let head = self.source.read()?.view().head()?;
        if self.json {
            return ui::artifact(&ui::json(&json!({ "seq": head.seq, "hash": ui::hex(&head.hash) }))?);
        }
        ui::artifact(&format!("{head}\n"))
    }
}
