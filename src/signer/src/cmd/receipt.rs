//! `receipt accept`: a device has returned a license.

use clap::{Args, Subcommand};
use lic2::claim::{self, Claimed};
use lic2::{Binding, Content, DocumentBuffer, Error, Kind, License, Proof, UnixSeconds};

use super::arrival::Arrival;
use super::recording::Book;
use crate::acceptance::{Acceptance, warn_unsigned};
use crate::describe::Table;
use crate::exit::{Failure, HELP, Result};
use crate::joined::Texts;
use crate::ledger::Event;
use crate::{publickey, ui};

/// Accepts receipts for returned licenses
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(super) struct Receipt {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Accept(Accept),
}

/// Verifies a receipt and compares it with the sold license
///
/// The device refuses the license up to the serial of the receipt from the time of the receipt on: a code with a
/// higher serial moves the license to another device, or back. A signed receipt proves that the holder of the device
/// key created it. An unsigned one proves nothing, since anyone could have written it: accept it only if you trust the
/// sender. With --device-key, or a --code that is bound to a device key, an unsigned receipt is refused. Exit code 3
/// means not accepted.
///
/// With --ledger, the receipt is compared with the license's latest code in the ledger, unless options describe the
/// sold license, and is recorded if it is accepted. A receipt that was accepted before is accepted again.
///
/// The receipt also contains the use of the license's quotas. A receipt that does not fit into one text comes in
/// parts: pass all of them together, in any order. A license counts as returned when every part is there.
///
/// JSON fields: product, license, serial, part (null: the receipt is complete), made_at, nonce, components (kind,
/// hash), used (feature, used), device_key, proof (signed or unsigned), accepted, compared, problems.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer receipt accept receipt.txt --code code.txt"
))]
struct Accept {
    /// The receipt itself, a file that contains it, or - for stdin; several for the parts of a receipt, or a file with
    /// all of them
    #[arg(value_name = "RECEIPT", default_value = "-")]
    receipt: Vec<String>,
    /// The latest code of the license, from your records: the text itself, a file that contains it, or - for stdin
    #[arg(long, value_name = "CODE", conflicts_with_all = ["license", "serial"])]
    code: Option<String>,
    /// The id of the license that was sold
    #[arg(long, value_name = "ID")]
    license: Option<String>,
    /// The serial of its latest issue
    #[arg(long, value_name = "N")]
    serial: Option<u32>,
    /// The key of the device it was sold for: PEM file or 64 hexadecimal digits
    #[arg(long, value_name = "KEY")]
    device_key: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    book: Book,
}

impl Receipt {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        match self.verb {
            Verb::Accept(accept) => accept.run(now),
        }
    }
}

impl Accept {
    fn run(self, now: UnixSeconds) -> Result<()> {
        if self.code.iter().chain(&self.receipt).filter(|argument| *argument == "-").count() > 1 {
            return Err(
                Failure::usage("the receipt and --code cannot both come from stdin").hint("keep one of them in a file")
            );
        }
        let mut texts = Texts::read(&self.receipt)?;
        let report = texts.report(Kind::Receipt)?;
        let (receipt, proof) = (report.receipt()?, report.proof());
        let mut ledger = self.book.open()?;
        let arrival = ledger.as_mut().map(|ledger| Arrival::new(ledger, Event::Receipt, &report)).transpose()?;
        // What was accepted once may be followed by a later code; it stays accepted.
        let sold = match &arrival {
            Some(arrival) if !self.says_what_was_sold() && !arrival.is_known() => Some(arrival.sold(&receipt.license)?),
            _ => None,
        };
        let acceptance = self.compare(receipt, proof, sold.as_deref())?;
        let accepted = match arrival.filter(|_| acceptance.is_accepted()) {
            Some(arrival) => Some(arrival.accept(&self.book, proof, &acceptance, now)?),
            None => None,
        };
        if self.json {
            let mut json = report.json();
            acceptance.fields(&mut json);
            ui::artifact(&ui::json(&json)?)?;
        } else {
            let mut table = Table::default();
            acceptance.words(&mut table);
            ui::artifact(&report.words(table))?;
        }
        acceptance.result("ask the customer which license the device returned, and compare with your records")?;
        warn_unsigned(proof);
        if let (Some(accepted), Some(ledger)) = (&accepted, &ledger) {
            accepted.note(ledger);
        } else if acceptance.is_blind() {
            ui::note("not compared with a sold license: pass --code, or --license, --serial and --device-key");
        }
        Ok(())
    }

    const fn says_what_was_sold(&self) -> bool {
        self.code.is_some() || self.license.is_some() || self.serial.is_some()
    }

    /// Compares with what the options say, and with `sold`, the code in the ledger.
    fn compare(&self, receipt: &lic2::Receipt<'_>, proof: Proof, sold: Option<&str>) -> Result<Acceptance> {
        let mut acceptance = Acceptance::default();
        let code = match &self.code {
            Some(code) => Some(ui::read_document(code)?),
            None => sold.map(|text| text.as_bytes().to_vec()),
        };
        if let Some(text) = code {
            let mut memory = DocumentBuffer::new();
            let sold = code_sold(&text, &mut memory)?;
            acceptance.check("product", receipt.product == sold.product, || {
                format!("the receipt is from product {}, and {} was sold", receipt.product, sold.product)
            });
            compare_license(receipt, &sold.id, &mut acceptance);
            compare_serial(receipt, sold.serial, &mut acceptance);
            match sold.binding {
                Binding::DeviceKey(key) => acceptance.check_key(proof, &key),
                Binding::None | Binding::Components { .. } | Binding::Allocation { .. } => {
                    ui::note(
                        "not compared: which device it was; each receipt hashes identity components with its \
                              own salt",
                    );
                }
            }
        }
        if let Some(license) = &self.license {
            compare_license(receipt, license, &mut acceptance);
        }
        if let Some(serial) = self.serial {
            compare_serial(receipt, serial, &mut acceptance);
        }
        if let Some(key) = &self.device_key {
            let key = publickey::read(key).map_err(|failure| failure.at("--device-key"))?;
            acceptance.check_key(proof, &key);
        }
        Ok(acceptance)
    }
}

fn code_sold<'b>(text: &[u8], memory: &'b mut DocumentBuffer) -> Result<License<'b>> {
    let refused = |error| Failure::rejected(error).at("--code");
    match claim::read(text, memory).map_err(refused)?.content {
        Claimed::Seller { content: Content::License(license), .. } => Ok(license),
        Claimed::Seller { .. } | Claimed::Certificate(_) | Claimed::Device(_) => Err(refused(Error::DocumentKind)),
    }
}

fn compare_license(receipt: &lic2::Receipt<'_>, sold: &str, acceptance: &mut Acceptance) {
    acceptance.check("license", receipt.license == sold, || {
        format!("the device returned license {}, and {sold} was sold", receipt.license)
    });
}

fn compare_serial(receipt: &lic2::Receipt<'_>, sold: u32, acceptance: &mut Acceptance) {
    let serial = receipt.serial;
    acceptance.check("serial", serial == sold, || {
        if serial < sold {
            format!("the device returned the issues up to {serial}, and can still activate issue {sold}")
        } else {
            format!("the device returned issue {serial}, and the latest sold issue is {sold}")
        }
    });
}
