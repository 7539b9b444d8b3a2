//! A callback that never returns, and one that uses the engine that calls it. A panic that unwinds out of a port is what
//! `longjmp` is in C: the call is left in the middle, and whatever the memory says then must not be granted.

mod support;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use lic2::memory_port::{MemoryCounter, MemoryStore};
use lic2::port::{Clock, Counter, Identity, PortFailure, Ports, Reading, Slot, Store, Wall};
use lic2::{Component, Engine, Error, Memory, UnixSeconds};
use support::ISSUED;
use support::engine_device::{COMPONENTS, PROFILE};
use support::engine_documents::{DAY, code, license, list, quotas, ring, until};

/// How a port leaves.
const LEFT: &str = "left";

/// Counts the calls of all ports, and leaves the one that is planned by a panic.
#[derive(Default)]
struct Fuse {
    calls: Cell<usize>,
    burns_at: Cell<Option<usize>>,
}

impl Fuse {
    fn pass(&self) {
        let call = self.calls.get();
        self.calls.set(call + 1);
        if self.burns_at.get() == Some(call) {
            panic_any(LEFT);
        }
    }
}

struct Port<'f, T>(T, &'f Fuse);

impl Store for Port<'_, MemoryStore> {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        self.1.pass();
        self.0.read(slot, memory)
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        self.1.pass();
        self.0.write(slot, bytes)
    }
}

impl Clock for Port<'_, Reading> {
    fn read(&mut self) -> Reading {
        self.1.pass();
        self.0
    }
}

impl Counter for Port<'_, MemoryCounter> {
    fn read(&mut self) -> Result<u32, PortFailure> {
        self.1.pass();
        self.0.read()
    }

    fn increment(&mut self) -> Result<u32, PortFailure> {
        self.1.pass();
        self.0.increment()
    }
}

impl Identity for Port<'_, ()> {
    fn components(&self) -> &[Component<'_>] {
        self.1.pass();
        COMPONENTS
    }

    fn secret(&self) -> Option<&[u8]> {
        self.1.pass();
        None
    }
}

type Call = fn(&mut Engine<'_>, &str) -> Result<(), Error>;

const CALLS: [Call; 10] = [
    |engine, text| engine.apply(text.as_bytes()).map(drop),
    |engine, text| engine.preview(text.as_bytes()).map(drop),
    |engine, _| engine.check().map(drop),
    |engine, _| engine.consume("scans", 1, 5).map(drop),
    |engine, _| engine.give_back("scans", 1).map(drop),
    |engine, _| engine.deactivate("PL-1", b"", &mut [0; 1024]).map(drop),
    |engine, _| engine.usage("", b"", &mut [0; 1024]).map(drop),
    |engine, _| engine.settle(),
    |engine, _| engine.status().map(drop),
    |engine, _| engine.confirm_version(),
];

/// Leaves each port of a call in turn; returns how many there were.
fn leave_everywhere(call: Call, applied: &[String], text: &str) -> usize {
    for burns_at in 0.. {
        let fuse = Fuse::default();
        let mut store = Port(MemoryStore::new(), &fuse);
        let mut clock = Port(Reading::new(Wall::Time(UnixSeconds(ISSUED)), Some(0)), &fuse);
        let mut identity = Port((), &fuse);
        let mut counter = Port(MemoryCounter::new(), &fuse);
        let mut memory = Memory::new();
        let ports = Ports::new(&mut store, &mut clock, &mut identity).with_counter(&mut counter);
        let mut engine = Engine::open(&mut memory, ring(), PROFILE, ports).expect("it opens");
        for document in applied {
            engine.apply(document.as_bytes()).expect("it is good");
        }
        fuse.calls.set(0);
        fuse.burns_at.set(Some(burns_at));
        let left = catch_unwind(AssertUnwindSafe(|| call(&mut engine, text)));
        fuse.burns_at.set(None);
        if left.is_ok() {
            engine.check().expect("a call that returned leaves the engine open");
            return burns_at;
        }
        let after: Result<bool, Error> = engine.check().map(|answer| answer.decision.verdict.is_granted());
        // Only a question that changes nothing may be asked again.
        if let Ok(granted) = after {
            assert!(!granted || !applied.is_empty(), "granted after call {burns_at} of a port was left");
            assert!(text.is_empty(), "open after call {burns_at} of a port was left");
            continue;
        }
        for other in CALLS {
            assert_eq!(other(&mut engine, text), Err(Error::EngineBusy));
        }
        assert_eq!(engine.open_failure(), None);
        // Opened again it holds what is stored.
        engine.start().expect("it opens again");
        let refusal = engine.check().expect("it answers").decision.refusal;
        assert!(refusal.is_none() || applied.is_empty() || text.is_empty(), "{refusal:?}");
    }
    unreachable!()
}

#[test]
fn an_engine_that_a_port_has_left_grants_nothing() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&LEFT) {
            usual(panic);
        }
    }));
    let features = quotas(100, 10);
    let first = code(&license("PL-1", 1, until(0)).with_features(&features));
    let second = code(&license("PL-1", 2, until(9)).with_features(&features));
    let lifted = list(1, ISSUED + DAY, &[]);
    let mut ports = 0;
    // A code on an empty device: what the call left in the memory is not stored.
    ports += leave_everywhere(CALLS[0], &[], &first);
    for text in [&second, &lifted] {
        ports += leave_everywhere(CALLS[0], core::slice::from_ref(&first), text);
        ports += leave_everywhere(CALLS[1], core::slice::from_ref(&first), text);
    }
    for call in &CALLS[2..] {
        ports += leave_everywhere(*call, core::slice::from_ref(&first), "");
    }
    assert!(ports > 50, "{ports} calls of ports");
}

/// What a callback in C can do, and safe Rust cannot: here the memory looks as it does while a callback runs.
#[test]
fn an_engine_in_a_callback_is_refused() {
    let fuse = Fuse::default();
    let mut store = Port(MemoryStore::new(), &fuse);
    let mut clock = Port(Reading::new(Wall::Time(UnixSeconds(ISSUED)), Some(0)), &fuse);
    let mut identity = Port((), &fuse);
    let mut memory = Memory::new();
    {
        let ports = Ports::new(&mut store, &mut clock, &mut identity);
        let mut engine = Engine::new(&mut memory, ring(), PROFILE, ports);
        fuse.burns_at.set(Some(1));
        assert!(catch_unwind(AssertUnwindSafe(|| engine.start())).is_err(), "opening reads the store");
        fuse.burns_at.set(None);
    }
    let ports = Ports::new(&mut store, &mut clock, &mut identity);
    assert!(matches!(Engine::resume(&mut memory, ring(), PROFILE, ports), Err(Error::EngineBusy)));
    let ports = Ports::new(&mut store, &mut clock, &mut identity);
    assert!(Engine::open(&mut memory, ring(), PROFILE, ports).is_ok(), "opened again it reads what is stored");
}
