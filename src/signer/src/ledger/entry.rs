//! One entry of a ledger.

use lic2::UnixSeconds;
use rusqlite::Row;
use rusqlite::types::Value;

use super::event::Event;
use super::facts::Facts;
use super::fault::Fault;
use super::hash::Hash;
use crate::publickey::PublicKey;

/// An entry, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1 without a gap.
    pub seq: u64,
    /// When it happened: the time of issue, which `--at` may have stated.
    pub at: UnixSeconds,
    /// When it was recorded, by the clock of the machine.
    pub recorded_at: UnixSeconds,
    /// What happened.
    pub event: Event,
    /// Who did it.
    pub operator: String,
    /// The text's fields, or the subject of an entry without a text. Customer and order may be only here.
    pub facts: Facts,
    /// The line of the order.
    pub order_line: Option<String>,
    /// The marketplace's event.
    pub event_id: Option<String>,
    /// The device, in the seller's words.
    pub device: Option<String>,
    /// The public key that signed the text and the entry.
    pub signer: Option<PublicKey>,
    /// The document, byte for byte as issued.
    pub text: Option<String>,
    /// Whatever else there is to say, a JSON object.
    pub detail: String,
    /// What makes the same order the same.
    pub idempotency: Option<String>,
    /// What was asked for, a JSON object.
    pub intent: Option<String>,
    /// The hash of the entry before.
    pub previous: Hash,
    /// The hash of this one.
    pub hash: Hash,
    /// The signature over it.
    pub signature: Option<[u8; 64]>,
}

impl Entry {
    /// The columns in the order of [`super::COLUMNS`].
    pub(super) fn values(&self) -> Vec<Value> {
        let facts = &self.facts;
        let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
        let number = |number: Option<u32>| number.map_or(Value::Null, |number| Value::Integer(number.into()));
        let time = |time: UnixSeconds| Value::Integer(i64::try_from(time.0).unwrap_or(i64::MAX));
        vec![
            Value::Integer(i64::try_from(self.seq).unwrap_or(i64::MAX)),
            time(self.at),
            time(self.recorded_at),
            Value::Text(self.event.name().into()),
            Value::Text(self.operator.clone()),
            text(&facts.license),
            number(facts.serial),
            text(&facts.product),
            text(&facts.edition),
            text(&facts.class),
            number(facts.quantity),
            text(&facts.term),
            facts.expires_at.map_or(Value::Null, time),
            text(&facts.customer),
            text(&facts.order),
            text(&self.order_line),
            text(&self.event_id),
            text(&self.device),
            self.signer.map_or(Value::Null, |key| Value::Blob(key.to_vec())),
            text(&self.text),
            Value::Text(self.detail.clone()),
            text(&self.idempotency),
            text(&self.intent),
        ]
    }

    /// The entry in a row of `SELECT *`.
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let seq: i64 = row.get("seq")?;
        let wrong = |what| Fault::Entry(seq, what);
        let time = |name: &str| -> Result<Option<UnixSeconds>, Fault> {
            let seconds: Option<i64> = row.get(name)?;
            seconds
                .map(|seconds| u64::try_from(seconds).map(UnixSeconds).map_err(|_| wrong("a time before 1970")))
                .transpose()
        };
        let known = |name: &str| -> Result<UnixSeconds, Fault> { time(name)?.ok_or_else(|| wrong("it lacks a time")) };
        let event: String = row.get("event")?;
        Ok(Self {
            seq: u64::try_from(seq).map_err(|_| wrong("a number below 1"))?,
            at: known("at")?,
            recorded_at: known("recorded_at")?,
            event: Event::from_name(&event).ok_or_else(|| wrong("an event that this program does not know"))?,
            operator: row.get("operator")?,
            facts: Facts {
                license: row.get("license")?,
                serial: row.get("serial")?,
                product: row.get("product")?,
                edition: row.get("edition")?,
                class: row.get("class")?,
                quantity: row.get("quantity")?,
                term: row.get("term")?,
                expires_at: time("expires_at")?,
                customer: row.get("customer")?,
                order: row.get("order_id")?,
            },
            order_line: row.get("order_line")?,
            event_id: row.get("event_id")?,
            device: row.get("device")?,
            signer: row.get("signer")?,
            text: row.get("text")?,
            detail: row.get("detail")?,
            idempotency: row.get("idempotency")?,
            intent: row.get("intent")?,
            previous: row.get("previous")?,
            hash: row.get("hash")?,
            signature: row.get("signature")?,
        })
    }

    /// Whether it holds a code.
    #[must_use]
    pub fn is_code(&self) -> bool {
        self.text.as_ref().is_some_and(|text| text.starts_with("LIC2C."))
    }

    /// The detail as JSON.
    #[must_use]
    pub fn detail(&self) -> serde_json::Value {
        serde_json::from_str(&self.detail).unwrap_or_default()
    }
}
