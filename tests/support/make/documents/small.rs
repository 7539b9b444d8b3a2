//! Time tokens and unlocks.

use super::{Case, Payload, accepted, list, refused, string, unknown, unknown_critical};
use lic2::{Error, Kind};

const MALFORMED: Error = Error::PayloadMalformed;
const VALUE: Error = Error::PayloadValue;

/// A time in 2026 for product "p".
pub(super) fn token() -> Payload {
    Payload::new(Kind::TimeToken, &[("issued_at", "c0a5f10c"), ("product", "0170"), ("items", "00")])
}

/// For any device of product "p", its clock.
pub(super) fn unlock() -> Payload {
    Payload::new(
        Kind::Unlock,
        &[
            ("issued_at", "c0a5f10c"),
            ("product", "0170"),
            ("nonce", "0102030405060708"),
            ("grants", "01"),
            ("binding", "00"),
            ("items", "00"),
        ],
    )
}

/// For one device, with an item.
pub(super) fn full_unlock() -> Payload {
    unlock().with("grants", "03").with("binding", "0101090807060905c1e05eff192f795a").with("items", "03d00f00")
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = token().frames("token");
    cases.extend(tokens());
    cases.extend(unlock().frames("unlock"));
    cases.extend(accepted_unlocks());
    cases.extend(refused_unlocks());
    cases
}

fn tokens() -> Vec<Case> {
    let good = |name: &str, field: &str, value: &str| accepted(token().with(field, value).case(name));
    let bad = |name: &str, field: &str, value: &str, error| refused(token().with(field, value).case(name), error);
    vec![
        accepted(token().case("token")),
        good("token-for-every-product", "product", "00"),
        good("token-of-the-last-second", "issued_at", "ffffffff"),
        good("token-unknown-item", "items", &list(&[unknown("07")])),
        bad("token-product-star", "product", "012a", VALUE),
        bad("token-product-of-65", "product", &string(&"p".repeat(65)), VALUE),
        bad("token-product-length-overlong", "product", "810070", Error::PayloadNotCanonical),
        bad("token-unknown-critical-item", "items", &list(&[unknown_critical("")]), Error::ExtensionUnknown),
        refused(
            token()
                .with("product", "012a")
                .with("items", &list(&[unknown_critical("")]))
                .case("token-product-before-items"),
            VALUE,
        ),
    ]
}

fn accepted_unlocks() -> Vec<Case> {
    let good = |name: &str, field: &str, value: &str| accepted(unlock().with(field, value).case(name));
    let hash = "c1e05eff192f795a";
    vec![
        accepted(unlock().case("unlock-of-the-clock")),
        good("unlock-of-the-state", "grants", "02"),
        good("unlock-of-both", "grants", "03"),
        good("unlock-for-components", "binding", &format!("01010908070609{}{hash}", "05")),
        good("unlock-for-a-device-of-a-table", "binding", &format!("02050908070609{hash}01")),
        good("unlock-for-a-key", "binding", &format!("03{}", "ab".repeat(32))),
        good("unlock-unknown-item", "items", &list(&[unknown("07")])),
    ]
}

fn refused_unlocks() -> Vec<Case> {
    let bad = |name: &str, field: &str, value: &str, error| refused(unlock().with(field, value).case(name), error);
    vec![
        bad("unlock-of-nothing", "grants", "00", VALUE),
        bad("unlock-of-something-else", "grants", "04", VALUE),
        bad("unlock-of-more", "grants", "07", VALUE),
        bad("unlock-for-every-product", "product", "00", VALUE),
        bad("unlock-product-ends-in-a-star", "product", &string("p*"), VALUE),
        bad("unlock-unknown-binding", "binding", "04", MALFORMED),
        bad("unlock-components-none", "binding", "01010908070600", VALUE),
        bad("unlock-components-cut", "binding", "0101090807060105", MALFORMED),
        bad("unlock-unknown-critical-item", "items", &list(&[unknown_critical("")]), Error::ExtensionUnknown),
        refused(
            unlock().with("grants", "00").with("binding", "0101090807060105").case("unlock-grants-before-binding"),
            VALUE,
        ),
        refused(
            unlock()
                .with("binding", "01010908070600")
                .with("items", &list(&[unknown_critical("")]))
                .case("unlock-binding-before-items"),
            VALUE,
        ),
    ]
}
