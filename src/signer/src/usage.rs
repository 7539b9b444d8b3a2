//! Usage reports: the use since the previous one.

use lic2::{Proof, UsageEntry};
use serde_json::{Value, json};

use crate::acceptance::Acceptance;
use crate::describe::Table;
use crate::exit::Result;
use crate::joined::Joined;
use crate::ui;

/// One quota of a report, and from where its use counts.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'b> {
    /// As the device states it.
    pub entry: UsageEntry<'b>,
    /// The total that was accepted before.
    pub before: u64,
}

impl Counted<'_> {
    /// The use since then; negative if uses were returned.
    #[must_use]
    pub fn difference(&self) -> i128 {
        i128::from(self.entry.used).saturating_sub(i128::from(self.before))
    }

    /// Its line.
    pub fn words(&self, table: &mut Table) {
        let UsageEntry { license, serial, feature, used, .. } = self.entry;
        let difference = self.difference();
        table.row("used", format_args!("{feature} of {license} (issue {serial}): {difference:+}, {used} in total"));
    }

    /// The same as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let UsageEntry { license, serial, feature, used, reported } = self.entry;
        let difference = match u64::try_from(self.difference()) {
            Ok(more) => json!(more),
            Err(_) => json!(i64::try_from(self.difference()).unwrap_or(i64::MIN)),
        };
        json!({
            "license": license, "serial": serial, "feature": feature, "used": used, "reported": reported,
            "before": self.before, "difference": difference,
        })
    }
}

/// Whether both are the same report.
#[must_use]
pub fn is_same(one: &Joined<'_>, other: &Joined<'_>) -> bool {
    one.json() == other.json()
}

/// Counts from the device's own statement of the last accepted report.
#[must_use]
pub fn count<'b>(report: &Joined<'b>) -> Vec<Counted<'b>> {
    report.entries().into_iter().map(|entry| Counted { entry, before: entry.reported }).collect()
}

/// A report that was accepted already: nothing is new.
#[must_use]
pub fn count_again<'b>(report: &Joined<'b>) -> Vec<Counted<'b>> {
    report.entries().into_iter().map(|entry| Counted { entry, before: entry.used }).collect()
}

/// Counts from the report that was accepted before, and warns where the device counts differently.
#[must_use]
pub fn count_from<'b>(report: &Joined<'b>, previous: &Joined<'_>) -> Vec<Counted<'b>> {
    let before = previous.entries();
    let counted = report.entries().into_iter().map(|entry| {
        let known = before.iter().find(|old| (old.license, old.feature) == (entry.license, entry.feature));
        let UsageEntry { license, feature, used, reported, .. } = entry;
        let before = known.map_or(reported, |known| known.used);
        if known.is_none() && reported != 0 {
            ui::warn(&format!(
                "{feature} of {license} is not in the previous report: the device states {reported} \
                               before"
            ));
        }
        if before != reported {
            ui::warn(&format!(
                "{feature} of {license}: the device counts from {reported}, the previous report from {before}"
            ));
        }
        if used < before {
            ui::warn(&format!(
                "{feature} of {license} went down from {before} to {used}: uses were returned, or an earlier copy \
                 of the device's state was restored"
            ));
        }
        Counted { entry, before }
    });
    counted.collect()
}

/// Whether a report can follow the one that was accepted before.
///
/// # Errors
/// A bug in this tool.
pub fn compare(report: &Joined<'_>, previous: &Joined<'_>, acceptance: &mut Acceptance) -> Result<()> {
    let proof = report.proof();
    let (report, before) = (report.usage()?, previous.usage()?);
    acceptance.check("product", report.product == before.product, || {
        format!("the report is from product {}, and the previous one from {}", report.product, before.product)
    });
    acceptance.check("number", report.number > before.number, || {
        format!("report {} is not later than report {}, which was accepted before", report.number, before.number)
    });
    if let Proof::Signed(key) = previous.proof() {
        acceptance.check_key(proof, &key);
    }
    Ok(())
}
