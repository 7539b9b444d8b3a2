//! Whether a ledger is intact: every entry as recorded, none missing, none added, and each in agreement with its text.
//!
//! Hashes and order are checked while reading; signatures, which take most of the time, on every processor.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use rusqlite::types::ValueRef;

use super::entry::Entry;
use super::event::Event;
use super::fault::Fault;
use super::hash::{self, Hash};
use super::open::Ledger;
use super::trust::{Demands, Trust};
use super::view::Head;
use super::{COLUMNS, content, quota, schema};
use crate::exit::Result;
use crate::publickey::PublicKey;

/// Entries that a thread takes at once.
const PORTION: usize = 256;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many entries there are.
    pub entries: u64,
    /// The last entry.
    pub head: Option<Head>,
    /// How many entries each key has signed.
    pub signed: BTreeMap<PublicKey, u64>,
    /// Entries at the end that no signature covers: anyone who can write the file can change them without a trace.
    pub unsigned_tail: u64,
    /// Whatever is wrong, in the order of the entries.
    pub findings: Vec<Finding>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The entry; 0 for the file.
    pub seq: i64,
    /// A sentence without its end.
    pub what: String,
}

impl Finding {
    pub(super) fn new(seq: i64, what: impl Into<String>) -> Self {
        Self { seq, what: what.into() }
    }
}

/// An entry with what the hash of its columns is, and the key that may have signed it.
struct Work {
    entry: Entry,
    computed: Hash,
}

impl Ledger {
    /// Checks everything that `demands` ask for.
    ///
    /// # Errors
    /// Exit code 2 if the file cannot be read. Problems with the entries are in the report.
    pub fn verify(&self, demands: &Demands) -> Result<Report> {
        self.check_all(demands).map_err(|fault| self.view().fail(fault))
    }

    fn check_all(&self, demands: &Demands) -> std::result::Result<Report, Fault> {
        // One transaction: a process that writes meanwhile does not show.
        let connection = self.connection();
        let transaction = connection.unchecked_transaction()?;
        let mut report = Report::default();
        for name in schema::changed(connection)? {
            report.findings.push(Finding::new(0, format!("the rules of the file were changed: {name}")));
        }
        if !demands.quick {
            let mut statement = connection.prepare("PRAGMA integrity_check")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let word: String = row.get(0)?;
                if word != "ok" {
                    report.findings.push(Finding::new(0, format!("the file is damaged: {word}")));
                }
            }
        }
        let trust = Trust::new(demands, connection)?;
        let (sender, receiver) = sync_channel::<Vec<Work>>(8);
        let receiver = Mutex::new(receiver);
        let (receiver, trust) = (&receiver, &trust);
        thread::scope(|scope| {
            let threads = thread::available_parallelism().map_or(1, usize::from).min(16);
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(move || work(receiver, trust))).collect();
            let mut portion = Vec::with_capacity(PORTION);
            let mut chain = Chain::new(demands);
            let walked = chain.walk(self, &mut report, |work| {
                if !demands.quick {
                    portion.push(work);
                    if portion.len() == PORTION {
                        // The workers end when the sender does, not before.
                        let _ = sender.send(std::mem::take(&mut portion));
                    }
                }
            });
            let _ = sender.send(portion);
            drop(sender);
            for worker in workers {
                report.findings.extend(worker.join().unwrap_or_else(|_| vec![Finding::new(0, "a check did not end")]));
            }
            walked
        })?;
        drop(transaction);
        report.findings.sort();
        report.findings.dedup();
        Ok(report)
    }
}

/// Checks signatures and texts until there are no more.
fn work(receiver: &Mutex<Receiver<Vec<Work>>>, trust: &Trust) -> Vec<Finding> {
    let mut findings = Vec::new();
    loop {
        let next = receiver.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(portion) = next else { return findings };
        for Work { entry, computed } in portion {
            let seq = i64::try_from(entry.seq).unwrap_or(i64::MAX);
            let mut add = |what: String| findings.push(Finding { seq, what });
            // With anchors, nothing of a text is decoded before its signature is found good.
            if trust.check(&entry, &computed, &mut add) {
                content::check(&entry, &mut add);
            }
        }
    }
}

/// What every entry has to follow from.
struct Chain<'d> {
    demands: &'d Demands,
    before: Head,
    serials: HashMap<String, u32>,
    quotas: HashMap<String, u64>,
    produced: HashMap<PublicKey, u64>,
    found_head: bool,
}

impl<'d> Chain<'d> {
    fn new(demands: &'d Demands) -> Self {
        Self {
            demands,
            before: Head { seq: 0, hash: hash::FIRST },
            serials: HashMap::new(),
            quotas: HashMap::new(),
            produced: HashMap::new(),
            found_head: false,
        }
    }

    fn walk(
        &mut self,
        ledger: &Ledger,
        report: &mut Report,
        mut take: impl FnMut(Work),
    ) -> std::result::Result<(), Fault> {
        let mut statement = ledger.connection().prepare("SELECT * FROM entry ORDER BY seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut columns = Vec::with_capacity(COLUMNS.len());
            for column in 0..COLUMNS.len() {
                columns.push(row.get_ref(column)?);
            }
            let seq = columns.first().map_or(0, |value| if let ValueRef::Integer(seq) = value { *seq } else { 0 });
            report.entries = report.entries.saturating_add(1);
            let entry = match Entry::from_row(row) {
                Ok(entry) => entry,
                Err(Fault::Entry(seq, what)) => {
                    report.findings.push(Finding::new(seq, what));
                    continue;
                }
                Err(Fault::Sqlite(error)) if error.sqlite_error_code().is_none() => {
                    report.findings.push(Finding::new(seq, format!("a column cannot be read: {error}")));
                    continue;
                }
                Err(fault) => return Err(fault),
            };
            let computed = hash::of_entry(columns.into_iter(), &entry.previous);
            self.follow(&entry, seq, &computed, report);
            take(Work { entry, computed });
        }
        self.finish(report);
        Ok(())
    }

    fn follow(&mut self, entry: &Entry, seq: i64, computed: &Hash, report: &mut Report) {
        let mut add = |what: String| report.findings.push(Finding { seq, what });
        let expected = self.before.seq.saturating_add(1);
        if entry.seq != expected {
            add(format!("entry {expected} is missing before it"));
        }
        if entry.previous != self.before.hash {
            add("it does not follow from the previous entry: an entry was changed, removed, inserted or moved".into());
        }
        if entry.hash != *computed {
            add("it was changed: its hash differs".into());
        }
        if (entry.event == Event::Init) != (entry.seq == 1) {
            add(format!("the event {} at this place", entry.event));
        }
        if let (true, Some(license), Some(serial)) = (entry.is_code(), &entry.facts.license, entry.facts.serial) {
            let before = self.serials.insert(license.clone(), serial).unwrap_or(0);
            if serial <= before {
                add(format!("issue {serial} of license {license} comes after issue {before}"));
            }
        }
        if let Some(what) = self.count(entry) {
            add(what);
        }
        if let Some(key) = &entry.signer {
            let count = report.signed.entry(*key).or_default();
            *count = count.saturating_add(1);
            report.unsigned_tail = 0;
        } else {
            report.unsigned_tail = report.unsigned_tail.saturating_add(1);
        }
        self.before = Head { seq: entry.seq, hash: *computed };
        if let Some(head) = self.demands.head.filter(|head| head.seq == entry.seq) {
            self.found_head = true;
            if head.hash != *computed {
                add("it is not the entry whose hash was saved as head".into());
            }
        }
    }

    /// More codes than the quota that applied at the time.
    fn count(&mut self, entry: &Entry) -> Option<String> {
        if entry.event == Event::Quota {
            let detail = entry.detail();
            let issuer = detail["issuer"].as_str()?.to_owned();
            match quota::max_of(&entry.detail)? {
                Some(max) => self.quotas.insert(issuer, max),
                None => self.quotas.remove(&issuer),
            };
            return None;
        }
        if !entry.is_code() || entry.facts.class.as_deref() == Some("test") {
            return None;
        }
        let signer = entry.signer?;
        let count = self.produced.entry(signer).or_default();
        *count = count.saturating_add(1);
        let max = self.quotas.get(&crate::ui::hex(&signer))?;
        (*count > *max).then(|| format!("it is production code {count} of its issuer, and the quota was {max}"))
    }

    fn finish(&self, report: &mut Report) {
        if report.entries == 0 {
            report.findings.push(Finding::new(0, "there is no entry: a ledger has at least the one of its creation"));
        }
        report.head = Some(self.before);
        if let Some(head) = self.demands.head.filter(|_| !self.found_head) {
            report.findings.push(Finding::new(
                0,
                format!(
                    "entry {}, whose hash was saved as head, is missing: the end of the ledger was cut off",
                    head.seq
                ),
            ));
        }
    }
}
