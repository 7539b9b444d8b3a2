//! The power goes at every byte of every write of every call that writes: the device is then in the old state or the
//! new one, no counter runs backwards, and the call can be repeated.
//!
//! Prints `powercut.points` and `powercut.bad`. The stores of [`a_store_that_breaks_its_promises_is_noticed`] show that
//! bad points are seen.

mod support;

use lic2::port::Wall;
use lic2::{GRANTS_CLOCK, Reason, Term, UnixSeconds};
use support::ISSUED;
use support::engine_cuts::{Attack, Effort, Score};
use support::engine_device::{Broken, Device, SECRET};
use support::engine_documents::{DAY, code, issuer_code, license, list, nonce_of, quotas, ring, token, unlock, until};
use support::engine_steps::{Op, Snapshot};

const FEATURES: &[&str] = &["scans", "pages", "channels"];

/// Goes through a life step by step and attacks every step.
struct Life<'v> {
    device: Device,
    acknowledged: Snapshot,
    visit: &'v mut dyn FnMut(&Device, &Snapshot, &Op),
}

impl Life<'_> {
    /// Attacks the call, then makes it.
    fn step(&mut self, op: Op) -> String {
        (self.visit)(&self.device, &self.acknowledged, &op);
        let result = self.device.resume(|engine| op.run(engine)).and_then(|result| result);
        self.acknowledged = look(&self.device);
        result.unwrap_or_else(|error| panic!("{op:?}: {}", error.name()))
    }

    fn pass(&mut self, seconds: u64) {
        self.device.clock.pass(seconds);
    }

    fn set_clock(&mut self, wall: Wall) {
        self.device.clock.reading.wall = wall;
    }

    fn restart(&mut self) {
        self.device.restart().expect("it opens");
        self.acknowledged = look(&self.device);
    }
}

fn look(device: &Device) -> Snapshot {
    Snapshot::of(device, FEATURES).expect("an open engine tells its state")
}

fn scans(amount: u64, reservation: u64) -> Op {
    Op::Consume { name: "scans", amount, reservation }
}

/// A device with a clock: every kind of document, meters, reports.
fn life_with_clock(life: &mut Life<'_>) {
    let quota = quotas(100, 10);
    let more = quotas(200, 10);
    let base = |serial, days, features| code(&license("PL-1", serial, until(days)).with_features(features));
    life.step(Op::Request);
    life.step(Op::Apply(base(1, 0, &quota)));
    life.step(Op::Check);
    life.step(scans(5, 10));
    life.step(scans(3, 10));
    life.step(scans(20, 10));
    life.step(Op::GiveBack { name: "scans", amount: 4 });
    life.step(Op::Consume { name: "pages", amount: 12, reservation: 0 });
    life.step(Op::Usage(""));
    life.step(Op::UsageAccepted(1));
    life.pass(2 * DAY);
    life.step(Op::Check);
    life.step(Op::Apply(base(2, 365, &more)));
    life.step(scans(1, 50));
    life.step(Op::Apply(base(3, 100, &more)));
    let extra = quotas(30, 5);
    let add_on = license("ADD-1", 1, until(0)).with_add_on(true).with_features(&extra);
    life.step(Op::Apply(issuer_code(&add_on, true)));
    life.step(scans(190, 20));
    life.step(Op::Apply(list(1, ISSUED + 3 * DAY, &[("ADD-1", 2, Reason::Frozen)])));
    life.step(Op::Apply(list(2, ISSUED + 3 * DAY, &[])));
    life.step(Op::Apply(token(ISSUED + 4 * DAY)));
    life.step(Op::Deactivate("ADD-1"));
    life.step(Op::Settle);
}

/// Wrong clocks: a trial that waits for the time, a clock turned back, an unlock.
fn life_with_wrong_clock(life: &mut Life<'_>) {
    life.set_clock(Wall::Unset);
    life.step(Op::Apply(code(&license("TRIAL-1", 1, Term::DaysFromActivation(30)))));
    life.pass(3_000);
    life.set_clock(Wall::Time(UnixSeconds(ISSUED + DAY)));
    life.step(Op::Check);
    // Far ahead: a warning is stored, and after a day there it is believed.
    life.set_clock(Wall::Time(UnixSeconds(ISSUED + 400 * DAY)));
    life.step(Op::Check);
    life.pass(DAY);
    life.step(Op::Check);
    // Set right: now it is behind, and only an unlock helps.
    life.set_clock(Wall::Time(UnixSeconds(ISSUED + 3 * DAY)));
    let request = life.step(Op::Request);
    life.step(Op::Apply(unlock(nonce_of(&request), ISSUED + 3 * DAY, GRANTS_CLOCK)));
    life.step(Op::Check);
    life.pass(DAY + DAY / 8);
    life.step(Op::Check);
    life.restart();
    life.set_clock(Wall::Unset);
    life.step(Op::Apply(token(ISSUED + 6 * DAY)));
    life.step(Op::Deactivate("TRIAL-1"));
}

/// A device without a clock: powered-on time is charged ahead, through restarts.
fn life_without_clock(life: &mut Life<'_>) {
    life.set_clock(Wall::Absent);
    life.step(Op::Apply(token(ISSUED + DAY)));
    life.step(Op::Apply(code(&license("HOURS-1", 1, Term::PoweredHours(1000)))));
    life.pass(10);
    life.step(Op::Check);
    life.pass(1_000);
    life.step(Op::Check);
    life.step(Op::Settle);
    life.pass(5);
    life.step(Op::Feature("scans"));
    let quota = quotas(100, 10);
    let draft = license("TRIAL-1", 1, Term::DaysFromActivation(30)).with_features(&quota);
    life.step(Op::Apply(code(&draft)));
    life.pass(40_000);
    life.step(scans(7, 3));
    life.restart();
    life.pass(7_000);
    life.step(Op::Meter("scans"));
    life.step(scans(9, 3));
    life.step(Op::Settle);
}

type Script = fn(&mut Life<'_>);

/// What CI tries: every byte once; `LIC2_POWERCUT=all` repeats the call after every cut and cuts it off again more often.
fn every() -> Effort {
    match std::env::var_os("LIC2_POWERCUT") {
        None => Effort { stride: 1, repeats: 16, seconds: 307, second_stride: 29 },
        Some(_) => Effort { stride: 1, repeats: 1, seconds: 41, second_stride: 3 },
    }
}

fn attack(
    script: Script,
    secret: Option<&'static [u8]>,
    counter: bool,
    broken: Option<Broken>,
    effort: Effort,
) -> Score {
    let mut score = Score::default();
    let mut device = Device::new(ring(), ISSUED + 1_000, secret, counter);
    device.open().expect("it opens");
    let mut visit = |before: &Device, acknowledged: &Snapshot, op: &Op| {
        let (before, charges_time) = (before.clone(), before.clock.reading.wall == Wall::Absent);
        score.add(Attack { before, acknowledged, charges_time, op, features: FEATURES, broken, effort }.run());
    };
    let acknowledged = look(&device);
    script(&mut Life { device, acknowledged, visit: &mut visit });
    score
}

fn demand_good(name: &str, scores: impl IntoIterator<Item = Score>) {
    let mut score = Score::default();
    scores.into_iter().for_each(|one| score.add(one));
    println!("powercut.points {} {name}", score.points);
    println!("powercut.bad {} {name}", score.bad);
    assert_eq!(score.bad, 0, "{:#?}", score.told);
}

#[test]
fn a_sealed_device_with_a_clock() {
    let effort = every();
    demand_good("sealed", [false, true].map(|counter| attack(life_with_clock, Some(SECRET), counter, None, effort)));
}

#[test]
fn a_sealed_device_with_a_wrong_clock_or_none() {
    let effort = every();
    let lives: [Script; 2] = [life_with_wrong_clock, life_without_clock];
    let scores = lives.map(|life| [false, true].map(|counter| attack(life, Some(SECRET), counter, None, effort)));
    demand_good("sealed, wrong clock", scores.into_iter().flatten());
}

/// Every start checks every signature: the short lives exhaustively, the long one in steps.
#[test]
fn a_device_without_a_secret() {
    let every = every();
    let some = Effort { stride: 7 * every.stride, ..every };
    let short: [Script; 2] = [life_with_wrong_clock, life_without_clock];
    let scores = short.map(|life| [false, true].map(|counter| attack(life, None, counter, None, every)));
    let long = [false, true].map(|counter| attack(life_with_clock, None, counter, None, some));
    demand_good("unsealed", scores.into_iter().flatten().chain(long));
}

#[test]
fn a_store_that_breaks_its_promises_is_noticed() {
    let effort = Effort { stride: 11, repeats: 1, seconds: 0, second_stride: 0 };
    for broken in [Broken::BothSlots, Broken::OtherSlot, Broken::SaysYes] {
        let score = attack(life_with_clock, Some(SECRET), false, Some(broken), effort);
        println!("{broken:?}: {} bad of {}", score.bad, score.points);
        assert!(score.bad * 10 > score.points, "{broken:?}: {} bad of {}", score.bad, score.points);
    }
}
