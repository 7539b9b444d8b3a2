//! `ledger list`: the entries, one a line.

use clap::Args;
use lic2::UnixSeconds;
use serde_json::Value;

use super::LedgerFile;
use super::selection::Selection;
use crate::describe::{entry_json, entry_line, entry_title};
use crate::exit::{HELP, Result};
use crate::ledger::{Entry, Filter};
use crate::ui;

/// Lists the last entries of a ledger, or all of them
///
/// JSON: an array of entries with the fields of ledger show.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger list --ledger sales.ledger --since 30d --only issue,renew"))]
pub(super) struct List {
    #[command(flatten)]
    source: LedgerFile,
    #[command(flatten)]
    selection: Selection,
    /// How many of the last entries
    #[arg(long, value_name = "N", default_value_t = 50, conflicts_with = "all")]
    last: u64,
    /// All entries
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let filter = self.selection.filter(now)?;
        let filter = Filter { last: Some(self.last).filter(|_| !self.all), ..filter };
        print(&self.source.read()?.view().entries(&filter)?, self.json)
    }
}

/// Prints entries as lines or as JSON.
pub(super) fn print(entries: &[Entry], json: bool) -> Result<()> {
    if json {
        return ui::artifact(&ui::json(&Value::Array(entries.iter().map(entry_json).collect()))?);
    }
    if entries.is_empty() {
        ui::note("no entry matches");
        return Ok(());
    }
    let mut text = entry_title();
    for entry in entries {
        text.push_str(&entry_line(entry));
    }
    ui::artifact(&text)
}
