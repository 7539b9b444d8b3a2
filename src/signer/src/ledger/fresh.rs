//! A file that gets its name when it is complete.

use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::exit::{Exit, Failure, Result};

/// A file with mode 0600 next to its final place.
pub(super) struct Fresh {
    file: NamedTempFile,
    directory: PathBuf,
}

impl Fresh {
    /// An empty file in the directory of `path`.
    pub(super) fn new(path: &Path) -> Result<Self> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // Who is interrupted leaves no half ledger under the name.
        let file = tempfile::Builder::new()
            .prefix(".lic2-ledger-")
            .tempfile_in(directory)
            .map_err(|cause| Failure::io(path.display(), &cause))?;
        Ok(Self { file, directory: directory.into() })
    }

    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Writes it through to the disk and gives it its name, unless there is such a file.
    pub(super) fn keep(self, path: &Path) -> Result<()> {
        let io = |cause: &std::io::Error| Failure::io(path.display(), cause);
        self.file.as_file().sync_all().map_err(|cause| io(&cause))?;
        self.file.persist_noclobber(path).map_err(|error| {
            if error.error.kind() == std::io::ErrorKind::AlreadyExists {
                let path = path.display();
                return Failure::new(Exit::Io, format!("{path}: the file exists, and a ledger is never overwritten"))
                    .hint("choose another name; an existing ledger needs no init");
            }
            io(&error.error)
        })?;
        #[cfg(unix)]
        std::fs::File::open(&self.directory).and_then(|directory| directory.sync_all()).map_err(|cause| io(&cause))?;
        Ok(())
    }
}
