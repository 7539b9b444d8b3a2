//! Two equal devices, one under the core's engine and one under C's, and every operation on both.

use core::ffi::{c_char, c_void};
use core::fmt::Debug;

use lic2::{
    Applied, Engine, Error, KeyRing, Memory, MeterReading, Profile, Right, Seat, UnixSeconds, Verdict, Version,
};
use lic2_capi::*;

use crate::device::{self, COMPONENTS, Device, SECRET, START};
use crate::documents::{PRODUCT, anchor};
use crate::expected;

/// The number of a status.
pub(crate) fn number(status: lic2_status) -> i32 {
    status
}

/// The tables of both.
type Seats = ([Seat; 3], [lic2_seat; 3]);

const NO_SEATS: Seats = ([Seat { holder: 0, until: 0 }; 3], [lic2_seat { holder: 0, until: 0 }; 3]);

/// What one operation gave, for comparison.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen(String);

impl Seen {
    pub(crate) fn of(value: &impl Debug) -> Self {
        Self(format!("{value:?}"))
    }
}

pub(crate) struct Both {
    pub(crate) rust: Device,
    pub(crate) c: Box<Device>,
    memory: Box<Memory>,
    pub(crate) engine: Box<lic2_engine>,
    ring: KeyRing,
    c_ring: Box<lic2_keyring>,
    components: Box<[lic2_component; 2]>,
    key: Box<[u8; 32]>,
    seats: Seats,
    /// The last text that both wrote.
    pub(crate) text: String,
    /// The last number of a usage report.
    pub(crate) report: u32,
}

impl Both {
    pub(crate) fn new(device: Device) -> Self {
        let key = anchor().verifying_key().to_bytes();
        let mut c_ring = Box::new(init!(lic2_keyring));
        // SAFETY: the struct is set up, the key has 32 bytes.
        assert_eq!(number(unsafe { lic2_keyring_init(&mut *c_ring, key.as_ptr(), key.len()) }), 0);
        let components = COMPONENTS.map(|component| lic2_component {
            kind: u32::from(component.kind),
            reserved: 0,
            value: component.value.as_ptr(),
            value_len: component.value.len(),
        });
        Self {
            key: Box::new(device.public().unwrap_or_default()),
            c: Box::new(device.clone()),
            rust: device,
            memory: Box::new(Memory::new()),
            engine: Box::new(init!(lic2_engine)),
            ring: KeyRing::new(&[key]).unwrap(),
            c_ring,
            components: Box::new(components),
            seats: NO_SEATS,
            text: String::new(),
            report: 0,
        }
    }

    const PROFILE: Profile<'static> = Profile::new(PRODUCT)
        .with_version(Version { major: 2, minor: 1, patch: 70_000 })
        .with_built_at(UnixSeconds(START - 5_000));

    fn config(&mut self) -> lic2_config {
        let context = (&raw mut *self.c).cast::<c_void>();
        lic2_config {
            built_at: START - 5_000,
            version: 2 << 48 | 1 << 32 | 70_000,
            product: PRODUCT.as_ptr().cast(),
            product_len: PRODUCT.len(),
            ring: &raw const *self.c_ring,
            store: device::c_store(context),
            clock: device::c_clock(context),
            identity: lic2_identity {
                context,
                components: self.components.as_ptr(),
                components_count: self.components.len(),
                secret: SECRET.as_ptr(),
                secret_len: if self.c.has_secret { SECRET.len() } else { 0 },
                device_key: self.key.as_ptr(),
                device_key_len: if self.c.key.is_some() { 32 } else { 0 },
                sign: Some(device::sign),
            },
            counter: device::c_counter(context, self.c.has_counter),
            ..init!(lic2_config)
        }
    }

    /// Changes both devices alike.
    pub(crate) fn change(&mut self, change: impl Fn(&mut Device)) {
        change(&mut self.rust);
        change(&mut self.c);
    }

    pub(crate) fn core<T>(&mut self, work: impl FnOnce(&mut Engine<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut person = self.rust.person();
        let ports = self.rust.ports(&mut person);
        work(&mut Engine::new(&mut self.memory, &self.ring, Self::PROFILE, ports))
    }

    pub(crate) fn compare(&self, what: &str, core: &Seen, c: &Seen) {
        assert_eq!(core, c, "{what}");
        for slot in [lic2::port::Slot::A, lic2::port::Slot::B] {
            assert!(self.rust.store.content(slot) == self.c.store.content(slot), "{what}: the stores differ");
        }
        assert_eq!(self.rust.store.writes, self.c.store.writes, "{what}: writes");
        assert_eq!(self.rust.counter.value, self.c.counter.value, "{what}: counter");
    }

    pub(crate) fn open(&mut self) -> i32 {
        let mut person = self.rust.person();
        let ports = self.rust.ports(&mut person);
        let core = Engine::open(&mut self.memory, &self.ring, Self::PROFILE, ports).err();
        let config = self.config();
        // SAFETY: everything that the config points to is boxed and lives as long as this.
        let c = number(unsafe { lic2_engine_open(&mut *self.engine, &config) });
        self.seats = NO_SEATS;
        self.compare("open", &Seen::of(&expected::status(core)), &Seen::of(&c));
        c
    }

    pub(crate) fn apply(&mut self, text: &str) -> u32 {
        let seen = |applied: Result<Applied, Error>| match applied {
            Ok(applied) => (0, applied.outcome.number(), applied.refusal.map_or(0, Error::number)),
            Err(error) => (error.number(), 0, 0),
        };
        let (mut outcome, mut usable) = (77, 77);
        let core = seen(self.core(|engine| engine.preview(text.as_bytes())));
        let (bytes, length) = (text.as_ptr().cast(), text.len());
        // SAFETY: the text is as long as stated.
        let c = unsafe { lic2_engine_preview(&mut *self.engine, bytes, length, &mut outcome, &mut usable) };
        self.compare("preview", &Seen::of(&core), &Seen::of(&(number(c), outcome, usable)));
        let core = seen(self.core(|engine| engine.apply(text.as_bytes())));
        // SAFETY: as above.
        let c = unsafe { lic2_engine_apply(&mut *self.engine, bytes, length, &mut outcome, &mut usable) };
        self.compare("apply", &Seen::of(&core), &Seen::of(&(number(c), outcome, usable)));
        outcome
    }

    /// Returns whether the product may run.
    pub(crate) fn check(&mut self) -> bool {
        let core = self.core(|engine| {
            let answer = engine.check()?;
            Ok(expected::decision(answer.license.as_ref(), &answer.decision, answer.clock.number()))
        });
        let core = core.map_or_else(|error| (error.number(), expected::failed_decision(error)), |seen| (0, seen));
        let mut c = granted!(lic2_decision);
        // SAFETY: the structs are set up.
        let status = number(unsafe { lic2_engine_check_sized(&mut *self.engine, &mut c, size_of_val(&c)) });
        self.compare("check", &Seen::of(&core), &Seen::of(&(status, c)));
        c.verdict == expected::GRANTED
    }

    pub(crate) fn feature(&mut self, name: &str) {
        let core = self.core(|engine| Ok(expected::feature(&engine.feature(name)?.decision)));
        let core = core.map_or_else(|error| (error.number(), expected::failed_feature(error)), |seen| (0, seen));
        let mut c = granted!(lic2_feature);
        // SAFETY: as above.
        let status = unsafe {
            lic2_engine_feature_sized(&mut *self.engine, name.as_ptr().cast(), name.len(), &mut c, size_of_val(&c))
        };
        self.compare("feature", &Seen::of(&core), &Seen::of(&(number(status), c)));
    }

    /// Uses, gives back or reads a quota, or takes a seat.
    pub(crate) fn metered(&mut self, what: Metered, name: &str) -> bool {
        let mut seats = self.seats.0;
        // What is left, of a use that was refused.
        let mut left = None;
        let core = self.core(|engine| match what {
            Metered::Consume(amount, reservation) => {
                let mut reading = MeterReading::default();
                let counted = engine.consume_into(name, amount, reservation, &mut reading);
                left = Some(reading);
                counted.map(|()| reading)
            }
            Metered::GiveBack(amount) => engine.give_back(name, amount),
            Metered::Read => engine.meter(name),
            Metered::Acquire(holder, lease) => {
                let used = engine.acquire(name, &mut seats, holder, lease)?;
                let Some(feature) = engine.feature(name)?.decision.feature else { panic!("a seat of nothing") };
                let Right::Limit(total) = feature.right else { panic!("a seat of no limit") };
                let mut reading = MeterReading::default();
                (reading.verdict, reading.total, reading.used) = (Verdict::GRANTED, total, used);
                reading.remaining = total.saturating_sub(used);
                Ok(reading)
            }
        });
        self.seats.0 = seats;
        let core = match core {
            Err(error) if expected::fails(error) => (error.number(), expected::meter(Err(error))),
            other => (0, expected::meter(other)),
        };
        let mut core = core;
        if let (Some(left), true) = (left, core.1.status == Error::QuotaExhausted.number()) {
            (core.1.total, core.1.used) = (left.total, left.used);
            (core.1.remaining, core.1.overage) = (left.remaining, left.overage);
        }
        let mut c = granted!(lic2_meter);
        let (engine, at, len) = (&mut *self.engine, name.as_ptr().cast::<c_char>(), name.len());
        let status = match what {
            // SAFETY: as above.
            Metered::Consume(amount, more) => unsafe {
                lic2_engine_consume_sized(engine, at, len, amount, more, &mut c, size_of_val(&c))
            },
            // SAFETY: as above.
            Metered::GiveBack(amount) => unsafe {
                lic2_engine_give_back_sized(engine, at, len, amount, &mut c, size_of_val(&c))
            },
            // SAFETY: as above.
            Metered::Read => unsafe { lic2_engine_meter_sized(engine, at, len, &mut c, size_of_val(&c)) },
            Metered::Acquire(holder, lease) => {
                let table = self.seats.1.as_mut_ptr();
                // SAFETY: as above; the table has three seats.
                unsafe { lic2_engine_acquire_sized(engine, at, len, table, 3, holder, lease, &mut c, size_of_val(&c)) }
            }
        };
        let status = number(status);
        self.compare(&format!("{what:?}"), &Seen::of(&core), &Seen::of(&(status, c)));
        self.compare_seats();
        c.verdict == expected::GRANTED
    }

    pub(crate) fn release(&mut self, holder: u64) {
        Seat::release(&mut self.seats.0, holder);
        // SAFETY: the table has three seats.
        assert_eq!(number(unsafe { lic2_seat_release(self.seats.1.as_mut_ptr(), 3, holder) }), 0);
        self.compare_seats();
    }

    fn compare_seats(&self) {
        let c = self.seats.1.map(|seat| (seat.holder, seat.until));
        assert_eq!(self.seats.0.map(|seat| (seat.holder, seat.until)), c, "seats");
    }

    pub(crate) fn accepted(&mut self, report: u32) {
        let core = expected::status(self.core(|engine| engine.usage_accepted(report)).err());
        // SAFETY: the engine is set up.
        let c = number(unsafe { lic2_engine_usage_accepted(&mut *self.engine, report) });
        self.compare("usage_accepted", &Seen::of(&core), &Seen::of(&c));
    }

    pub(crate) fn settle(&mut self) {
        let core = expected::status(self.core(|engine| engine.settle()).err());
        // SAFETY: the engine is set up.
        let c = number(unsafe { lic2_engine_settle(&mut *self.engine) });
        self.compare("settle", &Seen::of(&core), &Seen::of(&c));
    }

    pub(crate) fn reverify(&mut self) {
        let core = expected::status(self.core(|engine| engine.reverify()).err());
        // SAFETY: the engine is set up.
        let c = number(unsafe { lic2_engine_reverify(&mut *self.engine) });
        self.compare("reverify", &Seen::of(&core), &Seen::of(&c));
    }

    /// Compares the state and each license.
    pub(crate) fn status(&mut self) {
        let core = self.core(|engine| engine.status());
        let mut c = init!(lic2_engine_info);
        // SAFETY: the structs are set up.
        let status = number(unsafe { lic2_engine_status_sized(&mut *self.engine, &mut c, size_of_val(&c)) });
        let Ok(state) = core else {
            assert_eq!((status, c.refusal, c.condition), (105, 105, 105));
            return;
        };
        self.compare("status", &Seen::of(&(0, expected::info(&state))), &Seen::of(&(status, c)));
        for index in 0..=state.licenses {
            self.license_at(index);
        }
    }

    fn license_at(&mut self, index: u32) {
        let core = self.core(|engine| {
            let clock = engine.status()?.clock.number();
            let license = engine.license_status(usize::try_from(index).unwrap())?.ok_or(Error::InvalidArgument)?;
            let decision = expected::decision(license.license.as_ref(), &license.decision, clock);
            Ok((0, decision, license.activated_at.map_or(0, |time| time.0)))
        });
        let core = core.unwrap_or_else(|error| (error.number(), expected::failed_decision(error), 0));
        let (mut c, mut activated_at) = (granted!(lic2_decision), 77);
        // SAFETY: the structs are set up.
        let status = unsafe {
            lic2_engine_license_at_sized(&mut *self.engine, index, &mut c, size_of_val(&c), &mut activated_at)
        };
        self.compare("license_at", &Seen::of(&core), &Seen::of(&(number(status), c, activated_at)));
    }

    /// Compares a text and an item of the best license.
    pub(crate) fn license(&mut self) {
        let text = self.core(|engine| {
            let genuine = engine.check()?.license.ok_or(Error::LicenseUnknown)?;
            Ok(genuine.license().customer.unwrap_or_default().as_bytes().to_vec())
        });
        let item = self.core(|engine| {
            let genuine = engine.check()?.license.ok_or(Error::LicenseUnknown)?;
            let item = genuine.license().items.into_iter().find(|item| item.number == 1_000);
            Ok(item.map_or(vec![], |item| item.bytes.to_vec()))
        });
        let core = [text, item].map(|core| core.map_or_else(|error| (error.number(), vec![]), |seen| (0, seen)));
        let (mut text, mut item) = ([b'x'; 72], [b'x'; 72]);
        let (mut text_len, mut item_len) = (77, 77);
        let engine = &mut *self.engine;
        let field = LIC2_TEXT_CUSTOMER;
        // SAFETY: the buffer is as long as stated.
        let of_text = unsafe { lic2_engine_license_text(engine, field, text.as_mut_ptr().cast(), 72, &mut text_len) };
        // SAFETY: as above.
        let of_item = unsafe { lic2_engine_license_item(engine, 1_000, item.as_mut_ptr(), 72, &mut item_len) };
        assert!(text[text_len..].iter().chain(&item[item_len..]).all(|byte| *byte == 0));
        let c = [(text, text_len), (item, item_len)].map(|(bytes, length)| bytes[..length].to_vec());
        let c: Vec<_> = [of_text, of_item].map(number).into_iter().zip(c).collect();
        self.compare("license", &Seen::of(&core), &Seen::of(&c));
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Metered {
    Consume(u64, u64),
    GiveBack(u64),
    Read,
    Acquire(u64, u32),
}
