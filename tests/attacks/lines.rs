//! Lines of lists, lists in parts and for one customer, and anchors that are retired (docs/FORMAT.md §11): who can take
//! back, block or end what, in any order, across restarts and with and without a seal.

use lic2::seal::{RevocationDraft, Sealed, seal_license, seal_revocation_list};
use lic2::{
    Coverage, Error, KeyRing, Outcome, Part, Reason, RevokedIssuer, RevokedLicense, Term, UnixSeconds, license_id_hash,
};

use crate::support::attack::{device, plain_device};
use crate::support::attack_state::{LICENSE, StoredLicense};
use crate::support::engine_device::{Device, PRODUCT, SECRET};
use crate::support::engine_documents::{code, license};
use crate::support::{ISSUED, Key, open_certificate};

/// A list with the fields that matter here; each license is refunded below the serial.
#[derive(Clone)]
struct L<'a> {
    number: u32,
    issuers: &'a [RevokedIssuer],
    licenses: &'a [(&'a str, u32)],
    coverage: Coverage,
}

const LIST: L<'static> = L { number: 1, issuers: &[], licenses: &[], coverage: Coverage::Every };

impl L<'_> {
    fn by(&self, key: &Key, certificate: Option<&Sealed>) -> String {
        let mut licenses: Vec<RevokedLicense> = self
            .licenses
            .iter()
            .map(|(id, below)| RevokedLicense { id: license_id_hash(id), below: *below, reason: Reason::Refunded })
            .collect();
        licenses.sort_by_key(|entry| entry.id);
        let draft = RevocationDraft::new(self.number, PRODUCT, UnixSeconds(ISSUED))
            .with_issuers(self.issuers)
            .with_licenses(&licenses)
            .with_coverage(self.coverage);
        let carried = certificate.map(Sealed::document);
        let sealed = seal_revocation_list(&draft, &key.public(), carried, |message| key.sign(message));
        sealed.expect("within the limits").text().to_owned()
    }

    fn by_anchor(&self) -> String {
        self.by(&Key::anchor(), None)
    }
}

/// The part that covers this license alone, or nearly so.
fn only(id: &str) -> Coverage {
    let [high, low, ..] = license_id_hash(id);
    let beginning = u16::from_be_bytes([high, low]);
    Coverage::Part(Part { part: 1, parts: 2, first: beginning, last: beginning })
}

fn certified(key: &Key, line: Option<&Key>) -> Sealed {
    let mut draft = open_certificate().with_key(key.public()).with_kinds(15);
    draft.line = line.map(|line| *line.public().first_chunk().expect("eight bytes"));
    Key::anchor().certify(&draft)
}

fn perpetual(id: &'static str) -> String {
    code(&license(id, 1, Term::Perpetual))
}

fn code_by(key: &Key, id: &'static str, certificate: &Sealed) -> String {
    let draft = license(id, 1, Term::Perpetual);
    let sealed = seal_license(&draft, &key.public(), Some(certificate.document()), |message| key.sign(message));
    sealed.expect("within the limits").text().to_owned()
}

/// A device that trusts these anchors, in this order.
fn trusting(anchors: &[&Key], secret: Option<&'static [u8]>) -> Device {
    let keys: Vec<[u8; 32]> = anchors.iter().map(|key| key.public()).collect();
    let mut device = device(secret, false);
    device.ring = Box::leak(Box::new(KeyRing::new(&keys).expect("good keys")));
    device.restart().expect("it opens");
    device
}

fn named(key: &Key, keep_activated: bool) -> [RevokedIssuer; 1] {
    [RevokedIssuer { key: *key.public().first_chunk().expect("eight bytes"), keep_activated }]
}

#[test]
fn two_resellers_neither_touch_each_others_entries_nor_block_each_others_numbers() {
    let (a, b) = (Key::issuer(), Key::new(31));
    let (of_a, of_b) = (certified(&a, None), certified(&b, None));
    let mut device = plain_device();
    device.apply_all(&[&code_by(&a, "PL-A", &of_a), &code_by(&b, "PL-B", &of_b)]);
    let a4 = L { number: 4, licenses: &[("PL-A", u32::MAX)], ..LIST };
    device.apply_all(&[&a4.by(&a, Some(&of_a)), &L { number: u32::MAX, ..LIST }.by(&b, Some(&of_b))]);
    assert_eq!([0, 1].map(|number| device.refusal_of(number)), [Some(Error::LicenseRefunded), None]);
    device.restart().expect("it opens");
    assert_eq!(device.refusal_of(0), Some(Error::LicenseRefunded));
    assert_eq!(device.apply(&L { number: 5, ..LIST }.by(&a, Some(&of_a))), Ok(Outcome::ListAccepted));
    assert_eq!(device.refusal_of(0), None);
}

#[test]
fn an_issuer_that_succeeds_another_takes_over_its_entries() {
    let (old, new, other) = (Key::issuer(), Key::new(31), Key::new(32));
    let of_old = certified(&old, None);
    let mut device = plain_device();
    device.apply_all(&[&perpetual("PL-1"), &L { number: 4, licenses: &[("PL-1", 9)], ..LIST }.by(&old, Some(&of_old))]);
    assert_eq!(device.refusal(), Some(Error::LicenseRefunded));
    // A renewed certificate of the same key, another key of another line, the successor.
    let stranger = L { number: 9, ..LIST }.by(&other, Some(&certified(&other, None)));
    assert_eq!(device.apply(&stranger), Ok(Outcome::ListAccepted));
    assert_eq!(device.refusal(), Some(Error::LicenseRefunded), "another line takes nothing back");
    let of_new = certified(&new, Some(&old));
    assert_eq!(device.apply(&L { number: 3, ..LIST }.by(&new, Some(&of_new))), Err(Error::ListOlder));
    assert_eq!(device.apply(&L { number: 5, ..LIST }.by(&new, Some(&of_new))), Ok(Outcome::ListAccepted));
    assert_eq!(device.refusal(), None);
}

#[test]
fn a_list_for_one_customer_takes_nothing_back_for_another() {
    for secret in [None, Some(SECRET)] {
        let mut device = device(secret, false);
        device.apply_all(&[&perpetual("P1"), &perpetual("P2"), &L { licenses: &[("P1", 9)], ..LIST }.by_anchor()]);
        let customers = L { number: 2, licenses: &[("P2", 9)], coverage: Coverage::Named, ..LIST };
        device.apply_all(&[&customers.by_anchor()]);
        let refunded = Some(Error::LicenseRefunded);
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [refunded, refunded]);
        // Another customer's takes the place of that list, and leaves what it said of P2.
        let others = L { number: 3, licenses: &[("OTHER", 9)], coverage: Coverage::Named, ..LIST };
        device.apply_all(&[&others.by_anchor()]);
        device.restart().expect("it opens");
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [refunded, refunded]);
        // It takes back what it names, below 1, and nothing else.
        let freed = L { number: 4, licenses: &[("P1", 1)], coverage: Coverage::Named, ..LIST };
        device.apply_all(&[&freed.by_anchor()]);
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [None, refunded]);
        let others = L { number: 5, ..others };
        device.apply_all(&[&others.by_anchor()]);
        device.restart().expect("it opens");
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [None, refunded], "list 1 is older than list 4");
        device.apply_all(&[&L { number: 6, ..LIST }.by_anchor()]);
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [None, None]);
    }
}

/// Nor of codes that are not held.
#[test]
fn a_list_for_one_customer_stays_beside_the_list_of_all() {
    let mut device = plain_device();
    device.apply_all(&[&L { licenses: &[("X", 9)], ..LIST }.by_anchor()]);
    device.apply_all(&[&L { number: 2, licenses: &[("P2", 9)], coverage: Coverage::Named, ..LIST }.by_anchor()]);
    assert_eq!(device.apply(&perpetual("X")), Err(Error::LicenseRefunded));
    assert_eq!(device.apply(&perpetual("P2")), Err(Error::LicenseRefunded));
    assert_eq!(device.apply(&perpetual("Y")), Ok(Outcome::Activated));
    assert_eq!(device.status().lists, 2);
}

/// What a later list has freed is not ended by an earlier one that leaves after it.
#[test]
fn a_statement_gives_way_to_no_older_one() {
    let mut device = plain_device();
    device.apply_all(&[
        &perpetual("A"),
        &L { number: 6, licenses: &[("A", 9)], coverage: only("A"), ..LIST }.by_anchor(),
    ]);
    for (number, id) in [(7, "A"), (8, "OTHER")] {
        device.apply_all(&[&L { number, licenses: &[(id, 1)], coverage: Coverage::Named, ..LIST }.by_anchor()]);
    }
    assert_eq!(device.refusal(), None, "by list 7");
    device.apply_all(&[&L { number: 9, coverage: only("B"), ..LIST }.by_anchor()]);
    assert_eq!(device.refusal(), None, "by list 7, and not by list 6, which has left");
    device.restart().expect("it opens");
    assert_eq!(device.refusal(), None);
}

/// Of two lines that end a license in parts, the first is remembered.
#[test]
fn of_two_lines_the_statement_that_ends_a_license_stays() {
    let (a, b) = (Key::issuer(), Key::new(31));
    let (of_a, of_b) = (certified(&a, None), certified(&b, None));
    let mut device = plain_device();
    device.apply_all(&[&perpetual("A")]);
    let part = |number, id: &'static str, below, key: &Key, of: &Sealed| {
        let entry = [(id, below)];
        L { number, licenses: &entry, coverage: only(id), ..LIST }.by(key, Some(of))
    };
    for (key, of) in [(&a, &of_a), (&b, &of_b)] {
        device.apply_all(&[&part(1, "A", 9, key, of), &part(1, "B", 9, key, of)]);
    }
    device.apply_all(&[&part(2, "A", 1, &b, &of_b), &part(2, "B", 9, &b, &of_b)]);
    assert_eq!(device.refusal(), Some(Error::LicenseRefunded), "by the first line");
    device.apply_all(&[&part(2, "A", 1, &a, &of_a), &part(2, "B", 9, &a, &of_a)]);
    assert_eq!(device.refusal(), None);
}

/// Licenses that are held, in parts that come in any order; each of them is only of use if no other ends it.
#[test]
fn parts_come_in_any_order() {
    const HELD: [&str; 5] = ["A", "B", "C", "D", "E"];
    let refunded = [true, false, true, true, false];
    for turn in 0..HELD.len() {
        for secret in [None, Some(SECRET)] {
            let mut device = device(secret, false);
            for id in HELD {
                device.apply_all(&[&perpetual(id)]);
            }
            for step in 0..HELD.len() {
                let index = (turn * 2 + step * 3) % HELD.len();
                let entry = [(HELD[index], 9)];
                let licenses: &[(&str, u32)] = if refunded[index] { &entry } else { &[] };
                device.apply_all(&[&L { number: 7, licenses, coverage: only(HELD[index]), ..LIST }.by_anchor()]);
                if step % 2 == 0 {
                    device.restart().expect("it opens");
                }
            }
            for (index, ends) in (0..).zip(refunded) {
                assert_eq!(device.refusal_of(index).is_some(), ends, "{turn} {index}");
            }
            // An older list brings nothing back and ends nothing.
            let older = L { number: 6, licenses: &[("B", 9)], coverage: only("B"), ..LIST };
            assert_eq!(device.apply(&older.by_anchor()), Err(Error::ListOlder));
            assert_eq!(device.status().lists, 1);
        }
    }
}

#[test]
fn a_code_from_before_a_list_in_parts_needs_its_part() {
    let mut device = plain_device();
    device.apply_all(&[&L { number: 7, licenses: &[("X", 9)], coverage: only("X"), ..LIST }.by_anchor()]);
    assert_eq!(device.apply(&perpetual("X")), Err(Error::LicenseRefunded));
    assert_eq!(device.apply(&perpetual("Y")), Err(Error::ListPartMissing));
    device.restart().expect("it opens");
    assert_eq!(device.apply(&perpetual("Y")), Err(Error::ListPartMissing));
    // One that was issued later than the list cannot be in it.
    let later = license("Y", 1, Term::Perpetual).with_issued_at(UnixSeconds(ISSUED + 1));
    assert_eq!(device.apply(&code(&later)), Ok(Outcome::Activated));
    device.apply_all(&[&L { number: 7, coverage: only("Z"), ..LIST }.by_anchor(), &perpetual("Z")]);
    assert_eq!(device.apply(&perpetual("X")), Err(Error::ListPartMissing), "its part has left");
    // Another issuer's parts are not about this issuer's licenses.
    let (a, b) = (Key::issuer(), Key::new(31));
    let (of_a, of_b) = (certified(&a, None), certified(&b, None));
    let mut device = plain_device();
    device.apply_all(&[&L { number: 7, coverage: only("X"), ..LIST }.by(&b, Some(&of_b))]);
    assert_eq!(device.apply(&code_by(&a, "PL-A", &of_a)), Ok(Outcome::Activated));
    assert_eq!(device.apply(&code_by(&b, "PL-B", &of_b)), Err(Error::ListPartMissing));
}

/// What a list says of issuers is not forgotten for a part, which cannot say it.
#[test]
fn parts_leave_what_a_list_says_of_issuers() {
    let issuer = Key::issuer();
    let of_issuer = certified(&issuer, None);
    let mut device = plain_device();
    device.apply_all(&[&L { issuers: &named(&issuer, false), ..LIST }.by_anchor()]);
    for (number, id) in [(2, "A"), (2, "B"), (3, "C")] {
        device.apply_all(&[&L { number, coverage: only(id), ..LIST }.by_anchor()]);
        assert_eq!(device.apply(&code_by(&issuer, "PL-1", &of_issuer)), Err(Error::IssuerRevoked));
    }
    assert_eq!(device.status().lists, 2);
    device.apply_all(&[&L { number: 4, ..LIST }.by_anchor(), &code_by(&issuer, "PL-1", &of_issuer)]);
    assert_eq!((device.status().lists, device.refusal()), (1, None));
}

/// What was said in parts ends with the key that said it, and cannot be turned by editing into a right.
#[test]
fn statements_end_with_their_key() {
    let thief = Key::issuer();
    let of_thief = certified(&thief, None);
    for secret in [None, Some(SECRET)] {
        let mut device = device(secret, false);
        device.apply_all(&[&perpetual("A"), &perpetual("B")]);
        let stolen = |id: &'static str| {
            L { number: u32::MAX, licenses: &[(id, 9)], coverage: only(id), ..LIST }.by(&thief, Some(&of_thief))
        };
        device.apply_all(&[&stolen("A"), &stolen("B")]);
        let held = |device: &Device| {
            let stored = device.stored();
            let first = stored.contents(LICENSE)[0];
            StoredLicense::read(first).statement
        };
        assert_ne!(held(&device), [0; 32]);
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [Some(Error::LicenseRefunded); 2]);
        device.restart().expect("it opens");
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [Some(Error::LicenseRefunded); 2]);
        device.apply_all(&[&L { issuers: &named(&thief, true), ..LIST }.by_anchor()]);
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [None; 2], "customers are free again");
        assert_eq!(held(&device), [0; 32]);
        device.restart().expect("it opens");
        assert_eq!([0, 1].map(|number| device.refusal_of(number)), [None; 2]);
    }
}

/// Also where another key keeps the line alive, and where the anchor leaves the product.
#[test]
fn statements_end_with_their_key_alone() {
    let (thief, heir) = (Key::issuer(), Key::new(31));
    let (of_thief, of_heir) = (certified(&thief, None), certified(&heir, Some(&thief)));
    let mut device = plain_device();
    device.apply_all(&[&perpetual("A")]);
    device.apply_all(&[&L { coverage: Coverage::Named, ..LIST }.by(&heir, Some(&of_heir))]);
    for id in ["A", "B"] {
        let stolen = L { number: u32::MAX, licenses: &[(id, 9)], coverage: only(id), ..LIST };
        device.apply_all(&[&stolen.by(&thief, Some(&of_thief))]);
    }
    assert_eq!(device.refusal(), Some(Error::LicenseRefunded));
    device.apply_all(&[&L { issuers: &named(&thief, true), ..LIST }.by_anchor()]);
    assert_eq!((device.refusal(), device.status().lists), (None, 2));

    let (first, second) = (Key::anchor(), Key::stranger());
    for secret in [None, Some(SECRET)] {
        let mut device = trusting(&[&first, &second], secret);
        device.apply_all(&[&second.code(&license("A", 1, Term::Perpetual))]);
        for id in ["A", "B"] {
            device.apply_all(&[&L { licenses: &[(id, 9)], coverage: only(id), ..LIST }.by(&first, None)]);
        }
        assert_eq!(device.refusal(), Some(Error::LicenseRefunded));
        device.ring = Box::leak(Box::new(KeyRing::new(&[second.public()]).expect("a good key")));
        device.restart().expect("it opens");
        assert_eq!(device.refusal(), None, "an update of the product without that anchor");
    }
}

#[test]
fn an_anchor_is_retired_by_a_later_one_only() {
    let (first, second) = (Key::anchor(), Key::stranger());
    for keep in [true, false] {
        for secret in [None, Some(SECRET)] {
            let retire =
                |target: &Key, by: &Key, number| L { number, issuers: &named(target, keep), ..LIST }.by(by, None);
            let mut device = trusting(&[&first, &second], secret);
            let issuer = Key::issuer();
            let of_issuer = certified(&issuer, None);
            device.apply_all(&[&perpetual("PL-1"), &code_by(&issuer, "PL-2", &of_issuer)]);
            // The thief of the first anchor comes first, with the highest number: no effect on the spare.
            device.apply_all(&[&retire(&second, &first, u32::MAX)]);
            device.apply_all(&[&second.code(&license("PL-3", 1, Term::Perpetual))]);
            assert_eq!(device.refusal_of(2), None);
            // Nor does an anchor retire itself.
            let mut alone = trusting(&[&first, &second], secret);
            alone.apply_all(&[&retire(&second, &second, 1), &second.code(&license("PL-3", 1, Term::Perpetual))]);
            // The owner's list, signed by the spare, counts whatever its number is.
            device.apply_all(&[&retire(&first, &second, 1)]);
            let ended = (!keep).then_some(Error::IssuerRevoked);
            for turn in 0..2 {
                let seen = [0, 1, 2].map(|number| device.refusal_of(number));
                assert_eq!(seen, [ended, ended, None], "keep {keep}, turn {turn}");
                device.restart().expect("it opens");
            }
            assert_eq!(device.apply(&perpetual("PL-4")), Err(Error::IssuerRevoked));
            assert_eq!(device.apply(&code_by(&issuer, "PL-5", &of_issuer)), Err(Error::IssuerRevoked));
            assert_eq!(device.apply(&retire(&second, &first, u32::MAX)), Err(Error::IssuerRevoked));
            assert_eq!(device.apply(&L { number: 2, ..LIST }.by(&second, None)), Ok(Outcome::ListAccepted));
            assert_eq!(device.apply(&perpetual("PL-4")), Ok(Outcome::Activated), "taken back by its own line");
        }
    }
}

/// Both lists reach devices in any order, and lists of the thief freeze nobody after that.
#[test]
fn of_two_anchors_that_retire_each_other_the_later_one_wins() {
    let (first, second) = (Key::anchor(), Key::stranger());
    let thiefs = L { number: u32::MAX, issuers: &named(&second, false), licenses: &[("PL-2", u32::MAX)], ..LIST }
        .by(&first, None);
    let owners = L { number: 1, issuers: &named(&first, false), ..LIST }.by(&second, None);
    for order in [[&thiefs, &owners], [&owners, &thiefs]] {
        let mut device = trusting(&[&first, &second], None);
        device.apply_all(&[&second.code(&license("PL-2", 1, Term::Perpetual))]);
        for list in order {
            let _ = device.apply(list);
        }
        assert_eq!(device.refusal(), None);
        assert_eq!(device.apply(&perpetual("PL-1")), Err(Error::IssuerRevoked));
        assert_eq!(device.status().lists, 1);
    }
}

/// A list of an issuer finds no place, and an anchor's takes that of an issuer's: nothing is lost but that.
#[test]
fn the_list_after_the_last_one_that_has_room() {
    let mut device = plain_device();
    device.apply_all(&[&perpetual("PL-1")]);
    let keys: Vec<Key> = (31..36).map(Key::new).collect();
    let list = |key: &Key, number| L { number, licenses: &[("PL-1", 9)], ..LIST }.by(key, Some(&certified(key, None)));
    for key in &keys[..4] {
        device.apply_all(&[&list(key, 1)]);
    }
    let before = device.stored();
    assert_eq!(device.apply(&list(&keys[4], 1)), Err(Error::StateFull));
    assert_eq!(device.stored(), before, "nothing has changed");
    assert_eq!(device.apply(&list(&keys[0], 2)), Ok(Outcome::ListAccepted), "the lines that are held go on");
    assert_eq!(device.apply(&L { number: 1, ..LIST }.by_anchor()), Ok(Outcome::ListAccepted));
    assert_eq!((device.status().lists, device.refusal()), (4, Some(Error::LicenseRefunded)));
}
