//! Output structs: they deny until the last moment.
//!
//! What does not depend on the type of the struct works on its first four words, so that the program has one copy of it.

use core::marker::PhantomData;
use core::mem::{MaybeUninit, offset_of, size_of};
use core::sync::atomic::{Ordering, compiler_fence};

use lic2::{Error, Verdict};

use super::{Shape, Struct, check, check_size, zero};
use crate::abi::{lic2_decision, lic2_feature};
use crate::state::{lic2_engine_info, lic2_meter};
use crate::status::{self, lic2_status};

/// An output struct.
///
/// # Safety
/// The three words behind `struct_size` are what [`Head`] says.
pub(crate) unsafe trait Answer: Struct {
    /// What they are.
    const HEAD: Head;
}

/// The content of the three words after `struct_size`.
#[derive(Clone, Copy)]
pub(crate) enum Head {
    /// The two words of the verdict, and the status.
    Verdict,
    /// Flags, and two statuses: the second stays that of a struct that no call has finished with.
    Info,
}

impl Head {
    /// These words, denying, in an answer that tells `error`.
    const fn failed(self, error: Error) -> [u32; 3] {
        match self {
            Self::Verdict => [Verdict::DENIED.word(), !Verdict::DENIED.word(), word(error)],
            Self::Info => [0, word(error), word(Error::NotInitialized)],
        }
    }
}

/// Where these words end, and `struct_size` before them.
const HEAD_END: usize = 16;

/// The number of an error, which is positive.
const fn word(error: Error) -> u32 {
    error.number().unsigned_abs()
}

macro_rules! answer {
    ($($type:ident: $head:ident { $first:ident, $second:ident, $third:ident };)+) => {$(
        // SAFETY: three words in a row, as asserted below.
        unsafe impl Answer for $type {
            const HEAD: Head = Head::$head;
        }
        const _: () = {
            let place = [offset_of!($type, $first), offset_of!($type, $second), offset_of!($type, $third)];
            assert!(matches!(place, [4, 8, 12]) && $type::FIRST_SIZE > HEAD_END);
        };
    )+};
}

answer! {
    lic2_decision: Verdict { verdict, verdict_check, status };
    lic2_feature: Verdict { verdict, verdict_check, status };
    lic2_meter: Verdict { verdict, verdict_check, status };
    lic2_engine_info: Info { flags, refusal, condition };
}

/// An answer that denies until the last moment.
pub(crate) struct Output<T: Answer> {
    memory: Memory,
    answer: PhantomData<*mut T>,
}

/// A struct of the caller's that nothing else uses during the call.
#[derive(Clone, Copy)]
struct Memory {
    pointer: *mut u8,
    /// The bytes of it that this library knows, at least HEAD_END.
    size: usize,
    head: Head,
}

impl<T: Answer> Output<T> {
    /// Overwrites the struct, of `size` bytes, with a denying value. What was in it does not matter.
    ///
    /// # Safety
    /// `pointer` is NULL or points to `size` writable bytes that nothing else uses during the call.
    pub(crate) unsafe fn new(pointer: *mut T, size: usize) -> Result<Self, Error> {
        // SAFETY: this function's contract.
        unsafe { begin(pointer.cast(), size, &T::SHAPE, T::HEAD) }?;
        Ok(Self { memory: Memory { pointer: pointer.cast(), size, head: T::HEAD }, answer: PhantomData })
    }

    /// Has `fill` write the fields behind the verdict, which keeps denying.
    pub(crate) fn fill(&mut self, fill: impl FnOnce(&mut T)) {
        if T::FIRST_SIZE == size_of::<T>() || self.memory.size == size_of::<T>() {
            // SAFETY: aligned, of the size of T; every bit pattern is a T; not shared.
            fill(unsafe { &mut *self.memory.pointer.cast::<T>() });
        } else {
            self.fill_first(fill);
        }
    }

    /// As [`Output::fill`], for a caller whose struct is older and smaller than T.
    #[inline(never)]
    fn fill_first(&mut self, fill: impl FnOnce(&mut T)) {
        let Memory { pointer, size, .. } = self.memory;
        let mut copy = MaybeUninit::<T>::zeroed();
        let bytes = copy.as_mut_ptr().cast::<u8>();
        // SAFETY: `size` is less than that of T here.
        unsafe { core::ptr::copy_nonoverlapping(pointer.cast_const(), bytes, size) };
        // SAFETY: every bit pattern is a T.
        fill(unsafe { copy.assume_init_mut() });
        // SAFETY: as above; the struct is writable.
        unsafe { core::ptr::copy_nonoverlapping(bytes.cast_const(), pointer, size) };
    }

    /// Delivers the verdict on what was filled in, or why there is none, and returns the status of the call.
    pub(crate) fn deliver(&self, result: Result<Verdict, Error>) -> lic2_status {
        self.memory.deliver(result)
    }
}

/// Overwrites as much of the struct as there is and the library knows with a denying value. A struct that is too small
/// for one stays as it is.
///
/// # Safety
/// `pointer` is NULL or points to `size` writable bytes; the words behind `struct_size` are those of `head`.
#[inline(never)]
unsafe fn begin(pointer: *mut u8, size: usize, shape: &Shape, head: Head) -> Result<(), Error> {
    let judged = check_size(size, shape);
    let aligned = check(pointer, shape.align);
    if aligned == Err(Error::InvalidArgument) && judged.is_ok() && matches!(head, Head::Verdict) {
        // SAFETY: this function's contract, except for the alignment.
        unsafe { deny_misaligned(pointer) };
    }
    aligned?;
    let memory = Memory { pointer, size: size.min(shape.size), head };
    if memory.size >= HEAD_END {
        memory.fail(judged.err().unwrap_or(Error::NotInitialized));
    }
    judged.map(|_| ())
}

/// Takes an old grant out of a struct that is too misaligned to be used: a packed struct of the caller's.
///
/// # Safety
/// `pointer` points to a writable struct with a verdict, at any alignment.
unsafe fn deny_misaligned(pointer: *mut u8) {
    // SAFETY: behind `struct_size`.
    let words = unsafe { pointer.add(size_of::<u32>()) };
    // SAFETY: the two words of the verdict.
    unsafe { words.cast::<[u32; 2]>().write_unaligned([0; 2]) };
}

impl Memory {
    /// Overwrites the struct with a denying value that tells `error`.
    fn fail(self, error: Error) {
        // SAFETY: as the struct says.
        unsafe { zero(self.pointer, self.size) };
        self.put_head(error);
    }

    /// Writes the words behind `struct_size`.
    fn put_head(self, error: Error) {
        // SAFETY: behind `struct_size`, which is as aligned as the struct.
        let words = unsafe { self.pointer.cast::<u32>().add(1) };
        // SAFETY: three words, before HEAD_END.
        unsafe { words.cast::<[u32; 3]>().write(self.head.failed(error)) };
    }

    #[inline(never)]
    fn deliver(self, result: Result<Verdict, Error>) -> lic2_status {
        let verdict = match result {
            Ok(verdict) => verdict,
            Err(error) => {
                self.fail(error);
                return error.number();
            }
        };
        if matches!(self.head, Head::Verdict) {
            // The verdict comes last: whatever stops this call before leaves a denying struct behind.
            compiler_fence(Ordering::SeqCst);
            // SAFETY: behind `struct_size`, which is as aligned as the struct.
            let words = unsafe { self.pointer.cast::<u32>().add(1) };
            // SAFETY: the first word of the verdict.
            unsafe { words.write_volatile(verdict.word()) };
            // SAFETY: the word behind it.
            let check = unsafe { words.add(1) };
            // SAFETY: as above.
            unsafe { check.write_volatile(verdict.check()) };
        }
        status::LIC2_STATUS_OK
    }
}
