//! `move`: a license for another device.

use clap::Args;
use lic2::{DocumentBuffer, Kind, Proof, UnixSeconds};
use serde_json::{Map, Value, json};

use super::after_sale::{Subject, found, note_order, report_changes};
use super::arrival::{self, Arrived};
use super::signing::{Made, Signing};
use crate::binding::{self, OwnedBinding};
use crate::change::{Change, Later};
use crate::content::Content;
use crate::device::{HexIdentity, Identity, Share};
use crate::esn::Esn;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::feature::{FeatureSpec, Grant};
use crate::fingerprint::Fingerprint;
use crate::intent::{self, Intent};
use crate::joined::Texts;
use crate::ledger::{Event, State, Writing, key_of_document};
use crate::request::{Asked, BindTo};
use crate::sold::Sold;
use crate::ui;

/// Moves a license to another device
///
/// Prints the license's next issue, bound to the new device. The old device must return the license first: its receipt
/// is already in the ledger (lic2-signer receipt accept --ledger), or you pass it with --receipt. The use that the
/// receipt reports is deducted from the quotas, since the meter of the new device starts at zero; --feature sets
/// another quota. If the old device is lost or broken, --without-receipt moves the license anyway: that device, if it
/// still works, keeps running until it gets a list created by lic2-signer revocations.
///
/// Term, features and everything else stay as in the latest issue in the ledger. Repeating an order or event prints
/// the same code, byte for byte.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer move PL-20261122-00000043 --device esn:2102312ABC0123456790 --without-receipt --order \
     CS2612240800 --key issuer.key --certificate issuer.cert --ledger sales.ledger --passphrase-file passphrase.txt"
))]
pub(super) struct Move {
    #[command(flatten)]
    subject: Subject,
    /// The receipt of the old device: the text itself, a file that contains it with all its parts, or - for stdin
    /// (repeat for parts)
    #[arg(long, value_name = "RECEIPT", conflicts_with = "without_receipt")]
    receipt: Vec<String>,
    /// Move it without a receipt of the old device
    #[arg(long)]
    without_receipt: bool,
    #[command(flatten)]
    target: Target,
    /// A feature to add or to replace, as for lic2-signer issue (repeat)
    #[arg(long, value_name = "FEATURE")]
    feature: Vec<FeatureSpec>,
    #[command(flatten)]
    signing: Signing,
}

/// The other device.
#[derive(Args, Debug)]
struct Target {
    /// Bind to a device by an identity component such as esn:VALUE (repeat with --match)
    #[arg(long, value_name = "KIND:VALUE")]
    device: Vec<Identity>,
    /// The same, with the value in hexadecimal
    #[arg(long, value_name = "KIND:HEX")]
    device_hex: Vec<HexIdentity>,
    /// Bind to the serial number printed on the device, as lic2-signer issue does
    #[arg(long, value_name = "ESN")]
    esn: Option<Esn>,
    /// Bind to the machine with this fingerprint of the marketplace, as lic2-signer issue does
    #[arg(long, value_name = "TEXT")]
    fingerprint: Option<Fingerprint>,
    /// How many of the device's components must match
    #[arg(long = "match", value_name = "K", visible_alias = "needed")]
    needed: Option<u8>,
    /// The complete new table of devices, each with its quantity (repeat)
    #[arg(long, value_name = "KIND:VALUE=COUNT")]
    allocation: Vec<Share>,
    /// Bind to the device that holds this Ed25519 public key
    #[arg(long, value_name = "HEX")]
    device_key: Option<String>,
    /// Bind to the device that made this request: the text itself, a file that contains it, or - for stdin
    #[arg(long, value_name = "REQUEST")]
    request: Option<String>,
    #[command(flatten)]
    to: BindTo,
}

impl Target {
    /// What the other device is, as it was stated.
    fn content(&self) -> Content {
        Content {
            device: self.device.clone(),
            device_hex: self.device_hex.clone(),
            esn: self.esn.clone(),
            fingerprint: self.fingerprint.clone(),
            needed: self.needed,
            allocation: self.allocation.clone(),
            device_key: self.device_key.clone(),
            ..Content::default()
        }
    }

    /// The binding to it, and the product of the request if there is one.
    fn binding(&self, license: &str) -> Result<(OwnedBinding, Option<String>)> {
        let Some(request) = &self.request else {
            return match binding::of_content(&self.content())? {
                OwnedBinding::None => Err(Failure::usage("the new device is missing")
                    .hint("pass --device, --device-key or --allocation, or its --request")),
                bound @ (OwnedBinding::Components { .. }
                | OwnedBinding::Allocation { .. }
                | OwnedBinding::DeviceKey(_)) => Ok((bound, None)),
            };
        };
        let text = ui::read_document(request)?;
        let mut memory = DocumentBuffer::new();
        let asked = Asked::read(&text, &mut memory).map_err(|failure| failure.at("--request"))?;
        let stated = Content { id: Some(license.into()), needed: None, ..self.content() };
        asked.complete(stated)?;
        asked.note_proof();
        let binding = asked.binding(self.needed, self.to)?.ok_or_else(|| {
            Failure::usage("the request contains no identity component to bind the license to")
                .hint("bind it with --bind-key if the device has a key, or pass --device")
        })?;
        Ok((binding, Some(asked.request.product.to_string())))
    }
}

impl Move {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let Self { subject, receipt, without_receipt, target, feature, signing } = self;
        let license = subject.license.as_str();
        note_order(&subject.order, &signing);
        let stated = Content { feature: feature.clone(), order: subject.order.clone(), ..target.content() };
        let change = Change { content: stated, ..Change::default() };
        let mut intent = change.intent(license);
        // Read before the ledger is locked, and stated by its device: a nonce differs each time.
        let (to, asked) = target.binding(license)?;
        if target.request.is_some() || target.device_key.is_some() {
            let device = intent::of_binding(&to);
            intent.stated.extend(Intent::of(json!({ "device": device })).stated);
            intent = Intent { device: device.clone(), fingerprint: device, ..intent };
        }
        let receipt = if receipt.is_empty() { None } else { Some(Texts::read(&receipt)?) };
        signing.sign_from_ledger(Event::Move, &intent.clone(), |writing, operator| {
            let (sold, state, since) = found(&writing.view(), license, now)?;
            check_state(&sold, state, since)?;
            if let Some(asked) = asked.filter(|asked| asked != sold.product()) {
                return Err(Failure::usage(format!(
                    "the request is from product {asked}, and license {license} is for {}",
                    sold.product()
                ))
                .hint("use a request from the right product"));
            }
            let giver = Giver { sold: &sold, state, since, without_receipt };
            let returned = giver.returned(writing, receipt, operator, now)?;
            let mut detail = Map::<String, Value>::new();
            let mut content = Content { order: subject.order.clone(), ..sold.content.clone() };
            if let Some(returned) = returned {
                detail.insert("receipt".into(), json!(returned.seq));
                take_off(&mut content, &returned.used);
            }
            content = Content { feature, ..Content::default() }.over(content);
            let device = intent.device.clone();
            let later = Later::new(content.clone(), to, device, intent, now)?;
            report_changes(&sold, &content, later.term());
            Ok(Made(later, detail))
        })
    }
}

fn check_state(sold: &Sold, state: State, since: u64) -> Result<()> {
    let id = sold.id();
    if matches!(sold.binding, OwnedBinding::None) {
        return Err(Failure::new(Exit::Ledger, format!("license {id} is not bound to a device: it runs on any"))
            .hint("there is nothing to move; lic2-signer issue --id binds its next issue to a device"));
    }
    match state {
        State::Frozen => Err(Failure::new(Exit::Ledger, format!("license {id} was frozen in entry {since}"))
            .hint(format!("unfreeze it with lic2-signer unfreeze {id}"))),
        State::Refunded => Err(Failure::new(Exit::Ledger, format!("license {id} was refunded in entry {since}"))
            .hint(format!("sell it again: lic2-signer issue --id {id} --ledger FILE, which uses the next serial"))),
        State::Active | State::Expired | State::Released => Ok(()),
    }
}

/// The use of each quota.
type Used = Vec<(String, u64)>;

/// What the old device returned.
struct Returned {
    seq: u64,
    used: Used,
}

/// The old device.
struct Giver<'a> {
    sold: &'a Sold,
    state: State,
    since: u64,
    without_receipt: bool,
}

impl Giver<'_> {
    /// The receipt, from the option or from the ledger.
    fn returned(
        &self,
        writing: &mut Writing<'_>,
        receipt: Option<Texts>,
        operator: &str,
        now: UnixSeconds,
    ) -> Result<Option<Returned>> {
        let id = self.sold.id();
        if let Some(mut receipt) = receipt {
            let (texts, proof, used) = self.read(&mut receipt)?;
            let once = key_of_document(Event::Receipt, &texts.join("\n"));
            if writing.view().by_idempotency(&once)?.is_none() {
                let (event, once, detail) = (Event::Receipt, once.clone(), Map::new());
                let _ = arrival::record(writing, Arrived { event, texts: &texts, once, proof, detail }, operator, now)?;
            }
            let found = writing.view().by_idempotency(&once)?;
            let seq = found.map(|entry| entry.seq).ok_or_else(|| Failure::internal("the receipt is missing"))?;
            return Ok(Some(Returned { seq, used }));
        }
        let entry = writing.view().entry(self.since)?.filter(|entry| entry.event == Event::Receipt);
        if let (State::Released, Some(entry)) = (self.state, entry) {
            let seq = entry.seq;
            let texts = writing.view().parts_of(entry)?.into_iter().filter_map(|entry| entry.text);
            let (_, _, used) = self.read(&mut Texts::of(texts.map(String::into_bytes).collect()))?;
            return Ok(Some(Returned { seq, used }));
        }
        if !self.without_receipt {
            return Err(Failure::new(Exit::Ledger, format!("the device that has license {id} has not returned it"))
                .hint("have it create a receipt and pass it with --receipt; if it cannot, pass --without-receipt"));
        }
        ui::warn(&format!(
            "the old device keeps license {id} while it is offline: lic2-signer revocations --ledger FILE creates \
             the list that ends it"
        ));
        Ok(None)
    }

    /// The texts of a receipt for what was sold, and what was used.
    fn read(&self, texts: &mut Texts) -> Result<(Vec<String>, Proof, Used)> {
        let report = texts.report(Kind::Receipt).map_err(|failure| failure.at("--receipt"))?;
        let receipt = report.receipt()?;
        let refuse = |what: String| {
            Err(Failure::new(Exit::Rejected, format!("the receipt is not accepted: {what}"))
                .hint("ask for the receipt of the device that has the license"))
        };
        let (id, serial) = (self.sold.id(), self.sold.serial());
        if (receipt.license.as_str(), receipt.product.as_str()) != (id, self.sold.product()) {
            return refuse(format!("it is for license {} of product {}", receipt.license, receipt.product));
        }
        if receipt.serial < serial {
            return refuse(format!("it is for the issues up to {}, and the latest is {serial}", receipt.serial));
        }
        match (&self.sold.binding, report.proof()) {
            (OwnedBinding::DeviceKey(key), proof) if proof != Proof::Signed(*key) => {
                return refuse(format!("the device with key {} has not signed it", ui::hex(key)));
            }
            (_, proof) => crate::acceptance::warn_unsigned(proof),
        }
        let used = report.used().into_iter().map(|used| (used.feature.to_string(), used.used)).collect();
        Ok((report.texts(), report.proof(), used))
    }
}

/// Leaves the unused rest of every quota.
fn take_off(content: &mut Content, used: &[(String, u64)]) {
    for (name, used) in used {
        let quota = content.feature.iter_mut().find(|feature| feature.name == *name).map(|feature| &mut feature.grant);
        if let Some(Grant::Quota { amount, .. }) = quota {
            *amount = amount.saturating_sub(*used);
            ui::note(&format!("{name}: {used} used, {amount} left"));
        }
    }
}
