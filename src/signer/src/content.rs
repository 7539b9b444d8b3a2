//! The content of a license as the seller states it: by flags, by a file, or by both, where flags win.

mod value;

use std::path::Path;

use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

pub use self::value::{ClassName, DayCount, LedgerOnly};
use crate::device::{HexIdentity, Identity, Share};
use crate::esn::Esn;
use crate::exit::{Failure, Result};
use crate::feature::FeatureSpec;
use crate::fingerprint::Fingerprint;
use crate::item::ItemSpec;
use crate::time_text::TimeText;
use crate::ui;

/// Every field of a license. In a file, the keys are the names of the flags without the dashes.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Content {
    /// License id: the marketplace's code or instance id, or your own id
    #[arg(long)]
    pub id: Option<String>,
    /// Number of the issue of this license; the highest wins [default: 1, or the next one in the ledger]
    #[arg(long, value_name = "N")]
    pub serial: Option<u32>,
    /// Class of the license [default: commercial]
    #[arg(long)]
    pub class: Option<ClassName>,
    /// Product id
    #[arg(long)]
    pub product: Option<String>,
    /// Edition or SKU
    #[arg(long)]
    pub edition: Option<String>,
    /// How many licenses, seats or channels [default: 1]
    #[arg(long, value_name = "N")]
    pub quantity: Option<u32>,
    /// End of the term (exclusive); a date means its beginning in UTC
    #[arg(long, value_name = "TIME")]
    pub until: Option<TimeText>,
    /// No end
    #[arg(long)]
    pub perpetual: bool,
    /// Days of the term, counted from the first activation
    #[arg(long, value_name = "DAYS")]
    pub days_from_activation: Option<DayCount>,
    /// Powered-on hours of the term, counted from the first activation
    #[arg(long, value_name = "HOURS")]
    pub powered_hours: Option<u32>,
    /// Start of the term, if later than now
    #[arg(long, value_name = "TIME")]
    pub not_before: Option<TimeText>,
    /// Grace days after the end
    #[arg(long, value_name = "DAYS")]
    pub grace_days: Option<DayCount>,
    /// Lease: days within which a newer signed document must reach the device
    #[arg(long, value_name = "DAYS")]
    pub lease_days: Option<DayCount>,
    /// Covered product versions, for example 2 or 1.2.0..2.*
    #[arg(long, value_name = "RANGE")]
    pub versions: Option<String>,
    /// Builds made at or after this time are not covered
    #[arg(long, value_name = "TIME")]
    pub maintenance_until: Option<TimeText>,
    /// Bind to a device by an identity component such as esn:VALUE (repeat with --match)
    #[arg(long, value_name = "KIND:VALUE")]
    pub device: Vec<Identity>,
    /// The same, with the value in hexadecimal
    #[arg(long, value_name = "KIND:HEX")]
    pub device_hex: Vec<HexIdentity>,
    /// Bind to the device with this ESN, as a buyer types it: spaces, dashes and lower case do not matter
    #[arg(long)]
    pub esn: Option<Esn>,
    /// Bind to the machine with this fingerprint of the marketplace: MAC|disk|board|cpu; more than half of its parts
    /// must match, unless you pass --match
    #[arg(long, value_name = "TEXT")]
    pub fingerprint: Option<Fingerprint>,
    /// How many of the device's components must match: those of --device, --fingerprint or --request
    #[arg(long = "match", value_name = "K", visible_alias = "needed")]
    #[serde(rename = "match")]
    pub needed: Option<u8>,
    /// Bind to a table of devices, each with its quantity (repeat)
    #[arg(long, value_name = "KIND:VALUE=COUNT")]
    pub allocation: Vec<Share>,
    /// Bind to the device that holds this Ed25519 public key
    #[arg(long, value_name = "HEX")]
    pub device_key: Option<String>,
    /// Salt of the device hashes, four bytes [default: random]
    #[arg(long, value_name = "HEX")]
    pub salt: Option<String>,
    /// A feature: NAME, NAME=limit:64, =quota:N, =overage:N or =text:WORDS, each with @TIME to end earlier (repeat)
    #[arg(long, value_name = "FEATURE")]
    pub feature: Vec<FeatureSpec>,
    /// Add-on: only adds features to another license for the same product
    #[arg(long)]
    pub add_on: bool,
    /// Customer reference
    #[arg(long)]
    pub customer: Option<String>,
    /// Order number
    #[arg(long)]
    pub order: Option<String>,
    /// Record this only in the ledger, not in the code: order, customer (repeat)
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub ledger_only: Vec<LedgerOnly>,
    /// Custom data: number 1000 to 32767 and hex:BYTES or text:WORDS (repeat)
    #[arg(long, value_name = "N=hex:BYTES")]
    pub item: Vec<ItemSpec>,
}

/// What the next issue of a license may say otherwise by flags.
#[derive(Args, Clone, Debug)]
pub struct Changes {
    /// Edition or SKU
    #[arg(long)]
    edition: Option<String>,
    /// How many licenses, seats or channels
    #[arg(long, value_name = "N")]
    quantity: Option<u32>,
    /// A feature to add or to replace, as for lic2-signer issue (repeat)
    #[arg(long, value_name = "FEATURE")]
    feature: Vec<FeatureSpec>,
    /// Grace days after the end
    #[arg(long, value_name = "DAYS")]
    grace_days: Option<DayCount>,
    /// Lease: days within which a newer signed document must reach the device
    #[arg(long, value_name = "DAYS")]
    lease_days: Option<DayCount>,
    /// Covered product versions, for example 2 or 1.2.0..2.*
    #[arg(long, value_name = "RANGE")]
    versions: Option<String>,
    /// Builds made at or after this time are not covered
    #[arg(long, value_name = "TIME")]
    maintenance_until: Option<TimeText>,
    /// Customer reference
    #[arg(long)]
    customer: Option<String>,
    /// Custom data, as for lic2-signer issue (repeat)
    #[arg(long, value_name = "N=hex:BYTES")]
    item: Vec<ItemSpec>,
}

impl From<Changes> for Content {
    fn from(changes: Changes) -> Self {
        let Changes { edition, quantity, feature, grace_days, lease_days, versions, maintenance_until, customer, item } =
            changes;
        Self {
            edition,
            quantity,
            feature,
            grace_days,
            lease_days,
            versions,
            maintenance_until,
            customer,
            item,
            ..Self::default()
        }
    }
}

impl Content {
    /// Reads a content file, TOML or JSON; `-` is stdin.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be read, 1 for anything in it that is not understood.
    pub fn read(path: &Path) -> Result<Self> {
        let text = ui::read_text(path)?;
        let json = path.extension().is_some_and(|extension| extension == "json") || text.trim_start().starts_with('{');
        let content =
            if json { serde_json::from_str(&text).map_err(|error| error.to_string()) } else { toml_text(&text) };
        content.map_err(|error| {
            Failure::usage(format!("{}: {error}", path.display()))
                .hint("the keys of a content file are the flags of lic2-signer issue without the dashes")
        })
    }

    /// These values where stated, otherwise those of `base`. Term and binding are replaced as a whole; features
    /// and items by name.
    #[must_use]
    pub fn over(self, mut base: Self) -> Self {
        if self.states_term() {
            base.clear_term();
        }
        if self.states_binding() {
            base.clear_binding();
        }
        base.feature.retain(|old| !self.feature.iter().any(|new| new.name == old.name));
        base.item.retain(|old| !self.item.iter().any(|new| new.number == old.number));
        Self {
            id: self.id.or(base.id),
            serial: self.serial.or(base.serial),
            class: self.class.or(base.class),
            product: self.product.or(base.product),
            edition: self.edition.or(base.edition),
            quantity: self.quantity.or(base.quantity),
            until: self.until.or(base.until),
            perpetual: self.perpetual || base.perpetual,
            days_from_activation: self.days_from_activation.or(base.days_from_activation),
            powered_hours: self.powered_hours.or(base.powered_hours),
            not_before: self.not_before.or(base.not_before),
            grace_days: self.grace_days.or(base.grace_days),
            lease_days: self.lease_days.or(base.lease_days),
            versions: self.versions.or(base.versions),
            maintenance_until: self.maintenance_until.or(base.maintenance_until),
            device: [base.device, self.device].concat(),
            device_hex: [base.device_hex, self.device_hex].concat(),
            esn: self.esn.or(base.esn),
            fingerprint: self.fingerprint.or(base.fingerprint),
            needed: self.needed.or(base.needed),
            allocation: [base.allocation, self.allocation].concat(),
            device_key: self.device_key.or(base.device_key),
            salt: self.salt.or(base.salt),
            feature: [base.feature, self.feature].concat(),
            add_on: self.add_on || base.add_on,
            customer: self.customer.or(base.customer),
            order: self.order.or(base.order),
            ledger_only: [base.ledger_only, self.ledger_only].concat(),
            item: [base.item, self.item].concat(),
        }
    }

    /// What is stated, by the names of the flags and in one spelling of what means the same. `device` is the device
    /// that it comes to, in the spelling that identifies it.
    #[must_use]
    pub(crate) fn canonical(&self, device: Option<&str>) -> Value {
        // Every field is named here, so that none is forgotten: two orders that differ in it are two orders.
        let Self {
            id,
            serial,
            class,
            product,
            edition,
            quantity,
            until,
            perpetual,
            days_from_activation,
            powered_hours,
            not_before,
            grace_days,
            lease_days,
            versions,
            maintenance_until,
            device: _,
            device_hex: _,
            esn: _,
            fingerprint: _,
            needed,
            allocation: _,
            device_key: _,
            salt,
            feature,
            add_on,
            customer,
            order,
            ledger_only,
            item,
        } = self;
        let time = |text: &Option<TimeText>| text.as_ref().map(TimeText::canonical);
        let days = |days: &Option<DayCount>| days.map(|days| days.0).filter(|days| *days != 0);
        let sorted = |mut list: Vec<String>| {
            list.sort();
            list
        };
        let mut apart = sorted(ledger_only.iter().map(|field| field.name().to_owned()).collect());
        apart.dedup();
        json!({
            "id": id,
            "serial": serial,
            "class": class.unwrap_or(ClassName::Commercial).name(),
            "product": product,
            "edition": edition,
            "quantity": quantity.unwrap_or(1),
            "until": if *perpetual { Some("perpetual".into()) } else { time(until) },
            "days-from-activation": days_from_activation.map(|days| days.0),
            "powered-hours": powered_hours,
            "not-before": time(not_before),
            "grace-days": days(grace_days),
            "lease-days": days(lease_days),
            "versions": versions,
            "maintenance-until": time(maintenance_until),
            "device": device,
            "match": needed,
            "salt": salt.as_ref().map(|salt| salt.to_lowercase()),
            "feature": sorted(feature.iter().map(FeatureSpec::canonical).collect()),
            "add-on": add_on.then_some(true),
            "customer": customer,
            "order": order,
            "ledger-only": apart,
            "item": sorted(item.iter().map(ItemSpec::canonical).collect()),
        })
    }

    /// How many ways of stating a term are used.
    pub(crate) fn term_count(&self) -> usize {
        usize::from(self.until.is_some())
            + usize::from(self.perpetual)
            + usize::from(self.days_from_activation.is_some())
            + usize::from(self.powered_hours.is_some())
    }

    fn states_term(&self) -> bool {
        self.term_count() > 0
    }

    pub(crate) fn clear_term(&mut self) {
        self.until = None;
        self.perpetual = false;
        self.days_from_activation = None;
        self.powered_hours = None;
    }

    pub(crate) fn states_binding(&self) -> bool {
        !(self.device.is_empty() && self.device_hex.is_empty() && self.allocation.is_empty())
            || self.device_key.is_some()
            || self.esn.is_some()
            || self.fingerprint.is_some()
    }

    fn clear_binding(&mut self) {
        self.device.clear();
        self.device_hex.clear();
        self.esn = None;
        self.fingerprint = None;
        self.needed = None;
        self.allocation.clear();
        self.device_key = None;
    }
}

fn toml_text(text: &str) -> std::result::Result<Content, String> {
    toml::from_str(text).map_err(|error| error.to_string().trim_end().replace('\n', "\n  "))
}
