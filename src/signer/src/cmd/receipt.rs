//! `receipt accept`: a device has given a license back.

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

/// Takes the receipts of devices that gave a license back
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

/// Verifies a receipt, compares it with what was sold, and says what was given back
///
/// From then on the device refuses the license up to the serial of the receipt: a code with a higher serial moves the
/// license to another device, or back. A signed receipt proves that the holder of the device key made it. An unsigned one
/// proves nothing, since anyone could have written it, and is accepted only as far as you trust who sent it; with
/// --device-key, or a --code that is bound to a device key, it is refused. Exit code 3 means not accepted.
///
/// With --ledger the receipt is compared with the latest code of the license in it, unless options say what was sold, and
/// is recorded if it is accepted; a receipt that was accepted before is accepted again.
///
/// What was used of the license's quotas stands in the receipt as well. A receipt that does not fit into one text comes in
/// parts: give all of them together, in any order. A license is given back when every part is there.
///
/// JSON fields: product, license, serial, part (null: the receipt is whole), made_at, nonce, components (kind, hash), used (feature, used), device_key, proof
/// (signed or unsigned), accepted, compared, problems.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer receipt accept receipt.txt --code code.txt"
))]
struct Accept {
    /// The receipt itself, a file that holds it, or - for stdin; several for the parts of a receipt, or a file with all of
    /// them
    #[arg(value_name = "RECEIPT", default_value = "-")]
    receipt: Vec<String>,
    /// The latest code of the license, from your own records: the text itself, a file that holds it, or - for stdin
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
        acceptance
            .result("take up with the customer which license the device gave back, and compare with your records")?;
        warn_unsigned(proof);
        if let (Some(accepted), Some(ledger)) = (&accepted, &ledger) {
            accepted.note(ledger);
        } else if acceptance.is_blind() {
            ui::note("not compared with what was sold: --code, or --license, --serial and --device-key, does that");
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
                    ui::note("not compared: which device it was; a receipt hashes identity components in its own way");
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
        format!("the device gave back license {}, and {sold} was sold", receipt.license)
    });
}

fn compare_serial(receipt: &lic2::Receipt<'_>, sold: u32, acceptance: &mut Acceptance) {
    let serial = receipt.serial;
    acceptance.check("serial", serial == sold, || {
        if serial < sold {
            format!("the device gave back the issues up to {serial}, and can still activate issue {sold}")
        } else {
            format!("the device gave back issue {serial}, and the latest one that was sold is issue {sold}")
        }
    });
}
