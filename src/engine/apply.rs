//! One entry for every document from the seller. It verifies before it writes, writes before it answers, and says
//! which of the outcomes it was.

use super::authenticated::Authenticated;
use super::image::{ENTRY_HEADER_LEN, EntryKind, Place, field};
use super::layout::license::FIXED_LEN;
use super::license::{close_meters, push_fixed};
use super::lists::Relation;
use super::outcome::{Applied, Outcome};
use super::status_number;
use super::usability::Taken;
use super::{ClockState, Engine};
use crate::document::{DocumentBuffer, Unverified};
use crate::error::{Error, in_place};
use crate::limits::{CERTIFICATES_MAX, CLOCK_TOLERANCE_SECONDS, LISTS, TOKENS};
use crate::policy::{Hashes, check_binding, check_place};
use crate::time::{UnixSeconds, sum};
use crate::utf8::Text;
use crate::wire::kind::Kind;
use crate::wire::license::{License, Term};
use crate::wire::revocation::RevocationList;
use crate::wire::time_token::TimeToken;
use crate::wire::unlock::{GRANTS_CLOCK, GRANTS_STATE, Unlock};

impl Engine<'_> {
    /// Takes in a code, a revocation list, a time token or an unlock, as the customer pasted it.
    ///
    /// After an error nothing has changed. Applying grants nothing: ask [`Engine::check`].
    ///
    /// # Errors
    /// As [`Unverified::verify_document`] if it is not authentic; `IssuerRevoked`; for a code `ProductMismatch`,
    /// `TestCode`, `DeviceMismatch`, `DeviceUnknown`, `CodeOlder`, `CodeConflict`, `LicenseReturned` and the statuses of revocation;
    /// for a list `ListOlder`, `ListConflict`; for an unlock `UnlockMismatch`; `StateFull`; `StateRolledBack`
    /// for a code while only an unlock helps; `StoreWrite`, `CounterFailed`, `NotInitialized`.
    pub fn apply(&mut self, text: &[u8]) -> Result<Applied, Error> {
        self.call(|engine| engine.apply_and_store(text))
    }

    fn apply_and_store(&mut self, text: &[u8]) -> Result<Applied, Error> {
        // Entries may come and go.
        self.session.pending.end();
        let mut is_new = true;
        let taken = loop {
            match self.read_and_take_in(text, is_new) {
                Err(Error::StateFull) => self.reload(),
                taken => break taken?,
            }
            if !is_new {
                return Err(Error::StateFull);
            }
            // The receipts were shown. A new document needs their room more.
            self.check_held()?;
            self.image.drop_receipts();
            is_new = false;
        };
        let applied = self.conclude(taken);
        if applied.outcome.changes_state() {
            self.store_with_time()?;
        }
        Ok(applied)
    }

    /// Verifies a document, looks at the clock if it `is_new`, and changes the image. A function of its own, so that the
    /// memory for the document is free again when the image is stored.
    #[inline(never)]
    pub(super) fn read_and_take_in(&mut self, text: &[u8], is_new: bool) -> Result<Taken, Error> {
        let mut buffer = DocumentBuffer::new();
        let unverified = buffer.read(text);
        let unverified = in_place(&unverified)?;
        let authenticated = self.authenticate(unverified);
        let authenticated = in_place(&authenticated)?;
        // A second branch, for a fault in the first: what lists, tokens and unlocks say is stored without a witness.
        if !authenticated.witness.is_good() {
            return Err(Error::SignatureInvalid);
        }
        if LISTS && self.image.is_revoked(self.ring, authenticated.signing_key, true) {
            return Err(Error::IssuerRevoked);
        }
        if is_new {
            self.read_clock();
        }
        Ok((self.take_in(unverified, authenticated)?, authenticated.id_hash))
    }

    /// Changes the image. After `StateFull` it is half changed; after any other error it is not.
    #[inline(never)]
    fn take_in(&mut self, unverified: &Unverified<'_>, authenticated: &Authenticated) -> Result<Outcome, Error> {
        let payload = unverified.envelope.payload;
        match unverified.kind() {
            Kind::Code => self.apply_code(in_place(&License::decode(payload))?, unverified, authenticated),
            Kind::RevocationList if LISTS => {
                self.apply_list(in_place(&RevocationList::decode(payload))?, unverified, authenticated)
            }
            Kind::TimeToken if TOKENS => self.apply_token(in_place(&TimeToken::decode(payload))?),
            Kind::Unlock if TOKENS => self.apply_unlock(in_place(&Unlock::decode(payload))?),
            Kind::RevocationList
            | Kind::TimeToken
            | Kind::Unlock
            | Kind::Certificate
            | Kind::Request
            | Kind::Receipt
            | Kind::UsageReport => Err(Error::DocumentKind),
        }
    }

    fn apply_code(
        &mut self,
        license: &License<'_>,
        unverified: &Unverified<'_>,
        authenticated: &Authenticated,
    ) -> Result<Outcome, Error> {
        let document = unverified.document;
        if self.session.condition == status_number::to_u32(Error::StateRolledBack) {
            return Err(Error::StateRolledBack);
        }
        check_place(license, &self.facts())?;
        let id_hash = authenticated.id_hash;
        if let Some(error) = self.image.revocation(id_hash, license.serial) {
            return Err(error);
        }
        if self.image.is_returned(id_hash, license.serial) {
            return Err(Error::LicenseReturned);
        }
        if self.image.lacks_part(license, authenticated) {
            return Err(Error::ListPartMissing);
        }
        let outcome = self.compare(license, id_hash, unverified.envelope.payload)?;
        if outcome == Outcome::AlreadyApplied {
            return Ok(outcome);
        }
        self.hold(authenticated, license, document)?;
        self.image.forget_returned(id_hash);
        if let Some(certificate) = unverified.certificate_bytes() {
            self.keep_certificate(certificate);
        }
        self.raise_floor(license.issued_at);
        self.read_clock_and_start();
        Ok(outcome)
    }

    /// The serial rule: the highest issue of a license counts.
    fn compare(&mut self, license: &License<'_>, id_hash: u64, payload: &[u8]) -> Result<Outcome, Error> {
        let image = &self.image;
        let Some(held) = image.license(id_hash) else { return Ok(Outcome::Activated) };
        // Entries signed by a revoked key must not block new ones.
        if !image.is_genuine(held) || image.ended(held) == Some(Error::IssuerRevoked) {
            return Ok(Outcome::Activated);
        }
        if license.serial < image.serial(held) {
            return Err(Error::CodeOlder);
        }
        if license.serial == image.serial(held) {
            same_or(image.code(held), payload, Error::CodeConflict)?;
            // A quota without its meter gets it now.
            return Ok(if self.lacks_meter(held, license) { Outcome::Renewed } else { Outcome::AlreadyApplied });
        }
        let mut before = None;
        image.genuine(held, &mut before);
        let Some(before) = &before else { return Ok(Outcome::Activated) };
        let shorter = is_shorter(license, before.license(), image.activated_at(held));
        Ok(if shorter { Outcome::Shortened } else { Outcome::Renewed })
    }

    /// Whether a quota of a license has no meter in its entry: whether one would be added.
    fn lacks_meter(&mut self, held: Place, license: &License<'_>) -> bool {
        // What is begun and not finished is not part of the image.
        let mut begun = self.image.begin();
        let meters = self.image.meters_of(held);
        self.image.add_meters(&mut begun, meters, license);
        begun.end != begun.content()
    }

    /// Replaces the previous issue in the image by a code, which keeps its activation time and meters.
    #[inline(never)]
    fn hold(&mut self, authenticated: &Authenticated, license: &License<'_>, document: &[u8]) -> Result<(), Error> {
        self.settle_meters();
        let free = self.image.free();
        let mut entry = match self.image.license(authenticated.id_hash) {
            Some(before) => {
                let kept = self.image.code_at(before).wrapping_sub(before.field(0));
                self.image.reopen(before, kept)
            }
            None => {
                let mut entry = self.image.begin();
                push_fixed(&mut self.image, &mut entry, self.session.powered);
                entry
            }
        };
        let meters = (entry.content().wrapping_add(FIXED_LEN), entry.end);
        self.image.add_meters(&mut entry, meters, license);
        close_meters(&mut self.image, &entry);
        self.image.push(&mut entry, document);
        authenticated.write(&mut self.image, EntryKind::LICENSE, entry.content());
        self.image.finish(&entry, EntryKind::LICENSE)?;
        // Many licenses must not keep a list out.
        if LISTS && self.image.free() < free && !self.image.has_list_room(0) {
            return Err(Error::StateFull);
        }
        Ok(())
    }

    /// Keeps an issuer certificate for later codes that do not carry it. Without room for it, they must carry it.
    fn keep_certificate(&mut self, certificate: &[u8]) {
        for kept in self.image.certificates() {
            if kept == certificate {
                return;
            }
        }
        if self.image.count(EntryKind::CERTIFICATE) >= CERTIFICATES_MAX {
            match self.image.idle_certificate() {
                Some(idle) => self.image.remove(idle),
                None => return,
            }
        }
        if !self.image.has_list_room(ENTRY_HEADER_LEN.saturating_add(certificate.len())) {
            return;
        }
        let mut entry = self.image.begin();
        self.image.push(&mut entry, certificate);
        // The room was just found to be there.
        let _ = self.image.finish(&entry, EntryKind::CERTIFICATE);
    }

    /// Puts a list in the place of the last one of its line, product and series.
    fn apply_list(
        &mut self,
        list: &RevocationList<'_>,
        unverified: &Unverified<'_>,
        authenticated: &Authenticated,
    ) -> Result<Outcome, Error> {
        let document = unverified.document;
        self.check_product(list.product)?;
        let payload = unverified.envelope.payload;
        loop {
            let (relation, held) = self.image.strongest_relation(authenticated.position, list, payload);
            match (relation, held) {
                (Relation::Later, _) => return Err(Error::ListOlder),
                (Relation::Same, _) => return Ok(Outcome::AlreadyApplied),
                (Relation::Conflict, _) => return Err(Error::ListConflict),
                (Relation::Replaced, Some(held)) => {
                    self.image.keep_statements(held, list);
                    self.image.remove(held);
                }
                (Relation::Apart | Relation::Replaced, _) => break,
            }
        }
        // Lists under keys that are no longer trusted block nothing, and issuers' lists do not block an anchor's.
        while let Some(held) = self.image.lost_list() {
            self.image.remove(held);
        }
        while !self.image.has_list_place(document) {
            let given_up = if authenticated.signing_key.is_issuer() { None } else { self.image.issuers_list() };
            self.image.remove(given_up.ok_or(Error::StateFull)?);
        }
        self.image.add_list(authenticated, document)?;
        self.refresh(list.issued_at);
        Ok(Outcome::ListAccepted)
    }

    fn apply_token(&mut self, token: &TimeToken<'_>) -> Result<Outcome, Error> {
        self.check_product(token.product)?;
        let floor = self.session.floor;
        let refreshed = self.image.u64(field::REFRESHED);
        let clock = self.session.clock;
        let lost = clock == ClockState::Unset.number() || clock == ClockState::Behind.number();
        // A token from before what is known proves nothing; one that is hardly older still gives_time a lost time.
        let gives_time = lost && sum(token.issued_at.0, CLOCK_TOLERANCE_SECONDS) >= floor;
        if token.issued_at.0 <= floor && token.issued_at.0 <= refreshed && !gives_time {
            return Ok(Outcome::TimeOlder);
        }
        self.refresh(token.issued_at);
        if gives_time {
            self.use_document_time(token.issued_at);
        }
        self.read_clock_and_start();
        Ok(Outcome::TimeAccepted)
    }

    fn apply_unlock(&mut self, unlock: &Unlock<'_>) -> Result<Outcome, Error> {
        self.check_product(unlock.product)?;
        let nonce = u64::from_le_bytes(unlock.nonce);
        if nonce == 0 || nonce != self.image.u64(field::NONCE) {
            return Err(Error::UnlockMismatch);
        }
        check_binding(&unlock.binding, &self.facts(), &mut Hashes::default())?;
        self.image.set(field::NONCE, &[0; 8]);
        if unlock.grants & GRANTS_CLOCK != 0 {
            let built_at = self.about.built_at.unwrap_or(UnixSeconds(0));
            self.reset_floor(unlock.issued_at.later(built_at));
            // A document that was dated into the future by mistake must not keep the clock behind for ever.
            self.image.set_u64(field::REFRESHED, unlock.issued_at.0);
        }
        if unlock.grants & GRANTS_STATE != 0 {
            self.image.set_u16(field::LOCK, 0);
        }
        self.refresh(unlock.issued_at);
        self.read_clock_and_start();
        Ok(Outcome::Unlocked)
    }

    /// A document for all products has an empty one.
    fn check_product(&self, product: Text<'_>) -> Result<(), Error> {
        if product.is_empty() || product == self.about.product { Ok(()) } else { Err(Error::ProductMismatch) }
    }

    /// A genuine document for this product arrived: it proves its time, and leases run from it.
    fn refresh(&mut self, issued_at: UnixSeconds) {
        let refreshed = self.image.u64(field::REFRESHED).max(issued_at.0);
        self.image.set_u64(field::REFRESHED, refreshed);
        self.raise_floor(issued_at);
    }
}

/// Refuses a document with the number of the stored one, unless their content is equal, no matter who signed them.
#[inline(never)]
fn same_or(held: &[u8], payload: &[u8], conflict: Error) -> Result<(), Error> {
    let held = Unverified::from_stored(held);
    if in_place(&held)?.envelope.payload == payload { Ok(()) } else { Err(conflict) }
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
