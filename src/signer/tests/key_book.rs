//! The commands of docs/KEYS.md, run as they stand: one folder, one life.

mod support;

use support::{PASSPHRASE, Sandbox};

const HARDWARE: &str = "\n## Keys in hardware\n";

/// The lines of all boxes.
fn boxes(text: &str) -> String {
    let mut lines = String::new();
    for part in text.split("```sh\n").skip(1) {
        let (part, _) = part.split_once("\n```\n").expect("a box is closed");
        lines += part;
        lines.push('\n');
    }
    lines
}

fn book() -> (String, String) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/KEYS.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (files, hardware) = text.split_once(HARDWARE).expect("a chapter on hardware");
    (boxes(files), boxes(hardware))
}

/// Lines that run before the book's: the secrets that its reader types.
fn secrets() -> String {
    format!(
        "set -eu; umask 077; export LIC2_PASSPHRASE={PASSPHRASE} LIC2_FIRST_PASSPHRASE={PASSPHRASE} \
         LIC2_NEW_PASSPHRASE=a-new-year-and-another-passphrase\n"
    )
}

#[test]
fn the_life_of_a_key_runs_as_it_is_written() {
    let sandbox = Sandbox::new();
    // After a change of the passphrase the book goes on with the new one for that file.
    let (lines, _) = book();
    let ran = sandbox.shell(&(secrets() + &lines));
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    for (code, anchor, granted) in [
        ("code-1.txt", "anchor.pub", true),
        ("code-2.txt", "anchor.pub", true),
        ("code-3.txt", "spare.pub", true),
        ("code-3.txt", "anchor.pub", false),
    ] {
        let ran = sandbox.run(&["verify", code, "--anchor", anchor, "--product", "vision-appliance"]);
        assert_eq!(ran.code == 0, granted, "{code} {anchor}: {}", ran.stderr);
    }
    let list = sandbox.run(&["inspect", "anchor-list-2.txt", "--anchor", "anchor.pub"]).ok();
    assert!(list.contains("number 2") && list.contains("nothing that it signed counts"), "{list}");
    assert!(sandbox.path("backup/anchor.key").is_file());
}

#[cfg(feature = "pkcs11")]
#[test]
fn the_chapter_on_hardware_runs_as_it_is_written() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("tokens")).unwrap();
    let tokens = sandbox.path("tokens");
    sandbox.write("softhsm.conf", &format!("directories.tokendir = {}\n", tokens.display()));
    let (_, lines) = book();
    let token = "export SOFTHSM2_CONF=\"$PWD/softhsm.conf\" LIC2_PIN=739182 LIC2_SO_PIN=5678\n";
    let ran = sandbox.shell(&(secrets() + token + &lines));
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("The code is genuine"), "{}", ran.stdout);
}
