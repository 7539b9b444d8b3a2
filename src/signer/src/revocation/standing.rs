//! The revocations that follow from the ledger: every license that is frozen, released or refunded, and the earlier
//! issues of licenses whose later issue grants less.

use std::collections::{BTreeMap, BTreeSet};

use lic2::{Reason, RevokedLicense, SECONDS_PER_DAY, Term, UnixSeconds, license_id_hash};

use super::{Revocation, Revoked};
use crate::change::compare;
use crate::exit::Result;
use crate::ledger::{Course, Entry, Event, Filter, State, View};
use crate::sold::Sold;

/// Events after which a license may belong into a list.
const EVENTS: [Event; 5] = [Event::Freeze, Event::Release, Event::Receipt, Event::Refund, Event::Move];

/// Which licenses.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Of this product.
    pub product: &'a str,
    /// Of this customer alone.
    pub customer: Option<&'a str>,
    /// Also the earlier issues of every license that has later ones.
    pub replaced: bool,
}

/// What the ledger says is to be revoked.
#[derive(Clone, Debug, Default)]
pub struct Due {
    /// The entries that matter at the time of the list.
    pub needed: Revoked,
    /// Entries that no longer matter: a device with the list knows that all these issues have expired. The names of
    /// the licenses.
    pub over: BTreeMap<String, RevokedLicense>,
}

/// One issue, as far as it matters here.
struct Issue {
    serial: u32,
    /// The first moment at which no device grants it, grace days included; `None` if no date says.
    end: Option<UnixSeconds>,
    term: Term,
    event: Event,
    /// Moved, and the old device gave a receipt.
    is_returned: bool,
}

impl Due {
    /// Reads it from the ledger.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn read(view: &View<'_>, scope: Scope<'_>, now: UnixSeconds) -> Result<Self> {
        let mut ids = BTreeSet::new();
        let events = if scope.replaced { Vec::new() } else { EVENTS.to_vec() };
        view.each(&Filter { events, ..Filter::default() }, |entry| {
            let later = scope.replaced && entry.is_code() && entry.facts.serial.is_some_and(|serial| serial > 1);
            if let Some(license) = entry.facts.license.filter(|_| later || EVENTS.contains(&entry.event)) {
                ids.insert(license);
            }
            Ok(())
        })?;
        let mut due = Self::default();
        for id in ids {
            due.add(view, scope, id, now)?;
        }
        Ok(due)
    }

    fn add(&mut self, view: &View<'_>, scope: Scope<'_>, id: String, now: UnixSeconds) -> Result<()> {
        let mut course = Course::default();
        let mut issues = Vec::new();
        for entry in view.entries(&Filter { license: Some(id.clone()), ..Filter::default() })? {
            if entry.is_code() {
                issues.push(issue(entry.clone())?);
            }
            course.follow(entry);
        }
        let Some(standing) = course.standing(now) else { return Ok(()) };
        let facts = &standing.latest.facts;
        let is_customers = scope.customer.is_none_or(|customer| facts.customer.as_deref() == Some(customer));
        if facts.product.as_deref() != Some(scope.product) || !is_customers {
            return Ok(());
        }
        let all = facts.serial.unwrap_or(u32::MAX).saturating_add(1);
        let is_ended = standing.since != standing.latest.seq;
        let (reason, below) = match standing.state {
            State::Frozen => (Reason::Frozen, all),
            State::Released => (Reason::Released, all),
            State::Refunded if is_ended => (Reason::Refunded, all),
            State::Active | State::Expired | State::Refunded => {
                let below = if scope.replaced { facts.serial } else { taken_back(&issues) };
                let Some(below) = below.filter(|below| *below > 1) else { return Ok(()) };
                (Reason::Replaced, below)
            }
        };
        let revoked = RevokedLicense { id: license_id_hash(&id), below, reason };
        let affected = issues.iter().filter(|issue| issue.serial < below);
        if affected.into_iter().all(|issue| issue.end.is_some_and(|end| end <= now)) {
            self.over.insert(id, revoked);
        } else {
            self.needed.licenses.push(Revocation { name: id, entry: revoked });
        }
        Ok(())
    }
}

fn issue(entry: Entry) -> Result<Issue> {
    let (event, is_returned) = (entry.event, entry.detail()["receipt"].is_u64());
    let sold = Sold::of_entry(entry)?;
    let end = match sold.term {
        Term::Until(end) => {
            let grace = u64::from(sold.content.grace_days.map_or(0, |days| days.0)).saturating_mul(SECONDS_PER_DAY);
            Some(UnixSeconds(end.0.saturating_add(grace)))
        }
        Term::Perpetual | Term::DaysFromActivation(_) | Term::PoweredHours(_) => None,
    };
    Ok(Issue { serial: sold.serial(), end, term: sold.term, event, is_returned })
}

/// The serial below which issues grant more than the latest: a longer term, or another device that gave no receipt.
fn taken_back(issues: &[Issue]) -> Option<u32> {
    let pairs = issues.iter().zip(issues.iter().skip(1));
    let took = |(before, after): &(&Issue, &Issue)| match after.event {
        Event::Move => !after.is_returned,
        Event::Refund => compare(after.term, before.term) != Some(std::cmp::Ordering::Greater),
        Event::Issue
        | Event::Renew
        | Event::Upgrade
        | Event::Init
        | Event::Freeze
        | Event::Unfreeze
        | Event::Release
        | Event::RevocationList
        | Event::TimeToken
        | Event::Unlock
        | Event::Certify
        | Event::Retire
        | Event::Receipt
        | Event::Usage
        | Event::Quota => false,
    };
    pairs.filter(took).map(|(_, after)| after.serial).next_back()
}
