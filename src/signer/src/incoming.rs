//! Reads documents from devices: the right kind, or a report of what it is instead.

use lic2::claim::{self, Claim, Claimed};
use lic2::{DeviceDocument, DocumentBuffer, Error, Kind};

use crate::describe::{Table, characters, claim_words};
use crate::document_kind::{kind_words, one_of_kind};
use crate::exit::{Failure, Result};

/// Reads a document that a device has written. If it is signed, the signature is verified.
///
/// # Errors
/// Exit code 3 with the status and what to ask the customer for.
pub fn read<'b>(text: &[u8], kind: Kind, memory: &'b mut DocumentBuffer) -> Result<(Claim<'b>, DeviceDocument<'b>)> {
    let claim = claim::read(text, memory).map_err(|error| refused(error, kind))?;
    match claim {
        Claim { kind: found, content: Claimed::Device(document), .. } if found == kind => Ok((claim, document)),
        Claim { kind: found, .. } => Err(Failure::rejected(Error::DocumentKind)
            .at(format_args!("this is {}, and {} is needed", one_of_kind(found), one_of_kind(kind)))
            .hint(format!("read it with {}", reader(found)))),
    }
}

/// The library's advice is for the person in front of a device; here it is for the seller.
fn refused(error: Error, kind: Kind) -> Failure {
    let failure = Failure::rejected(error);
    match error.number() {
        201..=206 => failure.hint(format!("copy the {} again, complete, from LIC2 to its end", kind_words(kind))),
        302 => failure.hint("it was forged, or changed in transit: ask for a new one from the device itself"),
        208 | 209 | 214 => failure.hint("update lic2-signer"),
        _ => failure.hint(format!("ask for a new {} from the device itself", kind_words(kind))),
    }
}

const fn reader(kind: Kind) -> &'static str {
    match kind {
        Kind::Request => "lic2-signer request show",
        Kind::Receipt => "lic2-signer receipt accept",
        Kind::UsageReport => "lic2-signer usage show",
        Kind::Code | Kind::Certificate | Kind::RevocationList | Kind::TimeToken | Kind::Unlock | _ => {
            "lic2-signer inspect"
        }
    }
}

/// Such a document in words; `table` has the first lines.
#[must_use]
pub fn words(claim: &Claim<'_>, text: &[u8], table: Table) -> String {
    claim_words(claim, None, characters(text), table)
}
