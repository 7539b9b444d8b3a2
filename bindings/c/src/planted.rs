//! Positive control of the panic gate: a function that can panic. Never in a shipped library.

/// Panics for index 4 and above.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn lic2_planted_panic(index: usize) -> u8 {
    [1, 2, 3, 4][index]
}
