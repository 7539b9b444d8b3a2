//! What the engine needs from the device: a store of two slots, and, where the device has them, a clock, an identity
//! and a monotonic counter. The engine calls nothing else.

use crate::device::Component;
use crate::limits::{KEY_LEN, SIGNATURE_LEN};
use crate::setters::setters;
use crate::time::UnixSeconds;

/// One of the two places where the activation is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The first.
    A,
    /// The second.
    B,
}

impl Slot {
    /// The other slot.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// A port did not do what it was asked for. It says no more: the engine refuses whatever the cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortFailure;

/// Two slots that keep their content while the device is off.
///
/// A write may be cut off at any byte: the slot may then hold any mixture of old, new and erased bytes, but the other
/// slot is untouched. What a write has returned `Ok` for is kept.
pub trait Store {
    /// Copies the content of a slot to the front of `memory` and returns its length in bytes; a slot that was never
    /// written is empty or all FF. Content that is longer than `memory` is cut off.
    ///
    /// # Errors
    /// Only if the content may be there but cannot be read.
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure>;

    /// Replaces the content of a slot.
    ///
    /// # Errors
    /// If the content is not certainly stored.
    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure>;
}

/// What a clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// The device has no clock that keeps running while it is off.
    Absent,
    /// The device has a clock, and nobody has set it since it lost its power.
    Unset,
    /// This time.
    Time(UnixSeconds),
}

/// One reading of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The time of day.
    pub wall: Wall,
    /// Seconds that never run backwards between two calls of [`crate::Engine::open`], from any start; `None` where
    /// nothing counts them.
    pub uptime_seconds: Option<u64>,
}

impl Reading {
    /// This time of day, and this uptime if something counts it.
    #[inline]
    #[must_use]
    pub const fn new(wall: Wall, uptime_seconds: Option<u64>) -> Self {
        Self { wall, uptime_seconds }
    }
}

/// The clock of the device.
pub trait Clock {
    /// Reads it.
    fn read(&mut self) -> Reading;
}

/// Who this device is.
pub trait Identity {
    /// The identity components, at most 16. The same ones, in the same order, at every call of a session.
    fn components(&self) -> &[Component<'_>];

    /// A secret of at least 16 bytes that another device does not have and that is not stored beside the state. With it the
    /// stored activation is sealed: it cannot be edited, nor read on another device.
    fn secret(&self) -> Option<&[u8]> {
        None
    }

    /// The public half of the device's own key.
    fn device_key(&self) -> Option<[u8; KEY_LEN]> {
        None
    }

    /// Signs with the device's own key (Ed25519, RFC 8032). Called only if there is one.
    ///
    /// # Errors
    /// If the key cannot be used now.
    fn sign(&mut self, message: &[u8]) -> Result<[u8; SIGNATURE_LEN], PortFailure> {
        let _ = message;
        Err(PortFailure)
    }
}

/// A counter in hardware that only counts up and that starts at 0, used for nothing else.
///
/// Interrupted by a power cut it shows the old or the new value. With it the engine notices an earlier copy of the state.
pub trait Counter {
    /// Reads it.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read(&mut self) -> Result<u32, PortFailure>;

    /// Adds one and returns the new value.
    ///
    /// # Errors
    /// If the new value is not certain.
    fn increment(&mut self) -> Result<u32, PortFailure>;
}

/// The ports of a device.
#[expect(missing_debug_implementations, reason = "ports are the caller's; printing them would print secrets")]
#[non_exhaustive]
pub struct Ports<'p> {
    /// Where the activation is kept.
    pub store: &'p mut dyn Store,
    /// The clock.
    pub clock: &'p mut dyn Clock,
    /// The identity.
    pub identity: &'p mut dyn Identity,
    /// The monotonic counter, if the device has one.
    pub counter: Option<&'p mut dyn Counter>,
}

impl<'p> Ports<'p> {
    /// The ports of a device without a monotonic counter.
    #[inline]
    #[must_use]
    pub const fn new(store: &'p mut dyn Store, clock: &'p mut dyn Clock, identity: &'p mut dyn Identity) -> Self {
        Self { store, clock, identity, counter: None }
    }

    setters! {
        with_counter = Some(counter: &'p mut dyn Counter),
    }
}
