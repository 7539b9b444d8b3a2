//! The decision on all licenses of a device: each is judged by the same policy, and the best one is the answer.

use core::hint::black_box;

use super::image::field;
use super::license::Held;
use super::time::Moment;
use super::{ClockState, Engine};
use crate::error::Error;
use crate::facts::Facts;
use crate::policy::{Decision, FeatureDecision, decide_feature_of, decide_if};
use crate::time::{UnixSeconds, excess};
use crate::verdict::Verdict;
use crate::verify::Genuine;
use crate::wire::feature::Right;
use crate::witness::Witness;

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
    /// The license, if its signature is good; if not, the decision says why.
    pub(super) license: Option<Genuine<'a>>,
    pub(super) decision: Decision,
}

impl Judged<'_> {
    /// What [`Engine::judge`] begins with.
    pub(super) fn none() -> Self {
        Self { license: None, decision: Decision::refused(Error::StateCorrupt) }
    }

    pub(super) fn is_granted(&self) -> bool {
        self.decision.verdict.is_granted()
    }

    fn is_add_on(&self) -> bool {
        self.license.as_ref().is_some_and(|genuine| genuine.license().add_on)
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

    #[inline(never)]
    pub(super) fn answer(&self, moment: &Moment) -> Answer<'_> {
        let refusal = self.condition().unwrap_or(Error::NotActivated);
        let mut best = Answer { decision: Decision::refused(refusal), license: None, clock: moment.clock };
        let mut next_deadline = None;
        let mut found = false;
        let mut has_add_on = false;
        for held in self.image.licenses() {
            // No add-on is the answer, and its dates are the same without a base.
            let mut judged = Judged::none();
            self.judge(held, moment, Verdict::DENIED, &mut judged);
            take_earlier(&mut next_deadline, &judged.decision.next_deadline);
            if judged.is_add_on() {
                has_add_on = true;
            } else if !found || is_better(&judged.decision, &best.decision) {
                found = true;
                best.decision = judged.decision;
                best.license = judged.license;
            }
        }
        if found {
            best.decision.next_deadline = next_deadline;
        } else if has_add_on && self.condition().is_none() {
            best.decision.refusal = Some(Error::BaseMissing);
        }
        best
    }

    #[inline(never)]
    pub(super) fn feature_answer(&self, name: &str, moment: &Moment) -> FeatureAnswer<'_> {
        let refusal = self.condition().unwrap_or(Error::NotActivated);
        let mut best = FeatureAnswer { decision: FeatureDecision::refused(refusal), license: None };
        let mut found = false;
        let base = self.base(moment);
        for held in self.image.licenses() {
            let mut judged = Judged::none();
            self.judge(held, moment, base, &mut judged);
            let decision = self.decide_feature(name, held, &judged, moment);
            if !found || gives_more(&decision, &best.decision) {
                found = true;
                best.decision = decision;
                best.license = judged.license;
            }
        }
        best
    }

    /// The decision on a feature under one license.
    #[inline(never)]
    pub(super) fn decide_feature<'a>(
        &self,
        name: &str,
        held: Held<'_>,
        judged: &Judged<'a>,
        moment: &Moment,
    ) -> FeatureDecision<'a> {
        let Some(genuine) = &judged.license else {
            return FeatureDecision::refused(judged.decision.refusal.unwrap_or(Error::StateCorrupt));
        };
        let mut decision = decide_feature_of(genuine, &self.facts_of(held, moment), name.as_bytes(), &judged.decision);
        decision.refusal = decision.refusal.map(|error| with_clock(error, moment));
        decision
    }

    /// The verdict on a license for the product itself that is granted; asked where an add-on is held only. Without a base
    /// no add-on is granted.
    #[inline(never)]
    pub(super) fn base(&self, moment: &Moment) -> Verdict {
        if self.session.has_add_on != 0 {
            for held in self.image.licenses() {
                let mut judged = Judged::none();
                self.judge(held, moment, Verdict::DENIED, &mut judged);
                if judged.is_granted() {
                    return judged.decision.verdict;
                }
            }
        }
        Verdict::DENIED
    }

    /// Judges a license; an add-on is granted only along with a license for the product itself.
    ///
    /// Nothing but hashes of the device's components may be kept from one call to the next: each verdict is evaluated, and
    /// evaluated twice.
    /// It is filled in where it is needed: three hundred bytes that nobody copies.
    #[inline(never)]
    pub(super) fn judge<'a>(&'a self, held: Held<'a>, moment: &Moment, base: Verdict, judged: &mut Judged<'a>) {
        match held.genuine() {
            Ok(genuine) => judged.license = Some(genuine),
            Err(refusal) => judged.decision.refusal = Some(refusal),
        }
        let Some(genuine) = &judged.license else { return };
        let mut facts = self.facts_of(held, moment);
        facts.has_base = base.is_granted();
        let also = if genuine.license().add_on { base.witness() } else { Witness::of(0, 0) };
        // Read twice, like the marks of the license.
        let condition = Witness::of(self.session.condition, *black_box(&self.session.condition));
        judged.decision = decide_if(genuine, &facts, also.and(condition));
        let refusal = self.condition().or(held.ended());
        let refusal = refusal.or(judged.decision.refusal.map(|error| with_clock(error, moment)));
        if let Some(refusal) = refusal {
            judged.decision.refuse(refusal);
        }
    }

    #[inline(never)]
    fn facts_of(&self, held: Held<'_>, moment: &Moment) -> Facts<'_> {
        let mut facts = self.facts(moment.now);
        facts.activated_at = held.activated_at();
        if self.session.has_uptime != 0 && moment.failure.is_none() {
            facts.powered_hours = Some(hours(excess(self.session.powered, held.powered_at())));
        }
        facts
    }

    /// What is wrong with the stored activation as a whole.
    #[inline(never)]
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

/// Whole hours. An hour has 225 times 16 seconds: divided by 16 first, two thousand years of seconds fit into the 32 bits
/// that every processor divides by itself.
fn hours(seconds: u64) -> u32 {
    u32::try_from(seconds >> 4).map_or(u32::MAX, |sixteens| sixteens / 225)
}

/// Takes over a date, if there is one and it is earlier.
#[inline(never)]
fn take_earlier(date: &mut Option<UnixSeconds>, other: &Option<UnixSeconds>) {
    if let Some(other) = other {
        if date.is_none_or(|date| *other < date) {
            *date = Some(*other);
        }
    }
}

/// Granted before refused, a running term before grace, the later end before the earlier. Of two refusals the one
/// that more rules had let pass.
#[inline(never)]
fn is_better(one: &Decision, other: &Decision) -> bool {
    let end = |decision: &Decision| decision.grace_until.map_or(u64::MAX, |end| end.0);
    let rank = |decision: &Decision| (rules_passed(decision.refusal), !decision.in_grace, end(decision));
    rank(one) > rank(other)
}

/// Whether a decision on a feature gives more than another: granted before refused, then more before less, then the
/// later end.
#[inline(never)]
fn gives_more(one: &FeatureDecision<'_>, other: &FeatureDecision<'_>) -> bool {
    let rank = |decision: &FeatureDecision<'_>| {
        let amount = decision.feature.map_or(0, |feature| match feature.right {
            Right::Flag | Right::Text(_) => 0,
            Right::Limit(most) => most,
            Right::Quota { amount, .. } => amount,
        });
        let end = decision.feature.and_then(|feature| feature.expires).map_or(u64::MAX, |end| end.0);
        (rules_passed(decision.refusal), amount, end)
    };
    rank(one) > rank(other)
}

/// How far a license came in the order of the rules (`docs/FORMAT.md` §8), from 1: the higher, the closer to a grant,
/// and the more useful to tell. Highest if it is granted.
#[inline(never)]
fn rules_passed(refusal: Option<Error>) -> usize {
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
    let Some(refusal) = refusal else { return usize::MAX };
    let mut passed: usize = 1;
    for step in ORDER {
        passed = passed.saturating_add(1);
        if step.contains(&refusal) {
            return passed;
        }
    }
    1
}
