//! The life of an activation on one device, over ports in memory.

mod support;

use lic2::memory_port::{FixedIdentity, ManualClock, MemoryDevice};
use lic2::{Ask, Component, Engine, Error, Feature, KeyRing, Memory, Outcome, Profile, Right, Term, UnixSeconds};
use support::{ESN, ISSUED, Key, PLAIN, UNTIL, bound, component_hash};

const PROFILE: Profile<'static> = Profile::new("vision-appliance");
const COMPONENTS: &[Component<'static>] = &[Component { kind: 5, value: ESN }];

fn device() -> MemoryDevice<'static> {
    let identity = FixedIdentity::new(COMPONENTS);
    MemoryDevice::new(ManualClock::at(UnixSeconds(ISSUED + 1000)), identity)
}

fn ring() -> KeyRing {
    KeyRing::new(&[Key::anchor().public()]).expect("a good key")
}

fn outcome(engine: &mut Engine<'_>, text: &str) -> Result<Outcome, Error> {
    engine.apply(text.as_bytes()).map(|applied| applied.outcome)
}

#[test]
fn a_code_is_activated_renewed_and_given_back() {
    let (ring, mut device, mut memory) = (ring(), device(), Memory::new());
    let bound_code = |serial, until| {
        Key::anchor().code(
            &PLAIN
                .with_serial(serial)
                .with_term(Term::Until(UnixSeconds(until)))
                .with_binding(bound(1, &[component_hash(5, ESN)])),
        )
    };
    let mut engine = Engine::open(&mut memory, &ring, PROFILE, device.ports()).expect("it opens");
    assert_eq!(engine.check().expect("a decision").decision.refusal, Some(Error::NotActivated));
    let mut out = [0; 1024];
    assert!(engine.request(&Ask::default(), &mut out).expect("a request").starts_with("LIC2R."));
    assert_eq!(outcome(&mut engine, &bound_code(1, UNTIL)), Ok(Outcome::Activated));
    assert!(engine.check().expect("a decision").decision.verdict.is_granted());
    assert_eq!(outcome(&mut engine, &bound_code(1, UNTIL)), Ok(Outcome::AlreadyApplied));
    assert_eq!(outcome(&mut engine, &bound_code(1, UNTIL + 1)), Err(Error::CodeConflict));
    assert_eq!(outcome(&mut engine, &bound_code(2, UNTIL + 86_400)), Ok(Outcome::Renewed));
    assert_eq!(outcome(&mut engine, &bound_code(1, UNTIL)), Err(Error::CodeOlder));
    assert_eq!(outcome(&mut engine, &bound_code(3, UNTIL - 86_400)), Ok(Outcome::Shortened));
    let mut engine = Engine::open(&mut memory, &ring, PROFILE, device.ports()).expect("it opens");
    let answer = engine.check().expect("a decision");
    assert_eq!(answer.decision.expires_at, Some(UnixSeconds(UNTIL - 86_400)));
    let receipt = engine.deactivate(PLAIN.id, b"", &mut out).expect("a receipt").to_owned();
    assert!(receipt.starts_with("LIC2P."));
    assert_eq!(engine.check().expect("a decision").decision.refusal, Some(Error::NotActivated));
    assert_eq!(outcome(&mut engine, &bound_code(3, UNTIL - 86_400)), Err(Error::LicenseReturned));
    assert_eq!(engine.deactivate(PLAIN.id, b"", &mut out), Ok(&*receipt));
    assert_eq!(outcome(&mut engine, &bound_code(4, UNTIL)), Ok(Outcome::Activated));
}

#[test]
fn a_quota_is_used_reserved_and_reported() {
    let (ring, mut device, mut memory) = (ring(), device(), Memory::new());
    let quota = |amount, overage| [Feature::new("scans", Right::Quota { amount, overage })];
    let code = |serial, amount| Key::anchor().code(&PLAIN.with_serial(serial).with_features(&quota(amount, false)));
    let mut engine = Engine::open(&mut memory, &ring, PROFILE, device.ports()).expect("it opens");
    engine.apply(code(1, 100).as_bytes()).expect("activated");
    assert_eq!(engine.consume("scans", 30, 10).expect("granted").remaining, 70);
    assert_eq!(engine.consume("scans", 5, 10).expect("granted").remaining, 65);
    assert_eq!(engine.give_back("scans", 5).expect("granted").used, 30);
    assert_eq!(engine.consume("scans", 71, 0), Err(Error::QuotaExhausted));
    engine.apply(code(2, 200).as_bytes()).expect("renewed");
    assert_eq!(engine.meter("scans").map(|meter| (meter.total, meter.used)), Ok((200, 30)));
    assert_eq!(engine.consume("scans", 1, 10).expect("granted").used, 31);
    let mut out = [0; 1024];
    let (number, text) = engine.usage("", b"", &mut out).expect("a report");
    assert!(number == 1 && text.starts_with("LIC2M."));
    assert_eq!(engine.usage_accepted(1), Ok(()));
    let writes = device.store.writes;
    // Without a word the power goes: what was reserved counts as used.
    let mut engine = Engine::open(&mut memory, &ring, PROFILE, device.ports()).expect("it opens");
    assert_eq!(engine.meter("scans").map(|meter| meter.used), Ok(41));
    assert_eq!(device.store.writes, writes);
}
