//! Every license of a ledger and its state.

use std::collections::BTreeMap;

use lic2::UnixSeconds;

use super::Scope;
use crate::exit::Result;
use crate::ledger::{Course, Entry, Filter, Standing, View};

/// One license.
pub(super) struct Life {
    /// When its first code was issued.
    pub(super) first: UnixSeconds,
    /// How many codes it has had.
    pub(super) codes: u64,
    /// Its state.
    pub(super) standing: Standing,
}

/// The licenses in this scope, by id. A license is of the product and the class of its latest code.
pub(super) fn lives(view: View<'_>, scope: &Scope, at: UnixSeconds) -> Result<Vec<Life>> {
    struct Begun {
        first: Option<UnixSeconds>,
        codes: u64,
        course: Course,
    }
    let mut found: BTreeMap<String, Begun> = BTreeMap::new();
    view.each(&Filter::default(), |entry| {
        let Some(license) = entry.facts.license.clone() else { return Ok(()) };
        let begun = found.entry(license).or_insert_with(|| Begun { first: None, codes: 0, course: Course::default() });
        if entry.is_code() {
            begun.first = begun.first.or(Some(entry.at));
            begun.codes = begun.codes.saturating_add(1);
        }
        begun.course.follow(slim(entry));
        Ok(())
    })?;
    let lives = found.into_values().filter_map(|begun| {
        Some(Life { first: begun.first?, codes: begun.codes, standing: begun.course.standing(at)? })
    });
    Ok(lives
        .filter(|life| {
            let facts = &life.standing.latest.facts;
            scope.counts(facts.product.as_deref(), facts.class.as_deref())
        })
        .collect())
}

/// The entry without what no report needs, so that a large ledger fits into memory.
fn slim(entry: Entry) -> Entry {
    Entry { detail: String::new(), idempotency: None, intent: None, device: None, ..entry }
}
