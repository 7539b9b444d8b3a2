//! The rules of docs/STATE.md §5, each seen to hold: what a clock may show, what follows, and how to get back.

mod support;

use lic2::memory_port::{FixedIdentity, ManualClock, MemoryDevice};
use lic2::port::Wall;
use lic2::seal::{TimeTokenDraft, UnlockDraft, seal_time_token, seal_unlock};
use lic2::{Ask, ClockState, Engine, Error, Feature, KeyRing, Memory, Outcome, Profile, Right, Term, UnixSeconds};
use support::{ISSUED, Key, PLAIN, UNTIL};

const DAY: u64 = 86_400;
const PROFILE: Profile<'static> = Profile::new("vision-appliance");

/// A device, its memory and its keys; every step opens the engine again or goes on, as the test says.
struct Bench {
    ring: KeyRing,
    device: MemoryDevice<'static>,
    memory: Memory,
}

impl Bench {
    fn new(clock: ManualClock) -> Self {
        let ring = KeyRing::new(&[Key::anchor().public()]).expect("a good key");
        let identity = FixedIdentity::new(&[]);
        let mut bench = Self { ring, device: MemoryDevice::new(clock, identity), memory: Memory::new() };
        bench.restart();
        bench
    }

    /// With the usual license of a year, activated a thousand seconds after its issue.
    fn licensed() -> Self {
        let mut bench = Self::new(ManualClock::at(UnixSeconds(ISSUED + 1000)));
        assert_eq!(bench.apply(&Key::anchor().code(&PLAIN)), Ok(Outcome::Activated));
        bench.granted(ClockState::Good);
        bench
    }

    fn restart(&mut self) {
        Engine::open(&mut self.memory, &self.ring, PROFILE, self.device.ports()).expect("it opens");
    }

    fn engine(&mut self) -> Engine<'_> {
        Engine::resume(&mut self.memory, &self.ring, PROFILE, self.device.ports()).expect("it is open")
    }

    fn apply(&mut self, text: &str) -> Result<Outcome, Error> {
        self.engine().apply(text.as_bytes()).map(|applied| applied.outcome)
    }

    fn set(&mut self, time: u64) {
        self.device.clock.reading.wall = Wall::Time(UnixSeconds(time));
    }

    /// The refusal, and what the clock was found to be.
    fn check(&mut self) -> (Option<Error>, ClockState) {
        let mut engine = self.engine();
        let answer = engine.check().expect("a decision");
        (answer.decision.refusal, answer.clock)
    }

    fn granted(&mut self, clock: ClockState) {
        assert_eq!(self.check(), (None, clock));
    }

    fn refused(&mut self, error: Error, clock: ClockState) {
        assert_eq!(self.check(), (Some(error), clock));
    }

    fn token(&mut self, time: u64) -> Result<Outcome, Error> {
        let draft = TimeTokenDraft::new("", UnixSeconds(time));
        let key = Key::anchor();
        let sealed = seal_time_token(&draft, &key.public(), None, |m| key.sign(m)).expect("within the limits");
        self.apply(sealed.text())
    }

    fn unlock(&mut self, time: u64, grants: u8) -> Result<Outcome, Error> {
        let mut out = [0; 1024];
        let request = self.engine().request(&Ask::default(), &mut out).expect("a request").to_owned();
        let mut buffer = lic2::DocumentBuffer::new();
        let read = lic2::read_device_document(request.as_bytes(), &mut buffer).expect("a good request");
        let lic2::DeviceContent::Request(request) = read.content() else { panic!("a request") };
        let draft = UnlockDraft::new(request.nonce, grants, PROFILE.product, UnixSeconds(time))
            .with_binding(lic2::seal::BindingDraft::None);
        let key = Key::anchor();
        let sealed = seal_unlock(&draft, &key.public(), None, |m| key.sign(m)).expect("within the limits");
        self.apply(sealed.text())
    }
}

#[test]
fn a_clock_behind_by_less_than_a_day_counts_as_the_floor() {
    let mut bench = Bench::licensed();
    bench.set(ISSUED + 1000 - DAY);
    bench.granted(ClockState::Good);
    bench.set(ISSUED + 999 - DAY);
    bench.refused(Error::ClockBehind, ClockState::Behind);
    bench.set(ISSUED + 1000);
    bench.granted(ClockState::Good);
}

#[test]
fn a_clock_set_back_after_the_end_brings_nothing_back() {
    let mut bench = Bench::licensed();
    for day in 1..=365 {
        bench.set(ISSUED + day * DAY);
        bench.check();
    }
    bench.refused(Error::Expired, ClockState::Good);
    bench.set(ISSUED + 2000);
    bench.refused(Error::ClockBehind, ClockState::Behind);
    bench.restart();
    bench.refused(Error::ClockBehind, ClockState::Behind);
    // Within the tolerance the floor counts, and the license is over.
    bench.set(UNTIL - DAY / 2);
    bench.refused(Error::Expired, ClockState::Good);
}

#[test]
fn a_license_without_dates_needs_no_clock() {
    for wall in [Wall::Unset, Wall::Absent, Wall::Time(UnixSeconds(0))] {
        let mut bench = Bench::new(ManualClock::absent());
        bench.device.clock.reading.wall = wall;
        bench.restart();
        bench.apply(&Key::anchor().code(&PLAIN.with_term(Term::Perpetual).with_features(&[]))).expect("new");
        assert_eq!(bench.check().0, None, "{wall:?}");
        let writes = bench.device.store.writes;
        for _ in 0..100 {
            bench.device.clock.pass(DAY);
            assert_eq!(bench.check().0, None, "{wall:?}");
        }
        assert!(bench.device.store.writes <= writes, "time does not matter and is not stored");
    }
}

#[test]
fn a_clock_set_far_ahead_by_mistake_leaves_no_trace() {
    let mut bench = Bench::licensed();
    bench.set(ISSUED + 60 * DAY);
    bench.granted(ClockState::Ahead);
    bench.set(ISSUED + 80 * 365 * DAY);
    bench.refused(Error::Expired, ClockState::Ahead);
    bench.device.clock.pass(DAY - 1);
    bench.refused(Error::Expired, ClockState::Ahead);
    bench.restart();
    bench.set(ISSUED + 2 * DAY);
    bench.granted(ClockState::Good);
}

#[test]
fn a_clock_that_goes_on_from_far_ahead_is_believed_after_a_day_over_restarts_too() {
    let mut bench = Bench::licensed();
    bench.set(ISSUED + 60 * DAY);
    bench.granted(ClockState::Ahead);
    bench.restart();
    bench.set(ISSUED + 61 * DAY);
    bench.granted(ClockState::Good);
    bench.restart();
    bench.set(ISSUED + 2 * DAY);
    bench.refused(Error::ClockBehind, ClockState::Behind);
    // The right clock brings it back.
    bench.set(ISSUED + 62 * DAY);
    bench.granted(ClockState::Good);
}

/// Found by `tests/model.rs`: the clock was five days fast when it leaped, then lost its time for ten days.
#[test]
fn a_clock_that_is_set_right_is_believed_and_not_the_time_counted_from_a_wrong_one() {
    let mut bench = Bench::licensed();
    let leap = ISSUED + 45 * DAY;
    bench.set(leap);
    bench.granted(ClockState::Ahead);
    bench.device.clock.reading.wall = Wall::Unset;
    bench.device.clock.pass(10 * DAY);
    bench.refused(Error::ClockUnset, ClockState::Unset);
    bench.set(leap + 5 * DAY);
    bench.granted(ClockState::Good);
    bench.granted(ClockState::Good);
    assert_eq!(bench.engine().status().expect("open").floor, UnixSeconds(leap + 5 * DAY));
}

#[test]
fn a_wrong_clock_on_a_new_device_does_not_become_the_floor() {
    let mut bench = Bench::new(ManualClock::at(UnixSeconds(ISSUED + 70 * 365 * DAY)));
    bench.refused(Error::NotActivated, ClockState::Good);
    let mut out = [0; 1024];
    bench.engine().request(&Ask::default(), &mut out).expect("a request");
    bench.apply(&Key::anchor().code(&PLAIN)).expect("activated");
    bench.refused(Error::Expired, ClockState::Ahead);
    bench.set(ISSUED + DAY);
    bench.granted(ClockState::Good);
}

#[test]
fn a_trial_runs_from_the_first_known_time_and_not_from_a_wrong_one() {
    let trial = Key::anchor().code(&PLAIN.with_term(Term::DaysFromActivation(30)));
    let mut bench = Bench::new(ManualClock::absent());
    bench.device.clock.reading.wall = Wall::Unset;
    bench.apply(&trial).expect("activated");
    bench.refused(Error::ClockUnset, ClockState::Unset);
    bench.set(ISSUED + 50 * 365 * DAY);
    bench.granted(ClockState::Ahead);
    bench.set(ISSUED + 10 * DAY);
    bench.granted(ClockState::Good);
    bench.set(ISSUED + 39 * DAY);
    bench.granted(ClockState::Good);
    bench.set(ISSUED + 40 * DAY);
    bench.refused(Error::Expired, ClockState::Good);
}

#[test]
fn a_stopped_clock_stops_no_term() {
    let mut bench = Bench::licensed();
    for _ in 0..400 {
        bench.device.clock.reading.uptime_seconds = bench.device.clock.reading.uptime_seconds.map(|up| up + DAY);
        bench.check();
    }
    // 400 days, less a sixteenth, are more than the 365 of the license.
    assert_eq!(bench.check().0, Some(Error::ClockBehind));
    bench.set(ISSUED + 400 * DAY);
    bench.refused(Error::Expired, ClockState::Good);
}

#[test]
fn without_a_clock_powered_on_time_counts_and_a_cut_gives_none_back() {
    let mut bench = Bench::new(ManualClock::absent());
    let ten_days = PLAIN.with_term(Term::Until(UnixSeconds(ISSUED + 10 * DAY))).with_features(&[]);
    bench.apply(&Key::anchor().code(&ten_days)).expect("activated");
    let mut granted_hours = 0;
    for hour in 0..400_u64 {
        bench.device.clock.pass(3600);
        granted_hours += u64::from(bench.check().0.is_none());
        if hour % 5 == 0 {
            bench.restart();
        }
    }
    bench.refused(Error::Expired, ClockState::Absent);
    // Ten days in all; every cut costs at most the hours since the start before it.
    assert!((120..=240).contains(&granted_hours), "{granted_hours}");
}

#[test]
fn settling_before_switching_off_costs_no_time() {
    let mut bench = Bench::new(ManualClock::absent());
    let ten_days = PLAIN.with_term(Term::Until(UnixSeconds(ISSUED + 10 * DAY))).with_features(&[]);
    bench.apply(&Key::anchor().code(&ten_days)).expect("activated");
    let mut granted_hours = 0;
    for _ in 0..400 {
        bench.device.clock.pass(3600);
        granted_hours += u64::from(bench.check().0.is_none());
        bench.engine().settle().expect("stored");
        bench.restart();
    }
    assert_eq!(granted_hours, 239);
}

#[test]
fn a_device_that_counts_nothing_knows_no_time() {
    let mut bench = Bench::new(ManualClock::absent());
    bench.device.clock.reading.uptime_seconds = None;
    bench.apply(&Key::anchor().code(&PLAIN)).expect("activated");
    bench.refused(Error::TimeUnknown, ClockState::Absent);
}

#[test]
fn a_time_token_tells_a_lost_time_until_the_power_goes() {
    let mut bench = Bench::licensed();
    bench.device.clock.reading.wall = Wall::Unset;
    bench.restart();
    bench.refused(Error::ClockUnset, ClockState::Unset);
    // One from before what is known prolongs leases, but does not tell the time.
    assert_eq!(bench.token(ISSUED - 2 * DAY), Ok(Outcome::TimeAccepted));
    bench.refused(Error::ClockUnset, ClockState::Unset);
    assert_eq!(bench.token(ISSUED - 3 * DAY), Ok(Outcome::TimeOlder));
    assert_eq!(bench.token(UNTIL - 10), Ok(Outcome::TimeAccepted));
    bench.granted(ClockState::Corrected);
    bench.device.clock.pass(10);
    bench.refused(Error::Expired, ClockState::Corrected);
    bench.restart();
    bench.refused(Error::ClockUnset, ClockState::Unset);
    // An old token is not a way to an earlier time.
    assert_eq!(bench.token(UNTIL - 2 * DAY), Ok(Outcome::TimeOlder));
}

#[test]
fn an_unlock_sets_the_time_back_once() {
    let mut bench = Bench::licensed();
    for _ in 0..3 {
        bench.device.clock.pass(29 * DAY);
        bench.granted(ClockState::Good);
    }
    bench.set(ISSUED + 3 * DAY);
    bench.refused(Error::ClockBehind, ClockState::Behind);
    assert_eq!(bench.unlock(ISSUED + 3 * DAY, 2), Ok(Outcome::Unlocked), "this one is not for the clock");
    bench.refused(Error::ClockBehind, ClockState::Behind);
    assert_eq!(bench.unlock(ISSUED + 3 * DAY, 1), Ok(Outcome::Unlocked));
    bench.granted(ClockState::Good);
    bench.restart();
    bench.granted(ClockState::Good);
}

#[test]
fn an_unlock_helps_after_a_document_from_the_future() {
    let mut bench = Bench::licensed();
    assert_eq!(bench.token(ISSUED + 50 * 365 * DAY), Ok(Outcome::TimeAccepted));
    bench.refused(Error::ClockBehind, ClockState::Behind);
    assert_eq!(bench.unlock(ISSUED + DAY, 1), Ok(Outcome::Unlocked));
    bench.set(ISSUED + DAY);
    bench.granted(ClockState::Good);
}

#[test]
fn powered_on_hours_count_whatever_the_clock_shows() {
    let mut bench = Bench::licensed();
    let hours = PLAIN.with_serial(2).with_term(Term::PoweredHours(100)).with_features(&[]);
    bench.apply(&Key::anchor().code(&hours)).expect("renewed");
    bench.set(0);
    let mut granted = 0;
    for _ in 0..200 {
        bench.device.clock.reading.uptime_seconds = bench.device.clock.reading.uptime_seconds.map(|up| up + 3600);
        granted += u32::from(bench.check().0.is_none());
    }
    assert_eq!(granted, 99);
    bench.refused(Error::Expired, ClockState::Behind);
}

/// What README and docs call a typical use: an appliance with a clock, on all day, that asks every five minutes and uses
/// a quota 200 times a day, 50 at a reservation.
#[test]
fn a_typical_day_needs_few_writes() {
    let quota = [Feature::new("scans", Right::Quota { amount: 1_000_000, overage: false })];
    let mut bench = Bench::new(ManualClock::at(UnixSeconds(ISSUED + 1000)));
    bench.apply(&Key::anchor().code(&PLAIN.with_features(&quota))).expect("activated");
    bench.granted(ClockState::Good);
    let before = bench.device.store.writes;
    const DAYS: u64 = 30;
    for turn in 0..DAYS * 288 {
        bench.device.clock.pass(300);
        bench.granted(ClockState::Good);
        if turn % 288 < 200 {
            bench.engine().consume("scans", 1, 49).expect("granted");
        }
    }
    let per_day = (bench.device.store.writes - before).div_ceil(DAYS);
    println!("flash.writes_per_day {per_day} writes");
    assert!(per_day <= 5, "{per_day}");
}
