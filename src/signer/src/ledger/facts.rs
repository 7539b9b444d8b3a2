//! The fields of an entry's text. The searchable columns come from it, and are compared with it again when the ledger
//! is verified.

use lic2::claim::{self, Claimed};
use lic2::{Content, DeviceContent, DocumentBuffer, Error, License, Term, UnixSeconds};

use crate::class_name::class_name;

/// The columns that come from a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// License id.
    pub license: Option<String>,
    /// Serial of the license.
    pub serial: Option<u32>,
    /// Product id.
    pub product: Option<String>,
    /// Edition or SKU.
    pub edition: Option<String>,
    /// Name of the class.
    pub class: Option<String>,
    /// How many licenses, seats or channels.
    pub quantity: Option<u32>,
    /// `perpetual`, `until`, `days-from-activation N` or `powered-hours N`.
    pub term: Option<String>,
    /// The end, if it is a date.
    pub expires_at: Option<UnixSeconds>,
    /// The customer, if the text names one.
    pub customer: Option<String>,
    /// The order, if the text names one.
    pub order: Option<String>,
}

impl Facts {
    /// What this text says.
    ///
    /// # Errors
    /// The library's.
    pub fn of_text(text: &[u8]) -> Result<Self, Error> {
        let mut memory = DocumentBuffer::new();
        Ok(match claim::read(text, &mut memory)?.content {
            Claimed::Seller { content, .. } => match content {
                Content::License(license) => Self::of_license(&license),
                Content::RevocationList(list) => Self::of_product(&list.product),
                Content::TimeToken(token) => Self::of_product(&token.product),
                Content::Unlock(unlock) => Self::of_product(&unlock.product),
                _ => Self::default(),
            },
            Claimed::Certificate(_) => Self::default(),
            Claimed::Device(document) => match document.content() {
                DeviceContent::Receipt(receipt) => Self {
                    license: Some(receipt.license.to_string()),
                    serial: Some(receipt.serial),
                    ..Self::of_product(&receipt.product)
                },
                DeviceContent::Request(request) => Self::of_product(&request.product),
                DeviceContent::UsageReport(report) => Self::of_product(&report.product),
                _ => Self::default(),
            },
        })
    }

    fn of_product(product: &str) -> Self {
        Self { product: Some(product.into()).filter(|product: &String| !product.is_empty()), ..Self::default() }
    }

    fn of_license(license: &License<'_>) -> Self {
        let (term, expires_at) = match license.term {
            Term::Perpetual => ("perpetual".into(), None),
            Term::Until(end) => ("until".into(), Some(end)),
            Term::DaysFromActivation(days) => (format!("days-from-activation {days}"), None),
            Term::PoweredHours(hours) => (format!("powered-hours {hours}"), None),
        };
        Self {
            license: Some(license.id.to_string()),
            serial: Some(license.serial),
            product: Some(license.product.to_string()),
            edition: license.edition.map(|text| text.to_string()),
            class: Some(class_name(license.class).into()),
            quantity: Some(license.quantity),
            term: Some(term),
            expires_at,
            customer: license.customer.map(|text| text.to_string()),
            order: license.order.map(|text| text.to_string()),
        }
    }
}
