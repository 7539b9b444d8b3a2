//! A whole document in words, with how far it can be trusted.

use lic2::claim::{Claim, Claimed};
use lic2::{Kind, Proof};

use super::{Table, certificate_words, device_words, seller_words};
use crate::document_kind::kind_words;
use crate::guard::key_id;

/// How many characters a pasted text has, without the space around it.
#[must_use]
pub fn characters(text: &[u8]) -> usize {
    String::from_utf8_lossy(text).trim().chars().count()
}

/// A document of this many characters in words. `verified` is whether the given anchors vouch for it, if any were
/// given; `table` has the first lines.
#[must_use]
pub fn claim_words(claim: &Claim<'_>, verified: Option<bool>, characters: usize, mut table: Table) -> String {
    let mut issuer = Table::default();
    match &claim.content {
        Claimed::Seller { content, certificate } => {
            table.row("signed by", format_args!("key id {}", key_id(claim.key_id)));
            seller_words(content, &mut table);
            if let Some(carried) = certificate {
                issuer.row("signed by", format_args!("anchor {}", key_id(carried.key_id)));
                certificate_words(&carried.certificate, &mut issuer);
            }
        }
        Claimed::Certificate(certificate) => {
            table.row("signed by", format_args!("key id {}", key_id(claim.key_id)));
            certificate_words(certificate, &mut table);
        }
        Claimed::Device(document) => device_words(document.content(), document.proof(), &mut table),
    }
    let (title, mark, bytes) = (title(claim.kind), mark(claim, verified), claim.length);
    let head = format!("{title}, {characters} characters, {bytes} bytes, {mark}:\n{}", table.text());
    if issuer.text().is_empty() { head } else { format!("{head}It carries an issuer certificate:\n{}", issuer.text()) }
}

/// How far the claim can be trusted.
fn mark(claim: &Claim<'_>, verified: Option<bool>) -> &'static str {
    match (&claim.content, verified) {
        (Claimed::Device(document), _) if document.proof() == Proof::Unsigned => "UNSIGNED; its claims",
        (Claimed::Device(_), _) => "signed with the key of the device that it names",
        (_, Some(true)) => "verified with the given anchor",
        (_, Some(false)) => "NOT GENUINE for the given anchor; its claims",
        (_, None) => "UNVERIFIED; its claims",
    }
}

fn title(kind: Kind) -> String {
    if kind == Kind::Code {
        return "Authorization code".into();
    }
    let words = kind_words(kind);
    words.get(..1).unwrap_or_default().to_uppercase() + words.get(1..).unwrap_or_default()
}
