//! The examples of the help texts, the seller's transcript and the demo, run as they stand.

mod support;

use lic2::Component;
use support::device::Device;
use support::{PASSPHRASE, Sandbox, json};

const VERBS: &[&str] = &[
    "keygen",
    "key show",
    "key passphrase",
    "pubkey",
    "certify",
    "issue",
    "profile check",
    "holosens",
    "request show",
    "revocations",
    "retire",
    "time-token",
    "unlock",
    "receipt accept",
    "usage show",
    "usage import",
    "qr",
    "inspect",
    "verify",
    "explain",
    "diagnose",
    "ledger init",
    "renew",
    "upgrade",
    "convert",
    "refund",
    "add-on",
    "move",
    "freeze",
    "unfreeze",
    "release",
    "ledger list",
    "ledger show",
    "ledger search",
    "ledger verify",
    "ledger head",
    "ledger quota",
    "ledger export",
    "ledger backup",
    "batch",
    "report issued",
    "report active",
    "report expiring",
    "report refunded",
    "report by-product",
    "demo",
    "completions",
    "man",
];
const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];

/// What a verb and its options are on a command line.
fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

/// The last paragraph of the help: one command, perhaps wrapped.
fn example(help: &str) -> String {
    let (_, example) = help.split_once("Example:\n").unwrap_or_else(|| panic!("no example in {help}"));
    example.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_help_ends_with_an_example_that_runs() {
    let sandbox = Sandbox::new();
    sandbox.run(&["keygen", "anchor.key", "--passphrase-file", "passphrase.txt"]).ok();
    sandbox.write("new-passphrase.txt", "another one, for next year\n");
    sandbox.restrict("new-passphrase.txt");
    let mut device = Device::new(&sandbox.path("anchor.pub"), ESN);
    sandbox.write("request.txt", &device.request("", 0));
    sandbox.write("params.json", support::PARAMETERS);
    sandbox.write("products.toml", "[CAM]\nproduct = \"vision-appliance\"\nuntil = \"30d\"\n");
    for verb in VERBS {
        let help = sandbox.run(&words(&format!("{verb} --help"))).ok();
        for text in ["Exit codes: 0 ok, 1 usage, 2 input or output, 3 document rejected", "70 internal", "--at <TIME>"]
        {
            let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(help.contains(text), "{verb}: {text} is missing");
        }
        let line = example(&help);
        assert!(line.starts_with(&format!("lic2-signer {verb}")), "{line}");
        let ran = sandbox.shell(&line);
        assert_eq!(ran.code, 0, "{line}\n{}", ran.stderr);
        match *verb {
            "certify" => sandbox.write("issuer.cert", &ran.stdout),
            "issue" => {
                sandbox.write("code.txt", &ran.stdout);
                device.apply(&ran.stdout).unwrap();
                sandbox.write("status.txt", &device.status_text());
                sandbox.write("report.txt", &device.usage().1);
                sandbox.write("receipt.txt", &device.deactivate("PL-20261122-00000042"));
            }
            "ledger init" => {
                let line = "issue --key issuer.key --certificate issuer.cert --passphrase-file passphrase.txt --id PL-1 \
                            --product vision-appliance --perpetual --order CS1 --ledger sales.ledger";
                sandbox.run(&words(line)).fails(3, "not issued", "never permits perpetual terms");
                sandbox.run(&words(&line.replace("--perpetual", "--until 1y"))).ok();
                let line = line.replace(
                    "--perpetual --order CS1",
                    "--until 30d --device esn:2102312ABC0123456789 --id PL-20261122-000000",
                );
                let line = line.replace("--id PL-1 ", "");
                for end in ["42", "43", "45 --class trial"] {
                    sandbox.run(&words(&line.replace("PL-20261122-000000", &format!("PL-20261122-000000{end}")))).ok();
                }
            }
            "ledger backup" => sandbox.write("orders.csv", "id,order,device\nPL-2,CS2,esn:E2\nPL-3,CS3,esn:E3\n"),
            _ => {}
        }
    }
    assert!(sandbox.read("codes.csv").contains("CS3,,PL-3,1,LIC2C."));
    assert!(sandbox.read("issuer.cert").starts_with("LIC2I.") && sandbox.read("code.txt").starts_with("LIC2C."));
}

#[test]
fn the_help_lists_every_verb_and_mistakes_lead_to_it() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["--help"]).ok();
    for verb in VERBS {
        let first = words(verb)[0];
        assert!(help.contains(&format!("\n  {first} ")), "{first} is missing in {help}");
    }
    assert_eq!(sandbox.run(&["help"]).ok(), help);
    for verb in VERBS {
        let [help, long] = [format!("help {verb}"), format!("{verb} --help")];
        assert_eq!(sandbox.run(&words(&help)).ok(), sandbox.run(&words(&long)).ok(), "{verb}");
    }
    sandbox.run(&["help", "sell"]).fails(1, "unrecognized subcommand 'sell'", "--help lists the verbs");
    assert!(sandbox.run(&["--version"]).ok().starts_with("lic2-signer "));
    sandbox.run(&[]).fails(1, "there is no verb", "--help");
    sandbox.run(&["request"]).fails(1, "request is not complete", "request --help");
    sandbox.run(&["request", "sell"]).fails(1, "unrecognized subcommand 'sell'", "request --help");
    sandbox.run(&["sell"]).fails(1, "unrecognized subcommand 'sell'", "--help lists the verbs");
    sandbox.run(&["issue", "--certficate", "x"]).fails(1, "unexpected argument '--certficate'", "'--certificate'");
    sandbox.run(&["verify"]).fails(1, "--anchor", "verify --help");
    sandbox.run(&["inspect", "--at", "noon", "x"]).fails(1, "--at: \"noon\" is not a time", "2027-06-30");
}

#[test]
fn a_closed_stdout_is_an_error_and_no_panic() {
    let sandbox = Sandbox::with_keys();
    let ran = sandbox.shell("lic2-signer pubkey anchor.pub > /dev/full");
    ran.fails(2, "stdout: no space left on device", "");
    let ran = sandbox.shell("lic2-signer --help > /dev/full");
    ran.fails(2, "stdout", "");
}

#[test]
fn the_sellers_transcript_runs() {
    let sandbox = Sandbox::new();
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/seller/run.sh");
    let ran = sandbox.shell(&format!("sh '{}'", script.display()));
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("status 405 DEVICE_MISMATCH"), "{}", ran.stderr);
    let decision = json(&sandbox.read("decision.json"));
    assert_eq!((&decision["granted"], &decision["license"]["edition"]), (&true.into(), &"PRO".into()));
    let channels =
        decision["features"].as_array().unwrap().iter().find(|feature| feature["name"] == "channels").unwrap();
    assert_eq!(channels["value"], 64);
    let answer = json(&sandbox.run(&["inspect", "answer.txt", "--json"]).ok())["license"].take();
    assert_eq!((&answer["id"], &answer["binding"]["match"]), (&"PL-20261122-00000043".into(), &2.into()));
    assert!(sandbox.read("list.txt").starts_with("LIC2L.") && sandbox.read("time.txt").starts_with("LIC2T."));
    assert!(sandbox.read("anchor.h").contains("lic2_anchors[32]"));
    for name in ["anchor.key", "issuer.key"] {
        assert_eq!(sandbox.mode(name), 0o600, "{name}");
        assert!(!sandbox.read(name).contains(PASSPHRASE));
    }
}

#[test]
fn the_demo_shows_the_grant_and_every_refusal() {
    let sandbox = Sandbox::new();
    let ran = sandbox.shell("lic2-signer demo --no-c");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let words = [
        "GRANTED: license PL-20261122-00000042",
        "feature channels: limit 64",
        "feature analytics: yes, until",
        "206 TEXT_DAMAGED",
        "301 KEY_UNKNOWN",
        "302 SIGNATURE_INVALID",
        "407 EXPIRED",
        "405 DEVICE_MISMATCH",
        "401 PRODUCT_MISMATCH",
        "-> renew the license and enter the new code",
        "for license PL-20261122-00000042, signed by the device key ",
        "sold      issue 1, one year, 100 scans, bound to that key -> device: ACTIVATED",
        "used      30 of 100 scans, even after a restart",
        "renewed   issue 2, two years, 200 scans -> device: RENEWED",
        "meter     30 of 200 scans",
        "refunded  issue 3, as before the renewal -> device: SHORTENED",
        "issue 2 -> device: 413 CODE_OLDER",
        "issues up to 3 returned, 30 scans used, signed by the device key ",
        "issue 3 -> device: 415 LICENSE_RETURNED",
        "moved     issue 4, the remaining 70 scans, for another device -> device: ACTIVATED",
        "issue 4, on the first device -> device: 405 DEVICE_MISMATCH",
        "Everything behaved",
        "lic2-signer keygen anchor.key",
    ];
    for word in words {
        assert!(ran.stdout.contains(word), "{word} is missing in {}", ran.stdout);
    }
    assert_eq!(sandbox.files().len(), 1, "the demo leaves nothing behind");
}

#[test]
fn the_demo_runs_the_c_example_from_a_checkout() {
    let sandbox = Sandbox::new();
    let checkout = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ran = sandbox.shell(&format!("unset CARGO_MANIFEST_DIR; cd '{}' && lic2-signer demo", checkout.display())).ok();
    let (_, c) = ran.split_once("\n4. ").unwrap();
    let (c, _) = c.split_once("\n5. ").unwrap();
    for word in ["$ desktop_c code.txt 2102312ABC0123456789", "granted", "PL-20261122-00000042", "at most 64"] {
        assert!(c.contains(word), "{word} is missing in {c}");
    }
}

#[test]
fn the_demo_says_what_it_did_not_do() {
    let sandbox = Sandbox::new();
    let alone = sandbox.shell("unset CARGO_MANIFEST_DIR; lic2-signer demo").ok();
    assert!(alone.contains("NOT DONE: this is not a checkout"), "{alone}");
    std::fs::create_dir_all(sandbox.path("include")).unwrap();
    std::fs::create_dir_all(sandbox.path("examples/desktop_c")).unwrap();
    sandbox.write("include/lic2.h", "");
    let no_compiler = sandbox.shell("unset CARGO_MANIFEST_DIR; CC=/nonexistent/cc lic2-signer demo").ok();
    assert!(no_compiler.contains("NOT DONE: there is no C compiler"), "{no_compiler}");
    let no_cargo = sandbox.shell("unset CARGO_MANIFEST_DIR; CARGO=/nonexistent/cargo lic2-signer demo").ok();
    assert!(no_cargo.contains("NOT DONE: cargo"), "{no_cargo}");
}

#[test]
fn the_demo_fails_when_the_c_part_does() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("include")).unwrap();
    std::fs::create_dir_all(sandbox.path("examples/desktop_c")).unwrap();
    sandbox.write("include/lic2.h", "");
    // A directory with the right names and no package in it: cargo fails, and so must the demo.
    let ran = sandbox.shell("unset CARGO_MANIFEST_DIR; lic2-signer demo");
    ran.refuses(70, "cargo build -p lic2-capi failed", "report");
}
