//! Signing what was checked, for every kind of document: with the key, and within the limits of its certificate.

use lic2::seal::Sealed;
use lic2::{Error, Kind, UnixSeconds};

use crate::document_kind::kind_words;
use crate::exit::{Failure, Result};
use crate::guard::{self, IssuerCertificate};
use crate::intent::Intent;
use crate::keyfile::PrivateKey;
use crate::publickey::PublicKey;

/// Content of which every field was checked.
pub trait Sealable {
    /// What it becomes.
    const KIND: Kind;

    /// What to do if it is too long for one document.
    const SHORTEN: &'static str;

    /// The product it is for; empty for every product.
    fn product(&self) -> &str;

    /// When it is issued.
    fn issued_at(&self) -> UnixSeconds;

    /// The request, in the form that identifies an order.
    fn intent(&self) -> Intent;

    /// The license id, and the serial if one was stated; `None` for what is no code.
    fn license(&self) -> Option<(&str, Option<u32>)> {
        None
    }

    /// Takes the serial that the ledger allocates.
    fn set_serial(&mut self, _serial: u32) {}

    /// Has the library seal it. `certificate` is the document to carry along.
    ///
    /// # Errors
    /// The library's.
    fn try_seal(&self, key: &PrivateKey, certificate: Option<&[u8]>) -> std::result::Result<Sealed, Error>;
}

/// Who signs: a key, the certificate it signs under, and what is checked before a document is handed out.
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub struct Sealer {
    key: PrivateKey,
    certificate: Option<IssuerCertificate>,
    /// Whether documents leave the certificate out.
    detached: bool,
    anchors: Vec<PublicKey>,
}

impl Sealer {
    /// A sealer with `key`, which is itself an anchor or has this certificate. Documents leave the certificate out if
    /// `detached`, and are checked as by a product that trusts `anchors`, if there are any.
    ///
    /// # Errors
    /// Exit code 4 for the certificate of another key.
    pub fn new(
        key: PrivateKey,
        certificate: Option<IssuerCertificate>,
        detached: bool,
        anchors: Vec<PublicKey>,
    ) -> Result<Self> {
        if let Some(certificate) = &certificate {
            certificate.check_key(&key.public())?;
        }
        Ok(Self { key, certificate, detached, anchors })
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// The certificate that documents carry.
    #[must_use]
    pub fn carried(&self) -> Option<&[u8]> {
        self.certificate.as_ref().filter(|_| !self.detached).map(IssuerCertificate::document)
    }

    /// Checks a document that was signed before, as by a product that trusts the anchors, if there are any.
    ///
    /// # Errors
    /// Exit code 3 if that product would refuse it.
    pub fn check(&self, text: &str) -> Result<()> {
        if self.anchors.is_empty() {
            return Ok(());
        }
        guard::check_with_anchors(text, &self.anchors, self.certificate.as_ref())
    }

    /// Signs `draft` and gives its text.
    ///
    /// # Errors
    /// As [`seal`]; exit code 3 if a product that trusts the anchors would refuse it.
    pub fn seal<D: Sealable>(&self, draft: &D) -> Result<String> {
        let detached = self.certificate.as_ref().filter(|_| self.detached);
        let sealed = match detached {
            Some(certificate) => seal_detached(draft, &self.key, certificate)?,
            None => seal(draft, &self.key, self.certificate.as_ref())?,
        };
        if !self.anchors.is_empty() {
            guard::check_with_anchors(sealed.text(), &self.anchors, detached)?;
        }
        Ok(sealed.text().into())
    }
}

/// Signs the content. `certificate` is carried along, and the library checks the content against its limits.
///
/// # Errors
/// Exit code 1 if the document would be longer than 1024 characters, 3 with the limit that is broken.
pub fn seal<D: Sealable>(draft: &D, key: &PrivateKey, certificate: Option<&IssuerCertificate>) -> Result<Sealed> {
    draft
        .try_seal(key, certificate.map(IssuerCertificate::document))
        .map_err(|error| refused(draft, key, error, certificate))
}

/// The same for a document that does not carry the certificate.
///
/// # Errors
/// As [`seal`].
pub fn seal_detached<D: Sealable>(draft: &D, key: &PrivateKey, certificate: &IssuerCertificate) -> Result<Sealed> {
    match draft.try_seal(key, Some(certificate.document())) {
        // The library looks at the limits before the length, and only the length differs from the bare document.
        Ok(_) | Err(Error::PayloadValue) => seal(draft, key, None),
        Err(error) => Err(refused(draft, key, error, Some(certificate))),
    }
}

fn refused<D: Sealable>(draft: &D, key: &PrivateKey, error: Error, certificate: Option<&IssuerCertificate>) -> Failure {
    if let Some(failure) = key.take_failure() {
        return failure;
    }
    if error == Error::PayloadValue {
        // Every field was checked: what remains is the sum of them.
        return Failure::usage(format!("the {} would be longer than 1024 characters", kind_words(D::KIND)))
            .hint(D::SHORTEN);
    }
    match certificate {
        Some(certificate) => certificate.explain(error, D::KIND, draft.product(), draft.issued_at()),
        None => Failure::internal(format!("status {} {}: {error}", error.number(), error.name())),
    }
}
