//! The fingerprint that the marketplace's desktop client gives a seller: `MAC|disk|board|cpu`.

use crate::machine::{Machine, Source};

/// Longest fingerprint, in bytes: the field `deviceFingerprint` of the marketplace takes 1024 characters.
pub const FINGERPRINT_MAX: usize = 1024;

impl Machine {
    /// Writes the marketplace's fingerprint of this machine to the front of `out` and returns its length, at most
    /// [`FINGERPRINT_MAX`]; `None` if it does not fit.
    ///
    /// The four fields are in capitals and empty where nothing is known; several MACs or disks are joined with commas.
    /// The marketplace defines no way to write `|` and `,` inside a value, so they are left out there. Values that
    /// would make it too long are left out from the end of their field.
    pub fn fingerprint(&self, out: &mut [u8]) -> Option<usize> {
        // Board and processor are one value each; what they need is kept free for them.
        let board = self.values(Source::BoardSerial).next().unwrap_or_default();
        let single = written_length(board).checked_add(written_length(self.processor_id()))?;
        let end = FINGERPRINT_MAX.checked_sub(single)?.checked_sub(2)?;
        let mut line = Line { out, length: 0 };
        line.list(self.values(Source::Mac), end.checked_sub(1)?)?;
        line.bytes(b"|")?;
        line.list(self.values(Source::Disk), end)?;
        line.bytes(b"|")?;
        line.value(board)?;
        line.bytes(b"|")?;
        line.value(self.processor_id())?;
        Some(line.length)
    }
}

fn written(value: &[u8]) -> impl Iterator<Item = u8> {
    value.iter().filter(|byte| !matches!(byte, b'|' | b',')).map(u8::to_ascii_uppercase)
}

fn written_length(value: &[u8]) -> usize {
    // `count` checks for an overflow that cannot be.
    written(value).fold(0, |length: usize, _| length.saturating_add(1))
}

struct Line<'o> {
    out: &'o mut [u8],
    length: usize,
}

impl Line<'_> {
    fn bytes(&mut self, bytes: &[u8]) -> Option<()> {
        let end = self.length.checked_add(bytes.len())?;
        self.out.get_mut(self.length..end)?.copy_from_slice(bytes);
        self.length = end;
        Some(())
    }

    fn value(&mut self, value: &[u8]) -> Option<()> {
        written(value).try_for_each(|byte| self.bytes(&[byte]))
    }

    /// As many of the values as fit in front of `end`.
    fn list<'v>(&mut self, values: impl Iterator<Item = &'v [u8]>, end: usize) -> Option<()> {
        let mut first = true;
        for value in values {
            let needed = written_length(value).checked_add(usize::from(!first))?;
            if self.length.checked_add(needed)? > end {
                break;
            }
            if !first {
                self.bytes(b",")?;
            }
            self.value(value)?;
            first = false;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::FINGERPRINT_MAX;
    use crate::machine::{Machine, Source};
    use std::string::String;
    use std::vec::Vec;

    fn fingerprint(machine: &Machine) -> String {
        let mut out = [0; FINGERPRINT_MAX];
        let length = machine.fingerprint(&mut out).expect("it fits");
        String::from_utf8(out[..length].to_vec()).expect("ASCII")
    }

    #[test]
    fn the_marketplaces_sample() {
        let mut machine = Machine::empty();
        assert_eq!(fingerprint(&machine), "|||");
        assert!(machine.found(Source::Mac, b"04:7c:16:5e:e3:5d"));
        assert!(machine.found(Source::Disk, b"001b_444a_488b_5cec."));
        machine.set_processor_id(&[b"bfebfbff00090672"]);
        assert_eq!(fingerprint(&machine), "04:7C:16:5E:E3:5D|001B_444A_488B_5CEC.||BFEBFBFF00090672");
    }

    #[test]
    fn several_values_are_joined_and_cannot_shift_the_fields() {
        let mut machine = Machine::empty();
        for (source, value) in [
            (Source::ProductUuid, "4c4c4544-0042"),
            (Source::Mac, "04:7c:16:5e:e3:5d"),
            (Source::Mac, "04:7c:16:5e:e3:5e"),
            (Source::BoardSerial, "a|b,c1"),
        ] {
            assert!(machine.found(source, value.as_bytes()));
        }
        assert_eq!(fingerprint(&machine), "04:7C:16:5E:E3:5D,04:7C:16:5E:E3:5E||ABC1|");
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_the_single_values_stay() {
        let mut machine = Machine::empty();
        let long = |first: u8| -> Vec<u8> { core::iter::once(first).chain(*b"23456789").cycle().take(252).collect() };
        assert!(machine.found(Source::Mac, b"04:7c:16:5e:e3:5d"));
        for first in *b"ABCD" {
            assert!(machine.found(Source::Disk, &long(first)));
        }
        assert!(machine.found(Source::BoardSerial, &long(b'E')));
        machine.set_processor_id(&[b"BFEBFBFF00090672"]);
        let text = fingerprint(&machine);
        let fields: Vec<&str> = text.split('|').collect();
        let [mac, disks, board, cpu] = fields[..] else { panic!("{text}") };
        assert_eq!((mac.len(), board.len(), cpu), (17, 252, "BFEBFBFF00090672"));
        assert_eq!(disks.split(',').count(), 2, "{}", text.len());
        // 1024 − 252 − 16 − three bars and the MAC leave 736: two disks need 505, three 758.
        assert!(text.len() <= FINGERPRINT_MAX);
        let mut small = [0; 64];
        assert_eq!(machine.fingerprint(&mut small), None);
    }
}
