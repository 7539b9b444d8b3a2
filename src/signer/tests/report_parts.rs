//! Receipts and usage reports that one text does not hold.

mod support;

use lic2::Component;
use support::device::{Device, PRODUCT};
use support::{NOW, Ran, Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];

/// The license; every entry of a usage report repeats its id.
const ID: &str = "PL-20261122-00000042";

/// How many quotas the license has.
const QUOTAS: usize = 45;

fn quota(number: usize) -> String {
    format!("quota-{number:02}")
}

/// Keys, a ledger in which `ID` was sold, and a device with a key that has used all of its quotas.
fn used(seed: u8) -> (Sandbox, Device) {
    let sandbox = Sandbox::with_keys();
    sandbox.run(&["ledger", "init", "sales.ledger"]).ok();
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN).with_key(seed);
    let key = device.key();
    let features: Vec<String> = (0..QUOTAS).map(|n| format!("{}=overage:1", quota(n))).collect();
    let features = features.iter().flat_map(|feature| ["--feature", feature.as_str()]);
    let base = ["issue", "--key", "anchor.key", "--id", ID, "--product", PRODUCT, "--perpetual", "--at", NOW];
    let more = ["--device-key", &key, "--ledger", "sales.ledger"];
    let code = sandbox.run(&base.into_iter().chain(more).chain(features).collect::<Vec<_>>()).ok();
    device.apply(&code).unwrap();
    for number in 0..QUOTAS {
        device.consume(&quota(number), 1_000_000_000_000).unwrap();
    }
    (sandbox, device)
}

/// Runs a verb with the ledger.
fn run(sandbox: &Sandbox, verb: [&str; 2], texts: &[&str], options: &[&str]) -> Ran {
    sandbox.run(&[&verb[..], texts, &["--ledger", "sales.ledger", "--at", NOW, "--json"], options].concat())
}

fn import(sandbox: &Sandbox, texts: &[&str]) -> Ran {
    run(sandbox, ["usage", "import"], texts, &[])
}

fn accept(sandbox: &Sandbox, texts: &[&str]) -> Ran {
    run(sandbox, ["receipt", "accept"], texts, &[])
}

fn entries(sandbox: &Sandbox) -> u64 {
    sandbox.run(&["ledger", "verify", "--ledger", "sales.ledger", "--anchor", "anchor.pub"]).ok();
    let head = sandbox.run(&["ledger", "head", "--ledger", "sales.ledger"]).ok();
    head.split(':').next().unwrap().parse().unwrap()
}

fn state(sandbox: &Sandbox) -> String {
    let shown = sandbox.run(&["ledger", "show", "2", "--ledger", "sales.ledger"]).ok();
    shown.lines().find(|line| line.starts_with("  state")).unwrap_or_else(|| panic!("{shown}")).to_owned()
}

#[test]
fn the_parts_of_a_usage_report_count_together() {
    let (sandbox, mut device) = used(5);
    let first = device.usage_parts();
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    assert!(first.len() >= 3, "{} parts", first.len());
    let words = sandbox.run(&["inspect", first[1]]).ok();
    assert!(words.contains("  part           part 2, more follow"), "{words}");
    let words = sandbox.run(&["usage", "show", first[first.len() - 1]]).ok();
    assert!(words.contains(&format!("  part           part {}, the last one", first.len())), "{words}");
    let explained = sandbox.run(&["explain", first[0]]);
    assert!(explained.stdout.contains("a usage report, whole: part 1, more follow"), "{}", explained.stdout);

    // None is recorded while one is missing, whichever it is.
    for missing in 0..first.len() {
        let some: Vec<&str> = first.iter().copied().filter(|part| *part != first[missing]).collect();
        let part = missing + 1;
        import(&sandbox, &some).fails(
            3,
            &format!("part {part} of report 1 is missing: ask the device for it again"),
            "",
        );
    }
    assert_eq!(entries(&sandbox), 2);

    // In any order, repeated, and as lines of a file; recorded once.
    let mut mixed: Vec<&str> = first.iter().rev().copied().collect();
    mixed.push(first[0]);
    let ran = import(&sandbox, &mixed);
    let last = 2 + first.len();
    assert!(ran.stderr.contains(&format!("recorded: entries 3 to {last} of sales.ledger")), "{}", ran.stderr);
    let answer = json(&ran.ok());
    assert_eq!((answer["entries"].as_array().unwrap().len(), &answer["part"]), (QUOTAS, &serde_json::Value::Null));
    assert_eq!(answer["entries"][QUOTAS - 1]["difference"], 1_000_000_000_000_u64);
    sandbox.write("report.txt", &first.join("\n"));
    let ran = import(&sandbox, &["report.txt"]);
    assert!(ran.stderr.contains(&format!("recorded before: entries 3 to {last} of")), "{}", ran.stderr);
    assert_eq!(json(&ran.ok())["repeated"], true);
    assert_eq!(entries(&sandbox), last as u64);

    // The next report counts from all parts of this one; the parts of both are two reports.
    device.usage_accepted(1);
    device.consume(&quota(44), 7).unwrap();
    let second = device.usage_parts();
    let both: Vec<&str> = second.iter().map(String::as_str).chain(first.iter().copied()).collect();
    let ran = import(&sandbox, &both);
    assert!(ran.stderr.contains("next: confirm to the device that report 2 is accepted"), "{}", ran.stderr);
    let answers = json(&ran.ok());
    assert_eq!((&answers[0]["number"], &answers[0]["repeated"]), (&1.into(), &true.into()));
    assert_eq!((&answers[1]["number"], &answers[1]["entries"][44]["difference"]), (&2.into(), &7.into()));
    assert_eq!(answers[1]["entries"][43]["difference"], 0);
    assert_eq!(entries(&sandbox), (last + second.len()) as u64);
    import(&sandbox, &[first[0], &second[1]]).fails(3, "part 2 of report 1 is missing", "all parts together");
}

#[test]
fn parts_of_another_device_or_with_another_signature_do_not_fill_a_gap() {
    let (sandbox, mut device) = used(5);
    let (_, mut other) = used(6);
    let (own, others) = (device.usage_parts(), other.usage_parts());
    import(&sandbox, &[&own[0], &others[1], &own[2]]).fails(3, "part 2 of report 1 is missing", "");
    let forged = support::device::altered(&own[1]);
    import(&sandbox, &[&own[0], &forged, &own[2]]).fails(3, "302 SIGNATURE_INVALID", "forged");
    let receipt = device.deactivate_parts(ID);
    import(&sandbox, &[&own[0], &receipt[0]]).fails(
        3,
        "this is a receipt, and a usage report is needed",
        "receipt accept",
    );
    assert_eq!(entries(&sandbox), 2);
}

#[test]
fn an_incomplete_receipt_frees_no_license() {
    let (sandbox, mut device) = used(5);
    let parts = device.deactivate_parts(ID);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    assert!(parts.len() >= 2, "{} parts", parts.len());
    let to = ["move", ID, "--device", "esn:2102312ABC0123456780", "--key", "anchor.key", "--ledger", "sales.ledger"];
    let move_ = |texts: &[&str]| {
        let receipts = texts.iter().flat_map(|text| ["--receipt", text]);
        sandbox.run(&to.into_iter().chain(["--at", NOW]).chain(receipts).collect::<Vec<_>>())
    };
    for part in [&parts[..1], &parts[1..]] {
        let missing = if part[0] == parts[0] { 2 } else { 1 };
        let sentence = format!("part {missing} of the receipt of license {ID} is missing: ask the device for it again");
        accept(&sandbox, part).fails(3, &sentence, "");
        move_(part).fails(3, &sentence, "");
    }
    assert_eq!((entries(&sandbox), state(&sandbox).contains("active")), (2, true));
    // A device that is asked again writes the same receipt.
    assert_eq!(device.deactivate_parts(ID), parts);
    let reversed: Vec<&str> = parts.iter().rev().copied().collect();
    let answer = json(&accept(&sandbox, &reversed).ok());
    assert_eq!(answer["used"].as_array().unwrap().len(), QUOTAS);
    assert_eq!((entries(&sandbox), state(&sandbox).contains("released")), (2 + parts.len() as u64, true));
    accept(&sandbox, &parts).ok();
    assert_eq!(entries(&sandbox), 2 + parts.len() as u64);
    // What was used by every part is taken off, from the ledger and from the texts.
    let moved = move_(&[]);
    assert_eq!(moved.stderr.matches("1000000000000 used, 0 left").count(), QUOTAS);
    moved.ok();
}
