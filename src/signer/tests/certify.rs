//! `certify`: what an issuer may do, and that it is held to it.

mod support;

use lic2::{Component, Error, Outcome};
use serde_json::json;
use support::device::Device;
use support::{NOW, Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];

#[test]
fn what_the_certificate_forbids_is_not_issued() {
    let sandbox = Sandbox::with_keys();
    let with = |options: &[&str], issue: &[&str]| {
        sandbox.write("limited.cert", &sandbox.certify(options));
        let base =
            ["issue", "--key", "issuer.key", "--certificate", "limited.cert", "--id", "1", "--product", "vision-1"];
        let all = [&base, issue].concat();
        let bare = sandbox.run(&all);
        let checked = sandbox.run(&[&all[..], &["--anchor", "anchor.pub"]].concat());
        assert_eq!((bare.code, &bare.stdout), (checked.code, &checked.stdout));
        assert!(bare.code == 0 || bare.stderr == checked.stderr, "{} differs from {}", bare.stderr, checked.stderr);
        bare
    };
    let at = ["--at", NOW, "--perpetual"];
    with(&["--scope", "audio-*", "--scope", "tv"], &at).fails(
        3,
        "308 ISSUER_SCOPE",
        "vision-1, and the certificate covers audio-*, tv only",
    );
    with(&["--longest-term", "400d"], &at).fails(3, "309 ISSUER_TERM", "400 days");
    with(&["--longest-term", "400d"], &["--at", NOW, "--until", "400d", "--grace-days", "1"]).fails(3, "309", "grace");
    with(&["--longest-term", "400d"], &["--at", NOW, "--until", "400d"]);
    with(&["--test-only"], &at).fails(3, "310 ISSUER_TEST_ONLY", "--class test");
    with(&["--kinds", "revocations"], &at).fails(3, "306 ISSUER_KIND", "--kinds codes");
    with(&[], &["--at", "2028-11-22T12:00:00Z", "--perpetual"]).fails(
        3,
        "307 ISSUER_DATE",
        "until 2028-11-22T12:00:00Z",
    );
    with(&["--valid-from", "2027-01-01"], &at).fails(3, "307 ISSUER_DATE", "from 2027-01-01T00:00:00Z");
}

#[test]
fn a_detached_certificate_forbids_the_same() {
    let sandbox = Sandbox::with_keys();
    sandbox.write("audio.cert", &sandbox.certify(&["--scope", "audio-*"]));
    let issue = |certificate: &str, item: &str| {
        let base = ["issue", "--key", "issuer.key", "--id", "1", "--product", "vision-1", "--perpetual", "--at", NOW];
        let more = ["--detached-certificate", "--certificate", certificate, "--item", item];
        sandbox.run(&[&base[..], &more].concat())
    };
    // The large one fits only without the certificate; that must not hide the limit.
    let large = format!("1000=hex:{}", "00".repeat(560));
    for item in ["1000=hex:00", &large] {
        issue("issuer.cert", item).ok();
        issue("audio.cert", item).fails(3, "308 ISSUER_SCOPE", "the certificate covers audio-* only");
    }
    let base = ["issue", "--key", "issuer.key", "--id", "1", "--product", "vision-1", "--perpetual", "--at", NOW];
    let carried = ["--certificate", "issuer.cert", "--item", &large];
    sandbox.run(&[&base[..], &carried].concat()).fails(1, "longer than 1024 characters", "--detached-certificate");
}

#[test]
fn keys_and_certificates_have_to_belong_together() {
    let sandbox = Sandbox::with_keys();
    let issue = |key: &str, more: &[&str]| {
        let base = [
            "issue",
            "--key",
            key,
            "--certificate",
            "issuer.cert",
            "--id",
            "1",
            "--product",
            "vision-1",
            "--perpetual",
        ];
        sandbox.run(&[&base, more].concat())
    };
    issue("anchor.key", &[]).fails(4, "the certificate is for key", "certify");
    issue("issuer.key", &["--at", NOW, "--anchor", "issuer.pub"]).fails(3, "status 303 CERTIFICATE_UNTRUSTED", "");
    sandbox.write("issuer.cert", &sandbox.read("issuer.cert").replace("LIC2I.", "LIC2I.A"));
    issue("issuer.key", &[]).fails(3, "issuer.cert: certificate: status 206 TEXT_DAMAGED", "");
    sandbox.run(&["certify", "--anchor", "anchor.key", "--key", "anchor.pub", "--valid-until", "1y"]).refuses(
        4,
        "the anchor itself",
        "",
    );
    sandbox.run(&["certify", "--anchor", "anchor.key", "--key", "issuer.key", "--valid-until", "1y"]).fails(
        4,
        "--key: issuer.key: this is a private key",
        "*.pub",
    );
}

#[test]
fn a_certificate_says_what_it_permits_and_warns_without_scope() {
    let sandbox = Sandbox::with_keys();
    let base = ["certify", "--anchor", "anchor.key", "--key", "issuer.pub", "--valid-until", "2y", "--at", NOW];
    let ran = sandbox.run(&base);
    assert!(ran.stderr.contains("warning: no --scope"), "{}", ran.stderr);
    let text = sandbox.certify(&[
        "--scope",
        "b",
        "--scope",
        "a*",
        "--longest-term",
        "400d",
        "--kinds",
        "codes,unlocks",
        "--test-only",
        "--name",
        "Büro 3",
    ]);
    assert!(text.starts_with("LIC2I.") && text.lines().count() == 1);
    let certificate = json(&sandbox.run(&["inspect", "--json", &text]).ok())["certificate"].take();
    let key = certificate["key"].as_str().unwrap().to_owned();
    assert_eq!(sandbox.run(&["pubkey", &key]).ok(), sandbox.read("issuer.pub"));
    assert_eq!(
        certificate,
        json!({
            "key": key, "key_id": &key[..8], "name": "Büro 3", "issued_at": NOW, "not_before": NOW,
            "not_after": "2028-11-22T12:00:00Z", "scope": ["a*", "b"], "longest_days": 400, "kinds": ["codes", "unlocks"],
            "test_only": true, "line": &key[..16],
        })
    );
}

#[test]
fn every_mistake_in_a_certificate_is_named_with_its_remedy() {
    let sandbox = Sandbox::with_keys();
    let base = ["certify", "--anchor", "anchor.key", "--key", "issuer.pub", "--valid-until", "2y", "--at", NOW];
    let fails =
        |options: &[&str], error: &str, hint: &str| sandbox.run(&[&base, options].concat()).fails(1, error, hint);
    fails(&["--scope", "a b"], "not a product pattern", "beginning");
    fails(&["--scope", "*a"], "not a product pattern", "one *");
    fails(&["--kinds", "all"], "\"all\" is unknown", "codes, revocations");
    fails(&["--longest-term", "0"], "permits nothing", "leave it out");
    fails(&["--longest-term", "1y"], "is not a number of days", "");
    fails(&["--valid-from", "2030-01-01", "--valid-until", "2029-01-01"], "cannot be used multiple times", "");
    fails(
        &["--valid-from", "2030-01-01", "--scope", &"x".repeat(64), "--scope", &"y".repeat(64)],
        "the scope takes 130 bytes",
        "pattern",
    );
    let wrong_end =
        ["certify", "--anchor", "anchor.key", "--key", "issuer.pub", "--valid-until", "2020-06-01", "--at", NOW];
    sandbox.run(&wrong_end).fails(1, "before it becomes valid", "2y");
}

#[test]
fn the_lists_of_an_issuer_that_succeeds_another_replace_those_of_that_one() {
    let sandbox = Sandbox::with_keys();
    let kinds = ["--scope", "vision-*", "--kinds", "codes,revocations"];
    sandbox.write("issuer.cert", &sandbox.certify(&kinds));
    for name in ["second.key", "third.key"] {
        sandbox.run(&["keygen", name, "--no-passphrase"]).ok();
    }
    let certify = |key: &str, options: &[&str]| {
        let base = ["certify", "--anchor", "anchor.key", "--key", key, "--valid-until", "2y", "--at", NOW];
        sandbox.run(&[&base, &kinds[..], options].concat())
    };
    let line = |certificate: &str| {
        let shown = json(&sandbox.run(&["inspect", certificate, "--json"]).ok())["certificate"].take();
        (shown["line"].as_str().unwrap().to_owned(), shown["key"].as_str().unwrap().to_owned())
    };
    let (first, key) = line("issuer.cert");
    assert_eq!(first, key[..16]);
    sandbox.write("alone.cert", &certify("second.pub", &[]).ok());
    assert_ne!(line("alone.cert").0, first);
    // By certificate and by key; and once more, after an issuer whose own certificate states a line.
    sandbox.write("second.cert", &certify("second.pub", &["--succeeds", "issuer.cert"]).ok());
    assert_eq!(certify("second.pub", &["--succeeds", "issuer.pub"]).ok(), sandbox.read("second.cert"));
    sandbox.write("third.cert", &certify("third.pub", &["--succeeds", "second.cert"]).ok());
    assert_eq!((line("second.cert").0, line("third.cert").0), (first.clone(), first.clone()));
    let words = sandbox.run(&["inspect", "third.cert", "--anchor", "anchor.pub"]).ok();
    assert!(words.contains(&format!("  line of lists  {first} (that of an earlier issuer)")), "{words}");
    assert_eq!(certify("issuer.pub", &["--succeeds", "issuer.pub"]).ok(), certify("issuer.pub", &[]).ok());

    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    device.apply(&sandbox.code(&["--perpetual"])).unwrap();
    let list = |key: &str, certificate: &str, options: &[&str]| {
        let base = ["revocations", "--key", key, "--certificate", certificate, "--product", "vision-appliance", "--at"];
        sandbox.run(&[&base[..], &[NOW], options].concat()).ok()
    };
    device.apply(&list("issuer.key", "issuer.cert", &["--number", "1", "--revoke", "PL-1=frozen:2"])).unwrap();
    device.apply(&list("second.key", "alone.cert", &["--number", "2"])).unwrap();
    assert_eq!(device.refusal(), Some(Error::LicenseFrozen), "a line of its own takes nothing back");
    assert_eq!(device.apply(&list("third.key", "third.cert", &["--number", "3"])), Ok(Outcome::ListAccepted));
    assert_eq!(device.refusal(), None);

    let fails = |argument: &str, code: i32, error: &str| {
        certify("second.pub", &["--succeeds", argument]).fails(code, error, "")
    };
    fails("anchor.pub", 1, "--succeeds: this is the anchor");
    fails("issuer.key", 4, "--succeeds: ");
    fails("missing.pub", 2, "missing.pub: no such file");
    fails(&sandbox.code(&["--perpetual"]), 3, "207 DOCUMENT_KIND");
    let damaged = sandbox.read("issuer.cert").replacen('A', "B", 1);
    fails(&damaged, 3, "206 TEXT_DAMAGED");
    // Of another anchor: it cannot be checked here.
    sandbox.run(&["keygen", "spare.key", "--no-passphrase"]).ok();
    let base = ["certify", "--anchor", "spare.key", "--key", "second.pub", "--valid-until", "2y", "--at", NOW];
    let ran = sandbox.run(&[&base[..], &["--succeeds", "issuer.cert"]].concat());
    assert!(ran.stderr.contains("warning: not checked: the certificate is from an anchor"), "{}", ran.stderr);
    sandbox.write("spare.cert", &ran.ok());
    assert_eq!(line("spare.cert").0, first);
}
