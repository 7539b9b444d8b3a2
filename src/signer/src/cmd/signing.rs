//! The options with which every verb signs for devices, and the report about the result.

mod from_ledger;

pub(super) use from_ledger::Made;

use std::path::PathBuf;

use clap::Args;
use lic2::DocumentBuffer;
use lic2::claim::{self, Claimed};

use super::recording::{Recording, note_recorded};
use crate::describe::{Table, seller_words};
use crate::document_kind::kind_words;
use crate::exit::{Failure, Result};
use crate::guard::{self, IssuerCertificate};
use crate::keyfile::PrivateKey;
use crate::ledger::{Event, Ledger};
use crate::passphrase::Source;
use crate::sealing::{Sealable, Sealer};
use crate::{publickey, ui};

/// Who signs, what is checked afterwards, and where it is recorded.
#[derive(Args, Debug)]
pub(super) struct Signing {
    #[command(flatten)]
    key: SigningKey,
    #[command(flatten)]
    recording: Recording,
}

/// Who signs, and what is checked afterwards.
#[derive(Args, Debug)]
pub(super) struct SigningKey {
    /// Private key that signs: a file, or a pkcs11: URI
    #[arg(long, value_name = "FILE", required = true)]
    key: Option<PathBuf>,
    /// Issuer certificate of the key, from certify; omit it if the key is itself an anchor
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Leave the certificate out of the document: the product must know it already
    #[arg(long, requires = "certificate")]
    detached_certificate: bool,
    /// Check the result like a product that trusts this public key: PEM file or 64 hexadecimal digits (repeat)
    #[arg(long, value_name = "KEY")]
    anchor: Vec<String>,
    #[command(flatten)]
    passphrase: Source,
}

/// One of several documents that are signed in a row.
pub(super) struct Job<'a, D> {
    pub(super) draft: D,
    pub(super) event: Event,
    /// The order of a document that states none itself.
    pub(super) order: Option<&'a str>,
    /// The marketplace's event that it answers.
    pub(super) event_id: Option<&'a str>,
}

impl Signing {
    /// Whether the key signs as an issuer, within the limits of a certificate.
    pub(super) const fn is_by_issuer(&self) -> bool {
        self.key.certificate.is_some()
    }

    /// The line of the order, which something else than the ledger uses.
    pub(super) fn order_line(&mut self) -> Option<String> {
        self.recording.order_line()
    }

    /// Who signs.
    pub(super) fn sealer(&self) -> Result<Sealer> {
        self.key.sealer()
    }

    /// Whether signed documents are recorded in a ledger.
    pub(super) fn has_ledger(&self) -> bool {
        self.recording.book().is_named()
    }

    /// Signs `draft`, records it if there is a ledger, says on stderr what was signed, and prints the text. `order` is the
    /// order of a document that states none itself.
    pub(super) fn seal_and_print<D: Sealable>(&self, draft: D, event: Event, order: Option<&str>) -> Result<()> {
        let text = self.seal_one(Job { draft, event, order, event_id: None })?;
        ui::artifact(&format!("{text}\n"))
    }

    fn seal_one<D: Sealable>(&self, job: Job<'_, D>) -> Result<String> {
        self.seal_each(vec![job])?.pop().ok_or_else(|| Failure::internal("nothing was signed"))
    }

    /// Signs each of them, records it if there is a ledger, and reports it on stderr.
    pub(super) fn seal_each<D: Sealable>(&self, jobs: Vec<Job<'_, D>>) -> Result<Vec<String>> {
        for job in &jobs {
            let known = job.draft.intent().order;
            self.recording.check(self.has_ledger(), job.order.or(known.as_deref()))?;
        }
        let mut ledger = self.recording.book().open()?;
        let sealer = self.key.sealer()?;
        let mut texts = Vec::new();
        for mut job in jobs {
            let text = match &mut ledger {
                Some(ledger) => self.record(&mut job, &sealer, ledger)?,
                None => sealer.seal(&job.draft)?,
            };
            summarize(&text)?;
            texts.push(text);
        }
        self.note_unchecked();
        Ok(texts)
    }

    /// Reports that the anchor's signature was not checked.
    pub(super) fn note_unchecked(&self) {
        if self.key.anchor.is_empty() && self.key.certificate.is_some() {
            ui::note(
                "not checked: whether the anchor vouches for the certificate; pass --anchor anchor.pub to check \
                 that too",
            );
        }
    }

    /// The text, once it is on the disk.
    fn record<D: Sealable>(&self, job: &mut Job<'_, D>, sealer: &Sealer, ledger: &mut Ledger) -> Result<String> {
        let operator = self.recording.book().operator()?;
        let mut occasion = self.recording.occasion(job.event, &operator, job.order);
        occasion.event_id = job.event_id.or(occasion.event_id);
        let mut writing = ledger.begin()?;
        let pending = writing.record(&mut job.draft, sealer, &occasion)?;
        let recorded = pending.release(&writing.commit()?);
        note_recorded(&recorded, ledger);
        Ok(recorded.text)
    }
}

impl SigningKey {
    /// Opens the key and checks the certificate against it.
    pub(super) fn sealer(&self) -> Result<Sealer> {
        let anchors = self.anchor.iter().map(|key| publickey::read(key)).collect::<Result<Vec<_>>>()?;
        let certificate = match &self.certificate {
            Some(path) => {
                let certificate = IssuerCertificate::new(ui::read_text(path)?, &anchors);
                Some(certificate.map_err(|failure| failure.at(path.display()))?)
            }
            None => None,
        };
        let path = self
            .key
            .as_ref()
            .ok_or_else(|| Failure::usage("no signing key is named").hint("pass --key FILE, and its --certificate"))?;
        let key = PrivateKey::read(path, &self.passphrase)?;
        Sealer::new(key, certificate, self.detached_certificate, anchors)
    }
}

/// The signed document, read back from the text itself.
pub(super) fn summarize(text: &str) -> Result<()> {
    let mut memory = DocumentBuffer::new();
    let claim = claim::read(text.as_bytes(), &mut memory).map_err(|error| Failure::internal(error.text()))?;
    let Claimed::Seller { content, certificate } = claim.content else {
        return Err(Failure::internal("the new document is not for devices"));
    };
    let mut table = Table::default();
    seller_words(&content, &mut table);
    let carried = certificate.map_or_else(String::new, |issuer| {
        format!(", carries its certificate by anchor {}", guard::key_id(issuer.key_id))
    });
    table.row("signed by", format_args!("key id {}{carried}", guard::key_id(claim.key_id)));
    let kind = kind_words(claim.kind);
    ui::note(&format!("{kind}, {} characters of at most 1024:\n{}", text.len(), table.text().trim_end()));
    Ok(())
}
