//! The accept set of the signature check: RFC 8032, Wycheproof, and equality with `verify_strict` on every
//! encoding where verifiers are known to differ. Seen to fail with the small-order check of R, of A, taken out.

mod support;

use std::cell::RefCell;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use lic2::{KeyRing, verify_raw};
use lic2_ed25519::{Comb, Key};
use support::answer_table::AnswerTable;
use support::unhex;

/// ed25519-dalek's strict check, the reference.
fn strict(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(key).is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

/// The answer of the compact verifier.
fn compact(key: &[u8; 32], verify: impl FnOnce(&Key) -> bool) -> bool {
    Key::new(key).is_some_and(|key| verify(&key))
}

/// The answer by a table of the key, which is made once for many signatures. Of what is no key there is no table.
fn by_table(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    thread_local! {
        static LATEST: RefCell<Option<([u8; 32], Option<Comb>)>> = const { RefCell::new(None) };
    }
    LATEST.with_borrow_mut(|latest| {
        if latest.as_ref().is_none_or(|(of, _)| of != key) {
            *latest = Some((*key, Comb::make(key)));
        }
        let table = latest.as_ref().and_then(|(_, table)| table.as_ref());
        assert_eq!(table.is_some(), KeyRing::new(&[*key]).is_ok(), "key {key:02x?}");
        table.is_some_and(|table| compact(key, |key| key.verify_with(table, &[message], signature).is_good()))
    })
}

/// The answers of the verifier in use, of the compact one, of the one with a table and of the reference, which must be
/// one.
fn accepts(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let expected = strict(key, message, signature);
    assert_eq!(verify_raw(key, message, signature), expected, "key {key:02x?} signature {signature:02x?}");
    let without_table = compact(key, |key| key.verify(&[message], signature).is_good());
    assert_eq!(without_table, expected, "key {key:02x?} signature {signature:02x?}");
    assert_eq!(by_table(key, message, signature), expected, "key {key:02x?} signature {signature:02x?}");
    TABLE.with_borrow_mut(|table| {
        if let Some(table) = table {
            table.add(key, message, signature, expected);
        }
    });
    expected
}

thread_local! {
    /// Where this thread's answers are written down, if they are.
    static TABLE: RefCell<Option<AnswerTable>> = const { RefCell::new(None) };
}

/// The same answers are asked of microcontrollers, which read them from a file: see tests/firmware/c/table.c.
#[test]
fn answer_table_of_the_microcontrollers_is_up_to_date() {
    TABLE.set(Some(AnswerTable::default()));
    rfc_8032_section_7_1();
    rfc_8032_test_1024_bytes();
    wycheproof_answers_151_of_151();
    s_at_and_above_the_group_order_is_refused();
    honest_and_damaged_signatures_are_answered_as_verify_strict_does();
    odd_encodings_are_answered_as_verify_strict_does(1);
    crafted_small_order_signatures(2);
    let table = TABLE.take().expect("it was put there");
    assert!(table.cases().len() > 7_000 && table.cases().iter().filter(|case| case.accepted).count() > 200);
    table.check(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/firmware/ed25519.table"));
}

fn array<const N: usize>(hex: &str) -> [u8; N] {
    unhex(hex).try_into().expect("the length fits")
}

#[test]
fn rfc_8032_section_7_1() {
    // Tests 1, 2, 3 and SHA(abc): secret key, public key, message, signature.
    let tests = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
        (
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        ),
    ];
    for (secret, public, message, signature) in tests {
        let (message, signature) = (unhex(message), array::<64>(signature));
        let signed = SigningKey::from_bytes(&array(secret)).sign(&message);
        assert_eq!(signed.to_bytes(), signature, "the vector is copied right");
        assert!(accepts(&array(public), &message, &signature));
        let mut longer = message.clone();
        longer.push(0);
        assert!(!accepts(&array(public), &longer, &signature));
    }
}

#[test]
fn rfc_8032_test_1024_bytes() {
    let secret = array("f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5");
    let public = array("278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e");
    assert_eq!(SigningKey::from_bytes(&secret).verifying_key().to_bytes(), public);
    let message: Vec<u8> = (0..1_023_u32).map(|index| index.to_le_bytes()[0]).collect();
    let signature = SigningKey::from_bytes(&secret).sign(&message).to_bytes();
    assert!(accepts(&public, &message, &signature));
}

#[test]
fn wycheproof_answers_151_of_151() {
    use wycheproof::TestResult;
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).expect("the crate's data");
    let mut right = 0;
    for group in set.test_groups {
        let key: [u8; 32] = group.key.pk.as_slice().try_into().expect("32 bytes");
        for test in group.tests {
            // A signature of another length than 64 bytes cannot reach the check at all.
            let seen = <[u8; 64]>::try_from(test.sig.as_slice()).is_ok_and(|sig| accepts(&key, &test.msg, &sig));
            let valid = match test.result {
                TestResult::Valid => true,
                TestResult::Invalid => false,
                TestResult::Acceptable => panic!("case {}: there is no acceptable one", test.tc_id),
            };
            assert_eq!(seen, valid, "case {}: {}", test.tc_id, test.comment);
            right += 1;
        }
    }
    assert_eq!(right, 151);
}

/// Every encoding whose y is 0, 1, −1, or of order 8, in canonical and every non-canonical spelling, and every
/// other y in p..2^255, each with both sign bits.
fn odd_encodings() -> Vec<[u8; 32]> {
    let mut encodings = vec![
        [0; 32],
        array(&format!("01{}", "00".repeat(31))),
        array(&format!("ec{}7f", "ff".repeat(30))),
        array("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        array("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ];
    // p = 2^255 − 19 ends in ed; p..2^255 are the 19 values from ed to ff.
    encodings.extend((0xED..=0xFF_u8).map(|low| array(&format!("{low:02x}{}7f", "ff".repeat(30)))));
    let negative: Vec<[u8; 32]> = encodings
        .iter()
        .map(|encoding| {
            let mut negative = *encoding;
            negative[31] |= 0x80;
            negative
        })
        .collect();
    encodings.extend(negative);
    assert_eq!(encodings.len(), 48);
    encodings
}

#[test]
fn odd_encodings_of_a_and_r_are_answered_as_verify_strict_does() {
    // The set is worth nothing unless the lax check accepts part of it.
    let plain_accepts = odd_encodings_are_answered_as_verify_strict_does(8);
    assert!(plain_accepts > 50, "{plain_accepts}");
}

/// How many of them plain `verify` accepts.
fn odd_encodings_are_answered_as_verify_strict_does(messages: u8) -> u32 {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = key.verifying_key().to_bytes();
    let scalars: Vec<[u8; 32]> = vec![
        [0; 32],
        array(&format!("01{}", "00".repeat(31))),
        key.sign(b"m").to_bytes()[32..].try_into().expect("half"),
    ];
    let mut cases = 0;
    let mut plain_accepts = 0;
    for a in odd_encodings().iter().chain([&public]) {
        for r in odd_encodings().iter().chain([&public]) {
            for s in &scalars {
                for message in 0..messages {
                    let signature: [u8; 64] = [&r[..], s].concat().try_into().expect("64 bytes");
                    accepts(a, &[message], &signature);
                    let plain = VerifyingKey::from_bytes(a).is_ok_and(|key| {
                        use ed25519_dalek::Verifier;
                        key.verify(&[message], &Signature::from_bytes(&signature)).is_ok()
                    });
                    plain_accepts += u32::from(plain);
                    cases += 1;
                }
            }
        }
    }
    assert_eq!(cases, 49 * 49 * 3 * u32::from(messages));
    plain_accepts
}

/// Signatures that plain `verify` accepts and `verify_strict` refuses, made with the private key: R of small
/// order under an honest key and under a key with a small-order part, and an honest R under a small-order key.
#[test]
fn crafted_small_order_signatures_are_refused() {
    let lax = crafted_small_order_signatures(64);
    assert_eq!(lax, (8, 8), "every small-order point must fool the plain check somewhere");
}

/// With how many points R, and how many points A, plain `verify` is fooled.
fn crafted_small_order_signatures(messages: u8) -> (usize, usize) {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
    use curve25519_dalek::{EdwardsPoint, Scalar};
    use ed25519_dalek::{Verifier, hazmat::ExpandedSecretKey};
    use sha2::Sha512;

    let secret = ExpandedSecretKey::from(&[7; 32]).scalar;
    let honest = ED25519_BASEPOINT_POINT * secret;
    let challenge = |r: &EdwardsPoint, a: &EdwardsPoint, message: &[u8]| {
        let bytes = [&r.compress().to_bytes()[..], &a.compress().to_bytes(), message].concat();
        Scalar::hash_from_bytes::<Sha512>(&bytes)
    };
    let (mut lax_r, mut lax_a) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for torsion in EIGHT_TORSION {
        for small in EIGHT_TORSION {
            for message in 0..messages {
                // R is small; S = k a makes the rest of the equation vanish.
                let a = honest + torsion;
                let s = challenge(&small, &a, &[message]) * secret;
                let signature = [small.compress().to_bytes(), s.to_bytes()].concat().try_into().expect("64 bytes");
                assert!(!accepts(&a.compress().to_bytes(), &[message], &signature), "small R");
                if VerifyingKey::from_bytes(&a.compress().to_bytes())
                    .is_ok_and(|key| key.verify(&[message], &Signature::from_bytes(&signature)).is_ok())
                {
                    lax_r.insert(small.compress().to_bytes());
                }
            }
        }
        for message in 0..messages {
            // A is small; R = S B holds whenever k A vanishes.
            let signature = [honest.compress().to_bytes(), secret.to_bytes()].concat().try_into().expect("64 bytes");
            assert!(!accepts(&torsion.compress().to_bytes(), &[message], &signature), "small A");
            if VerifyingKey::from_bytes(&torsion.compress().to_bytes())
                .is_ok_and(|key| key.verify(&[message], &Signature::from_bytes(&signature)).is_ok())
            {
                lax_a.insert(torsion.compress().to_bytes());
            }
        }
    }
    (lax_r.len(), lax_a.len())
}

#[test]
fn s_at_and_above_the_group_order_is_refused() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = key.verifying_key().to_bytes();
    let order = array::<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let good = key.sign(b"m").to_bytes();
    assert!(accepts(&public, b"m", &good));
    let mut shifted = good;
    for multiple in 1..16 {
        let mut carry = 0_u16;
        for (byte, add) in shifted[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        if carry == 0 {
            assert!(!accepts(&public, b"m", &shifted), "S + {multiple} L");
        }
    }
    for low in 0..4_u8 {
        let mut exact = good;
        exact[32..].copy_from_slice(&order);
        exact[32] = exact[32].wrapping_add(low).wrapping_sub(2);
        assert!(!accepts(&public, b"m", &exact));
    }
}

#[test]
fn honest_and_damaged_signatures_are_answered_as_verify_strict_does() {
    for seed in 0..200_u8 {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let public = key.verifying_key().to_bytes();
        let message = vec![seed; usize::from(seed)];
        let signature = key.sign(&message).to_bytes();
        assert!(accepts(&public, &message, &signature));
        let mut damaged = signature;
        damaged[usize::from(seed) % 64] ^= 1 << (seed % 8);
        assert!(!accepts(&public, &message, &damaged));
    }
}
