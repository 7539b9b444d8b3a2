//! `usage show` and `usage import`: how much a device has used.

use clap::{Args, Subcommand};
use lic2::claim::Claim;
use lic2::{DeviceDocument, DocumentBuffer, Kind, UnixSeconds};
use serde_json::json;

use super::arrival::Arrival;
use super::recording::Book;
use crate::acceptance::{Acceptance, warn_unsigned};
use crate::describe::{Table, device_json};
use crate::exit::{Failure, HELP, Result};
use crate::ledger::Event;
use crate::usage::{self, Counted};
use crate::{incoming, publickey, ui};

/// Reads the usage reports of devices
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(super) struct Usage {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Show(Show),
    Import(Import),
}

/// Explains a usage report; needs no secret
///
/// JSON fields: product, number, made_at (null if the device did not know the time), nonce, components (kind, hash),
/// entries (license, serial, feature, used, reported: the total at the last report that the device knows to be
/// accepted), device_key, proof (signed or unsigned).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer usage show report.txt"))]
struct Show {
    /// The report itself, a file that holds it, or - for stdin
    #[arg(value_name = "REPORT", default_value = "-")]
    report: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Verifies a usage report and prints what was used since the one that was accepted before
///
/// With --previous the difference counts from your own record, the report that you accepted last: the same report again
/// gives no difference, and an earlier one is refused. Without it the difference is what the device says. Then tell the
/// device the number of the report, so that it counts from it. Exit code 3 means not accepted.
///
/// With --ledger the report is recorded if it is accepted, and the one before is the last one in the ledger that the same
/// device key has signed; for unsigned reports, which anyone could have written, state --previous.
///
/// JSON fields: those of usage show; in entries also before and difference (negative if uses were given back); accepted,
/// repeated (this report was the previous one), compared, problems.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer usage import report.txt --json"))]
struct Import {
    /// The report itself, a file that holds it, or - for stdin
    #[arg(value_name = "REPORT", default_value = "-")]
    report: String,
    /// The last report of this device that you accepted: the text itself, a file that holds it, or - for stdin
    #[arg(long, value_name = "REPORT")]
    previous: Option<String>,
    /// The key of the device: PEM file or 64 hexadecimal digits; refuses a report that it has not signed
    #[arg(long, value_name = "KEY")]
    device_key: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    book: Book,
}

impl Usage {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        match self.verb {
            Verb::Show(show) => show.run(),
            Verb::Import(import) => import.run(now),
        }
    }
}

impl Show {
    fn run(self) -> Result<()> {
        let text = ui::read_document(&self.report)?;
        let mut memory = DocumentBuffer::new();
        let (claim, document) = incoming::read(&text, Kind::UsageReport, &mut memory)?;
        ui::artifact(&if self.json {
            ui::json(&device_json(document.content(), document.proof()))?
        } else {
            incoming::words(&claim, &text, Table::default())
        })
    }
}

impl Import {
    fn run(self, now: UnixSeconds) -> Result<()> {
        if self.previous.as_deref() == Some("-") && self.report == "-" {
            return Err(Failure::usage("the report and --previous cannot both come from stdin")
                .hint("keep one of them in a file"));
        }
        let text = ui::read_document(&self.report)?;
        let mut memory = DocumentBuffer::new();
        let (_, document) = incoming::read(&text, Kind::UsageReport, &mut memory)?;
        let proof = document.proof();
        let mut ledger = self.book.open()?;
        let arrival = ledger.as_mut().map(|ledger| Arrival::new(ledger, Event::Usage, &text)).transpose()?;
        let previous = match (&self.previous, &arrival) {
            (Some(previous), _) => Some(ui::read_document(previous)?),
            // Whatever followed it: there is nothing new in a report that was accepted before.
            (None, Some(arrival)) if arrival.is_known() => Some(text.clone()),
            (None, Some(arrival)) => arrival.last_of(proof)?.map(String::into_bytes),
            (None, None) => None,
        };
        let mut memory = DocumentBuffer::new();
        let previous = match &previous {
            Some(text) => Some(incoming::read(text, Kind::UsageReport, &mut memory).map_err(|f| f.at("--previous"))?),
            None => None,
        };
        let import = Imported::new(&document, previous.as_ref(), self.device_key.as_deref())?;
        let accepted = match arrival.filter(|_| import.acceptance.is_accepted()) {
            Some(arrival) => Some(arrival.accept(&self.book, proof, &import.acceptance, now)?),
            None => None,
        };
        ui::artifact(&if self.json { import.json()? } else { import.words() })?;
        import.acceptance.result(
            "ask the device for a new report; after a new start without its old state, leave --previous out once",
        )?;
        warn_unsigned(proof);
        if let (Some(accepted), Some(ledger)) = (&accepted, &ledger) {
            accepted.note(ledger);
        }
        if previous.is_none() {
            ui::note("the differences are what the device says; --previous counts from the report you accepted last");
        }
        ui::note(&format!("next: tell the device that report {} is accepted", usage::report_of(&document)?.number));
        Ok(())
    }
}

/// A report, held against the one before.
struct Imported<'d, 'b> {
    document: &'d DeviceDocument<'b>,
    number: u32,
    repeated: bool,
    counted: Vec<Counted<'b>>,
    acceptance: Acceptance,
}

impl<'d, 'b> Imported<'d, 'b> {
    fn new(
        document: &'d DeviceDocument<'b>,
        previous: Option<&(Claim<'_>, DeviceDocument<'_>)>,
        key: Option<&str>,
    ) -> Result<Self> {
        let report = usage::report_of(document)?;
        let mut acceptance = Acceptance::default();
        let repeated = previous.is_some_and(|(_, previous)| usage::is_same(document, previous));
        let counted = match previous {
            None => usage::count(report),
            Some(_) if repeated => usage::count_again(report),
            Some((_, previous)) => {
                usage::compare(report, document.proof(), previous, &mut acceptance)?;
                usage::count_from(report, usage::report_of(previous)?)
            }
        };
        if let Some(key) = key {
            let key = publickey::read(key).map_err(|failure| failure.at("--device-key"))?;
            acceptance.check_key(document.proof(), &key);
        }
        Ok(Self { document, number: report.number, repeated, counted, acceptance })
    }

    fn words(&self) -> String {
        let mut table = Table::default();
        self.acceptance.words(&mut table);
        for counted in &self.counted {
            counted.words(&mut table);
        }
        let again = if self.repeated { ", which was accepted before" } else { "" };
        format!("Usage report {}{again}:\n{}", self.number, table.text())
    }

    fn json(&self) -> Result<String> {
        let mut json = device_json(self.document.content(), self.document.proof());
        json["entries"] = json!(self.counted.iter().map(Counted::json).collect::<Vec<_>>());
        json["repeated"] = json!(self.repeated);
        self.acceptance.fields(&mut json);
        ui::json(&json)
    }
}
