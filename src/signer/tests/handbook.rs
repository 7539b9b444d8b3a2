//! The commands of the seller's handbook, run as they stand: every chapter in a folder of its own, behind the first.

mod support;

use support::{PASSPHRASE, Sandbox};

/// Title and shell lines of every chapter that has any.
fn chapters() -> Vec<(String, String)> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/SELLER.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut chapters: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match (inside, line) {
            (false, "```sh") => inside = true,
            (true, "```") => inside = false,
            (true, line) => chapters.last_mut().unwrap().1 += &format!("{line}\n"),
            (false, line) => {
                if let Some(title) = line.strip_prefix("## ") {
                    chapters.push((title.into(), String::new()));
                }
            }
        }
    }
    assert!(!inside, "a box is not closed");
    chapters.retain(|(_, lines)| !lines.is_empty());
    chapters
}

#[test]
fn every_chapter_of_the_handbook_runs() {
    let mut chapters = chapters().into_iter();
    let (title, first) = chapters.next().unwrap();
    assert_eq!(title, "Before the first sale");
    let mut count = 0;
    for (title, lines) in chapters {
        let sandbox = Sandbox::new();
        let ran = sandbox.shell(&format!("set -eu; export LIC2_PASSPHRASE={PASSPHRASE}\n{first}set -x\n{lines}"));
        assert_eq!(ran.code, 0, "{title}\n{}\n{}", ran.stdout, ran.stderr);
        count += 1;
    }
    assert!(count >= 1, "no chapter");
}
