//! `usage show` and `usage import`: how much a device has used.

use clap::{Args, Subcommand};
use lic2::{DocumentBuffer, Kind, UnixSeconds};
use serde_json::{Value, json};

use super::arrival::{Accepted, Arrival};
use super::recording::Book;
use crate::acceptance::{Acceptance, warn_unsigned};
use crate::describe::{Table, device_json};
use crate::exit::{Failure, HELP, Result};
use crate::joined::{Joined, Texts};
use crate::ledger::{Event, Ledger};
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
/// part (part, last; null for a complete report), entries (license, serial, feature, used, reported: the total at the
/// last report that the device knows was accepted), device_key, proof (signed or unsigned).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer usage show report.txt"))]
struct Show {
    /// The report itself, a file that contains it, or - for stdin
    #[arg(value_name = "REPORT", default_value = "-")]
    report: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Verifies a usage report and prints the use since the previous one
///
/// With --previous, the difference counts from your own record, the last report that you accepted: the same report
/// again gives no difference, and an earlier one is refused. Without it, the difference is the device's own statement.
/// Then confirm the report's number on the device, so that it counts from there. Exit code 3 means not accepted.
///
/// With --ledger, an accepted report is recorded, and the previous report is the last one in the ledger with a
/// signature of the same device key. For unsigned reports, which anyone could have written, pass --previous.
///
/// A report that does not fit into one text comes in parts. Pass all of them together, in any order: a report counts
/// when every part is there. The parts of two reports are two reports.
///
/// JSON fields: those of usage show; in entries also before and difference (negative if uses were returned); accepted,
/// repeated (this report was the previous one), compared, problems; of several reports an array. part is null: the
/// report is complete.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer usage import report.txt --json"))]
struct Import {
    /// The report itself, a file that contains it, or - for stdin; several for the parts of a report, or a file with
    /// all of them
    #[arg(value_name = "REPORT", default_value = "-")]
    report: Vec<String>,
    /// The last report of this device that you accepted: the text itself, a file that contains it, or - for stdin
    /// (repeat for parts)
    #[arg(long, value_name = "REPORT")]
    previous: Vec<String>,
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
        if self.previous.iter().chain(&self.report).filter(|argument| *argument == "-").count() > 1 {
            return Err(Failure::usage("the report and --previous cannot both come from stdin")
                .hint("keep one of them in a file"));
        }
        let mut texts = Texts::read(&self.report)?;
        let reports = texts.reports(Kind::UsageReport)?;
        let mut stated = Texts::read(&self.previous)?;
        let stated = match self.previous.as_slice() {
            [] => None,
            [..] => Some(stated.report(Kind::UsageReport).map_err(|failure| failure.at("--previous"))?),
        };
        if stated.is_some() && reports.len() > 1 {
            return Err(Failure::usage("--previous with several reports").hint("import them one at a time"));
        }
        let mut ledger = self.book.open()?;
        let is_alone = reports.len() == 1;
        let mut answers = Vec::new();
        let mut refused = Ok(());
        for report in &reports {
            let import = self.import(report, stated.as_ref(), ledger.as_mut(), now)?;
            if self.json {
                answers.push(import.json());
            } else {
                ui::artifact(&import.words())?;
            }
            refused = import.acceptance.result(
                "ask the device for a new report; if it was restarted without its old state, omit --previous once",
            );
            if refused.is_err() {
                break;
            }
            import.note(ledger.as_ref());
        }
        if self.json {
            let answer = if is_alone { answers.pop().unwrap_or_default() } else { json!(answers) };
            ui::artifact(&ui::json(&answer)?)?;
        }
        refused
    }

    /// Compares a report with the previous one, and records it.
    fn import<'d, 'b>(
        &self,
        report: &'d Joined<'b>,
        stated: Option<&Joined<'_>>,
        ledger: Option<&mut Ledger>,
        now: UnixSeconds,
    ) -> Result<Imported<'d, 'b>> {
        let arrival = ledger.map(|ledger| Arrival::new(ledger, Event::Usage, report)).transpose()?;
        let previous = match (stated, &arrival) {
            (Some(_), _) | (None, None) => Vec::new(),
            // Whatever followed it: there is nothing new in a report that was accepted before.
            (None, Some(arrival)) if arrival.is_known() => report.texts(),
            (None, Some(arrival)) => arrival.last_of(report.proof())?,
        };
        let has_previous = stated.is_some() || !previous.is_empty();
        let mut recorded = Texts::of(previous.into_iter().map(String::into_bytes).collect());
        let recorded = match has_previous && stated.is_none() {
            true => Some(recorded.report(Kind::UsageReport).map_err(|failure| failure.at("--previous"))?),
            false => None,
        };
        let mut import = Imported::new(report, stated.or(recorded.as_ref()), self.device_key.as_deref())?;
        import.accepted = match arrival.filter(|_| import.acceptance.is_accepted()) {
            Some(arrival) => Some(arrival.accept(&self.book, report.proof(), &import.acceptance, now)?),
            None => None,
        };
        Ok(import)
    }
}

/// A report, compared with the previous one.
struct Imported<'d, 'b> {
    report: &'d Joined<'b>,
    has_previous: bool,
    repeated: bool,
    counted: Vec<Counted<'b>>,
    acceptance: Acceptance,
    accepted: Option<Accepted>,
}

impl<'d, 'b> Imported<'d, 'b> {
    fn new(report: &'d Joined<'b>, previous: Option<&Joined<'_>>, key: Option<&str>) -> Result<Self> {
        let mut acceptance = Acceptance::default();
        let repeated = previous.is_some_and(|previous| usage::is_same(report, previous));
        let counted = match previous {
            None => usage::count(report),
            Some(_) if repeated => usage::count_again(report),
            Some(previous) => {
                usage::compare(report, previous, &mut acceptance)?;
                usage::count_from(report, previous)
            }
        };
        if let Some(key) = key {
            let key = publickey::read(key).map_err(|failure| failure.at("--device-key"))?;
            acceptance.check_key(report.proof(), &key);
        }
        let has_previous = previous.is_some();
        Ok(Self { report, has_previous, repeated, counted, acceptance, accepted: None })
    }

    /// What is said on stderr of a report that is accepted.
    fn note(&self, ledger: Option<&Ledger>) {
        warn_unsigned(self.report.proof());
        if let (Some(accepted), Some(ledger)) = (&self.accepted, ledger) {
            accepted.note(ledger);
        }
        if !self.has_previous {
            ui::note(
                "the differences are the device's own statement; pass --previous to count from the last report \
                      you accepted",
            );
        }
        ui::note(&format!("next: confirm to the device that report {} is accepted", self.report.number()));
    }

    fn words(&self) -> String {
        let mut table = Table::default();
        self.acceptance.words(&mut table);
        for counted in &self.counted {
            counted.words(&mut table);
        }
        let again = if self.repeated { ", which was accepted before" } else { "" };
        format!("Usage report {}{again}:\n{}", self.report.number(), table.text())
    }

    fn json(&self) -> Value {
        let mut json = self.report.json();
        json["entries"] = json!(self.counted.iter().map(Counted::json).collect::<Vec<_>>());
        json["repeated"] = json!(self.repeated);
        self.acceptance.fields(&mut json);
        json
    }
}
