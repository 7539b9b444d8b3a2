//! `inspect`: the content of a text, no matter who signed it.

use clap::Args;
use lic2::claim::{self, Claim, Claimed};
use lic2::seal::Sealed;
use lic2::{DocumentBuffer, Error, KeyRing, Kind};
use serde_json::{Value, json};

use crate::describe::{Table, certificate_json, characters, claim_words, device_json, seller_json, status_fields};
use crate::document_kind::{kind_json, kind_words, one_of_kind};
use crate::exit::{Failure, HELP, Result};
use crate::guard::{self, key_id};
use crate::{publickey, ui};

/// Explains any document; needs no secret
///
/// Without --anchor, sellers' documents are not verified, and the output says so: anybody can write anything into an
/// unverified text. With --anchor, a document without a valid signature is not decoded and not shown. A request,
/// receipt or usage report is either signed with the key of the device that it names or unsigned, and the output says
/// which. Exit code 3 means that the text is damaged, not genuine under --anchor, or not signed by the device that it
/// claims to be from.
///
/// JSON fields: verified (true, false, or null without --anchor), status and name (null if nothing was verified and
/// nothing is damaged), reason, advice, kind (code, certificate, revocation_list, time_token, unlock, request, receipt
/// or usage_report), characters, bytes, key_id (null if unsigned), license (of a code), certificate (the one the
/// document carries, or the text itself), and one field named after every other kind. Documents from devices have
/// proof (signed or unsigned).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer inspect code.txt"))]
pub(super) struct Inspect {
    /// The text itself, a file that contains it, or - for stdin
    #[arg(value_name = "TEXT", default_value = "-")]
    text: String,
    /// Verify with this public key: PEM file or 64 hexadecimal digits (repeat)
    #[arg(long, value_name = "KEY")]
    anchor: Vec<String>,
    /// Certificate of an issuer that the product knows in advance (repeat)
    #[arg(long, value_name = "CERT", requires = "anchor")]
    issuer: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(super) fn run(self) -> Result<()> {
        let text = ui::read_document(&self.text)?;
        let ring = if self.anchor.is_empty() { None } else { Some(ring(&self.anchor, &self.issuer)?) };
        let sealed = Sealed::read(&text);
        let refusal = match (&sealed, ring) {
            (_, None) => None,
            (Err(error), Some(_)) => Some(*error),
            (Ok(sealed), Some(ring)) => match guard::kind_of(sealed) {
                Some(kind) if kind.is_from_device() => return Err(no_anchor(kind)),
                kind => verify(kind, ring, &text),
            },
        };
        // With an anchor, nothing is decoded before its signature is found good.
        let is_readable = refusal.is_none_or(is_by_limits);
        let mut memory = DocumentBuffer::new();
        let claim = is_readable.then(|| claim::read(&text, &mut memory));
        let refusal = refusal.or_else(|| claim.as_ref().and_then(|claim| claim.as_ref().err().copied()));
        let verified = (!self.anchor.is_empty()).then_some(refusal.is_none());
        let claim = claim.and_then(std::result::Result::ok);
        let unread = sealed.ok().filter(|_| verified.is_some() && refusal.is_some_and(is_by_signature));
        let output = if self.json {
            ui::json(&as_json(claim.as_ref(), refusal, verified, &text, unread.as_ref()))?
        } else {
            as_words(claim.as_ref(), refusal, verified, &text, unread.as_ref())
        };
        ui::artifact(&output)?;
        refusal.map_or(Ok(()), |error| Err(Failure::rejected(error)))
    }
}

/// The key ring of these anchors and issuers.
pub(super) fn ring(anchors: &[String], issuers: &[String]) -> Result<KeyRing> {
    let keys = anchors.iter().map(|key| publickey::read(key)).collect::<Result<Vec<_>>>()?;
    let mut ring = KeyRing::new(&keys).map_err(|error| {
        Failure::key(format!("--anchor: status {} {}: {error}", error.number(), error.name())).hint(error.advice())
    })?;
    for issuer in issuers {
        let text = ui::read_document(issuer)?;
        ring.add_issuer(&text).map_err(|error| Failure::rejected(error).at(format_args!("--issuer {issuer}")))?;
    }
    Ok(ring)
}

fn no_anchor(kind: Kind) -> Failure {
    Failure::usage(format!("--anchor does not apply to {}: a device has written it", one_of_kind(kind)))
        .hint("omit --anchor; the output says whether the device has signed it")
}

/// Why a document from a seller is not genuine for this ring.
fn verify(kind: Option<Kind>, mut ring: KeyRing, text: &[u8]) -> Option<Error> {
    if kind == Some(Kind::Certificate) {
        return match ring.add_issuer(text) {
            // It was given as --issuer too, and verified then.
            Ok(()) | Err(Error::KeyDuplicate) => None,
            Err(error) => Some(error),
        };
    }
    let mut memory = DocumentBuffer::new();
    memory.read(text).and_then(|unverified| unverified.verify_document(&ring, std::iter::empty())).err()
}

/// Whether the signature is valid but a limit of the issuer forbids the document: its content is shown then.
const fn is_by_limits(error: Error) -> bool {
    matches!(
        error,
        Error::IssuerKind | Error::IssuerDate | Error::IssuerScope | Error::IssuerTerm | Error::IssuerTestOnly
    )
}

fn as_words(
    claim: Option<&Claim<'_>>,
    refusal: Option<Error>,
    verified: Option<bool>,
    text: &[u8],
    unread: Option<&Sealed>,
) -> String {
    let mut status = Table::default();
    let (number, name, reason, advice) = status_fields(refusal);
    if refusal.is_some() {
        status.row("status", format_args!("{number} {name}"));
        status.row("reason", reason);
        status.row("advice", advice);
    }
    match (claim, refusal) {
        (Some(claim), _) => claim_words(claim, verified, characters(text), status),
        (None, Some(_)) if unread.is_some() => {
            let what = unread.and_then(guard::kind_of).map_or("document", kind_words);
            let characters = characters(text);
            format!(
                "NOT GENUINE for the given anchor, and not decoded: {what}, {characters} characters.\n{}  (without \
                 --anchor, inspect shows its unverified claims)\n",
                status.text()
            )
        }
        (None, Some(Error::SignatureInvalid)) => {
            format!("This was not written by the device that it names.\n{}", status.text())
        }
        (None, _) => format!("This text cannot be read as a document of this system.\n{}", status.text()),
    }
}

/// Whether no key that counts has signed it.
pub(super) const fn is_by_signature(error: Error) -> bool {
    matches!(
        error,
        Error::KeyUnknown
            | Error::SignatureInvalid
            | Error::CertificateUntrusted
            | Error::CertificateSignature
            | Error::CertificateInvalid
    )
}

/// The field that holds the content of each kind, `certificate` apart.
const CONTENT_FIELDS: [Kind; 7] =
    [Kind::Code, Kind::RevocationList, Kind::TimeToken, Kind::Unlock, Kind::Request, Kind::Receipt, Kind::UsageReport];

/// A code contains a license; any other document is called what it is.
fn content_field(kind: Kind) -> String {
    if kind == Kind::Code { "license".into() } else { kind_json(kind) }
}

fn as_json(
    claim: Option<&Claim<'_>>,
    refusal: Option<Error>,
    verified: Option<bool>,
    text: &[u8],
    unread: Option<&Sealed>,
) -> Value {
    let (number, name, reason, advice) = status_fields(refusal);
    let stated = refusal.is_some() || verified.is_some();
    let mut json = json!({
        "verified": verified,
        // A claim that nobody verified has no status: 0 would look like permission.
        "status": stated.then_some(number),
        "name": stated.then_some(name),
        "reason": if refusal.is_some() { reason } else { "" },
        "advice": advice,
        "kind": claim.map(|claim| kind_json(claim.kind)),
        "characters": characters(text),
        "bytes": claim.map(|claim| claim.length),
        "key_id": claim.map(|claim| claim.key_id).filter(|id| *id != [0; 4]).map(key_id),
        "certificate": null,
    });
    for kind in CONTENT_FIELDS {
        json[content_field(kind)] = Value::Null;
    }
    let Some(claim) = claim else {
        if let Some(sealed) = unread {
            json["kind"] = json!(guard::kind_of(sealed).map(kind_json));
            json["bytes"] = json!(sealed.document().len());
            let id = sealed.document().get(4..8).and_then(|id| id.try_into().ok());
            json["key_id"] = json!(id.map(key_id));
        }
        return json;
    };
    match &claim.content {
        Claimed::Certificate(certificate) => json["certificate"] = certificate_json(certificate),
        Claimed::Device(document) => {
            json[content_field(claim.kind)] = device_json(document.content(), document.proof());
        }
        Claimed::Seller { content, certificate } => {
            json[content_field(claim.kind)] = seller_json(content);
            if let Some(carried) = certificate {
                json["certificate"] = certificate_json(&carried.certificate);
            }
        }
    }
    json
}
