//! `inspect` and `verify`: the library's answers in words, as JSON and as exit codes; the frozen vectors.

mod support;

use serde_json::{Value, json};
use support::{NOW, Sandbox, json};

const BOUND: &[&str] = &[
    "--until",
    "1y",
    "--grace-days",
    "10",
    "--device",
    "esn:2102312ABC",
    "--feature",
    "channels=limit:64",
    "--feature",
    "old@2027-01-01",
    "--versions",
    "2",
    "--maintenance-until",
    "2027-01-01",
    "--class",
    "test",
];
const FACTS: &[&str] =
    &["--component", "esn:2102312abc", "--product-version", "2.3", "--built-at", "2026-01-01", "--allow-test"];

#[test]
fn verify_gives_the_whole_answer_as_json() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(BOUND);
    let mut answer = json(&sandbox.verify(&code, &[FACTS, &["--json"]].concat()).ok());
    assert_eq!(answer["license"]["id"], "PL-1");
    answer["license"] = Value::Null;
    answer["key_id"] = Value::Null;
    assert_eq!(
        answer,
        json!({
            "status": 0, "name": "OK", "reason": "the license permits use", "advice": "", "granted": true, "in_grace": false,
            "quantity": 1, "expires_at": "2027-11-22T12:00:00Z", "grace_until": "2027-12-02T12:00:00Z",
            "powered_hours_end": null, "lease_until": null, "next_deadline": "2027-01-01T00:00:00Z", "key_id": null,
            "signer": "issuer", "license": null,
            "features": [
                {"name": "channels", "status": 0, "status_name": "OK", "granted": true, "type": "limit", "value": 64,
                    "expires_at": null},
                {"name": "old", "status": 0, "status_name": "OK", "granted": true, "type": "flag", "value": null,
                    "expires_at": "2027-01-01T00:00:00Z"},
            ],
        })
    );
}

#[test]
fn every_fact_matters() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(BOUND);
    let with = |change: &dyn Fn(&mut Vec<&'static str>)| {
        let mut facts = FACTS.to_vec();
        change(&mut facts);
        let ran = sandbox.verify(&code, &[&facts[..], &["--json"]].concat());
        let answer = json(&ran.stdout);
        assert_eq!(
            (ran.code, answer["granted"].as_bool()),
            (if answer["status"] == 0 { 0 } else { 3 }, Some(ran.code == 0))
        );
        if ran.code == 3 {
            ran.refuses(3, &format!("status {} {}", answer["status"], answer["name"].as_str().unwrap()), "");
        }
        answer["status"].as_i64().unwrap()
    };
    let drop = |at: usize| move |facts: &mut Vec<&'static str>| drop(facts.drain(at..at + 2));
    let set = |at: usize, value: &'static str| move |facts: &mut Vec<&'static str>| facts[at] = value;
    assert_eq!(with(&|_| ()), 0);
    assert_eq!(with(&drop(0)), 508);
    assert_eq!(with(&set(1, "esn:other")), 405);
    // A device that shows no component of the bound kind is not another device: it is unknown.
    assert_eq!(with(&set(1, "board:2102312abc")), 508);
    assert_eq!(with(&|facts| facts[0..2].copy_from_slice(&["--component-hex", "128:3231"])), 508);
    assert_eq!(with(&|facts| facts[0..2].copy_from_slice(&["--component-hex", "esn:3231"])), 405);
    assert_eq!(with(&drop(2)), 506);
    assert_eq!(with(&set(3, "3.0")), 403);
    assert_eq!(with(&drop(4)), 507);
    assert_eq!(with(&set(5, "2027-01-01")), 404);
    assert_eq!(with(&|facts| facts.truncate(6)), 402);
    assert_eq!(with(&|facts| facts.push("--no-clock")), 501);
    let product = |options: &[&str]| {
        let base = ["verify", &code, "--anchor", "anchor.pub", "--at", NOW, "--json"];
        json(&sandbox.run(&[&base[..], options, FACTS].concat()).stdout)["status"].take()
    };
    assert_eq!([product(&[]), product(&["--product", "vision-2"])], [505, 401]);
    let late = ["verify", &code, "--anchor", "anchor.pub", "--product", "vision-appliance", "--now"];
    let at = |time: &'static str| json(&sandbox.run(&[&late[..], &[time, "--json"], FACTS].concat()).stdout);
    assert_eq!((at("2027-11-25")["status"].as_i64(), at("2027-11-25")["in_grace"].as_bool()), (Some(0), Some(true)));
    assert_eq!(at("2027-12-02T12:00:00Z")["status"], 407);
    assert_eq!(at("2026-11-01")["status"], 502);
}

#[test]
fn activation_powered_hours_refresh_and_device_keys_are_facts_too() {
    let sandbox = Sandbox::with_keys();
    let status = |code: &str, facts: &[&str]| {
        json(&sandbox.verify(code, &[facts, &["--json"]].concat()).stdout)["status"].take()
    };
    let days = sandbox.code(&["--days-from-activation", "30"]);
    assert_eq!(status(&days, &[]), 503);
    assert_eq!(status(&days, &["--activated-at", NOW]), 0);
    assert_eq!(status(&days, &["--activated-at", "2026-10-01"]), 407);
    let hours = sandbox.code(&["--powered-hours", "100"]);
    assert_eq!(
        [status(&hours, &[]), status(&hours, &["--powered-hours", "99"]), status(&hours, &["--powered-hours", "100"])],
        [504, 0, 407]
    );
    let lease = sandbox
        .run(&[
            "issue",
            "--key",
            "anchor.key",
            "--id",
            "1",
            "--product",
            "vision-appliance",
            "--perpetual",
            "--lease-days",
            "10",
            "--at",
            "2026-11-01",
        ])
        .ok();
    assert_eq!([status(&lease, &[]), status(&lease, &["--refreshed-at", "2026-11-20"])], [408, 0]);
    let hex = sandbox.run(&["pubkey", "issuer.pub"]).ok();
    sandbox.write("device.pub", &hex);
    let keyed = sandbox.code(&["--perpetual", "--device-key", "device.pub"]);
    assert_eq!(
        [
            status(&keyed, &[]),
            status(&keyed, &["--device-key", "device.pub"]),
            status(&keyed, &["--device-key", "anchor.pub"])
        ],
        [508, 0, 405]
    );
}

#[test]
fn a_feature_that_is_asked_for_and_refused_is_a_refusal() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(BOUND);
    sandbox.verify(&code, &[FACTS, &["--feature", "channels"]].concat()).ok();
    sandbox.verify(&code, &[FACTS, &["--feature", "channels", "--feature", "nope"]].concat()).refuses(
        3,
        "feature nope: status 409 FEATURE_UNKNOWN",
        "buy the feature",
    );
    let late = ["verify", &code, "--anchor", "anchor.pub", "--product", "vision-appliance", "--at", "2027-02-01"];
    sandbox.run(&[&late, FACTS].concat()).ok();
    sandbox.run(&[&late, FACTS, &["--feature", "old"]].concat()).refuses(3, "status 410 FEATURE_EXPIRED", "");
}

#[test]
fn an_add_on_needs_the_product_beside_it() {
    let sandbox = Sandbox::with_keys();
    let plain = sandbox.issue(&["--perpetual", "--feature", "export"]);
    assert!(!plain.stderr.contains("add-on"), "{}", plain.stderr);
    let added = sandbox.issue(&["--perpetual", "--feature", "export", "--add-on"]);
    assert!(added.stderr.contains("add-on         yes"), "{}", added.stderr);
    let (plain, code) = (plain.stdout.trim(), added.stdout.trim());
    let alone = sandbox.verify(code, &["--feature", "export"]);
    alone.refuses(3, "status 411 BASE_MISSING", "enter the code of the product itself");
    assert!(alone.stdout.contains("add-on         yes"), "{}", alone.stdout);
    sandbox.verify(code, &["--feature", "export", "--has-base"]).ok();
    sandbox.verify(plain, &["--feature", "export"]).ok();
    assert!(sandbox.run(&["inspect", code]).ok().contains("add-on         yes"));
    for (code, expected) in [(code, true), (plain, false)] {
        for verb in [&["inspect", code, "--json"][..], &["verify", code, "--json", "--anchor", "anchor.pub"]] {
            let license = json(&sandbox.run(verb).stdout)["license"].take();
            assert_eq!((&license["add_on"], &license["items"]), (&json!(expected), &json!([])), "{verb:?}");
        }
    }
}

#[test]
fn a_code_comes_as_argument_as_file_or_on_stdin() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--perpetual"]);
    sandbox.write("code.txt", &format!("\u{feff}“{code}”\r\n"));
    let words = sandbox.verify(&code, &[]).ok();
    assert!(words.starts_with("The code is genuine.\n") && words.contains("GRANTED"), "{words}");
    assert_eq!(sandbox.verify("code.txt", &[]).ok(), words);
    let arguments = ["verify", "--anchor", "anchor.pub", "--product", "vision-appliance", "--at", NOW];
    assert_eq!(sandbox.run_with(&arguments, code.as_bytes(), &[]).ok(), words);
    assert_eq!(sandbox.run_with(&[&arguments[..], &["-"]].concat(), code.as_bytes(), &[]).ok(), words);
    sandbox.verify("missing.txt", &[]).fails(2, "missing.txt: no such file", "pass a code");
    sandbox.verify(".", &[]).fails(2, ".: is a directory", "");
}

#[test]
fn broken_text_has_a_status_in_both_verbs() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--perpetual"]);
    let changed = [&code[..60], if &code[60..61] == "A" { "B" } else { "A" }, &code[61..]].concat();
    let long = "A".repeat(10_000_000);
    let cases: &[(&[u8], i64)] = &[
        (b"", 201),
        (b"hello", 203),
        (b"\xff\xfe\x00", 203),
        (changed.as_bytes(), 206),
        (&code.as_bytes()[..100], 206),
        (long.as_bytes(), 202),
        (b"LIC2C.", 206),
    ];
    for (bytes, status) in cases {
        for verb in [&["inspect", "-", "--json"][..], &["verify", "-", "--json", "--anchor", "anchor.pub"]] {
            let ran = sandbox.run_with(verb, bytes, &[]);
            let answer = json(&ran.stdout);
            assert_eq!((ran.code, answer["status"].as_i64()), (3, Some(*status)), "{verb:?}");
            assert!(!answer["advice"].as_str().unwrap().is_empty() && answer["license"].is_null());
        }
    }
    let twice = sandbox.run_with(&["inspect", "-"], format!("{code} {code}").as_bytes(), &[]);
    twice.refuses(3, "status 205 TEXT_SEVERAL", "a single authorization code");
    assert!(twice.stdout.contains("205 TEXT_SEVERAL"), "{}", twice.stdout);
}

#[test]
fn inspect_marks_what_nobody_verified() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(BOUND);
    let claimed = sandbox.run(&["inspect", &code]).ok();
    assert!(claimed.contains("UNVERIFIED; its claims") && claimed.contains("PL-1"), "{claimed}");
    let answer = json(&sandbox.run(&["inspect", &code, "--json"]).ok());
    assert_eq!((&answer["verified"], &answer["status"], &answer["name"]), (&Value::Null, &Value::Null, &Value::Null));
    let genuine = sandbox.run(&["inspect", &code, "--anchor", "anchor.pub"]).ok();
    assert!(genuine.contains("verified with the given anchor") && !genuine.contains("UNVERIFIED"), "{genuine}");
    let stranger = sandbox.run(&["inspect", &code, "--anchor", "issuer.pub", "--json"]);
    stranger.refuses(3, "status 303", "");
    let answer = json(&stranger.stdout);
    assert_eq!(
        (&answer["verified"], &answer["license"], &answer["kind"]),
        (&json!(false), &Value::Null, &json!("code"))
    );
    let words = sandbox.run(&["inspect", &code, "--anchor", "issuer.pub"]);
    assert!(words.stdout.contains("NOT GENUINE"), "{}", words.stdout);
    for options in [
        &["issuer.cert", "--anchor", "anchor.pub"][..],
        &["issuer.cert", "--anchor", "anchor.pub", "--issuer", "issuer.cert"],
    ] {
        let ran = sandbox.run(&[&["inspect"], options].concat()).ok();
        assert!(ran.starts_with("Issuer certificate") && ran.contains("verified with"), "{ran}");
    }
    sandbox.run(&["inspect", "issuer.cert", "--anchor", "issuer.pub"]).refuses(3, "status 303", "");
}

#[test]
fn text_from_a_document_does_not_steer_the_terminal() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--perpetual", "--customer", "a\u{202e}b\u{9b}31m"]);
    let words = sandbox.run(&["inspect", &code]).ok();
    assert!(words.contains("a\u{fffd}b\u{fffd}31m"), "{words:?}");
}
