//! Windows: files below a directory. Untested: not run by this project's tests.
//!
//! Who may read them follows from the directory: a file inherits its rights. `%LOCALAPPDATA%` is open to one user,
//! `%ProgramData%` to all for reading.

use core::mem::MaybeUninit;
use core::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{
    CloseHandle, ERROR_ALREADY_EXISTS, ERROR_DIR_NOT_EMPTY, ERROR_FILE_NOT_FOUND, ERROR_LOCK_VIOLATION,
    ERROR_PATH_NOT_FOUND, GENERIC_READ, GENERIC_WRITE, HANDLE, INVALID_HANDLE_VALUE,
};
use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, CREATE_NEW, CreateDirectoryW, CreateFileW, DeleteFileW, FILE_ATTRIBUTE_DIRECTORY,
    FILE_ATTRIBUTE_REPARSE_POINT, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_SHARE_DELETE,
    FILE_SHARE_READ, FILE_SHARE_WRITE, FlushFileBuffers, GetFileInformationByHandle, LOCKFILE_EXCLUSIVE_LOCK,
    LOCKFILE_FAIL_IMMEDIATELY, LockFileEx, MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH, MoveFileExW, OPEN_ALWAYS,
    OPEN_EXISTING, ReadFile, RemoveDirectoryW, WriteFile,
};
use windows_sys::Win32::System::IO::OVERLAPPED;

use super::windows_error::last_error;
use super::{Name, PATH_MAX};
use crate::error::{Cause, HostError};

const SHARE_ALL: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// Longest path, in UTF-16 units, with its NUL. Beyond 260 the path must be in the form `\\?\…`.
const WIDE_MAX: usize = 1024;

fn is(error: HostError, code: u32) -> bool {
    u32::try_from(error.code) == Ok(code)
}

fn succeeded(result: i32) -> Result<(), HostError> {
    if result == 0 { Err(last_error()) } else { Ok(()) }
}

/// A path in UTF-16, with a NUL behind it.
#[derive(Clone, Copy)]
struct Wide {
    units: [u16; WIDE_MAX],
    length: usize,
}

impl Wide {
    fn of(path: &[u8]) -> Result<Self, HostError> {
        let mut wide = Self { units: [0; WIDE_MAX], length: 0 };
        wide.push(path)?;
        Ok(wide)
    }

    fn push(&mut self, part: &[u8]) -> Result<(), HostError> {
        let refused = HostError::of(Cause::Argument);
        for unit in core::str::from_utf8(part).map_err(|_| refused)?.encode_utf16() {
            let next = self.length.saturating_add(1);
            // The last unit stays NUL.
            if unit == 0 || next >= WIDE_MAX {
                return Err(refused);
            }
            *self.units.get_mut(self.length).ok_or(refused)? = unit;
            self.length = next;
        }
        Ok(())
    }

    fn as_ptr(&self) -> *const u16 {
        self.units.as_ptr()
    }
}

impl core::fmt::Debug for Wide {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} units", self.length)
    }
}

/// An open file; closed when dropped.
#[derive(Debug)]
pub(crate) struct File {
    handle: HANDLE,
}

// SAFETY: a handle belongs to the process and may be used from every thread.
unsafe impl Send for File {}

impl File {
    fn open(path: &Wide, access: u32, disposition: u32, flags: u32) -> Result<Self, HostError> {
        // SAFETY: the path ends in NUL and outlives the call; no security attributes, no template. Other programs do not
        // inherit the handle.
        let handle = unsafe { CreateFileW(path.as_ptr(), access, SHARE_ALL, null(), disposition, flags, null_mut()) };
        if handle == INVALID_HANDLE_VALUE { Err(last_error()) } else { Ok(Self { handle }) }
    }

    /// A drive, to be asked about itself, which needs no rights.
    pub(super) fn open_drive(number: u8) -> Option<Self> {
        let mut path = Wide::of(b"\\\\.\\PhysicalDrive").ok()?;
        if number >= 10 {
            path.push(&[number.checked_div(10)?.checked_add(b'0')?]).ok()?;
        }
        path.push(&[number.checked_rem(10)?.checked_add(b'0')?]).ok()?;
        Self::open(&path, 0, OPEN_EXISTING, 0).ok()
    }

    pub(super) fn handle(&self) -> HANDLE {
        self.handle
    }

    /// Reads what comes next; 0 at the end.
    pub(crate) fn read(&self, memory: &mut [u8]) -> Result<usize, HostError> {
        let (address, length) = (memory.as_mut_ptr(), u32::try_from(memory.len()).unwrap_or(u32::MAX));
        let mut count = 0_u32;
        // SAFETY: the address is that of at least `length` bytes, `count` is a u32, and without an OVERLAPPED the call is
        // over when it returns.
        succeeded(unsafe { ReadFile(self.handle, address, length, &raw mut count, null_mut()) })?;
        usize::try_from(count).map_err(|_| HostError::of(Cause::System))
    }

    /// Writes a front part of `bytes` and returns how long it was.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<usize, HostError> {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let mut count = 0_u32;
        // SAFETY: as in `read`.
        succeeded(unsafe { WriteFile(self.handle, bytes.as_ptr(), length, &raw mut count, null_mut()) })?;
        usize::try_from(count).map_err(|_| HostError::of(Cause::System))
    }

    /// Waits until what was written is on the medium.
    pub(crate) fn sync(&self) -> Result<(), HostError> {
        // SAFETY: the handle is open, for writing.
        succeeded(unsafe { FlushFileBuffers(self.handle) })
    }

    /// Takes the lock that goes with the file; `false` if another process has it. It ends with the file.
    pub(crate) fn try_lock(&self) -> Result<bool, HostError> {
        let mut overlapped = OVERLAPPED::default();
        let flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
        // SAFETY: the handle is open; the OVERLAPPED is only the offset, since the handle is not asynchronous.
        match succeeded(unsafe { LockFileEx(self.handle, flags, 0, 1, 0, &raw mut overlapped) }) {
            Ok(()) => Ok(true),
            Err(error) if is(error, ERROR_LOCK_VIOLATION) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// On Windows the rights of the directory decide, which are the installer's affair.
    #[cfg(feature = "device-key")]
    pub(crate) fn is_private(&self) -> Result<bool, HostError> {
        Ok(true)
    }

    fn attributes(&self) -> Result<u32, HostError> {
        let mut information = MaybeUninit::<BY_HANDLE_FILE_INFORMATION>::uninit();
        // SAFETY: the handle is open, the address is that of memory for one such structure.
        succeeded(unsafe { GetFileInformationByHandle(self.handle, information.as_mut_ptr()) })?;
        // SAFETY: the call succeeded, so it filled everything in.
        Ok(unsafe { information.assume_init() }.dwFileAttributes)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: the handle is ours alone and nobody uses it afterwards.
        let _ = unsafe { CloseHandle(self.handle) };
    }
}

/// A directory, by its path.
#[derive(Debug)]
pub(crate) struct Directory {
    path: Wide,
}

impl Directory {
    fn open(path: Wide) -> Result<Self, HostError> {
        let directory = File::open(&path, GENERIC_READ, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS)?;
        if directory.attributes()? & FILE_ATTRIBUTE_DIRECTORY == 0 {
            return Err(HostError::of(Cause::NotAFile));
        }
        Ok(Self { path })
    }

    /// Opens the directory, and makes it, with the rights of its parent, if it is missing. Its parent must exist.
    pub(crate) fn open_or_create(path: &[u8]) -> Result<Self, HostError> {
        if path.is_empty() || path.len() >= PATH_MAX {
            return Err(HostError::of(Cause::Argument));
        }
        let path = Wide::of(path)?;
        match Self::open(path) {
            Err(error) if is(error, ERROR_FILE_NOT_FOUND) || is(error, ERROR_PATH_NOT_FOUND) => {}
            other => return other,
        }
        // SAFETY: the path ends in NUL and outlives the call; no security attributes.
        match succeeded(unsafe { CreateDirectoryW(path.as_ptr(), null()) }) {
            Err(error) if !is(error, ERROR_ALREADY_EXISTS) => Err(error),
            _ => Self::open(path),
        }
    }

    /// Opens the directory; `None` if there is none.
    pub(crate) fn open_existing(path: &[u8]) -> Result<Option<Self>, HostError> {
        if path.is_empty() || path.len() >= PATH_MAX {
            return Err(HostError::of(Cause::Argument));
        }
        match Self::open(Wide::of(path)?) {
            Err(error) if is(error, ERROR_FILE_NOT_FOUND) || is(error, ERROR_PATH_NOT_FOUND) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Removes a directory if nothing is in it.
    pub(crate) fn remove_empty(path: &[u8]) -> Result<(), HostError> {
        let path = Wide::of(path)?;
        // SAFETY: the path ends in NUL and outlives the call.
        match succeeded(unsafe { RemoveDirectoryW(path.as_ptr()) }) {
            Err(error) if !is(error, ERROR_FILE_NOT_FOUND) && !is(error, ERROR_DIR_NOT_EMPTY) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether `file` still has this name. A file that is removed while it is open keeps its name until it is closed.
    pub(crate) fn has(&self, _: &Name, _: &File) -> Result<bool, HostError> {
        Ok(true)
    }

    fn join(&self, name: &Name) -> Result<Wide, HostError> {
        let mut path = self.path;
        path.push(b"\\")?;
        path.push(name.as_bytes())?;
        Ok(path)
    }

    fn regular(&self, name: &Name, access: u32, disposition: u32) -> Result<File, HostError> {
        let file = File::open(&self.join(name)?, access, disposition, FILE_FLAG_OPEN_REPARSE_POINT)?;
        if file.attributes()? & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT) == 0 {
            Ok(file)
        } else {
            Err(HostError::of(Cause::NotAFile))
        }
    }

    /// Opens a regular file for reading; `None` if there is none of that name.
    pub(crate) fn open_file(&self, name: &Name) -> Result<Option<File>, HostError> {
        match self.regular(name, GENERIC_READ, OPEN_EXISTING) {
            Err(error) if is(error, ERROR_FILE_NOT_FOUND) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Creates a file that does not exist yet.
    pub(crate) fn create_file(&self, name: &Name) -> Result<File, HostError> {
        self.regular(name, GENERIC_WRITE, CREATE_NEW)
    }

    /// Opens the file that carries a lock, and makes it if it is missing.
    pub(crate) fn lock_file(&self, name: &Name) -> Result<File, HostError> {
        self.regular(name, GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS)
    }

    /// Gives a file another name. A file that has that name already is replaced. Returns when that is on the medium.
    pub(crate) fn rename(&self, from: &Name, to: &Name) -> Result<(), HostError> {
        let (from, to) = (self.join(from)?, self.join(to)?);
        let flags = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
        // SAFETY: both paths end in NUL and outlive the call.
        succeeded(unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), flags) })
    }

    /// Removes a file if it is there.
    pub(crate) fn remove(&self, name: &Name) -> Result<(), HostError> {
        let path = self.join(name)?;
        // SAFETY: the path ends in NUL and outlives the call.
        match succeeded(unsafe { DeleteFileW(path.as_ptr()) }) {
            Err(error) if !is(error, ERROR_FILE_NOT_FOUND) => Err(error),
            _ => Ok(()),
        }
    }

    /// Renaming has done it.
    pub(crate) fn sync(&self) -> Result<(), HostError> {
        Ok(())
    }
}
