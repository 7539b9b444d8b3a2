//! `ledger search`: what is known about an order, a customer, a device, a license or a text.

use clap::Args;
use lic2::UnixSeconds;

use super::LedgerFile;
use super::list;
use super::selection::Selection;
use crate::exit::{Failure, HELP, Result};
use crate::ledger::Filter;
use crate::ui;

/// Searches a ledger by order, customer, device, license or text
///
/// Every condition must match. --text finds the entry of a code or other document as somebody pasted it, with spaces
/// and line breaks; exit code 5 means that it is not in the ledger. JSON: an array of entries with the fields of
/// ledger show.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger search --ledger sales.ledger --device 2102312ABC0123456789"))]
pub(super) struct Search {
    #[command(flatten)]
    source: LedgerFile,
    /// The license id
    #[arg(long, value_name = "ID")]
    license: Option<String>,
    /// The order
    #[arg(long, value_name = "ID")]
    order: Option<String>,
    /// The line of the order
    #[arg(long, value_name = "LINE")]
    order_line: Option<String>,
    /// The event id of the marketplace
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    /// The customer
    #[arg(long, value_name = "NAME")]
    customer: Option<String>,
    /// Part of the device as recorded, ignoring case
    #[arg(long, value_name = "WORDS")]
    device: Option<String>,
    /// A code or other document: the text itself, a file that contains it, or - for stdin
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    #[command(flatten)]
    selection: Selection,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Search {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let stated =
            [&self.license, &self.order, &self.order_line, &self.event, &self.customer, &self.device, &self.text];
        if stated.iter().all(|condition| condition.is_none()) {
            return Err(Failure::usage("no search condition is given").hint(
                "state --license, --order, --event, --customer, --device or --text; lic2-signer ledger list prints all",
            ));
        }
        let ledger = self.source.read()?;
        let view = ledger.view();
        let mut filter = self.selection.filter(now)?;
        if let Some(text) = &self.text {
            let entry = view.pasted(&ui::read_document(text)?).map_err(|failure| failure.at("--text"))?;
            filter.text = entry.text;
        }
        let filter = Filter {
            license: self.license.clone(),
            order: self.order,
            order_line: self.order_line,
            event_id: self.event,
            customer: self.customer,
            device: self.device,
            ..filter
        };
        list::print(&view.entries(&filter)?, self.json)?;
        if let Some(license) = &self.license {
            if let Some(standing) = view.standing(license, now)? {
                let serial = standing.latest.facts.serial.unwrap_or(0);
                ui::note(&format!("license {license} is {}; its latest code is issue {serial}", standing.state.name()));
            }
        }
        Ok(())
    }
}
