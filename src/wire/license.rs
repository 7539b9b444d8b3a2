//! The payload of a code: the license.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::binding::{self, Binding};
use super::feature::{Feature, Features};
use super::item::{self, Item, Items};
use super::name::{is_identifier, is_product, is_text};
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{DAYS_MAX, ID_MAX, POWERED_HOURS_MAX};
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;
use crate::version::VersionRange;

/// What a license was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
pub enum Class {
    /// A paid license.
    Commercial,
    /// A trial.
    Trial,
    /// A test order: production builds refuse it (marketplace field `testFlag`).
    Test,
    /// Not for resale.
    NotForResale,
}

impl<'a> Read<'a> for Class {
    fn read(reader: &mut Reader<'a>) -> Self {
        match reader.u32() {
            0 => Self::Commercial,
            1 => Self::Trial,
            2 => Self::Test,
            3 => Self::NotForResale,
            _ => reader.refuse(Self::Test),
        }
    }
}

/// How long a license lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// Without end.
    Perpetual,
    /// Up to, not including, this point in time.
    Until(UnixSeconds),
    /// This many days from the first activation.
    DaysFromActivation(u16),
    /// This many hours of powered-on time from the first activation.
    PoweredHours(u32),
}

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
enum WireTerm {
    Perpetual,
    Until(Stamp),
    DaysFromActivation(u16),
    PoweredHours(u32),
}

impl<'a> Read<'a> for WireTerm {
    fn read(reader: &mut Reader<'a>) -> Self {
        match reader.u32() {
            0 => Self::Perpetual,
            1 => Self::Until(Stamp::read(reader)),
            2 => Self::DaysFromActivation(reader.u16()),
            3 => Self::PoweredHours(reader.u32()),
            _ => reader.refuse(Self::Perpetual),
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "_both", derive(Deserialize))]
struct Wire<'a> {
    id: Text<'a>,
    serial: u32,
    class: Class,
    product: Text<'a>,
    issued_at: Stamp,
    term: WireTerm,
    #[cfg_attr(feature = "_both", serde(borrow))]
    binding: binding::Wire<'a>,
    features: &'a [u8],
    items: &'a [u8],
}

impl<'a> Read<'a> for Wire<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Self {
            id: reader.text(),
            serial: reader.u32(),
            class: Class::read(reader),
            product: reader.text(),
            issued_at: Stamp::read(reader),
            term: WireTerm::read(reader),
            binding: binding::Wire::read(reader),
            features: reader.bytes(),
            items: reader.bytes(),
        }
    }
}

/// Item numbers of a license.
pub(crate) mod number {
    pub(crate) const NOT_BEFORE: u16 = 1;
    pub(crate) const GRACE_DAYS: u16 = 2;
    pub(crate) const LEASE_DAYS: u16 = 3;
    pub(crate) const VERSIONS: u16 = 4;
    pub(crate) const MAINTENANCE_UNTIL: u16 = 5;
    pub(crate) const QUANTITY: u16 = 6;
    pub(crate) const EDITION: u16 = 7;
    pub(crate) const CUSTOMER: u16 = 8;
    pub(crate) const ORDER: u16 = 9;
    pub(crate) const ADD_ON: u16 = 10;
}

/// The content of a code. A product gets one from [`crate::Genuine`] only; the feature `sign` also reads claims.
#[derive(Clone, Copy, Debug)]
pub struct License<'a> {
    /// License id: the marketplace's code or instance id, or the seller's own.
    pub id: Text<'a>,
    /// Number of the issue of this license, from 1; the highest wins.
    pub serial: u32,
    /// What it was made for.
    pub class: Class,
    /// Product id.
    pub product: Text<'a>,
    /// When the seller signed it.
    pub issued_at: UnixSeconds,
    /// How long it lasts.
    pub term: Term,
    /// What ties it to a device.
    pub binding: Binding<'a>,
    /// The named rights.
    pub features: Features<'a>,
    /// When it starts, if later than at once.
    pub not_before: Option<UnixSeconds>,
    /// Days of use after the end; 0 for none.
    pub grace_days: u16,
    /// Days within which any newer signed document must arrive; 0 for no such duty.
    pub lease_days: u16,
    /// Covered product versions; `None` for all.
    pub versions: Option<VersionRange>,
    /// Builds made at or after this time are not covered.
    pub maintenance_until: Option<UnixSeconds>,
    /// How many licenses, seats or channels were bought; 1 unless stated.
    pub quantity: u32,
    /// Edition or SKU.
    pub edition: Option<Text<'a>>,
    /// The seller's customer reference.
    pub customer: Option<Text<'a>>,
    /// The seller's order reference.
    pub order: Option<Text<'a>>,
    /// Whether it only adds features to another license for the same product.
    pub add_on: bool,
    /// Every item, known or not.
    pub items: Items<'a>,
}

impl<'a> License<'a> {
    /// Decodes and checks a payload completely.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let wire = strict::exact::<Wire<'a>>(payload)?;
        let term = match wire.term {
            WireTerm::Perpetual => Term::Perpetual,
            WireTerm::Until(end) => Term::Until(end.to_unix()),
            WireTerm::DaysFromActivation(days) => Term::DaysFromActivation(in_range(days, DAYS_MAX)?),
            WireTerm::PoweredHours(hours) => Term::PoweredHours(in_range(hours, POWERED_HOURS_MAX)?),
        };
        if !is_identifier(wire.id.as_bytes(), ID_MAX) || !is_product(wire.product.as_bytes()) || wire.serial == 0 {
            return Err(Error::PayloadValue);
        }
        let mut license = Self {
            id: wire.id,
            serial: wire.serial,
            class: wire.class,
            product: wire.product,
            issued_at: wire.issued_at.to_unix(),
            term,
            features: Features::check(wire.features)?,
            binding: Binding::from_wire(&wire.binding)?,
            not_before: None,
            grace_days: 0,
            lease_days: 0,
            versions: None,
            maintenance_until: None,
            quantity: 1,
            edition: None,
            customer: None,
            order: None,
            add_on: false,
            items: Items::new(wire.items),
        };
        item::check(wire.items, &mut |item| license.accept(item))?;
        Ok(license)
    }

    // Handing it the license keeps the compiler from taking the license apart and together again.
    /// Takes the value of a known item; says `false` to an unknown one.
    #[inline(never)]
    fn accept(&mut self, item: &Item<'a>) -> Result<bool, Error> {
        match item.number {
            number::NOT_BEFORE => self.not_before = Some(stamp(item)?),
            number::GRACE_DAYS => self.grace_days = in_range(strict::exact(item.bytes)?, DAYS_MAX)?,
            number::LEASE_DAYS => self.lease_days = in_range(strict::exact(item.bytes)?, DAYS_MAX)?,
            number::VERSIONS => {
                let range = strict::exact::<VersionRange>(item.bytes)?;
                if range.to < range.from {
                    return Err(Error::PayloadValue);
                }
                self.versions = Some(range);
            }
            number::MAINTENANCE_UNTIL => self.maintenance_until = Some(stamp(item)?),
            // Absent means 1: stating it would be a second encoding of the same license.
            number::QUANTITY => match strict::exact(item.bytes)? {
                0 | 1 => return Err(Error::PayloadValue),
                quantity => self.quantity = quantity,
            },
            number::EDITION => {
                let edition = text(item)?;
                if !is_identifier(edition.as_bytes(), ID_MAX) {
                    return Err(Error::PayloadValue);
                }
                self.edition = Some(edition);
            }
            number::CUSTOMER => self.customer = Some(text(item)?),
            number::ORDER => self.order = Some(text(item)?),
            number::ADD_ON if item.bytes.is_empty() => self.add_on = true,
            number::ADD_ON => return Err(Error::PayloadMalformed),
            _ => return Ok(false),
        }
        if item.critical == is_critical(item.number) { Ok(true) } else { Err(Error::PayloadValue) }
    }

    /// The feature with this name, whether or not it is granted: ask [`crate::decide_feature`] for that.
    #[must_use]
    pub fn feature(&self, name: impl AsRef<[u8]>) -> Option<Feature<'a>> {
        let name = name.as_ref();
        self.features.into_iter().find(|feature| feature.name.as_bytes() == name)
    }
}

/// Whether a reader that does not know this item would grant too much.
pub(crate) const fn is_critical(item_number: u16) -> bool {
    matches!(
        item_number,
        number::NOT_BEFORE | number::LEASE_DAYS | number::VERSIONS | number::MAINTENANCE_UNTIL | number::ADD_ON
    )
}

fn stamp(item: &Item<'_>) -> Result<UnixSeconds, Error> {
    strict::exact::<Stamp>(item.bytes).map(Stamp::to_unix)
}

/// The bytes of the item as text, without a length of its own.
fn text<'a>(item: &Item<'a>) -> Result<Text<'a>, Error> {
    let text = strict::text(item.bytes)?;
    if is_text(text.as_bytes(), ID_MAX) { Ok(text) } else { Err(Error::PayloadValue) }
}

fn in_range<T: PartialOrd + From<u8>>(value: T, most: T) -> Result<T, Error> {
    if value >= T::from(1) && value <= most { Ok(value) } else { Err(Error::PayloadValue) }
}

#[cfg(feature = "sign")]
mod encode {
    use super::{Class, Stamp, Term, Wire, WireTerm};
    use crate::error::Error;
    use crate::time::UnixSeconds;
    use crate::utf8::Text;
    use crate::wire::binding;

    /// The mandatory fields of a license, ready to be written.
    #[derive(Debug)]
    pub(crate) struct Head<'a> {
        pub(crate) id: Text<'a>,
        pub(crate) serial: u32,
        pub(crate) class: Class,
        pub(crate) product: Text<'a>,
        pub(crate) issued_at: UnixSeconds,
        pub(crate) term: Term,
    }

    impl<'a> Head<'a> {
        pub(crate) fn put(
            &self,
            binding: binding::Wire<'a>,
            features: &'a [u8],
            items: &'a [u8],
            out: &mut crate::wire::output::Output<'_>,
        ) -> Result<(), Error> {
            let stamp = |time| Stamp::from_unix(time).ok_or(Error::PayloadValue);
            let term = match self.term {
                Term::Perpetual => WireTerm::Perpetual,
                Term::Until(end) => WireTerm::Until(stamp(end)?),
                Term::DaysFromActivation(days) => WireTerm::DaysFromActivation(days),
                Term::PoweredHours(hours) => WireTerm::PoweredHours(hours),
            };
            out.value(&Wire {
                id: self.id,
                serial: self.serial,
                class: self.class,
                product: self.product,
                issued_at: stamp(self.issued_at)?,
                term,
                binding,
                features,
                items,
            })
        }
    }
}
#[cfg(feature = "sign")]
pub(crate) use encode::Head;
