//! What this library is, and whether it works here.

use core::ffi::{CStr, c_char};

use crate::abi::{LIC2_ABI_VERSION, LIC2_FORMAT_VERSION, LIC2_VERSION_MAJOR, LIC2_VERSION_MINOR, LIC2_VERSION_PATCH};
use crate::status::lic2_status;

/// The version as text, NUL included.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

// The header can hold only written-out numbers; these lines hold them against the manifest and the core.
const _: () = assert!(LIC2_VERSION_MAJOR == number(env!("CARGO_PKG_VERSION_MAJOR")));
const _: () = assert!(LIC2_VERSION_MINOR == number(env!("CARGO_PKG_VERSION_MINOR")));
const _: () = assert!(LIC2_VERSION_PATCH == number(env!("CARGO_PKG_VERSION_PATCH")));
const _: () = assert!(LIC2_FORMAT_VERSION == lic2::FORMAT_VERSION as u32);
const _: () = assert!(CStr::from_bytes_with_nul(VERSION.as_bytes()).is_ok());

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

/// Checks on this machine that the library computes right results.
///
/// Verifies one good code, one forged, one expired and one damaged, all made with a key of its own. Call it once
/// when bringing up a new board or compiler, or at every start of a program.
///
/// @return   OK, or: SELFTEST_FAILED.
/// @threads  Any number at once.
/// @stack    16.3 kB (x86-64).
/// @time     Three signature checks.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_selftest() -> lic2_status {
    lic2_status::of(lic2::selftest())
}

/// LIC2_ABI_VERSION of the library that is linked. Shared libraries may be newer than the header; a lower number
/// means that the program must not use the library.
///
/// @return   The number.
/// @threads  Any number at once.
/// @stack    None.
/// @time     Constant.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_abi_version() -> u32 {
    LIC2_ABI_VERSION
}

/// LIC2_FORMAT_VERSION of the library that is linked.
///
/// @return   The number.
/// @threads  Any number at once.
/// @stack    None.
/// @time     Constant.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_format_version() -> u32 {
    LIC2_FORMAT_VERSION
}

/// LIC2_VERSION_STRING of the library that is linked.
///
/// @return   The version, such as "0.1.0". A constant; never NULL, never to be freed.
/// @threads  Any number at once.
/// @stack    None.
/// @time     Constant.
/// @since    0.1
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_version() -> *const c_char {
    VERSION.as_ptr().cast()
}
