//! Windows: clocks, random bytes, the registry, the firmware's table, network interfaces, drives.
//! Untested: not run by this project's tests.

use core::ffi::CStr;
use core::mem::size_of;
use core::ptr::null_mut;

use windows_sys::Win32::Foundation::{ERROR_SUCCESS, FILETIME};
use windows_sys::Win32::NetworkManagement::IpHelper::{FreeMibTable, GetIfTable2, MIB_IF_ROW2, MIB_IF_TABLE2};
use windows_sys::Win32::Security::Cryptography::{BCRYPT_USE_SYSTEM_PREFERRED_RNG, BCryptGenRandom};
use windows_sys::Win32::System::Environment::GetEnvironmentVariableW;
use windows_sys::Win32::System::IO::DeviceIoControl;
use windows_sys::Win32::System::Ioctl::{IOCTL_STORAGE_QUERY_PROPERTY, STORAGE_PROPERTY_QUERY};
use windows_sys::Win32::System::Registry::{HKEY_LOCAL_MACHINE, RRF_RT_REG_SZ, RRF_SUBKEY_WOW6464KEY, RegGetValueW};
use windows_sys::Win32::System::SystemInformation::{
    GetSystemFirmwareTable, GetSystemTimePreciseAsFileTime, GetTickCount64,
};
use windows_sys::Win32::System::Threading::Sleep;

use super::PATH_MAX;
use super::windows_files::File;
use crate::error::{Cause, HostError};
use crate::text::Text;

/// From 1601, where the system's time starts, to 1970, in seconds.
const FROM_1601: u64 = 11_644_473_600;
/// Units of 100 ns in a second.
const UNITS: u64 = 10_000_000;

/// Seconds since 1970, by the clock of the system; `None` before 1970.
pub(crate) fn now() -> Option<u64> {
    let mut time = FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 };
    // SAFETY: the address is that of a FILETIME.
    unsafe { GetSystemTimePreciseAsFileTime(&raw mut time) };
    let units = (u64::from(time.dwHighDateTime) << 32) | u64::from(time.dwLowDateTime);
    units.checked_div(UNITS)?.checked_sub(FROM_1601)
}

/// Seconds since the system was started, those asleep included.
pub(crate) fn uptime() -> Option<u64> {
    // SAFETY: it has no preconditions.
    let milliseconds = unsafe { GetTickCount64() };
    milliseconds.checked_div(1000)
}

/// Waits a moment.
pub(crate) fn pause(milliseconds: u32) {
    // SAFETY: it has no preconditions.
    unsafe { Sleep(milliseconds) };
}

/// Fills `memory` from the random generator of the system.
pub(crate) fn random(memory: &mut [u8]) -> Result<(), HostError> {
    let length = u32::try_from(memory.len()).map_err(|_| HostError::of(Cause::Argument))?;
    let address = memory.as_mut_ptr();
    // SAFETY: the address is that of `length` bytes; with this flag the first argument is null.
    let status = unsafe { BCryptGenRandom(null_mut(), address, length, BCRYPT_USE_SYSTEM_PREFERRED_RNG) };
    if status == 0 { Ok(()) } else { Err(HostError::system(status)) }
}

/// Between the names of a path.
pub(crate) const SEPARATOR: u8 = b'\\';

/// Whether a path does not depend on the directory in which the program was started: `C:\…` or `\\server\…`.
pub(crate) fn is_absolute(path: &[u8]) -> bool {
    matches!(path, [_, b':', SEPARATOR, ..] | [SEPARATOR, SEPARATOR, ..])
}

/// A variable of the environment, in UTF-8; `None` if it is not set, longer than any path or not Unicode.
pub(crate) fn variable(name: &CStr) -> Option<Text<PATH_MAX>> {
    let mut wide_name = [0_u16; 32];
    for (unit, byte) in wide_name.iter_mut().zip(name.to_bytes()) {
        *unit = u16::from(*byte);
    }
    // Names are shorter than this: the last unit stays NUL.
    *wide_name.last_mut()? = 0;
    let mut value = [0_u16; 1024];
    let room = u32::try_from(value.len()).ok()?;
    // SAFETY: the name ends in NUL, and `value` has as many units as the call is told.
    let length = unsafe { GetEnvironmentVariableW(wide_name.as_ptr(), value.as_mut_ptr(), room) };
    let units = value.get(..usize::try_from(length).ok()?).filter(|units| !units.is_empty())?;
    let mut text = Text::new();
    for character in char::decode_utf16(units.iter().copied()) {
        text.push(character.ok()?.encode_utf8(&mut [0; 4]).as_bytes()).ok()?;
    }
    Some(text)
}

/// The id that the installation of Windows has, in UTF-16.
pub(crate) fn machine_guid(memory: &mut [u16; 64]) -> Option<&[u16]> {
    let mut size = u32::try_from(size_of::<[u16; 64]>()).ok()?;
    let key = windows_sys::core::w!("SOFTWARE\\Microsoft\\Cryptography");
    let name = windows_sys::core::w!("MachineGuid");
    let address = memory.as_mut_ptr().cast();
    // A program of 32 bits sees another part of the registry unless it asks for this one.
    let flags = RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY;
    // SAFETY: both names end in NUL, the address is that of as many bytes as `size` says.
    let status = unsafe { RegGetValueW(HKEY_LOCAL_MACHINE, key, name, flags, null_mut(), address, &raw mut size) };
    if status != ERROR_SUCCESS {
        return None;
    }
    let units = usize::try_from(size).ok()?.checked_div(2)?;
    memory.get(..units)
}

/// The table of the firmware (SMBIOS), with the eight bytes that Windows puts in front of it.
pub(crate) fn firmware_table(memory: &mut [u8]) -> Option<&[u8]> {
    let provider = u32::from_be_bytes(*b"RSMB");
    let (address, length) = (memory.as_mut_ptr(), u32::try_from(memory.len()).ok()?);
    // SAFETY: the address is that of `length` bytes.
    let size = unsafe { GetSystemFirmwareTable(provider, 0, address, length) };
    // A larger size is the one that it would need; nothing was written then, and `get` fails.
    if size == 0 { None } else { memory.get(..usize::try_from(size).ok()?) }
}

/// A network interface.
pub(crate) struct Interface {
    /// Hardware with a connector or an antenna, by its driver's word.
    pub(crate) physical: bool,
    /// Of `ifType` of the IANA: 6 Ethernet, 71 Wi-Fi.
    pub(crate) kind: u32,
    /// The address it was made with.
    pub(crate) address: [u8; 6],
}

/// Calls `each` with every network interface.
pub(crate) fn for_each_interface(mut each: impl FnMut(&Interface)) {
    let mut table: *mut MIB_IF_TABLE2 = null_mut();
    // SAFETY: the address is that of a pointer.
    let status = unsafe { GetIfTable2(&raw mut table) };
    if status != ERROR_SUCCESS || table.is_null() {
        return;
    }
    // SAFETY: the table is valid until it is freed below.
    let count = unsafe { (*table).NumEntries };
    // SAFETY: the field lies within the table; only its address is taken.
    let rows: *const MIB_IF_ROW2 = unsafe { (&raw const (*table).Table).cast() };
    for index in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: there are `count` rows, one behind the other.
        let row = unsafe { rows.add(index) };
        // SAFETY: the row is one of them: initialized, aligned, and nobody writes to it.
        let row = unsafe { &*row };
        let flags = row.InterfaceAndOperStatusFlags._bitfield;
        let Some(address) = row.PermanentPhysicalAddress.first_chunk::<6>() else { continue };
        // Bit 0: HardwareInterface; bit 2: ConnectorPresent.
        let physical = flags & 0b101 == 0b101 && row.PhysicalAddressLength == 6;
        each(&Interface { physical, kind: row.Type, address: *address });
    }
    // SAFETY: the table came from GetIfTable2 and is not used afterwards.
    unsafe { FreeMibTable(table.cast()) };
}

/// What the drive with this number says about itself: a `STORAGE_DEVICE_DESCRIPTOR`.
pub(crate) fn drive_descriptor(number: u8, memory: &mut [u8]) -> Option<&[u8]> {
    let drive = File::open_drive(number)?;
    // Property 0 is the device, query type 0 the standard one.
    let query = STORAGE_PROPERTY_QUERY { PropertyId: 0, QueryType: 0, AdditionalParameters: [0] };
    let query_size = u32::try_from(size_of::<STORAGE_PROPERTY_QUERY>()).ok()?;
    let (address, length) = (memory.as_mut_ptr().cast(), u32::try_from(memory.len()).ok()?);
    let mut filled = 0_u32;
    // SAFETY: the handle is open; both addresses are those of as many bytes as the call is told, `filled` is a u32, and
    // without an OVERLAPPED the call is over when it returns.
    let done = unsafe {
        DeviceIoControl(
            drive.handle(),
            IOCTL_STORAGE_QUERY_PROPERTY,
            (&raw const query).cast(),
            query_size,
            address,
            length,
            &raw mut filled,
            null_mut(),
        )
    };
    if done == 0 { None } else { memory.get(..usize::try_from(filled).ok()?) }
}

/// What the processor says about itself.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
pub(crate) struct Cpuid {
    pub(crate) vendor: [[u8; 4]; 3],
    pub(crate) signature: u32,
    pub(crate) features: u32,
    /// It runs below a hypervisor.
    pub(crate) hypervisor: bool,
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
#[allow(unused_unsafe, reason = "a safe function in newer versions of Rust")]
pub(crate) fn cpuid() -> Cpuid {
    #[cfg(target_arch = "x86")]
    use core::arch::x86::__cpuid;
    #[cfg(target_arch = "x86_64")]
    use core::arch::x86_64::__cpuid;
    // SAFETY: every processor that runs this Windows has the instruction and both leaves.
    let (zero, one) = (unsafe { __cpuid(0) }, unsafe { __cpuid(1) });
    Cpuid {
        vendor: [zero.ebx, zero.edx, zero.ecx].map(u32::to_le_bytes),
        signature: one.eax,
        features: one.edx,
        hypervisor: one.ecx >> 31 == 1,
    }
}
