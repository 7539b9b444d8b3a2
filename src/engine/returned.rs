//! Licenses that this device has given back. It refuses each of them up to the serial that it had, and can show the
//! last receipts again: a receipt that got lost on its way must not cost the customer the license.

use super::image::{Entry, EntryKind, Image};
use crate::error::Error;
use crate::limits::{RECEIPTS_KEPT, RETURNED_MAX};

/// `[u8; 8]` license id hash and `u32` serial; the receipt, if it is kept, follows.
pub(super) const FIXED_LEN: usize = 12;

impl Image<'_> {
    /// Of a license that was given back: the serial that it had, and the receipt if it is kept.
    pub(super) fn returned(&self, id_hash: [u8; 8]) -> Option<(u32, &[u8])> {
        self.entries_of(EntryKind::Returned).find_map(|entry| {
            let (fixed, receipt) = entry.content.split_first_chunk::<FIXED_LEN>()?;
            let (hash, serial) = fixed.split_first_chunk::<8>()?;
            (*hash == id_hash).then(|| (u32::from_le_bytes(serial.first_chunk().copied().unwrap_or([0; 4])), receipt))
        })
    }

    /// Notes a license as given back, with its receipt; of the oldest ones only the serial is kept.
    pub(super) fn add_returned(&mut self, id_hash: [u8; 8], serial: u32, receipt: &[u8]) -> Result<(), Error> {
        self.forget_returned(id_hash);
        if self.count(EntryKind::Returned) >= RETURNED_MAX {
            return Err(Error::StateFull);
        }
        while self.with_receipt().nth(RECEIPTS_KEPT - 1).is_some() {
            self.drop_receipt();
        }
        let [a, b, c, d, e, f, g, h] = id_hash;
        let [i, j, k, l] = serial.to_le_bytes();
        self.push_returned(&[a, b, c, d, e, f, g, h, i, j, k, l], receipt)
    }

    fn with_receipt(&self) -> impl Iterator<Item = Entry<'_>> {
        self.entries_of(EntryKind::Returned).filter(|entry| entry.content.len() > FIXED_LEN)
    }

    /// Forgets the oldest receipt; that the license was given back stays.
    fn drop_receipt(&mut self) {
        let oldest = self.with_receipt().next().map(|entry| entry.at);
        if let Some(at) = oldest {
            let entry = self.reopen(at, FIXED_LEN);
            // It only became shorter.
            let _ = self.finish(&entry, EntryKind::Returned);
        }
    }

    /// Forgets all receipts.
    pub(super) fn drop_receipts(&mut self) {
        while self.with_receipt().next().is_some() {
            self.drop_receipt();
        }
    }

    fn push_returned(&mut self, fixed: &[u8; FIXED_LEN], receipt: &[u8]) -> Result<(), Error> {
        let mut entry = self.begin();
        self.push(&mut entry, fixed)?;
        self.push(&mut entry, receipt)?;
        self.finish(&entry, EntryKind::Returned).map(|_| ())
    }

    /// Forgets that a license was given back: it is held again.
    pub(super) fn forget_returned(&mut self, id_hash: [u8; 8]) {
        let found = self.entries_of(EntryKind::Returned).find(|entry| entry.content.first_chunk() == Some(&id_hash));
        if let Some(at) = found.map(|entry| entry.at) {
            self.remove(at);
        }
    }
}
