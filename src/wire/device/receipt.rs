//! The payload of a receipt: a device has given a license back.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::part::{Cut, ReportItem, ReportPart};
use super::{components, known_time, put_device_key, stamp_of};
use crate::error::Error;
use crate::limits::{FEATURE_NAME_MAX, ID_MAX, KEY_LEN, NONCE_LEN, USAGE_MAX};
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;
use crate::wire::binding::{ComponentHash, Components};
use crate::wire::item::{self, Item, Items};
use crate::wire::name::{is_identifier, is_product};
use crate::wire::output::Output;
use crate::wire::strict::{self, Read, Reader};

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    product: Text<'a>,
    nonce: [u8; NONCE_LEN],
    at: Stamp,
    license: Text<'a>,
    serial: u32,
    components: &'a [u8],
    usage: &'a [u8],
    items: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self {
            product: reader.text(),
            nonce: reader.array(),
            at: Stamp::read(reader),
            license: reader.text(),
            serial: reader.u32(),
            components: reader.bytes(),
            usage: reader.bytes(),
            items: reader.bytes(),
        }
    }
}

/// The content of a receipt.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Receipt<'a> {
    /// Product id.
    pub product: Text<'a>,
    /// Names this receipt; the first four bytes salt the components.
    pub nonce: [u8; NONCE_LEN],
    /// When the device made it, if it knew the time.
    pub at: Option<UnixSeconds>,
    /// The id of the returned license.
    pub license: Text<'a>,
    /// The serial up to which the device refuses that license from now on.
    pub serial: u32,
    /// The identity components that the device shows.
    pub components: Components<'a>,
    /// What was used of the license's quotas.
    pub usage: UsedQuotas<'a>,
    /// The device's own key.
    pub device_key: Option<[u8; KEY_LEN]>,
    /// Which part of it this is.
    pub part: ReportPart,
    /// Every item, known or not.
    pub items: Items<'a>,
}

impl<'a> Receipt<'a> {
    /// Decodes and checks a payload completely.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let wire = strict::exact::<Wire<'a>>(payload)?;
        if !is_product(wire.product.as_bytes()) || !is_identifier(wire.license.as_bytes(), ID_MAX) || wire.serial == 0 {
            return Err(Error::PayloadValue);
        }
        let components = Components::shown(wire.components)?;
        let usage = UsedQuotas { rest: wire.usage };
        usage.check()?;
        let mut receipt = Self {
            product: wire.product,
            nonce: wire.nonce,
            at: known_time(wire.at),
            license: wire.license,
            serial: wire.serial,
            components,
            usage,
            device_key: None,
            part: ReportPart::WHOLE,
            items: Items::new(wire.items),
        };
        item::check(wire.items, ReportItem::KNOWN, &mut |item| receipt.accept(item))?;
        Ok(receipt)
    }

    fn accept(&mut self, item: &Item<'a>) -> Result<(), Error> {
        match ReportItem::of(item.number).ok_or(Error::ExtensionUnknown)? {
            ReportItem::DeviceKey => self.device_key = Some(strict::exact(item.bytes)?),
            ReportItem::Part => self.part.accept(item)?,
        }
        Ok(())
    }
}

/// How much of one quota was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize), serde(bound(deserialize = "'de: 'a")))]
pub struct Used<'a> {
    /// Name of the feature.
    pub feature: Text<'a>,
    /// How much, in total.
    pub used: u64,
}

impl<'a> Read<'a> for Used<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self { feature: reader.text(), used: reader.u64() }
    }
}

/// What was used of a license's quotas, in ascending order of the features' names.
#[derive(Clone, Copy, Debug)]
pub struct UsedQuotas<'a> {
    rest: &'a [u8],
}

impl UsedQuotas<'_> {
    fn check(self) -> Result<(), Error> {
        let mut rest = self.rest;
        let mut last = Text::EMPTY;
        let mut count = 0_usize;
        while !rest.is_empty() {
            let (entry, after) = strict::take::<Used<'_>>(rest)?;
            rest = after;
            count = count.saturating_add(1);
            if count > USAGE_MAX || entry.feature <= last || !is_identifier(entry.feature.as_bytes(), FEATURE_NAME_MAX)
            {
                return Err(Error::PayloadValue);
            }
            last = entry.feature;
        }
        Ok(())
    }
}

impl<'a> Iterator for UsedQuotas<'a> {
    type Item = Used<'a>;

    fn next(&mut self) -> Option<Used<'a>> {
        let (entry, rest) = strict::take(self.rest).ok()?;
        self.rest = rest;
        Some(entry)
    }
}

/// The content of a receipt before it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceiptDraft<'a, U> {
    /// Product id.
    pub(crate) product: &'a str,
    /// Never used before.
    pub(crate) nonce: [u8; NONCE_LEN],
    /// The time, if the device knows it.
    pub(crate) at: Option<UnixSeconds>,
    /// License id.
    pub(crate) license: &'a str,
    /// Highest serial that the device has activated.
    pub(crate) serial: u32,
    /// The identity components, in any order.
    pub(crate) components: &'a [ComponentHash],
    /// What was used, in any order, every feature once.
    pub(crate) usage: U,
    /// The device's own key.
    pub(crate) device_key: Option<[u8; KEY_LEN]>,
}

impl<'u, U: Iterator<Item = Used<'u>> + Clone> ReceiptDraft<'_, U> {
    /// Writes the payload of a part, without the first `skip` entries, and reads it again: what the seller would refuse is not
    /// sent.
    pub(crate) fn payload<'m>(&self, part: u16, skip: usize, memory: &'m mut [u8]) -> Result<(&'m [u8], Cut), Error> {
        let mut out = Output::new(memory);
        out.value(&(self.product, self.nonce, stamp_of(self.at), self.license, self.serial))?;
        components::put(self.components, &mut out)?;
        let cut = Cut::of(part, out.length(), self.device_key.is_some(), self.ascending().skip(skip))?;
        out.bytes(|out| self.ascending().skip(skip).take(cut.count).try_for_each(|entry| out.value(&entry)))?;
        out.bytes(|out| {
            put_device_key(self.device_key.as_ref(), out)?;
            cut.part.put(out)
        })?;
        let payload = out.finish();
        Receipt::decode(payload)?;
        Ok((payload, cut))
    }

    fn ascending(&self) -> impl Iterator<Item = Used<'u>> + Clone {
        let (usage, mut last) = (self.usage.clone(), Text::EMPTY);
        core::iter::from_fn(move || {
            let next = usage.clone().filter(|entry| entry.feature > last).min_by_key(|entry| entry.feature)?;
            last = next.feature;
            Some(next)
        })
    }
}
