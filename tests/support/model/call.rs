//! One call of the engine in a life, with or without a fault, and what has to come of it.

use lic2::memory_port::Torn;
use lic2::{DeviceContent, DocumentBuffer, Error, GRANTS_CLOCK, GRANTS_STATE, Outcome, read_device_document};

use super::compare::{difference, time_of};
use super::documents::Document;
use super::life::Life;
use super::meters::Report;
use super::seller::{FEATURES, IDS};
use super::{Model, Time};
use crate::support::engine_device::{Device, Fault, Stored};
use crate::support::engine_documents::nonce_of;
use crate::support::engine_steps::{Op, apply_as_previewed};

/// A call, and the document that it applies.
#[derive(Clone, Debug)]
struct Call {
    op: Op,
    document: Option<Document>,
}

impl Life {
    pub(super) fn call(&mut self) {
        let call = self.choose();
        let fault = self.choose_fault();
        let told = call.document.as_ref().map_or_else(|| format!("{:?}", call.op), |document| format!("{document:?}"));
        self.note(&format!("{told} {fault:?}"));
        match fault {
            None => self.call_well(&call),
            Some(fault) => self.call_badly(&call, fault),
        }
    }

    fn choose(&mut self) -> Call {
        let quotas = ["pages", "scans", "scans", "channels"];
        let amounts = [0, 1, 1, 2, 5, 30];
        let op = match self.chance.below(20) {
            0..=6 => return self.choose_document(),
            7..=10 => Op::Consume {
                name: self.chance.pick(&quotas),
                amount: self.chance.pick(&amounts),
                reservation: self.chance.pick(&[0, 0, 3, 10]),
            },
            11 => Op::GiveBack { name: self.chance.pick(&quotas), amount: self.chance.pick(&amounts) },
            12 => Op::Meter(self.chance.pick(&quotas)),
            13 => Op::Feature(self.chance.pick(&FEATURES)),
            14 => Op::Request,
            15 => Op::Deactivate(self.chance.pick(&IDS)),
            16 => Op::Usage(if self.chance.one_in(3) { self.chance.pick(&IDS) } else { "" }),
            17 => Op::UsageAccepted(self.model.live.reports.saturating_sub(u32::from(self.chance.one_in(4)))),
            18 if self.chance.one_in(2) => Op::Reverify,
            18 => Op::Settle,
            _ => Op::Check,
        };
        Call { op, document: None }
    }

    /// A new document, an old one again, or an unlock, right or wrong.
    fn choose_document(&mut self) -> Call {
        let issued_at = self.truth;
        let old = self.seller.issued.len() as u64;
        let document = match self.chance.below(10) {
            0..=2 if old > 0 => {
                let index = usize::try_from(self.chance.below(old)).expect("few documents");
                self.seller.issued[index].clone()
            }
            3 => {
                let nonce = self.model.live.nonce.filter(|_| !self.chance.one_in(5)).unwrap_or([7; 8]);
                let grants = self.chance.pick(&[GRANTS_CLOCK, GRANTS_STATE, GRANTS_CLOCK | GRANTS_STATE]);
                let unlock = Document::Unlock { nonce, issued_at, grants };
                self.seller.issued.push(unlock.clone());
                unlock
            }
            _ => self.seller.issue(issued_at, &mut self.chance),
        };
        Call { op: Op::Apply(self.texts.of(&document)), document: Some(document) }
    }

    fn choose_fault(&mut self) -> Option<Fault> {
        let after = usize::try_from(self.chance.below(1_800)).expect("few bytes");
        let write = usize::from(self.chance.one_in(4));
        let moved = self.chance.one_in(2);
        Some(match self.chance.below(40) {
            0..=3 => Fault::Byte { after, torn: self.chance.pick(&Torn::ALL) },
            4 => Fault::Unacknowledged { write },
            5 if self.device.has_counter => Fault::Count { count: write, moved },
            6..=8 => {
                Fault::FailedWrite { write, stored: self.chance.pick(&[Stored::Nothing, Stored::Half, Stored::All]) }
            }
            9 if self.device.has_counter => Fault::FailedCount { count: write, moved },
            _ => return None,
        })
    }

    fn call_well(&mut self, call: &Call) {
        let time = self.time();
        let mut next = self.model.clone();
        let expected = expect(&mut next, call, &time);
        let writes = self.device.hardware().store.writes;
        let seen = self.device.resume(|engine| call.op.run(engine)).and_then(|seen| seen);
        self.hold(call, &mut next, expected, seen.as_deref().map_err(|error| *error));
        let after = self.time();
        finish(&mut next, call, seen.is_ok(), &after);
        if self.forgets_lists {
            next.live.lists.clear();
        }
        if self.device.hardware().store.writes > writes {
            next.written();
        } else if next.is_unwritten() {
            self.fail("answered, and not stored");
        }
        if matches!(call.document, Some(Document::Unlock { grants, .. }) if grants & GRANTS_CLOCK != 0) {
            self.acknowledged.floor = 0;
        }
        if matches!(call.op, Op::Settle) {
            // What was charged ahead is taken back.
            self.acknowledged.floor = 0;
        }
        self.model = next;
    }

    /// Compares the answer, and tells the model what only the engine can know: nonces and texts.
    fn hold(&self, call: &Call, next: &mut Model, expected: Result<Expected, Error>, seen: Result<&str, Error>) {
        let problem = match (expected, seen) {
            (Err(expected), Err(seen)) if expected == seen => return,
            (Ok(Expected::Text(expected)), Ok(seen)) if expected == seen => return,
            (Ok(Expected::Anything), Ok(_)) => return,
            (Ok(Expected::Nonce), Ok(seen)) => {
                let nonce = nonce_of(seen);
                if next.live.nonce.is_none_or(|pending| pending == nonce) {
                    next.live.nonce = Some(nonce);
                    return;
                }
                "another nonce while a request is pending".to_owned()
            }
            (Ok(Expected::Receipt(id)), Ok(seen)) => {
                let given = next.deactivate(id, seen);
                if given == read_receipt(seen) {
                    return;
                }
                format!("receipt {:?}, expected {given:?}", read_receipt(seen))
            }
            (Ok(Expected::Report(expected)), Ok(seen)) => {
                let report = read_report(seen);
                if report == expected {
                    return;
                }
                format!("report {report:?}, expected {expected:?}")
            }
            (expected, seen) => format!("{call:?}: {seen:?}, expected {expected:?}"),
        };
        self.fail(&problem);
    }

    /// Makes the call with a fault, restarts where it happened, and finds the state that is allowed.
    fn call_badly(&mut self, call: &Call, fault: Fault) {
        let time = self.time();
        let candidates = self.candidates(call, &time);
        self.device.hardware().plan(Some(fault));
        let seen = self.device.resume(|engine| call.op.run(engine)).and_then(|seen| seen);
        let hardware = self.device.hardware();
        let is_cut = hardware.is_off;
        let has_failed = if let Fault::FailedWrite { write, .. } = fault {
            hardware.writes > write
        } else if let Fault::FailedCount { count, .. } = fault {
            hardware.counts > count
        } else {
            false
        };
        self.tally.cuts += u64::from(is_cut);
        self.tally.failures += u64::from(has_failed);
        if is_cut && seen.is_ok() {
            self.fail("the power went, and the call has answered");
        }
        let only_asks = matches!(call.op, Op::Check | Op::Feature(_) | Op::Meter(_) | Op::GiveBack { .. });
        let is_done = seen.is_ok() && !only_asks;
        self.open();
        let is_new = self.device.resume(|engine| engine.status().map(|status| status.sequence == 0));
        let is_new = is_new == Ok(Ok(true));
        let mut problems = Vec::new();
        for (number, mut candidate) in candidates.into_iter().enumerate() {
            if is_done && number < OLD {
                continue;
            }
            candidate.restart();
            for damage in [candidate.damage, is_new.then_some(Error::StateCorrupt)] {
                candidate.damage = damage;
                let problem = difference(&candidate, &mut self.device);
                let problem = problem.or_else(|| hidden(&candidate, &self.device));
                match problem.or_else(|| self.lists_differ(&candidate)) {
                    None => {
                        self.model = candidate;
                        self.acknowledged.floor =
                            if matches!(call.op, Op::Apply(_)) { 0 } else { self.acknowledged.floor };
                        return;
                    }
                    Some(problem) => problems.push(problem),
                }
            }
        }
        self.fail(&format!("after a fault neither old nor new; {seen:?}\n{}", problems.join("\n")));
    }

    /// A list that is held is known when it comes again. Tried on copies.
    fn lists_differ(&mut self, model: &Model) -> Option<String> {
        for list in &model.live.lists {
            let text = self.texts.of(&Document::List(list.clone()));
            let seen = self
                .device
                .clone()
                .resume(|engine| apply_as_previewed(engine, &text))
                .and_then(|seen| Ok(seen?.outcome));
            if seen != Ok(Outcome::AlreadyApplied) {
                return Some(format!("{list:?}: {seen:?}"));
            }
        }
        None
    }

    /// The states that a fault in the call may leave: the first [`OLD`] without it, the others with it.
    fn candidates(&mut self, call: &Call, time: &Time) -> Vec<Model> {
        let mut ticked = self.model.clone();
        ticked.tick(time);
        ticked.written();
        ticked.damage = None;
        let mut candidates = vec![self.model.clone(), ticked];
        let mut next = self.model.clone();
        let mut copy = self.device.clone();
        let writes = copy.hardware().store.writes;
        let expected = expect(&mut next, call, time);
        let seen = copy.resume(|engine| call.op.run(engine)).and_then(|seen| seen);
        match (expected, &seen) {
            (Ok(Expected::Nonce), Ok(seen)) => next.live.nonce = Some(nonce_of(seen)),
            (Ok(Expected::Receipt(id)), Ok(seen)) => drop(next.deactivate(id, seen)),
            _ => {}
        }
        if let Ok(after) = time_of(&mut copy) {
            finish(&mut next, call, seen.is_ok(), &after);
        }
        if copy.hardware().store.writes > writes {
            next.written();
        }
        candidates.push(next);
        if matches!(call.op, Op::Consume { .. }) {
            // The time could not be stored, what was reserved is lost with it, and then it was used nevertheless.
            let mut lost = self.model.clone();
            lost.restart();
            if expect(&mut lost, call, time).is_ok() {
                lost.written();
                candidates.push(lost);
            }
        }
        candidates
    }
}

/// How many of the candidates are without the call.
const OLD: usize = 2;

/// What a call has to answer.
#[derive(Debug)]
enum Expected {
    Text(String),
    Anything,
    Nonce,
    Receipt(&'static str),
    Report(Report),
}

/// Makes the call in the model.
fn expect(model: &mut Model, call: &Call, time: &Time) -> Result<Expected, Error> {
    let reading = |reading| Expected::Text(format!("{reading:?}"));
    let ticks = Op::Consume { name: "", amount: 0, reservation: 0 };
    let is_ticking = std::mem::discriminant(&call.op) == std::mem::discriminant(&ticks)
        || matches!(call.op, Op::Check | Op::Feature(_) | Op::GiveBack { .. } | Op::Meter(_));
    if is_ticking {
        model.tick(time);
    }
    match &call.op {
        Op::Apply(_) => {
            let document = call.document.as_ref().expect("a document is applied");
            model.apply(document, time).map(|outcome| Expected::Text(outcome.name().to_owned()))
        }
        Op::Consume { name, amount, reservation } => model.consume(name, *amount, *reservation, time).map(reading),
        Op::GiveBack { name, amount } => model.give_back(name, *amount, time).map(reading),
        Op::Meter(name) => model.meter(name, time).map(reading),
        Op::Check | Op::Feature(_) => Ok(Expected::Anything),
        Op::Request => Ok(Expected::Nonce),
        Op::Deactivate(id) => match model.may_deactivate(id)? {
            Some(receipt) => Ok(Expected::Text(receipt)),
            None => Ok(Expected::Receipt(id)),
        },
        Op::Usage(only) => model.usage(only).map(Expected::Report),
        Op::UsageAccepted(number) => model.usage_accepted(*number).map(|()| Expected::Text(String::new())),
        Op::Settle => {
            model.settle();
            Ok(Expected::Text(String::new()))
        }
        Op::Reverify => Ok(Expected::Text(String::new())),
    }
}

/// After a document was taken in, trials begin at the time that is then known.
fn finish(next: &mut Model, call: &Call, is_ok: bool, after: &Time) {
    let starts = matches!(call.document, Some(Document::License { .. } | Document::Token(_) | Document::Unlock { .. }));
    if is_ok && starts {
        next.tick(after);
    }
}

/// The first difference in what only later calls would show: reports, receipts, the pending request. Tried on copies.
fn hidden(model: &Model, device: &Device) -> Option<String> {
    let run = |device: &mut Device, op: &Op| device.resume(|engine| op.run(engine)).and_then(|seen| seen);
    for accepts in [false, true] {
        let (mut model, mut device) = (model.clone(), device.clone());
        if accepts && model.condition().is_none() {
            let number = model.live.reports;
            let seen = run(&mut device, &Op::UsageAccepted(number)).map(drop);
            if seen != model.usage_accepted(number) {
                return Some(format!("report {number}: {seen:?}"));
            }
        }
        let seen = run(&mut device, &Op::Usage("")).map(|text| read_report(&text));
        let expected = model.usage("");
        if seen != expected {
            return Some(format!("report {seen:?}, expected {expected:?}"));
        }
    }
    for id in IDS.into_iter().filter(|id| model.live.held(id).is_none()) {
        let seen = run(&mut device.clone(), &Op::Deactivate(id));
        if seen.clone().map(Some) != model.may_deactivate(id) {
            return Some(format!("{id} given back: {seen:?}"));
        }
    }
    let request = run(&mut device.clone(), &Op::Request).map(|request| nonce_of(&request));
    let is_other = model.live.nonce.is_some_and(|nonce| request != Ok(nonce));
    is_other.then(|| format!("request {request:?}, expected {:?}", model.live.nonce))
}

fn read_receipt(text: &str) -> Result<(u32, Vec<(String, u64)>), Error> {
    let mut memory = DocumentBuffer::new();
    let document = read_device_document(text.as_bytes(), &mut memory)?;
    let DeviceContent::Receipt(receipt) = document.content() else { panic!("no receipt: {text}") };
    Ok((receipt.serial, receipt.usage.map(|used| (used.feature.to_string(), used.used)).collect()))
}

fn read_report(text: &str) -> Report {
    let (number, text) = text.split_once(' ').expect("a number and a text");
    let mut memory = DocumentBuffer::new();
    let document = read_device_document(text.as_bytes(), &mut memory).expect("a device's document");
    let DeviceContent::UsageReport(report) = document.content() else { panic!("no report: {text}") };
    let entry = |entry: lic2::UsageEntry<'_>| {
        (entry.license.to_string(), entry.feature.to_string(), entry.used, entry.reported)
    };
    assert_eq!(number, report.number.to_string());
    (report.number, report.entries.map(entry).collect())
}
