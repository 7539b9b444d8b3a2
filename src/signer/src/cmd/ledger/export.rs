//! `ledger export`: entries for a spreadsheet or another program.

use clap::{Args, ValueEnum};
use lic2::UnixSeconds;

use super::LedgerFile;
use super::selection::Selection;
use crate::describe::{bill_columns, bill_row, entry_columns, entry_row};
use crate::exit::{Failure, HELP, Result};
use crate::ledger::Entry;
use crate::ui;

/// Bytes after which what was written so far goes to stdout.
const PORTION: usize = 1 << 16;

/// Exports entries as CSV or JSON lines
///
/// The columns of the ledger are those of ledger show. The columns of the marketplace are those of its orders and
/// bills, one row per code: orderId, orderLineId, orderType, productId, skuCode, quantity, chargingMode, createTime,
/// expireTime, customerId, license, serial, eventId, testFlag; times are yyyyMMddHHmmss in UTC. docs/LEDGER.md
/// explains both. Absent values are null in JSON lines and empty in CSV.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger export --ledger sales.ledger --columns marketplace"))]
pub(super) struct Export {
    #[command(flatten)]
    source: LedgerFile,
    #[command(flatten)]
    selection: Selection,
    /// The form
    #[arg(long, value_enum, default_value_t = Form::Csv)]
    format: Form,
    /// The columns
    #[arg(long, value_enum, default_value_t = Columns::Ledger)]
    columns: Columns,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Comma-separated values with a first line of names (RFC 4180)
    Csv,
    /// One JSON object a line
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Columns {
    /// Everything, with the ledger's names
    Ledger,
    /// Codes only, with the marketplace's names
    Marketplace,
}

impl Columns {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Ledger => entry_columns(),
            Self::Marketplace => bill_columns(),
        }
    }

    fn row(self, entry: &Entry) -> Option<Vec<serde_json::Value>> {
        match self {
            Self::Ledger => Some(entry_row(entry)),
            Self::Marketplace => entry.is_code().then(|| bill_row(entry)),
        }
    }
}

impl Export {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let filter = self.selection.filter(now)?;
        let ledger = self.source.read()?;
        let names = self.columns.names();
        let mut out = Out { bytes: Vec::new() };
        if self.format == Form::Csv {
            out.csv(names.iter().map(|name| (*name).to_owned()))?;
        }
        ledger.view().each(&filter, |entry| match self.columns.row(&entry) {
            None => Ok(()),
            Some(row) if self.format == Form::Csv => out.csv(row.iter().map(cell)),
            Some(row) => out.json(names, row),
        })?;
        out.flush()
    }
}

/// What goes to stdout, portion by portion.
struct Out {
    bytes: Vec<u8>,
}

impl Out {
    fn csv(&mut self, cells: impl Iterator<Item = String>) -> Result<()> {
        let broken = |error: &dyn std::fmt::Display| Failure::internal(format!("CSV: {error}"));
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut self.bytes);
        writer.write_record(cells).map_err(|error| broken(&error))?;
        writer.flush().map_err(|error| broken(&error))?;
        drop(writer);
        self.relieve()
    }

    fn json(&mut self, names: &[&str], row: Vec<serde_json::Value>) -> Result<()> {
        let fields: serde_json::Map<_, _> = names.iter().map(|name| (*name).to_owned()).zip(row).collect();
        self.bytes.extend_from_slice(serde_json::Value::Object(fields).to_string().as_bytes());
        self.bytes.push(b'\n');
        self.relieve()
    }

    fn relieve(&mut self) -> Result<()> {
        if self.bytes.len() < PORTION { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<()> {
        let text = String::from_utf8(std::mem::take(&mut self.bytes))
            .map_err(|_| Failure::internal("what is exported is not UTF-8"))?;
        ui::artifact(&text)
    }
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::Array(_)
        | serde_json::Value::Object(_) => value.to_string(),
    }
}
