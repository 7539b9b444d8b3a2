//! The identity of a Linux system, from `/sys`, `/proc` and `/etc`.

mod cpu;
mod device;
mod disk;
mod net;
mod signs;

use crate::files;
use crate::machine::{Machine, Source};
use crate::sys::linux::{Tree, TreePath};

/// What the files hold that a value comes from: one value each, short.
const VALUE_FILE_MAX: usize = 512;

/// Reads all there is.
pub(crate) fn read(machine: &mut Machine, root: &[u8]) {
    let Some(tree) = Tree::open(root) else { return };
    machine_id(machine, &tree);
    for (source, file) in [
        (Source::BoardSerial, &b"board_serial"[..]),
        (Source::ProductUuid, b"product_uuid"),
        (Source::ProductSerial, b"product_serial"),
    ] {
        with_file(&tree, &[b"sys/class/dmi/id/", file], |value| machine.found(source, value));
    }
    net::read(machine, &tree, root == b"/");
    disk::read(machine, &tree);
    cpu::read(machine, &tree);
    signs::read(machine.signs_mut(), &tree);
}

/// 32 hexadecimal digits. An image that is not installed yet has an empty file, or the word `uninitialized`.
fn machine_id(machine: &mut Machine, tree: &Tree) {
    for path in [&b"etc/machine-id"[..], b"var/lib/dbus/machine-id"] {
        let found = with_file(tree, &[path], |value| {
            let id = value.trim_ascii();
            id.len() == 32 && id.iter().all(u8::is_ascii_hexdigit) && machine.found(Source::MachineId, id)
        });
        if found == Some(true) {
            return;
        }
    }
}

/// Calls `then` with the front of a file; `None` if it cannot be read or its path is too long to exist.
fn with_file<T>(tree: &Tree, path: &[&[u8]], then: impl FnOnce(&[u8]) -> T) -> Option<T> {
    let mut memory = [0_u8; VALUE_FILE_MAX];
    Some(then(read_file(tree, path, &mut memory)?))
}

fn read_file<'m>(tree: &Tree, path: &[&[u8]], memory: &'m mut [u8]) -> Option<&'m [u8]> {
    let file = tree.open_file(&TreePath::of(path).ok()?)?;
    let length = files::read_all(&file, memory).ok()?;
    memory.get(..length)
}

fn exists(tree: &Tree, path: &[&[u8]]) -> bool {
    TreePath::of(path).is_ok_and(|path| tree.exists(&path))
}
