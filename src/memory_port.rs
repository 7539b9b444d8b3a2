//! Ports in memory: for tests, of this library and of products that use it. Feature `memory-port`.
//!
//! The store can lose its power at any byte of a write, in the ways that flash and disks do.

use crate::device::Component;
use crate::limits::{KEY_LEN, SIGNATURE_LEN, STATE_MAX};
use crate::port::{Clock, Counter, Identity, PortFailure, Ports, Reading, Slot, Store, Wall};
use crate::setters::setters;
use crate::time::UnixSeconds;

/// The bytes behind the one at which the power failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Torn {
    /// The old bytes: a medium that overwrites.
    Old,
    /// FF: flash that was erased before.
    Erased,
    /// Zeros: a file that was cut and grown.
    Zeroed,
    /// The old bytes, and the byte in progress is half old and half new.
    Mixed,
    /// Nothing: the slot ends there.
    Cut,
}

impl Torn {
    /// Every way to tear a write.
    pub const ALL: [Self; 5] = [Self::Old, Self::Erased, Self::Zeroed, Self::Mixed, Self::Cut];
}

/// When the power goes: in the write that would store the byte number `after`, counted over all writes from now on. If
/// a write ends at that very byte, it is complete, but the caller does not learn it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PowerCut {
    /// Bytes that are still written.
    pub after: usize,
    /// What happens to the rest of the slot.
    pub torn: Torn,
}

impl PowerCut {
    /// A cut after this many bytes, with this behind it.
    #[must_use]
    pub const fn new(after: usize, torn: Torn) -> Self {
        Self { after, torn }
    }
}

/// Two slots in memory.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    slots: [([u8; STATE_MAX], usize); 2],
    /// The power cut to come.
    pub cut: Option<PowerCut>,
    /// Whether the power is gone: every call fails until [`MemoryStore::power_on`].
    pub is_off: bool,
    /// Whether writes fail, with the old content kept.
    pub refuses_writes: bool,
    /// Writes that were completed.
    pub writes: u64,
    /// Bytes that were written.
    pub bytes: u64,
}

impl MemoryStore {
    /// A store that was never written.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            slots: [([0xFF; STATE_MAX], 0); 2],
            cut: None,
            is_off: false,
            refuses_writes: false,
            writes: 0,
            bytes: 0,
        }
    }

    const fn slot(&self, slot: Slot) -> &([u8; STATE_MAX], usize) {
        let [a, b] = &self.slots;
        match slot {
            Slot::A => a,
            Slot::B => b,
        }
    }

    const fn slot_mut(&mut self, slot: Slot) -> &mut ([u8; STATE_MAX], usize) {
        let [a, b] = &mut self.slots;
        match slot {
            Slot::A => a,
            Slot::B => b,
        }
    }

    /// What a slot holds.
    #[must_use]
    pub fn content(&self, slot: Slot) -> &[u8] {
        let (bytes, length) = self.slot(slot);
        bytes.get(..*length).unwrap_or(bytes)
    }

    /// Puts anything into a slot; what is longer than a slot is cut off.
    pub fn set_content(&mut self, slot: Slot, content: &[u8]) {
        let (bytes, length) = self.slot_mut(slot);
        bytes.fill(0xFF);
        *length = content.len().min(STATE_MAX);
        for (target, byte) in bytes.iter_mut().zip(content) {
            *target = *byte;
        }
    }

    /// Gives the power back; no further cut is planned.
    pub const fn power_on(&mut self) {
        self.is_off = false;
        self.cut = None;
    }

    fn tear(&mut self, slot: Slot, new: &[u8], cut: PowerCut) {
        let (bytes, length) = self.slot_mut(slot);
        let (at, torn) = (cut.after, cut.torn);
        for (index, target) in bytes.iter_mut().enumerate() {
            let old = *target;
            let byte = new.get(index).copied().unwrap_or(old);
            *target = match torn {
                _ if index < at => byte,
                Torn::Mixed if index == at => (old & 0x0F) | (byte & 0xF0),
                Torn::Old | Torn::Mixed => old,
                Torn::Erased | Torn::Cut => 0xFF,
                Torn::Zeroed => 0,
            };
        }
        *length = if torn == Torn::Cut { at } else { (*length).max(new.len()) };
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for MemoryStore {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        if self.is_off {
            return Err(PortFailure);
        }
        let content = self.content(slot);
        for (target, byte) in memory.iter_mut().zip(content) {
            *target = *byte;
        }
        Ok(content.len())
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        if self.is_off || self.refuses_writes || bytes.len() > STATE_MAX {
            return Err(PortFailure);
        }
        if let Some(cut) = self.cut {
            if cut.after <= bytes.len() {
                if cut.after == bytes.len() {
                    self.set_content(slot, bytes);
                } else {
                    self.tear(slot, bytes, cut);
                }
                self.is_off = true;
                return Err(PortFailure);
            }
            self.cut = Some(PowerCut { after: cut.after.saturating_sub(bytes.len()), ..cut });
        }
        self.set_content(slot, bytes);
        self.writes = self.writes.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(0));
        Ok(())
    }
}

/// A clock that shows the time that a test sets.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ManualClock {
    /// What it shows.
    pub reading: Reading,
}

impl ManualClock {
    /// A clock with this reading.
    #[must_use]
    pub const fn new(reading: Reading) -> Self {
        Self { reading }
    }

    /// A clock at `time`, with an uptime that begins at 0.
    #[must_use]
    pub const fn at(time: UnixSeconds) -> Self {
        Self { reading: Reading { wall: Wall::Time(time), uptime_seconds: Some(0) } }
    }

    /// A device without a clock, with an uptime that begins at 0.
    #[must_use]
    pub const fn absent() -> Self {
        Self { reading: Reading { wall: Wall::Absent, uptime_seconds: Some(0) } }
    }

    /// Lets time pass, for the clock and for the uptime.
    pub fn pass(&mut self, seconds: u64) {
        if let Wall::Time(time) = &mut self.reading.wall {
            time.0 = time.0.saturating_add(seconds);
        }
        self.reading.uptime_seconds = self.reading.uptime_seconds.map(|uptime| uptime.saturating_add(seconds));
    }
}

impl Clock for ManualClock {
    fn read(&mut self) -> Reading {
        self.reading
    }
}

/// An identity that shows the components that a test sets, without a key.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct FixedIdentity<'a> {
    /// The components.
    pub components: &'a [Component<'a>],
    /// The secret that seals.
    pub secret: Option<&'a [u8]>,
}

impl<'a> FixedIdentity<'a> {
    /// An identity of these components, without a secret.
    #[must_use]
    pub const fn new(components: &'a [Component<'a>]) -> Self {
        Self { components, secret: None }
    }

    setters! {
        with_components = (components: &'a [Component<'a>]),
        with_secret = Some(secret: &'a [u8]),
    }
}

impl Identity for FixedIdentity<'_> {
    fn components(&self) -> &[Component<'_>] {
        self.components
    }

    fn secret(&self) -> Option<&[u8]> {
        self.secret
    }

    fn device_key(&self) -> Option<[u8; KEY_LEN]> {
        None
    }

    fn sign(&mut self, _: &[u8]) -> Result<[u8; SIGNATURE_LEN], PortFailure> {
        Err(PortFailure)
    }
}

/// A monotonic counter in memory.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct MemoryCounter {
    /// What it shows.
    pub value: u32,
    /// Whether it fails.
    pub is_broken: bool,
}

impl MemoryCounter {
    /// A counter at 0.
    #[must_use]
    pub const fn new() -> Self {
        Self { value: 0, is_broken: false }
    }
}

impl Counter for MemoryCounter {
    fn read(&mut self) -> Result<u32, PortFailure> {
        if self.is_broken { Err(PortFailure) } else { Ok(self.value) }
    }

    fn increment(&mut self) -> Result<u32, PortFailure> {
        if self.is_broken {
            return Err(PortFailure);
        }
        self.value = self.value.saturating_add(1);
        Ok(self.value)
    }
}

/// A whole device in memory, without a counter.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MemoryDevice<'a> {
    /// The store.
    pub store: MemoryStore,
    /// The clock.
    pub clock: ManualClock,
    /// The identity.
    pub identity: FixedIdentity<'a>,
}

impl<'a> MemoryDevice<'a> {
    /// A new device with this clock and identity.
    #[must_use]
    pub const fn new(clock: ManualClock, identity: FixedIdentity<'a>) -> Self {
        Self { store: MemoryStore::new(), clock, identity }
    }

    /// Its ports.
    pub fn ports(&mut self) -> Ports<'_> {
        Ports { store: &mut self.store, clock: &mut self.clock, identity: &mut self.identity, counter: None }
    }
}
