//! Formulas as programs of two bytes a step, over sixteen numbers.
//!
//! In machine code each operation takes twelve bytes and more, for three addresses and a copy of the result. BearSSL runs the
//! formulas of its curves in the same way (`ec_prime_i31.c`).

use crate::field::{Element, Sixteen};

/// What is computed with; a step names each by its place.
pub(crate) type Registers = [Element; 16];

/// The place of the first number that a program is given. They follow each other.
pub(crate) const GIVEN: u16 = 8;

/// One operation: bits 0 to 3 say where the result goes, 4 to 7 and 8 to 11 what is combined, the others how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step(u16);

impl Step {
    pub(crate) const fn product(to: u16, a: u16, b: u16) -> Self {
        Self::new(0, to, a, b)
    }

    pub(crate) const fn square(to: u16, a: u16) -> Self {
        Self::product(to, a, a)
    }

    pub(crate) const fn sum(to: u16, a: u16, b: u16) -> Self {
        Self::new(1, to, a, b)
    }

    pub(crate) const fn difference(to: u16, a: u16, b: u16) -> Self {
        Self::new(2, to, a, b)
    }

    const fn new(operation: u16, to: u16, a: u16, b: u16) -> Self {
        assert!(to < 16 && a < 16 && b < 16, "a place that a step can name");
        Self(operation << 12 | b << 8 | a << 4 | to)
    }
}

/// Puts the numbers that a program is given where it finds them.
#[inline(never)]
pub(crate) fn give(registers: &mut Registers, given: &[Element]) {
    let [_, _, _, _, _, _, _, _, places @ ..] = registers;
    for (place, number) in places.iter_mut().zip(given) {
        *place = *number;
    }
}

/// Runs the steps in their order.
pub(crate) fn run(program: &[Step], registers: &mut Registers) {
    repeat(program, registers, 1);
}

/// Runs the steps in their order, this often.
#[inline(never)]
pub(crate) fn repeat(program: &[Step], registers: &mut Registers, times: u8) {
    let mut result = Sixteen::new();
    for _ in 0..times {
        for Step(step) in program {
            let place = |place: u16| usize::from(place & 15);
            let (a, b) = (registers.get(place(step >> 4)), registers.get(place(step >> 8)));
            let (Some(a), Some(b)) = (a, b) else { return };
            match step >> 12 {
                0 => result.multiply(a, b),
                operation => {
                    #[cfg(test)]
                    crate::count::sum();
                    result.combine(a, b, u32::from(operation & 1).wrapping_sub(1));
                }
            }
            if let Some(register) = registers.get_mut(place(*step)) {
                *register = result.element();
            }
        }
    }
}
