//! The operations of the field that each part of a check takes, as `docs/VERIFIER.md` states them.

use std::path::Path;
use std::string::String;
use std::vec::Vec;

use ed25519_dalek::{Signer, SigningKey};

use crate::affine::Affine;
use crate::comb::Comb;
use crate::count::{self, Operations};
use crate::key::Key;
use crate::point::{Point, Scaled};
use crate::{base, scalar};

/// Signatures whose checks are counted: how many digits of their numbers are not zero is chance.
const SAMPLES: u8 = 100;

/// The file of the table, and the lines around it.
const PLACE: (&str, &str, &str) =
    ("../../docs/VERIFIER.md", "<!-- operations: begin -->\n", "<!-- operations: end -->\n");

/// Signed messages, the same on every machine.
fn signatures() -> impl Iterator<Item = ([u8; 32], [u8; 1], [u8; 64])> {
    (0..SAMPLES).map(|sample| {
        let signer = SigningKey::from_bytes(&[sample; 32]);
        (signer.verifying_key().to_bytes(), [sample], signer.sign(&[sample]).to_bytes())
    })
}

/// The mean over all signatures, rounded.
fn mean(work: impl Fn(&[u8; 32], &[u8], &[u8; 64]) -> Operations) -> Operations {
    let mut total = Operations::default();
    for (key, message, signature) in signatures() {
        let one = work(&key, &message, &signature);
        total.multiplications += one.multiplications;
        total.squarings += one.squarings;
        total.sums += one.sums;
    }
    let each = |number: u32| (number + u32::from(SAMPLES) / 2) / u32::from(SAMPLES);
    Operations {
        multiplications: each(total.multiplications),
        squarings: each(total.squarings),
        sums: each(total.sums),
    }
}

fn rows() -> Vec<(&'static str, Operations)> {
    let point = || Point::from_affine(&Affine::NEUTRAL);
    let (mut to_double, mut to_add, mut to_add_scaled, mut to_prepare) = (point(), point(), point(), point());
    let mut scaled = Scaled::ZERO;
    to_prepare.prepare(&mut scaled);
    let key = |key: &[u8; 32]| Key::new(key).expect("a key");
    let check = |bytes: &[u8; 32], message: &[u8], signature: &[u8; 64]| {
        assert!(key(bytes).verify(&[message], signature).is_good());
    };
    let decoding = mean(|bytes, _, _| count::of(|| assert!(Key::new(bytes).is_some())));
    let checking = mean(|bytes, message, signature| {
        let key = key(bytes);
        count::of(|| assert!(key.verify(&[message], signature).is_good()))
    });
    let both = mean(|bytes, message, signature| count::of(|| check(bytes, message, signature)));
    let with_table = mean(|bytes, message, signature| {
        let (key, table) = (key(bytes), Comb::make(bytes).expect("a table"));
        count::of(|| assert!(key.verify_with(&table, &[message], signature).is_good()))
    });
    std::vec![
        ("a doubling", count::of(|| to_double.double())),
        ("adding a multiple of B", count::of(|| to_add.add(base::BASE[0].numbers(), false))),
        ("adding a multiple of A", count::of(|| to_add_scaled.add(scaled.numbers(), false))),
        ("making a summand of a point", count::of(|| to_prepare.prepare(&mut scaled))),
        ("decoding a key", decoding),
        ("a check, the key decoded before", checking),
        ("a check and the decoding of its key", both),
        ("a check with a table of the key", with_table),
    ]
}

/// Beside what they cost on a machine, these numbers are what the formulas of the literature promise.
#[test]
fn formulas_take_the_operations_of_the_literature() {
    let of = |multiplications, squarings| (multiplications, squarings);
    let found: Vec<_> = rows().iter().take(3).map(|(_, row)| of(row.multiplications, row.squarings)).collect();
    // Hisil, Wong, Carter, Dawson 2008: 4 M + 4 S with (X + Y)² for 2 X Y; 8 M, and 7 M for a summand with Z = 1.
    assert_eq!(found, [of(4, 3), of(7, 0), of(8, 0)]);
}

/// `BLESS=1 cargo test -p lic2-ed25519 operations` writes the table.
#[test]
fn the_documentation_states_the_operations() {
    assert_eq!(scalar::WIDTH, 3, "the table is about targets that take three digits together");
    let mut table =
        String::from("| what | multiplications | squarings | sums and differences |\n|---|---:|---:|---:|\n");
    for (what, Operations { multiplications, squarings, sums }) in rows() {
        table.push_str(&std::format!("| {what} | {multiplications} | {squarings} | {sums} |\n"));
    }
    let (path, begin, end) = PLACE;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&path).expect("the documentation");
    let (before, rest) = text.split_once(begin).expect("where the table begins");
    let (stated, after) = rest.split_once(end).expect("where the table ends");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, [before, begin, &table, end, after].concat()).expect("the documentation can be written");
        return;
    }
    assert!(stated == table, "docs/VERIFIER.md states other numbers than were counted:\n{table}");
}
