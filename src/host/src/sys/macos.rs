//! macOS: random bytes, the id of the machine, `sysctl`, network interfaces. Untested: not run by this project's tests.

use core::ffi::{CStr, c_int};
use core::mem::{MaybeUninit, size_of};
use core::ptr::null_mut;

use super::unix::repeat;
use crate::error::HostError;

/// Most bytes that the generator gives at once.
const RANDOM_MAX: usize = 256;

/// `IFT_ETHER` of `net/if_types.h`; Wi-Fi calls itself so, too.
const ETHERNET: u8 = 6;

/// Fills `memory` from the random generator of the system.
pub(crate) fn random(memory: &mut [u8]) -> Result<(), HostError> {
    for part in memory.chunks_mut(RANDOM_MAX) {
        let (address, length) = (part.as_mut_ptr(), part.len());
        // SAFETY: the address is that of `length` bytes that nobody else uses during the call.
        repeat(|| unsafe { libc::getentropy(address.cast(), length) })?;
    }
    Ok(())
}

/// The id of the hardware, which survives a new installation.
pub(crate) fn host_uuid() -> Option<[u8; 16]> {
    let mut id = [0_u8; 16];
    let wait = libc::timespec { tv_sec: 1, tv_nsec: 0 };
    let address = id.as_mut_ptr();
    // SAFETY: the first address is that of 16 bytes, the second that of a `timespec`.
    repeat(|| unsafe { libc::gethostuuid(address, &raw const wait) }).ok()?;
    Some(id)
}

/// What `sysctl` says, as bytes.
pub(crate) fn sysctl<'m>(name: &CStr, memory: &'m mut [u8]) -> Option<&'m [u8]> {
    let mut length = memory.len();
    let address = memory.as_mut_ptr();
    let length_address = &raw mut length;
    // SAFETY: the name ends in NUL, the first address is that of `length` bytes, the second that of `length`; nothing is
    // set.
    let call = || unsafe { libc::sysctlbyname(name.as_ptr(), address.cast(), length_address, null_mut(), 0) };
    repeat(call).ok()?;
    memory.get(..length)
}

/// Calls `each` with the name and the address of every network interface that has six bytes of one.
pub(crate) fn for_each_interface(mut each: impl FnMut(&[u8], [u8; 6])) {
    let mut list = MaybeUninit::<*mut libc::ifaddrs>::uninit();
    // SAFETY: the address is that of a pointer.
    if repeat(|| unsafe { libc::getifaddrs(list.as_mut_ptr()) }).is_err() {
        return;
    }
    // SAFETY: the call succeeded, so it filled the pointer in.
    let first = unsafe { list.assume_init() };
    let mut next = first;
    while !next.is_null() {
        // SAFETY: it is an entry of the list, which is valid until it is freed below.
        let entry = unsafe { &*next };
        if let Some((name, address)) = link_address(entry) {
            each(&name, address);
        }
        next = entry.ifa_next;
    }
    // SAFETY: the list came from getifaddrs and is not used afterwards.
    unsafe { libc::freeifaddrs(first) };
}

/// Three letters and digits of the name, such as `en0`, and the address.
fn link_address(entry: &libc::ifaddrs) -> Option<([u8; 3], [u8; 6])> {
    if entry.ifa_addr.is_null() {
        return None;
    }
    // SAFETY: every entry's address is at least a `sockaddr`.
    let head = unsafe { &*entry.ifa_addr };
    let whole = usize::from(head.sa_len) >= size_of::<libc::sockaddr_dl>();
    if c_int::from(head.sa_family) != libc::AF_LINK || !whole {
        return None;
    }
    // SAFETY: the family says that it is a `sockaddr_dl`, and its length that all of it is there.
    let link = unsafe { entry.ifa_addr.cast::<libc::sockaddr_dl>().read_unaligned() };
    if link.sdl_type != ETHERNET || link.sdl_nlen != 3 || link.sdl_alen != 6 {
        return None;
    }
    // The name and behind it the address: nine of the twelve bytes.
    let data = link.sdl_data.map(|byte| u8::from_ne_bytes(byte.to_ne_bytes()));
    let (name, rest) = data.split_first_chunk::<3>()?;
    Some((*name, *rest.first_chunk::<6>()?))
}
