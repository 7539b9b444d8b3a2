//! The challenge of a signature.

use crate::limbs::Limbs;

/// A challenge that was computed twice.
///
/// A signature with R = S B is valid for a challenge of zero: no fault may make one.
pub(crate) struct Challenge {
    pub(crate) number: Limbs,
    /// Zero if both are the same.
    pub(crate) wrong: u32,
}
