//! `certify`: an anchor vouches for an issuing key, within limits.

use std::path::PathBuf;

use clap::Args;
use lic2::limits::{ID_MAX, LINE_LEN, SCOPE_MAX};
use lic2::seal::{CertificateDraft, seal_certificate};
use lic2::{DocumentBuffer, Error, UnixSeconds};

use super::recording::{Book, note_recorded};
use crate::check::{check_range, check_words};
use crate::content::DayCount;
use crate::describe::{Table, certificate_words};
use crate::document_kind::KINDS;
use crate::exit::{Failure, HELP, Result};
use crate::guard::{self, StatedIssuer};
use crate::keyfile::PrivateKey;
use crate::ledger::{Event, Ledger, Note};
use crate::passphrase::Source;
use crate::publickey::{self, PublicKey};
use crate::{timespec, ui};

/// Certifies an issuing key with an anchor
///
/// Prints the certificate. Products that trust the anchor then accept documents of the issuing key within the
/// certificate's limits: codes, and any other kinds that --kinds permits.
///
/// Devices keep the revocation lists of different issuers separate by the line that the certificate states, normally
/// the beginning of its key. If an issuer succeeds another one, give it the predecessor's line with --succeeds:
/// its lists then replace the predecessor's lists, so that it can release what those revoked. Renewing a certificate
/// for the same key keeps its line; if that certificate already has a predecessor's line, pass --succeeds again.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer certify --anchor anchor.key --key issuer.pub --scope vision-appliance --valid-until 2y \
     --longest-term 800d --kinds codes,revocations,time-tokens,unlocks --passphrase-file passphrase.txt"
))]
pub(super) struct Certify {
    /// Private key of the anchor: a file, or a pkcs11: URI
    #[arg(long, value_name = "FILE")]
    anchor: PathBuf,
    /// Public key to certify: PEM file or 64 hexadecimal digits
    #[arg(long, value_name = "KEY")]
    key: String,
    /// Product that the issuer may sign for, or the beginning of product ids followed by * (repeat)
    #[arg(long, value_name = "PRODUCT")]
    scope: Vec<String>,
    /// Documents issued earlier are refused [default: now]
    #[arg(long, value_name = "TIME")]
    valid_from: Option<String>,
    /// Documents issued at or after this time are refused
    #[arg(long, value_name = "TIME")]
    valid_until: String,
    /// Longest term the issuer may grant, grace included; forbids perpetual codes [default: any]
    #[arg(long, value_name = "DAYS")]
    longest_term: Option<DayCount>,
    /// Kinds that the issuer may sign: codes, revocations, time-tokens, unlocks
    #[arg(long, value_name = "KIND", value_delimiter = ',', default_value = "codes")]
    kinds: Vec<String>,
    /// The issuer may sign test codes only
    #[arg(long)]
    test_only: bool,
    /// The predecessor whose revocation lists the new issuer's lists replace: its certificate, or its public key if
    /// its certificate has its own line
    #[arg(long, value_name = "CERT|KEY")]
    succeeds: Option<String>,
    /// Human-readable name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    passphrase: Source,
    #[command(flatten)]
    book: Book,
}

impl Certify {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let key = publickey::read(&self.key).map_err(|failure| failure.at("--key"))?;
        let mut scope: Vec<&str> = self.scope.iter().map(String::as_str).collect();
        check_scope(&mut scope)?;
        let not_before = match &self.valid_from {
            Some(text) => timespec::parse(text, now).map_err(|failure| failure.at("--valid-from"))?,
            None => now,
        };
        let not_after =
            timespec::parse(&self.valid_until, not_before).map_err(|failure| failure.at("--valid-until"))?;
        check_dates(now, not_before, not_after)?;
        if let Some(name) = &self.name {
            check_words("--name", name)?;
        }
        let mut draft = CertificateDraft::new(key, now, not_after)
            .with_not_before(not_before)
            .with_longest_days(longest_days(self.longest_term)?)
            .with_kinds(kinds(&self.kinds)?)
            .with_test_only(self.test_only)
            .with_scope(&scope);
        draft.name = self.name.as_deref();
        if scope.is_empty() {
            ui::warn("no --scope: the issuer may sign for every product of this anchor");
        }
        let ledger = self.book.open()?;
        let anchor = PrivateKey::read(&self.anchor, &self.passphrase)?;
        if let Some(argument) = &self.succeeds {
            draft.line = line_after(argument, &key, &anchor.public()).map_err(|failure| failure.at("--succeeds"))?;
        }
        let text = seal(&draft, &anchor, &key)?;
        if let Some(mut ledger) = ledger {
            self.record(&text, &anchor, &key, &mut ledger, now)?;
        }
        summarize(&text, &anchor.public());
        ui::artifact(&format!("{text}\n"))
    }
}

impl Certify {
    fn record(
        &self,
        text: &str,
        anchor: &PrivateKey,
        key: &PublicKey,
        ledger: &mut Ledger,
        now: UnixSeconds,
    ) -> Result<()> {
        let operator = self.book.operator()?;
        let mut detail = serde_json::Map::new();
        detail.insert("key".into(), ui::hex(key).into());
        if let Some(name) = &self.name {
            detail.insert("name".into(), name.as_str().into());
        }
        let note = Note { text: Some(text), signer: Some(anchor), detail, ..Note::new(Event::Certify, &operator, now) };
        let mut writing = ledger.begin()?;
        let pending = writing.note(&note)?;
        note_recorded(&pending.release(&writing.commit()?), ledger);
        Ok(())
    }
}

/// The line to state for `key`, which succeeds the issuer given by its certificate or its public key; `None` for the
/// key's own line.
fn line_after(argument: &str, key: &PublicKey, anchor: &PublicKey) -> Result<Option<[u8; LINE_LEN]>> {
    let (line, before) = match guard::stated_issuer(argument)? {
        StatedIssuer::Key(key) => (key.first_chunk().copied().unwrap_or_default(), key),
        StatedIssuer::Certificate(text) => {
            let mut memory = DocumentBuffer::new();
            let certificate = guard::read_certificate(&text, &[*anchor], &mut memory)?;
            (certificate.line(), certificate.key)
        }
    };
    if before == *anchor {
        return Err(Failure::usage("this is the anchor, and only an issuer can have a successor")
            .hint("the lists of all anchors form one line, which no issuer can have"));
    }
    Ok(Some(line).filter(|line| key.first_chunk() != Some(line)))
}

fn seal(draft: &CertificateDraft<'_>, anchor: &PrivateKey, key: &PublicKey) -> Result<String> {
    if anchor.public() == *key {
        return Err(Failure::key("the key to certify is the anchor itself")
            .hint("an anchor needs no certificate; give the issuing key's *.pub"));
    }
    let sealed = seal_certificate(draft, &anchor.public(), |message| anchor.sign(message)).map_err(|error| {
        if let Some(failure) = anchor.take_failure() {
            return failure;
        }
        if error != Error::PayloadValue {
            return Failure::internal(error.text());
        }
        // Every field was checked: what remains is the sum of them.
        Failure::usage("the certificate would be longer than 256 bytes")
            .hint("shorten --name or the list of --scope; a pattern such as vision-* covers many products")
    })?;
    Ok(sealed.text().into())
}

/// Sorts the patterns and refuses what a certificate cannot hold.
fn check_scope(scope: &mut Vec<&str>) -> Result<()> {
    scope.sort_unstable();
    scope.dedup();
    for pattern in scope.iter() {
        let bad = pattern.is_empty() || pattern.len() > ID_MAX || !pattern.bytes().all(|byte| byte.is_ascii_graphic());
        if bad || pattern.strip_suffix('*').unwrap_or(pattern).contains('*') {
            return Err(Failure::usage(format!("--scope {pattern:?} is not a product pattern"))
                .hint("write a product id, or its beginning followed by one *"));
        }
    }
    let length: usize = scope.iter().map(|pattern| pattern.len() + 1).sum();
    if length > SCOPE_MAX {
        return Err(Failure::usage(format!("the scope takes {length} bytes, and a certificate holds {SCOPE_MAX}"))
            .hint("a pattern such as vision-* covers many products"));
    }
    Ok(())
}

fn check_dates(now: UnixSeconds, not_before: UnixSeconds, not_after: UnixSeconds) -> Result<()> {
    check_range("the certificate", now)?;
    check_range("--valid-from", not_before)?;
    check_range("--valid-until", not_after)?;
    if not_after <= not_before.max(now) {
        return Err(Failure::usage(format!(
            "the certificate ends at {}, before it becomes valid",
            timespec::format(not_after)
        ))
        .hint("choose a later --valid-until, for example 2y"));
    }
    Ok(())
}

fn longest_days(stated: Option<DayCount>) -> Result<u16> {
    match stated {
        None => Ok(0),
        Some(DayCount(0)) => {
            Err(Failure::usage("--longest-term 0 permits nothing").hint("leave it out to permit any term"))
        }
        Some(DayCount(days)) => Ok(days),
    }
}

fn kinds(names: &[String]) -> Result<u8> {
    let mut bits = 0;
    for name in names {
        let (bit, _) = KINDS.iter().find(|(_, known)| known == name).ok_or_else(|| {
            let known: Vec<&str> = KINDS.iter().map(|(_, name)| *name).collect();
            Failure::usage(format!("--kinds {name:?} is unknown")).hint(format!("choose from {}", known.join(", ")))
        })?;
        bits |= bit;
    }
    Ok(bits)
}

fn summarize(text: &str, anchor: &PublicKey) {
    let mut memory = lic2::DocumentBuffer::new();
    let mut table = Table::default();
    table.row("anchor", format_args!("key id {}", publickey::id(anchor)));
    if let Ok(lic2::claim::Claimed::Certificate(certificate)) =
        lic2::claim::read(text.as_bytes(), &mut memory).map(|claim| claim.content)
    {
        certificate_words(&certificate, &mut table);
    }
    ui::note(&format!("issuer certificate, {} characters:\n{}", text.len(), table.text().trim_end()));
}
