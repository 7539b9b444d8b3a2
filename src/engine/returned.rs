//! Licenses that this device has given back. It refuses each of them up to the serial that it had, and can show the
//! last receipts again: a receipt that got lost on its way must not cost the customer the license.

use super::image::{Entry, EntryKind, Image, u32_at};
use crate::error::Error;
use crate::limits::{RECEIPTS_KEPT, RETURNED_MAX};

/// `u32` serial, behind the license id hash.
const SERIAL: usize = 8;
/// `[u8; 8]` license id hash and `u32` serial; the receipt, if it is kept, follows.
pub(super) const FIXED_LEN: usize = 12;

impl Image<'_> {
    /// The entry of a license that was given back.
    #[inline(never)]
    fn entry_of_returned(&self, id_hash: [u8; 8]) -> Option<Entry<'_>> {
        self.entries_of(EntryKind::Returned).find(|entry| entry.content.first_chunk() == Some(&id_hash))
    }

    /// Of a license that was given back: the receipt; empty if it is not kept.
    pub(super) fn receipt(&self, id_hash: [u8; 8]) -> Option<&[u8]> {
        self.entry_of_returned(id_hash).and_then(|entry| entry.content.get(FIXED_LEN..))
    }

    /// Whether this issue of a license or a later one was given back.
    pub(super) fn is_returned(&self, id_hash: [u8; 8], serial: u32) -> bool {
        self.entry_of_returned(id_hash).is_some_and(|entry| serial <= u32_at(entry.content, SERIAL))
    }

    /// Notes a license as given back, with its receipt; of the oldest ones only the serial is kept.
    pub(super) fn add_returned(&mut self, id_hash: [u8; 8], serial: u32, receipt: &[u8]) -> Result<(), Error> {
        self.forget_returned(id_hash);
        if self.count(EntryKind::Returned) >= RETURNED_MAX {
            return Err(Error::StateFull);
        }
        while self.receipts() >= RECEIPTS_KEPT {
            self.drop_receipt();
        }
        let [a, b, c, d, e, f, g, h] = id_hash;
        let [i, j, k, l] = serial.to_le_bytes();
        self.push_returned(&[a, b, c, d, e, f, g, h, i, j, k, l], receipt)
    }

    fn receipts(&self) -> usize {
        let mut count: usize = 0;
        for entry in self.entries_of(EntryKind::Returned) {
            count = count.saturating_add(usize::from(entry.content.len() > FIXED_LEN));
        }
        count
    }

    /// Forgets the oldest receipt; that the license was given back stays. Says whether there was one.
    fn drop_receipt(&mut self) -> bool {
        let oldest = self.entries_of(EntryKind::Returned).find(|entry| entry.content.len() > FIXED_LEN);
        let Some(at) = oldest.map(|entry| entry.at) else { return false };
        let entry = self.reopen(at, FIXED_LEN);
        // It only became shorter.
        let _ = self.finish(&entry, EntryKind::Returned);
        true
    }

    /// Forgets all receipts.
    pub(super) fn drop_receipts(&mut self) {
        while self.drop_receipt() {}
    }

    fn push_returned(&mut self, fixed: &[u8; FIXED_LEN], receipt: &[u8]) -> Result<(), Error> {
        let mut entry = self.begin();
        self.push(&mut entry, fixed)?;
        self.push(&mut entry, receipt)?;
        self.finish(&entry, EntryKind::Returned)
    }

    /// Forgets that a license was given back: it is held again.
    pub(super) fn forget_returned(&mut self, id_hash: [u8; 8]) {
        if let Some(at) = self.entry_of_returned(id_hash).map(|entry| entry.at) {
            self.remove(at);
        }
    }
}
