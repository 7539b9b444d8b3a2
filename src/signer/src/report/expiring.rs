//! `report expiring`: licenses that end soon.

use std::collections::BTreeMap;

use lic2::{SECONDS_PER_DAY, UnixSeconds};
use serde_json::json;

use super::calendar::Unit;
use super::lives::lives;
use super::plot::{Bar, Chart};
use super::sheet::{Holds, Sheet};
use super::{Report, Scope};
use crate::exit::Result;
use crate::ledger::{State, View};
use crate::timespec;

/// Up to so many days, the picture has a bar for each.
const DAYS_MOST: u64 = 62;

/// Licenses in force at `at` that end before `end`, the next one first.
///
/// # Errors
/// Exit codes 2 and 5 if the ledger cannot be read.
pub fn expiring(view: View<'_>, scope: &Scope, at: UnixSeconds, end: UnixSeconds) -> Result<Report> {
    let mut soon = Vec::new();
    for life in lives(view, scope, at)? {
        if let (State::Active, Some(ends)) = (life.standing.state, life.standing.latest.facts.expires_at) {
            if ends < end {
                soon.push((ends, life.standing.latest.facts));
            }
        }
    }
    soon.sort_by(|(one, facts), (other, others)| (one, &facts.license).cmp(&(other, &others.license)));
    let days = |from: UnixSeconds, to: UnixSeconds| to.0.saturating_sub(from.0) / SECONDS_PER_DAY;
    let unit = if days(at, end) <= DAYS_MOST { Unit::Day } else { Unit::Month };
    let last = UnixSeconds(end.0.saturating_sub(1));
    let mut bars: BTreeMap<String, u64> = unit.names(at, last).into_iter().map(|name| (name, 0)).collect();
    let mut sheet = Sheet::new(
        "expiring",
        &[
            ("expires_at", Holds::Text),
            ("days_left", Holds::Number),
            ("license", Holds::Text),
            ("serial", Holds::Number),
            ("product", Holds::Text),
            ("edition", Holds::Text),
            ("class", Holds::Text),
            ("quantity", Holds::Count),
            ("customer", Holds::Text),
            ("order", Holds::Text),
        ],
    );
    for (ends, facts) in soon {
        let bar = bars.entry(unit.name(ends)).or_default();
        *bar = bar.saturating_add(1);
        sheet.row(vec![
            json!(timespec::format(ends)),
            json!(days(at, ends)),
            json!(facts.license),
            json!(facts.serial),
            json!(facts.product),
            json!(facts.edition),
            json!(facts.class),
            json!(facts.quantity),
            json!(facts.customer),
            json!(facts.order),
        ]);
    }
    let chart = Chart {
        title: format!("Licenses that end within {} days of {}", days(at, end), Unit::Day.name(at)),
        scope: scope.words(),
        counted: "licenses",
        by: unit.word(),
        series: vec!["licenses"],
        bars: bars.into_iter().map(|(label, count)| Bar { label, values: vec![count] }).collect(),
        is_horizontal: false,
    };
    Ok(Report { sheet, chart })
}
