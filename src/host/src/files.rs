//! Reading, replacing and locking files so that neither a power cut nor another process leaves half a file.

use crate::error::{Cause, HostError};
use crate::sys::{self, Directory, File, Name};

/// Longest prefix of the names of the files, in bytes.
pub(crate) const PREFIX_MAX: usize = 64;

/// How long to wait between two attempts to take a lock, in milliseconds.
const LOCK_STEP: u32 = 10;

/// The prefix, if it is one: it is part of a name and must not become a path.
pub(crate) fn checked_prefix(prefix: &[u8]) -> Result<&[u8], HostError> {
    let usable = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let starts = prefix.first().is_some_and(|first| *first != b'.');
    if starts && prefix.len() <= PREFIX_MAX && prefix.iter().all(usable) {
        Ok(prefix)
    } else {
        Err(HostError::of(Cause::Argument))
    }
}

/// Takes the lock `name`, trying again for `wait_ms` milliseconds.
pub(crate) fn lock(directory: &Directory, name: &Name, wait_ms: u32) -> Result<File, HostError> {
    let mut left = wait_ms;
    loop {
        let file = directory.lock_file(name)?;
        if file.try_lock()? {
            // Who removes the state removes the lock as well, and a lock without a name keeps nobody out.
            if directory.has(name, &file)? {
                return Ok(file);
            }
            continue;
        }
        if left == 0 {
            return Err(HostError::of(Cause::Locked));
        }
        let step = left.min(LOCK_STEP);
        sys::pause(step);
        left = left.saturating_sub(step);
    }
}

/// Fills `memory` from the front and returns how many bytes that were; what does not fit is not read.
pub(crate) fn read_all(file: &File, memory: &mut [u8]) -> Result<usize, HostError> {
    let mut length = 0_usize;
    loop {
        let rest = memory.get_mut(length..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(length);
        }
        match file.read(rest)? {
            0 => return Ok(length),
            more => length = length.saturating_add(more),
        }
    }
}

/// Puts `bytes` in the place of the file `name`: at every moment the old or the new content is there, and after `Ok`
/// the new one is on the medium.
///
/// The caller holds a lock, so that nobody else uses `temporary`.
pub(crate) fn replace(directory: &Directory, temporary: &Name, name: &Name, bytes: &[u8]) -> Result<(), HostError> {
    // An earlier call may have been cut off.
    directory.remove(temporary)?;
    let result = write_new(directory, temporary, bytes).and_then(|()| directory.rename(temporary, name));
    if let Err(error) = result {
        // What cannot be removed now is removed by the next call.
        let _ = directory.remove(temporary);
        return Err(error);
    }
    directory.sync()
}

/// The file is closed when this returns: some systems do not rename open files.
fn write_new(directory: &Directory, name: &Name, bytes: &[u8]) -> Result<(), HostError> {
    let file = directory.create_file(name)?;
    let mut rest = bytes;
    while !rest.is_empty() {
        let written = file.write(rest)?;
        if written == 0 {
            // No system does this for a regular file; waiting for the next one would not end.
            return Err(HostError::of(Cause::System));
        }
        rest = rest.get(written..).unwrap_or_default();
    }
    file.sync()
}

#[cfg(test)]
mod tests {
    use super::checked_prefix;

    #[test]
    fn a_prefix_cannot_leave_the_directory() {
        for good in ["lic2", "a", "Vision_2.1-pro", &"x".repeat(64)] {
            assert!(checked_prefix(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", ".hidden", "a/b", "../a", "a\\b", "C:", "a b", "ä", "a\0", &"x".repeat(65)] {
            assert!(checked_prefix(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
