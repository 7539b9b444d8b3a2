//! The frozen vectors of documents other than codes: remade, compared, and run through the Rust API.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use support::make::documents;
use support::stanza::{self, Case};
use support::{document_stanza, make};

fn frozen() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    documents::FILES.iter().flat_map(|name| stanza::parse(&read(name))).collect()
}

#[test]
fn the_frozen_file_is_what_its_makers_make() {
    let (name, head) = documents::FILE;
    let cases = documents::cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "a name stands twice");
    make::check_frozen(name, head, &cases);
}

#[test]
fn every_vector_is_answered_as_expected() {
    let cases = frozen();
    let differences: Vec<String> = cases.iter().flat_map(document_stanza::differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(cases.len() > 300, "{} vectors", cases.len());
}

/// A runner that accepts everything would pass the test above; this one must not.
#[test]
fn every_wrong_expectation_is_noticed() {
    for case in frozen().into_iter().filter(|case| case.get("status") == Some("0")) {
        let expected = |key: &str| !["reader", "anchors", "issuer", "kept", "text", "text_hex"].contains(&key);
        for at in (0..case.fields.len()).filter(|at| expected(&case.fields[*at].0)) {
            let mut changed: Case = case.clone();
            changed.fields[at].1.push('7');
            assert_eq!(document_stanza::differences(&changed).len(), 1, "{} {}", case.name, case.fields[at].0);
            changed.fields.remove(at);
            assert_eq!(document_stanza::differences(&changed).len(), 1, "{} {}", case.name, case.fields[at].0);
        }
    }
}
