//! The verification equation, computed and compared: S B − k A is R.

use core::hint::black_box;

use super::{Comb, Signs, base, columns};
use crate::ed25519::compact::field::Element;
use crate::ed25519::compact::limbs::{self, Limbs};
use crate::ed25519::compact::point::{self, Point, Prepared};
use crate::ed25519::compact::scalar::ORDER;
use crate::witness::Witness;

impl Comb {
    /// Whether R encodes S B − k A, with the negative of A. S and k are below L.
    #[inline(never)]
    pub(in crate::ed25519::compact) fn holds(
        &self,
        minus_a: (Element, Element),
        r: &[u8; 32],
        s: &Limbs,
        k: &Limbs,
    ) -> Witness {
        let result = self.result(minus_a, s, k);
        let first = result.distance(r);
        Witness::of(first, black_box(&result).distance(black_box(r)))
    }

    /// S B − k A.
    ///
    /// Both numbers have to be odd. The multiples of B repeat after L of them, which is odd itself. Those of A do not,
    /// if A has a part of small order: there k + 1 takes the place of an even k, and A is added in the end.
    #[inline(never)]
    pub(super) fn result(&self, minus_a: (Element, Element), s: &Limbs, k: &Limbs) -> Sum {
        let mut of_b =
            if s[0] & 1 == 1 { Signs::new(s, false) } else { Signs::new(&limbs::subtract(&ORDER, s).0, true) };
        let [lowest, k1, k2, k3, k4, k5, k6, k7] = *k;
        let mut of_a = Signs::new(&[lowest | 1, k1, k2, k3, k4, k5, k6, k7], true);
        let mut point = Point::IDENTITY;
        for column in columns() {
            point.double();
            of_b.add_column(&base::COMB, column, &mut point);
            of_a.add_column(self, column, &mut point);
        }
        if lowest & 1 == 0 {
            point.add(&Prepared::from_affine(&minus_a.0, &minus_a.1), None, true);
        }
        let (x, y) = point.affine();
        Sum { x, y, missing: of_b.missing() | of_a.missing() }
    }
}

/// The result of the equation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    x: Element,
    y: Element,
    /// Zero if no term was lost to a fault.
    missing: u32,
}

impl Sum {
    /// Zero exactly if this is its encoding, the only one, and no term was left out.
    #[inline(never)]
    fn distance(&self, r: &[u8; 32]) -> u32 {
        limbs::distance(&self.encoding(), &limbs::from_bytes(r)) | self.missing
    }

    pub(super) fn encoding(&self) -> Limbs {
        point::write(&self.x, &self.y)
    }
}
