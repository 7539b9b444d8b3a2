//! A device's document on its way into the ledger: looked up, compared and recorded in one transaction.

use lic2::seal::Sealed;
use lic2::{Proof, UnixSeconds};
use serde_json::Value;

use super::recording::{Book, note_recorded};
use crate::acceptance::Acceptance;
use crate::exit::{Exit, Failure, Result};
use crate::ledger::{Event, Filter, Ledger, Note, Writing, key_of_document};
use crate::ui;

/// A document that may be recorded.
#[derive(Debug)]
pub(super) struct Arrival<'l> {
    writing: Writing<'l>,
    event: Event,
    text: String,
    once: String,
    is_known: bool,
}

impl<'l> Arrival<'l> {
    /// Looks the document up and keeps others from writing until it is decided.
    pub(super) fn new(ledger: &'l mut Ledger, event: Event, text: &[u8]) -> Result<Self> {
        let text = Sealed::read(text).map_err(Failure::rejected)?.text().to_owned();
        let once = key_of_document(event, &text);
        let writing = ledger.begin()?;
        let is_known = writing.view().by_idempotency(&once)?.is_some();
        Ok(Self { writing, event, text, once, is_known })
    }

    /// Whether it was accepted before.
    pub(super) const fn is_known(&self) -> bool {
        self.is_known
    }

    /// The latest code of a license.
    pub(super) fn sold(&self, license: &str) -> Result<String> {
        let latest = self.writing.view().latest(license)?.and_then(|entry| entry.text);
        latest.ok_or_else(|| {
            Failure::new(Exit::Ledger, format!("the ledger holds no code of license {license}"))
                .hint("state what was sold with --code, or with --license, --serial and --device-key")
        })
    }

    /// The last document of this kind that was accepted from the device with this key.
    pub(super) fn last_of(&self, proof: Proof) -> Result<Option<String>> {
        let Some(device) = device_of(proof) else { return Ok(None) };
        let filter = Filter { events: vec![self.event], device: Some(device), last: Some(1), ..Filter::default() };
        Ok(self.writing.view().entries(&filter)?.pop().and_then(|entry| entry.text))
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
        let mut fields = Value::Object(serde_json::Map::new());
        acceptance.fields(&mut fields);
        let compared = fields["compared"].take();
        let note = Note {
            text: Some(&self.text),
            device: device_of(proof),
            once: Some(self.once),
            detail: [("compared".to_owned(), compared)].into_iter().collect(),
            ..Note::new(self.event, &operator, now)
        };
        let mut writing = self.writing;
        let pending = writing.note(&note)?;
        Ok(Accepted(pending.release(&writing.commit()?)))
    }
}

/// A document that is on the disk.
#[derive(Debug)]
pub(super) struct Accepted(crate::ledger::Recorded);

impl Accepted {
    /// Says where it stands.
    pub(super) fn note(&self, ledger: &Ledger) {
        note_recorded(&self.0, ledger);
    }
}

/// The device in words, if it can be told from others.
fn device_of(proof: Proof) -> Option<String> {
    match proof {
        Proof::Signed(key) => Some(format!("key:{}", ui::hex(&key))),
        Proof::Unsigned => None,
    }
}
