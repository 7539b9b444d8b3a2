//! Every pointer that C hands over passes through here, and nowhere else is a pointer read or written or a callback
//! called.
//!
//! What each function relies on is what the header's rules 2 to 6 ask of the caller: a pointer that is not NULL
//! points to as many readable (for outputs: writable) bytes as its length or its size says, and no two
//! arguments overlap. NULL, misaligned pointers, impossible lengths and wrong sizes are found here.

mod callback;
#[cfg(feature = "host")]
mod host;
mod output;

use core::ffi::c_char;
use core::mem::{MaybeUninit, align_of, offset_of, size_of};

use lic2::{Error, Text};

pub(crate) use callback::{advance, count, look, read_slot, sign, write_slot};
#[cfg(feature = "host")]
pub(crate) use host::{NO_COMPONENT, component, host_look, host_read, host_write};
pub(crate) use output::Output;

use crate::abi::{
    LIC2_TERMINATED, LIC2_TEXT_RAW_MAX, lic2_component, lic2_decision, lic2_facts, lic2_feature, lic2_keyring,
    lic2_license,
};
use crate::port::lic2_config;
use crate::state::{lic2_ask, lic2_engine, lic2_engine_info, lic2_meter};

/// A struct of the header that begins with `struct_size`.
///
/// # Safety
/// The type is `repr(C)`, begins with `struct_size: u32`, has no padding, and every bit pattern is a value of it.
pub(crate) unsafe trait Struct: Copy {
    /// Its size in the first version of the library that had it. Never changes; an opaque struct never grows.
    const FIRST_SIZE: usize;
    /// The same and more as numbers: one copy of the functions that check a struct serves all types.
    const SHAPE: Shape = Shape { size: size_of::<Self>(), align: align_of::<Self>(), first_size: Self::FIRST_SIZE };
}

/// What there is to know about a type of struct before one is used.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    size: usize,
    align: usize,
    first_size: usize,
}

macro_rules! first_size {
    ($($type:path = $size:expr;)+) => {$(
        // SAFETY: `repr(C)` with `struct_size` first; integers, pointers, callbacks that may be NULL, arrays and structs
        // of these; the layout test shows that the sizes of the fields add up to the size of the struct.
        unsafe impl Struct for $type {
            const FIRST_SIZE: usize = $size;
        }
        const _: () = assert!(size_of::<$type>() >= $size && offset_of!($type, struct_size) == 0);
    )+};
}

first_size! {
    lic2_keyring = 2176;
    lic2_license = 832;
    lic2_engine = 5120;
    lic2_facts = 56 + 6 * size_of::<usize>();
    lic2_config = 24 + 20 * size_of::<usize>();
    lic2_ask = 8 + 4 * size_of::<usize>();
    lic2_decision = 240;
    lic2_feature = 152;
    lic2_meter = 48;
    lic2_engine_info = 72;
}

#[cfg(feature = "host")]
first_size! {
    crate::host::lic2_host = 12288;
    crate::host::lic2_host_options = 32 + 4 * size_of::<usize>();
}

/// Refuses NULL and misaligned pointers.
fn check(pointer: *const u8, align: usize) -> Result<(), Error> {
    if pointer.is_null() {
        Err(Error::NullPointer)
    } else if pointer.addr() & align.saturating_sub(1) == 0 {
        Ok(())
    } else {
        Err(Error::InvalidArgument)
    }
}

/// An array that is only read; (NULL, 0) is an empty one.
///
/// # Safety
/// `pointer` is NULL or points to `count` values that nothing writes during the call.
pub(crate) unsafe fn array<'a, T>(pointer: *const T, count: usize) -> Result<&'a [T], Error> {
    if count == 0 {
        return Ok(&[]);
    }
    check(pointer.cast(), align_of::<T>())?;
    if count > isize::MAX.unsigned_abs() / size_of::<T>().max(1) {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: not NULL, aligned, of a possible length, and readable by this function's contract.
    Ok(unsafe { core::slice::from_raw_parts(pointer, count) })
}

/// The components of the facts: as [`array`], with their own limit checked before anything is read.
///
/// # Safety
/// As [`array`].
pub(crate) unsafe fn components<'a>(
    pointer: *const lic2_component,
    count: usize,
) -> Result<&'a [lic2_component], Error> {
    if count > lic2::limits::COMPONENT_FACTS_MAX {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: this function's contract is that of `array`.
    unsafe { array(pointer, count) }
}

/// Whether a caller's struct of `size` bytes is a version of this shape that the library knows. Only its number is
/// looked at: bytes that the library does not know may not be there at all.
const fn check_size(size: usize, shape: &Shape) -> Result<usize, Error> {
    if size > shape.size {
        Err(Error::StructTooNew)
    } else if size < shape.first_size || size & shape.align.saturating_sub(1) != 0 {
        // No compiler gives a struct a size that is no multiple of its alignment.
        Err(Error::StructSize)
    } else {
        Ok(size)
    }
}

/// The size that an input struct states.
///
/// # Safety
/// `pointer` is NULL or points to a readable `struct_size`, and to as many readable bytes as it states.
#[inline(never)]
unsafe fn size_of_input(pointer: *const u8, shape: &Shape) -> Result<usize, Error> {
    check(pointer, shape.align)?;
    // SAFETY: not NULL, aligned for the struct and so for u32, readable by this function's contract.
    let size = unsafe { pointer.cast::<u32>().read() };
    match usize::try_from(size) {
        Ok(size) => check_size(size, shape),
        Err(_) => Err(Error::StructTooNew),
    }
}

/// An input struct where it stands. For a caller whose struct is older and smaller it is a copy, with 0 in the fields that
/// the caller's header does not have.
///
/// # Safety
/// `pointer` is NULL or points to a struct of the size that it states, which nothing writes during the call.
pub(crate) unsafe fn read<T: Struct>(pointer: *const T, copy: &mut MaybeUninit<T>) -> Result<&T, Error> {
    // SAFETY: this function's contract.
    let size = unsafe { size_of_input(pointer.cast(), &T::SHAPE) }?;
    if T::FIRST_SIZE == size_of::<T>() || size == size_of::<T>() {
        // SAFETY: not NULL, aligned, and of the size of T; every bit pattern is a T.
        return Ok(unsafe { &*pointer });
    }
    *copy = MaybeUninit::zeroed();
    let target = copy.as_mut_ptr().cast::<u8>();
    // SAFETY: less than the size of T is copied, into a T, from a struct of as many bytes.
    unsafe { core::ptr::copy_nonoverlapping(pointer.cast::<u8>(), target, size) };
    // SAFETY: every bit pattern is a T.
    Ok(unsafe { copy.assume_init_ref() })
}

/// An opaque struct that is only read. Opaque structs have one size for ever.
///
/// # Safety
/// As [`read`], and nothing writes the struct during the call.
pub(crate) unsafe fn borrow<'a, T: Struct>(pointer: *const T) -> Result<&'a T, Error> {
    // SAFETY: this function's contract.
    unsafe { size_of_input(pointer.cast(), &T::SHAPE) }?;
    const { assert!(size_of::<T>() == T::FIRST_SIZE) };
    // SAFETY: not NULL, aligned, and of the size of T; every bit pattern is a T.
    Ok(unsafe { &*pointer })
}

/// An opaque struct that is changed in place.
///
/// # Safety
/// As [`read`], and nothing else uses the struct during the call.
pub(crate) unsafe fn borrow_mut<'a, T: Struct>(pointer: *mut T) -> Result<&'a mut T, Error> {
    // SAFETY: this function's contract.
    unsafe { size_of_input(pointer.cast(), &T::SHAPE) }?;
    const { assert!(size_of::<T>() == T::FIRST_SIZE) };
    // SAFETY: not NULL, aligned, and of the size of T; every bit pattern is a T; not shared.
    Ok(unsafe { &mut *pointer })
}

/// Overwrites a struct with zeros, all but its `struct_size`, which becomes `size`.
///
/// # Safety
/// `pointer` is aligned for u32 and points to `size` writable bytes, more than `struct_size` has.
#[inline(never)]
unsafe fn zero(pointer: *mut u8, size: usize) {
    // SAFETY: `size` bytes from `pointer` on, by this function's contract.
    unsafe { core::ptr::write_bytes(pointer, 0, size) };
    // SAFETY: the first four of them; aligned by this function's contract.
    unsafe { pointer.cast::<u32>().write(u32::try_from(size).unwrap_or(0)) };
}

/// An opaque output struct, cleared, whatever was in it: the caller need not have initialized it.
///
/// # Safety
/// `pointer` is NULL or points to a T, of one size for ever, that nothing else uses during the call.
pub(crate) unsafe fn blank<'a, T: Struct>(pointer: *mut T) -> Result<&'a mut T, Error> {
    check(pointer.cast_const().cast(), align_of::<T>())?;
    const { assert!(size_of::<T>() == T::FIRST_SIZE) };
    // SAFETY: not NULL, aligned, and of the size of T by this function's contract.
    unsafe { zero(pointer.cast(), size_of::<T>()) };
    // SAFETY: as above; every bit pattern is a T; not shared.
    Ok(unsafe { &mut *pointer })
}

/// A number that the caller wants to know, set to 0 at once.
///
/// # Safety
/// `pointer` is NULL or points to a writable integer of this type.
pub(crate) unsafe fn number<'a, T: Default>(pointer: *mut T) -> Result<&'a mut T, Error> {
    check(pointer.cast_const().cast(), align_of::<T>())?;
    // SAFETY: not NULL, aligned, writable by this function's contract.
    let number = unsafe { &mut *pointer };
    *number = T::default();
    Ok(number)
}

/// An array that is changed in place; (NULL, 0) is an empty one.
///
/// # Safety
/// `pointer` is NULL or points to `count` values that nothing else uses during the call; every bit pattern is a T.
pub(crate) unsafe fn array_mut<'a, T>(pointer: *mut T, count: usize) -> Result<&'a mut [T], Error> {
    if count == 0 {
        return Ok(&mut []);
    }
    check(pointer.cast_const().cast(), align_of::<T>())?;
    if count > isize::MAX.unsigned_abs() / size_of::<T>().max(1) {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: not NULL, aligned, of a possible length, and writable by this function's contract.
    Ok(unsafe { core::slice::from_raw_parts_mut(pointer, count) })
}

/// An array of a size that is fixed for ever.
///
/// # Safety
/// `pointer` is NULL or points to N bytes that nothing writes during the call.
#[cfg(feature = "device-key")]
pub(crate) unsafe fn fixed<'a, const N: usize>(pointer: *const u8) -> Result<&'a [u8; N], Error> {
    // SAFETY: this function's contract.
    unsafe { array(pointer, N) }?.first_chunk().ok_or(Error::InvalidArgument)
}

/// A buffer that is cleared at once; (NULL, 0) is an empty one.
///
/// # Safety
/// `pointer` is NULL or points to `length` writable bytes.
pub(crate) unsafe fn buffer<'a>(pointer: *mut u8, length: usize) -> Result<&'a mut [u8], Error> {
    // SAFETY: this function's contract; bytes of any value are valid.
    let buffer = unsafe { array_mut(pointer, length) }?;
    buffer.fill(0);
    Ok(buffer)
}

/// The bytes of a text argument, as [`array`]: `length` of them, or with LIC2_TERMINATED all before the NUL.
///
/// # Safety
/// `pointer` is NULL or points to `length` bytes, with LIC2_TERMINATED to a string with its NUL, that nothing writes
/// during the call.
pub(crate) unsafe fn chars<'a>(pointer: *const c_char, length: usize) -> Result<&'a [u8], Error> {
    let mut length = length;
    if length == LIC2_TERMINATED {
        // SAFETY: this function's contract.
        length = unsafe { length_of(pointer.cast()) }?;
    }
    // SAFETY: this function's contract; up to its NUL, all of a string can be read.
    unsafe { array(pointer.cast::<u8>(), length) }
}

/// Bytes before the NUL. No text that the library accepts is longer than LIC2_TEXT_RAW_MAX: a longer one is not searched
/// to its end, so that a forgotten NUL does not lead far, and is refused by its reader.
///
/// # Safety
/// `pointer` is NULL or points to a string with its NUL.
#[inline(never)]
unsafe fn length_of(pointer: *const u8) -> Result<usize, Error> {
    check(pointer, 1)?;
    let mut next = pointer;
    for length in 0..=LIC2_TEXT_RAW_MAX {
        // SAFETY: no byte before this one is the NUL, so this one is part of the string.
        if unsafe { next.read() } == 0 {
            return Ok(length);
        }
        // SAFETY: as above, so the string goes on behind it.
        next = unsafe { next.add(1) };
    }
    Ok(LIC2_TEXT_RAW_MAX + 1)
}

/// A text argument that is UTF-8.
///
/// # Safety
/// As [`chars`].
pub(crate) unsafe fn text<'a>(pointer: *const c_char, length: usize) -> Result<&'a str, Error> {
    // SAFETY: this function's contract.
    utf8(unsafe { chars(pointer, length) }?)
}

/// The text in `bytes`, found to be one by the core's small check: `core::str::from_utf8` is 600 bytes in firmware.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    if Text::new(bytes).is_none() {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: UTF-8: the tests of `Text` hold its check against `core::str::from_utf8`.
    Ok(unsafe { core::str::from_utf8_unchecked(bytes) })
}

/// A buffer for a text and the length of that text, both cleared at once.
pub(crate) struct TextOut<'a> {
    pub(crate) buffer: &'a mut [u8],
    pub(crate) length: &'a mut usize,
}

impl<'a> TextOut<'a> {
    /// Clears both, also if one of them cannot be used.
    ///
    /// # Safety
    /// As [`buffer`] and [`number`].
    pub(crate) unsafe fn new(pointer: *mut c_char, size: usize, length: *mut usize) -> Result<Self, Error> {
        // SAFETY: this function's contract.
        let buffer = unsafe { buffer(pointer.cast::<u8>(), size) };
        // SAFETY: this function's contract.
        let length = unsafe { number(length) };
        Ok(Self { buffer: buffer?, length: length? })
    }

    /// All of the buffer but the byte for the NUL, which is there already.
    pub(crate) fn room(&mut self) -> (&mut [u8], &mut usize) {
        (self.buffer.split_last_mut().map_or(&mut [], |(_, room)| room), self.length)
    }
}

#[cfg(test)]
mod tests {
    use core::mem::MaybeUninit;

    use lic2::Error;

    use super::{Struct, read};

    /// A struct that has got a field since its first version.
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(C)]
    struct Grown {
        struct_size: u32,
        first: u32,
        second: u64,
    }

    // SAFETY: `repr(C)`, `struct_size` first, integers without padding.
    unsafe impl Struct for Grown {
        const FIRST_SIZE: usize = 8;
    }

    fn read_of(struct_size: u32) -> Result<Grown, Error> {
        let value = Grown { struct_size, first: 7, second: 9 };
        let mut copy = MaybeUninit::uninit();
        // SAFETY: a whole struct, whatever size it states: 16 bytes at most are read.
        unsafe { read(&raw const value, &mut copy) }.copied()
    }

    #[test]
    fn an_older_struct_has_zeros_in_new_fields() {
        assert_eq!(read_of(8), Ok(Grown { struct_size: 8, first: 7, second: 0 }));
        assert_eq!(read_of(16), Ok(Grown { struct_size: 16, first: 7, second: 9 }));
    }

    #[test]
    fn only_sizes_of_versions_are_sizes() {
        for size in [0, 4, 7, 9, 12, 15] {
            assert_eq!(read_of(size), Err(Error::StructSize), "{size}");
        }
        for size in [17, 24, 512, u32::MAX] {
            assert_eq!(read_of(size), Err(Error::StructTooNew), "{size}");
        }
    }
}
