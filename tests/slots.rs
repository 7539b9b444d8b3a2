//! The content of the slots, no matter who put it there: damaged, cut, foreign, of a later version, swapped, twice.
//! Every such store has a defined result, grants nothing, and is repaired by a good code; a later version's is never
//! written over. And stores that are good under other keys: an anchor that goes and comes back, a secret that is
//! introduced.

mod support;

use hmac::{Hmac, KeyInit, Mac};
use lic2::port::Slot;
use lic2::{Error, KeyRing, Outcome, Term};
use sha2::Sha512;
use support::attack::device;
use support::attack_state::{StoredLicense, meter};
use support::engine_device::{Device, PROFILE, SECRET};
use support::engine_documents::{code, issuer_code, license, list, nonce_of, quotas, unlock, until};
use support::engine_steps::{Op, Snapshot};
use support::model::chance::Chance;
use support::{ISSUED, Key, hex, stanza, unhex};

const FEATURES: &[&str] = &["scans", "pages", "channels"];
const BOTH: [Option<&[u8]>; 2] = [None, Some(SECRET)];

/// A device whose store has one of everything in it.
fn full(secret: Option<&'static [u8]>) -> Device {
    let mut device = device(secret, false);
    let features = quotas(100, 10);
    let draft = |id, serial| license(id, serial, until(0)).with_features(&features);
    let add_on = draft("ADD-1", 1).with_add_on(true);
    device.apply_all(&[
        &code(&draft("PL-1", 1)),
        &issuer_code(&add_on, true),
        &code(&license("OLD-1", 3, until(0))),
        &list(4, ISSUED + 500, &[("OLD-1", 3, lic2::Reason::Refunded), ("X-1", 9, lic2::Reason::Frozen)]),
    ]);
    for op in [
        Op::Deactivate("OLD-1"),
        Op::Consume { name: "scans", amount: 7, reservation: 3 },
        Op::Consume { name: "pages", amount: 25, reservation: 0 },
        Op::Usage(""),
        Op::UsageAccepted(1),
        Op::Consume { name: "scans", amount: 4, reservation: 0 },
        Op::Request,
    ] {
        device
            .resume(|engine| op.run(engine))
            .expect("open")
            .unwrap_or_else(|error| panic!("{op:?}: {}", error.name()));
    }
    device
}

fn look(device: &Device) -> Snapshot {
    Snapshot::of(device, FEATURES).expect("an open engine tells its state")
}

fn put(device: &mut Device, a: &[u8], b: &[u8]) {
    device.hardware().store.set_content(Slot::A, a);
    device.hardware().store.set_content(Slot::B, b);
}

/// The newest activation, as it is in its slot, and the previous one.
fn slots(device: &Device) -> [Vec<u8>; 2] {
    let sequence = |bytes: &Vec<u8>| bytes.get(12..16).map(|bytes| u32::from_le_bytes(bytes.try_into().expect("four")));
    let mut slots = [Slot::A, Slot::B].map(|slot| device.content(slot));
    slots.sort_by_key(|bytes| std::cmp::Reverse(sequence(bytes)));
    slots
}

/// With this in both slots the device says `condition`, grants nothing, and a good code repairs it for ever.
fn demand_repair(mut device: Device, bytes: &[u8], condition: Option<Error>, what: &str) {
    put(&mut device, bytes, bytes);
    assert_eq!(device.restart(), Ok(()), "{what}");
    assert_eq!(device.status().condition, condition, "{what}");
    assert_eq!(device.refusal(), Some(condition.unwrap_or(Error::NotActivated)), "{what}");
    for name in FEATURES {
        let granted = device.resume(|engine| engine.feature(name).expect("an answer").decision.verdict.is_granted());
        assert_eq!(granted, Ok(false), "{what}");
        assert!(device.resume(|engine| engine.consume(name, 1, 0)).expect("open").is_err(), "{what}");
    }
    assert_eq!([Slot::A, Slot::B].map(|slot| device.content(slot)), [bytes, bytes], "{what}: asking has written");
    assert_eq!(device.apply(&code(&license("PL-9", 1, until(0)))), Ok(Outcome::Activated), "{what}");
    assert_eq!(device.refusal(), None, "{what}");
    for _ in 0..2 {
        device.restart().expect("it opens");
        assert_eq!((device.refusal(), device.status().condition), (None, None), "{what}");
    }
}

/// With a good header check, a good seal of this secret and a good check.
fn resealed(mut bytes: Vec<u8>, secret: Option<&[u8]>) -> Vec<u8> {
    bytes = with_checks(bytes);
    if let Some(secret) = secret {
        let end = bytes.len() - 20;
        let mut mac = Hmac::<Sha512>::new_from_slice(secret).expect("any length will do");
        mac.update(&bytes[..end]);
        bytes[end..end + 16].copy_from_slice(&mac.finalize().into_bytes()[..16]);
    }
    with_checks(bytes)
}

fn with_checks(mut bytes: Vec<u8>) -> Vec<u8> {
    let check = |bytes: &[u8]| crc32fast::hash(bytes).to_le_bytes();
    let header = check(&bytes[..8]);
    bytes[8..12].copy_from_slice(&header);
    let end = bytes.len() - 4;
    let whole = check(&bytes[..end]);
    bytes[end..].copy_from_slice(&whole);
    bytes
}

#[test]
fn what_is_no_activation_is_repaired_by_a_code() {
    for secret in BOTH {
        let [newest, _] = slots(&full(secret));
        let plain = || device(secret, false);
        demand_repair(plain(), &[], None, "empty");
        for (byte, condition) in [(0, None), (0xFF, None), (0x55, Some(Error::StateCorrupt))] {
            for length in [1, 4, 12, 200, 4096] {
                demand_repair(plain(), &vec![byte; length], condition, "all the same");
            }
        }
        for length in 1..newest.len() {
            demand_repair(plain(), &newest[..length], Some(Error::StateCorrupt), "cut off");
        }
        let mut chance = Chance::new(3);
        for round in 0..2_000 {
            let length = usize::try_from(1 + chance.below(4096)).expect("few");
            let mut noise: Vec<u8> = (0..length).map(|_| chance.next().to_le_bytes()[0]).collect();
            if round % 2 == 0 {
                // Behind a good beginning it goes further.
                let kept = usize::try_from(chance.below(newest.len() as u64)).expect("few").min(length);
                noise[..kept].copy_from_slice(&newest[..kept]);
            }
            demand_repair(plain(), &noise, Some(Error::StateCorrupt), "noise");
        }
    }
}

/// Nobody meant these; whatever they hit, the check tells.
#[test]
fn every_flipped_bit_is_damage() {
    for secret in BOTH {
        let device = full(secret);
        let [newest, _] = slots(&device);
        for bit in 0..newest.len() * 8 {
            let mut flipped = newest.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let mut device = device.clone();
            put(&mut device, &flipped, &[]);
            device.restart().expect("it opens");
            assert_eq!(device.status().condition, Some(Error::StateCorrupt), "bit {bit}");
            assert_eq!(device.refusal(), Some(Error::StateCorrupt), "bit {bit}");
        }
    }
}

/// Somebody meant these, and made the checks good: a seal tells, and without one no right is gained.
#[test]
fn no_flipped_bit_under_good_checks_gains_a_right() {
    for secret in BOTH {
        let device = full(secret);
        let [newest, _] = slots(&device);
        let mut seen = std::collections::BTreeMap::<String, u32>::new();
        // Flips in the check of the header are taken back by the good check.
        for bit in (0..8 * 8).chain(12 * 8..(newest.len() - 4) * 8) {
            let mut flipped = newest.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let flipped = with_checks(flipped);
            let mut device = device.clone();
            put(&mut device, &flipped, &[]);
            let result = match device.restart() {
                Err(error) => error.name(),
                Ok(()) => device.refusal().map_or("granted", Error::name),
            };
            *seen.entry(result.to_owned()).or_default() += 1;
            if result == "granted" {
                assert_eq!(secret, None, "bit {bit}");
                let standing = device.resume(|engine| {
                    engine
                        .license_status(0)
                        .expect("open")
                        .expect("one")
                        .license
                        .map(|license| (license.license().serial, license.license().features.into_iter().count()))
                });
                assert_eq!(standing, Ok(Some((1, 3))), "bit {bit}");
            } else if result != "STATE_TOO_NEW" && result != "STATE_TOO_OLD" {
                // A lock or a time that was written in ends as every other does.
                let unlock = |device: &mut Device| {
                    let nonce = nonce_of(&device.request().expect("a request"));
                    assert_eq!(device.apply(&unlock(nonce, ISSUED + 1_000, 3)), Ok(Outcome::Unlocked), "bit {bit}");
                    assert_eq!(secret, None, "bit {bit}");
                };
                if result == "STATE_ROLLED_BACK" {
                    unlock(&mut device);
                }
                assert_eq!(
                    device.apply(&code(&license("PL-9", 1, until(0)))),
                    Ok(Outcome::Activated),
                    "bit {bit}: {result}"
                );
                if device.refusal().is_some() {
                    unlock(&mut device);
                }
                assert_eq!(device.refusal(), None, "bit {bit}: {result}");
            }
        }
        let kinds: Vec<&str> = seen.keys().map(String::as_str).collect();
        println!("{seen:?}");
        match secret {
            Some(_) => assert_eq!(kinds, ["STATE_CORRUPT", "STATE_FOREIGN", "STATE_TOO_NEW"]),
            None => assert!(kinds.contains(&"SIGNATURE_INVALID") && kinds.contains(&"STATE_CORRUPT"), "{kinds:?}"),
        }
    }
}

#[test]
fn one_good_slot_is_enough_and_their_order_does_not_matter() {
    for secret in BOTH {
        let mut device = full(secret);
        let [newest, before] = slots(&device);
        device.restart().expect("it opens");
        let good = look(&device);
        let damaged = &newest[..newest.len() - 1];
        for (a, b) in [
            (&newest[..], &before[..]),
            (&before, &newest),
            (&newest, &newest),
            (&newest, damaged),
            (damaged, &newest),
            (&newest, &[]),
            (&[0; 4096], &newest),
            (&newest, &[0xFF; 100]),
        ] {
            put(&mut device, a, b);
            device.restart().expect("it opens");
            assert_eq!(look(&device), good);
            let mut device = device.clone();
            // The next write spares the good one.
            device.resume(|engine| engine.consume("scans", 1, 0)).expect("open").expect("granted");
            let kept = [Slot::A, Slot::B].iter().any(|slot| device.content(*slot) == newest);
            assert!(kept);
            device.restart().expect("it opens");
            assert_eq!(look(&device).used[0], good.used[0].map(|used| used + 1));
        }
    }
}

#[test]
fn the_state_of_another_device_or_product_is_foreign_and_spared() {
    let own = |secret| device(secret, false);
    let [sealed, _] = slots(&full(Some(SECRET)));
    let [unsealed, _] = slots(&full(None));
    let foreign = Some(Error::StateForeign);
    demand_repair(own(Some(b"the secret of another device")), &sealed, foreign, "another secret");
    demand_repair(own(None), &sealed, foreign, "no secret any more");
    demand_repair(own(Some(SECRET)), &unsealed, foreign, "not sealed");
    let mut other = device(None, false);
    other.profile = PROFILE.with_product("another");
    put(&mut other, &unsealed, &sealed);
    other.restart().expect("it opens");
    assert_eq!(other.refusal(), foreign);
    // Of two foreign states one is spared; a foreign one is spared before a damaged one.
    for (a, b) in [(&sealed[..], &b"damaged"[..]), (b"damaged", &sealed), (&sealed, &sealed)] {
        let mut device = own(None);
        put(&mut device, a, b);
        device.restart().expect("it opens");
        device.apply_all(&[&code(&license("PL-9", 1, until(0)))]);
        assert!([Slot::A, Slot::B].iter().any(|slot| device.content(*slot) == sealed));
        assert_eq!(device.refusal(), None);
    }
}

#[test]
fn the_state_of_a_later_version_is_left_alone() {
    for secret in BOTH {
        let [newest, before] = slots(&full(secret));
        let mut later = newest.clone();
        later[4] = 3;
        let later = with_checks(later);
        let mut longer = newest.clone();
        longer[4] = 3;
        longer[6..8].copy_from_slice(&9_000_u16.to_le_bytes());
        let longer = with_checks(longer);
        // What a later library of this version may write, and this one must not write over.
        let growth =
            [(5, 0x02), (5, 0x80), (100, 1), (103, 0x80), (128, 5), (128, 255)].map(|(at, value): (usize, u8)| {
                let mut grown = newest.clone();
                grown[at] = if at == 5 { grown[at] | value } else { value };
                with_checks(grown)
            });
        for later in [later, longer].into_iter().chain(growth) {
            for (a, b) in [(&later, &newest), (&newest, &later), (&before, &later), (&later, &later), (&later, &vec![])]
            {
                let mut device = device(secret, false);
                put(&mut device, a, b);
                assert_eq!(device.restart(), Err(Error::StateTooNew));
                let calls = [Op::Check, Op::Settle, Op::Request, Op::Apply(code(&license("PL-9", 1, until(0))))];
                for op in calls {
                    let answer = device.resume(|engine| op.run(engine)).and_then(|answer| answer);
                    assert_eq!(answer, Err(Error::NotInitialized));
                }
                assert_eq!([device.content(Slot::A), device.content(Slot::B)], [a.clone(), b.clone()]);
            }
        }
    }
}

/// An update that loses an anchor makes its licenses void, one that brings it back makes them count again.
#[test]
fn licenses_go_and_come_back_with_their_anchor() {
    let ring = |keys: &[Key]| -> &'static KeyRing {
        let keys: Vec<[u8; 32]> = keys.iter().map(Key::public).collect();
        Box::leak(Box::new(KeyRing::new(&keys).expect("good keys")))
    };
    let (old, new) = (ring(&[Key::anchor()]), ring(&[Key::stranger()]));
    for secret in BOTH {
        let mut device = full(secret);
        device.restart().expect("it opens");
        let good = look(&device);
        device.ring = new;
        device.restart().expect("it opens");
        assert_eq!(
            (device.refusal(), device.refusal_of(1)),
            (Some(Error::KeyUnknown), Some(Error::CertificateUntrusted))
        );
        assert_eq!(device.status().lists, 0);
        // What is written meanwhile keeps them.
        device.apply_all(&[&Key::stranger().code(&license("NEW-1", 1, until(0)))]);
        assert_eq!(device.refusal(), None);
        device.restart().expect("it opens");
        assert_eq!(device.refusal_of(0), Some(Error::KeyUnknown));
        device.ring = old;
        device.restart().expect("it opens");
        assert_eq!((device.refusal(), device.refusal_of(2)), (None, Some(Error::KeyUnknown)));
        assert_eq!(look(&device).used, good.used);
        assert_eq!(device.status().list_number, 4);
        device.ring = ring(&[Key::stranger(), Key::anchor()]);
        device.restart().expect("it opens");
        assert_eq!((device.refusal_of(0), device.refusal_of(1), device.refusal_of(2)), (None, None, None));
    }
}

#[test]
fn a_secret_is_introduced_by_one_release_that_accepts_what_is_not_sealed() {
    let mut device = full(None);
    device.restart().expect("it opens");
    let good = look(&device).used;
    device.identity.secret = Some(SECRET);
    device.restart().expect("it opens");
    assert_eq!(device.refusal(), Some(Error::StateForeign));
    device.profile.accept_unsealed = true;
    device.restart().expect("it opens");
    assert_eq!((device.refusal(), look(&device).used), (None, good.clone()));
    device.resume(|engine| engine.consume("scans", 1, 0)).expect("open").expect("granted");
    device.profile.accept_unsealed = false;
    device.restart().expect("it opens");
    assert_eq!((device.refusal(), device.status().sealed), (None, true));
    assert_eq!(look(&device).used[0], good[0].map(|used| used + 1));
}

/// Version 1 was a draft: no released library has written it.
#[test]
fn the_state_of_a_draft_is_left_alone() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/state/version-1.txt");
    let cases = stanza::parse(&std::fs::read_to_string(path).expect("the state of a draft"));
    assert_eq!(cases.len(), 2);
    for (case, secret) in cases.iter().zip(BOTH) {
        let draft = unhex(case.get("slot").expect("a slot"));
        let [newest, _] = slots(&full(secret));
        for (a, b) in [(&draft, &newest), (&newest, &draft), (&draft, &vec![])] {
            let mut device = device(secret, false);
            put(&mut device, a, b);
            assert_eq!(device.restart(), Err(Error::StateTooOld), "{}", case.name);
            assert_eq!([device.content(Slot::A), device.content(Slot::B)], [a.clone(), b.clone()]);
        }
    }
}

/// Bytes that later libraries may use and this one keeps, and a condition that it does not know.
#[test]
fn what_a_later_library_writes_is_kept_or_ends_like_any_lock() {
    for secret in BOTH {
        let [newest, _] = slots(&full(secret));
        let mut grown = newest.clone();
        for at in [22, 23].into_iter().chain(104..128) {
            grown[at] = 7;
        }
        let grown = resealed(grown, secret);
        let mut device = device(secret, false);
        put(&mut device, &grown, &[]);
        device.restart().expect("it opens");
        assert_eq!(device.refusal(), None);
        device.resume(|engine| engine.consume("scans", 1, 0).map(|_| ())).expect("open").expect("granted");
        let stored =
            [Slot::A, Slot::B].map(|slot| device.content(slot)).into_iter().max_by_key(|slot| slot.get(12).copied());
        let stored = stored.expect("two slots");
        assert!([22, 23].into_iter().chain(104..128).all(|at| stored[at] == 7), "kept");
        for number in [515_u16, 901, 999, 1, 65_535] {
            let mut locked = newest.clone();
            locked[20..22].copy_from_slice(&number.to_le_bytes());
            let locked = resealed(locked, secret);
            put(&mut device, &locked, &[]);
            device.restart().expect("it opens");
            assert_eq!(device.refusal(), Some(Error::StateRolledBack), "{number}");
            let nonce = nonce_of(&device.request().expect("a request"));
            assert_eq!(device.apply(&unlock(nonce, ISSUED + 1_000, 3)), Ok(Outcome::Unlocked));
            assert_eq!(device.refusal(), None, "{number}");
        }
    }
}

/// A license entry without the meter of a quota, as an edited store may hold it, gets it when the code is applied again.
#[test]
fn a_quota_without_its_meter_heals() {
    let quota = code(&license("PL-1", 1, Term::Perpetual).with_features(&quotas(100, 10)));
    let mut device = device(None, false);
    device.apply_all(&[&quota]);
    let mut state = device.stored();
    let mut held = StoredLicense::read(&state.entries[0].content);
    held.meters = meter("pages", 4, 0, 0);
    state.entries[0].content = held.content();
    device.put(&state.bytes());
    assert_eq!(device.meter("scans"), Err(Error::FeatureKind), "there is none");
    assert_eq!(device.apply(&quota), Ok(Outcome::Renewed));
    assert_eq!(device.meter("scans"), Ok((100, 0)));
    assert_eq!(device.meter("pages"), Ok((10, 4)), "the others keep their counts");
    device.restart().expect("it opens");
    assert_eq!(device.meter("scans"), Ok((100, 0)), "stored");
    assert_eq!(device.apply(&quota), Ok(Outcome::AlreadyApplied));
}

/// What version 2 has written stays readable for ever. `BLESS=1` writes the file where there is none.
#[test]
fn the_frozen_state_of_version_2_is_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/state/version-2.txt");
    let made = BOTH.map(|secret| {
        let name = if secret.is_some() { "sealed" } else { "plain" };
        stanza::Case::new(name).with("slot", hex(&slots(&full(secret))[0]))
    });
    let head = "A stored activation of state version 2 (docs/STATE.md): plain, and sealed with the tests' secret.";
    if std::env::var_os("BLESS").is_some() && !std::path::Path::new(path).exists() {
        std::fs::write(path, stanza::print(head, &made)).expect("tests/vectors can be written");
    }
    let cases = stanza::parse(&std::fs::read_to_string(path).expect("the frozen state"));
    assert_eq!(cases.len(), 2);
    for (case, secret) in cases.iter().zip(BOTH) {
        let mut device = device(secret, false);
        put(&mut device, &unhex(case.get("slot").expect("a slot")), &[]);
        device.restart().expect("it opens");
        let status = device.status();
        assert_eq!((status.refusal, status.condition, status.sealed), (None, None, secret.is_some()), "{}", case.name);
        assert_eq!((status.licenses, status.lists, status.list_number, status.request_pending), (2, 1, 4, true));
        assert_eq!(status.sequence, 11);
        let seen = look(&device);
        assert_eq!(seen.used, [Some(11), Some(25), None]);
        let reading = device.resume(|engine| engine.meter("scans")).expect("open").expect("granted");
        assert_eq!((reading.total, reading.remaining), (200, 189));
        // The list, the license that was given back, the certificate and the pending request are there.
        assert_eq!(device.apply(&list(3, ISSUED, &[])), Err(Error::ListOlder));
        assert_eq!(device.apply(&code(&license("OLD-1", 3, until(0)))), Err(Error::LicenseReturned));
        assert_eq!(device.apply(&code(&license("OLD-1", 2, until(0)))), Err(Error::LicenseRefunded));
        assert!(device.deactivate("OLD-1").expect("the receipt again").starts_with("LIC2P."));
        let next = license("ADD-1", 2, until(9)).with_add_on(true);
        assert_eq!(device.apply(&issuer_code(&next, false)), Ok(Outcome::Renewed));
        let (number, _) = device
            .resume(|engine| engine.usage("", b"", &mut [0; 1024]).map(|(number, _)| (number, ())))
            .expect("open")
            .expect("a report");
        assert_eq!(number, 2);
        let nonce = nonce_of(&device.request().expect("the request again"));
        assert_eq!(device.apply(&unlock(nonce, ISSUED, 1)), Ok(Outcome::Unlocked));
    }
}
