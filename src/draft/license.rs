//! What a seller states about a license before it is signed, and how its items are written.

use super::BindingDraft;
use crate::error::Error;
use crate::setters::setters;
use crate::time::{Stamp, UnixSeconds};
use crate::version::VersionRange;
use crate::wire::feature::Feature;
use crate::wire::item::{self, Item};
use crate::wire::license::{Class, LicenseItem, Term};
use crate::wire::output::Output;

/// The content of a code before it is signed. Lists are in ascending order of name or number.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LicenseDraft<'a> {
    /// License id.
    pub id: &'a str,
    /// Number of the issue, from 1.
    pub serial: u32,
    /// What it is made for.
    pub class: Class,
    /// Product id.
    pub product: &'a str,
    /// When it is signed.
    pub issued_at: UnixSeconds,
    /// How long it lasts.
    pub term: Term,
    /// What ties it to a device.
    pub binding: BindingDraft<'a>,
    /// The features.
    pub features: &'a [Feature<'a>],
    /// When it starts.
    pub not_before: Option<UnixSeconds>,
    /// Days of use after the end; 0 for none.
    pub grace_days: u16,
    /// Days within which a newer document must arrive; 0 for no such duty.
    pub lease_days: u16,
    /// Covered versions.
    pub versions: Option<VersionRange>,
    /// Builds made at or after this time are not covered.
    pub maintenance_until: Option<UnixSeconds>,
    /// How many were bought; 1 is not written.
    pub quantity: u32,
    /// Edition or SKU.
    pub edition: Option<&'a str>,
    /// Customer reference.
    pub customer: Option<&'a str>,
    /// Order reference.
    pub order: Option<&'a str>,
    /// Whether it only adds features to another license for the same product.
    pub add_on: bool,
    /// Further items, in ascending order, with numbers that no field has: [`LicenseItem`].
    pub extensions: &'a [Item<'a>],
}

impl<'a> LicenseDraft<'a> {
    /// A perpetual commercial license, first issue, for any device and without features: the start of a draft.
    #[must_use]
    pub const fn new(id: &'a str, product: &'a str, issued_at: UnixSeconds) -> Self {
        Self {
            id,
            serial: 1,
            class: Class::Commercial,
            product,
            issued_at,
            term: Term::Perpetual,
            binding: BindingDraft::None,
            features: &[],
            not_before: None,
            grace_days: 0,
            lease_days: 0,
            versions: None,
            maintenance_until: None,
            quantity: 1,
            edition: None,
            customer: None,
            order: None,
            add_on: false,
            extensions: &[],
        }
    }

    setters! {
        with_id = (id: &'a str),
        with_serial = (serial: u32),
        with_class = (class: Class),
        with_product = (product: &'a str),
        with_issued_at = (issued_at: UnixSeconds),
        with_term = (term: Term),
        with_binding = (binding: BindingDraft<'a>),
        with_features = (features: &'a [Feature<'a>]),
        with_not_before = Some(not_before: UnixSeconds),
        with_grace_days = (grace_days: u16),
        with_lease_days = (lease_days: u16),
        with_versions = Some(versions: VersionRange),
        with_maintenance_until = Some(maintenance_until: UnixSeconds),
        with_quantity = (quantity: u32),
        with_edition = Some(edition: &'a str),
        with_customer = Some(customer: &'a str),
        with_order = Some(order: &'a str),
        with_add_on = (add_on: bool),
        with_extensions = (extensions: &'a [Item<'a>]),
    }
}

impl LicenseDraft<'_> {
    /// Writes the list of items: what is stated, and nothing of what is not.
    pub(crate) fn put_items(&self, out: &mut Output<'_>) -> Result<(), Error> {
        for item in LicenseItem::ALL {
            self.put_item(item, out)?;
        }
        self.extensions.iter().try_for_each(|item| item.put(out))
    }

    fn put_item(&self, item: LicenseItem, out: &mut Output<'_>) -> Result<(), Error> {
        match item {
            LicenseItem::NotBefore => put_time(item, self.not_before, out),
            LicenseItem::GraceDays => item::put_unless(0, item.with(&[]), self.grace_days, out),
            LicenseItem::LeaseDays => item::put_unless(0, item.with(&[]), self.lease_days, out),
            LicenseItem::Versions => match self.versions {
                Some(range) => item::put_value(item.with(&[]), &range, out),
                None => Ok(()),
            },
            LicenseItem::MaintenanceUntil => put_time(item, self.maintenance_until, out),
            LicenseItem::Quantity => item::put_unless(1, item.with(&[]), self.quantity, out),
            LicenseItem::Edition => put_text(item, self.edition, out),
            LicenseItem::Customer => put_text(item, self.customer, out),
            LicenseItem::Order => put_text(item, self.order, out),
            LicenseItem::AddOn if self.add_on => item.with(&[]).put(out),
            LicenseItem::AddOn => Ok(()),
        }
    }
}

fn put_time(item: LicenseItem, time: Option<UnixSeconds>, out: &mut Output<'_>) -> Result<(), Error> {
    let Some(time) = time else { return Ok(()) };
    item::put_value(item.with(&[]), &Stamp::from_unix(time).ok_or(Error::PayloadValue)?, out)
}

fn put_text(item: LicenseItem, text: Option<&str>, out: &mut Output<'_>) -> Result<(), Error> {
    text.map_or(Ok(()), |text| item.with(text.as_bytes()).put(out))
}
