//! `inspect`: what a text says, whoever signed it.

use clap::Args;
use lic2::claim::{self, Claimed, IssuerClaim};
use lic2::{Certificate, Code, Content, DocumentBuffer, Error, KeyRing, License};
use serde_json::{Value, json};

use crate::describe::{Table, certificate_json, certificate_words, license_json, license_words, status_fields};
use crate::exit::{self, Failure, HELP};
use crate::guard::key_id;
use crate::{publickey, ui};

/// Explains a code or an issuer certificate; needs no secret
///
/// Without --anchor nothing is verified, and the output says so: anybody can write anything into an unsigned text.
/// Exit code 3 means that the text is broken or, with --anchor, not genuine.
///
/// JSON fields: verified (true, false, or null without --anchor), status and name (null if nothing was verified and
/// nothing is broken), reason, advice, kind (code or certificate), characters, bytes, key_id, license, certificate (the one the code carries, or the text itself).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer inspect code.txt"))]
pub(super) struct Inspect {
    /// The text itself, a file that holds it, or - for stdin
    #[arg(value_name = "CODE", default_value = "-")]
    code: String,
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
    pub(super) fn run(self) -> exit::Result<()> {
        let text = ui::read_document(&self.code)?;
        let ring = if self.anchor.is_empty() { None } else { Some(ring(&self.anchor, &self.issuer)?) };
        let mut memory = DocumentBuffer::new();
        let claim = Claim::read(&text, &mut memory);
        let refusal = match (&claim, ring) {
            (Err(error), _) => Some(*error),
            (Ok(_), None) => None,
            (Ok(claim), Some(ring)) => verify(claim, ring, &text),
        };
        let verified = (!self.anchor.is_empty()).then_some(refusal.is_none());
        let claim = claim.ok();
        let output = if self.json {
            let json = as_json(claim.as_ref(), refusal, verified, &text);
            format!("{}\n", serde_json::to_string_pretty(&json).map_err(|error| Failure::internal(error.to_string()))?)
        } else {
            as_words(claim.as_ref(), refusal, verified, &text)
        };
        ui::artifact(&output)?;
        refusal.map_or(Ok(()), |error| Err(Failure::rejected(error)))
    }
}

/// A code or an issuer certificate, unverified.
struct Claim<'b> {
    key_id: [u8; 4],
    length: usize,
    said: Said<'b>,
}

/// What it says.
#[expect(clippy::large_enum_variant, reason = "there is one")]
enum Said<'b> {
    Code { license: License<'b>, certificate: Option<IssuerClaim<'b>> },
    Certificate(Certificate<'b>),
}

impl<'b> Claim<'b> {
    fn read(text: &[u8], memory: &'b mut DocumentBuffer) -> Result<Self, Error> {
        let claim = claim::read(text, memory)?;
        let said = match claim.content {
            Claimed::Seller { content: Content::License(license), certificate } => Said::Code { license, certificate },
            Claimed::Certificate(certificate) => Said::Certificate(certificate),
            Claimed::Seller { .. } | Claimed::Device(_) => return Err(Error::DocumentKind),
        };
        Ok(Self { key_id: claim.key_id, length: claim.length, said })
    }
}

/// The key ring of these anchors and issuers.
pub(super) fn ring(anchors: &[String], issuers: &[String]) -> exit::Result<KeyRing> {
    let keys = anchors.iter().map(|key| publickey::read(key)).collect::<exit::Result<Vec<_>>>()?;
    let mut ring = KeyRing::new(&keys).map_err(|error| {
        Failure::key(format!("--anchor: status {} {}: {error}", error.number(), error.name())).hint(error.advice())
    })?;
    for issuer in issuers {
        let text = ui::read_document(issuer)?;
        ring.add_issuer(&text).map_err(|error| Failure::rejected(error).at(format_args!("--issuer {issuer}")))?;
    }
    Ok(ring)
}

fn verify(claim: &Claim<'_>, mut ring: KeyRing, text: &[u8]) -> Option<Error> {
    match claim.said {
        Said::Code { .. } => Code::new().verify(&ring, text).err(),
        Said::Certificate(_) => match ring.add_issuer(text) {
            // It was given as --issuer too, and verified then.
            Ok(()) | Err(Error::KeyDuplicate) => None,
            Err(error) => Some(error),
        },
    }
}

const fn kind_name(claim: &Claim<'_>) -> &'static str {
    match claim.said {
        Said::Code { .. } => "code",
        Said::Certificate(_) => "certificate",
    }
}

fn characters(text: &[u8]) -> usize {
    String::from_utf8_lossy(text).trim().chars().count()
}

fn as_words(claim: Option<&Claim<'_>>, refusal: Option<Error>, verified: Option<bool>, text: &[u8]) -> String {
    let mut table = Table::default();
    let (number, name, reason, advice) = status_fields(refusal);
    if refusal.is_some() {
        table.row("status", format_args!("{number} {name}"));
        table.row("reason", reason);
        table.row("advice", advice);
    }
    let Some(claim) = claim else {
        return format!("This text cannot be read as a code or an issuer certificate.\n{}", table.text());
    };
    table.row("signed by", format_args!("key id {}", key_id(claim.key_id)));
    let mut issuer = Table::default();
    match claim.said {
        Said::Code { license, certificate } => {
            license_words(&license, &mut table);
            if let Some(carried) = certificate {
                issuer.row("signed by", format_args!("anchor {}", key_id(carried.key_id)));
                certificate_words(&carried.certificate, &mut issuer);
            }
        }
        Said::Certificate(certificate) => certificate_words(&certificate, &mut table),
    }
    let kind = match claim.said {
        Said::Code { .. } => "Authorization code",
        Said::Certificate(_) => "Issuer certificate",
    };
    let mark = match verified {
        Some(true) => "verified with the given anchor",
        Some(false) => "NOT GENUINE for the given anchor; what it claims",
        None => "UNVERIFIED; what it claims",
    };
    let (characters, bytes) = (characters(text), claim.length);
    let head = format!("{kind}, {characters} characters, {bytes} bytes, {mark}:\n{}", table.text());
    if issuer.text().is_empty() { head } else { format!("{head}It carries an issuer certificate:\n{}", issuer.text()) }
}

fn as_json(claim: Option<&Claim<'_>>, refusal: Option<Error>, verified: Option<bool>, text: &[u8]) -> Value {
    let (number, name, reason, advice) = status_fields(refusal);
    let stated = refusal.is_some() || verified.is_some();
    let (license, certificate) = match claim.map(|claim| &claim.said) {
        Some(Said::Code { license, certificate }) => {
            (license_json(&license), certificate.map_or(Value::Null, |carried| certificate_json(&carried.certificate)))
        }
        Some(Said::Certificate(certificate)) => (Value::Null, certificate_json(&certificate)),
        None => (Value::Null, Value::Null),
    };
    json!({
        "verified": verified,
        // A claim that nobody verified has no status: 0 would look like permission.
        "status": stated.then_some(number),
        "name": stated.then_some(name),
        "reason": if refusal.is_some() { reason } else { "" },
        "advice": advice,
        "kind": claim.map(kind_name),
        "characters": characters(text),
        "bytes": claim.map(|claim| claim.length),
        "key_id": claim.map(|claim| key_id(claim.key_id)),
        "license": license,
        "certificate": certificate,
    })
}
