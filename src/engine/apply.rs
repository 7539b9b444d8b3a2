//! One entry for every document from the seller. It verifies before it writes, writes before it answers, and says
//! which of the outcomes it was.

use super::image::{EntryKind, field};
use super::license::{Said, close_meters, push_fixed};
use super::{ClockState, Engine, Outcome};
use crate::document::{DocumentBuffer, Unverified};
use crate::error::Error;
use crate::hash::license_id_hash;
use crate::limits::{CERTIFICATES_MAX, CLOCK_TOLERANCE_SECONDS, LISTS_MAX};
use crate::policy::check_place;
use crate::time::UnixSeconds;
use crate::verify::{Content, GenuineDocument, Signer};
use crate::wire::license::{License, Term};
use crate::wire::revocation::RevocationList;
use crate::wire::time_token::TimeToken;
use crate::wire::unlock::{GRANTS_CLOCK, GRANTS_STATE, Unlock};

impl Engine<'_> {
    /// Takes in a code, a revocation list, a time token or an unlock, as the customer pasted it.
    ///
    /// After an error nothing has changed. Grants nothing by itself: ask [`Engine::check`].
    ///
    /// # Errors
    /// As [`Unverified::verify_document`] if it is not authentic; `IssuerRevoked`; for a code `ProductMismatch`,
    /// `TestCode`, `DeviceMismatch`, `DeviceUnknown`, `CodeOlder`, `CodeConflict`, `LicenseReturned` and the statuses of revocation;
    /// for a list `ListOlder`, `ListConflict`; for an unlock `UnlockMismatch`; `StateFull`; `StateRolledBack`
    /// for a code while only an unlock helps; `StoreWrite`, `CounterFailed`, `NotInitialized`.
    pub fn apply(&mut self, text: &[u8]) -> Result<Outcome, Error> {
        self.check_open()?;
        let mut buffer = DocumentBuffer::new();
        let unverified = buffer.read(text)?;
        let document = unverified.document;
        let certificate = unverified.certificate_bytes();
        let genuine = unverified.verify_document(self.ring, self.image.certificates())?;
        let key = genuine.key.first_chunk().copied().unwrap_or([0; 8]);
        if genuine.signer() == Signer::Issuer && self.image.is_issuer_revoked(key, true) {
            return Err(Error::IssuerRevoked);
        }
        self.look();
        let applied = match genuine.content() {
            Content::License(license) => self.apply_code(license, &genuine, document, certificate),
            Content::RevocationList(list) => self.apply_list(list, document),
            Content::TimeToken(token) => self.apply_token(token),
            Content::Unlock(unlock) => self.apply_unlock(unlock),
        };
        // An entry that found no room stands behind the end of the image and does not count.
        let outcome = applied?;
        if !matches!(outcome, Outcome::AlreadyApplied | Outcome::TimeOlder) {
            self.end_revoked();
            self.store_with_time()?;
        }
        Ok(outcome)
    }

    fn apply_code(
        &mut self,
        license: &License<'_>,
        genuine: &GenuineDocument<'_>,
        document: &[u8],
        certificate: Option<&[u8]>,
    ) -> Result<Outcome, Error> {
        if self.session.condition == Error::StateRolledBack.number().unsigned_abs() {
            return Err(Error::StateRolledBack);
        }
        check_place(license, &self.facts(None))?;
        let id_hash = license_id_hash(license.id);
        if let Some(error) = self.image.revocation(id_hash, license.serial) {
            return Err(error);
        }
        if self.image.returned(id_hash).is_some_and(|(serial, _)| license.serial <= serial) {
            return Err(Error::LicenseReturned);
        }
        let outcome = self.compare(license, id_hash, document)?;
        if outcome == Outcome::AlreadyApplied {
            return Ok(outcome);
        }
        self.hold(Said::new(license, genuine), license, document)?;
        self.image.forget_returned(id_hash);
        if let Some(certificate) = certificate {
            self.keep_certificate(certificate);
        }
        self.raise_floor(license.issued_at);
        let moment = self.look();
        self.start_waiting(&moment);
        Ok(outcome)
    }

    /// The serial rule: the highest issue of a license counts.
    fn compare(&self, license: &License<'_>, id_hash: [u8; 8], document: &[u8]) -> Result<Outcome, Error> {
        let Some(held) = self.image.license(id_hash) else { return Ok(Outcome::Activated) };
        if license.serial < held.serial() {
            return Err(Error::CodeOlder);
        }
        if license.serial == held.serial() {
            let same = Unverified::restored(held.document())?.envelope.payload
                == Unverified::restored(document)?.envelope.payload;
            // The same license from a key that is trusted now replaces one whose key no longer is.
            return match (same, held.is_genuine()) {
                (true, true) => Ok(Outcome::AlreadyApplied),
                (true, false) => Ok(Outcome::Activated),
                (false, _) => Err(Error::CodeConflict),
            };
        }
        let Ok(before) = held.genuine() else { return Ok(Outcome::Activated) };
        let shorter = is_shorter(license, before.license(), held.activated_at());
        Ok(if shorter { Outcome::Shortened } else { Outcome::Renewed })
    }

    /// Puts a code into the image in place of the issue before it, whose activation time and meters it takes over.
    fn hold(&mut self, said: Said, license: &License<'_>, document: &[u8]) -> Result<(), Error> {
        self.settle_meters();
        let before = self.image.license(said.id_hash);
        let activated_at = before.and_then(|before| before.activated_at()).map_or(0, |time| time.0);
        let powered_at = before.map_or(self.session.powered, |before| before.powered_at());
        let before = before.map(|before| (before.entry_at(), before.meters().0, before.meters_len()));
        let mut entry = self.image.begin();
        let content_at = entry.end;
        push_fixed(&mut self.image, &mut entry, activated_at, powered_at)?;
        if let Some((_, meters_at, meters_len)) = before {
            self.image.push_copy(&mut entry, meters_at, meters_len)?;
        }
        self.add_meters(&mut entry, license, content_at)?;
        close_meters(&mut self.image, &entry, content_at)?;
        self.image.push(&mut entry, document)?;
        said.write(&mut self.image, content_at);
        self.image.finish(&entry, EntryKind::License)?;
        if let Some((at, ..)) = before {
            self.image.remove(at);
        }
        Ok(())
    }

    /// Keeps an issuer certificate for later codes that do not carry it. Where there is no room they have to.
    fn keep_certificate(&mut self, certificate: &[u8]) {
        if self.image.certificates().any(|kept| kept == certificate) {
            return;
        }
        if self.image.certificates().count() >= CERTIFICATES_MAX {
            let oldest = self.image.entries_of(EntryKind::Certificate).next().map(|entry| entry.at);
            self.image.remove(oldest.unwrap_or(usize::MAX));
        }
        let mut entry = self.image.begin();
        if self.image.push(&mut entry, certificate).is_ok() {
            // The room was just found to be there.
            let _ = self.image.finish(&entry, EntryKind::Certificate);
        }
    }

    fn apply_list(&mut self, list: &RevocationList<'_>, document: &[u8]) -> Result<Outcome, Error> {
        self.check_product(list.product)?;
        let same_series = |held: &RevocationList<'_>| held.product == list.product && held.series == list.series;
        let held = self.image.lists().find(|held| held.list().is_some_and(|held| same_series(&held)));
        let before = match held.and_then(|held| Some((held.entry_at(), held.list()?, held.document()))) {
            Some((_, held, _)) if list.number < held.number => return Err(Error::ListOlder),
            Some((_, held, bytes)) if list.number == held.number => {
                let same = bytes == document;
                return if same { Ok(Outcome::AlreadyApplied) } else { Err(Error::ListConflict) };
            }
            Some((at, ..)) => Some(at),
            None if self.image.lists().count() >= LISTS_MAX => return Err(Error::StateFull),
            None => None,
        };
        self.image.add_list(document)?;
        if let Some(at) = before {
            self.image.remove(at);
        }
        self.refresh(list.issued_at);
        Ok(Outcome::ListAccepted)
    }

    fn apply_token(&mut self, token: &TimeToken<'_>) -> Result<Outcome, Error> {
        self.check_product(token.product)?;
        let floor = self.session.floor;
        let refreshed = self.image.u64(field::REFRESHED);
        let lost = [ClockState::Unset, ClockState::Behind].iter().any(|state| state.number() == self.session.clock);
        // A token from before what is known proves nothing; one that is hardly older still tells a lost time.
        let tells = lost && token.issued_at.0.saturating_add(CLOCK_TOLERANCE_SECONDS) >= floor;
        if token.issued_at.0 <= floor && token.issued_at.0 <= refreshed && !tells {
            return Ok(Outcome::TimeOlder);
        }
        self.refresh(token.issued_at);
        if tells {
            self.anchor(token.issued_at);
        }
        let moment = self.look();
        self.start_waiting(&moment);
        Ok(Outcome::TimeAccepted)
    }

    fn apply_unlock(&mut self, unlock: &Unlock<'_>) -> Result<Outcome, Error> {
        self.check_product(unlock.product)?;
        let pending = self.image.get(field::NONCE);
        if unlock.nonce == [0; 8] || unlock.nonce != pending {
            return Err(Error::UnlockMismatch);
        }
        crate::policy::check_binding(&unlock.binding, &self.facts(None))?;
        self.image.set(field::NONCE, &[0; 8]);
        if unlock.grants & GRANTS_CLOCK != 0 {
            let built_at = self.profile.built_at.unwrap_or(UnixSeconds(0));
            self.reset_floor(unlock.issued_at.later(built_at));
            // A document that was dated into the future by mistake must not keep the clock behind for ever.
            self.image.set_u64(field::REFRESHED, unlock.issued_at.0);
        }
        if unlock.grants & GRANTS_STATE != 0 {
            self.image.set_u16(field::LOCK, 0);
        }
        self.refresh(unlock.issued_at);
        let moment = self.look();
        self.start_waiting(&moment);
        Ok(Outcome::Unlocked)
    }

    /// A document for all products has an empty one.
    fn check_product(&self, product: &str) -> Result<(), Error> {
        if product.is_empty() || product == self.profile.product { Ok(()) } else { Err(Error::ProductMismatch) }
    }

    /// A genuine document for this product arrived: it proves its time, and leases run from it.
    fn refresh(&mut self, issued_at: UnixSeconds) {
        let refreshed = self.image.u64(field::REFRESHED).max(issued_at.0);
        self.image.set_u64(field::REFRESHED, refreshed);
        self.raise_floor(issued_at);
    }
}

/// Whether the new issue of a license ends earlier than the one before. Ends of different kinds cannot be compared.
fn is_shorter(new: &License<'_>, before: &License<'_>, activated_at: Option<UnixSeconds>) -> bool {
    match (new.term, before.term) {
        (Term::PoweredHours(new), Term::PoweredHours(before)) => new < before,
        (Term::PoweredHours(_), _) | (_, Term::PoweredHours(_)) => false,
        _ => end_of(new, activated_at) < end_of(before, activated_at),
    }
}

/// When a license ends by the calendar; one that was not activated yet counts from its issue.
fn end_of(license: &License<'_>, activated_at: Option<UnixSeconds>) -> UnixSeconds {
    let end = match license.term {
        Term::Perpetual | Term::PoweredHours(_) => return UnixSeconds(u64::MAX),
        Term::Until(end) => end,
        Term::DaysFromActivation(days) => activated_at.unwrap_or(license.issued_at).plus_days(days),
    };
    end.plus_days(license.grace_days)
}
