//! Keeps secrets of this process out of core dumps, out of panic messages, and away from debuggers of the same user.

use crate::exit::Failure;
use crate::ui;

/// The exit code of [`crate::exit::Exit::Internal`].
const BUG: i32 = 70;

/// Turns core dumps off. Best effort: if the system refuses, nothing gets worse.
pub fn no_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Limits a panic to its location: its message may contain data. The exit code is that of a bug.
pub fn silent_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".into(), ToString::to_string);
        ui::report(&Failure::internal(format!("the program stopped at {place}")));
        std::process::exit(BUG);
    }));
}
