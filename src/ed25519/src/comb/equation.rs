//! The verification equation, computed and compared: S B − k A is R.

use core::hint::black_box;

use super::{Comb, Signs, base, columns};
use crate::affine::Affine;
use crate::limbs::{self, Limbs};
use crate::point::{Point, Prepared};
use crate::scalar::ORDER;
use crate::witness::Witness;

impl Comb {
    /// Whether R encodes S B − k A, with the negative of A. S and k are below L.
    #[inline(never)]
    pub(crate) fn holds(&self, minus_a: &Affine, r: &[u8; 32], s: &Limbs, k: &Limbs) -> Witness {
        let mut point = Point::from_affine(&Affine::NEUTRAL);
        let missing = self.compute(&mut point, minus_a, s, k);
        let found = point.affine();
        let first = distance(&found, r);
        // Compared again for the second word, hidden from the compiler, which would reuse the first comparison.
        Witness::of(first | missing, distance(black_box(&found), black_box(r)) | black_box(missing))
    }

    /// Adds S B − k A to the neutral point; hands back zero if no term was lost to a fault.
    ///
    /// Both numbers have to be odd. The multiples of B repeat after L of them, which is odd itself. Those of A do not,
    /// if A has a part of small order: there k + 1 takes the place of an even k, and A is added in the end.
    #[inline(never)]
    pub(super) fn compute(&self, point: &mut Point, minus_a: &Affine, s: &Limbs, k: &Limbs) -> u32 {
        let mut of_b = if s[0] & 1 == 1 { Signs::new(s, false) } else { Signs::new(&limbs::subtract(&ORDER, s), true) };
        let mut of_a = Signs::new(k, true);
        for column in columns() {
            point.double();
            of_b.add_column(&base::COMB, column, point);
            of_a.add_column(self, column, point);
        }
        if k[0] & 1 == 0 {
            subtract(point, minus_a);
        }
        of_b.missing() | of_a.missing()
    }
}

/// Subtracts a point.
#[inline(never)]
fn subtract(point: &mut Point, summand: &Affine) {
    point.add(Prepared::from_affine(summand).numbers(), true);
}

/// Zero exactly if R is the encoding, the only one, of the point with these coordinates.
///
/// What a fault could make of a point is not R: a point of zeros encodes to y = 0, which is of small order and has been
/// refused.
#[inline(never)]
fn distance(found: &Affine, r: &[u8; 32]) -> u32 {
    limbs::distance(&found.write(), &limbs::from_bytes(r))
}
