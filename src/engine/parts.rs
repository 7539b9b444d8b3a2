//! Which part of a receipt or usage report comes next. Not stored: after a power cut the report begins again.

use crate::limits::NONCE_LEN;
use crate::wire::device::Cut;

/// What is written in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Receipt,
    Usage,
}

/// The next part of the document that was written last. Integers only, like all of a session.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct PendingParts {
    /// 0 none, 1 of a receipt, 2 of a usage report.
    of: u16,
    /// Which part it is.
    pub(super) part: u16,
    /// How many entries the parts before it have.
    pub(super) skip: u16,
    reserved: u16,
    /// The license; 0 for a report of all.
    pub(super) id_hash: u64,
    /// The same in every part.
    pub(super) nonce: [u8; NONCE_LEN],
}

impl PendingParts {
    pub(crate) const NONE: Self = Self { of: 0, part: 0, skip: 0, reserved: 0, id_hash: 0, nonce: [0; NONCE_LEN] };

    /// What follows a part that was just written, after `skip` entries.
    pub(super) fn after(cut: &Cut, skip: usize, of: Of, id_hash: u64, nonce: [u8; NONCE_LEN]) -> Self {
        let skip = u16::try_from(skip.saturating_add(cut.count));
        match (skip, cut.part.part.checked_add(1)) {
            (Ok(skip), Some(part)) if !cut.part.is_last => {
                let of = match of {
                    Of::Receipt => 1,
                    Of::Usage => 2,
                };
                Self { of, part, skip, reserved: 0, id_hash, nonce }
            }
            _ => Self::NONE,
        }
    }

    /// No part follows.
    pub(super) const fn end(&mut self) {
        self.of = 0;
    }

    pub(super) const fn of(&self) -> Option<Of> {
        match self.of {
            1 => Some(Of::Receipt),
            2 => Some(Of::Usage),
            _ => None,
        }
    }
}
