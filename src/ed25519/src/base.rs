//! Multiples of the base point, in the program's constants.

use crate::field::Element;
use crate::point::Prepared;
use crate::scalar::MULTIPLES;

pub(crate) const fn prepared(sum: [u32; 8], difference: [u32; 8], product: [u32; 8]) -> Prepared {
    Prepared([Element::new(sum), Element::new(difference), Element::new(product)])
}

/// The odd multiples of B that digits ask for.
pub(crate) static BASE: [Prepared; MULTIPLES] = first(&ALL);

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "counts to the end of an array")]
const fn first(all: &[Prepared; 4]) -> [Prepared; MULTIPLES] {
    let mut first = [all[0]; MULTIPLES];
    let mut index = 1;
    while index < MULTIPLES {
        first[index] = all[index];
        index += 1;
    }
    first
}

/// The multiples 1, 3, 5 and 7, of which some targets use the first two only.
pub(crate) const ALL: [Prepared; 4] = [
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
    prepared(
        [0x08A5_BB33, 0xA212_BC44, 0xC75E_ED02, 0x8D50_48C3, 0x5ABF_EC44, 0xDD1B_EB0C, 0x46E2_06EB, 0x2945_CCF1],
        [0xA447_D6BA, 0x7F91_82C3, 0x4B27_29B7, 0xD500_14D1, 0xB864_A087, 0xE33C_F11C, 0xEB1B_55F3, 0x154A_7E73],
        [0x812A_8285, 0xBCBB_DBF1, 0xD0BD_D1FC, 0x270E_0807, 0x1BBD_A72D, 0xB41B_670B, 0x6B3B_B69A, 0x43AA_BE69],
    ),
    prepared(
        [0x944E_A3BF, 0x6B1A_5CD0, 0xB39D_C0D2, 0x7470_353A, 0x2854_2E49, 0x71B2_5282, 0x283C_927E, 0x461B_EA69],
        [0xAA32_21B1, 0xBA6F_2C9A, 0x3BBA_23A7, 0x6CA0_2153, 0x9219_2C3A, 0x9DEA_764F, 0x2E53_17E0, 0x1D6E_DD5D],
        [0x01B8_B3A2, 0xF183_6DC8, 0x053E_A49A, 0xB303_5F47, 0x5877_ADF3, 0x529C_41BA, 0x6A0F_90A7, 0x7A9F_BB1C],
    ),
];
