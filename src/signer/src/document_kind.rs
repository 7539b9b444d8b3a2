//! What documents are called.

use lic2::Kind;

/// The kinds of documents a certificate may permit: bit and name.
pub const KINDS: [(u8, &str); 4] = [
    (Kind::Code.permission(), "codes"),
    (Kind::RevocationList.permission(), "revocations"),
    (Kind::TimeToken.permission(), "time-tokens"),
    (Kind::Unlock.permission(), "unlocks"),
];

/// What a document is called in a sentence.
#[must_use]
pub const fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Code => "code",
        Kind::Certificate => "issuer certificate",
        Kind::RevocationList => "revocation list",
        Kind::TimeToken => "time token",
        Kind::Unlock => "unlock",
        Kind::Request => "request",
        Kind::Receipt => "receipt",
        Kind::UsageReport => "usage report",
        _ => "document",
    }
}

/// The same with its article.
#[must_use]
pub fn one_of_kind(kind: Kind) -> String {
    let article = if matches!(kind, Kind::Certificate | Kind::Unlock) { "an" } else { "a" };
    format!("{article} {}", kind_words(kind))
}

/// What JSON calls a kind of documents.
#[must_use]
pub fn kind_json(kind: Kind) -> String {
    if kind == Kind::Certificate { "certificate".into() } else { kind_words(kind).replace(' ', "_") }
}
