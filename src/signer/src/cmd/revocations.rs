//! `revocations`: what is no longer in force, as a list for devices.

mod from_ledger;

use std::path::PathBuf;

use clap::Args;
use lic2::UnixSeconds;

use self::from_ledger::Listing;
use super::audience::Audience;
use super::recording::ForOrder;
use super::signing::Signing;
use crate::draft::check_range;
use crate::exit::{Failure, HELP, Result};
use crate::ledger::Event;
use crate::publickey;
use crate::revocation::{HashRevocation, Revocation, RevocationContent, Revoked, Scope, revoked_issuer};
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
///
/// With --ledger and nothing else to revoke, the list says what the ledger says: every license of the product that is frozen,
/// released or refunded, below its next issue; and, as replaced, the issues that a refund shortened or that were moved to
/// another device without a receipt. Issues that are over by their date stand in no list: the list itself tells a device
/// the time. The number is the next one of this product and series; if nothing changed since, the same list comes back,
/// byte for byte. --customer NAME leaves out the licenses of others: such a list is for the devices of that customer
/// alone. What does not fit is refused, never left out.
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
    /// Number of the list: one more than that of the one before [default: that, by the ledger]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    number: Option<u32>,
    /// Revoke what the ledger says; implied by --ledger if nothing else is revoked
    #[arg(long)]
    from_ledger: bool,
    /// Of what the ledger says, only the licenses of this customer
    #[arg(long, value_name = "NAME")]
    customer: Option<String>,
    /// Of what the ledger says, also the earlier issues of every license that has later ones
    #[arg(long)]
    replaced: bool,
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
        let was_cut = !self.customer_cut.is_empty();
        if was_cut {
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
        let product = self.audience.product()?;
        let from_ledger = self.from_ledger || (self.signing.has_ledger() && revoked.is_empty() && !was_cut);
        if !from_ledger && (self.customer.is_some() || self.replaced) {
            return Err(Failure::usage("--customer and --replaced choose from what the ledger says")
                .hint("name the ledger, and say --from-ledger if other licenses are stated as well"));
        }
        if from_ledger || (self.number.is_none() && self.signing.has_ledger()) {
            let scope = Scope { product, customer: self.customer.as_deref(), replaced: self.replaced };
            let series = self.series;
            return Listing { scope, series, number: self.number, from_ledger, stated: revoked }.run(
                &self.signing,
                self.order.order,
                now,
            );
        }
        let number = self.number.ok_or_else(|| {
            Failure::usage("the list has no number")
                .hint("state --number, one more than that of the one before, or --ledger")
        })?;
        let content = RevocationContent::new(&revoked, number, self.series, product, now)?;
        self.signing.seal_and_print(content, Event::RevocationList, self.order.order.as_deref())
    }
}
