//! Licenses that this device has returned. It refuses each of them up to the serial that it had, and can show the last
//! receipts again: a receipt that got lost on its way must not cost the customer the license.

use super::image::{EntryKind, Image, Place};
use super::layout::returned::{AT, FIXED_LEN, METERS, METERS_LEN, NONCE, SERIAL};
use super::shown::Shown;
use crate::error::Error;
use crate::limits::{ID_MAX, NONCE_LEN, RECEIPTS_KEPT, RETURNED_MAX};
use crate::time::UnixSeconds;
use crate::wire::binding::ComponentHash;

/// A returned license, and the content of its receipt.
#[derive(Debug)]
pub(super) struct Returned {
    pub(super) id_hash: u64,
    pub(super) serial: u32,
    pub(super) nonce: [u8; NONCE_LEN],
    pub(super) at: Option<UnixSeconds>,
    /// Where its meters begin and end in the image.
    pub(super) meters: (usize, usize),
    pub(super) shown: Shown,
}

impl Image<'_> {
    /// The entry of a returned license.
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

    /// The content of a returned license's receipt, if that is kept.
    pub(super) fn receipt(&self, id_hash: u64) -> Option<Returned> {
        let entry = self.entry_of_returned(id_hash).filter(|entry| self.has_receipt(*entry))?;
        let mut shown = Shown::NONE;
        let (mut at, end) = self.components_of(entry);
        while at < end {
            let hash = self.u64(at.wrapping_add(1)).to_le_bytes();
            shown.push(ComponentHash { kind: self.u8(at), hash });
            at = at.wrapping_add(ComponentHash::LEN);
        }
        let time = self.u64(entry.field(AT));
        Some(Returned {
            id_hash,
            serial: self.u32(entry.field(SERIAL)),
            nonce: self.u64(entry.field(NONCE)).to_le_bytes(),
            at: (time != 0).then_some(UnixSeconds(time)),
            meters: self.meters_of_returned(entry),
            shown,
        })
    }

    /// The id of a license that was returned with a receipt, copied into `memory`.
    pub(super) fn returned_id<'m>(&self, id_hash: u64, memory: &'m mut [u8; ID_MAX]) -> &'m str {
        let Some(entry) = self.entry_of_returned(id_hash) else { return "" };
        let id = self.up_to(self.components_of(entry).1, entry.field(self.length_of(entry)));
        for (target, byte) in memory.iter_mut().zip(id) {
            *target = *byte;
        }
        memory.get(..id.len()).and_then(|id| core::str::from_utf8(id).ok()).unwrap_or("")
    }

    fn meters_of_returned(&self, entry: Place) -> (usize, usize) {
        let begin = entry.field(METERS);
        (begin, begin.wrapping_add(self.u16(entry.field(METERS_LEN)).into()))
    }

    /// Where the components begin and end.
    fn components_of(&self, entry: Place) -> (usize, usize) {
        let (_, count_at) = self.meters_of_returned(entry);
        let begin = count_at.wrapping_add(1);
        (begin, begin.wrapping_add(usize::from(self.u8(count_at)).wrapping_mul(ComponentHash::LEN)))
    }

    /// Whether an entry has what a receipt says, in the form that this library gives it.
    fn has_receipt(&self, entry: Place) -> bool {
        let (_, id_at) = self.components_of(entry);
        let id_len = entry.field(self.length_of(entry)).checked_sub(id_at);
        id_len.is_some_and(|length| (1..=ID_MAX).contains(&length)) && self.have_form(self.meters_of_returned(entry))
    }

    /// Whether this issue of a license or a later one was returned.
    pub(super) fn is_returned(&self, id_hash: u64, serial: u32) -> bool {
        self.entry_of_returned(id_hash).is_some_and(|entry| serial <= self.u32(entry.field(SERIAL)))
    }

    /// Turns the entry of a license into that of a returned one, with the content of the receipt; of the oldest ones
    /// only the serial is kept. In place: the meters of a license can be half of all that is stored.
    pub(super) fn turn_into_returned(&mut self, receipt: &Returned, license: &str) -> Result<(), Error> {
        self.forget_returned(receipt.id_hash);
        if self.count(EntryKind::RETURNED) >= RETURNED_MAX {
            return Err(Error::StateFull);
        }
        while self.receipts() >= RECEIPTS_KEPT {
            self.drop_receipt();
        }
        let held = self.license(receipt.id_hash).ok_or(Error::LicenseUnknown)?;
        let kept = self.code_at(held).wrapping_sub(held.field(0));
        let mut entry = self.reopen(held, kept);
        let content = entry.content();
        self.set(content, &[0; METERS]);
        self.set_u64(content, receipt.id_hash);
        self.set_u32(content.wrapping_add(SERIAL), receipt.serial);
        self.set_u16(content.wrapping_add(METERS_LEN), u16::try_from(kept.wrapping_sub(METERS)).unwrap_or(0));
        self.set(content.wrapping_add(NONCE), &receipt.nonce);
        self.set_u64(content.wrapping_add(AT), receipt.at.map_or(0, |at| at.0));
        let shown = receipt.shown.entries();
        self.push(&mut entry, &[u8::try_from(shown.len()).unwrap_or(0)]);
        for component in shown {
            self.push(&mut entry, &[component.kind]);
            self.push(&mut entry, &component.hash);
        }
        self.push(&mut entry, license.as_bytes());
        self.finish(&entry, EntryKind::RETURNED)
    }

    /// The next license that was returned after another one, or the first one: its entry, id hash and serial.
    pub(super) fn returned_after(&self, before: Option<Place>) -> Option<(Place, u64, u32)> {
        let entry = self.next(EntryKind::RETURNED, before)?;
        Some((entry, self.u64(entry.field(0)), self.u32(entry.field(SERIAL))))
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

    /// The id hash of the license whose receipt has this number, from 0.
    pub(super) fn receipt_at(&self, number: usize) -> Option<u64> {
        let mut before = number;
        let mut next = None;
        loop {
            next = self.receipt_after(next);
            // An edited store may hold one that cannot be shown.
            if !self.has_receipt(next?) {
                continue;
            }
            if before == 0 {
                return Some(self.u64(next?.field(0)));
            }
            before = before.wrapping_sub(1);
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

    /// Forgets the oldest receipt, but not that the license was returned. Returns whether there was one.
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

    /// Forgets that a license was returned: it is held again.
    pub(super) fn forget_returned(&mut self, id_hash: u64) {
        if let Some(entry) = self.entry_of_returned(id_hash) {
            self.remove(entry);
        }
    }
}
