//! `upgrade`: other rights for the same term.

use clap::Args;
use lic2::UnixSeconds;

use super::after_sale::{Acceptable, Fields, Plan, Subject};
use super::signing::Signing;
use crate::exit::{Failure, HELP, Result};
use crate::ledger::Event;

/// Upgrades a license: prints its next issue, with another edition, quantity or other features
///
/// Term, device and everything that is not stated stay as in the latest issue in the ledger. What the new issue grants less
/// of is said in a warning: a device that is offline keeps the earlier issue until it gets this code. The same order or event
/// gives the same code again, byte for byte.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer upgrade PL-20261122-00000042 --edition MAX --feature channels=limit:128 --order \
     CS2612010900 --key issuer.key --certificate issuer.cert --ledger sales.ledger --passphrase-file passphrase.txt"
))]
pub(super) struct Upgrade {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    fields: Fields,
    #[command(flatten)]
    acceptable: Acceptable,
    #[command(flatten)]
    signing: Signing,
}

impl Upgrade {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let change = self.fields.change(None, self.subject.order)?;
        if change.is_empty() {
            return Err(Failure::usage("nothing is stated that would change")
                .hint("state --edition, --quantity, --feature or the like; a later end is lic2-signer renew"));
        }
        Plan {
            event: Event::Upgrade,
            change,
            license: &self.subject.license,
            accept_frozen: self.acceptable.accept_frozen,
            check: &|_, _, _| Ok(()),
            adapt: &|_, _| {},
        }
        .run(&self.signing, now)
    }
}
