//! `convert`: a trial becomes a paid license.

use clap::Args;
use lic2::UnixSeconds;

use super::after_sale::{Acceptable, Fields, NewTerm, Plan, Subject};
use super::signing::Signing;
use crate::content::ClassName;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ledger::Event;

/// Converts a trial to a paid license
///
/// Prints the next issue of the same license, with class commercial. Device, features and everything else that you do
/// not pass stay as in the trial. --until and --extend set the term: --until 1y counts from now, --extend 1y from the
/// end of the trial while it lasts. A license of class test keeps its class: test orders convert test licenses.
/// Repeating an order or event prints the same code, byte for byte.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer convert PL-20261122-00000045 --until 1y --edition PRO --order CS2612200800 --key \
     issuer.key --certificate issuer.cert --ledger sales.ledger --passphrase-file passphrase.txt"
))]
pub(super) struct Convert {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    term: NewTerm,
    #[command(flatten)]
    fields: Fields,
    #[command(flatten)]
    acceptable: Acceptable,
    #[command(flatten)]
    signing: Signing,
}

impl Convert {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        Plan {
            event: Event::Upgrade,
            change: self.fields.change(Some(self.term), self.subject.order)?,
            license: &self.subject.license,
            accept_frozen: self.acceptable.accept_frozen,
            check: &|sold, _, _| match sold.content.class {
                Some(ClassName::Trial | ClassName::Test) => Ok(()),
                _ => Err(Failure::new(
                    Exit::Ledger,
                    format!("license {} is not a trial: issue {} is {}", sold.id(), sold.serial(), class(sold)),
                )
                .hint("use lic2-signer renew for a later end, or lic2-signer upgrade to change its features")),
            },
            adapt: &|_, content| {
                if content.class == Some(ClassName::Trial) {
                    content.class = Some(ClassName::Commercial);
                }
            },
        }
        .run(&self.signing, now)
    }
}

fn class(sold: &crate::sold::Sold) -> &str {
    sold.entry.facts.class.as_deref().unwrap_or("of no class")
}
