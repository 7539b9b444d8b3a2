//! `receipt accept`: what was given back, who says so, and whether that is what was sold.

mod support;

use lic2::Component;
use serde_json::json;
use support::device::{Device, altered};
use support::{Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];

/// A device, the code of its license `PL-1` (issue 2, 3 scans used) and its receipt; with a key, bound to it.
fn given_back(sandbox: &Sandbox, key: Option<u8>) -> (Device, String, String) {
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    let mut options = vec!["--perpetual", "--serial", "2", "--feature", "scans=quota:10"];
    let public;
    if let Some(seed) = key {
        device = device.with_key(seed);
        public = device.key();
        options.extend(["--device-key", &public]);
    } else {
        options.extend(["--device", "esn:2102312ABC0123456789"]);
    }
    let code = sandbox.code(&options);
    device.apply(&code).unwrap();
    device.consume("scans", 3).unwrap();
    let receipt = device.deactivate("PL-1");
    (device, code, receipt)
}

#[test]
fn an_unsigned_receipt_says_so_and_what_was_given_back() {
    let sandbox = Sandbox::with_keys();
    let (_, code, receipt) = given_back(&sandbox, None);
    sandbox.write("receipt.txt", &receipt);
    let ran = sandbox.run(&["receipt", "accept", "receipt.txt", "--code", &code]);
    assert!(ran.stderr.contains("warning: unsigned: anyone could have written this"), "{}", ran.stderr);
    assert!(ran.stderr.contains("not compared: which device it was"), "{}", ran.stderr);
    let words = ran.ok();
    for line in [
        "UNSIGNED; its claims",
        "  accepted       yes: product, license, serial as expected",
        "  returned       license PL-1, issues up to 2",
        "  made           2026-11-22T12:01:00Z",
        "  component      esn as hash ",
        "  used           scans: 3 in total",
        "  proof          unsigned: anyone could have written this",
    ] {
        assert!(words.contains(line), "{line} is missing in {words}");
    }
    let blind = sandbox.run_with(&["receipt", "accept", "--json"], receipt.as_bytes(), &[]);
    assert!(blind.stderr.contains("not compared with a sold license"), "{}", blind.stderr);
    let mut answer = json(&blind.ok());
    for volatile in ["components", "nonce"] {
        answer.as_object_mut().unwrap().remove(volatile).unwrap();
    }
    assert_eq!(
        answer,
        json!({
            "product": "vision-appliance", "license": "PL-1", "serial": 2, "part": null, "made_at": "2026-11-22T12:01:00Z",
            "used": [{"feature": "scans", "used": 3}], "device_key": null, "proof": "unsigned",
            "accepted": true, "compared": [], "problems": [],
        })
    );
}

#[test]
fn a_signed_receipt_has_to_be_signed_by_the_device_that_bought() {
    let sandbox = Sandbox::with_keys();
    let (device, code, receipt) = given_back(&sandbox, Some(5));
    let ran = sandbox.run(&["receipt", "accept", &receipt, "--code", &code]);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    let words = ran.ok();
    assert!(words.contains("yes: product, license, serial, device key as expected"), "{words}");
    assert!(words.contains(&format!("  proof          signed by the device key {}", device.key())), "{words}");
    let sold = ["--license", "PL-1", "--serial", "2", "--device-key"];
    let compare = |key: &str| sandbox.run(&[&["receipt", "accept", &receipt], &sold[..], &[key]].concat());
    compare(&device.key()).ok();
    let other = sandbox.run(&["pubkey", "issuer.pub"]).ok();
    sandbox.write("other.pub", &other);
    compare("other.pub").refuses(3, "not accepted: the device key ", "your records");
    // The same license, given back by a device without the key.
    let (_, _, unsigned) = given_back(&sandbox, None);
    let ran = sandbox.run(&["receipt", "accept", &unsigned, "--code", &code]);
    ran.refuses(3, "and this is unsigned: anyone could have written this", "your records");
    assert!(ran.stdout.contains("  NOT ACCEPTED   the device key "), "{}", ran.stdout);
    sandbox.run(&["receipt", "accept", &altered(&receipt)]).fails(3, "302 SIGNATURE_INVALID", "from the device itself");
}

#[test]
fn a_receipt_for_something_else_is_refused() {
    let sandbox = Sandbox::with_keys();
    let (_, _, receipt) = given_back(&sandbox, None);
    let refused = |options: &[&str], problem: &str| {
        let ran = sandbox.run(&[&["receipt", "accept", &receipt, "--json"], options].concat());
        ran.refuses(3, &format!("not accepted: {problem}"), "your records");
        let answer = json(&ran.stdout);
        assert_eq!((&answer["accepted"], &answer["problems"][0]), (&json!(false), &json!(problem)));
    };
    refused(&["--license", "PL-2"], "the device returned license PL-1, and PL-2 was sold");
    refused(&["--serial", "3"], "the device returned the issues up to 2, and can still activate issue 3");
    refused(&["--serial", "1"], "the device returned issue 2, and the latest sold issue is 1");
    let later = sandbox.code(&["--perpetual", "--serial", "3"]);
    refused(&["--code", &later], "the device returned the issues up to 2, and can still activate issue 3");
    let other = ["issue", "--key", "anchor.key", "--id", "PL-1", "--serial", "2", "--product", "audio", "--perpetual"];
    let other = sandbox.run(&other).ok();
    refused(&["--code", other.trim()], "the receipt is from product vision-appliance, and audio was sold");
}

#[test]
fn every_mistake_with_a_receipt_is_named_with_its_remedy() {
    let sandbox = Sandbox::with_keys();
    let (mut device, code, receipt) = given_back(&sandbox, None);
    sandbox.run(&["receipt", "accept", &code]).fails(
        3,
        "this is a code, and a receipt is needed",
        "read it with lic2-signer inspect",
    );
    let request = device.request("", 0);
    sandbox.run(&["receipt", "accept", &request]).fails(
        3,
        "this is a request, and a receipt is needed",
        "request show",
    );
    sandbox.run(&["receipt", "accept", &receipt, "--code", &request]).fails(3, "--code: status 207 DOCUMENT_KIND", "");
    sandbox.run(&["receipt", "accept", "--code", "-"]).fails(1, "cannot both come from stdin", "file");
    let both = ["receipt", "accept", &receipt, "--code", &code, "--serial", "2"];
    sandbox.run(&both).fails(1, "cannot be used with", "receipt accept --help");
    sandbox.run(&["receipt", "accept", &receipt, "--device-key", "issuer.key"]).fails(4, "--device-key", "*.pub");
    sandbox.run(&["receipt"]).fails(1, "receipt is not complete", "receipt --help");
}
