//! An update that is tried and reverted: a later build, whose library writes the next version of the stored activation
//! (`tests/next`), runs for a while, the power goes at every byte of every write, and the build before it comes back. It
//! must find an activation that it can read, until the later build was confirmed.
//!
//! Prints `reverted.points`.

mod support;

use lic2::memory_port::{FixedIdentity, ManualClock, MemoryStore, PowerCut, Torn};
use lic2::port::{Ports, Slot, Store};
use lic2::{Engine, Error, Memory, Reason, UnixSeconds};
use support::ISSUED;
use support::engine_device::{COMPONENTS, PRODUCT, PROFILE};
use support::engine_documents::{DAY, code, license, list, quotas, ring, token, until};
use support::{ESN, Key};

/// The store of a device, as both builds see it.
#[derive(Clone)]
struct Flash {
    store: MemoryStore,
    /// Unix seconds.
    now: u64,
}

impl lic2_next::port::Store for Flash {
    fn read(&mut self, slot: lic2_next::port::Slot, memory: &mut [u8]) -> Result<usize, lic2_next::port::PortFailure> {
        self.store.read(slot_of(slot), memory).map_err(|_| lic2_next::port::PortFailure)
    }

    fn write(&mut self, slot: lic2_next::port::Slot, bytes: &[u8]) -> Result<(), lic2_next::port::PortFailure> {
        self.store.write(slot_of(slot), bytes).map_err(|_| lic2_next::port::PortFailure)
    }
}

const fn slot_of(slot: lic2_next::port::Slot) -> Slot {
    match slot {
        lic2_next::port::Slot::A => Slot::A,
        lic2_next::port::Slot::B => Slot::B,
    }
}

struct NextClock(u64);

impl lic2_next::port::Clock for NextClock {
    fn read(&mut self) -> lic2_next::port::Reading {
        let time = lic2_next::UnixSeconds(self.0);
        lic2_next::port::Reading::new(lic2_next::port::Wall::Time(time), Some(self.0 - ISSUED))
    }
}

struct NextIdentity;

impl lic2_next::port::Identity for NextIdentity {
    fn components(&self) -> &[lic2_next::Component<'_>] {
        &[lic2_next::Component { kind: 5, value: ESN }]
    }
}

type NextCall = fn(&mut lic2_next::Engine<'_>, &str) -> Result<(), lic2_next::Error>;

/// One session of the later build, with one call.
fn try_update(flash: &mut Flash, call: NextCall, text: &str) -> Result<(), lic2_next::Error> {
    let ring = lic2_next::KeyRing::new(&[Key::anchor().public()]).expect("a good key");
    let (mut memory, mut clock, mut identity) = (lic2_next::Memory::new(), NextClock(flash.now), NextIdentity);
    let ports = lic2_next::port::Ports::new(flash, &mut clock, &mut identity);
    let mut engine = lic2_next::Engine::open(&mut memory, &ring, lic2_next::Profile::new(PRODUCT), ports)?;
    call(&mut engine, text)
}

/// What the build before the update makes of the store: a copy of it.
fn revert(flash: &Flash) -> Result<(String, MemoryStore), Error> {
    let mut store = flash.store.clone();
    store.power_on();
    let mut clock = ManualClock::at(UnixSeconds(flash.now));
    let mut identity = FixedIdentity::new(COMPONENTS);
    let mut memory = Memory::new();
    let ports = Ports::new(&mut store, &mut clock, &mut identity);
    let mut engine = Engine::open(&mut memory, ring(), PROFILE, ports)?;
    let answer = engine.check()?;
    let serial = answer.license.map(|genuine| genuine.license().serial);
    let seen = format!("{:?} {serial:?} {:?}", answer.decision.refusal, engine.meter("scans").map(|meter| meter.used));
    engine.settle()?;
    engine.apply(code(&license("AFTER", 1, until(0))).as_bytes())?;
    Ok((seen, store))
}

const fn nothing(_: &mut lic2_next::Engine<'_>, _: &str) -> Result<(), lic2_next::Error> {
    Ok(())
}

/// Cuts the call off at every byte; `check` looks at what each cut leaves. Returns how many cuts there were.
fn cut_everywhere(flash: &Flash, call: NextCall, text: &str, check: &mut dyn FnMut(&Flash)) -> usize {
    let mut whole = flash.clone();
    whole.store.bytes = 0;
    try_update(&mut whole, call, text).expect("it works without a cut");
    let (bytes, mut points) = (usize::try_from(whole.store.bytes).expect("a few KB"), 0);
    assert!(bytes > 0, "the call writes nothing");
    for torn in Torn::ALL {
        for after in 0..=bytes {
            let mut cut = flash.clone();
            cut.store.cut = Some(PowerCut::new(after, torn));
            assert!(try_update(&mut cut, call, text).is_err() || after == bytes, "the power went at {after}");
            cut.store.power_on();
            check(&cut);
            points += 1;
        }
    }
    points
}

/// The steps of a session that is tried: what the later build does, each with its document.
fn trial() -> Vec<(NextCall, String)> {
    let more = quotas(200, 10);
    let renewed = code(&license("PL-1", 2, until(30)).with_features(&more));
    let apply: NextCall = |engine, text| engine.apply(text.as_bytes()).map(drop);
    vec![
        (apply, renewed),
        (|engine, _| engine.consume("scans", 3, 20).map(drop), String::new()),
        (|engine, _| engine.check().map(drop), String::new()),
        (apply, list(1, ISSUED + DAY, &[("OTHER", 2, Reason::Frozen)])),
        (apply, token(ISSUED + 2 * DAY)),
        (|engine, _| engine.request(&lic2_next::Ask::new(), &mut [0; 1024]).map(drop), String::new()),
        (|engine, _| engine.usage("", b"", &mut [0; 1024]).map(drop), String::new()),
    ]
}

fn new_device() -> Flash {
    Flash { store: MemoryStore::new(), now: ISSUED }
}

/// A device that the build before the update has activated.
fn activated() -> Flash {
    let mut flash = new_device();
    let features = quotas(100, 10);
    let mut clock = ManualClock::at(UnixSeconds(flash.now));
    let mut identity = FixedIdentity::new(COMPONENTS);
    let mut memory = Memory::new();
    let ports = Ports::new(&mut flash.store, &mut clock, &mut identity);
    let mut engine = Engine::open(&mut memory, ring(), PROFILE, ports).expect("it opens");
    engine.apply(code(&license("PL-1", 1, until(0)).with_features(&features)).as_bytes()).expect("activated");
    flash
}

#[test]
fn an_update_that_is_reverted_at_any_byte_leaves_a_licensed_device() {
    let mut flash = activated();
    let mut points = 0;
    for (call, text) in trial() {
        flash.now += DAY;
        let before = revert(&flash).expect("it is its own").0;
        let mut after = flash.clone();
        try_update(&mut after, call, &text).expect("it works");
        let whole = revert(&after).expect("written in the version that was read").0;
        points += cut_everywhere(&flash, call, &text, &mut |cut| {
            let (seen, _) = revert(cut).unwrap_or_else(|error| panic!("reverted: {}", error.name()));
            assert!(seen.starts_with("None") && (seen == before || seen == whole), "{seen}: {before} or {whole}");
        });
        flash = after;
    }
    println!("reverted.points {points}");
    assert!(points > 15_000, "{points}");
}

#[test]
fn a_device_that_the_tried_build_has_activated_stays_activated() {
    let text = code(&license("PL-1", 1, until(0)));
    let apply: NextCall = |engine, text| engine.apply(text.as_bytes()).map(drop);
    let mut granted = 0;
    let points = cut_everywhere(&new_device(), apply, &text, &mut |cut| {
        let (seen, _) = revert(cut).expect("empty, or in the earliest version");
        granted += usize::from(seen.starts_with("None Some(1)"));
        assert!(
            seen.starts_with("None Some(1)")
                || seen.starts_with("Some(NotActivated)")
                || seen.starts_with("Some(StateCorrupt)"),
            "{seen}"
        );
    });
    assert!(granted >= Torn::ALL.len() && granted < points, "{granted} of {points}");
}

#[test]
fn a_confirmed_update_writes_the_next_version() {
    let confirm: NextCall = |engine, _| engine.confirm_version();
    let flash = activated();
    // Cut off anywhere, it is confirmed or not: the later build goes on either way.
    cut_everywhere(&flash, confirm, "", &mut |cut| {
        let check: NextCall = |engine, _| {
            assert!(engine.check()?.decision.verdict.is_granted());
            engine.confirm_version()
        };
        try_update(&mut cut.clone(), check, "").expect("it reads both versions");
        assert!(matches!(revert(cut), Ok(_) | Err(Error::StateTooNew)));
    });
    let mut confirmed = flash.clone();
    try_update(&mut confirmed, confirm, "").expect("confirmed");
    let newest = |flash: &Flash| [Slot::A, Slot::B].map(|slot| flash.store.content(slot).get(4).copied());
    assert_eq!(newest(&confirmed), [Some(2), Some(3)]);
    assert_eq!(revert(&confirmed).map(drop), Err(Error::StateTooNew));
    // What follows is of that version, without being confirmed again.
    confirmed.now += 2 * DAY;
    try_update(&mut confirmed, |engine, _| engine.check().map(drop), "").expect("it goes on");
    assert_eq!(newest(&confirmed), [Some(3), Some(3)]);
    let writes = confirmed.store.writes;
    try_update(&mut confirmed, confirm, "").expect("a confirmed one stays so");
    assert_eq!(confirmed.store.writes, writes, "confirming again writes nothing");
    // An empty device has nothing to write, and a later write is of that version.
    let mut empty = new_device();
    let all: NextCall = |engine, text| {
        engine.confirm_version()?;
        engine.apply(text.as_bytes()).map(drop)
    };
    try_update(&mut empty, all, &code(&license("PL-1", 1, until(0)))).expect("activated");
    assert_eq!(newest(&empty), [Some(3), None]);
}

/// The test of reverting sees an update that does not keep the version.
#[test]
fn an_update_that_writes_its_own_version_at_once_is_noticed() {
    let mut flash = activated();
    try_update(&mut flash, nothing, "").expect("opening writes nothing");
    assert!(revert(&flash).is_ok());
    let hasty: NextCall = |engine, text| {
        engine.confirm_version()?;
        engine.apply(text.as_bytes()).map(drop)
    };
    let mut too_new = 0;
    cut_everywhere(&flash, hasty, &trial()[0].1, &mut |cut| too_new += usize::from(revert(cut).is_err()));
    assert!(too_new > 1_000, "{too_new}");
}
