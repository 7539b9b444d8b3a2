//! Making tables: for the seller's tool.

use super::{Comb, ENTRIES, each_sum};
use crate::KEY_LEN;
use crate::affine::Affine;
use crate::challenge::Challenge;
use crate::key::Key;
use crate::point::{Point, Prepared};
use crate::sha512::sha512;
use crate::{equation, limbs, scalar};

/// Pairs of numbers for which a new table is compared with the check without tables.
const SAMPLES: u8 = 4;

impl Comb {
    /// The table of a key, or `None` if the bytes are not a usable one.
    ///
    /// The new table is compared with the check that needs none.
    #[must_use]
    pub fn make(key: &[u8; KEY_LEN]) -> Option<Self> {
        let usable = Key::new(key)?;
        let comb = Self::of(&usable.negative().negate());
        comb.agrees(&usable).then_some(comb)
    }

    /// The sums of ± the teeth, for this point.
    pub(super) fn of(point: &Affine) -> Self {
        let mut comb = Self([Prepared::ZERO; ENTRIES]);
        let mut entries = comb.0.iter_mut();
        each_sum(point, |sum| {
            if let Some(entry) = entries.next() {
                *entry = Prepared::from_affine(&sum.affine()).reduced();
            }
        });
        comb
    }

    /// Whether the check without tables accepts the R that this table gives for some S and k, and for no other S.
    fn agrees(&self, key: &Key) -> bool {
        (0..SAMPLES).all(|sample| {
            let number = |name: u8| scalar::reduce(&sha512(key.bytes(), &[name, sample], &[]));
            let (s, k, other) = (number(b'S'), number(b'k'), number(b'O'));
            let mut point = Point::from_affine(&Affine::NEUTRAL);
            self.compute(&mut point, &key.negative(), &s, &k);
            let r = limbs::to_bytes(&point.affine().write());
            let mut minus_r = Affine::default();
            if !minus_r.read_negative(&r) {
                return false;
            }
            let challenge = Challenge { number: k, wrong: 0 };
            let holds = |s| equation::holds(&key.negative(), &minus_r, s, &challenge).is_good();
            holds(&s) && !holds(&other)
        })
    }
}
