//! One life of a device: what happens to it by chance, and what has to come of it.

use std::fmt::Write;

use lic2::port::{Slot, Wall};
use lic2::{ClockState, Error, GRANTS_CLOCK, GRANTS_STATE, UnixSeconds};

use super::chance::Chance;
use super::compare::{difference, time_is_wrong, time_of};
use super::documents::{DAY, Document, LicenseSpec, TermSpec, Texts};
use super::seller::Seller;
use super::{Model, State, Time};
use crate::support::ISSUED;
use crate::support::engine_device::{Device, SECRET};
use crate::support::engine_documents::{nonce_of, ring};
use crate::support::engine_steps::{Op, apply_as_previewed};

/// A copy of the store, and what the device remembered then.
struct Copy {
    slots: [Vec<u8>; 2],
    counter: u32,
    stored: State,
    damage: Option<Error>,
}

/// What a device has answered, and must not forget.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Acknowledged {
    powered: u64,
    pub(super) floor: u64,
}

/// What has happened, in numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub operations: u64,
    pub granted: u64,
    pub cuts: u64,
    pub failures: u64,
    pub copies: u64,
}

pub struct Life {
    seed: u64,
    pub(super) chance: Chance,
    pub(super) device: Device,
    pub(super) model: Model,
    pub(super) seller: Seller,
    pub(super) texts: Texts,
    /// The true time, which nobody on the device knows for sure.
    pub(super) truth: u64,
    /// How wrong the clock is; `None` while it is not set.
    clock_error: Option<i64>,
    copy: Option<Copy>,
    pub(super) acknowledged: Acknowledged,
    /// Seconds since the start.
    elapsed: u64,
    /// How long each license in powered-on hours ran, since which powered-on second.
    ran: Vec<(&'static str, u64, u64)>,
    pub tally: Tally,
    /// A planted fault of the model.
    pub forgets_lists: bool,
    log: String,
}

impl Life {
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let truth = ISSUED + DAY + chance.below(1_000);
        let secret = (!chance.one_in(3)).then_some(SECRET);
        let mut device = Device::new(ring(), truth, secret, chance.one_in(2));
        match chance.below(8) {
            0 => device.clock.reading.wall = Wall::Absent,
            1 => device.clock.reading.uptime_seconds = None,
            _ => {}
        }
        device.open().expect("a new device opens");
        Self {
            seed,
            chance,
            device,
            model: Model::default(),
            seller: Seller::default(),
            texts: Texts::default(),
            truth,
            clock_error: Some(0),
            copy: None,
            acknowledged: Acknowledged::default(),
            elapsed: 0,
            ran: Vec::new(),
            tally: Tally::default(),
            forgets_lists: false,
            log: String::new(),
        }
    }

    pub fn run(&mut self, operations: u64) {
        for _ in 0..operations {
            self.step();
            self.tally.operations += 1;
        }
        self.rescue();
    }

    pub(super) fn fail(&self, problem: &str) -> ! {
        let tail = self.log.lines().rev().take(60).collect::<Vec<_>>();
        let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
        panic!("LIC2_MODEL_SEED={}\n{tail}\n{problem}", self.seed);
    }

    pub(super) fn note(&mut self, what: &str) {
        writeln!(self.log, "{} {what}", self.tally.operations).expect("a string takes everything");
    }

    fn step(&mut self) {
        match self.chance.below(100) {
            0..=17 => self.pass(),
            18..=23 => self.turn_clock(),
            24..=27 => {
                let seconds = self.chance.pick(&[0, 60, 3_600, DAY, 20 * DAY]);
                self.restart(seconds);
            }
            28 => self.copy_or_restore(),
            29 if self.chance.one_in(4) => self.wipe(),
            _ => self.call(),
        }
        self.verify();
    }

    fn pass(&mut self) {
        let seconds = self.chance.pick(&[1, 60, 600, 3_600, 6 * 3_600, DAY, 10 * DAY, 40 * DAY]);
        self.note(&format!("pass {seconds}"));
        let before = self.running_hours();
        self.truth += seconds;
        self.elapsed += seconds;
        self.device.clock.pass(seconds);
        self.verify();
        let after = self.running_hours();
        for (id, since, limit) in before {
            if !after.contains(&(id, since, limit)) {
                continue;
            }
            let place = self.ran.iter().position(|(other, at, _)| (*other, *at) == (id, since));
            let place = place.unwrap_or_else(|| {
                self.ran.push((id, since, 0));
                self.ran.len() - 1
            });
            self.ran[place].2 += seconds;
            if self.ran[place].2 > limit {
                self.fail(&format!("{id} ran {} s of {limit}", self.ran[place].2));
            }
        }
    }

    /// The granted licenses in powered-on hours: id, powered-on seconds at the activation, seconds that they may run.
    fn running_hours(&mut self) -> Vec<(&'static str, u64, u64)> {
        let time = self.time();
        let verdicts = self.model.judge(&time);
        let granted = self.model.live.licenses.iter().zip(verdicts).filter(|(_, verdict)| verdict.refusal.is_none());
        let hours = granted.filter_map(|(held, _)| match held.spec.term {
            TermSpec::Hours(hours) => {
                let limit = (u64::from(hours) + 24 * u64::from(held.spec.grace_days)) * 3_600;
                Some((held.spec.id, held.powered_at, limit))
            }
            TermSpec::Perpetual | TermSpec::Until(_) | TermSpec::Days(_) => None,
        });
        hours.collect()
    }

    /// Somebody sets the clock, rightly or wrongly, or it loses its time.
    fn turn_clock(&mut self) {
        const D: i64 = 86_400;
        self.clock_error = match self.chance.below(10) {
            0 => None,
            1..=4 => Some(0),
            _ => Some(self.chance.pick(&[-D / 2, -2 * D, -40 * D, 3_600, 5 * D, 29 * D, 45 * D, 400 * D])),
        };
        self.note(&format!("clock {:?}", self.clock_error));
        self.show_clock();
    }

    fn show_clock(&mut self) {
        if self.device.clock.reading.wall == Wall::Absent {
            return;
        }
        self.device.clock.reading.wall = match self.clock_error {
            None => Wall::Unset,
            Some(error) => Wall::Time(UnixSeconds(self.truth.saturating_add_signed(error))),
        };
    }

    /// The power goes and comes back.
    fn restart(&mut self, seconds_off: u64) {
        self.note(&format!("restart after {seconds_off}"));
        self.truth += seconds_off;
        self.show_clock();
        self.open();
        self.model.restart();
        let time = self.time();
        let Acknowledged { powered, floor } = self.acknowledged;
        if time.powered < powered || time.floor < floor {
            self.fail(&format!("time ran backwards: {time:?}, acknowledged {powered} {floor}"));
        }
    }

    pub(super) fn open(&mut self) {
        self.elapsed = 0;
        let counts = self.device.clock.reading.uptime_seconds.is_some();
        if let Err(error) = self.device.restart() {
            self.fail(&format!("it does not open: {}", error.name()));
        }
        assert_eq!(self.device.clock.reading.uptime_seconds.is_some(), counts);
    }

    /// Somebody keeps a copy of the store, or puts the one that was kept into its place.
    fn copy_or_restore(&mut self) {
        let Some(copy) = self.copy.take().filter(|_| self.chance.one_in(2)) else {
            let slots = [Slot::A, Slot::B].map(|slot| self.device.content(slot));
            let counter = self.device.hardware().counter;
            self.copy = Some(Copy { slots, counter, stored: self.model.stored.clone(), damage: self.model.damage });
            self.note("copy");
            return;
        };
        self.note("restore");
        self.replace_store(&copy.slots, copy.counter, copy.stored, copy.damage);
    }

    fn wipe(&mut self) {
        self.note("wipe");
        self.replace_store(&[Vec::new(), Vec::new()], 0, State::default(), None);
    }

    fn replace_store(&mut self, slots: &[Vec<u8>; 2], counter: u32, stored: State, damage: Option<Error>) {
        let hardware = self.device.hardware();
        hardware.store.set_content(Slot::A, &slots[0]);
        hardware.store.set_content(Slot::B, &slots[1]);
        let is_noticed = self.device.has_counter && self.device.hardware().counter != counter;
        self.model.stored = stored;
        self.model.damage = damage;
        if is_noticed {
            self.model.stored.is_rolled_back = true;
            self.model.stored.nonce = None;
        }
        self.acknowledged = Acknowledged::default();
        self.ran.clear();
        self.tally.copies += 1;
        self.open();
        self.model.restart();
    }

    pub(super) fn time(&mut self) -> Time {
        match time_of(&mut self.device) {
            Ok(time) => match time_is_wrong(&self.device, &time) {
                None => time,
                Some(problem) => self.fail(&problem),
            },
            Err(error) => self.fail(&format!("no status: {}", error.name())),
        }
    }

    /// Asks whether the product may run, as applications do all the time, and compares everything that can be seen.
    fn verify(&mut self) {
        let time = self.time();
        self.model.tick(&time);
        let writes = self.device.hardware().store.writes;
        let checked = self.device.resume(|engine| engine.check().map(|answer| answer.decision.verdict.is_granted()));
        match checked.and_then(|checked| checked) {
            Ok(granted) => self.tally.granted += u64::from(granted),
            Err(error) => self.fail(&format!("check: {}", error.name())),
        }
        if self.device.hardware().store.writes > writes {
            self.model.written();
        } else if self.model.is_unwritten() {
            self.fail("a trial has begun and is not stored");
        }
        if let Some(difference) = difference(&self.model, &mut self.device) {
            self.fail(&difference);
        }
        self.acknowledge(&time);
    }

    /// Time that may not be given back any more: all of it where powered-on time counts, and all but half of the session
    /// or a day where the calendar does.
    fn acknowledge(&mut self, time: &Time) {
        let (dates, hours) = self.model.time_matters();
        let is_absent = time.clock == ClockState::Absent;
        if time.counts_uptime && (hours || is_absent && dates) {
            self.acknowledged.powered = self.acknowledged.powered.max(time.powered);
        }
        if is_absent && time.counts_uptime && (hours || dates) {
            self.acknowledged.floor = self.acknowledged.floor.max(time.floor);
        } else if dates && !is_absent {
            let lag = if time.counts_uptime { (self.elapsed / 2).clamp(900, DAY) } else { DAY };
            self.acknowledged.floor = self.acknowledged.floor.max(time.floor.saturating_sub(lag));
        }
    }

    /// Whatever has happened: an unlock and a code bring a device back.
    fn rescue(&mut self) {
        self.note("rescue");
        self.clock_error = Some(0);
        self.restart(0);
        let request = self.device.resume(|engine| Op::Request.run(engine)).and_then(|result| result);
        let nonce = request.map(|request| nonce_of(&request));
        let nonce = nonce.unwrap_or_else(|error| self.fail(&format!("request: {}", error.name())));
        let unlock = Document::Unlock { nonce, issued_at: self.truth, grants: GRANTS_CLOCK | GRANTS_STATE };
        let counts_time =
            self.device.clock.reading.uptime_seconds.is_some() || self.device.clock.reading.wall != Wall::Absent;
        let term = if counts_time { TermSpec::Until(self.truth + 9 * DAY) } else { TermSpec::Perpetual };
        let spec = LicenseSpec { term, ..LicenseSpec::new("RESCUE", self.truth) };
        for document in [unlock, Document::License { spec, carries: false }] {
            let text = self.texts.of(&document);
            let applied =
                self.device.resume(|engine| apply_as_previewed(engine, &text)).and_then(|applied| Ok(applied?.outcome));
            if let Err(error) = applied {
                self.fail(&format!("no way back: {}", error.name()));
            }
        }
        let checked = self.device.resume(|engine| engine.check().map(|answer| answer.decision));
        match checked.and_then(|checked| checked) {
            Ok(decision) if decision.verdict.is_granted() => {}
            other => self.fail(&format!("no way back: {other:?}")),
        }
    }
}
