//! The rules of a license: the table of them, in the order in which they are asked, and one function for each.

use super::device::{Hashes, check_binding};
use super::schedule::{Schedule, effective_now};
use crate::error::Error;
use crate::facts::Facts;
use crate::wire::feature::{Feature, NEXT_RIGHT, Right};
use crate::wire::license::{Class, License, Term};

/// Calls `$callback!` with the table of rules, the most fundamental disagreement first.
///
/// A row is `(Rule, function, "name", when, "what it demands", { closeness: refusals; … })`. The name is the one in
/// `docs/FORMAT.md` §8. An `Applied` rule is also asked before a code is stored, a `Decided` one by decisions only. The
/// refusals are all that the function may answer, each below how close it is to a grant ([`super::Closeness`]).
macro_rules! for_each_rule {
    ($callback:ident) => {
        $callback! {
            (Product, check_product, "product", Applied, "The product is the one of the license.",
             { Far: ProductUnknown, ProductMismatch })
            (Class, check_class, "class", Applied, "Test codes are for test builds.",
             { Far: TestCode })
            (Base, check_base, "base", Decided, "An add-on needs a license for the product itself.",
             { Far: BaseMissing })
            (Version, check_version, "version", Decided, "The version is covered.",
             { Version: VersionUnknown, VersionNotCovered })
            (Maintenance, check_maintenance, "maintenance", Decided, "The build is covered by maintenance.",
             { Version: BuildTimeUnknown, MaintenanceEnded })
            (Device, check_device, "device", Applied, "The device is the one that is meant.",
             { Far: InvalidArgument; Device: DeviceUnknown, DeviceMismatch })
            (Time, check_time, "time", Decided, "The term, its beginning and the lease.",
             { Time: PoweredHoursUnknown, ActivationUnknown, TimeUnknown, ClockBehind; Begun: NotYetValid;
               Over: Expired, LeaseOverdue })
        }
    };
}
pub(super) use for_each_rule;

/// When a rule is asked, beside every decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Before a code is stored, too.
    Applied,
    /// By decisions only: what is stored may be for later.
    Decided,
}

macro_rules! make_rules {
    ($(($rule:ident, $check:ident, $name:literal, $when:ident, $doc:literal,
        { $($closeness:ident: $($refusal:ident),+);+ }))+) => {
        /// The rules of a license, in the order in which they are asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rule {
            $(#[doc = $doc] $rule,)+
        }

        impl Rule {
            /// Every rule, in the order in which they are asked.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$rule),+];

            /// Its name in `docs/FORMAT.md` §8.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$rule => $name,)+ }
            }

            /// All that it may refuse with.
            #[must_use]
            pub const fn refusals(self) -> &'static [Error] {
                match self { $(Self::$rule => &[$($(Error::$refusal),+),+],)+ }
            }

            const fn when(self) -> When {
                match self { $(Self::$rule => When::$when,)+ }
            }
        }
    };
}
for_each_rule!(make_rules);

impl Rule {
    /// Whether it is also asked before a code is stored (`docs/STATE.md` §4).
    #[must_use]
    pub const fn is_applied(self) -> bool {
        matches!(self.when(), When::Applied)
    }
}

/// What the rules find out beside a refusal.
pub(super) struct Notes<'h> {
    hashes: &'h mut Hashes,
    /// Of the license, or the device's own of an allocation table.
    pub(super) quantity: u32,
    /// The term has ended, and its grace has not.
    pub(super) in_grace: bool,
}

impl<'h> Notes<'h> {
    pub(super) const fn new(hashes: &'h mut Hashes) -> Self {
        Self { hashes, quantity: 0, in_grace: false }
    }
}

pub(super) fn check_product(license: &License<'_>, facts: &Facts<'_>, _: &mut Notes<'_>) -> Result<(), Error> {
    if facts.product.is_empty() {
        return Err(Error::ProductUnknown);
    }
    if license.product == facts.product { Ok(()) } else { Err(Error::ProductMismatch) }
}

pub(super) const fn check_class(license: &License<'_>, facts: &Facts<'_>, _: &mut Notes<'_>) -> Result<(), Error> {
    match license.class {
        Class::Test if !facts.allow_test => Err(Error::TestCode),
        Class::Test | Class::Commercial | Class::Trial | Class::NotForResale => Ok(()),
    }
}

pub(super) const fn check_base(license: &License<'_>, facts: &Facts<'_>, _: &mut Notes<'_>) -> Result<(), Error> {
    if license.add_on && !facts.has_base { Err(Error::BaseMissing) } else { Ok(()) }
}

pub(super) fn check_version(license: &License<'_>, facts: &Facts<'_>, _: &mut Notes<'_>) -> Result<(), Error> {
    let Some(range) = license.versions else { return Ok(()) };
    let version = facts.version.ok_or(Error::VersionUnknown)?;
    if range.covers(version) { Ok(()) } else { Err(Error::VersionNotCovered) }
}

pub(super) fn check_maintenance(license: &License<'_>, facts: &Facts<'_>, _: &mut Notes<'_>) -> Result<(), Error> {
    let Some(until) = license.maintenance_until else { return Ok(()) };
    let built_at = facts.built_at.ok_or(Error::BuildTimeUnknown)?;
    if built_at < until { Ok(()) } else { Err(Error::MaintenanceEnded) }
}

pub(super) fn check_device(license: &License<'_>, facts: &Facts<'_>, notes: &mut Notes<'_>) -> Result<(), Error> {
    let own = check_binding(&license.binding, facts, notes.hashes)?;
    notes.quantity = own.unwrap_or(license.quantity);
    Ok(())
}

pub(super) fn check_time(license: &License<'_>, facts: &Facts<'_>, notes: &mut Notes<'_>) -> Result<(), Error> {
    let schedule = Schedule::new(license, facts);
    if let Term::PoweredHours(hours) = license.term {
        notes.in_grace = check_powered_hours(hours, license.grace_days, facts)?;
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
        notes.in_grace = true;
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
