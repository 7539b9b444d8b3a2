//! `report by-product`: the licenses of each product by state.

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

const STATES: [State; 5] = [State::Active, State::Expired, State::Frozen, State::Released, State::Refunded];

#[derive(Default)]
struct Group {
    codes: u64,
    states: [u64; STATES.len()],
    quantity: u64,
}

/// The licenses whose first code is of the period, by product and by their state at `at`.
///
/// # Errors
/// Exit codes 2 and 5 if the ledger cannot be read.
pub fn by_product(view: View<'_>, scope: &Scope, at: UnixSeconds) -> Result<Report> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for life in lives(view, scope, at)? {
        if !scope.covers(life.first) {
            continue;
        }
        let facts = life.standing.latest.facts;
        let group = groups.entry(facts.product.unwrap_or_default()).or_default();
        group.codes = group.codes.saturating_add(life.codes);
        for (count, state) in group.states.iter_mut().zip(STATES) {
            *count = count.saturating_add(u64::from(state == life.standing.state));
        }
        if life.standing.state == State::Active {
            group.quantity = group.quantity.saturating_add(facts.quantity.unwrap_or(1).into());
        }
    }
    let mut columns = vec![("product", Holds::Text), ("licenses", Holds::Count), ("codes", Holds::Count)];
    columns.extend(STATES.map(|state| (state.name(), Holds::Count)));
    columns.push(("active_quantity", Holds::Count));
    let mut sheet = Sheet::new("by-product", &columns);
    let mut bars = Vec::new();
    for (product, group) in groups {
        let licenses = group.states.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let mut row = vec![json!(product), json!(licenses), json!(group.codes)];
        row.extend(group.states.map(|count| json!(count)));
        row.push(json!(group.quantity));
        sheet.row(row);
        bars.push(Bar { label: product, values: group.states.to_vec() });
    }
    let chart = Chart {
        title: format!("Licenses by product at {}", timespec::format(at)),
        scope: scope.words(),
        counted: "licenses",
        by: "product",
        series: STATES.map(State::name).to_vec(),
        bars,
        is_horizontal: true,
    };
    Ok(Report { sheet, chart })
}
