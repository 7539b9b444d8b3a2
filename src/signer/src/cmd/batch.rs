//! `batch`: a table of orders to a table of codes.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use lic2::UnixSeconds;

use super::recording::Book;
use super::signing::SigningKey;
use crate::batch::{self, Codes, Columns, Desk, Format, Progress, Refused, Rows, Tally, Terms, grouped, per_second};
use crate::content::Content;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ledger::{Event, Occasion};
use crate::profile::Profiles;
use crate::ui;

/// Issues a code for every row of a table of orders
///
/// The table is CSV with a header or JSON lines (one object on each line); the columns are the flags of issue without the
/// dashes, and order-line, event and sku. A cell of device, feature, allocation or item holds several between semicolons.
/// Flags and --content state what holds for every row that says nothing else; --profile what holds for its sku.
///
/// Every row needs something by which it is known when it comes again: an order (with an order-line if it has lines), an
/// event, or id and serial. For rows that have none of these, --name gives the batch a name and makes it their row number.
/// So a batch that was interrupted in any way, a power cut included, is simply run again: rows that the ledger holds give
/// their recorded code, and the rest is signed. The codes appear in --output when all rows are done.
///
/// A row that cannot be sold does not stop the others: it goes to --errors with its number and the reason, and the exit code
/// is 6. Correct these rows and run the whole table again.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer batch orders.csv --ledger sales.ledger --key issuer.key --certificate issuer.cert \
     --product vision-appliance --until 1y --output codes.csv --errors errors.csv --passphrase-file passphrase.txt"
))]
pub(super) struct Batch {
    /// Table of orders, CSV or JSON lines; - is stdin
    #[arg(value_name = "ORDERS")]
    table: PathBuf,
    /// Table of codes: row, order, order-line, license, serial, code; CSV, or JSON lines if its name ends in .jsonl [default:
    /// stdout, as far as the codes are recorded]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How the codes are written [default: as the name of --output says, otherwise csv]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Table of the rows that were refused, each with exit code, error and hint [default: the first ten on stderr]
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Give up when more rows than this were refused
    #[arg(long, value_name = "N")]
    max_errors: Option<u64>,
    /// Name of the batch, by which its rows are known if they have no order
    #[arg(long)]
    name: Option<String>,
    /// Show neither progress nor summary
    #[arg(long, short)]
    quiet: bool,
    /// If the ledger holds a code for the order of a row already, give it out even if the row states something else now
    #[arg(long)]
    recorded: bool,
    #[command(flatten)]
    key: SigningKey,
    #[command(flatten)]
    book: Book,
    /// Content file, TOML or JSON, of what holds for every row
    #[arg(long = "content", value_name = "FILE")]
    file: Option<PathBuf>,
    /// File of product profiles: what every order of a SKU has in common
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// The SKU of rows that have no column sku
    #[arg(long, requires = "profile")]
    sku: Option<String>,
    #[command(flatten)]
    content: Content,
}

impl Batch {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        self.check()?;
        let mut ledger = self.book.open()?.ok_or_else(|| {
            Failure::usage("a batch without a ledger could not go on after an interruption")
                .hint("name it with --ledger FILE; lic2-signer ledger init makes one")
        })?;
        let base = self.file.as_deref().map(Content::read).transpose()?.unwrap_or_default();
        let profiles = self.profile.as_deref().map(Profiles::read).transpose()?;
        let terms = Terms {
            content: self.content.clone().over(base),
            profiles,
            sku: self.sku.clone(),
            name: self.name.clone(),
            issued_at: now,
        };
        let (source, size) = self.source()?;
        let table = self.table.display();
        let mut rows = Rows::new(source, Columns::default()).map_err(|failure| failure.at(&table))?;
        let path = self.output.as_deref().filter(|path| *path != Path::new("-"));
        let format = self.format.unwrap_or_else(|| path.map_or(Format::Csv, Format::of));
        let mut codes = Codes::create(path, format)?;
        let mut refused = Refused::create(self.errors.as_deref())?;
        let operator = self.book.operator()?;
        let sealer = self.key.sealer()?;
        let desk = Desk {
            ledger: &mut ledger,
            sealer: &sealer,
            terms: &terms,
            occasion: Occasion { recorded: self.recorded, ..Occasion::new(Event::Issue, &operator) },
            errors_max: self.max_errors,
        };
        let mut progress = Progress::new(size, self.quiet);
        let ran = batch::run(&mut rows, desk, &mut codes, &mut refused, &mut progress);
        let time = progress.finish();
        let tally = ran.inspect_err(|_| self.say_again())?;
        let failed = refused.count;
        refused.finish()?;
        if tally.is_given_up {
            codes.abandon();
            return Err(self.given_up(tally, failed));
        }
        codes.finish()?;
        if !self.quiet {
            ui::note(&format!(
                "{} rows: {} signed, {} in the ledger before, {} refused; {:.1} s, {} rows/s",
                grouped(tally.rows),
                grouped(tally.signed),
                grouped(tally.recorded),
                grouped(failed),
                time.as_secs_f64(),
                grouped(per_second(tally.rows, time))
            ));
        }
        if failed == 0 { Ok(()) } else { Err(self.partial(tally, failed)) }
    }

    /// Refuses names that would destroy what they name, and flags that make no sense for many rows.
    fn check(&self) -> Result<()> {
        let stated = [("--id", self.content.id.is_some()), ("--serial", self.content.serial.is_some())];
        if let Some((flag, _)) = stated.iter().find(|(_, stated)| *stated) {
            return Err(Failure::usage(format!("{flag} for every row")).hint("make it a column of the table"));
        }
        if let Some(name) = &self.name {
            crate::check::check_words("name", name)?;
        }
        let same = |one: &Path, other: &Path| match (one.canonicalize(), other.canonicalize()) {
            (Ok(one), Ok(other)) => one == other,
            _ => one == other,
        };
        let outputs = [("--output", &self.output), ("--errors", &self.errors)];
        for (flag, path) in outputs {
            if path.as_deref().is_some_and(|path| path != Path::new("-") && same(path, &self.table)) {
                return Err(Failure::usage(format!("{flag} is the table of orders")).hint("choose another name"));
            }
        }
        if let (Some(output), Some(errors)) = (&self.output, &self.errors) {
            if same(output, errors) {
                return Err(Failure::usage("--output and --errors are the same file").hint("choose another name"));
            }
        }
        Ok(())
    }

    fn source(&self) -> Result<(Box<dyn Read>, Option<u64>)> {
        if self.table == Path::new("-") {
            return Ok((Box::new(std::io::stdin()), None));
        }
        let file = File::open(&self.table).map_err(|cause| Failure::io(self.table.display(), &cause))?;
        let about = file.metadata().map_err(|cause| Failure::io(self.table.display(), &cause))?;
        Ok((Box::new(file), about.is_file().then_some(about.len())))
    }

    /// After an error that is not of a row.
    fn say_again(&self) {
        if self.table != Path::new("-") {
            ui::note("codes that were signed are in the ledger: the same command goes on from there");
        }
    }

    fn reasons(&self) -> String {
        match &self.errors {
            Some(path) => format!("{} says why", path.display()),
            None => "--errors FILE takes all reasons".into(),
        }
    }

    fn given_up(&self, tally: Tally, failed: u64) -> Failure {
        let done = grouped(tally.signed.saturating_add(tally.recorded));
        Failure::new(
            Exit::Partial,
            format!("given up after {} rows, of which {} were refused", grouped(tally.rows), grouped(failed)),
        )
        .hint(format!(
            "{}; the {done} codes so far are in the ledger, and come out when the corrected table is run",
            self.reasons()
        ))
    }

    fn partial(&self, tally: Tally, failed: u64) -> Failure {
        Failure::new(Exit::Partial, format!("{} of {} rows were refused", grouped(failed), grouped(tally.rows))).hint(
            format!(
                "{}; correct them and run the whole table again: what is sold already stays as it is",
                self.reasons()
            ),
        )
    }
}
