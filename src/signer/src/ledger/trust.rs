//! Whose signatures count, and whether those of an entry are valid.

use std::collections::HashSet;

use lic2::claim::{self, Claimed};
use lic2::seal::Sealed;
use lic2::{DocumentBuffer, KeyRing, Kind};
use rusqlite::Connection;

use super::entry::Entry;
use super::fault::Fault;
use super::hash::{self, Hash};
use super::view::Head;
use crate::publickey::{self, PublicKey};

/// What to check.
#[derive(Clone, Debug, Default)]
pub struct Demands {
    /// Leave out signatures and texts: hashes, order and the saved head alone.
    pub quick: bool,
    /// Public keys that may sign; empty for all recorded keys.
    pub keys: Vec<PublicKey>,
    /// Anchors: they and the issuers that they have certified may sign.
    pub anchors: Vec<PublicKey>,
    /// A head that was saved elsewhere: it must still be there.
    pub head: Option<Head>,
}

/// The keys whose signatures count.
pub(super) struct Trust {
    /// `None` for all recorded keys.
    keys: Option<HashSet<PublicKey>>,
    anchors: Option<KeyRing>,
}

impl Trust {
    /// The keys that `demands` name, and the issuers that their anchors have certified by certificates in the ledger.
    pub(super) fn new(demands: &Demands, connection: &Connection) -> Result<Self, Fault> {
        if demands.keys.is_empty() && demands.anchors.is_empty() {
            return Ok(Self { keys: None, anchors: None });
        }
        let mut keys: HashSet<PublicKey> = demands.keys.iter().chain(&demands.anchors).copied().collect();
        let anchors = KeyRing::new(&demands.anchors).ok();
        if let Some(ring) = &anchors {
            let mut statement = connection.prepare("SELECT text FROM entry WHERE event = 'certify'")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let text: Option<String> = row.get(0)?;
                keys.extend(text.and_then(|text| certified(&text, ring)));
            }
        }
        Ok(Self { keys: Some(keys), anchors })
    }

    /// Checks who signed the entry and its text. Says whether the text may be decoded.
    pub(super) fn check(&self, entry: &Entry, computed: &Hash, add: &mut impl FnMut(String)) -> bool {
        let from_seller = entry.text.as_deref().and_then(kind_of).is_some_and(|kind| !kind.is_from_device());
        let (Some(key), Some(signature)) = (&entry.signer, &entry.signature) else {
            if entry.signer.is_some() || entry.signature.is_some() || from_seller {
                add("it is not signed".into());
            }
            return !from_seller || self.anchors.is_none();
        };
        if !hash::is_signed_by(computed, key, signature) {
            add(format!("the signature over the entry is not that of key {}", publickey::id(key)));
        }
        let sealed = entry.text.as_deref().filter(|_| from_seller).map(|text| Sealed::read(text.as_bytes()));
        let is_text_signed = sealed.is_some_and(|sealed| sealed.is_ok_and(|sealed| sealed.is_signed_by(key)));
        if from_seller && !is_text_signed {
            add(format!("the signature of its text is not that of key {}", publickey::id(key)));
        }
        // A text that this key has signed shows by its certificate who vouches for the key.
        let is_trusted = |keys: &HashSet<PublicKey>| keys.contains(key) || is_text_signed && self.is_vouched_for(entry);
        if self.keys.as_ref().is_some_and(|keys| !is_trusted(keys)) {
            add(format!("key {} has signed it, and nobody vouches for that key", publickey::id(key)));
        }
        !from_seller || is_text_signed || self.anchors.is_none()
    }

    /// Whether the text carries a certificate of an anchor and is within its limits.
    fn is_vouched_for(&self, entry: &Entry) -> bool {
        let (Some(ring), Some(text)) = (&self.anchors, &entry.text) else { return false };
        let mut memory = DocumentBuffer::new();
        memory
            .read(text.as_bytes())
            .is_ok_and(|unverified| unverified.verify_document(ring, std::iter::empty()).is_ok())
    }
}

/// The key in a certificate that the ring's anchors have signed.
fn certified(text: &str, ring: &KeyRing) -> Option<PublicKey> {
    ring.clone().add_issuer(text.as_bytes()).ok()?;
    let mut memory = DocumentBuffer::new();
    match claim::read(text.as_bytes(), &mut memory).ok()?.content {
        Claimed::Certificate(certificate) => Some(certificate.key),
        Claimed::Seller { .. } | Claimed::Device(_) => None,
    }
}

fn kind_of(text: &str) -> Option<Kind> {
    text.strip_prefix("LIC2")?.bytes().next().and_then(Kind::from_letter)
}
