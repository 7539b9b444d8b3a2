//! The documents that a device sends to the seller: request, receipt, usage report. Unsigned, or signed with the
//! device's own key, which the document then shows.

mod components;
#[cfg(feature = "sign")]
pub(crate) mod envelope;
mod part;
mod receipt;
mod request;
mod usage;

pub(crate) use part::Cut;
pub use part::ReportPart;
pub(crate) use receipt::ReceiptDraft;
pub use receipt::{Receipt, Used, UsedQuotas};
pub(crate) use request::RequestDraft;
pub use request::{Request, SIGN_CONTAINER, SIGN_VIRTUAL_MACHINE};
pub(crate) use usage::UsageDraft;
pub use usage::{UsageEntries, UsageEntry, UsageReport};

use super::item::Item;
use super::output::Output;
use super::strict::{self, Read};
use crate::error::Error;
use crate::limits::{KEY_ID_LEN, KEY_LEN};
use crate::time::{EPOCH_2020, Stamp, UnixSeconds};

/// Algorithm number of a document that nobody has signed.
pub(crate) const ALGORITHM_NONE: u8 = 0;

/// Key id of a document that nobody has signed.
pub(crate) const NO_KEY_ID: [u8; KEY_ID_LEN] = [0; KEY_ID_LEN];

/// Item number of the device key, the same in every kind.
const NUMBER_DEVICE_KEY: u16 = 2;

/// When a document was made; the zero stamp says that the device does not know the time.
fn known_time(stamp: Stamp) -> Option<UnixSeconds> {
    let time = stamp.to_unix();
    if time.0 == EPOCH_2020 { None } else { Some(time) }
}

/// The stamp of a time. What no stamp can say is as good as unknown: a wrong clock must not keep a device from
/// asking for help.
fn stamp_of(time: Option<UnixSeconds>) -> Stamp {
    time.and_then(Stamp::from_unix).unwrap_or(Stamp::ZERO)
}

/// The value of an item of a device's document; none of them is critical.
fn optional<'a, T>(item: &Item<'a>) -> Result<T, Error>
where
    T: Read<'a>,
{
    let value = strict::exact(item.bytes)?;
    if item.critical { Err(Error::PayloadValue) } else { Ok(value) }
}

fn put_device_key(key: Option<&[u8; KEY_LEN]>, out: &mut Output<'_>) -> Result<(), Error> {
    match key {
        Some(key) => Item { number: NUMBER_DEVICE_KEY, critical: false, bytes: key }.put(out),
        None => Ok(()),
    }
}
