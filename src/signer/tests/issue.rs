//! `issue`: content by flags and by file, and every mistake in it.

mod support;

use serde_json::{Value, json};
use support::{NOW, Sandbox, json};

/// Every option of the content, with a fixed salt.
const FLAGS: &[&str] = &[
    "--serial",
    "3",
    "--class",
    "trial",
    "--edition",
    "PRO",
    "--quantity",
    "12",
    "--until",
    "20271231235959",
    "--not-before",
    "2026-12-01",
    "--grace-days",
    "15",
    "--lease-days",
    "4w",
    "--versions",
    "1.2.0..2.*",
    "--maintenance-until",
    "2027-06-30 00:00:00 +0800",
    "--device",
    "mac:04:7c:16:5e:e3:5d",
    "--device",
    "esn:2102312ABC0123456789",
    "--device-hex",
    "200:00ff",
    "--match",
    "2",
    "--salt",
    "01020304",
    "--feature",
    "export",
    "--feature",
    "channels=limit:64",
    "--feature",
    "api=overage:1000@2027-06-30",
    "--feature",
    "calls=quota:5",
    "--feature",
    "tier=text:gold",
    "--add-on",
    "--customer",
    "Müller & Söhne",
    "--order",
    "CS-1",
    "--item",
    "1000=hex:00ff",
    "--item",
    "1001=text:hi",
];

const TOML: &str = r#"
serial = 3
class = "trial"
edition = "PRO"
quantity = 12
until = 2027-12-31T23:59:59Z
not-before = 2026-12-01
grace-days = 15
lease-days = "28 days"
versions = "1.2.0..2.*"
maintenance-until = 2027-06-30T00:00:00+08:00
device = ["mac:047C165EE35D", "esn:2102312ABC0123456789"]
device-hex = ["200:00ff"]
match = 2
salt = "01020304"
feature = [
    "calls=quota:5",
    { name = "api", overage = 1000, until = 2027-06-30 },
    { name = "channels", limit = 64 },
    { name = "export" },
    "tier=text:gold",
]
add-on = true
customer = "Müller & Söhne"
order = "CS-1"
item = ["1001=hex:6869", "1000=hex:00FF"]
"#;

fn as_json() -> Value {
    json!({
        "serial": 3, "class": "trial", "edition": "PRO", "quantity": 12, "until": "2027-12-31T23:59:59Z",
        "not-before": "20261201", "grace-days": 15, "lease-days": 28, "versions": "1.2.0..2.x",
        "maintenance-until": "2027-06-29T16:00:00Z", "device": ["mac:04-7c-16-5e-e3-5d", "esn:2102312abc0123456789"],
        "device-hex": ["200:00FF"], "match": 2, "salt": "01020304", "customer": "Müller & Söhne", "order": "CS-1",
        "add-on": true,
        "feature": [{"name": "tier", "text": "gold"}, {"name": "calls", "quota": 5}, "export", "channels=limit:64",
            {"name": "api", "overage": 1000, "until": "2027-06-30"}],
        "item": ["1000=hex:00ff", "1001=text:hi"],
    })
}

#[test]
fn flags_toml_and_json_give_the_same_code() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(FLAGS);
    sandbox.write("content.toml", TOML);
    sandbox.write("content.json", &as_json().to_string());
    assert_eq!(sandbox.code(&["--content", "content.toml"]), code);
    assert_eq!(sandbox.code(&["--content", "content.json"]), code);
    for text in [TOML.to_owned(), as_json().to_string()] {
        let arguments = [
            "issue",
            "--key",
            "issuer.key",
            "--certificate",
            "issuer.cert",
            "--id",
            "PL-1",
            "--product",
            "vision-appliance",
            "--at",
            NOW,
            "--content",
            "-",
        ];
        assert_eq!(sandbox.run_with(&arguments, text.as_bytes(), &[]).ok().trim_end(), code);
    }
}

#[test]
fn everything_stated_arrives_in_the_code() {
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(FLAGS);
    let license = json(&sandbox.run(&["inspect", &code, "--json", "--anchor", "anchor.pub"]).ok())["license"].take();
    let hashes: Vec<&Value> =
        license["binding"]["components"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(hashes, ["mac", "esn", "200"]);
    let mut rest = license.clone();
    rest["binding"].as_object_mut().unwrap().remove("components");
    let feature = |name: &str, kind: &str, value: Value, expires: Value| json!({"name": name, "type": kind, "value": value, "expires_at": expires});
    assert_eq!(
        rest,
        json!({
            "id": "PL-1", "serial": 3, "class": "trial", "product": "vision-appliance", "edition": "PRO", "quantity": 12,
            "add_on": true, "issued_at": NOW, "not_before": "2026-12-01T00:00:00Z",
            "term": {"type": "until", "until": "2027-12-31T23:59:59Z"}, "grace_days": 15, "lease_days": 28,
            "versions": {"from": "1.2.0", "to": "2.65535.4294967295"}, "maintenance_until": "2027-06-29T16:00:00Z",
            "binding": {"type": "components", "match": 2, "salt": "01020304"},
            "features": [
                feature("api", "overage", json!(1000), json!("2027-06-30T00:00:00Z")),
                feature("calls", "quota", json!(5), Value::Null),
                feature("channels", "limit", json!(64), Value::Null),
                feature("export", "flag", Value::Null, Value::Null),
                feature("tier", "text", json!("gold"), Value::Null),
            ],
            "customer": "Müller & Söhne", "order": "CS-1",
            "items": [{"number": 1000, "critical": false, "hex": "00ff"}, {"number": 1001, "critical": false, "hex": "6869"}],
        })
    );
}

#[test]
fn flags_win_over_the_file() {
    let sandbox = Sandbox::with_keys();
    sandbox.write("content.toml", TOML);
    let over = [
        "--content",
        "content.toml",
        "--quantity",
        "7",
        "--perpetual",
        "--allocation",
        "esn:A=1",
        "--allocation",
        "esn:B=300",
        "--feature",
        "channels=limit:128",
        "--item",
        "1000=hex:01",
    ];
    let license = json(&sandbox.run(&["inspect", &sandbox.code(&over), "--json"]).ok())["license"].take();
    assert_eq!((&license["quantity"], &license["serial"]), (&json!(7), &json!(3)));
    assert_eq!(license["term"], json!({"type": "perpetual"}));
    assert_eq!(license["binding"]["type"], "allocation");
    assert_eq!(license["binding"]["devices"].as_array().map(Vec::len), Some(2));
    let channels =
        license["features"].as_array().unwrap().iter().find(|feature| feature["name"] == "channels").unwrap();
    assert_eq!((license["features"].as_array().map(Vec::len), &channels["value"]), (Some(5), &json!(128)));
    assert_eq!(license["items"][0]["hex"], "01");
}

#[test]
fn every_term_and_binding_can_be_issued() {
    let sandbox = Sandbox::with_keys();
    let license =
        |options: &[&str]| json(&sandbox.run(&["inspect", &sandbox.code(options), "--json"]).ok())["license"].take();
    assert_eq!(license(&["--until", "unlimited"])["term"], json!({"type": "perpetual"}));
    assert_eq!(license(&["--perpetual"])["term"], json!({"type": "perpetual"}));
    assert_eq!(
        license(&["--days-from-activation", "30d"])["term"],
        json!({"type": "days_from_activation", "days": 30})
    );
    assert_eq!(license(&["--powered-hours", "8760"])["term"], json!({"type": "powered_hours", "hours": 8760}));
    for (text, end) in [
        ("1y", "2027-11-22T12:00:00Z"),
        ("3 years", "2029-11-22T12:00:00Z"),
        ("20270630", "2027-06-30T00:00:00Z"),
        ("20270630123456789", "2027-06-30T12:34:56Z"),
        ("2027-06-30 12:34:56 UTC", "2027-06-30T12:34:56Z"),
    ] {
        assert_eq!(license(&["--until", text])["term"]["until"], end, "{text}");
    }
    let key = "1faadf67a234a6b619badc585813dc85b8e5572835c1c6bbd57506d8203232ee";
    assert_eq!(license(&["--perpetual", "--device-key", key])["binding"], json!({"type": "device_key", "key": key}));
    assert_eq!(license(&["--perpetual"])["binding"], json!({"type": "none"}));
    assert_eq!(license(&["--perpetual", "--class", "nfr"])["class"], "nfr");
}

#[test]
fn the_salt_is_random_unless_stated() {
    let sandbox = Sandbox::with_keys();
    let options = ["--perpetual", "--device", "esn:1"];
    assert_ne!(sandbox.code(&options), sandbox.code(&options));
    let salted = [&options[..], &["--salt", "00000000"]].concat();
    assert_eq!(sandbox.code(&salted), sandbox.code(&salted));
}

#[test]
fn stdout_is_the_code_and_the_summary_names_class_and_length() {
    let sandbox = Sandbox::with_keys();
    let ran = sandbox.issue(&["--perpetual", "--class", "test"]);
    assert!(ran.stdout.starts_with("LIC2C.") && ran.stdout.ends_with('\n') && ran.stdout.lines().count() == 1);
    assert!(ran.stderr.contains("TEST (production builds refuse it)"), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("code, {} characters of at most 1024", ran.stdout.trim_end().len())));
    assert!(sandbox.issue(&["--perpetual"]).stderr.contains("commercial"));
}

#[test]
fn a_detached_certificate_makes_a_shorter_code_that_needs_the_certificate() {
    let sandbox = Sandbox::with_keys();
    let carried = sandbox.code(&["--perpetual", "--anchor", "anchor.pub"]);
    let bare = sandbox.code(&["--perpetual", "--anchor", "anchor.pub", "--detached-certificate"]);
    assert!(bare.len() + 150 < carried.len());
    sandbox.verify(&carried, &[]).ok();
    sandbox.verify(&bare, &[]).refuses(3, "status 301 KEY_UNKNOWN", "");
    sandbox.verify(&bare, &["--issuer", "issuer.cert"]).ok();
    let direct = ["issue", "--key", "anchor.key", "--id", "1", "--product", "p", "--perpetual"];
    let code = sandbox.run(&direct).ok();
    sandbox.run(&["verify", code.trim(), "--anchor", "anchor.pub", "--product", "p"]).ok();
}

#[test]
fn every_mistake_in_the_content_is_named_with_its_remedy() {
    let sandbox = Sandbox::with_keys();
    let long = "x".repeat(65);
    let many: Vec<String> = (0..49).map(|n| format!("--allocation=esn:{n}=1")).collect();
    let many: Vec<&str> = [vec!["--perpetual"], many.iter().map(String::as_str).collect()].concat();
    let cases: &[(&[&str], &str, &str)] = &[
        (&[], "no term", "--days-from-activation"),
        (&["--perpetual", "--until", "1y"], "more than one term", "pass one of"),
        (&["--until", "2026-11-22T12:00:00Z"], "before it begins", "--at"),
        (&["--until", "1y", "--not-before", "2y"], "before it begins", ""),
        (&["--until", "soon"], "until: \"soon\" is not a time", "2027-06-30"),
        (&["--until", "2200-01-01"], "cannot be part of a document", "2156"),
        (&["--until", "2027-06-30 12:00:00"], "has no time zone", "UTC"),
        (&["--perpetual", "--product", &long], "cannot be used multiple times", ""),
        (&["--perpetual", "--versions", "2.1.4294967296"], "is not a range of versions", ""),
        (&["--perpetual", "--edition", "a b"], "edition \"a b\"", "without spaces"),
        (&["--perpetual", "--customer", "a\nb"], "customer", "control"),
        (&["--perpetual", "--serial", "0"], "count from 1", ""),
        (&["--perpetual", "--quantity", "4294967296"], "--quantity", ""),
        (&["--perpetual", "--feature", "a", "--feature", "a=limit:1"], "feature a is listed twice", "once"),
        (&["--perpetual", "--feature", "a=seats:4"], "is not a right", ""),
        (
            &["--perpetual", "--device", "mac:04:7c", "--device", "mac:047C", "--match", "1"],
            "is listed twice",
            "separators",
        ),
        (&["--perpetual", "--device", "esn:1", "--device", "mac:2"], "--match is missing", "--match 1 to --match 2"),
        (&["--perpetual", "--device", "esn:1", "--match", "2"], "--match 2 with 1", "--match 1"),
        (&["--perpetual", "--device", "esn:--"], "only separators", ""),
        (&["--perpetual", "--device", "esn:1", "--allocation", "esn:1=1"], "more than one way", "only one of"),
        (&["--perpetual", "--match", "1"], "--match without --device", ""),
        (&["--perpetual", "--salt", "00000000"], "--salt without", ""),
        (&["--perpetual", "--device", "esn:1", "--salt", "0000"], "not four bytes", "8 hex"),
        (&["--perpetual", "--allocation", "esn:1=1", "--allocation", "mac:1=1"], "different component kinds", ""),
        (&["--perpetual", "--allocation", "esn:1=1", "--allocation", "esn:1=2"], "listed twice", ""),
        (&many, "49 devices are too many", "several codes"),
        (&["--perpetual", "--item", "999=hex:00"], "is not an item", ""),
        (&["--perpetual", "--item", "1000=hex:00", "--item", "1000=hex:01"], "item 1000 is listed twice", ""),
        (&["--perpetual", "--versions", "2..1"], "ends before it begins", ""),
        (&["--perpetual", "--powered-hours", "1"], "more than one term", ""),
        (&["--powered-hours", "876601"], "powered-on hours", "876600"),
        (&["--days-from-activation", "0"], "a term of 0 days", ""),
        (&["--grace-days", "1y", "--perpetual"], "not a number of days", ""),
    ];
    for (options, error, hint) in cases {
        sandbox.issue(options).fails(1, error, hint);
    }
    let big = format!("1000=hex:{}", "00".repeat(600));
    sandbox.issue(&["--perpetual", "--item", &big]).fails(1, "longer than 1024 characters", "--detached-certificate");
    sandbox.run(&["issue", "--key", "issuer.key", "--product", "p"]).fails(1, "the license has no id", "--id");
    sandbox.run(&["issue", "--key", "issuer.key", "--id", "a b", "--product", "p"]).fails(
        1,
        "id \"a b\"",
        "without spaces",
    );
    sandbox.run(&["issue", "--key", "issuer.key", "--id", "1"]).fails(1, "the license has no product", "--product");
    let pattern = ["issue", "--key", "issuer.key", "--id", "1", "--product", "vision-*", "--perpetual"];
    sandbox.run(&pattern).fails(1, "product \"vision-*\" ends in *", "certify --scope");
    sandbox.run(&["issue", "--id", "1"]).fails(1, "--key", "issue --help");
}

#[test]
fn a_wrong_content_file_is_refused_with_its_place() {
    let sandbox = Sandbox::with_keys();
    let fails = |text: &str, error: &str| {
        sandbox.write("content.toml", text);
        sandbox.issue(&["--content", "content.toml"]).fails(1, error, "without the dashes");
    };
    fails("perpetual = true\nprodukt = 1", "content.toml: ");
    fails("perpetual = true\nquantity = -1", "content.toml: ");
    fails("perpetual = true\nfeature = [{ name = \"a\", limit = 1, quota = 2 }]", "content.toml: ");
    fails("perpetual = true\ndevice = [\"esn\"]", "content.toml: ");
    fails("{\"perpetual\": true, \"perpetual\": true}", "content.toml: duplicate field");
    fails("= 1", "content.toml: ");
    sandbox.issue(&["--content", "missing.toml"]).fails(2, "missing.toml: no such file", "");
}
