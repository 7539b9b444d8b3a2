//! `revocations`: what is no longer in force, as a list for devices.

use std::path::PathBuf;

use clap::Args;
use lic2::UnixSeconds;

use super::audience::Audience;
use super::recording::ForOrder;
use super::signing::Signing;
use crate::draft::check_range;
use crate::exit::{Failure, HELP, Result};
use crate::ledger::Event;
use crate::publickey;
use crate::revocation::{HashRevocation, Revocation, RevocationContent, Revoked, revoked_issuer};
use crate::ui;

/// Makes a revocation list and prints it
///
/// A list replaces the one before it of the same product and series completely: it states everything that is revoked,
/// and what it no longer states is in force again. The highest number counts. Licenses stand in it as hashes of their
/// ids; licenses are revoked below a serial, so that a later issue is in force: PL-1=refunded:3 refuses issues 1 and 2.
///
/// Reasons: released (taken off the device), frozen (for the time being), refunded, replaced (by a later issue).
///
/// A file (--from) is CSV with the columns license or license_hash, below, reason; or JSON, an array of such objects, or
/// {"licenses": [...], "issuers": [{"key": "...", "keep_activated": true}]}.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer revocations --key issuer.key --certificate issuer.cert --number 1 --product \
     vision-appliance --revoke PL-20261122-00000042=refunded:2 --passphrase-file passphrase.txt"
))]
pub(super) struct Revocations {
    #[command(flatten)]
    signing: Signing,
    #[command(flatten)]
    audience: Audience,
    #[command(flatten)]
    order: ForOrder,
    /// Number of the list: one more than that of the one before
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    number: u32,
    /// Which list of this product it is, for a seller who keeps several
    #[arg(long, value_name = "N", default_value_t = 0)]
    series: u8,
    /// Revoke the issues of a license below a serial (repeat)
    #[arg(long, value_name = "LICENSE=REASON:BELOW")]
    revoke: Vec<Revocation>,
    /// The same by the hash of the license id (repeat)
    #[arg(long, value_name = "HASH=REASON:BELOW")]
    revoke_hash: Vec<HashRevocation>,
    /// File with more of them, CSV or JSON; - is stdin
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// A list for one customer: leave only the entries of these licenses (repeat)
    #[arg(long, value_name = "LICENSE")]
    customer_cut: Vec<String>,
    /// Revoke an issuer by its public key: PEM file or 64 hexadecimal digits; for an anchor only (repeat)
    #[arg(long, value_name = "KEY")]
    revoke_issuer: Vec<String>,
    /// What the issuers of --revoke-issuer signed stays in force where it is activated already
    #[arg(long, requires = "revoke_issuer")]
    keep_activated: bool,
}

impl Revocations {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        check_range("the list", now)?;
        let mut revoked = self.from.as_deref().map(Revoked::read).transpose()?.unwrap_or_default();
        revoked.licenses.extend(self.revoke);
        revoked.licenses.extend(self.revoke_hash.into_iter().map(|revocation| revocation.0));
        for key in &self.revoke_issuer {
            let key = publickey::read(key).map_err(|failure| failure.at("--revoke-issuer"))?;
            revoked.issuers.push(revoked_issuer(&key, self.keep_activated)?);
        }
        if !self.customer_cut.is_empty() {
            let all = revoked.licenses.len();
            revoked.cut(&self.customer_cut);
            ui::note(&format!("cut to {} of {all} licenses", revoked.licenses.len()));
        }
        if !revoked.issuers.is_empty() && self.signing.is_by_issuer() {
            return Err(Failure::usage(
                "only an anchor revokes issuers: a thief of one issuing key could revoke all others",
            )
            .hint("sign with the key of the anchor and leave --certificate out"));
        }
        let content = RevocationContent::new(&revoked, self.number, self.series, self.audience.product()?, now)?;
        self.signing.seal_and_print(content, Event::RevocationList, self.order.order.as_deref())
    }
}
