//! `certify`: what an issuer may do, and that it is held to it.

mod support;

use serde_json::json;
use support::{NOW, Sandbox, json};

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
            "test_only": true,
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
    sandbox.run(&wrong_end).fails(1, "before it can be used", "2y");
}
