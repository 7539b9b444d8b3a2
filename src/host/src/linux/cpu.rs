//! The processor: its model on x86, the serial number of the chip on ARM.

use super::{read_file, with_file};
use crate::machine::{Machine, Source};
use crate::sys::linux::Tree;
use crate::text::Value;

/// Enough for the first processor of an x86 system, and for all cores of a small ARM system.
const CPUINFO_MAX: usize = 8192;

/// The names of bits 0 to 31 of EDX of CPUID leaf 1, as the kernel writes them.
const FEATURES: [&[u8]; 32] = [
    b"fpu", b"vme", b"de", b"pse", b"tsc", b"msr", b"pae", b"mce", b"cx8", b"apic", b"", b"sep", b"mtrr", b"pge",
    b"mca", b"cmov", b"pat", b"pse36", b"pn", b"clflush", b"", b"dts", b"acpi", b"mmx", b"fxsr", b"sse", b"sse2",
    b"ss", b"ht", b"tm", b"ia64", b"pbe",
];

pub(super) fn read(machine: &mut Machine, tree: &Tree) {
    let mut memory = [0_u8; CPUINFO_MAX];
    let cpuinfo = read_file(tree, &[b"proc/cpuinfo"], &mut memory).unwrap_or_default();
    if let Some(processor) = Processor::of(cpuinfo) {
        machine.found_processor(processor.vendor, processor.signature, processor.features);
        return;
    }
    let from_tree = with_file(tree, &[b"proc/device-tree/serial-number"], |serial| machine.found(Source::Cpu, serial));
    if from_tree != Some(true) {
        field(cpuinfo, b"Serial").map(|serial| machine.found(Source::Cpu, serial));
    }
    let serial = machine.values(Source::Cpu).next().and_then(|serial| Value::of(&[serial]).ok());
    if let Some(serial) = serial {
        machine.set_processor_id(&[serial.as_bytes()]);
    }
}

struct Processor<'i> {
    vendor: &'i [u8],
    /// EAX of CPUID leaf 1: family, model and stepping.
    signature: u32,
    /// EDX of CPUID leaf 1, as far as the kernel uses it.
    features: u32,
}

impl<'i> Processor<'i> {
    fn of(cpuinfo: &'i [u8]) -> Option<Self> {
        let number = |name| core::str::from_utf8(field(cpuinfo, name)?).ok()?.parse().ok();
        let signature = signature(number(b"cpu family")?, number(b"model")?, number(b"stepping")?);
        let mut features = 0_u32;
        for flag in field(cpuinfo, b"flags")?.split(u8::is_ascii_whitespace) {
            for (bit, name) in (0..u32::BITS).zip(FEATURES) {
                if !flag.is_empty() && flag == name {
                    features |= 1_u32.checked_shl(bit).unwrap_or(0);
                }
            }
        }
        Some(Self { vendor: field(cpuinfo, b"vendor_id")?, signature, features })
    }
}

/// Puts together again what the kernel took apart: families above 15 and models above 15 have fields of their own.
fn signature(family: u32, model: u32, stepping: u32) -> u32 {
    let low = family.min(15);
    let extended = family.saturating_sub(15) & 0xFF;
    (extended << 20) | ((model >> 4 & 15) << 16) | (low << 8) | ((model & 15) << 4) | (stepping & 15)
}

/// The first value of that name in a list of `name : value` lines.
fn field<'i>(cpuinfo: &'i [u8], name: &[u8]) -> Option<&'i [u8]> {
    cpuinfo.split(|byte| *byte == b'\n').find_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (found, value) = line.split_at_checked(colon)?;
        if found.trim_ascii() == name { Some(value.get(1..)?.trim_ascii()) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn signatures_as_their_makers_list_them() {
        // Core i5-12400, EPYC 7763, Pentium 4, Pentium III.
        assert_eq!(signature(6, 151, 2), 0x0009_0672);
        assert_eq!(signature(25, 1, 1), 0x00A0_0F11);
        assert_eq!(signature(15, 4, 3), 0x0000_0F43);
        assert_eq!(signature(6, 8, 10), 0x0000_068A);
    }
}
