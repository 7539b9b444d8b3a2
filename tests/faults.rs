//! Stores that fail or repeat themselves while the device goes on: a write that fails, with nothing, a part or all of it
//! stored; a slot that cannot be read, or reads differently the second time; a write that lands twice.

mod support;

use lic2::port::Slot;
use lic2::{Error, Reason, Term};
use support::ISSUED;
use support::engine_device::{Device, Fault, SECRET, Stored};
use support::engine_documents::{DAY, code, license, list, quotas, ring, token, until};
use support::engine_steps::{Op, Snapshot};

const FEATURES: &[&str] = &["scans", "pages"];
const STORED: [Stored; 3] = [Stored::Nothing, Stored::Half, Stored::All];

/// Calls that write, one after another, each with the seconds that pass before it.
fn life() -> Vec<(u64, Op)> {
    let features = quotas(100, 10);
    let base = |serial, days| code(&license("PL-1", serial, until(days)).with_features(&features));
    vec![
        (0, Op::Apply(base(1, 0))),
        (9, Op::Consume { name: "scans", amount: 5, reservation: 10 }),
        (9, Op::Request),
        (9, Op::Apply(code(&license("HOURS-1", 1, Term::PoweredHours(1000))))),
        (9_000, Op::Check),
        (9, Op::Consume { name: "pages", amount: 12, reservation: 3 }),
        (9, Op::Usage("")),
        (9, Op::UsageAccepted(1)),
        (9, Op::Apply(base(2, 30))),
        (9, Op::Apply(token(ISSUED + DAY))),
        (9, Op::Apply(list(1, ISSUED + DAY, &[("HOURS-1", 2, Reason::Refunded)]))),
        (9, Op::Deactivate("HOURS-1")),
        (9, Op::Settle),
    ]
}

/// Every call of a life with the device before it.
fn moments(has_counter: bool) -> Vec<(Device, Op)> {
    let mut device = Device::new(ring(), ISSUED + 1_000, Some(SECRET), has_counter);
    device.open().expect("it opens");
    let mut moments = Vec::new();
    for (seconds, op) in life() {
        device.clock.pass(seconds);
        moments.push((device.clone(), op.clone()));
        run(&mut device, &op).unwrap_or_else(|error| panic!("{op:?}: {}", error.name()));
    }
    moments
}

fn run(device: &mut Device, op: &Op) -> Result<String, Error> {
    device.resume(|engine| op.run(engine)).and_then(|result| result)
}

/// What is seen after a start.
fn restarted(device: &Device) -> Snapshot {
    let mut device = device.clone();
    device.restart().expect("it opens");
    Snapshot::of(&device, FEATURES).expect("an open engine tells its state")
}

/// Licenses, meters and answers as they are without the seconds that passed.
fn timeless(snapshot: &Snapshot) -> (u32, u32, u32, Vec<Option<u64>>, Option<Error>) {
    let status = &snapshot.status;
    // Of a first write that was cut off a damaged slot is left, and nothing before it.
    let is_first = status.sequence == 0 && status.refusal == Some(Error::StateCorrupt);
    let refusal = if is_first { Some(Error::NotActivated) } else { status.refusal };
    (status.licenses, status.lists, status.list_number, snapshot.used.clone(), refusal)
}

#[test]
fn after_a_failed_write_the_device_goes_on_with_what_is_stored() {
    let mut tried = 0;
    for (before, op) in [false, true].into_iter().flat_map(moments) {
        let old = restarted(&before);
        let mut done = before.clone();
        run(&mut done, &op).expect("it was done before");
        let new = restarted(&done);
        let faults = STORED.map(|stored| Fault::FailedWrite { write: 0, stored });
        let counted = [false, true].map(|moved| Fault::FailedCount { count: 0, moved });
        for fault in faults.into_iter().chain(counted.into_iter().filter(|_| before.has_counter)) {
            let mut device = before.clone();
            device.hardware().plan(Some(fault));
            let expected =
                if matches!(fault, Fault::FailedCount { .. }) { Error::CounterFailed } else { Error::StoreWrite };
            assert_eq!(run(&mut device, &op), Err(expected), "{op:?}: {fault:?}");
            let is_new = !matches!(fault, Fault::FailedWrite { stored: Stored::Nothing | Stored::Half, .. });
            let stored = restarted(&device);
            assert_eq!(timeless(&stored), timeless(if is_new { &new } else { &old }), "{op:?}: {fault:?}");
            // The session shows what is stored, and goes on.
            let live = Snapshot::of(&device, FEATURES).expect("the session is open");
            assert_eq!(timeless(&live), timeless(&stored), "{op:?}: {fault:?}");
            let repeated = run(&mut device, &op);
            let mut reference = if is_new { done.clone() } else { before.clone() };
            reference.restart().expect("it opens");
            let other = run(&mut reference, &op);
            assert_eq!(repeated.as_ref().err(), other.as_ref().err(), "{op:?}: {fault:?}");
            assert_eq!(timeless(&restarted(&device)), timeless(&restarted(&reference)), "{op:?}: {fault:?}");
            tried += 1;
        }
    }
    assert!(tried > 90, "{tried}");
}

#[test]
fn a_store_that_never_writes_grants_nothing_that_has_to_be_stored() {
    for (before, op) in moments(false) {
        let mut device = before.clone();
        device.hardware().plan(Some(Fault::FailingWrites));
        let content = [Slot::A, Slot::B].map(|slot| device.content(slot));
        for _ in 0..3 {
            assert_eq!(run(&mut device, &op), Err(Error::StoreWrite), "{op:?}");
            device.clock.pass(60);
        }
        assert_eq!([Slot::A, Slot::B].map(|slot| device.content(slot)), content);
        assert_eq!(timeless(&restarted(&device)), timeless(&restarted(&before)));
    }
}

#[test]
fn what_cannot_be_read_is_not_replaced() {
    for (before, op) in [false, true].into_iter().flat_map(moments) {
        let old = restarted(&before);
        for read in 0..3 {
            let mut device = before.clone();
            device.restart().expect("it opens");
            let content = [Slot::A, Slot::B].map(|slot| device.content(slot));
            device.hardware().plan(Some(Fault::FailedRead { read }));
            let opened = device.open();
            if device.hardware().reads > read {
                assert_eq!(opened, Err(Error::StoreRead), "{op:?}, reading {read}");
                assert_eq!(run(&mut device, &op), Err(Error::NotInitialized));
            }
            assert_eq!([Slot::A, Slot::B].map(|slot| device.content(slot)), content);
            assert_eq!(restarted(&device), old, "{op:?}, reading {read}");
        }
        // A write fails, and what is stored cannot be read either: the session ends.
        let mut device = before.clone();
        let session = device.memory.clone();
        device.hardware().plan(Some(Fault::FailingReads { read: 0 }));
        device.hardware().store.refuses_writes = true;
        let failed = run(&mut device, &op);
        assert!(matches!(failed, Err(Error::StoreWrite | Error::NotInitialized)), "{op:?}: {failed:?}");
        assert_eq!(run(&mut device, &Op::Check), Err(Error::NotInitialized), "{op:?}");
        device.hardware().store.refuses_writes = false;
        device.hardware().plan(None);
        assert_eq!(run(&mut device, &op), Err(Error::NotInitialized), "{op:?}");
        device.memory = session;
        assert_eq!(timeless(&restarted(&device)), timeless(&old), "{op:?}");
    }
}

/// A bit of the newest slot that reads wrong once must not cost what is stored.
#[test]
fn a_bit_that_reads_wrong_once_rolls_nothing_back() {
    for (before, op) in [false, true].into_iter().flat_map(moments) {
        let old = restarted(&before);
        for read in 0..4 {
            let mut device = before.clone();
            device.restart().expect("it opens");
            device.hardware().plan(Some(Fault::UnstableRead { read }));
            match device.open() {
                Err(error) => assert_eq!(error, Error::StoreRead, "{op:?}, reading {read}"),
                Ok(()) => {
                    let seen = Snapshot::of(&device, FEATURES).expect("an open engine tells its state");
                    assert_eq!(timeless(&seen), timeless(&old), "{op:?}, reading {read}");
                }
            }
            assert_eq!(restarted(&device), old, "{op:?}, reading {read}");
        }
    }
}

/// The number of a write, where docs/STATE.md says; none for an empty slot.
fn sequence(bytes: &[u8]) -> Option<u32> {
    bytes.get(12..16).map(|bytes| u32::from_le_bytes(bytes.try_into().expect("four bytes")))
}

/// A cache or a bridge may deliver a write twice, or into both slots; then both hold the same.
#[test]
fn a_write_that_lands_twice_changes_nothing() {
    for (before, op) in [false, true].into_iter().flat_map(moments) {
        let mut done = before.clone();
        run(&mut done, &op).expect("it was done before");
        let new = restarted(&done);
        let [a, b] = [Slot::A, Slot::B].map(|slot| sequence(&done.content(slot)));
        let written = if b > a { Slot::B } else { Slot::A };
        let content = done.content(written);
        // The new content in both slots.
        let mut twice = done.clone();
        twice.hardware().store.set_content(written.other(), &content);
        assert_eq!(restarted(&twice), new, "{op:?}");
        twice.restart().expect("it opens");
        assert_eq!(run(&mut twice, &Op::Settle), Ok(String::new()));
        assert_eq!(timeless(&restarted(&twice)), timeless(&new), "{op:?}");
        // The old content over the new one: an earlier state, which a counter tells.
        let old_content = before.content(written.other());
        let mut earlier = done.clone();
        earlier.hardware().store.set_content(written, &old_content);
        earlier.restart().expect("it opens");
        let seen = Snapshot::of(&earlier, FEATURES).expect("an open engine tells its state");
        if before.has_counter {
            assert_eq!(seen.status.condition, Some(Error::StateRolledBack), "{op:?}");
            assert_eq!(seen.status.refusal, Some(Error::StateRolledBack), "{op:?}");
        } else {
            assert_eq!(timeless(&seen), timeless(&restarted(&before)), "{op:?}");
        }
    }
}

#[test]
fn a_broken_counter_stops_the_engine_and_leaves_the_store() {
    for (before, op) in moments(true) {
        let mut device = before.clone();
        device.restart().expect("it opens");
        let content = [Slot::A, Slot::B].map(|slot| device.content(slot));
        device.hardware().plan(Some(Fault::BrokenCounter));
        assert_eq!(device.open(), Err(Error::CounterFailed), "{op:?}");
        assert_eq!([Slot::A, Slot::B].map(|slot| device.content(slot)), content);
        assert_eq!(restarted(&device), restarted(&before), "{op:?}");
    }
}
