//! The payload of an unlock: lets one device recover, in answer to one request.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::binding::Binding;
use super::item::{self, Items};
use super::name::is_product;
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::NONCE_LEN;
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;

/// An unlock grants that the device believes its clock again, though it is behind a time that was shown before.
pub const GRANTS_CLOCK: u8 = 1;

/// An unlock grants that the device continues with the stored activation it has.
pub const GRANTS_STATE: u8 = 2;

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    issued_at: Stamp,
    product: Text<'a>,
    nonce: [u8; NONCE_LEN],
    grants: u8,
    #[cfg_attr(feature = "_both", serde(borrow))]
    binding: Binding<'a>,
    items: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self {
            issued_at: Stamp::read(reader),
            product: reader.text(),
            nonce: reader.array(),
            grants: reader.u8(),
            binding: Binding::read(reader),
            items: reader.bytes(),
        }
    }
}

/// The content of an unlock.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Unlock<'a> {
    /// When the seller signed it.
    pub issued_at: UnixSeconds,
    /// Product id.
    pub product: Text<'a>,
    /// The nonce of the request that it answers.
    pub nonce: [u8; NONCE_LEN],
    /// What it grants: [`GRANTS_CLOCK`], [`GRANTS_STATE`], or both.
    pub grants: u8,
    /// The device it is for.
    pub binding: Binding<'a>,
    /// Every item, known or not.
    pub items: Items<'a>,
}

impl<'a> Unlock<'a> {
    /// Decodes and checks a payload completely.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let wire = strict::exact::<Wire<'a>>(payload)?;
        let known = GRANTS_CLOCK | GRANTS_STATE;
        if !is_product(wire.product.as_bytes()) || wire.grants == 0 || wire.grants & !known != 0 {
            return Err(Error::PayloadValue);
        }
        wire.binding.check()?;
        item::check(wire.items, item::Known::NONE, &mut |_| Err(Error::ExtensionUnknown))?;
        Ok(Self {
            issued_at: wire.issued_at.to_unix(),
            product: wire.product,
            nonce: wire.nonce,
            grants: wire.grants,
            binding: wire.binding,
            items: Items::new(wire.items),
        })
    }
}
