//! Windows: why a call failed.
//! Untested: not run by this project's tests.

use windows_sys::Win32::Foundation::GetLastError;

use crate::error::HostError;

/// What the last call of this thread failed with.
pub(super) fn last_error() -> HostError {
    // SAFETY: it has no preconditions.
    let code = unsafe { GetLastError() };
    HostError::system(i32::from_ne_bytes(code.to_ne_bytes()))
}
