//! Bindings: what ties a license to a device.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{ALLOCATIONS_MAX, COMPONENT_HASH_LEN, COMPONENTS_MAX, KEY_LEN, SALT_LEN};

/// What ties a license to a device.
///
/// The format never gets another (`docs/FORMAT.md` §9), so a `match` may list them all.
// After a tag of one byte the key would be at an odd address, and be copied byte by byte.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize), serde(bound(deserialize = "'de: 'a")))]
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

impl<'a> Read<'a> for Binding<'a> {
    #[inline(never)]
    fn read(reader: &mut Reader<'a>) -> Self {
        match reader.u32() {
            0 => Self::None,
            kind @ (1 | 2) => {
                let (first, salt, rest) = (reader.u8(), reader.array(), reader.bytes());
                match kind {
                    1 => Self::Components { needed: first, salt, entries: Components { rest } },
                    _ => Self::Allocation { kind: first, salt, entries: Allocations { rest } },
                }
            }
            3 => Self::DeviceKey(reader.array()),
            _ => reader.refuse(Self::None),
        }
    }
}

impl Binding<'_> {
    /// Whether what was read is a binding.
    #[inline(never)]
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::None | Self::DeviceKey(_) => Ok(()),
            Self::Components { needed, entries, .. } => entries.check(*needed),
            Self::Allocation { kind, entries, .. } => entries.check(*kind),
        }
    }
}

/// The components of a binding.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
#[serde(transparent)]
pub struct Components<'a> {
    rest: &'a [u8],
}

impl<'a> Components<'a> {
    /// Entries as they are written.
    #[cfg(feature = "sign")]
    pub(crate) const fn written(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The components that a device shows: none to sixteen.
    pub(crate) fn shown(bytes: &'a [u8]) -> Result<Self, Error> {
        let entries = Self { rest: bytes };
        entries.check_entries()?;
        Ok(entries)
    }

    /// One to sixteen whole entries, ascending, at least `needed` of them, `needed` not zero.
    fn check(self, needed: u8) -> Result<(), Error> {
        let count = self.check_entries()?;
        if needed == 0 || count < usize::from(needed) { Err(Error::PayloadValue) } else { Ok(()) }
    }

    /// At most sixteen whole entries, ascending, no kind 0. Returns how many.
    fn check_entries(self) -> Result<usize, Error> {
        let mut rest = self.rest;
        let mut last: Option<&[u8; ComponentHash::LEN]> = None;
        let mut count = 0_usize;
        let mut good = true;
        // Entries order as their bytes do.
        while let Some((entry, after)) = rest.split_first_chunk::<{ ComponentHash::LEN }>() {
            good = good && entry[0] != 0 && last.is_none_or(|last| entry > last);
            last = Some(entry);
            rest = after;
            count = count.wrapping_add(1);
        }
        if !rest.is_empty() {
            return Err(Error::PayloadMalformed);
        }
        if good && count <= COMPONENTS_MAX { Ok(count) } else { Err(Error::PayloadValue) }
    }
}

impl ComponentHash {
    pub(crate) const LEN: usize = 1 + COMPONENT_HASH_LEN;

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
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
#[serde(transparent)]
pub struct Allocations<'a> {
    rest: &'a [u8],
}

impl<'a> Allocations<'a> {
    /// Entries as they are written.
    #[cfg(feature = "sign")]
    pub(crate) const fn written(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn check(self, kind: u8) -> Result<(), Error> {
        let mut rest = self.rest;
        let mut last: Option<&[u8; COMPONENT_HASH_LEN]> = None;
        let mut count = 0_usize;
        while let Some((hash, quantity)) = rest.split_first_chunk() {
            let (quantity, after) = strict::take::<u32>(quantity)?;
            rest = after;
            count = count.wrapping_add(1);
            if count > ALLOCATIONS_MAX || quantity == 0 || last.is_some_and(|last| hash <= last) {
                return Err(Error::PayloadValue);
            }
            last = Some(hash);
        }
        if !rest.is_empty() {
            return Err(Error::PayloadMalformed);
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
