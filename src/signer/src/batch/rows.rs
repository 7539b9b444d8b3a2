//! Reading rows, one at a time, from CSV or from JSON lines.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use super::columns::Columns;
use crate::exit::{Exit, Failure, Result};

/// Longest row, in bytes. A quote that is not closed would otherwise read the rest of the file into memory.
const ROW_MAX: u64 = 1 << 20;

const BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number, from 1; the header has none.
    pub number: u64,
    /// The line in the file at which it begins.
    pub line: u64,
    /// What it states, by column. If something is wrong, what could be read.
    pub fields: Map<String, Value>,
    /// Why it cannot be used.
    pub wrong: Option<Failure>,
}

/// The rows of a table.
pub struct Rows<'s> {
    format: Format<'s>,
    columns: Columns,
    read: Rc<Meter>,
    number: u64,
    line: u64,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("columns", &self.columns).field("number", &self.number).finish_non_exhaustive()
    }
}

enum Format<'s> {
    Csv {
        reader: csv::Reader<Metered<Box<dyn Read + 's>>>,
        names: Vec<String>,
        record: ByteRecord,
        /// The reader leaves the second character of such a line end to the next record, and counts it there.
        ends_in_two: bool,
    },
    JsonLines(BufReader<Metered<Box<dyn Read + 's>>>),
}

impl<'s> Rows<'s> {
    /// Rows of this table. JSON lines begin with `{`; anything else is CSV with a header, separated by comma, semicolon
    /// or tab.
    ///
    /// # Errors
    /// Exit code 1 for a header with other columns, and for text in another encoding; 2 if it cannot be read.
    pub fn new(source: impl Read + 's, columns: Columns) -> Result<Self> {
        let mut source = BufReader::new(source);
        let begin = source.fill_buf().map_err(io_failure)?;
        if begin.starts_with(&[0xFF, 0xFE]) || begin.starts_with(&[0xFE, 0xFF]) {
            return Err(Failure::usage("the text is UTF-16").hint("save it as CSV in UTF-8"));
        }
        if begin.starts_with(BOM) {
            source.consume(BOM.len());
        }
        let begin = source.fill_buf().map_err(io_failure)?;
        let first = begin.iter().copied().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(b'[') {
            return Err(Failure::usage("this is a single JSON list").hint("write JSON lines: one object per line"));
        }
        let header = begin.split(|byte| *byte == b'\n').next().unwrap_or_default().to_vec();
        let read = Rc::new(Meter::default());
        let source = Metered { source: Box::new(source) as Box<dyn Read + 's>, read: Rc::clone(&read) };
        let format = if first == Some(b'{') {
            Format::JsonLines(BufReader::new(source))
        } else {
            let mut reader = ReaderBuilder::new().flexible(true).delimiter(delimiter(&header)).from_reader(source);
            let names = header_names(&mut reader, &read, &columns)?;
            Format::Csv { reader, names, record: ByteRecord::new(), ends_in_two: header.ends_with(b"\r") }
        };
        Ok(Self { format, columns, read, number: 0, line: 0 })
    }

    /// How many bytes were read.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.read.all.get()
    }

    /// The next row, if there is one.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be read, 1 for one that does not end within 1 MiB.
    pub fn next_row(&mut self) -> Result<Option<Row>> {
        self.read.row.set(0);
        let found = match &mut self.format {
            Format::Csv { reader, names, record, ends_in_two } => {
                csv_row(reader, names, record, &self.columns).map(|found| {
                    found.map(|(line, fields, wrong)| (line.saturating_add((*ends_in_two).into()), fields, wrong))
                })
            }
            Format::JsonLines(lines) => json_row(lines, &mut self.line, &self.columns),
        };
        let number = self.number.saturating_add(1);
        let Some((line, fields, wrong)) = found.map_err(|cause| failure(&cause, number))? else { return Ok(None) };
        self.number = number;
        Ok(Some(Row { number, line, fields, wrong }))
    }
}

type Found = Option<(u64, Map<String, Value>, Option<Failure>)>;

/// Of the three, the one that occurs most often in the header.
fn delimiter(header: &[u8]) -> u8 {
    let count = |delimiter: u8| header.iter().filter(|byte| **byte == delimiter).count();
    b",;\t".iter().copied().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn header_names(
    reader: &mut csv::Reader<Metered<Box<dyn Read + '_>>>,
    read: &Meter,
    columns: &Columns,
) -> Result<Vec<String>> {
    let header = reader.byte_headers().map_err(|error| failure(&into_io(error), 0))?;
    read.row.set(0);
    if header.is_empty() {
        return Err(
            Failure::usage("the table is empty").hint(format!("the first line names the columns: {}", columns.names()))
        );
    }
    let names: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    if !names.iter().any(|name| columns.has(name)) {
        return Err(Failure::usage(format!("the first line is not a header: {}", names.join(", ")))
            .hint(format!("it must name the columns, separated by commas: {}", columns.names())));
    }
    columns.check(names.iter().map(String::as_str))?;
    Ok(names)
}

fn csv_row(
    reader: &mut csv::Reader<Metered<Box<dyn Read + '_>>>,
    names: &[String],
    record: &mut ByteRecord,
    columns: &Columns,
) -> io::Result<Found> {
    if !reader.read_byte_record(record).map_err(into_io)? {
        return Ok(None);
    }
    let line = record.position().map_or(0, csv::Position::line);
    let mut row = Map::new();
    let mut wrong = None;
    for (name, cell) in names.iter().zip(record.iter()) {
        let put = std::str::from_utf8(cell)
            .map_err(|_| Failure::usage(format!("{name}: the text is not UTF-8")).hint("save the table in UTF-8"))
            .and_then(|cell| columns.put(name, cell, &mut row));
        if let Err(failure) = put {
            wrong.get_or_insert(failure);
        }
    }
    if record.len() != names.len() {
        wrong = Some(
            Failure::usage(format!("the row has {} columns, and the header {}", record.len(), names.len()))
                .hint("write a comma for each empty cell, and quotes around a cell that contains one"),
        );
    }
    Ok(Some((line, row, wrong)))
}

fn json_row(
    lines: &mut BufReader<Metered<Box<dyn Read + '_>>>,
    line: &mut u64,
    columns: &Columns,
) -> io::Result<Found> {
    let mut bytes = Vec::new();
    while bytes.trim_ascii().is_empty() {
        bytes.clear();
        if lines.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        *line = line.saturating_add(1);
    }
    let object = match serde_json::from_slice::<Map<String, Value>>(bytes.trim_ascii()) {
        Ok(object) => object,
        Err(error) => {
            let failure = Failure::usage(format!("this is not a JSON object: {error}"))
                .hint("write one object per line: {\"id\": \"PL-1\", \"until\": \"1y\"}");
            return Ok(Some((*line, Map::new(), Some(failure))));
        }
    };
    Ok(Some(match columns.of_json(object.clone()) {
        Ok(fields) => (*line, fields, None),
        Err(failure) => (*line, object, Some(failure)),
    }))
}

/// What was read: of everything, and of the row that is being read.
#[derive(Debug, Default)]
struct Meter {
    all: Cell<u64>,
    row: Cell<u64>,
}

/// Counts what is read, and stops within a row that does not end.
struct Metered<R> {
    source: R,
    read: Rc<Meter>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read.row.get() > ROW_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "too long"));
        }
        let count = self.source.read(buffer)?;
        let bytes = u64::try_from(count).unwrap_or(u64::MAX);
        self.read.all.set(self.read.all.get().saturating_add(bytes));
        self.read.row.set(self.read.row.get().saturating_add(bytes));
        Ok(count)
    }
}

fn into_io(error: csv::Error) -> io::Error {
    let text = error.to_string();
    if let csv::ErrorKind::Io(cause) = error.into_kind() { cause } else { io::Error::other(text) }
}

fn io_failure(cause: io::Error) -> Failure {
    failure(&cause, 0)
}

fn failure(cause: &io::Error, row: u64) -> Failure {
    if cause.kind() == io::ErrorKind::InvalidData {
        return Failure::usage(format!("row {row} does not end within 1 MiB"))
            .hint("a quote or a line end is missing there, so the following rows cannot be separated");
    }
    if cause.kind() == io::ErrorKind::IsADirectory {
        return Failure::new(Exit::Io, "this is a directory").hint("name a table");
    }
    Failure::io("the table", cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Vec<Row> {
        let mut rows = Rows::new(text, Columns::default()).unwrap();
        std::iter::from_fn(|| rows.next_row().unwrap()).collect()
    }

    fn ids(text: &[u8]) -> Vec<String> {
        rows(text).iter().map(|row| row.fields["id"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn tables_are_read_as_spreadsheets_write_them() {
        for text in [
            "id,until\nA,1y\nB,2y\n",
            "id,until\r\nA,1y\r\nB,2y",
            "\u{FEFF}id,until\nA,1y\n\nB,2y\n",
            "id;until\nA;1y\nB;2y\n",
            "id\tuntil\nA\t1y\nB\t2y\n",
            "\"id\",\"until\"\n\"A\",\"1y\"\n \"B\",2y\n".replace(" \"B\"", "B").as_str(),
            "{\"id\":\"A\"}\n\n{\"id\":\"B\"}",
            "\u{FEFF} {\"id\":\"A\"}\r\n{\"id\":\"B\",\"until\":null}\r\n",
        ] {
            assert_eq!(ids(text.as_bytes()), ["A", "B"], "{text:?}");
        }
    }

    #[test]
    fn rows_are_numbered_and_know_their_line() {
        let found = rows(b"id,customer\nA,\"two\nlines\"\nB,x\n");
        let places: Vec<(u64, u64)> = found.iter().map(|row| (row.number, row.line)).collect();
        assert_eq!(places, [(1, 2), (2, 4)]);
        let found = rows(b"id,customer\r\nA,\"two\nlines\"\r\nB,x\r\n");
        assert_eq!((found[0].line, found[1].line), (2, 4));
        assert_eq!(found[0].fields["customer"], "two\nlines");
        let found = rows(b"{\"id\":\"A\"}\n\n{\"id\":1}\n");
        assert_eq!((found[1].number, found[1].line, &found[1].fields["id"]), (2, 3, &Value::from("1")));
    }

    #[test]
    fn a_bad_row_is_told_and_the_next_is_read() {
        let found = rows(b"id,quantity\nA,many\n\xFF,1\nB\nC,1,2\nD,4\n");
        let wrong: Vec<String> =
            found.iter().map(|row| row.wrong.as_ref().map(ToString::to_string).unwrap_or_default()).collect();
        for (wrong, word) in wrong.iter().zip(["not a number", "not UTF-8", "has 1 columns", "has 3 columns", ""]) {
            assert!(wrong.contains(word) && word.is_empty() == wrong.is_empty(), "{wrong}");
        }
        assert_eq!(found[3].fields["id"], "C", "what could be read names the row");
        let found = rows(b"{\"id\":\"A\"}\n{\"id\":\n[1]\n{\"price\":1}\n{\"id\":\"\xFF\"}\n{\"id\":\"B\"}\n");
        let wrong: Vec<bool> = found.iter().map(|row| row.wrong.is_some()).collect();
        assert_eq!(wrong, [false, true, true, true, true, false]);
    }

    #[test]
    fn what_is_no_table_is_refused_as_a_whole() {
        let refused = |text: &[u8]| Rows::new(text, Columns::default()).unwrap_err().to_string();
        assert!(refused(b"").contains("the table is empty"));
        assert!(refused(b"A,B\n").contains("first line is not a header: A, B"));
        assert!(refused(b"id,price\n").contains("no column \"price\""));
        assert!(refused(b"[{\"id\":1}]").contains("a single JSON list"));
        assert!(refused(b"\xFF\xFEi\0d\0").contains("UTF-16"));
    }

    #[test]
    fn a_quote_that_is_not_closed_does_not_fill_the_memory() {
        let text = [b"id,until\nA,1y\n\"B,1y\n".as_slice(), &vec![b'x'; 3 << 20]].concat();
        let mut rows = Rows::new(text.as_slice(), Columns::default()).unwrap();
        assert_eq!(rows.next_row().unwrap().unwrap().fields["id"], "A");
        assert!(rows.next_row().unwrap_err().to_string().contains("row 2 does not end"));
    }
}
