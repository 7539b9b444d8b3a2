//! The store: two files in a directory.

use lic2::port::{PortFailure, Slot, Store};

use crate::error::HostError;
use crate::files;
use crate::sys::{Directory, File, Name};

/// The prefix of the names of the files if the application wants no other.
pub const DEFAULT_PREFIX: &[u8] = b"lic2";

/// A store in a directory of the file system.
///
/// The slots are the files `PREFIX-a.state` and `PREFIX-b.state`, readable by this user alone. A write makes a new file,
/// waits until it is on the medium, gives it the name of the slot and waits until that is on the medium as well.
///
/// While it is open the store holds a lock on `PREFIX.lock`, so that two processes cannot mix their writes: the second
/// one gets [`crate::Cause::Locked`] from [`Self::open`]. The lock ends with the store or with its process, however
/// that ends. A child process made by `fork` shares it.
#[derive(Debug)]
pub struct FileStore {
    directory: Directory,
    slots: [Name; 2],
    temporary: Name,
    last_error: Option<HostError>,
    // Held, not used.
    _lock: File,
}

impl FileStore {
    /// Opens the store in `directory`, a path in the system's encoding (on Windows in UTF-8), at most 4095 bytes long.
    /// The directory is made if it is missing, its parent is not. Several products may share a directory if each has a
    /// prefix of its own: 1 to 64 letters, digits, `-`, `_` and `.`.
    ///
    /// If another process has it open, waits for it, at most `wait_ms` milliseconds.
    ///
    /// # Errors
    /// If the path or the prefix cannot be one, another process keeps the store open, or the system refuses.
    pub fn open(directory: &[u8], prefix: &[u8], wait_ms: u32) -> Result<Self, HostError> {
        let prefix = files::checked_prefix(prefix)?;
        let slots = [Name::of(&[prefix, b"-a.state"])?, Name::of(&[prefix, b"-b.state"])?];
        let temporary = Name::of(&[prefix, b".state.tmp"])?;
        let directory = Directory::open_or_create(directory)?;
        let lock = files::lock(&directory, &Name::of(&[prefix, b".lock"])?, wait_ms)?;
        Ok(Self { directory, slots, temporary, last_error: None, _lock: lock })
    }

    /// Removes what a store has left in `directory`: both slots, the lock, and the directory itself if nothing else is
    /// in it. For the end of a product on this machine. A directory that is not there is a success.
    ///
    /// # Errors
    /// As [`Self::open`]; a part may be removed then, and the call can be repeated.
    pub fn erase(directory: &[u8], prefix: &[u8], wait_ms: u32) -> Result<(), HostError> {
        let prefix = files::checked_prefix(prefix)?;
        let path = directory;
        let Some(directory) = Directory::open_existing(path)? else { return Ok(()) };
        let lock_name = Name::of(&[prefix, b".lock"])?;
        let lock = files::lock(&directory, &lock_name, wait_ms)?;
        for ending in [b"-a.state".as_slice(), b"-b.state", b".state.tmp"] {
            directory.remove(&Name::of(&[prefix, ending])?)?;
        }
        // The lock goes last: until then nobody else can start again.
        directory.remove(&lock_name)?;
        directory.sync()?;
        drop((lock, directory));
        Directory::remove_empty(path)
    }

    /// Why the last read or write failed; `None` if it did not.
    #[must_use]
    pub const fn last_error(&self) -> Option<HostError> {
        self.last_error
    }

    const fn name(&self, slot: Slot) -> &Name {
        let [a, b] = &self.slots;
        match slot {
            Slot::A => a,
            Slot::B => b,
        }
    }

    fn noted<T>(&mut self, result: Result<T, HostError>) -> Result<T, PortFailure> {
        self.last_error = result.as_ref().err().copied();
        Ok(result?)
    }
}

impl Store for FileStore {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        let result = match self.directory.open_file(self.name(slot)) {
            Ok(Some(file)) => files::read_all(&file, memory),
            Ok(None) => Ok(0),
            Err(error) => Err(error),
        };
        self.noted(result)
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        let result = files::replace(&self.directory, &self.temporary, self.name(slot), bytes);
        self.noted(result)
    }
}
