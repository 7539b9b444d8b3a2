//! Statuses as the session and the stored activation hold them: the number, or 0 for none.

use crate::error::Error;

/// For a field of 32 bits.
pub(super) fn to_u32(error: Error) -> u32 {
    error.number().unsigned_abs()
}

/// For a field of 16 bits, which holds the number of every status.
pub(super) fn to_u16(error: Error) -> u16 {
    u16::try_from(error.number()).unwrap_or(0)
}

/// The status with this number; none for 0 and for a number that this library does not know.
pub(super) fn to_status(number: u32) -> Option<Error> {
    Error::from_number(i32::try_from(number).unwrap_or(0)).filter(|_| number != 0)
}
