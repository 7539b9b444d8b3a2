//! Runs vector files through the library: for files that another program has made, as `interop.chance` does.
//!
//! `cargo run -q -p lic2 --example check_vectors FILE...` prints every difference with its file and line, then how many
//! cases passed and failed; exit code 1 if one failed, 2 if a file cannot be read or understood.

#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

use support::stanza::{self, Case};
use support::{code_stanza, document_stanza};

/// The cases of a file, none of which is unclear.
fn cases(path: &str) -> Result<Vec<Case>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let cases = stanza::read(&text).map_err(|error| format!("{path}: {error}"))?;
    for case in cases.iter().filter(|case| !is_about_a_document(case)) {
        code_stanza::check(case).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(cases)
}

/// Of documents other than codes a case says who reads them.
fn is_about_a_document(case: &Case) -> bool {
    case.get("reader").is_some()
}

fn main() -> ExitCode {
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for path in std::env::args().skip(1) {
        let cases = match cases(&path) {
            Ok(cases) => cases,
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::from(2);
            }
        };
        for case in &cases {
            let differences = if is_about_a_document(case) {
                document_stanza::differences(case)
            } else {
                code_stanza::differences(case)
            };
            for difference in &differences {
                eprintln!("{path}:{}: {difference}", case.line);
            }
            *if differences.is_empty() { &mut passed } else { &mut failed } += 1;
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
