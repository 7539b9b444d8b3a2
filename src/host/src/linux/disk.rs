//! Serial numbers of the disks that are built in.

use super::device::Device;
use super::{exists, with_file};
use crate::junk;
use crate::machine::{Machine, Source};
use crate::smallest::{DISKS_MAX, Smallest};
use crate::sys::linux::{Tree, TreePath};

const CLASS: &[u8] = b"sys/block/";

/// Where kernels show a serial number, the best first: of an NVMe drive or a memory card, of a virtual disk, of a SCSI or
/// SATA drive (after the four bytes in front of it), and world-wide names where there is none.
const FILES: [(&[u8], usize); 5] =
    [(b"/device/serial", 0), (b"/serial", 0), (b"/device/vpd_pg80", 4), (b"/wwid", 0), (b"/device/wwid", 0)];

pub(super) fn read(machine: &mut Machine, tree: &Tree) {
    let mut serials = Smallest::<DISKS_MAX>::new();
    let Ok(class) = TreePath::of(&[CLASS]) else { return };
    tree.list(&class, |name| {
        if !is_built_in(tree, name) {
            return;
        }
        let serial = FILES.iter().find_map(|(file, skipped)| {
            with_file(tree, &[CLASS, name, file], |value| junk::cleaned(value.get(*skipped..)?)).flatten()
        });
        if let Some(serial) = serial {
            serials.insert(serial);
        }
    });
    for value in serials.iter() {
        machine.found(Source::Disk, value.as_bytes());
    }
}

fn is_built_in(tree: &Tree, name: &[u8]) -> bool {
    let Some(device) = Device::of(tree, CLASS, name) else { return false };
    // Loop devices, RAM disks, and what is put together of other disks, have no device below them.
    let physical = exists(tree, &[CLASS, name, b"/device"]);
    let holds_medium = with_file(tree, &[CLASS, name, b"/removable"], |text| text.trim_ascii() == b"0");
    let card = with_file(tree, &[CLASS, name, b"/device/type"], |text| text.trim_ascii() == b"SD");
    physical
        && holds_medium == Some(true)
        && card != Some(true)
        && !device.has_part(is_network)
        && !device.is_removable(tree)
}

/// Storage in a network belongs to no machine: iSCSI sessions, Fibre Channel ports, NVMe over fabrics.
fn is_network(part: &[u8]) -> bool {
    part.starts_with(b"session") || part.starts_with(b"rport-") || part == b"nvme-fabrics"
}
