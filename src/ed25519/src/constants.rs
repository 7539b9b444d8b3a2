//! The constants of the curve −x² + y² = 1 + d x² y², and where programs find them.

use crate::field::Element;
use crate::program::GIVEN;

/// d = −121665/121666.
pub(crate) const D: Element = Element::new([
    0x1359_78A3,
    0x75EB_4DCA,
    0x4141_D8AB,
    0x0070_0A4D,
    0x7779_E898,
    0x8CC7_4079,
    0x2B6F_FE73,
    0x5203_6CEE,
]);

/// A square root of −1.
pub(crate) const ROOT_OF_MINUS_ONE: Element = Element::new([
    0x4A0E_A0B0,
    0xC4EE_1B27,
    0xAD2F_E478,
    0x2F43_1806,
    0x3DFB_D7A7,
    0x2B4D_0099,
    0x4FC1_DF0B,
    0x2B83_2480,
]);

/// What most programs are given.
pub(crate) static CONSTANTS: [Element; 4] = [Element::ZERO, Element::ONE, D, ROOT_OF_MINUS_ONE];

pub(crate) const ZERO: u16 = GIVEN;
pub(crate) const ONE: u16 = GIVEN + 1;
pub(crate) const GIVEN_D: u16 = GIVEN + 2;
pub(crate) const GIVEN_ROOT: u16 = GIVEN + 3;
