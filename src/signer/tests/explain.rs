//! `explain` says why a code was refused, and agrees with the library; `diagnose` explains what a device shows.

mod support;

use lic2::port::Wall;
use lic2::{Component, UnixSeconds};
use serde_json::Value;
use support::device::{Device, NOW_SECONDS, PRODUCT};
use support::{NOW, Ran, Sandbox, altered_case, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];
const DEVICE: &str = "esn:2102312ABC0123456789";

/// A code that every rule has something to say about.
fn code(sandbox: &Sandbox) -> String {
    sandbox.code(&[
        "--until",
        "1y",
        "--device",
        DEVICE,
        "--versions",
        "2.x",
        "--maintenance-until",
        "6 months",
        "--serial",
        "4",
    ])
}

fn explain(sandbox: &Sandbox, code: &str, options: &[&str]) -> Ran {
    let at: &[&str] = if options.contains(&"--at") { &[] } else { &["--at", NOW] };
    sandbox.run(&[&["explain", code], at, options].concat())
}

const GOOD: [&str; 10] = [
    "--anchor",
    "anchor.pub",
    "--product",
    PRODUCT,
    "--component",
    DEVICE,
    "--product-version",
    "2.4",
    "--built-at",
    "2026-11-01",
];

/// The rules that do not pass.
fn failed(answer: &Value) -> Vec<String> {
    let rules = answer["rules"].as_array().unwrap().iter().filter(|rule| rule["passed"] != true);
    rules.map(|rule| format!("{} {}", rule["rule"].as_str().unwrap(), rule["status"])).collect()
}

#[test]
fn every_fact_that_decides_is_named_and_the_library_agrees() {
    let sandbox = Sandbox::with_keys();
    let code = code(&sandbox);
    let replaced = |position: usize, value: &'static str| {
        let mut facts = GOOD.to_vec();
        facts[position] = value;
        facts
    };
    let good = explain(&sandbox, &code, &GOOD).ok();
    assert!(good.starts_with("The device accepts this code with these facts."), "{good}");
    for (facts, at, rule, name) in [
        (replaced(1, "issuer.pub"), NOW, "signature", "CERTIFICATE_UNTRUSTED"),
        (replaced(3, "vision-other"), NOW, "product", "PRODUCT_MISMATCH"),
        (replaced(5, "esn:2102312ABC0123456780"), NOW, "device", "DEVICE_MISMATCH"),
        (replaced(7, "3.0"), NOW, "version", "VERSION_NOT_COVERED"),
        (replaced(9, "2027-06-01"), "2027-06-02", "maintenance", "MAINTENANCE_ENDED"),
        (GOOD.to_vec(), "2027-12-01", "time", "EXPIRED"),
        (GOOD.to_vec(), "2026-01-01", "time", "CLOCK_BEHIND"),
        (GOOD[..8].to_vec(), NOW, "maintenance", "BUILD_TIME_UNKNOWN"),
    ] {
        let options = [&facts[..], &["--at", at, "--json"]].concat();
        let ran = explain(&sandbox, &code, &options);
        ran.refuses(3, name, "");
        let answer = json(&ran.stdout);
        assert_eq!((&answer["decided_by"], &answer["name"]), (&rule.into(), &name.into()));
        assert_eq!(failed(&answer).len(), 1, "{answer}");
        assert!(answer["customer"].as_str().is_some_and(|advice| !advice.is_empty()));
        assert!(answer["seller"].as_str().is_some_and(|advice| !advice.is_empty()));
        let verified = sandbox.run(&[&["verify", &code], &facts[..], &["--at", at, "--json"]].concat());
        assert_eq!(json(&verified.stdout)["name"], name);
    }
}

#[test]
fn rules_behind_the_first_refusal_are_judged_too() {
    let sandbox = Sandbox::with_keys();
    let code = code(&sandbox);
    let options =
        ["--anchor", "anchor.pub", "--product", "other", "--component", "esn:1234567890", "--at", "2028-01-01"];
    let ran = explain(&sandbox, &code, &[&options[..], &["--json"]].concat());
    let answer = json(&ran.stdout);
    assert_eq!(failed(&answer), ["product 401", "version 506", "maintenance 507", "device 405", "time 407"]);
    let words = explain(&sandbox, &code, &options).stdout;
    for line in [
        "The device refuses this code.",
        "status         401 PRODUCT_MISMATCH",
        "decided by     product: the code is for vision-appliance, the product is other",
        "customer       enter the code in the product it was bought for",
        "seller         ask which product the customer runs",
        "device         FAILED  the code is for: bound, 1 of these must match: esn; components stated: 1",
        "time           FAILED  the term is until 2027-11-22T12:00:00Z",
        "class          passed  the code is commercial",
    ] {
        assert!(words.contains(line), "{line} is missing in {words}");
    }
}

#[test]
fn without_a_key_nothing_is_granted_and_the_signature_is_marked() {
    let sandbox = Sandbox::with_keys();
    let ran = explain(&sandbox, &code(&sandbox), &GOOD[2..]).ok();
    assert!(ran.contains("Nothing here refuses this code, but rules that are not checked may."), "{ran}");
    assert!(ran.contains("signature      unknown  NOT CHECKED, because --anchor is missing"), "{ran}");
    let answer = json(&explain(&sandbox, &code(&sandbox), &[&GOOD[2..], &["--json"]].concat()).ok());
    assert_eq!((&answer["granted"], &answer["status"]), (&false.into(), &Value::Null));
}

#[test]
fn the_highest_serial_decides_as_on_the_device() {
    let sandbox = Sandbox::with_keys();
    let code = code(&sandbox);
    let older = explain(&sandbox, &code, &[&GOOD[..], &["--highest-serial", "5"]].concat());
    older.refuses(3, "status 413 CODE_OLDER", "latest code");
    assert!(older.stdout.contains("the code has serial 4, the device has seen 5"), "{}", older.stdout);
    let same = explain(&sandbox, &code, &[&GOOD[..], &["--highest-serial", "4"]].concat()).ok();
    assert!(same.contains("another code with this serial is a conflict (414)"), "{same}");
    assert!(explain(&sandbox, &code, &[&GOOD[..], &["--highest-serial", "3"]].concat()).ok().contains("accepts"));
}

#[test]
fn a_request_of_the_device_states_its_facts() {
    let sandbox = Sandbox::with_keys();
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    let request = device.request("PL-1", 0);
    let answer = ["issue", "--key", "anchor.key", "--request", &request, "--perpetual", "--at", NOW];
    let code = sandbox.run(&answer).ok();
    let options = ["--anchor", "anchor.pub", "--request", &request];
    let ran = explain(&sandbox, code.trim_end(), &options).ok();
    assert!(ran.contains("accepts this code") && ran.contains("esn; 1 match the request"), "{ran}");
    // Another device answers with another request: it cannot be told.
    let mut other = Device::new(&sandbox.path("anchor.pub"), ESN);
    other.clock.pass(100);
    let other = other.request("PL-1", 0);
    let ran = explain(&sandbox, code.trim_end(), &["--anchor", "anchor.pub", "--request", &other]).ok();
    assert!(ran.contains("NOT CHECKED, because it was not issued for this request"), "{ran}");
}

#[test]
fn one_damaged_character_is_found() {
    let sandbox = Sandbox::with_keys();
    let code = code(&sandbox);
    let damage = |text: &str| {
        let ran = explain(&sandbox, text, &["--json"]);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        let sentences = json(&ran.stdout)["damage"].take();
        sentences
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let own = code.chars().nth(56).unwrap();
    let other = if own == 'x' { 'y' } else { 'x' };
    let changed: String = code.chars().enumerate().map(|(index, it)| if index == 56 { other } else { it }).collect();
    let found = damage(&changed);
    assert!(found.contains(&format!("character 57 is '{other}' and should be '{own}'")), "{found}");
    let missing: String = code.chars().enumerate().filter(|(index, _)| *index != 56).map(|(_, it)| it).collect();
    let found = damage(&missing);
    assert!(found.contains(&format!("{own:?} is missing as character ")), "{found}");
    assert!(damage(&format!("{}x{}", &code[..70], &code[70..])).contains("is one too many"));
    assert!(damage(&code[..code.len() - 30]).contains("more than one character is missing or changed"));
    assert!(damage(&altered_case(&code)).contains("every letter has the same case"));
    assert!(damage(&code.to_lowercase()).contains("the letter case was changed in transit"));
    assert!(damage(&format!("Code:{code}")).contains("LIC2 follows 5 other characters"));
    assert!(damage(&format!("{}!{}", &code[..9], &code[9..])).contains("character 10 is '!'"));
    assert!(damage(&format!("{code} {code}")).contains("it contains LIC2 2 times"));
}

#[test]
fn another_document_is_no_code() {
    let sandbox = Sandbox::with_keys();
    let certificate = sandbox.read("issuer.cert");
    explain(&sandbox, certificate.trim_end(), &[]).refuses(3, "status 207 DOCUMENT_KIND", "");
    sandbox.run(&["explain", "-", "--request", "-"]).fails(1, "cannot both come from stdin", "in a file");
}

#[test]
fn every_line_of_a_devices_status_is_explained() {
    let sandbox = Sandbox::with_keys();
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    let fresh = device.status_text();
    device.apply(&sandbox.code(&["--until", "1y", "--grace-days", "15", "--lease-days", "90"])).unwrap();
    let granted = device.status_text();
    device.clock.reading.wall = Wall::Time(UnixSeconds(NOW_SECONDS + 500 * 86_400));
    let ahead = device.status_text();
    device.clock.reading.wall = Wall::Time(UnixSeconds(NOW_SECONDS - 90 * 86_400));
    let behind = device.status_text();
    let mut stranger = Device::new(&sandbox.path("anchor.pub"), ESN);
    stranger.clock.reading.wall = Wall::Unset;
    let mut met = Vec::new();
    for text in [fresh, granted, ahead, behind, stranger.status_text()] {
        let lines = json(&sandbox.run_with(&["diagnose", "--json"], text.as_bytes(), &[]).ok());
        assert_eq!(lines.as_array().unwrap().len(), text.lines().count(), "{text}");
        for line in lines.as_array().unwrap() {
            let meaning = line["meaning"].as_str().unwrap();
            assert!(!meaning.contains("does not know") && !meaning.contains("cannot be read"), "{line}");
            met.push(line["status"].clone());
        }
    }
    for number in [412, 502] {
        assert!(met.contains(&number.into()), "no status {number} among them");
    }
}

#[test]
fn diagnose_gives_times_and_advice_in_words() {
    let sandbox = Sandbox::with_keys();
    let text = "product: vision-appliance\ndecision: 407 EXPIRED: the license has expired; whatever stands here\n\
                clock: not set\nnow: 1795348800\nlicense: PL-1 serial 2\n  decision: granted\nwarp: 9\n";
    let words = sandbox.run_with(&["diagnose"], text.as_bytes(), &[]).ok();
    for line in [
        "the product is refused with status 407 EXPIRED: the license has expired\n    -> renew the license",
        "the clock was never set",
        "send a time token",
        "2026-11-22T12:00:00Z: the time that the device uses for decisions",
        "this license is permitted to run",
        "a line that this version does not know",
    ] {
        assert!(words.contains(line), "{line} is missing in {words}");
    }
    sandbox.run_with(&["diagnose"], b"hello\n", &[]).fails(
        1,
        "-: this is not a status text",
        "lic2_engine_status_text",
    );
    sandbox.run(&["diagnose", "none.txt"]).fails(2, "none.txt: no such file", "");
}
