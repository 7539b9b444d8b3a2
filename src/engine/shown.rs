//! The identity components that a device shows the seller.

use crate::limits::{COMPONENT_FACTS_MAX, COMPONENT_HASH_LEN};
use crate::wire::binding::ComponentHash;

/// The identity components of the device, hashed with the salt of one document.
#[derive(Debug)]
pub(super) struct Shown {
    entries: [ComponentHash; COMPONENT_FACTS_MAX],
    count: usize,
}

impl Shown {
    pub(super) const NONE: Self =
        Self { entries: [ComponentHash { kind: 0, hash: [0; COMPONENT_HASH_LEN] }; COMPONENT_FACTS_MAX], count: 0 };

    /// Adds one, if there is room.
    pub(super) fn push(&mut self, entry: ComponentHash) {
        if let Some(slot) = self.entries.get_mut(self.count) {
            *slot = entry;
            self.count = self.count.saturating_add(1);
        }
    }

    pub(super) fn entries(&self) -> &[ComponentHash] {
        self.entries.get(..self.count).unwrap_or(&[])
    }
}
