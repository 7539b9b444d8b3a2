//! Making tables: for the seller's tool.

use super::{Comb, ENTRIES, each_sum};
use crate::ed25519::compact::field::Element;
use crate::ed25519::compact::point::{self, Point, Prepared};
use crate::ed25519::compact::{Key, equation, halve, limbs, read_canonical, scalar};
use crate::hash::sha512;
use crate::limits::KEY_LEN;

/// Pairs of numbers for which a new table is held against the check without tables.
const SAMPLES: u8 = 4;

impl Comb {
    /// The table of a key, or `None` if the bytes are not a usable one.
    ///
    /// The new table is held against the check that needs none.
    pub(crate) fn make(key: &[u8; KEY_LEN]) -> Option<Self> {
        let usable = Key::new(key)?;
        let (minus_x, y) = usable.negative();
        let comb = Self::of(&minus_x.negate(), &y);
        comb.agrees(&usable).then_some(comb)
    }

    /// The sums of ± the teeth, for the point with these coordinates.
    pub(super) fn of(x: &Element, y: &Element) -> Self {
        let mut comb = Self([Prepared::ZERO; ENTRIES]);
        let mut entries = comb.0.iter_mut();
        each_sum(x, y, |sum| {
            let (x, y) = sum.affine();
            if let Some(entry) = entries.next() {
                *entry = Prepared::from_affine(&x, &y).reduced();
            }
        });
        comb
    }

    /// Whether the check without tables accepts the R that this table gives for some S and k, and for no other S.
    fn agrees(&self, key: &Key) -> bool {
        (0..SAMPLES).all(|sample| {
            let number = |name: u8| {
                let hash = sha512(key.bytes(), &[name, sample], &[]);
                let (low, high) = hash.split_at(32);
                let limbs = |half: &[u8]| half.first_chunk().map_or([0; 8], limbs::from_bytes);
                scalar::reduce(&limbs(low), &limbs(high))
            };
            let (s, k, other) = (number(b'S'), number(b'k'), number(b'O'));
            let mut point = Point::IDENTITY;
            self.compute(&mut point, &key.negative(), &s, &k);
            let (x, y) = point.affine();
            let r = limbs::to_bytes(&point::write(&x, &y));
            let Some(minus_r) = read_canonical(&r) else { return false };
            let fraction = halve::halve(&k);
            let expected = halve::Expected::new(&fraction, &k);
            let holds = |s| equation::holds(key.negative(), minus_r, s, &fraction, &expected).is_good();
            holds(&s) && !holds(&other)
        })
    }
}
