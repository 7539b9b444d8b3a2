//! `revocations`: what is no longer in force, as a list for devices.

mod from_ledger;
mod handing;

use std::path::PathBuf;

use clap::Args;
use lic2::UnixSeconds;

use self::from_ledger::{Listing, Whose};
use self::handing::{Hand, Handing};
use super::audience::Audience;
use super::recording::ForOrder;
use super::signing::Signing;
use crate::check::{check_identifier, check_range};
use crate::exit::{Failure, HELP, Result};
use crate::publickey;
use crate::revocation::{HashRevocation, Revocation, RevocationContent, Revoked, revoked_issuer};
use crate::ui;

/// Makes a revocation list and prints it
///
/// A list replaces the one before it of the same product and series: it states everything that is revoked, and what it
/// no longer states is in force again. The highest number counts. Licenses stand in it as hashes of their ids; licenses
/// are revoked below a serial, so that a later issue is in force: PL-1=refunded:3 refuses issues 1 and 2.
///
/// A list that does not fit into one text comes in parts with one number, each for a range of hashes; stdout gets a line
/// for each. A device takes them in any order, and needs only those for its own licenses: --request and --license print
/// the part for one license. A device that has some part of a list refuses an unknown code of the time before it with
/// status 427 LIST_PART_MISSING until it gets the part for that code. Each part is for a range of its own, so that all of
/// them together say the same as one list would. A list in parts revokes no issuers.
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
/// byte for byte, with all its parts.
///
/// --customer NAME makes a list for one customer. It speaks of the licenses that it names and of no other, so that it takes
/// nothing back on the devices of other customers. It names what is revoked, and also each license of the customer that
/// an earlier list revoked and that is in force again. --customer-cut does the same for licenses that you state: those
/// that nothing else revokes are in force. Such a list is one text; if it does not fit, use the parts of the list for
/// everybody.
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
    /// Of what the ledger says, only the licenses of this customer, in a list that speaks of no other license
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
    /// A list for one customer: it speaks of these licenses and of no other (repeat)
    #[arg(long, value_name = "LICENSE")]
    customer_cut: Vec<String>,
    /// Revoke an issuer by its public key: PEM file or 64 hexadecimal digits; for an anchor only (repeat)
    #[arg(long, value_name = "KEY")]
    revoke_issuer: Vec<String>,
    /// What the issuers of --revoke-issuer signed stays in force where it is activated already
    #[arg(long, requires = "revoke_issuer")]
    keep_activated: bool,
    #[command(flatten)]
    handing: Handing,
}

/// Of which licenses a list speaks.
#[derive(Clone, Copy)]
enum Limit<'a> {
    /// Of all.
    Everybody,
    /// Of those of a customer, as the ledger knows them.
    Customer(&'a str),
    /// Of these.
    Cut(&'a [String]),
}

impl<'a> Limit<'a> {
    const fn customer(self) -> Option<&'a str> {
        match self {
            Self::Customer(customer) => Some(customer),
            Self::Everybody | Self::Cut(_) => None,
        }
    }

    const fn is_everybody(self) -> bool {
        matches!(self, Self::Everybody)
    }

    fn whose(self) -> Whose {
        match self {
            Self::Everybody => Whose::Everybody,
            Self::Customer(customer) => Whose::Customer(customer.into()),
            Self::Cut(_) => Whose::Cut,
        }
    }

    /// Leaves the licenses that were stated, and says of those that are not revoked that they are in force.
    fn apply(self, revoked: &mut Revoked) {
        let Self::Cut(ids) = self else { return };
        let all = revoked.licenses.len();
        revoked.cut(ids);
        ui::note(&format!("cut to {} of {all} licenses", revoked.licenses.len()));
        for id in ids {
            revoked.lift(id);
        }
    }
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
        if !revoked.issuers.is_empty() && self.signing.is_by_issuer() {
            return Err(Failure::usage(
                "only an anchor revokes issuers: a thief of one issuing key could revoke all others",
            )
            .hint("sign with the key of the anchor and leave --certificate out"));
        }
        for id in &self.customer_cut {
            check_identifier("license", id)?;
        }
        let limit = match (&self.customer, self.customer_cut.as_slice()) {
            (Some(_), [_, ..]) => {
                return Err(Failure::usage("--customer and --customer-cut choose twice").hint("state one of them"));
            }
            (Some(customer), []) => Limit::Customer(customer),
            (None, []) => Limit::Everybody,
            (None, ids) => Limit::Cut(ids),
        };
        if !limit.is_everybody() && !revoked.issuers.is_empty() {
            return Err(Failure::usage("a list for one customer revokes no issuers")
                .hint("put the issuers into a list of another --series"));
        }
        let product = self.audience.product()?;
        let has_ledger = self.signing.has_ledger();
        let is_stated = !revoked.is_empty() || matches!(limit, Limit::Cut(_));
        let from_ledger = self.from_ledger || (has_ledger && !is_stated);
        if !from_ledger && (self.customer.is_some() || self.replaced) {
            return Err(Failure::usage("--customer and --replaced choose from what the ledger says")
                .hint("name the ledger, and say --from-ledger if other licenses are stated as well"));
        }
        let hand = self.handing.choose(product)?;
        let order = self.order.order.as_deref();
        if from_ledger || has_ledger {
            let (series, number, replaced) = (self.series, self.number, self.replaced);
            let listing = Listing { product, limit, replaced, series, number, from_ledger, stated: revoked };
            let texts = listing.run(&self.signing, order, now)?;
            return hand_out(&self.signing, &hand, &texts);
        }
        let number = self.number.ok_or_else(|| {
            Failure::usage("the list has no number")
                .hint("state --number, one more than that of the one before, or --ledger")
        })?;
        self.signing.recording().check(false, order)?;
        limit.apply(&mut revoked);
        let content = RevocationContent::new(&revoked, number, self.series, product, now)?;
        let content = if limit.is_everybody() { content } else { content.named() };
        let sealer = self.signing.sealer()?;
        let parts = content.parts(&sealer)?;
        if parts.len() > 1 && hand.is_choice() {
            return Err(Failure::usage("one part of a list in parts, and no ledger that keeps the others")
                .hint("name a --ledger; or print all parts once, keep them, and choose with lic2-signer inspect"));
        }
        let texts = parts.iter().map(|part| sealer.seal(part)).collect::<Result<Vec<_>>>()?;
        hand_out(&self.signing, &hand, &texts)
    }
}

fn hand_out(signing: &Signing, hand: &Hand, texts: &[String]) -> Result<()> {
    hand.out(texts)?;
    signing.note_unchecked();
    Ok(())
}
