//! A device in memory with the real engine, for which the program signs.

use std::path::Path;

use lic2::memory_port::{ManualClock, MemoryStore};
use lic2::port::{Identity, PortFailure, Ports};
use lic2::{Ask, Component, Engine, Error, KeyRing, Memory, Outcome, Profile, SoftwareKey, UnixSeconds, Version};

/// The product of every test device.
pub(crate) const PRODUCT: &str = "vision-appliance";

/// 2026-11-22T12:00:00Z, the time of the tests.
pub(crate) const NOW_SECONDS: u64 = 1_795_348_800;

/// Components, and perhaps a key of the device's own.
pub(crate) struct TestIdentity {
    components: &'static [Component<'static>],
    key: Option<SoftwareKey>,
}

impl Identity for TestIdentity {
    fn components(&self) -> &[Component<'_>] {
        self.components
    }

    fn device_key(&self) -> Option<[u8; 32]> {
        self.key.as_ref().map(SoftwareKey::public)
    }

    fn sign(&mut self, message: &[u8]) -> Result<[u8; 64], PortFailure> {
        self.key.as_ref().map(|key| key.sign(message)).ok_or(PortFailure)
    }
}

/// A device: what it remembers, what it knows, and whom it trusts.
pub(crate) struct Device {
    store: MemoryStore,
    pub(crate) clock: ManualClock,
    identity: TestIdentity,
    ring: KeyRing,
}

impl Device {
    /// A new device with these components that trusts `anchor.pub` of this sandbox.
    pub(crate) fn new(anchor: &Path, components: &'static [Component<'static>]) -> Self {
        let anchor = lic2_signer::publickey::read(anchor.to_str().unwrap()).unwrap();
        Self {
            store: MemoryStore::new(),
            clock: ManualClock::at(UnixSeconds(NOW_SECONDS + 60)),
            identity: TestIdentity { components, key: None },
            ring: KeyRing::new(&[anchor]).unwrap(),
        }
    }

    /// The same that trusts these anchors, in this order.
    pub(crate) fn trusting(mut self, anchors: &[&Path]) -> Self {
        let read = |anchor: &&Path| lic2_signer::publickey::read(anchor.to_str().unwrap()).unwrap();
        let anchors: Vec<_> = anchors.iter().map(read).collect();
        self.ring = KeyRing::new(&anchors).unwrap();
        self
    }

    /// The same with a key of its own.
    pub(crate) fn with_key(mut self, seed: u8) -> Self {
        self.identity.key = Some(SoftwareKey::from_seed(&[seed; 32]));
        self
    }

    /// The public key, in hexadecimal.
    pub(crate) fn key(&self) -> String {
        lic2_signer::ui::hex(&self.identity.device_key().unwrap())
    }

    /// One session: the engine is opened again, as after a restart.
    pub(crate) fn session<T>(&mut self, work: impl FnOnce(&mut Engine<'_>) -> T) -> T {
        let mut memory = Memory::new();
        let profile = Profile::new(PRODUCT).with_version(Version { major: 2, minor: 4, patch: 0 });
        let ports = Ports::new(&mut self.store, &mut self.clock, &mut self.identity);
        work(&mut Engine::open(&mut memory, &self.ring, profile, ports).unwrap())
    }

    pub(crate) fn request(&mut self, license: &str, signs: u8) -> String {
        let mut out = [0; 1024];
        self.session(|engine| {
            engine.request(&Ask::new().with_license(license).with_signs(signs), &mut out).unwrap().to_owned()
        })
    }

    /// The number that the next revocation list has to have.
    pub(crate) fn number(&mut self) -> u32 {
        self.session(|engine| engine.status().unwrap().list_number + 1)
    }

    pub(crate) fn apply(&mut self, text: &str) -> Result<Outcome, Error> {
        self.session(|engine| engine.apply(text.as_bytes())).map(|applied| applied.outcome)
    }

    /// Why the product may not run; `None` if it may.
    pub(crate) fn refusal(&mut self) -> Option<Error> {
        self.session(|engine| engine.check().unwrap().decision.refusal)
    }

    pub(crate) fn consume(&mut self, feature: &str, amount: u64) -> Result<u64, Error> {
        self.session(|engine| engine.consume(feature, amount, 0).map(|meter| meter.used))
    }

    pub(crate) fn deactivate(&mut self, license: &str) -> String {
        let mut out = [0; 1024];
        self.session(|engine| engine.deactivate(license, b"", &mut out).unwrap().to_owned())
    }

    /// Number and text of a usage report.
    pub(crate) fn usage(&mut self) -> (u32, String) {
        let mut out = [0; 1024];
        self.session(|engine| engine.usage("", b"", &mut out).map(|(number, text)| (number, text.to_owned())).unwrap())
    }

    /// The texts of a usage report in parts.
    pub(crate) fn usage_parts(&mut self) -> Vec<String> {
        let mut out = [0; 1024];
        self.session(|engine| {
            let first = engine.usage("", b"", &mut out).unwrap().1.to_owned();
            with_parts(engine, first)
        })
    }

    /// The texts of a receipt in parts.
    pub(crate) fn deactivate_parts(&mut self, license: &str) -> Vec<String> {
        let mut out = [0; 1024];
        self.session(|engine| {
            let first = engine.deactivate(license, b"", &mut out).unwrap().to_owned();
            with_parts(engine, first)
        })
    }

    /// What the device shows to support staff.
    pub(crate) fn status_text(&mut self) -> String {
        let mut text = String::new();
        self.session(|engine| engine.write_status(&mut |part| text.push_str(part)).unwrap());
        text
    }

    pub(crate) fn usage_accepted(&mut self, number: u32) {
        self.session(|engine| engine.usage_accepted(number).unwrap());
    }
}

fn with_parts(engine: &mut Engine<'_>, first: String) -> Vec<String> {
    let mut out = [0; 1024];
    let mut parts = vec![first];
    while let Some(part) = engine.next_part(&mut out).unwrap() {
        parts.push(part.to_owned());
    }
    parts
}

/// A request that nobody has signed, without components, perhaps with somebody's key in it.
pub(crate) fn unsigned_request(key: Option<&str>) -> String {
    let mut document = vec![1, b'R', 0, 0, 0, 0, 0, 0];
    document.push(u8::try_from(PRODUCT.len()).unwrap());
    document.extend(PRODUCT.bytes());
    // The nonce; no time, no license, no components.
    document.extend([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0]);
    match key {
        None => document.push(0),
        // Item 2, the device key.
        Some(key) => document.extend([&[34, 4, 32], lic2_signer::ui::unhex(key).unwrap().as_slice()].concat()),
    }
    lic2::seal::text_of(b'R', &[&document]).unwrap().text().into()
}

/// The same text with another nonce, and the check made right again.
pub(crate) fn altered(text: &str) -> String {
    let mut document = document(text);
    document[8 + 1 + PRODUCT.len()] ^= 1;
    lic2::seal::text_of(text.as_bytes()[4], &[&document]).unwrap().text().into()
}

/// The document in a text, without its check.
pub(crate) fn document(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bits = 0_u32;
    let mut bytes = Vec::new();
    for (index, character) in text.bytes().skip(6).enumerate() {
        bits = bits << 6 | u32::try_from(ALPHABET.iter().position(|one| *one == character).unwrap()).unwrap();
        if index % 4 != 0 {
            bytes.push(u8::try_from(bits >> (6 - 2 * (index % 4)) & 255).unwrap());
        }
    }
    bytes.truncate(bytes.len() - 4);
    bytes
}
