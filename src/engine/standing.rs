//! The decision on all licenses of a device: each is judged by the same policy, and the best one is the answer.

use super::image::field;
use super::license::Held;
use super::time::Moment;
use super::{ClockState, Engine};
use crate::error::Error;
use crate::facts::Facts;
use crate::policy::{Decision, FeatureDecision, decide, decide_feature_of};
use crate::time::UnixSeconds;
use crate::verdict::Verdict;
use crate::verify::Genuine;
use crate::wire::feature::Right;

/// The answer of the engine: may this run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The decision on the best license. Its next deadline is the earliest of all licenses.
    pub decision: Decision,
    /// That license, if there is one and it is genuine.
    pub license: Option<Genuine<'a>>,
    /// What the clock was found to be.
    pub clock: ClockState,
}

/// The answer of the engine about a feature.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FeatureAnswer<'a> {
    /// The decision under the license that gives most of the feature.
    pub decision: FeatureDecision<'a>,
    /// That license, if there is one and it is genuine.
    pub license: Option<Genuine<'a>>,
}

/// One license, judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged<'a> {
    pub(super) held: Held<'a>,
    pub(super) genuine: Option<Genuine<'a>>,
    pub(super) decision: Decision,
}

impl Judged<'_> {
    pub(super) const fn is_granted(&self) -> bool {
        self.decision.verdict.is_granted()
    }

    fn is_add_on(&self) -> bool {
        self.genuine.is_some_and(|genuine| genuine.license().add_on)
    }
}

impl Engine<'_> {
    /// May this run? Call it at every start and as often as wished, at the latest at the next deadline.
    ///
    /// Believes the signatures that were checked when the documents were applied or read.
    ///
    /// # Errors
    /// `NotInitialized`, also after the store has failed so that it is not known any more what is stored. A refusal is no
    /// error: it stands in the decision. So do `StoreWrite` and `CounterFailed`, when the time had to be stored before
    /// anything that depends on it may be granted and was not; what needs no time is granted.
    pub fn check(&mut self) -> Result<Answer<'_>, Error> {
        self.check_open()?;
        let moment = self.tick()?;
        Ok(self.answer(&moment))
    }

    /// May this feature be used, and how much of it? The best of all licenses counts.
    ///
    /// # Errors
    /// As [`Engine::check`].
    pub fn feature(&mut self, name: &str) -> Result<FeatureAnswer<'_>, Error> {
        self.check_open()?;
        let moment = self.tick()?;
        Ok(self.feature_answer(name, &moment))
    }

    pub(super) fn answer(&self, moment: &Moment) -> Answer<'_> {
        let mut best: Option<Judged<'_>> = None;
        let mut next_deadline: Option<UnixSeconds> = None;
        let mut has_add_on = false;
        for judged in self.judge(moment) {
            next_deadline = next_deadline.into_iter().chain(judged.decision.next_deadline).min();
            has_add_on |= judged.is_add_on();
            if !judged.is_add_on() && best.is_none_or(|best| is_better(&judged.decision, &best.decision)) {
                best = Some(judged);
            }
        }
        let decision = match best {
            Some(best) => Decision { next_deadline, ..best.decision },
            None => Decision::refused(self.condition().unwrap_or(if has_add_on {
                Error::BaseMissing
            } else {
                Error::NotActivated
            })),
        };
        Answer { decision, license: best.and_then(|best| best.genuine), clock: moment.clock }
    }

    pub(super) fn feature_answer(&self, name: &str, moment: &Moment) -> FeatureAnswer<'_> {
        let mut best: Option<(FeatureDecision<'_>, Option<Genuine<'_>>)> = None;
        for judged in self.judge(moment) {
            let decision = self.decide_feature(name, &judged, moment);
            if best.is_none_or(|(best, _)| gives_more(&decision, &best)) {
                best = Some((decision, judged.genuine));
            }
        }
        let (decision, license) = best.unwrap_or_else(|| {
            let refusal = self.condition().unwrap_or(Error::NotActivated);
            (FeatureDecision { verdict: Verdict::DENIED, refusal: Some(refusal), feature: None }, None)
        });
        FeatureAnswer { decision, license }
    }

    /// The decision on a feature under one license.
    pub(super) fn decide_feature<'a>(&self, name: &str, judged: &Judged<'a>, moment: &Moment) -> FeatureDecision<'a> {
        let refused = |refusal| FeatureDecision { verdict: Verdict::DENIED, refusal: Some(refusal), feature: None };
        match &judged.genuine {
            None => refused(judged.decision.refusal.unwrap_or(Error::StateCorrupt)),
            Some(genuine) => {
                let facts = self.facts_of(&judged.held, moment);
                let decision = decide_feature_of(genuine, &facts, name, &judged.decision);
                FeatureDecision { refusal: decision.refusal.map(|error| with_clock(error, moment)), ..decision }
            }
        }
    }

    /// Every license, judged; add-ons know whether a license for the product itself is granted.
    pub(super) fn judge<'a>(&'a self, moment: &Moment) -> impl Iterator<Item = Judged<'a>> {
        let moment = *moment;
        let has_base = self
            .image
            .licenses()
            .filter(|held| held.genuine().is_ok_and(|genuine| !genuine.license().add_on))
            .any(|held| self.judge_one(held, &moment, false).is_granted());
        self.image.licenses().map(move |held| self.judge_one(held, &moment, has_base))
    }

    fn judge_one<'a>(&'a self, held: Held<'a>, moment: &Moment, has_base: bool) -> Judged<'a> {
        let genuine = match held.genuine() {
            Ok(genuine) => genuine,
            Err(error) => return Judged { held, genuine: None, decision: Decision::refused(error) },
        };
        let facts = Facts { has_base, ..self.facts_of(&held, moment) };
        let decision = decide(&genuine, &facts);
        let refusal = self.condition().or(held.ended());
        let refusal = refusal.or(decision.refusal.map(|error| with_clock(error, moment)));
        let decision = match refusal {
            Some(refusal) => decision.refuse(refusal),
            None => decision,
        };
        Judged { held, genuine: Some(genuine), decision }
    }

    fn facts_of(&self, held: &Held<'_>, moment: &Moment) -> Facts<'_> {
        let powered = self.session.powered.saturating_sub(held.powered_at());
        let hours = u32::try_from(powered / 3_600).unwrap_or(u32::MAX);
        Facts {
            activated_at: held.activated_at(),
            powered_hours: (self.session.has_uptime != 0 && moment.failure.is_none()).then_some(hours),
            ..self.facts(moment.now)
        }
    }

    /// What is wrong with the stored activation as a whole.
    pub(super) fn condition(&self) -> Option<Error> {
        let number = i32::try_from(self.session.condition).unwrap_or(0);
        Error::from_number(number).filter(|_| number != 0)
    }
}

impl Engine<'_> {
    /// When the newest list, token or unlock was issued.
    pub(super) fn refreshed_at(&self) -> Option<UnixSeconds> {
        let time = self.image.u64(field::REFRESHED);
        (time != 0).then_some(UnixSeconds(time))
    }
}

/// A time that is not known is not known for a reason.
fn with_clock(error: Error, moment: &Moment) -> Error {
    let pending = error == Error::ActivationUnknown && moment.now.is_none();
    let uncounted = error == Error::PoweredHoursUnknown && moment.failure.is_some();
    if error == Error::TimeUnknown || pending || uncounted { moment.refusal() } else { error }
}

/// Granted before refused, a running term before grace, the later end before the earlier. Of two refusals the one
/// that more rules had let pass.
fn is_better(one: &Decision, other: &Decision) -> bool {
    let end = |decision: &Decision| decision.grace_until.map_or(u64::MAX, |end| end.0);
    let rank = |decision: &Decision| {
        let passed = decision.refusal.map_or(usize::MAX, rules_passed);
        (passed, !decision.in_grace, end(decision))
    };
    rank(one) > rank(other)
}

/// Whether a decision on a feature gives more than another.
fn gives_more(one: &FeatureDecision<'_>, other: &FeatureDecision<'_>) -> bool {
    let rank = |decision: &FeatureDecision<'_>| {
        let amount = decision.feature.map_or(0, |feature| match feature.right {
            Right::Flag | Right::Text(_) => 0,
            Right::Limit(most) => most,
            Right::Quota { amount, .. } => amount,
        });
        let end = decision.feature.and_then(|feature| feature.expires).map_or(u64::MAX, |end| end.0);
        (decision.refusal.map_or(usize::MAX, rules_passed), amount, end)
    };
    rank(one) > rank(other)
}

/// How far a refused license came in the order of the rules (`docs/FORMAT.md` §8): the higher, the closer to a grant,
/// and the more useful to tell.
fn rules_passed(refusal: Error) -> usize {
    const ORDER: [&[Error]; 8] = [
        &[Error::IssuerRevoked],
        &[Error::LicenseFrozen, Error::LicenseReplaced, Error::LicenseReleased, Error::LicenseRefunded],
        &[Error::VersionNotCovered, Error::VersionUnknown, Error::MaintenanceEnded, Error::BuildTimeUnknown],
        &[Error::DeviceMismatch, Error::DeviceUnknown],
        &[Error::FeatureUnknown],
        &[
            Error::TimeUnknown,
            Error::ClockUnset,
            Error::ClockBehind,
            Error::ActivationUnknown,
            Error::PoweredHoursUnknown,
        ],
        &[Error::NotYetValid],
        &[Error::Expired, Error::LeaseOverdue, Error::FeatureExpired],
    ];
    ORDER.iter().position(|step| step.contains(&refusal)).map_or(0, |step| step.saturating_add(1))
}
