//! A later issue of a license: the last sold one with the seller's changes.

use std::str::FromStr;

use lic2::seal::Sealed;
use lic2::{Error, Kind, SECONDS_PER_DAY, Term, UnixSeconds};
use serde_json::{Map, Value, json};

use crate::binding::OwnedBinding;
use crate::content::Content;
use crate::draft::Draft;
use crate::exit::{Failure, Result};
use crate::feature::Grant;
use crate::intent::{self, Difference, Intent};
use crate::keyfile::PrivateKey;
use crate::sealing::Sealable;
use crate::sold::{Sold, state_term};
use crate::timespec;

/// The changes of a later issue.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The changed fields; features and items by name.
    pub content: Content,
    /// How much longer, as it was written.
    pub extend: Option<String>,
    /// Count the extension from the end of the term, even if that is long past.
    pub from_end: bool,
    /// Quotas that are raised.
    pub top_up: Vec<TopUp>,
    /// Features that are removed.
    pub remove: Vec<String>,
}

/// More of a quota: `scans=100`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopUp {
    /// The feature.
    pub feature: String,
    /// How much is added.
    pub amount: u64,
}

impl FromStr for TopUp {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let parts = text.rsplit_once('=').and_then(|(name, amount)| Some((name, amount.trim().parse().ok()?)));
        let (feature, amount) = parts.filter(|(name, amount)| !name.is_empty() && *amount > 0).ok_or_else(|| {
            format!("{text:?} is not FEATURE=N, for example scans=100 for 100 more than were sold so far")
        })?;
        Ok(Self { feature: feature.into(), amount })
    }
}

impl Change {
    /// Whether nothing is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.extend.is_none() && self.top_up.is_empty() && self.remove.is_empty() && self.fields().is_empty()
    }

    /// The request, independent of earlier sales: the same order a year later states the same.
    #[must_use]
    pub fn intent(&self, license: &str) -> Intent {
        let mut intent = Intent::of_content(&self.content, &OwnedBinding::None);
        intent.stated = self.fields();
        for (name, value) in [
            ("license", json!(license)),
            ("extend", json!(self.extend.as_deref().map(timespec::canonical))),
            ("from-end", if self.from_end { json!(true) } else { Value::Null }),
            (
                "top-up",
                json!(self.top_up.iter().map(|more| format!("{}={}", more.feature, more.amount)).collect::<Vec<_>>()),
            ),
            ("remove-feature", json!(self.remove)),
            ("order", json!(self.content.order)),
        ] {
            intent.stated.extend(Intent::of(json!({ name: value })).stated);
        }
        intent
    }

    /// The changed fields, without those that `of_content` fills in, and without the order.
    fn fields(&self) -> Map<String, Value> {
        let mut stated = Intent::of_content(&self.content, &OwnedBinding::None).stated;
        for (name, is_stated) in
            [("quantity", self.content.quantity.is_some()), ("class", self.content.class.is_some()), ("order", false)]
        {
            if !is_stated {
                stated.remove(name);
            }
        }
        stated
    }

    /// The content of the next issue of what was sold.
    ///
    /// # Errors
    /// Exit code 1 for what does not fit what was sold.
    pub fn over(self, sold: &Sold, now: UnixSeconds) -> Result<Content> {
        let mut base = sold.content.clone();
        for name in &self.remove {
            if !base.feature.iter().any(|feature| feature.name == *name) {
                return Err(Failure::usage(format!("the license has no feature {name} to remove"))
                    .hint("lic2-signer inspect shows the features of the latest code"));
            }
            base.feature.retain(|feature| feature.name != *name);
        }
        for TopUp { feature, amount } in &self.top_up {
            let quota = base.feature.iter_mut().find(|spec| spec.name == *feature).map(|spec| &mut spec.grant);
            let Some(Grant::Quota { amount: sum, .. }) = quota else {
                return Err(Failure::usage(format!("the license has no quota {feature} to raise"))
                    .hint("--feature NAME=quota:N grants a new one"));
            };
            *sum = sum
                .checked_add(*amount)
                .ok_or_else(|| Failure::usage(format!("a document cannot contain a quota of so many {feature}")))?;
        }
        if let Some(extend) = &self.extend {
            let term = extended(sold, extend, self.from_end, now)?;
            state_term(&mut base, term);
        }
        Ok(self.content.over(base))
    }
}

/// From when an extension of what was sold counts: its end while it lasts, grace days included, and now after that.
#[must_use]
pub fn extends_from(sold: &Sold, from_end: bool, now: UnixSeconds) -> Option<UnixSeconds> {
    let Term::Until(end) = sold.term else { return None };
    let grace = u64::from(sold.content.grace_days.map_or(0, |days| days.0)).saturating_mul(SECONDS_PER_DAY);
    let lasts = end.0.saturating_add(grace) > now.0;
    Some(if lasts || from_end { end } else { now })
}

fn extended(sold: &Sold, extend: &str, from_end: bool, now: UnixSeconds) -> Result<Term> {
    let wrong = |text: String| Failure::usage(format!("--extend: {text}"));
    match sold.term {
        Term::Perpetual => Err(wrong("the license is perpetual and has no end to extend".into())
            .hint("use lic2-signer upgrade to change its features")),
        Term::Until(_) => {
            let [one, other] = [UnixSeconds(0), UnixSeconds(SECONDS_PER_DAY)].map(|base| timespec::parse(extend, base));
            if one? == other? {
                return Err(
                    wrong(format!("{extend:?} is a point in time, not a duration")).hint("pass it with --until")
                );
            }
            let base = extends_from(sold, from_end, now).unwrap_or(now);
            timespec::parse(extend, base).map(Term::Until).map_err(|failure| failure.at("--extend"))
        }
        Term::DaysFromActivation(days) => {
            let sum = timespec::parse_days(extend).map_err(|failure| failure.at("--extend"))?.checked_add(days);
            let sum = sum.filter(|days| *days <= lic2::limits::DAYS_MAX);
            sum.map(Term::DaysFromActivation).ok_or_else(|| wrong("a term has at most 36525 days".into()))
        }
        Term::PoweredHours(hours) => {
            let more = extend.trim().trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).trim_end();
            let is_hours = matches!(extend.trim().get(more.len()..).map(str::trim), Some("h" | "hour" | "hours"));
            let more: Option<u32> = more.parse().ok().filter(|more| is_hours && *more > 0);
            let sum = more.and_then(|more| more.checked_add(hours));
            sum.map(Term::PoweredHours).ok_or_else(|| {
                wrong(format!("{extend:?} is not a number of hours, and the license counts powered-on hours"))
                    .hint("write for example 500h")
            })
        }
    }
}

/// How one term compares with another that is counted in the same way; `None` if they cannot be compared.
#[must_use]
pub fn compare(new: Term, old: Term) -> Option<std::cmp::Ordering> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match (new, old) {
        (Term::Perpetual, Term::Perpetual) => Some(Equal),
        (Term::Perpetual, _) => Some(Greater),
        (_, Term::Perpetual) => Some(Less),
        (Term::Until(new), Term::Until(old)) => Some(new.cmp(&old)),
        (Term::DaysFromActivation(new), Term::DaysFromActivation(old)) => Some(new.cmp(&old)),
        (Term::PoweredHours(new), Term::PoweredHours(old)) => Some(new.cmp(&old)),
        _ => None,
    }
}

/// What differs between two issues, field by field.
#[must_use]
pub fn differences(old: &Content, new: &Content) -> Vec<Difference> {
    let [old, new] = [old, new].map(|content| Intent::of_content(content, &OwnedBinding::None).stated);
    let mut found = intent::differences(&old, &new);
    found.retain(|difference| !matches!(difference.field.as_str(), "order" | "ledger-only" | "id"));
    found
}

/// Everything that the new issue grants less of.
#[must_use]
pub fn lessened(old: &Content, new: &Content) -> Vec<String> {
    let mut less = Vec::new();
    let [before, after] = [old, new].map(|content| content.quantity.unwrap_or(1));
    if after < before {
        less.push(format!("quantity {after} instead of {before}"));
    }
    for feature in &old.feature {
        let name = &feature.name;
        let Some(now) = new.feature.iter().find(|other| other.name == *name) else {
            less.push(format!("no {name}"));
            continue;
        };
        if let (Some(before), Some(after)) = (amount(&feature.grant), amount(&now.grant)) {
            if after < before {
                less.push(format!("{name} {after} instead of {before}"));
            }
        }
    }
    less
}

const fn amount(grant: &Grant) -> Option<u64> {
    match grant {
        Grant::Limit(number) | Grant::Quota { amount: number, .. } => Some(*number),
        Grant::Flag | Grant::Text(_) => None,
    }
}

/// A later issue that can be signed. Its intent is what was stated, and not what that made of what was sold before.
#[derive(Clone, Debug)]
pub struct Later {
    draft: Draft,
    intent: Intent,
}

impl Later {
    /// The issue with this content, bound like this.
    ///
    /// # Errors
    /// As [`Draft::bound`].
    pub fn new(
        content: Content,
        binding: OwnedBinding,
        device: Option<String>,
        intent: Intent,
        now: UnixSeconds,
    ) -> Result<Self> {
        let intent = Intent { customer: content.customer.clone(), device, ..intent };
        Ok(Self { draft: Draft::bound(content, binding, now)?, intent })
    }

    /// How long it lasts.
    #[must_use]
    pub const fn term(&self) -> Term {
        self.draft.term()
    }
}

impl Sealable for Later {
    const KIND: Kind = Kind::Code;
    const SHORTEN: &'static str = Draft::SHORTEN;

    fn product(&self) -> &str {
        self.draft.product()
    }

    fn issued_at(&self) -> UnixSeconds {
        self.draft.issued_at()
    }

    fn intent(&self) -> Intent {
        self.intent.clone()
    }

    fn license(&self) -> Option<(&str, Option<u32>)> {
        self.draft.license()
    }

    fn set_serial(&mut self, serial: u32) {
        self.draft.set_serial(serial);
    }

    fn try_seal(&self, key: &PrivateKey, certificate: Option<&[u8]>) -> std::result::Result<Sealed, Error> {
        self.draft.try_seal(key, certificate)
    }
}
