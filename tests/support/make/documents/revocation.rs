//! Revocation lists.

use super::{Case, Payload, accepted, list, refused, string};
use lic2::{Error, Kind};

const MALFORMED: Error = Error::PayloadMalformed;
const VALUE: Error = Error::PayloadValue;

/// Number 1, for product "p", that revokes nothing.
pub(super) fn good() -> Payload {
    Payload::new(
        Kind::RevocationList,
        &[
            ("number", "01"),
            ("issued_at", "c0a5f10c"),
            ("product", "0170"),
            ("series", "00"),
            ("issuers", "00"),
            ("licenses", "00"),
            ("items", "00"),
        ],
    )
}

/// A revoked issuer, or a revoked license up to its reason.
fn entry(number: u8, rest: &str) -> String {
    format!("{:016x}{rest}", u64::from(number))
}

fn issuers(range: std::ops::RangeInclusive<u8>) -> String {
    list(&range.map(|number| entry(number, "00")).collect::<Vec<_>>())
}

fn licenses(range: std::ops::RangeInclusive<u8>) -> String {
    list(&range.map(|number| entry(number, "0100")).collect::<Vec<_>>())
}

/// With licenses and an item. No issuers: only an anchor may revoke them.
pub(super) fn full() -> Payload {
    good().with("licenses", &licenses(1..=3)).with("items", "03d00f00")
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = good().frames("list");
    cases.extend(accepted_lists());
    cases.extend(heads());
    cases.extend(revoked_issuers());
    cases.extend(revoked_licenses());
    cases.extend(items_and_order());
    cases
}

fn accepted_lists() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str| accepted(good().with(field, value).case(name));
    let reasons: Vec<String> = (0..4).map(|reason| entry(reason + 1, &format!("020{reason}"))).collect();
    let both = [entry(1, "00"), entry(2, "01")];
    vec![
        accepted(good().case("list-that-revokes-nothing")),
        case("list-number-most", "number", "ffffffff0f"),
        case("list-of-the-first-second", "issued_at", "00000000"),
        case("list-for-every-product", "product", "00"),
        case("list-product-of-64", "product", &string(&"p".repeat(64))),
        case("list-star-within-the-product", "product", &string("p*q")),
        case("list-series-most", "series", "ff"),
        case("list-issuers", "issuers", &list(&both)),
        case("list-issuers-most", "issuers", &issuers(1..=16)),
        case("list-every-reason", "licenses", &list(&reasons)),
        case("list-below-most", "licenses", &list(&[entry(1, "ffffffff0f00")])),
        case("list-licenses-most", "licenses", &licenses(1..=64)),
        case("list-license-hash-of-zeros", "licenses", &list(&[entry(0, "0102")])),
        case("list-unknown-item", "items", "03020107"),
        case("list-sellers-item", "items", "03d00f00"),
    ]
}

fn heads() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str, error| refused(good().with(field, value).case(name), error);
    vec![
        case("list-number-0", "number", "00", VALUE),
        case("list-number-overlong", "number", "8100", Error::PayloadNotCanonical),
        case("list-number-too-large", "number", "ffffffff1f", MALFORMED),
        case("list-product-star", "product", "012a", VALUE),
        case("list-product-ends-in-a-star", "product", &string("p*"), VALUE),
        case("list-product-with-space", "product", &string("p q"), VALUE),
        case("list-product-of-65", "product", &string(&"p".repeat(65)), VALUE),
        case("list-product-not-utf-8", "product", "01ff", MALFORMED),
        case("list-product-not-ascii", "product", &string("é"), VALUE),
    ]
}

fn revoked_issuers() -> Vec<Case> {
    let case =
        |name: &str, entries: &[String], error| refused(good().with("issuers", &list(entries)).case(name), error);
    vec![
        case("list-issuer-cut", &["0000000000000001".to_owned()], MALFORMED),
        case("list-issuer-keep-2", &[entry(1, "02")], VALUE),
        case("list-issuer-twice", &[entry(1, "00"), entry(1, "01")], VALUE),
        case("list-issuers-descending", &[entry(2, "00"), entry(1, "00")], VALUE),
        refused(good().with("issuers", &issuers(1..=17)).case("list-issuers-17"), VALUE),
    ]
}

fn revoked_licenses() -> Vec<Case> {
    let case =
        |name: &str, entries: &[String], error| refused(good().with("licenses", &list(entries)).case(name), error);
    vec![
        case("list-license-cut-in-its-id", &["00000000000001".to_owned()], MALFORMED),
        case("list-license-without-reason", &[entry(1, "01")], MALFORMED),
        case("list-license-below-0", &[entry(1, "0000")], VALUE),
        case("list-license-below-overlong", &[entry(1, "810000")], Error::PayloadNotCanonical),
        case("list-license-reason-4", &[entry(1, "0104")], MALFORMED),
        case("list-license-reason-overlong", &[entry(1, "018000")], Error::PayloadNotCanonical),
        case("list-license-twice", &[entry(1, "0100"), entry(1, "0200")], VALUE),
        case("list-licenses-descending", &[entry(2, "0100"), entry(1, "0100")], VALUE),
        case("list-license-complete-before-the-next", &[entry(1, "0000"), entry(2, "0104")], VALUE),
        case("list-license-encoding-before-order", &[entry(2, "0100"), entry(1, "0104")], MALFORMED),
        refused(good().with("licenses", &licenses(1..=65)).case("list-licenses-65"), VALUE),
    ]
}

fn items_and_order() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str, error| refused(good().with(field, value).case(name), error);
    let bad_issuer = list(&[entry(1, "02")]);
    let bad_license = list(&[entry(1, "0104")]);
    let critical = "020300";
    vec![
        case("list-unknown-critical-item", "items", critical, Error::ExtensionUnknown),
        case("list-critical-item-of-the-seller", "items", "03d10f00", Error::ExtensionUnknown),
        case("list-item-0", "items", "020000", VALUE),
        case("list-items-not-ascending", "items", "0402000200", VALUE),
        case("list-item-cut", "items", "020205", MALFORMED),
        refused(good().with("number", "00").with("issuers", "0101").case("list-head-before-issuers"), VALUE),
        refused(
            good().with("issuers", &bad_issuer).with("licenses", "0101").case("list-issuers-before-licenses"),
            VALUE,
        ),
        refused(
            good().with("licenses", &bad_license).with("items", critical).case("list-licenses-before-items"),
            MALFORMED,
        ),
        refused(good().with("number", "8000").case("list-encoding-before-values"), Error::PayloadNotCanonical),
    ]
}
