//! A key from its backup to its end: looked at, given another passphrase, retired.

mod support;

use lic2::{Error, Outcome};
use serde_json::json;
use support::device::Device;
use support::{NOW, PASSPHRASE, Ran, Sandbox, json};

const WITH_FILE: [&str; 2] = ["--passphrase-file", "passphrase.txt"];
const NEW: &str = "a-new-year-and-a-new-passphrase";

#[track_caller]
fn with_key() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.run(&[&["keygen", "a.key"], &WITH_FILE[..]].concat()).ok();
    sandbox
}

/// The key id by the public key file.
fn id(sandbox: &Sandbox, public: &str) -> String {
    lic2_signer::publickey::id(&lic2_signer::publickey::read(sandbox.path(public).to_str().unwrap()).unwrap())
}

#[test]
fn a_backup_is_tried_without_signing_anything() {
    let sandbox = with_key();
    std::fs::copy(sandbox.path("a.key"), sandbox.path("backup.key")).unwrap();
    for verb in ["show", "check"] {
        let shown = sandbox.run(&[&["key", verb, "backup.key"], &WITH_FILE[..]].concat());
        assert_eq!(shown.stderr, "");
        let shown = shown.ok();
        assert!(shown.contains(&id(&sandbox, "a.pub")), "{shown}");
        assert!(shown.contains("passphrase, 600000 rounds of PBKDF2\n"), "{shown}");
    }
    let shown = json(&sandbox.run(&[&["key", "show", "backup.key", "--json"], &WITH_FILE[..]].concat()).ok());
    assert_eq!(shown["key_id"], id(&sandbox, "a.pub"));
    assert_eq!((&shown["protection"], &shown["rounds"]), (&json!("pbkdf2-hmac-sha256"), &json!(600_000)));
    let wrong = sandbox.run_with(&["key", "show", "backup.key"], b"", &[("LIC2_PASSPHRASE", "wrong")]);
    wrong.fails(4, "wrong passphrase", "try again");
    sandbox.set_mode("backup.key", 0o640);
    sandbox.run(&[&["key", "show", "backup.key"], &WITH_FILE[..]].concat()).fails(4, "other users", "chmod 600");
}

#[test]
fn a_weak_or_missing_protection_is_named() {
    let sandbox = with_key();
    let plain = sandbox.shell("umask 077; openssl pkey -in a.key -passin file:passphrase.txt -out plain.key");
    assert_eq!(plain.code, 0, "{plain:?}");
    let shown = sandbox.run(&["key", "show", "plain.key"]);
    assert!(shown.stderr.contains("hint: encrypt it"), "{shown:?}");
    assert!(shown.ok().contains("NONE: anyone who can read the file can sign"));
    // OpenSSL's own default is 2048 rounds.
    let weak =
        "umask 077; openssl pkcs8 -topk8 -in plain.key -v2 aes-256-cbc -passout file:passphrase.txt -out weak.key";
    assert_eq!(sandbox.shell(weak).code, 0);
    let shown = sandbox.run(&[&["key", "show", "weak.key"], &WITH_FILE[..]].concat()).ok();
    assert!(shown.contains("2048 rounds of PBKDF2 (weak: keygen uses 600000)"), "{shown}");
}

#[test]
fn a_key_gets_another_passphrase_in_another_file() {
    let sandbox = with_key();
    sandbox.write("new.txt", &format!("{NEW}\n"));
    sandbox.restrict("new.txt");
    let before = sandbox.read("a.key");
    let change = |out: &str| {
        let base = ["key", "passphrase", "a.key", "--out", out, "--new-passphrase-file", "new.txt"];
        sandbox.run(&[&base, &WITH_FILE[..]].concat())
    };
    let ran = change("b.key");
    assert!(ran.stderr.contains("still opens with the old passphrase"), "{}", ran.stderr);
    assert_eq!(ran.ok(), "");
    assert_eq!((sandbox.read("a.key"), sandbox.mode("b.key")), (before, 0o600));
    let opened =
        |name: &str, passphrase: &str| sandbox.run_with(&["pubkey", name], b"", &[("LIC2_PASSPHRASE", passphrase)]);
    assert_eq!(opened("b.key", NEW).ok(), sandbox.read("a.pub"));
    opened("b.key", PASSPHRASE).fails(4, "wrong passphrase", "");
    let public = ["pkey", "-in", "b.key", "-passin", "file:new.txt", "-pubout"];
    assert_eq!(sandbox.tool("openssl", &public).ok(), sandbox.read("a.pub"));
    // Nothing is overwritten, also where two programs look at the same time.
    change("b.key").fails(2, "b.key: the file exists", "another name");
    change("a.key").fails(2, "a.key: the file exists", "");
    std::os::unix::fs::symlink("elsewhere", sandbox.path("link.key")).unwrap();
    change("link.key").fails(2, "link.key: the file exists", "");
    // The old passphrase has to be right, and there has to be a new one.
    let wrong = ["key", "passphrase", "a.key", "--out", "c.key", "--new-passphrase-file", "new.txt"];
    sandbox.run_with(&wrong, b"", &[("LIC2_PASSPHRASE", "wrong")]).fails(4, "wrong passphrase", "");
    sandbox.run(&[&wrong[..5], &WITH_FILE[..]].concat()).fails(4, "no terminal", "");
    sandbox.write("new.txt", "\n");
    change("c.key").fails(4, "the passphrase is empty", "--no-passphrase");
    assert!(!sandbox.path("c.key").exists());
    let variables = [("LIC2_PASSPHRASE", PASSPHRASE), ("LIC2_NEW_PASSPHRASE", NEW)];
    let by_variable = sandbox.run_with(&wrong[..5], b"", &variables);
    assert!(by_variable.stderr.contains("warning: the passphrase comes from LIC2_NEW_PASSPHRASE"), "{by_variable:?}");
    assert_eq!(opened("c.key", NEW).ok(), sandbox.read("a.pub"));
}

#[test]
fn an_openssl_key_becomes_one_of_ours() {
    let sandbox = Sandbox::new();
    sandbox.shell("umask 077; openssl genpkey -algorithm ed25519 -out plain.key").ok();
    let base = ["key", "passphrase", "plain.key", "--out", "a.key", "--new-passphrase-file", "passphrase.txt"];
    sandbox.run(&base).ok();
    let shown = json(&sandbox.run(&[&["key", "show", "a.key", "--json"], &WITH_FILE[..]].concat()).ok());
    assert_eq!(shown["rounds"], 600_000);
    let public = sandbox.tool("openssl", &["pkey", "-in", "plain.key", "-pubout"]).ok();
    assert_eq!(sandbox.run(&[&["pubkey", "a.key"], &WITH_FILE[..]].concat()).ok(), public);
    let back =
        ["key", "passphrase", "a.key", "--out", "back.key", "--no-passphrase", "--passphrase-file", "passphrase.txt"];
    let ran = sandbox.run(&back);
    assert!(ran.stderr.contains("warning: the new file is not protected"), "{}", ran.stderr);
    assert_eq!(sandbox.tool("openssl", &["pkey", "-in", "back.key", "-pubout"]).ok(), public);
}

/// Retires issuers with the anchor.
fn retire(sandbox: &Sandbox, options: &[&str]) -> Ran {
    sandbox.run(&[&["retire", "--anchor", "anchor.key", "--at", NOW], options].concat())
}

fn shown(sandbox: &Sandbox, list: &str) -> serde_json::Value {
    json(&sandbox.run(&["inspect", list, "--json", "--anchor", "anchor.pub"]).ok())["revocation_list"].take()
}

#[test]
fn a_retired_issuer_signs_nothing_new_and_a_stolen_one_nothing_at_all() {
    let sandbox = Sandbox::with_keys();
    let mut device = Device::new(&sandbox.path("anchor.pub"), &[]);
    assert_eq!(device.apply(&sandbox.code(&["--perpetual"])), Ok(Outcome::Activated));
    let kept = retire(&sandbox, &["--issuer", "issuer.pub", "--activated", "keep", "--first", "--every-product"]);
    assert!(kept.stderr.contains("existing activations stay valid"), "{}", kept.stderr);
    let kept = kept.ok();
    assert_eq!((device.apply(&kept), device.refusal()), (Ok(Outcome::ListAccepted), None));
    assert_eq!(device.apply(&sandbox.code(&["--perpetual", "--serial", "2"])), Err(Error::IssuerRevoked));
    // The key turns out to be stolen; the certificate names it as well as the public key does.
    let stolen = retire(&sandbox, &["--issuer", "issuer.cert", "--activated", "refuse", "--after", kept.trim()]);
    assert!(stolen.stderr.contains("warning: documents signed by these keys stop"), "{}", stolen.stderr);
    let stolen = stolen.ok();
    assert_eq!((device.apply(&stolen), device.refusal()), (Ok(Outcome::ListAccepted), Some(Error::IssuerRevoked)));
    assert_eq!(
        (&shown(&sandbox, &stolen)["number"], &shown(&sandbox, &stolen)["issuers"].as_array().unwrap().len()),
        (&json!(2), &1)
    );
}

#[test]
fn what_the_list_before_revokes_stays_revoked() {
    let sandbox = Sandbox::with_keys();
    let before =
        ["revocations", "--key", "anchor.key", "--product", "vision-appliance", "--number", "7", "--series", "3"];
    let entries = ["--revoke", "PL-9=refunded:4", "--revoke-issuer", "anchor.pub", "--keep-activated", "--at", NOW];
    let before = sandbox.run(&[&before[..], &entries].concat()).ok();
    sandbox.write("list.txt", &before);
    let after = retire(&sandbox, &["--issuer", "issuer.pub", "--activated", "refuse", "--after", "list.txt"]).ok();
    let (old, new) = (shown(&sandbox, &before), shown(&sandbox, &after));
    assert_eq!((&new["number"], &new["series"], &new["product"]), (&json!(8), &old["series"], &old["product"]));
    assert_eq!(new["licenses"], old["licenses"]);
    assert_eq!(new["issuers"].as_array().unwrap().len(), 2);
    assert!(new["issuers"].as_array().unwrap().contains(&old["issuers"][0]));
}

#[test]
fn retiring_the_wrong_thing_is_refused() {
    let sandbox = Sandbox::with_keys();
    let keep = ["--activated", "keep", "--issuer"];
    let first = ["--first", "--every-product"];
    retire(&sandbox, &[&keep[..], &["issuer.pub"]].concat()).fails(1, "--after", "retire --help");
    retire(&sandbox, &[&keep[..], &["issuer.pub", "--first"]].concat()).fails(1, "needs a product", "--every-product");
    retire(&sandbox, &["--issuer", "issuer.pub", "--first", "--every-product"]).fails(1, "--activated", "");
    retire(&sandbox, &[&keep[..], &["anchor.pub"], &first].concat()).fails(
        1,
        "--issuer names an anchor",
        "--retired-anchor",
    );
    retire(&sandbox, &[&keep[..], &["issuer.key"], &first].concat()).fails(
        4,
        "--issuer: issuer.key: this is a private key",
        "",
    );
    retire(&sandbox, &[&keep[..], &["issuer.pub", "--after", "issuer.cert"]].concat()).fails(
        1,
        "not a revocation list",
        "--first",
    );
    let foreign =
        sandbox.run(&["revocations", "--key", "issuer.key", "--number", "1", "--every-product", "--at", NOW]).ok();
    retire(&sandbox, &[&keep[..], &["issuer.pub", "--after", foreign.trim()]].concat()).fails(
        4,
        "is not signed by this anchor",
        "--first",
    );
    let twice = ["issuer.pub", "--product", "p", "--every-product", "--first"];
    retire(&sandbox, &[&keep[..], &twice].concat()).fails(1, "cannot be used with", "");
}

#[test]
fn a_retirement_stands_in_the_ledger() {
    let sandbox = Sandbox::with_keys();
    sandbox.run(&["ledger", "init", "sales.ledger"]).ok();
    let options = ["--issuer", "issuer.pub", "--activated", "keep", "--first", "--every-product"];
    let ran = retire(&sandbox, &[&options[..], &["--ledger", "sales.ledger"]].concat());
    assert!(ran.stderr.contains("recorded: entry 2"), "{}", ran.stderr);
    let list = ran.ok();
    let listed = sandbox.run(&["ledger", "list", "--ledger", "sales.ledger", "--only", "retire", "--json"]).ok();
    assert!(listed.contains("\"retire\""), "{listed}");
    let exported = sandbox.run(&["ledger", "export", "--ledger", "sales.ledger"]).ok();
    assert!(exported.contains(list.trim()), "{exported}");
    sandbox.run(&["ledger", "verify", "--ledger", "sales.ledger"]).ok();
}

/// A sandbox with a second anchor, `spare.key`.
fn two_anchors() -> Sandbox {
    let sandbox = Sandbox::with_keys();
    sandbox.run(&["keygen", "spare.key", "--no-passphrase"]).ok();
    sandbox
}

/// Retires `anchor.pub` with `spare.key`.
fn retire_anchor(sandbox: &Sandbox, options: &[&str]) -> Ran {
    let base = ["retire", "--anchor", "spare.key", "--retired-anchor", "anchor.pub", "--at", NOW];
    let ring: &[&str] = if options.contains(&"--ring") { &[] } else { &["--ring", "anchor.pub", "spare.pub"] };
    sandbox.run(&[&base[..], ring, options].concat())
}

#[test]
fn an_anchor_is_retired_by_a_later_one_with_and_without_keep() {
    let sandbox = two_anchors();
    let first = ["--first", "--every-product", "--activated"];
    let by_spare = ["--key", "spare.key", "--id", "PL-2", "--product", "vision-appliance", "--perpetual", "--at", NOW];
    let by_spare = sandbox.run(&[&["issue"], &by_spare[..]].concat()).ok();
    for (what, refusal) in [("keep", None), ("refuse", Some(Error::IssuerRevoked))] {
        let (anchor, spare) = (sandbox.path("anchor.pub"), sandbox.path("spare.pub"));
        let mut device = Device::new(&anchor, &[]).trusting(&[&anchor, &spare]);
        assert_eq!(device.apply(&sandbox.code(&["--perpetual"])), Ok(Outcome::Activated));
        let list = retire_anchor(&sandbox, &[&first[..], &[what]].concat()).ok();
        assert_eq!((device.apply(&list), device.refusal()), (Ok(Outcome::ListAccepted), refusal), "{what}");
        // An issuer that only the retired anchor vouches for, and the anchor itself.
        assert_eq!(device.apply(&sandbox.code(&["--perpetual", "--serial", "2"])), Err(Error::IssuerRevoked));
        assert_eq!(device.apply(&by_spare), Ok(Outcome::Activated));
        assert_eq!(device.refusal(), None);
        // A product with the anchors the other way round does not listen.
        let mut other = Device::new(&anchor, &[]).trusting(&[&spare, &anchor]);
        other.apply(&list).unwrap();
        assert_eq!(other.apply(&sandbox.code(&["--perpetual"])), Ok(Outcome::Activated));
    }
}

#[test]
fn what_the_retired_anchor_had_revoked_stays_revoked() {
    let sandbox = two_anchors();
    let (anchor, spare) = (sandbox.path("anchor.pub"), sandbox.path("spare.pub"));
    let mut device = Device::new(&anchor, &[]).trusting(&[&anchor, &spare]);
    let before =
        ["revocations", "--key", "anchor.key", "--every-product", "--number", "4", "--revoke", "PL-9=refunded:4"];
    let before = sandbox.run(&[&before[..], &["--at", NOW]].concat()).ok();
    sandbox.write("list.txt", &before);
    device.apply(&before).unwrap();
    let after = retire_anchor(&sandbox, &["--activated", "refuse", "--after", "list.txt"]).ok();
    let shown =
        json(&sandbox.run(&["inspect", &after, "--json", "--anchor", "spare.pub"]).ok())["revocation_list"].take();
    assert_eq!((&shown["number"], shown["licenses"].as_array().unwrap().len()), (&json!(5), 1));
    assert_eq!(device.apply(&after), Ok(Outcome::ListAccepted));
    // Nothing that the thief of the first anchor signs takes it back.
    let thief = ["revocations", "--key", "anchor.key", "--every-product", "--number", "99", "--at", NOW];
    let thief = sandbox.run(&thief).ok();
    assert_eq!(device.apply(&thief), Err(Error::IssuerRevoked));
}

#[test]
fn an_entry_about_an_anchor_that_devices_would_ignore_is_refused() {
    let sandbox = two_anchors();
    let first = ["--first", "--every-product", "--activated", "refuse"];
    let ring = |keys: &[&str], code: i32, error: &str, hint: &str| {
        retire_anchor(&sandbox, &[&first[..], &["--ring"], keys].concat()).fails(code, error, hint);
    };
    ring(&["spare.pub", "anchor.pub"], 1, "is later in the ring than the signing anchor", "later in the ring");
    ring(&["anchor.pub"], 1, "--ring does not contain the signing anchor", "all anchors");
    ring(&["spare.pub", "issuer.pub"], 1, "to retire", "all anchors");
    ring(&["spare.pub", "spare.pub"], 4, "--ring: ", "");
    let base = ["retire", "--anchor", "spare.key", "--retired-anchor", "spare.pub", "--at", NOW];
    let alone = sandbox.run(&[&base[..], &first, &["--ring", "anchor.pub", "spare.pub"]].concat());
    alone.fails(1, "cannot retire itself", "later in the ring");
    sandbox.run(&[&base[..], &first].concat()).fails(1, "--ring", "retire --help");
    retire_anchor(&sandbox, &[&first[..], &["--issuer", "anchor.pub"]].concat()).fails(
        1,
        "--issuer names an anchor",
        "",
    );
    // A list in parts is no list of retired keys.
    let rows: String = (0..200).map(|n| format!("PL-{n},2,frozen\n")).collect();
    sandbox.write("all.csv", &format!("license,below,reason\n{rows}"));
    let parts =
        ["revocations", "--key", "anchor.key", "--every-product", "--number", "1", "--from", "all.csv", "--at", NOW];
    let parts = sandbox.run(&parts).ok();
    let part = parts.lines().next().unwrap();
    retire_anchor(&sandbox, &["--activated", "keep", "--after", part]).fails(
        1,
        "the list in --after does not cover every license",
        "--series",
    );
    let series = retire_anchor(&sandbox, &[&first[..], &["--series", "2"]].concat()).ok();
    let shown = json(&sandbox.run(&["inspect", &series, "--json"]).ok())["revocation_list"].take();
    assert_eq!(shown["series"], 2);
}
