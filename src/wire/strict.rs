//! Strict postcard: what decodes must encode to the same bytes.
//!
//! Postcard itself accepts overlong varints and ignores what follows a value
//! (postcard wire format, "Varint encoded integers"); both would give one license several encodings.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Decodes one value from the front of `bytes` and returns what follows it.
pub(crate) fn take<'a, T>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Error>
where
    T: Deserialize<'a> + Serialize,
{
    let (value, rest) = postcard::take_from_bytes::<T>(bytes).map_err(|_| Error::PayloadMalformed)?;
    let used = bytes.len().saturating_sub(rest.len());
    let expected = bytes.get(..used).ok_or(Error::PayloadMalformed)?;
    postcard::serialize_with_flavor(&value, Compare { expected }).map_err(|_| Error::PayloadNotCanonical)?;
    Ok((value, rest))
}

/// Decodes one value that fills `bytes` completely.
pub(crate) fn exact<'a, T>(bytes: &'a [u8]) -> Result<T, Error>
where
    T: Deserialize<'a> + Serialize,
{
    let (value, rest) = take(bytes)?;
    if rest.is_empty() { Ok(value) } else { Err(Error::PayloadMalformed) }
}

/// A postcard output that stores nothing: it fails at the first byte that differs from what was read.
struct Compare<'a> {
    expected: &'a [u8],
}

impl postcard::ser_flavors::Flavor for Compare<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        match self.expected.split_first() {
            Some((first, rest)) if *first == byte => {
                self.expected = rest;
                Ok(())
            }
            _ => Err(postcard::Error::SerializeBufferFull),
        }
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.expected = self.expected.strip_prefix(bytes).ok_or(postcard::Error::SerializeBufferFull)?;
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        if self.expected.is_empty() { Ok(()) } else { Err(postcard::Error::SerializeBufferFull) }
    }
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
    fn trailing_bytes_are_malformed() {
        assert_eq!(exact::<u32>(&[5, 0]), Err(Error::PayloadMalformed));
        assert_eq!(take::<u32>(&[5, 9]), Ok((5, &[9][..])));
    }

    #[test]
    fn an_overlong_length_or_tag_is_not_canonical() {
        assert_eq!(exact::<&str>(&[0x81, 0x00, b'a']), Err(Error::PayloadNotCanonical));
        assert_eq!(exact::<Option<u8>>(&[1, 7]), Ok(Some(7)));
        assert_eq!(exact::<Result<u8, u8>>(&[0x80, 0x00, 7]), Err(Error::PayloadNotCanonical));
    }
}
