//! `time-token`: the time, signed.

use clap::Args;
use lic2::seal::{Sealed, TimeTokenDraft, seal_time_token};
use lic2::{Error, Kind, SECONDS_PER_DAY, UnixSeconds};
use serde_json::json;

use super::audience::Audience;
use super::recording::ForOrder;
use super::signing::Signing;
use crate::check::check_range;
use crate::exit::{HELP, Result};
use crate::intent::Intent;
use crate::keyfile::PrivateKey;
use crate::ledger::Event;
use crate::sealing::Sealable;
use crate::{timespec, ui};

/// Signs the current time for devices without a clock or with a wrong one
///
/// The token proves that the time is not earlier than now, or than --at. It works for any number of devices, and does
/// no harm to devices that know the time: it refreshes licenses with a lease.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer time-token --key issuer.key --certificate issuer.cert --product vision-appliance \
     --passphrase-file passphrase.txt"
))]
pub(super) struct TimeToken {
    #[command(flatten)]
    signing: Signing,
    #[command(flatten)]
    audience: Audience,
    #[command(flatten)]
    order: ForOrder,
}

impl TimeToken {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        check_range("the token", now)?;
        if now.0 > timespec::now().0.saturating_add(SECONDS_PER_DAY) {
            ui::warn(
                "this time is in the future: a device that accepts the token refuses every earlier time until you \
                 unlock it",
            );
        }
        let draft = Draft { product: self.audience.product()?, issued_at: now };
        self.signing.seal_and_print(draft, Event::TimeToken, self.order.order.as_deref())
    }
}

struct Draft<'a> {
    product: &'a str,
    issued_at: UnixSeconds,
}

impl Sealable for Draft<'_> {
    const KIND: Kind = Kind::TimeToken;
    const SHORTEN: &'static str = "leave the certificate out with --detached-certificate";

    fn product(&self) -> &str {
        self.product
    }

    fn issued_at(&self) -> UnixSeconds {
        self.issued_at
    }

    fn intent(&self) -> Intent {
        Intent::of(json!({ "product": self.product }))
    }

    fn try_seal(&self, key: &PrivateKey, certificate: Option<&[u8]>) -> std::result::Result<Sealed, Error> {
        let draft = TimeTokenDraft::new(self.product, self.issued_at);
        seal_time_token(&draft, &key.public(), certificate, |message| key.sign(message))
    }
}
