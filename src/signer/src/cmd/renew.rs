//! `renew`: a later end.

use clap::Args;
use lic2::UnixSeconds;

use super::after_sale::{Acceptable, Fields, NewTerm, Plan, Subject};
use super::signing::Signing;
use crate::change::compare;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ledger::Event;
use crate::timespec;

/// Renews a license
///
/// Prints the license's next issue, with a later end. Everything else comes from the latest issue in the ledger:
/// product, features, and the device with its hashes. The serial is the next one, so that the device accepts this code
/// instead of the previous one.
///
/// --extend counts from the end of the term while the license is valid, including grace days, and from now once it has
/// expired. --from-end always counts from the end, as the marketplace does during its retention period. A test license
/// stays a test license. Repeating an order or event prints the same code, byte for byte. Meters on the device
/// continue: --top-up raises a quota, and the unused rest is carried over.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer renew PL-20261122-00000042 --extend 1y --order CS2711221200 --key issuer.key \
     --certificate issuer.cert --ledger sales.ledger --passphrase-file passphrase.txt"
))]
pub(super) struct Renew {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    term: NewTerm,
    /// Count --extend from the end of the term even if the license has expired
    #[arg(long, requires = "extend", conflicts_with_all = ["until", "perpetual", "days_from_activation", "powered_hours"])]
    from_end: bool,
    #[command(flatten)]
    fields: Fields,
    #[command(flatten)]
    acceptable: Acceptable,
    #[command(flatten)]
    signing: Signing,
}

impl Renew {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let mut change = self.fields.change(Some(self.term), self.subject.order)?;
        change.from_end = self.from_end;
        Plan {
            event: Event::Renew,
            change,
            license: &self.subject.license,
            accept_frozen: self.acceptable.accept_frozen,
            check: &|sold, _, term| match compare(term, sold.term) {
                None | Some(std::cmp::Ordering::Greater) => Ok(()),
                Some(std::cmp::Ordering::Equal | std::cmp::Ordering::Less) => Err(Failure::new(
                    Exit::Ledger,
                    format!("this is not a renewal: the license already lasts {}", lasts(sold.term)),
                )
                .hint("use lic2-signer refund to shorten a license, or lic2-signer upgrade to change its features")),
            },
            adapt: &|_, _| {},
        }
        .run(&self.signing, now)
    }
}

/// How long, in words.
pub(super) fn lasts(term: lic2::Term) -> String {
    match term {
        lic2::Term::Perpetual => "without end".into(),
        lic2::Term::Until(end) => format!("until {}", timespec::format(end)),
        lic2::Term::DaysFromActivation(days) => format!("{days} days from its activation"),
        lic2::Term::PoweredHours(hours) => format!("{hours} powered-on hours"),
    }
}
