//! `ledger show`: one entry with everything.

use clap::Args;
use lic2::UnixSeconds;

use super::LedgerFile;
use crate::describe::{entry_json, entry_words};
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ui;

/// Shows one entry, or prints only its text
///
/// JSON fields: seq, at and recorded_at (RFC 3339), event, operator, license, serial, product, edition, class,
/// quantity, term, expires_at, customer, order, order_line, event_id, device, signer (public key), text, detail,
/// intent, idempotency, previous, hash, signature; null if an entry has none. For a license also state and
/// latest_serial.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger show 2 --ledger sales.ledger --text"))]
pub(super) struct Show {
    /// Number of the entry
    #[arg(value_name = "SEQ")]
    seq: u64,
    #[command(flatten)]
    source: LedgerFile,
    /// Print only the text, byte for byte as issued
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let ledger = self.source.read()?;
        let view = ledger.view();
        let entry = view.entry(self.seq)?.ok_or_else(|| {
            Failure::new(Exit::Ledger, format!("there is no entry {}", self.seq))
                .hint("lic2-signer ledger list shows the numbers")
        })?;
        if self.text {
            let text = entry.text.ok_or_else(|| {
                Failure::new(Exit::Ledger, format!("entry {} has no text: {}", self.seq, entry.event))
                    .hint("omit --text to see the entry")
            })?;
            return ui::artifact(&format!("{text}\n"));
        }
        let standing = match &entry.facts.license {
            Some(license) => view.standing(license, now)?,
            None => None,
        };
        if self.json {
            let mut json = entry_json(&entry);
            if let Some(standing) = standing {
                json["state"] = standing.state.name().into();
                json["latest_serial"] = standing.latest.facts.serial.into();
            }
            return ui::artifact(&ui::json(&json)?);
        }
        ui::artifact(&entry_words(&entry, standing.as_ref()))
    }
}
