//! The engine: what a device remembers. It keeps activations, lists, meters and time in a store that may lose power
//! at any byte, and answers with the same policy as [`crate::decide`].
//!
//! Everything is verified before anything is written, and everything is written before anything is granted.

mod apply;
mod authenticated;
mod authenticity;
mod certificates;
mod clock_state;
mod confirm;
mod days_left;
mod decide;
mod image;
mod layout;
mod license;
mod lists;
mod meter;
mod outcome;
mod parts;
mod position;
mod preview;
mod report;
mod returned;
mod seat;
mod session;
mod shape;
mod shown;
mod signing_key;
mod slots;
mod status;
mod status_number;
mod status_text;
mod time;
mod time_base;
mod usability;

pub use clock_state::ClockState;
pub use decide::{Answer, FeatureAnswer};
pub use meter::MeterReading;
pub use outcome::{Applied, Outcome};
pub use report::Ask;
pub use seat::Seat;
pub use session::Memory;
pub use status::{LicenseStatus, Status};

use crate::error::Error;
use crate::facts::Facts;
use crate::keys::KeyRing;
use crate::limits::{COMPONENT_FACTS_MAX, TOKENS};
use crate::port::Ports;
use crate::setters::setters;
use crate::time::UnixSeconds;
use crate::version::Version;
use crate::wire::name::is_product;
use image::{Image, field};
use session::Session;

/// What the application says about itself: the same at every call of a session.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Profile<'a> {
    /// The product id compiled into the application.
    pub product: &'a str,
    /// The version of this build.
    pub version: Option<Version>,
    /// When this build was made; also the earliest time a clock can truthfully show.
    pub built_at: Option<UnixSeconds>,
    /// Whether test codes are accepted. Never in a production build.
    pub allow_test: bool,
    /// Whether a stored activation without a keyed seal is accepted by a device that has a secret: for the one release
    /// that introduces the secret. It lets anyone who can edit the store set meters and times.
    pub accept_unsealed: bool,
}

impl<'a> Profile<'a> {
    /// The product, of an unknown version and build time, which accepts no test codes.
    #[inline]
    #[must_use]
    pub const fn new(product: &'a str) -> Self {
        Self { product, version: None, built_at: None, allow_test: false, accept_unsealed: false }
    }

    setters! {
        with_product = (product: &'a str),
        with_version = Some(version: Version),
        with_built_at = Some(built_at: UnixSeconds),
        with_allow_test = (allow_test: bool),
        with_accept_unsealed = (accept_unsealed: bool),
    }
}

/// The activation of a device, in memory that the caller owns, over ports that the caller implements.
#[expect(missing_debug_implementations, reason = "ports are the caller's; printing them would print secrets")]
pub struct Engine<'e> {
    session: &'e mut Session,
    image: Image<'e>,
    ring: &'e KeyRing,
    /// What the profile says, in the form that every decision needs.
    about: Facts<'e>,
    accept_unsealed: bool,
    ports: Ports<'e>,
}

impl<'e> Engine<'e> {
    /// Reads what is stored, and begins a session. Writes nothing to the store; counts the counter up where a write
    /// was cut off before.
    ///
    /// A damaged or foreign activation is not an error: every answer reports it, and applying a code repairs it.
    ///
    /// # Errors
    /// `NotInitialized` for a ring that is not set up; `InvalidArgument` for a product that no license can have, a
    /// secret of less than 16 bytes, or a counter in a build without the feature `tokens`; `StoreRead`,
    /// `CounterFailed`; `StateTooNew`, with everything left as it is.
    pub fn open(
        memory: &'e mut Memory,
        ring: &'e KeyRing,
        profile: Profile<'e>,
        ports: Ports<'e>,
    ) -> Result<Self, Error> {
        let mut engine = Self::new(memory, ring, profile, ports);
        engine.start()?;
        Ok(engine)
    }

    /// An engine in this memory, open or not. For callers that cannot keep a borrow, as across the C interface: one that is
    /// not open does nothing but [`Engine::start`].
    #[inline]
    pub fn new(memory: &'e mut Memory, ring: &'e KeyRing, profile: Profile<'e>, ports: Ports<'e>) -> Self {
        Self {
            session: &mut memory.session,
            image: Image::new(&mut memory.image),
            ring,
            about: Facts {
                product: profile.product,
                version: profile.version,
                built_at: profile.built_at,
                allow_test: profile.allow_test,
                ..Facts::default()
            },
            accept_unsealed: profile.accept_unsealed,
            ports,
        }
    }

    /// Begins a session, as [`Engine::open`] does.
    ///
    /// # Errors
    /// As [`Engine::open`]. The engine is not open.
    pub fn start(&mut self) -> Result<(), Error> {
        *self.session = Session::CLOSED;
        // Busy until it is open: a callback must not use it.
        self.session.give_up();
        let begun = self.begin();
        self.session.set_open(begun.is_ok());
        self.session.failure = begun.err().map_or(0, status_number::to_u32);
        begun
    }

    /// Why [`Engine::open`] failed in this memory; `None` while the engine is open, and before it was opened.
    #[must_use]
    pub fn open_failure(&self) -> Option<Error> {
        let is_closed = !self.session.is_open() && !self.session.is_busy();
        status_number::to_status(self.session.failure).filter(|_| is_closed)
    }

    fn begin(&mut self) -> Result<(), Error> {
        self.ring.check_ready()?;
        let identity = &*self.ports.identity;
        let too_short = identity.secret().is_some_and(|secret| secret.len() < 16);
        let unfit = !TOKENS && self.ports.counter.is_some();
        if !is_product(self.about.product.as_bytes())
            || unfit
            || too_short
            || identity.components().len() > COMPONENT_FACTS_MAX
        {
            return Err(Error::InvalidArgument);
        }
        for component in identity.components() {
            component.check()?;
        }
        self.load()?;
        self.start_time();
        self.check_stored();
        // From here on uptime counts.
        self.read_clock();
        Ok(())
    }

    /// Continues a session that [`Engine::open`] has begun in this memory, with the same ring, profile and ports. For
    /// callers that cannot keep a borrow, as across the C interface.
    ///
    /// # Errors
    /// `NotInitialized` if the session is not open: it never was, or the store failed so that it is not known any more
    /// what is stored.
    pub fn resume(
        memory: &'e mut Memory,
        ring: &'e KeyRing,
        profile: Profile<'e>,
        ports: Ports<'e>,
    ) -> Result<Self, Error> {
        ring.check_ready()?;
        let engine = Self::new(memory, ring, profile, ports);
        engine.check_open()?;
        Ok(engine)
    }

    /// Whether the engine can be called now.
    ///
    /// # Errors
    /// `NotInitialized` if it is not open; `EngineBusy` in a callback, and if one never returned.
    pub fn check_open(&self) -> Result<(), Error> {
        if self.session.is_open() {
            Ok(())
        } else {
            Err(if self.session.is_busy() { Error::EngineBusy } else { Error::NotInitialized })
        }
    }

    /// Does `work` with an open engine, which is closed meanwhile: a callback that never returns must not leave a session
    /// open whose memory says more than the store.
    #[inline(always)]
    fn call<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.enter()?;
        let result = work(self);
        self.session.toggle_busy();
        result
    }

    #[inline(never)]
    fn enter(&mut self) -> Result<(), Error> {
        self.check_open()?;
        self.session.toggle_busy();
        Ok(())
    }

    /// In a call: whether it is still known what is stored.
    fn check_held(&self) -> Result<(), Error> {
        if self.session.is_held() { Ok(()) } else { Err(Error::NotInitialized) }
    }

    /// Reads the clock.
    pub(super) fn observe(&mut self) -> Result<(), Error> {
        self.call(|engine| {
            engine.read_clock();
            Ok(())
        })
    }

    /// Stores what a session keeps in memory only, so that nothing reserved is lost: before the device is switched
    /// off. The session stays open.
    ///
    /// # Errors
    /// `NotInitialized`, `StoreWrite`, `CounterFailed`.
    pub fn settle(&mut self) -> Result<(), Error> {
        self.call(|engine| {
            engine.read_clock();
            let time = engine.settle_time();
            let meters = engine.settle_meters();
            if time || meters { engine.store() } else { Ok(()) }
        })
    }

    /// The facts about this device and build, without those of one license.
    #[inline(never)]
    fn facts(&self) -> Facts<'_> {
        let mut facts = self.about;
        let refreshed = self.image.u64(field::REFRESHED);
        facts.refreshed_at = (refreshed != 0).then_some(UnixSeconds(refreshed));
        facts.now = self.now();
        facts.components = self.ports.identity.components();
        facts.device_key = self.ports.identity.device_key();
        facts
    }
}
