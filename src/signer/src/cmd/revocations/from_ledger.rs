//! A list whose number, and perhaps whose entries, come from the ledger.

use std::collections::{BTreeMap, BTreeSet};

use lic2::claim::{self, Claimed};
use lic2::seal::Sealed;
use lic2::{Coverage, DocumentBuffer, RevocationList, UnixSeconds};
use serde_json::{Map, Value, json};

use super::Limit;
use crate::cmd::recording::note_recorded_parts;
use crate::cmd::signing::Signing;
use crate::exit::{Exit, Failure, Result};
use crate::ledger::{Entry, Event, Filter, Occasion, Recorded, View};
use crate::publickey::PublicKey;
use crate::revocation::{Due, Hash, RevocationContent, Revoked, Scope, Statements};
use crate::sealing::{Sealable, Sealer};
use crate::ui;

/// The list to make.
pub(super) struct Listing<'a> {
    pub(super) product: &'a str,
    pub(super) limit: Limit<'a>,
    pub(super) replaced: bool,
    pub(super) series: u8,
    pub(super) number: Option<u32>,
    pub(super) from_ledger: bool,
    /// What is revoked whatever the ledger says.
    pub(super) stated: Revoked,
}

impl Listing<'_> {
    /// Signs and records the list, or gives out the last one if it says the same. The texts of all parts, in order.
    pub(super) fn run(self, signing: &Signing, order: Option<&str>, now: UnixSeconds) -> Result<Vec<String>> {
        let numbered = self.number.is_none() || self.from_ledger;
        if self.from_ledger && self.product.is_empty() {
            return Err(Failure::usage("lists from the ledger are per product")
                .hint("pass --product; --every-product needs --revoke, --from or --revoke-issuer"));
        }
        let recording = signing.recording();
        if numbered && (order.is_some() || recording.event_id().is_some()) {
            return Err(Failure::usage("--order and --event with a list that the ledger numbers")
                .hint("omit them, or pass --number and the entries to revoke"));
        }
        recording.check(true, order)?;
        let mut ledger = recording.book().open_for_change()?;
        let sealer = signing.sealer()?;
        let operator = recording.book().operator()?;
        let mut writing = ledger.begin()?;
        let made = self.make(&writing.view(), &sealer, signing, now)?;
        let has_order = order.is_some() || recording.event_id().is_some();
        let recorded = match made {
            Made { same: Some(same), .. } if !has_order => {
                for recorded in &same {
                    sealer.check(&recorded.text)?;
                }
                drop(writing);
                same
            }
            Made { content, detail, .. } => {
                let occasion = Occasion { detail, ..recording.occasion(Event::RevocationList, &operator, order) };
                let intent = content.intent();
                let parts = content.parts(&sealer)?;
                let pending = writing.record_parts(&intent, &parts, &sealer, &occasion)?;
                let committed = writing.commit()?;
                pending.into_iter().map(|pending| pending.release(&committed)).collect()
            }
        };
        note_recorded_parts(&recorded, &ledger);
        Ok(recorded.into_iter().map(|recorded| recorded.text).collect())
    }

    fn make(self, view: &View<'_>, sealer: &Sealer, signing: &Signing, now: UnixSeconds) -> Result<Made> {
        let product = self.product;
        let customer = self.limit.customer();
        let mut due = Due::default();
        if self.from_ledger {
            due = Due::read(view, Scope { product, customer, replaced: self.replaced }, now)?;
            note_over(&due);
        }
        let over: Statements = due.over.values().map(|entry| (entry.id, *entry)).collect();
        let before = self.before(view)?;
        let mut revoked = due.needed;
        revoked.licenses.extend(self.stated.licenses);
        revoked.issuers.extend(self.stated.issuers);
        if let Some(customer) = customer {
            // What was listed once and is free again becomes free on a device only if the list says so.
            for (hash, id) in licenses_of(view, product, customer)? {
                if before.iter().any(|list| list.revokes(&hash)) && !over.contains_key(&hash) {
                    revoked.lift(&id);
                }
            }
        }
        self.limit.apply(&mut revoked);
        let counted = before.iter().map(|list| list.number).max().unwrap_or(0);
        let number = match self.number {
            Some(number) if number <= counted && self.from_ledger => {
                return Err(Failure::new(
                    Exit::Ledger,
                    format!(
                        "list {number} is not later than list {counted} of this product and series, which is in the \
                         ledger"
                    ),
                )
                .hint("omit --number for the next one"));
            }
            Some(number) => number,
            None => counted.checked_add(1).ok_or_else(|| {
                Failure::new(Exit::Ledger, "the series has its last possible list").hint("use another --series")
            })?,
        };
        let content = RevocationContent::new(&revoked, number, self.series, product, now)?;
        let content = if self.limit.is_everybody() { content } else { content.named() };
        let revokes_issuers = before.iter().any(|list| list.revokes_issuers);
        if revokes_issuers && self.number.is_none() && !signing.is_by_issuer() && !content.revokes_issuers() {
            return Err(Failure::new(
                Exit::Ledger,
                "the anchor's lists of this product and series revoke issuers, and this one would not",
            )
            .hint(
                "sign with an issuer's key, whose lists are numbered separately; or pass --revoke-issuer, or \
                 another --series",
            ));
        }
        let signer = sealer.key().public();
        let whose = self.limit.whose();
        let mut same = None;
        for list in before {
            if list.whose == whose {
                // A list of another key may be of another line, or of an issuer that is retired.
                let is_same = list.signer == Some(signer)
                    && !list.revokes_issuers
                    && self.number.is_none_or(|number| !self.from_ledger && list.number == number)
                    && content.is_said_by(&list.statements, &over);
                if is_same {
                    same = Some(list.entries);
                } else if self.number.is_none() {
                    same = None;
                }
            } else if whose == Whose::Everybody
                || (list.whose == Whose::Everybody && !content.agrees_with(&list.statements))
            {
                // A device may hold this one instead, and would refuse the earlier one.
                same = same.filter(|_| self.number.is_some());
            }
        }
        let mut detail: Map<String, Value> = Map::new();
        if let Some(customer) = customer {
            detail.insert("customer".into(), json!(customer));
        }
        let repeat = |entry: Entry| Recorded { seq: entry.seq, text: entry.text.unwrap_or_default(), repeated: true };
        Ok(Made { content, detail, same: same.map(|entries| entries.into_iter().map(repeat).collect()) })
    }

    /// The lists of the same product and series that the ledger holds, in order.
    fn before(&self, view: &View<'_>) -> Result<Vec<Before>> {
        let mut lists: Vec<Before> = Vec::new();
        let product = Some(self.product.to_owned()).filter(|product| !product.is_empty());
        let filter = Filter { events: vec![Event::RevocationList, Event::Retire], product, ..Filter::default() };
        view.each(&filter, |entry| {
            let text = entry.text.clone().unwrap_or_default();
            let mut memory = DocumentBuffer::new();
            let Some(list) = list_of(&entry, &text, &mut memory)? else { return Ok(()) };
            if list.product != self.product || list.series != self.series {
                return Ok(());
            }
            let detail = entry.detail();
            let follows = detail["part"].as_u64().is_some_and(|part| part > 1);
            match lists.last_mut().filter(|_| follows) {
                Some(first) => first.add(&list, entry),
                None => {
                    let customer = detail["customer"].as_str().map(ToOwned::to_owned);
                    let whose = match (list.coverage, customer) {
                        (Coverage::Named, Some(customer)) => Whose::Customer(customer),
                        (Coverage::Named, None) => Whose::Cut,
                        (Coverage::Every | Coverage::Part(_), _) => Whose::Everybody,
                    };
                    let mut before = Before { number: list.number, signer: entry.signer, ..Before::new(whose) };
                    before.add(&list, entry);
                    lists.push(before);
                }
            }
            Ok(())
        })?;
        Ok(lists)
    }
}

/// What is to be signed, and the same list if it was signed before.
struct Made {
    content: RevocationContent,
    detail: Map<String, Value>,
    same: Option<Vec<Recorded>>,
}

/// For whom a list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Everybody,
    Customer(String),
    /// Cut to licenses that were stated.
    Cut,
}

/// A list that was made before, with all its parts.
struct Before {
    whose: Whose,
    number: u32,
    signer: Option<PublicKey>,
    revokes_issuers: bool,
    statements: Statements,
    entries: Vec<Entry>,
}

impl Before {
    fn new(whose: Whose) -> Self {
        let (statements, entries) = (BTreeMap::new(), Vec::new());
        Self { whose, number: 0, signer: None, revokes_issuers: false, statements, entries }
    }

    fn add(&mut self, list: &RevocationList<'_>, entry: Entry) {
        self.revokes_issuers |= !list.issuers.is_empty();
        self.statements.extend(list.licenses.map(|entry| (entry.id, entry)));
        self.entries.push(entry);
    }

    fn revokes(&self, license: &Hash) -> bool {
        self.statements.get(license).is_some_and(|entry| entry.below > 1)
    }
}

/// Every license of a customer, by its hash.
fn licenses_of(view: &View<'_>, product: &str, customer: &str) -> Result<BTreeMap<Hash, String>> {
    let mut ids = BTreeSet::new();
    let filter = Filter { product: Some(product.into()), customer: Some(customer.into()), ..Filter::default() };
    view.each(&filter, |entry| {
        ids.extend(entry.facts.license);
        Ok(())
    })?;
    let mut licenses = BTreeMap::new();
    for id in ids {
        // It may have another customer now.
        let latest = view.latest(&id)?.and_then(|entry| entry.facts.customer);
        if latest.as_deref() == Some(customer) {
            licenses.insert(lic2::license_id_hash(&id), id);
        }
    }
    Ok(licenses)
}

/// The list of an entry. It is decoded only after its signature is verified.
fn list_of<'b>(entry: &Entry, text: &str, memory: &'b mut DocumentBuffer) -> Result<Option<RevocationList<'b>>> {
    let is_signed = |key: PublicKey| Sealed::read(text.as_bytes()).is_ok_and(|sealed| sealed.is_signed_by(&key));
    if !entry.signer.is_some_and(is_signed) {
        return Err(Failure::new(Exit::Ledger, format!("the text of entry {} is not signed with its key", entry.seq))
            .hint("it was changed: run lic2-signer ledger verify for details"));
    }
    Ok(match claim::read(text.as_bytes(), memory).map(|claim| claim.content) {
        Ok(Claimed::Seller { content: lic2::Content::RevocationList(list), .. }) => Some(list),
        Ok(Claimed::Seller { .. } | Claimed::Certificate(_) | Claimed::Device(_)) | Err(_) => None,
    })
}

fn note_over(due: &Due) {
    let names: Vec<&str> = due.over.keys().map(String::as_str).collect();
    if !names.is_empty() {
        ui::note(&format!("expired by date, and no longer in any list: {}", names.join(", ")));
    }
}
