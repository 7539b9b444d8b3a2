//! Multiples of the base point, in the program's constants. Eight of each instead of two would save one instruction in
//! seventeen for 1.2 KB.

use super::field::Element;
use super::point::Prepared;

pub(super) const fn prepared(sum: [u32; 8], difference: [u32; 8], product: [u32; 8]) -> Prepared {
    Prepared { sum: Element::new(sum), difference: Element::new(difference), product: Element::new(product) }
}

/// The multiples 1 and 3 of B.
pub(super) static MULTIPLES: [Prepared; 2] = [
    prepared(
        [0xF58C_3B85, 0x2FBC_93C6, 0xFB8C_0E19, 0xCF93_2DC6, 0x643D_42C2, 0x270B_4898, 0x33D4_BA65, 0x07CF_9D3A],
        [0xD740_913E, 0x9D10_3905, 0xD140_BEB3, 0xFD39_9F05, 0x688F_8A09, 0xA5C1_8434, 0x98F8_1267, 0x44FD_2F92],
        [0x877A_AA68, 0xABC9_1205, 0xCCAA_C49E, 0x26D9_E823, 0xDD43_598C, 0x5A1B_7DCB, 0x9F0C_65A8, 0x6F11_7B68],
    ),
    prepared(
        [0x4CEE_9730, 0xAF25_B0A8, 0xE886_4B8A, 0x025A_8430, 0x9F01_6732, 0xC11B_5002, 0x9A80_F8F4, 0x7A16_4E1B],
        [0xA4FC_D265, 0x5661_1FE8, 0xE5C1_BA7D, 0x3BD3_53FD, 0x214B_D6BD, 0x8131_F31A, 0x555B_DA62, 0x2AB9_1587],
        [0x0DD0_D889, 0x14AE_933F, 0x1C35_DA62, 0x5894_2322, 0x8CF2_DB4C, 0xD170_E545, 0x12B9_B4C6, 0x5A28_26AF],
    ),
];

/// The multiples 1 and 3 of 2^128 B.
pub(super) static HIGH_MULTIPLES: [Prepared; 2] = [
    prepared(
        [0xACAD_8EA2, 0x583B_04BF, 0x148B_E884, 0x29B7_43E8, 0x0810_C5DB, 0x2B1E_583B, 0x8EB3_BBAA, 0x2B54_49E5],
        [0xEB3D_BE47, 0x5F3A_7562, 0x8EBD_A0B8, 0xF7EA_3854, 0x4574_7299, 0x00C3_E531, 0x1627_D551, 0x1304_E9E7],
        [0x6ADC_9CFE, 0x7898_14D2, 0x8B48_DD0B, 0x3C1B_AB3F, 0xF979_C60A, 0xDA0F_E1FF, 0x7C2D_D693, 0x4468_DE2D],
    ),
    prepared(
        [0x710E_CDF6, 0x4B5A_64BF, 0x462C_293C, 0xB14C_E538, 0xD50B_3AB9, 0x3643_D056, 0x185B_4870, 0x6AF9_3724],
        [0x8DE7_3E68, 0xE90E_CFAB, 0x377E_76A5, 0x5403_6F9F, 0xBE01_5982, 0xF049_5B0B, 0xA7F4_1E36, 0x5776_29C4],
        [0x09C6_A888, 0x3220_0245, 0x4B55_8973, 0xD2E0_3613, 0x3C33_289F, 0x83E2_3623, 0x0CAE_C18F, 0x701F_25BB],
    ),
];
