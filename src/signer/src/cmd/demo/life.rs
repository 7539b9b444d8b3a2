//! The life of a license on a device: requested, sold, used, renewed, refunded, returned, moved.

use lic2::{DeviceContent, DocumentBuffer, Error, Kind, MeterReading, Outcome, Proof, UnixSeconds};

use super::device::Device;
use super::{ESN, ID, OTHER_ESN, Seller, say, unexpected};
use crate::content::Content;
use crate::describe::proof_words;
use crate::draft::Draft;
use crate::exit::{Failure, Result};
use crate::request::{Asked, BindTo};
use crate::{incoming, sealing, timespec};

/// Plays it.
pub(super) fn show(seller: &Seller, now: UnixSeconds) -> Result<()> {
    say("\n6. The life of a license on a device, with the library's engine. Its state is in files and survives \
         power cuts.")?;
    let mut device = Device::new(&seller.directory.join("device"), ESN, seller.ring()?, now)?;
    let old = first_sale(seller, &mut device, now)?;
    let code = renewal_and_refund(seller, &mut device, &old, now)?;
    give_back(&mut device, &code)?;
    move_on(seller, &mut device, now)
}

fn row(what: &str, text: &str) -> Result<()> {
    say(&format!("   {what:<9} {text}"))
}

/// One line for the seller's document and its effect on the device.
fn row_applied(what: &str, sent: &str, outcome: Outcome) -> Result<()> {
    row(what, &format!("{sent} -> device: {}", outcome.name()))
}

fn row_refused(what: &str, sent: &str, error: Error) -> Result<()> {
    row(what, &format!("{sent} -> device: {} {}: {error}", error.number(), error.name()))
}

fn first_sale(seller: &Seller, device: &mut Device, now: UnixSeconds) -> Result<String> {
    device.check(Some(Error::NotActivated))?;
    let request = device.request(ID)?;
    let mut memory = DocumentBuffer::new();
    let asked = Asked::read(request.as_bytes(), &mut memory)?;
    row("request", &request)?;
    row("", &format!("for license {ID}, {}", proof_words(asked.proof)))?;
    let code = sell(seller, &request, 1, "1y", 100, now)?;
    device.apply(&code, Outcome::Activated)?;
    row_applied("sold", "issue 1, one year, 100 scans, bound to that key", Outcome::Activated)?;
    let end = device.check(None)?.expires_at.map_or_else(|| "never".into(), timespec::format);
    row("check", &format!("GRANTED, expires {end}"))?;
    consume(device, 30)?;
    row("used", &format!("{}, even after a restart", scans(device)?))?;
    Ok(code)
}

fn renewal_and_refund(seller: &Seller, device: &mut Device, old: &str, now: UnixSeconds) -> Result<String> {
    let renewal = sell(seller, &device.request(ID)?, 2, "2y", 200, now)?;
    device.apply(&renewal, Outcome::Renewed)?;
    row_applied("renewed", "issue 2, two years, 200 scans", Outcome::Renewed)?;
    row("meter", &scans(device)?)?;
    let refund = sell(seller, &device.request(ID)?, 3, "1y", 100, now)?;
    device.apply(&refund, Outcome::Shortened)?;
    row_applied("refunded", "issue 3, as before the renewal", Outcome::Shortened)?;
    device.refuse(&renewal, Error::CodeOlder)?;
    device.refuse(old, Error::CodeOlder)?;
    row_refused("replayed", "issue 2", Error::CodeOlder)?;
    Ok(refund)
}

fn give_back(device: &mut Device, code: &str) -> Result<()> {
    let receipt = device.give_back(ID)?;
    let mut memory = DocumentBuffer::new();
    let (_, document) = incoming::read(receipt.as_bytes(), Kind::Receipt, &mut memory)?;
    let DeviceContent::Receipt(content) = document.content() else {
        return Err(Failure::internal("a receipt is something else"));
    };
    let stated = (content.license.as_str(), content.serial, document.proof());
    if stated != (ID, 3, Proof::Signed(device.key())) {
        return Err(unexpected("the receipt", &format!("{stated:?}")));
    }
    let used = content.usage.map(|used| format!(", {} {} used", used.used, used.feature)).collect::<String>();
    row("receipt", &receipt)?;
    row("", &format!("issues up to {} returned{used}, {}", content.serial, proof_words(document.proof())))?;
    device.check(Some(Error::NotActivated))?;
    device.refuse(code, Error::LicenseReturned)?;
    row_refused("replayed", "issue 3", Error::LicenseReturned)
}

fn move_on(seller: &Seller, device: &mut Device, now: UnixSeconds) -> Result<()> {
    let mut other = Device::new(&seller.directory.join("other-device"), OTHER_ESN, seller.ring()?, now)?;
    let moved = sell(seller, &other.request(ID)?, 4, "1y", 70, now)?;
    other.apply(&moved, Outcome::Activated)?;
    other.check(None)?;
    row_applied("moved", "issue 4, the remaining 70 scans, for another device", Outcome::Activated)?;
    device.refuse(&moved, Error::DeviceMismatch)?;
    row_refused("copied", "issue 4, on the first device", Error::DeviceMismatch)
}

/// The code that answers a request, bound to the key of the device.
fn sell(seller: &Seller, request: &str, serial: u32, until: &str, scans: u64, now: UnixSeconds) -> Result<String> {
    let mut memory = DocumentBuffer::new();
    let asked = Asked::read(request.as_bytes(), &mut memory)?;
    let content = Content {
        serial: Some(serial),
        until: Some(until.into()),
        feature: vec![format!("scans=quota:{scans}").parse().map_err(Failure::internal)?],
        ..Content::default()
    };
    let binding = asked.binding(None, BindTo { bind_key: true, accept_unsigned: false })?;
    let binding = binding.ok_or_else(|| unexpected("the request", "nothing to bind to"))?;
    let draft = Draft::bound(asked.complete(content)?, binding, now)?;
    sealing::seal(&draft, &seller.issuer, Some(&seller.certificate)).map(|sealed| sealed.text().into())
}

fn consume(device: &mut Device, amount: u64) -> Result<()> {
    let consumed = device.session(|engine| engine.consume("scans", amount, 0));
    consumed.map(drop).map_err(|error| unexpected("using scans", error.name()))
}

fn scans(device: &mut Device) -> Result<String> {
    let MeterReading { used, total, .. } =
        device.session(|engine| engine.meter("scans")).map_err(|error| unexpected("the meter", error.name()))?;
    Ok(format!("{used} of {total} scans"))
}
