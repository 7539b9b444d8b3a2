//! `inspect` explains every kind of document and says how far each can be believed.

mod support;

use lic2::Component;
use support::device::{Device, altered, unsigned_request};
use support::{NOW, Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];
const FIELDS: [&str; 7] = ["license", "revocation_list", "time_token", "unlock", "request", "receipt", "usage_report"];

/// One of every kind that sellers sign: field, title and text.
fn of_seller(sandbox: &Sandbox) -> Vec<(&'static str, &'static str, String)> {
    let anchor = |verb: &str, options: &[&str]| {
        sandbox.run(&[&[verb, "--key", "anchor.key", "--at", NOW], options].concat()).ok().trim_end().to_owned()
    };
    let product = ["--product", "vision-appliance"];
    let revoke = ["--number", "1", "--revoke", "PL-1=frozen:2"];
    let request = unsigned_request(None);
    vec![
        ("license", "Authorization code", anchor("issue", &[&product[..], &["--id", "PL-1", "--perpetual"]].concat())),
        ("revocation_list", "Revocation list", anchor("revocations", &[&product[..], &revoke].concat())),
        ("time_token", "Time token", anchor("time-token", &product)),
        ("unlock", "Unlock", anchor("unlock", &["--request", &request, "--grants", "state"])),
    ]
}

/// One of every kind that devices write.
fn of_device(sandbox: &Sandbox, key: Option<u8>) -> Vec<(&'static str, &'static str, String)> {
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    if let Some(seed) = key {
        device = device.with_key(seed);
    }
    let request = device.request("", 0);
    device.apply(&sandbox.code(&["--perpetual", "--feature", "scans=quota:5"])).unwrap();
    let report = device.usage().1;
    let receipt = device.deactivate("PL-1");
    vec![("request", "Request", request), ("usage_report", "Usage report", report), ("receipt", "Receipt", receipt)]
}

#[test]
fn what_sellers_sign_is_explained_and_verified() {
    let sandbox = Sandbox::with_keys();
    for (field, title, text) in of_seller(&sandbox) {
        let words = sandbox.run(&["inspect", &text]).ok();
        assert!(words.starts_with(&format!("{title}, ")) && words.contains("UNVERIFIED; its claims"), "{words}");
        let answer = json(&sandbox.run(&["inspect", &text, "--json"]).ok());
        assert_eq!((&answer["verified"], &answer["status"]), (&serde_json::Value::Null, &serde_json::Value::Null));
        assert_eq!(answer["kind"], if field == "license" { "code" } else { field });
        for other in FIELDS {
            assert_eq!(answer[other].is_object(), other == field, "{other} of {field}");
        }
        assert!(answer["key_id"].is_string() && answer["certificate"].is_null());
        let genuine = sandbox.run(&["inspect", &text, "--anchor", "anchor.pub"]).ok();
        assert!(genuine.contains("verified with the given anchor"), "{genuine}");
        let stranger = sandbox.run(&["inspect", &text, "--anchor", "issuer.pub"]);
        stranger.refuses(3, "status 301 KEY_UNKNOWN", "");
        assert!(stranger.stdout.contains("NOT GENUINE for the given anchor"), "{}", stranger.stdout);
        let forged = sandbox.run(&["inspect", &altered(&text), "--json", "--anchor", "anchor.pub"]);
        forged.refuses(3, "status 302 SIGNATURE_INVALID", "");
        assert_eq!(json(&forged.stdout)["verified"], false);
    }
}

#[test]
fn what_devices_write_is_explained_with_its_proof() {
    let sandbox = Sandbox::with_keys();
    for key in [None, Some(5)] {
        for (field, title, text) in of_device(&sandbox, key) {
            let mark =
                if key.is_some() { "signed with the key of the device that it names" } else { "UNSIGNED; its claims" };
            let words = sandbox.run(&["inspect", &text]).ok();
            assert!(words.starts_with(&format!("{title}, ")) && words.contains(mark), "{words}");
            let answer = json(&sandbox.run(&["inspect", &text, "--json"]).ok());
            assert_eq!(answer["kind"], field);
            assert_eq!(answer[field]["proof"], if key.is_some() { "signed" } else { "unsigned" });
            assert_eq!(answer["key_id"].is_string(), key.is_some());
            for other in FIELDS {
                assert_eq!(answer[other].is_object(), other == field, "{other} of {field}");
            }
            let article = sandbox.run(&["inspect", &text, "--anchor", "anchor.pub"]);
            article.fails(1, "--anchor does not apply to a ", "omit --anchor");
        }
    }
}

#[test]
fn a_list_shows_its_issuers_and_licenses() {
    let sandbox = Sandbox::with_keys();
    let options = ["--every-product", "--number", "4", "--series", "2", "--revoke", "PL-1=replaced:3"];
    let issuers = ["--revoke-issuer", "issuer.pub", "--at", NOW];
    let list = sandbox.run(&[&["revocations", "--key", "anchor.key"], &options[..], &issuers].concat()).ok();
    let words = sandbox.run(&["inspect", &list]).ok();
    for line in [
        "  list           number 4, series 2",
        "  product        EVERY product",
        "  issued         2026-11-22T12:00:00Z",
        ": nothing that it signed counts",
        &format!(
            "  revoked        id hash {}, issues below 3: replaced",
            lic2_signer::ui::hex(&lic2::license_id_hash("PL-1"))
        ),
    ] {
        assert!(words.contains(line), "{line} is missing in {words}");
    }
}

#[test]
fn people_see_their_own_time_and_programs_see_utc() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--until", "2027-06-30"]);
    let there = [("TZ", "<+08>-8")];
    let words = sandbox.run_with(&["inspect", &code], b"", &there).ok();
    assert!(words.contains("until 2027-06-30T00:00:00Z (local 2027-06-30 08:00:00 +08:00)"), "{words}");
    let here = sandbox.run(&["inspect", &code]).ok();
    assert!(here.contains("until 2027-06-30T00:00:00Z (exclusive)"), "{here}");
    let programs = [
        sandbox.run_with(&["inspect", &code, "--json"], b"", &there).ok(),
        sandbox.run(&["inspect", &code, "--json"]).ok(),
    ];
    assert_eq!(programs[0], programs[1]);
}
