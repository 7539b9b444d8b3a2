//! Receipts and usage reports.

use super::request::component;
use super::{Case, Payload, accepted, item, list, refused, string, unknown, unknown_critical};
use lic2::{Error, Kind};

const MALFORMED: Error = Error::PayloadMalformed;
const VALUE: Error = Error::PayloadValue;
const UNKNOWN: Error = Error::ExtensionUnknown;

/// For issue 1 of license "1" for product "p".
pub(super) fn receipt() -> Payload {
    Payload::new(
        Kind::Receipt,
        &[
            ("product", "0170"),
            ("nonce", "0102030405060708"),
            ("at", "00000000"),
            ("license", "0131"),
            ("serial", "01"),
            ("components", "00"),
            ("usage", "00"),
            ("items", "00"),
        ],
    )
}

/// Number 1 for product "p".
pub(super) fn report() -> Payload {
    Payload::new(
        Kind::UsageReport,
        &[
            ("product", "0170"),
            ("nonce", "0102030405060708"),
            ("at", "00000000"),
            ("number", "01"),
            ("components", "00"),
            ("entries", "00"),
            ("items", "00"),
        ],
    )
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = receipt().frames("receipt");
    cases.extend(receipts());
    cases.extend(refused_receipts());
    cases.extend(report().frames("report"));
    cases.extend(reports());
    cases.extend(refused_reports());
    cases.extend(both());
    cases.extend(parts());
    cases
}

/// What was used of a feature.
fn used(feature: &str, amount: &str) -> String {
    string(feature) + amount
}

/// So many features with names of two characters.
fn many(count: u8, of: impl Fn(&str) -> String) -> String {
    list(&(0..count).map(|number| of(&format!("{number:02}"))).collect::<Vec<_>>())
}

const MOST: &str = "ffffffffffffffffff01";

/// With everything that a receipt can say but a device key.
pub(super) fn full_receipt() -> Payload {
    receipt()
        .with("at", "c0a5f10c")
        .with("license", &string("PL-20261118-00000042"))
        .with("serial", "ffffffff0f")
        .with("components", &list(&[component(1), component(5)]))
        .with("usage", &list(&[used("export", "00"), used("scans", MOST)]))
}

/// With everything that a usage report can say but a device key.
pub(super) fn full_report() -> Payload {
    let entries = [
        entry("PL-1", "01", "export", "0000"),
        entry("PL-1", "01", "scans", &format!("{MOST}0a")),
        entry("PL-2", "ffffffff0f", "export", &format!("05{MOST}")),
    ];
    report()
        .with("at", "c0a5f10c")
        .with("number", "ffffffff0f")
        .with("components", &list(&[component(1), component(5)]))
        .with("entries", &list(&entries))
}

fn receipts() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str| accepted(receipt().with(field, value).case(name));
    vec![
        accepted(receipt().case("receipt")),
        accepted(full_receipt().case("receipt-with-everything")),
        case("receipt-usage-most", "usage", &many(64, |name| used(name, "07"))),
        case("receipt-feature-of-32", "usage", &list(&[used(&"f".repeat(32), "01")])),
        case("receipt-unknown-item", "items", &list(&[unknown("00")])),
    ]
}

fn refused_receipts() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str, error| refused(receipt().with(field, value).case(name), error);
    let usage =
        |name: &str, entries: &[String], error| refused(receipt().with("usage", &list(entries)).case(name), error);
    vec![
        case("receipt-for-no-license", "license", "00", VALUE),
        case("receipt-license-of-65", "license", &string(&"i".repeat(65)), VALUE),
        case("receipt-serial-0", "serial", "00", VALUE),
        case("receipt-serial-overlong", "serial", "8100", Error::PayloadNotCanonical),
        case("receipt-for-every-product", "product", "00", VALUE),
        usage("receipt-feature-twice", &[used("a", "01"), used("a", "02")], VALUE),
        usage("receipt-features-descending", &[used("b", "01"), used("a", "01")], VALUE),
        usage("receipt-feature-without-name", &[used("", "01")], VALUE),
        usage("receipt-feature-of-33", &[used(&"f".repeat(33), "01")], VALUE),
        usage("receipt-used-overlong", &[used("a", "8100")], Error::PayloadNotCanonical),
        usage("receipt-used-too-large", &[used("a", "ffffffffffffffffff02")], MALFORMED),
        usage("receipt-used-missing", &[used("a", "")], MALFORMED),
        case("receipt-usage-65", "usage", &many(65, |name| used(name, "07")), VALUE),
        refused(
            receipt().with("serial", "00").with("components", "0105").case("receipt-head-before-components"),
            VALUE,
        ),
        refused(
            receipt()
                .with("components", "0105")
                .with("usage", &list(&[used("", "01")]))
                .case("receipt-components-before-usage"),
            MALFORMED,
        ),
        refused(
            receipt().with("usage", &list(&[used("", "01")])).with("items", "0103").case("receipt-usage-before-items"),
            VALUE,
        ),
    ]
}

/// An entry of a usage report.
fn entry(license: &str, serial: &str, feature: &str, amounts: &str) -> String {
    string(license) + serial + &string(feature) + amounts
}

fn reports() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str| accepted(report().with(field, value).case(name));
    vec![
        accepted(report().case("report")),
        accepted(full_report().case("report-with-everything")),
        case("report-entries-most", "entries", &many(64, |name| entry("1", "01", name, "0000"))),
        case(
            "report-license-before-feature",
            "entries",
            &list(&[entry("1", "01", "b", "0000"), entry("2", "01", "a", "0000")]),
        ),
        case("report-unknown-item", "items", &list(&[unknown("00")])),
    ]
}

fn refused_reports() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str, error| refused(report().with(field, value).case(name), error);
    let entries =
        |name: &str, entries: &[String], error| refused(report().with("entries", &list(entries)).case(name), error);
    let one = entry("1", "01", "a", "0000");
    vec![
        case("report-number-0", "number", "00", VALUE),
        case("report-for-every-product", "product", "00", VALUE),
        entries("report-entry-of-no-license", &[entry("", "01", "a", "0000")], VALUE),
        entries("report-entry-of-no-feature", &[entry("1", "01", "", "0000")], VALUE),
        entries("report-license-of-65", &[entry(&"i".repeat(65), "01", "a", "0000")], VALUE),
        entries("report-feature-of-33", &[entry("1", "01", &"f".repeat(33), "0000")], VALUE),
        entries("report-serial-0", &[entry("1", "00", "a", "0000")], VALUE),
        entries("report-entry-twice", &[one.clone(), entry("1", "02", "a", "0000")], VALUE),
        entries("report-features-descending", &[entry("1", "01", "b", "0000"), one.clone()], VALUE),
        entries("report-licenses-descending", &[entry("2", "01", "a", "0000"), entry("1", "01", "b", "0000")], VALUE),
        entries("report-entry-cut", &[entry("1", "01", "a", "00")], MALFORMED),
        entries("report-reported-overlong", &[entry("1", "01", "a", "008000")], Error::PayloadNotCanonical),
        case("report-entries-65", "entries", &many(65, |name| entry("1", "01", name, "0000")), VALUE),
        refused(
            report().with("number", "00").with("components", "0105").case("report-number-before-components"),
            VALUE,
        ),
        refused(
            report().with("components", "0105").with("entries", "0101").case("report-components-before-entries"),
            MALFORMED,
        ),
        refused(
            report()
                .with("entries", &list(&[entry("", "01", "a", "0000")]))
                .with("items", "0103")
                .case("report-entries-before-items"),
            VALUE,
        ),
    ]
}

/// The one item that both know.
fn both() -> Vec<Case> {
    let key = "ab".repeat(32);
    let mut cases = Vec::new();
    for (name, payload) in [("receipt", receipt()), ("report", report())] {
        let case = |what: &str, item: &str, error| {
            refused(payload.with("items", &list(&[item.to_owned()])).case(&format!("{name}-{what}")), error)
        };
        cases.extend([
            case("key-critical", &item(5, &key), VALUE),
            case("key-of-31-bytes", &item(4, &key[2..]), MALFORMED),
            case("unknown-critical-item", &unknown_critical("00"), Error::ExtensionUnknown),
        ]);
    }
    cases
}

/// The item of a part that others follow.
pub(super) fn part() -> String {
    item(7, "0200")
}

/// Both can be written in parts.
fn parts() -> Vec<Case> {
    let key = item(4, &"ab".repeat(32));
    let mut cases = Vec::new();
    for (name, payload) in [("receipt", full_receipt()), ("report", full_report())] {
        let with = |what: &str, items: &[String]| payload.with("items", &list(items)).case(&format!("{name}-{what}"));
        let good = |what: &str, part: &str| accepted(with(what, &[item(7, part)]));
        let bad = |what: &str, part: &str, error| refused(with(what, &[item(7, part)]), error);
        let empty = if name == "receipt" { ("usage", "00") } else { ("entries", "00") };
        cases.extend([
            good("part-first", "0100"),
            good("part-second", "0200"),
            good("part-last", "0201"),
            good("part-most", "ffff0301"),
            accepted(with("part-with-a-key", &[key.clone(), part()])),
            accepted(with("part-before-an-unknown-item", &[part(), unknown("")])),
            accepted(
                payload.with("items", &list(&[part()])).with(empty.0, empty.1).case(&format!("{name}-part-empty")),
            ),
            bad("part-0", "0000", VALUE),
            bad("part-0-the-last", "0001", VALUE),
            bad("part-first-and-last", "0101", VALUE),
            bad("part-last-2", "0202", VALUE),
            bad("part-last-128", "0280", VALUE),
            bad("part-of-no-bytes", "", MALFORMED),
            bad("part-without-last", "02", MALFORMED),
            bad("part-and-a-byte", "020000", MALFORMED),
            bad("part-above-16-bits", "80800400", MALFORMED),
            bad("part-overlong", "820000", Error::PayloadNotCanonical),
            bad("part-overlong-and-a-byte", "82000000", Error::PayloadNotCanonical),
            bad("part-0-overlong", "800000", Error::PayloadNotCanonical),
            refused(with("part-not-critical", &[item(6, "0200")]), VALUE),
            refused(with("part-not-critical-and-malformed", &[item(6, "02")]), MALFORMED),
            refused(with("part-twice", &[part(), part()]), VALUE),
            refused(with("part-before-a-key", &[part(), key.clone()]), VALUE),
            refused(with("part-before-an-unknown-critical-item", &[part(), unknown_critical("")]), UNKNOWN),
            refused(with("part-0-before-an-unknown-critical-item", &[item(7, "0000"), unknown_critical("")]), VALUE),
        ]);
    }
    cases
}
