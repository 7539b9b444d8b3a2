//! Whether the columns of an entry agree with its text.

use lic2::claim::{self, Claimed};
use lic2::{Content, DocumentBuffer, Kind};

use super::entry::Entry;
use super::event::Event;
use super::facts::Facts;

/// Compares the columns with the text; reports differences.
pub(super) fn check(entry: &Entry, add: &mut impl FnMut(String)) {
    let Some(text) = &entry.text else {
        if entry.event.is_signed() {
            add(format!("the event {} without a text", entry.event));
        }
        return;
    };
    let mut memory = DocumentBuffer::new();
    let claim = match claim::read(text.as_bytes(), &mut memory) {
        Ok(claim) => claim,
        Err(error) => return add(format!("its text cannot be read: status {} {}", error.number(), error.name())),
    };
    if !fits(entry.event, claim.kind) {
        add(format!("the event {} with another kind of text", entry.event));
    }
    if let Claimed::Seller { content: Content::License(license), .. } = &claim.content {
        if license.issued_at != entry.at {
            add("column at differs from the text's time of issue".into());
        }
    }
    match Facts::of_text(text.as_bytes()) {
        Ok(said) => compare(&entry.facts, &said, add),
        Err(error) => add(format!("its text cannot be read: status {} {}", error.number(), error.name())),
    }
}

fn compare(facts: &Facts, said: &Facts, add: &mut impl FnMut(String)) {
    let columns = [
        ("license", facts.license == said.license),
        ("serial", facts.serial == said.serial),
        ("product", facts.product == said.product),
        ("edition", facts.edition == said.edition),
        ("class", facts.class == said.class),
        ("quantity", facts.quantity == said.quantity),
        ("term", facts.term == said.term),
        ("expires_at", facts.expires_at == said.expires_at),
        // These may be only in the ledger.
        ("customer", said.customer.is_none() || facts.customer == said.customer),
        ("order_id", said.order.is_none() || facts.order == said.order),
    ];
    for (name, _) in columns.iter().filter(|(_, same)| !same) {
        add(format!("column {name} differs from the text"));
    }
}

const fn fits(event: Event, kind: Kind) -> bool {
    match event {
        Event::Issue | Event::Renew | Event::Refund | Event::Upgrade | Event::Move => matches!(kind, Kind::Code),
        Event::RevocationList => matches!(kind, Kind::RevocationList),
        Event::TimeToken => matches!(kind, Kind::TimeToken),
        Event::Unlock => matches!(kind, Kind::Unlock),
        Event::Certify => matches!(kind, Kind::Certificate),
        Event::Receipt => matches!(kind, Kind::Receipt),
        Event::Usage => matches!(kind, Kind::UsageReport),
        // What further entries carry is up to them.
        Event::Init | Event::Freeze | Event::Unfreeze | Event::Release | Event::Retire | Event::Quota => true,
    }
}
