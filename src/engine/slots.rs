//! From two slots to one activation, and back. A write goes to the slot that does not hold the newest activation,
//! so that a power cut leaves the old one or the new one.

use super::Engine;
use super::image::{FLAG_SEALED, HEADER_LEN, Image, MAGIC, STATE_VERSION, TRAILER_LEN, field};
use super::session::Session;
use super::shape::is_well_formed;
use crate::error::Error;
use crate::hash::{SEAL_LEN, keyed_seal, short_hash};
use crate::limits::{CHECK_LEN, STATE_MAX};
use crate::port::Slot;
use crate::wire::check::Check;

/// Domain of the hash of the product id.
const PRODUCT: &[u8; 16] = b"LIC2 product id1";

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// An activation for this product. Whether its seal is this device's is asked of the newest one only.
    Whole,
    Corrupt,
    Foreign,
    TooNew,
}

impl Engine<'_> {
    /// Reads the newest activation, or an empty one, and finds out what is wrong with what is stored.
    #[inline(never)]
    pub(super) fn load(&mut self) -> Result<(), Error> {
        let (mut a, sequence_of_a) = self.examine_twice(Slot::A)?;
        let (mut b, sequence_of_b) = self.examine_twice(Slot::B)?;
        if a == Found::TooNew || b == Found::TooNew {
            return Err(Error::StateTooNew);
        }
        let newest = loop {
            let (slot, found) = match (a, b) {
                (_, Found::Whole) if a != Found::Whole || sequence_of_b > sequence_of_a => (Slot::B, &mut b),
                (Found::Whole, _) => (Slot::A, &mut a),
                _ => break None,
            };
            // The second reading has to be looked at like the first: a cell may read differently.
            if self.examine(slot)? != Found::Whole {
                return Err(Error::StoreRead);
            }
            if self.is_own() {
                break Some(slot);
            }
            *found = Found::Foreign;
        };
        self.session.condition = 0;
        self.session.set_current(newest);
        if newest.is_none() {
            self.start_empty(a, b);
        }
        self.match_counter(newest.is_some())?;
        let lock = u32::from(self.image.u16(field::LOCK));
        if lock != 0 {
            self.session.condition = lock;
        }
        Ok(())
    }

    fn start_empty(&mut self, a: Found, b: Found) {
        self.image.clear();
        self.image.set(field::PRODUCT, &product_hash(self.profile.product));
        // What belongs to another device is spared longest; of two equal ones, the second.
        for (found, error) in [(Found::Foreign, Error::StateForeign), (Found::Corrupt, Error::StateCorrupt)] {
            if a == found || b == found {
                self.session.condition = condition(error);
                let first = a == found && (b != found || found == Found::Foreign);
                self.session.set_current(Some(if first { Slot::A } else { Slot::B }));
                return;
            }
        }
    }

    /// Holds the activation against the monotonic counter, and completes a write that was cut off before the count.
    fn match_counter(&mut self, found: bool) -> Result<(), Error> {
        let Some(counter) = &mut self.ports.counter else { return Ok(()) };
        let shown = counter.read().map_err(|_| Error::CounterFailed)?;
        let stored = if found { self.image.u32(field::COUNTER) } else { 0 };
        self.session.counter = shown;
        if found && shown.checked_add(1) == Some(stored) {
            self.session.counter = counter.increment().map_err(|_| Error::CounterFailed)?;
        }
        if self.session.counter != stored {
            // An unlock that answered a request of the copy, or of the state that was removed, must not fit again.
            self.image.set(field::NONCE, &[0; 8]);
            self.image.set_u16(field::LOCK, lock(Error::StateRolledBack));
        }
        Ok(())
    }

    /// A slot that looks damaged is read again: a bit that reads wrong once must not cost the newest activation. Also
    /// returns the number of the write.
    #[inline(never)]
    fn examine_twice(&mut self, slot: Slot) -> Result<(Found, u32), Error> {
        let mut found = self.examine(slot)?;
        if found == Found::Corrupt {
            found = self.examine(slot)?;
        }
        Ok((found, self.image.u32(field::SEQUENCE)))
    }

    /// Reads a slot into the image and judges it.
    #[inline(never)]
    fn examine(&mut self, slot: Slot) -> Result<Found, Error> {
        let memory = self.image.memory();
        memory.fill(0);
        let stored = self.ports.store.read(slot, memory).map_err(|_| Error::StoreRead)?;
        let content = self.image.range(0, stored.min(STATE_MAX));
        let first = content.first().copied().unwrap_or(0);
        if (first == 0xFF || first == 0) && content.iter().all(|byte| *byte == first) {
            return Ok(Found::Nothing);
        }
        Ok(judge(&self.image, stored, self.profile.product))
    }

    /// Whether the seal is this device's.
    fn is_own(&self) -> bool {
        let [flags] = self.image.get(field::FLAGS);
        let sealed = flags & FLAG_SEALED != 0;
        match self.ports.identity.secret() {
            None => !sealed,
            Some(_) if !sealed => self.profile.accept_unsealed,
            Some(secret) => is_equal(&keyed_seal(secret, self.image.sealed_part()), &self.image.get(self.image.end())),
        }
    }

    /// Seals the image and writes it. After a failure the image is again what is stored.
    ///
    /// With a counter the first write of a session is made twice. A copy from between a write and its count would
    /// otherwise be good again after another write from the same start, and so give back every use without end.
    pub(super) fn store(&mut self) -> Result<(), Error> {
        let is_first = self.ports.counter.is_some() && self.session.is_counted == 0;
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

    fn try_store(&mut self) -> Result<(), Error> {
        let sequence = self.image.u32(field::SEQUENCE).checked_add(1).ok_or(Error::StateFull)?;
        self.image.set_u32(field::SEQUENCE, sequence);
        let counted = self.session.counter.checked_add(1).ok_or(Error::CounterFailed)?;
        if self.ports.counter.is_some() {
            self.image.set_u32(field::COUNTER, counted);
        }
        self.seal();
        let target = self.session.current().map_or(Slot::A, Slot::other);
        self.ports.store.write(target, self.image.whole()).map_err(|_| Error::StoreWrite)?;
        self.session.set_current(Some(target));
        if let Some(counter) = &mut self.ports.counter {
            match counter.increment() {
                Ok(shown) if shown == counted => self.session.counter = shown,
                _ => return Err(Error::CounterFailed),
            }
        }
        // What was damaged or foreign is repaired; a lock stands in the image and stays.
        self.session.condition = u32::from(self.image.u16(field::LOCK));
        Ok(())
    }

    fn seal(&mut self) {
        // As if there were no secret, until the bytes that are sealed are complete.
        let mut seal = [0; SEAL_LEN];
        let secret = self.ports.identity.secret();
        self.image.set(field::FLAGS, &[if secret.is_some() { FLAG_SEALED } else { 0 }]);
        let check = check_of(self.image.range(0, field::HEADER_CHECK));
        self.image.set(field::HEADER_CHECK, &check);
        if let Some(secret) = secret {
            seal = keyed_seal(secret, self.image.sealed_part());
        }
        let end = self.image.end();
        self.image.set(end, &seal);
        let check = check_of(self.image.checked_part());
        self.image.set(end.saturating_add(SEAL_LEN), &check);
    }

    /// Goes back to what is stored after a failed write. Time that has passed stays passed.
    #[inline(never)]
    pub(super) fn reload(&mut self) {
        if self.load().is_err() {
            self.session.set_open(false);
            return;
        }
        self.session.reserved = Session::CLOSED.reserved;
        self.session.is_counted = 0;
        self.keep_floor();
        self.judge_documents();
    }
}

/// Judges what was read from a slot.
fn judge(image: &Image<'_>, stored: usize, product: &str) -> Found {
    let [version] = image.get(field::VERSION);
    let header_check = check_of(image.range(0, field::HEADER_CHECK));
    if image.get(field::MAGIC) != MAGIC || image.get(field::HEADER_CHECK) != header_check {
        return Found::Corrupt;
    }
    let length = image.length();
    let whole = image.whole();
    // A later version may be longer than this memory; then nothing but its version is known.
    if version > STATE_VERSION && whole.is_empty() {
        return Found::TooNew;
    }
    let Some((checked, check)) = whole.split_last_chunk::<4>() else { return Found::Corrupt };
    if length < TRAILER_LEN || length > stored || check_of(checked) != *check {
        return Found::Corrupt;
    }
    if version != STATE_VERSION {
        return if version > STATE_VERSION { Found::TooNew } else { Found::Corrupt };
    }
    if length < HEADER_LEN.saturating_add(TRAILER_LEN) || !is_well_formed(image) {
        return Found::Corrupt;
    }
    if image.get(field::PRODUCT) == product_hash(product) { Found::Whole } else { Found::Foreign }
}

/// The check of these bytes.
#[inline(never)]
fn check_of(bytes: &[u8]) -> [u8; CHECK_LEN] {
    Check::new().update(bytes).finish()
}

/// Compares without telling by its time where the first difference is.
fn is_equal(one: &[u8; SEAL_LEN], other: &[u8; SEAL_LEN]) -> bool {
    one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

pub(super) fn product_hash(product: &str) -> [u8; 8] {
    short_hash(PRODUCT, &[product.as_bytes()])
}

/// The session's form of a status.
pub(super) fn condition(error: Error) -> u32 {
    error.number().unsigned_abs()
}

/// The image's form of a status.
pub(super) fn lock(error: Error) -> u16 {
    u16::try_from(error.number()).unwrap_or(0)
}
