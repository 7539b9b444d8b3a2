//! The bytes of the stored activation: a header of fixed fields, entries one after another, a seal and a check.
//!
//! `docs/STATE.md` has the layout. This file reads and writes fields and entries; it knows no rule.

use crate::error::Error;
use crate::hash::SEAL_LEN;
use crate::limits::{CHECK_LEN, STATE_MAX};

/// The first bytes of every stored activation.
pub(crate) const MAGIC: [u8; 4] = *b"L2ST";

/// The version of the layout that this library writes.
pub(crate) const STATE_VERSION: u8 = 1;

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
    // 100 to 128: zeros, for later versions.
}

/// Flag: the seal is keyed with the device's secret.
pub(crate) const FLAG_SEALED: u8 = 1;

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    License,
    List,
    Certificate,
    Returned,
}

impl EntryKind {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::License => 1,
            Self::List => 2,
            Self::Certificate => 3,
            Self::Returned => 4,
        }
    }
}

/// One entry: where it stands and what it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'m> {
    /// Offset of its header.
    pub(crate) at: usize,
    pub(crate) kind: u8,
    /// Zero.
    pub(crate) flags: u8,
    pub(crate) content: &'m [u8],
}

impl Entry<'_> {
    pub(crate) const fn is(&self, kind: EntryKind) -> bool {
        self.kind == kind.number()
    }

    /// Offset of its content.
    pub(crate) const fn content_at(&self) -> usize {
        self.at.saturating_add(ENTRY_HEADER_LEN)
    }
}

/// The entries of one kind, or of every kind, in their order. No type of its own for each question about them: whoever
/// asks goes through them in a loop.
#[derive(Clone, Debug)]
pub(crate) struct Entries<'m> {
    bytes: &'m [u8],
    at: usize,
    kind: Option<EntryKind>,
}

impl<'m> Iterator for Entries<'m> {
    type Item = Entry<'m>;

    // Once in the program and not once in each place that goes through the entries.
    #[inline(never)]
    fn next(&mut self) -> Option<Entry<'m>> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            let ([kind, flags, low, high], rest) = rest.split_first_chunk::<ENTRY_HEADER_LEN>()?;
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            let content = rest.get(..length)?;
            let entry = Entry { at: self.at, kind: *kind, flags: *flags, content };
            self.at = entry.content_at().saturating_add(length);
            if self.kind.is_none_or(|kind| entry.is(kind)) {
                return Some(entry);
            }
        }
    }
}

/// A range of `bytes`; none of it where they end before.
#[inline(never)]
pub(super) fn range(bytes: &[u8], at: usize, length: usize) -> &[u8] {
    bytes.get(at..at.saturating_add(length)).unwrap_or(&[])
}

/// The bytes of a field; zeros where `bytes` end before.
pub(super) fn bytes_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    range(bytes, at, N).first_chunk().copied().unwrap_or([0; N])
}

#[inline(never)]
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes_at(bytes, at))
}

#[inline(never)]
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes_at(bytes, at))
}

#[inline(never)]
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes_at(bytes, at))
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

    /// An activation that holds nothing.
    pub(crate) fn clear(&mut self) {
        self.bytes.fill(0);
        self.set(field::MAGIC, &MAGIC);
        self.set(field::VERSION, &[STATE_VERSION]);
        self.set_end(HEADER_LEN);
    }

    pub(crate) fn get<const N: usize>(&self, at: usize) -> [u8; N] {
        bytes_at(self.bytes, at)
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

    #[inline(never)]
    pub(crate) fn u16(&self, at: usize) -> u16 {
        u16_at(self.bytes, at)
    }

    #[inline(never)]
    pub(crate) fn u32(&self, at: usize) -> u32 {
        u32_at(self.bytes, at)
    }

    #[inline(never)]
    pub(crate) fn u64(&self, at: usize) -> u64 {
        u64_at(self.bytes, at)
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

    #[inline(never)]
    pub(crate) fn range(&self, at: usize, length: usize) -> &[u8] {
        range(self.bytes, at, length)
    }

    pub(crate) fn entries(&self) -> Entries<'_> {
        Entries { bytes: self.sealed_part(), at: HEADER_LEN, kind: None }
    }

    #[inline(never)]
    pub(crate) fn entries_of(&self, kind: EntryKind) -> Entries<'_> {
        Entries { kind: Some(kind), ..self.entries() }
    }

    /// How many entries of a kind there are.
    #[inline(never)]
    pub(crate) fn count(&self, kind: EntryKind) -> usize {
        let mut count: usize = 0;
        for _ in self.entries_of(kind) {
            count = count.saturating_add(1);
        }
        count
    }

    /// The first entry of a kind behind an offset: to go through entries and change the image on the way.
    #[inline(never)]
    pub(crate) fn entry_after(&self, kind: EntryKind, at: usize) -> Option<Entry<'_>> {
        let mut entries = self.entries_of(kind);
        loop {
            let entry = entries.next()?;
            if entry.at > at {
                return Some(entry);
            }
        }
    }

    /// Removes the entry at this offset.
    #[inline(never)]
    pub(crate) fn remove(&mut self, at: usize) {
        let end = self.end();
        let kept = self.move_last(at);
        for byte in self.bytes.get_mut(kept..end).unwrap_or_default() {
            *byte = 0;
        }
        self.set_end(kept);
    }

    /// How many bytes can still be added.
    pub(crate) fn free(&self) -> usize {
        self.bytes.len().saturating_sub(TRAILER_LEN).saturating_sub(self.end())
    }

    /// Takes the last entry apart, to be completed anew: moves the entry at this offset behind all others and keeps the
    /// first `kept` bytes of its content.
    pub(crate) fn reopen(&mut self, at: usize, kept: usize) -> NewEntry {
        let at = self.move_last(at);
        self.set_end(at);
        NewEntry { at, end: at.saturating_add(ENTRY_HEADER_LEN).saturating_add(kept) }
    }

    /// Moves the entry at this offset behind all others, and returns where it stands then.
    #[inline(never)]
    fn move_last(&mut self, at: usize) -> usize {
        let end = self.end();
        let length = usize::from(self.u16(at.saturating_add(2))).saturating_add(ENTRY_HEADER_LEN);
        // Three reversals rotate in place.
        let middle = at.saturating_add(length);
        self.reverse(at, middle);
        self.reverse(middle, end);
        self.reverse(at, end);
        end.saturating_sub(length)
    }

    #[inline(never)]
    fn reverse(&mut self, from: usize, to: usize) {
        if let Some(bytes) = self.bytes.get_mut(from..to) {
            bytes.reverse();
        }
    }

    /// Begins an entry behind the last one; it counts only after [`Image::finish`].
    pub(crate) fn begin(&self) -> NewEntry {
        let at = self.end();
        NewEntry { at, end: at.saturating_add(ENTRY_HEADER_LEN) }
    }

    /// Adds bytes to a new entry.
    #[inline(never)]
    pub(crate) fn push(&mut self, entry: &mut NewEntry, bytes: &[u8]) -> Result<(), Error> {
        let end = entry.end.saturating_add(bytes.len());
        let room = self.bytes.len().saturating_sub(TRAILER_LEN).min(usize::from(u16::MAX).saturating_sub(TRAILER_LEN));
        if end > room {
            return Err(Error::StateFull);
        }
        self.set(entry.end, bytes);
        entry.end = end;
        Ok(())
    }

    /// Completes a new entry.
    pub(crate) fn finish(&mut self, entry: &NewEntry, kind: EntryKind) -> Result<(), Error> {
        let length = entry.end.saturating_sub(entry.at).saturating_sub(ENTRY_HEADER_LEN);
        // Content of no bytes may not have been checked against the room.
        self.push(&mut NewEntry { ..*entry }, &[])?;
        let [low, high] = u16::try_from(length).map_err(|_| Error::StateFull)?.to_le_bytes();
        self.set(entry.at, &[kind.number(), 0, low, high]);
        self.set_end(entry.end);
        Ok(())
    }
}

/// An entry in the making.
#[derive(Debug)]
pub(crate) struct NewEntry {
    pub(crate) at: usize,
    pub(crate) end: usize,
}
