//! Many orders at once: what comes out, what is refused, and what survives being killed.

mod support;

use std::fmt::Write as _;
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::{NOW, Ran, Sandbox, json};

const BATCH: [&str; 10] = [
    "batch",
    "orders.csv",
    "--ledger",
    "sales.ledger",
    "--key",
    "issuer.key",
    "--certificate",
    "issuer.cert",
    "--output",
    "codes.csv",
];

fn desk() -> Sandbox {
    let sandbox = Sandbox::with_keys();
    sandbox.run(&["ledger", "init", "sales.ledger", "--at", NOW]).ok();
    sandbox
}

/// Runs the batch over `orders.csv` for `vision-appliance`, a year from the time of the tests.
fn batch(sandbox: &Sandbox, options: &[&str]) -> Ran {
    let common = ["--product", "vision-appliance", "--until", "1y", "--at", NOW];
    sandbox.run(&[&BATCH, &common[..], options].concat())
}

/// So many orders, each for a device.
fn orders(count: usize) -> String {
    let mut table = String::from("id,order,device,salt,quantity\n");
    for number in 1..=count {
        writeln!(table, "PL-{number},CS{number},esn:E{number},00112233,{}", number % 7 + 1).unwrap();
    }
    table
}

fn records(table: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(Into::into).collect()).collect()
}

/// How many entries with a code the ledger holds, counted by another program.
fn codes_in_ledger(sandbox: &Sandbox) -> String {
    let count = "import sqlite3; print(sqlite3.connect('sales.ledger').execute(\"SELECT count(*), count(DISTINCT \
                 order_id), count(DISTINCT license) FROM entry WHERE text LIKE 'LIC2C.%'\").fetchone())";
    sandbox.tool("python3", &["-c", count]).ok().trim().into()
}

#[test]
fn every_row_gets_its_code_and_the_same_table_gives_the_same_codes() {
    let sandbox = desk();
    sandbox.write("orders.csv", &orders(1500));
    let first = batch(&sandbox, &[]);
    assert!(first.stderr.contains("1,500 rows: 1,500 signed, 0 in the ledger before, 0 refused"), "{}", first.stderr);
    assert_eq!(first.ok(), "");
    let table = sandbox.read("codes.csv");
    let found = records(&table);
    assert_eq!(found.len(), 1501);
    assert_eq!(found[0], ["row", "order", "order-line", "license", "serial", "code"]);
    assert_eq!(found[1500][..5], ["1500", "CS1500", "", "PL-1500", "1"]);
    sandbox.verify(&found[1500][5], &["--component", "esn:E1500"]).ok();
    assert_eq!(codes_in_ledger(&sandbox), "(1500, 1500, 1500)");
    let again = batch(&sandbox, &[]);
    assert!(again.stderr.contains("0 signed, 1,500 in the ledger before"), "{}", again.stderr);
    assert_eq!(sandbox.read("codes.csv"), table);
    sandbox.run(&["ledger", "verify", "--ledger", "sales.ledger", "--anchor", "anchor.pub"]).ok();
    let left: Vec<_> =
        sandbox.files().into_iter().filter(|path| path.extension().is_some_and(|end| end == "part")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_day_later_only_new_rows_are_signed() {
    let sandbox = desk();
    sandbox.write("orders.csv", &orders(20));
    batch(&sandbox, &[]).ok();
    let before = sandbox.read("codes.csv");
    sandbox.write("orders.csv", &orders(30));
    let common = ["--product", "vision-appliance", "--until", "1y", "--at", "2026-11-23T12:00:00Z"];
    let later = sandbox.run(&[&BATCH[..], &common].concat());
    assert!(later.stderr.contains("30 rows: 10 signed, 20 in the ledger before"), "{}", later.stderr);
    assert!(sandbox.read("codes.csv").starts_with(&before));
}

#[test]
fn bad_rows_are_told_and_the_others_sold() {
    let sandbox = desk();
    let table = b"\xEF\xBB\xBFid,order,order-line,until,device,feature,quantity,class,customer\r\n\
        PL-1,CS1,,,esn:A,a;b=limit:2,1,,\"ACME,\nGermany\"\r\n\
        PL-2,CS2,,,esn:B,,many,,\r\n\
        PL-3,CS3,,yesterday,,,1,,\r\n\
        PL-4,CS4,,,serial:1,,1,,\r\n\
        PL-5,CS5,,,,b=limit:x,1,,\r\n\
        PL-6,CS6,,,,,1,gold,\r\n\
        PL-7,CS7,,,,,1,,\xFF\xFE\r\n\
        PL-8,CS8\r\n\
        ,CS9,,,,,1,,\r\n\
        PL-10,,,,,,1,,\r\n\
        PL-11,,1,,,,1,,\r\n\
        PL-12,CS1,,,esn:A,,1,,\r\n\
        PL-1,CS1,,,esn:A,a;b=limit:2,1,,\"ACME,\nGermany\"\r\n\
        PL-14,CS14,,10y,,,1,,\r\n\
        PL-15,CS15,1,,,,1,,\r\n\
        PL-16,CS15,2,,,,1,,\r\n\
        PL-17,CS15,,,,,1,,\r\n\
        PL-18,,,,,,1,,\r\n";
    std::fs::write(sandbox.path("orders.csv"), table).unwrap();
    // The certificate ends in two years, and ten do not fit.
    let ran = batch(&sandbox, &["--errors", "errors.csv"]);
    ran.fails(6, "of 18 rows were refused", "see errors.csv for the reasons");
    let errors = records(&sandbox.read("errors.csv"));
    assert_eq!(errors[0], ["row", "line", "order", "order-line", "event", "id", "exit", "error", "hint"]);
    let told: Vec<(&str, &str, &str)> =
        errors[1..].iter().map(|row| (row[0].as_str(), row[6].as_str(), row[7].as_str())).collect();
    let expected = [
        ("1", "1", "customer"),
        ("2", "1", "quantity: \"many\" is not a number"),
        ("3", "1", "until: \"yesterday\" is not a time"),
        ("4", "1", "device: "),
        ("5", "1", "feature: "),
        ("6", "1", "class: "),
        ("7", "1", "customer: the text is not UTF-8"),
        ("8", "1", "the row has 2 columns, and the header 9"),
        ("9", "1", "the license has no id"),
        ("10", "1", "this row cannot be recognized when it is run again"),
        ("11", "1", "order-line but no order"),
        ("13", "1", "customer"),
        ("17", "5", "has order CS15 with the line 1"),
        ("18", "1", "this row cannot be recognized when it is run again"),
    ];
    for ((row, exit, error), expected) in told.iter().zip(expected) {
        assert!((*row, *exit) == (expected.0, expected.1) && error.contains(expected.2), "{row} {exit} {error}");
    }
    assert_eq!(told.len(), expected.len(), "{told:?}");
    assert_eq!(errors[2][1..6], ["4", "CS2", "", "", "PL-2"], "the line in the file, behind a line break in quotes");
    assert!(errors[1..].iter().all(|row| !row[8].is_empty()), "every row has a hint");
    let sold: Vec<String> = records(&sandbox.read("codes.csv"))[1..].iter().map(|row| row[3].clone()).collect();
    assert_eq!(sold, ["PL-12", "PL-14", "PL-15", "PL-16"]);
    let healed = "id,order\nPL-12,CS1\n";
    sandbox.write("orders.csv", healed);
    batch(&sandbox, &["--errors", "errors.csv"]).fails(6, "1 of 1 rows", "");
    assert!(sandbox.read("errors.csv").contains("device was esn:A and is now nothing"));
    batch(&sandbox, &["--errors", "errors.csv", "--recorded"]).ok();
    assert_eq!(
        records(&sandbox.read("errors.csv")).len(),
        1,
        "no row, but the header of a table that was written anew"
    );
}

#[test]
fn a_repeated_order_gives_its_code_twice_and_with_other_content_an_error() {
    let sandbox = desk();
    sandbox.write("orders.csv", "id,order,quantity\nA,CS1,1\nA,CS1,1\nA,CS1,2\n");
    let ran = batch(&sandbox, &[]);
    ran.fails(6, "1 of 3 rows were refused", "--errors FILE");
    assert!(
        ran.stderr.contains("row 3, line 4: entry 2") && ran.stderr.contains("quantity was 1 and is now 2"),
        "{}",
        ran.stderr
    );
    let found = records(&sandbox.read("codes.csv"));
    assert_eq!((found.len(), &found[1][5]), (3, &found[2][5]));
    assert_eq!(codes_in_ledger(&sandbox), "(1, 1, 1)");
}

#[test]
fn a_quota_that_ends_in_the_middle_refuses_the_rest_and_raised_goes_on() {
    let sandbox = desk();
    let quota = |most: &str| {
        let issuer = ["ledger", "quota", "--ledger", "sales.ledger", "--issuer", "issuer.pub", "--max", most];
        sandbox.run(&issuer).ok();
    };
    quota("700");
    sandbox.write("orders.csv", &orders(1000));
    batch(&sandbox, &["--errors", "errors.jsonl"]).fails(6, "300 of 1,000 rows", "");
    let errors: Vec<serde_json::Value> = sandbox.read("errors.jsonl").lines().map(json).collect();
    assert_eq!((errors.len(), &errors[0]["row"], &errors[0]["exit"]), (300, &701.into(), &5.into()));
    assert!(errors[299]["error"].as_str().unwrap().contains("700 of 700 production codes"));
    quota("1000");
    let ran = batch(&sandbox, &["--errors", "errors.jsonl"]);
    assert!(ran.stderr.contains("300 signed, 700 in the ledger before"), "{}", ran.stderr);
    assert_eq!((sandbox.read("errors.jsonl").as_str(), codes_in_ledger(&sandbox).as_str()), ("", "(1000, 1000, 1000)"));
}

#[test]
fn rows_without_an_order_are_known_by_issue_or_by_the_name_of_the_batch() {
    let sandbox = desk();
    sandbox.write("orders.csv", "id,serial,until\nA,1,1y\nB,5,1y\n");
    batch(&sandbox, &[]).ok();
    let first = sandbox.read("codes.csv");
    let later = ["--product", "vision-appliance", "--at", "2026-12-01"];
    sandbox.run(&[&BATCH[..], &later].concat()).ok();
    assert_eq!(sandbox.read("codes.csv"), first);
    sandbox.write("orders.csv", "id,until\nC,1y\nD,1y\n");
    batch(&sandbox, &[]).fails(6, "2 of 2 rows", "");
    batch(&sandbox, &["--name", "fair-2026"]).ok();
    let named = sandbox.read("codes.csv");
    sandbox.run(&[&BATCH[..], &later, &["--name", "fair-2026"]].concat()).ok();
    assert_eq!(sandbox.read("codes.csv"), named);
    sandbox.write("orders.csv", "id,until\nD,1y\nC,1y\n");
    let moved = batch(&sandbox, &["--name", "fair-2026"]);
    assert!(moved.stderr.contains("row 1 of batch fair-2026"), "{}", moved.stderr);
    assert_eq!(codes_in_ledger(&sandbox), "(4, 0, 4)");
}

#[test]
fn json_lines_streams_and_several_devices() {
    let sandbox = desk();
    let lines = "{\"id\":\"A\",\"order\":1001,\"order-line\":\"1\",\"quantity\":2,\"device\":[\"esn:E1\"]}\n\n\
                 {\"id\":\"B\",\"event\":\"EV1\",\"feature\":[\"channels=limit:64\"],\"until\":\"2027-06-30\"}\n";
    let options = ["batch", "-", "--ledger", "sales.ledger", "--key", "issuer.key", "--certificate", "issuer.cert"];
    let more = ["--product", "vision-appliance", "--until", "1y", "--at", NOW, "--format", "jsonl", "--quiet"];
    let ran = sandbox.run_with(&[&options[..], &more].concat(), lines.as_bytes(), &[]);
    assert_eq!(ran.stderr, "lic2-signer: warning: issuer.key is not protected by a passphrase\n", "--quiet");
    let found: Vec<serde_json::Value> = ran.ok().lines().map(json).collect();
    assert_eq!(
        (&found[0]["order"], &found[0]["order-line"], &found[0]["row"]),
        (&"1001".into(), &"1".into(), &1.into())
    );
    let code = json(&sandbox.run(&["inspect", found[1]["code"].as_str().unwrap(), "--json"]).ok())["license"].take();
    assert_eq!((&code["id"], &code["features"][0]["value"]), (&"B".into(), &64.into()));
}

#[test]
fn profiles_say_what_every_order_of_a_sku_has_in_common() {
    let sandbox = desk();
    let profiles = "[default]\nproduct = \"vision-appliance\"\nid = \"PL-{order}\"\nuntil = \"1y\"\n[CAM-1]\n[CAM-5]\n\
                    feature = [\"channels=limit:{quantity*5}\"]\n";
    sandbox.write("products.toml", profiles);
    sandbox.write(
        "orders.csv",
        "order,sku,quantity,device\nCS1,CAM-1,1,esn:E1\nCS2,CAM-5,2,esn:E2\nCS3,CAM-9,1,esn:E3\nCS4,,1,esn:E4\n",
    );
    let run = |options: &[&str]| sandbox.run(&[&BATCH[..], &["--at", NOW], options].concat());
    let ran = run(&["--profile", "products.toml", "--errors", "errors.csv"]);
    ran.fails(6, "2 of 4 rows were refused", "");
    let errors = sandbox.read("errors.csv");
    assert!(errors.contains("there is no SKU \"\"CAM-9\"\"") && errors.contains("the row has no sku"), "{errors}");
    let found = records(&sandbox.read("codes.csv"));
    let code = json(&sandbox.run(&["inspect", &found[2][5], "--json"]).ok())["license"].take();
    assert_eq!((&code["id"], &code["features"][0]["value"]), (&"PL-CS2".into(), &10.into()));
    run(&["--profile", "products.toml", "--sku", "CAM-1", "--errors", "errors.csv"]).fails(6, "1 of 4 rows", "");
    run(&[]).fails(6, "4 of 4 rows were refused", "");
}

#[test]
fn what_would_destroy_something_or_makes_no_sense_is_refused_before_anything_is_signed() {
    let sandbox = desk();
    sandbox.write("orders.csv", "id,order\nA,CS1\n");
    batch(&sandbox, &["--serial", "2"]).fails(1, "--serial for every row", "column");
    batch(&sandbox, &["--errors", "orders.csv"]).fails(1, "--errors is the table of orders", "another name");
    batch(&sandbox, &["--errors", "codes.csv"]).fails(1, "the same file", "another name");
    sandbox.write("notes.txt", "keep me");
    batch(&sandbox, &["--errors", "notes.txt"]).fails(
        2,
        "notes.txt: the file exists, and was not written by a batch",
        "",
    );
    assert_eq!(sandbox.read("notes.txt"), "keep me");
    let without = ["batch", "orders.csv", "--key", "issuer.key", "--name", "x"];
    sandbox.run(&without).fails(1, "a batch needs a ledger", "ledger init");
    sandbox.write("orders.csv", "id,order,price\nA,CS1,3\n");
    batch(&sandbox, &[]).fails(1, "orders.csv: there is no column \"price\"", "order-line");
    sandbox.write("orders.csv", "");
    batch(&sandbox, &[]).fails(1, "orders.csv: the table is empty", "the first line names the columns");
    assert_eq!(codes_in_ledger(&sandbox), "(0, 0, 0)");
    assert!(!sandbox.path("codes.csv").exists());
}

#[test]
fn too_many_errors_end_the_batch_and_leave_the_last_output() {
    let sandbox = desk();
    sandbox.write("orders.csv", &orders(3));
    batch(&sandbox, &[]).ok();
    let before = sandbox.read("codes.csv");
    sandbox.write("orders.csv", &orders(1500).replace("esn:", "esm:"));
    let ran = batch(&sandbox, &["--errors", "errors.csv", "--max-errors", "10"]);
    ran.fails(6, "stopped after", "see errors.csv for the reasons");
    assert!(records(&sandbox.read("errors.csv")).len() > 10);
    assert_eq!(sandbox.read("codes.csv"), before);
    assert!(!sandbox.path("codes.csv.part").exists());
}

#[test]
fn killed_at_any_point_and_run_again_it_is_as_if_nothing_had_happened() {
    const ROWS: usize = 4000;
    let calm = desk();
    // The same keys on both desks, so that the codes can be the same.
    let killed = Sandbox::new();
    for name in ["anchor.key", "issuer.key", "anchor.pub", "issuer.pub", "issuer.cert"] {
        std::fs::copy(calm.path(name), killed.path(name)).unwrap();
    }
    killed.run(&["ledger", "init", "sales.ledger", "--at", NOW]).ok();
    for sandbox in [&calm, &killed] {
        sandbox.write("orders.csv", &orders(ROWS));
    }
    batch(&calm, &[]).ok();
    let expected = calm.read("codes.csv");
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let (mut before, mut grown, mut handed_out) = (0, 0, Vec::new());
    for kill in 0..12 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // Every other one prints codes as it goes: printed codes must be in the ledger.
        let (streams, target) = (kill % 2 == 1, File::create(killed.path("stream.csv")).unwrap());
        let mut child = Command::new(env!("CARGO_BIN_EXE_lic2-signer"))
            .args(if streams { &BATCH[..8] } else { &BATCH })
            .args(["--product", "vision-appliance", "--until", "1y", "--at", NOW])
            .current_dir(killed.path(""))
            .stdin(Stdio::null())
            .stdout(target)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // At some point of its way, and then at any moment of the next transaction.
        let written = killed.path(if streams { "stream.csv" } else { "codes.csv.part" });
        let enough = u64::try_from(expected.len()).unwrap() * (random % 10) / 12;
        while std::fs::metadata(&written).map_or(0, |about| about.len()) < enough && child.try_wait().unwrap().is_none()
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(random % 150));
        // SIGKILL.
        let _ = child.kill();
        if child.wait().unwrap().success() {
            break;
        }
        assert!(!killed.path("codes.csv").exists(), "half a table under the name of the whole");
        let stream = killed.read("stream.csv");
        let (whole, _) = stream.rsplit_once('\n').unwrap_or_default();
        handed_out.extend(whole.lines().map(ToOwned::to_owned));
        let held = codes_in_ledger(&killed);
        let count: usize = held.trim_start_matches('(').split(',').next().unwrap().parse().unwrap();
        assert!(count >= before, "a code was lost");
        assert_eq!(held, format!("({count}, {count}, {count})"), "an order was sold twice");
        grown += usize::from(count > before);
        before = count;
    }
    assert!(grown > 0 && !handed_out.is_empty(), "nothing was ever interrupted in the middle");
    batch(&killed, &[]).ok();
    assert_eq!(killed.read("codes.csv"), expected);
    let lines: std::collections::HashSet<&str> = expected.lines().collect();
    assert!(handed_out.iter().all(|line| lines.contains(line.as_str())), "a code was handed out that is not recorded");
    assert_eq!(codes_in_ledger(&killed), format!("({ROWS}, {ROWS}, {ROWS})"));
    killed.run(&["ledger", "verify", "--ledger", "sales.ledger", "--anchor", "anchor.pub"]).ok();
}

#[test]
fn two_batches_at_once_share_the_ledger_and_not_the_output() {
    let sandbox = desk();
    sandbox.write("orders.csv", &orders(1500));
    let spawn = |output: &str| {
        let arguments: Vec<&str> = BATCH.iter().map(|word| if *word == "codes.csv" { output } else { word }).collect();
        Command::new(env!("CARGO_BIN_EXE_lic2-signer"))
            .args(arguments)
            .args(["--product", "vision-appliance", "--until", "1y", "--at", NOW])
            .current_dir(sandbox.path(""))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut children = [spawn("one.csv"), spawn("two.csv")];
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(sandbox.read("one.csv"), sandbox.read("two.csv"));
    assert_eq!(codes_in_ledger(&sandbox), "(1500, 1500, 1500)");
}
