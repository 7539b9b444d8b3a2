//! What a batch writes: the codes, and the rows that have none.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::part::PartFile;
use super::rows::Row;
use crate::exit::{Exit, Failure, Result};
use crate::ledger::Facts;

const OF_CODES: [&str; 6] = ["row", "order", "order-line", "license", "serial", "code"];
const OF_REFUSED: [&str; 9] = ["row", "line", "order", "order-line", "event", "id", "exit", "error", "hint"];

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object on each line
    Jsonl,
}

impl Format {
    /// The format by the extension of the name; CSV if that names none.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let is = |end: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(end));
        if is("jsonl") || is("ndjson") || is("json") { Self::Jsonl } else { Self::Csv }
    }
}

/// The table of codes, in the order of the rows.
#[derive(Debug)]
pub struct Codes(Table);

impl Codes {
    /// A table in this file, which appears when it is complete; stdout if there is none.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be written, or if the name is that of a file with something else.
    pub fn create(path: Option<&Path>, format: Format) -> Result<Self> {
        Table::create(path, format, &OF_CODES).map(Self)
    }

    /// Adds a code.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be written.
    pub fn add(&mut self, row: u64, order: Option<&str>, order_line: Option<&str>, code: &str) -> Result<()> {
        let facts = Facts::of_text(code.as_bytes()).map_err(Failure::rejected)?;
        self.0.add(&[
            json!(row),
            json!(order),
            json!(order_line),
            json!(facts.license),
            json!(facts.serial),
            json!(code),
        ])
    }

    /// Writes out the added rows, for a reader at the other end.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be written.
    pub fn flush(&mut self) -> Result<()> {
        self.0.flush()
    }

    /// Every row is there.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be written.
    pub fn finish(self) -> Result<()> {
        self.0.finish()
    }

    /// Rows are missing: leaves no file.
    pub fn abandon(self) {
        if let Target::File(file) = self.0.target {
            file.abandon();
        }
    }
}

/// The table of rows that were refused, and why.
#[derive(Debug)]
pub struct Refused {
    table: Option<Table>,
    /// How many there are.
    pub count: u64,
}

impl Refused {
    /// How many are shown on stderr if there is no table.
    const TOLD: u64 = 10;

    /// A table in this file, if there is one.
    ///
    /// # Errors
    /// As [`Codes::create`].
    pub fn create(path: Option<&Path>) -> Result<Self> {
        let table = path.map(|path| Table::create(Some(path), Format::of(path), &OF_REFUSED)).transpose()?;
        Ok(Self { table, count: 0 })
    }

    /// Adds a row; returns the line to print if there is no table.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be written.
    pub fn add(&mut self, row: &Row, failure: &Failure) -> Result<Option<Failure>> {
        self.count = self.count.saturating_add(1);
        let Some(table) = &mut self.table else {
            let place = format!("row {}, line {}", row.number, row.line);
            return Ok((self.count <= Self::TOLD).then(|| failure.clone().at(place)));
        };
        let field = |name: &str| row.fields.get(name).cloned().unwrap_or_default();
        table.add(&[
            json!(row.number),
            json!(row.line),
            field("order"),
            field("order-line"),
            field("event"),
            field("id"),
            json!(failure.exit().number()),
            json!(failure.to_string()),
            json!(failure.advice()),
        ])?;
        Ok(None)
    }

    /// Every row is there.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be written.
    pub fn finish(self) -> Result<()> {
        self.table.map_or(Ok(()), Table::finish)
    }
}

#[derive(Debug)]
enum Target {
    File(PartFile),
    Stdout(io::BufWriter<io::Stdout>),
}

#[derive(Debug)]
struct Table {
    target: Target,
    path: PathBuf,
    format: Format,
    columns: &'static [&'static str],
}

impl Table {
    fn create(path: Option<&Path>, format: Format, columns: &'static [&'static str]) -> Result<Self> {
        let target = match path {
            None => Target::Stdout(io::BufWriter::new(io::stdout())),
            Some(path) => {
                check_replaceable(path, columns)?;
                Target::File(PartFile::create(path)?)
            }
        };
        let path = path.map_or_else(|| "stdout".into(), Into::into);
        let mut table = Self { target, path, format, columns };
        if format == Format::Csv {
            let header: Vec<Value> = columns.iter().map(|name| json!(name)).collect();
            table.add(&header)?;
        }
        Ok(table)
    }

    fn add(&mut self, values: &[Value]) -> Result<()> {
        let line = match self.format {
            Format::Csv => csv_line(values),
            Format::Jsonl => {
                let pairs = self.columns.iter().map(|name| (*name).to_owned()).zip(values.iter().cloned());
                let mut line = Value::Object(pairs.collect::<Map<_, _>>()).to_string().into_bytes();
                line.push(b'\n');
                Ok(line)
            }
        };
        let write = |line: Vec<u8>| match &mut self.target {
            Target::File(file) => file.write_all(&line),
            Target::Stdout(stdout) => stdout.write_all(&line),
        };
        line.and_then(write).map_err(|cause| Failure::io(self.path.display(), &cause))
    }

    fn flush(&mut self) -> Result<()> {
        let flushed = match &mut self.target {
            Target::File(file) => file.flush(),
            Target::Stdout(stdout) => stdout.flush(),
        };
        flushed.map_err(|cause| Failure::io(self.path.display(), &cause))
    }

    fn finish(mut self) -> Result<()> {
        self.flush()?;
        match self.target {
            Target::File(file) => file.finish(),
            Target::Stdout(_) => Ok(()),
        }
    }
}

fn csv_line(values: &[Value]) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cells = values.iter().map(|value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    });
    writer.write_record(cells).map_err(io::Error::other)?;
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// A file is replaced if a batch wrote it, and kept if it is anything else.
fn check_replaceable(path: &Path, columns: &[&str]) -> Result<()> {
    use std::io::Read;
    let mut begin = Vec::new();
    match std::fs::File::open(path).and_then(|file| file.take(256).read_to_end(&mut begin)) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(Failure::io(path.display(), &cause)),
        Ok(_) => {}
    }
    let header = columns.join(",");
    let is_ours = begin.is_empty()
        || begin.starts_with(header.as_bytes())
        || begin.starts_with(b"{\"code\":\"LIC2C.")
        || begin.starts_with(b"{\"error\":");
    if is_ours {
        return Ok(());
    }
    Err(Failure::new(Exit::Io, format!("{}: the file exists, and was not written by a batch", path.display()))
        .hint("choose another name, or move it away"))
}
