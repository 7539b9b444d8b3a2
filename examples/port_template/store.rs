//! Two slots that keep their content while the device is off: two files, two pages of flash, two blocks of EEPROM.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use lic2::port::{PortFailure, Slot, Store};

/// Replace: what the device needs to find its slots.
pub(crate) struct DeviceStore {
    directory: PathBuf,
}

impl DeviceStore {
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    fn path(&self, slot: Slot) -> PathBuf {
        self.directory.join(match slot {
            Slot::A => "slot-a",
            Slot::B => "slot-b",
        })
    }
}

impl Store for DeviceStore {
    /// Replace: reading a slot. One that was never written is empty or all FF. An error is only for content that may be
    /// there and cannot be read: the engine then refuses, and does not start again from nothing.
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        match fs::read(self.path(slot)) {
            Ok(bytes) => {
                let length = bytes.len().min(memory.len());
                memory[..length].copy_from_slice(&bytes[..length]);
                Ok(length)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(_) => Err(PortFailure),
        }
    }

    /// Replace: writing a slot. Return Ok only when the bytes are on the medium, not in a cache. A power cut may leave any
    /// mixture of bytes in this slot, and must not touch the other one.
    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        let mut file = fs::File::create(self.path(slot)).map_err(|_| PortFailure)?;
        file.write_all(bytes).map_err(|_| PortFailure)?;
        file.sync_all().map_err(|_| PortFailure)
    }
}
