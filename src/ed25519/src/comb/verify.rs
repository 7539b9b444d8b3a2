//! The check of a signature with the multiples of its key.

use super::Comb;
use crate::key::{Key, split};
use crate::witness::Witness;
use crate::{SIGNATURE_LEN, affine, limbs, scalar};

impl Key {
    /// As [`Key::verify`], with multiples that have to be this key's.
    #[inline(never)]
    #[must_use]
    pub fn verify_with(&self, comb: &Comb, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        let Some((r, s)) = split(signature) else { return Witness::NONE };
        let s = limbs::from_bytes(s);
        if affine::has_small_order(&affine::read(r).0) || !scalar::is_below_order(&s) {
            return Witness::NONE;
        }
        let challenge = self.challenge(r, parts);
        // A difference between the two challenges damages both words, whatever the equation says.
        Witness::of(challenge.wrong, challenge.wrong).and(comb.holds(&self.negative(), r, &s, &challenge.number))
    }
}
