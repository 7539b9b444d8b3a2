//! Issuer certificates: whose they are, why one forbids a document, and the final check of a document before it is
//! printed.

use lic2::claim::{self, Claimed};
use lic2::seal::Sealed;
use lic2::{Certificate, DocumentBuffer, Error, KeyRing, Kind, Text, UnixSeconds};

use crate::document_kind::{KINDS, kind_words};
use crate::exit::{Exit, Failure, Result};
use crate::publickey::{self, PublicKey};
use crate::{timespec, ui};

/// An issuer certificate: its text, and its document as a code carries it.
#[derive(Clone, Debug)]
pub struct IssuerCertificate {
    text: String,
    document: Vec<u8>,
}

impl IssuerCertificate {
    /// Takes the text of a certificate and checks that it is one. If `anchors` are given, one of them has to have signed it, and
    /// nothing of a forged certificate is decoded.
    ///
    /// # Errors
    /// Exit code 3 with the status of reading it.
    pub fn new(text: String, anchors: &[PublicKey]) -> Result<Self> {
        if !anchors.is_empty() {
            let mut ring = KeyRing::new(anchors).map_err(|error| Failure::key(error.text()).hint(error.advice()))?;
            if let Err(error @ (Error::CertificateSignature | Error::CertificateUntrusted)) =
                ring.add_issuer(text.as_bytes())
            {
                return Err(Failure::rejected(error).at("the anchor does not vouch for the certificate"));
            }
        }
        let mut memory = DocumentBuffer::new();
        let document = lic2::seal::certificate_document(text.as_bytes(), &mut memory)
            .map_err(|error| Failure::rejected(error).at("certificate"))?
            .to_vec();
        Ok(Self { text, document })
    }

    /// The document that a code carries.
    #[must_use]
    pub fn document(&self) -> &[u8] {
        &self.document
    }

    /// Refuses a certificate of another key.
    ///
    /// # Errors
    /// Exit code 4 with both key ids.
    pub fn check_key(&self, key: &PublicKey) -> Result<()> {
        let mut memory = DocumentBuffer::new();
        let certified = self.claim(&mut memory)?.key;
        if certified == *key {
            return Ok(());
        }
        Err(Failure::key(format!(
            "the certificate is for key {}, and the signing key is {}",
            publickey::id(&certified),
            publickey::id(key)
        ))
        .hint("pass the certificate of this key, or create one with lic2-signer certify"))
    }

    /// Why the library does not seal a document of this kind for `product`, issued at `issued_at`, with this certificate.
    pub(crate) fn explain(&self, error: Error, kind: Kind, product: &str, issued_at: UnixSeconds) -> Failure {
        let mut memory = DocumentBuffer::new();
        match self.claim(&mut memory) {
            Ok(limits) => not_issued(error, kind).hint(broken_limit(error, kind, product, issued_at, &limits)),
            Err(failure) => failure,
        }
    }

    fn claim<'b>(&self, memory: &'b mut DocumentBuffer) -> Result<Certificate<'b>> {
        match claim::read(self.text.as_bytes(), memory).map_err(Failure::rejected)?.content {
            Claimed::Certificate(certificate) => Ok(certificate),
            Claimed::Seller { .. } | Claimed::Device(_) => Err(Failure::rejected(Error::DocumentKind)),
        }
    }
}

/// Reads a certificate from a user. If it names one of `anchors`, it is decoded only after that anchor's signature is
/// verified. A certificate of another anchor cannot be checked, and the user gets a warning.
///
/// # Errors
/// Exit code 3 with the status.
pub fn read_certificate<'b>(
    text: &[u8],
    anchors: &[PublicKey],
    memory: &'b mut DocumentBuffer,
) -> Result<Certificate<'b>> {
    let sealed = Sealed::read(text).map_err(Failure::rejected)?;
    if kind_of(&sealed) != Some(Kind::Certificate) {
        return Err(Failure::rejected(Error::DocumentKind));
    }
    let mut ring = KeyRing::new(anchors).map_err(|error| Failure::key(error.text()).hint(error.advice()))?;
    match ring.add_issuer(text) {
        Ok(()) => {}
        Err(Error::CertificateUntrusted) => {
            ui::warn("not checked: the certificate is from an anchor that was not passed");
        }
        Err(error) => return Err(Failure::rejected(error)),
    }
    match claim::read(text, memory).map_err(Failure::rejected)?.content {
        Claimed::Certificate(certificate) => Ok(certificate),
        Claimed::Seller { .. } | Claimed::Device(_) => Err(Failure::rejected(Error::DocumentKind)),
    }
}

/// An issuer as an option states it.
#[derive(Clone, Debug)]
pub enum StatedIssuer {
    /// By its public key.
    Key(PublicKey),
    /// By a document, of which nothing is decoded yet: its certificate, unless it is another one.
    Certificate(Vec<u8>),
}

/// Reads a public key, or the text or file of a certificate.
///
/// # Errors
/// As [`publickey::read`].
pub fn stated_issuer(argument: &str) -> Result<StatedIssuer> {
    if argument.len() != 64 {
        let text = ui::read_document(argument)?;
        // A damaged document is no key either; reading it tells what is wrong with it.
        if text.windows(4).any(|bytes| bytes == b"LIC2") {
            return Ok(StatedIssuer::Certificate(text));
        }
    }
    publickey::read(argument).map(StatedIssuer::Key)
}

/// The kind that a text claims, before it is decoded; `None` for a kind of a later version.
#[must_use]
pub fn kind_of(sealed: &Sealed) -> Option<Kind> {
    sealed.text().as_bytes().get(4).copied().and_then(Kind::from_letter)
}

/// Verifies `text` with the library as a product does that knows `anchors` and, in advance, `certificate`.
///
/// # Errors
/// Exit code 3 with the status.
pub fn check_with_anchors(text: &str, anchors: &[PublicKey], certificate: Option<&IssuerCertificate>) -> Result<()> {
    let mut ring = KeyRing::new(anchors).map_err(|error| Failure::key(error.text()).hint(error.advice()))?;
    if let Some(certificate) = certificate {
        ring.add_issuer(certificate.text.as_bytes())
            .map_err(|error| Failure::rejected(error).at("the anchor does not vouch for the certificate"))?;
    }
    let mut memory = DocumentBuffer::new();
    let unverified = memory.read(text.as_bytes()).map_err(|error| Failure::internal(error.text()))?;
    let kind = unverified.kind();
    unverified
        .verify_document(&ring, std::iter::empty())
        .map(drop)
        .map_err(|error| not_issued(error, kind).hint(error.advice()))
}

fn not_issued(error: Error, kind: Kind) -> Failure {
    let (number, name, kind) = (error.number(), error.name(), kind_words(kind));
    Failure::new(
        Exit::Rejected,
        format!("not issued: a product would refuse this {kind} with status {number} {name}: {error}"),
    )
}

/// Both sides of the comparison that failed.
fn broken_limit(error: Error, kind: Kind, product: &str, issued_at: UnixSeconds, limits: &Certificate<'_>) -> String {
    if error == Error::IssuerScope {
        let scope: Vec<&str> = limits.scope.map(Text::as_str).collect();
        let asked =
            if product.is_empty() { "it is for every product".into() } else { format!("the product is {product}") };
        return format!("{asked}, and the certificate covers {} only", scope.join(", "));
    }
    if error == Error::IssuerTerm {
        return format!(
            "the term and its grace last longer than the {} days that the certificate permits; such a certificate \
             never permits perpetual terms",
            limits.longest_days
        );
    }
    if error == Error::IssuerDate {
        return format!(
            "the time of issue is {}, and the certificate is valid from {} until {}",
            timespec::format(issued_at),
            timespec::format(limits.not_before),
            timespec::format(limits.not_after)
        );
    }
    if error == Error::IssuerTestOnly {
        let remedy = if kind == Kind::Code { "issue with --class test" } else { "use a production issuer" };
        return format!("the certificate permits test codes only: {remedy}");
    }
    if error == Error::IssuerKind {
        let name = KINDS.iter().find(|(bit, _)| *bit == kind.permission()).map_or("", |(_, name)| name);
        return format!("the certificate does not permit {name}: certify the key with --kinds {name}");
    }
    error.advice().into()
}

/// The key id of a document as people compare it.
#[must_use]
pub fn key_id(id: [u8; 4]) -> String {
    ui::hex(&id)
}
