//! An attacker holds the clock and the power: how long does a term last in running time?

mod support;

use lic2::port::Wall;
use lic2::{Term, UnixSeconds};
use support::ISSUED;
use support::engine_device::{Device, SECRET};
use support::engine_documents::{DAY, code, license, ring};

/// Switches the device on with its clock at what it last knew, lets it run for `session` seconds with a check every ten
/// minutes, and cuts the power. Returns how long it ran under a license for ten days.
fn running_time(session: u64, clock_goes: bool) -> u64 {
    let mut device = Device::new(ring(), ISSUED, Some(SECRET), false);
    device.open().expect("it opens");
    let draft = license("PL-1", 1, Term::Until(UnixSeconds(ISSUED + 10 * DAY)));
    device.resume(|engine| engine.apply(code(&draft).as_bytes())).expect("open").expect("applied");
    let mut ran = 0;
    while ran < 1_000 * DAY {
        device.clock.reading.wall = Wall::Unset;
        device.restart().expect("it opens");
        let floor = device.resume(|engine| engine.status()).expect("open").expect("a status").floor;
        device.clock.reading.wall = Wall::Time(floor);
        for _ in 0..session / 600 {
            let granted = device.resume(|engine| engine.check().expect("a decision").decision.verdict.is_granted());
            if granted != Ok(true) {
                return ran;
            }
            device.clock.pass(600);
            if !clock_goes {
                device.clock.reading.wall = Wall::Time(floor);
            }
            ran += 600;
        }
    }
    ran
}

/// Of a session at most half is not stored, or a day of a long one; a stopped clock counts a sixteenth less.
#[test]
fn a_clock_set_back_at_every_start_gives_little_more_than_the_term_again() {
    for clock_goes in [true, false] {
        for hours in [1, 3, 8, 20, 23] {
            let ran = running_time(hours * 3_600, clock_goes);
            println!("{hours} h at a time, clock goes {clock_goes}: {} h", ran / 3_600);
            assert!((10 * DAY..22 * DAY).contains(&ran), "{hours} h at a time, clock goes {clock_goes}: {ran} s");
        }
    }
}
