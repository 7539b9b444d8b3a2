//! The fingerprint that the marketplace's desktop client gives a seller: `MAC|disk|board|cpu`, written and read.

use crate::error::{Cause, HostError};
use crate::junk;
use crate::machine::{Machine, Source};
use crate::smallest::{DISKS_MAX, MACS_MAX, Smallest};

/// Longest fingerprint, in bytes: the field `deviceFingerprint` of the marketplace takes 1024 characters.
pub const FINGERPRINT_MAX: usize = 1024;

/// What EDX of CPUID leaf 1 shows on every x86 processor with SSE2: FPU, TSC, MSR, CX8, CMOV, FXSR, SSE, SSE2.
const X86_FEATURES: u32 = 0x0700_8131;

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

    /// The machine that this fingerprint is of, as far as it shows it: for the seller, who binds a license to it.
    ///
    /// Each component is one that [`Machine::read`] finds on that machine: values that say nothing are left out, of many
    /// addresses or disks those that sort first are taken. The id of an x86 processor is no component: it names a model,
    /// and without its maker.
    ///
    /// # Errors
    /// `Cause::Argument` unless there are four fields in at most [`FINGERPRINT_MAX`] bytes.
    pub fn of_fingerprint(text: &[u8]) -> Result<Self, HostError> {
        let mut fields = text.split(|byte| *byte == b'|');
        let mut field = || fields.next().ok_or(HostError::of(Cause::Argument));
        let (macs, disks, board, processor) = (field()?, field()?, field()?, field()?);
        if fields.next().is_some() || text.len() > FINGERPRINT_MAX {
            return Err(HostError::of(Cause::Argument));
        }
        let mut machine = Self::empty();
        machine.found(Source::BoardSerial, board);
        machine.found_list(Source::Mac, &smallest::<MACS_MAX>(macs));
        machine.found_list(Source::Disk, &smallest::<DISKS_MAX>(disks));
        if let Some(id) = junk::cleaned(processor) {
            if !is_x86(id.as_bytes()) {
                machine.found(Source::Cpu, id.as_bytes());
            }
            machine.set_processor_id(&[id.as_bytes()]);
        }
        Ok(machine)
    }

    fn found_list<const N: usize>(&mut self, source: Source, values: &Smallest<N>) {
        for value in values.iter() {
            self.found(source, value.as_bytes());
        }
    }
}

fn smallest<const N: usize>(list: &[u8]) -> Smallest<N> {
    let mut values = Smallest::new();
    for value in list.split(|byte| *byte == b',').filter_map(junk::cleaned) {
        values.insert(value);
    }
    values
}

/// Whether these are EDX and EAX of CPUID leaf 1, and not the serial number of a chip.
fn is_x86(id: &[u8]) -> bool {
    let features = id.get(..8).filter(|_| id.len() == 16).and_then(|digits| core::str::from_utf8(digits).ok());
    features
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .is_some_and(|features| features & X86_FEATURES == X86_FEATURES)
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

    fn components(text: &str) -> Vec<(u8, String)> {
        let machine = Machine::of_fingerprint(text.as_bytes()).expect("four fields");
        let component = |index| machine.component(index).expect("a component");
        let value = |value: &[u8]| String::from_utf8(value.to_vec()).expect("ASCII");
        (0..machine.count()).map(|index| (component(index).kind, value(component(index).value))).collect()
    }

    #[test]
    fn a_fingerprint_shows_components() {
        let text = "04:7C:16:5E:E3:5D|001B_444A_488B_5CEC.||BFEBFBFF00090672";
        assert_eq!(components(text), [(1, "04:7C:16:5E:E3:5D".into()), (3, "001B_444A_488B_5CEC.".into())]);
        assert_eq!(fingerprint(&Machine::of_fingerprint(text.as_bytes()).expect("four fields")), text);
        // The serial number of a Raspberry Pi is its own; AMD's and Intel's ids are those of a model.
        assert_eq!(components("|||10000000ABCDEF12"), [(6, "10000000ABCDEF12".into())]);
        assert_eq!(components("|||178BFBFF00A20F12"), []);
        assert_eq!(components("|||0781ABFD000006F7"), [], "an old one");
        // A value that says nothing is not a component, and a repeated value counts once.
        assert_eq!(components("00:00:00:00:00:00,,B2|DDDD,QM00001|TO BE FILLED BY O.E.M.|"), []);
        assert_eq!(components("|S4XYZ1,S4XYZ1|PF2ABC1D|"), [(2, "PF2ABC1D".into()), (3, "S4XYZ1".into())]);
    }

    #[test]
    fn of_too_many_parts_a_fingerprint_shows_those_that_the_machine_shows() {
        let macs: Vec<String> = (10..20).rev().map(|last| std::format!("04:7C:16:5E:E3:{last}")).collect();
        let shown = components(&std::format!("{}|D4XX,D3XX,D2XX,D1XX,D0XX||", macs.join(",")));
        let values: Vec<&str> = shown.iter().map(|(_, value)| value.rsplit(':').next().expect("a part")).collect();
        assert_eq!(values, ["10", "11", "12", "13", "14", "D0XX", "D1XX", "D2XX", "D3XX"]);
    }

    #[test]
    fn what_is_no_fingerprint_is_refused() {
        let long = std::format!("{}|||", "A".repeat(FINGERPRINT_MAX - 2));
        for text in ["", "A|B|C", "A|B|C|D|E", long.as_str()] {
            assert!(Machine::of_fingerprint(text.as_bytes()).is_err(), "{}", text.len());
        }
        assert!(Machine::of_fingerprint(&long.as_bytes()[1..]).is_ok());
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
