//! Writing the identity components that a device shows.

use crate::error::Error;
use crate::wire::binding::ComponentHash;
use crate::wire::output::Output;

/// Writes the list: ascending and each entry once, in whatever order they are given.
pub(super) fn put(entries: &[ComponentHash], out: &mut Output<'_>) -> Result<(), Error> {
    out.bytes(|out| {
        let mut last = None;
        while let Some(entry) = entries.iter().filter(|entry| Some(**entry) > last).min() {
            entry.put(out)?;
            last = Some(*entry);
        }
        Ok(())
    })
}
