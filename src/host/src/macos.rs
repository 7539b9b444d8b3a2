//! The identity of a Mac. Untested: not run by this project's tests.

use core::ffi::CStr;

use crate::hex;
use crate::machine::{Machine, Source};
use crate::signs::Sign;
use crate::sys::macos;

/// Reads all there is without frameworks: no serial numbers of the case and of disks.
pub(crate) fn read(machine: &mut Machine) {
    if let Some(id) = macos::host_uuid().and_then(hex::uuid) {
        machine.found(Source::MachineId, id.as_bytes());
    }
    macos::for_each_interface(|name, address| {
        // The one that is built into every Mac. The addresses of the others may come with a docking station.
        let [first, ..] = address;
        if let (b"en0", 0, Some(text)) = (name, first & 3, hex::mac(address)) {
            machine.found(Source::Mac, text.as_bytes());
        }
    });
    let mut vendor = [0_u8; 32];
    // Only Macs with a processor of Intel have these.
    if let (Some(vendor), Some(signature), Some(features)) = (
        macos::sysctl(c"machdep.cpu.vendor", &mut vendor),
        number(c"machdep.cpu.signature"),
        number(c"machdep.cpu.feature_bits"),
    ) {
        machine.found_processor(vendor.trim_ascii(), signature, features);
    }
    machine.signs_mut().add(Sign::HypervisorFlag, number(c"kern.hv_vmm_present").is_some_and(|present| present != 0));
}

/// The low 32 bits of a number.
fn number(name: &CStr) -> Option<u32> {
    let mut memory = [0_u8; 8];
    macos::sysctl(name, &mut memory)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}
