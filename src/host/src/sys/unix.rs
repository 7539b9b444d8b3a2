//! POSIX: files below an open directory, clocks. Linux runs this in the tests; macOS is untested: not run by this
//! project's tests.

use core::ffi::{CStr, c_int, c_uint};
use core::mem::MaybeUninit;

#[cfg(target_os = "linux")]
use libc::__errno_location as errno_address;
#[cfg(target_os = "macos")]
use libc::__error as errno_address;

use super::{Name, PATH_MAX};
use crate::error::{Cause, HostError};
use crate::text::Text;

/// A clock that also counts while the system sleeps. On macOS `CLOCK_MONOTONIC` is that one.
#[cfg(target_os = "linux")]
const UPTIME: libc::clockid_t = libc::CLOCK_BOOTTIME;
#[cfg(target_os = "macos")]
const UPTIME: libc::clockid_t = libc::CLOCK_MONOTONIC;

/// Reading and writing for the owner alone.
const PRIVATE_FILE: c_uint = 0o600;
const PRIVATE_DIRECTORY: libc::mode_t = 0o700;

/// What the last call of this thread failed with.
pub(super) fn last_error() -> HostError {
    // SAFETY: it has no preconditions.
    let address = unsafe { errno_address() };
    // SAFETY: the address is this thread's `errno`: aligned, and valid while the thread runs.
    HostError::system(unsafe { *address })
}

/// Calls again what a signal interrupted. A negative result is an error, anything else the result.
pub(super) fn repeat<T: Copy + TryInto<usize>>(mut call: impl FnMut() -> T) -> Result<usize, HostError> {
    loop {
        if let Ok(result) = call().try_into() {
            return Ok(result);
        }
        let error = last_error();
        if error.code != libc::EINTR {
            return Err(error);
        }
    }
}

/// An open file or directory; closed when dropped.
#[derive(Debug)]
pub(crate) struct File {
    descriptor: c_int,
}

impl File {
    /// Opens `path`, relative to `directory` unless it starts with `/`. Programs started later do not inherit it.
    pub(super) fn open(directory: c_int, path: &CStr, flags: c_int) -> Result<Self, HostError> {
        let flags = flags | libc::O_CLOEXEC;
        // SAFETY: `path` ends in NUL and outlives the call; a mode is passed for the flags that want one.
        let call = || unsafe { libc::openat(directory, path.as_ptr(), flags, PRIVATE_FILE) };
        let descriptor = repeat(call)?;
        Ok(Self::from_descriptor(c_int::try_from(descriptor).map_err(|_| HostError::system(libc::EBADF))?))
    }

    /// Takes over a number that the system has just given.
    pub(super) fn from_descriptor(descriptor: c_int) -> Self {
        Self { descriptor }
    }

    #[cfg(target_os = "linux")]
    pub(super) fn descriptor(&self) -> c_int {
        self.descriptor
    }

    /// Reads what comes next; 0 at the end.
    pub(crate) fn read(&self, memory: &mut [u8]) -> Result<usize, HostError> {
        let (address, length) = (memory.as_mut_ptr(), memory.len());
        // SAFETY: the address is that of `length` bytes that nobody else uses during the call.
        repeat(|| unsafe { libc::read(self.descriptor, address.cast(), length) })
    }

    /// Writes a front part of `bytes` and returns how long it was.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<usize, HostError> {
        // SAFETY: the address is that of as many bytes as the call is told.
        repeat(|| unsafe { libc::write(self.descriptor, bytes.as_ptr().cast(), bytes.len()) })
    }

    /// Waits until what was written is on the medium.
    pub(crate) fn sync(&self) -> Result<(), HostError> {
        // On macOS fsync stops at the cache of the drive; not every file system offers more.
        #[cfg(target_os = "macos")]
        {
            // SAFETY: this command takes no argument.
            let call = || unsafe { libc::fcntl(self.descriptor, libc::F_FULLFSYNC) };
            if repeat(call).is_ok() {
                return Ok(());
            }
        }
        // SAFETY: it takes any number; ours is open.
        repeat(|| unsafe { libc::fsync(self.descriptor) }).map(|_| ())
    }

    /// Takes the lock that goes with the file; `false` if another process has it. It ends with the file.
    pub(crate) fn try_lock(&self) -> Result<bool, HostError> {
        // SAFETY: it takes any number; ours is open.
        let call = || unsafe { libc::flock(self.descriptor, libc::LOCK_EX | libc::LOCK_NB) };
        match repeat(call) {
            Ok(_) => Ok(true),
            Err(error) if error.code == libc::EWOULDBLOCK => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether only this user, or root, can have written it and only they can read it.
    #[cfg(feature = "device-key")]
    pub(crate) fn is_private(&self) -> Result<bool, HostError> {
        const OTHERS: libc::mode_t = 0o077;
        let status = self.status()?;
        // SAFETY: it has no preconditions and cannot fail.
        let user = unsafe { libc::geteuid() };
        Ok(status.st_mode & OTHERS == 0 && (status.st_uid == user || status.st_uid == 0))
    }

    fn status(&self) -> Result<libc::stat, HostError> {
        let mut status = MaybeUninit::<libc::stat>::uninit();
        // SAFETY: the address is that of memory for one `stat`.
        repeat(|| unsafe { libc::fstat(self.descriptor, status.as_mut_ptr()) })?;
        // SAFETY: the call succeeded, so it filled everything in.
        Ok(unsafe { status.assume_init() })
    }

    fn is_regular(&self) -> Result<bool, HostError> {
        Ok(self.status()?.st_mode & libc::S_IFMT == libc::S_IFREG)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: the number is ours alone and nobody uses it afterwards. Whatever had to reach the medium was synced
        // before, so an error here says nothing; after EINTR the number is gone, too, and must not be closed again.
        let _ = unsafe { libc::close(self.descriptor) };
    }
}

/// An open directory. Names are looked up in it, whatever happens to the path it was opened by.
#[derive(Debug)]
pub(crate) struct Directory(File);

impl Directory {
    pub(crate) fn open(path: &[u8]) -> Result<Self, HostError> {
        if path.is_empty() {
            return Err(HostError::of(Cause::Argument));
        }
        let path = Text::<PATH_MAX>::of(&[path])?;
        File::open(libc::AT_FDCWD, path.as_c_str(), libc::O_RDONLY | libc::O_DIRECTORY).map(Self)
    }

    /// Opens the directory, and makes it, for this user alone, if it is missing. Its parent must exist.
    pub(crate) fn open_or_create(path: &[u8]) -> Result<Self, HostError> {
        match Self::open(path) {
            Err(error) if error.code == libc::ENOENT => {}
            other => return other,
        }
        let name = Text::<PATH_MAX>::of(&[path])?;
        // SAFETY: the path ends in NUL and outlives the call.
        match repeat(|| unsafe { libc::mkdir(name.as_c_str().as_ptr(), PRIVATE_DIRECTORY) }) {
            Err(error) if error.code != libc::EEXIST => return Err(error),
            _ => {}
        }
        // The entry in the parent must reach the medium as well. A parent that may be entered but not read cannot be
        // synced; the usual file systems sync it together with the first file.
        if let Ok(parent) = Self::open(parent(path)) {
            parent.sync()?;
        }
        Self::open(path)
    }

    /// Opens the directory; `None` if there is none.
    pub(crate) fn open_existing(path: &[u8]) -> Result<Option<Self>, HostError> {
        match Self::open(path) {
            Err(error) if error.code == libc::ENOENT => Ok(None),
            other => other.map(Some),
        }
    }

    /// Removes a directory if nothing is in it.
    pub(crate) fn remove_empty(path: &[u8]) -> Result<(), HostError> {
        let path = Text::<PATH_MAX>::of(&[path])?;
        let path = path.as_c_str();
        // SAFETY: the path ends in NUL and outlives the call.
        match repeat(|| unsafe { libc::unlinkat(libc::AT_FDCWD, path.as_ptr(), libc::AT_REMOVEDIR) }) {
            Err(error) if !matches!(error.code, libc::ENOENT | libc::ENOTEMPTY | libc::EEXIST) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether `file` still has this name: another process may have removed it.
    pub(crate) fn has(&self, name: &Name, file: &File) -> Result<bool, HostError> {
        let Some(there) = self.open_file(name)? else { return Ok(false) };
        let (there, ours) = (there.status()?, file.status()?);
        Ok(there.st_dev == ours.st_dev && there.st_ino == ours.st_ino)
    }

    /// Opens a regular file for reading; `None` if there is none of that name.
    pub(crate) fn open_file(&self, name: &Name) -> Result<Option<File>, HostError> {
        // A pipe in its place must not make the call wait.
        let flags = libc::O_RDONLY | libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
        match self.regular(name, flags) {
            Err(error) if error.code == libc::ENOENT => Ok(None),
            other => other.map(Some),
        }
    }

    /// Creates a file that does not exist yet.
    pub(crate) fn create_file(&self, name: &Name) -> Result<File, HostError> {
        self.regular(name, libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW)
    }

    /// Opens the file that carries a lock, and makes it if it is missing.
    pub(crate) fn lock_file(&self, name: &Name) -> Result<File, HostError> {
        self.regular(name, libc::O_RDWR | libc::O_CREAT | libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
    }

    fn regular(&self, name: &Name, flags: c_int) -> Result<File, HostError> {
        let no_file = HostError::of(Cause::NotAFile);
        let file = File::open(self.0.descriptor, name.as_c_str(), flags).map_err(|error| match error.code {
            // A symbolic link; a directory; a socket.
            libc::ELOOP | libc::EISDIR | libc::ENXIO => no_file,
            _ => error,
        })?;
        if file.is_regular()? { Ok(file) } else { Err(no_file) }
    }

    /// Gives a file another name. A file that has that name already is replaced, in one step.
    pub(crate) fn rename(&self, from: &Name, to: &Name) -> Result<(), HostError> {
        let (from, to) = (from.as_c_str(), to.as_c_str());
        let directory = self.0.descriptor;
        // SAFETY: both names end in NUL and outlive the call.
        repeat(|| unsafe { libc::renameat(directory, from.as_ptr(), directory, to.as_ptr()) }).map(|_| ())
    }

    /// Removes a file if it is there.
    pub(crate) fn remove(&self, name: &Name) -> Result<(), HostError> {
        let name = name.as_c_str();
        // SAFETY: the name ends in NUL and outlives the call.
        match repeat(|| unsafe { libc::unlinkat(self.0.descriptor, name.as_ptr(), 0) }) {
            Err(error) if error.code != libc::ENOENT => Err(error),
            _ => Ok(()),
        }
    }

    /// Waits until the names in the directory are on the medium.
    pub(crate) fn sync(&self) -> Result<(), HostError> {
        match self.0.sync() {
            // File systems that cannot do it for directories say so like this.
            Err(error) if error.code != libc::EINVAL => Err(error),
            _ => Ok(()),
        }
    }

    #[cfg(target_os = "linux")]
    pub(super) fn descriptor(&self) -> c_int {
        self.0.descriptor()
    }
}

/// The path of the directory in which the directory `path` stands.
fn parent(path: &[u8]) -> &[u8] {
    let trimmed = path.iter().rposition(|byte| *byte != b'/').and_then(|last| path.get(..=last)).unwrap_or_default();
    match trimmed.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => path.get(..=slash).unwrap_or_default(),
        None => b".",
    }
}

/// Between the names of a path.
pub(crate) const SEPARATOR: u8 = b'/';

/// Whether a path does not depend on the directory in which the program was started.
pub(crate) fn is_absolute(path: &[u8]) -> bool {
    path.first() == Some(&SEPARATOR)
}

/// A variable of the environment; `None` if it is not set, or longer than any path.
pub(crate) fn variable(name: &CStr) -> Option<Text<PATH_MAX>> {
    // SAFETY: the name ends in NUL. POSIX lets other threads read the environment meanwhile, not change it.
    let value = unsafe { libc::getenv(name.as_ptr()) };
    if value.is_null() {
        return None;
    }
    // SAFETY: a string with its NUL, which nobody changes meanwhile.
    let value = unsafe { CStr::from_ptr(value) };
    Text::of(&[value.to_bytes()]).ok()
}

fn read_clock(clock: libc::clockid_t) -> Option<u64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the address is that of a `timespec`.
    let result = unsafe { libc::clock_gettime(clock, &raw mut time) };
    if result == 0 { u64::try_from(time.tv_sec).ok() } else { None }
}

/// Seconds since 1970, by the clock of the system; `None` before 1970.
pub(crate) fn now() -> Option<u64> {
    read_clock(libc::CLOCK_REALTIME)
}

/// Seconds since the system was started, those asleep included.
pub(crate) fn uptime() -> Option<u64> {
    read_clock(UPTIME)
}

/// Waits a moment, at most a second.
pub(crate) fn pause(milliseconds: u32) {
    let nanoseconds = i32::try_from(milliseconds).unwrap_or(999).min(999).saturating_mul(1_000_000);
    let time = libc::timespec { tv_sec: 0, tv_nsec: nanoseconds.into() };
    // SAFETY: the first address is that of a `timespec`; the second may be null. A signal may end it early.
    let _ = unsafe { libc::nanosleep(&raw const time, core::ptr::null_mut()) };
}

#[cfg(test)]
mod tests {
    use super::parent;

    #[test]
    fn the_parent_of_a_path() {
        for (path, expected) in
            [("a", "."), ("a/", "."), ("a/b", "a/"), ("/a", "/"), ("/a/b//", "/a/"), ("/", "."), ("", ".")]
        {
            assert_eq!(parent(path.as_bytes()), expected.as_bytes(), "{path}");
        }
    }
}
