//! The engine through C answers as the core's does: the same operations on two equal devices, chosen at random, and
//! every field of every answer, every write and every byte of the stores compared after each.
//!
//! `LIC2_STEPS=1000000 cargo test -p lic2-capi --features device-key --test engine` makes a long run.
#![allow(missing_docs, reason = "not a library")]

#[macro_use]
mod structs;
mod both;
mod device;
mod documents;
mod expected;
mod written;

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use lic2::UnixSeconds;
use lic2::memory_port::{PowerCut, Torn};
use lic2::port::{Slot, Wall};

use both::{Both, Metered};
use device::{Device, START};
use documents::{DAY, IDS};
use written::Written;

/// Numbers that look random and are the same in every run (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn chance(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    fn one_of<T: Clone>(&mut self, choice: &[T]) -> T {
        let at = usize::try_from(self.next()).unwrap() % choice.len();
        choice[at].clone()
    }
}

/// What was reached: a comparison of refusals alone would prove little.
#[derive(Default)]
struct Reached(BTreeMap<String, u32>);

impl Reached {
    fn note(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }
}

fn change_time(both: &mut Both, random: &mut Random) {
    let seconds = random.one_of(&[1, 600, 3_700, 20_000, DAY, 3 * DAY]);
    let time = UnixSeconds(START + random.below(80 * DAY));
    match random.below(8) {
        0 => both.change(|device| device.clock.reading.wall = Wall::Time(time)),
        1 => both.change(|device| device.clock.reading.wall = Wall::Unset),
        2 if random.chance(3) => both.change(|device| device.clock.reading.wall = Wall::Absent),
        3 if random.chance(3) => both.change(|device| device.clock.reading.uptime_seconds = None),
        4 => both.change(|device| device.clock.reading.uptime_seconds = Some(time.0)),
        _ => both.change(|device| device.clock.pass(seconds)),
    }
}

fn break_something(both: &mut Both, random: &mut Random) {
    let torn = random.one_of(&Torn::ALL);
    let after = usize::try_from(random.below(600)).unwrap();
    let slot = random.one_of(&[Slot::A, Slot::B]);
    match random.below(6) {
        0 => both.change(|device| device.store.refuses_writes = !device.store.refuses_writes),
        1 => both.change(|device| device.store.cut = Some(PowerCut::new(after, torn))),
        2 => both.change(|device| device.store.is_off = true),
        3 => both.change(|device| device.counter.is_broken = !device.counter.is_broken),
        4 => both.change(|device| device.refuses_to_sign = !device.refuses_to_sign),
        _ => both.change(|device| {
            let mut content = device.store.content(slot).to_vec();
            content.iter_mut().skip(after).take(1).for_each(|byte| *byte ^= 4);
            device.store.set_content(slot, &content);
        }),
    }
}

fn repair(both: &mut Both) {
    both.change(|device| {
        device.store.power_on();
        device.store.refuses_writes = false;
        device.counter.is_broken = false;
        device.refuses_to_sign = false;
    });
}

fn step(both: &mut Both, random: &mut Random, documents: &[String], reached: &mut Reached) {
    let name = random.one_of(&["scans", "scans", "users", "export", "region", "none"]);
    let id = random.one_of(&["", IDS[0], IDS[1], IDS[2], IDS[3], "no such id", "not \u{7}an id"]);
    let entropy = random.next().to_le_bytes();
    let entropy = if random.chance(2) { &entropy[..] } else { &[] };
    let room = random.one_of(&[1_025, 1_025, 1_025, 2_500, 300, 1, 0]);
    let granted = match random.below(24) {
        0..4 => {
            let outcome = both.apply(&random.one_of(documents));
            reached.note(&format!("outcome {outcome}"));
            false
        }
        4..7 => both.check(),
        7 => return both.feature(name),
        8 | 9 => both.metered(Metered::Consume(random.below(12), random.one_of(&[0, 0, 5, 30])), name),
        10 => both.metered(Metered::GiveBack(random.below(9)), name),
        11 => both.metered(Metered::Read, name),
        12 => both.metered(Metered::Acquire(random.below(5), random.one_of(&[0, 60, 60, 900])), name),
        13 => return both.release(random.below(4) + 1),
        14 => both.written(Written::Request(id, random.one_of(&[0, 0, 1, 3]), entropy), room),
        15 => both.written(Written::Deactivate(id, entropy), room),
        16 => both.written(Written::Usage(id, entropy), room),
        17 => both.written(Written::Status, room),
        18 => return both.accepted(both.report + u32::from(random.chance(4))),
        19 => return both.license(),
        20 => return if random.chance(2) { both.settle() } else { both.reverify() },
        21 => return both.status(),
        22 => return change_time(both, random),
        _ if random.chance(3) => return break_something(both, random),
        _ => {
            repair(both);
            let another = random.chance(8);
            both.change(|device| device.has_secret ^= another);
            reached.note(&format!("open {}", both.open()));
            if random.chance(2) && both.written(Written::Request("", 0, &[]), 1_025) {
                let outcome = both.apply(&documents::unlock(&both.text.clone()));
                reached.note(&format!("outcome {outcome}"));
            }
            false
        }
    };
    reached.note(if granted { "granted" } else { "not granted" });
}

#[test]
fn the_engine_answers_alike_through_c() {
    let steps: u64 = std::env::var("LIC2_STEPS").map_or(20_000, |steps| steps.parse().expect("a number"));
    let documents = documents::all();
    let mut reached = Reached::default();
    for seed in 1..=steps / 100 {
        println!("sequence {seed}");
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut device = Device::new();
        device.has_counter = random.chance(3);
        device.has_secret = random.chance(2);
        device.key = random.chance(3).then(|| SigningKey::from_bytes(&[23; 32]));
        let mut both = Both::new(device);
        assert_eq!(both.open(), 0);
        both.apply(&random.one_of(&documents[..5]));
        for _ in 0..100 {
            step(&mut both, &mut random, &documents, &mut reached);
        }
    }
    println!("{steps} steps: {:?}", reached.0);
    if steps >= 20_000 {
        for what in (0..=8).map(|outcome| format!("outcome {outcome}")).chain(["granted".into(), "open 0".into()]) {
            assert!(reached.0.get(&what).is_some_and(|count| *count > 10), "{what} was hardly reached");
        }
    }
}
