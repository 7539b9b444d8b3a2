//! The firmware's table (SMBIOS, DMTF DSP0134), taken apart. On Linux the kernel does it.

/// What the table says about the machine; empty where it says nothing.
#[derive(Default)]
pub(crate) struct Firmware<'t> {
    pub(crate) maker: &'t [u8],
    pub(crate) product: &'t [u8],
    pub(crate) serial: &'t [u8],
    /// In the order of the text form.
    pub(crate) uuid: Option<[u8; 16]>,
    pub(crate) board_serial: &'t [u8],
}

/// Kinds of structures.
const SYSTEM: u8 = 1;
const BOARD: u8 = 2;
const END: u8 = 127;

impl<'t> Firmware<'t> {
    pub(crate) fn of(table: &'t [u8]) -> Self {
        let mut firmware = Self::default();
        let mut rest = table;
        while let Some((structure, after)) = Structure::split(rest) {
            match structure.kind {
                // The first one of each kind is that of the whole machine; blades list others behind it.
                SYSTEM if firmware.uuid.is_none() => {
                    firmware.maker = structure.text(0x04);
                    firmware.product = structure.text(0x05);
                    firmware.serial = structure.text(0x07);
                    firmware.uuid = structure.uuid(0x08);
                }
                BOARD if firmware.board_serial.is_empty() => firmware.board_serial = structure.text(0x07),
                END => break,
                _ => {}
            }
            rest = after;
        }
        firmware
    }
}

struct Structure<'t> {
    kind: u8,
    /// With the head, so that offsets are those of the specification.
    fields: &'t [u8],
    /// NUL behind each.
    texts: &'t [u8],
}

impl<'t> Structure<'t> {
    fn split(table: &'t [u8]) -> Option<(Self, &'t [u8])> {
        let (kind, length) = (*table.first()?, usize::from(*table.get(1)?));
        let (fields, behind) = table.split_at_checked(length.max(4))?;
        // The texts end at two NULs; there are two even without texts.
        let end = behind.windows(2).position(|pair| pair == [0, 0])?.checked_add(2)?;
        let (texts, after) = behind.split_at_checked(end)?;
        Some((Self { kind, fields, texts }, after))
    }

    /// The text whose number is at `offset`: from 1; 0 is none.
    fn text(&self, offset: usize) -> &'t [u8] {
        let number = self.fields.get(offset).copied().unwrap_or(0);
        let Some(index) = usize::from(number).checked_sub(1) else { return &[] };
        self.texts.split(|byte| *byte == 0).nth(index).unwrap_or_default()
    }

    /// The first three fields of the id are numbers with their low byte first.
    fn uuid(&self, offset: usize) -> Option<[u8; 16]> {
        let [a, b, c, d, e, f, g, h, rest @ ..] = *self.fields.get(offset..)?.first_chunk::<16>()?;
        let [i, j, k, l, m, n, o, p] = rest;
        Some([d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p])
    }
}

#[cfg(test)]
mod tests {
    use super::Firmware;
    use crate::hex;
    use std::vec::Vec;

    fn table() -> Vec<u8> {
        let mut table = Vec::new();
        // BIOS: a structure of no interest, with texts.
        table.extend([0, 6, 0, 0, 1, 2]);
        table.extend(b"Maker of BIOS\x001.0\0\0");
        // System: maker 1, product 2, version 0, serial 3, id.
        table.extend([1, 27, 1, 0, 1, 2, 0, 3]);
        table.extend([0x44, 0x45, 0x4c, 0x4c, 0x42, 0x00, 0x10, 0x35, 0x80, 0x52, 0xb4, 0xc0, 0x4f, 0x56, 0x42, 0x31]);
        table.extend([6, 0, 0]);
        table.extend(b"LENOVO\x0021CB000GGE\0PF3ABCDE\0\0");
        // A structure without texts.
        table.extend([32, 4, 2, 0, 0, 0]);
        // Two boards.
        for serial in [b"L1HF2AB00CD", b"L1HF2AB99ZZ"] {
            table.extend([2, 8, 3, 0, 0, 0, 0, 1]);
            table.extend(serial);
            table.extend([0, 0]);
        }
        table.extend([127, 4, 9, 0, 0, 0]);
        table.extend([2, 8, 3, 0, 0, 0, 0, 1, b'n', b'o', 0, 0]);
        table
    }

    #[test]
    fn a_table_is_taken_apart() {
        let table = table();
        let firmware = Firmware::of(&table);
        assert_eq!((firmware.maker, firmware.product), (&b"LENOVO"[..], &b"21CB000GGE"[..]));
        assert_eq!((firmware.serial, firmware.board_serial), (&b"PF3ABCDE"[..], &b"L1HF2AB00CD"[..]));
        let id = firmware.uuid.and_then(hex::uuid).expect("an id");
        // As Linux prints the same bytes.
        assert_eq!(id.as_bytes(), b"4C4C4544-0042-3510-8052-B4C04F564231");
    }

    #[test]
    fn a_table_that_is_cut_off_or_wrong_gives_what_is_there() {
        let table = table();
        for end in 0..table.len() {
            let firmware = Firmware::of(&table[..end]);
            assert!([&b""[..], b"PF3ABCDE"].contains(&firmware.serial), "{end}");
            assert!([&b""[..], b"L1HF2AB00CD"].contains(&firmware.board_serial), "{end}");
        }
        for at in 0..table.len() {
            for byte in [0, 1, 0x7F, 0xFF] {
                let mut wrong = table.clone();
                wrong[at] = byte;
                let firmware = Firmware::of(&wrong);
                assert!(firmware.serial.len() + firmware.board_serial.len() <= wrong.len());
            }
        }
    }
}
