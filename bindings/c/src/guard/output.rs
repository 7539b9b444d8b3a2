//! Output structs: they deny until the last moment.

use core::mem::{offset_of, size_of};
use core::sync::atomic::{Ordering, compiler_fence};

use lic2::{Error, Verdict};

use super::{Struct, clear};
use crate::abi::{lic2_decision, lic2_feature};
use crate::convert;
use crate::state::{lic2_engine_info, lic2_meter};
use crate::status::lic2_status;

/// An output struct.
///
/// # Safety
/// `verdict` and `verdict_check` of type `u32` stand at the stated offsets, within FIRST_SIZE.
pub(crate) unsafe trait Answer: Struct {
    /// Where the two words of the verdict stand, if the struct has one.
    const VERDICT_AT: Option<[usize; 2]>;

    /// A denying value that tells `error`.
    fn failed(error: Error) -> Self;
}

macro_rules! answer {
    ($($type:ident from $empty:expr;)+) => {$(
        // SAFETY: the offsets are the compiler's, both fields are `u32`.
        unsafe impl Answer for $type {
            const VERDICT_AT: Option<[usize; 2]> =
                Some([offset_of!(Self, verdict), offset_of!(Self, verdict_check)]);

            fn failed(error: Error) -> Self {
                Self { status: error.number(), ..$empty }
            }
        }
    )+};
}

answer! {
    lic2_decision from convert::NO_DECISION;
    lic2_feature from convert::NO_FEATURE;
    lic2_meter from convert::NO_METER;
}

// SAFETY: it has no verdict.
unsafe impl Answer for lic2_engine_info {
    const VERDICT_AT: Option<[usize; 2]> = None;

    fn failed(error: Error) -> Self {
        Self { refusal: error.number(), ..convert::NO_INFO }
    }
}

/// An answer that denies until the last moment.
pub(crate) struct Output<T: Answer> {
    /// A struct of at least FIRST_SIZE bytes that nothing else uses during the call.
    pointer: *mut T,
    /// The bytes that it shares with T.
    size: usize,
}

impl<T: Answer> Output<T> {
    /// Overwrites the struct with a denying value.
    ///
    /// # Safety
    /// As [`borrow_mut`].
    pub(crate) unsafe fn new(pointer: *mut T) -> Result<Self, Error> {
        if !pointer.is_null() && !pointer.is_aligned() {
            // SAFETY: this function's contract, but for the alignment.
            unsafe { deny_misaligned(pointer) };
        }
        // SAFETY: this function's contract.
        let size = unsafe { clear(pointer) }?;
        let output = Self { pointer, size: size.min(size_of::<T>()) };
        // Stands there until the call is through.
        output.put(&T::failed(Error::NotInitialized));
        Ok(output)
    }

    /// Delivers the answer, or why there is none, and returns the status of the call.
    pub(crate) fn deliver(self, answer: Result<(T, Verdict), Error>) -> lic2_status {
        let (value, verdict) = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.put(&T::failed(error));
                return lic2_status::from_error(error);
            }
        };
        self.put(&value);
        // The verdict comes last: whatever stops this call before leaves a denying struct behind.
        compiler_fence(Ordering::SeqCst);
        let words = self.pointer.cast::<u32>();
        for (offset, word) in T::VERDICT_AT.into_iter().flatten().zip([verdict.word(), !verdict.word()]) {
            // SAFETY: the offset of a `u32` of T within FIRST_SIZE.
            let target = unsafe { words.byte_add(offset) };
            // SAFETY: as above.
            unsafe { target.write_volatile(word) };
        }
        lic2_status::LIC2_STATUS_OK
    }

    /// Writes a denying value, all but `struct_size`.
    fn put(&self, value: &T) {
        let head = size_of::<u32>();
        let source = (&raw const *value).cast::<u8>();
        // SAFETY: the byte behind `struct_size`.
        let source = unsafe { source.add(head) };
        // SAFETY: as above.
        let target = unsafe { self.pointer.cast::<u8>().add(head) };
        // SAFETY: the rest of what both have; `value` is not the caller's memory.
        unsafe { core::ptr::copy_nonoverlapping(source, target, self.size.saturating_sub(head)) };
    }
}

/// Takes an old grant out of a struct that is too misaligned to be used: a packed struct of the caller's.
///
/// # Safety
/// `pointer` points to a writable struct of at least FIRST_SIZE bytes, at any alignment.
unsafe fn deny_misaligned<T: Answer>(pointer: *mut T) {
    for offset in T::VERDICT_AT.into_iter().flatten() {
        // SAFETY: the offset of a `u32` of T within FIRST_SIZE.
        let word = unsafe { pointer.cast::<u8>().add(offset) };
        // SAFETY: four writable bytes by this function's contract.
        unsafe { word.cast::<u32>().write_unaligned(0) };
    }
}
