//! Postcard itself as the judge of the reader: in tests, everything that is read is read by both.

use serde::{Deserialize, Serialize};

use super::Reader;
use crate::error::Error;

/// What can be read from the front of some bytes.
pub(crate) trait Read<'a>: Deserialize<'a> + Serialize {
    /// Reads it; what is malformed gives any value, and the reader remembers.
    fn read(reader: &mut Reader<'a>) -> Self;
}

/// Demands that postcard reads the same value from `bytes`, or refuses them too.
pub(super) fn check<'a, T: Deserialize<'a> + Serialize>(bytes: &'a [u8], value: &T, end: &Result<&'a [u8], Error>) {
    match (end, take::<T>(bytes)) {
        (Ok(rest), Ok((_, expected_rest))) => {
            assert_eq!(*rest, expected_rest, "read another length");
            assert_eq!(compare(value, used(bytes, rest)), Ok(()), "read another value");
        }
        // Where lengths have 64 bits, postcard reads ten bytes of them (docs/FORMAT.md §5 permits either status).
        (Err(Error::PayloadMalformed), Err(Error::PayloadNotCanonical)) if may_hold_long_length(bytes) => {}
        (Err(error), Err(expected)) => assert_eq!(*error, expected, "refused otherwise"),
        (Ok(_), Err(expected)) => assert_eq!(None, Some(expected), "not refused"),
        (Err(error), Ok(_)) => assert_eq!(Some(*error), None, "refused"),
    }
}

/// Whether `bytes` may contain a varint of more than five bytes.
fn may_hold_long_length(bytes: &[u8]) -> bool {
    bytes.windows(5).any(|window| window.iter().all(|byte| *byte >= 0x80))
}

/// Decodes one value from the front of `bytes` by postcard; what it encodes to must be the same bytes.
fn take<'a, T: Deserialize<'a> + Serialize>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Error> {
    let (value, rest) = postcard::take_from_bytes::<T>(bytes).map_err(|_| Error::PayloadMalformed)?;
    compare(&value, used(bytes, rest))?;
    Ok((value, rest))
}

fn used<'a>(bytes: &'a [u8], rest: &[u8]) -> &'a [u8] {
    bytes.get(..bytes.len().saturating_sub(rest.len())).unwrap_or(&[])
}

fn compare(value: &impl Serialize, expected: &[u8]) -> Result<(), Error> {
    postcard::serialize_with_flavor(value, Compare { expected }).map_err(|_| Error::PayloadNotCanonical)
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
