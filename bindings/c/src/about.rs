//! What this library is, and whether it works here.

use core::ffi::c_char;

use crate::abi::{LIC2_ABI_VERSION, LIC2_FORMAT_VERSION, LIC2_VERSION_MAJOR, LIC2_VERSION_MINOR, LIC2_VERSION_PATCH};
use crate::status::{self, lic2_status};
use crate::words;

/// The version as text.
const VERSION: [&str; 1] = [env!("CARGO_PKG_VERSION")];
static VERSION_BYTES: [u8; words::size(&VERSION)] = words::joined(&VERSION);

// The header can hold only written-out numbers; these lines compare them with the manifest and the core.
const _: () = assert!(LIC2_VERSION_MAJOR == number(env!("CARGO_PKG_VERSION_MAJOR")));
const _: () = assert!(LIC2_VERSION_MINOR == number(env!("CARGO_PKG_VERSION_MINOR")));
const _: () = assert!(LIC2_VERSION_PATCH == number(env!("CARGO_PKG_VERSION_PATCH")));
const _: () = assert!(LIC2_FORMAT_VERSION == lic2::FORMAT_VERSION as u32);

/// A decimal number, at compile time.
const fn number(text: &str) -> u32 {
    let mut value = 0;
    let mut rest = text.as_bytes();
    while let [digit, after @ ..] = rest {
        value = value * 10 + (*digit - b'0') as u32;
        rest = after;
    }
    value
}

/// Checks that the library computes correctly on this machine: one good code, one forged, one expired, one
/// damaged. Call it when you bring up a board or a compiler, or at every start. It needs more stack than
/// any other call.
/// @return OK, or SELFTEST_FAILED.
/// @stack 16.3 kB; about 6.6 kB on a Cortex-M4. @time Three signature checks.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_selftest() -> lic2_status {
    status::of(lic2::selftest())
}

/// The LIC2_ABI_VERSION of the linked library. A number lower than that of the header means that the
/// program must not use the library: only a shared library can be that old.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_abi_version() -> u32 {
    LIC2_ABI_VERSION
}

/// The LIC2_FORMAT_VERSION of the linked library.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_format_version() -> u32 {
    LIC2_FORMAT_VERSION
}

/// The LIC2_VERSION_STRING of the linked library, such as "0.1.0". A constant; never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_version() -> *const c_char {
    VERSION_BYTES.as_ptr().cast()
}
