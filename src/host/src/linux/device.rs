//! Where a device is attached: built in, or plugged in from outside.

use super::with_file;
use crate::sys::linux::{Tree, TreePath};

/// The place of a network interface or a disk in `/sys/devices`, such as
/// `devices/pci0000:00/0000:00:1f.6/net/eno1`.
pub(super) struct Device {
    path: TreePath,
}

impl Device {
    /// What the link `class``name` leads to.
    pub(super) fn of(tree: &Tree, class: &[u8], name: &[u8]) -> Option<Self> {
        let mut memory = [0_u8; 1000];
        let target = tree.link(&TreePath::of(&[class, name]).ok()?, &mut memory)?;
        let mut rest = target;
        while let Some(shorter) = rest.strip_prefix(b"../") {
            rest = shorter;
        }
        Some(Self { path: TreePath::of(&[rest]).ok().filter(|path| path.as_bytes().starts_with(b"devices/"))? })
    }

    pub(super) fn has_part(&self, found: impl Fn(&[u8]) -> bool) -> bool {
        self.path.as_bytes().split(|byte| *byte == b'/').any(found)
    }

    /// Whether the kernel made it up: bridges, bonds, tunnels, containers' ends, loop devices.
    pub(super) fn is_virtual(&self) -> bool {
        self.path.as_bytes().starts_with(b"devices/virtual/")
    }

    pub(super) fn is_on_usb(&self) -> bool {
        let digits = |rest: &[u8]| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit);
        self.has_part(|part| part.strip_prefix(b"usb").is_some_and(digits))
    }

    /// Whether a person can unplug it. The kernel knows it from the firmware: a port that a plug fits in is `removable`,
    /// a soldered one `fixed`. Whatever hangs below a removable one — the docking station's own network interface, too,
    /// though fixed in the docking station — goes with it. On USB, where nearly everything is plugged in, a device that
    /// is not known to be fixed counts as removable.
    pub(super) fn is_removable(&self, tree: &Tree) -> bool {
        let mut nearest = None;
        let mut path = self.path.as_bytes();
        while let Some(slash) = path.iter().rposition(|byte| *byte == b'/') {
            path = path.get(..slash).unwrap_or_default();
            let state = with_file(tree, &[b"sys/", path, b"/removable"], State::of).flatten();
            if state == Some(State::Removable) {
                return true;
            }
            nearest = nearest.or(state);
        }
        self.is_on_usb() && nearest != Some(State::Fixed)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Removable,
    Fixed,
    Unknown,
}

impl State {
    /// Disks have a file of the same name with a digit in it, which says something else.
    fn of(text: &[u8]) -> Option<Self> {
        match text.trim_ascii() {
            b"removable" => Some(Self::Removable),
            b"fixed" => Some(Self::Fixed),
            b"unknown" => Some(Self::Unknown),
            _ => None,
        }
    }
}
