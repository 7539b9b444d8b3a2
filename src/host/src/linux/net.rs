//! Permanent addresses of the network interfaces that are built in.

use super::device::Device;
use super::{exists, with_file};
use crate::hex;
use crate::machine::{Machine, Source};
use crate::smallest::{MACS_MAX, Smallest};
use crate::sys::linux::{self, Tree, TreePath};

const CLASS: &[u8] = b"sys/class/net/";

/// Buses on which an address that nobody registered is nevertheless the machine's own: hypervisors and clouds give such
/// addresses. On other buses it is one that a driver made up because the device had none.
const VIRTUAL_BUSES: [&[u8]; 4] = [b"pci", b"virtio", b"vmbus", b"xen"];

/// `live` if the interfaces in the tree are those of the running system, which can be asked about them.
pub(super) fn read(machine: &mut Machine, tree: &Tree, live: bool) {
    let mut addresses = Smallest::<MACS_MAX>::new();
    let Ok(class) = TreePath::of(&[CLASS]) else { return };
    tree.list(&class, |name| {
        if let Some(value) = built_in_address(tree, name, live).and_then(hex::mac) {
            addresses.insert(value);
        }
    });
    for value in addresses.iter() {
        machine.found(Source::Mac, value.as_bytes());
    }
}

fn built_in_address(tree: &Tree, name: &[u8], live: bool) -> Option<[u8; 6]> {
    let device = Device::of(tree, CLASS, name)?;
    let ethernet = with_file(tree, &[CLASS, name, b"/type"], |kind| kind.trim_ascii() == b"1")?;
    // A virtual function of an adapter that the host keeps for itself: made and removed at will.
    let function = exists(tree, &[CLASS, name, b"/device/physfn"]);
    if device.is_virtual() || !exists(tree, &[CLASS, name, b"/device"]) || !ethernet || function {
        return None;
    }
    if device.is_removable(tree) {
        return None;
    }
    let address = permanent_address(tree, name, live)?;
    let [first, ..] = address;
    // A group address is no interface's; zeros and the like are dropped with all other meaningless values.
    let usable = first & 1 == 0 && (first & 2 == 0 || is_on_virtual_bus(tree, name));
    if usable { Some(address) } else { None }
}

/// The address that the interface was made with. The one it uses may be random (privacy), shared (bond) or the user's.
fn permanent_address(tree: &Tree, name: &[u8], live: bool) -> Option<[u8; 6]> {
    let asked = if live { linux::permanent_address(name).filter(|address| *address != [0; 6]) } else { None };
    asked.or_else(|| with_file(tree, &[CLASS, name, b"/bonding_slave/perm_hwaddr"], parsed).flatten()).or_else(|| {
        // 0: permanent; 1: random; 2: another interface's; 3: set by somebody.
        let permanent = with_file(tree, &[CLASS, name, b"/addr_assign_type"], |kind| kind.trim_ascii() == b"0")?;
        if permanent { with_file(tree, &[CLASS, name, b"/address"], parsed).flatten() } else { None }
    })
}

fn is_on_virtual_bus(tree: &Tree, name: &[u8]) -> bool {
    let mut memory = [0_u8; 1000];
    let Ok(path) = TreePath::of(&[CLASS, name, b"/device/subsystem"]) else { return false };
    let bus = tree.link(&path, &mut memory).and_then(|target| target.rsplit(|byte| *byte == b'/').next());
    bus.is_some_and(|bus| VIRTUAL_BUSES.contains(&bus))
}

/// Six bytes in hexadecimal with colons.
fn parsed(text: &[u8]) -> Option<[u8; 6]> {
    let mut address = [0_u8; 6];
    let mut parts = text.trim_ascii().split(|byte| *byte == b':');
    for byte in &mut address {
        let [high, low] = *parts.next()? else { return None };
        *byte = digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?;
    }
    if parts.next().is_none() { Some(address) } else { None }
}

fn digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::parsed;
    use crate::hex;

    #[test]
    fn addresses_are_read_and_written() {
        let address = parsed(b"04:7c:16:5e:E3:5d\n").expect("an address");
        assert_eq!(address, [0x04, 0x7C, 0x16, 0x5E, 0xE3, 0x5D]);
        assert_eq!(hex::mac(address).expect("17 bytes").as_bytes(), b"04:7C:16:5E:E3:5D");
        for bad in ["", "04", "04:7c:16:5e:e3", "04:7c:16:5e:e3:5d:00", "4:7c:16:5e:e3:5d", "0g:7c:16:5e:e3:5d"] {
            assert_eq!(parsed(bad.as_bytes()), None, "{bad}");
        }
    }
}
