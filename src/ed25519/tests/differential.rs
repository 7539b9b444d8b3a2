//! The verifier, without and with a table of the key, against `verify_strict` on cases of many kinds, honest, crafted and
//! damaged.
//!
//! CI tries 20,000; `LIC2_DIFFERENTIAL=1000000 cargo test --release -p lic2-ed25519 --test differential` as many as it
//! says.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::{Signature, VerifyingKey};
use lic2_ed25519::{Comb, Key};
use sha2::{Digest, Sha512};

/// SHA-512 of a counter: the same cases on every machine.
struct Chance(u64);

impl Chance {
    fn bytes(&mut self) -> [u8; 64] {
        self.0 += 1;
        Sha512::digest(self.0.to_le_bytes()).into()
    }

    fn scalar(&mut self) -> Scalar {
        Scalar::from_bytes_mod_order_wide(&self.bytes())
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(u16::from_le_bytes([self.bytes()[0], self.bytes()[1]])) % limit
    }
}

struct Case {
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

/// A signature under a key with this part of small order, with an R that has this one.
fn signed(chance: &mut Chance, key_part: EdwardsPoint, r_part: EdwardsPoint) -> Case {
    let (secret, nonce) = (chance.scalar(), chance.scalar());
    let key = (ED25519_BASEPOINT_POINT * secret + key_part).compress().to_bytes();
    let r = (ED25519_BASEPOINT_POINT * nonce + r_part).compress().to_bytes();
    let length = chance.below(300);
    let message = chance.bytes().into_iter().cycle().take(length).collect::<Vec<u8>>();
    let challenge = Scalar::hash_from_bytes::<Sha512>(&[&r[..], &key, &message].concat());
    let s = nonce + challenge * secret;
    Case { key, message, signature: [r, s.to_bytes()].concat().try_into().expect("64 bytes") }
}

/// One case of the kind `turn`.
fn case(turn: usize, chance: &mut Chance) -> Case {
    let honest = EIGHT_TORSION[0];
    match turn % 8 {
        0 | 1 => signed(chance, honest, honest),
        // The part of small order of k A is often that of R: accepted without a cofactor.
        2 | 3 => {
            let (key_part, r_part) = (EIGHT_TORSION[chance.below(8)], EIGHT_TORSION[chance.below(8)]);
            signed(chance, key_part, r_part)
        }
        4 => {
            let mut case = signed(chance, honest, honest);
            let bit = chance.below(512);
            case.signature[bit / 8] ^= 1 << (bit % 8);
            case
        }
        5 => {
            let mut case = signed(chance, honest, honest);
            let bit = chance.below(256);
            case.key[bit / 8] ^= 1 << (bit % 8);
            case
        }
        6 => {
            // S with L − 1 added: not below the order.
            let mut case = signed(chance, honest, honest);
            let mut carry = 0;
            let order = (Scalar::ZERO - Scalar::ONE).to_bytes();
            for (byte, add) in case.signature[32..].iter_mut().zip(order) {
                let sum = u16::from(*byte) + u16::from(add) + carry;
                *byte = sum.to_le_bytes()[0];
                carry = sum >> 8;
            }
            case
        }
        _ => {
            let (key, signature) = (chance.bytes(), chance.bytes());
            let mut signature = signature;
            signature[63] &= 0x1F;
            Case { key: key[..32].try_into().expect("32 bytes"), message: key[32..].to_vec(), signature }
        }
    }
}

#[test]
fn the_compact_verifiers_answer_as_verify_strict_does() {
    let cases = std::env::var("LIC2_DIFFERENTIAL").map_or(2_000, |count| count.parse().expect("a number"));
    // Making a table takes longer than thirty checks.
    let with_tables = std::env::var_os("LIC2_WITHOUT_TABLES").is_none();
    let mut chance = Chance(0);
    let mut accepted = [0_usize; 8];
    for turn in 0..cases {
        let Case { key, message, signature } = case(turn, &mut chance);
        let strict = VerifyingKey::from_bytes(&key)
            .is_ok_and(|key| key.verify_strict(&message, &Signature::from_bytes(&signature)).is_ok());
        let usable = Key::new(&key);
        if with_tables {
            let answer = |(table, usable): (Comb, Key)| usable.verify_with(&table, &[&message], &signature).is_good();
            assert_eq!(
                Comb::make(&key).zip(usable).is_some_and(answer),
                strict,
                "by its table: key {key:02x?} message {message:02x?} signature {signature:02x?}"
            );
        }
        assert_eq!(
            usable.is_some_and(|usable| usable.verify(&[&message], &signature).is_good()),
            strict,
            "key {key:02x?} message {message:02x?} signature {signature:02x?}"
        );
        accepted[turn % 8] += usize::from(strict);
    }
    println!("ed25519.differential_cases {cases} cases");
    println!("accepted by kind {accepted:?}");
    assert_eq!((accepted[0], accepted[1]), (cases.div_ceil(8), (cases + 6) / 8), "honest signatures are accepted");
    // Of those with parts of small order some are, which only an exact treatment of these parts gets right.
    assert!(accepted[2] > 0 && accepted[2] < cases / 8, "{accepted:?}");
    assert_eq!(accepted[4..], [0; 4], "damaged ones are refused");
}
