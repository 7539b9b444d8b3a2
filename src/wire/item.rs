//! Items: the optional fields of a payload, and the way the format grows.
//!
//! An item is a tag (number · 2 + 1 if critical), a length and that many bytes. Items are in ascending order of their
//! number, each at most once. An unknown critical item refuses the document; an unknown other one is ignored.

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

/// What the format says of one item of a kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Its number, never changed or used again.
    pub number: u16,
    /// Whether a reader that does not know it would grant too much.
    pub critical: bool,
    /// Its name, as a key of JSON; as a flag and as a key of content files with `-` for `_`.
    pub name: &'static str,
    /// What its bytes are.
    pub content: ItemContent,
}

/// What the bytes of an item are, in the types of `docs/FORMAT.md` §5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemContent {
    /// No byte: it says everything by being there.
    Empty,
    /// A time.
    Stamp,
    /// A `u8` that is not below `least`.
    U8 {
        /// The lowest value.
        least: u8,
    },
    /// A `u16` within limits.
    U16 {
        /// The lowest value.
        least: u16,
        /// The highest value.
        most: u16,
    },
    /// A `u32` that is not below `least`.
    U32 {
        /// The lowest value.
        least: u32,
    },
    /// So many bytes.
    Array(usize),
    /// Printable ASCII without spaces, of at most so many bytes.
    Identifier(usize),
    /// UTF-8 without control characters, of at most so many bytes.
    Text(usize),
    /// Several fields, with rules of their own: their types.
    Fields(&'static [&'static str]),
}

/// Names for the tables of items: a reader that does not know the item must refuse the document.
pub(crate) const CRITICAL: bool = true;
/// A reader that does not know the item may ignore it.
pub(crate) const IGNORABLE: bool = false;

/// What [`check`] needs to know of the items of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// The number that will be assigned next.
    pub(crate) next: u16,
    /// A bit for each critical item.
    pub(crate) critical: u32,
}

impl Known {
    /// A kind without items.
    pub(crate) const NONE: Self = Self { next: 1, critical: 0 };

    /// Of the rows of a table, which ascend. `None` for those that do not.
    pub(crate) const fn of(mut rows: &[ItemRow]) -> Option<Self> {
        let mut known = Self::NONE;
        while let [row, after @ ..] = rows {
            if row.number < known.next || row.number >= 32 {
                return None;
            }
            if row.critical {
                #[expect(clippy::as_conversions, reason = "no bit is lost, and From is not for constants")]
                let bit = 1_u32.wrapping_shl(row.number as u32);
                known.critical |= bit;
            }
            known.next = row.number.wrapping_add(1);
            rows = after;
        }
        Some(known)
    }

    /// Of an item that the kind has.
    fn is_critical(self, number: u16) -> bool {
        self.critical.wrapping_shr(number.into()) & 1 == 1
    }
}

/// Defines the table of a kind's items: an enum, so that the compiler demands every item where items are read, written
/// or shown. A row is `number, criticality, Item, "name", content;`.
macro_rules! items {
    ($(#[$doc:meta])* $table:ident: $($number:literal, $critical:ident, $item:ident, $name:literal, $content:expr;)+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $table {
            $(#[doc = concat!("Item ", $number, ", `", $name, "`.")] $item,)+
        }

        impl $table {
            /// Every item, in the order of its number.
            pub const ALL: [Self; [$($number),+].len()] = [$(Self::$item),+];

            /// What the format says of them, in the same order.
            pub const ROWS: [$crate::wire::item::ItemRow; Self::ALL.len()] = [$($crate::wire::item::ItemRow {
                number: $number,
                critical: $crate::wire::item::$critical,
                name: $name,
                content: $content,
            }),+];

            pub(crate) const KNOWN: $crate::wire::item::Known =
                $crate::wire::item::Known::of(&Self::ROWS).expect("numbers that ascend and are below 32");

            /// Its number, never changed or used again.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$item => $number,)+ }
            }

            /// The item with these bytes, ready to be written.
            #[cfg_attr(not(feature = "sign"), allow(dead_code, reason = "products write requests and reports only"))]
            pub(crate) const fn with(self, bytes: &[u8]) -> $crate::wire::item::Item<'_> {
                $crate::wire::item::Item { number: self.number(), critical: self.is_critical(), bytes }
            }

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$item => $name,)+ }
            }

            /// Whether a reader that does not know it would grant too much.
            #[must_use]
            pub const fn is_critical(self) -> bool {
                match self { $(Self::$item => $crate::wire::item::$critical,)+ }
            }

            /// The item with this number.
            #[must_use]
            pub const fn of(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$item),)+ _ => None }
            }
        }
    };
}
pub(crate) use items;

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

/// Writes an item with an encoded value of at most 24 bytes instead of its own.
pub(crate) fn put_value<T: Serialize>(item: Item<'_>, value: &T, out: &mut Output<'_>) -> Result<(), Error> {
    let mut memory = [0; 24];
    let mut content = Output::new(&mut memory);
    content.value(value)?;
    Item { bytes: content.finish(), ..item }.put(out)
}

/// Writes an item with this value, or none for the value that its absence stands for.
#[cfg(feature = "sign")]
pub(crate) fn put_unless<T: Serialize + PartialEq>(
    absent: T,
    item: Item<'_>,
    value: T,
    out: &mut Output<'_>,
) -> Result<(), Error> {
    if value == absent { Ok(()) } else { put_value(item, &value, out) }
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
/// not know. What it accepts has to have the criticality of the kind's table. The feature `_trial_items` takes the number that
/// will be assigned next for known, so that a test can say what frozen vectors will make of it.
#[inline(never)]
pub(crate) fn check<'a>(
    mut bytes: &'a [u8],
    known: Known,
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
        if cfg!(feature = "_trial_items") && item.number == known.next {
            continue;
        }
        match accept(&item) {
            Err(Error::ExtensionUnknown) if !item.critical => {}
            accepted => {
                accepted?;
                if item.critical != known.is_critical(item.number) {
                    return Err(Error::PayloadValue);
                }
            }
        }
    }
    Ok(())
}
