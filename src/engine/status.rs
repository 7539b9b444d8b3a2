//! What support staff need to know: each license with its reason, and the state of the engine, as values and as text.

use super::decide::FeatureAnswer;
use super::image::{EntryKind, FLAG_SEALED, field};
use super::{ClockState, Engine};
use crate::error::Error;
use crate::policy::Decision;
use crate::time::UnixSeconds;
use crate::verify::Genuine;

/// The state of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// Why the product may not run, if it may not.
    pub refusal: Option<Error>,
    /// What is wrong with the stored activation as a whole.
    pub condition: Option<Error>,
    /// What the clock was found to be.
    pub clock: ClockState,
    /// The time that decisions are made with.
    pub now: Option<UnixSeconds>,
    /// A time that is certainly past; 0 if none is known.
    pub floor: UnixSeconds,
    /// Issue time of the newest list, token or unlock.
    pub refreshed_at: Option<UnixSeconds>,
    /// Powered-on seconds that were counted.
    pub powered_seconds: u64,
    /// Licenses that are held.
    pub licenses: u32,
    /// Revocation lists that are held.
    pub lists: u32,
    /// The highest number among the lists.
    pub list_number: u32,
    /// Number of the last write.
    pub sequence: u32,
    /// Bytes of the stored activation.
    pub stored_bytes: u32,
    /// Whether it is sealed with the device's secret.
    pub sealed: bool,
    /// Whether a request waits for its unlock.
    pub request_pending: bool,
}

/// One license of the device, as support staff see it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LicenseStatus<'a> {
    /// The license; `None` if its signature is not good under the keys of today.
    pub license: Option<Genuine<'a>>,
    /// What it permits, and why not.
    pub decision: Decision,
    /// When it was first activated; `None` while the time was never known.
    pub activated_at: Option<UnixSeconds>,
}

impl Engine<'_> {
    /// The state of the engine. Writes nothing.
    ///
    /// # Errors
    /// `NotInitialized`.
    pub fn status(&mut self) -> Result<Status, Error> {
        self.observe()?;
        let answer = self.answer();
        let (lists, list_number) = self.image.lists();
        Ok(Status {
            refusal: answer.decision.refusal,
            condition: self.condition(),
            clock: answer.clock,
            now: self.now(),
            floor: UnixSeconds(self.session.floor),
            refreshed_at: self.refreshed_at(),
            powered_seconds: self.session.powered,
            licenses: u32::try_from(self.image.count(EntryKind::LICENSE)).unwrap_or(u32::MAX),
            lists,
            list_number,
            sequence: self.image.u32(field::SEQUENCE),
            stored_bytes: u32::try_from(self.image.length()).unwrap_or(0),
            sealed: self.image.u8(field::FLAGS) == FLAG_SEALED,
            request_pending: self.image.u64(field::NONCE) != 0,
        })
    }

    /// The license with this number, from 0, in the order of activation; `None` past the last one. Writes nothing.
    ///
    /// # Errors
    /// `NotInitialized`.
    pub fn license_status(&mut self, number: usize) -> Result<Option<LicenseStatus<'_>>, Error> {
        self.observe()?;
        let Some(held) = self.image.license_at(number) else { return Ok(None) };
        let (mut license, mut decision) = (None, Decision::refused(Error::StateCorrupt));
        self.decide_license(held, &mut self.view(self.base()), &mut license, &mut decision);
        let activated_at = self.image.activated_at(held);
        Ok(Some(LicenseStatus { license, decision, activated_at }))
    }

    /// The feature with this number, from 0, of the license with that number, decided on under this license alone: for lists
    /// that people see. `None` past the last one. Writes nothing.
    ///
    /// # Errors
    /// `NotInitialized`, `EngineBusy`.
    pub fn license_feature(&mut self, license: usize, number: usize) -> Result<Option<FeatureAnswer<'_>>, Error> {
        self.observe()?;
        let Some(held) = self.image.license_at(license) else { return Ok(None) };
        let (mut genuine, mut decision) = (None, Decision::refused(Error::StateCorrupt));
        self.image.genuine(held, &mut genuine);
        let feature = genuine.as_ref().and_then(|genuine| genuine.license().features.into_iter().nth(number));
        let Some(feature) = feature else { return Ok(None) };
        let view = &mut self.view(self.base());
        let decision = self.decide_license_feature(&feature.name, held, view, &mut genuine, &mut decision);
        Ok(Some(FeatureAnswer { decision }))
    }
}
