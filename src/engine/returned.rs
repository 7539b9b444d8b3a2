//! Licenses that this device has given back. It refuses each of them up to the serial that it had, and can show the
//! last receipts again: a receipt that got lost on its way must not cost the customer the license.

use super::image::{EntryKind, Image, Place};
use crate::error::Error;
use crate::limits::{RECEIPTS_KEPT, RETURNED_MAX};

/// `u32` serial, behind the license id hash.
const SERIAL: usize = 8;
/// `[u8; 8]` license id hash and `u32` serial; the receipt, if it is kept, follows.
pub(super) const FIXED_LEN: usize = 12;

impl Image<'_> {
    /// The entry of a license that was given back.
    #[inline(never)]
    fn entry_of_returned(&self, id_hash: u64) -> Option<Place> {
        let mut next = None;
        loop {
            next = self.next(EntryKind::RETURNED, next);
            if self.u64(next?.field(0)) == id_hash {
                return next;
            }
        }
    }

    /// Of a license that was given back: the receipt; empty if it is not kept.
    pub(super) fn receipt(&self, id_hash: u64) -> Option<&[u8]> {
        self.entry_of_returned(id_hash).and_then(|entry| self.content(entry).get(FIXED_LEN..))
    }

    /// Whether this issue of a license or a later one was given back.
    pub(super) fn is_returned(&self, id_hash: u64, serial: u32) -> bool {
        self.entry_of_returned(id_hash).is_some_and(|entry| serial <= self.u32(entry.field(SERIAL)))
    }

    /// Notes a license as given back, with its receipt; of the oldest ones only the serial is kept.
    pub(super) fn add_returned(&mut self, id_hash: u64, serial: u32, receipt: &[u8]) -> Result<(), Error> {
        self.forget_returned(id_hash);
        if self.count(EntryKind::RETURNED) >= RETURNED_MAX {
            return Err(Error::StateFull);
        }
        while self.receipts() >= RECEIPTS_KEPT {
            self.drop_receipt();
        }
        let mut entry = self.begin();
        self.push(&mut entry, &id_hash.to_le_bytes());
        self.push(&mut entry, &serial.to_le_bytes());
        self.push(&mut entry, receipt);
        self.finish(&entry, EntryKind::RETURNED)
    }

    /// The next entry with a receipt behind another one, or the first one.
    fn receipt_after(&self, mut before: Option<Place>) -> Option<Place> {
        loop {
            before = self.next(EntryKind::RETURNED, before);
            if self.length_of(before?) > FIXED_LEN {
                return before;
            }
        }
    }

    fn receipts(&self) -> usize {
        let mut count: usize = 0;
        let mut next = None;
        loop {
            next = self.receipt_after(next);
            if next.is_none() {
                return count;
            }
            count = count.saturating_add(1);
        }
    }

    /// Forgets the oldest receipt; that the license was given back stays. Says whether there was one.
    fn drop_receipt(&mut self) -> bool {
        let Some(oldest) = self.receipt_after(None) else { return false };
        let entry = self.reopen(oldest, FIXED_LEN);
        // It only became shorter.
        let _ = self.finish(&entry, EntryKind::RETURNED);
        true
    }

    /// Forgets all receipts.
    pub(super) fn drop_receipts(&mut self) {
        while self.drop_receipt() {}
    }

    /// Forgets that a license was given back: it is held again.
    pub(super) fn forget_returned(&mut self, id_hash: u64) {
        if let Some(entry) = self.entry_of_returned(id_hash) {
            self.remove(entry);
        }
    }
}
