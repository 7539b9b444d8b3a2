//! The payload of a time token: a time that the seller proves to devices without a clock.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::item::{self, Items};
use super::name::is_product_or_every;
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    issued_at: Stamp,
    product: Text<'a>,
    items: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { issued_at: Stamp::read(reader), product: reader.text(), items: reader.bytes() }
    }
}

/// The content of a time token.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TimeToken<'a> {
    /// The time it proves: the moment the seller signed it.
    pub issued_at: UnixSeconds,
    /// The product it is for; empty for every product.
    pub product: Text<'a>,
    /// Every item, known or not.
    pub items: Items<'a>,
}

impl<'a> TimeToken<'a> {
    /// Decodes and checks a payload completely.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let wire = strict::exact::<Wire<'a>>(payload)?;
        if !is_product_or_every(wire.product.as_bytes()) {
            return Err(Error::PayloadValue);
        }
        item::check(wire.items, item::Known::NONE, &mut |_| Err(Error::ExtensionUnknown))?;
        Ok(Self { issued_at: wire.issued_at.to_unix(), product: wire.product, items: Items::new(wire.items) })
    }
}
