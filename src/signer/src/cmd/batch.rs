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

/// Issues a code for each row of a table of orders
///
/// The table is CSV with a header, or JSON lines (one object per line). The columns are the flags of issue without the
/// dashes, plus order-line, event and sku. Separate several devices, features, allocations or items in a cell with
/// semicolons. Flags and --content provide defaults for every row, --profile for every row of a SKU.
///
/// Every row must be recognizable when it is run again: by its order (with an order-line if the order has lines), by
/// its event, or by id and serial. If rows have none of these, name the batch with --name, and they are recognized by
/// row number. After an interruption, even a power cut, run the same command again: rows that are in the ledger
/// produce their recorded code, and the rest is signed. The codes appear in --output when all rows are done.
///
/// A refused row does not stop the others: it is written to --errors with its number and the reason, and the exit code
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
    /// Table of codes: row, order, order-line, license, serial, code; CSV, or JSON lines if its name ends in .jsonl
    /// [default: stdout, as codes are recorded]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Output format of the codes [default: by the extension of --output, otherwise csv]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Table of the rows that were refused, each with exit code, error and hint [default: the first ten on stderr]
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Stop after more than this number of refused rows
    #[arg(long, value_name = "N")]
    max_errors: Option<u64>,
    /// Name of the batch, to recognize rows without an order
    #[arg(long)]
    name: Option<String>,
    /// Show neither progress nor summary
    #[arg(long, short)]
    quiet: bool,
    /// If the ledger already contains a code for a row's order, print it even if the row has changed
    #[arg(long)]
    recorded: bool,
    #[command(flatten)]
    key: SigningKey,
    #[command(flatten)]
    book: Book,
    /// Content file, TOML or JSON, with defaults for every row
    #[arg(long = "content", value_name = "FILE")]
    file: Option<PathBuf>,
    /// File of product profiles
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// The SKU of rows without a column sku
    #[arg(long, requires = "profile")]
    sku: Option<String>,
    #[command(flatten)]
    content: Content,
}

impl Batch {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        self.check()?;
        let mut ledger = self.book.open()?.ok_or_else(|| {
            Failure::usage("a batch needs a ledger to continue after an interruption")
                .hint("pass --ledger FILE; lic2-signer ledger init creates one")
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

    /// Refuses output names that would overwrite the input, and flags that make no sense for many rows.
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

    /// After an error that does not belong to a row.
    fn say_again(&self) {
        if self.table != Path::new("-") {
            ui::note("the codes signed so far are in the ledger: run the same command again to continue");
        }
    }

    fn reasons(&self) -> String {
        match &self.errors {
            Some(path) => format!("see {} for the reasons", path.display()),
            None => "pass --errors FILE to record all reasons".into(),
        }
    }

    fn given_up(&self, tally: Tally, failed: u64) -> Failure {
        let done = grouped(tally.signed.saturating_add(tally.recorded));
        Failure::new(
            Exit::Partial,
            format!("stopped after {} rows, of which {} were refused", grouped(tally.rows), grouped(failed)),
        )
        .hint(format!(
            "{}; the {done} codes signed so far are in the ledger, and are printed when you run the corrected table",
            self.reasons()
        ))
    }

    fn partial(&self, tally: Tally, failed: u64) -> Failure {
        Failure::new(Exit::Partial, format!("{} of {} rows were refused", grouped(failed), grouped(tally.rows))).hint(
            format!(
                "{}; correct them and run the whole table again: rows that are already sold do not change",
                self.reasons()
            ),
        )
    }
}
