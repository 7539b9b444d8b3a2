//! Updates that are tried and reverted: which version of the layout is written (`docs/STATE.md` §2).

use super::Engine;
use super::image::{STATE_VERSION, field};
use crate::error::Error;

impl Engine<'_> {
    /// Confirms this build of the product: from now on the activation is written in the latest version that this library
    /// knows. Call it at every start, after the product has found that it works.
    ///
    /// Until then the activation keeps the version that was read, and a new one gets the earliest: an update that is tried
    /// and reverted leaves the build before it an activation that it can read.
    ///
    /// # Errors
    /// `NotInitialized`, `EngineBusy`, `StoreWrite`, `CounterFailed`.
    pub fn confirm_version(&mut self) -> Result<(), Error> {
        self.call(|engine| {
            if engine.image.u8(field::VERSION) == STATE_VERSION {
                return Ok(());
            }
            engine.image.set(field::VERSION, &[STATE_VERSION]);
            // What is damaged or foreign is not overwritten for this, and where nothing is stored nothing is to be rewritten.
            if engine.session.current().is_none() || engine.condition().is_some() {
                return Ok(());
            }
            engine.store_with_time()
        })
    }
}
