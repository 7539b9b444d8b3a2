//! The issuer certificates in the store: documents that carry none may be signed by their issuers.

use super::image::{EntryKind, Image, Place};
use crate::document::Unverified;
use crate::limits::{ISSUERS, KEY_ID_LEN};
use crate::wire::certificate::Certificate;
use crate::wire::envelope::Envelope;
use crate::wire::kind::Kind;

/// The entries of certificates.
impl Image<'_> {
    /// The issuer certificates that came with codes.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        let mut next = None;
        core::iter::from_fn(move || {
            next = if ISSUERS { self.next(EntryKind::CERTIFICATE, next) } else { None };
            next.map(|held| self.content(held))
        })
    }

    /// The document in an entry of this kind.
    pub(super) fn document(&self, held: Place, kind: EntryKind) -> &[u8] {
        if kind == EntryKind::LICENSE { self.code(held) } else { self.list_document(held) }
    }

    /// Whether some document that carries no certificate may be signed by the issuer of this one.
    fn needs_certificate(&self, certificate: &[u8]) -> bool {
        let Some(id) = certified_key_id(certificate) else { return false };
        for kind in [EntryKind::LICENSE, EntryKind::LIST] {
            let mut next = None;
            loop {
                next = self.next(kind, next);
                let Some(held) = next else { break };
                if Unverified::from_stored(self.document(held, kind))
                    .is_ok_and(|document| !document.has_certificate() && document.key_id() == id)
                {
                    return true;
                }
            }
        }
        false
    }

    /// A certificate that no document needs.
    pub(super) fn idle_certificate(&self) -> Option<Place> {
        let mut next = None;
        loop {
            next = self.next(EntryKind::CERTIFICATE, next);
            if !self.needs_certificate(self.content(next?)) {
                return next;
            }
        }
    }
}

/// The key id of the issuer that a certificate is for.
fn certified_key_id(certificate: &[u8]) -> Option<[u8; KEY_ID_LEN]> {
    let letter = Kind::Certificate.letter();
    let envelope = Envelope::parse(certificate, letter, Kind::Certificate).ok()?;
    Certificate::decode(envelope.payload).ok()?.key.first_chunk().copied()
}
