//! More frozen licenses than any text holds: a ledger, the parts of its list, and a device with 4 KB of state.

mod support;

use std::collections::BTreeMap;

use lic2::limits::STATE_MAX;
use lic2::{Component, Error, Outcome, UnixSeconds};
use lic2_signer::ledger::{Event, Facts, Ledger, Note};
use support::device::{Device, NOW_SECONDS, PRODUCT};
use support::{NOW, Ran, Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];

/// How many licenses are frozen.
const FROZEN: usize = 5000;

/// When the list is made.
const LATER: &str = "2026-11-22T13:00:00Z";

/// A ledger in which so many licenses `P-1`, `P-2` … were sold and frozen, and `F-1` … `F-9` were sold.
fn sold(frozen: usize) -> (Sandbox, BTreeMap<String, String>) {
    let sandbox = Sandbox::with_keys();
    let kinds = ["--scope", "vision-*", "--kinds", "codes,revocations"];
    sandbox.write("issuer.cert", &sandbox.certify(&kinds));
    sandbox.run(&["ledger", "init", "sales.ledger"]).ok();
    let names: Vec<String> = (1..=frozen).map(|n| format!("P-{n}")).collect();
    let free = (1..=9).map(|n| format!("F-{n}"));
    let rows: String = names.iter().cloned().chain(free).map(|id| format!("{id},O-{id}\n")).collect();
    sandbox.write("orders.csv", &format!("id,order\n{rows}"));
    let key = ["--key", "issuer.key", "--certificate", "issuer.cert", "--ledger", "sales.ledger"];
    let more = ["--product", PRODUCT, "--perpetual", "--at", NOW, "--output", "codes.csv"];
    sandbox.run(&[&["batch", "orders.csv"], &key[..], &more].concat()).ok();
    let table = sandbox.read("codes.csv");
    let codes = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[3].to_owned(), cells[5].to_owned())
    });
    let mut ledger = Ledger::open(&sandbox.path("sales.ledger")).unwrap();
    let mut writing = ledger.begin().unwrap();
    for name in names {
        let facts = Facts { license: Some(name), product: Some(PRODUCT.into()), ..Facts::default() };
        let at = UnixSeconds(NOW_SECONDS + 60);
        let _ = writing.note(&Note { facts, ..Note::new(Event::Freeze, "test", at) }).unwrap();
    }
    writing.commit().unwrap();
    (sandbox, codes.collect())
}

fn list(sandbox: &Sandbox, options: &[&str]) -> Ran {
    let base = ["revocations", "--product", PRODUCT, "--key", "issuer.key", "--certificate", "issuer.cert"];
    let at = ["--anchor", "anchor.pub", "--ledger", "sales.ledger", "--at", LATER];
    sandbox.run(&[&base[..], &at, options].concat())
}

/// What a part says of itself: its place, and the hashes that it names.
fn shown(sandbox: &Sandbox, part: &str) -> (serde_json::Value, Vec<String>) {
    let shown =
        json(&sandbox.run(&["inspect", part, "--json", "--anchor", "anchor.pub"]).ok())["revocation_list"].take();
    let names = shown["licenses"].as_array().unwrap().iter();
    (shown["coverage"].clone(), names.map(|entry| entry["license_hash"].as_str().unwrap().to_owned()).collect())
}

fn hash(id: &str) -> String {
    lic2_signer::ui::hex(&lic2::license_id_hash(id))
}

/// The part that a device with this request needs.
fn part_for(sandbox: &Sandbox, device: &mut Device, license: &str) -> String {
    sandbox.write("request.txt", &device.request(license, 0));
    list(sandbox, &["--request", "request.txt"]).ok().trim_end().to_owned()
}

#[test]
fn five_thousand_frozen_licenses_reach_a_device_with_4_kb() {
    assert_eq!(STATE_MAX, 4096);
    let (sandbox, codes) = sold(FROZEN);
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    assert_eq!(device.apply(&codes["P-1"]), Ok(Outcome::Activated));
    assert_eq!(device.refusal(), None);

    let all = list(&sandbox, &[]).ok();
    let parts: Vec<&str> = all.lines().collect();
    assert!(parts.len() >= 80 && parts.iter().all(|part| part.len() <= 1024), "{} parts", parts.len());
    let contents: Vec<_> = parts.iter().map(|part| shown(&sandbox, part)).collect();
    let mut next = 0;
    for (index, (coverage, names)) in contents.iter().enumerate() {
        let bound = |name: &str| u32::from_str_radix(coverage[name].as_str().unwrap(), 16).unwrap();
        assert_eq!((&coverage["part"], &coverage["parts"]), (&(index + 1).into(), &parts.len().into()));
        assert_eq!(bound("first"), next, "no gap");
        assert!(
            names.iter().all(|name| (next..=bound("last")).contains(&u32::from_str_radix(&name[..4], 16).unwrap()))
        );
        next = bound("last") + 1;
    }
    assert_eq!(next, 0x1_0000);
    let named: usize = contents.iter().map(|(_, names)| names.len()).sum();
    assert_eq!(named, FROZEN);
    // All but the last are as full as can be: their text has no room for one more entry of ten bytes.
    let full = parts.split_last().unwrap().1.iter().filter(|part| part.len() + 14 > 1024).count();
    assert!(full * 10 >= (parts.len() - 1) * 9, "{full} of {} parts are full", parts.len());

    // In any order; the part that is taken last is neither of those that are asked for below.
    let place = |id: &str| contents.iter().position(|(_, names)| names.contains(&hash(id)));
    let named_in_37 = codes.keys().find(|id| place(id) == Some(36)).unwrap();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let mut state = 7_u64;
    for index in (1..order.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        order.swap(index, usize::try_from(state >> 33).unwrap() % (index + 1));
    }
    order.retain(|part| *part != 36);
    order.insert(order.len() / 2, 36);
    for part in order {
        assert_eq!(device.apply(parts[part]), Ok(Outcome::ListAccepted), "part {}", part + 1);
    }
    assert_eq!(device.refusal(), Some(Error::LicenseFrozen), "a license that is held");

    assert_eq!(device.apply(&codes[named_in_37]), Err(Error::ListPartMissing));
    let part = part_for(&sandbox, &mut device, named_in_37);
    assert_eq!(part, parts[36]);
    assert_eq!(device.apply(&part), Ok(Outcome::ListAccepted));
    assert_eq!(device.apply(&codes[named_in_37]), Err(Error::LicenseFrozen));

    let free = (1..=9).map(|n| format!("F-{n}")).find(|id| device.apply(&codes[id]) == Err(Error::ListPartMissing));
    let free = free.unwrap();
    let part = part_for(&sandbox, &mut device, &free);
    assert!(parts.contains(&part.as_str()), "the same list");
    assert_eq!(device.apply(&part), Ok(Outcome::ListAccepted));
    assert_eq!(device.apply(&codes[&free]), Ok(Outcome::Activated));
    assert_eq!(device.refusal(), None);

    // The same list comes back, byte for byte, and the ledger is whole.
    assert_eq!(list(&sandbox, &[]).ok(), all);
    sandbox.run(&["ledger", "verify", "--ledger", "sales.ledger", "--anchor", "anchor.pub"]).ok();
    println!("list.licenses_max {named} licenses");
}
