//! Strict reading of postcard: one value has one encoding, and nothing else is read.
//!
//! Postcard's own reader accepts overlong varints and ignores what follows a value (postcard wire format, "Varint
//! encoded integers"); both would give one license several encodings. It also becomes several kilobytes of code on a
//! microcontroller. This one reads the same values, without generic code for each of them; a test compares the two on
//! each other.

use super::name::is_identifier;
use crate::error::Error;
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;
use crate::version::{Version, VersionRange};

#[cfg(feature = "_both")]
mod reference;

/// What can be read from the front of some bytes.
#[cfg(not(feature = "_both"))]
pub(crate) trait Read<'a>: Sized {
    /// Reads it; what is malformed gives any value, and the reader remembers.
    fn read(reader: &mut Reader<'a>) -> Self;
}

#[cfg(feature = "_both")]
pub(crate) use reference::Read;

/// Decodes one value from the front of `bytes` and returns what follows it.
pub(crate) fn take<'a, T: Read<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Error> {
    let mut reader = Reader::new(bytes);
    let value = T::read(&mut reader);
    let end = reader.end();
    #[cfg(feature = "_both")]
    reference::check(bytes, &value, &reader.end_of_values());
    end.map(|rest| (value, rest))
}

/// Decodes one value that fills `bytes` completely.
pub(crate) fn exact<'a, T: Read<'a>>(bytes: &'a [u8]) -> Result<T, Error> {
    let mut reader = Reader::new(bytes);
    let value = T::read(&mut reader);
    #[cfg(feature = "_both")]
    reference::check(bytes, &value, &reader.end_of_values());
    reader.whole()?;
    Ok(value)
}

/// Holds what was read from `bytes` against postcard, as [`take`] does; `None` cannot be what postcard reads.
#[cfg(feature = "_both")]
pub(crate) fn compare_readers<'a, T: serde::Deserialize<'a> + serde::Serialize>(
    bytes: &'a [u8],
    value: &Option<T>,
    reader: &Reader<'a>,
) {
    assert!(value.is_some(), "read what cannot be written");
    if let Some(value) = value {
        reference::check(bytes, value, &reader.end_of_values());
    }
}

/// Bytes that are being read.
///
/// It continues after a mistake, with values that nobody gets to see: a check after every field would be a third of
/// the code.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    /// The worst mistake so far.
    mistake: Mistake,
}

/// What was wrong, from nothing to the worst, which hides the others: what cannot be read is malformed, whatever its
/// values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mistake {
    None,
    /// Some identifier was none.
    Unidentified,
    /// Some number was longer than it had to be.
    Overlong,
    /// The bytes ended in a value, or were none.
    Malformed,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, mistake: Mistake::None }
    }

    /// What follows, if nothing was wrong.
    #[inline(never)]
    pub(crate) const fn end(&self) -> Result<&'a [u8], Error> {
        match self.mistake {
            Mistake::None => Ok(self.rest),
            Mistake::Unidentified => Err(Error::PayloadValue),
            Mistake::Overlong => Err(Error::PayloadNotCanonical),
            Mistake::Malformed => Err(Error::PayloadMalformed),
        }
    }

    /// Whether nothing was wrong and nothing follows.
    #[inline(never)]
    pub(crate) fn whole(&self) -> Result<(), Error> {
        if self.mistake <= Mistake::Unidentified && !self.rest.is_empty() {
            return Err(Error::PayloadMalformed);
        }
        self.end().map(|_| ())
    }

    /// As [`Reader::end`], whatever the identifiers are: for postcard, which does not know what one is.
    #[cfg(feature = "_both")]
    fn end_of_values(&self) -> Result<&'a [u8], Error> {
        if self.mistake <= Mistake::Unidentified { Ok(self.rest) } else { self.end() }
    }

    fn note(&mut self, mistake: Mistake) {
        self.mistake = self.mistake.max(mistake);
    }

    /// Says that the bytes are no value, and gives any.
    pub(crate) fn refuse<T>(&mut self, any: T) -> T {
        self.mistake = Mistake::Malformed;
        any
    }

    #[inline(never)]
    fn raw(&mut self, length: usize) -> &'a [u8] {
        let Some((bytes, rest)) = self.rest.split_at_checked(length) else {
            return self.refuse(&[]);
        };
        self.rest = rest;
        bytes
    }

    #[inline(never)]
    pub(crate) fn u8(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => self.refuse(0),
        }
    }

    #[inline(never)]
    pub(crate) fn u16(&mut self) -> u16 {
        self.u32_to(u16::MAX.into()).try_into().unwrap_or(0)
    }

    #[inline(never)]
    pub(crate) fn u32(&mut self) -> u32 {
        self.u32_to(u32::MAX)
    }

    fn u32_to(&mut self, most: u32) -> u32 {
        self.number(most.into()).try_into().unwrap_or(0)
    }

    #[inline(never)]
    pub(crate) fn u64(&mut self) -> u64 {
        self.number(u64::MAX)
    }

    /// A varint up to `most`, which has all its bits set, seven of them at least: seven bits a byte, the lowest first; all bytes but the last
    /// have their top bit set.
    #[inline(never)]
    fn number(&mut self, most: u64) -> u64 {
        let first = self.u8();
        if first < 0x80 {
            return first.into();
        }
        let mut value = u64::from(first & 0x7F);
        let mut shift = 7_u32;
        loop {
            let byte = self.u8();
            let bits = u64::from(byte & 0x7F);
            let room = most.checked_shr(shift).unwrap_or(0);
            if room == 0 || bits > room {
                return self.refuse(0);
            }
            value |= bits.wrapping_shl(shift);
            if byte < 0x80 {
                if byte == 0 {
                    self.note(Mistake::Overlong);
                }
                return value;
            }
            shift = shift.saturating_add(7);
        }
    }

    /// As many bytes as the number in front of them says.
    #[inline(never)]
    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let length = usize::try_from(self.u32()).unwrap_or(usize::MAX);
        self.raw(length)
    }

    /// The same as UTF-8.
    #[inline(never)]
    pub(crate) fn text(&mut self) -> Text<'a> {
        text(self.bytes()).unwrap_or_else(|_| self.refuse(Text::EMPTY))
    }

    /// The same as an identifier of at most `most` bytes. Its bytes are looked at once: what names something is ASCII, and
    /// only where it does not is it asked whether it is a text at all.
    #[inline(never)]
    pub(crate) fn identifier(&mut self, most: usize) -> Text<'a> {
        let bytes = self.bytes();
        if is_identifier(bytes, most) {
            return Text::ascii(bytes);
        }
        self.note(Mistake::Unidentified);
        text(bytes).unwrap_or_else(|_| self.refuse(Text::EMPTY))
    }

    /// A point in time.
    #[inline(never)]
    pub(crate) fn time(&mut self) -> UnixSeconds {
        Stamp::read(self).to_unix()
    }

    /// `N` bytes without a length.
    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        self.fill(&mut array);
        array
    }

    /// Once in the program for arrays of all lengths.
    #[inline(never)]
    fn fill(&mut self, array: &mut [u8]) {
        let bytes = self.raw(array.len());
        for (target, byte) in array.iter_mut().zip(bytes) {
            *target = *byte;
        }
    }
}

macro_rules! read {
    ($($type:ty: $reader:ident => $value:expr;)*) => {
        $(impl<'a> Read<'a> for $type {
            fn read($reader: &mut Reader<'a>) -> Self {
                $value
            }
        })*
    };
}

read! {
    u8: reader => reader.u8();
    u16: reader => reader.u16();
    u32: reader => reader.u32();
    Text<'a>: reader => reader.text();
    [u8; 4]: reader => reader.array();
    [u8; 8]: reader => reader.array();
    [u8; 32]: reader => reader.array();
    Stamp: reader => Self::from_bytes(reader.array());
    Version: reader => Self { major: reader.u16(), minor: reader.u16(), patch: reader.u32() };
    VersionRange: reader => Self { from: Version::read(reader), to: Version::read(reader) };
}

/// `bytes` as UTF-8.
#[inline(never)]
pub(crate) fn text(bytes: &[u8]) -> Result<Text<'_>, Error> {
    Text::new(bytes).ok_or(Error::PayloadMalformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlong_varint_is_not_canonical() {
        assert_eq!(exact::<u32>(&[0x05]), Ok(5));
        assert_eq!(exact::<u32>(&[0x85, 0x00]), Err(Error::PayloadNotCanonical));
        assert_eq!(exact::<u32>(&[0x80]), Err(Error::PayloadMalformed));
    }

    #[test]
    fn a_varint_fits_its_type() {
        assert_eq!(exact::<u16>(&[0xFF, 0xFF, 0x03]), Ok(u16::MAX));
        assert_eq!(exact::<u16>(&[0x80, 0x80, 0x04]), Err(Error::PayloadMalformed));
        assert_eq!(exact::<u16>(&[0x80, 0x80, 0x80, 0x00]), Err(Error::PayloadMalformed));
        let mut bytes = [0xFF; 10];
        bytes[9] = 1;
        assert_eq!(u64_of(&bytes), Ok(u64::MAX));
        bytes[9] = 2;
        assert_eq!(u64_of(&bytes), Err(Error::PayloadMalformed));
    }

    fn u64_of(bytes: &[u8]) -> Result<u64, Error> {
        let mut reader = Reader::new(bytes);
        let value = reader.u64();
        reader.end().map(|_| value)
    }

    #[test]
    fn trailing_bytes_are_malformed() {
        assert_eq!(exact::<u32>(&[5, 0]), Err(Error::PayloadMalformed));
        assert_eq!(take::<u32>(&[5, 9]), Ok((5, &[9][..])));
    }

    #[test]
    fn an_overlong_length_is_not_canonical() {
        assert_eq!(exact::<Text<'_>>(&[0x81, 0x00, b'a']), Err(Error::PayloadNotCanonical));
        assert_eq!(exact::<Text<'_>>(&[0x81, 0x00]), Err(Error::PayloadMalformed));
    }

    #[test]
    fn a_length_has_at_most_five_bytes_on_every_machine() {
        assert_eq!(exact::<Text<'_>>(&[0x81, 0x80, 0x80, 0x80, 0x00, b'a']), Err(Error::PayloadNotCanonical));
        assert_eq!(exact::<Text<'_>>(&[0x81, 0x80, 0x80, 0x80, 0x80, 0x00, b'a']), Err(Error::PayloadMalformed));
    }
}
