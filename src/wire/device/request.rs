//! The payload of a request: a device asks the seller for a license, or for an unlock.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::{components, known_time, stamp_of};
use crate::error::Error;
use crate::limits::{ID_MAX, KEY_LEN, NONCE_LEN};
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;
use crate::version::Version;
use crate::wire::binding::{ComponentHash, Components};
use crate::wire::item::{self, Item, ItemContent, Items, items};
use crate::wire::name::{is_identifier, is_product};
use crate::wire::output::Output;
use crate::wire::strict::{self, Read, Reader};

/// Sign: the device is a virtual machine.
pub const SIGN_VIRTUAL_MACHINE: u8 = 1;

/// Sign: the program runs in a container.
pub const SIGN_CONTAINER: u8 = 2;

items! {
    /// The items of a request (`docs/FORMAT.md` §15).
    RequestItem:
    1, IGNORABLE, Version, "version", ItemContent::Fields(&["u16", "u16", "u32"]);
    2, IGNORABLE, DeviceKey, "device_key", ItemContent::Array(KEY_LEN);
    3, IGNORABLE, Status, "status", ItemContent::U16 { least: 1, most: u16::MAX };
    4, IGNORABLE, Signs, "signs", ItemContent::U8 { least: 1 };
}

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    product: Text<'a>,
    nonce: [u8; NONCE_LEN],
    at: Stamp,
    license: Text<'a>,
    components: &'a [u8],
    items: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self {
            product: reader.text(),
            nonce: reader.array(),
            at: Stamp::read(reader),
            license: reader.text(),
            components: reader.bytes(),
            items: reader.bytes(),
        }
    }
}

/// The content of a request. Nothing in it is proved.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Request<'a> {
    /// Product id.
    pub product: Text<'a>,
    /// What an unlock has to repeat; the first four bytes salt the components.
    pub nonce: [u8; NONCE_LEN],
    /// When the device made it, if it knew the time.
    pub at: Option<UnixSeconds>,
    /// The id of the license that is wanted or troubled; empty for none in particular.
    pub license: Text<'a>,
    /// The identity components that the device shows.
    pub components: Components<'a>,
    /// The version of the product.
    pub version: Option<Version>,
    /// The device's own key.
    pub device_key: Option<[u8; KEY_LEN]>,
    /// Number of the status that the device refuses with.
    pub status: Option<u16>,
    /// What the device noticed about itself: [`SIGN_VIRTUAL_MACHINE`], [`SIGN_CONTAINER`]; other bits mean nothing yet.
    pub signs: u8,
    /// Every item, known or not.
    pub items: Items<'a>,
}

impl<'a> Request<'a> {
    /// Decodes and checks a payload completely.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let wire = strict::exact::<Wire<'a>>(payload)?;
        let named = wire.license.is_empty() || is_identifier(wire.license.as_bytes(), ID_MAX);
        if !is_product(wire.product.as_bytes()) || !named {
            return Err(Error::PayloadValue);
        }
        let mut request = Self {
            product: wire.product,
            nonce: wire.nonce,
            at: known_time(wire.at),
            license: wire.license,
            components: Components::shown(wire.components)?,
            version: None,
            device_key: None,
            status: None,
            signs: 0,
            items: Items::new(wire.items),
        };
        item::check(wire.items, RequestItem::KNOWN, &mut |item| request.accept(item))?;
        Ok(request)
    }

    fn accept(&mut self, item: &Item<'a>) -> Result<(), Error> {
        let bytes = item.bytes;
        match RequestItem::of(item.number).ok_or(Error::ExtensionUnknown)? {
            RequestItem::Version => self.version = Some(strict::exact(bytes)?),
            RequestItem::DeviceKey => self.device_key = Some(strict::exact(bytes)?),
            // Absent means none: stating it would be a second encoding of the same request.
            RequestItem::Status => match strict::exact(bytes)? {
                0 => return Err(Error::PayloadValue),
                status => self.status = Some(status),
            },
            RequestItem::Signs => match strict::exact(bytes)? {
                0 => return Err(Error::PayloadValue),
                signs => self.signs = signs,
            },
        }
        Ok(())
    }
}

/// The content of a request before it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestDraft<'a> {
    /// Product id.
    pub(crate) product: &'a str,
    /// Never used before.
    pub(crate) nonce: [u8; NONCE_LEN],
    /// The time, if the device knows it.
    pub(crate) at: Option<UnixSeconds>,
    /// License id, or empty.
    pub(crate) license: &'a str,
    /// The identity components, in any order.
    pub(crate) components: &'a [ComponentHash],
    /// The version of the product.
    pub(crate) version: Option<Version>,
    /// The device's own key.
    pub(crate) device_key: Option<[u8; KEY_LEN]>,
    /// The status that the device refuses with.
    pub(crate) status: Option<Error>,
    /// What the device noticed about itself.
    pub(crate) signs: u8,
}

impl RequestDraft<'_> {
    /// Writes the payload, and reads it again: what the seller would refuse is not sent.
    pub(crate) fn payload<'m>(&self, memory: &'m mut [u8]) -> Result<&'m [u8], Error> {
        let mut out = Output::new(memory);
        out.value(&(self.product, self.nonce, stamp_of(self.at), self.license))?;
        components::put(self.components, &mut out)?;
        out.bytes(|out| self.put_items(out))?;
        let payload = out.finish();
        Request::decode(payload)?;
        Ok(payload)
    }

    fn put_items(&self, out: &mut Output<'_>) -> Result<(), Error> {
        if let Some(version) = self.version {
            item::put_value(RequestItem::Version.with(&[]), &version, out)?;
        }
        if let Some(key) = &self.device_key {
            RequestItem::DeviceKey.with(key).put(out)?;
        }
        if let Some(status) = self.status {
            let number = u16::try_from(status.number()).map_err(|_| Error::PayloadValue)?;
            item::put_value(RequestItem::Status.with(&[]), &number, out)?;
        }
        if self.signs != 0 {
            item::put_value(RequestItem::Signs.with(&[]), &self.signs, out)?;
        }
        Ok(())
    }
}
