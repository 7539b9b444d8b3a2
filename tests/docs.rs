//! What the docs state and the code knows is generated: the error table, the limits, the annotated code.
//! `BLESS=1 cargo test --test docs` rewrites it.

mod support;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use lic2::{Error, limits};
use support::{bytes_of, hex, usual_code};

/// Tests run in parallel, and two of them write to the same file.
static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Compares the part of a file between two markers with `expected`, or writes it.
fn check_part(file: &str, marker: &str, expected: &str) {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    let (begin, end) = (format!("<!-- {marker}: begin -->\n"), format!("<!-- {marker}: end -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{file}: no {begin}"));
    let (found, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{file}: no {end}"));
    if found != expected && std::env::var_os("BLESS").is_some() {
        fs::write(&path, format!("{before}{begin}{expected}{end}{after}")).expect("the file can be written");
        return;
    }
    assert_eq!(found, expected, "{file} is stale: BLESS=1 cargo test --test docs");
}

#[test]
fn the_error_table_is_the_one_of_the_library() {
    let ranges = [
        (100, "Caller errors"),
        (200, "Text and format: nothing has been verified yet, or the seller's software is at fault"),
        (300, "Authenticity"),
        (400, "Policy: the code is genuine, and it does not permit this"),
        (500, "Platform: a fact is missing or cannot be true"),
        (900, "A bug in the library"),
    ];
    let mut table = String::new();
    for (start, title) in ranges {
        write!(table, "\n### {start}: {title}\n\n| number | name | what is wrong | what to do |\n|---|---|---|---|\n")
            .expect("a string");
        for error in Error::ALL.iter().filter(|error| error.number() / 100 * 100 == start) {
            writeln!(table, "| {} | `{}` | {} | {} |", error.number(), error.name(), error.text(), error.advice())
                .expect("a string");
        }
    }
    assert_eq!(table.matches("\n| ").count(), Error::ALL.len() + ranges.len());
    check_part("docs/ERRORS.md", "errors", &table);
}

#[test]
fn the_limits_are_the_ones_of_the_library() {
    let rows: &[(&str, u64)] = &[
        ("characters of a text form, without spaces and quotes", limits::TEXT_MAX as u64),
        ("bytes of a pasted text, with everything", limits::TEXT_RAW_MAX as u64),
        ("bytes of a document, without the check", limits::DOCUMENT_MAX as u64),
        ("bytes of an issuer certificate", limits::CERTIFICATE_MAX as u64),
        ("bytes of a license id, product, edition, customer, order, issuer name", limits::ID_MAX as u64),
        ("bytes of a feature name", limits::FEATURE_NAME_MAX as u64),
        ("bytes of a feature text", limits::FEATURE_TEXT_MAX as u64),
        ("features of a license", limits::FEATURES_MAX as u64),
        ("components of a binding", limits::COMPONENTS_MAX as u64),
        ("devices of an allocation table", limits::ALLOCATIONS_MAX as u64),
        ("issuers of a revocation list", limits::REVOKED_ISSUERS_MAX as u64),
        ("licenses of a revocation list", limits::REVOKED_LICENSES_MAX as u64),
        ("quotas of a receipt or usage report", limits::USAGE_MAX as u64),
        ("identity components among the facts", limits::COMPONENT_FACTS_MAX as u64),
        ("bytes of the value of an identity component", limits::COMPONENT_VALUE_MAX as u64),
        ("bytes of an issuer's scope", limits::SCOPE_MAX as u64),
        ("items in one list", limits::ITEMS_MAX as u64),
        ("days of a term, grace, lease or longest term", limits::DAYS_MAX.into()),
        ("powered-on hours of a term", limits::POWERED_HOURS_MAX.into()),
        ("anchors in a key ring", limits::ANCHORS_MAX as u64),
        ("issuers known in advance in a key ring", limits::ISSUERS_MAX as u64),
        ("seconds that a clock may lag", limits::CLOCK_TOLERANCE_SECONDS),
    ];
    let table: String = rows.iter().map(|(what, limit)| format!("| {what} | {limit} |\n")).collect();
    check_part("docs/FORMAT.md", "limits", &table);
}

/// The usual code in pieces: how many bytes, and what they are.
const PIECES: &[(usize, &str)] = &[
    (1, "format version 1"),
    (1, "kind `C`"),
    (1, "algorithm 1: Ed25519"),
    (1, "flags: no certificate"),
    (4, "key id"),
    (21, "license id, 20 bytes: `PL-20261118-00000042`"),
    (1, "serial 1"),
    (1, "class 0: commercial"),
    (17, "product, 16 bytes: `vision-appliance`"),
    (4, "issued at: 217 163 200 s after 2020, Unix 1 795 000 000"),
    (5, "term 1: until Unix 1 826 536 000"),
    (1, "binding 1: components"),
    (1, "one needed"),
    (4, "salt"),
    (1, "list of 9 bytes"),
    (9, "kind 5 (ESN), hash of `2102312ABC0123456789`"),
    (1, "features: list of 34 bytes"),
    (15, "`analytics`, right 5: flag until Unix 1 803 640 000"),
    (11, "`channels`, right 1: limit 64"),
    (8, "`export`, right 0: flag"),
    (1, "items: none"),
    (32, "signature, R"),
    (32, "signature, S"),
    (4, "check of the text form"),
];

#[test]
fn the_annotated_code_is_the_usual_code() {
    let text = usual_code();
    let bytes = bytes_of(&text);
    let mut out = format!("`{}` ({} characters)\n\n    offset  bytes\n", text, text.len());
    let mut at = 0;
    for (length, what) in PIECES {
        let piece = &bytes[at..at + length];
        for (row, part) in piece.chunks(16).enumerate() {
            let note = if row == 0 { *what } else { "" };
            let line = format!("    {:6}  {:32}  {note}", at + row * 16, hex(part));
            writeln!(out, "{}", line.trim_end()).expect("a string");
        }
        at += length;
    }
    assert_eq!(at, bytes.len(), "the pieces make up the whole");
    assert_eq!(&bytes[9..29], b"PL-20261118-00000042");
    let issued_at = u32::from_le_bytes(bytes[48..52].try_into().expect("four"));
    assert_eq!(lic2::EPOCH_2020 + u64::from(issued_at), support::ISSUED);
    assert!(bytes[..bytes.len() - 69].ends_with(b"\x06export\x00"));
    check_part("docs/FORMAT.md", "example", &out);
}

#[test]
fn the_first_snippet_of_the_readme_is_a_whole_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(root.join("examples/first_c/main.c")).expect("the example");
    assert!(source.lines().count() <= 30, "{} lines", source.lines().count());
    check_part("README.md", "c", &format!("```c\n{source}```\n"));
}

/// A function of an example, from its first line to its last.
fn c_function(file: &str, opening: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(file);
    let source = fs::read_to_string(path).expect("the example");
    let start = source.find(opening).unwrap_or_else(|| panic!("no {opening} in {file}"));
    let end = source[start..].find("\n}\n").expect("an end");
    source[start..start + end + 3].to_owned()
}

/// The README shows the two calls that a product makes most, as the example makes them.
#[test]
fn the_readme_shows_the_engine_as_the_example_uses_it() {
    let function = |name: &str| c_function("appliance_c/main.c", &format!("static int {name}("));
    let shown = format!("```c\n{}\n{}```\n", function("check"), function("use"));
    check_part("README.md", "engine", &shown);
}

/// What a firmware has to bring is its store; what it does at every start is to ask.
#[test]
fn the_readme_shows_the_firmware_as_the_examples_have_it() {
    let store = c_function("firmware_qemu/flash.c", "static int32_t write_slot(");
    let ask = c_function("firmware_qemu/logger.c", "void logger_watch(");
    check_part("README.md", "firmware", &format!("```c\n{store}\n{ask}```\n"));
}
