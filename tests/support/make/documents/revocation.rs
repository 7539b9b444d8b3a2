//! Revocation lists.

use super::{Case, Payload, accepted, item, list, refused, string, unknown, unknown_critical};
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

/// A license whose hash begins with these two bytes.
fn beginning(hash: &str) -> String {
    format!("{hash}0203040506070100")
}

/// A part, with licenses and another item. No issuers: only an anchor may revoke them.
pub(super) fn full() -> Payload {
    good().with("licenses", &licenses(1..=3)).with("items", &list(&[item(3, "01020010"), item(2_000, "")]))
}

/// With licenses, and nothing said of any other.
pub(super) fn named() -> Payload {
    good().with("licenses", &licenses(1..=3)).with("items", &list(&[item(5, "")]))
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = good().frames("list");
    cases.extend(accepted_lists());
    cases.extend(heads());
    cases.extend(revoked_issuers());
    cases.extend(revoked_licenses());
    cases.extend(items_and_order());
    cases.extend(parts());
    cases.extend(refused_parts());
    cases.extend(of_named());
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
        case("list-unknown-item", "items", &list(&[unknown("07")])),
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
    let critical = &list(&[unknown_critical("")]);
    let descending = &list(&[unknown(""), unknown("")]);
    vec![
        case("list-unknown-critical-item", "items", critical, Error::ExtensionUnknown),
        case("list-critical-item-of-the-seller", "items", "03d10f00", Error::ExtensionUnknown),
        case("list-item-0", "items", "020000", VALUE),
        case("list-items-not-ascending", "items", descending, VALUE),
        case("list-item-cut", "items", "03880e05", MALFORMED),
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

/// A list in parts: with this item, and these licenses.
fn part(name: &str, content: &str, licenses: &[String]) -> Case {
    good().with("licenses", &list(licenses)).with("items", &list(&[item(3, content)])).case(name)
}

fn parts() -> Vec<Case> {
    let case = |name: &str, content: &str, licenses: &[String]| accepted(part(name, content, licenses));
    let of = |hashes: &[&str]| hashes.iter().map(|hash| beginning(hash)).collect::<Vec<_>>();
    vec![
        accepted(full().case("list-part-with-everything")),
        case("list-part-first", "010200ffff01", &[]),
        case("list-part-last", "0202808002ffff03", &[]),
        case("list-part-of-everything", "010200ffff03", &of(&["0000", "8000", "ffff"])),
        case("list-part-of-one-beginning", "0103b424b424", &of(&["1234"])),
        case("list-part-numbers-most", "ffff03ffff03ffff03ffff03", &of(&["ffff"])),
        case("list-part-hash-at-both-ends", "0203b424b524", &of(&["1234", "1235"])),
        case("list-part-hash-read-from-the-left", "01028002ff02", &of(&["0100", "017f"])),
        accepted(
            good().with("items", &list(&[item(3, "01020000"), unknown("07")])).case("list-part-before-an-unknown-item"),
        ),
        accepted(
            good()
                .with("licenses", &list(&[entry(0, "0102")]))
                .with("items", &list(&[item(3, "01020000")]))
                .case("list-part-entry-below-1"),
        ),
    ]
}

fn refused_parts() -> Vec<Case> {
    let case = |name: &str, content: &str, error| refused(part(name, content, &[]), error);
    let outside = |name: &str, content: &str, hash: &str| refused(part(name, content, &[beginning(hash)]), VALUE);
    let items = |name: &str, items: &[String], error| refused(good().with("items", &list(items)).case(name), error);
    let whole = "010200ffff03";
    let with_issuers = |name: &str, items: &[String], error| {
        refused(good().with("issuers", &issuers(1..=1)).with("items", &list(items)).case(name), error)
    };
    vec![
        case("list-part-0", "000200ffff03", VALUE),
        case("list-part-0-of-0", "000000ffff03", VALUE),
        case("list-part-above-the-parts", "030200ffff03", VALUE),
        case("list-part-of-one", "010100ffff03", VALUE),
        case("list-part-of-none", "010000ffff03", VALUE),
        case("list-part-backwards", "01020100", VALUE),
        case("list-part-of-no-bytes", "", MALFORMED),
        case("list-part-of-three-numbers", "010200", MALFORMED),
        case("list-part-of-five-numbers", "0102000000", MALFORMED),
        case("list-part-above-16-bits", "010200808004", MALFORMED),
        case("list-part-overlong", "8100020000", Error::PayloadNotCanonical),
        case("list-part-last-overlong", "0102008000", Error::PayloadNotCanonical),
        case("list-part-overlong-and-a-byte", "810002000000", Error::PayloadNotCanonical),
        items("list-part-not-critical", &[item(2, whole)], VALUE),
        items("list-part-not-critical-and-malformed", &[item(2, "010200")], MALFORMED),
        items("list-part-twice", &[item(3, whole), item(3, whole)], VALUE),
        outside("list-part-hash-before-it", "0102b524b624", "1234"),
        outside("list-part-hash-behind-it", "0102b424b524", "1236"),
        outside("list-part-hash-read-from-the-right", "01028002ff02", "0001"),
        refused(part("list-part-second-hash-outside", "01020000", &[beginning("0000"), beginning("0001")]), VALUE),
        with_issuers("list-part-with-issuers", &[item(3, whole)], VALUE),
        with_issuers(
            "list-part-with-issuers-before-an-unknown-critical-item",
            &[item(3, whole), unknown_critical("")],
            Error::ExtensionUnknown,
        ),
        refused(
            good()
                .with("licenses", &list(&[beginning("0001")]))
                .with("items", &list(&[item(3, "01020000"), unknown_critical("")]))
                .case("list-part-hash-outside-before-an-unknown-critical-item"),
            Error::ExtensionUnknown,
        ),
        items("list-part-0-before-an-unknown-critical-item", &[item(3, "00020000"), unknown_critical("")], VALUE),
    ]
}

fn of_named() -> Vec<Case> {
    let items = |name: &str, items: &[String], error| refused(good().with("items", &list(items)).case(name), error);
    let whole = "010200ffff03";
    vec![
        accepted(named().case("list-of-named")),
        accepted(good().with("items", "020500").case("list-of-named-that-names-none")),
        accepted(
            named().with("licenses", &licenses(1..=64)).with("product", "00").case("list-of-named-of-every-product"),
        ),
        accepted(named().with("items", &list(&[item(5, ""), unknown("07")])).case("list-of-named-and-an-unknown-item")),
        items("list-of-named-with-content", &[item(5, "00")], MALFORMED),
        items("list-of-named-not-critical", &[item(4, "")], VALUE),
        items("list-of-named-not-critical-with-content", &[item(4, "00")], MALFORMED),
        items("list-of-named-twice", &[item(5, ""), item(5, "")], VALUE),
        items("list-of-named-beside-a-part", &[item(3, whole), item(5, "")], VALUE),
        items("list-of-named-before-a-part", &[item(5, ""), item(3, whole)], VALUE),
        items("list-of-named-beside-a-part-with-content", &[item(3, whole), item(5, "00")], MALFORMED),
        items("list-of-named-beside-a-bad-part", &[item(3, "00020000"), item(5, "00")], VALUE),
        items(
            "list-of-named-beside-a-part-before-an-unknown-critical-item",
            &[item(3, whole), item(5, ""), unknown_critical("")],
            VALUE,
        ),
        refused(named().with("issuers", &issuers(1..=1)).case("list-of-named-with-issuers"), VALUE),
        refused(
            named()
                .with("issuers", &issuers(1..=1))
                .with("items", &list(&[item(5, ""), unknown_critical("")]))
                .case("list-of-named-with-issuers-before-an-unknown-critical-item"),
            Error::ExtensionUnknown,
        ),
    ]
}
