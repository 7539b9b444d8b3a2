//! From what the seller states to content that can be signed: every rule of the format checked with a sentence of
//! its own, lists sorted, dates resolved.

use lic2::limits::{FEATURES_MAX, ITEMS_MAX, POWERED_HOURS_MAX};
use lic2::seal::{LicenseDraft, Sealed, seal_license};
use lic2::{Class, Error, Feature, Item, Kind, LicenseItem, Term, UnixSeconds};

use crate::binding::{self, OwnedBinding};
use crate::check::{check_identifier, check_product, check_range, check_words};
use crate::content::Content;
use crate::exit::{Failure, Result};
use crate::feature::FeatureSpec;
use crate::fields::{Resolved, resolve};
use crate::intent::Intent;
use crate::item::ItemSpec;
use crate::keyfile::PrivateKey;
use crate::sealing::Sealable;
use crate::timespec::{self, End};

/// Items that a seller may add to those that are fields of a license.
const ITEMS_FREE: usize = ITEMS_MAX - LicenseItem::ALL.len();

/// Content that can be signed.
#[derive(Clone, Debug)]
pub struct Draft {
    content: Content,
    issued_at: UnixSeconds,
    id: String,
    product: String,
    term: Term,
    binding: OwnedBinding,
    features: Vec<(FeatureSpec, Option<UnixSeconds>)>,
    resolved: Resolved,
    items: Vec<ItemSpec>,
}

impl Draft {
    /// Checks `content` and resolves it for a license issued at `issued_at`.
    ///
    /// # Errors
    /// Exit code 1 with the field that is wrong and what it may hold.
    pub fn new(content: Content, issued_at: UnixSeconds) -> Result<Self> {
        let binding = binding::of_content(&content)?;
        Self::bound(content, binding, issued_at)
    }

    /// The same, tied to a device in a way that `content` does not state.
    ///
    /// # Errors
    /// As [`Draft::new`].
    pub fn bound(content: Content, binding: OwnedBinding, issued_at: UnixSeconds) -> Result<Self> {
        let id = required(&content.id, "id", "--id PL-20261122-00000042")?;
        let product = required(&content.product, "product", "--product vision-appliance")?;
        check_identifier("id", &id)?;
        check_product(&product)?;
        if let Some(edition) = &content.edition {
            check_identifier("edition", edition)?;
        }
        for (what, text) in [("customer", &content.customer), ("order", &content.order)] {
            if let Some(text) = text {
                check_words(what, text)?;
            }
        }
        if content.serial == Some(0) || content.quantity == Some(0) {
            return Err(Failure::usage("serial and quantity count from 1").hint("omit them for 1"));
        }
        check_range("issue", issued_at)?;
        let resolved = Resolved::of(&content, issued_at)?;
        let mut features = Vec::new();
        for spec in sorted_features(&content.feature)? {
            let expires = resolve(&format!("feature {}", spec.name), &spec.until, issued_at)?;
            features.push((spec, expires));
        }
        Ok(Self {
            term: term(&content, issued_at, resolved.not_before)?,
            binding,
            items: sorted_items(&content.item)?,
            id,
            product,
            issued_at,
            features,
            resolved,
            content,
        })
    }
}

impl Draft {
    /// How long it lasts.
    #[must_use]
    pub const fn term(&self) -> Term {
        self.term
    }
}

impl Sealable for Draft {
    const KIND: Kind = Kind::Code;
    const SHORTEN: &'static str = "shorten ids, texts, items or the list of devices, or omit the certificate with \
                                   --detached-certificate";

    fn product(&self) -> &str {
        &self.product
    }

    fn issued_at(&self) -> UnixSeconds {
        self.issued_at
    }

    fn intent(&self) -> Intent {
        Intent::of_content(&self.content, &self.binding)
    }

    fn license(&self) -> Option<(&str, Option<u32>)> {
        Some((&self.id, self.content.serial))
    }

    fn set_serial(&mut self, serial: u32) {
        self.content.serial = Some(serial);
    }

    fn try_seal(&self, key: &PrivateKey, certificate: Option<&[u8]>) -> std::result::Result<Sealed, Error> {
        let features: Vec<Feature<'_>> = self.features.iter().map(|(spec, expires)| spec.feature(*expires)).collect();
        let items: Vec<Item<'_>> = self.items.iter().map(ItemSpec::item).collect();
        let mut draft = LicenseDraft::new(&self.id, &self.product, self.issued_at)
            .with_serial(self.content.serial.unwrap_or(1))
            .with_class(self.content.class.map_or(Class::Commercial, Class::from))
            .with_term(self.term)
            .with_binding(self.binding.draft())
            .with_features(&features)
            .with_extensions(&items);
        for item in LicenseItem::ALL {
            self.resolved.put(item, &self.content, &mut draft);
        }
        seal_license(&draft, &key.public(), certificate, |message| key.sign(message))
    }
}

fn required(value: &Option<String>, what: &str, example: &str) -> Result<String> {
    value.clone().ok_or_else(|| {
        Failure::usage(format!("the license has no {what}"))
            .hint(format!("add it, for example {example}, or in the content file"))
    })
}

fn term(content: &Content, issued_at: UnixSeconds, not_before: Option<UnixSeconds>) -> Result<Term> {
    const CHOICES: &str = "pass one of --until TIME, --perpetual, --days-from-activation DAYS, --powered-hours \
                           HOURS";
    match content.term_count() {
        0 => return Err(Failure::usage("the license has no term").hint(CHOICES)),
        1 => {}
        _ => return Err(Failure::usage("the license has more than one term").hint(CHOICES)),
    }
    if let Some(days) = content.days_from_activation {
        return if days.0 == 0 {
            Err(Failure::usage("a term of 0 days").hint(CHOICES))
        } else {
            Ok(Term::DaysFromActivation(days.0))
        };
    }
    if let Some(hours) = content.powered_hours {
        return if hours == 0 || hours > POWERED_HOURS_MAX {
            Err(Failure::usage(format!("a term of {hours} powered-on hours"))
                .hint(format!("state 1 to {POWERED_HOURS_MAX} hours")))
        } else {
            Ok(Term::PoweredHours(hours))
        };
    }
    let Some(until) = &content.until else { return Ok(Term::Perpetual) };
    let End::At(end) = timespec::parse_end(&until.to_string(), issued_at).map_err(|failure| failure.at("until"))?
    else {
        return Ok(Term::Perpetual);
    };
    check_range("until", end)?;
    if end <= not_before.unwrap_or(issued_at).max(issued_at) {
        return Err(Failure::usage(format!("the term ends at {}, before it begins", timespec::format(end)))
            .hint(format!("the license is issued at {}; set another time with --at", timespec::format(issued_at))));
    }
    Ok(Term::Until(end))
}

fn sorted_features(specs: &[FeatureSpec]) -> Result<Vec<FeatureSpec>> {
    let mut sorted = specs.to_vec();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(Failure::usage(format!("feature {} is listed twice", pair[0].name)).hint("list each feature once"));
    }
    if sorted.len() > FEATURES_MAX {
        return Err(Failure::usage(format!("{} features are too many", sorted.len()))
            .hint(format!("a license holds at most {FEATURES_MAX}")));
    }
    Ok(sorted)
}

fn sorted_items(specs: &[ItemSpec]) -> Result<Vec<ItemSpec>> {
    let mut sorted = specs.to_vec();
    sorted.sort_by_key(|item| item.number);
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0].number == pair[1].number) {
        return Err(Failure::usage(format!("item {} is listed twice", pair[0].number)).hint("list each number once"));
    }
    if sorted.len() > ITEMS_FREE {
        return Err(Failure::usage(format!("{} items are too many", sorted.len()))
            .hint(format!("a license holds at most {}", ITEMS_FREE)));
    }
    Ok(sorted)
}
