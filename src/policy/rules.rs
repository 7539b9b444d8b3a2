//! The rules of a license. Each is one function with its own refusals; they run in a fixed order, the most fundamental
//! disagreement first.

use core::hint::black_box;

use super::device::{Hashes, check_binding};
use crate::error::Error;
use crate::facts::Facts;
use crate::limits::CLOCK_TOLERANCE_SECONDS;
use crate::time::UnixSeconds;
use crate::wire::feature::{Feature, NEXT_RIGHT, Right};
use crate::wire::license::{Class, License, Term};

/// One evaluation of all rules.
pub(super) struct Evaluation {
    /// The start, and a step for each rule that was passed.
    trail: u32,
    pub(super) refusal: Option<Error>,
    pub(super) quantity: u32,
    pub(super) in_grace: bool,
}

/// What an evaluation begins to count from. The two differ, so that none can stand for the other.
#[derive(Clone, Copy)]
pub(super) struct Start(u32);

pub(super) const FIRST: Start = Start(0x2D8E_61B3);
pub(super) const SECOND: Start = Start(0xC1F4_A35E);

/// What each rule adds that was passed: odd, so that no number of rules but the right one leads to the end.
const STEP: u32 = 0x6A09_E667;

/// How many rules a license has, and how many a feature has beside them.
const RULES: u32 = 7;
const FEATURE_RULES: u32 = 2;

impl Evaluation {
    const fn begin(start: Start) -> Self {
        Self { trail: start.0, refusal: None, quantity: 0, in_grace: false }
    }

    /// One that ends before the first rule.
    pub(super) const fn refused(refusal: Error) -> Self {
        Self { trail: 0, refusal: Some(refusal), quantity: 0, in_grace: false }
    }

    /// What differs from the trail of a license that passed every rule: bits that are set, none if it did.
    pub(super) fn differences(&self, start: Start) -> u32 {
        // Hidden: the compiler could count the passed rules itself and leave out the trail.
        black_box(self.trail) ^ start.0.wrapping_add(STEP.wrapping_mul(RULES))
    }

    /// The same for a feature.
    pub(super) fn feature_differences(&self, start: Start) -> u32 {
        // Hidden, as above.
        black_box(self.trail) ^ start.0.wrapping_add(STEP.wrapping_mul(FEATURE_RULES))
    }

    /// Counts a rule as passed, if it was.
    fn pass(&mut self, rule: Result<(), Error>) -> Result<(), Error> {
        rule?;
        // One step for each rule, not all of them at the end: a skipped rule is then a missing step.
        self.trail = black_box(self.trail).wrapping_add(STEP);
        Ok(())
    }

    fn run(&mut self, license: &License<'_>, facts: &Facts<'_>, hashes: &mut Hashes) -> Result<(), Error> {
        self.pass(check_product(license, facts))?;
        self.pass(check_class(license, facts))?;
        self.pass(check_base(license, facts))?;
        self.pass(check_version(license, facts))?;
        self.pass(check_maintenance(license, facts))?;
        let own = check_binding(&license.binding, facts, hashes);
        self.quantity = own.ok().flatten().unwrap_or(license.quantity);
        self.pass(own.map(|_| ()))?;
        let in_grace = check_time(license, facts);
        self.in_grace = in_grace.unwrap_or(false);
        self.pass(in_grace.map(|_| ()))
    }

    fn run_feature(&mut self, license: &License<'_>, facts: &Facts<'_>, name: &[u8]) -> Result<(), Error> {
        let feature = license.feature(name).ok_or(Error::FeatureUnknown);
        self.pass(feature.map(|_| ()))?;
        self.pass(check_feature(&feature?, license, facts))
    }
}

/// Holds the license against the facts, rule after rule; the first refusal is the answer.
#[inline(never)]
pub(super) fn evaluate(license: &License<'_>, facts: &Facts<'_>, hashes: &mut Hashes, start: Start) -> Evaluation {
    let mut evaluation = Evaluation::begin(start);
    evaluation.refusal = evaluation.run(license, facts, hashes).err();
    evaluation
}

/// The same for the feature called `name`, of a license that passed its own rules.
#[inline(never)]
pub(super) fn evaluate_feature(license: &License<'_>, facts: &Facts<'_>, name: &[u8], start: Start) -> Evaluation {
    let mut evaluation = Evaluation::begin(start);
    evaluation.refusal = evaluation.run_feature(license, facts, name).err();
    evaluation
}

pub(super) fn check_product(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    if facts.product.is_empty() {
        return Err(Error::ProductUnknown);
    }
    if license.product == facts.product { Ok(()) } else { Err(Error::ProductMismatch) }
}

pub(super) const fn check_class(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    match license.class {
        Class::Test if !facts.allow_test => Err(Error::TestCode),
        Class::Test | Class::Commercial | Class::Trial | Class::NotForResale => Ok(()),
    }
}

pub(super) const fn check_base(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    if license.add_on && !facts.has_base { Err(Error::BaseMissing) } else { Ok(()) }
}

pub(super) fn check_version(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    let Some(range) = license.versions else { return Ok(()) };
    let version = facts.version.ok_or(Error::VersionUnknown)?;
    if range.covers(version) { Ok(()) } else { Err(Error::VersionNotCovered) }
}

pub(super) fn check_maintenance(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    let Some(until) = license.maintenance_until else { return Ok(()) };
    let built_at = facts.built_at.ok_or(Error::BuildTimeUnknown)?;
    if built_at < until { Ok(()) } else { Err(Error::MaintenanceEnded) }
}

/// Whether the license is for this product, for use, and for this device, whatever its dates are.
pub(crate) fn check_place(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    check_product(license, facts)?;
    check_class(license, facts)?;
    check_binding(&license.binding, facts, &mut Hashes::default()).map(|_| ())
}

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

/// What the clock shows, held against what is known to be past: the issue of this license, the build, the
/// activation and the newest document. A clock that lags less than the tolerance counts as that time.
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

/// Whether the license runs on grace.
pub(super) fn check_time(license: &License<'_>, facts: &Facts<'_>) -> Result<bool, Error> {
    let schedule = Schedule::new(license, facts);
    let mut in_grace = false;
    if let Term::PoweredHours(hours) = license.term {
        in_grace = check_powered_hours(hours, license.grace_days, facts)?;
    }
    if matches!(license.term, Term::DaysFromActivation(_)) && facts.activated_at.is_none() {
        return Err(Error::ActivationUnknown);
    }
    if license.not_before.is_none() && schedule.expires_at.is_none() && schedule.lease_until.is_none() {
        return Ok(in_grace);
    }
    let now = effective_now(license, facts)?;
    if license.not_before.is_some_and(|start| now < start) {
        return Err(Error::NotYetValid);
    }
    if schedule.expires_at.is_some_and(|end| now >= end) {
        if schedule.grace_until.is_none_or(|end| now >= end) {
            return Err(Error::Expired);
        }
        in_grace = true;
    }
    if schedule.lease_until.is_some_and(|end| now >= end) {
        return Err(Error::LeaseOverdue);
    }
    Ok(in_grace)
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

pub(super) fn check_feature(feature: &Feature<'_>, license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
    if matches!(feature.right, Right::Unknown { number, .. } if !is_on_trial(number)) {
        return Err(Error::RightUnknown);
    }
    let Some(end) = feature.expires else { return Ok(()) };
    if effective_now(license, facts)? < end { Ok(()) } else { Err(Error::FeatureExpired) }
}

/// The right that will be assigned next: see [`crate::wire::item::check`].
const fn is_on_trial(number: u32) -> bool {
    cfg!(feature = "_trial_items") && number == NEXT_RIGHT
}
