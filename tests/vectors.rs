//! The frozen vectors: remade, compared, and run through the Rust API.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lic2::Error;
use support::stanza::{self, Case};
use support::{code_stanza, make};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn all_cases() -> Vec<Case> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .expect("tests/vectors")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        // The answers to these are not decisions: tests/documents.rs runs them.
        .filter(|path| !make::documents::FILES.iter().any(|name| path.ends_with(name)))
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
        make::check_frozen(name, head, &cases);
    }
}

#[test]
fn every_vector_is_answered_as_expected() {
    let cases = all_cases();
    let unclear: Vec<String> = cases.iter().filter_map(|case| code_stanza::check(case).err()).collect();
    assert!(unclear.is_empty(), "{}", unclear.join("\n"));
    let differences: Vec<String> = cases.iter().flat_map(code_stanza::differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(cases.len() > 300, "{} vectors", cases.len());
}

/// A runner that accepts everything would pass the test above; this one must not.
#[test]
fn a_wrong_expectation_is_noticed() {
    let mut case = all_cases().into_iter().find(|case| case.get("status") == Some("0")).expect("a good one");
    assert_eq!(code_stanza::differences(&case), Vec::<String>::new());
    for (key, wrong) in [("status", "407"), ("quantity", "77"), ("class", "trial"), ("next_deadline", "1")] {
        let changed = case.clone().set(key, Some(wrong));
        assert_eq!(code_stanza::differences(&changed).len(), 1, "{key}");
    }
    case.fields.push(("feature".to_owned(), "export 409 - - -".to_owned()));
    assert_eq!(code_stanza::differences(&case).len(), 1);
}

/// A typo must not weaken a test: it is refused with its line.
#[test]
fn what_no_vector_can_state_is_refused() {
    let good = "# comment\n[one]\nanchors = 00\ntext = a\nnow = 1\n\nstatus = 502\nclass = commercial\n\
                [two]\ntext_hex = 00\nversion = 2.65535.4294967295\nhas_base = 1\nstatus = 0\nserial = 1\n\
                feature = a 0 limit 4 -\nfeature = b 0 flag - -\n[three]\nring_status = 107\n";
    let refusal = |text: &str| stanza::read(text).and_then(|cases| cases.iter().try_for_each(code_stanza::check)).err();
    assert_eq!(refusal(good), None);
    for (from, to, report) in [
        ("serial = 1", "seriel = 1", "line 9: [two] seriel is not a key"),
        ("serial = 1", "serial", "line 14: neither [name] nor key = value"),
        ("serial = 1", "serial = 1\nserial = 1", "line 9: [two] serial stands twice"),
        ("[two]", "[one]", "line 9: a name that is empty or used twice"),
        ("[two]", "[]", "line 9: a name that is empty or used twice"),
        ("[one]\n", "", "line 2: a value before the first name"),
        ("status = 0\n", "", "line 9: [two] needs status or ring_status"),
        ("status = 0\n", "status = 0\nring_status = 1\n", "line 9: [two] needs status or ring_status"),
        ("now = 1", "now = soon", "line 2: [one] now has a value that it cannot have"),
        ("text = a\n", "", "line 2: [one] needs text or text_hex"),
        ("text = a\n", "text = a\ntext_hex = 00\n", "line 2: [one] needs text or text_hex"),
        ("text_hex = 00", "text_hex = 0", "line 9: [two] text_hex has a value that it cannot have"),
        ("65535.", "65536.", "line 9: [two] version has a value that it cannot have"),
        ("has_base = 1", "has_base = 2", "line 9: [two] has_base has a value that it cannot have"),
        (
            "ring_status = 107",
            "ring_status = 107\nquantity = 1",
            "line 17: [three] expects an answer of a ring that fails",
        ),
    ] {
        let found = refusal(&good.replacen(from, to, 1)).unwrap_or_default();
        assert!(found.starts_with(report), "{from} -> {to}: {found}");
    }
    assert_eq!(refusal("# nothing\n").as_deref(), Some("line 1: there is no case"));
}

/// Statuses that no code and no facts can produce, and the test that demands them.
const ELSEWHERE: [(Error, &str); 10] = [
    (Error::EngineBusy, "tests/c/interrupted.c"),
    (Error::NullPointer, "tests/c/misuse.c"),
    (Error::StructSize, "tests/c/misuse.c"),
    (Error::StructTooNew, "tests/c/misuse.c"),
    (Error::NotInitialized, "tests/c/misuse.c"),
    (Error::BufferTooSmall, "tests/c/answers.c"),
    (Error::TableInvalid, "tests/c/tables.c"),
    (Error::TableKey, "tests/c/tables.c"),
    (Error::IssuerUnsupported, "tests/c/anchors_alone.c"),
    (Error::SelftestFailed, "src/selftest.rs"),
];

#[test]
fn statuses_without_a_vector_are_demanded_by_another_test() {
    for (error, file) in ELSEWHERE {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{file}: {problem}"));
        let (tests, rust) = text.split_once("#[cfg(test)]").map_or((text.as_str(), false), |(_, tests)| (tests, true));
        let name = if rust { format!("Error::{error:?}") } else { format!("LIC2_STATUS_{}", error.name()) };
        assert!(tests.contains(&name), "{file} does not name {name}");
    }
}

#[test]
fn every_status_has_a_vector() {
    let cases = all_cases();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for case in &cases {
        seen.extend(case.all("status").chain(case.all("ring_status")).map(str::to_owned));
        seen.extend(case.all("feature").filter_map(|line| line.split(' ').nth(1)).map(str::to_owned));
    }
    // What only an engine answers, tests/engine_vectors.rs runs.
    let scripts = fs::read_to_string(folder().join(make::engine::FILE.0)).expect("the scripts");
    let answers = scripts.lines().filter_map(|line| line.rsplit_once(" => ").map(|(_, answer)| answer));
    seen.extend(answers.filter_map(|answer| answer.split(' ').next()).map(str::to_owned));
    let missing: Vec<&str> = Error::ALL
        .iter()
        .filter(|error| !seen.contains(&error.number().to_string()))
        .filter(|error| !ELSEWHERE.iter().any(|(other, _)| other == *error))
        .map(|error| error.name())
        .collect();
    assert!(missing.is_empty(), "without a vector: {missing:?}");
}
