//! Usage reports: how much was used since the one before.

use lic2::{DeviceContent, DeviceDocument, Proof, UsageEntry, UsageReport};
use serde_json::{Value, json};

use crate::acceptance::Acceptance;
use crate::describe::{Table, device_json};
use crate::exit::{Failure, Result};
use crate::ui;

/// The usage report in a document that is one.
///
/// # Errors
/// Our bug.
pub fn report_of<'d, 'b>(document: &'d DeviceDocument<'b>) -> Result<&'d UsageReport<'b>> {
    match document.content() {
        DeviceContent::UsageReport(report) => Ok(report),
        DeviceContent::Request(_) | DeviceContent::Receipt(_) | _ => {
            Err(Failure::internal("a usage report is something else"))
        }
    }
}

/// One quota of a report, and from where its use counts.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'b> {
    /// As the device states it.
    pub entry: UsageEntry<'b>,
    /// The total that was accepted before.
    pub before: u64,
}

impl Counted<'_> {
    /// What was used since then; negative if uses were given back.
    #[must_use]
    pub fn difference(&self) -> i128 {
        i128::from(self.entry.used).saturating_sub(i128::from(self.before))
    }

    /// The line that says so.
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
pub fn is_same(one: &DeviceDocument<'_>, other: &DeviceDocument<'_>) -> bool {
    device_json(one.content(), one.proof()) == device_json(other.content(), other.proof())
}

/// Counts from what the device says was accepted before.
#[must_use]
pub fn count<'b>(report: &UsageReport<'b>) -> Vec<Counted<'b>> {
    report.entries.map(|entry| Counted { entry, before: entry.reported }).collect()
}

/// A report that was accepted already: nothing is new.
#[must_use]
pub fn count_again<'b>(report: &UsageReport<'b>) -> Vec<Counted<'b>> {
    report.entries.map(|entry| Counted { entry, before: entry.used }).collect()
}

/// Counts from the report that was accepted before, and warns where the device counts differently.
#[must_use]
pub fn count_from<'b>(report: &UsageReport<'b>, previous: &UsageReport<'_>) -> Vec<Counted<'b>> {
    let counted = report.entries.map(|entry| {
        let known = previous.entries.into_iter().find(|old| (old.license, old.feature) == (entry.license, entry.feature));
        let UsageEntry { license, feature, used, reported, .. } = entry;
        let before = known.map_or(reported, |known| known.used);
        if known.is_none() && reported != 0 {
            ui::warn(&format!("{feature} of {license} is not in the previous report: the device says {reported} before"));
        }
        if before != reported {
            ui::warn(&format!("{feature} of {license}: the device counts from {reported}, the previous report from {before}"));
        }
        if used < before {
            ui::warn(&format!(
                "{feature} of {license} went down from {before} to {used}: uses were given back, or an earlier copy of the \
                 device's state was put back"
            ));
        }
        Counted { entry, before }
    });
    counted.collect()
}

/// Whether a report can follow the one that was accepted before.
///
/// # Errors
/// Our bug.
pub fn compare(
    report: &UsageReport<'_>,
    proof: Proof,
    previous: &DeviceDocument<'_>,
    acceptance: &mut Acceptance,
) -> Result<()> {
    let before = report_of(previous)?;
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
