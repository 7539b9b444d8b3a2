//! Linux: random bytes, directory listings, symbolic links, the permanent address of a network interface.

use core::ffi::{c_char, c_int};

use super::unix::{Directory, File, repeat};
use crate::error::HostError;
use crate::text::Text;

/// A path below the root of a [`Tree`], without a slash in front.
pub(crate) type TreePath = Text<1024>;

/// Fills `memory` from the random generator of the system. Waits until it is seeded, early in a boot.
pub(crate) fn random(memory: &mut [u8]) -> Result<(), HostError> {
    let mut rest = memory;
    while !rest.is_empty() {
        let (address, length) = (rest.as_mut_ptr(), rest.len());
        // SAFETY: the address is that of `length` bytes that nobody else uses during the call.
        let filled = repeat(|| unsafe { libc::getrandom(address.cast(), length, 0) })?;
        rest = rest.get_mut(filled..).unwrap_or_default();
    }
    Ok(())
}

/// The files below a directory that replaces `/`.
#[derive(Debug)]
pub(crate) struct Tree {
    root: Directory,
}

impl Tree {
    pub(crate) fn open(root: &[u8]) -> Option<Self> {
        Some(Self { root: Directory::open(root).ok()? })
    }

    /// Opens a file, following symbolic links: `/sys` consists of them. The file may be a device or a pipe only if the
    /// system itself is odd; opening does not wait for one.
    pub(crate) fn open_file(&self, path: &TreePath) -> Option<File> {
        let flags = libc::O_RDONLY | libc::O_NONBLOCK | libc::O_NOCTTY;
        File::open(self.root.descriptor(), path.as_c_str(), flags).ok()
    }

    /// Where a symbolic link points to.
    pub(crate) fn link<'m>(&self, path: &TreePath, memory: &'m mut [u8]) -> Option<&'m [u8]> {
        let (path, address, length) = (path.as_c_str().as_ptr(), memory.as_mut_ptr(), memory.len());
        // SAFETY: `path` ends in NUL, the address is that of `length` bytes; all are valid during the call.
        let call = || unsafe { libc::readlinkat(self.root.descriptor(), path, address.cast(), length) };
        let found = repeat(call).ok().filter(|found| *found < length)?;
        memory.get(..found)
    }

    /// Whether something of that name exists, be it a link that leads nowhere.
    pub(crate) fn exists(&self, path: &TreePath) -> bool {
        let (directory, path) = (self.root.descriptor(), path.as_c_str().as_ptr());
        // SAFETY: `path` ends in NUL and is valid during the call.
        repeat(|| unsafe { libc::faccessat(directory, path, libc::F_OK, libc::AT_SYMLINK_NOFOLLOW) }).is_ok()
    }

    /// Calls `each` with the name of everything in a directory, in the order of the system.
    pub(crate) fn list(&self, path: &TreePath, mut each: impl FnMut(&[u8])) {
        let Some(file) = self.open_file(path) else { return };
        let mut memory = [0_u8; 4096];
        loop {
            let (address, length) = (memory.as_mut_ptr(), memory.len());
            // SAFETY: the address is that of `length` bytes that nobody else uses during the call. Nothing is read as
            // a structure: the bytes are taken apart below.
            let call = || unsafe { libc::syscall(libc::SYS_getdents64, file.descriptor(), address, length) };
            let Ok(filled) = repeat(call) else { return };
            if filled == 0 {
                return;
            }
            for_each_name(memory.get(..filled).unwrap_or_default(), &mut each);
        }
    }
}

/// Takes the records of `getdents64` apart: inode 8 bytes, offset 8, length of the record 2, type 1, name and NUL.
fn for_each_name(records: &[u8], each: &mut impl FnMut(&[u8])) {
    let mut rest = records;
    while let Some((head, _)) = rest.split_first_chunk::<19>() {
        let [.., low, high, _] = *head;
        let Some((record, after)) = rest.split_at_checked(usize::from(u16::from_ne_bytes([low, high]))) else { return };
        let Some(name) = record.get(19..).and_then(|name| name.split(|byte| *byte == 0).next()) else { return };
        if name != b"." && name != b".." {
            each(name);
        }
        rest = after;
    }
}

/// `struct ethtool_perm_addr` of `linux/ethtool.h`, with room for the longest address.
#[repr(C)]
struct PermanentAddress {
    command: u32,
    size: u32,
    address: [u8; 32],
}

/// `ETHTOOL_GPERMADDR` of `linux/ethtool.h`.
const GET_PERMANENT_ADDRESS: u32 = 0x20;

/// The address that a network interface of this system was made with, whatever address it uses now; zeros or `None` if
/// its driver does not know it.
pub(crate) fn permanent_address(interface: &[u8]) -> Option<[u8; 6]> {
    // SAFETY: it has no preconditions.
    let call = || unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) };
    let socket = File::from_descriptor(c_int::try_from(repeat(call).ok()?).ok()?);
    let mut answer = PermanentAddress { command: GET_PERMANENT_ADDRESS, size: 32, address: [0; 32] };
    let mut request = libc::ifreq {
        ifr_name: [0; libc::IFNAMSIZ],
        ifr_ifru: libc::__c_anonymous_ifr_ifru { ifru_data: (&raw mut answer).cast() },
    };
    let name = request.ifr_name.split_last_mut()?.1.get_mut(..interface.len())?;
    for (to, from) in name.iter_mut().zip(interface) {
        *to = c_char::from_ne_bytes([*from]);
    }
    // SAFETY: the request is an `ifreq` whose pointer leads to the structure that this command fills in, with room for
    // as many bytes of address as it says. Both live until the call is over.
    let call = || unsafe { libc::ioctl(socket.descriptor(), libc::SIOCETHTOOL, &raw mut request) };
    repeat(call).ok()?;
    if answer.size == 6 { answer.address.first_chunk().copied() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{for_each_name, permanent_address};
    use std::format;
    use std::fs;
    use std::string::String;
    use std::vec::Vec;

    #[test]
    fn permanent_addresses_are_those_that_the_kernel_shows() {
        assert_eq!(permanent_address(b"no such name"), None);
        assert_eq!(permanent_address(&[b'x'; 16]), None);
        assert_eq!(permanent_address(&[b'x'; 500]), None);
        for entry in fs::read_dir("/sys/class/net").expect("interfaces") {
            let entry = entry.expect("an interface");
            let shown = |file| fs::read_to_string(entry.path().join(file)).unwrap_or_default();
            if shown("addr_assign_type") == "0\n" && shown("type") == "1\n" {
                let name = entry.file_name().into_encoded_bytes();
                let address = permanent_address(&name).expect("Ethernet has one");
                let text: Vec<String> = address.iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(text.join(":"), shown("address").trim());
            }
        }
    }

    #[test]
    fn directory_records_are_taken_apart_whatever_they_hold() {
        let record = |name: &[u8]| {
            let length = u16::try_from(20 + name.len()).expect("short");
            [&[7; 16][..], &length.to_ne_bytes(), &[8], name, &[0]].concat()
        };
        let all = [record(b"."), record(b"eth0"), record(b".."), record(b"wlan0")].concat();
        let mut names: Vec<Vec<u8>> = Vec::new();
        for_each_name(&all, &mut |name| names.push(name.to_vec()));
        assert_eq!(names, [b"eth0".to_vec(), b"wlan0".to_vec()]);
        for end in 0..all.len() {
            for_each_name(&all[..end], &mut |name| assert!(name.len() <= 5));
        }
        // A record that claims to be shorter than its head ends the list.
        for_each_name(&[0; 64], &mut |_| panic!("no name"));
    }
}
