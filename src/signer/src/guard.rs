//! The last look before a code is handed out: the library itself holds it against the limits of its issuer.

use lic2::claim::{self, Content};
use lic2::seal::{CertificateDraft, seal_certificate};
use lic2::{Certificate, Code, DocumentBuffer, Error, KeyRing, License};

use crate::exit::{Exit, Failure, Result};
use crate::keyfile::PrivateKey;
use crate::publickey::{self, PublicKey};
use crate::{timespec, ui};

/// An issuer certificate: its text, and its document as a code carries it.
#[derive(Clone, Debug)]
pub struct IssuerCertificate {
    text: String,
    document: Vec<u8>,
}

impl IssuerCertificate {
    /// Takes the text of a certificate and checks that it is one.
    ///
    /// # Errors
    /// Exit code 3 with the status of reading it.
    pub fn new(text: String) -> Result<Self> {
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
        .hint("give the certificate that was made for this key, or make one with lic2-signer certify"))
    }

    fn claim<'b>(&self, memory: &'b mut DocumentBuffer) -> Result<Certificate<'b>> {
        match claim::read(self.text.as_bytes(), memory).map_err(Failure::rejected)?.content {
            Content::Certificate(certificate) => Ok(certificate),
            Content::Code { .. } => Err(Failure::rejected(Error::DocumentKind)),
        }
    }
}

/// Verifies `code` with the library as a product does that knows `anchors` and `certificate`.
///
/// # Errors
/// Exit code 3 with the status, and the limit that is broken where there is one.
pub fn check_with_anchors(code: &str, anchors: &[PublicKey], certificate: Option<&IssuerCertificate>) -> Result<()> {
    let mut ring = KeyRing::new(anchors).map_err(|error| Failure::key(error.text()).hint(error.advice()))?;
    if let Some(certificate) = certificate {
        ring.add_issuer(certificate.text.as_bytes())
            .map_err(|error| Failure::rejected(error).at("the anchor does not vouch for the certificate"))?;
    }
    let mut memory = Code::new();
    memory.verify(&ring, code.as_bytes()).map(drop).map_err(|error| explain(error, code, certificate))
}

/// Verifies `code`, which carries no certificate, when the anchor is not at hand: a stand-in anchor certifies the
/// same key within the same limits, and the library decides.
///
/// # Errors
/// As [`check_with_anchors`].
pub fn check_without_anchor(code: &str, key: &PrivateKey, certificate: Option<&IssuerCertificate>) -> Result<()> {
    let Some(certificate) = certificate else {
        return check_with_anchors(code, &[key.public()], None);
    };
    let stand_in = PrivateKey::generate()?;
    let mut memory = DocumentBuffer::new();
    let claim = certificate.claim(&mut memory)?;
    let scope: Vec<&str> = claim.scope.collect();
    let draft = CertificateDraft {
        key: claim.key,
        issued_at: claim.issued_at,
        not_before: claim.not_before,
        not_after: claim.not_after,
        longest_days: claim.longest_days,
        kinds: claim.kinds,
        test_only: claim.test_only,
        scope: &scope,
        name: None,
        extensions: &[],
    };
    let sealed = seal_certificate(&draft, &stand_in.public(), |message| stand_in.sign(message))
        .map_err(|error| Failure::rejected(error).at("certificate"))?;
    let copy = IssuerCertificate::new(sealed.text().into())?;
    check_with_anchors(code, &[stand_in.public()], Some(&copy))
}

/// The refusal with the limit that is broken: both sides of the comparison.
fn explain(error: Error, code: &str, certificate: Option<&IssuerCertificate>) -> Failure {
    let failure = Failure::new(
        Exit::Rejected,
        format!(
            "not issued: a product would refuse this code with status {} {}: {error}",
            error.number(),
            error.name()
        ),
    );
    let mut license_memory = DocumentBuffer::new();
    let mut certificate_memory = DocumentBuffer::new();
    let license = match claim::read(code.as_bytes(), &mut license_memory).map(|claim| claim.content) {
        Ok(Content::Code { license, .. }) => license,
        Ok(Content::Certificate(_)) | Err(_) => return failure.hint(error.advice()),
    };
    match certificate.and_then(|certificate| certificate.claim(&mut certificate_memory).ok()) {
        Some(limits) => failure.hint(broken_limit(error, &license, &limits)),
        None => failure.hint(error.advice()),
    }
}

fn broken_limit(error: Error, license: &License<'_>, limits: &Certificate<'_>) -> String {
    if error == Error::IssuerScope {
        let scope: Vec<&str> = limits.scope.collect();
        return format!("the product is {}, and the certificate covers {} only", license.product, scope.join(", "));
    }
    if error == Error::IssuerTerm {
        return format!(
            "the term and its grace last longer than the {} days that the certificate permits; perpetual terms are \
             never permitted then",
            limits.longest_days
        );
    }
    if error == Error::IssuerDate {
        return format!(
            "the time of issue is {}, and the certificate is valid from {} until {}",
            timespec::format(license.issued_at),
            timespec::format(limits.not_before),
            timespec::format(limits.not_after)
        );
    }
    if error == Error::IssuerTestOnly {
        return "the certificate permits test codes only: issue with --class test".into();
    }
    if error == Error::IssuerKind {
        return "the certificate does not permit codes: certify the key with --kinds codes".into();
    }
    error.advice().into()
}

/// The key id of a document as people compare it.
#[must_use]
pub fn key_id(id: [u8; 4]) -> String {
    ui::hex(&id)
}
