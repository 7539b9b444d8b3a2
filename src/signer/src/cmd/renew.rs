//! `renew`: a later end.

use clap::Args;
use lic2::UnixSeconds;

use super::after_sale::{Acceptable, Fields, NewTerm, Plan, Subject};
use super::signing::Signing;
use crate::change::compare;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ledger::Event;
use crate::timespec;

/// Renews a license: prints its next issue, with a later end
///
/// Everything else is taken from the latest issue in the ledger: product, features, and the device with its hashes, so that
/// nothing has to be asked again. The serial is the next one, so that the device takes this code for the earlier one.
///
/// --extend counts from the end of the term as long as the license lasts, grace days included, and from now once it is over;
/// --from-end counts from the end in any case, as the marketplace does until its retention is over. A test license stays a
/// test license. The same order or event gives the same code again, byte for byte. Metered use goes on counting on the
/// device: --top-up raises a quota, so that what is left of it is carried over.
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
    /// Count --extend from the end of the term even if the license is over
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
                    format!("this is no renewal: the license already lasts {}", lasts(sold.term)),
                )
                .hint("lic2-signer refund shortens a license, and lic2-signer upgrade changes what it grants")),
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
