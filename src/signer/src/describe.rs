//! Documents and decisions in plain words and as JSON. The JSON field names are stable: fields may be added, none is
//! renamed or removed.

mod claim;
mod entry;
mod incoming;
mod outgoing;

use lic2::{
    Binding, Certificate, Class, Decision, Error, Feature, Item, License, LicenseItem, Right, Term, Text, UnixSeconds,
};
use serde_json::{Value, json};

use crate::class_name::class_name;
use crate::device::kind_name;
use crate::document_kind::KINDS;
use crate::timespec::{format, words};
use crate::ui::printable;
use crate::{fields, publickey, ui};

pub use claim::{characters, claim_words};
pub use entry::{bill_columns, bill_row, entry_columns, entry_json, entry_line, entry_row, entry_title, entry_words};
pub use incoming::{device_json, device_words, proof_name, proof_words, report_part_words};
pub use outgoing::{GRANTS, REASONS, coverage_words, seller_json, seller_words};

/// Lines of `label  value`.
#[derive(Clone, Debug, Default)]
pub struct Table(String);

impl Table {
    /// Adds a line.
    pub fn row(&mut self, label: &str, value: impl std::fmt::Display) {
        use std::fmt::Write as _;
        let _ = writeln!(self.0, "  {label:<14} {value}");
    }

    /// Adds a line if there is a value.
    pub fn maybe(&mut self, label: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.row(label, value);
        }
    }

    /// Adds lines.
    pub(crate) fn rows(&mut self, rows: Vec<(&'static str, String)>) {
        for (label, value) in rows {
            self.row(label, value);
        }
    }

    /// The lines.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// The name of a right, as flags and JSON have it.
#[must_use]
pub const fn right_name(right: Right<'_>) -> &'static str {
    match right {
        Right::Flag => "flag",
        Right::Limit(_) => "limit",
        Right::Quota { overage: true, .. } => "overage",
        Right::Quota { .. } => "quota",
        Right::Text(_) => "text",
        Right::Unknown { .. } | _ => "unknown",
    }
}

/// The name and the sentence of a status; `None` is 0.
#[must_use]
pub fn status_fields(refusal: Option<Error>) -> (i32, &'static str, &'static str, &'static str) {
    refusal.map_or((0, "OK", "the license permits use", ""), |error| {
        (error.number(), error.name(), error.text(), error.advice())
    })
}

/// A license in words.
pub fn license_words(license: &License<'_>, table: &mut Table) {
    table.row("license", format_args!("{} (issue {})", license.id, license.serial));
    table.row("class", class_words(license.class));
    table.row("product", license.product);
    table.rows(fields::words(0, license));
    table.row("issued", words(license.issued_at));
    table.rows(fields::words(1, license));
    table.row("term", term_words(license.term));
    table.rows(fields::words(2, license));
    table.row("device", binding_words(license.binding));
    for feature in license.features {
        table.row("feature", feature_words(&feature));
    }
    table.rows(fields::words(3, license));
    for item in other_items(license) {
        table.row("item", format_args!("{}=hex:{}", item.number, ui::hex(item.bytes)));
    }
}

/// The items that are no field of a license.
fn other_items<'a>(license: &License<'a>) -> impl Iterator<Item = Item<'a>> {
    license.items.into_iter().filter(|item| LicenseItem::of(item.number).is_none())
}

const fn class_words(class: Class) -> &'static str {
    match class {
        Class::Commercial => "commercial",
        Class::Trial => "trial",
        Class::Test => "TEST (production builds refuse it)",
        Class::NotForResale => "not for resale",
    }
}

pub(crate) fn term_words(term: Term) -> String {
    match term {
        Term::Perpetual => "perpetual".into(),
        Term::Until(end) => format!("until {} (exclusive)", words(end)),
        Term::DaysFromActivation(days) => format!("{days} days from the first activation"),
        Term::PoweredHours(hours) => format!("{hours} powered-on hours from the first activation"),
    }
}

pub(crate) fn binding_words(binding: Binding<'_>) -> String {
    match binding {
        Binding::None => "any".into(),
        Binding::Components { needed, entries, .. } => {
            let kinds: Vec<String> = entries.map(|entry| kind_name(entry.kind)).collect();
            format!("bound, {needed} of these must match: {}", kinds.join(", "))
        }
        Binding::Allocation { kind, entries, .. } => {
            let quantities: Vec<String> = entries.map(|entry| entry.quantity.to_string()).collect();
            format!("table of {} by {}, quantities {}", quantities.len(), kind_name(kind), quantities.join(", "))
        }
        Binding::DeviceKey(key) => format!("the holder of key {}", ui::hex(&key)),
    }
}

/// A feature in words: `channels: limit 64, until 2027-06-30T00:00:00Z`.
#[must_use]
pub fn feature_words(feature: &Feature<'_>) -> String {
    let right = match feature.right {
        Right::Flag => "yes".to_owned(),
        Right::Limit(most) => format!("limit {most}"),
        Right::Quota { amount, overage: true } => format!("quota {amount}, overage is granted and reported"),
        Right::Quota { amount, .. } => format!("quota {amount}"),
        Right::Text(text) => format!("text {:?}", printable(&text)),
        Right::Unknown { number, bytes } => format!("right {number} of a later version, {}", ui::hex(bytes)),
        _ => "of a kind that this version does not know".to_owned(),
    };
    let end = feature.expires.map_or_else(String::new, |end| format!(", until {}", words(end)));
    format!("{}: {right}{end}", feature.name)
}

/// A license as JSON.
#[must_use]
pub fn license_json(license: &License<'_>) -> Value {
    let items: Vec<Value> = other_items(license)
        .map(|item| json!({"number": item.number, "critical": item.critical, "hex": ui::hex(item.bytes)}))
        .collect();
    let mut json = json!({
        "id": license.id,
        "serial": license.serial,
        "class": class_name(license.class),
        "product": license.product,
        "issued_at": format(license.issued_at),
        "term": term_json(license.term),
        "binding": binding_json(license.binding),
        "features": license.features.into_iter().map(|feature| feature_json(&feature)).collect::<Vec<_>>(),
        "items": items,
    });
    for item in LicenseItem::ALL {
        json[item.name()] = fields::value(item, license);
    }
    json
}

fn term_json(term: Term) -> Value {
    match term {
        Term::Perpetual => json!({"type": "perpetual"}),
        Term::Until(end) => json!({"type": "until", "until": format(end)}),
        Term::DaysFromActivation(days) => json!({"type": "days_from_activation", "days": days}),
        Term::PoweredHours(hours) => json!({"type": "powered_hours", "hours": hours}),
    }
}

fn binding_json(binding: Binding<'_>) -> Value {
    match binding {
        Binding::None => json!({"type": "none"}),
        Binding::Components { needed, salt, entries } => json!({
            "type": "components",
            "match": needed,
            "salt": ui::hex(&salt),
            "components": entries
                .map(|entry| json!({"kind": kind_name(entry.kind), "hash": ui::hex(&entry.hash)}))
                .collect::<Vec<_>>(),
        }),
        Binding::Allocation { kind, salt, entries } => json!({
            "type": "allocation",
            "kind": kind_name(kind),
            "salt": ui::hex(&salt),
            "devices": entries
                .map(|entry| json!({"hash": ui::hex(&entry.hash), "quantity": entry.quantity}))
                .collect::<Vec<_>>(),
        }),
        Binding::DeviceKey(key) => json!({"type": "device_key", "key": ui::hex(&key)}),
    }
}

/// A feature as JSON.
#[must_use]
pub fn feature_json(feature: &Feature<'_>) -> Value {
    let value = match feature.right {
        Right::Limit(number) | Right::Quota { amount: number, .. } => json!(number),
        Right::Text(text) => json!(text),
        Right::Unknown { number, bytes } => json!({"number": number, "bytes": ui::hex(bytes)}),
        Right::Flag | _ => Value::Null,
    };
    json!({
        "name": feature.name,
        "type": right_name(feature.right),
        "value": value,
        "expires_at": feature.expires.map(format),
    })
}

/// A certificate in words.
pub fn certificate_words(certificate: &Certificate<'_>, table: &mut Table) {
    table.row("issuer key", format_args!("{} (key id {})", ui::hex(&certificate.key), publickey::id(&certificate.key)));
    table.maybe("name", certificate.name.map(|text| printable(&text)));
    table.row("certified", words(certificate.issued_at));
    table.row("valid from", words(certificate.not_before));
    table.row("valid until", words(certificate.not_after));
    let scope: Vec<&str> = certificate.scope.map(Text::as_str).collect();
    table.row("products", if scope.is_empty() { "ALL".into() } else { scope.join(", ") });
    table.row(
        "longest term",
        match certificate.longest_days {
            0 => "any, including perpetual".into(),
            days => format!("{days} days, including grace"),
        },
    );
    table.row("may sign", kinds(certificate.kinds).join(", "));
    table.row("test only", if certificate.test_only { "yes" } else { "no" });
    let line = if certificate.stated_line.is_some() { "that of an earlier issuer" } else { "that of its key" };
    table.row("line of lists", format_args!("{} ({line})", ui::hex(&certificate.line())));
}

/// A certificate as JSON.
#[must_use]
pub fn certificate_json(certificate: &Certificate<'_>) -> Value {
    json!({
        "key": ui::hex(&certificate.key),
        "key_id": publickey::id(&certificate.key),
        "name": certificate.name,
        "issued_at": format(certificate.issued_at),
        "not_before": format(certificate.not_before),
        "not_after": format(certificate.not_after),
        "scope": certificate.scope.collect::<Vec<_>>(),
        "longest_days": certificate.longest_days,
        "kinds": kinds(certificate.kinds),
        "test_only": certificate.test_only,
        "line": ui::hex(&certificate.line()),
    })
}

fn kinds(bits: u8) -> Vec<String> {
    let known = KINDS.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| (*name).to_owned());
    let unknown = bits & !KINDS.iter().fold(0, |all, (bit, _)| all | bit);
    known.chain((unknown != 0).then(|| format!("unknown ({unknown:#04x})"))).collect()
}

/// A decision in words.
pub fn decision_words(decision: &Decision, table: &mut Table) {
    let granted = decision.verdict.is_granted();
    table.row("decision", if granted { "GRANTED" } else { "REFUSED" });
    let (number, name, text, advice) = status_fields(decision.refusal);
    table.row("status", format_args!("{number} {name}"));
    if granted {
        table.row("quantity", decision.quantity);
    } else {
        table.row("reason", text);
        table.row("advice", advice);
    }
    if decision.in_grace {
        table.row("in grace", "yes: the term has ended, renew the license");
    }
    table.maybe("expires", decision.expires_at.map(words));
    table.maybe("grace until", decision.grace_until.filter(|end| Some(*end) != decision.expires_at).map(words));
    table.maybe("powered hours", decision.powered_hours_end);
    table.maybe("refresh until", decision.lease_until.map(words));
    table.maybe("next change", decision.next_deadline.map(words));
}

/// The fields of a decision as JSON, to be merged into an object.
#[must_use]
pub fn decision_json(decision: &Decision) -> Value {
    let date = |time: Option<UnixSeconds>| time.map(format);
    json!({
        "granted": decision.verdict.is_granted(),
        "in_grace": decision.in_grace,
        "quantity": decision.quantity,
        "expires_at": date(decision.expires_at),
        "grace_until": date(decision.grace_until),
        "powered_hours_end": decision.powered_hours_end,
        "lease_until": date(decision.lease_until),
        "next_deadline": date(decision.next_deadline),
    })
}
