//! The payload of a code: the license.

#[cfg(feature = "_both")]
use serde::Deserialize;
use serde::Serialize;

use super::binding::Binding;
use super::feature::{Feature, Features};
use super::item::{self, Item, ItemContent, Items, items};
use super::name::{is_identifier, is_pattern, is_text};
use super::strict::{self, Read, Reader};
use crate::error::Error;
use crate::limits::{DAYS_MAX, ID_MAX, POWERED_HOURS_MAX};
use crate::time::{Stamp, UnixSeconds};
use crate::utf8::Text;
use crate::version::VersionRange;

/// What a license was made for.
///
/// The format never gets another (`docs/FORMAT.md` §9), so a `match` may list them all.
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
///
/// The format never gets another (`docs/FORMAT.md` §9), so a `match` may list them all.
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

impl Term {
    fn read(reader: &mut Reader<'_>) -> Self {
        match reader.u32() {
            0 => Self::Perpetual,
            1 => Self::Until(reader.time()),
            2 => Self::DaysFromActivation(reader.u16()),
            3 => Self::PoweredHours(reader.u32()),
            _ => reader.refuse(Self::Perpetual),
        }
    }

    fn check(self) -> Result<(), Error> {
        let (number, most) = match self {
            Self::Perpetual | Self::Until(_) => return Ok(()),
            Self::DaysFromActivation(days) => (days.into(), DAYS_MAX.into()),
            Self::PoweredHours(hours) => (hours, POWERED_HOURS_MAX),
        };
        in_range(number, 1, most)
    }
}

items! {
    /// The items of a license (`docs/FORMAT.md` §7).
    LicenseItem:
    1, CRITICAL, NotBefore, "not_before", ItemContent::Stamp;
    2, IGNORABLE, GraceDays, "grace_days", ItemContent::U16 { least: 1, most: DAYS_MAX };
    3, CRITICAL, LeaseDays, "lease_days", ItemContent::U16 { least: 1, most: DAYS_MAX };
    4, CRITICAL, Versions, "versions", ItemContent::Fields(&["u16", "u16", "u32", "u16", "u16", "u32"]);
    5, CRITICAL, MaintenanceUntil, "maintenance_until", ItemContent::Stamp;
    6, IGNORABLE, Quantity, "quantity", ItemContent::U32 { least: 2 };
    7, IGNORABLE, Edition, "edition", ItemContent::Identifier(ID_MAX);
    8, IGNORABLE, Customer, "customer", ItemContent::Text(ID_MAX);
    9, IGNORABLE, Order, "order", ItemContent::Text(ID_MAX);
    10, CRITICAL, AddOn, "add_on", ItemContent::Empty;
}

/// The content of a code. A product gets one from [`crate::Genuine`] only; the feature `sign` also reads claims.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
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
    ///
    /// Field by field into its place, in the order of the wire: values that wait for the others would be stored twice.
    pub(crate) fn decode(payload: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(payload);
        let mut license = Self::blank(payload);
        license.id = reader.identifier(ID_MAX);
        license.serial = reader.u32();
        license.class = Class::read(&mut reader);
        license.product = reader.identifier(ID_MAX);
        license.issued_at = reader.time();
        license.term = Term::read(&mut reader);
        license.binding = Binding::read(&mut reader);
        license.features = Features::unchecked(reader.bytes());
        license.items = Items::new(reader.bytes());
        #[cfg(feature = "_both")]
        strict::compare_readers(payload, &license.wire(), &reader);
        reader.whole()?;
        license.term.check()?;
        if is_pattern(license.product.as_bytes()) || license.serial == 0 {
            return Err(Error::PayloadValue);
        }
        license.features.check()?;
        license.binding.check()?;
        item::check(license.items.bytes(), LicenseItem::KNOWN, &mut |item| license.accept(item))?;
        Ok(license)
    }

    /// A license that states nothing. What every license states comes from `any`, and is written over: with constants in its
    /// place the whole would become one, of 192 bytes, that is copied.
    #[inline(always)]
    fn blank(any: &'a [u8]) -> Self {
        Self {
            id: Text::ascii(any),
            serial: 0,
            class: Class::Commercial,
            product: Text::ascii(any),
            issued_at: UnixSeconds(0),
            term: Term::Perpetual,
            binding: Binding::None,
            features: Features::unchecked(any),
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
            items: Items::new(any),
        }
    }

    // Handing it the license keeps the compiler from taking the license apart and together again, and so does handing
    // the helpers the place of a value.
    /// Takes the value of a known item.
    #[inline(never)]
    fn accept(&mut self, item: &Item<'a>) -> Result<(), Error> {
        let bytes = item.bytes;
        match LicenseItem::of(item.number).ok_or(Error::ExtensionUnknown)? {
            LicenseItem::NotBefore => put_stamp(bytes, &mut self.not_before),
            LicenseItem::GraceDays => put_days(bytes, &mut self.grace_days),
            LicenseItem::LeaseDays => put_days(bytes, &mut self.lease_days),
            LicenseItem::Versions => {
                let range = self.versions.insert(strict::exact(bytes)?);
                if range.is_some() { Ok(()) } else { Err(Error::PayloadValue) }
            }
            LicenseItem::MaintenanceUntil => put_stamp(bytes, &mut self.maintenance_until),
            // Absent means 1: stating it would be a second encoding of the same license.
            LicenseItem::Quantity => {
                self.quantity = strict::exact(bytes)?;
                in_range(self.quantity, 2, u32::MAX)
            }
            LicenseItem::Edition => {
                put_text(bytes, &mut self.edition)?;
                if is_identifier(bytes, ID_MAX) { Ok(()) } else { Err(Error::PayloadValue) }
            }
            LicenseItem::Customer => put_text(bytes, &mut self.customer),
            LicenseItem::Order => put_text(bytes, &mut self.order),
            LicenseItem::AddOn => {
                self.add_on = bytes.is_empty();
                if self.add_on { Ok(()) } else { Err(Error::PayloadMalformed) }
            }
        }
    }

    /// The feature with this name, whether or not it is granted: ask [`crate::decide_feature`] for that.
    #[must_use]
    pub fn feature(&self, name: impl AsRef<[u8]>) -> Option<Feature<'a>> {
        let name = name.as_ref();
        self.features.into_iter().find(|feature| feature.name.as_bytes() == name)
    }
}

#[inline(never)]
fn put_stamp(bytes: &[u8], place: &mut Option<UnixSeconds>) -> Result<(), Error> {
    *place = Some(strict::exact::<Stamp>(bytes)?.to_unix());
    Ok(())
}

#[inline(never)]
fn put_days(bytes: &[u8], place: &mut u16) -> Result<(), Error> {
    *place = strict::exact(bytes)?;
    in_range((*place).into(), 1, DAYS_MAX.into())
}

/// The bytes as text, without a length of its own.
#[inline(never)]
fn put_text<'a>(bytes: &'a [u8], place: &mut Option<Text<'a>>) -> Result<(), Error> {
    *place = Some(strict::text(bytes)?);
    if is_text(bytes, ID_MAX) { Ok(()) } else { Err(Error::PayloadValue) }
}

fn in_range(value: u32, least: u32, most: u32) -> Result<(), Error> {
    if value >= least && value <= most { Ok(()) } else { Err(Error::PayloadValue) }
}

/// The mandatory fields as serde writes them, and as postcard reads them in tests.
#[cfg(any(feature = "sign", feature = "_both"))]
mod encode {
    #[cfg(feature = "_both")]
    use serde::Deserialize;
    use serde::Serialize;

    use super::{Binding, Class, License, Stamp, Term};
    #[cfg(feature = "sign")]
    use crate::error::Error;
    use crate::time::UnixSeconds;
    use crate::utf8::Text;

    #[derive(Serialize)]
    #[cfg_attr(feature = "_both", derive(Deserialize))]
    enum WireTerm {
        Perpetual,
        Until(Stamp),
        DaysFromActivation(u16),
        PoweredHours(u32),
    }

    #[derive(Serialize)]
    #[cfg_attr(feature = "_both", derive(Deserialize))]
    pub(super) struct Wire<'a> {
        id: Text<'a>,
        serial: u32,
        class: Class,
        product: Text<'a>,
        issued_at: Stamp,
        term: WireTerm,
        #[cfg_attr(feature = "_both", serde(borrow))]
        binding: Binding<'a>,
        features: &'a [u8],
        items: &'a [u8],
    }

    /// The mandatory fields of a license, ready to be written.
    #[derive(Debug)]
    pub(crate) struct Head<'a> {
        pub(crate) id: Text<'a>,
        pub(crate) serial: u32,
        pub(crate) class: Class,
        pub(crate) product: Text<'a>,
        pub(crate) issued_at: UnixSeconds,
        pub(crate) term: Term,
        pub(crate) binding: Binding<'a>,
        pub(crate) features: &'a [u8],
        pub(crate) items: &'a [u8],
    }

    impl<'a> Head<'a> {
        /// `None` if a time is none that a stamp can say.
        pub(super) fn wire(self) -> Option<Wire<'a>> {
            let term = match self.term {
                Term::Perpetual => WireTerm::Perpetual,
                Term::Until(end) => WireTerm::Until(Stamp::from_unix(end)?),
                Term::DaysFromActivation(days) => WireTerm::DaysFromActivation(days),
                Term::PoweredHours(hours) => WireTerm::PoweredHours(hours),
            };
            Some(Wire {
                id: self.id,
                serial: self.serial,
                class: self.class,
                product: self.product,
                issued_at: Stamp::from_unix(self.issued_at)?,
                term,
                binding: self.binding,
                features: self.features,
                items: self.items,
            })
        }

        #[cfg(feature = "sign")]
        pub(crate) fn put(self, out: &mut crate::wire::output::Output<'_>) -> Result<(), Error> {
            out.value(&self.wire().ok_or(Error::PayloadValue)?)
        }
    }

    impl<'a> License<'a> {
        /// What was read, for comparison with postcard.
        #[cfg(feature = "_both")]
        pub(super) fn wire(&self) -> Option<Wire<'a>> {
            Head {
                id: self.id,
                serial: self.serial,
                class: self.class,
                product: self.product,
                issued_at: self.issued_at,
                term: self.term,
                binding: self.binding,
                features: self.features.bytes(),
                items: self.items.bytes(),
            }
            .wire()
        }
    }
}
#[cfg(feature = "sign")]
pub(crate) use encode::Head;
