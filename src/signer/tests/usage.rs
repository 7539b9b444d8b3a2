//! `usage show` and `usage import`: what was used since the last report, by the device's word and by the seller's records.

mod support;

use lic2::Component;
use serde_json::{Value, json};
use support::device::Device;
use support::{Ran, Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];

/// A device with a quota of `scans`.
fn device(sandbox: &Sandbox) -> Device {
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    device
        .apply(&sandbox.code(&["--perpetual", "--feature", "scans=quota:100", "--feature", "calls=overage:1"]))
        .unwrap();
    device
}

fn import(sandbox: &Sandbox, report: &str, options: &[&str]) -> Ran {
    sandbox.run(&[&["usage", "import", report, "--json"], options].concat())
}

/// `(used, before, difference)` of `scans`.
fn scans(answer: &Value) -> (i64, i64, i64) {
    let entry = answer["entries"].as_array().unwrap().iter().find(|entry| entry["feature"] == "scans").unwrap();
    let number = |field: &str| entry[field].as_i64().unwrap();
    (number("used"), number("before"), number("difference"))
}

#[test]
fn show_explains_a_report() {
    let sandbox = Sandbox::with_keys();
    let mut device = device(&sandbox);
    device.consume("scans", 30).unwrap();
    device.consume("calls", 7).unwrap();
    let (number, report) = device.usage();
    sandbox.write("report.txt", &report);
    let words = sandbox.run(&["usage", "show", "report.txt"]).ok();
    for line in [
        "Usage report, ",
        "UNSIGNED; its claims",
        "  report         number 1",
        "  used           calls of PL-1 (issue 1): 7 in total, 0 of them accepted before",
        "  used           scans of PL-1 (issue 1): 30 in total, 0 of them accepted before",
        "  proof          unsigned: anyone could have written this",
    ] {
        assert!(words.contains(line), "{line} is missing in {words}");
    }
    let mut answer = json(&sandbox.run_with(&["usage", "show", "--json"], report.as_bytes(), &[]).ok());
    for volatile in ["components", "nonce"] {
        answer.as_object_mut().unwrap().remove(volatile).unwrap();
    }
    let entry = |feature: &str, used: u64| json!({"license": "PL-1", "serial": 1, "feature": feature, "used": used, "reported": 0});
    assert_eq!(
        answer,
        json!({
            "product": "vision-appliance", "number": number, "part": null, "made_at": "2026-11-22T12:01:00Z",
            "entries": [entry("calls", 7), entry("scans", 30)], "device_key": null, "proof": "unsigned",
        })
    );
}

#[test]
fn the_difference_counts_from_what_was_accepted() {
    let sandbox = Sandbox::with_keys();
    let mut device = device(&sandbox);
    device.consume("scans", 30).unwrap();
    let (number, first) = device.usage();
    let ran = import(&sandbox, &first, &[]);
    assert!(ran.stderr.contains("next: confirm to the device that report 1 is accepted"), "{}", ran.stderr);
    assert!(ran.stderr.contains("the differences are the device's own statement"), "{}", ran.stderr);
    assert!(ran.stderr.contains("warning: unsigned: anyone could have written this"), "{}", ran.stderr);
    assert_eq!(scans(&json(&ran.ok())), (30, 0, 30));
    device.usage_accepted(number);
    device.consume("scans", 12).unwrap();
    let (_, second) = device.usage();
    assert_eq!(scans(&json(&import(&sandbox, &second, &[]).ok())), (42, 30, 12));
    let ran = import(&sandbox, &second, &["--previous", &first]);
    assert!(!ran.stderr.contains("counts from"), "{}", ran.stderr);
    let answer = json(&ran.ok());
    assert_eq!((scans(&answer), &answer["repeated"]), ((42, 30, 12), &json!(false)));
    assert_eq!(answer["compared"], json!(["product", "number"]));
    // The same once more changes nothing.
    let answer = json(&import(&sandbox, &second, &["--previous", &second]).ok());
    assert_eq!((scans(&answer), &answer["repeated"], &answer["accepted"]), ((42, 42, 0), &json!(true), &json!(true)));
    let words = sandbox.run(&["usage", "import", &second, "--previous", &first]).ok();
    assert!(words.contains("scans of PL-1 (issue 1): +12, 42 in total"), "{words}");
    let ran = import(&sandbox, &first, &["--previous", &second]);
    ran.refuses(3, "not accepted: report 1 is not later than report 2", "omit --previous");
    assert_eq!(json(&ran.stdout)["accepted"], false);
}

#[test]
fn where_the_device_counts_differently_the_seller_is_warned() {
    let sandbox = Sandbox::with_keys();
    let mut device = device(&sandbox);
    device.consume("scans", 30).unwrap();
    let (_, first) = device.usage();
    // Nobody told the device that the first one was accepted, and uses were given back.
    device.session(|engine| {
        engine.give_back("scans", 5).unwrap();
        engine.settle().unwrap();
    });
    let (_, second) = device.usage();
    let ran = import(&sandbox, &second, &["--previous", &first]);
    assert!(
        ran.stderr.contains("scans of PL-1: the device counts from 0, the previous report from 30"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("scans of PL-1 went down from 30 to 25"), "{}", ran.stderr);
    assert_eq!(scans(&json(&ran.ok())), (25, 30, -5));
    let words = sandbox.run(&["usage", "import", &second, "--previous", &first]).ok();
    assert!(words.contains("scans of PL-1 (issue 1): -5, 25 in total"), "{words}");
}

#[test]
fn reports_of_a_device_with_a_key_have_to_be_signed_with_it() {
    let sandbox = Sandbox::with_keys();
    let mut signed = device(&sandbox).with_key(5);
    let (_, first) = signed.usage();
    let (_, second) = signed.usage();
    let ran = import(&sandbox, &second, &["--previous", &first, "--device-key", &signed.key()]);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    let answer = json(&ran.ok());
    assert_eq!((&answer["proof"], &answer["device_key"]), (&json!("signed"), &json!(signed.key())));
    assert_eq!(answer["compared"], json!(["product", "number", "device key"]));
    let mut unsigned = device(&sandbox);
    unsigned.usage();
    let (_, report) = unsigned.usage();
    import(&sandbox, &report, &["--previous", &first]).refuses(3, "this is unsigned: anyone could have written", "");
    import(&sandbox, &report, &["--device-key", &signed.key()]).refuses(3, "this is unsigned", "");
    let mut other = device(&sandbox).with_key(6);
    let (_, report) = other.usage();
    import(&sandbox, &report, &["--device-key", &signed.key()]).refuses(3, &other.key(), "");
}

#[test]
fn every_mistake_with_a_report_is_named_with_its_remedy() {
    let sandbox = Sandbox::with_keys();
    let (_, report) = device(&sandbox).usage();
    let code = sandbox.code(&["--perpetual"]);
    for verb in ["show", "import"] {
        sandbox.run(&["usage", verb, &code]).fails(3, "this is a code, and a usage report is needed", "inspect");
        sandbox.run(&["usage", verb, "missing.txt"]).fails(2, "missing.txt: no such file", "");
    }
    import(&sandbox, &report, &["--previous", &code]).fails(3, "--previous: this is a code", "inspect");
    import(&sandbox, "-", &["--previous", "-"]).fails(1, "cannot both come from stdin", "file");
    sandbox.run(&["usage"]).fails(1, "usage is not complete", "usage --help");
}
