//! The columns that a row may have: the flags of `issue` that say what a code says, and what an order is known by.

use std::any::TypeId;

use clap::{ArgAction, Args, Command};
use serde_json::{Map, Value};

use crate::content::Content;
use crate::exit::{Failure, Result};

/// What names an order beside the content.
const OF_AN_ORDER: [&str; 3] = ["order-line", "event", "sku"];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Text,
    Number,
    YesOrNo,
    List,
}

/// Every name that a column or a key may have.
#[derive(Clone, Debug)]
pub struct Columns(Vec<(String, Shape)>);

impl Default for Columns {
    /// Taken from the command line of `issue`, so that a flag that it learns is a column, too.
    fn default() -> Self {
        let command = Content::augment_args(Command::new("row"));
        let flags = command.get_arguments().filter_map(|argument| {
            let value = argument.get_value_parser().type_id();
            let action = argument.get_action();
            let shape = if matches!(action, ArgAction::Append) {
                Shape::List
            } else if matches!(action, ArgAction::SetTrue) {
                Shape::YesOrNo
            } else if value == TypeId::of::<u32>() || value == TypeId::of::<u8>() {
                Shape::Number
            } else {
                Shape::Text
            };
            Some((argument.get_long()?.to_owned(), shape))
        });
        Self(flags.chain(OF_AN_ORDER.map(|name| (name.into(), Shape::Text))).collect())
    }
}

impl Columns {
    /// The names, for help texts and hints.
    #[must_use]
    pub fn names(&self) -> String {
        self.0.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn shape(&self, name: &str) -> Option<Shape> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, shape)| *shape)
    }

    /// Whether there is such a column.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.shape(name).is_some()
    }

    /// Refuses unknown names, and a name that is repeated although it takes one value.
    ///
    /// # Errors
    /// Exit code 1 with the name.
    pub fn check<'n>(&self, names: impl Iterator<Item = &'n str>) -> Result<()> {
        let mut seen: Vec<&str> = Vec::new();
        for name in names {
            let Some(shape) = self.shape(name) else { return Err(self.unknown(name)) };
            if shape != Shape::List && seen.contains(&name) {
                return Err(Failure::usage(format!("column {name:?} occurs twice")).hint("remove one of them"));
            }
            seen.push(name);
        }
        Ok(())
    }

    fn unknown(&self, name: &str) -> Failure {
        Failure::usage(format!("there is no column {name:?}"))
            .hint(format!("remove or rename it; the columns are {}", self.names()))
    }

    /// Adds the text of a cell to a row; an empty one says nothing.
    ///
    /// # Errors
    /// Exit code 1 for what such a column cannot hold.
    pub fn put(&self, name: &str, cell: &str, row: &mut Map<String, Value>) -> Result<()> {
        let cell = cell.trim();
        let Some(shape) = self.shape(name) else { return Err(self.unknown(name)) };
        if cell.is_empty() {
            return Ok(());
        }
        match shape {
            Shape::Text => drop(row.insert(name.into(), cell.into())),
            Shape::Number => drop(row.insert(name.into(), number(name, cell)?)),
            Shape::YesOrNo => drop(row.insert(name.into(), yes_or_no(name, cell)?)),
            Shape::List => {
                let list = row.entry(name).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = list {
                    list.extend(split(cell).into_iter().map(Value::String));
                }
            }
        }
        Ok(())
    }

    /// A row as JSON has it, in the types that the columns have.
    ///
    /// # Errors
    /// Exit code 1 for an unknown key and for what it cannot hold.
    pub fn of_json(&self, object: Map<String, Value>) -> Result<Map<String, Value>> {
        let mut row = Map::new();
        for (name, value) in object {
            let Some(shape) = self.shape(&name) else { return Err(self.unknown(&name)) };
            let value = match (shape, value) {
                (_, Value::Null) => continue,
                (Shape::Text, Value::Number(number)) => Value::String(number.to_string()),
                (Shape::Number, Value::String(text)) => number(&name, text.trim())?,
                (Shape::List, Value::String(text)) => Value::Array(vec![Value::String(text)]),
                (_, value) => value,
            };
            row.insert(name, value);
        }
        Ok(row)
    }
}

fn number(name: &str, cell: &str) -> Result<Value> {
    cell.parse::<u32>().map(Value::from).map_err(|_| {
        Failure::usage(format!("{name}: {cell:?} is not a number")).hint("write a whole number such as 5, without unit")
    })
}

fn yes_or_no(name: &str, cell: &str) -> Result<Value> {
    match cell.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true.into()),
        "no" | "false" | "0" => Ok(false.into()),
        _ => Err(Failure::usage(format!("{name}: {cell:?} is neither yes nor no")).hint("write yes or no")),
    }
}

/// The parts of a cell between semicolons; `\;` is a semicolon within a part.
fn split(cell: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek(), parts.last_mut()) {
            (';', _, _) => parts.push(String::new()),
            ('\\', Some(';'), Some(part)) => {
                characters.next();
                part.push(';');
            }
            (other, _, Some(part)) => part.push(other),
            (_, _, None) => {}
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_column_is_read_into_the_content_of_issue() {
        let columns = Columns::default();
        for (name, shape) in &columns.0 {
            if OF_AN_ORDER.contains(&name.as_str()) {
                continue;
            }
            let cell = match (shape, name.as_str()) {
                (Shape::Number, _) => "2",
                (Shape::YesOrNo, _) => "yes",
                (_, "class") => "trial",
                (_, "esn") => "2102312ABC0123456789",
                (_, "fingerprint") => "00-11-22-33-44-55|DISK1|BOARD1|CPU1",
                (_, "ledger-only") => "order; customer",
                (_, "device") => "esn:A",
                (_, "device-hex") => "esn:0a",
                (_, "allocation") => "esn:A=2",
                (_, "feature") => "a=limit:2; b",
                (_, "item") => "1000=hex:00",
                (_, name) if name.ends_with("-days") || name.starts_with("days-") => "30d",
                _ => "2027-06-30",
            };
            let mut row = Map::new();
            columns.put(name, cell, &mut row).unwrap();
            serde_json::from_value::<Content>(row.into()).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    #[test]
    fn cells_become_what_their_column_holds() {
        let columns = Columns::default();
        let mut row = Map::new();
        for (name, cell) in [
            ("quantity", " 5 "),
            ("add-on", "No"),
            ("feature", "a=text:x\\;y;b"),
            ("feature", "c"),
            ("order", "CS1"),
            ("until", ""),
        ] {
            columns.put(name, cell, &mut row).unwrap();
        }
        let expected = json!({"quantity": 5, "add-on": false, "feature": ["a=text:x;y", "b", "c"], "order": "CS1"});
        assert_eq!(Value::Object(row), expected);
        for (name, cell) in [("quantity", "5.0"), ("quantity", "-1"), ("perpetual", "maybe"), ("quantty", "5")] {
            assert!(columns.put(name, cell, &mut Map::new()).unwrap_err().to_string().contains(name));
        }
    }

    #[test]
    fn names_are_checked_before_anything_is_signed() {
        let columns = Columns::default();
        columns.check(["id", "feature", "feature", "event", "order-line"].into_iter()).unwrap();
        assert!(columns.check(["id", "id"].into_iter()).unwrap_err().to_string().contains("twice"));
        let unknown = columns.check(["id", "Preis"].into_iter()).unwrap_err();
        assert!(unknown.to_string().contains("\"Preis\"") && unknown.advice().unwrap().contains("order-line"));
    }
}
