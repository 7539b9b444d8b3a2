//! Recording: the one transaction in which an order is looked up, signed and written.

use std::collections::HashMap;
use std::path::Path;

use lic2::{Kind, UnixSeconds};
use rusqlite::{Transaction, params_from_iter, types};
use serde_json::{Map, Value};

use super::entry::Entry;
use super::event::Event;
use super::facts::Facts;
use super::fault::Fault;
use super::idempotency::Same;
use super::note::Note;
use super::quota::Quota;
use super::view::{Head, View};
use super::{canonical, hash, idempotency};
use crate::exit::{Exit, Failure, Result};
use crate::intent::{self, Intent};
use crate::keyfile::PrivateKey;
use crate::publickey::PublicKey;
use crate::sealing::{Sealable, Sealer};
use crate::timespec;

/// Why a document is signed, and for whom.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// What happens.
    pub event: Event,
    /// Who does it.
    pub operator: &'a str,
    /// The order, if what is signed does not state one itself.
    pub order: Option<&'a str>,
    /// The line of the order.
    pub order_line: Option<&'a str>,
    /// The marketplace's event.
    pub event_id: Option<&'a str>,
    /// What else makes it the same when it comes again, if neither order nor event is stated.
    pub same: Option<Same<'a>>,
    /// Give out what is recorded for the order even if something else is stated now.
    pub recorded: bool,
    /// Whatever else there is to say.
    pub detail: Map<String, Value>,
}

impl<'a> Occasion<'a> {
    /// This, by this operator, and nothing else.
    #[must_use]
    pub fn new(event: Event, operator: &'a str) -> Self {
        Self {
            event,
            operator,
            order: None,
            order_line: None,
            event_id: None,
            same: None,
            recorded: false,
            detail: Map::new(),
        }
    }
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The entry's number.
    pub seq: u64,
    /// The text; empty for an entry without one.
    pub text: String,
    /// Whether it was there before.
    pub repeated: bool,
}

/// An entry that is not yet on the disk.
#[derive(Debug)]
#[must_use = "what is not released was signed in vain"]
pub struct Pending(Recorded);

impl Pending {
    /// The entry, now that it is on the disk.
    #[must_use]
    pub fn release(self, _: &Committed) -> Recorded {
        self.0
    }

    /// Whether it was in the ledger before.
    #[must_use]
    pub const fn is_repeated(&self) -> bool {
        self.0.repeated
    }
}

/// Proof that a transaction is on the disk.
#[derive(Debug)]
pub struct Committed(());

/// A transaction that holds the write lock. Dropped without [`Writing::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Writing<'l> {
    transaction: Transaction<'l>,
    path: &'l Path,
    head: Head,
    /// Quotas that were looked up, and what this transaction added.
    quotas: HashMap<PublicKey, Quota>,
    /// After an error of SQLite, which may have undone what was written before, nothing is written or committed.
    broken: bool,
}

impl<'l> Writing<'l> {
    pub(super) fn new(transaction: Transaction<'l>, path: &'l Path) -> Result<Self> {
        let head = View::new(&transaction, path).head()?;
        Ok(Self { transaction, path, head, quotas: HashMap::new(), broken: false })
    }

    /// What is in the ledger, with what this transaction added.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View::new(&self.transaction, self.path)
    }

    /// Gives out what is recorded for this order; or signs `draft`, with the next serial if it states none, and
    /// records it.
    ///
    /// # Errors
    /// Exit code 5 if the ledger holds another document for the same order, another code with the same license id and
    /// serial, or if the issuer's quota is used up; what [`Sealer::seal`] says; 2 if the ledger cannot be written.
    /// After an error with code 5, 1, 3 or 4 the transaction can continue.
    pub fn record<D: Sealable>(&mut self, draft: &mut D, sealer: &Sealer, occasion: &Occasion<'_>) -> Result<Pending> {
        self.check()?;
        let mut intent = draft.intent();
        intent.stated.insert("event".into(), occasion.event.name().into());
        let order = occasion.order.or(intent.order.as_deref());
        let key = idempotency::key(
            D::KIND,
            order,
            occasion.order_line,
            occasion.event_id,
            intent.fingerprint.as_deref(),
            occasion.same,
        );
        if let Some(found) = self.recorded_for(key.as_deref(), &intent, occasion)? {
            return Ok(found);
        }
        if occasion.event_id.is_none() {
            if let Some(order) = order {
                self.check_lines(D::KIND, order, occasion.order_line)?;
            }
        }
        let stated = draft.license().map(|(id, serial)| (id.to_owned(), serial));
        let latest = match &stated {
            Some((id, _)) => self.view().latest_serial(id)?,
            None => 0,
        };
        if let Some((_, None)) = stated {
            draft.set_serial(next_serial(latest)?);
        }
        let text = sealer.seal(draft)?;
        if let Some((id, Some(serial))) = &stated {
            if *serial <= latest {
                return self.same_code(id, *serial, latest, &text);
            }
        }
        let facts = facts_of(&text)?;
        let customer = intent.customer.clone().or_else(|| facts.customer.clone());
        let entry = Entry {
            facts: Facts { customer, order: order.map(Into::into).or_else(|| facts.order.clone()), ..facts },
            order_line: occasion.order_line.map(Into::into),
            event_id: occasion.event_id.map(Into::into),
            device: intent.device.clone(),
            text: Some(text),
            detail: canonical::object(&occasion.detail),
            idempotency: key,
            intent: Some(canonical::object(&intent.stated)),
            ..self.next(occasion.event, occasion.operator, draft.issued_at())
        };
        self.count(&entry, &sealer.key().public())?;
        self.append(entry, Some(sealer.key()))
    }

    /// The same for a document in parts: each is an entry, one behind the other, and the first one has the key of the order.
    ///
    /// # Errors
    /// As [`Writing::record`].
    pub fn record_parts<D: Sealable>(
        &mut self,
        whole: &Intent,
        parts: &[D],
        sealer: &Sealer,
        occasion: &Occasion<'_>,
    ) -> Result<Vec<Pending>> {
        self.check()?;
        let order = occasion.order.or(whole.order.as_deref());
        let mut key = idempotency::key(D::KIND, order, occasion.order_line, occasion.event_id, None, occasion.same);
        if let Some(key) = &key {
            if let Some(found) = self.view().by_idempotency(key)? {
                let found = self.view().parts_of(found)?;
                let mut whole = whole.clone();
                whole.stated.insert("event".into(), occasion.event.name().into());
                if let Some(first) = found.first() {
                    check_same(key, first, &joined(&found), &whole, occasion)?;
                }
                return Ok(found.into_iter().map(repeated).collect());
            }
        }
        if let (None, Some(order)) = (occasion.event_id, order) {
            self.check_lines(D::KIND, order, occasion.order_line)?;
        }
        let mut pending = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let text = sealer.seal(part)?;
            let mut intent = part.intent();
            intent.stated.insert("event".into(), occasion.event.name().into());
            let mut detail = occasion.detail.clone();
            state_part(&mut detail, index, parts.len());
            let facts = facts_of(&text)?;
            let entry = Entry {
                facts: Facts { order: order.map(Into::into), ..facts },
                order_line: occasion.order_line.map(Into::into),
                event_id: occasion.event_id.map(Into::into),
                text: Some(text),
                detail: canonical::object(&detail),
                idempotency: key.take(),
                intent: Some(canonical::object(&intent.stated)),
                ..self.next(occasion.event, occasion.operator, part.issued_at())
            };
            pending.push(self.append(entry, Some(sealer.key()))?);
        }
        Ok(pending)
    }

    /// What is recorded for this order, before anything is made of it: what it was made from may have changed since.
    ///
    /// # Errors
    /// As [`Writing::record`].
    pub fn recorded(&self, kind: Kind, intent: &Intent, occasion: &Occasion<'_>) -> Result<Option<Pending>> {
        self.check()?;
        let mut intent = intent.clone();
        intent.stated.insert("event".into(), occasion.event.name().into());
        let order = occasion.order.or(intent.order.as_deref());
        let (line, event) = (occasion.order_line, occasion.event_id);
        let key = idempotency::key(kind, order, line, event, intent.fingerprint.as_deref(), occasion.same);
        self.recorded_for(key.as_deref(), &intent, occasion)
    }

    /// Adds an entry that is not signed for an order.
    ///
    /// # Errors
    /// Exit code 3 for a text that is no document; 5 for a code that is in the way; 2 if the ledger cannot be written.
    pub fn note(&mut self, note: &Note<'_>) -> Result<Pending> {
        self.check()?;
        if let Some(once) = &note.once {
            if let Some(found) = self.view().by_idempotency(once)? {
                return Ok(repeated(found));
            }
        }
        let mut facts = note.facts.clone();
        if let Some(text) = note.text {
            let stated = facts_of(text)?;
            facts = Facts {
                customer: facts.customer.or(stated.customer.clone()),
                order: facts.order.or(stated.order.clone()),
                ..stated
            };
        }
        let entry = Entry {
            facts,
            order_line: note.order_line.map(Into::into),
            event_id: note.event_id.map(Into::into),
            device: note.device.clone(),
            text: note.text.map(Into::into),
            detail: canonical::object(&note.detail),
            idempotency: note.once.clone(),
            ..self.next(note.event, note.operator, note.at)
        };
        self.append(entry, note.signer)
    }

    /// Writes everything through to the disk.
    ///
    /// # Errors
    /// Exit code 2 if that fails; then nothing of the transaction is in the ledger.
    pub fn commit(self) -> Result<Committed> {
        self.check()?;
        let path = self.path;
        self.transaction.commit().map_err(|error| Fault::from(error).at(path))?;
        Ok(Committed(()))
    }

    /// Some errors make SQLite end the transaction on its own; further entries would be written without one.
    fn check(&self) -> Result<()> {
        if self.broken || self.transaction.is_autocommit() {
            return Err(Failure::new(
                Exit::Io,
                format!("{}: an earlier error ended the transaction", self.path.display()),
            )
            .hint("nothing of it was recorded: try again"));
        }
        Ok(())
    }

    fn recorded_for(&self, key: Option<&str>, intent: &Intent, occasion: &Occasion<'_>) -> Result<Option<Pending>> {
        let Some(key) = key else { return Ok(None) };
        let Some(found) = self.view().by_idempotency(key)? else { return Ok(None) };
        let before = found.intent.as_deref().and_then(|intent| serde_json::from_str(intent).ok()).unwrap_or_default();
        check_same(key, &found, &before, intent, occasion)?;
        Ok(Some(repeated(found)))
    }

    /// An order is recorded either as a whole or by its lines: otherwise the same line could be sold twice.
    fn check_lines(&self, kind: Kind, order: &str, line: Option<&str>) -> Result<()> {
        let Some(found) = self.view().other_line(kind, order, line.is_some())? else { return Ok(()) };
        let (seq, said) = (found.seq, found.order_line.as_deref());
        Err(match said {
            Some(said) => Failure::new(Exit::Ledger, format!("entry {seq} has order {order} with the line {said}"))
                .hint("pass the line with --order-line"),
            None => Failure::new(Exit::Ledger, format!("entry {seq} has order {order} without a line"))
                .hint("omit --order-line, or give the lines separate orders"),
        })
    }

    /// A serial that is not above the latest one is not a new code.
    fn same_code(&self, id: &str, serial: u32, latest: u32, text: &str) -> Result<Pending> {
        let hint = format!(
            "omit --serial for issue {}; see lic2-signer ledger search --license {id}",
            latest.saturating_add(1)
        );
        match self.view().issue(id, serial)? {
            Some(found) if found.text.as_deref() == Some(text) => Ok(repeated(found)),
            Some(found) => Err(Failure::new(
                Exit::Ledger,
                format!("issue {serial} of license {id} is in entry {} with different content", found.seq),
            )
            .hint(hint)),
            None => Err(Failure::new(
                Exit::Ledger,
                format!("issue {serial} of license {id} is not later than issue {latest}, which is in the ledger"),
            )
            .hint(hint)),
        }
    }

    /// Checks a production code against the issuer's quota.
    fn count(&mut self, entry: &Entry, issuer: &PublicKey) -> Result<()> {
        if !entry.is_code() || entry.facts.class.as_deref() == Some("test") {
            return Ok(());
        }
        let quota = match self.quotas.get(issuer) {
            Some(quota) => *quota,
            None => self.view().quota(issuer)?,
        };
        quota.check(issuer)?;
        self.quotas.insert(*issuer, Quota { used: quota.used.saturating_add(1), ..quota });
        Ok(())
    }

    /// An entry of its number and time, without content.
    fn next(&self, event: Event, operator: &str, at: UnixSeconds) -> Entry {
        Entry {
            seq: self.head.seq.saturating_add(1),
            at,
            recorded_at: timespec::now(),
            event,
            operator: operator.into(),
            facts: Facts::default(),
            order_line: None,
            event_id: None,
            device: None,
            signer: None,
            text: None,
            detail: "{}".into(),
            idempotency: None,
            intent: None,
            previous: self.head.hash,
            hash: hash::FIRST,
            signature: None,
        }
    }

    fn append(&mut self, mut entry: Entry, key: Option<&PrivateKey>) -> Result<Pending> {
        entry.signer = key.map(PrivateKey::public);
        let mut values = entry.values();
        entry.hash = hash::of_entry(values.iter().map(Into::into), &entry.previous);
        entry.signature = key.map(|key| hash::sign(&entry.hash, key)).transpose()?;
        values.push(types::Value::Blob(entry.previous.to_vec()));
        values.push(types::Value::Blob(entry.hash.to_vec()));
        values.push(entry.signature.map_or(types::Value::Null, |signature| types::Value::Blob(signature.to_vec())));
        self.insert(values).map_err(|error| {
            self.broken = true;
            Fault::from(error).at(self.path)
        })?;
        if entry.event == Event::Quota {
            self.quotas.clear();
        }
        self.head = Head { seq: entry.seq, hash: entry.hash };
        Ok(Pending(Recorded { seq: entry.seq, text: entry.text.unwrap_or_default(), repeated: false }))
    }

    fn insert(&self, values: Vec<types::Value>) -> rusqlite::Result<()> {
        let places = vec!["?"; values.len()].join(", ");
        let mut statement = self.transaction.prepare_cached(&format!("INSERT INTO entry VALUES ({places})"))?;
        statement.execute(params_from_iter(values)).map(drop)
    }
}

/// Records in the detail of an entry which part of several it is; nothing for a single entry.
pub fn state_part(detail: &mut Map<String, Value>, index: usize, count: usize) {
    if count > 1 {
        detail.insert("part".into(), index.saturating_add(1).into());
        detail.insert("parts".into(), count.into());
    }
}

/// What was asked for, by the entries of all parts: every part has its share of a list.
fn joined(parts: &[Entry]) -> Map<String, Value> {
    let mut joined = Map::new();
    for part in parts {
        let stated: Map<String, Value> =
            part.intent.as_deref().and_then(|intent| serde_json::from_str(intent).ok()).unwrap_or_default();
        for (name, value) in stated {
            match (joined.get_mut(&name), value) {
                (Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
                (Some(_), _) => {}
                (None, value) => {
                    joined.insert(name, value);
                }
            }
        }
    }
    joined
}

/// Refuses a different request for the same order, unless the recorded document is wanted.
fn check_same(
    key: &str,
    found: &Entry,
    before: &Map<String, Value>,
    intent: &Intent,
    occasion: &Occasion<'_>,
) -> Result<()> {
    let differences = intent::differences(before, &intent.stated);
    if differences.is_empty() || occasion.recorded {
        return Ok(());
    }
    let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
    let (seq, at) = (found.seq, timespec::format(found.at));
    Err(Failure::new(
        Exit::Ledger,
        format!(
            "entry {seq} of {at} is for the same {}, with different content: {}",
            key_words(key),
            differences.join("; ")
        ),
    )
    .hint("pass --recorded to print the recorded document; a new sale needs its own order or event id"))
}

fn repeated(found: Entry) -> Pending {
    Pending(Recorded { seq: found.seq, text: found.text.unwrap_or_default(), repeated: true })
}

fn facts_of(text: &str) -> Result<Facts> {
    Facts::of_text(text.as_bytes()).map_err(Failure::rejected)
}

fn next_serial(latest: u32) -> Result<u32> {
    latest.checked_add(1).ok_or_else(|| Failure::new(Exit::Ledger, "the license has its last possible serial"))
}

/// A key as a person would say it.
fn key_words(key: &str) -> String {
    let parts: Vec<Option<String>> = serde_json::from_str(key).unwrap_or_default();
    let parts: Vec<&str> = parts.iter().map(|part| part.as_deref().unwrap_or("any device")).collect();
    match parts.as_slice() {
        [_, "event", event, device] => format!("event {event} and device {device}"),
        [_, "order", order, line] => format!("order {order}, line {line}"),
        [_, "order", order] => format!("order {order}"),
        [_, "issue", license, serial] => format!("issue {serial} of license {license}"),
        [_, "row", batch, number] => format!("row {number} of batch {batch}"),
        _ => "order".into(),
    }
}
