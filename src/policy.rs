//! From a genuine license and the facts to a decision. Pure: the same arguments give the same answer.
//!
//! Each rule is one function with its own refusals. They run in a fixed order, the most fundamental
//! disagreement first, and the first refusal is the decision's status (`docs/FORMAT.md` §8).

use crate::error::Error;
use crate::facts::Facts;
use crate::limits::{CLOCK_TOLERANCE_SECONDS, COMPONENT_FACTS_MAX};
use crate::time::UnixSeconds;
use crate::verdict::Verdict;
use crate::verify::Genuine;
use crate::wire::binding::{Allocations, Binding, Components};
use crate::wire::feature::Feature;
use crate::wire::license::{Class, License, Term};

/// What a license permits, given the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// The answer. Test it with [`Verdict::is_granted`].
    pub verdict: Verdict,
    /// Why not.
    pub refusal: Option<Error>,
    /// Granted, but past the end of the term: the license has to be renewed.
    pub in_grace: bool,
    /// How many licenses, seats or channels this device may use; its own share if the license is a table of
    /// devices; 0 if refused.
    pub quantity: u32,
    /// End of the term, `None` for perpetual, for powered-on hours, and while the activation time is unknown.
    pub expires_at: Option<UnixSeconds>,
    /// End of use, grace included; `None` as for `expires_at`.
    pub grace_until: Option<UnixSeconds>,
    /// End of the term in powered-on hours, for a license that counts them.
    pub powered_hours_end: Option<u32>,
    /// When a newer signed document has to have arrived.
    pub lease_until: Option<UnixSeconds>,
    /// The next time at which this answer or one about a feature will change by itself.
    pub next_deadline: Option<UnixSeconds>,
}

/// What a feature permits, given the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FeatureDecision<'b> {
    /// The answer: granted only if the license is granted too.
    pub verdict: Verdict,
    /// Why not.
    pub refusal: Option<Error>,
    /// The feature, if the license contains it; stated for a refused one too, so that people can be told.
    pub feature: Option<Feature<'b>>,
}

/// Decides whether `facts` may run under this license.
#[must_use]
pub fn decide(genuine: &Genuine<'_>, facts: &Facts<'_>) -> Decision {
    let license = genuine.license();
    let schedule = Schedule::new(license, facts);
    let mut quantity = license.quantity;
    let mut in_grace = false;
    let refusal = check_product(license, facts)
        .and_then(|()| check_class(license, facts))
        .and_then(|()| check_base(license, facts))
        .and_then(|()| check_version(license, facts))
        .and_then(|()| check_maintenance(license, facts))
        .and_then(|()| check_binding(&license.binding, facts))
        .map(|own| quantity = own.unwrap_or(quantity))
        .and_then(|()| check_time(license, facts, &schedule, &mut in_grace))
        .err();
    Decision {
        refusal,
        in_grace: in_grace && refusal.is_none(),
        quantity: if refusal.is_none() { quantity } else { 0 },
        expires_at: schedule.expires_at,
        grace_until: schedule.grace_until,
        powered_hours_end: schedule.powered_hours_end,
        lease_until: schedule.lease_until,
        next_deadline: effective_now(license, facts).ok().and_then(|now| schedule.next_after(now, license)),
        verdict: Verdict::of(refusal.as_ref()),
    }
}

impl Decision {
    /// The decision on a device that holds no license, or whose license counts no more, whatever the facts are.
    #[inline(never)]
    pub(crate) const fn refused(refusal: Error) -> Self {
        Self {
            verdict: Verdict::DENIED,
            refusal: Some(refusal),
            in_grace: false,
            quantity: 0,
            expires_at: None,
            grace_until: None,
            powered_hours_end: None,
            lease_until: None,
            next_deadline: None,
        }
    }

    /// Refuses; the dates stay.
    pub(crate) const fn refuse(&mut self, refusal: Error) {
        self.verdict = Verdict::DENIED;
        self.refusal = Some(refusal);
        self.in_grace = false;
        self.quantity = 0;
    }
}

impl FeatureDecision<'_> {
    /// The decision where the license itself is refused.
    pub(crate) const fn refused(refusal: Error) -> Self {
        Self { verdict: Verdict::DENIED, refusal: Some(refusal), feature: None }
    }
}

/// Decides whether `facts` may use the feature called `name`.
#[must_use]
pub fn decide_feature<'b>(genuine: &Genuine<'b>, facts: &Facts<'_>, name: &str) -> FeatureDecision<'b> {
    decide_feature_of(genuine, facts, name, &decide(genuine, facts))
}

/// As [`decide_feature`], for a license that was decided on already.
pub(crate) fn decide_feature_of<'b>(
    genuine: &Genuine<'b>,
    facts: &Facts<'_>,
    name: &str,
    decision: &Decision,
) -> FeatureDecision<'b> {
    let feature = genuine.license().feature(name);
    let refusal = match (decision.refusal, feature) {
        (Some(refusal), _) => Some(refusal),
        (None, None) => Some(Error::FeatureUnknown),
        (None, Some(feature)) => check_feature(&feature, genuine.license(), facts).err(),
    };
    FeatureDecision { verdict: Verdict::of(refusal.as_ref()), refusal, feature }
}

fn check_product(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    if facts.product.is_empty() {
        return Err(Error::ProductUnknown);
    }
    if license.product == facts.product { Ok(()) } else { Err(Error::ProductMismatch) }
}

const fn check_class(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    match license.class {
        Class::Test if !facts.allow_test => Err(Error::TestCode),
        Class::Test | Class::Commercial | Class::Trial | Class::NotForResale => Ok(()),
    }
}

const fn check_base(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    if license.add_on && !facts.has_base { Err(Error::BaseMissing) } else { Ok(()) }
}

fn check_version(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    let Some(range) = license.versions else { return Ok(()) };
    let version = facts.version.ok_or(Error::VersionUnknown)?;
    if range.covers(version) { Ok(()) } else { Err(Error::VersionNotCovered) }
}

fn check_maintenance(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    let Some(until) = license.maintenance_until else { return Ok(()) };
    let built_at = facts.built_at.ok_or(Error::BuildTimeUnknown)?;
    if built_at < until { Ok(()) } else { Err(Error::MaintenanceEnded) }
}

/// Whether the license is for this product, for use, and for this device, whatever its dates are.
pub(crate) fn check_place(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    check_product(license, facts)?;
    check_class(license, facts)?;
    check_binding(&license.binding, facts).map(|_| ())
}

/// Whether the device is the one that is meant, and its own quantity if there is a table of devices.
pub(crate) fn check_binding(binding: &Binding<'_>, facts: &Facts<'_>) -> Result<Option<u32>, Error> {
    if facts.components.len() > COMPONENT_FACTS_MAX {
        return Err(Error::InvalidArgument);
    }
    for component in facts.components {
        component.check()?;
    }
    match *binding {
        Binding::None => Ok(None),
        Binding::DeviceKey(key) => match facts.device_key {
            None => Err(Error::DeviceUnknown),
            Some(held) if held == key => Ok(None),
            Some(_) => Err(Error::DeviceMismatch),
        },
        Binding::Components { needed, salt, entries } => match_components(needed, salt, entries, facts).map(|()| None),
        Binding::Allocation { kind, salt, entries } => match_allocation(kind, salt, entries, facts).map(Some),
    }
}

/// Counts the entries that some component of the device matches; each entry counts once.
///
/// A device that shows too few components of the listed kinds is not another device: its identity is not known.
fn match_components(needed: u8, salt: [u8; 4], entries: Components<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    // One bit per entry; a binding has at most 16.
    let mut shown = 0_u32;
    let mut matched = 0_u32;
    for component in facts.components {
        let Some(hash) = component.hash(salt) else { continue };
        for (index, entry) in (0..u32::BITS).zip(entries) {
            let bit = 1_u32.checked_shl(index).unwrap_or(0);
            if entry.kind == component.kind {
                shown |= bit;
                if entry.hash == hash {
                    matched |= bit;
                }
            }
        }
    }
    let needed = u32::from(needed);
    if matched.count_ones() >= needed {
        Ok(())
    } else if shown.count_ones() < needed {
        Err(Error::DeviceUnknown)
    } else {
        Err(Error::DeviceMismatch)
    }
}

/// The quantity of the first device in the table that some component of this device matches.
fn match_allocation(kind: u8, salt: [u8; 4], entries: Allocations<'_>, facts: &Facts<'_>) -> Result<u32, Error> {
    let mut refusal = Error::DeviceUnknown;
    for component in facts.components.iter().filter(|component| component.kind == kind) {
        let Some(hash) = component.hash(salt) else { continue };
        refusal = Error::DeviceMismatch;
        for entry in entries {
            if entry.hash == hash {
                return Ok(entry.quantity);
            }
        }
    }
    Err(refusal)
}

/// The dates of a license on this device.
struct Schedule {
    expires_at: Option<UnixSeconds>,
    grace_until: Option<UnixSeconds>,
    powered_hours_end: Option<u32>,
    lease_until: Option<UnixSeconds>,
}

impl Schedule {
    fn new(license: &License<'_>, facts: &Facts<'_>) -> Self {
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

    /// The earliest date after `now` of the schedule, the start and the features.
    fn next_after(&self, now: UnixSeconds, license: &License<'_>) -> Option<UnixSeconds> {
        [license.not_before, self.expires_at, self.grace_until, self.lease_until]
            .into_iter()
            .flatten()
            .chain(license.features.into_iter().filter_map(|feature| feature.expires))
            .filter(|time| *time > now)
            .min()
    }
}

/// What the clock shows, held against what is known to be past: the issue of this license, the build, the
/// activation and the newest document. A clock that lags less than the tolerance counts as that time.
fn effective_now(license: &License<'_>, facts: &Facts<'_>) -> Result<UnixSeconds, Error> {
    let now = facts.now.ok_or(Error::TimeUnknown)?;
    let floor = [facts.built_at, facts.activated_at, facts.refreshed_at]
        .into_iter()
        .flatten()
        .fold(license.issued_at, UnixSeconds::later);
    if now.0.saturating_add(CLOCK_TOLERANCE_SECONDS) < floor.0 {
        return Err(Error::ClockBehind);
    }
    Ok(now.later(floor))
}

fn check_time(license: &License<'_>, facts: &Facts<'_>, schedule: &Schedule, in_grace: &mut bool) -> Result<(), Error> {
    if let Term::PoweredHours(hours) = license.term {
        *in_grace = check_powered_hours(hours, license.grace_days, facts)?;
    }
    if matches!(license.term, Term::DaysFromActivation(_)) && facts.activated_at.is_none() {
        return Err(Error::ActivationUnknown);
    }
    if license.not_before.is_none() && schedule.expires_at.is_none() && schedule.lease_until.is_none() {
        return Ok(());
    }
    let now = effective_now(license, facts)?;
    if license.not_before.is_some_and(|start| now < start) {
        return Err(Error::NotYetValid);
    }
    if schedule.expires_at.is_some_and(|end| now >= end) {
        if schedule.grace_until.is_none_or(|end| now >= end) {
            return Err(Error::Expired);
        }
        *in_grace = true;
    }
    if schedule.lease_until.is_some_and(|end| now >= end) {
        return Err(Error::LeaseOverdue);
    }
    Ok(())
}

/// Whether the device runs on grace; a day of grace is 24 powered-on hours.
fn check_powered_hours(hours: u32, grace_days: u16, facts: &Facts<'_>) -> Result<bool, Error> {
    let used = facts.powered_hours.ok_or(Error::PoweredHoursUnknown)?;
    if used < hours {
        return Ok(false);
    }
    let end = hours.saturating_add(u32::from(grace_days).saturating_mul(24));
    if used < end { Ok(true) } else { Err(Error::Expired) }
}

fn check_feature(feature: &Feature<'_>, license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    let Some(end) = feature.expires else { return Ok(()) };
    if effective_now(license, facts)? < end { Ok(()) } else { Err(Error::FeatureExpired) }
}
