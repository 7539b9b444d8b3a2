//! `upgrade`: other rights for the same term.

use clap::Args;
use lic2::UnixSeconds;

use super::after_sale::{Acceptable, Fields, Plan, Subject};
use super::signing::Signing;
use crate::exit::{Failure, HELP, Result};
use crate::ledger::Event;

/// Changes the edition, quantity or features of a license
///
/// Prints the license's next issue. Term, device and everything else that you do not pass stay as in the latest issue
/// in the ledger. A warning lists anything that the new issue grants less of: an offline device keeps the earlier
/// issue until it gets this code. Repeating an order or event prints the same code, byte for byte.
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
            return Err(Failure::usage("no change is given")
                .hint("pass --edition, --quantity, --feature or the like; for a later end use lic2-signer renew"));
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
