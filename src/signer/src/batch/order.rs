//! A row as an order: what is to be signed, and what makes it the same when it comes again.

use lic2::UnixSeconds;
use serde_json::{Map, Value};

use super::rows::Row;
use crate::content::Content;
use crate::draft::Draft;
use crate::exit::{Failure, Result};
use crate::ledger::{Occasion, Same};
use crate::profile::Profiles;

/// What holds for every row.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What rows say unless they say otherwise.
    pub content: Content,
    /// Profiles, which say what every order of a SKU has in common.
    pub profiles: Option<Profiles>,
    /// The SKU of rows that state none.
    pub sku: Option<String>,
    /// The name of the batch: it makes a row without an order the same when it comes again.
    pub name: Option<String>,
    /// When the codes are issued.
    pub issued_at: UnixSeconds,
}

impl Terms {
    /// The content with what its profile adds.
    fn of_sku(&self, sku: Option<String>, content: Content, line: Option<&str>) -> Result<Content> {
        match (&self.profiles, sku) {
            (None, None) => Ok(content),
            (None, Some(sku)) => Err(Failure::usage(format!("sku {sku:?} without a profile"))
                .hint("name its file with --profile, or call the column edition")),
            (Some(profiles), Some(sku)) => profiles.content(&sku, content, line),
            (Some(profiles), None) => match profiles.skus().collect::<Vec<_>>().as_slice() {
                [only] => profiles.content(only, content, line),
                several => Err(Failure::usage("the row has no sku").hint(format!("use one of {}", several.join(", ")))),
            },
        }
    }
}

/// An order of which every field was checked.
#[derive(Clone, Debug)]
pub struct Order {
    /// What is to be signed.
    pub draft: Draft,
    row: u64,
    /// Order number, of the seller or the marketplace.
    pub order: Option<String>,
    /// The line of it.
    pub order_line: Option<String>,
    event: Option<String>,
    batch: Option<String>,
    /// License id and serial, if both are stated.
    issue: Option<(String, u32)>,
}

impl Order {
    /// The order that this row states.
    ///
    /// # Errors
    /// Exit code 1 with the column that is wrong and what it may hold, or for a row that could be sold twice.
    pub fn new(row: &Row, terms: &Terms) -> Result<Self> {
        if let Some(failure) = &row.wrong {
            return Err(failure.clone());
        }
        let mut fields = row.fields.clone();
        let order_line = text(&mut fields, "order-line")?;
        let event = text(&mut fields, "event")?;
        let sku = text(&mut fields, "sku")?.or_else(|| terms.sku.clone());
        let content = terms.of_sku(sku, content(fields)?.over(terms.content.clone()), order_line.as_deref())?;
        let order = content.order.clone();
        let issue = content.id.clone().zip(content.serial);
        if order.is_none() && order_line.is_some() {
            return Err(Failure::usage("the row has an order-line but no order").hint("add the order"));
        }
        if order.is_none() && event.is_none() && issue.is_none() && terms.name.is_none() {
            return Err(Failure::usage("this row cannot be recognized when it is run again").hint(
                "add order, event, or id and serial; or name the batch with --name, so that rows are recognized by \
                 number",
            ));
        }
        let draft = Draft::new(content, terms.issued_at)?;
        Ok(Self { draft, row: row.number, order, order_line, event, batch: terms.name.clone(), issue })
    }

    /// The same occasion with what this order is known by.
    #[must_use]
    pub fn occasion<'a>(&'a self, of_batch: &Occasion<'a>) -> Occasion<'a> {
        let mut detail = of_batch.detail.clone();
        if let Some(name) = &self.batch {
            detail.insert("batch".into(), name.as_str().into());
            detail.insert("row".into(), self.row.into());
        }
        let issue = self.issue.as_ref().map(|(id, serial)| Same::Issue(id, *serial));
        Occasion {
            order_line: self.order_line.as_deref(),
            event_id: self.event.as_deref(),
            same: issue.or_else(|| self.batch.as_deref().map(|name| Same::Row(name, self.row))),
            detail,
            ..of_batch.clone()
        }
    }
}

fn text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(Failure::usage(format!("{name}: {other} is not text")).hint("write it in quotes")),
    }
}

fn content(fields: Map<String, Value>) -> Result<Content> {
    let wrong = |place: &str, error: serde_json::Error| {
        Failure::usage(format!("{place}: {error}")).hint("see lic2-signer issue --help for its values")
    };
    serde_json::from_value(Value::Object(fields.clone())).map_err(|error| {
        // serde does not say which field it was.
        let alone = |(name, value): (&String, &Value)| {
            let field = Map::from_iter([(name.clone(), value.clone())]);
            serde_json::from_value::<Content>(Value::Object(field)).err().map(|error| wrong(name, error))
        };
        fields.iter().find_map(alone).unwrap_or_else(|| wrong("row", error))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ledger::Event;

    fn order(fields: Value, name: Option<&str>) -> Result<Order> {
        let Value::Object(fields) = fields else { panic!("no object") };
        let terms = Terms {
            content: Content { product: Some("p".into()), until: Some("1y".into()), ..Content::default() },
            profiles: None,
            sku: None,
            name: name.map(Into::into),
            issued_at: UnixSeconds(1_795_348_800),
        };
        Order::new(&Row { number: 7, line: 9, fields, wrong: None }, &terms)
    }

    #[track_caller]
    fn same(fields: Value, name: Option<&str>, expected: Option<Same<'_>>) {
        let order = order(fields, name).unwrap();
        assert_eq!(order.occasion(&Occasion::new(Event::Issue, "ann")).same, expected);
    }

    #[test]
    fn every_row_is_known_by_something() {
        same(json!({"id": "A", "order": "CS1"}), None, None);
        same(json!({"id": "A", "event": "E1"}), None, None);
        same(json!({"id": "A", "serial": 2}), Some("b"), Some(Same::Issue("A", 2)));
        same(json!({"id": "A"}), Some("b"), Some(Same::Row("b", 7)));
        let failure = order(json!({"id": "A"}), None).unwrap_err();
        assert!(failure.to_string().contains("when it is run again") && failure.advice().unwrap().contains("--name"));
        assert!(order(json!({"id": "A", "order-line": "1"}), Some("b")).is_err());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_column() {
        let wrong = |fields| order(fields, Some("b")).unwrap_err().to_string();
        assert!(wrong(json!({"id": "A", "class": "gold"})).starts_with("class: "));
        assert!(wrong(json!({"id": "A", "device": ["esn"]})).starts_with("device: "));
        assert!(wrong(json!({"id": "A", "quantity": -1})).starts_with("quantity: "));
        assert!(wrong(json!({"id": "A", "event": true})).starts_with("event: "));
        assert!(wrong(json!({"until": "2y"})).contains("no id"));
    }
}
