//! The chain: what the hash of an entry covers, and what a key signs of it.

use ed25519_dalek::{Signature, VerifyingKey};
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

use crate::exit::Result;
use crate::keyfile::PrivateKey;
use crate::publickey::PublicKey;

/// SHA-256 of an entry.
pub type Hash = [u8; 32];

/// The `previous` of the first entry.
pub const FIRST: Hash = [0; 32];

/// What the hash of every entry covers first.
const ENTRY: &[u8; 20] = b"LIC2 ledger entry 1\n";

/// What the signature of every entry covers first. A document's signature covers `LIC2 document 1` first, and the
/// first bytes of a message cannot be both: no signature in a ledger fits a document, and none of a document an entry.
const SIGNED: &[u8; 21] = b"LIC2 ledger signed 1\n";

/// The hash of an entry with these columns, in the order of [`super::COLUMNS`], and this hash before it.
///
/// Every value has its type and, if lengths differ, its length, so that no two entries have the same bytes.
pub(super) fn of_entry<'v>(columns: impl Iterator<Item = ValueRef<'v>>, previous: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(ENTRY);
    for column in columns {
        put(column, &mut hasher);
    }
    put(ValueRef::Blob(previous), &mut hasher);
    hasher.finalize().into()
}

fn put(value: ValueRef<'_>, hasher: &mut Sha256) {
    let mut sized = |tag: u8, bytes: &[u8]| {
        hasher.update([tag]);
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(bytes);
    };
    match value {
        ValueRef::Null => sized(0, &[]),
        ValueRef::Integer(number) => sized(1, &number.to_le_bytes()),
        ValueRef::Text(text) => sized(2, text),
        ValueRef::Blob(bytes) => sized(3, bytes),
        // No column holds one, and a file that does is refused by its types.
        ValueRef::Real(number) => sized(4, &number.to_bits().to_le_bytes()),
    }
}

/// The message that is signed for an entry with this hash.
fn message(hash: &Hash) -> Vec<u8> {
    [SIGNED.as_slice(), hash].concat()
}

/// Signs an entry. A key on a token may fail at it.
pub(super) fn sign(hash: &Hash, key: &PrivateKey) -> Result<[u8; 64]> {
    let signature = key.sign(&message(hash));
    key.take_failure().map_or(Ok(signature), Err)
}

/// Whether this key has signed the entry with this hash.
#[must_use]
pub fn is_signed_by(hash: &Hash, key: &PublicKey, signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(key)
        .is_ok_and(|key| key.verify_strict(&message(hash), &Signature::from_bytes(signature)).is_ok())
}
