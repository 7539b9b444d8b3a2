//! Ledgers that are missing, foreign, newer, damaged, locked, read-only or on a full disk: a clear error, no code, and
//! nothing lost of what was there.

mod support;

use rusqlite::Connection;
use support::{NOW, Ran, Sandbox};

/// Keys, and a ledger with three codes.
fn shop() -> Sandbox {
    let sandbox = Sandbox::with_keys();
    sandbox.run(&["ledger", "init", "sales.ledger", "--at", NOW]).ok();
    for id in ["PL-1", "PL-2", "PL-3"] {
        sell(&sandbox, "sales.ledger", id).ok();
    }
    sandbox
}

fn sell(sandbox: &Sandbox, ledger: &str, id: &str) -> Ran {
    let base = ["issue", "--key", "issuer.key", "--certificate", "issuer.cert", "--product", "vision-appliance"];
    sandbox.run(&[&base[..], &["--perpetual", "--at", NOW, "--id", id, "--order", id, "--ledger", ledger]].concat())
}

fn verify(sandbox: &Sandbox, ledger: &str) -> Ran {
    sandbox.run(&["ledger", "verify", "--ledger", ledger, "--anchor", "anchor.pub"])
}

/// Signing and reading both fail with this, and the file stays as it was.
#[track_caller]
fn unusable(sandbox: &Sandbox, name: &str, error: &str, hint: &str) {
    let before = std::fs::read(sandbox.path(name)).ok();
    sell(sandbox, name, "PL-9").fails(2, error, hint);
    sandbox.run(&["ledger", "list", "--ledger", name]).fails(2, error, hint);
    verify(sandbox, name).fails(2, error, hint);
    assert_eq!(std::fs::read(sandbox.path(name)).ok(), before, "{name} was changed");
}

#[test]
fn what_is_no_ledger_is_left_alone() {
    let sandbox = shop();
    unusable(&sandbox, "missing", "missing: there is no ledger", "ledger init missing");
    std::fs::create_dir(sandbox.path("folder")).unwrap();
    unusable(&sandbox, "folder", "folder: this is not a file", "name the ledger's file");
    sandbox.write("empty", "");
    unusable(&sandbox, "empty", "empty: this is a database of another program", "ledger init");
    sandbox.write("words", &"these are words and no database at all. ".repeat(100));
    unusable(&sandbox, "words", "words: this is not a ledger: it is not an SQLite database", "ledger init");
    let foreign = Connection::open(sandbox.path("foreign")).unwrap();
    foreign.execute_batch("CREATE TABLE entry (seq INTEGER PRIMARY KEY)").unwrap();
    drop(foreign);
    unusable(&sandbox, "foreign", "foreign: this is a database of another program", "ledger init");
}

#[test]
fn a_newer_ledger_is_refused_and_not_changed() {
    let sandbox = shop();
    let connection = Connection::open(sandbox.path("sales.ledger")).unwrap();
    connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    unusable(&sandbox, "sales.ledger", "schema version 2, and this program knows version 1", "the newer lic2-signer");
}

#[test]
fn a_damaged_ledger_is_reported_wherever_it_is_damaged() {
    let sandbox = shop();
    sandbox.run(&["ledger", "backup", "copy", "--ledger", "sales.ledger"]).ok();
    let whole = std::fs::read(sandbox.path("copy")).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 8, "{pages}");
    let mut found = 0;
    for page in 1..pages {
        let mut bytes = whole.clone();
        // The header of a page, its list of cells, and its content at the end.
        for at in [0, 3, 5, 8, 9, 4000, 4095] {
            bytes[page * 4096 + at] ^= 0x55;
        }
        std::fs::write(sandbox.path("damaged"), &bytes).unwrap();
        let ran = verify(&sandbox, "damaged");
        assert!([2, 5].contains(&ran.code), "page {page}: {ran:?}");
        found += 1;
        // Whatever selling makes of it, it does not print a code that is not recorded.
        let ran = sell(&sandbox, "damaged", "PL-9");
        assert!([0, 2, 5].contains(&ran.code), "page {page}: {ran:?}");
        assert!(
            ran.code != 0 || sandbox.run(&["ledger", "search", "--text", &ran.stdout, "--ledger", "damaged"]).code == 0
        );
    }
    assert_eq!(found, pages - 1);
}

#[test]
fn a_ledger_that_another_process_keeps_locked_is_an_error_after_ten_seconds() {
    let sandbox = shop();
    let connection = Connection::open(sandbox.path("sales.ledger")).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    sell(&sandbox, "sales.ledger", "PL-9").fails(
        2,
        "another process kept the ledger locked",
        "nothing was recorded: try again",
    );
    // Reading goes on meanwhile.
    verify(&sandbox, "sales.ledger").ok();
    connection.execute_batch("ROLLBACK").unwrap();
    assert!(sell(&sandbox, "sales.ledger", "PL-9").stderr.contains("recorded: entry 5"));
}

#[test]
fn a_ledger_on_a_full_disk_prints_no_code_and_loses_nothing() {
    let sandbox = shop();
    // Files may not grow beyond so many blocks of 512 bytes; the signal is ignored, so that writing fails.
    let limited = |blocks: u32| {
        sandbox.shell(&format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec lic2-signer issue --key issuer.key --certificate issuer.cert --id PL-9 \
             --product vision-appliance --perpetual --at {NOW} --order PL-9 --ledger sales.ledger"
        ))
    };
    let mut failed = 0;
    let mut blocks = 0;
    let code = loop {
        let ran = limited(blocks);
        if ran.code == 0 {
            break ran.stdout;
        }
        ran.fails(2, "sales.ledger: ", "");
        failed += 1;
        blocks += 4;
    };
    assert!(failed > 5, "only {failed} failures");
    verify(&sandbox, "sales.ledger").ok();
    assert_eq!(sell(&sandbox, "sales.ledger", "PL-9").ok(), code);
    let head = sandbox.run(&["ledger", "head", "--ledger", "sales.ledger"]).ok();
    assert!(head.starts_with("5:"), "failures left nothing behind: {head}");
}

#[test]
fn a_ledger_that_cannot_be_written_can_be_read() {
    let sandbox = shop();
    // Root may write anything: run as somebody else, who may read.
    let program = sandbox.path("program");
    std::fs::copy(env!("CARGO_BIN_EXE_lic2-signer"), &program).unwrap();
    for (name, mode) in [("", 0o555), ("program", 0o755), ("sales.ledger", 0o444), ("issuer.cert", 0o444)] {
        sandbox.set_mode(name, mode);
    }
    let is_root = sandbox.tool("id", &["-u"]).ok().trim() == "0";
    let run = |arguments: &[&str]| {
        if is_root {
            let base = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "./program"];
            sandbox.tool("setpriv", &[&base, arguments].concat())
        } else {
            sandbox.tool("./program", arguments)
        }
    };
    for words in [&["list"][..], &["verify", "--anchor", "anchor.pub"], &["head"], &["export"]] {
        run(&[&["ledger"], words, &["--ledger", "sales.ledger"]].concat()).ok();
    }
    let quota = ["ledger", "quota", "--ledger", "sales.ledger", "--issuer", "anchor.pub", "--max", "1"];
    run(&quota).fails(2, "sales.ledger: ", "");
    sandbox.set_mode("", 0o755);
}
