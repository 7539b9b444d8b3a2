//! The decision, by `docs/FORMAT.md` §8 and `docs/STATE.md` §4.

use lic2::{ClockState, Error};

use super::documents::{DAY, FeatureSpec, RightSpec, TermSpec};
use super::{Held, Model, Time};

/// A decision on one license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub refusal: Option<Error>,
    pub in_grace: bool,
    pub expires_at: Option<u64>,
    pub grace_until: Option<u64>,
    pub lease_until: Option<u64>,
}

impl Model {
    /// Every license with its decision, in their order.
    pub fn judge(&self, time: &Time) -> Vec<Verdict> {
        let base = self.live.licenses.iter().filter(|held| !held.spec.is_add_on);
        let has_base = base.map(|held| self.judge_one(held, time, false)).any(|verdict| verdict.refusal.is_none());
        self.live.licenses.iter().map(|held| self.judge_one(held, time, has_base)).collect()
    }

    fn judge_one(&self, held: &Held, time: &Time, has_base: bool) -> Verdict {
        let spec = &held.spec;
        let expires_at = match spec.term {
            TermSpec::Perpetual | TermSpec::Hours(_) => None,
            TermSpec::Until(time) => Some(time),
            TermSpec::Days(days) => held.activated_at.map(|start| start + u64::from(days) * DAY),
        };
        let grace_until = expires_at.map(|end| end + u64::from(spec.grace_days) * DAY);
        let since = spec.issued_at.max(self.live.refreshed);
        let lease_until = (spec.lease_days != 0).then(|| since + u64::from(spec.lease_days) * DAY);
        let mut verdict = Verdict { refusal: None, in_grace: false, expires_at, grace_until, lease_until };
        let judged = self.judge_time(held, time, has_base, &verdict);
        verdict.refusal = self.condition().or(self.ended(held)).or(judged.err());
        verdict.in_grace = verdict.refusal.is_none() && judged == Ok(true);
        verdict
    }

    /// Whether a list ends it.
    pub fn ended(&self, held: &Held) -> Option<Error> {
        let by_issuer = self.live.lists.iter().any(|list| list.issuer == Some(false));
        if held.spec.by_issuer && by_issuer {
            return Some(Error::IssuerRevoked);
        }
        self.revoked(held.spec.id, held.spec.serial)
    }

    pub fn revoked(&self, id: &str, serial: u32) -> Option<Error> {
        self.live.lists.iter().find_map(|list| {
            let (_, below, reason) = list.licenses.iter().find(|(listed, ..)| *listed == id)?;
            (serial < *below).then(|| reason.reason().status())
        })
    }

    /// Whether it runs on grace.
    fn judge_time(&self, held: &Held, time: &Time, has_base: bool, dates: &Verdict) -> Result<bool, Error> {
        let spec = &held.spec;
        let mut in_grace = false;
        if spec.is_add_on && !has_base {
            return Err(Error::BaseMissing);
        }
        match spec.term {
            TermSpec::Hours(_) if !time.counts_uptime => return Err(Error::PoweredHoursUnknown),
            TermSpec::Hours(hours) => {
                let used = (time.powered - held.powered_at) / 3_600;
                in_grace = used >= u64::from(hours);
                if used >= u64::from(hours) + 24 * u64::from(spec.grace_days) {
                    return Err(Error::Expired);
                }
            }
            TermSpec::Days(_) if held.activated_at.is_none() => {
                return Err(if time.now.is_none() { unknown(time) } else { Error::ActivationUnknown });
            }
            TermSpec::Perpetual | TermSpec::Until(_) | TermSpec::Days(_) => {}
        }
        if spec.not_before.is_none() && dates.expires_at.is_none() && dates.lease_until.is_none() {
            return Ok(in_grace);
        }
        let now = self.effective(held, time)?;
        if spec.not_before.is_some_and(|start| now < start) {
            return Err(Error::NotYetValid);
        }
        if dates.expires_at.is_some_and(|end| now >= end) {
            if dates.grace_until.is_some_and(|end| now >= end) {
                return Err(Error::Expired);
            }
            in_grace = true;
        }
        if dates.lease_until.is_some_and(|end| now >= end) { Err(Error::LeaseOverdue) } else { Ok(in_grace) }
    }

    fn effective(&self, held: &Held, time: &Time) -> Result<u64, Error> {
        let now = time.now.ok_or(unknown(time))?;
        let past = held.spec.issued_at.max(held.activated_at.unwrap_or(0)).max(self.live.refreshed);
        if now + DAY < past { Err(Error::ClockBehind) } else { Ok(now.max(past)) }
    }

    /// The answer for the product.
    pub fn answer(&self, time: &Time) -> Verdict {
        let verdicts = self.judge(time);
        let full = self.live.licenses.iter().zip(&verdicts).filter(|(held, _)| !held.spec.is_add_on);
        let mut best: Option<Verdict> = None;
        for (_, verdict) in full {
            if best.is_none_or(|best| rank(verdict) > rank(&best)) {
                best = Some(*verdict);
            }
        }
        best.unwrap_or_else(|| {
            let nothing = if verdicts.is_empty() { Error::NotActivated } else { Error::BaseMissing };
            let refusal = Some(self.condition().unwrap_or(nothing));
            Verdict { refusal, in_grace: false, expires_at: None, grace_until: None, lease_until: None }
        })
    }

    /// The best of all licenses for a feature: why not, and what it is.
    pub fn feature(&self, name: &str, time: &Time) -> (Option<Error>, Option<FeatureSpec>) {
        let mut best: Option<(Option<Error>, Option<FeatureSpec>)> = None;
        for (held, verdict) in self.live.licenses.iter().zip(self.judge(time)) {
            let answer = (self.feature_of(held, &verdict, name, time), held.spec.feature(name));
            if best.is_none_or(|best| feature_rank(answer) > feature_rank(best)) {
                best = Some(answer);
            }
        }
        best.unwrap_or((Some(self.condition().unwrap_or(Error::NotActivated)), None))
    }

    pub fn feature_of(&self, held: &Held, verdict: &Verdict, name: &str, time: &Time) -> Option<Error> {
        if verdict.refusal.is_some() {
            return verdict.refusal;
        }
        let Some(feature) = held.spec.feature(name) else { return Some(Error::FeatureUnknown) };
        let end = feature.expires?;
        match self.effective(held, time) {
            Ok(now) => (now >= end).then_some(Error::FeatureExpired),
            Err(error) => Some(error),
        }
    }
}

/// Why the time is not known.
fn unknown(time: &Time) -> Error {
    if time.clock == ClockState::Behind {
        Error::ClockBehind
    } else if time.clock == ClockState::Absent {
        Error::TimeUnknown
    } else {
        Error::ClockUnset
    }
}

/// Granted before refused, running before grace, the later end first; of refusals the one that came further.
fn rank(verdict: &Verdict) -> (usize, bool, u64) {
    (steps(verdict.refusal), !verdict.in_grace, verdict.grace_until.unwrap_or(u64::MAX))
}

fn feature_rank((refusal, feature): (Option<Error>, Option<FeatureSpec>)) -> (usize, u64, u64) {
    let amount = feature.map_or(0, |feature| match feature.right {
        RightSpec::Flag => 0,
        RightSpec::Limit(most) => most,
        RightSpec::Quota { amount, .. } => amount,
    });
    (steps(refusal), amount, feature.and_then(|feature| feature.expires).unwrap_or(u64::MAX))
}

/// The order in which a license fails, from the farthest from a grant to the closest. Written by hand, from STATE.md §4.
pub const ORDER: [&[Error]; 7] = [
    &[Error::StateRolledBack, Error::StateCorrupt, Error::StateForeign, Error::BaseMissing],
    &[Error::IssuerRevoked],
    &[Error::LicenseFrozen, Error::LicenseReplaced, Error::LicenseReleased, Error::LicenseRefunded],
    &[Error::FeatureUnknown],
    &[Error::TimeUnknown, Error::ClockUnset, Error::ClockBehind, Error::ActivationUnknown, Error::PoweredHoursUnknown],
    &[Error::NotYetValid],
    &[Error::Expired, Error::LeaseOverdue, Error::FeatureExpired],
];

/// How far a license came in the order of the rules.
fn steps(refusal: Option<Error>) -> usize {
    match refusal {
        None => ORDER.len(),
        Some(error) => ORDER.iter().position(|step| step.contains(&error)).expect("a refusal of the model"),
    }
}
