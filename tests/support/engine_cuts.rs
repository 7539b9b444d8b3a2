//! Takes the power away in one call of the engine, everywhere, and says what came out badly.

use std::collections::HashSet;

use lic2::Error;
use lic2::memory_port::Torn;
use lic2::port::Slot;

use super::engine_device::{Broken, Device, Fault, Hardware};
use super::engine_steps::{Op, Snapshot};

/// What was tried and what came out badly.
#[derive(Debug, Default)]
pub struct Score {
    pub points: u64,
    pub bad: u64,
    /// The first bad ones, in words.
    pub told: Vec<String>,
}

impl Score {
    fn tried(&mut self, what: impl FnOnce() -> String, result: Result<(), String>) {
        self.points += 1;
        if let Err(problem) = result {
            self.bad += 1;
            if self.told.len() < 10 {
                self.told.push(format!("{}: {problem}", what()));
            }
        }
    }

    pub fn add(&mut self, other: Self) {
        self.points += other.points;
        self.bad += other.bad;
        self.told.extend(other.told);
        self.told.truncate(10);
    }
}

/// A call in the middle of a session.
pub struct Attack<'a> {
    /// The device before the call, with its session.
    pub before: Device,
    /// What was seen when the last call before it had answered.
    pub acknowledged: &'a Snapshot,
    /// Whether powered-on time counts, so that it is charged ahead.
    pub charges_time: bool,
    pub op: &'a Op,
    pub features: &'a [&'static str],
    /// The store breaks its promises like this.
    pub broken: Option<Broken>,
    pub effort: Effort,
}

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// The power goes at every so many bytes.
    pub stride: usize,
    /// After every so many of the states that cuts leave the call is repeated.
    pub repeats: usize,
    /// After every so many of them the power goes again in the repeated call; 0 for never.
    pub seconds: usize,
    /// It then goes at every so many bytes.
    pub second_stride: usize,
}

/// One of the states that a cut may leave, and how the device goes on from it.
struct End {
    /// The newest activation, as it is in its slot.
    newest: Vec<u8>,
    snapshot: Snapshot,
    repeated: Result<String, Error>,
    after: Snapshot,
}

/// How many of what the uncut call needs.
struct Cost {
    bytes: usize,
    writes: usize,
    counts: usize,
}

impl Attack<'_> {
    /// Takes the power at every byte in every style, around every write and every count.
    pub fn run(&self) -> Score {
        let mut score = Score::default();
        let cost = self.cost();
        if cost.writes == 0 {
            return score;
        }
        let ends = self.ends(&cost);
        score.tried(|| format!("{:?}: order", self.op), self.check_order(&ends));
        let mut seen = HashSet::new();
        let mut recovered = 0_usize;
        for fault in self.faults(&cost) {
            let (device, result) = self.cut(fault);
            let place = || format!("{:?} at {fault:?}", self.op);
            if result.is_ok() {
                score.tried(place, Err(format!("the call was cut off and answered {result:?}")));
                continue;
            }
            let key = (device.content(Slot::A), device.content(Slot::B), device.hardware.borrow().counter);
            if !seen.insert(key) {
                // The same bytes were recovered before.
                score.tried(place, Ok(()));
                continue;
            }
            let repeats = recovered % self.effort.repeats == 0;
            score.tried(place, self.recover(device.clone(), &ends, repeats));
            if recovered.checked_rem(self.effort.seconds) == Some(0) {
                score.add(self.second_cut(device));
            }
            recovered += 1;
        }
        score
    }

    fn device(&self, fault: Option<Fault>) -> Device {
        let mut device = self.before.clone();
        device.hardware().plan(fault);
        device.hardware().broken = self.broken;
        device
    }

    fn cost(&self) -> Cost {
        let mut device = self.device(None);
        device.hardware().broken = None;
        let bytes = device.hardware().store.bytes;
        let _ = device.resume(|engine| self.op.run(engine));
        let Hardware { store, writes, counts, .. } = device.hardware();
        Cost { bytes: usize::try_from(store.bytes - bytes).expect("few bytes"), writes: *writes, counts: *counts }
    }

    fn faults(&self, cost: &Cost) -> Vec<Fault> {
        let bytes = (0..cost.bytes).step_by(self.effort.stride);
        let mut faults: Vec<Fault> =
            bytes.flat_map(|after| Torn::ALL.map(|torn| Fault::Byte { after, torn })).collect();
        faults.extend((0..cost.writes).map(|write| Fault::Unacknowledged { write }));
        faults.extend((0..cost.counts).flat_map(|count| [false, true].map(|moved| Fault::Count { count, moved })));
        faults
    }

    fn cut(&self, fault: Fault) -> (Device, Result<String, Error>) {
        let mut device = self.device(Some(fault));
        let result = device.resume(|engine| self.op.run(engine)).and_then(|result| result);
        assert!(device.hardware().is_off, "{:?}: {fault:?} was not reached: {result:?}", self.op);
        device.hardware().broken = None;
        (device, result)
    }

    /// The old state, and the one after each write, from a store that keeps its promises.
    fn ends(&self, cost: &Cost) -> Vec<End> {
        let mut old = self.before.clone();
        old.hardware().plan(None);
        let mut last = [old.content(Slot::A), old.content(Slot::B)];
        let mut devices = Vec::new();
        for write in 0..cost.writes {
            let mut device = self.before.clone();
            device.hardware().plan(Some(Fault::Unacknowledged { write }));
            let _ = device.resume(|engine| self.op.run(engine));
            let slots = [device.content(Slot::A), device.content(Slot::B)];
            let [written, kept] = if slots[0] == last[0] { [1, 0] } else { [0, 1] };
            if write == 0 {
                devices.push((slots[kept].clone(), old.clone()));
            }
            devices.push((slots[written].clone(), device));
            last = slots;
        }
        devices.into_iter().map(|(newest, device)| self.end(newest, device)).collect()
    }

    fn end(&self, newest: Vec<u8>, mut device: Device) -> End {
        device.restart().expect("what a good store has kept can be opened");
        let snapshot = self.look(&device).expect("an open engine tells its state");
        let repeated = device.resume(|engine| self.op.run(engine)).and_then(|result| result);
        let after = self.look(&device).expect("an open engine tells its state");
        End { newest, snapshot, repeated, after }
    }

    fn look(&self, device: &Device) -> Result<Snapshot, Error> {
        Snapshot::of(device, self.features)
    }

    /// What was answered before the call stays answered, and the old state comes before the new one.
    fn check_order(&self, ends: &[End]) -> Result<(), String> {
        let told = self.acknowledged;
        for end in ends {
            // A sum over fewer licenses may be smaller.
            let (before, status) = (&told.status, &end.snapshot.status);
            let same = (before.licenses, before.list_number) == (status.licenses, status.list_number);
            for (name, (told, now)) in self.features.iter().zip(told.used.iter().zip(&end.snapshot.used)) {
                if same && now.is_some() && now < told {
                    return Err(format!("{told:?} of {name} were used, and after the cut {now:?}"));
                }
            }
            let behind = status.powered_seconds < before.powered_seconds || status.floor < before.floor;
            if self.charges_time && behind {
                return Err(format!("time runs backwards: {before:?}, after the cut {status:?}"));
            }
        }
        // Settling takes back what was charged ahead, an unlock what a wrong clock had shown.
        let may_lower = *self.op == Op::Settle || matches!(ends[0].repeated.as_deref(), Ok("UNLOCKED"));
        let lower = |pair: &[End]| pair[1].snapshot.status.floor < pair[0].snapshot.status.floor;
        if !may_lower && ends.windows(2).any(lower) {
            return Err("the floor runs backwards".to_owned());
        }
        Ok(())
    }

    /// Gives the power back, twice; the state has to be an allowed one, and to go on from there as if nothing had happened.
    fn recover(&self, mut device: Device, ends: &[End], repeats: bool) -> Result<(), String> {
        device.restart().map_err(|error| format!("it does not open: {}", error.name()))?;
        let first = device.resume(|engine| engine.status()).and_then(|status| status);
        device.restart().map_err(|error| format!("it does not open again: {}", error.name()))?;
        let snapshot = self.look(&device).map_err(|error| format!("it tells nothing: {}", error.name()))?;
        if first != Ok(snapshot.status) {
            return Err("two starts without a write differ".to_owned());
        }
        let mut same = ends.iter().filter(|end| is_same(&end.snapshot, &snapshot)).peekable();
        if same.peek().is_none() {
            return Err(format!("neither old nor new: {snapshot:?}"));
        }
        // A call that writes twice may leave two states that look alike.
        let stands = |end: &&End| {
            // Behind a complete write the rest of a longer old one may stand.
            let starts = |slot: &Slot| device.content(*slot).starts_with(&end.newest);
            end.newest.is_empty() || [Slot::A, Slot::B].iter().any(starts)
        };
        let Some(end) = same.find(stands) else {
            return Err("the state that is shown stands in no slot".to_owned());
        };
        if !repeats {
            return Ok(());
        }
        let repeated = device.resume(|engine| self.op.run(engine)).and_then(|result| result);
        // A request tells what is wrong with the device.
        let is_told = *self.op == Op::Request && snapshot != end.snapshot && repeated.is_ok();
        if repeated != end.repeated && !is_told {
            return Err(format!("repeated: {repeated:?} instead of {:?}", end.repeated));
        }
        let after = self.look(&device).map_err(|error| error.to_string())?;
        if after == end.after { Ok(()) } else { Err("the repeated call ends in another state".to_owned()) }
    }

    /// Repeats the call after the power came back, and takes the power away in it again.
    fn second_cut(&self, mut device: Device) -> Score {
        if device.restart().is_err() {
            return Score::default();
        }
        let effort = Effort { stride: self.effort.second_stride, repeats: 1, seconds: 0, second_stride: 0 };
        Attack { before: device, effort, ..*self }.run()
    }
}

/// The first write of a device's life leaves, when it is cut off, a damaged slot and nothing else: there is nothing to
/// fall back to, and the engine says so.
fn is_same(end: &Snapshot, seen: &Snapshot) -> bool {
    if end.status.condition.is_some() || seen.status.condition != Some(Error::StateCorrupt) {
        return end == seen;
    }
    let mut told = seen.status;
    (told.condition, told.refusal) = (end.status.condition, end.status.refusal);
    let corrupt = format!("{:?}", Error::StateCorrupt);
    let not_activated = format!("{:?}", Error::NotActivated);
    end.status.sequence == 0 && told == end.status && seen.content.replace(&corrupt, &not_activated) == end.content
}
