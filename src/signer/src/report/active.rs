//! `report active`: licenses in force.

use std::collections::BTreeMap;

use lic2::UnixSeconds;
use serde_json::json;

use super::lives::lives;
use super::plot::{Bar, Chart};
use super::sheet::{Holds, Sheet};
use super::{Report, Scope};
use crate::exit::Result;
use crate::ledger::{State, View};
use crate::timespec;

const CLASSES: [&str; 4] = ["commercial", "trial", "nfr", "test"];

#[derive(Default)]
struct Group {
    licenses: u64,
    quantity: u64,
    without_end: u64,
    first_end: Option<UnixSeconds>,
}

/// Licenses in force at `at`, by product, edition and class.
///
/// # Errors
/// Exit codes 2 and 5 if the ledger cannot be read.
pub fn active(view: View<'_>, scope: &Scope, at: UnixSeconds) -> Result<Report> {
    let mut groups: BTreeMap<(String, String, String), Group> = BTreeMap::new();
    for life in lives(view, scope, at)? {
        if life.standing.state != State::Active {
            continue;
        }
        let facts = life.standing.latest.facts;
        let key =
            (facts.product.unwrap_or_default(), facts.edition.unwrap_or_default(), facts.class.unwrap_or_default());
        let group = groups.entry(key).or_default();
        group.licenses = group.licenses.saturating_add(1);
        group.quantity = group.quantity.saturating_add(facts.quantity.unwrap_or(1).into());
        match facts.expires_at {
            Some(end) => group.first_end = Some(group.first_end.map_or(end, |first| first.min(end))),
            None => group.without_end = group.without_end.saturating_add(1),
        }
    }
    let mut sheet = Sheet::new(
        "active",
        &[
            ("product", Holds::Text),
            ("edition", Holds::Text),
            ("class", Holds::Text),
            ("licenses", Holds::Count),
            ("quantity", Holds::Count),
            ("without_date", Holds::Count),
            ("first_end", Holds::Text),
        ],
    );
    let mut bars: BTreeMap<String, [u64; CLASSES.len()]> = BTreeMap::new();
    for ((product, edition, class), group) in groups {
        let bar = bars.entry(product.clone()).or_default();
        for (value, name) in bar.iter_mut().zip(CLASSES) {
            *value = value.saturating_add(if class == name { group.licenses } else { 0 });
        }
        sheet.row(vec![
            json!(product),
            json!(Some(edition).filter(|edition| !edition.is_empty())),
            json!(class),
            json!(group.licenses),
            json!(group.quantity),
            json!(group.without_end),
            json!(group.first_end.map(timespec::format)),
        ]);
    }
    let chart = Chart {
        title: format!("Licenses in force at {}", timespec::format(at)),
        scope: scope.words(),
        counted: "licenses",
        by: "product",
        series: CLASSES.to_vec(),
        bars: bars.into_iter().map(|(label, values)| Bar { label, values: values.to_vec() }).collect(),
        is_horizontal: true,
    };
    Ok(Report { sheet, chart })
}
