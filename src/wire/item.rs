//! Items: the optional fields of a payload, and the way the format grows.
//!
//! An item is a tag (number · 2 + 1 if critical), a length and that many bytes. Items stand in ascending
//! order of their number, each at most once. An unknown critical item refuses the document; an unknown
//! other one is ignored.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::output::Output;
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::ITEMS_MAX;

/// Highest item number that the tag has room for.
#[cfg(feature = "sign")]
pub const ITEM_NUMBER_MAX: u16 = 32_767;

/// First number of the range that sellers may use for their own, non-critical data.
#[cfg(feature = "sign")]
pub const ITEM_NUMBER_VENDOR: u16 = 1_000;

/// One optional field: a number, whether it must be understood, and its bytes. The format grows by items, not by what an
/// item has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// What the bytes mean.
    pub number: u16,
    /// Whether a reader that does not know the number must refuse the document.
    pub critical: bool,
    /// The content.
    pub bytes: &'a [u8],
}

/// The item as postcard sees it.
#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    tag: u16,
    bytes: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { tag: reader.u16(), bytes: reader.bytes() }
    }
}

impl<'a> Item<'a> {
    #[inline(never)]
    pub(crate) fn take(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let (wire, rest) = strict::take::<Wire<'a>>(bytes)?;
        Ok((Self { number: wire.tag >> 1, critical: wire.tag & 1 == 1, bytes: wire.bytes }, rest))
    }

    pub(crate) fn put(&self, out: &mut Output<'_>) -> Result<(), Error> {
        // The tag has no room for the highest numbers.
        let number = self.number.checked_mul(2).ok_or(Error::PayloadValue)?;
        out.value(&Wire { tag: number | u16::from(self.critical), bytes: self.bytes })
    }
}

/// Writes an item with an encoded value of at most 24 bytes.
pub(crate) fn put_value<T: Serialize>(
    number: u16,
    critical: bool,
    value: &T,
    out: &mut Output<'_>,
) -> Result<(), Error> {
    let mut memory = [0; 24];
    let mut content = Output::new(&mut memory);
    content.value(value)?;
    Item { number, critical, bytes: content.finish() }.put(out)
}

/// A list of items; every one in it was checked when the document was decoded.
#[derive(Clone, Copy, Debug)]
pub struct Items<'a> {
    rest: &'a [u8],
}

impl<'a> Items<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The encoded list.
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let (item, rest) = Item::take(self.rest).ok()?;
        self.rest = rest;
        Some(item)
    }
}

/// Walks a list of items strictly and hands each to `accept`, which answers `ExtensionUnknown` to a number that it does
/// not know. `next` is the number of the kind that will be assigned next: the feature `_trial_items` takes it for known,
/// so that a test can say what frozen vectors will make of it.
#[inline(never)]
pub(crate) fn check<'a>(
    mut bytes: &'a [u8],
    next: u16,
    accept: &mut dyn FnMut(&Item<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut last = 0;
    let mut count = 0_usize;
    while !bytes.is_empty() {
        let (item, rest) = Item::take(bytes)?;
        bytes = rest;
        count = count.wrapping_add(1);
        if count > ITEMS_MAX || item.number <= last {
            return Err(Error::PayloadValue);
        }
        last = item.number;
        if cfg!(feature = "_trial_items") && item.number == next {
            continue;
        }
        match accept(&item) {
            Err(Error::ExtensionUnknown) if !item.critical => {}
            accepted => accepted?,
        }
    }
    Ok(())
}
