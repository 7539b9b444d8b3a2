//! Reading a ledger.

use std::path::Path;

use lic2::seal::Sealed;
use lic2::{Kind, UnixSeconds};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::entry::Entry;
use super::event::Event;
use super::fault::Fault;
use super::hash::Hash;
use crate::exit::{Exit, Failure, Result};
use crate::publickey::PublicKey;
use crate::ui;

/// The last entry. A copy kept elsewhere proves later that nothing was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, ui::hex(&self.hash))
    }
}

impl std::str::FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let parts = text
            .trim()
            .split_once(':')
            .and_then(|(seq, hash)| Some(Self { seq: seq.parse().ok()?, hash: ui::unhex(hash)?.try_into().ok()? }));
        parts.ok_or_else(|| format!("{text:?} is not SEQ:HASH as lic2-signer ledger head prints it"))
    }
}

/// Which entries; every given condition must match.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of these events; empty for all.
    pub events: Vec<Event>,
    /// Of this license.
    pub license: Option<String>,
    /// For this order.
    pub order: Option<String>,
    /// For this line of an order.
    pub order_line: Option<String>,
    /// For this event of the marketplace.
    pub event_id: Option<String>,
    /// For this customer.
    pub customer: Option<String>,
    /// For a device whose description contains this, whatever its letter case.
    pub device: Option<String>,
    /// For this product.
    pub product: Option<String>,
    /// Of this class.
    pub class: Option<String>,
    /// By this operator.
    pub operator: Option<String>,
    /// Signed with this key.
    pub signer: Option<PublicKey>,
    /// With this text, in the canonical form that [`Filter::pasted`] finds.
    pub text: Option<String>,
    /// That happened at this time or later.
    pub since: Option<UnixSeconds>,
    /// That happened before this time.
    pub before: Option<UnixSeconds>,
    /// With this number or a higher one.
    pub first: Option<u64>,
    /// At most so many, the last ones.
    pub last: Option<u64>,
}

impl Filter {
    /// The entries of a text as somebody pasted it, with spaces and line breaks.
    ///
    /// # Errors
    /// Exit code 3 with the status if it is no document.
    pub fn pasted(text: &[u8]) -> Result<Self> {
        let sealed = Sealed::read(text).map_err(Failure::rejected)?;
        Ok(Self { text: Some(sealed.text().into()), ..Self::default() })
    }

    /// The condition in SQL, and its values.
    fn condition(&self) -> (String, Vec<Value>) {
        let mut terms: Vec<String> = vec!["1".into()];
        let mut values = Vec::new();
        let mut add = |term: &str, value: Option<Value>| {
            if let Some(value) = value {
                terms.push(term.into());
                values.push(value);
            }
        };
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        let number = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
        add("license = ?", text(&self.license));
        add("order_id = ?", text(&self.order));
        add("order_line = ?", text(&self.order_line));
        add("event_id = ?", text(&self.event_id));
        add("customer = ?", text(&self.customer));
        add("instr(lower(device), lower(?))", text(&self.device));
        add("product = ?", text(&self.product));
        add("class = ?", text(&self.class));
        add("operator = ?", text(&self.operator));
        add("signer = ?", self.signer.map(|key| Value::Blob(key.to_vec())));
        add("text = ?", text(&self.text));
        add("at >= ?", self.since.map(|time| number(time.0)));
        add("at < ?", self.before.map(|time| number(time.0)));
        add("seq >= ?", self.first.map(number));
        if !self.events.is_empty() {
            terms.push(format!("event IN ({})", vec!["?"; self.events.len()].join(", ")));
            values.extend(self.events.iter().map(|event| Value::Text(event.name().into())));
        }
        (terms.join(" AND "), values)
    }
}

/// What is in a ledger.
#[derive(Clone, Copy, Debug)]
pub struct View<'c> {
    connection: &'c Connection,
    path: &'c Path,
}

impl<'c> View<'c> {
    pub(super) const fn new(connection: &'c Connection, path: &'c Path) -> Self {
        Self { connection, path }
    }

    pub(super) const fn connection(&self) -> &'c Connection {
        self.connection
    }

    pub(super) fn fail(&self, fault: Fault) -> Failure {
        fault.at(self.path)
    }

    /// The last entry.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn head(&self) -> Result<Head> {
        let read = || -> std::result::Result<Head, Fault> {
            let mut statement =
                self.connection.prepare_cached("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")?;
            let head: Option<(i64, Hash)> = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (seq, hash) = head.unwrap_or((0, super::hash::FIRST));
            Ok(Head { seq: u64::try_from(seq).map_err(|_| Fault::Entry(seq, "a number below 1"))?, hash })
        };
        read().map_err(|fault| self.fail(fault))
    }

    /// Calls `take` with each entry that matches, in order. A ledger of any size takes the memory of one entry.
    ///
    /// # Errors
    /// Exit codes 2 and 5 if the ledger cannot be read; what `take` says.
    pub fn each(&self, filter: &Filter, mut take: impl FnMut(Entry) -> Result<()>) -> Result<()> {
        let (condition, values) = filter.condition();
        let mut query = format!("SELECT * FROM entry WHERE {condition} ORDER BY seq");
        if let Some(last) = filter.last {
            query = format!(
                "SELECT * FROM (SELECT * FROM entry WHERE {condition} ORDER BY seq DESC LIMIT {last}) ORDER BY seq"
            );
        }
        let fail = |error: rusqlite::Error| self.fail(error.into());
        let mut statement = self.connection.prepare_cached(&query).map_err(fail)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            take(Entry::from_row(row).map_err(|fault| self.fail(fault))?)?;
        }
        Ok(())
    }

    /// The entries that match, in order.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn entries(&self, filter: &Filter) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        self.each(filter, |entry| {
            entries.push(entry);
            Ok(())
        })?;
        Ok(entries)
    }

    /// The entries that belong together with this one, as the parts of one document, in order; often it is the only one.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn parts_of(&self, entry: Entry) -> Result<Vec<Entry>> {
        let detail = entry.detail();
        let (Some(part), Some(parts)) =
            (detail["part"].as_u64(), detail["parts"].as_u64().filter(|parts| *parts <= 0xffff))
        else {
            return Ok(vec![entry]);
        };
        let first = entry.seq.saturating_add(1).saturating_sub(part);
        let mut found = Vec::new();
        for seq in first..first.saturating_add(parts) {
            found.extend(self.entry(seq)?.filter(|other| other.event == entry.event));
        }
        Ok(found)
    }

    /// The entry with this number.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn entry(&self, seq: u64) -> Result<Option<Entry>> {
        self.one("seq = ?1", [i64::try_from(seq).unwrap_or(i64::MAX)])
    }

    /// The latest code of a license.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn latest(&self, license: &str) -> Result<Option<Entry>> {
        self.one("license = ?1 AND substr(text, 1, 6) = 'LIC2C.' ORDER BY serial DESC LIMIT 1", [license])
    }

    /// One code of a license.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn issue(&self, license: &str, serial: u32) -> Result<Option<Entry>> {
        self.one("license = ?1 AND serial = ?2 AND substr(text, 1, 6) = 'LIC2C.'", (license, serial))
    }

    /// The serial of the latest code of a license; 0 if there is none.
    pub(super) fn latest_serial(&self, license: &str) -> Result<u32> {
        let read = || -> std::result::Result<Option<u32>, Fault> {
            let mut statement = self
                .connection
                .prepare_cached("SELECT max(serial) FROM entry WHERE license = ?1 AND substr(text, 1, 6) = 'LIC2C.'")?;
            Ok(statement.query_row([license], |row| row.get(0))?)
        };
        read().map(Option::unwrap_or_default).map_err(|fault| self.fail(fault))
    }

    /// The entry with this key.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn by_idempotency(&self, key: &str) -> Result<Option<Entry>> {
        self.one("idempotency = ?1", [key])
    }

    /// An entry for this order that states a line where this one states none, or the other way round.
    pub(super) fn other_line(&self, kind: Kind, order: &str, has_line: bool) -> Result<Option<Entry>> {
        let letter = char::from(kind.letter()).to_string();
        self.one(
            "order_id = ?1 AND event_id IS NULL AND substr(text, 5, 1) = ?2 AND (order_line IS NULL) = ?3 \
             AND idempotency IS NOT NULL LIMIT 1",
            (order, letter, has_line),
        )
    }

    fn one(&self, condition: &str, values: impl rusqlite::Params) -> Result<Option<Entry>> {
        let read = || -> std::result::Result<Option<Entry>, Fault> {
            let mut statement = self.connection.prepare_cached(&format!("SELECT * FROM entry WHERE {condition}"))?;
            let mut rows = statement.query(values)?;
            rows.next()?.map(Entry::from_row).transpose()
        };
        read().map_err(|fault| self.fail(fault))
    }

    /// The entry of a text as somebody pasted it.
    ///
    /// # Errors
    /// Exit code 3 for what is no document, 5 if the ledger does not hold it, and as [`View::each`].
    pub fn pasted(&self, text: &[u8]) -> Result<Entry> {
        self.entries(&Filter::pasted(text)?)?.into_iter().next().ok_or_else(|| {
            Failure::new(Exit::Ledger, "the ledger does not contain this text")
                .hint("it was signed elsewhere, or not with this ledger; lic2-signer inspect shows its claims")
        })
    }
}
