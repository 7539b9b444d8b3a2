//! From a genuine license and the facts to a decision. Pure: the same arguments give the same answer.
//!
//! The first rule that refuses gives the decision's status (`docs/FORMAT.md` §8). The verdict is made of what all of them
//! found, twice, and of the witness of the signature.

use core::hint::black_box;

mod closeness;
mod device;
mod evaluation;
mod rules;
mod schedule;
#[cfg(test)]
mod tests;

pub use self::closeness::closeness;
pub(crate) use self::device::{Hashes, check_binding};
use self::evaluation::Evaluation;
pub(crate) use self::evaluation::check_place;
#[cfg(feature = "sign")]
pub use self::evaluation::examine;
pub use self::rules::Rule;
use self::schedule::Schedule;
use crate::error::Error;
use crate::facts::Facts;
use crate::time::UnixSeconds;
use crate::verdict::Verdict;
use crate::verify::Genuine;
use crate::wire::feature::Feature;
use crate::wire::license::License;
use crate::witness::Witness;

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
    /// The next time at which this answer or one about a feature will change on its own.
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
    /// The feature, if the license contains it; stated for a refused one too, so that people can see it.
    pub feature: Option<Feature<'b>>,
}

/// Decides whether `facts` may run under this license.
#[must_use]
pub fn decide(genuine: &Genuine<'_>, facts: &Facts<'_>) -> Decision {
    decide_if(genuine, facts, Witness::of(0, 0))
}

/// As [`decide`], granted only if `also` holds.
pub(crate) fn decide_if(genuine: &Genuine<'_>, facts: &Facts<'_>, also: Witness) -> Decision {
    let (found, refusal, verdict) = evaluate(genuine, facts, also);
    let mut decision = Decision {
        refusal,
        in_grace: found.in_grace && refusal.is_none(),
        quantity: u32::try_from(verdict.mask(found.quantity.into())).unwrap_or(0),
        expires_at: None,
        grace_until: None,
        powered_hours_end: None,
        lease_until: None,
        next_deadline: None,
        verdict,
    };
    decision.state_dates(genuine.license(), facts);
    decision
}

/// What the rules find, why there is no grant, and the verdict.
///
/// Everything is evaluated twice, the second time on a license that is decoded again, and each evaluation makes one of
/// the two words of the verdict (`docs/SECURITY.md`).
#[cfg(not(feature = "_unhardened"))]
fn evaluate(genuine: &Genuine<'_>, facts: &Facts<'_>, also: Witness) -> (Evaluation, Option<Error>, Verdict) {
    let mut hashes = Hashes::default();
    let first = evaluation::evaluate(genuine.license(), facts, &mut hashes, evaluation::FIRST);
    // Decoded and evaluated again, with another start of the trail: a fault in one evaluation damages one word only.
    let again = match genuine.license_again() {
        // The facts hidden too: what depends on them alone would be computed once.
        Ok(license) => evaluation::evaluate(&license, black_box(facts), &mut hashes, evaluation::SECOND),
        Err(error) => Evaluation::refused(error),
    };
    // Each word from its own evaluation; no branch chooses them.
    let found = Witness::of(first.differences(evaluation::FIRST), again.differences(evaluation::SECOND));
    let computed = Verdict::of(genuine.witness().and(also).and(found).differences());
    let refusal = refusal_of(first.refusal.or(again.refusal), computed);
    let verdict = if refusal.is_none() { computed } else { Verdict::DENIED };
    (first, refusal, verdict)
}

/// One evaluation and a branch: what the simulator of faults has to tell apart from the above.
#[cfg(feature = "_unhardened")]
fn evaluate(genuine: &Genuine<'_>, facts: &Facts<'_>, _: Witness) -> (Evaluation, Option<Error>, Verdict) {
    let found = evaluation::evaluate(genuine.license(), facts, &mut Hashes::default(), evaluation::FIRST);
    let refusal = found.refusal;
    let verdict = if refusal.is_none() { Verdict::GRANTED } else { Verdict::DENIED };
    (found, refusal, verdict)
}

/// Why there is no grant. What no rule refuses and no words grant is a fault of the machine.
fn refusal_of(refusal: Option<Error>, computed: Verdict) -> Option<Error> {
    refusal.or(if computed.is_granted() { None } else { Some(Error::SelftestFailed) })
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

    /// Fills in the dates. Not where the decision is put together: what waits for another field would be stored twice.
    #[inline(never)]
    fn state_dates(&mut self, license: &License<'_>, facts: &Facts<'_>) {
        let schedule = Schedule::new(license, facts);
        self.expires_at = schedule.expires_at;
        self.grace_until = schedule.grace_until;
        self.powered_hours_end = schedule.powered_hours_end;
        self.lease_until = schedule.lease_until;
        self.next_deadline = schedule.next_deadline(license, facts);
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
pub fn decide_feature<'b>(genuine: &Genuine<'b>, facts: &Facts<'_>, name: impl AsRef<[u8]>) -> FeatureDecision<'b> {
    decide_feature_of(genuine, facts, name.as_ref(), &decide(genuine, facts))
}

/// As [`decide_feature`], for a license that was decided on already. Looks twice as well.
pub(crate) fn decide_feature_of<'b>(
    genuine: &Genuine<'b>,
    facts: &Facts<'_>,
    name: &[u8],
    decision: &Decision,
) -> FeatureDecision<'b> {
    let license = genuine.license();
    let first = evaluation::evaluate_feature(license, facts, name, evaluation::FIRST);
    // Looked up again, hidden from the compiler, which would reuse the first answer.
    let again = evaluation::evaluate_feature(black_box(license), black_box(facts), name, evaluation::SECOND);
    // As for the license: each word from its own evaluation.
    let found =
        Witness::of(first.feature_differences(evaluation::FIRST), again.feature_differences(evaluation::SECOND));
    let computed = Verdict::of(decision.verdict.witness().and(found).differences());
    let refusal = decision.refusal.or(first.refusal).or(again.refusal);
    let refusal = refusal_of(refusal, computed);
    let verdict = if refusal.is_none() { computed } else { Verdict::DENIED };
    FeatureDecision { verdict, refusal, feature: license.feature(name) }
}
