//! `request show` and `issue --request`: what a device asks for, and the code that answers it.

mod support;

use lic2::{Component, Error, Outcome, SIGN_CONTAINER, SIGN_VIRTUAL_MACHINE};
use serde_json::json;
use support::device::{Device, unsigned_request};
use support::{NOW, Ran, Sandbox, json};

const ESN: Component<'static> = Component { kind: 5, value: b"2102312ABC0123456789" };
const ONE: &[Component<'static>] = &[ESN];
const TWO: &[Component<'static>] = &[ESN, Component { kind: 1, value: b"04:7c:16:5e:e3:5d" }];
const THREE: &[Component<'static>] = &[ESN, TWO[1], Component { kind: 4, value: b"0c1d2e3f" }];
const THREE_REPLACED: &[Component<'static>] = &[ESN, Component { kind: 1, value: b"000000000001" }, THREE[2]];
const THREE_STRANGE: &[Component<'static>] = &[ESN, THREE_REPLACED[1], Component { kind: 4, value: b"ffff" }];

fn device(sandbox: &Sandbox, components: &'static [Component<'static>]) -> Device {
    Device::new(&sandbox.path("anchor.pub"), components)
}

/// Issues for a request with `issuer.key` and `issuer.cert`.
fn answer(sandbox: &Sandbox, request: &str, options: &[&str]) -> Ran {
    let base = ["issue", "--key", "issuer.key", "--certificate", "issuer.cert", "--at", NOW, "--request", request];
    sandbox.run(&[&base, options].concat())
}

#[test]
fn the_code_that_answers_a_request_activates_that_device_and_no_other() {
    let sandbox = Sandbox::with_keys();
    let mut this = device(&sandbox, ONE);
    let request = this.request("PL-7", 0);
    sandbox.write("request.txt", &format!("Here it is:\n{request}\n").replace("Here it is:", ""));
    let ran = answer(&sandbox, "request.txt", &["--until", "1y", "--anchor", "anchor.pub"]);
    assert!(ran.stderr.contains("request unsigned: anyone could have written this"), "{}", ran.stderr);
    assert!(ran.stderr.contains("license        PL-7 (issue 1)"), "{}", ran.stderr);
    let code = ran.ok();
    assert_eq!(this.apply(&code), Ok(Outcome::Activated));
    assert_eq!(this.refusal(), None);
    let mut other = device(&sandbox, &THREE[1..]);
    assert_eq!(other.apply(&code), Err(Error::DeviceUnknown));
    // By the text itself, and by stdin.
    answer(&sandbox, &request, &["--until", "1y"]).ok();
    let arguments = ["issue", "--key", "issuer.key", "--request", "-", "--perpetual"];
    sandbox.run_with(&arguments, request.as_bytes(), &[]).ok();
}

#[test]
fn all_of_two_components_have_to_match_and_all_but_one_of_more() {
    let sandbox = Sandbox::with_keys();
    let binding = |components, options: &[&str]| {
        let request = device(&sandbox, components).request("", 0);
        let code = answer(&sandbox, &request, &[&["--id", "PL-1", "--perpetual"], options].concat()).ok();
        (json(&sandbox.run(&["inspect", &code, "--json"]).ok())["license"]["binding"].take(), request, code)
    };
    for (components, needed) in [(ONE, 1), (TWO, 2), (THREE, 2)] {
        let (bound, request, _) = binding(components, &[]);
        assert_eq!(bound["match"], needed, "{components:?}");
        let shown = json(&sandbox.run(&["request", "show", &request, "--json"]).ok());
        assert_eq!(bound["components"], shown["components"]);
        assert_eq!(bound["salt"].as_str().unwrap(), &shown["nonce"].as_str().unwrap()[..8]);
    }
    assert_eq!(binding(THREE, &["--match", "3"]).0["match"], 3);
    assert_eq!(binding(THREE, &["--needed", "1"]).0["match"], 1);
    let code = binding(THREE, &[]).2;
    assert_eq!(device(&sandbox, THREE_REPLACED).apply(&code), Ok(Outcome::Activated));
    assert_eq!(device(&sandbox, THREE_STRANGE).apply(&code), Err(Error::DeviceMismatch));
}

#[test]
fn a_signed_request_can_bind_to_the_devices_key() {
    let sandbox = Sandbox::with_keys();
    let mut signed = device(&sandbox, ONE).with_key(5);
    let request = signed.request("PL-1", 0);
    let ran = answer(&sandbox, &request, &["--perpetual", "--bind-key"]);
    assert!(ran.stderr.contains(&format!("request signed by the device key {}", signed.key())), "{}", ran.stderr);
    let code = ran.ok();
    let license = json(&sandbox.run(&["inspect", &code, "--json"]).ok())["license"].take();
    assert_eq!(license["binding"], json!({"type": "device_key", "key": signed.key()}));
    assert_eq!(signed.apply(&code), Ok(Outcome::Activated));
    assert_eq!(device(&sandbox, ONE).with_key(6).apply(&code), Err(Error::DeviceMismatch));
    assert_eq!(device(&sandbox, ONE).apply(&code), Err(Error::DeviceUnknown));
}

#[test]
fn an_unsigned_key_is_bound_to_only_if_the_seller_says_so() {
    let sandbox = Sandbox::with_keys();
    let device = device(&sandbox, ONE).with_key(5);
    let claimed = unsigned_request(Some(&device.key()));
    let bind =
        |options: &[&str]| answer(&sandbox, &claimed, &[&["--id", "1", "--perpetual", "--bind-key"], options].concat());
    bind(&[]).fails(
        3,
        "the request is unsigned: anyone could have written the device key into it",
        "--accept-unsigned",
    );
    let code = bind(&["--accept-unsigned"]).ok();
    let license = json(&sandbox.run(&["inspect", &code, "--json"]).ok())["license"].take();
    assert_eq!(license["binding"]["key"], device.key());
    let without = unsigned_request(None);
    answer(&sandbox, &without, &["--id", "1", "--perpetual", "--bind-key", "--accept-unsigned"]).fails(
        1,
        "contains no device key",
        "omit --bind-key",
    );
    answer(&sandbox, &without, &["--id", "1", "--perpetual"]).fails(1, "no identity component to bind", "--bind-key");
}

#[test]
fn product_and_license_come_from_the_request() {
    let sandbox = Sandbox::with_keys();
    let mut device = device(&sandbox, ONE);
    let (named, unnamed) = (device.request("PL-7", 0), device.request("", 0));
    answer(&sandbox, &unnamed, &["--perpetual"]).fails(1, "the license has no id", "--id");
    answer(&sandbox, &named, &["--perpetual", "--product", "vision-appliance"]).ok();
    answer(&sandbox, &named, &["--perpetual", "--product", "audio"]).fails(
        1,
        "the request is from product vision-appliance, and the license is for audio",
        "omit --product",
    );
    let ran = answer(&sandbox, &named, &["--perpetual", "--id", "PL-8"]);
    assert!(ran.stderr.contains("warning: the request is about license PL-7, and this code is for PL-8"));
    let license = json(&sandbox.run(&["inspect", &ran.ok(), "--json"]).ok())["license"].take();
    assert_eq!(license["id"], "PL-8");
}

#[test]
fn a_second_word_on_the_device_is_refused() {
    let sandbox = Sandbox::with_keys();
    let request = device(&sandbox, THREE).request("PL-7", 0);
    let key = "1faadf67a234a6b619badc585813dc85b8e5572835c1c6bbd57506d8203232ee";
    for option in [
        ["--device", "esn:1"],
        ["--device-hex", "200:00"],
        ["--allocation", "esn:1=1"],
        ["--device-key", key],
        ["--salt", "00000000"],
    ] {
        answer(&sandbox, &request, &[&["--perpetual"], &option[..]].concat()).fails(
            1,
            "the device is given twice",
            option[0],
        );
    }
    sandbox.write("content.toml", "perpetual = true\ndevice = [\"esn:1\"]");
    answer(&sandbox, &request, &["--content", "content.toml"]).fails(1, "the device is given twice", "content file");
    let fails = |options: &[&str], error: &str, hint: &str| {
        answer(&sandbox, &request, &[&["--perpetual"], options].concat()).fails(1, error, hint);
    };
    fails(&["--match", "4"], "--match 4 with 3 device components", "--match 1 to --match 3");
    fails(&["--match", "0"], "--match 0 with 3 device components", "");
    fails(&["--match", "2", "--bind-key"], "--match and --bind-key", "omit one of them");
    fails(&["--accept-unsigned"], "--bind-key", "issue --help");
    sandbox.issue(&["--perpetual", "--bind-key"]).fails(1, "--request", "issue --help");
    answer(&sandbox, "-", &["--content", "-"]).fails(1, "cannot both come from stdin", "file");
}

#[test]
fn what_is_no_request_is_named() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--perpetual"]);
    let request = device(&sandbox, ONE).request("", 0);
    let refused = |text: &str, error: &str, hint: &str| {
        for verb in
            [&["request", "show", text][..], &["issue", "--key", "issuer.key", "--perpetual", "--request", text]]
        {
            sandbox.run(verb).fails(3, error, hint);
        }
    };
    refused(
        &code,
        "this is a code, and a request is needed: status 207 DOCUMENT_KIND",
        "read it with lic2-signer inspect",
    );
    refused(
        "issuer.cert",
        "this is an issuer certificate, and a request is needed",
        "read it with lic2-signer inspect",
    );
    refused(&request[..request.len() - 1], "status 206 TEXT_DAMAGED", "copy the request again");
    refused("LIC2R.", "status 206 TEXT_DAMAGED", "complete");
    sandbox.run(&["request", "show", "missing.txt"]).fails(2, "missing.txt: no such file", "- for stdin");
}

#[test]
fn show_explains_everything_in_a_request() {
    let sandbox = Sandbox::with_keys();
    let mut device = device(&sandbox, TWO).with_key(5);
    let request = device.request("PL-7", SIGN_VIRTUAL_MACHINE | SIGN_CONTAINER);
    let words = sandbox.run(&["request", "show", &request]);
    for line in [
        "signed with the key of the device that it names",
        "  product        vision-appliance",
        "  version        2.4.0",
        "  license        PL-7",
        "  made           2026-11-22T12:01:00Z",
        "  component      mac as hash ",
        "  component      esn as hash ",
        "  refused with   status 412 NOT_ACTIVATED: no license is activated on this device",
        "  sign of        a virtual machine",
        "  sign of        a container",
        &format!("  device key     {}", device.key()),
        &format!("  proof          signed by the device key {}", device.key()),
    ] {
        assert!(words.stdout.contains(line), "{line} is missing in {}", words.stdout);
    }
    assert!(words.stderr.contains("next: lic2-signer issue --request"), "{}", words.stderr);
    let mut answer = json(&sandbox.run_with(&["request", "show", "--json"], request.as_bytes(), &[]).ok());
    assert_eq!(answer["components"].as_array().map(Vec::len), Some(2));
    assert_eq!(answer["nonce"].as_str().map(str::len), Some(16));
    for volatile in ["components", "nonce"] {
        answer.as_object_mut().unwrap().remove(volatile);
    }
    assert_eq!(
        answer,
        json!({
            "product": "vision-appliance", "version": "2.4.0", "license": "PL-7", "made_at": "2026-11-22T12:01:00Z",
            "status": 412, "status_name": "NOT_ACTIVATED", "signs": ["virtual_machine", "container"],
            "device_key": device.key(), "proof": "signed",
        })
    );
    let bare = unsigned_request(None);
    let words = sandbox.run(&["request", "show", &bare]).ok();
    for line in
        ["UNSIGNED", "none in particular", "the device did not know when", "unsigned: anyone could have written this"]
    {
        assert!(words.contains(line), "{line} is missing in {words}");
    }
    let answer = json(&sandbox.run(&["request", "show", &bare, "--json"]).ok());
    assert_eq!(
        (&answer["license"], &answer["made_at"], &answer["proof"]),
        (&json!(null), &json!(null), &json!("unsigned"))
    );
}

#[test]
fn a_request_signed_by_another_than_it_shows_is_refused() {
    let sandbox = Sandbox::with_keys();
    let genuine = device(&sandbox, ONE).with_key(5).request("", 0);
    let forged = support::device::altered(&genuine);
    sandbox.run(&["request", "show", &forged]).fails(3, "status 302 SIGNATURE_INVALID", "from the device itself");
    let inspected = sandbox.run(&["inspect", &forged]);
    inspected.refuses(3, "status 302", "");
    assert!(inspected.stdout.contains("not written by the device that it names"), "{}", inspected.stdout);
}
