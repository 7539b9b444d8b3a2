//! What happens to a license after its first sale: by the real program, in a real ledger, on a device with the real engine.

mod support;

use lic2::{Component, Error, Outcome};
use serde_json::{Value, json};
use support::device::Device;
use support::{NOW, Ran, Sandbox, json};

const FIRST: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];
const SECOND: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456780" }];
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

    /// The list that the ledger gives.
    fn list(&self, options: &[&str]) -> Ran {
        self.sign(&["revocations", "--product", "vision-appliance"], options)
    }

    /// What a list says: its number, and each entry as reason and serial.
    fn shown(&self, list: &str) -> (u64, Vec<(String, u64)>) {
        let shown = json(&self.sandbox.run(&["inspect", list, "--json"]).ok())["revocation_list"].take();
        let entry = |entry: &Value| (entry["reason"].as_str().unwrap().to_owned(), entry["below"].as_u64().unwrap());
        (shown["number"].as_u64().unwrap(), shown["licenses"].as_array().unwrap().iter().map(entry).collect())
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
    assert!(ran.stderr.contains("until was 2027-11-22T12:00:00Z and is now 2028-11-22T12:00:00Z"), "{}", ran.stderr);
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
    shop.refund(&["--renewal", "--order", "B3"]).fails(5, "has no renewal left to refund", "--all");
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
    assert!(words.contains("neither --order nor --event is given"), "{words}");
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
    shop.sign(&["renew", "PL-2"], &["--extend", "30d"]).fails(1, "is not a number of hours", "500h");
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
    shop.renew(&["--extend", "2y", "--order", "R1"]).fails(5, "extend was 1y and is now 2y", "--recorded");
    assert_eq!(shop.renew(&["--extend", "2y", "--order", "R1", "--recorded"]).ok(), first);
    shop.refund(&["--renewal", "--order", "R1"]).fails(5, "event was renew and is now refund", "--recorded");
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
    assert!(ran.stderr.contains("class was trial and is now commercial"), "{}", ran.stderr);
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
    shop.sign(&["convert", "PL-1"], &["--until", "2y"]).fails(5, "PL-1 is not a trial: issue 3 is commercial", "renew");
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
        ran.stderr.contains("devices do not know this yet: lic2-signer revocations --product vision-appliance"),
        "{}",
        ran.stderr
    );
    assert_eq!(json(&ran.ok()), json!({"license": "PL-1", "state": "frozen", "entry": 3, "repeated": false}));
    let again = json(&shop.mark("freeze", "PL-1", &["--json"]).ok());
    assert_eq!((&again["entry"], &again["repeated"]), (&json!(3), &json!(true)), "it is frozen already");
    shop.renew(&["--extend", "1y"]).fails(5, "license PL-1 was frozen in entry 3", "unfreeze PL-1");
    let ran = shop.renew(&["--extend", "1y", "--accept-frozen"]);
    assert!(ran.stderr.contains("warning: license PL-1 has been frozen since entry 3"), "{}", ran.stderr);
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
        "entry 3 has no code to print",
        "revocations",
    );
    assert_eq!(json(&shop.mark("release", "PL-1", &["--json"]).ok())["state"], "refunded", "and stays frozen");
    shop.sign(&["issue"], &["--id", "PL-2", "--product", "vision-appliance", "--until", "1y"]).ok();
    shop.sign(&["refund", "PL-2"], &all).fails(
        5,
        "entry 3 is for the same order or event, with different content: refund of PL-1",
        "",
    );
    shop.sell(&["--until", "1y", "--order", "CS9"]);
    assert_eq!(shop.license(&shop.renew(&["--extend", "1y"]).ok())["serial"], 3, "sold anew");
    let no_key = ["refund", "PL-2", "--ledger", "sales.ledger", "--at", NOW];
    shop.sandbox.run(&[&no_key[..], &["--until", "30d"]].concat()).fails(1, "no signing key is named", "--key FILE");
    shop.sandbox.run(&[&no_key[..], &["--all"]].concat()).ok();
    shop.entries();
}

#[test]
fn every_mistake_after_a_sale_is_named_with_its_remedy() {
    let shop = Shop::new();
    shop.sell(&["--until", "2027-11-22"]);
    let missing = shop.sign(&["renew", "PL-9"], &["--extend", "1y"]);
    missing.fails(5, "the ledger contains no code of license PL-9", "ledger list");
    shop.mark("freeze", "PL-9", &[]).fails(5, "the ledger contains no code of license PL-9", "");
    shop.mark("freeze", "P L", &[]).fails(1, "license \"P L\" cannot be part of a document", "");
    shop.renew(&["--until", "2027-11-22"]).fails(
        5,
        "this is not a renewal: the license already lasts until 2027-11-22",
        "refund",
    );
    shop.renew(&["--until", "2027-01-01"]).fails(5, "this is not a renewal", "refund");
    shop.renew(&["--extend", "2028-01-01"]).fails(1, "\"2028-01-01\" is a point in time, not a duration", "--until");
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
        "this refunds nothing: the license lasts only until 2027-11-22",
        "renew",
    );
    shop.refund(&["--until", "2026-01-01"]).fails(5, "the term would have ended already", "--all");
    shop.refund(&["--renewal"]).fails(5, "has no renewal", "--until");
    let upgrade = |options: &[&str]| shop.sign(&["upgrade", "PL-1"], options);
    upgrade(&[]).fails(1, "no change is given", "renew");
    upgrade(&["--order", "X"]).fails(1, "no change is given", "");
    upgrade(&["--remove-feature", "x"]).fails(1, "the license has no feature x", "inspect");
    shop.sandbox.write("pro.toml", "product = \"vision-appliance\"\nedition = \"PRO\"\n");
    upgrade(&["--content", "pro.toml"]).fails(1, "--content states product", "put only changes into the file");
    shop.sandbox.write("pro.toml", "edition = \"PRO\"\nfeature = [\"export\"]\n");
    assert_eq!(shop.license(&upgrade(&["--content", "pro.toml"]).ok())["edition"], "PRO");
    let perpetual = ["--id", "PL-2", "--product", "vision-appliance", "--perpetual"];
    shop.sign(&["issue"], &perpetual).ok();
    shop.sign(&["renew", "PL-2"], &["--extend", "1y"]).fails(1, "the license is perpetual", "upgrade");
    let alone = ["renew", "PL-1", "--extend", "1y", "--key", "issuer.key"];
    shop.sandbox.run(&alone).fails(1, "a ledger is required", "LIC2_LEDGER");
    shop.sandbox.run(&["freeze", "PL-1"]).fails(1, "a ledger is required", "ledger init");
    let early = shop.sandbox.run(&["freeze", "PL-1", "--ledger", "sales.ledger", "--at", "2026-01-01"]);
    early.fails(1, "the latest code of the license is dated 2026-11-22", "--at");
}

/// The list that the ledger gives makes the device refuse with this, or run.
#[track_caller]
fn gets(shop: &Shop, device: &mut Device, refusal: Option<Error>) {
    let list = shop.list(&[]).ok();
    assert_eq!(
        (device.apply(&list), device.refusal()),
        (Ok(Outcome::ListAccepted), refusal),
        "{:?}",
        shop.shown(&list)
    );
}

#[test]
fn a_frozen_license_is_refused_by_its_device_until_it_is_unfrozen() {
    let shop = Shop::new();
    let mut device = shop.device(FIRST);
    device.apply(&shop.sell(&["--until", "1y"])).unwrap();
    shop.mark("freeze", "PL-1", &[]).ok();
    gets(&shop, &mut device, Some(Error::LicenseFrozen));
    let renewed = shop.renew(&["--extend", "1y", "--accept-frozen"]).ok();
    device.apply(&renewed).unwrap();
    gets(&shop, &mut device, Some(Error::LicenseFrozen));
    shop.mark("unfreeze", "PL-1", &[]).ok();
    gets(&shop, &mut device, None);
    shop.refund(&["--all"]).ok();
    gets(&shop, &mut device, Some(Error::LicenseRefunded));
    let longer = shop.sell(&["--until", "3y", "--at", "2026-11-22T12:00:30Z"]);
    device.apply(&longer).unwrap();
    gets(&shop, &mut device, None);
}

#[test]
fn a_device_that_keeps_what_was_refunded_is_told_by_the_list() {
    let shop = Shop::new();
    let mut device = shop.device(FIRST);
    shop.sell(&["--until", "1y"]);
    device.apply(&shop.renew(&["--extend", "1y"]).ok()).unwrap();
    let shorter = shop.refund(&["--renewal"]).ok();
    gets(&shop, &mut device, Some(Error::LicenseReplaced));
    assert_eq!((device.apply(&shorter), device.refusal()), (Ok(Outcome::Shortened), None));
    assert_eq!(shop.shown(&shop.list(&[]).ok()), (1, vec![("replaced".into(), 3)]));
}

#[test]
fn the_same_list_comes_back_until_something_changes() {
    let shop = Shop::new();
    shop.sell(&["--until", "30d", "--customer", "ACME"]);
    for (id, customer) in [("PL-2", "ACME"), ("PL-3", "Other")] {
        let options = ["--id", id, "--product", "vision-appliance", "--until", "1y", "--customer", customer];
        shop.sign(&["issue"], &options).ok();
    }
    let other = ["--id", "XL-1", "--product", "vision-other", "--until", "1y"];
    shop.sign(&["issue"], &other).ok();
    shop.mark("freeze", "XL-1", &[]).ok();
    let empty = shop.list(&[]).ok();
    assert_eq!(shop.shown(&empty), (1, vec![]), "nothing of this product");
    for id in ["PL-1", "PL-2", "PL-3"] {
        shop.mark("freeze", id, &[]).ok();
    }
    let all = shop.list(&[]).ok();
    assert_eq!((shop.shown(&all).0, shop.shown(&all).1.len()), (2, 3));
    let again = shop.list(&["--at", "2026-11-25"]);
    assert!(again.stderr.contains("recorded before: entry 11"), "{}", again.stderr);
    assert_eq!(again.ok(), all);
    let later = shop.list(&["--at", "2027-02-01"]);
    assert!(later.stderr.contains("expired by date, and no longer in any list: PL-1"), "{}", later.stderr);
    assert_eq!(later.ok(), all, "an entry that is over is no reason for a new list");
    let acme = shop.list(&["--customer", "ACME"]).ok();
    assert_eq!((shop.shown(&acme).0, shop.shown(&acme).1.len()), (3, 2));
    assert_eq!(shop.list(&["--customer", "ACME"]).ok(), acme);
    shop.mark("unfreeze", "PL-2", &[]).ok();
    let full = shop.list(&["--at", "2027-02-01"]).ok();
    assert_eq!((shop.shown(&full).0, shop.shown(&full).1.len()), (4, 1), "PL-3 alone: PL-1 is over");
    shop.mark("freeze", "PL-2", &[]).ok();
    let acme = shop.list(&["--customer", "ACME"]).ok();
    assert_eq!(
        (shop.shown(&acme).0, shop.shown(&acme).1.len()),
        (5, 2),
        "a device that holds list 4 would refuse list 3"
    );
    assert_eq!(shop.shown(&shop.list(&["--series", "1"]).ok()).0, 1, "each series counts on its own");
    shop.list(&["--number", "5"]).fails(5, "list 5 is not later than list 5", "omit --number");
    assert_eq!(shop.shown(&shop.list(&["--number", "9"]).ok()).0, 9);
    let stated = shop.list(&["--revoke", "PL-7=refunded:2"]).ok();
    assert_eq!(shop.shown(&stated), (10, vec![("refunded".into(), 2)]), "what is stated, and the next number");
    let both = shop.list(&["--revoke", "PL-7=refunded:2", "--from-ledger"]).ok();
    assert_eq!((shop.shown(&both).0, shop.shown(&both).1.len()), (11, 4));
    shop.list(&["--order", "X"]).fails(1, "--order and --event", "omit them");
    shop.list(&["--revoke", "PL-7=refunded:2", "--customer", "ACME"]).fails(
        1,
        "--customer and --replaced select",
        "--from-ledger",
    );
    let by_anchor = ["--key", "anchor.key", "--product", "vision-appliance", "--ledger", "sales.ledger", "--at", NOW];
    let anchor = |options: &[&str]| shop.sandbox.run(&[&["revocations"], &by_anchor[..], options].concat());
    anchor(&["--revoke-issuer", "issuer.pub"]).ok();
    anchor(&[]).fails(5, "the anchor's lists of this product and series revoke issuers", "--series");
    let bare = ["revocations", "--key", "anchor.key", "--product", "p"];
    shop.sandbox.run(&bare).fails(1, "the list has no number", "--ledger");
    let every = ["revocations", "--key", "anchor.key", "--every-product", "--ledger", "sales.ledger", "--at", NOW];
    shop.sandbox.run(&every).fails(1, "per product", "--product");
}

#[test]
fn a_list_that_does_not_fit_comes_in_parts() {
    let shop = Shop::new();
    let rows: String = (0..70).map(|n| format!("lic2-signer issue --id L-{n} --product vision-appliance --until 1y --key issuer.key --certificate issuer.cert --ledger sales.ledger --customer C{} --at {NOW} && lic2-signer freeze L-{n} --ledger sales.ledger --at {NOW} || exit 9\n", n % 2)).collect();
    assert_eq!(shop.sandbox.shell(&rows).code, 0);
    let ran = shop.list(&[]);
    assert!(ran.stderr.contains("revocation list in 2 parts of at most "), "{}", ran.stderr);
    assert!(ran.stderr.contains("recorded: entries 142 to 143 of sales.ledger"), "{}", ran.stderr);
    let all = ran.ok();
    let parts: Vec<&str> = all.lines().collect();
    let shown: Vec<_> = parts.iter().map(|part| shop.shown(part)).collect();
    assert_eq!(shown.len(), 2);
    assert_eq!((shown[0].0, shown[1].0, shown[0].1.len() + shown[1].1.len()), (1, 1, 70));
    let again = shop.list(&["--at", "2026-12-01"]);
    assert!(again.stderr.contains("recorded before: entries 142 to 143 of sales.ledger"), "{}", again.stderr);
    assert_eq!(again.ok(), all);
    // The part for one license, and all of them in a folder.
    for id in ["L-1", "L-2", "L-69", "L-none"] {
        let ran = shop.list(&["--license", id]);
        let what = if id == "L-none" { "nothing of it is revoked" } else { "issues below 2 are revoked" };
        assert!(ran.stderr.contains(&format!("license {id}: {what}")), "{}", ran.stderr);
        assert!(ran.stderr.contains("  covers         part "), "{}", ran.stderr);
        let part = ran.ok();
        assert!(parts.contains(&part.trim_end()), "{part}");
    }
    for _ in 0..2 {
        shop.list(&["--output", "parts"]).ok();
        assert_eq!(shop.sandbox.read("parts/part-001.txt").trim_end(), parts[0]);
        assert_eq!(shop.sandbox.read("parts/part-002.txt").trim_end(), parts[1]);
        assert_eq!(std::fs::read_dir(shop.sandbox.path("parts")).unwrap().count(), 2);
        assert_eq!((shop.sandbox.mode("parts"), shop.sandbox.mode("parts/part-001.txt")), (0o700, 0o600));
    }
    assert_eq!(shop.entries(), 143);
    let half = shop.list(&["--customer", "C1"]).ok();
    assert_eq!((shop.shown(&half).0, shop.shown(&half).1.len()), (2, 35));
    shop.list(&["--customer", "C1", "--license", "L-1"]).fails(1, "cannot be used with", "");
    shop.mark("unfreeze", "L-1", &[]).ok();
    let next = shop.list(&[]).ok();
    assert_eq!(shop.shown(next.lines().next().unwrap()).0, 3);
    shop.list(&["--output", "parts"]).fails(2, "parts: the folder contains something else", "a new folder");
    // The customer's list says that the license is in force again.
    let half = shop.list(&["--customer", "C1"]).ok();
    assert_eq!(shop.shown(&half).1.iter().filter(|entry| **entry == ("released".into(), 1)).count(), 1);
    assert_eq!((shop.shown(&half).0, shop.shown(&half).1.len()), (4, 35));
}

#[test]
fn a_license_that_was_given_back_goes_to_another_device() {
    let shop = Shop::new();
    let mut device = shop.device(FIRST);
    let mut other = shop.device(SECOND);
    let first = shop.sell(&["--until", "1y", "--feature", "scans=quota:100"]);
    device.apply(&first).unwrap();
    device.consume("scans", 30).unwrap();
    let to = ["--device", "esn:2102312ABC0123456780", "--order", "M1"];
    let move_ = |options: &[&str]| shop.sign(&["move", "PL-1"], options);
    move_(&to).fails(5, "the device that has license PL-1 has not returned it", "--receipt");
    let receipt = device.deactivate("PL-1");
    shop.sandbox.write("receipt.txt", &receipt);
    let ran = move_(&[&to[..], &["--receipt", "receipt.txt"]].concat());
    assert!(ran.stderr.contains("scans: 30 used, 70 left"), "{}", ran.stderr);
    let moved = ran.ok();
    let license = shop.license(&moved);
    assert_eq!((&license["serial"], &license["features"][0]["value"]), (&json!(2), &json!(70)));
    assert_eq!((other.apply(&moved), other.refusal()), (Ok(Outcome::Activated), None));
    assert_eq!(device.apply(&moved), Err(Error::DeviceMismatch));
    assert_eq!(device.apply(&first), Err(Error::LicenseReturned));
    assert_eq!(move_(&[&to[..], &["--receipt", "receipt.txt"]].concat()).ok(), moved);
    assert_eq!(shop.shown(&shop.list(&[]).ok()), (1, vec![]), "a receipt needs no list");
    // Back again, by a receipt that the ledger has accepted, in answer to a request.
    let receipt = other.deactivate("PL-1");
    shop.sandbox.run(&["receipt", "accept", &receipt, "--ledger", "sales.ledger", "--at", NOW]).ok();
    shop.renew(&["--extend", "1y"]).fails(5, "PL-1 was released", "move PL-1");
    shop.sandbox.write("request.txt", &device.request("PL-1", 0));
    let back = move_(&["--request", "request.txt", "--feature", "scans=quota:500"]).ok();
    assert_eq!((device.apply(&back), device.refusal()), (Ok(Outcome::Activated), None));
    assert_eq!(shop.license(&back)["features"][0]["value"], 500);
    shop.entries();
}

#[test]
fn a_device_that_is_lost_is_told_by_the_list() {
    let shop = Shop::new();
    let mut device = shop.device(FIRST);
    let mut other = shop.device(SECOND);
    device.apply(&shop.sell(&["--until", "1y"])).unwrap();
    let ran = shop.sign(&["move", "PL-1"], &["--device", "esn:2102312ABC0123456780", "--without-receipt"]);
    assert!(ran.stderr.contains("warning: the old device keeps license PL-1"), "{}", ran.stderr);
    other.apply(&ran.ok()).unwrap();
    gets(&shop, &mut device, Some(Error::LicenseReplaced));
    gets(&shop, &mut other, None);
}

#[test]
fn every_mistake_with_a_move_is_named_with_its_remedy() {
    let shop = Shop::new();
    let mut device = shop.device(FIRST);
    device.apply(&shop.sell(&["--until", "1y"])).unwrap();
    let old = device.deactivate("PL-1");
    shop.renew(&["--extend", "30d"]).ok();
    let to = ["--device", "esn:X1"];
    let move_ = |license: &str, options: &[&str]| shop.sign(&["move", license], &[&to[..], options].concat());
    move_("PL-1", &["--receipt", &old]).fails(3, "it is for the issues up to 1, and the latest is 2", "");
    shop.sign(&["move", "PL-1"], &["--without-receipt"]).fails(1, "the new device is missing", "--request");
    let bound = ["--id", "PL-2", "--product", "vision-appliance", "--until", "1y"];
    shop.sign(&["issue"], &bound).ok();
    move_("PL-2", &["--without-receipt"]).fails(5, "not bound to a device", "");
    move_("PL-1", &["--receipt", "x", "--without-receipt"]).fails(1, "cannot be used with", "");
    shop.mark("freeze", "PL-1", &[]).ok();
    move_("PL-1", &["--without-receipt"]).fails(5, "PL-1 was frozen in entry 5", "unfreeze");
    shop.refund(&["--all"]).ok();
    move_("PL-1", &["--without-receipt"]).fails(5, "PL-1 was refunded in entry 6", "issue --id PL-1");
}

#[test]
fn an_add_on_runs_beside_its_license() {
    let shop = Shop::new();
    let mut device = shop.device(FIRST);
    let base = shop.sell(&["--until", "2027-11-22", "--class", "test", "--edition", "PRO"]);
    let add = ["--id", "AO-1", "--feature", "analytics", "--order", "A1"];
    let code = shop.sign(&["add-on", "PL-1"], &add).ok();
    let license = shop.license(&code);
    assert_eq!((&license["id"], &license["add_on"], &license["class"]), (&json!("AO-1"), &json!(true), &json!("test")));
    assert_eq!((until(&license), &license["edition"]), ("2027-11-22T00:00:00Z", &Value::Null));
    assert_eq!(license["binding"], shop.license(&base)["binding"]);
    assert_eq!(shop.sign(&["add-on", "PL-1"], &add).ok(), code);
    let commercial = ["--id", "PL-2", "--product", "vision-appliance", "--until", "1y", "--device", FIRST_ESN];
    device.apply(&shop.sign(&["issue"], &commercial).ok()).unwrap();
    let add = ["--id", "AO-2", "--feature", "export=limit:2", "--until", "30d"];
    assert_eq!(device.apply(&shop.sign(&["add-on", "PL-2"], &add).ok()), Ok(Outcome::Activated));
    let granted = device.session(|engine| engine.feature("export").map(|answer| answer.decision.refusal));
    assert_eq!(granted, Ok(None));
    shop.sign(&["add-on", "PL-2"], &["--id", "PL-2", "--feature", "x"]).fails(
        1,
        "the id of the license",
        "a different id",
    );
    shop.sign(&["add-on", "PL-2"], &["--id", "AO-3"]).fails(1, "--feature", "add-on --help");
    shop.sign(&["add-on", "PL-9"], &["--id", "AO-3", "--feature", "x"]).fails(5, "no code of license PL-9", "");
}

#[test]
fn a_list_for_one_customer_takes_nothing_back_for_another() {
    let shop = Shop::new();
    let (mut own, mut other) = (shop.device(FIRST), shop.device(SECOND));
    own.apply(&shop.sell(&["--until", "1y", "--customer", "ACME"])).unwrap();
    let theirs = ["--id", "PL-2", "--product", "vision-appliance", "--device", "esn:2102312ABC0123456780"];
    let theirs = [&theirs[..], &["--until", "1y", "--customer", "Other"]].concat();
    other.apply(&shop.sign(&["issue"], &theirs).ok()).unwrap();
    shop.mark("freeze", "PL-1", &[]).ok();
    shop.mark("freeze", "PL-2", &[]).ok();
    let all = shop.list(&[]).ok();
    for device in [&mut own, &mut other] {
        assert_eq!((device.apply(&all), device.refusal()), (Ok(Outcome::ListAccepted), Some(Error::LicenseFrozen)));
    }
    shop.mark("unfreeze", "PL-1", &[]).ok();
    let acme = shop.list(&["--customer", "ACME"]).ok();
    assert_eq!(shop.shown(&acme), (2, vec![("released".into(), 1)]), "what is free again is stated");
    assert_eq!((own.apply(&acme), own.refusal()), (Ok(Outcome::ListAccepted), None));
    assert_eq!((other.apply(&acme), other.refusal()), (Ok(Outcome::ListAccepted), Some(Error::LicenseFrozen)));
    // A list without the ledger says the same by names.
    let cut = ["revocations", "--product", "vision-appliance", "--key", "issuer.key", "--certificate", "issuer.cert"];
    let cut = [&cut[..], &["--number", "3", "--customer-cut", "PL-2", "--at", NOW]].concat();
    let cut = shop.sandbox.run(&cut).ok();
    assert_eq!((other.apply(&cut), other.refusal()), (Ok(Outcome::ListAccepted), None));
}

#[test]
fn a_list_in_parts_for_an_order_comes_back_whole() {
    let shop = Shop::new();
    let rows = |below: u32| {
        let rows: String = (0..200).map(|n| format!("PL-{n},{below},frozen\n")).collect();
        shop.sandbox.write("rows.csv", &format!("license,below,reason\n{rows}"));
    };
    let numbered = ["--number", "7", "--from", "rows.csv"];
    let order = [&numbered[..], &["--order", "O-1"]].concat();
    rows(2);
    let first = shop.list(&order).ok();
    assert!(first.lines().count() >= 4, "{first}");
    let entries = shop.entries();
    // By the order, by the number, and by what it says.
    for options in [&order[..], &numbered, &["--from", "rows.csv"], &["--from", "rows.csv", "--license", "PL-3"]] {
        let again = shop.list(&[options, &["--at", "2026-12-01"]].concat()).ok();
        assert!(first.contains(&again), "{options:?}");
        assert_eq!(again == first, !options.contains(&"--license"));
    }
    assert_eq!(shop.entries(), entries);
    rows(3);
    let other = shop.list(&order);
    other.fails(5, "for the same order O-1, with different content: licenses was [", "--recorded");
    assert!(other.stderr.len() < 2000, "{}", other.stderr);
    assert_eq!(shop.list(&[&order[..], &["--recorded"]].concat()).ok(), first);
    let next = shop.list(&["--from", "rows.csv"]).ok();
    assert_eq!(shop.shown(next.lines().last().unwrap()).0, 8);
    // A request for another product, or for no license.
    let mut device = shop.device(FIRST);
    shop.sandbox.write("request.txt", &device.request("", 0));
    shop.list(&["--request", "request.txt"]).fails(1, "asks for no license in particular", "--license");
    shop.sandbox.write("request.txt", &device.request("PL-3", 0));
    let part = shop.list(&["--from", "rows.csv", "--request", "request.txt"]).ok();
    assert!(next.contains(&part) && part.lines().count() == 1, "{part}");
    let audio = ["revocations", "--product", "audio", "--key", "anchor.key", "--number", "1", "--at", NOW];
    let audio = shop.sandbox.run(&[&audio[..], &["--request", "request.txt"]].concat());
    audio.fails(1, "the device asks for product vision-appliance, and the list is for audio", "");
}
