//! Signing what was checked, for every kind of document: with the key, and within the limits of its certificate.

use lic2::seal::Sealed;
use lic2::{Error, Kind, UnixSeconds};

use crate::describe::kind_words;
use crate::exit::{Failure, Result};
use crate::guard::IssuerCertificate;
use crate::keyfile::PrivateKey;

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

    /// Has the library seal it. `certificate` is the document to carry along.
    ///
    /// # Errors
    /// The library's.
    fn try_seal(&self, key: &PrivateKey, certificate: Option<&[u8]>) -> std::result::Result<Sealed, Error>;
}

/// Signs the content. `certificate` is carried along, and the library holds the content against its limits.
///
/// # Errors
/// Exit code 1 if the document would be longer than 1024 characters, 3 with the limit that is broken.
pub fn seal<D: Sealable>(draft: &D, key: &PrivateKey, certificate: Option<&IssuerCertificate>) -> Result<Sealed> {
    draft
        .try_seal(key, certificate.map(IssuerCertificate::document))
        .map_err(|error| refused(draft, error, certificate))
}

/// The same for a document that does not carry the certificate.
///
/// # Errors
/// As [`seal`].
pub fn seal_detached<D: Sealable>(draft: &D, key: &PrivateKey, certificate: &IssuerCertificate) -> Result<Sealed> {
    match draft.try_seal(key, Some(certificate.document())) {
        // The library looks at the limits before the length, and only the length differs from the bare document.
        Ok(_) | Err(Error::PayloadValue) => seal(draft, key, None),
        Err(error) => Err(refused(draft, error, Some(certificate))),
    }
}

fn refused<D: Sealable>(draft: &D, error: Error, certificate: Option<&IssuerCertificate>) -> Failure {
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
