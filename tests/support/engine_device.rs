//! A device whose power can go at any byte of a write, between a write and its count, and inside the count.

use std::cell::RefCell;

use lic2::memory_port::{FixedIdentity, ManualClock, MemoryStore, PowerCut, Torn};
use lic2::port::{Counter, PortFailure, Ports, Slot, Store};
use lic2::{Component, Engine, Error, KeyRing, Memory, Profile, UnixSeconds};

use super::ESN;

pub const PRODUCT: &str = "vision-appliance";
pub const PROFILE: Profile<'static> = Profile::new(PRODUCT);
pub const COMPONENTS: &[Component<'static>] = &[Component { kind: 5, value: ESN }];
pub const SECRET: &[u8] = b"a secret of this device";

/// Where the power goes, or what fails. Bytes, writes, readings and counts are numbered from 0, from the time on at which
/// the fault was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The power goes in the write of this byte.
    Byte { after: usize, torn: Torn },
    /// The power goes when this write is complete, before the store says so.
    Unacknowledged { write: usize },
    /// The power goes at this count, before or after the counter has moved.
    Count { count: usize, moved: bool },
    /// This write fails, and the power stays: nothing of it is stored, or a part, or all of it.
    FailedWrite { write: usize, stored: Stored },
    /// Every write fails, and the power stays.
    FailingWrites,
    /// This count fails, and the power stays.
    FailedCount { count: usize, moved: bool },
    /// This reading fails, and the power stays.
    FailedRead { read: usize },
    /// This reading and all later ones fail, and the power stays.
    FailingReads { read: usize },
    /// This reading shows a flipped bit, and the power stays.
    UnstableRead { read: usize },
    /// Every count and every look at the counter fails.
    BrokenCounter,
}

/// How much a failed write has stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Nothing,
    Half,
    All,
}

/// Stores that break the promises of [`Store`], to show that the tests notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A write goes into both slots, byte by byte.
    BothSlots,
    /// A write goes into the slot that was not asked for: over the newest activation.
    OtherSlot,
    /// A write is said to be complete though the power has gone in the middle.
    SaysYes,
}

/// What keeps its content without power, and what was planned for it.
#[derive(Clone, Debug)]
pub struct Hardware {
    pub store: MemoryStore,
    pub counter: u32,
    pub fault: Option<Fault>,
    pub broken: Option<Broken>,
    pub is_off: bool,
    pub reads: usize,
    pub writes: usize,
    pub counts: usize,
}

impl Hardware {
    pub fn new() -> Self {
        Self {
            store: MemoryStore::new(),
            counter: 0,
            fault: None,
            broken: None,
            is_off: false,
            reads: 0,
            writes: 0,
            counts: 0,
        }
    }

    /// Plans a fault and begins to count.
    pub fn plan(&mut self, fault: Option<Fault>) {
        (self.fault, self.reads, self.writes, self.counts) = (fault, 0, 0, 0);
        self.store.cut = match fault {
            Some(Fault::Byte { after, torn }) => Some(PowerCut::new(after, torn)),
            _ => None,
        };
    }

    pub fn power_on(&mut self) {
        self.store.power_on();
        self.is_off = false;
        self.plan(None);
    }

    fn cut_power(&mut self) -> PortFailure {
        self.is_off = true;
        self.store.is_off = true;
        PortFailure
    }

    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        let number = self.reads;
        self.reads += 1;
        match self.fault {
            Some(Fault::FailedRead { read }) if read == number => return Err(PortFailure),
            Some(Fault::FailingReads { read }) if read <= number => return Err(PortFailure),
            _ => {}
        }
        let length = self.store.read(slot, memory)?;
        if self.fault == Some(Fault::UnstableRead { read: number }) && length > 0 {
            memory[length / 2] ^= 1;
        }
        Ok(length)
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        if self.is_off {
            return Err(PortFailure);
        }
        let number = self.writes;
        self.writes += 1;
        match self.fault {
            Some(Fault::FailingWrites) => return Err(PortFailure),
            Some(Fault::FailedWrite { write, stored }) if write == number => {
                let part = match stored {
                    Stored::Nothing => return Err(PortFailure),
                    Stored::Half => &bytes[..bytes.len() / 2],
                    Stored::All => bytes,
                };
                self.store.set_content(slot, part);
                return Err(PortFailure);
            }
            _ => {}
        }
        let written = self.put(slot, bytes);
        if self.store.is_off {
            let failure = self.cut_power();
            return if self.broken == Some(Broken::SaysYes) { Ok(()) } else { Err(failure) };
        }
        written?;
        if self.fault == Some(Fault::Unacknowledged { write: number }) {
            return Err(self.cut_power());
        }
        Ok(())
    }

    /// Writes as the store does, or as a broken one.
    fn put(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        match self.broken {
            None | Some(Broken::SaysYes) => self.store.write(slot, bytes),
            Some(Broken::OtherSlot) => self.store.write(slot.other(), bytes),
            Some(Broken::BothSlots) => {
                let cut = self.store.cut;
                let first = self.store.write(slot, bytes);
                // Both are written at the same time: the power goes in both at the same byte.
                self.store.is_off = false;
                self.store.cut = cut;
                first.and(self.store.write(slot.other(), bytes))
            }
        }
    }

    fn look_at_counter(&self) -> Result<u32, PortFailure> {
        if self.is_off || self.fault == Some(Fault::BrokenCounter) { Err(PortFailure) } else { Ok(self.counter) }
    }

    fn count(&mut self) -> Result<u32, PortFailure> {
        if self.is_off || self.fault == Some(Fault::BrokenCounter) {
            return Err(PortFailure);
        }
        let number = self.counts;
        self.counts += 1;
        match self.fault {
            Some(Fault::Count { count, moved }) if count == number => {
                self.counter += u32::from(moved);
                Err(self.cut_power())
            }
            Some(Fault::FailedCount { count, moved }) if count == number => {
                self.counter += u32::from(moved);
                Err(PortFailure)
            }
            _ => {
                self.counter += 1;
                Ok(self.counter)
            }
        }
    }
}

struct StorePort<'h>(&'h RefCell<Hardware>);

impl Store for StorePort<'_> {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        self.0.borrow_mut().read(slot, memory)
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        self.0.borrow_mut().write(slot, bytes)
    }
}

struct CounterPort<'h>(&'h RefCell<Hardware>);

impl Counter for CounterPort<'_> {
    fn read(&mut self) -> Result<u32, PortFailure> {
        self.0.borrow().look_at_counter()
    }

    fn increment(&mut self) -> Result<u32, PortFailure> {
        self.0.borrow_mut().count()
    }
}

/// A device and the memory of its engine. A clone goes its own way.
#[derive(Clone)]
pub struct Device {
    pub hardware: RefCell<Hardware>,
    pub clock: ManualClock,
    pub identity: FixedIdentity<'static>,
    pub has_counter: bool,
    pub profile: Profile<'static>,
    pub ring: &'static KeyRing,
    pub memory: Memory,
}

impl Device {
    pub fn new(ring: &'static KeyRing, time: u64, secret: Option<&'static [u8]>, has_counter: bool) -> Self {
        let mut identity = FixedIdentity::new(COMPONENTS);
        identity.secret = secret;
        Self {
            hardware: RefCell::new(Hardware::new()),
            clock: ManualClock::at(UnixSeconds(time)),
            identity,
            has_counter,
            profile: PROFILE,
            ring,
            memory: Memory::new(),
        }
    }

    fn with<R>(&mut self, begins: bool, work: impl FnOnce(&mut Engine<'_>) -> R) -> Result<R, Error> {
        let (mut store, mut counter) = (StorePort(&self.hardware), CounterPort(&self.hardware));
        let mut ports = Ports::new(&mut store, &mut self.clock, &mut self.identity);
        ports.counter = self.has_counter.then_some(&mut counter as &mut dyn Counter);
        let begin = if begins { Engine::open } else { Engine::resume };
        begin(&mut self.memory, self.ring, self.profile, ports).map(|mut engine| work(&mut engine))
    }

    /// Goes on with the session.
    pub fn resume<R>(&mut self, work: impl FnOnce(&mut Engine<'_>) -> R) -> Result<R, Error> {
        self.with(false, work)
    }

    /// Begins a session.
    pub fn open(&mut self) -> Result<(), Error> {
        self.with(true, |_| ())
    }

    /// Takes the power away and gives it back, and begins a session; the uptime begins at 0.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.hardware.get_mut().power_on();
        self.memory = Memory::new();
        if let Some(uptime) = &mut self.clock.reading.uptime_seconds {
            *uptime = 0;
        }
        self.open()
    }

    pub fn hardware(&mut self) -> &mut Hardware {
        self.hardware.get_mut()
    }

    pub fn content(&self, slot: Slot) -> Vec<u8> {
        self.hardware.borrow().store.content(slot).to_vec()
    }
}
