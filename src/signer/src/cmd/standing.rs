//! `freeze`, `unfreeze` and `release`: entries about a license that are no codes. Devices learn them from revocation lists.

use clap::Args;
use lic2::{Kind, UnixSeconds};
use serde_json::{Map, Value, json};

use super::after_sale::found;
use super::recording::{Recording, note_recorded};
use crate::describe::Table;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ledger::{Event, Facts, Note, Recorded, State, Writing, key_of_order};
use crate::sold::Sold;
use crate::{check, timespec, ui};

/// Suspends a license until `unfreeze`
///
/// The entry in the ledger alone changes nothing on a device: create the list with lic2-signer revocations --ledger.
/// Freezing a frozen license, or repeating an --event, adds nothing.
///
/// JSON fields: license, state, entry, repeated (true if nothing was added).
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer freeze PL-20261122-00000042 --reason unpaid --ledger sales.ledger"
))]
pub(super) struct Freeze {
    #[command(flatten)]
    options: Options,
}

/// Resumes a frozen license
///
/// Devices learn this from the next list created by lic2-signer revocations --ledger. Unfreezing a license that is not
/// frozen, or repeating an --event, adds nothing.
///
/// JSON fields: license, state, entry, repeated (true if nothing was added).
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer unfreeze PL-20261122-00000042 --reason paid --ledger sales.ledger"
))]
pub(super) struct Unfreeze {
    #[command(flatten)]
    options: Options,
}

/// Ends a license permanently
///
/// Devices learn this from the next list created by lic2-signer revocations --ledger. If the device provides a
/// receipt, lic2-signer receipt accept --ledger does the same. A code that is issued later makes the license valid
/// again. If the customer gets money back, use lic2-signer refund --all instead. Releasing a license that is released
/// or refunded in full, or repeating an --event, adds nothing.
///
/// JSON fields: license, state, entry, repeated (true if nothing was added).
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer release PL-20261122-00000043 --reason \"retention has ended\" --ledger \
     sales.ledger"
))]
pub(super) struct Release {
    #[command(flatten)]
    options: Options,
}

#[derive(Args, Debug)]
struct Options {
    /// License id
    #[arg(value_name = "LICENSE")]
    license: String,
    /// Why, for the ledger
    #[arg(long, value_name = "WORDS")]
    reason: Option<String>,
    /// Order number of the cause
    #[arg(long)]
    order: Option<String>,
    #[command(flatten)]
    recording: Recording,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Freeze {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        self.options.run(Event::Freeze, now)
    }
}

impl Unfreeze {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        self.options.run(Event::Unfreeze, now)
    }
}

impl Release {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        self.options.run(Event::Release, now)
    }
}

impl Options {
    fn run(self, event: Event, now: UnixSeconds) -> Result<()> {
        let Self { license, reason, order, recording, json } = self;
        recording.check(true, order.as_deref())?;
        remark(&recording, &Mark { event, license: &license, order: order.as_deref(), reason, json }, now)
    }
}

/// What is to be remembered about a license.
pub(super) struct Mark<'a> {
    pub(super) event: Event,
    pub(super) license: &'a str,
    pub(super) order: Option<&'a str>,
    pub(super) reason: Option<String>,
    pub(super) json: bool,
}

/// Adds the entry, unless it exists or the license is already in that state, and reports the state of the license.
pub(super) fn remark(recording: &Recording, mark: &Mark<'_>, now: UnixSeconds) -> Result<()> {
    if let Some(reason) = &mark.reason {
        check::check_words("reason", reason)?;
    }
    let mut ledger = recording.book().open_for_change()?;
    let operator = recording.book().operator()?;
    let mut writing = ledger.begin()?;
    let found_before = repeated(&writing, recording, mark, now)?;
    let recorded = if let Some(recorded) = found_before {
        drop(writing);
        recorded
    } else {
        let pending = add(&mut writing, recording, mark, &operator, now)?;
        pending.release(&writing.commit()?)
    };
    note_recorded(&recorded, &ledger);
    let (sold, state, _) = found(&ledger.view(), mark.license, now)?;
    ui::artifact(&if mark.json {
        ui::json(&json!({
            "license": mark.license, "state": state.name(), "entry": recorded.seq, "repeated": recorded.repeated,
        }))?
    } else {
        let mut table = Table::default();
        table.row("license", mark.license);
        table.row("state", state.name());
        table.row("entry", recorded.seq);
        table.text().into()
    })?;
    if !recorded.repeated {
        ui::note(&format!(
            "devices do not know this yet: lic2-signer revocations --product {} --ledger FILE creates the list for \
             them",
            sold.product()
        ));
    }
    Ok(())
}

/// The existing entry with the same effect: that of this event or order, or the one by which the license is in this
/// state.
fn repeated(
    writing: &Writing<'_>,
    recording: &Recording,
    mark: &Mark<'_>,
    now: UnixSeconds,
) -> Result<Option<Recorded>> {
    let view = writing.view();
    let (sold, state, since) = found(&view, mark.license, now)?;
    let again = |seq| Some(Recorded { seq, text: String::new(), repeated: true });
    if let Some(entry) = once(recording, mark).map(|once| view.by_idempotency(&once)).transpose()?.flatten() {
        let same =
            entry.event == mark.event && entry.facts.license.as_deref() == Some(mark.license) && entry.text.is_none();
        if !same {
            let about = entry.facts.license.as_deref().unwrap_or("no license");
            return Err(Failure::new(
                Exit::Ledger,
                format!(
                    "entry {} is for the same order or event, with different content: {} of {about}",
                    entry.seq, entry.event
                ),
            )
            .hint("a new change needs its own order or event id; see lic2-signer ledger show"));
        }
        return Ok(again(entry.seq));
    }
    let ended = match state {
        State::Released => Some("released"),
        State::Refunded if since != sold.entry.seq => Some("refunded"),
        State::Active | State::Expired | State::Frozen | State::Refunded => None,
    };
    let hint = format!("a new code makes it valid again: lic2-signer issue --id {} or lic2-signer move", mark.license);
    match (mark.event, ended) {
        (Event::Freeze, None) if state == State::Frozen => Ok(again(since)),
        (Event::Unfreeze, None) if state != State::Frozen => Ok(again(since)),
        (Event::Release, Some(_)) => Ok(again(since)),
        (Event::Refund, Some("refunded")) => Ok(again(since)),
        (Event::Freeze | Event::Unfreeze, Some(what)) => Err(Failure::new(
            Exit::Ledger,
            format!("license {} was {what} in entry {since}, and is in force nowhere", mark.license),
        )
        .hint(hint)),
        _ => Ok(None),
    }
}

fn add(
    writing: &mut Writing<'_>,
    recording: &Recording,
    mark: &Mark<'_>,
    operator: &str,
    now: UnixSeconds,
) -> Result<crate::ledger::Pending> {
    let (sold, ..) = found(&writing.view(), mark.license, now)?;
    check_time(&sold, now)?;
    let detail: Map<String, Value> = mark.reason.iter().map(|reason| ("reason".into(), json!(reason))).collect();
    writing.note(&Note {
        facts: Facts {
            license: Some(mark.license.into()),
            product: sold.entry.facts.product.clone(),
            class: sold.entry.facts.class.clone(),
            customer: sold.entry.facts.customer.clone(),
            order: mark.order.map(Into::into),
            ..Facts::default()
        },
        order_line: recording.line(),
        event_id: recording.event_id(),
        device: sold.entry.device.clone(),
        once: once(recording, mark),
        detail,
        ..Note::new(mark.event, operator, now)
    })
}

/// An entry about a code that is issued later is a mistake in --at.
fn check_time(sold: &Sold, now: UnixSeconds) -> Result<()> {
    if sold.entry.at <= now {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "the latest code of the license is dated {}, and the current time is {}",
        timespec::format(sold.entry.at),
        timespec::format(now)
    ))
    .hint("correct --at or the clock"))
}

/// What makes this entry the same as one before: its event, or for a refund its order.
fn once(recording: &Recording, mark: &Mark<'_>) -> Option<String> {
    if mark.event == Event::Refund {
        return key_of_order(Kind::Code, mark.order, recording.line(), recording.event_id(), None, None);
    }
    recording.event_id().map(|event| json!([mark.event.name(), "event", event, mark.license]).to_string())
}
