//! What must be on the medium before what: only the system calls themselves show it.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use lic2::port::{Slot, Store};
use lic2_host::{DEFAULT_PREFIX, FileStore};
use tempfile::TempDir;

const DIRECTORY: &str = "LIC2_HOST_TEST_DIRECTORY";

#[test]
#[ignore = "the other test of this file runs it in a process of its own"]
fn child() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let directory = Path::new(&directory).join("state");
    let mut store = FileStore::open(directory.as_os_str().as_bytes(), DEFAULT_PREFIX, 0).expect("the store opens");
    store.write(Slot::A, b"first").expect("a write");
    store.write(Slot::A, b"second").expect("a write");
}

/// `openat(3, "name", …) = 5` as `openat "name" 3 5`: the call, the text of its arguments, and its result.
fn calls(log: &str) -> Vec<(String, String, String)> {
    let call = |line: &str| {
        let (name, rest) = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').split_once('(')?;
        let (arguments, result) = rest.rsplit_once(") = ").or_else(|| rest.rsplit_once(" = "))?;
        Some((name.to_owned(), arguments.trim_end_matches([')', ' ']).to_owned(), result.to_owned()))
    };
    log.lines().filter_map(call).collect()
}

#[test]
fn content_is_synced_before_its_name_and_its_name_before_success() {
    let home = TempDir::new().expect("a directory");
    let log = home.path().join("log");
    let traced = Command::new("strace")
        .args(["-f", "-o"])
        .arg(&log)
        .args(["-e", "trace=mkdir,openat,write,fsync,renameat"])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "--ignored", "child"])
        .env(DIRECTORY, home.path())
        .output()
        .expect("strace: tests/tools installs it");
    assert!(traced.status.success(), "{}", String::from_utf8_lossy(&traced.stderr));
    let calls = calls(&fs::read_to_string(&log).expect("the log"));
    let renames: Vec<usize> = (0..calls.len()).filter(|index| calls[*index].0 == "renameat").collect();
    assert_eq!(renames.len(), 2, "{calls:?}");
    for rename in renames {
        let (directory, _) = calls[rename].1.split_once(',').expect("arguments");
        let opened = calls[..rename].iter().rposition(|(name, arguments, _)| {
            name == "openat" && arguments.contains("\"lic2.state.tmp\"") && arguments.contains("O_EXCL")
        });
        let opened = opened.expect("the new file");
        let file = &calls[opened].2;
        let between: Vec<(&str, bool)> = calls[opened + 1..rename]
            .iter()
            .map(|(name, arguments, result)| {
                let own = arguments == file || arguments.starts_with(&format!("{file},"));
                (name.as_str(), own && !result.starts_with('-'))
            })
            .collect();
        assert_eq!(between, [("write", true), ("fsync", true)]);
        let (name, arguments, result) = &calls[rename + 1];
        assert_eq!((name.as_str(), arguments.as_str(), result.as_str()), ("fsync", directory, "0"));
    }
    // The directory that was made is in its parent before anything is in it.
    let made = calls.iter().position(|(name, arguments, _)| name == "mkdir" && arguments.contains("/state\""));
    let [opened, synced] = &calls[made.expect("a new directory") + 1..][..2] else { panic!("{calls:?}") };
    assert_eq!((opened.0.as_str(), synced.0.as_str()), ("openat", "fsync"));
    assert!(opened.1.contains(&format!("\"{}/\"", home.path().display())), "{opened:?}");
    assert_eq!((&synced.1, synced.2.as_str()), (&opened.2, "0"));
}
