//! Numbers in rows and columns: aligned for people, CSV for spreadsheets, JSON for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::exit::{Failure, Result};

/// A column: its name, which stays as it is, and whether it holds numbers that can be added up.
pub(super) type Column = (&'static str, Holds);

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Number,
    /// Numbers of which the sum means something.
    Count,
}

/// The numbers of a report.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The name of the report.
    pub name: &'static str,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

impl Sheet {
    pub(super) fn new(name: &'static str, columns: &[Column]) -> Self {
        Self { name, columns: columns.to_vec(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, row: Vec<Value>) {
        self.rows.push(row);
    }

    /// Whether there is nothing to report.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Aligned columns, and a line of sums where there are counts of several rows.
    #[must_use]
    pub fn table(&self) -> String {
        let mut lines: Vec<Vec<String>> = vec![self.columns.iter().map(|(name, _)| (*name).into()).collect()];
        lines.extend(self.rows.iter().map(|row| row.iter().map(words).collect()));
        if self.rows.len() > 1 && self.columns.iter().any(|(_, holds)| *holds == Holds::Count) {
            lines.push(self.sums());
        }
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max())
            .map(Option::unwrap_or_default)
            .collect();
        let mut text = String::new();
        for line in lines {
            let mut shown = String::new();
            for ((cell, width), (_, holds)) in line.iter().zip(&widths).zip(&self.columns) {
                let _ = match holds {
                    Holds::Text => write!(shown, "{cell:<width$}  "),
                    Holds::Number | Holds::Count => write!(shown, "{cell:>width$}  "),
                };
            }
            text += shown.trim_end();
            text.push('\n');
        }
        text
    }

    fn sums(&self) -> Vec<String> {
        let sum = |column: usize| {
            let counts = self.rows.iter().filter_map(|row| row.get(column)?.as_u64());
            counts.fold(0_u64, u64::saturating_add).to_string()
        };
        let cells = self.columns.iter().enumerate().map(|(index, (_, holds))| match (index, holds) {
            (0, _) => "sum".into(),
            (_, Holds::Count) => sum(index),
            (_, Holds::Text | Holds::Number) => String::new(),
        });
        cells.collect()
    }

    /// Comma-separated values with a header.
    ///
    /// # Errors
    /// None that can happen.
    pub fn csv(&self) -> Result<String> {
        let bug = |error: String| Failure::internal(error);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|(name, _)| name)).map_err(|error| bug(error.to_string()))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(words)).map_err(|error| bug(error.to_string()))?;
        }
        let bytes = writer.into_inner().map_err(|error| bug(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| bug(error.to_string()))
    }

    /// An object with the name of the report and its rows, each an object by column.
    #[must_use]
    pub fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let names = self.columns.iter().map(|(name, _)| (*name).to_owned());
                Value::Object(names.zip(row.iter().cloned()).collect::<Map<_, _>>())
            })
            .collect();
        json!({"report": self.name, "rows": rows})
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_counts_added_up() {
        let mut sheet =
            Sheet::new("issued", &[("product", Holds::Text), ("codes", Holds::Count), ("days", Holds::Number)]);
        sheet.row(vec![json!("vision"), json!(5), json!(30)]);
        sheet.row(vec![json!("bänd"), json!(1200), Value::Null]);
        assert_eq!(sheet.table(), "product  codes  days\nvision       5    30\nbänd      1200\nsum       1205\n");
        assert_eq!(sheet.csv().unwrap(), "product,codes,days\nvision,5,30\nbänd,1200,\n");
        assert_eq!(sheet.json()["rows"][1], json!({"product": "bänd", "codes": 1200, "days": null}));
    }
}
