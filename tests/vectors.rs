//! The frozen vectors: remade, compared, and run through the Rust API.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lic2::Error;
use support::make;
use support::stanza::{self, Case};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn all_cases() -> Vec<Case> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .expect("tests/vectors")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    files.sort();
    assert!(files.len() >= 7, "{files:?}");
    files.iter().flat_map(|path| stanza::parse(&fs::read_to_string(path).expect("a vector file"))).collect()
}

#[test]
fn frozen_files_are_what_their_makers_make() {
    for (name, head, cases) in make::files() {
        let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), cases.len(), "{name}: a name stands twice");
        let made = stanza::print(head, &cases);
        let path = folder().join(name);
        if std::env::var_os("BLESS").is_some() && !path.exists() {
            fs::write(&path, &made).expect("tests/vectors can be written");
        }
        let frozen = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        for (made, frozen) in made.lines().zip(frozen.lines()) {
            assert_eq!(made, frozen, "{name}");
        }
        assert_eq!(made.len(), frozen.len(), "{name}");
    }
}

#[test]
fn every_vector_is_answered_as_expected() {
    let cases = all_cases();
    let differences: Vec<String> = cases.iter().flat_map(stanza::differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(cases.len() > 300, "{} vectors", cases.len());
}

/// A runner that accepts everything would pass the test above; this one must not.
#[test]
fn a_wrong_expectation_is_noticed() {
    let mut case = all_cases().into_iter().find(|case| case.get("status") == Some("0")).expect("a good one");
    assert_eq!(stanza::differences(&case), Vec::<String>::new());
    for (key, wrong) in [("status", "407"), ("quantity", "77"), ("class", "trial"), ("next_deadline", "1")] {
        let changed = case.clone().set(key, Some(wrong));
        assert_eq!(stanza::differences(&changed).len(), 1, "{key}");
    }
    case.fields.push(("feature".to_owned(), "export 409 - - -".to_owned()));
    assert_eq!(stanza::differences(&case).len(), 1);
}

/// Statuses that no code and no facts can produce, with the test that does.
const ELSEWHERE: [(Error, &str); 7] = [
    (Error::NullPointer, "tests/c: every pointer NULL in turn"),
    (Error::StructSize, "tests/c: struct sizes"),
    (Error::StructTooNew, "tests/c: struct sizes"),
    (Error::NotInitialized, "tests/c: memory that no call has set up"),
    (Error::BufferTooSmall, "tests/c: buffers"),
    (Error::SelftestFailed, "src/selftest.rs: a corrupted known answer"),
    (Error::FeatureUnknown, "status of a feature, below"),
];

#[test]
fn every_status_has_a_vector() {
    let cases = all_cases();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for case in &cases {
        seen.extend(case.all("status").chain(case.all("ring_status")).map(str::to_owned));
        seen.extend(case.all("feature").filter_map(|line| line.split(' ').nth(1)).map(str::to_owned));
    }
    let missing: Vec<&str> = Error::ALL
        .iter()
        .filter(|error| !seen.contains(&error.number().to_string()))
        .filter(|error| !ELSEWHERE.iter().any(|(other, _)| other == *error))
        .map(|error| error.name())
        .collect();
    assert!(missing.is_empty(), "without a vector: {missing:?}");
}
