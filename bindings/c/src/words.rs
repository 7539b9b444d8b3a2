//! Texts as C strings, each table in memory of its own: a program that calls one of the functions over them links the
//! texts of that function alone. Constants, which the compiler may merge, would bring all others along.

use core::ffi::c_char;

/// Bytes of texts with a NUL behind each.
pub(crate) const fn size(texts: &[&str]) -> usize {
    let mut size = 0;
    let mut rest = texts;
    while let [text, after @ ..] = rest {
        size += text.len() + 1;
        rest = after;
    }
    size
}

/// The texts behind one another, a NUL behind each. No text contains one.
pub(crate) const fn joined<const SIZE: usize>(texts: &[&str]) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    let (mut at, mut rest) = (0, texts);
    while let [text, after @ ..] = rest {
        let mut left = text.as_bytes();
        while let [byte, more @ ..] = left {
            assert!(*byte != 0, "a text contains NUL");
            bytes[at] = *byte;
            at += 1;
            left = more;
        }
        at += 1;
        rest = after;
    }
    bytes
}

/// Where each text begins.
pub(crate) const fn starts<const COUNT: usize>(texts: &[&str]) -> [u16; COUNT] {
    let mut starts = [0; COUNT];
    let (mut at, mut index) = (0, 0);
    while index < COUNT {
        assert!(at <= u16::MAX as usize, "the texts are too long for these numbers");
        starts[index] = at as u16;
        at += texts[index].len() + 1;
        index += 1;
    }
    starts
}

/// The text in this row.
pub(crate) fn at(bytes: &'static [u8], starts: &'static [u16], row: usize) -> *const c_char {
    let start = starts.get(row).copied().map_or(0, usize::from);
    bytes.get(start..).unwrap_or(bytes).as_ptr().cast()
}
