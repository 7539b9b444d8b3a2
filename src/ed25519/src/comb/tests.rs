//! Tables of the base point and of anchors.

use std::fmt::Write as _;
use std::path::Path;
use std::string::String;

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::{EdwardsPoint, Scalar};
use proptest::prelude::*;

use super::{Comb, ENTRIES, Signs, base, columns};
use crate::affine::{Affine, invert};
use crate::field::Element;
use crate::key::Key;
use crate::limbs::{self, Limbs};
use crate::point::{Point, Prepared};
use crate::{constants, scalar};

/// B, with the even x that RFC 8032 §5.1 gives it.
fn base_point() -> Affine {
    let mut encoding = [0x66; 32];
    encoding[0] = 0x58;
    affine(&encoding)
}

fn affine(encoding: &[u8; 32]) -> Affine {
    let mut minus = Affine::default();
    assert!(minus.read_any_negative(encoding).is_some(), "a point");
    minus.negate()
}

const HEAD: &str = "\
//! The table of the base point. Made by `tests.rs`, which also holds every number of it against another implementation.

use super::Comb;
use crate::base::prepared;

pub(super) static COMB: Comb = Comb([
";

/// The source of the table of B: the content of `base.rs`. `BLESS=1 cargo test -p lic2-ed25519 base_point` writes it.
#[test]
fn the_table_of_the_base_point_is_what_is_computed_from_it() {
    let mut source = String::from(HEAD);
    let line = |element: &Element| {
        let words = element.limbs().map(|word| std::format!("0x{:04X}_{:04X}", word >> 16, word & 0xFFFF));
        std::format!("        [{}],\n", words.join(", "))
    };
    for entry in Comb::of(&base_point()).0 {
        let [sum, difference, product] = entry.0.each_ref().map(line);
        write!(source, "    prepared(\n{sum}{difference}{product}    ),\n").expect("a string");
    }
    source.push_str("]);\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/comb/base.rs");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &source).expect("the file can be written");
    }
    assert!(std::fs::read_to_string(&path).expect("the file") == source, "base.rs is stale");
}

/// Powers of two of a point, by the other implementation.
fn power(point: &EdwardsPoint, power: u32) -> EdwardsPoint {
    (0..power).fold(*point, |point, _| point + point)
}

/// The sums of ± the teeth as the documentation describes them, by the other implementation.
fn check_entries(comb: &Comb, point: &EdwardsPoint) {
    let mut entries = comb.0.iter();
    for (teeth, first) in [(5, 0), (4, 5 * 29)] {
        for signs in 0..1 << (teeth - 1) {
            let highest = power(point, first + 29 * (teeth - 1));
            let sum = (0..teeth - 1).fold(highest, |sum, tooth| {
                let tooth_power = power(point, first + 29 * tooth);
                if signs >> tooth & 1 == 1 { sum + tooth_power } else { sum - tooth_power }
            });
            let expected = Prepared::from_affine(&affine(&sum.compress().to_bytes())).reduced();
            let entry = entries.next().expect("as many as there are sums");
            for (number, expected) in entry.numbers().iter().zip(expected.numbers()) {
                assert_eq!(number.limbs(), expected.limbs());
            }
        }
    }
    assert!(entries.next().is_none());
}

fn table(point: &EdwardsPoint) -> Comb {
    Comb::make(&point.compress().to_bytes()).expect("a usable key")
}

#[test]
fn tables_are_what_another_implementation_computes() {
    check_entries(&base::COMB, &ED25519_BASEPOINT_POINT);
    for torsion in EIGHT_TORSION {
        let point = ED25519_BASEPOINT_POINT * Scalar::from(0x1234_5678_9ABC_u64) + torsion;
        check_entries(&table(&point), &point);
    }
}

#[test]
fn there_is_no_table_of_what_is_no_key() {
    for torsion in EIGHT_TORSION {
        assert!(Comb::make(&torsion.compress().to_bytes()).is_none(), "small order");
    }
    let mut no_point = [0; 32];
    no_point[0] = 2;
    assert!(Comb::make(&no_point).is_none());
}

/// The same element by another number, and another point in the place of the right one.
#[test]
fn an_entry_has_one_form() {
    let key = ED25519_BASEPOINT_POINT * Scalar::from(5_u8);
    let good = table(&key);
    let refuses = |change: &dyn Fn(&mut Comb)| {
        let mut changed = good.clone();
        change(&mut changed);
        assert!(good.is_of(&key.compress().to_bytes()) && !changed.is_of(&key.compress().to_bytes()));
    };
    let prime = limbs::from_bytes(&std::array::from_fn(|index| match index {
        0 => 0xED,
        31 => 0x7F,
        _ => 0xFF,
    }));
    for index in 0..ENTRIES {
        refuses(&|comb| {
            let element = &mut comb.0[index].0[2];
            *element = Element::new(sum(element.limbs(), &prime));
        });
        refuses(&|comb| comb.0[index] = base::COMB.0[index]);
        refuses(&|comb| comb.0.swap(index, (index + 1) % ENTRIES));
    }
}

/// A sum that is known to be below 2^256.
fn sum(a: &Limbs, b: &Limbs) -> Limbs {
    let mut sum = *a;
    assert_eq!(limbs::add_multiple(&mut sum, b, 1), 0);
    sum
}

/// Numbers at the ends of their range, of both parities, and any.
fn any_scalar() -> impl Strategy<Value = Scalar> {
    let ends = (0..40_u8).prop_map(Scalar::from);
    let low = ends.clone();
    let high = ends.prop_map(|number| -number);
    let power = (0..253_usize, 0..3_u8).prop_map(|(place, offset)| {
        let mut bytes = [0; 32];
        bytes[place / 8] = 1 << (place % 8);
        Scalar::from_bytes_mod_order(bytes) + Scalar::from(offset) - Scalar::ONE
    });
    prop_oneof![low, high, power, any::<[u8; 32]>().prop_map(Scalar::from_bytes_mod_order)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Also for a key with a part of small order: k is not reduced by the order of B, but multiplied as it is.
    #[test]
    fn the_result_is_right(s in any_scalar(), k in any_scalar(), secret in any_scalar(), part in 0..8_usize) {
        let a = ED25519_BASEPOINT_POINT * secret + EIGHT_TORSION[part];
        prop_assume!(!a.is_small_order());
        let key = Key::new(&a.compress().to_bytes()).expect("a point");
        let of = |scalar: &Scalar| limbs::from_bytes(&scalar.to_bytes());
        let mut point = Point::from_affine(&Affine::NEUTRAL);
        prop_assert_eq!(table(&a).compute(&mut point, &key.negative(), &of(&s), &of(&k)), 0);
        let found = point.affine().write();
        // The number k of A's part of small order: dalek's own product takes k as it is, too.
        let expected = ED25519_BASEPOINT_POINT * s - a * k;
        prop_assert_eq!(limbs::to_bytes(&found), expected.compress().to_bytes());
    }

    #[test]
    fn columns_add_up(odd in any::<Limbs>(), negative in any::<bool>()) {
        let mut odd = odd;
        odd[0] |= 1;
        let mut signs = Signs::new(&odd, negative);
        let mut point = Point::from_affine(&Affine::NEUTRAL);
        for column in columns() {
            point.double();
            signs.add_column(&base::COMB, column, &mut point);
        }
        prop_assert_eq!(signs.missing(), 0);
        let product = ED25519_BASEPOINT_POINT * Scalar::from_bytes_mod_order(limbs::to_bytes(&odd));
        let expected = if negative { -product } else { product };
        prop_assert_eq!(limbs::to_bytes(&point.affine().write()), expected.compress().to_bytes());
    }
}

#[test]
fn one_by_an_element_is_its_inverse() {
    assert!(invert(&Element::ZERO).is_zero());
    for limbs in [constants::D, Element::ONE, Element::new(scalar::ORDER), Element::new([u32::MAX; 8])] {
        assert!(invert(&limbs).multiply(&limbs).equals(&Element::ONE));
    }
}
