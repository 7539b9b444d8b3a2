//! The dates of a license on one device, and the time that counts.

use crate::error::Error;
use crate::facts::Facts;
use crate::limits::CLOCK_TOLERANCE_SECONDS;
use crate::time::UnixSeconds;
use crate::wire::license::{License, Term};

/// The dates of a license on this device.
pub(super) struct Schedule {
    pub(super) expires_at: Option<UnixSeconds>,
    pub(super) grace_until: Option<UnixSeconds>,
    pub(super) powered_hours_end: Option<u32>,
    pub(super) lease_until: Option<UnixSeconds>,
}

impl Schedule {
    pub(super) fn new(license: &License<'_>, facts: &Facts<'_>) -> Self {
        let expires_at = match license.term {
            Term::Perpetual | Term::PoweredHours(_) => None,
            Term::Until(end) => Some(end),
            Term::DaysFromActivation(days) => facts.activated_at.map(|start| start.plus_days(days)),
        };
        let powered_hours_end = match license.term {
            Term::PoweredHours(hours) => Some(hours),
            Term::Perpetual | Term::Until(_) | Term::DaysFromActivation(_) => None,
        };
        let refreshed_at = license.issued_at.later(facts.refreshed_at.unwrap_or(UnixSeconds(0)));
        Self {
            expires_at,
            grace_until: expires_at.map(|end| end.plus_days(license.grace_days)),
            powered_hours_end,
            lease_until: (license.lease_days != 0).then(|| refreshed_at.plus_days(license.lease_days)),
        }
    }

    /// The earliest date after now of the schedule, the start and the features; none while the time is not known.
    pub(super) fn next_deadline(&self, license: &License<'_>, facts: &Facts<'_>) -> Option<UnixSeconds> {
        let now = effective_now(license, facts).ok()?;
        let mut next = None;
        for time in [&license.not_before, &self.expires_at, &self.grace_until, &self.lease_until] {
            earlier_after(now, time, &mut next);
        }
        for feature in license.features {
            earlier_after(now, &feature.expires, &mut next);
        }
        next
    }
}

/// Makes `time` the next one, if it is after `now` and before the one that is.
#[inline(never)]
fn earlier_after(now: UnixSeconds, time: &Option<UnixSeconds>, next: &mut Option<UnixSeconds>) {
    if time.is_some_and(|time| time > now && next.is_none_or(|next| time < next)) {
        *next = *time;
    }
}

/// The clock's time, compared with what is known to be past: the issue of this license, the build, the activation and
/// the newest document. A clock that lags less than the tolerance counts as that time.
pub(super) fn effective_now(license: &License<'_>, facts: &Facts<'_>) -> Result<UnixSeconds, Error> {
    let now = facts.now.ok_or(Error::TimeUnknown)?;
    let mut floor = license.issued_at;
    for time in [&facts.built_at, &facts.activated_at, &facts.refreshed_at] {
        floor = floor.later(time.unwrap_or(floor));
    }
    if now.0.saturating_add(CLOCK_TOLERANCE_SECONDS) < floor.0 {
        return Err(Error::ClockBehind);
    }
    Ok(now.later(floor))
}
