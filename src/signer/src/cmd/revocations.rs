//! `revocations`: a list for devices of revoked licenses and issuers.

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

/// Creates a revocation list
///
/// Each list replaces the previous one for its product and series. Anything it leaves out is valid again. The list
/// with the highest number counts. It contains the hashes of license ids. Licenses are revoked below a serial, so that
/// a later issue is valid: PL-1=refunded:3 refuses issues 1 and 2.
///
/// A list that does not fit into one text comes in parts with the same number, each for its own range of hashes, one
/// per line on stdout. A device accepts them in any order, and needs only those for its own licenses: --request and
/// --license print the part for one license. A device that has some part of a list refuses an older, unknown code with
/// status 427 LIST_PART_MISSING until it gets the part for that code. Together, the parts mean the same as one list. A
/// list in parts revokes no issuers.
///
/// Reasons: released (removed from the device), frozen (suspended), refunded, replaced (by a later issue).
///
/// A file (--from) is CSV with the columns license or license_hash, below, reason; or JSON, an array of such objects,
/// or {"licenses": [...], "issuers": [{"key": "...", "keep_activated": true}]}.
///
/// With --ledger and nothing else to revoke, the list comes from the ledger: every license of the product that is
/// frozen, released or refunded, below its next issue; and, as replaced, the issues that a refund shortened or that
/// were moved to another device without a receipt. Expired issues appear in no list: the list itself proves the time
/// to a device. The number is the next one of this product and series. If nothing has changed, you get the same list
/// again, byte for byte, with all its parts.
///
/// --customer NAME creates a list for one customer. It affects only the licenses that it names, so it releases nothing
/// on the devices of other customers. It names the revoked licenses, and each license of the customer that an earlier
/// list revoked and that is valid again. --customer-cut does the same for the licenses that you name: those that
/// nothing else revokes are valid. Such a list is a single text. If the entries do not fit, the command fails; use the
/// parts of the general list instead.
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
    /// Number of the list: one more than the previous one [default: the ledger's next number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    number: Option<u32>,
    /// Revoke by the ledger's entries; implied by --ledger if nothing else is revoked
    #[arg(long)]
    from_ledger: bool,
    /// From the ledger, only this customer's licenses, in a list that affects no others
    #[arg(long, value_name = "NAME")]
    customer: Option<String>,
    /// From the ledger, also the earlier issues of every license that has later ones
    #[arg(long)]
    replaced: bool,
    /// Series, for a seller with several lists for this product
    #[arg(long, value_name = "N", default_value_t = 0)]
    series: u8,
    /// Revoke the issues of a license below a serial (repeat)
    #[arg(long, value_name = "LICENSE=REASON:BELOW")]
    revoke: Vec<Revocation>,
    /// The same by the hash of the license id (repeat)
    #[arg(long, value_name = "HASH=REASON:BELOW")]
    revoke_hash: Vec<HashRevocation>,
    /// File with more entries, CSV or JSON; - is stdin
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// A list for one customer, which affects only these licenses (repeat)
    #[arg(long, value_name = "LICENSE")]
    customer_cut: Vec<String>,
    /// Revoke an issuer by its public key: PEM file or 64 hexadecimal digits; for an anchor only (repeat)
    #[arg(long, value_name = "KEY")]
    revoke_issuer: Vec<String>,
    /// Keep existing activations of the issuers in --revoke-issuer valid
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
                "only an anchor may revoke issuers: a thief of one issuing key could otherwise revoke all others",
            )
            .hint("sign with the anchor's key and omit --certificate"));
        }
        for id in &self.customer_cut {
            check_identifier("license", id)?;
        }
        let limit = match (&self.customer, self.customer_cut.as_slice()) {
            (Some(_), [_, ..]) => {
                return Err(
                    Failure::usage("--customer and --customer-cut cannot be combined").hint("pass only one of them")
                );
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
            return Err(Failure::usage("--customer and --replaced select from the ledger")
                .hint("name the ledger, and pass --from-ledger if you name other licenses as well"));
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
            Failure::usage("the list has no number").hint("pass --number, one more than the previous one, or --ledger")
        })?;
        self.signing.recording().check(false, order)?;
        limit.apply(&mut revoked);
        let content = RevocationContent::new(&revoked, number, self.series, product, now)?;
        let content = if limit.is_everybody() { content } else { content.named() };
        let sealer = self.signing.sealer()?;
        let parts = content.parts(&sealer)?;
        if parts.len() > 1 && hand.is_choice() {
            return Err(Failure::usage("this prints one part of a list, and no ledger keeps the others")
                .hint("pass --ledger; or print all parts once, keep them, and select with lic2-signer inspect"));
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
