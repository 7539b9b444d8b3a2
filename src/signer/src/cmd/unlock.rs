//! `unlock`: lets one device recover, in answer to its request.

use clap::Args;
use lic2::limits::NONCE_LEN;
use lic2::seal::{Sealed, UnlockDraft, seal_unlock};
use lic2::{DocumentBuffer, Error, Kind, UnixSeconds};
use serde_json::json;

use super::recording::ForOrder;
use super::signing::Signing;
use crate::binding::OwnedBinding;
use crate::check::check_range;
use crate::describe::GRANTS;
use crate::exit::{Failure, HELP, Result};
use crate::intent::{self, Intent};
use crate::keyfile::PrivateKey;
use crate::ledger::Event;
use crate::request::{Asked, BindTo};
use crate::sealing::Sealable;
use crate::ui;

/// Unlocks one device in answer to its request
///
/// --grants clock lets the device believe a clock that went backwards, down to the time of this unlock. --grants state
/// lets it continue with its stored activation although that was replaced by an earlier copy: find out why first. The
/// unlock works once, on the device whose request it answers. One or two identity components must all match; with
/// more, one may be replaced. --match overrides this.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer unlock --key issuer.key --certificate issuer.cert --request request.txt \
     --grants clock --passphrase-file passphrase.txt"
))]
pub(super) struct Unlock {
    #[command(flatten)]
    signing: Signing,
    /// The request of the device: the text itself, a file that contains it, or - for stdin
    #[arg(long, value_name = "REQUEST")]
    request: String,
    /// What the device may do: clock, state, or both
    #[arg(long, value_name = "GRANT", value_delimiter = ',', required = true)]
    grants: Vec<String>,
    /// How many of the request's identity components must match
    #[arg(long = "match", value_name = "K", visible_alias = "needed")]
    needed: Option<u8>,
    #[command(flatten)]
    to: BindTo,
    #[command(flatten)]
    order: ForOrder,
}

impl Unlock {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        check_range("the unlock", now)?;
        let grants = parse_grants(&self.grants)?;
        let text = ui::read_document(&self.request)?;
        let mut memory = DocumentBuffer::new();
        let asked = Asked::read(&text, &mut memory).map_err(|failure| failure.at("--request"))?;
        let binding = asked.binding(self.needed, self.to)?.unwrap_or_else(|| {
            ui::warn("the request contains no identity component: only its nonce ties the unlock to the device");
            OwnedBinding::None
        });
        asked.note_proof();
        let (product, nonce) = (asked.request.product.as_str(), asked.request.nonce);
        let draft = Draft { product, issued_at: now, nonce, grants, binding };
        self.signing.seal_and_print(draft, Event::Unlock, self.order.order.as_deref())
    }
}

fn parse_grants(names: &[String]) -> Result<u8> {
    names.iter().try_fold(0, |grants, name| {
        let found = GRANTS.iter().find(|(_, known, _)| known == name);
        found.map(|(bit, ..)| grants | bit).ok_or_else(|| {
            let known: Vec<&str> = GRANTS.iter().map(|(_, name, _)| *name).collect();
            Failure::usage(format!("--grants {name:?} is unknown")).hint(format!("choose from {}", known.join(", ")))
        })
    })
}

struct Draft<'a> {
    product: &'a str,
    issued_at: UnixSeconds,
    nonce: [u8; NONCE_LEN],
    grants: u8,
    binding: OwnedBinding,
}

impl Sealable for Draft<'_> {
    const KIND: Kind = Kind::Unlock;
    const SHORTEN: &'static str = "leave the certificate out with --detached-certificate";

    fn product(&self) -> &str {
        self.product
    }

    fn issued_at(&self) -> UnixSeconds {
        self.issued_at
    }

    fn intent(&self) -> Intent {
        let device = intent::of_binding(&self.binding);
        let grants: Vec<&str> =
            GRANTS.iter().filter(|(bit, ..)| self.grants & bit != 0).map(|(_, name, _)| *name).collect();
        let stated =
            json!({ "product": self.product, "nonce": ui::hex(&self.nonce), "grants": grants, "device": device });
        Intent { device: device.clone(), fingerprint: device, ..Intent::of(stated) }
    }

    fn try_seal(&self, key: &PrivateKey, certificate: Option<&[u8]>) -> std::result::Result<Sealed, Error> {
        let draft =
            UnlockDraft::new(self.nonce, self.grants, self.product, self.issued_at).with_binding(self.binding.draft());
        seal_unlock(&draft, &key.public(), certificate, |message| key.sign(message))
    }
}
