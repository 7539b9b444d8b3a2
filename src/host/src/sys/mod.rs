//! The calls into the operating system: the only unsafe code of this package, one file for each system.
//!
//! Every system offers the same: [`Directory`] and [`File`], `now`, `uptime`, `random`, `pause`, `variable`,
//! `is_absolute` and `SEPARATOR`. What only one system has — directory listings of `/sys`, the registry — is in a
//! separate file next to it.

use crate::text::Text;

/// Longest path of a directory, in bytes, with its NUL (`PATH_MAX` of Linux).
pub(crate) const PATH_MAX: usize = 4096;

/// Longest name of a file in it, in bytes, with its NUL.
pub(crate) const NAME_MAX: usize = 96;

/// The name of a file in a [`Directory`].
pub(crate) type Name = Text<NAME_MAX>;

#[cfg(target_os = "linux")]
pub(crate) mod linux;
#[cfg(target_os = "macos")]
pub(crate) mod macos;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
pub(crate) mod windows;
#[cfg(windows)]
mod windows_error;
#[cfg(windows)]
mod windows_files;

#[cfg(target_os = "linux")]
pub(crate) use linux::random;
#[cfg(target_os = "macos")]
pub(crate) use macos::random;
#[cfg(unix)]
pub(crate) use unix::{Directory, File, SEPARATOR, is_absolute, now, pause, uptime, variable};
#[cfg(windows)]
pub(crate) use windows::{SEPARATOR, is_absolute, now, pause, random, uptime, variable};
#[cfg(windows)]
pub(crate) use windows_files::{Directory, File};
