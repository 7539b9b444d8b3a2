//! The scripts of `tests/vectors/engine`: remade, compared, run; and nothing that the engine can answer is missing.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lic2::{Error, Outcome};
use support::engine_script::Script;
use support::make;
use support::stanza::{Case, parse};

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(make::engine::FILE.0);
    parse(&fs::read_to_string(path).expect("the scripts"))
}

/// The first step that is answered otherwise than expected.
fn difference(case: &Case) -> Option<String> {
    let mut script = Script::new(case);
    case.all("step").enumerate().find_map(|(number, step)| {
        let (what, expected) = step.rsplit_once(" => ").expect("WHAT => ANSWER");
        let answer = script.step(what);
        (answer != expected)
            .then(|| format!("{}, step {number}: {what:.60}: {answer} instead of {expected}", case.name))
    })
}

#[test]
fn the_frozen_scripts_are_what_their_maker_makes() {
    make::check_frozen(make::engine::FILE.0, make::engine::FILE.1, &make::engine::cases());
}

#[test]
fn every_step_is_answered_as_expected() {
    let differences: Vec<String> = cases().iter().filter_map(difference).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(cases().len() >= 14);
}

#[test]
fn a_wrong_expectation_is_noticed() {
    for case in cases() {
        let mut wrong = case.clone();
        let last = wrong.fields.last_mut().expect("a step");
        last.1.push('1');
        assert!(difference(&wrong).is_some(), "{}", case.name);
    }
}

/// Everything that the engine adds to the pure layer, by number.
#[test]
fn every_status_and_outcome_of_the_engine_is_reached() {
    let answers: Vec<(String, String)> = cases()
        .iter()
        .flat_map(|case| case.all("step").map(str::to_owned).collect::<Vec<_>>())
        .map(|step| step.rsplit_once(" => ").map(|(what, answer)| (what.to_owned(), answer.to_owned())).expect("both"))
        .collect();
    let first = |answer: &str| answer.split(' ').next().and_then(|number| number.parse::<i32>().ok());
    let statuses: BTreeSet<i32> = answers.iter().filter_map(|(_, answer)| first(answer)).collect();
    let outcomes: BTreeSet<u32> = answers
        .iter()
        .filter(|(what, _)| what.starts_with("apply"))
        .filter_map(|(_, answer)| answer.strip_prefix("0 ").and_then(|number| number.parse().ok()))
        .collect();
    let of_engine =
        |error: &&Error| matches!(error.number(), 110 | 311 | 401..=402 | 405..=425 | 427 | 501..=502 | 509..=519);
    let missing: Vec<&str> = Error::ALL
        .iter()
        .filter(of_engine)
        .filter(|error| !statuses.contains(&error.number()))
        .map(|error| error.name())
        .collect();
    assert!(missing.is_empty(), "no script reaches {missing:?}");
    // The scripts' product states no version: tests/preview.rs has the outcomes of one that does.
    for outcome in Outcome::ALL.iter().filter(|outcome| **outcome != Outcome::VersionNotCovered) {
        assert!(outcomes.contains(&outcome.number()), "no script reaches {}", outcome.name());
    }
}
