//! A list whose number, and perhaps whose entries, come from the ledger.

use lic2::claim::{self, Claimed};
use lic2::{DocumentBuffer, RevocationList, RevokedLicense, UnixSeconds};
use serde_json::{Map, Value, json};

use crate::cmd::signing::{Made, Signing};
use crate::exit::{Exit, Failure, Result};
use crate::intent::Intent;
use crate::ledger::{Entry, Event, Filter, Recorded, View};
use crate::revocation::{Due, RevocationContent, Revoked, Scope};
use crate::ui;

/// The list to make.
pub(super) struct Listing<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) series: u8,
    pub(super) number: Option<u32>,
    pub(super) from_ledger: bool,
    /// What is revoked whatever the ledger says.
    pub(super) stated: Revoked,
}

impl Listing<'_> {
    /// Signs the list, or gives out the last one if it says the same.
    pub(super) fn run(mut self, signing: &Signing, order: Option<String>, now: UnixSeconds) -> Result<()> {
        if self.from_ledger && self.scope.product.is_empty() {
            return Err(Failure::usage("what the ledger says is revoked product by product")
                .hint("state --product; --every-product needs --revoke, --from or --revoke-issuer"));
        }
        if order.is_some() || signing.recording().event_id().is_some() {
            return Err(Failure::usage("--order and --event with a list that the ledger numbers")
                .hint("leave them out, or state --number and what is revoked"));
        }
        signing.sign_from_ledger(Event::RevocationList, &Intent::default(), |writing, _| {
            let view = writing.view();
            let mut due = Due::default();
            if self.from_ledger {
                due = Due::read(&view, self.scope, now)?;
                note_over(&due);
            }
            due.needed.licenses.append(&mut self.stated.licenses);
            due.needed.issuers.append(&mut self.stated.issuers);
            let before = self.before(&view, &due, now)?;
            if before.revokes_issuers && !signing.is_by_issuer() && due.needed.issuers.is_empty() {
                return Err(Failure::new(
                    Exit::Ledger,
                    "the anchor's lists of this product and series revoke issuers, and this one would not",
                )
                .hint(
                    "sign with an issuer's key, whose lists count apart; or state --revoke-issuer, or another --series",
                ));
            }
            let number = self.next_number(before.number)?;
            if let (Some(entry), None, true) = (before.same, self.number, self.from_ledger) {
                let text = entry.text.unwrap_or_default();
                return Ok(Made::Before(Recorded { seq: entry.seq, text, repeated: true }));
            }
            let content = self.content(&due, number, now)?;
            let mut detail: Map<String, Value> = Map::new();
            if let Some(customer) = self.scope.customer {
                detail.insert("customer".into(), json!(customer));
            }
            Ok(Made::New(content, detail))
        })
    }

    fn content(&self, due: &Due, number: u32, now: UnixSeconds) -> Result<RevocationContent> {
        RevocationContent::new(&due.needed, number, self.series, self.scope.product, now)
    }

    fn next_number(&self, last: u32) -> Result<u32> {
        match self.number {
            Some(number) if number <= last => Err(Failure::new(
                Exit::Ledger,
                format!(
                    "list {number} would come after list {last} of this product and series, which is in the ledger"
                ),
            )
            .hint("leave --number out for the next one")),
            Some(number) => Ok(number),
            None => last.checked_add(1).ok_or_else(|| {
                Failure::new(Exit::Ledger, "the series has its last possible list").hint("use another --series")
            }),
        }
    }

    /// The lists of the same product and series that the ledger holds.
    fn before(&self, view: &View<'_>, due: &Due, now: UnixSeconds) -> Result<Before> {
        let content = self.content(due, 1, now)?;
        let over: Vec<RevokedLicense> = due.over.values().copied().collect();
        let mut before = Before::default();
        view.each(&Filter { events: vec![Event::RevocationList, Event::Retire], ..Filter::default() }, |entry| {
            let text = entry.text.clone().unwrap_or_default();
            let mut memory = DocumentBuffer::new();
            let Some(list) = list_of(&text, &mut memory) else { return Ok(()) };
            if list.product != self.scope.product || list.series != self.series {
                return Ok(());
            }
            before.number = before.number.max(list.number);
            before.revokes_issuers |= list.issuers.count() > 0;
            let customer = entry.detail()["customer"].as_str().map(ToOwned::to_owned);
            if customer.as_deref() == self.scope.customer {
                before.same = content.is_said_by(&list, &over).then_some(entry);
            } else if self.scope.customer.is_none() || (customer.is_none() && !due.agrees_with(&list)) {
                // A device may hold this one instead, and would refuse the earlier one.
                before.same = None;
            }
            Ok(())
        })?;
        Ok(before)
    }
}

/// What was listed before.
#[derive(Default)]
struct Before {
    /// The highest number.
    number: u32,
    /// Whether any of them revokes an issuer.
    revokes_issuers: bool,
    /// The last list, if it says the same.
    same: Option<Entry>,
}

fn list_of<'b>(text: &str, memory: &'b mut DocumentBuffer) -> Option<RevocationList<'b>> {
    match claim::read(text.as_bytes(), memory).ok()?.content {
        Claimed::Seller { content: lic2::Content::RevocationList(list), .. } => Some(list),
        Claimed::Seller { .. } | Claimed::Certificate(_) | Claimed::Device(_) => None,
    }
}

fn note_over(due: &Due) {
    let names: Vec<&str> = due.over.keys().map(String::as_str).collect();
    if !names.is_empty() {
        ui::note(&format!("over by their dates, and in no list any more: {}", names.join(", ")));
    }
}
