//! Older copies, a device's monotonic counter, unlocks, and what a failed write leaves behind.

use lic2::{ClockState, Error, GRANTS_CLOCK, GRANTS_STATE, Outcome, Term};

use crate::support::ISSUED;
use crate::support::attack::{device, plain_device};
use crate::support::engine_device::{Device, Fault, SECRET, Stored};
use crate::support::engine_documents::{DAY, code, license, nonce_of, quotas, token, unlock};
use crate::support::engine_steps::Op;

fn perpetual(serial: u32) -> String {
    code(&license("PL-1", serial, Term::Perpetual))
}

/// A sealed device with a counter and a perpetual license.
fn counting() -> Device {
    let mut device = device(Some(SECRET), true);
    device.apply_all(&[&perpetual(1)]);
    device
}

/// One that has noticed an older copy of its state.
fn rolled_back() -> Device {
    let mut device = counting();
    let copy = device.copy();
    device.apply_all(&[&perpetual(2)]);
    device.restore(&copy);
    assert_eq!(device.refusal(), Some(Error::StateRolledBack));
    device
}

#[test]
fn a_failed_write_does_not_end_a_rollback() {
    for stores_request in [false, true] {
        let mut device = rolled_back();
        if stores_request {
            device.request().expect("a request");
            assert_eq!(i32::from(device.stored().lock), Error::StateRolledBack.number());
        }
        device.refuse_writes();
        assert_eq!(device.apply(&token(ISSUED + DAY)), Err(Error::StoreWrite));
        assert_eq!(device.refusal(), Some(Error::StateRolledBack));
        assert_eq!(device.apply(&perpetual(3)), Err(Error::StateRolledBack));
        // Nor does a write that succeeds, or a start after it.
        device.restart().expect("it opens");
        device.apply_all(&[&token(ISSUED + DAY)]);
        assert_eq!(device.refusal(), Some(Error::StateRolledBack));
        device.restart().expect("it opens");
        assert_eq!(device.refusal(), Some(Error::StateRolledBack));
        assert_eq!(device.deactivate("PL-1"), Err(Error::StateRolledBack));
    }
}

#[test]
fn one_unlock_serves_one_history() {
    let mut device = rolled_back();
    let nonce = nonce_of(&device.request().expect("a request"));
    assert_eq!(device.stored().nonce, nonce);
    let answer = unlock(nonce, ISSUED, GRANTS_STATE);
    let copy = device.copy();
    assert_eq!(device.apply(&answer), Ok(Outcome::Unlocked));
    assert_eq!(device.refusal(), None);
    assert_eq!(device.apply(&answer), Err(Error::UnlockMismatch), "it works once");
    device.restore(&copy);
    assert_eq!(device.refusal(), Some(Error::StateRolledBack));
    assert!(!device.status().request_pending);
    assert_eq!(device.apply(&answer), Err(Error::UnlockMismatch));
    device.request().expect("a request");
    assert_eq!(device.apply(&answer), Err(Error::UnlockMismatch));
}

#[test]
fn a_removed_state_does_not_bring_a_nonce_back() {
    let mut device = device(Some(SECRET), true);
    let empty = device.copy();
    let mut nonces = Vec::new();
    for _ in 0..3 {
        nonces.push(nonce_of(&device.request().expect("a request")));
        device.restore(&empty);
    }
    assert!(nonces[0] != nonces[1] && nonces[1] != nonces[2] && nonces[0] != nonces[2], "{nonces:?}");
    assert_eq!(device.refusal(), Some(Error::StateRolledBack));
}

#[test]
fn an_unlock_that_was_not_stored_has_no_effect() {
    let mut device = plain_device();
    device.apply_all(&[&code(&license("PL-1", 1, Term::Until(lic2::UnixSeconds(ISSUED + 365 * DAY))))]);
    for day in [29, 58, 87] {
        device.clock = lic2::memory_port::ManualClock::at(lic2::UnixSeconds(ISSUED + day * DAY));
        assert_eq!(device.refusal(), None);
    }
    device.clock = lic2::memory_port::ManualClock::at(lic2::UnixSeconds(ISSUED + 3 * DAY));
    let answer = unlock(nonce_of(&device.request().expect("a request")), ISSUED + 3 * DAY, GRANTS_CLOCK);
    let before = device.status();
    assert_eq!(before.clock, ClockState::Behind);
    device.refuse_writes();
    assert_eq!(device.apply(&answer), Err(Error::StoreWrite));
    assert_eq!(device.status(), before);
    assert_eq!(device.refusal(), Some(Error::ClockBehind));
    device.hardware().plan(None);
    assert_eq!(device.apply(&answer), Ok(Outcome::Unlocked));
    assert_eq!(device.refusal(), None);
}

/// A copy from between a write and its count fits one count later too.
#[test]
fn no_copy_brings_a_license_back_that_was_given_back() {
    let mut device = counting();
    let before = device.copy();
    device.hardware().plan(Some(Fault::Count { count: 0, moved: false }));
    assert!(device.request().is_err(), "the power goes before the count");
    let between = device.copy();
    device.restore(&before);
    assert_eq!(device.refusal(), None, "the counter has not moved");
    device.deactivate("PL-1").expect("a receipt");
    for copy in [&before, &between] {
        device.restore(copy);
        assert_eq!(device.refusal(), Some(Error::StateRolledBack));
    }
}

/// The same for uses: otherwise every use could be taken back, without end.
#[test]
fn no_copy_from_between_a_write_and_its_count_gives_uses_back() {
    let features = quotas(100, 10);
    for count in [0, 1] {
        let mut device = counting();
        device.apply_all(&[&code(&license("PL-2", 1, Term::Perpetual).with_features(&features))]);
        device.restart().expect("it opens");
        let before = device.copy();
        device.hardware().plan(Some(Fault::Count { count, moved: false }));
        assert!(device.request().is_err(), "the power goes before the count");
        let between = device.copy();
        if count == 0 {
            device.restore(&before);
        } else {
            device.restart().expect("it opens");
        }
        device.resume(|engine| engine.consume("scans", 90, 0)).expect("open").expect("granted");
        device.restore(&between);
        assert_eq!(device.refusal(), Some(Error::StateRolledBack), "cut before count {count}");
    }
}

/// After a failure it is not known what somebody has put into the slots.
#[test]
fn after_a_failure_the_next_write_is_counted_twice_again() {
    let mut device = counting();
    let shown = device.hardware().counter;
    device.request().expect("a request");
    assert_eq!(device.hardware().counter, shown + 1);
    device.hardware().plan(Some(Fault::FailedWrite { write: 0, stored: Stored::Nothing }));
    assert_eq!(device.apply(&perpetual(2)), Err(Error::StoreWrite));
    device.apply_all(&[&perpetual(2), &perpetual(3)]);
    assert_eq!(device.hardware().counter, shown + 1 + 2 + 1);
}

#[test]
fn a_write_that_was_cut_off_before_its_count_is_completed() {
    let mut device = counting();
    device.hardware().plan(Some(Fault::Count { count: 0, moved: false }));
    assert!(device.apply(&perpetual(2)).is_err());
    device.restart().expect("it opens");
    assert_eq!(device.refusal(), None);
    assert_eq!(device.apply(&perpetual(1)), Err(Error::CodeOlder));
}

#[test]
fn a_license_is_kept_and_no_receipt_told_if_giving_back_fails() {
    let mut device = plain_device();
    device.apply_all(&[&perpetual(1)]);
    device.refuse_writes();
    let mut out = [7; 1024];
    let result = device.resume(|engine| engine.deactivate("PL-1", b"", &mut out).map(str::len));
    assert_eq!(result, Ok(Err(Error::StoreWrite)));
    assert_eq!(out, [0; 1024]);
    assert_eq!(device.refusal(), None);
    assert_eq!(device.apply(&perpetual(1)), Ok(Outcome::AlreadyApplied));
}

#[test]
fn questions_write_nothing_over_the_state_of_another_device() {
    let mut owner = device(Some(SECRET), false);
    owner.apply_all(&[&perpetual(1), &perpetual(2)]);
    let mut other = device(Some(b"a secret of another device"), false);
    other.restore(&owner.copy());
    assert_eq!(other.refusal(), Some(Error::StateForeign));
    let refused = |op: Op, device: &mut Device| device.resume(|engine| op.run(engine)).expect("it is open");
    assert_eq!(refused(Op::Usage(""), &mut other), Err(Error::StateForeign));
    assert_eq!(refused(Op::Deactivate("PL-1"), &mut other), Err(Error::StateForeign));
    assert!(other.request().is_ok());
    for op in [Op::Check, Op::Settle, Op::Reverify] {
        refused(op, &mut other).expect("an answer");
    }
    assert_eq!(other.hardware().store.writes, owner.hardware().store.writes);
    owner.restore(&other.copy());
    assert_eq!(owner.refusal(), None, "back on its own device nothing is lost");
}

#[test]
fn a_request_on_a_damaged_state_is_repeated_after_a_restart() {
    let mut device = plain_device();
    device.put(b"no activation");
    assert_eq!(device.refusal(), Some(Error::StateCorrupt));
    let nonce = nonce_of(&device.request().expect("a request"));
    device.clock.pass(1);
    device.restart().expect("it opens");
    assert_eq!(nonce_of(&device.request().expect("a request")), nonce);
}
