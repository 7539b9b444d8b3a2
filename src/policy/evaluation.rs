//! One evaluation of the rules: which of them refuses first, and a count of those that were passed.

use core::hint::black_box;

use super::device::Hashes;
use super::rules::{self, Notes, Rule, for_each_rule};
use crate::error::Error;
use crate::facts::Facts;
use crate::wire::license::License;

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

/// What all rules of a license add.
const STEPS: u32 = {
    let (mut steps, mut rest) = (0, Rule::ALL.as_slice());
    while let [_, after @ ..] = rest {
        rest = after;
        steps = STEP.wrapping_add(steps);
    }
    steps
};

/// What the two rules of a feature add: the license has it, and it is in force.
const FEATURE_STEPS: u32 = STEP.wrapping_mul(2);

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
        black_box(self.trail) ^ start.0.wrapping_add(STEPS)
    }

    /// The same for a feature.
    pub(super) fn feature_differences(&self, start: Start) -> u32 {
        // Hidden, as above.
        black_box(self.trail) ^ start.0.wrapping_add(FEATURE_STEPS)
    }

    /// Counts a rule as passed, if it was.
    fn pass(&mut self, answer: Result<(), Error>) -> Result<(), Error> {
        answer?;
        // One step for each rule, not all of them at the end: a skipped rule is then a missing step.
        self.trail = black_box(self.trail).wrapping_add(STEP);
        Ok(())
    }

    fn run_feature(&mut self, license: &License<'_>, facts: &Facts<'_>, name: &[u8]) -> Result<(), Error> {
        let feature = license.feature(name).ok_or(Error::FeatureUnknown);
        self.pass(feature.map(|_| ()))?;
        self.pass(rules::check_feature(&feature?, license, facts))
    }
}

macro_rules! ask_rules {
    ($(($rule:ident, $check:ident, $name:literal, $when:ident, $doc:literal, $refusals:tt))+) => {
        impl Evaluation {
            /// One call after the other, and no loop over functions: what a fault could turn is an index then.
            fn run(&mut self, license: &License<'_>, facts: &Facts<'_>, notes: &mut Notes<'_>) -> Result<(), Error> {
                $(self.pass(stated(Rule::$rule, rules::$check(license, facts, notes)))?;)+
                Ok(())
            }
        }

        /// Whether the license is for this product, for use, and for this device, whatever its dates are.
        pub(crate) fn check_place(license: &License<'_>, facts: &Facts<'_>) -> Result<(), Error> {
            let mut hashes = Hashes::default();
            let notes = &mut Notes::new(&mut hashes);
            $(if const { Rule::$rule.is_applied() } { rules::$check(license, facts, notes)?; })+
            Ok(())
        }

        /// What each rule says, whatever the others say. The first refusal is the one of the decision.
        ///
        /// For a person who wants to know why a code was refused: nothing here permits anything,
        /// [`decide`](super::decide) alone does. Feature `sign`.
        #[cfg(feature = "sign")]
        #[must_use]
        pub fn examine(license: &License<'_>, facts: &Facts<'_>) -> [(Rule, Option<Error>); Rule::ALL.len()] {
            let ask = |check: fn(&License<'_>, &Facts<'_>, &mut Notes<'_>) -> Result<(), Error>| {
                check(license, facts, &mut Notes::new(&mut Hashes::default())).err()
            };
            [$((Rule::$rule, ask(rules::$check))),+]
        }
    };
}
for_each_rule!(ask_rules);

/// The answer of a rule, which is one that the table states for it: all tests would say otherwise.
fn stated(rule: Rule, answer: Result<(), Error>) -> Result<(), Error> {
    debug_assert!(answer.is_ok() || answer.is_err_and(|error| rule.refusals().contains(&error)), "{rule:?} {answer:?}");
    answer
}

/// Checks the license against the facts, rule after rule; the first refusal is the answer.
#[inline(never)]
pub(super) fn evaluate(license: &License<'_>, facts: &Facts<'_>, hashes: &mut Hashes, start: Start) -> Evaluation {
    let mut evaluation = Evaluation::begin(start);
    let mut notes = Notes::new(hashes);
    evaluation.refusal = evaluation.run(license, facts, &mut notes).err();
    evaluation.quantity = notes.quantity;
    evaluation.in_grace = notes.in_grace;
    evaluation
}

/// The same for the feature called `name`, of a license that passed its own rules.
#[inline(never)]
pub(super) fn evaluate_feature(license: &License<'_>, facts: &Facts<'_>, name: &[u8], start: Start) -> Evaluation {
    let mut evaluation = Evaluation::begin(start);
    evaluation.refusal = evaluation.run_feature(license, facts, name).err();
    evaluation
}
