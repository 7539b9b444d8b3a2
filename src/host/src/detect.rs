//! Reading the identity of this machine from its operating system.

use crate::machine::Machine;

impl Machine {
    /// Reads the identity of this machine. It does not change until the next call: read it once for each session.
    #[must_use]
    pub fn read() -> Self {
        let mut machine = Self::empty();
        #[cfg(target_os = "linux")]
        crate::linux::read(&mut machine, b"/");
        #[cfg(target_os = "macos")]
        crate::macos::read(&mut machine);
        #[cfg(windows)]
        crate::windows::read(&mut machine);
        machine
    }

    /// The same, with another directory in the place of `/`: for the recorded systems in the tests, and for a container
    /// that sees the directories of its host below another path.
    ///
    /// Permanent addresses of network interfaces are then only those that `/sys` shows.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn read_at(root: &[u8]) -> Self {
        let mut machine = Self::empty();
        crate::linux::read(&mut machine, root);
        machine
    }
}
