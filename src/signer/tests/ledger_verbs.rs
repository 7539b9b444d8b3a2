//! The ledger on the command line: recording with every verb, and the verbs that read.

mod support;

use lic2::Component;
use lic2_signer::ledger::{COLUMNS, Event};
use serde_json::Value;
use support::device::Device;
use support::{NOW, Ran, Sandbox, json};

const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];
const ORDER: [&str; 6] = ["--until", "1y", "--device", "esn:2102312ABC0123456789", "--order", "CS1"];

/// Keys and an empty ledger.
fn shop() -> Sandbox {
    let sandbox = Sandbox::with_keys();
    let certificate = sandbox.certify(&["--scope", "vision-*", "--kinds", "codes,revocations,time-tokens,unlocks"]);
    sandbox.write("issuer.cert", &certificate);
    sandbox.run(&["ledger", "init", "sales.ledger", "--operator", "ann", "--at", NOW]).ok();
    sandbox
}

fn sell(sandbox: &Sandbox, options: &[&str]) -> Ran {
    sandbox.issue(&[&["--ledger", "sales.ledger", "--operator", "ann"], options].concat())
}

fn ledger(sandbox: &Sandbox, words: &[&str]) -> Ran {
    sandbox.run(&[&["ledger"], words, &["--ledger", "sales.ledger", "--at", NOW]].concat())
}

fn entries(sandbox: &Sandbox, words: &[&str]) -> Vec<Value> {
    json(&ledger(sandbox, &[words, &["--json"]].concat()).ok()).as_array().unwrap().clone()
}

/// The last entry.
fn last(sandbox: &Sandbox) -> Value {
    entries(sandbox, &["list", "--last", "1"]).remove(0)
}

fn intact(sandbox: &Sandbox) {
    let report = json(&ledger(sandbox, &["verify", "--anchor", "anchor.pub", "--json"]).ok());
    assert_eq!((&report["intact"], &report["trusted"]), (&true.into(), &"the given anchors".into()));
}

#[test]
fn the_same_order_prints_the_same_text_and_another_is_refused() {
    let sandbox = shop();
    let first = sell(&sandbox, &ORDER);
    assert!(first.stderr.contains("recorded: entry 2 of sales.ledger"), "{}", first.stderr);
    let first = first.ok();
    let base = ["issue", "--key", "issuer.key", "--certificate", "issuer.cert", "--id", "PL-1", "--product"];
    let later = ["vision-appliance", "--at", "2027-01-05", "--ledger", "sales.ledger"];
    let again = sandbox.run(&[&base[..], &later, &ORDER].concat());
    assert!(
        again.stderr.contains("recorded before: entry 2 of sales.ledger, of 2026-11-22T12:00:00Z"),
        "{}",
        again.stderr
    );
    assert_eq!(again.ok(), first);
    let other = [&ORDER[..], &["--quantity", "5"]].concat();
    sell(&sandbox, &other).fails(
        5,
        "entry 2 of 2026-11-22T12:00:00Z is for the same order CS1, with different content: quantity was 1 and is now 5",
        "--recorded to print the recorded document",
    );
    assert_eq!(sell(&sandbox, &[&other[..], &["--recorded"]].concat()).ok(), first);
    assert_eq!(entries(&sandbox, &["list"]).len(), 2);
    intact(&sandbox);
}

#[test]
fn the_variable_names_a_ledger_and_an_empty_one_names_none() {
    let sandbox = shop();
    let base = ["issue", "--key", "issuer.key", "--id", "PL-1", "--product", "vision-appliance", "--perpetual"];
    let with = |value: &str| sandbox.run_with(&base, b"", &[("LIC2_LEDGER", value)]);
    assert!(with("sales.ledger").stderr.contains("recorded: entry 2"));
    let ran = with("");
    assert!(ran.code == 0 && !ran.stderr.contains("recorded"), "{ran:?}");
    with("other.ledger").fails(2, "other.ledger: there is no ledger", "lic2-signer ledger init other.ledger");
    assert_eq!(last(&sandbox)["operator"].as_str().unwrap(), sandbox.tool("id", &["-un"]).ok().trim());
}

#[test]
fn the_next_serial_is_allocated() {
    let sandbox = shop();
    let serial = |options: &[&str]| {
        let text = sell(&sandbox, &[&["--perpetual"], options].concat()).ok();
        json(&sandbox.run(&["inspect", text.trim(), "--json"]).ok())["license"]["serial"].as_u64().unwrap()
    };
    assert_eq!([serial(&[]), serial(&[]), serial(&["--serial", "7"]), serial(&[])], [1, 2, 7, 8]);
    sell(&sandbox, &["--perpetual", "--serial", "7", "--quantity", "2"]).fails(
        5,
        "issue 7 of license PL-1 is in entry 4",
        "issue 9",
    );
    assert!(
        sell(&sandbox, &["--perpetual", "--serial", "7"]).stderr.contains("recorded before: entry 4"),
        "the same bytes"
    );
    sell(&sandbox, &["--perpetual", "--serial", "3"]).fails(5, "issue 3 of license PL-1 is not later than issue 8", "");
}

#[test]
fn order_and_customer_may_stay_out_of_the_code() {
    let sandbox = shop();
    let stated = [&ORDER[..], &["--customer", "ACME"]].concat();
    let carried = |text: &str| json(&sandbox.run(&["inspect", text.trim(), "--json"]).ok())["license"].take();
    let text = sell(&sandbox, &[&stated[..], &["--ledger-only", "order,customer"]].concat()).ok();
    assert_eq!((&carried(&text)["order"], &carried(&text)["customer"]), (&Value::Null, &Value::Null));
    let found = entries(&sandbox, &["search", "--customer", "ACME"]).remove(0);
    assert_eq!((&found["order"], &found["text"]), (&"CS1".into(), &text.trim().into()));
    sell(&sandbox, &stated).fails(5, "ledger-only was [\"customer\",\"order\"] and is now nothing", "");
    let both = [&stated[..4], &["--order", "CS2", "--customer", "ACME"]].concat();
    let text = sell(&sandbox, &both).ok();
    assert_eq!((&carried(&text)["order"], &carried(&text)["customer"]), (&"CS2".into(), &"ACME".into()));
    sandbox.write("content.toml", "ledger-only = [\"order\"]\norder = \"CS3\"\nperpetual = true\n");
    assert_eq!(carried(&sell(&sandbox, &["--content", "content.toml"]).ok())["order"], Value::Null);
    sandbox.issue(&["--content", "content.toml"]).fails(1, "--ledger-only without --ledger", "name the ledger");
    intact(&sandbox);
}

#[test]
fn what_stands_in_a_ledger_only_needs_one() {
    let sandbox = shop();
    for options in [["--order-line", "1"], ["--event", "E1"]] {
        sandbox.issue(&[&ORDER[..], &options].concat()).fails(
            1,
            &format!("{} without --ledger", options[0]),
            "name one",
        );
    }
    sandbox.issue(&[&ORDER[..], &["--recorded"]].concat()).fails(1, "--recorded without --ledger", "");
    sell(&sandbox, &["--perpetual", "--order-line", "1"]).fails(1, "--order-line without --order", "pass the order");
    sell(&sandbox, &["--perpetual", "--recorded"]).fails(1, "--recorded without --order", "ledger search");
    let long = "x".repeat(65);
    sell(&sandbox, &["--perpetual", "--event", &long]).fails(1, "cannot be part of a document", "1 to 64 bytes");
    assert_eq!(entries(&sandbox, &["list"]).len(), 1, "nothing was recorded");
}

#[test]
fn every_verb_that_signs_records() {
    let sandbox = shop();
    let device = Device::new(&sandbox.path("anchor.pub"), ESN).request("PL-1", 0);
    let signing = ["--key", "issuer.key", "--certificate", "issuer.cert", "--ledger", "sales.ledger", "--at", NOW];
    let product = ["--product", "vision-appliance", "--order", "CS9"];
    let revoke = [&["revocations", "--number", "1", "--revoke", "PL-1=refunded:2"], &product[..], &signing].concat();
    let list = sandbox.run(&revoke).ok();
    assert_eq!(sandbox.run(&revoke).ok(), list, "the same order");
    let token = sandbox.run(&[&["time-token"], &product[..], &signing].concat()).ok();
    let unlock = ["unlock", "--request", device.trim(), "--grants", "clock", "--order", "CS9"];
    let unlock = sandbox.run(&[&unlock[..], &signing].concat()).ok();
    let certificate = sandbox.certify(&["--scope", "vision-x", "--name", "night", "--ledger", "sales.ledger"]);
    let code = sell(&sandbox, &["--perpetual", "--request", device.trim()]).ok();
    let recorded: Vec<(String, String)> = entries(&sandbox, &["list"])[1..]
        .iter()
        .map(|entry| (entry["event"].as_str().unwrap().into(), format!("{}\n", entry["text"].as_str().unwrap())))
        .collect();
    let expected = [
        ("revocation-list", list),
        ("time-token", token),
        ("unlock", unlock),
        ("certify", certificate),
        ("issue", code),
    ];
    let expected: Vec<(String, String)> = expected.map(|(event, text)| (event.into(), text)).into();
    assert_eq!(recorded, expected);
    let certified = entries(&sandbox, &["list", "--only", "certify"]).remove(0);
    assert!(certified["detail"]["name"] == "night" && certified["signer"] != Value::Null);
    intact(&sandbox);
}

#[test]
fn receipts_are_held_against_the_ledger_and_recorded_once() {
    let sandbox = shop();
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN).with_key(7);
    let key = device.key();
    let code = sell(&sandbox, &["--perpetual", "--device-key", &key]).ok();
    device.apply(&code).unwrap();
    let receipt = device.deactivate("PL-1");
    let accept =
        |receipt: &str| sandbox.run(&["receipt", "accept", receipt, "--ledger", "sales.ledger", "--at", NOW, "--json"]);
    let ran = accept(&receipt);
    assert!(ran.stderr.contains("recorded: entry 3"), "{}", ran.stderr);
    assert_eq!(json(&ran.ok())["compared"], serde_json::json!(["product", "license", "serial", "device key"]));
    let entry = last(&sandbox);
    assert_eq!((&entry["event"], &entry["device"]), (&"receipt".into(), &format!("key:{key}").into()));
    assert_eq!(json(&ledger(&sandbox, &["show", "3", "--json"]).ok())["state"], "released");
    sell(&sandbox, &["--perpetual", "--device-key", &key]).ok();
    assert_eq!(json(&ledger(&sandbox, &["show", "3", "--json"]).ok())["state"], "active");
    assert!(accept(&receipt).stderr.contains("recorded before: entry 3"), "although a later code was sold");
    let mut other = Device::new(&sandbox.path("anchor.pub"), ESN).with_key(8);
    other.apply(&sandbox.code(&["--perpetual", "--serial", "9"])).unwrap();
    let ran = accept(&other.deactivate("PL-1"));
    assert_eq!((ran.code, ran.stderr.contains("not accepted")), (3, true), "{}", ran.stderr);
    assert_eq!(entries(&sandbox, &["list"]).len(), 4, "what is not accepted is not recorded");
    let mut stranger = Device::new(&sandbox.path("anchor.pub"), ESN);
    let text = sandbox.run(&[
        "issue",
        "--key",
        "anchor.key",
        "--id",
        "PL-2",
        "--product",
        "vision-appliance",
        "--perpetual",
        "--at",
        NOW,
    ]);
    stranger.apply(&text.ok()).unwrap();
    accept(&stranger.deactivate("PL-2")).fails(5, "the ledger contains no code of license PL-2", "--code");
    intact(&sandbox);
}

#[test]
fn usage_counts_from_the_last_report_of_the_same_device() {
    let sandbox = shop();
    let code = sell(&sandbox, &["--perpetual", "--feature", "scans=quota:100"]).ok();
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN).with_key(7);
    let mut other = Device::new(&sandbox.path("anchor.pub"), ESN).with_key(8);
    device.apply(&code).unwrap();
    other.apply(&code).unwrap();
    let import = |report: &str| {
        let ran = sandbox.run(&["usage", "import", report, "--ledger", "sales.ledger", "--at", NOW, "--json"]);
        json(&ran.ok())["entries"][0]["difference"].as_u64().unwrap()
    };
    device.consume("scans", 30).unwrap();
    other.consume("scans", 5).unwrap();
    let first = device.usage().1;
    assert_eq!((import(&first), import(&other.usage().1)), (30, 5));
    device.consume("scans", 12).unwrap();
    let second = device.usage().1;
    assert_eq!((import(&second), import(&second), import(&first)), (12, 0, 0), "each report counts once");
    assert_eq!(entries(&sandbox, &["list", "--only", "usage"]).len(), 3);
    intact(&sandbox);
}

#[test]
fn entries_are_searched_shown_and_listed() {
    let sandbox = shop();
    let text =
        sell(&sandbox, &[&ORDER[..], &["--order-line", "1", "--customer", "ACME", "--edition", "PRO"]].concat()).ok();
    sell(&sandbox, &["--perpetual", "--class", "test"]).ok();
    let seqs = |words: &[&str]| -> Vec<u64> {
        entries(&sandbox, words).iter().map(|entry| entry["seq"].as_u64().unwrap()).collect()
    };
    let wrapped = format!("\"{}\n  {}\"", &text[..30], &text[30..]);
    sandbox.write("mail.txt", &wrapped);
    assert_eq!(seqs(&["search", "--text", "mail.txt"]), [2]);
    assert_eq!(seqs(&["search", "--order", "CS1", "--order-line", "1"]), [2]);
    assert_eq!(seqs(&["search", "--order", "CS1", "--order-line", "2"]), [0_u64; 0]);
    assert_eq!(seqs(&["search", "--license", "PL-1"]), [2, 3]);
    assert_eq!(seqs(&["search", "--device", "abc0123"]), [2]);
    assert_eq!(seqs(&["list", "--only", "init,issue", "--last", "2"]), [2, 3]);
    assert_eq!(seqs(&["list", "--since", "2026-11-22T12:00:01Z"]), [0_u64; 0]);
    assert_eq!(seqs(&["list", "--since", "1d", "--product", "vision-appliance"]), [2, 3]);
    assert_eq!(ledger(&sandbox, &["show", "2", "--text"]).ok(), text);
    let shown = ledger(&sandbox, &["show", "2"]).ok();
    for line in [
        "Entry 2, issue:",
        "  operator       ann",
        "  customer       ACME",
        "  state          active since entry 3; latest issue 2",
    ] {
        assert!(shown.contains(line), "{line} is missing in {shown}");
    }
    let list = ledger(&sandbox, &["list"]).ok();
    assert!(list.contains("PL-1 #1") && list.contains("CS1/1") && list.lines().count() == 4, "{list}");
    assert!(
        ledger(&sandbox, &["search", "--license", "PL-1"])
            .stderr
            .contains("PL-1 is active; its latest code is issue 2")
    );
    ledger(&sandbox, &["search"]).fails(1, "no search condition", "--text");
    ledger(&sandbox, &["show", "9"]).fails(5, "there is no entry 9", "ledger list");
    ledger(&sandbox, &["show", "1", "--text"]).fails(5, "entry 1 has no text: init", "");
    ledger(&sandbox, &["list", "--only", "sale"]).fails(1, "\"sale\" is not an event; choose from init, issue", "");
    ledger(&sandbox, &["search", "--text", "hello"]).fails(3, "--text: status 20", "");
    let stranger = sandbox.code(&["--perpetual"]);
    ledger(&sandbox, &["search", "--text", &stranger]).fails(5, "the ledger does not contain this text", "inspect");
}

#[test]
fn the_quota_is_shown_set_and_kept() {
    let sandbox = shop();
    let quota = |options: &[&str]| ledger(&sandbox, &[&["quota", "--issuer", "issuer.pub"], options].concat());
    let set = quota(&["--max", "1", "--key", "anchor.key", "--json"]);
    assert_eq!(json(&set.ok())["max"], 1);
    let code = sell(&sandbox, &ORDER).ok();
    sell(&sandbox, &["--perpetual"]).fails(5, "is used up: 1 of 1 production codes", "ledger quota --issuer");
    sell(&sandbox, &["--perpetual", "--class", "test"]).ok();
    assert_eq!(sell(&sandbox, &ORDER).ok(), code, "the same order is no further code");
    let shown = json(&quota(&["--json"]).ok());
    assert_eq!((&shown["max"], &shown["used"]), (&1.into(), &1.into()));
    assert!(quota(&["--max", "none"]).ok().contains("quota          none"));
    sell(&sandbox, &["--perpetual"]).ok();
    quota(&["--max", "-3"]).fails(1, "", "");
    quota(&["--max", "many"]).fails(1, "--max \"many\" is not a number of codes", "none");
    intact(&sandbox);
}

#[test]
fn verify_says_what_was_held_against_what() {
    let sandbox = shop();
    sell(&sandbox, &ORDER).ok();
    let head = ledger(&sandbox, &["head"]).ok();
    let report = json(&ledger(&sandbox, &["verify", "--head", head.trim(), "--json"]).ok());
    assert_eq!((&report["entries"], &report["trusted"]), (&2.into(), &"the recorded keys".into()));
    assert_eq!(report["head"].as_str().unwrap(), head.trim());
    let words = ledger(&sandbox, &["verify", "--key", "issuer.pub"]).ok();
    assert!(words.starts_with("Ledger, intact:") && words.contains("checked against the given keys"), "{words}");
    assert!(words.contains("not checked    whether the end was cut off"), "{words}");
    let stranger = ledger(&sandbox, &["verify", "--key", "anchor.pub"]);
    stranger.refuses(5, "the ledger is not intact: entry 2: key ", "keep the file as evidence");
    assert!(stranger.stdout.starts_with("Ledger, NOT INTACT:") && stranger.stdout.contains("WRONG          entry 2:"));
    let cut = head.replacen("2:", "3:", 1);
    ledger(&sandbox, &["verify", "--quick", "--head", cut.trim()]).refuses(5, "the end of the ledger was cut off", "");
    ledger(&sandbox, &["verify", "--head", "7"]).fails(1, "is not SEQ:HASH as lic2-signer ledger head prints it", "");
}

#[test]
fn exports_are_whole_and_match_the_documents_columns() {
    let sandbox = shop();
    let odd = "ACME, \"Süd\" GmbH";
    sell(
        &sandbox,
        &[&ORDER[..], &["--order-line", "1", "--customer", odd, "--edition", "SKU-9", "--quantity", "3"]].concat(),
    )
    .ok();
    sell(&sandbox, &["--perpetual", "--class", "test", "--event", "E1"]).ok();
    let rows = |text: &str| -> Vec<Vec<String>> {
        let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.into_records().map(|row| row.unwrap().iter().map(Into::into).collect()).collect()
    };
    let all = rows(&ledger(&sandbox, &["export"]).ok());
    assert_eq!((all.len(), all[2][13].as_str(), all[1][5].as_str()), (4, odd, ""));
    let bill = rows(&ledger(&sandbox, &["export", "--columns", "marketplace"]).ok());
    let line = [
        "CS1",
        "1",
        "NEW",
        "vision-appliance",
        "SKU-9",
        "3",
        "PERIOD",
        "20261122120000",
        "20271122120000",
        odd,
        "PL-1",
        "1",
        "",
        "0",
    ];
    assert_eq!((bill.len(), &bill[1][..]), (3, &line.map(String::from)[..]));
    assert_eq!((bill[2][6].as_str(), bill[2][12].as_str(), bill[2][13].as_str()), ("ONE_TIME", "E1", "1"));
    let lines = ledger(&sandbox, &["export", "--format", "jsonl", "--only", "issue"]).ok();
    let lines: Vec<Value> = lines.lines().map(json).collect();
    assert_eq!((lines.len(), &lines[0]["customer"], &lines[1]["order"]), (2, &odd.into(), &Value::Null));

    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/LEDGER.md");
    let document = std::fs::read_to_string(path).unwrap();
    let exports = document.split_once("## Exports").unwrap().1;
    let named = |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(Into::into).collect() };
    let (ledger, bill_part) =
        exports.split_once("`--columns ledger` (default): ").unwrap().1.split_once("\n\n").unwrap();
    assert_eq!(named(ledger), all[0]);
    let cells = |text: &str| -> Vec<String> {
        let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.flat_map(|row| named(&format!("`{}", row.split(" | ").next().unwrap()))).collect()
    };
    assert_eq!(cells(bill_part), bill[0]);
    let table = document.split_once("| column | type |").unwrap().1.split_once("\n\n").unwrap().0;
    let columns: Vec<&str> = COLUMNS.into_iter().chain(["previous", "hash", "signature"]).collect();
    assert_eq!(cells(table), columns, "in the order of the hash");
    let events = document.split_once("\nEvents: ").unwrap().1.split_once(". ").unwrap().0;
    assert_eq!(named(events), Event::names().collect::<Vec<_>>());
    let help = sandbox.run(&["ledger", "list", "--help"]).ok().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains(&Event::names().collect::<Vec<_>>().join(", ")), "--only names every event");
}

#[test]
fn a_backup_is_whole_private_and_overwrites_nothing() {
    let sandbox = shop();
    sell(&sandbox, &ORDER).ok();
    let head = ledger(&sandbox, &["backup", "copy.ledger"]).ok();
    assert_eq!((head.as_str(), sandbox.mode("copy.ledger")), (ledger(&sandbox, &["head"]).ok().as_str(), 0o600));
    let verify = ["ledger", "verify", "--ledger", "copy.ledger", "--anchor", "anchor.pub", "--head", head.trim()];
    sandbox.run(&verify).ok();
    ledger(&sandbox, &["backup", "copy.ledger"]).fails(2, "copy.ledger: the file exists", "another name");
    sandbox.run(&["ledger", "init", "copy.ledger"]).fails(2, "copy.ledger: the file exists, and a ledger is never", "");
    // The copy goes on as a ledger of its own.
    let again = sandbox.issue(&[&["--ledger", "copy.ledger"], &ORDER[..]].concat());
    assert!(again.stderr.contains("recorded before: entry 2 of copy.ledger"), "{}", again.stderr);
}
