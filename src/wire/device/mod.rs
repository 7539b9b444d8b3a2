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
pub use part::{ReportItem, ReportPart};
pub(crate) use receipt::ReceiptDraft;
pub use receipt::{Receipt, Used, UsedQuotas};
pub(crate) use request::RequestDraft;
pub use request::{Request, RequestItem, SIGN_CONTAINER, SIGN_VIRTUAL_MACHINE};
pub(crate) use usage::UsageDraft;
pub use usage::{UsageEntries, UsageEntry, UsageReport};

use super::output::Output;
use crate::error::Error;
use crate::limits::{KEY_ID_LEN, KEY_LEN};
use crate::time::{EPOCH_2020, Stamp, UnixSeconds};

/// Algorithm number of a document that nobody has signed.
pub(crate) const ALGORITHM_NONE: u8 = 0;

/// Key id of a document that nobody has signed.
pub(crate) const NO_KEY_ID: [u8; KEY_ID_LEN] = [0; KEY_ID_LEN];

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

fn put_device_key(key: Option<&[u8; KEY_LEN]>, out: &mut Output<'_>) -> Result<(), Error> {
    match key {
        Some(key) => ReportItem::DeviceKey.with(key).put(out),
        None => Ok(()),
    }
}
