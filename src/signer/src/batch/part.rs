//! A file that appears complete or not at all, and that one process writes at a time.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure, Result};

/// A file that is written as `NAME.part` until it is complete. If a killed process left one, it is rewritten.
#[derive(Debug)]
pub struct PartFile {
    file: BufWriter<File>,
    path: PathBuf,
    part: PathBuf,
}

impl PartFile {
    /// Begins a file that replaces `path` when it is complete.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be written, or if another process is writing it.
    pub fn create(path: &Path) -> Result<Self> {
        let mut part = OsString::from(path);
        part.push(".part");
        let part = PathBuf::from(part);
        let io = |cause: &io::Error| Failure::io(part.display(), cause);
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(&part).map_err(|cause| io(&cause))?;
        lock(&file, &part)?;
        file.set_len(0).map_err(|cause| io(&cause))?;
        Ok(Self { file: BufWriter::new(file), path: path.into(), part })
    }

    /// The file is complete: writes it through to the disk and gives it its name.
    ///
    /// # Errors
    /// Exit code 2 if that fails.
    pub fn finish(self) -> Result<()> {
        let io = |cause: &io::Error| Failure::io(self.path.display(), cause);
        let file = self.file.into_inner().map_err(|error| io(error.error()))?;
        file.sync_all().map_err(|cause| io(&cause))?;
        fs::rename(&self.part, &self.path).map_err(|cause| io(&cause))?;
        #[cfg(unix)]
        {
            let directory = match self.path.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent,
                _ => Path::new("."),
            };
            File::open(directory).and_then(|directory| directory.sync_all()).map_err(|cause| io(&cause))?;
        }
        Ok(())
    }

    /// The file will not be complete: removes what was written.
    pub fn abandon(self) {
        let _ = fs::remove_file(&self.part);
    }
}

impl Write for PartFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The lock ends with the process, however it ends.
#[cfg(unix)]
fn lock(file: &File, part: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let busy = || {
        Failure::new(Exit::Io, format!("{}: another process is writing it", part.display()))
            .hint("wait until it is done, or choose another name")
    };
    rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).map_err(|_| busy())?;
    // Its owner may have finished in between: then this is the complete file, and no longer the part.
    let opened = file.metadata().map_err(|cause| Failure::io(part.display(), &cause))?;
    let named = fs::metadata(part).map_err(|_| busy())?;
    if (opened.dev(), opened.ino()) == (named.dev(), named.ino()) { Ok(()) } else { Err(busy()) }
}

#[cfg(not(unix))]
fn lock(_: &File, _: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_complete_and_not_before() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("codes.csv");
        fs::write(directory.path().join("codes.csv.part"), "what a killed process left, and it is long").unwrap();
        let mut file = PartFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        assert!(!path.exists());
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mut file = PartFile::create(&path).unwrap();
        file.write_all(b"other").unwrap();
        file.abandon();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_do_not_write_it_at_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("codes.csv");
        let _first = PartFile::create(&path).unwrap();
        assert!(PartFile::create(&path).unwrap_err().to_string().contains("another process"));
    }
}
