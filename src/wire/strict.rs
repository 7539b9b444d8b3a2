//! Strict reading of postcard: one value has one encoding, and nothing else is read.
//!
//! Postcard's own reader accepts overlong varints and ignores what follows a value (postcard wire format, "Varint
//! encoded integers"); both would give one license several encodings. It also becomes several kilobytes of code on a
//! microcontroller. This one reads the same values, without generic code for each of them; a test holds the two against
//! each other.

use crate::error::Error;
use crate::time::Stamp;
use crate::version::{Version, VersionRange};

#[cfg(feature = "_both")]
mod reference;

/// What can be read from the front of some bytes.
#[cfg(not(feature = "_both"))]
pub(crate) trait Read<'a>: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// `PayloadMalformed` if the bytes end in it or are no value of this type.
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error>;
}

#[cfg(feature = "_both")]
pub(crate) use reference::Read;

/// Decodes one value from the front of `bytes` and returns what follows it.
pub(crate) fn take<'a, T: Read<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Error> {
    let result = take_value(bytes);
    #[cfg(feature = "_both")]
    reference::check(bytes, &result);
    result
}

fn take_value<'a, T: Read<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Error> {
    let mut reader = Reader { rest: bytes, overlong: false };
    let value = T::read(&mut reader)?;
    if reader.overlong { Err(Error::PayloadNotCanonical) } else { Ok((value, reader.rest)) }
}

/// Decodes one value that fills `bytes` completely.
pub(crate) fn exact<'a, T: Read<'a>>(bytes: &'a [u8]) -> Result<T, Error> {
    let (value, rest) = take(bytes)?;
    if rest.is_empty() { Ok(value) } else { Err(Error::PayloadMalformed) }
}

/// Bytes that are being read.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    /// Whether some number was longer than it had to be. Told at the end, so that what is malformed behind it is told
    /// first, as by a reader that compares whole values.
    overlong: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        let (first, rest) = self.rest.split_first().ok_or(Error::PayloadMalformed)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Error> {
        u16::try_from(self.number(u16::MAX.into())?).map_err(|_| Error::PayloadMalformed)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        u32::try_from(self.number(u32::MAX.into())?).map_err(|_| Error::PayloadMalformed)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Error> {
        self.number(u64::MAX)
    }

    /// A varint up to `most`, which has all its bits set: seven bits a byte, the lowest first; all bytes but the last
    /// have their top bit set.
    #[inline(never)]
    fn number(&mut self, most: u64) -> Result<u64, Error> {
        let mut value = 0_u64;
        let mut shift = 0_u32;
        loop {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7F);
            let room = most.checked_shr(shift).unwrap_or(0);
            if room == 0 || bits > room {
                return Err(Error::PayloadMalformed);
            }
            value |= bits.wrapping_shl(shift);
            if byte < 0x80 {
                self.overlong |= byte == 0 && shift != 0;
                return Ok(value);
            }
            shift = shift.saturating_add(7);
        }
    }

    /// As many bytes as the number in front of them says.
    #[inline(never)]
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let length = usize::try_from(self.u32()?).map_err(|_| Error::PayloadMalformed)?;
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Error::PayloadMalformed)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// The same as UTF-8.
    #[inline(never)]
    pub(crate) fn text(&mut self) -> Result<&'a str, Error> {
        text(self.bytes()?)
    }

    /// `N` bytes without a length.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (array, rest) = self.rest.split_first_chunk().ok_or(Error::PayloadMalformed)?;
        self.rest = rest;
        Ok(*array)
    }
}

macro_rules! read {
    ($($type:ty: $reader:ident => $value:expr;)*) => {
        $(impl<'a> Read<'a> for $type {
            fn read($reader: &mut Reader<'a>) -> Result<Self, Error> {
                $value
            }
        })*
    };
}

read! {
    u8: reader => reader.u8();
    u16: reader => reader.u16();
    u32: reader => reader.u32();
    &'a str: reader => reader.text();
    [u8; 4]: reader => reader.array();
    [u8; 32]: reader => reader.array();
    Stamp: reader => reader.array().map(Self::from_bytes);
    Version: reader => Ok(Self { major: reader.u16()?, minor: reader.u16()?, patch: reader.u32()? });
    VersionRange: reader => Ok(Self { from: Version::read(reader)?, to: Version::read(reader)? });
}

/// `bytes` as UTF-8.
#[inline(never)]
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(bytes).map_err(|_| Error::PayloadMalformed)
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
        assert_eq!(Reader { rest: &bytes, overlong: false }.u64(), Ok(u64::MAX));
        bytes[9] = 2;
        assert_eq!(Reader { rest: &bytes, overlong: false }.u64(), Err(Error::PayloadMalformed));
    }

    #[test]
    fn trailing_bytes_are_malformed() {
        assert_eq!(exact::<u32>(&[5, 0]), Err(Error::PayloadMalformed));
        assert_eq!(take::<u32>(&[5, 9]), Ok((5, &[9][..])));
    }

    #[test]
    fn an_overlong_length_is_not_canonical() {
        assert_eq!(exact::<&str>(&[0x81, 0x00, b'a']), Err(Error::PayloadNotCanonical));
        assert_eq!(exact::<&str>(&[0x81, 0x00]), Err(Error::PayloadMalformed));
    }
}
