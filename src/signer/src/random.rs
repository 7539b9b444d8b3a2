//! Random bytes.

use crate::exit::{Exit, Failure, Result};

/// Fills `bytes` from the operating system.
///
/// # Errors
/// Exit code 2 if it gives none.
pub fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|cause| Failure::new(Exit::Io, format!("the operating system provides no random numbers: {cause}")))
}
