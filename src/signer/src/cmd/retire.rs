//! `retire`: takes issuers out of service, without losing what earlier lists revoke.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lic2::claim::{self, Claimed};
use lic2::{Content, DocumentBuffer, UnixSeconds};

use super::recording::{Book, note_recorded};
use super::signing::summarize;
use crate::draft::{check_product, check_range};
use crate::exit::{Failure, HELP, Result};
use crate::guard::check_with_anchors;
use crate::keyfile::PrivateKey;
use crate::ledger::{Event, Note};
use crate::passphrase::Source;
use crate::publickey::{self, PublicKey};
use crate::revocation::{RevocationContent, Revoked, revoked_issuer};
use crate::{sealing, ui};

/// Retires issuers: prints the anchor's next revocation list, which refuses them
///
/// A list replaces the anchor's list before it, so state that one with --after: what it revokes stays revoked, and the
/// new one gets the next number. An issuer is stated by its public key or by its certificate.
///
/// --activated keep is for an issuer at the end of its service: what devices have activated goes on, and they take no
/// new code of it. --activated refuse is for a stolen key: nothing that it ever signed counts any more, so make new codes
/// for its customers with another issuer first.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer retire --anchor anchor.key --issuer issuer.pub --activated keep --first \
     --every-product --passphrase-file passphrase.txt"
))]
pub(super) struct Retire {
    /// Private key of the anchor: a file, or a pkcs11: URI
    #[arg(long, value_name = "FILE")]
    anchor: PathBuf,
    /// Issuer to retire: public key file, 64 hexadecimal digits, or file of its certificate (repeat)
    #[arg(long, value_name = "KEY", required = true)]
    issuer: Vec<String>,
    /// What becomes of that which devices have activated already
    #[arg(long, value_name = "WHAT", value_enum)]
    activated: Activated,
    /// The anchor's latest list, of which every entry stays: the text itself or a file that holds it
    #[arg(long, value_name = "LIST", required_unless_present = "first", conflicts_with_all = ["first", "product", "every_product"])]
    after: Option<String>,
    /// The anchor has never made a list before: this one has number 1
    #[arg(long)]
    first: bool,
    /// Product that the first list is for; later lists are for the same
    #[arg(long, conflicts_with = "every_product")]
    product: Option<String>,
    /// The first list is for every product that trusts the anchor
    #[arg(long)]
    every_product: bool,
    #[command(flatten)]
    passphrase: Source,
    #[command(flatten)]
    book: Book,
}

/// What --activated chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Activated {
    /// It stays in force
    Keep,
    /// It is refused too
    Refuse,
}

impl Retire {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        check_range("the list", now)?;
        let keys = self.issuer.iter().map(|argument| issuer_key(argument)).collect::<Result<Vec<_>>>()?;
        let before = match &self.after {
            Some(argument) => Before::read(argument)?,
            None => Before::none(self.product.as_deref(), self.every_product)?,
        };
        let Before { mut revoked, number, series, product, text } = before;
        let number =
            number.checked_add(1).ok_or_else(|| Failure::usage("the list has the highest number that there is"))?;
        for key in &keys {
            let issuer = revoked_issuer(key, self.activated == Activated::Keep)?;
            // An issuer that was retired before may be refused altogether now, or forgiven in part.
            revoked.issuers.retain(|known| known.key != issuer.key);
            revoked.issuers.push(issuer);
        }
        let ledger = self.book.open()?;
        let anchor = PrivateKey::read(&self.anchor, &self.passphrase)?;
        if keys.contains(&anchor.public()) {
            return Err(Failure::usage("--issuer states the anchor itself")
                .hint("an anchor is retired by a product version that no longer carries it"));
        }
        if let Some(text) = text {
            check_with_anchors(&text, &[anchor.public()], None).map_err(|_| {
                Failure::key("--after states a list that this anchor has not signed")
                    .hint("state the latest list of the same anchor, or --first if it has made none")
            })?;
        }
        let content = RevocationContent::new(&revoked, number, series, &product, now)?;
        let sealed = sealing::seal(&content, &anchor, None)?;
        if let Some(mut ledger) = ledger {
            let operator = self.book.operator()?;
            let note =
                Note { text: Some(sealed.text()), signer: Some(&anchor), ..Note::new(Event::Retire, &operator, now) };
            let mut writing = ledger.begin()?;
            let pending = writing.note(&note)?;
            note_recorded(&pending.release(&writing.commit()?), &ledger);
        }
        summarize(sealed.text())?;
        if self.activated == Activated::Refuse {
            ui::warn("what these issuers signed stops on every device that takes the list: have new codes ready");
        }
        ui::note("keep the list: the next one states it with --after");
        ui::artifact(&format!("{}\n", sealed.text()))
    }
}

/// The list that the new one replaces.
struct Before {
    revoked: Revoked,
    number: u32,
    series: u8,
    product: String,
    text: Option<String>,
}

impl Before {
    fn none(product: Option<&str>, every_product: bool) -> Result<Self> {
        let product = match product {
            Some(product) => check_product(product).map(|()| product)?,
            None if every_product => "",
            None => {
                return Err(Failure::usage("the first list needs to know its products")
                    .hint("state --every-product, or --product with the id of one"));
            }
        };
        Ok(Self { revoked: Revoked::default(), number: 0, series: 0, product: product.into(), text: None })
    }

    fn read(argument: &str) -> Result<Self> {
        let bytes = ui::read_document(argument)?;
        let mut memory = DocumentBuffer::new();
        let claim = claim::read(&bytes, &mut memory).map_err(|error| Failure::rejected(error).at("--after"))?;
        let Claimed::Seller { content: Content::RevocationList(list), .. } = &claim.content else {
            return Err(Failure::usage("--after states no revocation list")
                .hint("state the anchor's latest list, or --first if there is none"));
        };
        Ok(Self {
            revoked: Revoked::of_list(list),
            number: list.number,
            series: list.series,
            product: list.product.to_string(),
            text: Some(String::from_utf8_lossy(&bytes).into_owned()),
        })
    }
}

/// The key of an issuer that is stated by a public key or a certificate.
fn issuer_key(argument: &str) -> Result<PublicKey> {
    let text = if argument.len() == 64 { Vec::new() } else { ui::read_document(argument)? };
    let mut memory = DocumentBuffer::new();
    match claim::read(&text, &mut memory).map(|claim| claim.content) {
        Ok(Claimed::Certificate(certificate)) => Ok(certificate.key),
        Ok(_) | Err(_) => publickey::read(argument).map_err(|failure| failure.at("--issuer")),
    }
}
