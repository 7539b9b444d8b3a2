//! `revocations`: lists by flags and by file, what devices do with them, and every mistake.

mod support;

use lic2::{Component, Error, Outcome};
use serde_json::{Value, json};
use support::device::Device;
use support::{NOW, Ran, Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];

/// Keys, and a certificate for everything that an issuer may sign.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_keys();
    let kinds = ["--scope", "vision-*", "--kinds", "codes,revocations,time-tokens,unlocks"];
    sandbox.write("issuer.cert", &sandbox.certify(&kinds));
    sandbox
}

fn device(sandbox: &Sandbox) -> Device {
    Device::new(&sandbox.path("anchor.pub"), ESN)
}

/// Makes a list for `vision-appliance` with the issuer's key.
fn list(sandbox: &Sandbox, options: &[&str]) -> Ran {
    let base =
        ["revocations", "--key", "issuer.key", "--certificate", "issuer.cert", "--anchor", "anchor.pub", "--at", NOW];
    let base = if options.contains(&"--every-product") {
        base.to_vec()
    } else {
        [&base[..], &["--product", "vision-appliance"]].concat()
    };
    sandbox.run(&[&base, options].concat())
}

/// Makes a list for every product with the anchor's key.
fn anchor_list(sandbox: &Sandbox, options: &[&str]) -> Ran {
    sandbox.run(&[&["revocations", "--key", "anchor.key", "--every-product", "--at", NOW], options].concat())
}

/// What a list says.
fn shown(sandbox: &Sandbox, list: &str) -> Value {
    json(&sandbox.run(&["inspect", list, "--json", "--anchor", "anchor.pub"]).ok())["revocation_list"].take()
}

fn hash(id: &str) -> String {
    lic2_signer::ui::hex(&lic2::license_id_hash(id))
}

#[test]
fn a_frozen_license_is_refused_until_a_later_list() {
    let sandbox = sandbox();
    let mut device = device(&sandbox);
    assert_eq!(device.apply(&sandbox.code(&["--perpetual"])), Ok(Outcome::Activated));
    let frozen = list(&sandbox, &["--number", "1", "--revoke", "PL-1=frozen:2"]).ok();
    assert_eq!(device.apply(&frozen), Ok(Outcome::ListAccepted));
    assert_eq!(device.refusal(), Some(Error::LicenseFrozen));
    let lifted = list(&sandbox, &["--number", "2"]);
    assert!(lifted.stderr.contains("nothing: reverses earlier lists of this series"), "{}", lifted.stderr);
    assert_eq!(device.apply(&lifted.ok()), Ok(Outcome::ListAccepted));
    assert_eq!(device.refusal(), None);
    assert_eq!(device.apply(&frozen), Err(Error::ListOlder));
    for (reason, error) in [
        ("released", Error::LicenseReleased),
        ("refunded", Error::LicenseRefunded),
        ("replaced", Error::LicenseReplaced),
    ] {
        let number = device.number().to_string();
        let one = list(&sandbox, &["--number", &number, "--revoke", &format!("PL-1={reason}:2")]).ok();
        assert_eq!((device.apply(&one), device.refusal()), (Ok(Outcome::ListAccepted), Some(error)), "{reason}");
    }
    let below = list(&sandbox, &["--number", "9", "--revoke", "PL-1=refunded:1"]).ok();
    assert_eq!((device.apply(&below), device.refusal()), (Ok(Outcome::ListAccepted), None), "issue 1 is not below 1");
}

#[test]
fn an_anchor_revokes_issuers_and_nobody_else_does() {
    let sandbox = sandbox();
    let mut kept = device(&sandbox);
    let mut strict = device(&sandbox);
    for device in [&mut kept, &mut strict] {
        device.apply(&sandbox.code(&["--perpetual"])).unwrap();
    }
    let options = ["--number", "1", "--revoke-issuer", "issuer.pub"];
    let all = anchor_list(&sandbox, &options).ok();
    assert_eq!((strict.apply(&all), strict.refusal()), (Ok(Outcome::ListAccepted), Some(Error::IssuerRevoked)));
    let gentle = anchor_list(&sandbox, &[&options[..], &["--keep-activated"]].concat()).ok();
    assert_eq!((kept.apply(&gentle), kept.refusal()), (Ok(Outcome::ListAccepted), None));
    assert_eq!(kept.apply(&sandbox.code(&["--perpetual", "--serial", "2"])), Err(Error::IssuerRevoked));
    let key = &sandbox.run(&["inspect", "issuer.cert", "--json"]).ok();
    let key = json(key)["certificate"]["key"].as_str().unwrap().to_owned();
    assert_eq!(shown(&sandbox, &gentle)["issuers"], json!([{"key_begins": key[..16], "keep_activated": true}]));
    let by_issuer = [&options[..], &["--passphrase-file", "missing"]].concat();
    // Refused before the key is asked for.
    list(&sandbox, &by_issuer).fails(1, "only an anchor may revoke issuers", "omit --certificate");
    anchor_list(&sandbox, &["--number", "1", "--keep-activated"]).fails(1, "--revoke-issuer", "revocations --help");
}

#[test]
fn flags_csv_and_json_say_the_same() {
    let sandbox = sandbox();
    let with_hash = format!("{}=frozen:4", hash("PL-2"));
    let flags = ["--number", "3", "--series", "7", "--revoke", "PL=1:x=refunded:3", "--revoke-hash", &with_hash];
    let by_flags = list(&sandbox, &flags).ok();
    sandbox.write("a.csv", "license,below,reason\nPL=1:x,3,refunded\n");
    sandbox.write(
        "b.csv",
        &format!("reason, license_hash, below, license\nfrozen, {},4,\nrefunded,,3,PL=1:x\n", hash("PL-2")),
    );
    let rows = json!([{"license": "PL=1:x", "below": 3, "reason": "refunded"},
        {"license_hash": hash("PL-2"), "below": 4, "reason": "frozen"}]);
    sandbox.write("c.json", &rows.to_string());
    sandbox.write("d.txt", &json!({"licenses": rows}).to_string());
    let numbered = ["--number", "3", "--series", "7"];
    let from = |file: &str| list(&sandbox, &[&numbered[..], &["--from", file]].concat()).ok();
    assert_eq!(
        list(&sandbox, &[&numbered[..], &["--from", "a.csv", "--revoke-hash", &with_hash]].concat()).ok(),
        by_flags
    );
    assert_eq!([from("b.csv"), from("c.json"), from("d.txt")], [by_flags.clone(), by_flags.clone(), by_flags.clone()]);
    let mut entries = [
        json!({"license_hash": hash("PL=1:x"), "below": 3, "reason": "refunded"}),
        json!({"license_hash": hash("PL-2"), "below": 4, "reason": "frozen"}),
    ];
    entries.sort_by_key(|entry| entry["license_hash"].to_string());
    assert_eq!(
        shown(&sandbox, &by_flags),
        json!({"number": 3, "series": 7, "product": "vision-appliance", "issued_at": NOW, "coverage": {"type": "every"}, "issuers": [],
            "licenses": entries})
    );
    let key = "1faadf67a234a6b619badc585813dc85b8e5572835c1c6bbd57506d8203232ee";
    sandbox.write("e.json", &json!({"issuers": [{"key": key}]}).to_string());
    let issuers = anchor_list(&sandbox, &["--number", "1", "--from", "e.json"]).ok();
    let shown = shown(&sandbox, &issuers);
    assert_eq!(shown["issuers"], json!([{"key_begins": key[..16], "keep_activated": false}]));
    assert_eq!(shown["product"], Value::Null);
}

#[test]
fn a_list_can_be_cut_for_one_customer() {
    let sandbox = sandbox();
    let rows: String = (0..200).map(|n| format!("PL-{n},2,frozen\n")).collect();
    sandbox.write("all.csv", &format!("license,below,reason\n{rows}"));
    let number = ["--number", "1", "--from", "all.csv"];
    let cut = list(&sandbox, &[&number[..], &["--customer-cut", "PL-17", "--customer-cut", "PL-500"]].concat());
    assert!(cut.stderr.contains("cut to 1 of 200 licenses"), "{}", cut.stderr);
    let cut = shown(&sandbox, &cut.ok());
    assert_eq!(cut["coverage"], json!({"type": "named"}));
    let mut licenses = [
        json!({"license_hash": hash("PL-17"), "below": 2, "reason": "frozen"}),
        json!({"license_hash": hash("PL-500"), "below": 1, "reason": "released"}),
    ];
    licenses.sort_by_key(|entry| entry["license_hash"].to_string());
    assert_eq!(cut["licenses"], json!(licenses), "what is not revoked is in force");
    let all: Vec<String> = (0..70).flat_map(|n| ["--customer-cut".to_owned(), format!("PL-{n}")]).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    list(&sandbox, &[&number[..], &all].concat()).fails(
        1,
        "70 licenses are too many for a list for one customer, which is a single text",
        "create the general list: it comes in parts",
    );
    list(&sandbox, &["--number", "1", "--customer-cut", "P L"]).fails(1, "license \"P L\"", "");
    // As many as a list holds have no room beside a certificate.
    let rows: String = (0..64).map(|n| format!("PL-{n},2,frozen\n")).collect();
    sandbox.write("many.csv", &format!("license,below,reason\n{rows}"));
    let many = ["--number", "1", "--from", "many.csv"];
    assert_eq!(list(&sandbox, &many).ok().lines().count(), 2);
    let one = [&many[..], &["--license", "PL-1"]].concat();
    list(&sandbox, &one).fails(1, "one part of a list, and no ledger", "--ledger");
    anchor_list(&sandbox, &["--number", "1", "--from", "all.csv", "--revoke-issuer", "issuer.pub"]).fails(
        1,
        "a list in parts revokes no issuers",
        "put the issuers into a list of another --series",
    );
    anchor_list(&sandbox, &["--number", "1", "--customer-cut", "PL-1", "--revoke-issuer", "issuer.pub"]).fails(
        1,
        "a list for one customer revokes no issuers",
        "another --series",
    );
    let bare = list(&sandbox, &[&many[..], &["--detached-certificate"]].concat()).ok();
    let shown = json(&sandbox.run(&["inspect", &bare, "--json"]).ok());
    assert_eq!(shown["revocation_list"]["licenses"].as_array().map(Vec::len), Some(64));
}

#[test]
fn what_the_certificate_forbids_is_not_signed() {
    let sandbox = sandbox();
    let number = ["--number", "1"];
    list(&sandbox, &["--number", "1", "--every-product"]).fails(
        3,
        "a product would refuse this revocation list with status 308 ISSUER_SCOPE",
        "it is for every product, and the certificate covers vision-* only",
    );
    sandbox.write("issuer.cert", &sandbox.certify(&["--scope", "vision-*"]));
    list(&sandbox, &number).fails(
        3,
        "306 ISSUER_KIND",
        "does not permit revocations: certify the key with --kinds revocations",
    );
    sandbox.write("issuer.cert", &sandbox.certify(&["--kinds", "revocations", "--test-only"]));
    list(&sandbox, &number).fails(3, "310 ISSUER_TEST_ONLY", "use a production issuer");
    sandbox.write("issuer.cert", &sandbox.certify(&["--kinds", "revocations", "--valid-from", "2027-01-01"]));
    list(&sandbox, &number).fails(3, "307 ISSUER_DATE", "the certificate is valid from 2027-01-01");
}

#[test]
fn every_mistake_in_a_list_is_named_with_its_remedy() {
    let sandbox = sandbox();
    let fails = |options: &[&str], error: &str, hint: &str| {
        list(&sandbox, &[&["--number", "1"], options].concat()).fails(1, error, hint);
    };
    fails(&["--revoke", "PL-1"], "is not LICENSE=REASON:BELOW", "revocations --help");
    fails(&["--revoke", "PL-1=refunded"], "is not LICENSE=REASON:BELOW", "");
    fails(&["--revoke", "PL-1=refunded:-1"], "is not LICENSE=REASON:BELOW", "");
    fails(&["--revoke", "PL-1=stolen:2"], "\"stolen\" is none of released, frozen, refunded, replaced", "");
    fails(&["--revoke", "PL-1=frozen:0"], "there are no issues below serial 0", "");
    fails(&["--revoke", "P L=frozen:2"], "license \"P L\"", "");
    fails(&["--revoke-hash", "PL-1=frozen:2"], "is not the hash of a license id", "");
    fails(
        &["--revoke", "A=frozen:2", "--revoke", "A=refunded:3"],
        "license A is listed twice",
        "list each license once",
    );
    let again = format!("{}=frozen:2", hash("A"));
    fails(&["--revoke", "A=frozen:2", "--revoke-hash", &again], "is listed twice", "");
    fails(&["--product", "vision-*"], "cannot be used multiple times", "");
    list(&sandbox, &["--number", "0"]).fails(1, "--number", "revocations --help");
    let twice = ["--number", "1", "--revoke-issuer", "issuer.pub", "--revoke-issuer", "issuer.pub"];
    anchor_list(&sandbox, &twice).fails(1, "is listed twice", "each key once");
    anchor_list(&sandbox, &["--number", "1", "--product", "p"]).fails(1, "cannot be used with", "revocations --help");
    sandbox.run(&["revocations", "--key", "anchor.key", "--number", "1"]).fails(1, "--every-product", "");
    sandbox.run(&["revocations", "--key", "anchor.key", "--number", "1", "--product", "v*"]).fails(
        1,
        "ends in *",
        "full id",
    );
}

#[test]
fn a_wrong_file_is_refused_with_its_place() {
    let sandbox = sandbox();
    let fails = |name: &str, text: &str, error: &str| {
        sandbox.write(name, text);
        list(&sandbox, &["--number", "1", "--from", name]).fails(1, error, "names them in its first line");
    };
    fails("a.csv", "license,below\nA,1\n", "a.csv: CSV deserialize error: record 1 (line: 2");
    fails("a.csv", "license,below,reason,note\nA,1,frozen,x\n", "unknown field `note`");
    fails("a.csv", "license,below,reason\nA,x,frozen\n", "line: 2");
    fails("a.csv", "license,below,reason\nA,2,frozen\n,2,frozen\n", "entry 2: use either license or license_hash");
    fails("a.csv", "license,below,reason\nA,2,lost\n", "entry 1: the reason \"lost\"");
    fails("a.json", "[{\"license\": \"A\", \"below\": 1}]", "a.json: ");
    fails("a.json", "{\"license\": []}", "a.json: ");
    list(&sandbox, &["--number", "1", "--from", "missing.csv"]).fails(2, "missing.csv: no such file", "");
}
