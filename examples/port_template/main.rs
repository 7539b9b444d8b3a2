//! A template for the port to another operating system: copy this folder, replace what each file marks with "Replace", and
//! run it on the device. It checks what the engine relies on. `cargo run --example port_template -- DIRECTORY`
//!
//! It needs the standard library for its checks and for the stand-ins; the traits of `lic2::port` do not.

mod clock;
mod identity;
mod store;

use std::path::PathBuf;
use std::process::ExitCode;

use lic2::port::{Clock, Identity, Slot, Store, Wall};

use crate::clock::DeviceClock;
use crate::identity::DeviceIdentity;
use crate::store::DeviceStore;

/// Size of a slot: the header calls it LIC2_STATE_BYTES.
const STATE_LEN: usize = 4096;

fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("port_template DIRECTORY");
        return ExitCode::from(2);
    };
    let checks = [
        ("a slot that was never written is empty", check_blank(&mut DeviceStore::new(&directory))),
        ("a slot has what was written last, all of it", check_kept(&directory)),
        ("content that is longer than the memory is cut off", check_short(&mut DeviceStore::new(&directory))),
        ("the uptime does not run backward", check_uptime(&mut DeviceClock::new())),
        ("the clock shows a time after 2020, or says that it cannot", check_wall(&mut DeviceClock::new())),
        ("the identity is the same at every call", check_identity(&DeviceIdentity::new())),
        ("a secret has at least 16 bytes", DeviceIdentity::new().secret().is_none_or(|secret| secret.len() >= 16)),
    ];
    for (what, holds) in checks {
        println!("{}  {what}", if holds { "ok    " } else { "FAILED" });
    }
    if checks.iter().all(|(_, holds)| *holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check_blank(store: &mut DeviceStore) -> bool {
    let mut memory = [0; STATE_LEN];
    [Slot::A, Slot::B].into_iter().all(|slot| match store.read(slot, &mut memory) {
        Ok(length) => memory.iter().take(length).all(|byte| *byte == 0xFF),
        Err(_) => false,
    })
}

/// By another store on the same place, as after a restart.
fn check_kept(directory: &std::path::Path) -> bool {
    let contents = [(Slot::A, vec![1; STATE_LEN]), (Slot::B, vec![2; 100]), (Slot::A, vec![3; 7])];
    for (slot, bytes) in &contents {
        if DeviceStore::new(directory).write(*slot, bytes).is_err() {
            return false;
        }
    }
    let mut store = DeviceStore::new(directory);
    let mut memory = [0; STATE_LEN];
    let mut is_kept = |slot, bytes: &[u8]| {
        // Flash may add FF to the end.
        store.read(slot, &mut memory).is_ok_and(|length| {
            length >= bytes.len()
                && memory.starts_with(bytes)
                && memory[bytes.len()..length].iter().all(|byte| *byte == 0xFF)
        })
    };
    is_kept(Slot::B, &contents[1].1) && is_kept(Slot::A, &contents[2].1)
}

fn check_short(store: &mut DeviceStore) -> bool {
    let mut memory = [0; 3];
    store.read(Slot::B, &mut memory) == Ok(3) && memory == [2; 3]
}

fn check_uptime(clock: &mut DeviceClock) -> bool {
    let readings = [clock.read(), clock.read()].map(|reading| reading.uptime_seconds);
    match readings {
        [Some(first), Some(second)] => first <= second,
        [None, None] => true,
        [Some(_), None] | [None, Some(_)] => false,
    }
}

fn check_wall(clock: &mut DeviceClock) -> bool {
    match clock.read().wall {
        Wall::Time(time) => time.0 > lic2::EPOCH_2020,
        Wall::Unset | Wall::Absent => true,
    }
}

fn check_identity(identity: &DeviceIdentity) -> bool {
    let shown = |identity: &DeviceIdentity| -> Vec<(u8, Vec<u8>)> {
        identity.components().iter().map(|component| (component.kind, component.value.to_vec())).collect()
    };
    let first = shown(identity);
    first == shown(identity) && first.len() <= lic2::limits::COMPONENT_FACTS_MAX
}
