//! Random lives of a device, held against a model after every operation: documents old and new, wrong clocks, meters,
//! power cuts, failed writes, restored copies of the store.
//!
//! `LIC2_MODEL_OPERATIONS` says how many operations, `LIC2_MODEL_SEED` which life is the first. Prints
//! `model.operations`. A difference tells the seed of its life and its operations.

mod support;

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
