//! What makes two orders the same.

use lic2::Kind;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::event::Event;
use crate::ui;

/// What makes an order without a number the same when it comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same<'a> {
    /// Its license id and serial.
    Issue(&'a str, u32),
    /// Its row in a batch of this name.
    Row(&'a str, u64),
}

/// The key of an order's document in the ledger: the event and its device, or else the order and its line, or else the
/// batch's own key. `None` if nothing of this was stated. A code and a revocation list for the same order are two
/// documents.
#[must_use]
pub fn key(
    kind: Kind,
    order: Option<&str>,
    order_line: Option<&str>,
    event_id: Option<&str>,
    fingerprint: Option<&str>,
    same: Option<Same<'_>>,
) -> Option<String> {
    let kind = char::from(kind.letter()).to_string();
    let key = match (event_id, order, order_line) {
        (Some(event), _, _) => json!([kind, "event", event, fingerprint]),
        (None, Some(order), Some(line)) => json!([kind, "order", order, line]),
        (None, Some(order), None) => json!([kind, "order", order]),
        (None, None, _) => match same? {
            Same::Issue(license, serial) => json!([kind, "issue", license, serial.to_string()]),
            Same::Row(batch, number) => json!([kind, "row", batch, number.to_string()]),
        },
    };
    Some(key.to_string())
}

/// The key of a device's document: accepted once, however often it is sent.
#[must_use]
pub fn of_document(event: Event, text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text).into();
    json!([event.name(), "text", ui::hex(&digest)]).to_string()
}
