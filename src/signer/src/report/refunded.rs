//! `report refunded`: refunds.

use std::collections::BTreeMap;

use lic2::UnixSeconds;
use serde_json::json;

use super::calendar::Unit;
use super::plot::{Bar, Chart};
use super::sheet::{Holds, Sheet};
use super::{Report, Scope};
use crate::exit::Result;
use crate::ledger::{Event, Filter, View};
use crate::timespec;

/// Refunds in their order: of whole licenses, and of a part of the term.
///
/// # Errors
/// Exit codes 2 and 5 if the ledger cannot be read.
pub fn refunded(view: View<'_>, scope: &Scope, unit: Unit) -> Result<Report> {
    let mut sheet = Sheet::new(
        "refunded",
        &[
            ("at", Holds::Text),
            ("refund", Holds::Text),
            ("license", Holds::Text),
            ("serial", Holds::Number),
            ("product", Holds::Text),
            ("edition", Holds::Text),
            ("quantity", Holds::Number),
            ("expires_at", Holds::Text),
            ("customer", Holds::Text),
            ("order", Holds::Text),
            ("order_line", Holds::Text),
        ],
    );
    let mut counts: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let mut span: Option<(UnixSeconds, UnixSeconds)> = None;
    let filter = Filter { events: vec![Event::Refund], since: scope.from, before: scope.to, ..Filter::default() };
    view.each(&filter, |entry| {
        let is_partial = entry.is_code();
        let mut facts = entry.facts;
        if facts.product.is_none() {
            // An entry without a code says which license it is about; the latest code of that says the rest.
            if let Some(latest) = facts.license.as_deref().map(|license| view.latest(license)).transpose()?.flatten() {
                facts.product = latest.facts.product;
                facts.class = latest.facts.class;
                facts.edition = facts.edition.or(latest.facts.edition);
                facts.customer = facts.customer.or(latest.facts.customer);
            }
        }
        if !scope.counts(facts.product.as_deref(), facts.class.as_deref()) {
            return Ok(());
        }
        let (first, last) = span.unwrap_or((entry.at, entry.at));
        span = Some((first.min(entry.at), last.max(entry.at)));
        let [whole, part] = counts.entry(unit.name(entry.at)).or_default();
        let count = if is_partial { part } else { whole };
        *count = count.saturating_add(1);
        sheet.row(vec![
            json!(timespec::format(entry.at)),
            json!(if is_partial { "part" } else { "whole" }),
            json!(facts.license),
            json!(facts.serial),
            json!(facts.product),
            json!(facts.edition),
            json!(facts.quantity),
            json!(facts.expires_at.map(timespec::format)),
            json!(facts.customer),
            json!(facts.order),
            json!(entry.order_line),
        ]);
        Ok(())
    })?;
    let names = span.map(|(first, last)| unit.names(first, last)).unwrap_or_default();
    let chart = Chart {
        title: format!("Refunds by {}", unit.word()),
        scope: scope.words(),
        counted: "refunds",
        by: unit.word(),
        series: vec!["whole license", "part of the term"],
        bars: names
            .into_iter()
            .map(|label| Bar { values: counts.get(&label).copied().unwrap_or_default().to_vec(), label })
            .collect(),
        is_horizontal: false,
    };
    Ok(Report { sheet, chart })
}
