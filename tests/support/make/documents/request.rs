//! Requests.

use super::super::super::hex;
use super::{Case, Payload, accepted, item, list, refused, string, unknown, unknown_critical};
use lic2::{Error, Kind};

const MALFORMED: Error = Error::PayloadMalformed;
const VALUE: Error = Error::PayloadValue;

/// For product "p", without anything optional.
pub(super) fn good() -> Payload {
    Payload::new(
        Kind::Request,
        &[
            ("product", "0170"),
            ("nonce", "0102030405060708"),
            ("at", "00000000"),
            ("license", "00"),
            ("components", "00"),
            ("items", "00"),
        ],
    )
}

/// An identity component of this kind.
pub(super) fn component(kind: u8) -> String {
    format!("{kind:02x}c1e05eff192f795a")
}

/// So many identity components: of the kinds that have a meaning, of some that never get one, and of the application's.
fn so_many(count: usize) -> String {
    let kinds = (1..=6).chain(120..=127).chain(128..);
    list(&kinds.take(count).map(component).collect::<Vec<_>>())
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = good().frames("request");
    cases.extend(accepted_requests());
    cases.extend(heads());
    cases.extend(components());
    cases.extend(items());
    cases
}

/// With everything that a request can say.
pub(super) fn full() -> Payload {
    let key = hex(&[0xAB; 32]);
    let all = [item(2, "0203c096b102"), item(4, &key), item(6, "9703"), item(8, "03")];
    good()
        .with("at", "c0a5f10c")
        .with("license", &string("PL-20261118-00000042"))
        .with("components", &list(&[component(1), component(5)]))
        .with("items", &list(&all))
}

fn accepted_requests() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str| accepted(good().with(field, value).case(name));
    vec![
        accepted(good().case("request")),
        accepted(full().case("request-with-everything")),
        case("request-license-of-64", "license", &string(&"i".repeat(64))),
        case("request-last-second", "at", "ffffffff"),
        case("request-first-known-second", "at", "01000000"),
        case("request-components-most", "components", &so_many(16)),
        case("request-two-components-of-a-kind", "components", &list(&[component(1), format!("01{}", "ff".repeat(8))])),
        case("request-unknown-sign", "items", &list(&[item(8, "80")])),
        case("request-status-most", "items", &list(&[item(6, "ffff03")])),
        case("request-unknown-item", "items", &list(&[unknown("00")])),
    ]
}

fn heads() -> Vec<Case> {
    let case = |name: &str, field: &str, value: &str, error| refused(good().with(field, value).case(name), error);
    vec![
        case("request-for-every-product", "product", "00", VALUE),
        case("request-product-ends-in-a-star", "product", &string("p*"), VALUE),
        case("request-license-of-65", "license", &string(&"i".repeat(65)), VALUE),
        case("request-license-with-space", "license", &string("a b"), VALUE),
        case("request-license-not-utf-8", "license", "01ff", MALFORMED),
        refused(
            good().with("license", "0120").with("components", "0105").case("request-license-before-components"),
            VALUE,
        ),
    ]
}

fn components() -> Vec<Case> {
    let case = |name: &str, entries: &[String]| refused(good().with("components", &list(entries)).case(name), VALUE);
    let cut = list(&[component(0), "05".to_owned()]);
    vec![
        case("request-component-of-kind-0", &[component(0)]),
        case("request-component-twice", &[component(5), component(5)]),
        case("request-components-descending", &[component(5), component(1)]),
        refused(good().with("components", &so_many(17)).case("request-components-17"), VALUE),
        refused(good().with("components", &cut).case("request-component-cut-is-found-first"), MALFORMED),
        refused(
            good()
                .with("components", &list(&[component(0)]))
                .with("items", "0103")
                .case("request-components-before-items"),
            VALUE,
        ),
    ]
}

fn items() -> Vec<Case> {
    let case = |name: &str, items: &[String], error| refused(good().with("items", &list(items)).case(name), error);
    let key = hex(&[0xAB; 32]);
    vec![
        case("request-version-critical", &[item(3, "010000")], VALUE),
        case("request-version-of-two-parts", &[item(2, "0100")], MALFORMED),
        case("request-version-of-four-parts", &[item(2, "01000000")], MALFORMED),
        case("request-version-overlong", &[item(2, "01008000")], Error::PayloadNotCanonical),
        case("request-version-part-too-large", &[item(2, "80800400000000")], MALFORMED),
        case("request-key-critical", &[item(5, &key)], VALUE),
        case("request-key-of-31-bytes", &[item(4, &key[2..])], MALFORMED),
        case("request-key-of-33-bytes", &[item(4, &format!("{key}00"))], MALFORMED),
        case("request-status-0", &[item(6, "00")], VALUE),
        case("request-status-critical", &[item(7, "01")], VALUE),
        case("request-status-too-large", &[item(6, "808004")], MALFORMED),
        case("request-signs-0", &[item(8, "00")], VALUE),
        case("request-signs-critical", &[item(9, "01")], VALUE),
        case("request-signs-empty", &[item(8, "")], MALFORMED),
        case("request-unknown-critical-item", &[unknown_critical("")], Error::ExtensionUnknown),
        case("request-items-not-ascending", &[item(6, "01"), item(4, &key)], VALUE),
        case("request-item-twice", &[item(8, "01"), item(8, "01")], VALUE),
    ]
}
