//! What no input shows: that each word of a verdict has a say.

use super::{Decision, Hashes, decide, decide_feature, decide_feature_of, decide_if, evaluation};
use crate::code::Code;
use crate::error::Error;
use crate::facts::Facts;
use crate::keys::KeyRing;
use crate::time::UnixSeconds;
use crate::verdict::Verdict;
use crate::verify::Genuine;
use crate::witness::Witness;

/// The usual code of the frozen vectors and its anchor.
const TEXT: &[u8] =
    b"LIC2C.AUMBAOpKbGMUUEwtMjAyNjExMTgtMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlwKXxDAFA2dIOAQEJCAcGCQXB4F7_\
    GS95WiIJYW5hbHl0aWNzBcB7dQ0IY2hhbm5lbHMBQAZleHBvcnQAACf_0QgXnzwwq2XKDXAxSBczxZX_vFy5-cGuhGi1X4lkrnZ8DonFtZWIrfDs\
    35GKgIqlSeHkMUYrlok0WGJVBAxmqCnP";
const ANCHOR: [u8; 32] = [
    0xea, 0x4a, 0x6c, 0x63, 0xe2, 0x9c, 0x52, 0x0a, 0xbe, 0xf5, 0x50, 0x7b, 0x13, 0x2e, 0xc5, 0xf9, 0x95, 0x47, 0x76,
    0xae, 0xbe, 0xbe, 0x7b, 0x92, 0x42, 0x1e, 0xea, 0x69, 0x14, 0x46, 0xd2, 0x2c,
];

const DIFFERENT: [[u32; 2]; 4] = [[1, 0], [0, 1], [0x8000_0000, 0], [u32::MAX, u32::MAX]];

fn with_license(test: impl FnOnce(&Genuine<'_>, &Facts<'_>)) {
    let mut code = Code::new();
    let ring = KeyRing::new(&[ANCHOR]).expect("a ring");
    let genuine = code.verify(&ring, TEXT).expect("a genuine code");
    let facts = Facts {
        product: "vision-appliance",
        now: Some(UnixSeconds(1_800_000_000)),
        components: &[crate::Component { kind: 5, value: b"2102312ABC0123456789" }],
        ..Facts::default()
    };
    test(&genuine, &facts);
}

fn is_noticed(decision: &Decision) -> bool {
    !decision.verdict.is_granted() && decision.refusal == Some(Error::SelftestFailed) && decision.quantity == 0
}

#[test]
fn a_witness_that_is_not_good_denies_though_no_rule_refuses() {
    with_license(|genuine, facts| {
        assert_eq!(decide(genuine, facts).verdict, Verdict::GRANTED);
        for [first, second] in DIFFERENT {
            let bad = Witness::of(first, second);
            assert!(is_noticed(&decide(&genuine.with_witness(bad), facts)), "{bad:?}");
            assert!(is_noticed(&decide_if(genuine, facts, bad)), "{bad:?}");
            let feature = decide_feature(&genuine.with_witness(bad), facts, "channels");
            assert!(!feature.verdict.is_granted() && feature.refusal == Some(Error::SelftestFailed));
        }
        assert!(is_noticed(&decide(&genuine.with_witness(Witness::NONE), facts)));
    });
}

#[test]
fn a_feature_depends_on_the_words_of_its_license() {
    with_license(|genuine, facts| {
        let good = decide(genuine, facts);
        assert_eq!(decide_feature_of(genuine, facts, b"channels", &good).verdict, Verdict::GRANTED);
        for differences in DIFFERENT {
            let bad = Decision { verdict: Verdict::of(differences), ..good };
            assert!(!decide_feature_of(genuine, facts, b"channels", &bad).verdict.is_granted(), "{differences:?}");
        }
    });
}

#[test]
fn an_evaluation_counts_every_rule_and_stands_for_itself_alone() {
    with_license(|genuine, facts| {
        let evaluate =
            |facts: &Facts<'_>, start| evaluation::evaluate(genuine.license(), facts, &mut Hashes::default(), start);
        for (start, other) in [(evaluation::FIRST, evaluation::SECOND), (evaluation::SECOND, evaluation::FIRST)] {
            let passed = evaluate(facts, start);
            assert_eq!(passed.differences(start), 0);
            assert_ne!(passed.differences(other), 0);
            assert_ne!(passed.feature_differences(start), 0);
            // One that ends early has fewer steps, whatever became of its refusal.
            let mut ends = std::vec::Vec::new();
            for refused in [
                Facts { product: "other", ..*facts },
                Facts { components: &[], ..*facts },
                Facts { now: Some(UnixSeconds(1_900_000_000)), ..*facts },
            ] {
                ends.push(evaluate(&refused, start).differences(start));
            }
            assert!(!ends.contains(&0), "{ends:x?}");
            ends.dedup();
            assert_eq!(ends.len(), 3);
            let feature = evaluation::evaluate_feature(genuine.license(), facts, b"channels", start);
            assert_eq!(feature.feature_differences(start), 0);
            assert_ne!(feature.feature_differences(other), 0);
        }
    });
}
