//! Bytes in the making, in caller-owned memory.

use serde::Serialize;

use crate::error::Error;

/// A payload or document that grows. Running out of room is [`Error::PayloadValue`]: it is too long.
#[derive(Debug)]
pub(crate) struct Output<'o> {
    bytes: &'o mut [u8],
    length: usize,
}

impl<'o> Output<'o> {
    pub(crate) fn new(bytes: &'o mut [u8]) -> Self {
        Self { bytes, length: 0 }
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let end = self.length.saturating_add(bytes.len());
        let target = self.bytes.get_mut(self.length..end).ok_or(Error::PayloadValue)?;
        // Not copy_from_slice, which keeps a path that panics.
        for (target, byte) in target.iter_mut().zip(bytes) {
            *target = *byte;
        }
        self.length = end;
        Ok(())
    }

    pub(crate) fn value<T: Serialize>(&mut self, value: &T) -> Result<(), Error> {
        let free = self.bytes.get_mut(self.length..).ok_or(Error::PayloadValue)?;
        let used = postcard::to_slice(value, free).map_err(|_| Error::PayloadValue)?.len();
        self.length = self.length.saturating_add(used);
        Ok(())
    }

    /// Writes a `bytes` field of what `fill` writes. The length comes first and is known only at the end: `fill`
    /// writes once to be measured and once to stay.
    pub(crate) fn bytes(&mut self, fill: impl Fn(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        let start = self.length;
        fill(self)?;
        let length = u32::try_from(self.length.saturating_sub(start)).map_err(|_| Error::PayloadValue)?;
        self.length = start;
        self.value(&length)?;
        fill(self)
    }

    /// How many bytes there are.
    pub(crate) const fn length(&self) -> usize {
        self.length
    }

    pub(crate) fn finish(self) -> &'o [u8] {
        let length = self.length;
        self.bytes.get(..length).unwrap_or(&[])
    }
}
