//! `refund`: an earlier end, or none of the license left.

use std::cmp::Ordering;

use clap::Args;
use lic2::{Term, UnixSeconds};
use serde_json::{Map, Value, json};

use super::after_sale::{Subject, in_force, note_order, report_changes};
use super::renew::lasts;
use super::signing::{Made, Signing};
use super::standing::{Mark, remark};
use crate::change::{Change, Later, compare};
use crate::content::Content;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ledger::{Entry, Event, Filter, View};
use crate::sold::{Sold, state_term};
use crate::time_text::TimeText;
use crate::{timespec, ui};

/// Refunds a license in part or in full
///
/// --until TIME prints the next issue of the license with that earlier end; --renewal uses the end before the last
/// renewal that was not refunded. Product, features and device do not change. The device accepts the new issue because
/// of its higher serial. --all refunds the license in full. It prints no code; the ledger and the next revocation list
/// mark the license as refunded.
///
/// An offline device keeps its rights until it gets the code, or the list created by lic2-signer revocations.
/// Repeating an order or event prints the same code, byte for byte. --all needs no key.
#[derive(Args, Debug)]
#[command(mut_arg("key", |key| key.required(false)), after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer refund PL-20261122-00000042 --renewal --order CS2711230700 --key issuer.key \
     --certificate issuer.cert --ledger sales.ledger --passphrase-file passphrase.txt"
))]
pub(super) struct Refund {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    part: Part,
    /// Why, for the ledger
    #[arg(long, value_name = "WORDS")]
    reason: Option<String>,
    #[command(flatten)]
    signing: Signing,
}

/// How much is refunded.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Part {
    /// The earlier end of the term (exclusive)
    #[arg(long, value_name = "TIME")]
    until: Option<TimeText>,
    /// The last renewal: return to the term before it
    #[arg(long)]
    renewal: bool,
    /// The whole license
    #[arg(long)]
    all: bool,
}

impl Refund {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        if self.part.all {
            return self.run_all(now);
        }
        let Self { subject, part, reason, signing } = self;
        let license = &subject.license;
        note_order(&subject.order, &signing);
        let change = Change {
            content: Content { until: part.until, order: subject.order.clone(), ..Content::default() },
            ..Change::default()
        };
        let mut intent = change.intent(license);
        if part.renewal {
            intent.stated.insert("renewal".into(), json!(true));
        }
        signing.sign_from_ledger(Event::Refund, &intent.clone(), |writing, _| {
            let view = writing.view();
            let sold = in_force(&view, license, true, now)?;
            let mut detail: Map<String, Value> =
                reason.map(|reason| ("reason".into(), json!(reason))).into_iter().collect();
            let mut content = change.over(&sold, now)?;
            if part.renewal {
                let (renewal, before) = last_renewal(&view, license)?;
                ui::note(&format!("back to the term before the renewal in entry {}", renewal.seq));
                detail.insert("refunded".into(), json!(renewal.seq));
                state_term(&mut content, before.term);
            }
            check_end(&content, now)?;
            let later = Later::new(content.clone(), sold.binding.clone(), sold.entry.device.clone(), intent, now)?;
            check_earlier(&sold, later.term())?;
            report_changes(&sold, &content, later.term());
            Ok(Made(later, detail))
        })
    }

    /// There is no code to sign: revocation lists use the entry.
    fn run_all(self, now: UnixSeconds) -> Result<()> {
        let Self { subject, reason, signing, .. } = self;
        let order = subject.order.as_deref();
        signing.recording().check(true, order)?;
        let mark = Mark { event: Event::Refund, license: &subject.license, order, reason, json: false };
        remark(signing.recording(), &mark, now)
    }
}

/// A term that has already ended cannot be signed, and would refund everything.
fn check_end(content: &Content, now: UnixSeconds) -> Result<()> {
    let Some(until) = &content.until else { return Ok(()) };
    let end = timespec::parse(&until.to_string(), now).map_err(|failure| failure.at("--until"))?;
    if end > now {
        return Ok(());
    }
    Err(Failure::new(Exit::Ledger, format!("the term would have ended already, at {}", timespec::format(end)))
        .hint("use --all to refund the license; the next revocation list ends it"))
}

fn check_earlier(sold: &Sold, term: Term) -> Result<()> {
    match compare(term, sold.term) {
        None | Some(Ordering::Less) => Ok(()),
        Some(Ordering::Equal | Ordering::Greater) => Err(Failure::new(
            Exit::Ledger,
            format!("this refunds nothing: the license lasts only {}", lasts(sold.term)),
        )
        .hint("pass an earlier --until; for a later end use lic2-signer renew")),
    }
}

/// The last renewal that was not refunded yet, and what was sold before it.
fn last_renewal(view: &View<'_>, license: &str) -> Result<(Entry, Sold)> {
    let filter = Filter { license: Some(license.into()), ..Filter::default() };
    let codes: Vec<Entry> = view.entries(&filter)?.into_iter().filter(Entry::is_code).collect();
    let refunded: Vec<u64> = codes.iter().filter_map(|entry| entry.detail()["refunded"].as_u64()).collect();
    let found = codes.iter().rposition(|entry| entry.event == Event::Renew && !refunded.contains(&entry.seq));
    let pair = found.and_then(|index| Some((codes.get(index)?, codes.get(index.checked_sub(1)?)?)));
    let Some((renewal, before)) = pair else {
        return Err(Failure::new(Exit::Ledger, format!("license {license} has no renewal left to refund"))
            .hint("use --until TIME to shorten its first term, or --all to refund everything"));
    };
    Ok((renewal.clone(), Sold::of_entry(before.clone())?))
}
