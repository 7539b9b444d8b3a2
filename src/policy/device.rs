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
    computed: [[u8; COMPONENT_HASH_LEN]; COMPONENT_FACTS_MAX],
    /// A bit for each that was computed.
    known: u32,
}

impl Hashes {
    /// The hash of the component with this number, which is the same at each call, as is the salt.
    #[inline(never)]
    fn of(
        &mut self,
        number: usize,
        component: &Component<'_>,
        salt: [u8; SALT_LEN],
    ) -> Option<&[u8; COMPONENT_HASH_LEN]> {
        let hash = self.computed.get_mut(number)?;
        let bit = 1_u32.wrapping_shl(u32::try_from(number).ok()?);
        if self.known & bit == 0 {
            *hash = component.hash(salt)?;
            self.known |= bit;
        }
        Some(hash)
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
    match binding {
        Binding::None => Ok(None),
        Binding::DeviceKey(key) => match &facts.device_key {
            None => Err(Error::DeviceUnknown),
            Some(held) if held == key => Ok(None),
            Some(_) => Err(Error::DeviceMismatch),
        },
        &Binding::Components { needed, salt, entries } => {
            match_components(needed, salt, entries, facts, hashes).map(|()| None)
        }
        &Binding::Allocation { kind, salt, entries } => match_allocation(kind, salt, entries, facts, hashes).map(Some),
    }
}

/// The components, numbered as their hashes are. `enumerate` would check that its number does not overflow.
fn numbered<'f>(facts: &Facts<'f>) -> impl Iterator<Item = (usize, &'f Component<'f>)> {
    (0..COMPONENT_FACTS_MAX).zip(facts.components)
}

/// Counts the entries that some component of the device matches; each entry counts once.
///
/// A device that shows too few components of the listed kinds is not another device: its identity is not known.
#[inline(never)]
fn match_components(
    needed: u8,
    salt: [u8; SALT_LEN],
    entries: Components<'_>,
    facts: &Facts<'_>,
    hashes: &mut Hashes,
) -> Result<(), Error> {
    let mut count_shown = 0_u32;
    let mut count_matched = 0_u32;
    for entry in entries {
        let mut shown = false;
        let mut matched = false;
        for (number, component) in numbered(facts).filter(|(_, component)| component.kind == entry.kind) {
            let Some(hash) = hashes.of(number, component, salt) else { continue };
            shown = true;
            matched |= *hash == entry.hash;
        }
        count_shown = count_shown.saturating_add(shown.into());
        count_matched = count_matched.saturating_add(matched.into());
    }
    let needed = u32::from(needed);
    if count_matched >= needed {
        Ok(())
    } else if count_shown < needed {
        Err(Error::DeviceUnknown)
    } else {
        Err(Error::DeviceMismatch)
    }
}

/// The quantity of the first device in the table that some component of this device matches.
#[inline(never)]
fn match_allocation(
    kind: u8,
    salt: [u8; SALT_LEN],
    entries: Allocations<'_>,
    facts: &Facts<'_>,
    hashes: &mut Hashes,
) -> Result<u32, Error> {
    let mut refusal = Error::DeviceUnknown;
    for (number, component) in numbered(facts).filter(|(_, component)| component.kind == kind) {
        let Some(hash) = hashes.of(number, component, salt) else { continue };
        refusal = Error::DeviceMismatch;
        for entry in entries {
            if entry.hash == *hash {
                return Ok(entry.quantity);
            }
        }
    }
    Err(refusal)
}
