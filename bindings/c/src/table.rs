//! Tables of anchors. Feature `tables`.

use core::ffi::c_void;
use core::mem::size_of;

use lic2::{AnchorTable, Error};

use crate::abi::lic2_keyring;
use crate::status::{self, lic2_status};
use crate::{convert, guard};

/// Checks an anchor's signatures with a table of its multiples from now on, in about half the time. Call it
/// after lic2_keyring_init, once for each table. It detects a damaged table and finds its anchor, but does
/// not recompute the table: lic2_anchor_table_check does. Anyone who can change the table can make codes,
/// as with the anchor itself. After a failure the ring is unchanged.
/// @param table The array that `lic2-signer pubkey --format c-tables` prints. It must outlive the ring,
///     unchanged.
/// @param size Its size, sizeof.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, TABLE_INVALID, TABLE_KEY.
/// @stack 0.3 kB. @time A twentieth of a signature check.
#[cfg(feature = "tables")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_keyring_use_table(
    ring: *mut lic2_keyring,
    table: *const c_void,
    size: usize,
) -> lic2_status {
    // SAFETY: ring is NULL or points to a whole struct that this call uses alone.
    let ring = unsafe { guard::borrow_mut(ring) };
    let result = ring.and_then(|ring| {
        // SAFETY: table is NULL or points to size bytes, which stay unchanged as long as the ring is used.
        let table = unsafe { whole(table, size) }?;
        convert::ring_mut(ring)?.use_table(table)
    });
    status::of(result)
}

/// Recomputes every number of an anchor table from its key: for the production line, and for tests.
/// @return OK, or: ARGUMENTS, TABLE_INVALID. @stack 2 kB. @time One signature check without a table.
#[cfg(feature = "tables")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_anchor_table_check(table: *const c_void, size: usize) -> lic2_status {
    // SAFETY: table is NULL or points to size bytes, which stay unchanged as long as the ring is used.
    status::of(unsafe { whole(table, size) }.and_then(AnchorTable::check))
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
