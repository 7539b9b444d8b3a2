//! `time-token` and `unlock`: what helps a device whose clock or state is wrong.

mod support;

use lic2::port::Wall;
use lic2::{Component, Error, Outcome, UnixSeconds};
use serde_json::{Value, json};
use support::device::{Device, NOW_SECONDS, unsigned_request};
use support::{NOW, Ran, Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];
const OTHER: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456780" }];
const DAY: u64 = 86_400;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_keys();
    let kinds = ["--scope", "vision-*", "--kinds", "codes,time-tokens,unlocks"];
    sandbox.write("issuer.cert", &sandbox.certify(&kinds));
    sandbox
}

/// Signs with the issuer's key.
fn sign(sandbox: &Sandbox, verb: &str, options: &[&str]) -> Ran {
    let base = [verb, "--key", "issuer.key", "--certificate", "issuer.cert", "--anchor", "anchor.pub"];
    let at: &[&str] = if options.contains(&"--at") { &[] } else { &["--at", NOW] };
    sandbox.run(&[&base, at, options].concat())
}

fn shown(sandbox: &Sandbox, text: &str, field: &str) -> Value {
    json(&sandbox.run(&["inspect", text, "--json", "--anchor", "anchor.pub"]).ok())[field].take()
}

/// A device with a running license whose clock has fallen a month behind.
fn behind(sandbox: &Sandbox) -> Device {
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    device.apply(&sandbox.code(&["--until", "1y"])).unwrap();
    device.clock.reading.wall = Wall::Time(UnixSeconds(NOW_SECONDS - 30 * DAY));
    assert_eq!(device.refusal(), Some(Error::ClockBehind));
    device
}

#[test]
fn a_time_token_tells_a_device_the_time() {
    let sandbox = sandbox();
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    device.clock.reading.wall = Wall::Unset;
    device.apply(&sandbox.code(&["--until", "1y"])).unwrap();
    assert_eq!(device.refusal(), Some(Error::ClockUnset));
    let token = sign(&sandbox, "time-token", &["--product", "vision-appliance"]).ok();
    assert_eq!(shown(&sandbox, &token, "time_token"), json!({"product": "vision-appliance", "issued_at": NOW}));
    let refusal = device.session(|engine| {
        assert_eq!(engine.apply(token.as_bytes()).map(|applied| applied.outcome), Ok(Outcome::TimeAccepted));
        engine.check().unwrap().decision.refusal
    });
    assert_eq!(refusal, None);
    let other = sign(&sandbox, "time-token", &["--product", "vision-other"]).ok();
    assert_eq!(device.apply(&other), Err(Error::ProductMismatch));
    let every = sandbox.run(&["time-token", "--key", "anchor.key", "--every-product", "--at", "2026-11-23"]).ok();
    assert_eq!(shown(&sandbox, &every, "time_token"), json!({"product": null, "issued_at": "2026-11-23T00:00:00Z"}));
    assert_eq!(device.apply(&every), Ok(Outcome::TimeAccepted));
}

#[test]
fn a_time_token_keeps_to_the_certificate_and_warns_of_the_future() {
    let sandbox = sandbox();
    sign(&sandbox, "time-token", &["--every-product"]).fails(3, "this time token with status 308", "every product");
    sign(&sandbox, "time-token", &["--product", "audio"]).fails(3, "308", "the product is audio");
    sign(&sandbox, "time-token", &[]).fails(1, "--every-product", "time-token --help");
    sign(&sandbox, "time-token", &["--product", "p", "--at", "2200-01-01"]).fails(1, "the time of the token", "2156");
    let ran = sandbox.run(&["time-token", "--key", "anchor.key", "--product", "p", "--at", "2 days"]);
    assert!(ran.stderr.contains("warning: this time is in the future"), "{}", ran.stderr);
    assert!(
        !sandbox
            .run(&["time-token", "--key", "anchor.key", "--product", "p"])
            .stderr
            .contains("this time is in the future")
    );
    sandbox.write("issuer.cert", &sandbox.certify(&["--scope", "vision-*"]));
    sign(&sandbox, "time-token", &["--product", "vision-1"]).fails(3, "306", "--kinds time-tokens");
}

#[test]
fn an_unlock_brings_a_lost_clock_back_once_and_on_one_device() {
    let sandbox = sandbox();
    let mut device = behind(&sandbox);
    let request = device.request("", 0);
    let words = sandbox.run(&["request", "show", &request]);
    assert!(words.stdout.contains("status 502 CLOCK_BEHIND"), "{}", words.stdout);
    assert!(words.stderr.contains("next: lic2-signer unlock --grants clock"), "{}", words.stderr);
    let ran = sign(&sandbox, "unlock", &["--request", &request, "--grants", "clock"]);
    assert!(ran.stderr.contains("request unsigned"), "{}", ran.stderr);
    let unlock = ran.ok();
    let mut other = behind(&sandbox);
    assert_eq!(other.apply(&unlock), Err(Error::UnlockMismatch));
    let refusal = device.session(|engine| {
        assert_eq!(engine.apply(unlock.as_bytes()).map(|applied| applied.outcome), Ok(Outcome::Unlocked));
        engine.check().unwrap().decision.refusal
    });
    assert_eq!(refusal, None);
    assert_eq!(device.apply(&unlock), Err(Error::UnlockMismatch), "it works once");
    let nonce = json(&sandbox.run(&["request", "show", &request, "--json"]).ok())["nonce"].take();
    let mut content = shown(&sandbox, &unlock, "unlock");
    assert_eq!(content["binding"]["match"], 1);
    content.as_object_mut().unwrap().remove("binding");
    assert_eq!(content, json!({"product": "vision-appliance", "issued_at": NOW, "nonce": nonce, "grants": ["clock"]}));
}

#[test]
fn an_unlock_is_bound_like_a_code() {
    let sandbox = sandbox();
    let mut device = Device::new(&sandbox.path("anchor.pub"), OTHER).with_key(7);
    let request = device.request("", 0);
    let options = ["--request", &request, "--grants", "clock,state", "--bind-key"];
    let unlock = shown(&sandbox, &sign(&sandbox, "unlock", &options).ok(), "unlock");
    assert_eq!(unlock["binding"], json!({"type": "device_key", "key": device.key()}));
    assert_eq!(unlock["grants"], json!(["clock", "state"]));
    let bare = unsigned_request(None);
    let ran = sign(&sandbox, "unlock", &["--request", &bare, "--grants", "state"]);
    assert!(ran.stderr.contains("only its nonce ties the unlock to the device"), "{}", ran.stderr);
    assert_eq!(shown(&sandbox, &ran.ok(), "unlock")["binding"], json!({"type": "none"}));
    let claimed = unsigned_request(Some(&device.key()));
    sign(&sandbox, "unlock", &["--request", &claimed, "--grants", "state", "--bind-key"]).fails(
        3,
        "the request is unsigned",
        "--accept-unsigned",
    );
}

#[test]
fn every_mistake_in_an_unlock_is_named_with_its_remedy() {
    let sandbox = sandbox();
    let request = Device::new(&sandbox.path("anchor.pub"), ESN).request("", 0);
    let fails = |options: &[&str], code: i32, error: &str, hint: &str| {
        sign(&sandbox, "unlock", &[&["--request", &request], options].concat()).fails(code, error, hint);
    };
    fails(&[], 1, "--grants", "unlock --help");
    fails(&["--grants", "time"], 1, "--grants \"time\" is unknown", "clock, state");
    fails(&["--grants", "clock", "--needed", "2"], 1, "--match 2 with 1 device components", "");
    sign(&sandbox, "unlock", &["--grants", "clock"]).fails(1, "--request", "unlock --help");
    let code = sandbox.code(&["--perpetual"]);
    let options = ["--grants", "clock", "--request", &code];
    sign(&sandbox, "unlock", &options).fails(
        3,
        "this is a code, and a request is needed",
        "read it with lic2-signer inspect",
    );
    sandbox.write("issuer.cert", &sandbox.certify(&["--scope", "vision-*"]));
    fails(&["--grants", "clock"], 3, "this unlock with status 306", "--kinds unlocks");
    sandbox.write("issuer.cert", &sandbox.certify(&["--scope", "audio", "--kinds", "unlocks"]));
    fails(&["--grants", "clock"], 3, "this unlock with status 308", "covers audio only");
}
