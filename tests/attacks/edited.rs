//! Anyone who can edit a store without a keyed seal can set times, meters and returned licenses, but adds no right.

use lic2::{DeviceContent, DocumentBuffer, Error, Outcome, Term, read_device_document};

use crate::support::attack::{ListOf, device, document, plain_device, stolen_issuer};
use crate::support::attack_state::{
    CERTIFICATE, LICENSE, LIST, RETURNED, State, StoredEntry, StoredLicense, id_hash, list_content, meter, returned,
};
use crate::support::engine_device::{PRODUCT, SECRET};
use crate::support::engine_documents::{certificate, code, issuer_code, license, list, quotas};
use crate::support::{ISSUED, Key};

/// A perpetual license with `scans` scans and ten pages.
fn quota_code(id: &'static str, serial: u32, scans: u64) -> String {
    code(&license(id, serial, Term::Perpetual).with_features(&quotas(scans, 10)))
}

fn forged_code(id: &'static str, serial: u32) -> String {
    Key::stranger().code(&license(id, serial, Term::Perpetual))
}

/// A license entry that claims to be genuine.
fn claimed(id: &str, serial: u32, text: &str) -> Vec<u8> {
    let meters = [meter("pages", 0, 0, 0), meter("scans", 0, 0, 0)].concat();
    StoredLicense { meters, ..StoredLicense::claiming(id, serial, document(text)) }.content()
}

/// The whole stored activation, made by docs/STATE.md alone, seal and checks included.
#[test]
fn what_is_stored_is_what_the_documentation_says() {
    for secret in [None, Some(SECRET)] {
        let mut device = device(secret, true);
        let code = quota_code("PL-1", 3, 100);
        let held = list(5, ISSUED + 500, &[]);
        device.apply_all(&[&code, &held, &issuer_code(&license("GONE", 2, Term::Perpetual), true)]);
        device.resume(|engine| engine.consume("scans", 7, 0).map(|_| ())).expect("open").expect("granted");
        let receipt = device.deactivate("GONE").expect("a receipt");
        let stored = device.stored();
        let anchor = Key::anchor().public();
        let genuine = StoredLicense {
            activated_at: ISSUED + 1_000,
            key: anchor[..8].try_into().expect("eight"),
            meters: [meter("pages", 0, 0, 0), meter("scans", 7, 0, 0)].concat(),
            ..StoredLicense::claiming("PL-1", 3, document(&code))
        };
        let expected = State {
            // A code, a list, a code, a use, and two writes for what is given back.
            sequence: 6,
            counter: 6,
            ring: stored.ring,
            floor: ISSUED + 1_000,
            refreshed: ISSUED + 500,
            ..State::new(PRODUCT)
        };
        let expected = expected
            .with(LICENSE, genuine.content())
            .with(LIST, list_content(genuine.key, 5, PRODUCT, &document(&held)))
            .with(CERTIFICATE, certificate().document().to_vec())
            .with(RETURNED, given_back("GONE", 2, &receipt));
        assert_eq!(stored, expected);
        let slots = [lic2::port::Slot::A, lic2::port::Slot::B].map(|slot| device.content(slot));
        assert!(slots.contains(&expected.sealed(secret)), "{secret:?}");
    }
}

/// The entry of a license that was given back, made from the receipt.
fn given_back(id: &str, serial: u32, receipt: &str) -> Vec<u8> {
    let mut memory = DocumentBuffer::new();
    let read = read_device_document(receipt.as_bytes(), &mut memory).expect("a receipt");
    let DeviceContent::Receipt(receipt) = read.content() else { panic!("no receipt") };
    let shown: Vec<u8> = receipt.components.flat_map(|entry| [&[entry.kind][..], &entry.hash].concat()).collect();
    returned(id, serial, receipt.nonce, receipt.at.map_or(0, |at| at.0), &[], &shown)
}

/// An entry too short for its fields: writing them would make an entry of the bytes behind it.
#[test]
fn a_short_entry_makes_no_license_of_the_next_one() {
    let forged = StoredEntry { kind: LICENSE, zero: 0, content: claimed("FORGED", 1, &forged_code("FORGED", 1)) };
    let state = State::new(PRODUCT).with(LICENSE, vec![0; 36]).with(RETURNED, forged.bytes());
    let mut device = plain_device();
    device.put(&state.bytes());
    assert_eq!(device.refusal(), Some(Error::StateCorrupt));
    assert_eq!(device.status().licenses, 0);
}

/// Breaks a good state in one way.
type Break = fn(&mut State);

const BREAKS: [(&str, Break); 16] = [
    ("entry of no kind", |state| state.entries[0].kind = 0),
    ("entry with flags", |state| state.entries[0].zero = 1),
    ("license without all its fields", |state| state.entries[0].content.truncate(75)),
    ("license without a whole document", |state| edit_license(state, |held| held.document.truncate(71))),
    ("meter cut off", |state| edit_license(state, |held| held.meters.truncate(20))),
    ("meter of no name", |state| edit_license(state, |held| held.meters = meter("", 0, 0, 0))),
    ("meter of too long a name", |state| edit_license(state, |held| held.meters = meter(&"n".repeat(33), 0, 0, 0))),
    ("byte behind the meters", |state| edit_license(state, |held| held.meters.push(1))),
    ("list without a whole document", |state| add(state, LIST, 1, 99)),
    ("too many lists", |state| add(state, LIST, 5, 100)),
    ("certificate without a whole document", |state| add(state, CERTIFICATE, 1, 71)),
    ("too many certificates", |state| add(state, CERTIFICATE, 5, 72)),
    ("license given back without a serial", |state| add(state, RETURNED, 1, 11)),
    ("too many licenses given back", |state| add(state, RETURNED, 33, 12)),
    ("last sequence", |state| state.sequence = u32::MAX),
    ("bytes behind the last entry", |state| state.tail = vec![0; 3]),
];

fn edit_license(state: &mut State, edit: impl Fn(&mut StoredLicense)) {
    let mut held = StoredLicense::read(&state.entries[0].content);
    edit(&mut held);
    state.entries[0].content = held.content();
}

fn add(state: &mut State, kind: u8, count: u8, length: usize) {
    for number in 0..count {
        state.entries.push(StoredEntry { kind, zero: 0, content: vec![number; length] });
    }
}

#[test]
fn a_state_of_the_wrong_form_is_corrupt_and_a_good_code_repairs_it() {
    let code = quota_code("PL-1", 1, 100);
    let mut device = plain_device();
    device.apply_all(&[&code]);
    let good = device.stored();
    device.put(&good.bytes());
    assert_eq!(device.refusal(), None, "unbroken");
    for (name, edit) in BREAKS {
        let mut state = good.clone();
        edit(&mut state);
        device.put(&state.bytes());
        assert_eq!(device.refusal(), Some(Error::StateCorrupt), "{name}");
        assert_eq!(device.apply(&code), Ok(Outcome::Activated), "{name}");
        device.restart().expect("it opens");
        assert_eq!(device.refusal(), None, "{name}");
    }
}

#[test]
fn the_quotas_of_two_entries_of_one_license_do_not_add_up() {
    let mut device = plain_device();
    device.apply_all(&[&quota_code("PL-1", 1, 100)]);
    let mut state = device.stored();
    state.entries.push(state.entries[0].clone());
    device.put(&state.bytes());
    assert_eq!(device.meter("scans"), Ok((100, 0)));
    assert_eq!([0, 1].map(|number| device.refusal_of(number)), [Some(Error::LicenseReplaced), None]);
}

#[test]
fn of_two_serials_of_one_license_only_the_higher_counts() {
    for order in [[1, 2], [2, 1]] {
        let entry = |serial| claimed("PL-1", serial, &quota_code("PL-1", serial, 1_000 / u64::from(serial)));
        let state = order.iter().fold(State::new(PRODUCT), |state, serial| state.with(LICENSE, entry(*serial)));
        let mut device = plain_device();
        device.put(&state.bytes());
        assert_eq!(device.meter("scans"), Ok((500, 0)), "{order:?}");
        // Given back is the one that counts, and nothing of the license is left.
        device.deactivate("PL-1").expect("a receipt");
        assert_eq!(device.stored().returned_serial("PL-1"), Some(2), "{order:?}");
        assert!(device.refusal().is_some(), "{order:?}");
        assert_eq!(device.meter("scans"), Err(Error::LicenseReturned), "{order:?}");
    }
}

#[test]
fn a_license_that_was_given_back_cannot_be_put_back() {
    let mut device = plain_device();
    device.apply_all(&[&quota_code("PL-1", 1, 100)]);
    let held = device.stored().entries.remove(0);
    device.deactivate("PL-1").expect("a receipt");
    let mut state = device.stored();
    state.entries.push(held);
    device.put(&state.bytes());
    assert_eq!(device.refusal_of(0), Some(Error::LicenseReturned));
    assert_eq!(device.meter("scans"), Err(Error::LicenseReturned));
}

#[test]
fn there_is_no_receipt_for_what_is_not_held() {
    let mut device = plain_device();
    let good = code(&license("PL-1", 1, Term::Perpetual));
    // A good code under the name of another license, and a forged one.
    let renamed = StoredLicense { id_hash: id_hash("PL-8"), ..StoredLicense::claiming("", 1, document(&good)) };
    let forged = claimed("PL-9", 7, &forged_code("PL-9", 7));
    device.put(&State::new(PRODUCT).with(LICENSE, renamed.content()).with(LICENSE, forged).bytes());
    assert_eq!(device.deactivate("PL-7"), Err(Error::LicenseUnknown));
    assert_eq!(device.deactivate("PL-8"), Err(Error::LicenseUnknown));
    assert_eq!(device.deactivate("PL-9"), Err(Error::KeyUnknown));
    assert!(device.deactivate("PL-1").is_ok(), "the code says which license it is");
}

#[test]
fn there_is_no_receipt_for_what_a_revoked_issuer_signed() {
    let mut device = plain_device();
    let revoking = ListOf { number: 1, series: 0, issuers: &stolen_issuer(false), frozen: &[] }.by_anchor();
    device.apply_all(&[&issuer_code(&license("PL-1", 9, Term::Perpetual), true), &revoking]);
    assert_eq!(device.refusal(), Some(Error::IssuerRevoked));
    assert_eq!(device.deactivate("PL-1"), Err(Error::IssuerRevoked));
}

#[test]
fn what_is_forged_or_stolen_keeps_no_genuine_code_out() {
    let genuine = code(&license("PL-1", 1, Term::Perpetual));
    let mut edited = plain_device();
    let forged = claimed("PL-1", 9, &forged_code("PL-1", 9));
    edited.put(&State::new(PRODUCT).with(LICENSE, forged).bytes());
    let mut revoked = plain_device();
    let revoking = ListOf { number: 1, series: 0, issuers: &stolen_issuer(false), frozen: &[] }.by_anchor();
    revoked.apply_all(&[&issuer_code(&license("PL-1", 9, Term::Perpetual), true), &revoking]);
    for (device, refusal) in [(&mut edited, Error::KeyUnknown), (&mut revoked, Error::IssuerRevoked)] {
        assert_eq!(device.refusal(), Some(refusal));
        assert_eq!(device.apply(&genuine), Ok(Outcome::Activated));
        device.restart().expect("it opens");
        assert_eq!(device.refusal(), None);
    }
}

/// A forged entry beside a genuine one, under its name and with a higher serial.
#[test]
fn a_forged_entry_does_not_take_the_place_of_a_genuine_one() {
    for forged_first in [false, true] {
        let mut entries =
            [claimed("PL-1", 1, &quota_code("PL-1", 1, 100)), claimed("PL-1", 9, &forged_code("PL-1", 9))];
        if forged_first {
            entries.reverse();
        }
        let [one, other] = entries;
        let mut device = plain_device();
        device.put(&State::new(PRODUCT).with(LICENSE, one).with(LICENSE, other).bytes());
        assert_eq!(device.refusal(), None);
        assert_eq!(device.meter("scans"), Ok((100, 0)));
        assert_eq!(device.apply(&quota_code("PL-1", 1, 100)), Ok(Outcome::AlreadyApplied));
    }
}
