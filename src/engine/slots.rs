//! From two slots to one activation, and back. A write goes to the slot that does not hold the newest activation,
//! so that a power cut leaves the old one or the new one.

use super::Engine;
use super::image::{
    EntryKind, FLAG_SEALED, HEADER_LEN, Image, MAGIC, STATE_VERSION, STATE_VERSION_LEAST, TRAILER_LEN, field,
};
use super::session::Session;
use super::shape::{Form, form_of};
use super::status_number;
use crate::error::Error;
use crate::hash::{SEAL_LEN, keyed_seal, short_hash};
use crate::limits::{CHECK_LEN, LISTS, STATE_MAX, TOKENS};
use crate::port::Slot;
use crate::wire::check::Check;

/// Domain of the hash of the product id.
const PRODUCT: &[u8; 16] = b"LIC2 product id1";

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SlotContent {
    Nothing,
    Unreadable,
    /// An activation for this product. Whether its seal is this device's is asked of the newest one only.
    Whole,
    Corrupt,
    Foreign,
    TooNew,
    TooOld,
}

impl Engine<'_> {
    /// Reads the newest activation, or an empty one, and finds out what is wrong with what is stored.
    #[inline(never)]
    pub(super) fn load(&mut self) -> Result<(), Error> {
        // After a failure nothing more is read, so that the store still reports the cause of this one.
        let mut a = self.examine_twice(Slot::A);
        if a == SlotContent::Unreadable {
            return Err(Error::StoreRead);
        }
        let sequence_of_a = self.image.u32(field::SEQUENCE);
        let mut b = self.examine_twice(Slot::B);
        if b == SlotContent::Unreadable {
            return Err(Error::StoreRead);
        }
        let sequence_of_b = self.image.u32(field::SEQUENCE);
        if a == SlotContent::TooNew || b == SlotContent::TooNew {
            return Err(Error::StateTooNew);
        }
        if a == SlotContent::TooOld || b == SlotContent::TooOld {
            return Err(Error::StateTooOld);
        }
        let found = loop {
            let (slot, found) = if b == SlotContent::Whole && (a != SlotContent::Whole || sequence_of_b > sequence_of_a)
            {
                (Slot::B, &mut b)
            } else {
                (Slot::A, &mut a)
            };
            self.session.set_current(Some(slot));
            if *found != SlotContent::Whole {
                break false;
            }
            // The second reading has to be looked at like the first: a cell may read differently.
            if self.examine(slot) != SlotContent::Whole {
                return Err(Error::StoreRead);
            }
            if self.is_own() {
                break true;
            }
            *found = SlotContent::Foreign;
        };
        self.session.condition = 0;
        if !found {
            self.start_empty(a, b);
        }
        self.match_counter(found)?;
        if self.is_locked() {
            self.session.condition = status_number::to_u32(Error::StateRolledBack);
        }
        Ok(())
    }

    /// Whether only an unlock helps. The number does not matter: one that a later library has written ends in the same
    /// way.
    fn is_locked(&self) -> bool {
        self.image.u16(field::LOCK) != 0
    }

    fn start_empty(&mut self, a: SlotContent, b: SlotContent) {
        self.image.clear();
        self.image.set_u64(field::PRODUCT, product_hash(self.about.product));
        // What belongs to another device is spared longest; of two equal ones, the second.
        let (spared, error) = if a == SlotContent::Foreign || b == SlotContent::Foreign {
            (if a == SlotContent::Foreign { Slot::A } else { Slot::B }, Error::StateForeign)
        } else if b == SlotContent::Corrupt {
            (Slot::B, Error::StateCorrupt)
        } else if a == SlotContent::Corrupt {
            (Slot::A, Error::StateCorrupt)
        } else {
            return self.session.set_current(None);
        };
        self.session.condition = status_number::to_u32(error);
        self.session.set_current(Some(spared));
    }

    /// Compares the activation with the monotonic counter, and completes a write that was cut off before the count.
    fn match_counter(&mut self, found: bool) -> Result<(), Error> {
        let (true, Some(counter)) = (TOKENS, &mut self.ports.counter) else { return Ok(()) };
        let shown = counter.read().map_err(|_| Error::CounterFailed)?;
        let stored = if found { self.image.u32(field::COUNTER) } else { 0 };
        self.session.counter = shown;
        if found && shown.checked_add(1) == Some(stored) {
            self.session.counter = counter.increment().map_err(|_| Error::CounterFailed)?;
        }
        if self.session.counter != stored {
            // An unlock that answered a request of the copy, or of the state that was removed, must not fit again.
            self.image.set_u64(field::NONCE, 0);
            self.image.set_u16(field::LOCK, status_number::to_u16(Error::StateRolledBack));
        }
        Ok(())
    }

    /// A slot that looks damaged is read again: a bit that reads wrong once must not cost the newest activation.
    #[inline(never)]
    fn examine_twice(&mut self, slot: Slot) -> SlotContent {
        let found = self.examine(slot);
        if found == SlotContent::Corrupt { self.examine(slot) } else { found }
    }

    /// Reads a slot into the image and classifies it.
    #[inline(never)]
    fn examine(&mut self, slot: Slot) -> SlotContent {
        let memory = self.image.memory();
        memory.fill(0);
        let Ok(stored) = self.ports.store.read(slot, memory) else { return SlotContent::Unreadable };
        let content = self.image.range(0, stored.min(STATE_MAX));
        let first = content.first().copied().unwrap_or(0);
        if (first == 0xFF || first == 0) && content.iter().all(|byte| *byte == first) {
            return SlotContent::Nothing;
        }
        classify(&self.image, stored, self.about.product)
    }

    /// Whether the seal is this device's.
    fn is_own(&self) -> bool {
        let sealed = self.image.u8(field::FLAGS) & FLAG_SEALED != 0;
        match self.ports.identity.secret() {
            None => !sealed,
            Some(_) if !sealed => self.accept_unsealed,
            Some(secret) => {
                let seal = keyed_seal(secret, self.image.sealed_part());
                is_equal(&seal, self.image.range(self.image.end(), SEAL_LEN))
            }
        }
    }

    /// Seals the image and writes it. After a failure the image is again what is stored.
    ///
    /// With a counter the first write of a session is made twice. A copy from between a write and its count would
    /// otherwise be valid again after another write from the same start, and so return every use without end.
    pub(super) fn store(&mut self) -> Result<(), Error> {
        let is_first = self.has_counter() && self.session.is_counted == 0;
        let mut result = self.try_store();
        if result.is_ok() && is_first {
            result = self.try_store();
        }
        match result {
            Ok(()) => self.session.is_counted = 1,
            Err(_) => self.reload(),
        }
        result
    }

    /// A rollback that a counter shows is ended by an unlock only: without unlocks there is no counter.
    fn has_counter(&self) -> bool {
        TOKENS && self.ports.counter.is_some()
    }

    fn try_store(&mut self) -> Result<(), Error> {
        let sequence = self.image.u32(field::SEQUENCE).checked_add(1).ok_or(Error::StateFull)?;
        self.image.set_u32(field::SEQUENCE, sequence);
        let counted = self.session.counter.checked_add(1).ok_or(Error::CounterFailed)?;
        if self.has_counter() {
            self.image.set_u32(field::COUNTER, counted);
        }
        self.seal();
        let target = self.session.current().map_or(Slot::A, Slot::other);
        self.ports.store.write(target, self.image.whole()).map_err(|_| Error::StoreWrite)?;
        self.session.set_current(Some(target));
        if let (true, Some(counter)) = (TOKENS, &mut self.ports.counter) {
            match counter.increment() {
                Ok(shown) if shown == counted => self.session.counter = shown,
                _ => return Err(Error::CounterFailed),
            }
        }
        // A damaged or foreign state is repaired; a lock is in the image and stays.
        self.session.condition = if self.is_locked() { status_number::to_u32(Error::StateRolledBack) } else { 0 };
        Ok(())
    }

    fn seal(&mut self) {
        // As if there were no secret, until the bytes that are sealed are complete.
        let mut seal = [0; SEAL_LEN];
        let secret = self.ports.identity.secret();
        self.image.set(field::FLAGS, &[if secret.is_some() { FLAG_SEALED } else { 0 }]);
        self.image.set_u32(field::HEADER_CHECK, header_check(&self.image));
        if let Some(secret) = secret {
            seal = keyed_seal(secret, self.image.sealed_part());
        }
        let end = self.image.end();
        self.image.set(end, &seal);
        self.image.set_u32(end.wrapping_add(SEAL_LEN), check_of(self.image.checked_part()));
    }

    /// Goes back to what is stored after a failed write. Time that has passed stays passed.
    #[inline(never)]
    pub(super) fn reload(&mut self) {
        if self.load().is_err() {
            self.session.give_up();
            return;
        }
        self.session.reserved = Session::CLOSED.reserved;
        self.session.pending.end();
        self.session.is_counted = 0;
        self.keep_floor();
        self.check_documents();
    }
}

/// Classifies what was read from a slot.
fn classify(image: &Image<'_>, stored: usize, product: &str) -> SlotContent {
    let version = image.u8(field::VERSION);
    if image.u32(field::MAGIC) != u32::from_le_bytes(MAGIC) || image.u32(field::HEADER_CHECK) != header_check(image) {
        return SlotContent::Corrupt;
    }
    let length = image.length();
    // A later version may be longer than this memory; then nothing but its version is known.
    if version > STATE_VERSION && (length == 0 || length > STATE_MAX) {
        return SlotContent::TooNew;
    }
    let check_at = length.wrapping_sub(CHECK_LEN);
    if length < TRAILER_LEN || length > stored.min(STATE_MAX) || check_of(image.checked_part()) != image.u32(check_at) {
        return SlotContent::Corrupt;
    }
    if version > STATE_VERSION {
        return SlotContent::TooNew;
    }
    if version < STATE_VERSION_LEAST {
        return if version == 0 { SlotContent::Corrupt } else { SlotContent::TooOld };
    }
    let form = if length < HEADER_LEN.saturating_add(TRAILER_LEN) { Form::Broken } else { form_of(image) };
    match form {
        Form::Known => {}
        Form::Broken => return SlotContent::Corrupt,
        Form::Later => return SlotContent::TooNew,
    }
    // What a larger build was told, or can tell by a counter, must not get lost.
    if !LISTS && image.count(EntryKind::LIST) != 0 || !TOKENS && image.u32(field::COUNTER) != 0 {
        return SlotContent::TooNew;
    }
    if image.u64(field::PRODUCT) == product_hash(product) { SlotContent::Whole } else { SlotContent::Foreign }
}

/// The check of the bytes before it in the header.
#[inline(never)]
fn header_check(image: &Image<'_>) -> u32 {
    check_of(image.range(0, field::HEADER_CHECK))
}

/// The check of these bytes.
#[inline(never)]
fn check_of(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(Check::new().update(bytes).finish())
}

/// Compares without telling by its time where the first difference is.
fn is_equal(one: &[u8; SEAL_LEN], other: &[u8]) -> bool {
    other.len() == SEAL_LEN && one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[inline(never)]
fn product_hash(product: &str) -> u64 {
    u64::from_le_bytes(short_hash(PRODUCT, &[product.as_bytes()]))
}
