//! The last sold issue, from its code in the ledger, in the form of a seller's content.

use lic2::claim::{self, Claimed};
use lic2::seal::ITEM_NUMBER_VENDOR;
use lic2::{Binding, Class, DocumentBuffer, Feature, Item, License, LicenseItem, Right, Term};

use crate::binding::OwnedBinding;
use crate::content::{ClassName, Content, DayCount};
use crate::exit::{Exit, Failure, Result};
use crate::feature::{FeatureSpec, Grant};
use crate::item::ItemSpec;
use crate::ledger::Entry;
use crate::{fields, timespec};

/// The latest issue of a license.
#[derive(Clone, Debug)]
pub struct Sold {
    /// What it states, without serial and binding. Times are points in time.
    pub content: Content,
    /// Its binding: hashes and salt, as in the code.
    pub binding: OwnedBinding,
    /// How long it lasts.
    pub term: Term,
    /// Its entry in the ledger.
    pub entry: Entry,
}

impl Sold {
    /// Reads the code in an entry.
    ///
    /// # Errors
    /// Exit code 5 if the entry holds none, or one that states what this version cannot state again.
    pub fn of_entry(entry: Entry) -> Result<Self> {
        let mut memory = DocumentBuffer::new();
        let text = entry.text.clone().unwrap_or_default();
        let claim = claim::read(text.as_bytes(), &mut memory).map(|claim| claim.content);
        let Ok(Claimed::Seller { content: lic2::Content::License(license), .. }) = claim else {
            return Err(Failure::new(Exit::Ledger, format!("entry {} holds no code", entry.seq))
                .hint("run lic2-signer ledger verify to see whether the ledger was changed"));
        };
        let content = of_license(&license, &entry)?;
        let (term, binding) = (license.term, of_binding(license.binding));
        Ok(Self { content, binding, term, entry })
    }

    /// Its serial.
    #[must_use]
    pub fn serial(&self) -> u32 {
        self.entry.facts.serial.unwrap_or(0)
    }

    /// Its license id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.entry.facts.license.as_deref().unwrap_or_default()
    }

    /// Its product.
    #[must_use]
    pub fn product(&self) -> &str {
        self.entry.facts.product.as_deref().unwrap_or_default()
    }
}

fn of_license(license: &License<'_>, entry: &Entry) -> Result<Content> {
    let mut content = Content {
        id: Some(license.id.to_string()),
        class: Some(of_class(license.class)),
        product: Some(license.product.to_string()),
        feature: license.features.into_iter().map(|feature| of_feature(&feature)).collect::<Result<_>>()?,
        item: license.items.into_iter().filter_map(|item| of_item(&item).transpose()).collect::<Result<_>>()?,
        ..Content::default()
    };
    for item in LicenseItem::ALL {
        fields::restate(item, license, entry.facts.customer.as_deref(), &mut content);
    }
    state_term(&mut content, license.term);
    Ok(content)
}

/// Sets this term as the only one of the content.
pub fn state_term(content: &mut Content, term: Term) {
    content.clear_term();
    match term {
        Term::Perpetual => content.perpetual = true,
        Term::Until(end) => content.until = Some(timespec::format(end).as_str().into()),
        Term::DaysFromActivation(days) => content.days_from_activation = Some(DayCount(days)),
        Term::PoweredHours(hours) => content.powered_hours = Some(hours),
    }
}

const fn of_class(class: Class) -> ClassName {
    match class {
        Class::Commercial => ClassName::Commercial,
        Class::Trial => ClassName::Trial,
        Class::Test => ClassName::Test,
        Class::NotForResale => ClassName::Nfr,
    }
}

fn of_feature(feature: &Feature<'_>) -> Result<FeatureSpec> {
    let grant = match feature.right {
        Right::Flag => Grant::Flag,
        Right::Limit(most) => Grant::Limit(most),
        Right::Quota { amount, overage } => Grant::Quota { amount, overage },
        Right::Text(text) => Grant::Text(text.to_string()),
        Right::Unknown { .. } | _ => return Err(of_later_version(&format!("the feature {}", feature.name))),
    };
    let until = feature.expires.map(|end| timespec::format(end).as_str().into());
    Ok(FeatureSpec { name: feature.name.to_string(), grant, until })
}

/// The seller's own items. The format's items are fields; those in between belong to a later version.
fn of_item(item: &Item<'_>) -> Result<Option<ItemSpec>> {
    if LicenseItem::of(item.number).is_some() {
        return Ok(None);
    }
    if item.number < ITEM_NUMBER_VENDOR || item.critical {
        return Err(of_later_version(&format!("item {}", item.number)));
    }
    Ok(Some(ItemSpec { number: item.number, bytes: item.bytes.to_vec() }))
}

fn of_later_version(what: &str) -> Failure {
    Failure::new(Exit::Ledger, format!("the code has {what}, which this version cannot reproduce"))
        .hint("use the lic2-signer that issued it, or a later one")
}

fn of_binding(binding: Binding<'_>) -> OwnedBinding {
    match binding {
        Binding::None => OwnedBinding::None,
        Binding::Components { needed, salt, entries } => {
            OwnedBinding::Components { needed, salt, entries: entries.collect() }
        }
        Binding::Allocation { kind, salt, entries } => {
            OwnedBinding::Allocation { kind, salt, entries: entries.collect() }
        }
        Binding::DeviceKey(key) => OwnedBinding::DeviceKey(key),
    }
}
