//! Whether a device is the one that a license is bound to.

use crate::device::Component;
use crate::error::Error;
use crate::facts::Facts;
use crate::limits::{COMPONENT_FACTS_MAX, COMPONENT_HASH_LEN, SALT_LEN};
use crate::wire::binding::{Allocations, Binding, Components};

/// The hashes of a device's components under the salt of one license. Each costs as much as all other rules together,
/// so it is computed once, and compared in each evaluation of the rules.
///
/// A hash may be kept; what came out of comparing it may not: one comparison for both evaluations, or for the next
/// question too, would be one branch that a fault has to turn around.
#[derive(Debug, Default)]
pub(crate) struct Hashes {
    computed: [Option<[u8; COMPONENT_HASH_LEN]>; COMPONENT_FACTS_MAX],
}

impl Hashes {
    /// The hash of the component at `index`, which is the same at each call, as is the salt.
    fn of(
        &mut self,
        index: usize,
        component: &Component<'_>,
        salt: [u8; SALT_LEN],
    ) -> Option<[u8; COMPONENT_HASH_LEN]> {
        let computed = self.computed.get_mut(index)?;
        if computed.is_none() {
            *computed = component.hash(salt);
        }
        *computed
    }
}

/// Whether the device is the one that is meant, and its own quantity if there is a table of devices.
pub(crate) fn check_binding(
    binding: &Binding<'_>,
    facts: &Facts<'_>,
    hashes: &mut Hashes,
) -> Result<Option<u32>, Error> {
    if facts.components.len() > COMPONENT_FACTS_MAX {
        return Err(Error::InvalidArgument);
    }
    for component in facts.components {
        component.check()?;
    }
    match *binding {
        Binding::None => Ok(None),
        Binding::DeviceKey(key) => match facts.device_key {
            None => Err(Error::DeviceUnknown),
            Some(held) if held == key => Ok(None),
            Some(_) => Err(Error::DeviceMismatch),
        },
        Binding::Components { needed, salt, entries } => {
            match_components(needed, salt, entries, facts, hashes).map(|()| None)
        }
        Binding::Allocation { kind, salt, entries } => match_allocation(kind, salt, entries, facts, hashes).map(Some),
    }
}

/// The components, numbered as their hashes are. `enumerate` would check that its number does not overflow.
fn numbered<'f>(facts: &Facts<'f>) -> impl Iterator<Item = (usize, &'f Component<'f>)> {
    (0..COMPONENT_FACTS_MAX).zip(facts.components)
}

/// Counts the entries that some component of the device matches; each entry counts once.
///
/// A device that shows too few components of the listed kinds is not another device: its identity is not known.
fn match_components(
    needed: u8,
    salt: [u8; SALT_LEN],
    entries: Components<'_>,
    facts: &Facts<'_>,
    hashes: &mut Hashes,
) -> Result<(), Error> {
    // One bit per entry; a binding has at most 16.
    let mut shown = 0_u32;
    let mut matched = 0_u32;
    for (index, component) in numbered(facts) {
        let Some(hash) = hashes.of(index, component, salt) else { continue };
        for (index, entry) in (0..u32::BITS).zip(entries) {
            let bit = 1_u32.checked_shl(index).unwrap_or(0);
            if entry.kind == component.kind {
                shown |= bit;
                if entry.hash == hash {
                    matched |= bit;
                }
            }
        }
    }
    let needed = u32::from(needed);
    if matched.count_ones() >= needed {
        Ok(())
    } else if shown.count_ones() < needed {
        Err(Error::DeviceUnknown)
    } else {
        Err(Error::DeviceMismatch)
    }
}

/// The quantity of the first device in the table that some component of this device matches.
fn match_allocation(
    kind: u8,
    salt: [u8; SALT_LEN],
    entries: Allocations<'_>,
    facts: &Facts<'_>,
    hashes: &mut Hashes,
) -> Result<u32, Error> {
    let mut refusal = Error::DeviceUnknown;
    for (index, component) in numbered(facts).filter(|(_, component)| component.kind == kind) {
        let Some(hash) = hashes.of(index, component, salt) else { continue };
        refusal = Error::DeviceMismatch;
        for entry in entries {
            if entry.hash == hash {
                return Ok(entry.quantity);
            }
        }
    }
    Err(refusal)
}
