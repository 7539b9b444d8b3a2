//! The hardening against faults says at each line what it is for: `black_box` and second evaluations look like
//! mistakes to people who tidy up, and a comment is what keeps them.

use std::fs;
use std::path::{Path, PathBuf};

/// Whether a line of code hides something from the compiler, or evaluates something for the second time.
fn is_hardening(line: &str) -> bool {
    let is_code = !line.starts_with("//") && !line.starts_with("use ");
    let evaluates_again = line.contains("rules::SECOND") || line.contains("_again(") && !line.contains("fn ");
    let makes_words = ["Witness::of(", "Witness::new("].iter().any(|call| line.contains(call));
    let is_constant = line.contains("Witness::of(0, 0)") && line.matches("Witness::").count() == 1;
    is_code && (line.contains("black_box(") || evaluates_again || makes_words && !is_constant)
}

/// The lines of hardening that no comment explains: one inside the function, above the statement.
fn unexplained(text: &str) -> Vec<String> {
    let shipped = text.split("#[cfg(test)]\nmod tests").next().expect("a first part");
    let lines: Vec<&str> = shipped.lines().map(str::trim).collect();
    let explained = |at: usize| {
        let above = lines[..at].iter().rev();
        // Back to the beginning of the statement.
        let before = above.clone().find(|line| line.starts_with("//") || line.ends_with([';', '{', '}']));
        before.is_some_and(|line| line.starts_with("// "))
    };
    (0..lines.len()).filter(|at| is_hardening(lines[*at]) && !explained(*at)).map(|at| lines[at].to_owned()).collect()
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_str().expect("UTF-8");
        if path.is_dir() && !["host", "signer", "tests"].contains(&name) {
            sources(&path, files);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            files.push(path);
        }
    }
}

#[test]
fn every_line_of_hardening_has_its_reason() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let (mut found, mut missing) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(&file).expect("a source");
        found += text.lines().filter(|line| is_hardening(line.trim())).count();
        missing.extend(unexplained(&text).iter().map(|line| format!("{}: {line}", file.display())));
    }
    assert!(found > 15, "{found} lines of hardening: this test no longer finds them");
    assert!(missing.is_empty(), "without a comment above:\n{}", missing.join("\n"));
}

#[test]
fn a_missing_reason_is_noticed() {
    let good = "fn f(&self) -> u32 {\n    // Hidden from the compiler.\n    black_box(self.a)\n}\n";
    let over_lines = "fn f() {\n    // Twice.\n    let a = g(\n        rules::SECOND,\n    );\n}\n";
    for text in [good, over_lines, "fn f() { Witness::of(0, 0) }", "use core::hint::black_box;\n"] {
        assert_eq!(unexplained(text), [""; 0], "{text}");
    }
    let bare = "/// A doc comment is not inside.\nfn f(&self) -> u32 {\n    black_box(self.a)\n}\n";
    let second = "fn f() {\n    let a = 1;\n    let b = Witness::of(a, again);\n}\n";
    let again = "fn f() {\n    // Another statement's.\n    let a = 1;\n    let b = g(rules::SECOND);\n}\n";
    for text in [bare, second, again] {
        assert_eq!(unexplained(text).len(), 1, "{text}");
    }
}
