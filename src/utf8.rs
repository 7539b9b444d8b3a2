//! Texts of documents: bytes that were found to be UTF-8.
//!
//! `core::str::from_utf8` is 600 bytes on a microcontroller, for a check that fits in a hundred. Only unsafe code
//! makes a `str` without it, so the core keeps and compares bytes, and makes a `str` only on request: in firmware that
//! calls the C library, nobody does.

use core::fmt;
use core::ops::Deref;

use serde::{Serialize, Serializer};

/// A text of a document. Compares by its bytes, which orders as `str` does, and can be used as a `str`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text<'a> {
    /// UTF-8.
    bytes: &'a [u8],
}

impl<'a> Text<'a> {
    /// The text without a character.
    pub(crate) const EMPTY: Self = Self { bytes: &[] };

    /// This text.
    #[must_use]
    pub const fn of(text: &'a str) -> Self {
        Self { bytes: text.as_bytes() }
    }

    /// `bytes`, if they are UTF-8.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        is_utf8(bytes).then_some(Self { bytes })
    }

    /// `bytes`, which were found to be ASCII.
    pub(crate) const fn ascii(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// As `str`, for as long as the document is there.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        match core::str::from_utf8(self.bytes) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// How many bytes there are.
    #[must_use]
    pub const fn len(self) -> usize {
        self.bytes.len()
    }

    /// Whether there is no character.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }
}

/// Whether `bytes` are UTF-8 as RFC 3629 §4 has it: no code point in more bytes than it needs, no surrogates, nothing
/// above U+10FFFF.
#[inline(never)]
fn is_utf8(mut bytes: &[u8]) -> bool {
    while let Some((first, rest)) = bytes.split_first() {
        bytes = rest;
        let first = u32::from(*first);
        if first < 0x80 {
            continue;
        }
        // Two bytes begin at C2: C0 and C1 could only say what one byte says.
        if !matches!(first, 0xC2..=0xF4) {
            return false;
        }
        let more = 1_u8.wrapping_add((first >= 0xE0).into()).wrapping_add((first >= 0xF0).into());
        let mut value = first & 0x3F_u32.wrapping_shr(more.into());
        let mut missing = more;
        while missing != 0 {
            let Some((next @ 0x80..=0xBF, rest)) = bytes.split_first() else { return false };
            bytes = rest;
            value = value << 6 | u32::from(*next & 0x3F);
            missing = missing.wrapping_sub(1);
        }
        // From U+0800 on in three bytes, from U+10000 on in four.
        let least = 2_u32.wrapping_shl(u32::from(more).wrapping_mul(5));
        if value < least || value >> 11 == 0xD800 >> 11 || value > 0x10_FFFF {
            return false;
        }
    }
    true
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::of(text)
    }
}

impl<'a> From<Text<'a>> for &'a str {
    fn from(text: Text<'a>) -> Self {
        text.as_str()
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<[u8]> for Text<'_> {
    fn as_ref(&self) -> &[u8] {
        self.bytes
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        self.bytes == other.as_bytes()
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.bytes == other.as_bytes()
    }
}

impl PartialEq<Text<'_>> for str {
    fn eq(&self, other: &Text<'_>) -> bool {
        other == self
    }
}

impl PartialEq<Text<'_>> for &str {
    fn eq(&self, other: &Text<'_>) -> bool {
        other == self
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// As a string; for postcard as bytes, which it writes alike.
impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(self.as_str())
        } else {
            serializer.serialize_bytes(self.bytes)
        }
    }
}

#[cfg(feature = "_both")]
impl<'de: 'a, 'a> serde::Deserialize<'de> for Text<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, is_utf8};

    fn agree(bytes: &[u8]) {
        assert_eq!(is_utf8(bytes), core::str::from_utf8(bytes).is_ok(), "{bytes:02x?}");
    }

    #[test]
    fn the_check_agrees_with_the_compilers_on_all_sequences_up_to_three_bytes() {
        agree(&[]);
        for a in 0..=255 {
            agree(&[a]);
            for b in 0..=255 {
                agree(&[a, b]);
                for c in 0..=255 {
                    agree(&[a, b, c]);
                }
            }
        }
    }

    #[test]
    fn the_check_agrees_with_the_compilers_on_sequences_of_four_and_five_bytes_at_every_boundary() {
        // The first and the last byte of every row of RFC 3629 §4, and the ones beside them.
        let edges = [
            0x00, 0x01, 0x7E, 0x7F, 0x80, 0x81, 0x8E, 0x8F, 0x90, 0x91, 0x9E, 0x9F, 0xA0, 0xA1, 0xBE, 0xBF, 0xC0, 0xC1,
            0xC2, 0xC3, 0xDE, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFE, 0xFF,
        ];
        for a in 0..=255 {
            for (b, c) in edges.into_iter().flat_map(|b| edges.map(|c| (b, c))) {
                for d in edges {
                    agree(&[a, b, c, d]);
                    agree(&[b'a', a, b, c, d]);
                    agree(&[a, b, c, d, b'a']);
                }
            }
        }
        for first in 0xF0..=0xF4 {
            for second in 0..=255 {
                agree(&[first, second, 0x80, 0x80]);
            }
        }
    }

    #[test]
    fn a_text_is_what_was_found_to_be_utf8() {
        for text in ["", "a", "Zürich", "許可證", "\u{10FFFF}"] {
            let read = Text::new(text.as_bytes()).unwrap();
            assert_eq!(read.as_str(), text);
            assert_eq!(read, text);
            assert_eq!(read, Text::from(text));
            assert_eq!(std::format!("{read} {read:?}"), std::format!("{text} {text:?}"));
            assert_eq!((read.len(), read.is_empty()), (text.len(), text.is_empty()));
        }
        assert_eq!(Text::new(&[0xC3]), None);
    }
}
