//! A store that is full, that refuses writes, or that answers with a whole erased page; and what runs all the same.

use lic2::memory_port::{FixedIdentity, ManualClock, MemoryStore};
use lic2::port::{PortFailure, Ports, Slot, Store, Wall};
use lic2::seal::seal_license;
use lic2::{Engine, Error, Item, Memory, Outcome, Reason, Term, UnixSeconds};

use crate::support::attack::{ListOf, document, longest_code, plain_device};
use crate::support::attack_state::CERTIFICATE;
use crate::support::engine_device::{Device, PROFILE};
use crate::support::engine_documents::{DAY, certificate, code, license, list, ring, until};
use crate::support::{ISSUED, Key, UNTIL};

const IDS: [&str; 8] = ["PL-0", "PL-1", "PL-2", "PL-3", "PL-4", "PL-5", "PL-6", "PL-7"];

const SMALL: [&str; 8] = ["S-0", "S-1", "S-2", "S-3", "S-4", "S-5", "S-6", "S-7"];

fn perpetual(id: &'static str) -> String {
    code(&license(id, 1, Term::Perpetual))
}

/// From now on for ever the store keeps what it has, after a start too.
fn start_with_full_disk(device: &mut Device) {
    device.restart().expect("it opens");
    device.refuse_writes();
}

#[test]
fn what_needs_no_time_runs_on_a_store_that_refuses_writes_and_tries_none() {
    let mut device = plain_device();
    device.clock.reading.wall = Wall::Unset;
    device.restart().expect("it opens");
    device.apply_all(&[&perpetual("PL-1")]);
    start_with_full_disk(&mut device);
    for day in 0..100 {
        // Activated while the clock was not set; now it is.
        device.clock.reading.wall = Wall::Time(UnixSeconds(ISSUED + day * DAY));
        device.clock.pass(1);
        assert_eq!(device.refusal(), None);
    }
    assert_eq!(device.hardware().writes, 0);
}

#[test]
fn what_needs_no_time_runs_beside_what_does_on_a_store_that_refuses_writes() {
    let trial = license("TRIAL", 1, Term::DaysFromActivation(30));
    let frozen = list(1, ISSUED, &[("TRIAL", 2, Reason::Frozen)]);
    let no_list = list(1, ISSUED, &[]);
    for list in [frozen, no_list] {
        let mut device = plain_device();
        device.apply_all(&[&code(&trial), &perpetual("PL-1"), &list]);
        start_with_full_disk(&mut device);
        for _ in 0..100 {
            device.clock.pass(DAY);
            assert_eq!(device.refusal(), None);
        }
        assert!(device.refusal_of(0).is_some());
    }
}

#[test]
fn what_needs_the_time_is_refused_when_it_cannot_be_stored() {
    for term in [until(0), Term::DaysFromActivation(30), Term::PoweredHours(1_000)] {
        let mut device = plain_device();
        device.apply_all(&[&code(&license("PL-1", 1, term))]);
        assert_eq!(device.refusal(), None);
        start_with_full_disk(&mut device);
        device.clock.pass(DAY);
        // A decision, not an error of the call.
        assert_eq!(device.refusal(), Some(Error::StoreWrite), "{term:?}");
        device.hardware().plan(None);
        assert_eq!(device.refusal(), None, "{term:?}");
    }
}

/// As many of the longest codes as there is room for; all are perpetual.
fn fill(device: &mut Device) -> usize {
    for (count, id) in IDS.iter().enumerate() {
        match device.apply(&longest_code(&license(id, 1, Term::Perpetual))) {
            Ok(outcome) => assert_eq!(outcome, Outcome::Activated),
            Err(error) => {
                assert_eq!(error, Error::StateFull);
                return count;
            }
        }
    }
    panic!("no end");
}

/// A list of the most bytes there can be.
fn longest_list(number: u32) -> String {
    let filler = [7; 759];
    let seal = |size: usize| {
        let items = [Item { number: 1_000, critical: false, bytes: &filler[..size] }];
        ListOf { number, series: 0, issuers: &[], frozen: &[] }.try_with(&items).ok()
    };
    let text = (0..filler.len()).rev().find_map(seal).expect("an empty item fits");
    assert_eq!(document(&text).len(), 759);
    text
}

#[test]
fn a_full_state_takes_renewals_and_the_first_list() {
    for list_first in [false, true] {
        let mut device = plain_device();
        if list_first {
            device.apply_all(&[&longest_list(1)]);
        }
        let count = fill(&mut device);
        assert_eq!(count, 3, "docs/STATE.md §2");
        for serial in 2..4 {
            for id in &IDS[..count] {
                let renewed = longest_code(&license(id, serial, Term::Perpetual));
                assert_eq!(device.apply(&renewed), Ok(Outcome::Renewed), "{id}");
            }
            let outcome = device.apply(&longest_list(serial));
            assert_eq!(outcome, Ok(Outcome::ListAccepted));
        }
        device.restart().expect("it opens");
        assert_eq!(device.refusal(), None);
        assert_eq!(device.status().licenses, 3);
    }
}

/// Small codes, until there is room for none.
fn fill_with_small(device: &mut Device) -> Vec<&'static str> {
    SMALL.iter().copied().take_while(|id| device.apply(&perpetual(id)).is_ok()).collect()
}

/// The room of the longest list is not given away: neither to licenses that grow, nor because a short one is held.
#[test]
fn a_full_state_takes_a_list_that_grows() {
    let short = |by_issuer| {
        let list = ListOf { number: 1, series: 0, issuers: &[], frozen: &[] };
        if by_issuer { list.by_issuer() } else { list.by_anchor() }
    };
    for lists in [vec![], vec![short(false)], vec![short(true)]] {
        let mut device = plain_device();
        lists.iter().for_each(|list| device.apply_all(&[list]));
        fill(&mut device);
        let held = fill_with_small(&mut device);
        for id in held {
            let _ = device.apply(&longest_code(&license(id, 2, Term::Perpetual)));
        }
        let result = device.apply(&longest_list(2));
        assert_eq!(result, Ok(Outcome::ListAccepted), "beside {} lists", lists.len());
    }
}

/// Neither is it given to a certificate, byte for byte.
#[test]
fn a_full_state_with_a_certificate_takes_the_longest_list() {
    let certificate = certificate();
    let filler = [7; 700];
    let filled = |size: usize| {
        let mut device = plain_device();
        fill(&mut device);
        let items = [Item { number: 1_000, critical: false, bytes: &filler[..size] }];
        let draft = license("PL-9", 1, Term::Perpetual).with_extensions(&items);
        let (issuer, carried) = (Key::issuer(), Some(certificate.document()));
        let sealed = seal_license(&draft, &issuer.public(), carried, |message| issuer.sign(message));
        device.apply_all(&[sealed.expect("it fits").text()]);
        device
    };
    let free = |device: &mut Device| 4_096 - usize::try_from(device.status().stored_bytes).expect("few");
    let kept = |device: &Device| !device.stored().contents(CERTIFICATE).is_empty();
    // So long that what is left after it is just the longest list, or a little less or more.
    let list_room = 4 + 28 + 759;
    let size = 20 + free(&mut filled(20)) - list_room;
    let mut both = [false; 2];
    for size in size - 8..size + 8 {
        let mut device = filled(size);
        both[usize::from(kept(&device))] = true;
        assert_eq!(device.apply(&longest_list(1)), Ok(Outcome::ListAccepted), "{size}");
    }
    assert_eq!(both, [true, true], "some were kept and some were not");
}

#[test]
fn receipts_go_before_a_code_is_refused_for_room() {
    let mut device = plain_device();
    for id in ["OUT-1", "OUT-2", "OUT-3", "OUT-4"] {
        device.apply_all(&[&perpetual(id)]);
        device.deactivate(id).expect("a receipt");
    }
    device.apply_all(&[&longest_list(1)]);
    fill(&mut device);
    assert!(device.deactivate("OUT-1").is_ok(), "it can be shown again");
    let refused = SMALL.iter().find_map(|id| {
        let shown = device.deactivate("OUT-1");
        device.apply(&perpetual(id)).err().map(|error| (error, shown))
    });
    assert_eq!(refused, Some((Error::StateFull, Err(Error::LicenseUnknown))));
    assert_eq!(device.apply(&perpetual("OUT-4")), Err(Error::LicenseReturned));
}

#[test]
fn what_finds_no_room_changes_nothing() {
    let mut device = plain_device();
    let count = fill(&mut device);
    let before = device.stored();
    let writes = device.hardware().store.writes;
    assert_eq!(device.apply(&longest_code(&license("ONE-MORE", 1, Term::Perpetual))), Err(Error::StateFull));
    assert_eq!(device.status().licenses, u32::try_from(count).expect("few"));
    assert_eq!(device.refusal(), None);
    assert_eq!((device.stored(), device.hardware().store.writes), (before, writes));
}

#[test]
fn an_add_on_alone_says_what_is_missing() {
    let mut device = plain_device();
    let draft = license("ADD", 1, Term::Until(UnixSeconds(UNTIL))).with_add_on(true);
    device.apply_all(&[&code(&draft)]);
    assert_eq!(device.refusal(), Some(Error::BaseMissing));
    device.apply_all(&[&perpetual("PL-1")]);
    assert_eq!([0, 1].map(|number| device.refusal_of(number)), [None, None]);
}

/// A store whose slots are two flash pages longer than the engine's memory.
struct Flash {
    slots: MemoryStore,
    blank: u8,
}

impl Store for Flash {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        memory.fill(self.blank);
        self.slots.read(slot, memory).map(|_| 8_192)
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        self.slots.write(slot, bytes)
    }
}

#[test]
fn a_blank_page_longer_than_the_memory_is_nothing() {
    for blank in [0xFF, 0] {
        let mut flash = Flash { slots: MemoryStore::new(), blank };
        let mut clock = ManualClock::at(UnixSeconds(ISSUED));
        let mut identity = FixedIdentity::default();
        let mut memory = Memory::new();
        for refusal in [Some(Error::NotActivated), None] {
            let ports = Ports::new(&mut flash, &mut clock, &mut identity);
            let mut engine = Engine::open(&mut memory, ring(), PROFILE, ports).expect("it opens");
            assert_eq!(engine.status().expect("it is open").condition, None);
            assert_eq!(engine.check().expect("a decision").decision.refusal, refusal);
            engine.apply(perpetual("PL-1").as_bytes()).expect("activated, or applied before");
        }
    }
}
