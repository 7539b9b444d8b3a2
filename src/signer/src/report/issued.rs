//! `report issued`: codes by period and occasion.

use std::collections::BTreeMap;

use lic2::UnixSeconds;
use serde_json::json;

use super::calendar::Unit;
use super::plot::{Bar, Chart};
use super::sheet::{Holds, Sheet};
use super::{Report, Scope};
use crate::exit::Result;
use crate::ledger::{Event, Filter, View};

const OCCASIONS: [(Event, &str); 4] =
    [(Event::Issue, "issued"), (Event::Renew, "renewed"), (Event::Upgrade, "upgraded"), (Event::Refund, "shortened")];

/// Codes by day, month or year, whatever became of their licenses.
///
/// # Errors
/// Exit codes 2 and 5 if the ledger cannot be read.
pub fn issued(view: View<'_>, scope: &Scope, unit: Unit) -> Result<Report> {
    let mut counts: BTreeMap<String, [u64; OCCASIONS.len()]> = BTreeMap::new();
    let mut span: Option<(UnixSeconds, UnixSeconds)> = None;
    let events = OCCASIONS.map(|(event, _)| event).to_vec();
    let filter = Filter { events, since: scope.from, before: scope.to, ..Filter::default() };
    view.each(&filter, |entry| {
        if !entry.is_code() || !scope.counts(entry.facts.product.as_deref(), entry.facts.class.as_deref()) {
            return Ok(());
        }
        let (first, last) = span.unwrap_or((entry.at, entry.at));
        span = Some((first.min(entry.at), last.max(entry.at)));
        let counts = counts.entry(unit.name(entry.at)).or_default();
        for (count, (event, _)) in counts.iter_mut().zip(OCCASIONS) {
            *count = count.saturating_add(u64::from(event == entry.event));
        }
        Ok(())
    })?;
    let mut columns = vec![(unit.word(), Holds::Text)];
    columns.extend(OCCASIONS.map(|(_, name)| (name, Holds::Count)));
    columns.push(("codes", Holds::Count));
    let mut sheet = Sheet::new("issued", &columns);
    let mut bars = Vec::new();
    for name in span.map(|(first, last)| unit.names(first, last)).unwrap_or_default() {
        let values = counts.get(&name).copied().unwrap_or_default();
        let mut row = vec![json!(name)];
        row.extend(values.map(|value| json!(value)));
        row.push(json!(values.iter().fold(0_u64, |sum, value| sum.saturating_add(*value))));
        sheet.row(row);
        bars.push(Bar { label: name, values: values.to_vec() });
    }
    let chart = Chart {
        title: format!("Codes issued by {}", unit.word()),
        scope: scope.words(),
        counted: "codes",
        by: unit.word(),
        series: OCCASIONS.map(|(_, name)| name).to_vec(),
        bars,
        is_horizontal: false,
    };
    Ok(Report { sheet, chart })
}
