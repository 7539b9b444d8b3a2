//! From an unverified document to a genuine one. The order is fixed: certificate, signature, content, limits
//! of the issuer. Nothing of the content is decoded before the signature is known to be good.

use crate::document::{DocumentBuffer, Unverified};
use crate::ed25519::PublicKey;
use crate::error::Error;
use crate::keys::{Constraints, Issuer, KeyRing};
use crate::limits::{CERTIFICATE_MAX, KEY_ID_LEN};
use crate::time::SECONDS_PER_DAY;
use crate::wire::certificate::Certificate;
use crate::wire::envelope::{DOMAIN, Envelope};
use crate::wire::kind::Kind;
use crate::wire::license::{Class, License, Term};

/// Who signed a genuine document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signer {
    /// An anchor itself.
    Anchor,
    /// An issuer that an anchor has certified.
    Issuer,
}

/// A license whose signature, encoding and issuer are good. Only [`Unverified::verify`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Genuine<'b> {
    license: License<'b>,
    key_id: [u8; KEY_ID_LEN],
    signer: Signer,
}

impl<'b> Genuine<'b> {
    /// A license that [`Unverified::verify`] has accepted before, decoded again from the same memory.
    pub(crate) const fn restored(license: License<'b>, key_id: [u8; KEY_ID_LEN], signer: Signer) -> Self {
        Self { license, key_id, signer }
    }

    /// The content.
    #[must_use]
    pub const fn license(&self) -> &License<'b> {
        &self.license
    }

    /// The key that signed it: its first four bytes.
    #[must_use]
    pub const fn key_id(&self) -> [u8; KEY_ID_LEN] {
        self.key_id
    }

    /// Who signed it.
    #[must_use]
    pub const fn signer(&self) -> Signer {
        self.signer
    }
}

impl<'b> Unverified<'b> {
    /// Checks the signature with the keys of `ring`, then the content, then the issuer's limits.
    ///
    /// # Errors
    /// `NotInitialized` for a ring that is not set up; the statuses from 211 to 214 for content that is signed
    /// but not valid, and from 301 to 310 for one that is not authentic.
    pub fn verify(self, ring: &KeyRing) -> Result<Genuine<'b>, Error> {
        ring.check_ready()?;
        let envelope = &self.envelope;
        let (license, signer) = match envelope.certificate {
            Some(bytes) => {
                let certificate = check_certificate(bytes, Kind::Certificate.letter(), ring)?;
                let issuer = Issuer::from_certificate(&certificate)?;
                if issuer.key.id() != envelope.key_id {
                    return Err(Error::CertificateInvalid);
                }
                check_signature(&issuer.key, envelope)?;
                (checked_license(envelope.payload, self.kind(), Some(issuer.constraints()))?, Signer::Issuer)
            }
            None => find_signer(envelope, self.kind(), ring)?,
        };
        Ok(Genuine { license, key_id: envelope.key_id, signer })
    }
}

impl KeyRing {
    /// Adds an issuer by the text of its certificate, so that its codes need not carry it.
    ///
    /// # Errors
    /// The statuses of reading and of the certificate; `KeyDuplicate` and `KeyringFull`. The ring keeps what it
    /// had.
    pub fn add_issuer(&mut self, certificate: &[u8]) -> Result<(), Error> {
        self.check_ready()?;
        let mut buffer = DocumentBuffer::new();
        let (letter, bytes) = buffer.read_text(certificate)?;
        let issuer = Issuer::from_certificate(&check_certificate(bytes, letter, self)?)?;
        self.push_issuer(issuer)
    }
}

/// Tries the keys of the ring that have the document's key id: anchors first, then issuers. The first whose
/// signature is good and whose limits permit the license is the signer; a refusal by limits says more than one by
/// a signature.
fn find_signer<'b>(envelope: &Envelope<'b>, kind: Kind, ring: &KeyRing) -> Result<(License<'b>, Signer), Error> {
    let mut refusal = Error::KeyUnknown;
    for key in ring.anchors_with(envelope.key_id) {
        match check_signature(key, envelope) {
            Ok(()) => return Ok((checked_license(envelope.payload, kind, None)?, Signer::Anchor)),
            Err(error) => refusal = error,
        }
    }
    for issuer in ring.issuers_with(envelope.key_id) {
        match check_signature(&issuer.key, envelope) {
            Ok(()) => match checked_license(envelope.payload, kind, Some(issuer.constraints())) {
                Ok(license) => return Ok((license, Signer::Issuer)),
                Err(error) => refusal = error,
            },
            Err(error) if refusal == Error::KeyUnknown => refusal = error,
            Err(_) => {}
        }
    }
    Err(refusal)
}

fn check_signature(key: &PublicKey, envelope: &Envelope<'_>) -> Result<(), Error> {
    if key.verify(&[DOMAIN, envelope.signed], envelope.signature) { Ok(()) } else { Err(Error::SignatureInvalid) }
}

/// Checks an issuer certificate against the anchors of `ring` and decodes it.
fn check_certificate<'b>(bytes: &'b [u8], letter: u8, ring: &KeyRing) -> Result<Certificate<'b>, Error> {
    let envelope = Envelope::parse(bytes, letter, Kind::Certificate)?;
    if envelope.certificate.is_some() || bytes.len() > CERTIFICATE_MAX {
        return Err(Error::CertificateInvalid);
    }
    let mut error = Error::CertificateUntrusted;
    for anchor in ring.anchors_with(envelope.key_id) {
        if check_signature(anchor, &envelope).is_ok() {
            return Certificate::decode(envelope.payload);
        }
        error = Error::CertificateSignature;
    }
    Err(error)
}

/// Decodes the license and holds it against what its issuer may grant.
fn checked_license<'b>(
    payload: &'b [u8],
    kind: Kind,
    constraints: Option<Constraints<'_>>,
) -> Result<License<'b>, Error> {
    let license = License::decode(payload)?;
    if let Some(constraints) = constraints {
        check_issuer(&license, kind, &constraints)?;
    }
    Ok(license)
}

pub(crate) fn check_issuer(license: &License<'_>, kind: Kind, constraints: &Constraints<'_>) -> Result<(), Error> {
    if !constraints.permits(kind) {
        return Err(Error::IssuerKind);
    }
    if license.issued_at < constraints.not_before || license.issued_at >= constraints.not_after {
        return Err(Error::IssuerDate);
    }
    if !constraints.scope.covers(license.product) {
        return Err(Error::IssuerScope);
    }
    if constraints.test_only && license.class != Class::Test {
        return Err(Error::IssuerTestOnly);
    }
    if constraints.longest_days != 0 && !lasts_at_most(license, constraints.longest_days) {
        return Err(Error::IssuerTerm);
    }
    Ok(())
}

/// Whether the term and the grace after it end within `days` of the issue, of the first activation, or of
/// powered-on time, whichever the term counts in.
fn lasts_at_most(license: &License<'_>, days: u16) -> bool {
    let grace = u64::from(license.grace_days).saturating_mul(SECONDS_PER_DAY);
    let most = u64::from(days).saturating_mul(SECONDS_PER_DAY);
    let term = match license.term {
        Term::Perpetual => return false,
        Term::Until(end) => end.0.saturating_sub(license.issued_at.0),
        Term::DaysFromActivation(days) => u64::from(days).saturating_mul(SECONDS_PER_DAY),
        Term::PoweredHours(hours) => u64::from(hours).saturating_mul(3_600),
    };
    term.saturating_add(grace) <= most
}
