//! What happens to a license after its first sale: by the real program, in a real ledger, on a device with the real engine.

mod support;

use lic2::{Component, Error, Outcome};
use serde_json::{Value, json};
use support::device::Device;
use support::{NOW, Ran, Sandbox, json};

const FIRST: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];
const FIRST_ESN: &str = "esn:2102312ABC0123456789";

/// A seller with keys and a ledger.
struct Shop {
    sandbox: Sandbox,
}

impl Shop {
    fn new() -> Self {
        let sandbox = Sandbox::with_keys();
        let kinds = ["--scope", "vision-*", "--kinds", "codes,revocations,time-tokens,unlocks"];
        sandbox.write("issuer.cert", &sandbox.certify(&kinds));
        sandbox.run(&["ledger", "init", "sales.ledger"]).ok();
        Self { sandbox }
    }

    fn device(&self, components: &'static [Component<'static>]) -> Device {
        Device::new(&self.sandbox.path("anchor.pub"), components)
    }

    /// Runs a verb that signs, at the time of the tests unless the options say otherwise.
    fn sign(&self, verb: &[&str], options: &[&str]) -> Ran {
        let key = ["--key", "issuer.key", "--certificate", "issuer.cert", "--anchor", "anchor.pub"];
        let at: &[&str] = if options.contains(&"--at") { &[] } else { &["--at", NOW] };
        self.sandbox.run(&[verb, &key, &["--ledger", "sales.ledger"], at, options].concat())
    }

    /// Sells PL-1 for the first device.
    fn sell(&self, options: &[&str]) -> String {
        let base = ["--id", "PL-1", "--product", "vision-appliance", "--device", FIRST_ESN];
        self.sign(&["issue"], &[&base, options].concat()).ok()
    }

    fn renew(&self, options: &[&str]) -> Ran {
        self.sign(&["renew", "PL-1"], options)
    }

    fn refund(&self, options: &[&str]) -> Ran {
        self.sign(&["refund", "PL-1"], options)
    }

    /// Runs a verb that only adds an entry.
    fn mark(&self, verb: &str, license: &str, options: &[&str]) -> Ran {
        self.sandbox.run(&[&[verb, license, "--ledger", "sales.ledger", "--at", NOW], options].concat())
    }

    fn license(&self, code: &str) -> Value {
        json(&self.sandbox.run(&["inspect", code, "--json"]).ok())["license"].take()
    }

    /// How many entries there are, and none of them is wrong.
    fn entries(&self) -> u64 {
        self.sandbox.run(&["ledger", "verify", "--ledger", "sales.ledger", "--anchor", "anchor.pub"]).ok();
        let head = self.sandbox.run(&["ledger", "head", "--ledger", "sales.ledger"]).ok();
        head.split(':').next().unwrap().trim().parse().unwrap()
    }
}

fn until(license: &Value) -> &str {
    license["term"]["until"].as_str().unwrap()
}

#[test]
fn a_license_is_renewed_and_the_renewal_refunded_on_a_device() {
    let shop = Shop::new();
    let mut device = shop.device(FIRST);
    let first = shop.sell(&["--until", "1y", "--feature", "scans=quota:100", "--order", "CS1"]);
    assert_eq!(device.apply(&first), Ok(Outcome::Activated));
    assert_eq!(device.consume("scans", 70), Ok(70));
    let ran = shop.renew(&["--extend", "1y", "--top-up", "scans=100", "--order", "CS2"]);
    assert!(ran.stderr.contains("extended: 1y from the end of the term, 2027-11-22T12:00:00Z"), "{}", ran.stderr);
    assert!(ran.stderr.contains("until was 2027-11-22T12:00:00Z and now is 2028-11-22T12:00:00Z"), "{}", ran.stderr);
    let second = ran.ok();
    let license = shop.license(&second);
    assert_eq!(
        (&license["serial"], until(&license), &license["order"]),
        (&json!(2), "2028-11-22T12:00:00Z", &json!("CS2"))
    );
    assert_eq!(license["binding"], shop.license(&first)["binding"], "salt and hashes are those of the first code");
    assert_eq!(device.apply(&second), Ok(Outcome::Renewed));
    assert_eq!(device.consume("scans", 130), Ok(200), "what was left is carried over");
    let ran = shop.refund(&["--renewal", "--order", "CS3"]);
    assert!(ran.stderr.contains("warning: the new issue grants less (an earlier end)"), "{}", ran.stderr);
    let third = ran.ok();
    let license = shop.license(&third);
    assert_eq!((&license["serial"], until(&license)), (&json!(3), "2027-11-22T12:00:00Z"));
    assert_eq!(license["features"][0]["value"], 200, "features stay");
    assert_eq!(device.apply(&third), Ok(Outcome::Shortened));
    assert_eq!(device.apply(&second), Err(Error::CodeOlder));
    assert_eq!(shop.entries(), 4);
}

#[test]
fn every_renewal_is_refunded_once_and_the_last_one_first() {
    let shop = Shop::new();
    shop.sell(&["--until", "2027-11-22"]);
    shop.renew(&["--until", "2028-11-22", "--order", "R1"]).ok();
    shop.renew(&["--until", "2029-11-22", "--order", "R2"]).ok();
    shop.sign(&["upgrade", "PL-1"], &["--edition", "MAX", "--order", "U1"]).ok();
    let back = |order: &str| shop.license(&shop.refund(&["--renewal", "--order", order]).ok());
    let once = back("B1");
    assert_eq!((until(&once), &once["edition"]), ("2028-11-22T00:00:00Z", &json!("MAX")), "the upgrade stays");
    assert_eq!(until(&back("B2")), "2027-11-22T00:00:00Z");
    shop.refund(&["--renewal", "--order", "B3"]).fails(5, "has no renewal that was not refunded", "--all");
    assert_eq!(until(&back("B1")), "2028-11-22T00:00:00Z", "the same order says the same, whatever followed");
    let shown = shop.sandbox.run(&["ledger", "list", "--ledger", "sales.ledger", "--json"]).ok();
    assert_eq!(json(&shown).as_array().unwrap().iter().filter(|entry| entry["event"] == "refund").count(), 2);
}

#[test]
fn an_extension_counts_from_the_end_while_the_license_lasts_and_from_now_after_that() {
    let shop = Shop::new();
    for id in ["PL-1", "PL-2"] {
        let options = ["--id", id, "--product", "vision-appliance", "--until", "2027-03-01", "--grace-days", "15"];
        shop.sign(&["issue"], &options).ok();
    }
    let extend = |id: &str, at: &str, options: &[&str]| {
        let ran = shop.sign(&["renew", id], &[&["--extend", "1y", "--at", at], options].concat());
        let words = ran.stderr.clone();
        (until(&shop.license(&ran.ok())).to_owned(), words)
    };
    let (end, words) = extend("PL-1", "2027-03-15", &[]);
    assert_eq!(end, "2028-03-01T00:00:00Z", "within the grace days");
    assert!(words.contains("1y from the end of the term"), "{words}");
    assert!(words.contains("neither --order nor --event is stated"), "{words}");
    let (end, words) = extend("PL-2", "2027-03-16", &[]);
    assert_eq!(end, "2028-03-16T00:00:00Z");
    assert!(words.contains("1y from now, 2027-03-16T00:00:00Z"), "{words}");
    let (end, _) = extend("PL-1", "2028-06-01", &["--from-end"]);
    assert_eq!(end, "2029-03-01T00:00:00Z", "as the marketplace counts within its retention");
}

#[test]
fn terms_that_count_from_the_activation_are_extended_in_their_own_unit() {
    let shop = Shop::new();
    shop.sell(&["--days-from-activation", "30"]);
    let days = shop.license(&shop.renew(&["--extend", "60d"]).ok());
    assert_eq!(days["term"], json!({"type": "days_from_activation", "days": 90}));
    shop.renew(&["--extend", "1y"]).fails(1, "--extend: \"1y\" is not a number of days", "30d");
    let back = shop.license(&shop.refund(&["--renewal"]).ok());
    assert_eq!(back["term"]["days"], 30);
    let hours = ["--id", "PL-2", "--product", "vision-appliance", "--powered-hours", "100"];
    shop.sign(&["issue"], &hours).ok();
    let renewed = shop.license(&shop.sign(&["renew", "PL-2"], &["--extend", "500h"]).ok());
    assert_eq!(renewed["term"], json!({"type": "powered_hours", "hours": 600}));
    shop.sign(&["renew", "PL-2"], &["--extend", "30d"]).fails(1, "is no number of hours", "500h");
}

#[test]
fn the_same_order_gives_the_same_bytes_whatever_followed() {
    let shop = Shop::new();
    shop.sell(&["--until", "1y"]);
    let renewal = ["--extend", "1y", "--order", "R1"];
    let first = shop.renew(&renewal).ok();
    shop.renew(&["--extend", "1y", "--order", "R2"]).ok();
    let again = shop.renew(&[&renewal[..], &["--at", "2028-01-01"]].concat());
    assert!(again.stderr.contains("recorded before: entry 3"), "{}", again.stderr);
    assert_eq!(again.ok(), first);
    shop.renew(&["--extend", "2y", "--order", "R1"]).fails(5, "extend was 1y and now is 2y", "--recorded");
    assert_eq!(shop.renew(&["--extend", "2y", "--order", "R1", "--recorded"]).ok(), first);
    shop.refund(&["--renewal", "--order", "R1"]).fails(5, "event was renew and now is refund", "--recorded");
    let event = ["--quantity", "5", "--event", "E1"];
    let upgrade = shop.sign(&["upgrade", "PL-1"], &event).ok();
    shop.mark("freeze", "PL-1", &[]).ok();
    assert_eq!(shop.sign(&["upgrade", "PL-1"], &event).ok(), upgrade, "also while it is frozen");
    let lines = |line| shop.renew(&["--extend", "1y", "--order", "R3", "--order-line", line, "--accept-frozen"]).ok();
    assert_ne!(lines("1"), lines("2"));
    assert_eq!(lines("1"), lines("1"));
    assert_eq!(shop.entries(), 8);
}

#[test]
fn two_processes_at_once_renew_once() {
    let shop = Shop::new();
    shop.sell(&["--until", "1y"]);
    let codes: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> =
            (0..6).map(|_| scope.spawn(|| shop.renew(&["--extend", "1y", "--order", "R1"]).ok())).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
    assert_eq!(shop.entries(), 3);
}

#[test]
fn a_trial_becomes_commercial_and_more_is_sold_later() {
    let shop = Shop::new();
    let mut device = shop.device(FIRST);
    let trial = shop.sell(&["--class", "trial", "--until", "30d", "--feature", "channels=limit:4"]);
    assert_eq!(device.apply(&trial), Ok(Outcome::Activated));
    let ran = shop.sign(&["convert", "PL-1"], &["--until", "1y", "--edition", "PRO", "--order", "C1"]);
    assert!(ran.stderr.contains("class was trial and now is commercial"), "{}", ran.stderr);
    let paid = ran.ok();
    let license = shop.license(&paid);
    assert_eq!(
        (&license["class"], &license["edition"], until(&license)),
        (&json!("commercial"), &json!("PRO"), "2027-11-22T12:00:00Z")
    );
    assert_eq!(device.apply(&paid), Ok(Outcome::Renewed));
    let more = [
        "--edition",
        "MAX",
        "--quantity",
        "3",
        "--feature",
        "channels=limit:64",
        "--feature",
        "export",
        "--order",
        "U1",
    ];
    let upgraded = shop.sign(&["upgrade", "PL-1"], &more).ok();
    let license = shop.license(&upgraded);
    assert_eq!((&license["quantity"], until(&license)), (&json!(3), "2027-11-22T12:00:00Z"));
    let values: Vec<_> = license["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| (feature["name"].clone(), feature["value"].clone()))
        .collect();
    assert_eq!(values, [(json!("channels"), json!(64)), (json!("export"), Value::Null)]);
    assert_eq!((device.apply(&upgraded).is_ok(), device.refusal()), (true, None));
    shop.sign(&["convert", "PL-1"], &["--until", "2y"]).fails(5, "PL-1 is no trial: issue 3 is commercial", "renew");
    let less = shop.sign(&["upgrade", "PL-1"], &["--quantity", "2", "--remove-feature", "export"]);
    assert!(less.stderr.contains("grants less (quantity 2 instead of 3, no export)"), "{}", less.stderr);
    let names: Vec<_> =
        shop.license(&less.ok())["features"].as_array().unwrap().iter().map(|f| f["name"].clone()).collect();
    assert_eq!(names, [json!("channels")]);
}

#[test]
fn test_orders_stay_test_orders() {
    let shop = Shop::new();
    shop.sell(&["--class", "test", "--until", "1y"]);
    let renewed = shop.license(&shop.renew(&["--extend", "1y"]).ok());
    let converted = shop.license(&shop.sign(&["convert", "PL-1"], &["--until", "4y"]).ok());
    let upgraded = shop.license(&shop.sign(&["upgrade", "PL-1"], &["--edition", "MAX"]).ok());
    for license in [renewed, converted, upgraded] {
        assert_eq!(license["class"], "test");
    }
}

#[test]
fn what_was_sold_is_sold_again_in_every_field() {
    let shop = Shop::new();
    let all = [
        "--until",
        "2027-11-22",
        "--edition",
        "PRO",
        "--quantity",
        "7",
        "--grace-days",
        "15",
        "--lease-days",
        "30",
        "--not-before",
        "2026-12-01",
        "--versions",
        "1.2.0..2.*",
        "--maintenance-until",
        "2027-06-30",
        "--customer",
        "ACME",
        "--order",
        "CS1",
        "--feature",
        "a@2027-01-01",
        "--feature",
        "b=limit:2",
        "--feature",
        "c=quota:3",
        "--feature",
        "d=overage:4",
        "--feature",
        "e=text:x=y@z",
        "--item",
        "1000=hex:00ff",
        "--salt",
        "00112233",
        "--device",
        "mac:04:7c:16:5e:e3:5d",
        "--match",
        "1",
    ];
    let mut first = shop.license(&shop.sell(&all));
    let ran = shop.renew(&["--until", "2028-11-22", "--at", "2026-11-23"]);
    for words in ["feature a ends at 2027-01-01T00:00:00Z, before the license", "made at or after 2027-06-30"] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let second = shop.license(&ran.ok());
    for (field, value) in [
        ("serial", json!(2)),
        ("issued_at", json!("2026-11-23T00:00:00Z")),
        ("term", json!({"type": "until", "until": "2028-11-22T00:00:00Z"})),
        ("order", Value::Null),
    ] {
        assert_ne!(first[field], value);
        first[field] = value;
    }
    assert_eq!(second, first);
    // What was kept in the ledger only stays there.
    let only = [
        "--id",
        "PL-3",
        "--product",
        "vision-appliance",
        "--until",
        "1y",
        "--customer",
        "ACME",
        "--order",
        "X1",
        "--ledger-only",
        "order,customer",
    ];
    shop.sign(&["issue"], &only).ok();
    let renewed = shop.license(&shop.sign(&["renew", "PL-3"], &["--extend", "1y", "--order", "X2"]).ok());
    assert_eq!((&renewed["customer"], &renewed["order"]), (&Value::Null, &Value::Null));
    let found = shop.sandbox.run(&["ledger", "list", "--ledger", "sales.ledger", "--json"]).ok();
    let last = json(&found).as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["customer"], &last["order"], &last["event"]), (&json!("ACME"), &json!("X2"), &json!("renew")));
}

#[test]
fn freezing_and_releasing_are_entries_that_change_the_standing() {
    let shop = Shop::new();
    shop.sell(&["--until", "1y", "--customer", "ACME"]);
    let ran = shop.mark("freeze", "PL-1", &["--reason", "unpaid", "--event", "E1", "--json"]);
    assert!(
        ran.stderr.contains("devices do not know it yet: lic2-signer revocations --product vision-appliance"),
        "{}",
        ran.stderr
    );
    assert_eq!(json(&ran.ok()), json!({"license": "PL-1", "state": "frozen", "entry": 3, "repeated": false}));
    let again = json(&shop.mark("freeze", "PL-1", &["--json"]).ok());
    assert_eq!((&again["entry"], &again["repeated"]), (&json!(3), &json!(true)), "it is frozen already");
    shop.renew(&["--extend", "1y"]).fails(5, "license PL-1 was frozen in entry 3", "unfreeze PL-1");
    let ran = shop.renew(&["--extend", "1y", "--accept-frozen"]);
    assert!(ran.stderr.contains("warning: license PL-1 is frozen since entry 3"), "{}", ran.stderr);
    let words = shop.mark("unfreeze", "PL-1", &["--event", "E2"]).ok();
    assert!(words.contains("  state          active"), "{words}");
    let replayed = json(&shop.mark("freeze", "PL-1", &["--event", "E1", "--json"]).ok());
    assert_eq!((&replayed["state"], &replayed["entry"]), (&json!("active"), &json!(3)), "an event happens once");
    assert_eq!(json(&shop.mark("unfreeze", "PL-1", &["--json"]).ok())["repeated"], true);
    assert_eq!(json(&shop.mark("release", "PL-1", &["--json"]).ok())["state"], "released");
    assert_eq!(json(&shop.mark("release", "PL-1", &["--json"]).ok())["repeated"], true);
    shop.renew(&["--extend", "1y"]).fails(5, "license PL-1 was released in entry 6", "move PL-1");
    shop.mark("freeze", "PL-1", &[]).fails(5, "PL-1 was released in entry 6", "issue --id PL-1");
    shop.mark("unfreeze", "PL-1", &[]).fails(5, "PL-1 was released in entry 6", "");
    assert_eq!(shop.entries(), 6);
}

#[test]
fn a_full_refund_is_an_entry_without_a_code() {
    let shop = Shop::new();
    shop.sell(&["--until", "1y"]);
    let all = ["--all", "--order", "B1", "--reason", "sent back"];
    let words = shop.refund(&all).ok();
    assert!(words.contains("  state          refunded"), "{words}");
    assert!(shop.refund(&all).stderr.contains("recorded before: entry 3"));
    assert!(shop.refund(&["--all"]).stderr.contains("recorded before: entry 3"), "there is nothing left to refund");
    shop.renew(&["--extend", "1y"]).fails(5, "license PL-1 was refunded in entry 3", "issue --id PL-1");
    shop.refund(&["--until", "30d"]).fails(5, "license PL-1 was refunded in entry 3", "");
    shop.renew(&["--extend", "1y", "--order", "B1", "--recorded"]).fails(
        5,
        "entry 3 has no code to give out",
        "revocations",
    );
    assert_eq!(json(&shop.mark("release", "PL-1", &["--json"]).ok())["state"], "refunded", "and stays so");
    shop.sign(&["issue"], &["--id", "PL-2", "--product", "vision-appliance", "--until", "1y"]).ok();
    shop.sign(&["refund", "PL-2"], &all).fails(
        5,
        "entry 3 is for the same order or event, and not the same: refund of PL-1",
        "",
    );
    shop.sell(&["--until", "1y", "--order", "CS9"]);
    assert_eq!(shop.license(&shop.renew(&["--extend", "1y"]).ok())["serial"], 3, "sold anew");
    let no_key = ["refund", "PL-2", "--ledger", "sales.ledger", "--at", NOW];
    shop.sandbox.run(&[&no_key[..], &["--until", "30d"]].concat()).fails(1, "no key is named that signs", "--key FILE");
    shop.sandbox.run(&[&no_key[..], &["--all"]].concat()).ok();
    shop.entries();
}

#[test]
fn every_mistake_after_a_sale_is_named_with_its_remedy() {
    let shop = Shop::new();
    shop.sell(&["--until", "2027-11-22"]);
    let missing = shop.sign(&["renew", "PL-9"], &["--extend", "1y"]);
    missing.fails(5, "the ledger holds no code of license PL-9", "ledger list");
    shop.mark("freeze", "PL-9", &[]).fails(5, "the ledger holds no code of license PL-9", "");
    shop.mark("freeze", "P L", &[]).fails(1, "license \"P L\" cannot stand", "");
    shop.renew(&["--until", "2027-11-22"]).fails(
        5,
        "this is no renewal: the license already lasts until 2027-11-22",
        "refund",
    );
    shop.renew(&["--until", "2027-01-01"]).fails(5, "this is no renewal", "refund");
    shop.renew(&["--extend", "2028-01-01"]).fails(1, "\"2028-01-01\" is a point in time", "--until");
    shop.renew(&["--extend", "soon"]).fails(1, "\"soon\" is not a time", "3 years");
    shop.renew(&[]).fails(1, "--extend", "renew --help");
    shop.renew(&["--extend", "1y", "--until", "2y"]).fails(1, "cannot be used with", "renew --help");
    shop.renew(&["--until", "3y", "--from-end"]).fails(1, "cannot be used with '--from-end'", "");
    shop.renew(&["--extend", "1y", "--top-up", "scans=5"]).fails(1, "the license has no quota scans", "quota:N");
    shop.renew(&["--extend", "1y", "--top-up", "scans"]).fails(1, "is not FEATURE=N", "");
    shop.renew(&["--extend", "1y", "--order", ""]).fails(1, "order \"\"", "");
    shop.renew(&["--extend", "1y", "--order-line", "1"]).fails(1, "--order-line without --order", "");
    shop.refund(&[]).fails(1, "--until", "refund --help");
    shop.refund(&["--until", "2028-01-01"]).fails(
        5,
        "this refunds nothing: the license lasts until 2027-11-22",
        "renew",
    );
    shop.refund(&["--until", "2026-01-01"]).fails(5, "the term would be over already", "--all");
    shop.refund(&["--renewal"]).fails(5, "has no renewal", "--until");
    let upgrade = |options: &[&str]| shop.sign(&["upgrade", "PL-1"], options);
    upgrade(&[]).fails(1, "nothing is stated that would change", "renew");
    upgrade(&["--order", "X"]).fails(1, "nothing is stated that would change", "");
    upgrade(&["--remove-feature", "x"]).fails(1, "the license has no feature x", "inspect");
    shop.sandbox.write("pro.toml", "product = \"vision-appliance\"\nedition = \"PRO\"\n");
    upgrade(&["--content", "pro.toml"]).fails(1, "--content states product", "keep in the file");
    shop.sandbox.write("pro.toml", "edition = \"PRO\"\nfeature = [\"export\"]\n");
    assert_eq!(shop.license(&upgrade(&["--content", "pro.toml"]).ok())["edition"], "PRO");
    let perpetual = ["--id", "PL-2", "--product", "vision-appliance", "--perpetual"];
    shop.sign(&["issue"], &perpetual).ok();
    shop.sign(&["renew", "PL-2"], &["--extend", "1y"]).fails(1, "the license is perpetual", "upgrade");
    let alone = ["renew", "PL-1", "--extend", "1y", "--key", "issuer.key"];
    shop.sandbox.run(&alone).fails(1, "no ledger is named", "LIC2_LEDGER");
    shop.sandbox.run(&["freeze", "PL-1"]).fails(1, "no ledger is named", "ledger init");
    let early = shop.sandbox.run(&["freeze", "PL-1", "--ledger", "sales.ledger", "--at", "2026-01-01"]);
    early.fails(1, "the latest code of the license is of 2026-11-22", "--at");
}
