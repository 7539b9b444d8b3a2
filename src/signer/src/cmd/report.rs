//! `report`: sales, from a ledger.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use lic2::UnixSeconds;

use super::ledger::LedgerFile;
use crate::exit::{Failure, HELP, Result};
use crate::report::{self, Scope, Unit};
use crate::{timespec, ui};

/// Reports on sales in a ledger
///
/// Prints numbers on stdout, and draws a picture with --plot. Times are UTC. Test licenses are left out unless you
/// pass --test.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(super) struct Report {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Issued(Issued),
    Active(Active),
    Expiring(Expiring),
    Refunded(Refunded),
    ByProduct(ByProduct),
}

/// Codes by month and occasion
///
/// Columns: month (or day, year), issued, renewed, upgraded, shortened (by a refund), and codes, the sum of them.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer report issued --ledger sales.ledger --from 2026-01-01 --plot issued.png"
))]
struct Issued {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    period: Period,
    /// Group by
    #[arg(long, value_enum, default_value = "month")]
    by: Unit,
    #[command(flatten)]
    output: Output,
}

/// Licenses in force, by product, edition and class
///
/// A license is in force if it has not expired and is not frozen, released or refunded. Terms that begin with the
/// activation are known only to the device, and count as in force. Columns: product, edition, class, licenses,
/// quantity, without_date (licenses without an end date), first_end.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer report active --ledger sales.ledger --plot active.svg"
))]
struct Active {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    output: Output,
}

/// Licenses in force that end soon, earliest first
///
/// Columns: expires_at, days_left, license, serial, product, edition, class, quantity, customer, order.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer report expiring --ledger sales.ledger --within 30d --format csv"
))]
struct Expiring {
    #[command(flatten)]
    source: Source,
    /// Within this time from now: 30d, 6 months, or a date
    #[arg(long, value_name = "TIME", default_value = "30d")]
    within: String,
    #[command(flatten)]
    output: Output,
}

/// Refunds in chronological order
///
/// Columns: at, refund (whole for the whole license, part for a license shortened by a code with an earlier end),
/// license, serial, product, edition, quantity, expires_at (the remaining end), customer, order, order_line.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer report refunded --ledger sales.ledger --from 2026-01-01"))]
struct Refunded {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    period: Period,
    /// Group the picture by
    #[arg(long, value_enum, default_value = "month")]
    by: Unit,
    #[command(flatten)]
    output: Output,
}

/// Licenses of each product by state
///
/// A license belongs to the period of its first code. Columns: product, licenses, codes, then how many licenses are
/// active, expired, frozen, released and refunded, and active_quantity, the quantity of the active ones.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer report by-product --ledger sales.ledger --plot products.png"
))]
struct ByProduct {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    output: Output,
}

/// What is read.
#[derive(Args, Debug)]
struct Source {
    #[command(flatten)]
    ledger: LedgerFile,
    /// Only this product
    #[arg(long, value_name = "ID")]
    product: Option<String>,
    /// Include test licenses
    #[arg(long)]
    test: bool,
}

#[derive(Args, Debug)]
struct Period {
    /// Only events at or after this time
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only events before this time
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
}

/// How it is written.
#[derive(Args, Debug)]
struct Output {
    /// Output format of the numbers
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Draw a picture into this file, .png or .svg
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Aligned columns, with sums
    Table,
    /// Comma-separated values with a header
    Csv,
    /// An object with the rows
    Json,
}

impl Report {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let (source, period, output) = self.parts();
        let drawn = output.plot.as_deref().map(Drawn::of).transpose()?;
        let time = |name: &str, text: &Option<String>| {
            text.as_deref().map(|text| timespec::parse(text, now).map_err(|failure| failure.at(name))).transpose()
        };
        let (from, to) = match period {
            Some(period) => (time("--from", &period.from)?, time("--to", &period.to)?),
            None => (None, None),
        };
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(Failure::usage("the period ends before it begins").hint("--to is after --from"));
        }
        let scope = Scope { from, to, product: source.product.clone(), with_test: source.test };
        let ledger = source.ledger.read()?;
        let view = ledger.view();
        let report = match &self.verb {
            Verb::Issued(verb) => report::issued(view, &scope, verb.by),
            Verb::Active(_) => report::active(view, &scope, now),
            Verb::Expiring(verb) => {
                let end = timespec::parse(&verb.within, now).map_err(|failure| failure.at("--within"))?;
                if end <= now {
                    return Err(
                        Failure::usage("--within is in the past").hint("pass a duration such as 30d, or a later date")
                    );
                }
                report::expiring(view, &scope, now, end)
            }
            Verb::Refunded(verb) => report::refunded(view, &scope, verb.by),
            Verb::ByProduct(_) => report::by_product(view, &scope, now),
        }?;
        if report.sheet.is_empty() {
            ui::note("there is nothing to report");
        }
        if let (Some(path), Some(drawn)) = (&output.plot, drawn) {
            let bytes = match drawn {
                Drawn::Png => report::png(&report.chart)?,
                Drawn::Svg => report::svg(&report.chart)?.into_bytes(),
            };
            std::fs::write(path, bytes).map_err(|cause| Failure::io(path.display(), &cause))?;
        }
        ui::artifact(&match output.form() {
            Form::Table => report.sheet.table(),
            Form::Csv => report.sheet.csv()?,
            Form::Json => ui::json(&report.sheet.json())?,
        })
    }

    const fn parts(&self) -> (&Source, Option<&Period>, &Output) {
        match &self.verb {
            Verb::Issued(verb) => (&verb.source, Some(&verb.period), &verb.output),
            Verb::Active(verb) => (&verb.source, None, &verb.output),
            Verb::Expiring(verb) => (&verb.source, None, &verb.output),
            Verb::Refunded(verb) => (&verb.source, Some(&verb.period), &verb.output),
            Verb::ByProduct(verb) => (&verb.source, Some(&verb.period), &verb.output),
        }
    }
}

impl Output {
    const fn form(&self) -> Form {
        if self.json { Form::Json } else { self.format }
    }
}

#[derive(Clone, Copy, Debug)]
enum Drawn {
    Png,
    Svg,
}

impl Drawn {
    fn of(path: &Path) -> Result<Self> {
        match path.extension().map(std::ffi::OsStr::to_ascii_lowercase) {
            Some(ending) if ending == "png" => Ok(Self::Png),
            Some(ending) if ending == "svg" => Ok(Self::Svg),
            _ => Err(Failure::usage(format!("{}: the extension does not name a format", path.display()))
                .hint("use .png or .svg")),
        }
    }
}
