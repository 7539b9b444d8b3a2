//! `request show`: what a device asks for.

use clap::{Args, Subcommand};
use lic2::{DeviceContent, DocumentBuffer, Error, Kind};

use crate::describe::{Table, device_json};
use crate::exit::{HELP, Result};
use crate::{incoming, ui};

/// Reads the requests of devices
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(super) struct Request {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Show(Show),
}

/// Explains a request; needs no secret
///
/// It reports who vouches for the request: the device itself, which has signed it with its own key, or nobody. A valid
/// signature proves that the holder of the key created the request, not whose device that is.
///
/// JSON fields: product, version, license (null for none in particular), made_at (null if the device did not know the
/// time), nonce, components (kind, hash), status and status_name (the device's refusal, null if none), signs
/// (virtual_machine, container), device_key, proof (signed or unsigned).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer request show request.txt"))]
struct Show {
    /// The request itself, a file that contains it, or - for stdin
    #[arg(value_name = "REQUEST", default_value = "-")]
    request: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Request {
    pub(super) fn run(self) -> Result<()> {
        match self.verb {
            Verb::Show(show) => show.run(),
        }
    }
}

impl Show {
    fn run(self) -> Result<()> {
        let text = ui::read_document(&self.request)?;
        let mut memory = DocumentBuffer::new();
        let (claim, document) = incoming::read(&text, Kind::Request, &mut memory)?;
        if self.json {
            return ui::artifact(&ui::json(&device_json(document.content(), document.proof()))?);
        }
        ui::artifact(&incoming::words(&claim, &text, Table::default()))?;
        if let DeviceContent::Request(request) = document.content() {
            ui::note(&format!("next: {}", answer(request.status)));
        }
        Ok(())
    }
}

/// The verb that answers a device that is refused with this status.
fn answer(status: Option<u16>) -> &'static str {
    match status.and_then(|number| Error::from_number(i32::from(number))) {
        Some(Error::StateRolledBack) => "lic2-signer unlock --grants state --request REQUEST",
        Some(Error::ClockBehind) => "lic2-signer unlock --grants clock --request REQUEST, unless its clock can be set",
        Some(Error::ClockUnset | Error::TimeUnknown) => "set the device's clock, or use lic2-signer time-token",
        _ => "lic2-signer issue --request REQUEST",
    }
}
