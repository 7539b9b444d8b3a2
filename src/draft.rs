//! What a seller states before it is signed. Feature `sign`; re-exported by [`crate::seal`].

mod license;

pub use self::license::LicenseDraft;
use crate::limits::{KEY_LEN, LINE_LEN, NONCE_LEN, SALT_LEN};
use crate::setters::setters;
use crate::time::UnixSeconds;
use crate::wire::binding::{Allocation, ComponentHash};
use crate::wire::item::Item;
use crate::wire::kind::Kind;
use crate::wire::revocation::{Coverage, RevokedIssuer, RevokedLicense};

/// What ties the license to a device. Lists are in ascending order.
#[derive(Clone, Copy, Debug, Default)]
pub enum BindingDraft<'a> {
    /// Any device.
    #[default]
    None,
    /// At least `needed` of these components.
    Components {
        /// How many must match.
        needed: u8,
        /// Salt of the hashes.
        salt: [u8; SALT_LEN],
        /// The components.
        entries: &'a [ComponentHash],
    },
    /// These devices, each with its quantity.
    Allocation {
        /// Kind number of the component that names a device.
        kind: u8,
        /// Salt of the hashes.
        salt: [u8; SALT_LEN],
        /// The devices.
        entries: &'a [Allocation],
    },
    /// The device that holds this key.
    DeviceKey([u8; KEY_LEN]),
}

/// The content of an issuer certificate before it is signed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CertificateDraft<'a> {
    /// The key to certify.
    pub key: [u8; KEY_LEN],
    /// When it is signed.
    pub issued_at: UnixSeconds,
    /// Documents issued before this time are refused.
    pub not_before: UnixSeconds,
    /// Documents issued at or after this time are refused.
    pub not_after: UnixSeconds,
    /// Longest term including grace, in days; 0 for any.
    pub longest_days: u16,
    /// Permitted kinds of documents, one bit each.
    pub kinds: u8,
    /// Whether the issuer may sign test codes only.
    pub test_only: bool,
    /// Product patterns in ascending order; none for all products.
    pub scope: &'a [&'a str],
    /// A name for people.
    pub name: Option<&'a str>,
    /// The line of its revocation lists, if it is not that of its key: that of the issuer which it succeeds.
    pub line: Option<[u8; LINE_LEN]>,
    /// Further items with numbers from 3 on.
    pub extensions: &'a [Item<'a>],
}

impl<'a> CertificateDraft<'a> {
    /// A certificate to sign codes with, for every product and without a longest term, from the moment it is signed until
    /// `not_after`: the start of a draft.
    #[must_use]
    pub const fn new(key: [u8; KEY_LEN], issued_at: UnixSeconds, not_after: UnixSeconds) -> Self {
        Self {
            key,
            issued_at,
            not_before: issued_at,
            not_after,
            longest_days: 0,
            kinds: Kind::Code.permission(),
            test_only: false,
            scope: &[],
            name: None,
            line: None,
            extensions: &[],
        }
    }

    setters! {
        with_key = (key: [u8; KEY_LEN]),
        with_issued_at = (issued_at: UnixSeconds),
        with_not_before = (not_before: UnixSeconds),
        with_not_after = (not_after: UnixSeconds),
        with_longest_days = (longest_days: u16),
        with_kinds = (kinds: u8),
        with_test_only = (test_only: bool),
        with_scope = (scope: &'a [&'a str]),
        with_name = Some(name: &'a str),
        with_line = Some(line: [u8; LINE_LEN]),
        with_extensions = (extensions: &'a [Item<'a>]),
    }
}

/// The content of a revocation list before it is signed. Lists are in ascending order of key or id.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RevocationDraft<'a> {
    /// Number of the list, from 1.
    pub number: u32,
    /// When it is signed.
    pub issued_at: UnixSeconds,
    /// Product id; empty for every product.
    pub product: &'a str,
    /// Which of the seller's lists it is; 0 for a seller who keeps one.
    pub series: u8,
    /// The revoked issuers; only an anchor may sign any.
    pub issuers: &'a [RevokedIssuer],
    /// The revoked licenses.
    pub licenses: &'a [RevokedLicense],
    /// Of which licenses it says something.
    pub coverage: Coverage,
    /// Further items with numbers from 3 on.
    pub extensions: &'a [Item<'a>],
}

impl<'a> RevocationDraft<'a> {
    /// An empty list of series 0: the start of a draft.
    #[must_use]
    pub const fn new(number: u32, product: &'a str, issued_at: UnixSeconds) -> Self {
        Self {
            number,
            issued_at,
            product,
            series: 0,
            issuers: &[],
            licenses: &[],
            coverage: Coverage::Every,
            extensions: &[],
        }
    }

    setters! {
        with_number = (number: u32),
        with_issued_at = (issued_at: UnixSeconds),
        with_product = (product: &'a str),
        with_series = (series: u8),
        with_issuers = (issuers: &'a [RevokedIssuer]),
        with_licenses = (licenses: &'a [RevokedLicense]),
        with_coverage = (coverage: Coverage),
        with_extensions = (extensions: &'a [Item<'a>]),
    }
}

/// The content of a time token before it is signed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TimeTokenDraft<'a> {
    /// When it is signed: the time that it proves.
    pub issued_at: UnixSeconds,
    /// Product id; empty for every product.
    pub product: &'a str,
    /// Items with numbers from 1 on.
    pub extensions: &'a [Item<'a>],
}

impl<'a> TimeTokenDraft<'a> {
    /// A time token for this product, or for every product if that is empty.
    #[must_use]
    pub const fn new(product: &'a str, issued_at: UnixSeconds) -> Self {
        Self { issued_at, product, extensions: &[] }
    }

    setters! {
        with_issued_at = (issued_at: UnixSeconds),
        with_product = (product: &'a str),
        with_extensions = (extensions: &'a [Item<'a>]),
    }
}

/// The content of an unlock before it is signed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct UnlockDraft<'a> {
    /// When it is signed.
    pub issued_at: UnixSeconds,
    /// Product id.
    pub product: &'a str,
    /// The nonce of the request that it answers.
    pub nonce: [u8; NONCE_LEN],
    /// [`crate::GRANTS_CLOCK`], [`crate::GRANTS_STATE`], or both.
    pub grants: u8,
    /// The device it is for.
    pub binding: BindingDraft<'a>,
    /// Items with numbers from 1 on.
    pub extensions: &'a [Item<'a>],
}

impl<'a> UnlockDraft<'a> {
    /// An answer to the request with this nonce, tied to no device beside that: the start of a draft.
    #[must_use]
    pub const fn new(nonce: [u8; NONCE_LEN], grants: u8, product: &'a str, issued_at: UnixSeconds) -> Self {
        Self { issued_at, product, nonce, grants, binding: BindingDraft::None, extensions: &[] }
    }

    setters! {
        with_issued_at = (issued_at: UnixSeconds),
        with_product = (product: &'a str),
        with_nonce = (nonce: [u8; NONCE_LEN]),
        with_grants = (grants: u8),
        with_binding = (binding: BindingDraft<'a>),
        with_extensions = (extensions: &'a [Item<'a>]),
    }
}
