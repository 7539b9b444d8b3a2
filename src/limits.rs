//! Every bound of the format, with the arithmetic that gives it.
//!
//! The same numbers are in `docs/FORMAT.md` §3; a test compares the two.

/// Longest text of a document, in characters, after white space and quotes are dropped: 1024.
///
/// The marketplace delivers a code as a string of at most 1024 characters
/// (License upload interface, field `characters`).
pub const TEXT_MAX: usize = 1024;

/// Longest text the reader looks at, in bytes, white space and quotes included: 4096.
///
/// Room for a code of 1024 characters with a three-byte space after each of them.
pub const TEXT_RAW_MAX: usize = 4096;

/// Length of the text prefix, in characters: `LIC2` + kind letter + `.`.
pub const PREFIX_LEN: usize = 6;

/// Length of the check behind the document, in bytes (CRC-32).
pub const CHECK_LEN: usize = 4;

/// Longest document, in bytes, without the check: 759.
///
/// `TEXT_MAX` − `PREFIX_LEN` = 1018 base64url characters hold ⌊1018 · 6 / 8⌋ = 763 bytes; − 4 for the check.
pub const DOCUMENT_MAX: usize = 759;

/// Length of the envelope header, in bytes: version, kind, algorithm, flags, key id.
pub const HEADER_LEN: usize = 8;

/// Length of a key id, in bytes: the first four bytes of the public key.
pub const KEY_ID_LEN: usize = 4;

/// Length of an Ed25519 public key, in bytes (RFC 8032 §5.1.5).
pub const KEY_LEN: usize = 32;

/// Length of an Ed25519 signature, in bytes (RFC 8032 §5.1.6).
pub const SIGNATURE_LEN: usize = 64;

/// Longest issuer certificate, in bytes: 256.
///
/// Header 8 + key 34 + dates 12 + numbers ≤ 8 + scope ≤ 97 + items + signature 64 leaves 33 bytes of items.
pub const CERTIFICATE_MAX: usize = 256;

/// Longest license id, product, edition, customer or order, in bytes: 64 (the marketplace's limit for each).
pub const ID_MAX: usize = 64;

/// Longest feature name, in bytes.
pub const FEATURE_NAME_MAX: usize = 32;

/// Longest feature text, in bytes.
pub const FEATURE_TEXT_MAX: usize = 64;

/// Most features in one license.
pub const FEATURES_MAX: usize = 64;

/// Most identity components in one binding.
pub const COMPONENTS_MAX: usize = 16;

/// Most devices in one allocation table. 48 entries of 8 + 3 bytes fill 528 of the 687 bytes of a payload.
pub const ALLOCATIONS_MAX: usize = 48;

/// Length of the salted hash of an identity component, in bytes.
pub const COMPONENT_HASH_LEN: usize = 8;

/// Length of the salt of a binding, in bytes.
pub const SALT_LEN: usize = 4;

/// Most issuers in one revocation list.
pub const REVOKED_ISSUERS_MAX: usize = 16;

/// Most licenses in one revocation list. 64 entries of 8 + 1 + 1 bytes fill 640 of the 687 bytes of a payload.
pub const REVOKED_LICENSES_MAX: usize = 64;

/// Length by which a revocation list names an issuer or a license, in bytes.
pub const REVOKED_HASH_LEN: usize = 8;

/// Length of the name of a line of revocation lists, in bytes: as much of a key as a list names.
pub const LINE_LEN: usize = REVOKED_HASH_LEN;

/// Length of the nonce of a device's document, in bytes.
pub const NONCE_LEN: usize = 8;

/// Most quotas in one receipt or usage report.
pub const USAGE_MAX: usize = 64;

/// Longest value of one identity component that an application may pass, in bytes.
pub const COMPONENT_VALUE_MAX: usize = 256;

/// Most identity components that an application may pass.
pub const COMPONENT_FACTS_MAX: usize = 16;

/// Longest list of product patterns in a certificate, in bytes.
pub const SCOPE_MAX: usize = 96;

/// Most items in one license or certificate.
pub const ITEMS_MAX: usize = 32;

/// Longest duration in days that a license may state: 36 525, a hundred years.
pub const DAYS_MAX: u16 = 36_525;

/// Most powered-on hours that a license may state: 876 600, a hundred years.
pub const POWERED_HOURS_MAX: u32 = 876_600;

/// Most anchors in one key ring.
pub const ANCHORS_MAX: usize = 4;

/// Whether issuers that an anchor has certified may sign: the feature `issuers`. Without it a document that carries a
/// certificate is refused as what it is, one without is looked up only among the anchors, and code that could
/// recognize an issuer is left out of the program.
pub(crate) const ISSUERS: bool = cfg!(feature = "issuers");

/// Whether the engine takes in revocation lists: the feature `lists`. Without it a list is refused, and so is a stored
/// activation that holds one.
pub(crate) const LISTS: bool = cfg!(feature = "lists");

/// Whether the engine takes in time tokens and unlocks: the feature `tokens`. Without it they are refused, and so is a
/// monotonic counter, for what it notices ends with an unlock only.
pub(crate) const TOKENS: bool = cfg!(feature = "tokens");

/// Most issuers that a key ring may know in advance.
pub const ISSUERS_MAX: usize = 4;

/// How far a clock may lag behind a proven time before it counts as wrong, in seconds: one day.
///
/// Covers a clock set to local time instead of UTC (at most 14 hours) and the drift of a cheap crystal.
pub const CLOCK_TOLERANCE_SECONDS: u64 = 86_400;

/// Largest stored activation, in bytes: 4096, one erase page of many flash chips.
///
/// Room for a dozen usual codes, or four of the longest with their certificates.
pub const STATE_MAX: usize = 4096;

/// Most revocation lists that a device holds: one for each product and series.
pub const LISTS_MAX: usize = 4;

/// Most issuer certificates that a device keeps for codes that do not carry theirs.
pub const CERTIFICATES_MAX: usize = 4;

/// Maximum number of returned licenses that a device remembers.
pub const RETURNED_MAX: usize = 32;

/// Receipts that can be shown again.
pub const RECEIPTS_KEPT: usize = 4;

/// How far a clock may be ahead of the last known time before it is not believed at once, in seconds: 30 days.
pub const CLOCK_JUMP_SECONDS: u64 = 30 * 86_400;

/// How long a clock that jumped further must run before it is believed, in its own seconds: one day.
pub const CLOCK_CONFIRM_SECONDS: u64 = 86_400;

/// Least powered-on time that is stored ahead of its passing, in seconds.
pub const CHARGE_LEAST_SECONDS: u64 = 900;

/// Most powered-on time that is stored ahead of its passing, in seconds: what a power cut costs at most.
pub const CHARGE_MOST_SECONDS: u64 = 6 * 3_600;
