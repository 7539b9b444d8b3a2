//! From what the seller states to content that can be signed: every rule of the format checked with a sentence of
//! its own, lists sorted, dates resolved.

use lic2::limits::{ALLOCATIONS_MAX, COMPONENTS_MAX, FEATURES_MAX, ID_MAX, ITEMS_MAX, POWERED_HOURS_MAX, SALT_LEN};
use lic2::seal::{BindingDraft, LicenseDraft, Sealed, seal_license};
use lic2::{Allocation, Class, ComponentHash, EPOCH_2020, Error, Feature, Item, Term, UnixSeconds, VersionRange};

use crate::content::{Content, TimeText};
use crate::exit::{Failure, Result};
use crate::feature::FeatureSpec;
use crate::guard::IssuerCertificate;
use crate::item::ItemSpec;
use crate::keyfile::{PrivateKey, random};
use crate::timespec::{self, End};
use crate::{publickey, versions};

/// Items that the known fields of a license may take up, of the 32 that a license holds.
const ITEMS_KNOWN: usize = 10;

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
    not_before: Option<UnixSeconds>,
    versions: Option<VersionRange>,
    maintenance_until: Option<UnixSeconds>,
    items: Vec<ItemSpec>,
}

#[derive(Clone, Debug)]
enum OwnedBinding {
    None,
    Components { needed: u8, salt: [u8; SALT_LEN], entries: Vec<ComponentHash> },
    Allocation { kind: u8, salt: [u8; SALT_LEN], entries: Vec<Allocation> },
    DeviceKey([u8; 32]),
}

impl Draft {
    /// Checks `content` and resolves it for a license issued at `issued_at`.
    ///
    /// # Errors
    /// Exit code 1 with the field that is wrong and what it may hold.
    pub fn new(content: Content, issued_at: UnixSeconds) -> Result<Self> {
        let id = required(&content.id, "id", "--id PL-20261122-00000042")?;
        let product = required(&content.product, "product", "--product vision-appliance")?;
        check_identifier("id", &id)?;
        check_identifier("product", &product)?;
        if product.ends_with('*') {
            return Err(Failure::usage(format!("product {product:?} ends in *"))
                .hint("a license is for one product: state its full id; patterns belong to certify --scope"));
        }
        if let Some(edition) = &content.edition {
            check_identifier("edition", edition)?;
        }
        for (what, text) in [("customer", &content.customer), ("order", &content.order)] {
            if let Some(text) = text {
                check_words(what, text)?;
            }
        }
        if content.serial == Some(0) || content.quantity == Some(0) {
            return Err(Failure::usage("serial and quantity count from 1").hint("leave them out for 1"));
        }
        check_range("issue", issued_at)?;
        let time = |what: &str, text: &Option<TimeText>| -> Result<Option<UnixSeconds>> {
            let Some(text) = text else { return Ok(None) };
            timespec::parse(&text.to_string(), issued_at)
                .and_then(|time| check_range(what, time).map(|()| Some(time)))
                .map_err(|failure| failure.at(what))
        };
        let not_before = time("not-before", &content.not_before)?;
        let maintenance_until = time("maintenance-until", &content.maintenance_until)?;
        let mut features = Vec::new();
        for spec in sorted_features(&content.feature)? {
            let expires = time(&format!("feature {}", spec.name), &spec.until)?;
            features.push((spec, expires));
        }
        Ok(Self {
            term: term(&content, issued_at, not_before)?,
            binding: binding(&content)?,
            versions: content.versions.as_deref().map(versions::parse_range).transpose().map_err(Failure::usage)?,
            items: sorted_items(&content.item)?,
            id,
            product,
            issued_at,
            features,
            not_before,
            maintenance_until,
            content,
        })
    }

    /// When it is issued.
    #[must_use]
    pub const fn issued_at(&self) -> UnixSeconds {
        self.issued_at
    }

    /// Signs the content. `certificate` is carried along, and the library holds the content against its limits.
    ///
    /// # Errors
    /// Exit code 1 if the code would be longer than 1024 characters, 3 with the limit that is broken.
    pub fn seal(&self, key: &PrivateKey, certificate: Option<&IssuerCertificate>) -> Result<Sealed> {
        self.try_seal(key, certificate).map_err(|error| self.refused(error, certificate))
    }

    /// The same for a code that does not carry the certificate.
    ///
    /// # Errors
    /// As [`Draft::seal`].
    pub fn seal_detached(&self, key: &PrivateKey, certificate: &IssuerCertificate) -> Result<Sealed> {
        let bare = self.seal(key, None)?;
        match self.try_seal(key, Some(certificate)) {
            // The library looks at the limits before the length, and only the length differs from the bare code.
            Ok(_) | Err(Error::PayloadValue) => Ok(bare),
            Err(error) => Err(self.refused(error, Some(certificate))),
        }
    }

    fn try_seal(
        &self,
        key: &PrivateKey,
        certificate: Option<&IssuerCertificate>,
    ) -> std::result::Result<Sealed, Error> {
        let features: Vec<Feature<'_>> = self.features.iter().map(|(spec, expires)| spec.feature(*expires)).collect();
        let items: Vec<Item<'_>> = self.items.iter().map(ItemSpec::item).collect();
        let draft = LicenseDraft {
            id: &self.id,
            serial: self.content.serial.unwrap_or(1),
            class: self.content.class.map_or(Class::Commercial, Class::from),
            product: &self.product,
            issued_at: self.issued_at,
            term: self.term,
            binding: self.binding.draft(),
            features: &features,
            not_before: self.not_before,
            grace_days: self.content.grace_days.map_or(0, |days| days.0),
            lease_days: self.content.lease_days.map_or(0, |days| days.0),
            versions: self.versions,
            maintenance_until: self.maintenance_until,
            quantity: self.content.quantity.unwrap_or(1),
            edition: self.content.edition.as_deref(),
            customer: self.content.customer.as_deref(),
            order: self.content.order.as_deref(),
            add_on: self.content.add_on,
            extensions: &items,
        };
        seal_license(&draft, &key.public(), certificate.map(IssuerCertificate::document), |message| key.sign(message))
    }

    fn refused(&self, error: Error, certificate: Option<&IssuerCertificate>) -> Failure {
        if error == Error::PayloadValue {
            // Every field was checked: what remains is the sum of them.
            return Failure::usage("the code would be longer than 1024 characters").hint(
                "shorten ids, texts, items or the list of devices, or leave the certificate out with \
                 --detached-certificate",
            );
        }
        match certificate {
            Some(certificate) => certificate.explain(error, &self.product, self.issued_at),
            None => Failure::internal(format!("status {} {}: {error}", error.number(), error.name())),
        }
    }
}

impl OwnedBinding {
    fn draft(&self) -> BindingDraft<'_> {
        match self {
            Self::None => BindingDraft::None,
            Self::Components { needed, salt, entries } => {
                BindingDraft::Components { needed: *needed, salt: *salt, entries }
            }
            Self::Allocation { kind, salt, entries } => BindingDraft::Allocation { kind: *kind, salt: *salt, entries },
            Self::DeviceKey(key) => BindingDraft::DeviceKey(*key),
        }
    }
}

fn required(value: &Option<String>, what: &str, example: &str) -> Result<String> {
    value.clone().ok_or_else(|| {
        Failure::usage(format!("the license has no {what}"))
            .hint(format!("state it, for example {example}, or in the content file"))
    })
}

fn check_identifier(what: &str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > ID_MAX || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::usage(format!("{what} {text:?} cannot stand in a license"))
            .hint(format!("it has 1 to {ID_MAX} printable ASCII characters and no space")));
    }
    Ok(())
}

/// A text for people: UTF-8, no control characters.
pub(crate) fn check_words(what: &str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > ID_MAX || text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(Failure::usage(format!("{what} {text:?} cannot stand in a document"))
            .hint(format!("it has 1 to {ID_MAX} bytes and no control characters")));
    }
    Ok(())
}

/// Documents count seconds from 2020 in 32 bits.
pub(crate) fn check_range(what: &str, time: UnixSeconds) -> Result<()> {
    if time.0.checked_sub(EPOCH_2020).is_none_or(|seconds| u32::try_from(seconds).is_err()) {
        return Err(Failure::usage(format!(
            "the time of {what}, {}, cannot stand in a document",
            timespec::format(time)
        ))
        .hint("documents hold times from 2020-01-01 to 2156-02-07; for no end say perpetual"));
    }
    Ok(())
}

fn term(content: &Content, issued_at: UnixSeconds, not_before: Option<UnixSeconds>) -> Result<Term> {
    const CHOICES: &str = "state one of --until TIME, --perpetual, --days-from-activation DAYS, --powered-hours HOURS";
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
            .hint(format!("the license is issued at {}; --at states another time", timespec::format(issued_at))));
    }
    Ok(Term::Until(end))
}

fn sorted_features(specs: &[FeatureSpec]) -> Result<Vec<FeatureSpec>> {
    let mut sorted = specs.to_vec();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(Failure::usage(format!("feature {} is stated twice", pair[0].name)).hint("state each feature once"));
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
        return Err(Failure::usage(format!("item {} is stated twice", pair[0].number)).hint("state each number once"));
    }
    if sorted.len() > ITEMS_MAX - ITEMS_KNOWN {
        return Err(Failure::usage(format!("{} items are too many", sorted.len()))
            .hint(format!("a license holds at most {}", ITEMS_MAX - ITEMS_KNOWN)));
    }
    Ok(sorted)
}

fn binding(content: &Content) -> Result<OwnedBinding> {
    let components = !content.device.is_empty() || !content.device_hex.is_empty();
    let stated =
        [components, !content.allocation.is_empty(), content.device_key.is_some()].iter().filter(|is| **is).count();
    if stated > 1 {
        return Err(Failure::usage("the license is bound in more than one way")
            .hint("use either --device, or --allocation, or --device-key"));
    }
    if content.needed.is_some() && !components {
        return Err(Failure::usage("--match without --device").hint("--match says how many of the --device must match"));
    }
    if content.salt.is_some() && !components && content.allocation.is_empty() {
        return Err(Failure::usage("--salt without --device or --allocation").hint("leave it out: nothing is hashed"));
    }
    if components {
        return bind_components(content);
    }
    if !content.allocation.is_empty() {
        return bind_allocation(content);
    }
    content
        .device_key
        .as_deref()
        .map_or(Ok(OwnedBinding::None), |text| publickey::read(text).map(OwnedBinding::DeviceKey))
}

fn bind_components(content: &Content) -> Result<OwnedBinding> {
    let salt = salt(content)?;
    let mut entries: Vec<(ComponentHash, String)> = Vec::new();
    for device in content.device.iter().chain(content.device_hex.iter().map(|device| &device.0)) {
        let hash = device.hash(salt).map_err(Failure::usage)?;
        entries.push((ComponentHash { kind: device.kind, hash }, device.to_string()));
    }
    entries.sort();
    refuse_twins(entries.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| &pair[0].1))?;
    if entries.len() > COMPONENTS_MAX {
        return Err(Failure::usage(format!("{} device components are too many", entries.len()))
            .hint(format!("a binding holds at most {COMPONENTS_MAX}")));
    }
    let needed = match content.needed {
        Some(needed) => needed,
        None if entries.len() == 1 => 1,
        None => {
            return Err(Failure::usage("several device components and no word on how many must match")
                .hint(format!("state --match 1 to --match {}; fewer tolerates replaced parts", entries.len())));
        }
    };
    if needed == 0 || usize::from(needed) > entries.len() {
        return Err(Failure::usage(format!("--match {needed} with {} device components", entries.len()))
            .hint(format!("state --match 1 to --match {}", entries.len())));
    }
    Ok(OwnedBinding::Components { needed, salt, entries: entries.into_iter().map(|(entry, _)| entry).collect() })
}

fn bind_allocation(content: &Content) -> Result<OwnedBinding> {
    let salt = salt(content)?;
    let kind = content.allocation.first().map_or(0, |share| share.device.kind);
    let mut entries: Vec<(Allocation, String)> = Vec::new();
    for share in &content.allocation {
        if share.device.kind != kind {
            return Err(Failure::usage("the devices of an allocation table are named by different component kinds")
                .hint("use one kind, for example esn, for all of them"));
        }
        let hash = share.device.hash(salt).map_err(Failure::usage)?;
        entries.push((Allocation { hash, quantity: share.quantity }, share.device.to_string()));
    }
    entries.sort_by_key(|(entry, _)| entry.hash);
    refuse_twins(entries.windows(2).find(|pair| pair[0].0.hash == pair[1].0.hash).map(|pair| &pair[0].1))?;
    if entries.len() > ALLOCATIONS_MAX {
        return Err(Failure::usage(format!("{} devices are too many for one code", entries.len()))
            .hint(format!("a table holds at most {ALLOCATIONS_MAX}; issue several codes")));
    }
    Ok(OwnedBinding::Allocation { kind, salt, entries: entries.into_iter().map(|(entry, _)| entry).collect() })
}

fn refuse_twins(device: Option<&String>) -> Result<()> {
    let Some(device) = device else { return Ok(()) };
    Err(Failure::usage(format!("device {device} is stated twice"))
        .hint("state each once; letter case and the separators of common kinds do not count"))
}

fn salt(content: &Content) -> Result<[u8; SALT_LEN]> {
    let Some(text) = &content.salt else {
        let mut salt = [0; SALT_LEN];
        return random(&mut salt).map(|()| salt);
    };
    crate::ui::unhex(text).and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        Failure::usage(format!("salt {text:?} is not four bytes")).hint("write 8 hexadecimal digits, or leave it out")
    })
}
