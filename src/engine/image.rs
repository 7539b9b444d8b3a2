//! The bytes of the stored activation: a header of fixed fields, entries one after another, a seal and a check.
//!
//! `docs/STATE.md` has the layout. This file reads and writes fields and entries; it knows no rule.

use core::num::NonZeroUsize;

use crate::error::Error;
use crate::hash::SEAL_LEN;
use crate::limits::{CHECK_LEN, STATE_MAX};

/// The first bytes of every stored activation.
pub(crate) const MAGIC: [u8; 4] = *b"L2ST";

/// The latest version of the layout that this library reads and, once the product has confirmed its build, writes.
pub(crate) const STATE_VERSION: u8 = if cfg!(feature = "_trial_state") { 3 } else { 2 };

/// The earliest one. Version 1 was a draft, and no released library has written it.
pub(crate) const STATE_VERSION_LEAST: u8 = 2;

/// How a state begins that was not stored before. In the earliest version: until the product confirms this build, an
/// earlier one may come back and has to read it.
const BEGINNING: [u8; 5] = {
    let [a, b, c, d] = MAGIC;
    [a, b, c, d, STATE_VERSION_LEAST]
};

/// Where the entries begin.
pub(crate) const HEADER_LEN: usize = 128;

/// Seal and check behind the entries, in bytes.
pub(crate) const TRAILER_LEN: usize = SEAL_LEN + CHECK_LEN;

/// Kind, flags and length before the content of an entry, in bytes.
pub(crate) const ENTRY_HEADER_LEN: usize = 4;

/// Offsets of the fixed fields. Integers are little-endian.
pub(crate) mod field {
    /// `[u8; 4]`: [`super::MAGIC`].
    pub(crate) const MAGIC: usize = 0;
    /// `u8`: layout version. Everything before the sequence keeps its place in every version.
    pub(crate) const VERSION: usize = 4;
    /// `u8`: bit 0: the seal is keyed.
    pub(crate) const FLAGS: usize = 5;
    /// `u16`: length of the whole, seal and check included.
    pub(crate) const LENGTH: usize = 6;
    /// `[u8; 4]`: check of the bytes before it, so that a torn write is not taken for a later version.
    pub(crate) const HEADER_CHECK: usize = 8;
    /// `u32`: number of this write.
    pub(crate) const SEQUENCE: usize = 12;
    /// `u32`: value of the monotonic counter that belongs to this write.
    pub(crate) const COUNTER: usize = 16;
    /// `u16`: status number of a condition that only an unlock ends; 0 if there is none.
    pub(crate) const LOCK: usize = 20;
    // 22 to 24: zeros. What a later library writes there is kept.
    /// `[u8; 8]`: short hash of the product id.
    pub(crate) const PRODUCT: usize = 24;
    /// `[u8; 8]`: short hash of the key ring under which the signatures were checked.
    pub(crate) const RING: usize = 32;
    /// `u64`: Unix seconds that are certainly past.
    pub(crate) const FLOOR: usize = 40;
    /// `u64`: powered-on seconds when the floor was set.
    pub(crate) const FLOOR_POWERED: usize = 48;
    /// `u64`: powered-on seconds, charged ahead.
    pub(crate) const POWERED: usize = 56;
    /// `u64`: Unix seconds: issue time of the newest list, token or unlock.
    pub(crate) const REFRESHED: usize = 64;
    /// `[u8; 8]`: nonce of the pending request; zeros if there is none.
    pub(crate) const NONCE: usize = 72;
    /// `u64`: first reading of a clock that is far ahead, in Unix seconds; 0 if it is not.
    pub(crate) const AHEAD_SINCE: usize = 80;
    /// `u64`: last reading of it.
    pub(crate) const AHEAD_UNTIL: usize = 88;
    /// `u32`: number of the last usage report.
    pub(crate) const REPORT: usize = 96;
    /// `u32`: zero; anything else is of a later library, and this one must not write over it.
    pub(crate) const LATER: usize = 100;
    // 104 to 128: zeros. What a later library writes there is kept.
}

/// Flag: the seal is keyed with the device's secret.
pub(crate) const FLAG_SEALED: u8 = 1;

/// What an entry holds: the number in its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EntryKind(pub(crate) u8);

impl EntryKind {
    pub(crate) const LICENSE: Self = Self(1);
    pub(crate) const LIST: Self = Self(2);
    pub(crate) const CERTIFICATE: Self = Self(3);
    pub(crate) const RETURNED: Self = Self(4);
}

/// Where the content of an entry begins in the image. An entry is this one number and no slice that was cut out of the
/// image: a function needs one register for an entry, and may change the image meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(NonZeroUsize);

impl Place {
    /// The offset of a field. Not checked: fields are in the first kilobytes of the image, which reads as zeros behind
    /// its end.
    pub(crate) const fn field(self, offset: usize) -> usize {
        self.0.get().wrapping_add(offset)
    }

    /// Where the entry itself begins.
    pub(crate) const fn entry(self) -> usize {
        self.0.get().wrapping_sub(ENTRY_HEADER_LEN)
    }
}

/// The image of the stored activation in the caller's memory. Of a known length, so that one address is all that its many
/// functions are called with.
#[derive(Debug)]
pub(crate) struct Image<'m> {
    bytes: &'m mut [u8; STATE_MAX],
}

impl<'m> Image<'m> {
    pub(crate) fn new(bytes: &'m mut [u8; STATE_MAX]) -> Self {
        Self { bytes }
    }

    /// All of the memory, to be read into.
    pub(crate) fn memory(&mut self) -> &mut [u8] {
        self.bytes
    }

    /// A copy of all of the memory.
    pub(super) fn copy(&self) -> [u8; STATE_MAX] {
        *self.bytes
    }

    /// An activation that holds nothing.
    pub(crate) fn clear(&mut self) {
        self.bytes.fill(0);
        self.set(field::MAGIC, &BEGINNING);
        self.set_end(HEADER_LEN);
    }

    #[inline(never)]
    pub(crate) fn set(&mut self, at: usize, value: &[u8]) {
        if let Some(target) = self.bytes.get_mut(at..at.saturating_add(value.len())) {
            // Not copy_from_slice, which keeps a path that panics.
            for (target, byte) in target.iter_mut().zip(value) {
                *target = *byte;
            }
        }
    }

    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        self.bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
    }

    #[inline(never)]
    pub(crate) fn u8(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    #[inline(never)]
    pub(crate) fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.array(at))
    }

    #[inline(never)]
    pub(crate) fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.array(at))
    }

    /// Eight bytes: a number, a hash, the beginning of a key.
    #[inline(never)]
    pub(crate) fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.array(at))
    }

    #[inline(never)]
    pub(crate) fn set_u16(&mut self, at: usize, value: u16) {
        self.set(at, &value.to_le_bytes());
    }

    #[inline(never)]
    pub(crate) fn set_u32(&mut self, at: usize, value: u32) {
        self.set(at, &value.to_le_bytes());
    }

    #[inline(never)]
    pub(crate) fn set_u64(&mut self, at: usize, value: u64) {
        self.set(at, &value.to_le_bytes());
    }

    /// The length of the whole, as the header states it.
    pub(crate) fn length(&self) -> usize {
        usize::from(self.u16(field::LENGTH))
    }

    /// Where the entries end.
    #[inline(never)]
    pub(crate) fn end(&self) -> usize {
        self.length().saturating_sub(TRAILER_LEN)
    }

    fn set_end(&mut self, end: usize) {
        self.set_u16(field::LENGTH, u16::try_from(end.saturating_add(TRAILER_LEN)).unwrap_or(0));
    }

    /// Every byte before the seal.
    #[inline(never)]
    pub(crate) fn sealed_part(&self) -> &[u8] {
        self.bytes.get(..self.end()).unwrap_or(&[])
    }

    /// Every byte before the check.
    pub(crate) fn checked_part(&self) -> &[u8] {
        self.bytes.get(..self.length().saturating_sub(CHECK_LEN)).unwrap_or(&[])
    }

    /// Everything that is stored.
    pub(crate) fn whole(&self) -> &[u8] {
        self.bytes.get(..self.length()).unwrap_or(&[])
    }

    /// The bytes from an offset on; none of them where the image ends before.
    pub(crate) fn range(&self, at: usize, length: usize) -> &[u8] {
        self.up_to(at, at.wrapping_add(length))
    }

    /// The bytes from an offset up to another one; none of them where the image ends before.
    #[inline(never)]
    pub(crate) fn up_to(&self, at: usize, end: usize) -> &[u8] {
        self.bytes.get(at..end).unwrap_or(&[])
    }

    /// The length of the content of an entry.
    pub(crate) fn length_of(&self, place: Place) -> usize {
        usize::from(self.u16(place.entry().wrapping_add(2)))
    }

    #[inline(never)]
    pub(crate) fn content(&self, place: Place) -> &[u8] {
        self.range(place.field(0), self.length_of(place))
    }

    /// The entry behind another one, or the first one.
    #[inline(never)]
    pub(crate) fn entry_after(&self, before: Option<Place>) -> Option<Place> {
        let at = before.map_or(HEADER_LEN, |place| place.field(self.length_of(place)));
        let place = Place(NonZeroUsize::new(at.wrapping_add(ENTRY_HEADER_LEN))?);
        (place.field(self.length_of(place)) <= self.end()).then_some(place)
    }

    pub(crate) fn kind_of(&self, place: Place) -> EntryKind {
        EntryKind(self.u8(place.entry()))
    }

    /// The next entry of a kind behind another one, or the first one.
    #[inline(never)]
    pub(crate) fn next(&self, kind: EntryKind, mut before: Option<Place>) -> Option<Place> {
        loop {
            before = self.entry_after(before);
            if self.kind_of(before?) == kind {
                return before;
            }
        }
    }

    /// How many entries of a kind there are.
    #[inline(never)]
    pub(crate) fn count(&self, kind: EntryKind) -> usize {
        let mut count: usize = 0;
        let mut entry = None;
        loop {
            entry = self.next(kind, entry);
            if entry.is_none() {
                return count;
            }
            count = count.wrapping_add(1);
        }
    }

    /// Removes an entry.
    #[inline(never)]
    pub(crate) fn remove(&mut self, place: Place) {
        let end = self.end();
        let kept = self.move_last(place);
        for byte in self.bytes.get_mut(kept..end).unwrap_or_default() {
            *byte = 0;
        }
        self.set_end(kept);
    }

    /// How many bytes can still be added.
    pub(crate) fn free(&self) -> usize {
        self.bytes.len().wrapping_sub(TRAILER_LEN).saturating_sub(self.end())
    }

    /// Moves an entry behind all others, and returns where it begins then.
    #[inline(never)]
    fn move_last(&mut self, place: Place) -> usize {
        let end = self.end();
        let at = place.entry();
        // Three reversals rotate in place.
        let middle = place.field(self.length_of(place));
        self.reverse(at, middle);
        self.reverse(middle, end);
        self.reverse(at, end);
        at.wrapping_add(end).wrapping_sub(middle)
    }

    #[inline(never)]
    fn reverse(&mut self, from: usize, to: usize) {
        if let Some(bytes) = self.bytes.get_mut(from..to) {
            bytes.reverse();
        }
    }

    /// Begins an entry behind the last one; it counts only after [`Image::finish`].
    pub(crate) fn begin(&self) -> NewEntry {
        NewEntry::at(self.end())
    }

    /// Opens an entry for rewriting: moves it behind all others and keeps the first `kept` bytes of its content.
    pub(crate) fn reopen(&mut self, place: Place, kept: usize) -> NewEntry {
        let at = self.move_last(place);
        self.set_end(at);
        let mut entry = NewEntry::at(at);
        entry.end = entry.end.wrapping_add(kept);
        entry
    }

    /// Adds bytes to a new entry, as far as there is room: whether there was says [`Image::finish`], once for all of them.
    #[inline(never)]
    pub(crate) fn push(&mut self, entry: &mut NewEntry, bytes: &[u8]) {
        self.set(entry.end, bytes);
        entry.end = entry.end.saturating_add(bytes.len());
    }

    /// Completes a new entry. After `StateFull` the image is of no use any more.
    #[inline(never)]
    pub(crate) fn finish(&mut self, entry: &NewEntry, kind: EntryKind) -> Result<(), Error> {
        if entry.end > self.bytes.len().wrapping_sub(TRAILER_LEN) {
            return Err(Error::StateFull);
        }
        let [low, high] = u16::try_from(entry.end.wrapping_sub(entry.content())).unwrap_or(0).to_le_bytes();
        self.set(entry.at, &[kind.0, 0, low, high]);
        self.set_end(entry.end);
        Ok(())
    }
}

/// An entry in the making.
#[derive(Debug)]
pub(crate) struct NewEntry {
    at: usize,
    /// Where what is added next begins.
    pub(crate) end: usize,
}

impl NewEntry {
    const fn at(at: usize) -> Self {
        Self { at, end: at.wrapping_add(ENTRY_HEADER_LEN) }
    }

    /// Where its content begins.
    pub(crate) const fn content(&self) -> usize {
        self.at.wrapping_add(ENTRY_HEADER_LEN)
    }
}
