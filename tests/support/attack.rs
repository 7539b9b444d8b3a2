//! What the attacks on a stored activation need of a device and of a thief who holds the issuer's key.

use lic2::memory_port::MemoryStore;
use lic2::port::Slot;
use lic2::seal::{self, LicenseDraft, RevocationDraft, Sealed};
use lic2::{Ask, Error, Item, Outcome, Reason, RevokedIssuer, RevokedLicense, Status, UnixSeconds, license_id_hash};

use super::attack_state::State;
use super::engine_device::{Device, Fault, PRODUCT};
use super::engine_documents::{certificate, ring};
use super::{ISSUED, Key, bytes_of, open_certificate};

/// A device with a clock, a thousand seconds after the issue of the tests' documents, without a secret.
pub fn plain_device() -> Device {
    device(None, false)
}

pub fn device(secret: Option<&'static [u8]>, has_counter: bool) -> Device {
    let mut device = Device::new(ring(), ISSUED + 1_000, secret, has_counter);
    device.open().expect("it opens");
    device
}

impl Device {
    pub fn apply(&mut self, text: &str) -> Result<Outcome, Error> {
        self.resume(|engine| engine.apply(text.as_bytes()))?.map(|applied| applied.outcome)
    }

    /// Applies documents that are accepted.
    pub fn apply_all(&mut self, texts: &[&str]) {
        for text in texts {
            self.apply(text).unwrap_or_else(|error| panic!("{text}: {}", error.name()));
        }
    }

    /// Why the product may not run.
    pub fn refusal(&mut self) -> Option<Error> {
        self.resume(|engine| engine.check().expect("a decision").decision.refusal).expect("it is open")
    }

    /// Why the license with this number may not.
    pub fn refusal_of(&mut self, number: usize) -> Option<Error> {
        let refusal = self.resume(|engine| {
            engine.license_status(number).expect("it is open").expect("there is one").decision.refusal
        });
        refusal.expect("it is open")
    }

    pub fn status(&mut self) -> Status {
        self.resume(|engine| engine.status().expect("it is open")).expect("it is open")
    }

    pub fn request(&mut self) -> Result<String, Error> {
        let mut out = [0; 1024];
        self.resume(|engine| engine.request(&Ask::default(), &mut out).map(str::to_owned))?
    }

    pub fn deactivate(&mut self, license: &str) -> Result<String, Error> {
        let mut out = [0; 1024];
        self.resume(|engine| engine.deactivate(license, b"", &mut out).map(str::to_owned))?
    }

    /// How much of a quota there is, and how much is used.
    pub fn meter(&mut self, name: &str) -> Result<(u64, u64), Error> {
        self.resume(|engine| engine.meter(name).map(|reading| (reading.total, reading.used)))?
    }

    /// From now on the store keeps what it has.
    pub fn refuse_writes(&mut self) {
        self.hardware().plan(Some(Fault::FailingWrites));
    }

    /// Both slots, to be put back later.
    pub fn copy(&self) -> MemoryStore {
        self.hardware.borrow().store.clone()
    }

    /// Puts a copy of both slots back, and begins a session.
    pub fn restore(&mut self, copy: &MemoryStore) {
        self.hardware().store = copy.clone();
        self.restart().expect("it opens");
    }

    /// What is stored: the slot with the higher sequence.
    pub fn stored(&self) -> State {
        let slots = [Slot::A, Slot::B].map(|slot| self.content(slot));
        let states = slots.iter().filter(|content| !content.is_empty()).map(|content| State::read(content));
        states.max_by_key(|state| state.sequence).expect("something is stored")
    }

    /// Puts edited bytes in the place of everything that is stored, and begins a session.
    pub fn put(&mut self, bytes: &[u8]) {
        self.hardware().store = MemoryStore::new();
        self.hardware().store.set_content(Slot::A, bytes);
        self.restart().expect("it opens");
    }
}

/// The document in a text form, as it is stored.
pub fn document(text: &str) -> Vec<u8> {
    let mut bytes = bytes_of(text);
    bytes.truncate(bytes.len() - 4);
    bytes
}

/// A code of the most bytes there can be.
pub fn longest_code(draft: &LicenseDraft<'_>) -> String {
    let filler = [7; 759];
    let fits = |size: usize| {
        let items = [Item { number: 1_000, critical: false, bytes: &filler[..size] }];
        Key::anchor().try_code(&draft.with_extensions(&items)).ok()
    };
    let text = (0..filler.len()).rev().find_map(fits).expect("an empty item fits");
    assert_eq!(document(&text).len(), 759);
    text
}

/// A list that freezes these licenses.
pub struct ListOf<'a> {
    pub number: u32,
    pub series: u8,
    pub issuers: &'a [RevokedIssuer],
    pub frozen: &'a [&'a str],
}

impl ListOf<'_> {
    /// By the anchor, with further items.
    pub fn try_with(&self, items: &[Item<'_>]) -> Result<String, Error> {
        self.seal(&Key::anchor(), None, items)
    }

    fn seal(&self, key: &Key, certificate: Option<&[u8]>, items: &[Item<'_>]) -> Result<String, Error> {
        let revoked = |id: &&str| RevokedLicense { id: license_id_hash(id), below: u32::MAX, reason: Reason::Frozen };
        let mut licenses: Vec<RevokedLicense> = self.frozen.iter().map(revoked).collect();
        licenses.sort_by_key(|entry| entry.id);
        let draft = RevocationDraft::new(self.number, PRODUCT, UnixSeconds(ISSUED))
            .with_series(self.series)
            .with_issuers(self.issuers)
            .with_licenses(&licenses)
            .with_extensions(items);
        let sealed = seal::seal_revocation_list(&draft, &key.public(), certificate, |message| key.sign(message));
        sealed.map(|sealed| sealed.text().to_owned())
    }

    pub fn by_anchor(&self) -> String {
        self.by(&Key::anchor())
    }

    pub fn by(&self, key: &Key) -> String {
        self.seal(key, None, &[]).expect("the draft is within the limits")
    }

    pub fn by_issuer(&self) -> String {
        let certificate = certificate();
        self.seal(&Key::issuer(), Some(certificate.document()), &[]).expect("the draft is within the limits")
    }
}

/// The tests' issuer, revoked.
pub fn stolen_issuer(keep_activated: bool) -> [RevokedIssuer; 1] {
    let key = Key::issuer().public();
    [RevokedIssuer { key: key[..8].try_into().expect("eight bytes"), keep_activated }]
}

/// A certificate of `key` for documents issued on days `from` to `to` of the tests.
pub fn dated_certificate(key: &Key, from: u64, to: u64) -> Sealed {
    let day = |day| UnixSeconds(ISSUED + day * 86_400);
    let draft = open_certificate().with_key(key.public()).with_not_before(day(from)).with_not_after(day(to));
    Key::anchor().certify(&draft.with_kinds(15))
}
