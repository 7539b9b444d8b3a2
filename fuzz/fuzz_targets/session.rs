//! Any sequence of operations on a device with a lying clock and a failing power supply. Whatever happens, the quota is
//! never exceeded and a cut never gives a use back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lic2::memory_port::{FixedIdentity, ManualClock, MemoryDevice, PowerCut, Torn};
use lic2::port::Wall;
use lic2::seal::{self, LicenseDraft};
use lic2::{Engine, Feature, KeyRing, Memory, Profile, Right, Term, UnixSeconds};
use std::sync::LazyLock;

use ed25519_dalek::{Signer, SigningKey};

const START: u64 = 1_795_000_000;
const QUOTA: u64 = 100;
const PROFILE: Profile<'static> = Profile::new("p");
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));
static RING: LazyLock<KeyRing> =
    LazyLock::new(|| KeyRing::new(&[KEY.verifying_key().to_bytes()]).expect("a good anchor"));
static CODES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let terms = [Term::Perpetual, Term::DaysFromActivation(30), Term::PoweredHours(500)];
    (1..).zip(terms).map(|(serial, term)| code(serial, term)).collect()
});

fn code(serial: u32, term: Term) -> String {
    let features = [Feature::new("use", Right::Quota { amount: QUOTA, overage: false })];
    let draft = LicenseDraft::new("id", "p", UnixSeconds(START))
        .with_serial(serial)
        .with_term(term)
        .with_features(&features);
    let key = KEY.verifying_key().to_bytes();
    let sealed = seal::seal_license(&draft, &key, None, |message| KEY.sign(message).to_bytes());
    sealed.expect("within the limits").text().to_owned()
}

fuzz_target!(|data: &[u8]| {
    // A seal spares the signatures, which cost most of the time.
    let identity = FixedIdentity::new(&[]).with_secret(b"a secret of thirty-two bytes....");
    let mut device = MemoryDevice::new(ManualClock::at(UnixSeconds(START)), identity);
    let mut memory = Memory::new();
    let mut acknowledged = 0;
    let mut out = [0; 1024];
    Engine::open(&mut memory, &RING, PROFILE, device.ports()).expect("an empty store");
    for step in data.chunks_exact(2).take(64) {
        let amount = u64::from(step[1]);
        match step[0] % 10 {
            0 => device.clock.pass(amount * 3600),
            1 => device.clock.reading.wall = Wall::Time(UnixSeconds(START + amount * 86_400)),
            2 => device.clock.reading.wall = if amount % 2 == 0 { Wall::Unset } else { Wall::Absent },
            3 => {
                let torn = Torn::ALL[usize::from(step[0] / 10) % Torn::ALL.len()];
                device.store.cut = Some(PowerCut::new(usize::from(step[1]) * 4, torn));
                continue;
            }
            _ => {}
        }
        let Ok(mut engine) = Engine::resume(&mut memory, &RING, PROFILE, device.ports()) else {
            device.store.power_on();
            Engine::open(&mut memory, &RING, PROFILE, device.ports()).expect("old or new");
            continue;
        };
        match step[0] % 10 {
            4 => {
                let _ = engine.apply(CODES[usize::from(step[1]) % CODES.len()].as_bytes());
            }
            5 => acknowledged += if engine.consume("use", amount % 20, amount % 7).is_ok() { amount % 20 } else { 0 },
            6 => {
                let _ = engine.usage("", b"", &mut out);
            }
            7 => {
                let _ = engine.settle();
            }
            8 => {
                // The next issue of a returned license starts again from zero; the receipt reported the use.
                let _ = engine.deactivate("id", b"", &mut out);
                acknowledged = 0;
            }
            _ => {}
        }
        if let Ok(meter) = engine.meter("use") {
            assert!(meter.used >= acknowledged && meter.used <= QUOTA, "{meter:?} {acknowledged}");
        }
        if step[0] % 10 == 9 {
            device.store.power_on();
            Engine::open(&mut memory, &RING, PROFILE, device.ports()).expect("old or new");
        }
    }
});
