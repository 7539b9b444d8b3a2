//! How many days a license still lasts, for people.

use super::Engine;
use super::decide::hours;
use super::layout::license::POWERED_AT;
use crate::error::Error;
use crate::hash::license_id_hash;
use crate::time::{SECONDS_PER_DAY, excess};

impl Engine<'_> {
    /// How many days of the term are left under the license that [`Engine::check`] answers with: whole days, a begun one
    /// counted as one; `None` without an end. Of a license that counts powered-on hours 24 of them are a day. 0 in grace, and
    /// while nothing is granted.
    ///
    /// # Errors
    /// As [`Engine::check`].
    pub fn days_left(&mut self) -> Result<Option<u32>, Error> {
        self.tick()?;
        let answer = self.answer();
        let decision = &answer.decision;
        let Some(genuine) = answer.license.as_ref().filter(|_| decision.verdict.is_granted()) else {
            return Ok(Some(0));
        };
        let days = if let Some(end) = decision.powered_hours_end {
            let id_hash = u64::from_le_bytes(license_id_hash(genuine.license().id));
            let powered_at = self.image.license(id_hash).map_or(0, |held| self.image.u64(held.field(POWERED_AT)));
            end.saturating_sub(hours(excess(self.session.powered, powered_at))).div_ceil(24)
        } else if let (Some(end), Some(now)) = (decision.expires_at, self.now()) {
            u32::try_from(excess(end.0, now.0).div_ceil(SECONDS_PER_DAY)).unwrap_or(u32::MAX)
        } else {
            return Ok(None);
        };
        Ok(Some(days))
    }
}
