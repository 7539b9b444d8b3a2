//! From an unverified document to a genuine one. The order is fixed: certificate, signature, content, limits
//! of the issuer. Nothing of the content is decoded before the signature is known to be good.

use core::hint::black_box;

use crate::document::Unverified;
use crate::error::Error;
use crate::keys::{Constraints, Issuer, KeyRing};
use crate::limits::{CERTIFICATE_MAX, ISSUERS, KEY_ID_LEN, KEY_LEN, LINE_LEN};
use crate::permission;
use crate::signature::PublicKey;
use crate::wire::certificate::Certificate;
use crate::wire::envelope::{DOMAIN, Envelope};
use crate::wire::kind::Kind;
use crate::wire::license::License;
use crate::wire::revocation::RevocationList;
use crate::wire::time_token::TimeToken;
use crate::wire::unlock::Unlock;
use crate::witness::Witness;

/// Who signed a genuine document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signer {
    /// An anchor itself.
    Anchor,
    /// An issuer that an anchor has certified.
    Issuer,
}

impl Signer {
    /// Whether it is an issuer: none is where the library is built without them.
    #[must_use]
    pub const fn is_issuer(self) -> bool {
        ISSUERS && matches!(self, Self::Issuer)
    }
}

/// That a code is genuine, apart from its content. [`Unverified::prove`] alone finds it out; integers only, so that it can
/// be kept, and any memory is a value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Proof {
    /// That signature, issuer and issuer's limits are good.
    witness: Witness,
    key_id: [u8; KEY_ID_LEN],
    by_issuer: u32,
}

impl Proof {
    /// Of nothing.
    pub(crate) const NONE: Self = Self { witness: Witness::NONE, key_id: [0; KEY_ID_LEN], by_issuer: 0 };

    /// One that the state of an engine keeps in a form of its own. A test names who may call this.
    #[inline]
    pub(crate) fn from_state(key_id: [u8; KEY_ID_LEN], signer: Signer, witness: Witness) -> Self {
        Self { witness, key_id, by_issuer: u32::from(signer.is_issuer()) }
    }

    /// Whether there is a proof, and it is good.
    pub(crate) fn is_good(&self) -> bool {
        self.witness.is_good()
    }

    const fn signer(&self) -> Signer {
        if !ISSUERS || self.by_issuer == 0 { Signer::Anchor } else { Signer::Issuer }
    }
}

/// A license whose signature, encoding and issuer are good.
///
/// It is decoded with a proof and by nothing else: [`Unverified::verify`] finds that proof, [`crate::Code`] and
/// [`crate::Engine`] keep what the same check has found.
#[derive(Clone, Copy, Debug)]
pub struct Genuine<'b> {
    license: License<'b>,
    /// What the license was decoded from.
    payload: &'b [u8],
    proof: Proof,
}

impl<'b> Genuine<'b> {
    /// Decodes the payload of a code with the proof that was found for it. A proof that is not good denies: its words become
    /// those of the verdict.
    #[inline]
    pub(crate) fn decode(payload: &'b [u8], proof: Proof) -> Result<Self, Error> {
        Ok(Self { license: License::decode(payload)?, payload, proof })
    }

    /// The license, decoded again.
    pub(crate) fn license_again(&self) -> Result<License<'b>, Error> {
        // Hidden: the compiler knows that the same bytes give the same license, and would reuse the first one.
        License::decode(black_box(self.payload))
    }

    /// The same license with another witness.
    #[cfg(test)]
    pub(crate) fn with_witness(&self, witness: Witness) -> Self {
        Self { proof: Proof { witness, ..self.proof }, ..*self }
    }

    /// That signature, issuer and issuer's limits are good.
    pub(crate) const fn witness(&self) -> Witness {
        self.proof.witness
    }

    /// The content.
    #[must_use]
    pub const fn license(&self) -> &License<'b> {
        &self.license
    }

    /// The key that signed it: its first four bytes.
    #[must_use]
    pub const fn key_id(&self) -> [u8; KEY_ID_LEN] {
        self.proof.key_id
    }

    /// Who signed it.
    #[must_use]
    pub const fn signer(&self) -> Signer {
        self.proof.signer()
    }
}

/// What a seller says to devices.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Content<'b> {
    /// A license.
    License(License<'b>),
    /// A revocation list.
    RevocationList(RevocationList<'b>),
    /// A time token.
    TimeToken(TimeToken<'b>),
    /// An unlock.
    Unlock(Unlock<'b>),
}

impl<'b> Content<'b> {
    /// Decodes the payload of a document of this kind completely.
    pub(crate) fn decode(kind: Kind, payload: &'b [u8]) -> Result<Self, Error> {
        match kind {
            Kind::Code => License::decode(payload).map(Self::License),
            Kind::RevocationList => RevocationList::decode(payload).map(Self::RevocationList),
            Kind::TimeToken => TimeToken::decode(payload).map(Self::TimeToken),
            Kind::Unlock => Unlock::decode(payload).map(Self::Unlock),
            Kind::Certificate | Kind::Request | Kind::Receipt | Kind::UsageReport => Err(Error::DocumentKind),
        }
    }
}

/// Decodes a payload completely and checks it against the limits of its issuer.
pub(crate) fn check_issuer(kind: Kind, payload: &[u8], limits: &Constraints<'_>) -> Result<(), Error> {
    if !ISSUERS {
        return Err(Error::IssuerUnsupported);
    }
    match kind {
        Kind::Code => permission::check_license(&License::decode(payload)?, limits),
        Kind::RevocationList if Kind::RevocationList.is_carried() => {
            permission::check_list(&RevocationList::decode(payload)?, limits)
        }
        Kind::TimeToken if Kind::TimeToken.is_carried() => {
            permission::check_time_token(&TimeToken::decode(payload)?, limits)
        }
        Kind::Unlock if Kind::Unlock.is_carried() => permission::check_unlock(&Unlock::decode(payload)?, limits),
        Kind::RevocationList
        | Kind::TimeToken
        | Kind::Unlock
        | Kind::Certificate
        | Kind::Request
        | Kind::Receipt
        | Kind::UsageReport => Err(Error::DocumentKind),
    }
}

/// A document whose signature, encoding and issuer are good. Only [`Unverified::verify_document`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct GenuineDocument<'b> {
    pub(crate) content: Content<'b>,
    /// The whole public key of the signer.
    pub(crate) key: [u8; KEY_LEN],
    pub(crate) signer: Signer,
}

impl<'b> GenuineDocument<'b> {
    /// The content.
    #[must_use]
    pub const fn content(&self) -> &Content<'b> {
        &self.content
    }

    /// The key that signed it: its first four bytes.
    #[must_use]
    pub const fn key_id(&self) -> [u8; KEY_ID_LEN] {
        let [a, b, c, d, ..] = self.key;
        [a, b, c, d]
    }

    /// Who signed it.
    #[must_use]
    pub const fn signer(&self) -> Signer {
        self.signer
    }
}

/// Who signed a document, as the check of its signature has found.
pub(crate) struct SignedBy {
    /// The whole public key.
    pub(crate) key: [u8; KEY_LEN],
    pub(crate) signer: Signer,
    /// The place in the ring, from 1, of the anchor that signed it, 0 for an issuer; in the high byte that of the anchor that
    /// vouches for it, which is the same for an anchor.
    pub(crate) place: u16,
    /// The line of an issuer's revocation lists; zeros for an anchor.
    pub(crate) line: [u8; LINE_LEN],
    /// That signature, issuer and issuer's limits are good.
    pub(crate) witness: Witness,
}

/// Decodes the content and checks it against the limits of the issuer, if one signed.
type Accept<'a> = &'a mut dyn FnMut(Option<&Constraints<'_>>) -> Result<(), Error>;

impl<'b> Unverified<'b> {
    /// Checks the signature of a code with the keys of `ring`, then the content, then the issuer's limits.
    ///
    /// # Errors
    /// `NotInitialized` for a ring that is not set up; `DocumentKind` for what is no code; the statuses from 211 to 214
    /// for content that is signed but not valid, and from 301 to 312 for one that is not authentic.
    pub fn verify(self, ring: &KeyRing) -> Result<Genuine<'b>, Error> {
        Genuine::decode(self.envelope.payload, self.prove(ring)?)
    }

    /// Whether a code is genuine: the one gate to a license. Its content is decoded as far as an issuer limits it, after the
    /// signature, and not kept.
    pub(crate) fn prove(&self, ring: &KeyRing) -> Result<Proof, Error> {
        ring.check_ready()?;
        if self.kind() != Kind::Code {
            return Err(Error::DocumentKind);
        }
        let found = self.find_signer(ring, &mut core::iter::empty(), &mut |constraints| match constraints {
            None => Ok(()),
            Some(limits) => permission::check_license(&License::decode(self.envelope.payload)?, limits),
        })?;
        Ok(Proof { witness: found.witness, key_id: self.key_id(), by_issuer: u32::from(found.signer.is_issuer()) })
    }

    /// As [`Unverified::verify`], for every kind that sellers sign for devices. `certificates` are issuer certificates
    /// that were genuine once: the document may be signed by their issuers too, as far as the anchors still vouch
    /// for them.
    ///
    /// # Errors
    /// As [`Unverified::verify`], without `DocumentKind`.
    pub fn verify_document<'c>(
        self,
        ring: &KeyRing,
        mut certificates: impl Iterator<Item = &'c [u8]>,
    ) -> Result<GenuineDocument<'b>, Error> {
        ring.check_ready()?;
        let found = self.find_document_signer(ring, &mut certificates)?;
        let content = Content::decode(self.kind(), self.envelope.payload)?;
        Ok(GenuineDocument { content, key: found.key, signer: found.signer })
    }

    /// Who signed it, and that the signature is good. As for a code, its content is decoded as far as an issuer limits it,
    /// after the signature, and not kept: contents of every kind in one place are many bytes to move.
    pub(crate) fn find_document_signer(
        &self,
        ring: &KeyRing,
        certificates: &mut dyn Iterator<Item = &[u8]>,
    ) -> Result<SignedBy, Error> {
        self.find_signer(ring, certificates, &mut |constraints| match constraints {
            None => Ok(()),
            Some(limits) => check_issuer(self.kind(), self.envelope.payload, limits),
        })
    }

    /// Finds who signed it, under whose limits its content is accepted.
    #[inline(never)]
    fn find_signer(
        &self,
        ring: &KeyRing,
        certificates: &mut dyn Iterator<Item = &[u8]>,
        accept: Accept<'_>,
    ) -> Result<SignedBy, Error> {
        let envelope = &self.envelope;
        if let Some(bytes) = envelope.certificate() {
            let issuer = check_certificate(bytes, Kind::Certificate.letter(), ring)?;
            if issuer.key.id() != envelope.key_id {
                return Err(Error::CertificateInvalid);
            }
            return SignedBy::issuer(&issuer, envelope, accept);
        }
        // A refusal by limits says more than one by a signature.
        let mut refusal = Error::KeyUnknown;
        for (place, key) in ring.anchors_with(envelope.key_id) {
            match check_signature(key, envelope) {
                Ok(witness) => {
                    accept(None)?;
                    let place = u16::from_le_bytes([place, place]);
                    return Ok(SignedBy {
                        key: *key.bytes(),
                        signer: Signer::Anchor,
                        place,
                        line: [0; LINE_LEN],
                        witness,
                    });
                }
                Err(error) => refusal = error,
            }
        }
        if !ISSUERS {
            return Err(refusal);
        }
        let mut refuse = |error| {
            if refusal == Error::KeyUnknown || error != Error::SignatureInvalid {
                refusal = error;
            }
        };
        for issuer in ring.issuers_with(envelope.key_id) {
            match SignedBy::issuer(issuer, envelope, accept) {
                Ok(found) => return Ok(found),
                Err(error) => refuse(error),
            }
        }
        for bytes in certificates {
            // Of a certificate that was genuine once, the anchors may no longer vouch for the issuer.
            let issuer = check_certificate(bytes, Kind::Certificate.letter(), ring);
            let Some(issuer) = issuer.ok().filter(|issuer| issuer.key.id() == envelope.key_id) else { continue };
            match SignedBy::issuer(&issuer, envelope, accept) {
                Ok(found) => return Ok(found),
                Err(error) => refuse(error),
            }
        }
        Err(refusal)
    }
}

impl SignedBy {
    /// The beginning of the key.
    pub(crate) fn short_key(&self) -> [u8; 8] {
        self.key.first_chunk().copied().unwrap_or([0; 8])
    }

    /// The issuer, if it signed the document and was allowed to.
    #[inline(never)]
    fn issuer(issuer: &Issuer, envelope: &Envelope<'_>, accept: Accept<'_>) -> Result<Self, Error> {
        let signed = check_signature(&issuer.key, envelope)?;
        accept(Some(&issuer.constraints()))?;
        // Checked again for the second word: one skipped branch above must not pass an issuer beyond its limits.
        let limits = Witness::of(0, u32::from(accept(Some(&issuer.constraints())).is_err()));
        let witness = signed.and(issuer.witness).and(limits);
        let place = u16::from_le_bytes([0, issuer.anchor]);
        Ok(Self { key: *issuer.key.bytes(), signer: Signer::Issuer, place, line: issuer.line, witness })
    }
}

impl KeyRing {
    /// Adds an issuer by the text of its certificate, so that its codes need not carry it.
    ///
    /// # Errors
    /// The statuses of reading and of the certificate; `KeyDuplicate` and `KeyringFull`. The ring keeps what it
    /// had.
    #[cfg(feature = "issuers")]
    pub fn add_issuer(&mut self, certificate: &[u8]) -> Result<(), Error> {
        self.check_ready()?;
        let mut buffer = crate::document::DocumentBuffer::new();
        let (letter, bytes) = buffer.read_text(certificate)?;
        self.push_issuer(check_certificate(bytes, letter, self)?)
    }
}

fn check_signature(key: &PublicKey, envelope: &Envelope<'_>) -> Result<Witness, Error> {
    let witness = key.verify(&[DOMAIN, envelope.signed], envelope.signature);
    if witness.is_good() { Ok(witness) } else { Err(Error::SignatureInvalid) }
}

/// Checks an issuer certificate against the anchors of `ring`.
fn check_certificate(bytes: &[u8], letter: u8, ring: &KeyRing) -> Result<Issuer, Error> {
    let envelope = Envelope::parse(bytes, letter, Kind::Certificate)?;
    if envelope.certificate().is_some() || bytes.len() > CERTIFICATE_MAX {
        return Err(Error::CertificateInvalid);
    }
    let mut error = Error::CertificateUntrusted;
    for (place, anchor) in ring.anchors_with(envelope.key_id) {
        if let Ok(witness) = check_signature(anchor, &envelope) {
            return Issuer::from_certificate(&Certificate::decode(envelope.payload)?, witness, place);
        }
        error = Error::CertificateSignature;
    }
    Err(error)
}
