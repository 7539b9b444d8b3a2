//! Turning, stopping or hiding the clock and taking the power away win no time.

use lic2::memory_port::ManualClock;
use lic2::port::Wall;
use lic2::{ClockState, Error, Seat, Term, UnixSeconds};

use crate::support::ISSUED;
use crate::support::attack::plain_device;
use crate::support::engine_device::{Device, PROFILE};
use crate::support::engine_documents::{DAY, code, license, quotas};

const HOUR: u64 = 3_600;

/// A device without a clock that holds a license.
fn clockless(term: Term) -> Device {
    let mut device = plain_device();
    device.clock = ManualClock::absent();
    device.restart().expect("it opens");
    device.apply_all(&[&code(&license("PL-1", 1, term))]);
    device
}

fn days(days: u64) -> Term {
    Term::Until(UnixSeconds(ISSUED + days * DAY))
}

/// Lets only the uptime pass, as under a stopped clock.
fn run(device: &mut Device, seconds: u64) {
    let uptime = &mut device.clock.reading.uptime_seconds;
    *uptime = uptime.map(|uptime| uptime + seconds);
}

fn set(device: &mut Device, time: u64) {
    device.clock.reading.wall = Wall::Time(UnixSeconds(time));
}

fn shown(device: &Device) -> u64 {
    match device.clock.reading.wall {
        Wall::Time(time) => time.0,
        Wall::Absent | Wall::Unset => panic!("no clock"),
    }
}

#[test]
fn an_update_gives_no_powered_on_time_back() {
    let mut device = clockless(days(1_000));
    for _ in 0..300 {
        device.clock.pass(DAY);
        assert_eq!(device.refusal(), None);
    }
    let now = device.status().now;
    assert_eq!(now, Some(UnixSeconds(ISSUED + 300 * DAY)));
    device.resume(|engine| engine.settle().expect("stored")).expect("it is open");
    for (built_on, day) in [(100, 300), (299, 300), (400, 400)] {
        device.profile = PROFILE.with_built_at(UnixSeconds(ISSUED + built_on * DAY));
        device.restart().expect("it opens");
        assert_eq!(device.status().now, Some(UnixSeconds(ISSUED + day * DAY)), "built on day {built_on}");
    }
}

/// A trial of 30 days, activated under a clock ten years ahead.
fn trial_far_ahead() -> Device {
    let mut device = plain_device();
    set(&mut device, ISSUED + 3_650 * DAY);
    device.apply_all(&[&code(&license("TRIAL", 1, Term::DaysFromActivation(30)))]);
    assert_eq!(device.refusal(), None);
    assert_eq!(device.status().clock, ClockState::Ahead);
    device
}

#[test]
fn a_clock_stopped_far_ahead_stops_no_trial() {
    let mut device = trial_far_ahead();
    let mut granted = 0;
    for _ in 0..60 * 24 {
        run(&mut device, HOUR);
        granted += u64::from(device.refusal().is_none());
    }
    assert!(granted <= 30 * 24 * 16 / 15 + 1, "{granted} hours");
    assert!(device.refusal().is_some());
    // Set right by as much as has passed, the trial is over and not only without a time.
    set(&mut device, ISSUED + 3_710 * DAY);
    assert_eq!(device.refusal(), Some(Error::Expired));
}

#[test]
fn a_clock_far_ahead_that_is_set_back_again_and_again_stops_no_trial() {
    for restarts in [false, true] {
        let mut device = trial_far_ahead();
        let mut granted = 0;
        for hour in 1..=100 * 24 {
            device.clock.pass(HOUR);
            granted += u64::from(device.refusal().is_none());
            if hour % 23 == 0 {
                let back = shown(&device) - 23 * HOUR;
                set(&mut device, back);
                if restarts {
                    device.restart().expect("it opens");
                }
            }
        }
        assert!(granted <= 2 * 30 * 24, "{granted} hours");
        assert!(device.refusal().is_some());
    }
}

#[test]
fn taking_the_power_away_and_turning_the_clock_back_wins_at_most_the_term_again() {
    for session in [2, 5, 12, 23] {
        let mut device = plain_device();
        device.apply_all(&[&code(&license("PL-1", 1, days(30)))]);
        let mut granted = 0;
        for _ in 0..100 * 24 / session {
            for _ in 0..4 * session {
                device.clock.pass(HOUR / 4);
                granted += u64::from(device.refusal().is_none());
            }
            let back = shown(&device) - session * HOUR;
            device.restart().expect("it opens");
            set(&mut device, back);
        }
        assert!(device.refusal().is_some(), "sessions of {session} hours");
        assert!(granted <= 4 * 24 * (2 * 30 + 2), "sessions of {session} hours: {granted} quarters of an hour");
    }
}

/// How many sessions of ten minutes there are, each with one question after a second, until it is refused.
fn short_sessions(device: &mut Device) -> u64 {
    for sessions in 0..1_000 {
        run(device, 1);
        if device.refusal().is_some() {
            return sessions;
        }
        run(device, 599);
        device.restart().expect("it opens");
    }
    panic!("no end");
}

#[test]
fn powered_on_time_is_charged_before_it_passes() {
    assert!(short_sessions(&mut clockless(days(1))) <= DAY / 900);
    // Hours that the clock has no part in.
    let mut device = plain_device();
    device.apply_all(&[&code(&license("PL-1", 1, Term::PoweredHours(24)))]);
    set(&mut device, 0);
    assert!(short_sessions(&mut device) <= DAY / 900);
}

#[test]
fn a_clock_far_ahead_is_believed_after_a_day_though_the_device_was_off() {
    let mut device = plain_device();
    device.apply_all(&[&code(&license("PL-1", 1, days(365)))]);
    for (day, clock) in [(60, ClockState::Ahead), (61, ClockState::Good)] {
        set(&mut device, ISSUED + day * DAY);
        device.restart().expect("it opens");
        assert_eq!(device.refusal(), None);
        assert_eq!(device.status().clock, clock);
    }
    set(&mut device, ISSUED + 2 * DAY);
    assert_eq!(device.refusal(), Some(Error::ClockBehind));
}

#[test]
fn an_uptime_that_is_told_at_every_second_reading_counts() {
    let mut device = clockless(Term::PoweredHours(100));
    let mut granted = 0;
    for hour in 1..=150 {
        device.clock.reading.uptime_seconds = None;
        assert_eq!(device.refusal(), Some(Error::PoweredHoursUnknown), "it is not told now");
        device.clock.reading.uptime_seconds = Some(hour * HOUR);
        granted += u32::from(device.refusal().is_none());
    }
    assert_eq!(granted, 99);
    assert_eq!(device.refusal(), Some(Error::Expired));
}

#[test]
fn a_lease_of_a_seat_lasts_its_seconds_though_time_is_charged_ahead() {
    let features = quotas(1, 1);
    let draft = license("PL-1", 1, Term::PoweredHours(1_000)).with_features(&features);
    let mut device = plain_device();
    device.apply_all(&[&code(&draft)]);
    device.clock.pass(5_000);
    assert_eq!(device.refusal(), None, "powered-on time is charged ahead");
    let mut seats = [Seat::default(); 4];
    let mut take = |device: &mut Device, holder| {
        device.resume(|engine| engine.acquire("channels", &mut seats, holder, 60)).expect("it is open")
    };
    assert_eq!(take(&mut device, 1), Ok(1));
    assert_eq!(take(&mut device, 2), Ok(2));
    for _ in 0..59 {
        device.clock.pass(1);
        // Every failure makes the engine read again what is stored.
        device.refuse_writes();
        assert_eq!(device.apply(&code(&license("PL-2", 1, Term::Perpetual))), Err(Error::StoreWrite));
        assert_eq!(take(&mut device, 3), Err(Error::SeatsTaken));
    }
    device.clock.pass(1);
    assert_eq!(take(&mut device, 3), Ok(1));
}
