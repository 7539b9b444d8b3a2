//! Reports that one text does not hold: each part says which it is, and the last one that it is.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use crate::error::Error;
use crate::limits::{DOCUMENT_MAX, HEADER_LEN, KEY_LEN, SIGNATURE_LEN, USAGE_MAX};
use crate::wire::item::{self, Item, ItemContent, items};
use crate::wire::output::Output;
use crate::wire::strict::{self, Read, Reader};

items! {
    /// The items of a receipt and of a usage report (`docs/FORMAT.md` §14).
    ReportItem:
    2, IGNORABLE, DeviceKey, "device_key", ItemContent::Array(KEY_LEN);
    3, CRITICAL, Part, "part", ItemContent::Fields(&["u16", "u8"]);
}

/// Longest item that says which part it is: tag, length, three bytes and one.
const ITEM_LEN: usize = 6;

/// What is around payload head and entries: the header, the entries' length of at most two bytes, the items' of one.
const AROUND: usize = HEADER_LEN + 3;

/// The same where the device signs: the item with its key, and the signature.
const AROUND_SIGNED: usize = AROUND + 2 + KEY_LEN + SIGNATURE_LEN;

/// Longest entry of a report: two names with their lengths, a serial, two totals.
const ENTRY_MAX: usize = 65 + 33 + 5 + 10 + 10;

/// Which part of a report a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportPart {
    /// Which one, from 1.
    pub part: u16,
    /// Whether no other follows.
    pub is_last: bool,
}

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire {
    part: u16,
    last: u8,
}

impl<'a> Read<'a> for Wire {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { part: reader.u16(), last: reader.u8() }
    }
}

impl ReportPart {
    /// A report that is not split.
    pub const WHOLE: Self = Self { part: 1, is_last: true };

    /// Takes the value of the item.
    pub(super) fn accept(&mut self, item: &Item<'_>) -> Result<(), Error> {
        let wire: Wire = strict::exact(item.bytes)?;
        *self = Self { part: wire.part, is_last: wire.last == 1 };
        // A whole report has no such item.
        if wire.part == 0 || wire.last > 1 || *self == Self::WHOLE {
            return Err(Error::PayloadValue);
        }
        Ok(())
    }

    pub(super) fn put(self, out: &mut Output<'_>) -> Result<(), Error> {
        if self == Self::WHOLE {
            return Ok(());
        }
        item::put_value(ReportItem::Part.with(&[]), &Wire { part: self.part, last: self.is_last.into() }, out)
    }
}

/// Which entries of a report go into a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// How many.
    pub(crate) count: usize,
    pub(crate) part: ReportPart,
}

impl Cut {
    /// Cuts part number `part`, whose payload has `taken` bytes before the entries, from what is left of them, in order.
    pub(super) fn of<E: Serialize>(
        part: u16,
        taken: usize,
        is_signed: bool,
        entries: impl Iterator<Item = E> + Clone,
    ) -> Result<Self, Error> {
        let around = if is_signed { AROUND_SIGNED } else { AROUND };
        let room = DOCUMENT_MAX.saturating_sub(around).saturating_sub(taken);
        if part == 1 {
            let (count, is_last) = count(room, entries.clone())?;
            if is_last {
                return Ok(Self { count, part: ReportPart::WHOLE });
            }
        }
        let (count, is_last) = count(room.saturating_sub(ITEM_LEN), entries)?;
        // A part that is full has at least three entries.
        if count == 0 && !is_last {
            Err(Error::PayloadValue)
        } else {
            Ok(Self { count, part: ReportPart { part, is_last } })
        }
    }
}

/// How many entries fit, and whether that is all of them.
fn count<E: Serialize>(room: usize, entries: impl Iterator<Item = E>) -> Result<(usize, bool), Error> {
    let (mut count, mut length) = (0_usize, 0_usize);
    for entry in entries {
        let mut memory = [0; ENTRY_MAX];
        let mut out = Output::new(&mut memory);
        out.value(&entry)?;
        length = length.saturating_add(out.finish().len());
        if length > room || count == USAGE_MAX {
            return Ok((count, false));
        }
        count = count.saturating_add(1);
    }
    Ok((count, true))
}
