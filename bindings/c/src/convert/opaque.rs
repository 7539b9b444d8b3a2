//! What only the library reads: the key ring and the license in the caller's memory.

use core::mem::{align_of, size_of};

use lic2::{Code, Error, KeyRing};

use crate::abi::{LIC2_KEYRING_BYTES, LIC2_LICENSE_BYTES, lic2_keyring, lic2_license};

// The opaque structs hold the core's types.
const _: () = {
    assert!(size_of::<lic2_keyring>() == LIC2_KEYRING_BYTES && size_of::<lic2_license>() == LIC2_LICENSE_BYTES);
    assert!(size_of::<KeyRing>() <= size_of::<[u64; 271]>() && align_of::<KeyRing>() <= align_of::<u64>());
    assert!(size_of::<Code>() <= size_of::<[u64; 103]>() && align_of::<Code>() <= align_of::<u64>());
};

/// Refuses memory that is no key ring of the core's, whatever it holds.
fn check_ring(ring: &lic2_keyring) -> Result<(), Error> {
    // SAFETY: the opaque part begins with the core's key ring, which begins with its mark; any bytes are a number.
    let mark = unsafe { (&raw const ring.opaque).cast::<u32>().read() };
    if KeyRing::is_ready_mark(mark) { Ok(()) } else { Err(Error::NotInitialized) }
}

/// The core's key ring in the caller's memory.
pub(crate) fn ring(ring: &lic2_keyring) -> Result<&KeyRing, Error> {
    check_ring(ring)?;
    // SAFETY: large and aligned enough, as asserted above; the mark says that the core has put a key ring there.
    Ok(unsafe { &*(&raw const ring.opaque).cast() })
}

/// As [`ring`], to be changed.
#[cfg(any(feature = "issuers", feature = "tables"))]
pub(crate) fn ring_mut(ring: &mut lic2_keyring) -> Result<&mut KeyRing, Error> {
    check_ring(ring)?;
    // SAFETY: as above; the borrow is exclusive.
    Ok(unsafe { &mut *(&raw mut ring.opaque).cast() })
}

/// The core's key ring in memory that holds zeros.
pub(crate) fn blank_ring(ring: &mut lic2_keyring) -> &mut KeyRing {
    debug_assert!(ring.opaque.iter().all(|word| *word == 0));
    // SAFETY: large and aligned enough, as asserted above; zeros are a key ring, of integers and of tables that are not
    // there; the borrow is exclusive.
    unsafe { &mut *(&raw mut ring.opaque).cast() }
}

/// The core's code in the caller's memory.
pub(crate) fn code(license: &lic2_license) -> &Code {
    // SAFETY: large and aligned enough, as asserted above; the core's code consists of integers.
    unsafe { &*(&raw const license.opaque).cast() }
}

/// As [`code`], to be changed.
pub(crate) fn code_mut(license: &mut lic2_license) -> &mut Code {
    // SAFETY: as above; the borrow is exclusive.
    unsafe { &mut *(&raw mut license.opaque).cast() }
}
