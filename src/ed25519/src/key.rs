//! A public key, and the check of a signature by it.

use core::hint::black_box;

use crate::affine::{self, Affine};
use crate::challenge::Challenge;
use crate::field::Element;
use crate::limbs::{self, Limbs};
use crate::sha512::sha512;
use crate::witness::Witness;
use crate::{KEY_LEN, SIGNATURE_LEN, equation, scalar};

/// A public key, checked and decoded once: a point of the curve that is not of small order.
///
/// The default value is no key, for arrays that are not full: it accepts no signature.
#[derive(Clone, Copy, Debug, Default)]
pub struct Key {
    bytes: [u8; KEY_LEN],
    /// The x of the negative of the point.
    minus_x: Limbs,
}

/// The rest of a key follows from its bytes.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Key {}

impl Key {
    /// The key, or `None` if the bytes are not a point of the curve or a point of small order.
    #[must_use]
    pub fn new(bytes: &[u8; KEY_LEN]) -> Option<Self> {
        let mut minus = Affine::default();
        minus.read_negative(bytes).then(|| Self { bytes: *bytes, minus_x: *minus.x.limbs() })
    }

    /// The key as it was encoded.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.bytes
    }

    /// Whether `signature` is this key's over the concatenated `parts`: the equation holds, S is below L, and R is the
    /// canonical encoding of a point that is not of small order.
    #[cfg_attr(feature = "tables", inline(never))]
    #[must_use]
    pub fn verify(&self, parts: &[&[u8]], signature: &[u8; SIGNATURE_LEN]) -> Witness {
        let Some((r, s)) = split(signature) else { return Witness::NONE };
        let (mut minus_r, s) = (Affine::default(), limbs::from_bytes(s));
        if !minus_r.read_canonical(r) || !scalar::is_below_order(&s) {
            return Witness::NONE;
        }
        equation::holds(&self.negative(), &minus_r, &s, &self.challenge(r, parts))
    }

    /// The negative of the point.
    pub(crate) fn negative(&self) -> Affine {
        Affine { x: Element::new(self.minus_x), y: affine::read(&self.bytes).0 }
    }

    /// SHA-512 over R, A and the message, modulo L.
    #[inline(never)]
    pub(crate) fn challenge(&self, r: &[u8; 32], parts: &[&[u8]]) -> Challenge {
        let hash = sha512(r, &self.bytes, parts);
        let number = scalar::reduce(&hash);
        // Reduced again, hidden from the compiler: a fault in the challenge would choose another equation.
        let wrong = limbs::distance(&number, &scalar::reduce(black_box(&hash)));
        Challenge { number, wrong }
    }
}

/// R and S.
pub(crate) fn split(signature: &[u8; SIGNATURE_LEN]) -> Option<(&[u8; 32], &[u8; 32])> {
    Some((signature.first_chunk()?, signature.last_chunk()?))
}
