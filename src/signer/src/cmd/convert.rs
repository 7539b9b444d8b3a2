//! `convert`: a trial becomes a paid license.

use clap::Args;
use lic2::UnixSeconds;

use super::after_sale::{Acceptable, Fields, NewTerm, Plan, Subject};
use super::signing::Signing;
use crate::content::ClassName;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ledger::Event;

/// Converts a trial to a paid license: prints the next issue of the same license, of class commercial
///
/// Device, features and everything that is not stated stay as in the trial. --until and --extend say how long the paid
/// license lasts: --until 1y counts from now, and --extend 1y from the end of the trial while that lasts. A license of class
/// test stays one: test orders convert test licenses. The same order or event gives the same code again, byte for byte.
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
                    format!("license {} is no trial: issue {} is {}", sold.id(), sold.serial(), class(sold)),
                )
                .hint("lic2-signer renew gives it a later end, and lic2-signer upgrade changes what it grants")),
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
