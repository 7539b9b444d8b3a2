//! What applying a document does, by `docs/STATE.md` §4.

use lic2::{ClockState, Error, GRANTS_CLOCK, GRANTS_STATE, Outcome};

use super::documents::{DAY, Document, LicenseSpec, ListSpec, RightSpec, TermSpec};
use super::{Held, Meter, Model, Time};

impl Model {
    /// Applies a document at this time; after an error nothing has changed.
    pub fn apply(&mut self, document: &Document, time: &Time) -> Result<Outcome, Error> {
        match document {
            Document::Damaged => Err(Error::TextDamaged),
            Document::Forged => Err(Error::KeyUnknown),
            Document::License { spec, carries } if spec.by_issuer => {
                if !carries && !self.live.knows_issuer {
                    return Err(Error::KeyUnknown);
                }
                if self.live.lists.iter().any(|list| list.issuer.is_some()) {
                    return Err(Error::IssuerRevoked);
                }
                let outcome = self.apply_license(spec, time)?;
                self.live.knows_issuer |= *carries && outcome != Outcome::AlreadyApplied;
                Ok(outcome)
            }
            Document::License { spec, .. } => self.apply_license(spec, time),
            Document::OtherProduct | Document::OtherDevice if self.live.is_rolled_back => Err(Error::StateRolledBack),
            Document::OtherProduct => Err(Error::ProductMismatch),
            Document::OtherDevice => Err(Error::DeviceMismatch),
            Document::List(spec) => self.apply_list(spec),
            Document::Token(issued_at) => Ok(self.apply_token(*issued_at, time)),
            Document::Unlock { nonce, issued_at, grants } => self.apply_unlock(*nonce, *issued_at, *grants),
        }
    }

    fn apply_license(&mut self, spec: &LicenseSpec, time: &Time) -> Result<Outcome, Error> {
        if self.live.is_rolled_back {
            return Err(Error::StateRolledBack);
        }
        if let Some(reason) = self.revoked(spec.id, spec.serial) {
            return Err(reason);
        }
        if self.live.returned.iter().any(|returned| returned.id == spec.id && spec.serial <= returned.serial) {
            return Err(Error::LicenseReturned);
        }
        let stolen = self.live.lists.iter().any(|list| list.issuer == Some(false));
        let outcome = match self.live.held(spec.id) {
            None => Outcome::Activated,
            Some(held) if held.spec.by_issuer && stolen => Outcome::Activated,
            Some(held) if spec.serial < held.spec.serial => return Err(Error::CodeOlder),
            Some(held) if spec.serial == held.spec.serial && held.spec == *spec => return Ok(Outcome::AlreadyApplied),
            Some(held) if spec.serial == held.spec.serial => return Err(Error::CodeConflict),
            Some(held) if ends_earlier(spec, held) => Outcome::Shortened,
            Some(_) => Outcome::Renewed,
        };
        self.hold(spec, time);
        self.live.returned.retain(|returned| returned.id != spec.id);
        Ok(outcome)
    }

    fn hold(&mut self, spec: &LicenseSpec, time: &Time) {
        self.settle();
        let place = self.live.licenses.iter().position(|held| held.spec.id == spec.id);
        let mut held = place.map_or_else(
            || Held { spec: spec.clone(), activated_at: None, powered_at: time.powered, meters: Vec::new() },
            |place| self.live.licenses.remove(place),
        );
        held.spec = spec.clone();
        for feature in &spec.features {
            let is_quota = matches!(feature.right, RightSpec::Quota { .. });
            if is_quota && !held.meters.iter().any(|meter| meter.name == feature.name) {
                held.meters.push(Meter { name: feature.name, stored: 0, reserved: 0, pending: 0, reported: 0 });
            }
        }
        self.live.licenses.push(held);
    }

    fn apply_list(&mut self, spec: &ListSpec) -> Result<Outcome, Error> {
        let place = self.live.lists.iter().position(|held| held.series == spec.series);
        if let Some(held) = place.map(|place| &self.live.lists[place]) {
            if spec.number < held.number {
                return Err(Error::ListOlder);
            }
            if spec.number == held.number {
                return if spec == held { Ok(Outcome::AlreadyApplied) } else { Err(Error::ListConflict) };
            }
        }
        if let Some(place) = place {
            self.live.lists.remove(place);
        }
        self.live.lists.push(spec.clone());
        self.live.refreshed = self.live.refreshed.max(spec.issued_at);
        Ok(Outcome::ListAccepted)
    }

    fn apply_token(&mut self, issued_at: u64, time: &Time) -> Outcome {
        let is_lost = matches!(time.clock, ClockState::Unset | ClockState::Behind);
        let gives_time = is_lost && issued_at + DAY >= time.floor;
        if issued_at <= time.floor && issued_at <= self.live.refreshed && !gives_time {
            return Outcome::TimeOlder;
        }
        self.live.refreshed = self.live.refreshed.max(issued_at);
        Outcome::TimeAccepted
    }

    fn apply_unlock(&mut self, nonce: [u8; 8], issued_at: u64, grants: u8) -> Result<Outcome, Error> {
        if self.live.nonce != Some(nonce) {
            return Err(Error::UnlockMismatch);
        }
        self.live.nonce = None;
        if grants & GRANTS_CLOCK != 0 {
            self.live.refreshed = issued_at;
        }
        if grants & GRANTS_STATE != 0 {
            self.live.is_rolled_back = false;
        }
        self.live.refreshed = self.live.refreshed.max(issued_at);
        Ok(Outcome::Unlocked)
    }
}

/// Whether a new issue ends earlier than the one that is held. Hours and dates cannot be compared.
fn ends_earlier(new: &LicenseSpec, held: &Held) -> bool {
    let end = |spec: &LicenseSpec| {
        let start = held.activated_at.unwrap_or(spec.issued_at);
        match spec.term {
            TermSpec::Perpetual | TermSpec::Hours(_) => u64::MAX,
            TermSpec::Until(time) => time + u64::from(spec.grace_days) * DAY,
            TermSpec::Days(days) => start + (u64::from(days) + u64::from(spec.grace_days)) * DAY,
        }
    };
    match (new.term, held.spec.term) {
        (TermSpec::Hours(new), TermSpec::Hours(before)) => new < before,
        (TermSpec::Hours(_), _) | (_, TermSpec::Hours(_)) => false,
        _ => end(new) < end(&held.spec),
    }
}
