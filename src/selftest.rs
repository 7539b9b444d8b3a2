//! Known-answer test: one good code, one forged, one expired and one damaged.
//!
//! Run once on a new target, it distinguishes a miscompiled or misconfigured library (wrong byte order, wrong compiler
//! options, a bad core) from a bad code. The key is public: its seed is in the test below.

use crate::code::Code;
use crate::error::Error;
use crate::facts::Facts;
use crate::keys::KeyRing;
use crate::limits::KEY_LEN;
use crate::policy::decide;
use crate::time::UnixSeconds;

/// Position of the character that the damaged code has changed: inside the license id.
const DAMAGED_AT: usize = 24;

/// Longest code of a known answer, in characters.
const CODE_MAX: usize = 192;

/// A key, a code of it, the same code with one bit of its signature changed, and the end of its term.
struct KnownAnswer<'a> {
    anchor: [u8; KEY_LEN],
    good: &'a [u8],
    forged: &'a [u8],
    expires_at: UnixSeconds,
}

const KNOWN: KnownAnswer<'static> = KnownAnswer {
    anchor: [
        0x1F, 0xAA, 0xDF, 0x67, 0xA2, 0x34, 0xA6, 0xB6, 0x19, 0xBA, 0xDC, 0x58, 0x58, 0x13, 0xDC, 0x85, 0xB8, 0xE5,
        0x57, 0x28, 0x35, 0xC1, 0xC6, 0xBB, 0xD5, 0x75, 0x06, 0xD8, 0x20, 0x32, 0x32, 0xEE,
    ],
    good: b"LIC2C.AUMBAB-q32cKU0VMRlRFU1QtMQEACHNlbGZ0ZXN0AAAAAAGA988SAAAAp2Qp1Npk7inRLOkUbd\
        iT1rWSTmdh6MPoCaMqz0DWdTZuKLNCat2l9FFfHtqRS2a2JAzDtj-C7GANcg7gmhDZBb0LzXk",
    forged: b"LIC2C.AUMBAB-q32cKU0VMRlRFU1QtMQEACHNlbGZ0ZXN0AAAAAAGA988SAAAAp2Qp1Npk7inRLOkUbd\
        iT1rWSTmdh6MPoCaMqz0DWdTZuKLNCat2l9FFfHtqRS2a2JAzDtj-C7GANcg7gmhDZBCs7yg4",
    expires_at: UnixSeconds(1_893_456_000),
};

/// Checks that this build of the library computes right results on this machine.
///
/// # Errors
/// `SelftestFailed` if any of the known answers comes out otherwise.
pub fn selftest() -> Result<(), Error> {
    check(&KNOWN)
}

fn check(known: &KnownAnswer<'_>) -> Result<(), Error> {
    let mut damaged = [0; CODE_MAX];
    let damaged = damaged.get_mut(..known.good.len()).ok_or(Error::SelftestFailed)?;
    damaged.copy_from_slice(known.good);
    let changed = damaged.get_mut(DAMAGED_AT).ok_or(Error::SelftestFailed)?;
    *changed = other_character(*changed);
    let ring = KeyRing::new(&[known.anchor]).map_err(|_| Error::SelftestFailed)?;
    let mut code = Code::new();
    let last = UnixSeconds(known.expires_at.0.saturating_sub(1));
    expect(&mut code, &ring, known.good, last, None)?;
    expect(&mut code, &ring, known.forged, last, Some(Error::SignatureInvalid))?;
    expect(&mut code, &ring, known.good, known.expires_at, Some(Error::Expired))?;
    expect(&mut code, &ring, damaged, last, Some(Error::TextDamaged))
}

/// Another character of the code alphabet.
const fn other_character(character: u8) -> u8 {
    if character == b'A' { b'B' } else { b'A' }
}

/// Compares the whole way from the text to the decision with the known refusal, and the verdict with both.
fn expect(code: &mut Code, ring: &KeyRing, text: &[u8], now: UnixSeconds, refusal: Option<Error>) -> Result<(), Error> {
    let facts = Facts { product: "selftest", now: Some(now), ..Facts::default() };
    let (found, granted) = match code.verify(ring, text) {
        Ok(genuine) => {
            let decision = decide(&genuine, &facts);
            (decision.refusal, decision.verdict.is_granted())
        }
        Err(error) => (Some(error), false),
    };
    if found == refusal && granted == refusal.is_none() { Ok(()) } else { Err(Error::SelftestFailed) }
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, KnownAnswer, UnixSeconds, check, selftest};
    use crate::error::Error;

    #[test]
    fn this_build_computes_the_known_answers() {
        assert_eq!(selftest(), Ok(()));
    }

    #[test]
    fn every_wrong_answer_is_noticed() {
        let mut anchor = KNOWN.anchor;
        anchor[0] ^= 1;
        let wrong = [
            KnownAnswer { anchor, ..KNOWN },
            KnownAnswer { good: KNOWN.forged, ..KNOWN },
            KnownAnswer { forged: KNOWN.good, ..KNOWN },
            KnownAnswer { good: b"", ..KNOWN },
            KnownAnswer { good: &[b'A'; 1000], ..KNOWN },
            KnownAnswer { expires_at: UnixSeconds(KNOWN.expires_at.0 - 1), ..KNOWN },
            KnownAnswer { expires_at: UnixSeconds(KNOWN.expires_at.0 + 1), ..KNOWN },
        ];
        for (index, known) in wrong.iter().enumerate() {
            assert_eq!(check(known), Err(Error::SelftestFailed), "{index}");
        }
    }

    #[cfg(feature = "sign")]
    #[test]
    fn the_known_answers_are_what_the_test_key_signs() {
        use crate::seal::{LicenseDraft, seal_license, text_of};
        use crate::wire::license::Term;
        use ed25519_dalek::{Signer, SigningKey};
        use std::vec::Vec;

        // Public on purpose: a product with this anchor has no protection.
        let key = SigningKey::from_bytes(b"lic2 selftest key, not a secret!");
        let draft = LicenseDraft {
            term: Term::Until(KNOWN.expires_at),
            ..LicenseDraft::new("SELFTEST-1", "selftest", UnixSeconds(1_577_836_800))
        };
        let public = key.verifying_key().to_bytes();
        let good = seal_license(&draft, &public, None, |message| key.sign(message).to_bytes()).unwrap();
        let mut document = Vec::from(good.document());
        *document.last_mut().unwrap() ^= 1;
        let forged = text_of(b'C', &[&document]).unwrap();
        assert_eq!(
            (public, good.text().as_bytes(), forged.text().as_bytes()),
            (KNOWN.anchor, KNOWN.good, KNOWN.forged),
            "the known answers should be:\n{public:?}\n{}\n{}",
            good.text(),
            forged.text()
        );
    }
}
