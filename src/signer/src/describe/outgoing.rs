//! Sellers' documents other than codes (revocation lists, time tokens and unlocks) in words and as JSON.

use lic2::{Content, Coverage, GRANTS_CLOCK, GRANTS_STATE, Part, Reason, RevocationList, TimeToken, Unlock};
use serde_json::{Value, json};

use super::{Table, binding_json, binding_words, license_json, license_words};
use crate::timespec::{format, words};
use crate::ui;

/// The reasons for revoking a license, as flags, files and JSON have them.
pub const REASONS: [(Reason, &str); 4] = [
    (Reason::Released, "released"),
    (Reason::Frozen, "frozen"),
    (Reason::Refunded, "refunded"),
    (Reason::Replaced, "replaced"),
];

/// What an unlock may grant: bit, name as flags and JSON have it, and words.
pub const GRANTS: [(u8, &str, &str); 2] = [
    (GRANTS_CLOCK, "clock", "clock: the device accepts times from the time of this unlock on"),
    (GRANTS_STATE, "state", "state: the device continues with its stored activation"),
];

/// A seller's document for devices in words.
pub fn seller_words(content: &Content<'_>, table: &mut Table) {
    match content {
        Content::License(license) => license_words(license, table),
        Content::RevocationList(list) => list_words(list, table),
        Content::TimeToken(token) => token_words(token, table),
        Content::Unlock(unlock) => unlock_words(unlock, table),
        _ => table.row("content", "of a kind that this version does not know"),
    }
}

/// A seller's document for devices as JSON.
#[must_use]
pub fn seller_json(content: &Content<'_>) -> Value {
    match content {
        Content::License(license) => license_json(license),
        Content::RevocationList(list) => list_json(list),
        Content::TimeToken(token) => token_json(token),
        Content::Unlock(unlock) => unlock_json(unlock),
        _ => Value::Null,
    }
}

const fn product_words(product: &str) -> &str {
    if product.is_empty() { "EVERY product" } else { product }
}

fn product_json(product: &str) -> Value {
    if product.is_empty() { Value::Null } else { json!(product) }
}

fn reason_name(reason: Reason) -> &'static str {
    REASONS.iter().find(|(known, _)| *known == reason).map_or("unknown", |(_, name)| name)
}

/// Which licenses a list is about, if it is not all of them.
#[must_use]
pub fn coverage_words(coverage: Coverage) -> Option<String> {
    match coverage {
        Coverage::Every => None,
        Coverage::Part(part) => Some(part_words(&part)),
        Coverage::Named => Some("only the licenses that it names".into()),
    }
}

fn part_words(part: &Part) -> String {
    let Part { part, parts, first, last } = part;
    format!("part {part} of {parts}, licenses {first:04x}-{last:04x}")
}

fn coverage_json(coverage: Coverage) -> Value {
    match coverage {
        Coverage::Every => json!({"type": "every"}),
        Coverage::Part(Part { part, parts, first, last }) => json!({
            "type": "part", "part": part, "parts": parts, "first": format!("{first:04x}"), "last": format!("{last:04x}"),
        }),
        Coverage::Named => json!({"type": "named"}),
    }
}

fn list_words(list: &RevocationList<'_>, table: &mut Table) {
    table.row("list", format_args!("number {}, series {}", list.number, list.series));
    table.row("product", product_words(&list.product));
    table.row("issued", words(list.issued_at));
    table.maybe("covers", coverage_words(list.coverage));
    for issuer in list.issuers {
        let rest = if issuer.keep_activated {
            "existing activations stay valid"
        } else {
            "nothing that it signed \
                                                                                          counts"
        };
        table.row("key revoked", format_args!("{}…: {rest}", ui::hex(&issuer.key)));
    }
    for entry in list.licenses {
        let id = ui::hex(&entry.id);
        if entry.below > 1 {
            let reason = reason_name(entry.reason);
            table.row("revoked", format_args!("id hash {id}, issues below {}: {reason}", entry.below));
        } else {
            table.row("in force", format_args!("id hash {id}: reverses earlier lists of this series"));
        }
    }
    if list.issuers.is_empty() && list.licenses.count() == 0 {
        table.row(
            "revoked",
            match list.coverage {
                Coverage::Every => "nothing: reverses earlier lists of this series",
                Coverage::Part(_) => "nothing in this part: reverses earlier lists of this series in it",
                Coverage::Named => "nothing, and reverses nothing: it names no license",
            },
        );
    }
}

fn list_json(list: &RevocationList<'_>) -> Value {
    let issuers: Vec<Value> = list
        .issuers
        .map(|issuer| json!({"key_begins": ui::hex(&issuer.key), "keep_activated": issuer.keep_activated}))
        .collect();
    let licenses: Vec<Value> = list
        .licenses
        .map(|entry| {
            json!({"license_hash": ui::hex(&entry.id), "below": entry.below, "reason": reason_name(entry.reason)})
        })
        .collect();
    json!({
        "number": list.number,
        "series": list.series,
        "product": product_json(&list.product),
        "issued_at": format(list.issued_at),
        "coverage": coverage_json(list.coverage),
        "issuers": issuers,
        "licenses": licenses,
    })
}

fn token_words(token: &TimeToken<'_>, table: &mut Table) {
    table.row("product", product_words(&token.product));
    table.row("time", format_args!("{}: proves that the time is not earlier", words(token.issued_at)));
}

fn token_json(token: &TimeToken<'_>) -> Value {
    json!({"product": product_json(&token.product), "issued_at": format(token.issued_at)})
}

fn unlock_words(unlock: &Unlock<'_>, table: &mut Table) {
    table.row("product", unlock.product);
    table.row("issued", words(unlock.issued_at));
    table.row("answers", format_args!("the request with nonce {}", ui::hex(&unlock.nonce)));
    table.row("device", binding_words(unlock.binding));
    for (bit, _, words) in GRANTS {
        if unlock.grants & bit != 0 {
            table.row("grants", words);
        }
    }
}

fn unlock_json(unlock: &Unlock<'_>) -> Value {
    let grants: Vec<&str> =
        GRANTS.iter().filter(|(bit, ..)| unlock.grants & bit != 0).map(|(_, name, _)| *name).collect();
    json!({
        "product": unlock.product,
        "issued_at": format(unlock.issued_at),
        "nonce": ui::hex(&unlock.nonce),
        "grants": grants,
        "binding": binding_json(unlock.binding),
    })
}
