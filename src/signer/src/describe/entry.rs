//! Entries of a ledger in words, as JSON, and as rows of a table.

use lic2::UnixSeconds;
use serde_json::{Value, json};

use super::Table;
use crate::ledger::{Entry, Event, Standing};
use crate::timespec::format;
use crate::ui::printable;
use crate::{publickey, ui};

/// Every field of an entry.
#[must_use]
pub fn entry_json(entry: &Entry) -> Value {
    let mut json: Value =
        entry_columns().iter().copied().zip(entry_row(entry)).map(|(name, value)| (name.to_owned(), value)).collect();
    let object = |text: &Option<String>| text.as_ref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    json["detail"] = entry.detail();
    json["intent"] = object(&entry.intent).unwrap_or_default();
    json["idempotency"] = object(&entry.idempotency).unwrap_or_default();
    json["previous"] = json!(ui::hex(&entry.previous));
    json["hash"] = json!(ui::hex(&entry.hash));
    json["signature"] = json!(entry.signature.map(|signature| ui::hex(&signature)));
    json
}

/// The names of the columns of [`entry_row`].
#[must_use]
pub const fn entry_columns() -> &'static [&'static str; 21] {
    &[
        "seq",
        "at",
        "recorded_at",
        "event",
        "operator",
        "license",
        "serial",
        "product",
        "edition",
        "class",
        "quantity",
        "term",
        "expires_at",
        "customer",
        "order",
        "order_line",
        "event_id",
        "device",
        "signer",
        "text",
        "hash",
    ]
}

/// The columns of an entry that people and programs read; null where there is nothing.
#[must_use]
pub fn entry_row(entry: &Entry) -> Vec<Value> {
    let facts = &entry.facts;
    vec![
        json!(entry.seq),
        json!(format(entry.at)),
        json!(format(entry.recorded_at)),
        json!(entry.event.name()),
        json!(entry.operator),
        json!(facts.license),
        json!(facts.serial),
        json!(facts.product),
        json!(facts.edition),
        json!(facts.class),
        json!(facts.quantity),
        json!(facts.term),
        json!(facts.expires_at.map(format)),
        json!(facts.customer),
        json!(facts.order),
        json!(entry.order_line),
        json!(entry.event_id),
        json!(entry.device),
        json!(entry.signer.map(|key| ui::hex(&key))),
        json!(entry.text),
        json!(ui::hex(&entry.hash)),
    ]
}

/// The names of the columns of [`bill_row`], as the marketplace's order query and its calls to sellers have them.
#[must_use]
pub const fn bill_columns() -> &'static [&'static str; 14] {
    &[
        "orderId",
        "orderLineId",
        "orderType",
        "productId",
        "skuCode",
        "quantity",
        "chargingMode",
        "createTime",
        "expireTime",
        "customerId",
        "license",
        "serial",
        "eventId",
        "testFlag",
    ]
}

/// A code as a line of the marketplace's bill.
#[must_use]
pub fn bill_row(entry: &Entry) -> Vec<Value> {
    let facts = &entry.facts;
    let class = facts.class.as_deref();
    let order_type = match (entry.event, class) {
        (Event::Renew, _) => "RENEW",
        (Event::Refund, _) => "UNSUBSCRIBE",
        (Event::Upgrade | Event::Move, _) => "CHANGE",
        (_, Some("trial")) => "TRIAL",
        _ => "NEW",
    };
    vec![
        json!(facts.order),
        json!(entry.order_line),
        json!(order_type),
        json!(facts.product),
        json!(facts.edition),
        json!(facts.quantity),
        json!(if facts.term.as_deref() == Some("perpetual") { "ONE_TIME" } else { "PERIOD" }),
        json!(digits(entry.at)),
        json!(facts.expires_at.map(digits)),
        json!(facts.customer),
        json!(facts.license),
        json!(facts.serial),
        json!(entry.event_id),
        json!(if class == Some("test") { "1" } else { "0" }),
    ]
}

/// yyyyMMddHHmmss in UTC.
fn digits(time: UnixSeconds) -> String {
    format(time).chars().filter(char::is_ascii_digit).collect()
}

/// The heading of [`entry_line`].
#[must_use]
pub fn entry_title() -> String {
    line("seq", "time", "event", "license", "product", "order", "customer", "operator")
}

/// An entry in one line.
#[must_use]
pub fn entry_line(entry: &Entry) -> String {
    let facts = &entry.facts;
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let license = match (&facts.license, facts.serial) {
        (Some(license), Some(serial)) => format!("{license} #{serial}"),
        (license, _) => text(license),
    };
    let order = match (&facts.order, &entry.order_line) {
        (Some(order), Some(line)) => format!("{order}/{line}"),
        (order, _) => text(order),
    };
    line(
        &entry.seq.to_string(),
        &format(entry.at),
        entry.event.name(),
        &license,
        &text(&facts.product),
        &order,
        &text(&facts.customer),
        &entry.operator,
    )
}

#[expect(clippy::too_many_arguments, reason = "one for each column of the line")]
fn line(
    seq: &str,
    time: &str,
    event: &str,
    license: &str,
    product: &str,
    order: &str,
    customer: &str,
    operator: &str,
) -> String {
    let text = format!(
        "{seq:>7}  {time:<20}  {event:<15}  {license:<28}  {product:<20}  {order:<20}  {customer:<16}  {operator}"
    );
    format!("{}\n", text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim_end())
}

/// An entry with everything, and how its license stands.
#[must_use]
pub fn entry_words(entry: &Entry, standing: Option<&Standing>) -> String {
    let facts = &entry.facts;
    // A tampered file may contain anything, including terminal escape sequences.
    let clean = |text: &Option<String>| text.as_deref().map(printable);
    let mut table = Table::default();
    table.row("time", format(entry.at));
    table.row("recorded", format(entry.recorded_at));
    table.row("operator", printable(&entry.operator));
    table.maybe("license", clean(&facts.license));
    table.maybe("serial", facts.serial);
    if let Some(standing) = standing {
        let serial = standing.latest.facts.serial.unwrap_or(0);
        table.row(
            "state",
            format_args!("{} since entry {}; latest issue {serial}", standing.state.name(), standing.since),
        );
    }
    table.maybe("product", clean(&facts.product));
    table.maybe("edition", clean(&facts.edition));
    table.maybe("class", clean(&facts.class));
    table.maybe("quantity", facts.quantity);
    table.maybe("term", clean(&facts.term));
    table.maybe("until", facts.expires_at.map(format));
    table.maybe("customer", clean(&facts.customer));
    table.maybe("order", clean(&facts.order));
    table.maybe("order line", clean(&entry.order_line));
    table.maybe("event id", clean(&entry.event_id));
    table.maybe("device", clean(&entry.device));
    table.maybe("signed by", entry.signer.map(|key| format!("key id {}", publickey::id(&key))));
    table.maybe("stated", clean(&entry.intent));
    if entry.detail != "{}" {
        table.row("detail", printable(&entry.detail));
    }
    table.row("hash", ui::hex(&entry.hash));
    table.maybe("text", clean(&entry.text));
    format!("Entry {}, {}:\n{}", entry.seq, entry.event, table.text())
}
