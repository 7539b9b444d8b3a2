//! Tables of anchors. Feature `tables`.

use core::ffi::c_void;
use core::mem::size_of;

use lic2::{AnchorTable, Error};

use crate::abi::lic2_keyring;
use crate::status::lic2_status;
use crate::{convert, guard};

/// Checks an anchor's signatures with a table of its multiples from now on: in about half the time.
///
/// Call it after lic2_keyring_init, once for each table. Tells a damaged table from a whole one and finds its anchor;
/// it does not recompute the table: lic2_anchor_table_check does. After a failure the ring is as it was.
///
/// Whoever can change the table can make codes, as with the anchor itself: both belong where the program is. The
/// ring keeps the pointer: the table stays where it is, unchanged, as long as the ring is used.
///
/// @param[in,out] ring   The key ring.
/// @param         table  The array that `lic2-signer pubkey --format c-tables` prints.
/// @param         size   Its size, sizeof.
/// @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, TABLE_INVALID,
///           TABLE_KEY.
/// @threads  Needs the ring alone.
/// @stack    0.3 kB (x86-64).
/// @time     A twentieth of a signature check.
/// @since    0.1
#[cfg(feature = "tables")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_keyring_use_table(
    ring: *mut lic2_keyring,
    table: *const c_void,
    size: usize,
) -> lic2_status {
    // SAFETY: the header's rules.
    let ring = unsafe { guard::borrow_mut(ring) };
    let result = ring.and_then(|ring| {
        // SAFETY: the header's rules and those of this function.
        let table = unsafe { whole(table, size) }?;
        convert::ring_mut(ring)?.use_table(table)
    });
    lic2_status::of(result)
}

/// Recomputes every number of an anchor table from its key: for the line on which a product is made, and for tests.
///
/// @param  table  As for lic2_keyring_use_table.
/// @param  size   As for lic2_keyring_use_table.
/// @return   OK, or: NULL_POINTER, INVALID_ARGUMENT, TABLE_INVALID.
/// @threads  Any number at once.
/// @stack    2 kB (x86-64).
/// @time     One signature check without a table.
/// @since    0.1
#[cfg(feature = "tables")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_anchor_table_check(table: *const c_void, size: usize) -> lic2_status {
    // SAFETY: the header's rules.
    lic2_status::of(unsafe { whole(table, size) }.and_then(AnchorTable::check))
}

/// A table of the right size.
///
/// # Safety
/// `table` is NULL or points to `size` bytes that nothing writes as long as the reference is used.
unsafe fn whole<'a>(table: *const c_void, size: usize) -> Result<&'a AnchorTable, Error> {
    if !table.is_null() && size != size_of::<AnchorTable>() {
        return Err(Error::TableInvalid);
    }
    // SAFETY: this function's contract; a table consists of integers.
    unsafe { guard::array(table.cast(), 1) }?.first().ok_or(Error::TableInvalid)
}
