//! The few values that sort first, whatever order they come in.

use crate::text::Value;

/// Most addresses of network interfaces, and most serial numbers of disks, that are taken. With the other components they
/// leave room for two of the application's.
pub(crate) const MACS_MAX: usize = 5;
pub(crate) const DISKS_MAX: usize = 4;

/// At most `N` different values in ascending order.
pub(crate) struct Smallest<const N: usize> {
    values: [Option<Value>; N],
}

impl<const N: usize> Smallest<N> {
    pub(crate) const fn new() -> Self {
        Self { values: [const { None }; N] }
    }

    /// Puts a value in its place. The greatest is dropped when there are too many.
    pub(crate) fn insert(&mut self, value: Value) {
        if self.iter().any(|other| other.as_bytes() == value.as_bytes()) {
            return;
        }
        let mut carried = Some(value);
        for place in &mut self.values {
            let smaller = match (&carried, &*place) {
                (Some(new), Some(old)) => new.as_bytes() < old.as_bytes(),
                (new, None) => new.is_some(),
                (None, Some(_)) => false,
            };
            if smaller {
                core::mem::swap(&mut carried, place);
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::Smallest;
    use crate::text::Value;
    use std::vec::Vec;

    #[test]
    fn the_order_of_arrival_does_not_matter() {
        for order in [&b"cabdae"[..], b"edcba", b"aabbccddee", b"bdace"] {
            let mut smallest = Smallest::<3>::new();
            for byte in order {
                smallest.insert(Value::of(&[&[*byte]]).expect("short"));
            }
            let found: Vec<&[u8]> = smallest.iter().map(|value| value.as_bytes()).collect();
            assert_eq!(found, [b"a", b"b", b"c"], "{order:?}");
        }
    }
}
