//! How many operations of the field something takes. For tests alone: it shows what `docs/VERIFIER.md` states.

use std::cell::Cell;

/// Operations of the field. What `Element::reduced` does to compare is none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Operations {
    /// Products of two elements.
    pub(crate) multiplications: u32,
    /// Products of an element with itself.
    pub(crate) squarings: u32,
    /// Sums and differences.
    pub(crate) sums: u32,
}

std::thread_local! {
    static SO_FAR: Cell<Operations> = const { Cell::new(Operations { multiplications: 0, squarings: 0, sums: 0 }) };
}

fn change(change: impl FnOnce(&mut Operations)) {
    let mut operations = SO_FAR.get();
    change(&mut operations);
    SO_FAR.set(operations);
}

/// Counts a product.
pub(crate) fn product(of_itself: bool) {
    change(|so_far| *(if of_itself { &mut so_far.squarings } else { &mut so_far.multiplications }) += 1);
}

/// Counts a sum or a difference.
pub(crate) fn sum() {
    change(|so_far| so_far.sums += 1);
}

/// The operations of some work on this thread.
pub(crate) fn of(work: impl FnOnce()) -> Operations {
    SO_FAR.set(Operations::default());
    work();
    SO_FAR.get()
}
