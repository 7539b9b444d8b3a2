//! The optional fields of a license, which are items of its code: one `match` for each thing that this tool does with them.
//! An item of the core's table that is forgotten here does not compile.

use lic2::seal::LicenseDraft;
use lic2::{License, LicenseItem, UnixSeconds, VersionRange};
use serde_json::{Value, json};

use crate::check::check_range;
use crate::content::{Content, DayCount, LedgerOnly};
use crate::exit::{Failure, Result};
use crate::time_text::TimeText;
use crate::ui::printable;
use crate::{timespec, versions};

/// The order in which they are shown, in four groups with the other fields of a license between them.
const SHOWN: [&[LicenseItem]; 4] = {
    use LicenseItem::{
        AddOn, Customer, Edition, GraceDays, LeaseDays, MaintenanceUntil, NotBefore, Order, Quantity, Versions,
    };
    [&[AddOn, Edition, Quantity], &[NotBefore], &[GraceDays, LeaseDays, Versions, MaintenanceUntil], &[Customer, Order]]
};

const _: () = {
    let mut items = LicenseItem::ALL.as_slice();
    while let [item, after @ ..] = items {
        assert!(places(*item) == 1, "an item is in SHOWN once");
        items = after;
    }
};

/// In how many places of [`SHOWN`] an item stands.
const fn places(item: LicenseItem) -> usize {
    let (mut count, mut groups) = (0, SHOWN.as_slice());
    while let [group, after @ ..] = groups {
        let mut items: &[LicenseItem] = group;
        while let [shown, after @ ..] = items {
            if shown.number() == item.number() {
                count += 1;
            }
            items = after;
        }
        groups = after;
    }
    count
}

/// A label and a value for people, for each field of this group that is there to be shown.
pub(crate) fn words(group: usize, license: &License<'_>) -> Vec<(&'static str, String)> {
    SHOWN.get(group).into_iter().copied().flatten().filter_map(|item| of_item(*item, license)).collect()
}

fn of_item(item: LicenseItem, license: &License<'_>) -> Option<(&'static str, String)> {
    Some(match item {
        LicenseItem::NotBefore => ("starts", timespec::words(license.not_before?)),
        LicenseItem::GraceDays if license.grace_days == 0 => return None,
        LicenseItem::GraceDays => ("grace", format!("{} days", license.grace_days)),
        LicenseItem::LeaseDays if license.lease_days == 0 => return None,
        LicenseItem::LeaseDays => ("lease", format!("a newer document every {} days", license.lease_days)),
        LicenseItem::Versions => ("versions", versions::format_range(license.versions?)),
        LicenseItem::MaintenanceUntil => {
            ("maintenance", format!("builds made before {}", timespec::words(license.maintenance_until?)))
        }
        LicenseItem::Quantity => ("quantity", license.quantity.to_string()),
        LicenseItem::Edition => ("edition", license.edition?.to_string()),
        LicenseItem::Customer => ("customer", printable(&license.customer?)),
        LicenseItem::Order => ("order", printable(&license.order?)),
        LicenseItem::AddOn if !license.add_on => return None,
        LicenseItem::AddOn => ("add-on", "yes: grants nothing without a license for the product itself".into()),
    })
}

/// The value in JSON, under the item's name.
pub(crate) fn value(item: LicenseItem, license: &License<'_>) -> Value {
    match item {
        LicenseItem::NotBefore => json!(license.not_before.map(timespec::format)),
        LicenseItem::GraceDays => json!(license.grace_days),
        LicenseItem::LeaseDays => json!(license.lease_days),
        LicenseItem::Versions => json!(license.versions.map(|range| json!({
            "from": versions::format_version(range.from), "to": versions::format_version(range.to),
        }))),
        LicenseItem::MaintenanceUntil => json!(license.maintenance_until.map(timespec::format)),
        LicenseItem::Quantity => json!(license.quantity),
        LicenseItem::Edition => json!(license.edition),
        LicenseItem::Customer => json!(license.customer),
        LicenseItem::Order => json!(license.order),
        LicenseItem::AddOn => json!(license.add_on),
    }
}

/// States the content of a license again, for its next issue. `customer` is the one of the ledger. Texts that the code
/// does not carry, its next issue does not carry either; each issue has an order of its own.
pub(crate) fn restate(item: LicenseItem, license: &License<'_>, customer: Option<&str>, content: &mut Content) {
    let time = |time: Option<UnixSeconds>| time.map(|time| TimeText::from(timespec::format(time).as_str()));
    let days = |days: u16| Some(DayCount(days)).filter(|days| days.0 != 0);
    match item {
        LicenseItem::NotBefore => content.not_before = time(license.not_before),
        LicenseItem::GraceDays => content.grace_days = days(license.grace_days),
        LicenseItem::LeaseDays => content.lease_days = days(license.lease_days),
        LicenseItem::Versions => content.versions = license.versions.map(versions::format_range),
        LicenseItem::MaintenanceUntil => content.maintenance_until = time(license.maintenance_until),
        LicenseItem::Quantity => content.quantity = Some(license.quantity),
        LicenseItem::Edition => content.edition = license.edition.map(|text| text.to_string()),
        LicenseItem::Customer => {
            content.customer = customer.map(Into::into);
            if license.customer.is_none() {
                content.ledger_only.push(LedgerOnly::Customer);
            }
        }
        LicenseItem::Order if license.order.is_none() => content.ledger_only.push(LedgerOnly::Order),
        LicenseItem::Order => {}
        LicenseItem::AddOn => content.add_on = license.add_on,
    }
}

/// Dates that end a right before the license does, with what they end and the flag that states them.
pub(crate) fn dates(item: LicenseItem, content: &Content) -> Option<(&TimeText, &'static str)> {
    match item {
        LicenseItem::MaintenanceUntil => {
            content.maintenance_until.as_ref().map(|time| (time, "builds made at or after"))
        }
        LicenseItem::NotBefore
        | LicenseItem::GraceDays
        | LicenseItem::LeaseDays
        | LicenseItem::Versions
        | LicenseItem::Quantity
        | LicenseItem::Edition
        | LicenseItem::Customer
        | LicenseItem::Order
        | LicenseItem::AddOn => None,
    }
}

/// The flag that states an item, without the dashes before it.
pub(crate) fn flag(item: LicenseItem) -> String {
    item.name().replace('_', "-")
}

/// What is stated as a text for people and has to be resolved once.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) not_before: Option<UnixSeconds>,
    versions: Option<VersionRange>,
    maintenance_until: Option<UnixSeconds>,
}

impl Resolved {
    /// Resolves it for a license issued at `issued_at`.
    pub(crate) fn of(content: &Content, issued_at: UnixSeconds) -> Result<Self> {
        Ok(Self {
            not_before: resolve("not-before", &content.not_before, issued_at)?,
            maintenance_until: resolve("maintenance-until", &content.maintenance_until, issued_at)?,
            versions: content.versions.as_deref().map(versions::parse_range).transpose().map_err(Failure::usage)?,
        })
    }

    /// Puts the field into the draft.
    pub(crate) fn put<'a>(&self, item: LicenseItem, content: &'a Content, draft: &mut LicenseDraft<'a>) {
        let days = |days: Option<DayCount>| days.map_or(0, |days| days.0);
        match item {
            LicenseItem::NotBefore => draft.not_before = self.not_before,
            LicenseItem::GraceDays => draft.grace_days = days(content.grace_days),
            LicenseItem::LeaseDays => draft.lease_days = days(content.lease_days),
            LicenseItem::Versions => draft.versions = self.versions,
            LicenseItem::MaintenanceUntil => draft.maintenance_until = self.maintenance_until,
            LicenseItem::Quantity => draft.quantity = content.quantity.unwrap_or(1),
            LicenseItem::Edition => draft.edition = content.edition.as_deref(),
            LicenseItem::Customer => draft.customer = carried(content, LedgerOnly::Customer, &content.customer),
            LicenseItem::Order => draft.order = carried(content, LedgerOnly::Order, &content.order),
            LicenseItem::AddOn => draft.add_on = content.add_on,
        }
    }
}

/// The text, if the code is to carry it.
fn carried<'a>(content: &Content, field: LedgerOnly, text: &'a Option<String>) -> Option<&'a str> {
    text.as_deref().filter(|_| !content.ledger_only.contains(&field))
}

/// The point in time that is meant.
pub(crate) fn resolve(what: &str, text: &Option<TimeText>, issued_at: UnixSeconds) -> Result<Option<UnixSeconds>> {
    let Some(text) = text else { return Ok(None) };
    timespec::parse(&text.to_string(), issued_at)
        .and_then(|time| check_range(what, time).map(|()| Some(time)))
        .map_err(|failure| failure.at(what))
}
