//! Shared by the verbs that follow a sale: the license, the changes of its next issue, and the messages.

use std::path::PathBuf;

use clap::Args;
use lic2::{LicenseItem, Term, UnixSeconds};
use serde_json::Map;

use super::signing::{Made, Signing};
use crate::change::{self, Change, Later, TopUp};
use crate::check::check_identifier;
use crate::content::{Changes, Content, DayCount};
use crate::exit::{Exit, Failure, Result};
use crate::ledger::{Event, State, View};
use crate::sold::{Sold, state_term};
use crate::time_text::TimeText;
use crate::{fields, timespec, ui};

/// Which license.
#[derive(Args, Clone, Debug)]
pub(super) struct Subject {
    /// License id
    #[arg(value_name = "LICENSE")]
    pub(super) license: String,
    /// Order number. Repeating an order prints the same code
    #[arg(long)]
    pub(super) order: Option<String>,
}

/// How long the next issue lasts.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct NewTerm {
    /// Extend by this time: from the end of the term, or from now if the license has expired (grace days included)
    #[arg(long, value_name = "DURATION")]
    extend: Option<String>,
    /// End of the term (exclusive); a date means its beginning in UTC
    #[arg(long, value_name = "TIME")]
    until: Option<TimeText>,
    /// No end
    #[arg(long)]
    perpetual: bool,
    /// Days of the term, counted from the first activation
    #[arg(long, value_name = "DAYS")]
    days_from_activation: Option<DayCount>,
    /// Powered-on hours of the term, counted from the first activation
    #[arg(long, value_name = "HOURS")]
    powered_hours: Option<u32>,
}

/// The changes of the next issue.
#[derive(Args, Clone, Debug)]
pub(super) struct Fields {
    /// File with changes, TOML or JSON, as for lic2-signer issue; flags take precedence
    #[arg(long = "content", value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    changes: Changes,
    /// A feature to remove (repeat)
    #[arg(long, value_name = "NAME")]
    remove_feature: Vec<String>,
    /// Raise a quota: the device's meter continues, so the rest of the old quota is carried over (repeat)
    #[arg(long, value_name = "FEATURE=N")]
    top_up: Vec<TopUp>,
}

/// What may be renewed although it is frozen.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Acceptable {
    /// Accept a frozen license: it stays frozen, and the next revocation list refuses the new code as well
    #[arg(long)]
    pub(super) accept_frozen: bool,
}

impl Fields {
    /// The change with this term, if any, and for this order.
    pub(super) fn change(self, term: Option<NewTerm>, order: Option<String>) -> Result<Change> {
        let stated = Content::from(self.changes);
        let file = self.file.as_deref().map(Content::read).transpose()?.unwrap_or_default();
        check_file(&file)?;
        let (extend, stated) = match term {
            None => (None, stated),
            Some(term) => (
                term.extend,
                Content {
                    until: term.until,
                    perpetual: term.perpetual,
                    days_from_activation: term.days_from_activation,
                    powered_hours: term.powered_hours,
                    ..stated
                },
            ),
        };
        let content = Content { order, ..stated.over(file) };
        Ok(Change { content, extend, from_end: false, top_up: self.top_up, remove: self.remove_feature })
    }
}

/// A file may hold what flags may say. The rest belongs to a first sale.
fn check_file(file: &Content) -> Result<()> {
    let stated = [
        ("id", file.id.is_some()),
        ("serial", file.serial.is_some()),
        ("class", file.class.is_some()),
        ("product", file.product.is_some()),
        ("add-on", file.add_on),
        ("order", file.order.is_some()),
        ("a term", file.term_count() > 0),
        ("a device", file.states_binding() || file.salt.is_some()),
    ];
    match stated.iter().find(|(_, stated)| *stated) {
        Some((name, _)) => Err(Failure::usage(format!("--content states {name}, and the license has that already"))
            .hint("put only changes into the file: edition, quantity, features and the like; use flags for the rest")),
        None => Ok(()),
    }
}

/// The latest issue of a license that is in force, expired or, if that is accepted, frozen.
pub(super) fn in_force(view: &View<'_>, license: &str, accept_frozen: bool, now: UnixSeconds) -> Result<Sold> {
    let (sold, state, since) = found(view, license, now)?;
    let refuse = |what: &str, hint: String| {
        Err(Failure::new(Exit::Ledger, format!("license {license} was {what} in entry {since}")).hint(hint))
    };
    match state {
        State::Active | State::Expired => Ok(sold),
        State::Frozen if accept_frozen => {
            ui::warn(&format!(
                "license {license} has been frozen since entry {since} and stays frozen: the next revocation list \
                 refuses this code too"
            ));
            Ok(sold)
        }
        State::Frozen => refuse(
            "frozen",
            format!(
                "unfreeze it with lic2-signer unfreeze {license}, or continue \
                                                   with --accept-frozen"
            ),
        ),
        State::Released => refuse(
            "released",
            format!(
                "lic2-signer move {license} issues it for another device, or for the same \
                                        one"
            ),
        ),
        // A refund that ended with a code is as good as an end of the term.
        State::Refunded if since == sold.entry.seq => Ok(sold),
        State::Refunded => refuse(
            "refunded",
            format!("sell it again: lic2-signer issue --id {license} --ledger FILE, which uses the next serial"),
        ),
    }
}

/// The latest issue of a license, its state, and the entry that decided so.
pub(super) fn found(view: &View<'_>, license: &str, now: UnixSeconds) -> Result<(Sold, State, u64)> {
    check_identifier("license", license)?;
    let standing = view.standing(license, now)?.ok_or_else(|| {
        Failure::new(Exit::Ledger, format!("the ledger contains no code of license {license}")).hint(
            "check the id with lic2-signer ledger list; codes that were signed without the ledger are not in \
                   it",
        )
    })?;
    Ok((Sold::of_entry(standing.latest)?, standing.state, standing.since))
}

/// How one verb changes licenses.
pub(super) struct Plan<'a> {
    pub(super) event: Event,
    pub(super) change: Change,
    pub(super) license: &'a str,
    pub(super) accept_frozen: bool,
    /// What the verb demands of the new issue.
    pub(super) check: &'a dyn Fn(&Sold, &Content, Term) -> Result<()>,
    /// What the verb changes beside that.
    pub(super) adapt: &'a dyn Fn(&Sold, &mut Content),
}

impl Plan<'_> {
    /// Signs the next issue and reports the differences.
    pub(super) fn run(self, signing: &Signing, now: UnixSeconds) -> Result<()> {
        let Self { event, change, license, accept_frozen, check, adapt } = self;
        note_order(&change.content.order, signing);
        let intent = change.intent(license);
        signing.sign_from_ledger(event, &intent.clone(), |writing, _| {
            let sold = in_force(&writing.view(), license, accept_frozen, now)?;
            let from = change
                .extend
                .as_ref()
                .and_then(|extend| Some((extend.clone(), change::extends_from(&sold, change.from_end, now)?)));
            let mut content = change.over(&sold, now)?;
            adapt(&sold, &mut content);
            let later = Later::new(content.clone(), sold.binding.clone(), sold.entry.device.clone(), intent, now)?;
            check(&sold, &content, later.term())?;
            if let Some((extend, from)) = from {
                let what = if Term::Until(from) == sold.term { "the end of the term" } else { "now" };
                ui::note(&format!("extended: {extend} from {what}, {}", timespec::format(from)));
            }
            report_changes(&sold, &content, later.term());
            Ok(Made(later, Map::new()))
        })
    }
}

/// Reports the changes of the new issue, and warns if it grants less.
pub(super) fn report_changes(sold: &Sold, content: &Content, term: Term) {
    ui::note(&format!("license {} after issue {}:", sold.id(), sold.serial()));
    let mut resolved = content.clone();
    state_term(&mut resolved, term);
    for difference in change::differences(&sold.content, &resolved) {
        ui::note(&format!("  {difference}"));
    }
    let shorter = change::compare(term, sold.term) == Some(std::cmp::Ordering::Less);
    let mut less = change::lessened(&sold.content, content);
    less.extend(shorter.then(|| "an earlier end".to_owned()));
    if !less.is_empty() {
        ui::warn(&format!(
            "the new issue grants less ({}): a device that is offline keeps issue {} until it gets this code or a revocation list",
            less.join(", "),
            sold.serial()
        ));
    }
    note_ends(content, term);
}

/// Parts that end before the license does.
fn note_ends(content: &Content, term: Term) {
    let ends_before = |text: &TimeText| {
        let end = timespec::parse(&text.to_string(), UnixSeconds(0)).ok()?;
        let before = match term {
            Term::Until(until) => end < until,
            Term::Perpetual => true,
            Term::DaysFromActivation(_) | Term::PoweredHours(_) => false,
        };
        before.then(|| timespec::format(end))
    };
    for feature in &content.feature {
        // What was stated just now may be a duration, and was meant.
        if let Some(end) = feature.until.as_ref().and_then(ends_before) {
            let name = &feature.name;
            ui::note(&format!(
                "feature {name} ends at {end}, before the license: change it with --feature \
                               {name}…@TIME"
            ));
        }
    }
    for item in LicenseItem::ALL {
        let Some((time, what)) = fields::dates(item, content) else { continue };
        if let Some(end) = ends_before(time) {
            ui::note(&format!("{what} {end} are not covered: --{} TIME changes that", fields::flag(item)));
        }
    }
}

/// Without an order, a second run cannot be distinguished from a second sale.
pub(super) fn note_order(order: &Option<String>, signing: &Signing) {
    if order.is_none() && signing.recording().event_id().is_none() {
        ui::note("neither --order nor --event is given: running the same command again creates another issue");
    }
}
