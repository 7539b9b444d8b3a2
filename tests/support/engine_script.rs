//! Scripts of one device: a stanza whose fields are steps, in their order, each `step = WHAT => ANSWER`.
//! `tests/vectors/engine/README.md` lists the steps. The same scripts run in C.

use lic2::memory_port::{FixedIdentity, ManualClock, MemoryCounter, MemoryStore};
use lic2::port::{Counter, Identity, PortFailure, Ports, Reading, Slot, Store, Wall};
use lic2::{Ask, Component, Engine, Error, KeyRing, Memory, MeterReading, Profile, Right, Seat, UnixSeconds};

use super::engine_steps::apply_as_previewed;
use super::stanza::Case;
use super::{ESN, unhex};

const PRODUCT: &str = "vision-appliance";

/// A store that can fail, over one that remembers.
#[derive(Default)]
struct ScriptStore {
    inner: MemoryStore,
    fails_reads: bool,
}

impl Store for ScriptStore {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        if self.fails_reads { Err(PortFailure) } else { self.inner.read(slot, memory) }
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        self.inner.write(slot, bytes)
    }
}

/// The usual device, and a device key that does not sign if the script wants it so.
struct ScriptIdentity {
    inner: FixedIdentity<'static>,
    key: Option<[u8; 32]>,
}

impl Identity for ScriptIdentity {
    fn components(&self) -> &[Component<'_>] {
        self.inner.components
    }

    fn device_key(&self) -> Option<[u8; 32]> {
        self.key
    }
}

/// A device and what the script has made of it.
pub struct Script {
    ring: KeyRing,
    store: ScriptStore,
    kept: Option<MemoryStore>,
    clock: ManualClock,
    identity: ScriptIdentity,
    counter: Option<MemoryCounter>,
    memory: Memory,
    seats: [Seat; 4],
}

const ESN_COMPONENT: &[Component<'static>] = &[Component { kind: 5, value: ESN }];

impl Script {
    pub fn new(case: &Case) -> Self {
        Self {
            ring: case.ring().expect("a good ring"),
            store: ScriptStore::default(),
            kept: None,
            clock: ManualClock::absent(),
            identity: ScriptIdentity { inner: FixedIdentity::new(ESN_COMPONENT), key: None },
            counter: case.get("counter").map(|_| MemoryCounter::default()),
            memory: Memory::new(),
            seats: [Seat::default(); 4],
        }
    }

    /// Does a step and says what came of it, as the vectors write it.
    pub fn step(&mut self, step: &str) -> String {
        let words: Vec<&str> = step.split(' ').collect();
        match words[..] {
            ["clock", wall, uptime] => self.set_clock(wall, uptime),
            ["store", "refuses", on] => self.store.inner.refuses_writes = on == "1",
            ["store", "unreadable", on] => self.store.fails_reads = on == "1",
            ["store", "keep"] => self.kept = Some(self.store.inner.clone()),
            ["store", "restore"] => self.store.inner = self.kept.clone().expect("it was kept"),
            ["store", "clear"] => self.store.inner = MemoryStore::new(),
            ["slot", slot, bytes] => {
                self.store.inner.set_content(if slot == "a" { Slot::A } else { Slot::B }, &unhex(bytes));
            }
            ["counter", "broken", on] => self.counter.as_mut().expect("there is one").is_broken = on == "1",
            ["key", bytes] => self.identity.key = Some(unhex(bytes).try_into().expect("32 bytes")),
            ["trust", anchor] => {
                self.ring = KeyRing::new(&[unhex(anchor).try_into().expect("32 bytes")]).expect("a good key");
            }
            _ => {
                let answer = self.with_engine(words[0] == "open", |engine, seats| call(engine, seats, &words));
                return answer.and_then(|answer| answer).unwrap_or_else(|error| error.number().to_string());
            }
        }
        "done".to_owned()
    }

    fn set_clock(&mut self, wall: &str, uptime: &str) {
        let wall = match wall {
            "absent" => Wall::Absent,
            "unset" => Wall::Unset,
            time => Wall::Time(UnixSeconds(time.parse().expect("a time"))),
        };
        self.clock.reading = Reading::new(wall, uptime.parse().ok());
    }

    fn with_engine<T>(&mut self, open: bool, call: impl FnOnce(&mut Engine<'_>, &mut [Seat]) -> T) -> Result<T, Error> {
        let profile = Profile::new(PRODUCT);
        let mut ports = Ports::new(&mut self.store, &mut self.clock, &mut self.identity);
        ports.counter = self.counter.as_mut().map(|counter| counter as &mut dyn Counter);
        let begin = if open { Engine::open } else { Engine::resume };
        let mut engine = begin(&mut self.memory, &self.ring, profile, ports)?;
        Ok(call(&mut engine, &mut self.seats))
    }
}

fn call(engine: &mut Engine<'_>, seats: &mut [Seat], words: &[&str]) -> Result<String, Error> {
    let mut out = [0; 1024];
    let number = |text: &str| text.parse::<u64>().expect("a number");
    let meter = |meter: MeterReading| format!("0 {} {} {}", meter.used, meter.remaining, meter.overage);
    Ok(match *words {
        ["open"] => "0".to_owned(),
        ["apply", text] => format!("0 {}", apply_as_previewed(engine, text)?.outcome.number()),
        ["check"] => {
            let answer = engine.check()?;
            let status = answer.decision.refusal.map_or(0, Error::number);
            let expires = answer.decision.expires_at.map_or(0, |time| time.0);
            format!("{status} {} {expires}", answer.clock.number())
        }
        ["feature", name] => {
            let decision = engine.feature(name)?.decision;
            let value = match decision.feature.map(|feature| feature.right) {
                Some(Right::Limit(value) | Right::Quota { amount: value, .. }) if decision.refusal.is_none() => value,
                _ => 0,
            };
            format!("{} {value}", decision.refusal.map_or(0, Error::number))
        }
        ["consume", name, amount, reservation] => meter(engine.consume(name, number(amount), number(reservation))?),
        ["unuse", name, amount] => meter(engine.give_back(name, number(amount))?),
        ["meter", name] => meter(engine.meter(name)?),
        ["acquire", name, holder, lease] => {
            let lease = number(lease).try_into().expect("32 bits");
            format!("0 {}", engine.acquire(name, seats, number(holder), lease)?)
        }
        ["release", holder] => format!("{}", u8::from(Seat::release(seats, number(holder)))),
        ["request"] => format!("0 {}", engine.request(&Ask::default(), &mut out)?),
        ["deactivate", license] => format!("0 {}", engine.deactivate(license, b"", &mut out)?),
        ["usage"] => engine.usage("", b"", &mut out).map(|(number, _)| format!("0 {number}"))?,
        ["next"] => engine.next_part(&mut out)?.map_or("0".to_owned(), |text| format!("0 {text}")),
        ["accepted", report] => {
            engine.usage_accepted(number(report).try_into().expect("32 bits"))?;
            "0".to_owned()
        }
        ["settle"] => {
            engine.settle()?;
            "0".to_owned()
        }
        _ => panic!("not a step: {words:?}"),
    })
}

impl Script {
    /// What a slot holds.
    pub fn stored(&self, slot: Slot) -> Vec<u8> {
        self.store.inner.content(slot).to_vec()
    }
}
