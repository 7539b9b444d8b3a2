//! The options that choose entries.

use clap::Args;
use lic2::UnixSeconds;

use crate::exit::Result;
use crate::ledger::{Event, Filter};
use crate::timespec;

/// Which entries to print.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Selection {
    /// Only entries at or after this time; a duration such as 30d counts back from now
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only entries before this time
    #[arg(long, value_name = "TIME")]
    before: Option<String>,
    /// Only these events: init, issue, renew, refund, upgrade, move, freeze, unfreeze, release, revocation-list, time-token,
    /// unlock, certify, retire, receipt, usage, quota
    #[arg(long, value_name = "EVENT", value_delimiter = ',')]
    only: Vec<Event>,
    /// Only this product
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
}

impl Selection {
    pub(super) fn filter(&self, now: UnixSeconds) -> Result<Filter> {
        let time = |name: &str, text: &Option<String>| -> Result<Option<UnixSeconds>> {
            text.as_deref().map(|text| past(text, now).map_err(|failure| failure.at(name))).transpose()
        };
        Ok(Filter {
            since: time("--since", &self.since)?,
            before: time("--before", &self.before)?,
            events: self.only.clone(),
            product: self.product.clone(),
            ..Filter::default()
        })
    }
}

/// A point in time; a duration counts back.
fn past(text: &str, now: UnixSeconds) -> Result<UnixSeconds> {
    let time = timespec::parse(text, now)?;
    if timespec::parse(text, UnixSeconds(0))? == time {
        return Ok(time);
    }
    let duration = time.0.saturating_sub(now.0);
    Ok(UnixSeconds(now.0.saturating_sub(duration)))
}
