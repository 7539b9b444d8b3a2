//! A stolen issuer key, lists that hold others out, and the certificates that codes are checked with.

use lic2::seal::{Sealed, seal_license};
use lic2::{Error, KeyRing, Outcome, Term, UnixSeconds};

use crate::support::attack::{ListOf, dated_certificate, plain_device, stolen_issuer};
use crate::support::attack_state::{CERTIFICATE, LIST};
use crate::support::engine_device::Device;
use crate::support::engine_documents::{DAY, certificate, code, issuer_code, license};
use crate::support::{ISSUED, Key};

const EMPTY: ListOf<'static> = ListOf { number: 1, series: 0, issuers: &[], frozen: &[] };

fn perpetual(id: &'static str, serial: u32) -> String {
    code(&license(id, serial, Term::Perpetual))
}

/// A device with a license, and in every place a list by the issuer that freezes it and has the last number.
fn flooded() -> Device {
    let mut device = plain_device();
    device.apply_all(&[&perpetual("PL-1", 1)]);
    for series in 0..4 {
        device.apply_all(&[&ListOf { number: u32::MAX, series, frozen: &["PL-1"], ..EMPTY }.by_issuer()]);
    }
    assert_eq!(device.status().lists, 4);
    assert_eq!(device.refusal(), Some(Error::LicenseFrozen));
    device
}

#[test]
fn issuers_lists_do_not_keep_an_anchors_list_out() {
    for series in [0, 3, 9] {
        let mut device = flooded();
        assert_eq!(device.apply(&ListOf { series, ..EMPTY }.by_anchor()), Ok(Outcome::ListAccepted));
        assert_eq!(device.status().lists, 4);
        // Another issuer's list finds no place, and the anchor's stays.
        assert_eq!(device.apply(&ListOf { series: 77, ..EMPTY }.by_issuer()), Err(Error::StateFull));
        assert_eq!(device.apply(&ListOf { series, ..EMPTY }.by_anchor()), Ok(Outcome::AlreadyApplied));
    }
}

#[test]
fn the_lists_of_a_revoked_issuer_go_with_it() {
    for keep_activated in [false, true] {
        let mut device = flooded();
        let revoking = ListOf { issuers: &stolen_issuer(keep_activated), ..EMPTY };
        assert_eq!(device.apply(&revoking.by_anchor()), Ok(Outcome::ListAccepted));
        assert_eq!(device.status().lists, 1);
        assert_eq!(device.refusal(), None);
        assert_eq!(device.apply(&EMPTY.by_issuer()), Err(Error::IssuerRevoked));
        device.restart().expect("it opens");
        assert_eq!(device.refusal(), None);
    }
}

#[test]
fn an_issuers_list_takes_back_nothing_of_an_anchors() {
    let mut device = plain_device();
    device.apply_all(&[&perpetual("PL-1", 1), &ListOf { frozen: &["PL-1"], ..EMPTY }.by_anchor()]);
    assert_eq!(device.apply(&ListOf { number: 2, ..EMPTY }.by_issuer()), Ok(Outcome::ListAccepted));
    assert_eq!(device.refusal(), Some(Error::LicenseFrozen));
    // Nor do the numbers of the one count for the other.
    assert_eq!(device.apply(&ListOf { number: 2, ..EMPTY }.by_anchor()), Ok(Outcome::ListAccepted));
    assert_eq!(device.refusal(), None);
    assert_eq!(device.apply(&EMPTY.by_anchor()), Err(Error::ListOlder));
}

#[test]
fn lists_under_an_anchor_of_the_past_take_no_place() {
    let mut device = plain_device();
    for series in 0..4 {
        device.apply_all(&[&ListOf { series, ..EMPTY }.by_anchor()]);
    }
    assert_eq!(device.apply(&ListOf { series: 4, ..EMPTY }.by_anchor()), Err(Error::StateFull));
    let update = KeyRing::new(&[Key::stranger().public()]).expect("a good key");
    device.ring = Box::leak(Box::new(update));
    device.restart().expect("it opens");
    assert_eq!(device.status().lists, 0);
    assert_eq!(device.apply(&ListOf { series: 4, ..EMPTY }.by(&Key::stranger())), Ok(Outcome::ListAccepted));
    assert_eq!(device.stored().contents(LIST).len(), 1);
}

#[test]
fn a_document_signed_again_by_another_anchor_is_the_same() {
    let keys = [Key::anchor(), Key::stranger()];
    let ring = KeyRing::new(&[keys[0].public(), keys[1].public()]).expect("good keys");
    let mut device = plain_device();
    device.ring = Box::leak(Box::new(ring));
    device.restart().expect("it opens");
    let list = ListOf { number: 5, frozen: &["OTHER"], ..EMPTY };
    let draft = license("PL-1", 1, Term::Perpetual);
    assert_eq!(device.apply(&list.by(&keys[0])), Ok(Outcome::ListAccepted));
    assert_eq!(device.apply(&keys[0].code(&draft)), Ok(Outcome::Activated));
    assert_eq!(device.apply(&list.by(&keys[0])), Ok(Outcome::AlreadyApplied));
    assert_eq!(device.apply(&keys[1].code(&draft)), Ok(Outcome::AlreadyApplied));
    assert_eq!(device.apply(&ListOf { frozen: &[], ..list }.by(&keys[0])), Err(Error::ListConflict));
    // The list of a later anchor ranks higher, whatever its number is.
    assert_eq!(device.apply(&ListOf { number: 1, ..list }.by(&keys[1])), Ok(Outcome::ListAccepted));
    assert_eq!(device.apply(&ListOf { number: 9, ..list }.by(&keys[0])), Err(Error::ListOlder));
    let other = draft.with_edition("other");
    assert_eq!(device.apply(&keys[1].code(&other)), Err(Error::CodeConflict));
}

/// A perpetual license issued on this day of the tests by `key`, with its certificate or without one.
fn issued_by(key: &Key, id: &'static str, serial: u32, day: u64, carried: Option<&Sealed>) -> String {
    let issued_at = UnixSeconds(ISSUED + day * DAY);
    let draft = license(id, serial, Term::Perpetual).with_issued_at(issued_at);
    let carried = carried.map(Sealed::document);
    let sealed = seal_license(&draft, &key.public(), carried, |message| key.sign(message));
    sealed.expect("the draft is within the limits").text().to_owned()
}

#[test]
fn a_certificate_that_a_license_needs_outlives_its_renewals() {
    let mut device = plain_device();
    let issuer = Key::issuer();
    let first = dated_certificate(&issuer, 0, 10);
    device.apply_all(&[&issued_by(&issuer, "PL-1", 1, 0, Some(&first)), &issued_by(&issuer, "OLD", 1, 0, None)]);
    for serial in 2..=6 {
        let day = u64::from(serial) * 10;
        let renewed = dated_certificate(&issuer, day, day + 10);
        assert_eq!(device.apply(&issued_by(&issuer, "PL-1", serial, day, Some(&renewed))), Ok(Outcome::Renewed));
    }
    assert_eq!(device.stored().contents(CERTIFICATE).len(), 4);
    device.restart().expect("it opens");
    assert_eq!([0, 1].map(|number| device.refusal_of(number)), [None, None]);
}

#[test]
fn a_certificate_that_no_license_needs_makes_room() {
    let mut device = plain_device();
    let issuer = Key::issuer();
    device
        .apply_all(&[&issued_by(&issuer, "PL-1", 1, 0, Some(&certificate())), &issued_by(&issuer, "OLD", 1, 0, None)]);
    // Each of these carries its own, and needs no kept one.
    for (id, seed) in ["PL-2", "PL-3", "PL-4", "PL-5"].into_iter().zip(31..) {
        let other = Key::new(seed);
        let carried = dated_certificate(&other, 0, 100);
        device.apply_all(&[&issued_by(&other, id, 1, 0, Some(&carried))]);
    }
    let last = issued_by(&Key::new(34), "NEW", 1, 0, None);
    assert_eq!(device.apply(&last), Ok(Outcome::Activated), "the last certificate was kept");
    device.restart().expect("it opens");
    assert_eq!(device.status().licenses, 7);
    assert!((0..7).all(|number| device.refusal_of(number).is_none()));
}

#[test]
fn a_stolen_issuer_key_activates_nothing_once_it_is_revoked() {
    let mut device = plain_device();
    device.apply_all(&[&issuer_code(&license("PL-1", 1, Term::Perpetual), true)]);
    let revoking = ListOf { issuers: &stolen_issuer(true), ..EMPTY };
    device.apply_all(&[&revoking.by_anchor()]);
    assert_eq!(device.refusal(), None, "what was activated before is kept");
    let later = issuer_code(&license("PL-1", 2, Term::Perpetual), false);
    assert_eq!(device.apply(&later), Err(Error::IssuerRevoked));
}
