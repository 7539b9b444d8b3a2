//! Any bytes as the stored activation, with a good check and with a bad one. Nothing is granted that no code grants,
//! and a good code repairs whatever was there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lic2::memory_port::{FixedIdentity, ManualClock, MemoryDevice};
use lic2::port::Slot;
use lic2::seal::{self, LicenseDraft};
use lic2::{Engine, Error, KeyRing, Memory, Profile, Term, UnixSeconds};
use std::sync::LazyLock;

use ed25519_dalek::{Signer, SigningKey};

const NOW: UnixSeconds = UnixSeconds(1_795_000_000);
const PROFILE: Profile<'static> = Profile::new("p");
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));
static RING: LazyLock<KeyRing> =
    LazyLock::new(|| KeyRing::new(&[KEY.verifying_key().to_bytes()]).expect("a good anchor"));
/// A code that is already over, and one that is not. Only the first ever gets near the store that is fuzzed.
static OVER: LazyLock<String> = LazyLock::new(|| code(NOW.0 - 10));
static GOOD: LazyLock<String> = LazyLock::new(|| code(NOW.0 + 1000));

fn code(until: u64) -> String {
    let issued_at = UnixSeconds(NOW.0 - 1000);
    let draft = LicenseDraft::new(if until > NOW.0 { "good" } else { "over" }, "p", issued_at)
        .with_serial(u32::MAX)
        .with_term(Term::Until(UnixSeconds(until)));
    let key = KEY.verifying_key().to_bytes();
    let sealed = seal::seal_license(&draft, &key, None, |message| KEY.sign(message).to_bytes());
    sealed.expect("within the limits").text().to_owned()
}

fuzz_target!(|data: &[u8]| {
    let Some((mode, bytes)) = data.split_first() else { return };
    let mut device = MemoryDevice::new(ManualClock::at(NOW), FixedIdentity::default());
    let mut memory = Memory::new();
    let mut open = Engine::open(&mut memory, &RING, PROFILE, device.ports()).expect("an empty store");
    open.apply(OVER.as_bytes()).expect("a good code");
    drop(open);
    // The first bytes of the input say where the stored activation is changed; the check is made good again.
    let mut stored = device.store.content(Slot::A).to_vec();
    if mode & 1 == 0 {
        stored = bytes.to_vec();
    } else {
        for change in bytes.chunks_exact(3) {
            let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % stored.len();
            stored[at] = change[2];
        }
    }
    if mode & 2 == 0 && stored.len() > 152 {
        let length = u16::try_from(stored.len().min(4096)).expect("small").to_le_bytes();
        stored[6..8].copy_from_slice(&length);
        let end = stored.len().min(4096) - 4;
        let check = crc32fast::hash(&stored[..end]).to_le_bytes();
        stored[end..end + 4].copy_from_slice(&check);
    }
    device.store.set_content(if mode & 4 == 0 { Slot::A } else { Slot::B }, &stored);
    if mode & 8 != 0 {
        device.store.set_content(Slot::B, &stored);
    }
    let mut engine = match Engine::open(&mut memory, &RING, PROFILE, device.ports()) {
        Ok(engine) => engine,
        Err(error) => {
            assert_eq!(error, Error::StateTooNew);
            return;
        }
    };
    // A clock that the store contradicts may be behind; nothing else is granted either.
    let answer = engine.check().expect("the store works");
    assert!(!answer.decision.verdict.is_granted(), "{answer:?}");
    assert!(!engine.feature("any").expect("the store works").decision.verdict.is_granted());
    let _ = engine.status();
    let _ = engine.license_status(0);
    let mut text = String::new();
    let _ = engine.write_status(&mut |piece| text.push_str(piece));
    let mut out = [0; 1024];
    let _ = engine.request(&lic2::Ask::default(), &mut out);
    let _ = engine.usage("", b"", &mut out);
    let _ = engine.settle();
    match engine.apply(GOOD.as_bytes()) {
        Ok(_) | Err(Error::StateFull | Error::LicenseReturned | Error::CodeConflict | Error::StateRolledBack) => {}
        Err(error) => panic!("{error:?}"),
    }
    let _ = engine.deactivate("over", b"", &mut out);
});
