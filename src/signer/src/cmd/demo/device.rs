//! A device of the demo: the library's engine over files, a fixed clock and the device's own key.

use std::fs;
use std::path::Path;

use lic2::limits::{KEY_LEN, SIGNATURE_LEN, TEXT_MAX};
use lic2::port::{Clock, Identity, PortFailure, Ports, Reading, Wall};
use lic2::{Ask, Component, Decision, Engine, Error, KeyRing, Memory, Outcome, Profile, SoftwareKey, UnixSeconds};
use lic2_host::{DEFAULT_PREFIX, FileStore, HostError, SEED_LEN, load_or_create_seed};
use zeroize::Zeroizing;

use super::{PRODUCT, unexpected};
use crate::exit::{Failure, Result};

/// Always the same time.
struct Still(UnixSeconds);

impl Clock for Still {
    fn read(&mut self) -> Reading {
        Reading::new(Wall::Time(self.0), Some(0))
    }
}

/// A serial number and a key.
struct Own {
    components: [Component<'static>; 1],
    key: SoftwareKey,
}

impl Identity for Own {
    fn components(&self) -> &[Component<'_>] {
        &self.components
    }

    fn device_key(&self) -> Option<[u8; KEY_LEN]> {
        Some(self.key.public())
    }

    fn sign(&mut self, message: &[u8]) -> std::result::Result<[u8; SIGNATURE_LEN], PortFailure> {
        Ok(self.key.sign(message))
    }
}

/// The device.
pub(super) struct Device {
    store: FileStore,
    clock: Still,
    identity: Own,
    ring: KeyRing,
}

impl Device {
    /// A new device with this serial number that keeps its files in `directory`.
    pub(super) fn new(directory: &Path, esn: &'static str, ring: KeyRing, now: UnixSeconds) -> Result<Self> {
        fs::create_dir(directory).map_err(|cause| Failure::io(directory.display(), &cause))?;
        let path = directory.as_os_str().as_encoded_bytes();
        let broken = |error: HostError| unexpected("the device's files", error.text());
        let mut seed = Zeroizing::new([0; SEED_LEN]);
        load_or_create_seed(path, DEFAULT_PREFIX, &mut seed).map_err(broken)?;
        let components = [Component { kind: 5, value: esn.as_bytes() }];
        Ok(Self {
            store: FileStore::open(path, DEFAULT_PREFIX, 0).map_err(broken)?,
            clock: Still(now),
            identity: Own { components, key: SoftwareKey::from_seed(&seed) },
            ring,
        })
    }

    /// Its public key.
    pub(super) fn key(&self) -> [u8; KEY_LEN] {
        self.identity.key.public()
    }

    /// Restarts the device and runs `work` on its engine.
    pub(super) fn session<T>(
        &mut self,
        work: impl FnOnce(&mut Engine<'_>) -> std::result::Result<T, Error>,
    ) -> std::result::Result<T, Error> {
        let mut memory = Memory::new();
        let profile = Profile::new(PRODUCT);
        let (clock, identity) = (&mut self.clock, &mut self.identity);
        let ports = Ports::new(&mut self.store, clock, identity);
        work(&mut Engine::open(&mut memory, &self.ring, profile, ports)?)
    }

    /// The text of a request for this license.
    pub(super) fn request(&mut self, license: &str) -> Result<String> {
        let mut out = [0; TEXT_MAX];
        self.session(|engine| engine.request(&Ask::new().with_license(license), &mut out).map(str::to_owned))
            .map_err(|error| unexpected("the request", error.name()))
    }

    /// Applies a code that must have this outcome.
    pub(super) fn apply(&mut self, code: &str, expected: Outcome) -> Result<()> {
        match self.session(|engine| engine.apply(code.as_bytes()).map(|applied| applied.outcome)) {
            Ok(outcome) if outcome == expected => Ok(()),
            Ok(outcome) => Err(unexpected("a code", outcome.name())),
            Err(error) => Err(unexpected("a code", error.name())),
        }
    }

    /// Applies a code that the device must refuse with this status.
    pub(super) fn refuse(&mut self, code: &str, expected: Error) -> Result<()> {
        match self.session(|engine| engine.apply(code.as_bytes()).map(|applied| applied.outcome)) {
            Err(error) if error == expected => Ok(()),
            Err(error) => Err(unexpected("a code to be refused", error.name())),
            Ok(outcome) => Err(unexpected("a code to be refused", outcome.name())),
        }
    }

    /// The device's decision now: it must be refused with `expected`, or granted.
    pub(super) fn check(&mut self, expected: Option<Error>) -> Result<Decision> {
        let decision = self.session(|engine| engine.check().map(|answer| answer.decision));
        match decision {
            Ok(decision) if decision.refusal == expected => Ok(decision),
            Ok(decision) => Err(unexpected("a check", decision.refusal.map_or("granted", Error::name))),
            Err(error) => Err(unexpected("a check", error.name())),
        }
    }

    /// Returns the license, and gives the text of the receipt.
    pub(super) fn give_back(&mut self, license: &str) -> Result<String> {
        let mut out = [0; TEXT_MAX];
        self.session(|engine| engine.deactivate(license, b"", &mut out).map(str::to_owned))
            .map_err(|error| unexpected("the receipt", error.name()))
    }
}
