//! Random lives of a device, compared with a model after every operation: documents old and new, wrong clocks, meters,
//! power cuts, failed writes, restored copies of the store.
//!
//! `LIC2_MODEL_OPERATIONS` says how many operations, `LIC2_MODEL_SEED` which life is the first. Prints
//! `model.operations`. A difference tells the seed of its life and its operations.

mod support;

use lic2::Error;
use support::model::decide::ORDER;
use support::model::life::{Life, Tally};

#[test]
fn random_lives_go_as_the_model_says() {
    let number = |name, otherwise| {
        std::env::var(name).map_or(otherwise, |text| text.parse::<u64>().unwrap_or_else(|_| panic!("{name}: {text}")))
    };
    let wanted = number("LIC2_MODEL_OPERATIONS", 50_000);
    let first = number("LIC2_MODEL_SEED", 1);
    let mut sum = Tally::default();
    let mut seed = first;
    while sum.operations < wanted {
        let mut life = Life::new(seed);
        life.run(120);
        let Tally { operations, granted, cuts, failures, copies } = life.tally;
        sum.operations += operations;
        sum.granted += granted;
        sum.cuts += cuts;
        sum.failures += failures;
        sum.copies += copies;
        seed += 1;
    }
    println!("model.operations {}", sum.operations);
    println!("lives {first} to {}: {sum:?}", seed - 1);
    let Tally { operations, granted, cuts, failures, copies } = sum;
    assert!(granted * 5 > operations && cuts * 100 > operations && failures * 200 > operations && copies > 0);
}

/// The model must not agree with everything.
#[test]
fn a_model_that_is_wrong_is_noticed() {
    let noticed = (1..40).filter(|seed| {
        let life = std::panic::catch_unwind(|| {
            let mut life = Life::new(*seed);
            life.forgets_lists = true;
            life.run(120);
        });
        life.is_err()
    });
    assert!(noticed.count() > 10);
}

/// Random lives do not meet every two refusals at once.
#[test]
fn the_order_of_the_model_is_the_one_of_the_library() {
    let steps: Vec<(usize, Error)> =
        ORDER.iter().enumerate().flat_map(|(step, errors)| errors.iter().map(move |error| (step, *error))).collect();
    assert_eq!(steps.len(), 19);
    for (step, error) in &steps {
        for (other_step, other) in &steps {
            let (one, two) = (lic2::closeness(Some(*error)), lic2::closeness(Some(*other)));
            assert_eq!(one.cmp(&two), step.cmp(other_step), "{error:?} {other:?}");
        }
        assert!(lic2::closeness(Some(*error)) < lic2::closeness(None), "{error:?}");
    }
}
