//! `retire`: takes issuers and anchors out of service, without losing what earlier lists revoke.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lic2::seal::Sealed;
use lic2::{Content, Coverage, DocumentBuffer, Error, KeyRing, Kind, UnixSeconds};

use super::recording::{Book, note_recorded};
use super::signing::summarize;
use crate::check::{check_product, check_range};
use crate::exit::{Failure, HELP, Result};
use crate::guard::{self, StatedIssuer};
use crate::keyfile::PrivateKey;
use crate::ledger::{Event, Note};
use crate::passphrase::Source;
use crate::publickey::{self, PublicKey};
use crate::revocation::{RevocationContent, Revoked, revoked_issuer};
use crate::{sealing, ui};

/// Retires issuers and anchors
///
/// Prints the anchors' next revocation list, which refuses the retired keys. It replaces the anchors' previous list,
/// so pass that one with --after: its entries stay revoked, and the new list gets the next number. Name an issuer by
/// its public key or by its certificate.
///
/// --activated keep is for a key at the end of its service: existing activations continue, but devices accept no new
/// code of it. --activated refuse is for a stolen key: nothing that it ever signed counts any more, so issue new codes
/// for its customers with another issuer first.
///
/// Only an anchor that is later in the products' key ring can retire an anchor, and with it every issuer that only the
/// retired anchor vouches for. Pass the whole ring in its order with --ring: devices ignore the entry if the signer is
/// not later. The lists of all anchors form one line, so --after takes the latest of them, even if the retired anchor
/// has signed it.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer retire --anchor anchor.key --issuer issuer.pub --activated keep --first \
     --every-product --passphrase-file passphrase.txt"
))]
pub(super) struct Retire {
    /// Private key of the anchor that signs: a file, or a pkcs11: URI
    #[arg(long, value_name = "FILE")]
    anchor: PathBuf,
    /// Issuer to retire: public key file, 64 hexadecimal digits, or file of its certificate (repeat)
    #[arg(long, value_name = "KEY", required_unless_present = "retired_anchor")]
    issuer: Vec<String>,
    /// Anchor to retire: public key file or 64 hexadecimal digits (repeat)
    #[arg(long, value_name = "KEY", requires = "ring")]
    retired_anchor: Vec<String>,
    /// The public keys of all anchors, in the order that they have in the products' key ring
    #[arg(long, value_name = "KEY", num_args = 1..)]
    ring: Vec<String>,
    /// What happens to existing activations
    #[arg(long, value_name = "WHAT", value_enum)]
    activated: Activated,
    /// The anchors' latest list, whose entries are kept: the text itself or a file that contains it
    #[arg(long, value_name = "LIST", required_unless_present = "first", conflicts_with_all = ["first", "product", "every_product", "series"])]
    after: Option<String>,
    /// No anchor has ever issued a list: this one gets number 1
    #[arg(long)]
    first: bool,
    /// Product of the first list; later lists are for the same product
    #[arg(long, conflicts_with = "every_product")]
    product: Option<String>,
    /// The first list is for every product that trusts the anchor
    #[arg(long)]
    every_product: bool,
    /// Series, for anchors with several lists; later lists are of the same series
    #[arg(long, value_name = "N", default_value_t = 0)]
    series: u8,
    #[command(flatten)]
    passphrase: Source,
    #[command(flatten)]
    book: Book,
}

/// What --activated chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Activated {
    /// They stay valid
    Keep,
    /// They are refused too
    Refuse,
}

impl Retire {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        check_range("the list", now)?;
        let read_keys = |stated: &[String], option: &str| {
            let read = |key: &String| publickey::read(key).map_err(|failure| failure.at(option));
            stated.iter().map(read).collect::<Result<Vec<_>>>()
        };
        let retired = read_keys(&self.retired_anchor, "--retired-anchor")?;
        let ring = Ring::new(read_keys(&self.ring, "--ring")?)?;
        let issuers = self.issuer.iter().map(|argument| guard::stated_issuer(argument));
        let issuers = issuers.collect::<Result<Vec<_>>>().map_err(|failure| failure.at("--issuer"))?;
        let after = self.after.as_deref().map(read_list).transpose()?;
        let first = match &after {
            Some(_) => None,
            None => Some(Before::none(self.product.as_deref(), self.every_product, self.series)?),
        };
        let ledger = self.book.open()?;
        let anchor = PrivateKey::read(&self.anchor, &self.passphrase)?;
        let judges = ring.up_to(&anchor.public())?;
        for key in &retired {
            ring.check_order(&anchor.public(), key)?;
        }
        let before = match (first, after) {
            (Some(first), _) => first,
            (None, Some(text)) => Before::of_list(&text, &judges)?,
            (None, None) => return Err(Failure::internal("neither a first list nor a previous one")),
        };
        let Before { mut revoked, number, series, product } = before;
        let number =
            number.checked_add(1).ok_or_else(|| Failure::usage("the list has the highest number that there is"))?;
        let mut keys = retired;
        for issuer in issuers {
            let key = issuer_key(issuer, ring.or(&judges)).map_err(|failure| failure.at("--issuer"))?;
            if key == anchor.public() || ring.holds(&key) {
                return Err(Failure::usage("--issuer names an anchor")
                    .hint("pass it with --retired-anchor and the --ring: an anchor later in the ring can retire it"));
            }
            keys.push(key);
        }
        for key in &keys {
            let issuer = revoked_issuer(key, self.activated == Activated::Keep)?;
            // An issuer that was retired before may be refused altogether now, or forgiven in part.
            revoked.issuers.retain(|known| known.key != issuer.key);
            revoked.issuers.push(issuer);
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
            ui::warn(
                "documents signed by these keys stop working on every device that accepts the list: have new \
                      codes ready",
            );
        }
        ui::note("keep the list: pass it to the next one with --after");
        ui::artifact(&format!("{}\n", sealed.text()))
    }
}

/// The anchors of the products, in the order of their key ring; empty if it is not stated.
struct Ring(Vec<PublicKey>);

impl Ring {
    fn new(keys: Vec<PublicKey>) -> Result<Self> {
        if !keys.is_empty() {
            let stated = KeyRing::new(&keys);
            stated.map_err(|error| Failure::key(error.text()).hint(error.advice()).at("--ring"))?;
        }
        Ok(Self(keys))
    }

    fn place(&self, key: &PublicKey) -> Option<usize> {
        self.0.iter().position(|anchor| anchor == key)
    }

    fn holds(&self, key: &PublicKey) -> bool {
        self.place(key).is_some()
    }

    /// The anchors, or these keys if they are not stated.
    fn or<'k>(&'k self, keys: &'k [PublicKey]) -> &'k [PublicKey] {
        if self.0.is_empty() { keys } else { &self.0 }
    }

    /// The anchors that this one's lists replace the lists of: itself, and those before it.
    fn up_to(&self, signer: &PublicKey) -> Result<Vec<PublicKey>> {
        if self.0.is_empty() {
            return Ok(vec![*signer]);
        }
        let place = self.place(signer).ok_or_else(|| {
            Failure::usage("--ring does not contain the signing anchor")
                .hint("pass the public keys of all anchors, in the order that they have in the products")
        })?;
        Ok(self.0.iter().take(place.saturating_add(1)).copied().collect())
    }

    /// Refuses what devices would ignore.
    fn check_order(&self, signer: &PublicKey, retired: &PublicKey) -> Result<()> {
        let id = publickey::id(retired);
        match (self.place(signer), self.place(retired)) {
            (_, None) => Err(Failure::usage(format!("--ring does not contain the anchor {id} to retire"))
                .hint("pass the public keys of all anchors, in the order that they have in the products")),
            (signer, retired) if signer > retired => Ok(()),
            (signer, retired) if signer == retired => {
                Err(Failure::usage(format!("the anchor {id} cannot retire itself: devices ignore such an entry"))
                    .hint("sign with an anchor that is later in the ring"))
            }
            _ => Err(Failure::usage(format!(
                "the anchor {id} is later in the ring than the signing anchor: devices ignore such an entry, so \
                 that a thief of an earlier anchor cannot retire a later one"
            ))
            .hint(
                "sign with an anchor that is later in the ring; only a product release without it retires the \
                   last one",
            )),
        }
    }
}

/// The list that the new one replaces.
struct Before {
    revoked: Revoked,
    number: u32,
    series: u8,
    product: String,
}

impl Before {
    fn none(product: Option<&str>, every_product: bool, series: u8) -> Result<Self> {
        let product = match product {
            Some(product) => check_product(product).map(|()| product)?,
            None if every_product => "",
            None => {
                return Err(Failure::usage("the first list needs a product")
                    .hint("pass --every-product, or --product with an id"));
            }
        };
        Ok(Self { revoked: Revoked::default(), number: 0, series, product: product.into() })
    }

    /// It is decoded only after its signature is verified.
    fn of_list(text: &[u8], judges: &[PublicKey]) -> Result<Self> {
        let ring = KeyRing::new(judges).map_err(|error| Failure::internal(error.text()))?;
        let mut memory = DocumentBuffer::new();
        let verified = memory.read(text).and_then(|list| list.verify_document(&ring, std::iter::empty()));
        let genuine = verified.map_err(|error| {
            if !matches!(error, Error::KeyUnknown | Error::SignatureInvalid) {
                return Failure::rejected(error).at("--after");
            }
            Failure::key("the list in --after is not signed by this anchor").hint(
                "pass the latest list of the same anchor, or of an earlier one with the --ring; or --first if there \
                 is none",
            )
        })?;
        let Content::RevocationList(list) = genuine.content() else {
            return Err(Failure::internal("a list is something else"));
        };
        if genuine.signer().is_issuer() {
            return Err(Failure::key("--after contains the list of an issuer")
                .hint("pass the latest list of an anchor, or --first if there is none"));
        }
        if list.coverage != Coverage::Every {
            return Err(Failure::usage("the list in --after does not cover every license")
                .hint("retired keys are in a list of a separate --series: pass its latest list"));
        }
        Ok(Self {
            revoked: Revoked::of_list(list),
            number: list.number,
            series: list.series,
            product: list.product.to_string(),
        })
    }
}

/// The text of a list, of which nothing is decoded yet.
fn read_list(argument: &str) -> Result<Vec<u8>> {
    let text = ui::read_document(argument)?;
    let sealed = Sealed::read(&text).map_err(|error| Failure::rejected(error).at("--after"))?;
    if guard::kind_of(&sealed) == Some(Kind::RevocationList) {
        return Ok(text);
    }
    Err(Failure::usage("--after is not a revocation list")
        .hint("pass the anchors' latest list, or --first if there is none"))
}

/// The key of an issuer that is stated by a public key or a certificate.
fn issuer_key(issuer: StatedIssuer, anchors: &[PublicKey]) -> Result<PublicKey> {
    match issuer {
        StatedIssuer::Key(key) => Ok(key),
        StatedIssuer::Certificate(text) => {
            let mut memory = DocumentBuffer::new();
            guard::read_certificate(&text, anchors, &mut memory).map(|certificate| certificate.key)
        }
    }
}
