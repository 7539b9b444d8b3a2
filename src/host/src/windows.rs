//! The identity of a Windows system. Untested: not run by this project's tests; what takes apart the bytes that Windows
//! hands out is tested.

use crate::drive;
use crate::hex;
use crate::junk;
use crate::machine::{Machine, Source};
use crate::signs::Sign;
use crate::smallest::{DISKS_MAX, MACS_MAX, Smallest};
use crate::smbios::Firmware;
use crate::sys::windows::{self, Interface};
use crate::text::Value;

/// Room for the firmware's table. Those of large servers have 20 KB.
const FIRMWARE_MAX: usize = 32 * 1024;

/// How many drives are looked for.
const DRIVES: u8 = 16;

/// Reads all there is.
pub(crate) fn read(machine: &mut Machine) {
    if let Some(id) = machine_id() {
        machine.found(Source::MachineId, id.as_bytes());
    }
    firmware(machine);
    interfaces(machine);
    drives(machine);
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        let cpu = windows::cpuid();
        machine.found_processor(cpu.vendor.as_flattened(), cpu.signature, cpu.features);
        machine.signs_mut().add(Sign::HypervisorFlag, cpu.hypervisor);
    }
}

fn machine_id() -> Option<Value> {
    let mut memory = [0_u16; 64];
    let mut id = Value::new();
    for unit in windows::machine_guid(&mut memory)?.iter().take_while(|unit| **unit != 0) {
        id.push(&[u8::try_from(*unit).ok()?]).ok()?;
    }
    Some(id)
}

/// A function of its own, so that its memory is free again when it returns.
#[inline(never)]
fn firmware(machine: &mut Machine) {
    let mut memory = [0_u8; FIRMWARE_MAX];
    let Some(table) = windows::firmware_table(&mut memory).and_then(|table| table.get(8..)) else { return };
    let firmware = Firmware::of(table);
    machine.found(Source::BoardSerial, firmware.board_serial);
    if let Some(id) = firmware.uuid.and_then(hex::uuid) {
        machine.found(Source::ProductUuid, id.as_bytes());
    }
    machine.found(Source::ProductSerial, firmware.serial);
    machine.signs_mut().firmware(&[firmware.maker], firmware.product);
}

fn interfaces(machine: &mut Machine) {
    let mut addresses = Smallest::<MACS_MAX>::new();
    windows::for_each_interface(|interface| {
        let Interface { physical, kind, address } = interface;
        let [first, ..] = *address;
        // Ethernet and Wi-Fi, with an address that its maker has registered.
        if *physical && matches!(*kind, 6 | 71) && first & 3 == 0 {
            if let Some(text) = hex::mac(*address) {
                addresses.insert(text);
            }
        }
    });
    for value in addresses.iter() {
        machine.found(Source::Mac, value.as_bytes());
    }
}

fn drives(machine: &mut Machine) {
    let mut serials = Smallest::<DISKS_MAX>::new();
    for number in 0..DRIVES {
        let mut memory = [0_u8; 1024];
        let serial = windows::drive_descriptor(number, &mut memory).and_then(drive::built_in_serial);
        if let Some(serial) = serial.and_then(junk::cleaned) {
            serials.insert(serial);
        }
    }
    for value in serials.iter() {
        machine.found(Source::Disk, value.as_bytes());
    }
}
