//! What applying a document would do. The document is applied to a copy that nobody stores, by the same functions: a
//! preview that had rules of its own would promise what [`Engine::apply`] does not keep.

use super::image::Image;
use super::outcome::Applied;
use super::{Engine, Ports};
use crate::error::Error;

impl Engine<'_> {
    /// Answers what [`Engine::apply`] would do with this document now, and changes and stores nothing: whether a renewal
    /// takes the running version away, whether a code is usable at once, whether a list ends a license of this device.
    ///
    /// Needs 4.5 KB more stack than [`Engine::apply`], for a copy of the activation.
    ///
    /// # Errors
    /// As [`Engine::apply`], without those of the store and the counter.
    pub fn preview(&mut self, text: &[u8]) -> Result<Applied, Error> {
        self.call(|engine| match engine.preview_with(text, false) {
            // As applying does: receipts give way to a new document.
            Err(Error::StateFull) => engine.preview_with(text, true),
            applied => applied,
        })
    }

    #[inline(never)]
    fn preview_with(&mut self, text: &[u8], without_receipts: bool) -> Result<Applied, Error> {
        let (mut session, mut bytes) = (self.session.clone(), self.image.copy());
        let mut copy = Engine {
            session: &mut session,
            image: Image::new(&mut bytes),
            ring: self.ring,
            about: self.about,
            accept_unsealed: self.accept_unsealed,
            ports: Ports {
                store: &mut *self.ports.store,
                clock: &mut *self.ports.clock,
                identity: &mut *self.ports.identity,
                counter: None,
            },
        };
        if without_receipts {
            copy.image.drop_receipts();
        }
        let taken = copy.read_and_take_in(text, true)?;
        Ok(copy.conclude(taken))
    }
}
