//! What a document that was taken in has made usable or unusable.

use super::Engine;
use super::image::Place;
use super::outcome::{Applied, Outcome};
use crate::error::Error;
use crate::policy::Decision;

/// What became of a document, and the id hash of the license that it is; 0 for what is no code.
pub(super) type Taken = (Outcome, u64);

impl Engine<'_> {
    /// Completes the change of the image, and finds out what it has made usable or unusable. Before it is stored, so that
    /// [`Engine::preview`] answers the same.
    pub(super) fn conclude(&mut self, (mut outcome, id_hash): Taken) -> Applied {
        let ended = if outcome.changes_state() { self.end_revoked() } else { None };
        let refusal = match self.image.license(id_hash) {
            Some(held) => self.license_refusal(held),
            None => ended,
        };
        let is_not_covered = matches!(refusal, Some(Error::VersionNotCovered | Error::MaintenanceEnded));
        if is_not_covered && outcome != Outcome::AlreadyApplied {
            outcome = Outcome::VersionNotCovered;
        }
        Applied { outcome, refusal }
    }

    /// Why a license that is held may not be used now.
    fn license_refusal(&self, held: Place) -> Option<Error> {
        let (mut license, mut decision) = (None, Decision::refused(Error::StateCorrupt));
        self.decide_license(held, &mut self.view(self.base()), &mut license, &mut decision);
        decision.refusal
    }
}
