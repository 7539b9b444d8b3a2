//! The arithmetic against a big-integer reference, at the extremes and at random.

use std::vec::Vec;

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::{EdwardsPoint, Scalar};
use num_bigint::BigUint;
use proptest::prelude::*;

use crate::affine::{self, Affine};
use crate::base;
use crate::constants;
use crate::field::Element;
use crate::limbs::{self, Limbs};
use crate::point::{Point, Prepared, Scaled};
use crate::scalar::{self, Digits};

fn big(limbs: &Limbs) -> BigUint {
    BigUint::from_bytes_le(&limbs::to_bytes(limbs))
}

fn limbs_of(number: &BigUint) -> Limbs {
    let mut bytes = number.to_bytes_le();
    assert!(bytes.len() <= 32, "below 2^256");
    bytes.resize(32, 0);
    limbs::from_bytes(&bytes.try_into().expect("32 bytes"))
}

fn two_to(power: u32) -> BigUint {
    BigUint::from(1_u32) << power
}

fn prime() -> BigUint {
    two_to(255) - 19_u32
}

fn order() -> BigUint {
    two_to(252) + "27742317777372353535851937790883648493".parse::<BigUint>().expect("a number")
}

/// Numbers at which a carry, a borrow or a reduction begins or ends, with what lies around them.
fn extremes() -> Vec<Limbs> {
    let corners = [
        BigUint::from(64_u32),
        prime(),
        prime() * 2_u32 - 64_u32,
        two_to(255),
        two_to(256) - 64_u32,
        order(),
        order() * 8_u32,
        two_to(252),
        two_to(128),
        two_to(256) - two_to(32),
        two_to(256) - two_to(224),
        two_to(224),
    ];
    let mut numbers = Vec::new();
    for corner in corners {
        for offset in 0..128_u32 {
            let number = &corner + offset;
            if number >= BigUint::from(64_u32) && number < two_to(256) + 64_u32 {
                numbers.push(limbs_of(&(number - 64_u32)));
            }
        }
    }
    numbers
}

/// One word in eight, of all ones, none, or any.
fn any_limbs() -> impl Strategy<Value = Limbs> {
    let word = prop_oneof![Just(0), Just(u32::MAX), Just(1), Just(u32::MAX - 1), any::<u32>(), any::<u32>()];
    prop_oneof![proptest::array::uniform8(word), any::<Limbs>(), proptest::sample::select(extremes())]
}

fn check_field(a: &Limbs, b: &Limbs) {
    let (x, y, prime) = (Element::new(*a), Element::new(*b), prime());
    assert_eq!(big(&x.add(&y).reduced()), (big(a) + big(b)) % &prime, "{a:x?} + {b:x?}");
    // 3 p is above every number.
    let difference = (big(a) + &prime * 3_u32 - big(b)) % &prime;
    assert_eq!(big(&x.subtract(&y).reduced()), difference, "{a:x?} - {b:x?}");
    assert_eq!(big(&x.multiply(&y).reduced()), big(a) * big(b) % &prime, "{a:x?} * {b:x?}");
    assert_eq!(x.equals(&y), big(a) % &prime == big(b) % &prime);
    assert_eq!(x.is_zero(), big(a) % &prime == BigUint::ZERO);
    assert_eq!(x.is_odd(), (big(a) % &prime).bit(0));
}

#[test]
fn the_field_is_right_at_every_pair_of_extremes() {
    let numbers = extremes();
    assert!(numbers.len() > 1_000, "{}", numbers.len());
    for (index, a) in numbers.iter().enumerate() {
        // All pairs would take minutes; steps that share no factor with the corners' spacing reach each pair of corners.
        for b in numbers.iter().skip(index % 37).step_by(37) {
            check_field(a, b);
        }
        check_field(a, a);
    }
}

fn check_digits(words: &[u32]) {
    let mut digits = Digits::new(words);
    let top = 32 * u32::try_from(words.len()).expect("few");
    let (mut positive, mut negative) = (BigUint::ZERO, BigUint::ZERO);
    for place in (0..=top).rev() {
        let digit = digits.at(place);
        if digit == 0 {
            continue;
        }
        assert!(digit % 2 != 0 && digit.unsigned_abs() < 1 << (scalar::WIDTH - 1), "{digit}");
        *if digit > 0 { &mut positive } else { &mut negative } += BigUint::from(digit.unsigned_abs()) << place;
    }
    let number = words.iter().rev().fold(BigUint::ZERO, |number, word| (number << 32_u32) + *word);
    assert_eq!(positive, negative + number, "{words:x?}");
}

#[test]
fn digits_add_up_at_the_extremes() {
    for limbs in extremes() {
        check_digits(&limbs);
        check_digits(&limbs[..4]);
    }
}

/// S is refused from L on, not above it.
#[test]
fn the_order_is_not_below_itself() {
    let of = |number: &BigUint| scalar::is_below_order(&limbs_of(number));
    for below in [BigUint::ZERO, two_to(252) - 1_u32, two_to(252), order() - 2_u32, order() - 1_u32] {
        assert!(of(&below), "{below}");
    }
    for above in [order(), order() + 1_u32, two_to(253) - 1_u32, two_to(255), two_to(256) - 1_u32] {
        assert!(!of(&above), "{above}");
    }
}

/// Around multiples of L, where a quotient that is estimated one too high or too low shows.
#[test]
fn reduction_is_right_around_multiples_of_the_order() {
    let quotients = [1, 2, 3, 4, 31, 32, 33, 64, 127, 128, 255, 259].map(|power| two_to(power) - 1_u32);
    for quotient in quotients.iter().flat_map(|quotient| [quotient.clone(), quotient + 1_u32]) {
        for (offset, rest) in [(0_u32, order() - 2_u32), (1, order() - 1_u32), (2, BigUint::ZERO), (3, 1_u32.into())] {
            let number: BigUint = &quotient * order() + offset - 2_u32;
            let mut hash = number.to_bytes_le();
            assert!(hash.len() <= 64, "a hash");
            hash.resize(64, 0);
            assert_eq!(big(&scalar::reduce(&hash.try_into().expect("64 bytes"))), rest, "{quotient} {offset}");
        }
    }
}

/// The remains of a fault differ from those of a computation.
#[test]
fn faults_do_not_pass() {
    let neutral = Point::from_affine(&Affine::NEUTRAL);
    assert_eq!(neutral.clone().distance(), 0);
    // A skipped call leaves a table of zeros; adding from it leaves nothing but zeros, where e = 0 and h = f.
    let mut zeros = neutral;
    zeros.add(Scaled::ZERO.numbers(), false);
    assert_ne!(zeros.distance(), 0);
    let mut double = zeros;
    double.double();
    assert_ne!(double.distance(), 0);
    // A loop that ends early, or one digit that is lost.
    let words = limbs_of(&(two_to(127) + 0x1234_5678_u32));
    let mut digits = Digits::new(&words[..4]);
    for place in (0..=128).rev() {
        assert_ne!(digits.missing(0x1234_5678), 0, "{place}");
        digits.at(place);
    }
    assert_eq!(digits.missing(0x1234_5678), 0);
}

/// What only small cores compute with.
#[test]
fn products_of_halves_are_products() {
    let words = extremes().into_iter().flatten().step_by(7).chain([0, 1, 0xFFFF, 0x1_0000, u32::MAX]);
    let words: Vec<u32> = words.collect();
    for a in &words {
        for b in words.iter().rev().take(500) {
            assert_eq!(limbs::product_of_halves(*a, *b), u64::from(*a) * u64::from(*b), "{a:x} {b:x}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_field_is_right(a in any_limbs(), b in any_limbs()) {
        check_field(&a, &b);
    }

    #[test]
    fn any_products_of_halves_are_products(a in any::<u32>(), b in any::<u32>()) {
        prop_assert_eq!(limbs::product_of_halves(a, b), u64::from(a) * u64::from(b));
    }

    #[test]
    fn reduction_modulo_the_order_is_right(low in any_limbs(), high in any_limbs()) {
        let expected = (big(&low) + (big(&high) << 256_u32)) % order();
        let mut hash = [0; 64];
        hash[..32].copy_from_slice(&limbs::to_bytes(&low));
        hash[32..].copy_from_slice(&limbs::to_bytes(&high));
        prop_assert_eq!(big(&scalar::reduce(&hash)), expected);
    }

    #[test]
    fn digits_add_up(limbs in any_limbs()) {
        check_digits(&limbs);
    }
}

#[test]
fn the_power_for_a_root_is_right() {
    for limbs in extremes().iter().step_by(29) {
        let expected = big(limbs).modpow(&((prime() - 5_u32) / 8_u32), &prime());
        assert_eq!(big(&affine::power_of(&Element::new(*limbs)).reduced()), expected);
    }
}

#[test]
fn the_constants_are_what_their_names_say() {
    let prime = prime();
    let d = big(&constants::D.reduced());
    assert_eq!((&d * 121_666_u32 + 121_665_u32) % &prime, BigUint::ZERO);
    let root = big(&constants::ROOT_OF_MINUS_ONE.reduced());
    assert_eq!(&root * &root % &prime, &prime - 1_u32);
    assert_eq!(big(&scalar::ORDER), order());
    // What makes the formulas complete: −1 is a square and d is none.
    let euler = |number: &BigUint| number.modpow(&((&prime - 1_u32) / 2_u32), &prime);
    assert_eq!(euler(&(&prime - 1_u32)), BigUint::from(1_u32));
    assert_eq!(euler(&d), &prime - 1_u32);
}

/// A key that was never set accepts nothing, also not what its maker knows all about.
#[test]
fn no_key_accepts_no_signature() {
    let none = super::Key::default();
    for nonce in 0..4_u8 {
        let r = ED25519_BASEPOINT_POINT * Scalar::from(nonce);
        for s in 0..4_u8 {
            let signature = [r.compress().to_bytes(), Scalar::from(s).to_bytes()].concat();
            assert!(!none.verify(&[b"any"], &signature.try_into().expect("64 bytes")).is_good());
        }
    }
}

/// Nobody can sign for an R that is not canonical, since nobody knows its multiple; so this is tested here.
#[test]
fn only_canonical_encodings_of_r_are_read() {
    let mut points = 0;
    for low in 0..19_u32 {
        for sign in [BigUint::ZERO, two_to(255)] {
            let canonical = limbs::to_bytes(&limbs_of(&(&sign + low)));
            let other = limbs::to_bytes(&limbs_of(&(&sign + prime() + low)));
            let mut point = Affine::default();
            points += u32::from(point.read_canonical(&canonical));
            assert!(!point.read_canonical(&other), "p + {low}");
            // A key is taken modulo p, as by the reference.
            assert_eq!(crate::key::Key::new(&other).is_some(), crate::key::Key::new(&canonical).is_some());
        }
    }
    assert!(points > 10, "most of these would be points: {points}");
}

/// The tables against curve25519-dalek's base point.
#[test]
fn the_multiples_of_the_base_point_are_right() {
    // All of them, also those that this target does not use.
    for (index, prepared) in (0_u8..).zip(&base::ALL) {
        let expected: EdwardsPoint = ED25519_BASEPOINT_POINT * Scalar::from(2 * index + 1);
        for (given, expected) in prepared.numbers().iter().zip(Prepared::from_affine(&ours(&expected)).numbers()) {
            assert!(given.equals(expected), "{index}");
        }
    }
    assert_eq!(base::BASE.len(), 1 << (scalar::WIDTH - 2));
    for (used, prepared) in base::BASE.iter().zip(&base::ALL) {
        assert!(used.numbers().iter().zip(prepared.numbers()).all(|(used, number)| used.limbs() == number.limbs()));
    }
}

/// A point of the other implementation.
fn ours(point: &EdwardsPoint) -> Affine {
    let mut minus = Affine::default();
    assert_eq!(minus.read_any_negative(&point.compress().to_bytes()), Some(point.is_small_order()));
    minus.negate()
}

/// The formulas on pairs that incomplete ones get wrong: a point with itself, its negative, the neutral one, and
/// points of small order.
#[test]
fn addition_has_no_exceptions() {
    let mut points: Vec<EdwardsPoint> = EIGHT_TORSION.to_vec();
    points.extend(EIGHT_TORSION.iter().map(|torsion| ED25519_BASEPOINT_POINT + torsion));
    points.extend(EIGHT_TORSION.iter().map(|torsion| torsion - ED25519_BASEPOINT_POINT));
    let scaled = |point: &EdwardsPoint| {
        let mut scaled = Scaled::ZERO;
        Point::from_affine(&ours(point)).prepare(&mut scaled);
        scaled
    };
    let same = |ours_point: &Point, theirs: &EdwardsPoint| {
        let mut difference = *ours_point;
        difference.add(scaled(theirs).numbers(), true);
        difference.distance() == 0
    };
    for a in &points {
        let mut twice = Point::from_affine(&ours(a));
        twice.double();
        assert!(same(&twice, &(a + a)));
        assert!(!same(&twice, &(a + a + ED25519_BASEPOINT_POINT)));
        assert!(EIGHT_TORSION[1..].iter().all(|torsion| !same(&twice, &(a + a + torsion))));
        for b in &points {
            let (mut sum, mut difference) = (Point::from_affine(&ours(a)), Point::from_affine(&ours(a)));
            sum.add(scaled(b).numbers(), false);
            difference.add(scaled(b).numbers(), true);
            assert!(same(&sum, &(a + b)) && same(&difference, &(a - b)));
        }
    }
}
