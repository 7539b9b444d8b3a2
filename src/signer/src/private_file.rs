//! Files with secrets: created once, never overwritten, and readable by their owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use crate::exit::{Exit, Failure, Result};

/// Creates a file that does not exist yet, for its owner alone if `secret`, and writes it through to the disk.
///
/// # Errors
/// Exit code 2; an existing file is left as it is.
pub fn create(path: &Path, content: &str, secret: bool) -> Result<()> {
    let mut options = OpenOptions::new();
    // O_CREAT with O_EXCL follows no symbolic link and overwrites nothing.
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if secret { 0o600 } else { 0o644 });
    }
    let mut file = options.open(path).map_err(|cause| {
        let taken = cause.kind() == std::io::ErrorKind::AlreadyExists;
        if taken { exists(path) } else { Failure::io(path.display(), &cause) }
    })?;
    file.write_all(content.as_bytes()).and_then(|()| file.sync_all()).map_err(|cause| {
        // Half a key file would block the next attempt.
        let _ = fs::remove_file(path);
        Failure::io(path.display(), &cause)
    })
}

/// The error for a file that must not be overwritten.
#[must_use]
pub fn exists(path: &Path) -> Failure {
    Failure::new(Exit::Io, format!("{}: the file exists, and keys are never overwritten", path.display()))
        .hint("choose another name, or move the old file away yourself")
}

/// Refuses a file that its group or others may read or write, as ssh does.
///
/// # Errors
/// Exit code 4 with the command that repairs it.
pub fn refuse_shared(file: &File, path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let about = file.metadata().map_err(|cause| Failure::io(path.display(), &cause))?;
        let mode = about.permissions().mode() & 0o777;
        // Pipes and terminals have modes too, but only the process that opened them can read them.
        if about.is_file() && mode & 0o077 != 0 {
            return Err(Failure::key(format!("{}: other users may read this file (mode {mode:04o})", path.display()))
                .hint(format!("chmod 600 {}", quoted(path))));
        }
    }
    let _ = (file, path);
    Ok(())
}

/// The path as a shell takes it.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-+,:@%".contains(character);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
