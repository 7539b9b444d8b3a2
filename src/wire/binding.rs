//! Bindings: what ties a license to a device.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{ALLOCATIONS_MAX, COMPONENT_HASH_LEN, COMPONENTS_MAX, KEY_LEN, SALT_LEN};

/// What ties a license to a device.
// Behind a tag of one byte the key would stand at an odd address, and be copied byte by byte.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub enum Binding<'a> {
    /// Any device.
    None,
    /// A device that shows at least `needed` of the listed identity components.
    Components {
        /// How many must match.
        needed: u8,
        /// Salt of the hashes.
        salt: [u8; SALT_LEN],
        /// The components, ascending.
        entries: Components<'a>,
    },
    /// Any of the listed devices, each with its own quantity.
    Allocation {
        /// Kind number of the identity component that names a device.
        kind: u8,
        /// Salt of the hashes.
        salt: [u8; SALT_LEN],
        /// The devices, ascending by hash.
        entries: Allocations<'a>,
    },
    /// The device that holds this Ed25519 key.
    DeviceKey([u8; KEY_LEN]),
}

/// A salted hash of an identity component and the kind number of that component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComponentHash {
    /// Kind number: see [`crate::Component`].
    pub kind: u8,
    /// First bytes of the salted SHA-512.
    pub hash: [u8; COMPONENT_HASH_LEN],
}

/// How many licenses one device of an allocation table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// First bytes of the salted SHA-512 of the device's identity component.
    pub hash: [u8; COMPONENT_HASH_LEN],
    /// How many.
    pub quantity: u32,
}

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
#[repr(u32)]
pub(crate) enum Wire<'a> {
    None,
    Components { needed: u8, salt: [u8; SALT_LEN], entries: &'a [u8] },
    Allocation { kind: u8, salt: [u8; SALT_LEN], entries: &'a [u8] },
    DeviceKey([u8; KEY_LEN]),
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        match reader.u32() {
            0 => Self::None,
            1 => Self::Components { needed: reader.u8(), salt: reader.array(), entries: reader.bytes() },
            2 => Self::Allocation { kind: reader.u8(), salt: reader.array(), entries: reader.bytes() },
            3 => Self::DeviceKey(reader.array()),
            _ => reader.refuse(Self::None),
        }
    }
}

impl<'a> Binding<'a> {
    pub(crate) fn from_wire(wire: &Wire<'a>) -> Result<Self, Error> {
        Ok(match *wire {
            Wire::None => Self::None,
            Wire::DeviceKey(key) => Self::DeviceKey(key),
            Wire::Components { needed, salt, entries } => {
                let entries = Components { rest: entries };
                entries.check(needed)?;
                Self::Components { needed, salt, entries }
            }
            Wire::Allocation { kind, salt, entries } => {
                let entries = Allocations { rest: entries };
                entries.check(kind)?;
                Self::Allocation { kind, salt, entries }
            }
        })
    }
}

/// The components of a binding.
#[derive(Clone, Copy, Debug)]
pub struct Components<'a> {
    rest: &'a [u8],
}

impl<'a> Components<'a> {
    /// What a device shows of itself: no entry up to sixteen.
    pub(crate) fn shown(bytes: &'a [u8]) -> Result<Self, Error> {
        let entries = Self { rest: bytes };
        entries.check_entries()?;
        Ok(entries)
    }

    /// One to sixteen whole entries, ascending, at least `needed` of them, `needed` not zero.
    fn check(self, needed: u8) -> Result<(), Error> {
        self.check_entries()?;
        let count = self.rest.len() / ComponentHash::LEN;
        if needed == 0 || count < usize::from(needed) { Err(Error::PayloadValue) } else { Ok(()) }
    }

    /// At most sixteen whole entries, ascending, no kind 0.
    fn check_entries(self) -> Result<(), Error> {
        let length = ComponentHash::LEN;
        if self.rest.len() % length != 0 {
            return Err(Error::PayloadMalformed);
        }
        if self.rest.len() / length > COMPONENTS_MAX {
            return Err(Error::PayloadValue);
        }
        let mut last = None;
        for entry in self {
            if entry.kind == 0 || Some(entry) <= last {
                return Err(Error::PayloadValue);
            }
            last = Some(entry);
        }
        Ok(())
    }
}

impl ComponentHash {
    const LEN: usize = 1 + COMPONENT_HASH_LEN;

    pub(crate) fn put(&self, out: &mut super::output::Output<'_>) -> Result<(), Error> {
        out.raw(&[self.kind])?;
        out.raw(&self.hash)
    }
}

impl Iterator for Components<'_> {
    type Item = ComponentHash;

    fn next(&mut self) -> Option<ComponentHash> {
        let (kind, rest) = self.rest.split_first()?;
        let (hash, rest) = rest.split_first_chunk()?;
        self.rest = rest;
        Some(ComponentHash { kind: *kind, hash: *hash })
    }
}

/// The devices of an allocation table.
#[derive(Clone, Copy, Debug)]
pub struct Allocations<'a> {
    rest: &'a [u8],
}

impl Allocations<'_> {
    fn check(self, kind: u8) -> Result<(), Error> {
        let mut rest = self.rest;
        let mut last = None;
        let mut count = 0_usize;
        while !rest.is_empty() {
            let (entry, after) = Allocation::take(rest)?;
            rest = after;
            count = count.saturating_add(1);
            if count > ALLOCATIONS_MAX || entry.quantity == 0 || Some(entry.hash) <= last {
                return Err(Error::PayloadValue);
            }
            last = Some(entry.hash);
        }
        if count == 0 || kind == 0 { Err(Error::PayloadValue) } else { Ok(()) }
    }
}

impl Allocation {
    fn take(bytes: &[u8]) -> Result<(Self, &[u8]), Error> {
        let (hash, rest) = bytes.split_first_chunk().ok_or(Error::PayloadMalformed)?;
        let (quantity, rest) = strict::take::<u32>(rest)?;
        Ok((Self { hash: *hash, quantity }, rest))
    }

    #[cfg(feature = "sign")]
    pub(crate) fn put(&self, out: &mut super::output::Output<'_>) -> Result<(), Error> {
        out.raw(&self.hash)?;
        out.value(&self.quantity)
    }
}

impl Iterator for Allocations<'_> {
    type Item = Allocation;

    fn next(&mut self) -> Option<Allocation> {
        let (entry, rest) = Allocation::take(self.rest).ok()?;
        self.rest = rest;
        Some(entry)
    }
}
