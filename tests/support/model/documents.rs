//! The documents of the model's sellers, described and signed.

use std::collections::HashMap;

use lic2::seal::{BindingDraft, LicenseDraft, RevocationDraft};
use lic2::{ComponentHash, Feature, Reason, RevokedIssuer, RevokedLicense, Right, Term, UnixSeconds, license_id_hash};

use crate::support::engine_device::PRODUCT;
use crate::support::engine_documents::{code, issuer_code, list_of, token, unlock};
use crate::support::{ESN, ISSUED, Key, bound, component_hash};

pub const DAY: u64 = 86_400;

/// What runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TermSpec {
    Perpetual,
    Until(u64),
    Days(u16),
    Hours(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RightSpec {
    Flag,
    Limit(u64),
    Quota { amount: u64, overage: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FeatureSpec {
    pub name: &'static str,
    pub right: RightSpec,
    pub expires: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LicenseSpec {
    pub id: &'static str,
    pub serial: u32,
    pub issued_at: u64,
    pub term: TermSpec,
    pub grace_days: u16,
    pub lease_days: u16,
    pub not_before: Option<u64>,
    pub is_add_on: bool,
    pub by_issuer: bool,
    /// In ascending order of names.
    pub features: Vec<FeatureSpec>,
    /// Tells two codes with the same serial apart.
    pub quantity: u32,
}

impl LicenseSpec {
    /// A perpetual license without features.
    pub const fn new(id: &'static str, issued_at: u64) -> Self {
        Self {
            id,
            serial: 1,
            issued_at,
            term: TermSpec::Perpetual,
            grace_days: 0,
            lease_days: 0,
            not_before: None,
            is_add_on: false,
            by_issuer: false,
            features: Vec::new(),
            quantity: 1,
        }
    }

    pub fn feature(&self, name: &str) -> Option<FeatureSpec> {
        self.features.iter().copied().find(|feature| feature.name == name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListSpec {
    pub number: u32,
    pub series: u8,
    pub issued_at: u64,
    /// Ends the issuer, and whether what was activated before stays.
    pub issuer: Option<bool>,
    pub licenses: Vec<(&'static str, u32, ReasonSpec)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReasonSpec {
    Released,
    Frozen,
    Refunded,
    Replaced,
}

impl ReasonSpec {
    pub const fn reason(self) -> Reason {
        match self {
            Self::Released => Reason::Released,
            Self::Frozen => Reason::Frozen,
            Self::Refunded => Reason::Refunded,
            Self::Replaced => Reason::Replaced,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Document {
    License {
        spec: LicenseSpec,
        carries: bool,
    },
    List(ListSpec),
    Token(u64),
    Unlock {
        nonce: [u8; 8],
        issued_at: u64,
        grants: u8,
    },
    /// Signed by nobody of importance.
    Forged,
    /// For another product, for another device.
    OtherProduct,
    OtherDevice,
    Damaged,
}

/// Signed texts, each signed once.
#[derive(Default)]
pub struct Texts(HashMap<Document, String>);

impl Texts {
    pub fn of(&mut self, document: &Document) -> String {
        self.0.entry(document.clone()).or_insert_with(|| sign(document)).clone()
    }
}

fn sign(document: &Document) -> String {
    let plain = LicenseDraft::new("BASE", PRODUCT, UnixSeconds(ISSUED));
    match document {
        Document::License { spec, carries } => sign_license(spec, *carries),
        Document::List(spec) => sign_list(spec),
        Document::Token(issued_at) => token(*issued_at),
        Document::Unlock { nonce, issued_at, grants } => unlock(*nonce, *issued_at, *grants),
        Document::Forged => Key::stranger().code(&plain),
        Document::OtherProduct => code(&plain.with_product("another")),
        Document::OtherDevice => {
            let other = [ComponentHash { kind: 5, hash: [1; 8] }];
            code(&plain.with_binding(bound(1, &other)))
        }
        Document::Damaged => code(&plain).replace("LIC2C.A", "LIC2C.B"),
    }
}

fn sign_license(spec: &LicenseSpec, carries: bool) -> String {
    let features: Vec<Feature<'_>> = spec
        .features
        .iter()
        .map(|feature| {
            let right = match feature.right {
                RightSpec::Flag => Right::Flag,
                RightSpec::Limit(most) => Right::Limit(most),
                RightSpec::Quota { amount, overage } => Right::Quota { amount, overage },
            };
            let mut signed = Feature::new(feature.name, right);
            signed.expires = feature.expires.map(UnixSeconds);
            signed
        })
        .collect();
    let own = [component_hash(5, ESN)];
    let mut draft = LicenseDraft::new(spec.id, PRODUCT, UnixSeconds(spec.issued_at))
        .with_serial(spec.serial)
        .with_term(match spec.term {
            TermSpec::Perpetual => Term::Perpetual,
            TermSpec::Until(time) => Term::Until(UnixSeconds(time)),
            TermSpec::Days(days) => Term::DaysFromActivation(days),
            TermSpec::Hours(hours) => Term::PoweredHours(hours),
        })
        .with_grace_days(spec.grace_days)
        .with_lease_days(spec.lease_days)
        .with_add_on(spec.is_add_on)
        .with_binding(if spec.is_add_on { BindingDraft::None } else { bound(1, &own) })
        .with_features(&features)
        .with_quantity(spec.quantity);
    draft.not_before = spec.not_before.map(UnixSeconds);
    if spec.by_issuer { issuer_code(&draft, carries) } else { code(&draft) }
}

fn sign_list(spec: &ListSpec) -> String {
    let [a, b, c, d, e, f, g, h, ..] = Key::issuer().public();
    let issuers: Vec<RevokedIssuer> =
        spec.issuer.iter().map(|keep| RevokedIssuer { key: [a, b, c, d, e, f, g, h], keep_activated: *keep }).collect();
    let mut licenses: Vec<RevokedLicense> = spec
        .licenses
        .iter()
        .map(|(id, below, reason)| RevokedLicense { id: license_id_hash(id), below: *below, reason: reason.reason() })
        .collect();
    licenses.sort_by_key(|entry| entry.id);
    list_of(
        &RevocationDraft::new(spec.number, PRODUCT, UnixSeconds(spec.issued_at))
            .with_series(spec.series)
            .with_issuers(&issuers)
            .with_licenses(&licenses),
    )
}
