//! The decision on all licenses of a device: each is decided on by the same policy, and the best one is the answer.

use core::hint::black_box;

use super::image::{Place, field};
use super::layout::license::POWERED_AT;
use super::status_number;
use super::{ClockState, Engine};
use crate::error::Error;
use crate::facts::Facts;
use crate::policy::{Decision, FeatureDecision, closeness, decide_feature_of, decide_if};
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
}

/// What licenses are decided with.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// About this device, and about the license that was decided on last.
    facts: Facts<'a>,
    /// That a license for the product itself is granted, without which no add-on is.
    base: Verdict,
}

impl Engine<'_> {
    /// Decides whether the product may run. Call it at every start and again no later than the next deadline.
    ///
    /// Believes the signatures that were checked when the documents were applied or read.
    ///
    /// # Errors
    /// `NotInitialized`, also after the store has failed so that it is not known any more what is stored. A refusal is
    /// no error: it is in the decision. So are `StoreWrite` and `CounterFailed`, when the time had to be stored before
    /// anything that depends on it may be granted and was not; what needs no time is granted.
    pub fn check(&mut self) -> Result<Answer<'_>, Error> {
        self.tick()?;
        Ok(self.answer())
    }

    /// May this feature be used, and how much of it? The best of all licenses counts.
    ///
    /// # Errors
    /// As [`Engine::check`].
    pub fn feature(&mut self, name: &str) -> Result<FeatureAnswer<'_>, Error> {
        self.tick()?;
        Ok(self.feature_answer(name))
    }

    #[inline(never)]
    pub(super) fn answer(&self) -> Answer<'_> {
        let mut answer =
            Answer { decision: Decision::refused(Error::StateCorrupt), license: None, clock: self.clock_state() };
        self.find_best(&mut answer);
        answer
    }

    /// Fills in an answer. Each license is decided on where the answer is, for what would be copied are hundreds of bytes. If the
    /// best one was not the last one, it is decided on once more.
    #[inline(never)]
    fn find_best<'a>(&'a self, answer: &mut Answer<'a>) {
        let (mut best, mut best_rank) = (None, Rank::default());
        let mut next_deadline = None;
        let mut has_add_on = false;
        // No add-on is the answer, and its dates are the same without a base.
        let mut view = self.view(Verdict::DENIED);
        let (mut next, mut last) = (None, None);
        loop {
            next = self.image.license_after(next);
            let Some(held) = next else { break };
            last = next;
            self.decide_license(held, &mut view, &mut answer.license, &mut answer.decision);
            take_earlier(&mut next_deadline, &answer.decision.next_deadline);
            let rank = rank(&answer.decision);
            if answer.license.as_ref().is_some_and(|genuine| genuine.license().add_on) {
                has_add_on = true;
            } else if rank > best_rank {
                (best, best_rank) = (next, rank);
            }
        }
        if let Some(held) = best {
            if best != last {
                self.decide_license(held, &mut view, &mut answer.license, &mut answer.decision);
            }
            answer.decision.next_deadline = next_deadline;
        } else {
            let missing = if has_add_on { Error::BaseMissing } else { Error::NotActivated };
            answer.decision = Decision::refused(self.condition().unwrap_or(missing));
            answer.license = None;
        }
    }

    #[inline(never)]
    pub(super) fn feature_answer(&self, name: &str) -> FeatureAnswer<'_> {
        let refusal = self.condition().unwrap_or(Error::NotActivated);
        let mut answer = FeatureAnswer { decision: FeatureDecision::refused(refusal) };
        let (mut license, mut license_decision) = (None, Decision::refused(refusal));
        let mut best = Rank::default();
        let mut view = self.view(self.base());
        let mut next = None;
        loop {
            next = self.image.license_after(next);
            let Some(held) = next else { return answer };
            let decision = self.decide_license_feature(name, held, &mut view, &mut license, &mut license_decision);
            let rank = feature_rank(&decision);
            if rank > best {
                best = rank;
                answer.decision = decision;
            }
        }
    }

    /// The decision on a feature under one license.
    #[inline(never)]
    pub(super) fn decide_license_feature<'a>(
        &'a self,
        name: &str,
        held: Place,
        view: &mut View<'a>,
        license: &mut Option<Genuine<'a>>,
        license_decision: &mut Decision,
    ) -> FeatureDecision<'a> {
        self.decide_license(held, view, license, license_decision);
        let Some(genuine) = license else {
            return FeatureDecision::refused(license_decision.refusal.unwrap_or(Error::StateCorrupt));
        };
        let mut decision = decide_feature_of(genuine, &view.facts, name.as_bytes(), license_decision);
        decision.refusal = decision.refusal.map(|error| self.with_clock(error));
        decision
    }

    /// The verdict on a license for the product itself that is granted; asked where an add-on is held only. Without a base
    /// no add-on is granted.
    #[inline(never)]
    pub(super) fn base(&self) -> Verdict {
        // A license that is granted is the answer before all that are not.
        if self.session.has_add_on == 0 { Verdict::DENIED } else { self.answer().decision.verdict }
    }

    /// What [`Engine::decide_license`] begins with.
    pub(super) fn view(&self, base: Verdict) -> View<'_> {
        View { facts: self.facts(), base }
    }

    /// Decides on a license; an add-on is granted only along with a license for the product itself. Where its signature is not
    /// good, there is none, and the decision says why.
    ///
    /// Nothing but the facts may be kept from one call to the next: each verdict is evaluated, and evaluated twice.
    #[inline(never)]
    pub(super) fn decide_license<'a>(
        &'a self,
        held: Place,
        view: &mut View<'a>,
        license: &mut Option<Genuine<'a>>,
        decision: &mut Decision,
    ) {
        if let Some(refusal) = self.image.genuine(held, license) {
            *decision = Decision::refused(refusal);
        }
        let Some(genuine) = license else { return };
        let facts = &mut view.facts;
        facts.activated_at = self.image.activated_at(held);
        facts.powered_hours = None;
        if self.session.has_uptime != 0 && self.session.failure == 0 {
            let powered_at = self.image.u64(held.field(POWERED_AT));
            facts.powered_hours = Some(hours(excess(self.session.powered, powered_at)));
        }
        facts.has_base = view.base.is_granted();
        let also = if genuine.license().add_on { view.base.witness() } else { Witness::of(0, 0) };
        // Read twice, like the marks of the license: one faulty load must not hide a damaged or foreign state.
        let condition = Witness::of(self.session.condition, *black_box(&self.session.condition));
        *decision = decide_if(genuine, facts, also.and(condition));
        let refusal = self.condition().or(self.image.ended(held));
        let refusal = refusal.or(decision.refusal.map(|error| self.with_clock(error)));
        if let Some(refusal) = refusal {
            decision.refuse(refusal);
        }
    }

    /// What is wrong with the stored activation as a whole.
    #[inline(never)]
    pub(super) fn condition(&self) -> Option<Error> {
        status_number::to_status(self.session.condition)
    }

    /// A time that is not known is not known for a reason.
    #[inline(never)]
    fn with_clock(&self, error: Error) -> Error {
        let pending = error == Error::ActivationUnknown && self.session.knows_now == 0;
        let uncounted = error == Error::PoweredHoursUnknown && self.session.failure != 0;
        if error == Error::TimeUnknown || pending || uncounted { self.time_refusal() } else { error }
    }
}

impl Engine<'_> {
    /// When the newest list, token or unlock was issued.
    pub(super) fn refreshed_at(&self) -> Option<UnixSeconds> {
        let time = self.image.u64(field::REFRESHED);
        (time != 0).then_some(UnixSeconds(time))
    }
}

/// Whole hours. An hour has 225 times 16 seconds: divided by 16 first, two thousand years of seconds fit into the 32
/// bits that every processor divides in hardware.
pub(super) fn hours(seconds: u64) -> u32 {
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

/// How much a decision gives. The higher one is the answer; the lowest stands for none.
type Rank = (u32, u64, u64);

/// Granted before refused, a running term before grace, the later end before the earlier. Of two refusals the one
/// that more rules had let pass.
#[inline(never)]
fn rank(decision: &Decision) -> Rank {
    let end = decision.grace_until.map_or(u64::MAX, |end| end.0);
    (closeness(decision.refusal), u64::from(!decision.in_grace), end)
}

/// Granted before refused, then more before less, then the later end.
#[inline(never)]
fn feature_rank(decision: &FeatureDecision<'_>) -> Rank {
    let (mut amount, mut end) = (0, u64::MAX);
    if let Some(feature) = &decision.feature {
        if let Right::Limit(most) | Right::Quota { amount: most, .. } = feature.right {
            amount = most;
        }
        if let Some(expires) = feature.expires {
            end = expires.0;
        }
    }
    (closeness(decision.refusal), amount, end)
}
