//! The payload of a usage report: how much a device has used of its licenses' quotas.

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
    number: u32,
    components: &'a [u8],
    entries: &'a [u8],
    items: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self {
            product: reader.text(),
            nonce: reader.array(),
            at: Stamp::read(reader),
            number: reader.u32(),
            components: reader.bytes(),
            entries: reader.bytes(),
            items: reader.bytes(),
        }
    }
}

/// The content of a usage report.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct UsageReport<'a> {
    /// Product id.
    pub product: Text<'a>,
    /// Names this report; the first four bytes salt the components.
    pub nonce: [u8; NONCE_LEN],
    /// When the device made it, if it knew the time.
    pub at: Option<UnixSeconds>,
    /// Number of the report, from 1; the device counts its reports.
    pub number: u32,
    /// The identity components that the device shows.
    pub components: Components<'a>,
    /// The quotas.
    pub entries: UsageEntries<'a>,
    /// The device's own key.
    pub device_key: Option<[u8; KEY_LEN]>,
    /// Which part of it this is.
    pub part: ReportPart,
    /// Every item, known or not.
    pub items: Items<'a>,
}

impl<'a> UsageReport<'a> {
    /// Decodes and checks a payload completely.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let wire = strict::exact::<Wire<'a>>(payload)?;
        if !is_product(wire.product.as_bytes()) || wire.number == 0 {
            return Err(Error::PayloadValue);
        }
        let components = Components::shown(wire.components)?;
        let entries = UsageEntries { rest: wire.entries };
        entries.check()?;
        let mut report = Self {
            product: wire.product,
            nonce: wire.nonce,
            at: known_time(wire.at),
            number: wire.number,
            components,
            entries,
            device_key: None,
            part: ReportPart::WHOLE,
            items: Items::new(wire.items),
        };
        item::check(wire.items, ReportItem::KNOWN, &mut |item| report.accept(item))?;
        Ok(report)
    }

    fn accept(&mut self, item: &Item<'a>) -> Result<(), Error> {
        match ReportItem::of(item.number).ok_or(Error::ExtensionUnknown)? {
            ReportItem::DeviceKey => self.device_key = Some(strict::exact(item.bytes)?),
            ReportItem::Part => self.part.accept(item)?,
        }
        Ok(())
    }
}

/// How much of one quota of one license was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize), serde(bound(deserialize = "'de: 'a")))]
pub struct UsageEntry<'a> {
    /// License id.
    pub license: Text<'a>,
    /// Serial of its issue.
    pub serial: u32,
    /// Name of the feature.
    pub feature: Text<'a>,
    /// How much, in total.
    pub used: u64,
    /// The total at the last report.
    pub reported: u64,
}

impl<'a> Read<'a> for UsageEntry<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self {
            license: reader.text(),
            serial: reader.u32(),
            feature: reader.text(),
            used: reader.u64(),
            reported: reader.u64(),
        }
    }
}

impl<'a> UsageEntry<'a> {
    /// What entries are ordered by.
    pub(crate) const fn name(&self) -> (Text<'a>, Text<'a>) {
        (self.license, self.feature)
    }
}

/// The quotas of a usage report, in ascending order of license and feature.
#[derive(Clone, Copy, Debug)]
pub struct UsageEntries<'a> {
    rest: &'a [u8],
}

impl UsageEntries<'_> {
    fn check(self) -> Result<(), Error> {
        let mut rest = self.rest;
        let mut last = (Text::EMPTY, Text::EMPTY);
        let mut count = 0_usize;
        while !rest.is_empty() {
            let (entry, after) = strict::take::<UsageEntry<'_>>(rest)?;
            rest = after;
            count = count.saturating_add(1);
            let named = is_identifier(entry.license.as_bytes(), ID_MAX)
                && is_identifier(entry.feature.as_bytes(), FEATURE_NAME_MAX);
            if count > USAGE_MAX || entry.name() <= last || !named || entry.serial == 0 {
                return Err(Error::PayloadValue);
            }
            last = entry.name();
        }
        Ok(())
    }
}

impl<'a> Iterator for UsageEntries<'a> {
    type Item = UsageEntry<'a>;

    fn next(&mut self) -> Option<UsageEntry<'a>> {
        let (entry, rest) = strict::take(self.rest).ok()?;
        self.rest = rest;
        Some(entry)
    }
}

/// The entries in the order of a report.
fn ascending<'e>(
    entries: impl Iterator<Item = UsageEntry<'e>> + Clone,
) -> impl Iterator<Item = UsageEntry<'e>> + Clone {
    let mut last = (Text::EMPTY, Text::EMPTY);
    core::iter::from_fn(move || {
        let next = entries.clone().filter(|entry| entry.name() > last).min_by_key(UsageEntry::name)?;
        last = next.name();
        Some(next)
    })
}

/// The content of a usage report before it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsageDraft<'a, E> {
    /// Product id.
    pub(crate) product: &'a str,
    /// Never used before.
    pub(crate) nonce: [u8; NONCE_LEN],
    /// The time, if the device knows it.
    pub(crate) at: Option<UnixSeconds>,
    /// One more than that of the report before.
    pub(crate) number: u32,
    /// The identity components, in any order.
    pub(crate) components: &'a [ComponentHash],
    /// The quotas, in any order, each once.
    pub(crate) entries: E,
    /// The device's own key.
    pub(crate) device_key: Option<[u8; KEY_LEN]>,
}

impl<'e, E: Iterator<Item = UsageEntry<'e>> + Clone> UsageDraft<'_, E> {
    /// Writes the payload of a part, without the first `skip` entries, and reads it again: what the seller would refuse is not
    /// sent.
    pub(crate) fn payload<'m>(&self, part: u16, skip: usize, memory: &'m mut [u8]) -> Result<(&'m [u8], Cut), Error> {
        let mut out = Output::new(memory);
        out.value(&(self.product, self.nonce, stamp_of(self.at), self.number))?;
        components::put(self.components, &mut out)?;
        let entries = || ascending(self.entries.clone()).skip(skip);
        let cut = Cut::of(part, out.length(), self.device_key.is_some(), entries())?;
        out.bytes(|out| entries().take(cut.count).try_for_each(|entry| out.value(&entry)))?;
        out.bytes(|out| {
            put_device_key(self.device_key.as_ref(), out)?;
            cut.part.put(out)
        })?;
        let payload = out.finish();
        UsageReport::decode(payload)?;
        Ok((payload, cut))
    }
}
