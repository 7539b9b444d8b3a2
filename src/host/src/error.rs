//! What can go wrong between this package and the operating system.

use lic2::port::PortFailure;

/// Why a file or the system did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[non_exhaustive]
pub enum Cause {
    /// The system refused; the code says why.
    System = 1,
    /// A path, a prefix or a component is empty, too long or has a byte that it may not have, or is one too many.
    Argument = 2,
    /// Another process holds the lock.
    Locked = 3,
    /// Something that is not a regular file is in the place of one: a symbolic link, a directory, a device.
    NotAFile = 4,
    /// The file of the device key can be read by others, or belongs to somebody else.
    Exposed = 5,
    /// The file of the device key does not hold one.
    Damaged = 6,
}

/// An error of this package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[non_exhaustive]
pub struct HostError {
    /// What kind of error.
    pub cause: Cause,
    /// The system's number for it: `errno`, on Windows `GetLastError()`. 0 where the system was not the one to refuse.
    pub code: i32,
}

impl HostError {
    pub(crate) const fn system(code: i32) -> Self {
        Self { cause: Cause::System, code }
    }

    pub(crate) const fn of(cause: Cause) -> Self {
        Self { cause, code: 0 }
    }

    /// One sentence for a log.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        match self.cause {
            Cause::System => "The operating system refused.",
            Cause::Argument => "A path, a prefix or a component is not one, or is one too many.",
            Cause::Locked => "Another process uses the state.",
            Cause::NotAFile => "Something that is not a regular file is in the place of one.",
            Cause::Exposed => "Others can read the file of the device key, or it is another user's.",
            Cause::Damaged => "The file of the device key is damaged.",
        }
    }
}

impl From<HostError> for PortFailure {
    fn from(_: HostError) -> Self {
        Self
    }
}

impl core::fmt::Display for HostError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.text())?;
        if self.code == 0 { Ok(()) } else { write!(f, " ({})", self.code) }
    }
}

impl core::error::Error for HostError {}
