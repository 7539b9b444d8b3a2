//! A device's document on its way into the ledger: looked up, compared and recorded in one transaction.

use lic2::{Proof, UnixSeconds};
use serde_json::{Map, Value};

use super::recording::{Book, note_recorded_parts};
use crate::acceptance::Acceptance;
use crate::exit::{Exit, Failure, Result};
use crate::joined::Joined;
use crate::ledger::{Entry, Event, Filter, Ledger, Note, Pending, Recorded, Writing, key_of_document, state_part};
use crate::ui;

/// A document that may be recorded.
#[derive(Debug)]
pub(super) struct Arrival<'l> {
    writing: Writing<'l>,
    event: Event,
    texts: Vec<String>,
    once: String,
    known: Option<Entry>,
}

impl<'l> Arrival<'l> {
    /// Looks the document up, which may have parts, and keeps others from writing until it is decided.
    pub(super) fn new(ledger: &'l mut Ledger, event: Event, report: &Joined<'_>) -> Result<Self> {
        let texts = report.texts();
        let once = key_of_document(event, &texts.join("\n"));
        let writing = ledger.begin()?;
        let known = writing.view().by_idempotency(&once)?;
        Ok(Self { writing, event, texts, once, known })
    }

    /// Whether it was accepted before.
    pub(super) const fn is_known(&self) -> bool {
        self.known.is_some()
    }

    /// The latest code of a license.
    pub(super) fn sold(&self, license: &str) -> Result<String> {
        let latest = self.writing.view().latest(license)?.and_then(|entry| entry.text);
        latest.ok_or_else(|| {
            Failure::new(Exit::Ledger, format!("the ledger contains no code of license {license}"))
                .hint("pass the sold license with --code, or with --license, --serial and --device-key")
        })
    }

    /// The last document of this kind that was accepted from the device with this key, with all its parts.
    pub(super) fn last_of(&self, proof: Proof) -> Result<Vec<String>> {
        let Some(device) = device_of(proof) else { return Ok(Vec::new()) };
        let filter = Filter { events: vec![self.event], device: Some(device), last: Some(1), ..Filter::default() };
        let view = self.writing.view();
        let Some(last) = view.entries(&filter)?.pop() else { return Ok(Vec::new()) };
        Ok(view.parts_of(last)?.into_iter().filter_map(|entry| entry.text).collect())
    }

    /// Records it, unless it was recorded before.
    pub(super) fn accept(
        self,
        book: &Book,
        proof: Proof,
        acceptance: &Acceptance,
        now: UnixSeconds,
    ) -> Result<Accepted> {
        let operator = book.operator()?;
        let mut writing = self.writing;
        if let Some(known) = self.known {
            let repeat =
                |entry: Entry| Recorded { seq: entry.seq, text: entry.text.unwrap_or_default(), repeated: true };
            return Ok(Accepted(writing.view().parts_of(known)?.into_iter().map(repeat).collect()));
        }
        let mut fields = Value::Object(Map::new());
        acceptance.fields(&mut fields);
        let detail = Map::from_iter([("compared".to_owned(), fields["compared"].take())]);
        let arrived = Arrived { event: self.event, texts: &self.texts, once: self.once, proof, detail };
        let pending = record(&mut writing, arrived, &operator, now)?;
        let committed = writing.commit()?;
        Ok(Accepted(pending.into_iter().map(|pending| pending.release(&committed)).collect()))
    }
}

/// A device's document that was accepted.
pub(super) struct Arrived<'a> {
    pub(super) event: Event,
    pub(super) texts: &'a [String],
    /// The key by which it is found again.
    pub(super) once: String,
    pub(super) proof: Proof,
    pub(super) detail: Map<String, Value>,
}

/// Adds an entry for each part, one behind the other; the first one has the key.
pub(super) fn record(
    writing: &mut Writing<'_>,
    arrived: Arrived<'_>,
    operator: &str,
    now: UnixSeconds,
) -> Result<Vec<Pending>> {
    let Arrived { event, texts, once, proof, detail } = arrived;
    let mut once = Some(once);
    let mut pending = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let mut detail = detail.clone();
        state_part(&mut detail, index, texts.len());
        let (device, once) = (device_of(proof), once.take());
        let note = Note { text: Some(text), device, once, detail, ..Note::new(event, operator, now) };
        pending.push(writing.note(&note)?);
    }
    Ok(pending)
}

/// A document that is on the disk.
#[derive(Debug)]
pub(super) struct Accepted(Vec<Recorded>);

impl Accepted {
    /// Reports the entry.
    pub(super) fn note(&self, ledger: &Ledger) {
        note_recorded_parts(&self.0, ledger);
    }
}

/// The device in words, if it can be distinguished from others.
fn device_of(proof: Proof) -> Option<String> {
    match proof {
        Proof::Signed(key) => Some(format!("key:{}", ui::hex(&key))),
        Proof::Unsigned => None,
    }
}
