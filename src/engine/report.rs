//! What the device writes for the seller: requests, receipts and usage reports. Signed with the device's own key where
//! there is one.

use super::Engine;
use super::image::field;
use super::meter::Meter;
use super::parts::{Of, PendingParts};
use super::returned::Returned;
use super::shown::Shown;
use crate::device_document::{document_text, write_device_document};
use crate::error::Error;
use crate::hash::{Hasher, license_id_hash};
use crate::limits::{DOCUMENT_MAX, ID_MAX, NONCE_LEN};
use crate::setters::setters;
use crate::utf8::Text;
use crate::wire::binding::ComponentHash;
use crate::wire::device::{ReceiptDraft, RequestDraft, UsageDraft, UsageEntry};
use crate::wire::kind::Kind;
use crate::wire::name::is_identifier;

/// Domain of the hash that makes a nonce.
const NONCE: &[u8; 16] = b"LIC2 nonce     1";

/// What a device asks the seller for.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Ask<'a> {
    /// The id of the license that is wanted or troubled; empty for none in particular.
    pub license: &'a str,
    /// What the device noticed about itself: [`crate::SIGN_VIRTUAL_MACHINE`], [`crate::SIGN_CONTAINER`].
    pub signs: u8,
    /// Random bytes, if there are any: they keep the nonces of equal devices apart.
    pub entropy: &'a [u8],
}

impl<'a> Ask<'a> {
    /// For no license in particular, without signs and random bytes.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self { license: "", signs: 0, entropy: &[] }
    }

    setters! {
        with_license = (license: &'a str),
        with_signs = (signs: u8),
        with_entropy = (entropy: &'a [u8]),
    }
}

impl Engine<'_> {
    /// Writes a request into `out`, for which 1024 bytes are always enough. The first one is stored, and repeated until
    /// an unlock answers it.
    ///
    /// # Errors
    /// `InvalidArgument` for a license id that none can have; `BufferTooSmall`, `SigningFailed`, `StoreWrite`,
    /// `CounterFailed`, `NotInitialized`.
    pub fn request<'o>(&mut self, ask: &Ask<'_>, out: &'o mut [u8]) -> Result<&'o str, Error> {
        self.call(|engine| engine.make_request(ask, out))
    }

    #[inline(never)]
    fn make_request<'o>(&mut self, ask: &Ask<'_>, out: &'o mut [u8]) -> Result<&'o str, Error> {
        if !ask.license.is_empty() && !is_identifier(ask.license.as_bytes(), ID_MAX) {
            return Err(Error::InvalidArgument);
        }
        self.read_clock();
        let status = self.answer().decision.refusal;
        let mut nonce: [u8; NONCE_LEN] = self.image.u64(field::NONCE).to_le_bytes();
        if nonce == [0; NONCE_LEN] {
            nonce = self.fresh_nonce(ask.entropy);
            self.image.set(field::NONCE, &nonce);
            // A foreign state needs no unlock, and is not overwritten for a question.
            if self.condition() != Some(Error::StateForeign) {
                self.store_with_time()?;
            }
        }
        let shown = self.shown(nonce);
        let draft = RequestDraft {
            product: self.about.product,
            nonce,
            at: self.now(),
            license: ask.license,
            components: shown.entries(),
            version: self.about.version,
            device_key: self.ports.identity.device_key(),
            status,
            signs: ask.signs,
        };
        let mut memory = [0; DOCUMENT_MAX];
        let payload = draft.payload(&mut memory)?;
        let mut document = [0; DOCUMENT_MAX];
        document_text(self.write_document(Kind::Request, payload, &mut document)?, out)
    }

    /// Gives a license back: from now on the device refuses it, until it gets a code with a higher serial. Writes the
    /// receipt into `out`, for which 1024 bytes are always enough; of a receipt that one text does not hold the first part, and
    /// [`Engine::next_part`] the others. Asked again, it writes the same receipt again.
    ///
    /// # Errors
    /// `LicenseUnknown`; the status of authenticity if its signature is not good any more; `IssuerRevoked`;
    /// `StateFull`; what is wrong with the stored activation as a whole; `BufferTooSmall`, with the license kept; `SigningFailed`, `StoreWrite`, `CounterFailed`, `NotInitialized`.
    pub fn deactivate<'o>(&mut self, license: &str, entropy: &[u8], out: &'o mut [u8]) -> Result<&'o str, Error> {
        self.call(|engine| engine.return_license(license, entropy, out))
    }

    #[inline(never)]
    fn return_license<'o>(&mut self, license: &str, entropy: &[u8], out: &'o mut [u8]) -> Result<&'o str, Error> {
        if let Some(condition) = self.condition() {
            return Err(condition);
        }
        self.session.pending.end();
        let id_hash = u64::from_le_bytes(license_id_hash(license));
        let Some(held) = self.image.license(id_hash) else {
            let returned = self.image.receipt(id_hash).ok_or(Error::LicenseUnknown)?;
            return self.write_receipt(&returned, license, 1, 0, out);
        };
        // No receipt for what a stolen or withdrawn key signed: its serial would keep the seller's next code out.
        if let Some(error @ Error::IssuerRevoked) = self.image.ended(held) {
            return Err(error);
        }
        let mut genuine = None;
        let refusal = self.image.genuine(held, &mut genuine);
        let serial = genuine.ok_or(refusal.unwrap_or(Error::StateCorrupt))?.license().serial;
        self.read_clock();
        self.settle_meters();
        let nonce = self.fresh_nonce(entropy);
        let receipt = Returned {
            id_hash,
            serial,
            nonce,
            at: self.now(),
            meters: self.image.meters_of(held),
            shown: self.shown(nonce),
        };
        // The text comes first: once the license is gone, it must not be lost for a small buffer.
        let length = self.write_receipt(&receipt, license, 1, 0, out)?.len();
        let pending = self.session.pending;
        if let Err(error) = self.give_up(&receipt, license) {
            out.fill(0);
            self.session.pending.end();
            return Err(error);
        }
        self.session.pending = pending;
        core::str::from_utf8(out.get(..length).unwrap_or(&[])).map_err(|_| Error::BufferTooSmall)
    }

    /// Writes the receipt with this number again, from 0, the oldest first: its first part as [`Engine::deactivate`], the others
    /// with [`Engine::next_part`]. `None` past the last one.
    ///
    /// # Errors
    /// `BufferTooSmall`, `SigningFailed`, `NotInitialized`, `EngineBusy`.
    pub fn receipt<'o>(&mut self, number: usize, out: &'o mut [u8]) -> Result<Option<&'o str>, Error> {
        self.call(|engine| {
            engine.session.pending.end();
            let Some(id_hash) = engine.image.receipt_at(number) else { return Ok(None) };
            let returned = engine.image.receipt(id_hash).ok_or(Error::LicenseUnknown)?;
            let mut memory = [0; ID_MAX];
            let license = engine.image.returned_id(id_hash, &mut memory);
            engine.write_receipt(&returned, license, 1, 0, out).map(Some)
        })
    }

    /// Takes the license out of the image and stores that.
    #[inline(never)]
    fn give_up(&mut self, receipt: &Returned, license: &str) -> Result<(), Error> {
        if let Err(error) = self.image.turn_into_returned(receipt, license) {
            self.reload();
            return Err(error);
        }
        self.end_revoked();
        self.store_with_time()
    }

    /// Writes a part of a receipt, and notes which one comes next.
    #[inline(never)]
    fn write_receipt<'o>(
        &mut self,
        receipt: &Returned,
        license: &str,
        part: u16,
        skip: usize,
        out: &'o mut [u8],
    ) -> Result<&'o str, Error> {
        let (at, end) = receipt.meters;
        let mut memory = [0; DOCUMENT_MAX];
        let (payload, cut) = ReceiptDraft {
            product: self.about.product,
            nonce: receipt.nonce,
            at: receipt.at,
            license,
            serial: receipt.serial,
            components: receipt.shown.entries(),
            usage: self.image.used_in(at, end),
            device_key: self.ports.identity.device_key(),
        }
        .payload(part, skip, &mut memory)?;
        let mut document = [0; DOCUMENT_MAX];
        let text = document_text(self.write_document(Kind::Receipt, payload, &mut document)?, out)?;
        self.session.pending = PendingParts::after(&cut, skip, Of::Receipt, receipt.id_hash, receipt.nonce);
        Ok(text)
    }

    /// Writes a usage report into `out`, for which 1024 bytes are always enough: how much of every quota was used in
    /// total, and how much of that the seller had accepted before. `license` restricts it to one license; empty for all.
    /// Returns the report's number and its text; of a report that one text does not hold the first part, and
    /// [`Engine::next_part`] the others. Have a report accepted before making the next one.
    ///
    /// # Errors
    /// What is wrong with the stored activation as a whole; `LicenseUnknown`; `BufferTooSmall`, `SigningFailed`, `StoreWrite`,
    /// `CounterFailed`, `NotInitialized`.
    pub fn usage<'o>(&mut self, license: &str, entropy: &[u8], out: &'o mut [u8]) -> Result<(u32, &'o str), Error> {
        self.call(|engine| engine.make_usage(license, entropy, out))
    }

    #[inline(never)]
    fn make_usage<'o>(&mut self, license: &str, entropy: &[u8], out: &'o mut [u8]) -> Result<(u32, &'o str), Error> {
        if let Some(condition) = self.condition() {
            return Err(condition);
        }
        self.session.pending.end();
        let id_hash = if license.is_empty() { 0 } else { u64::from_le_bytes(license_id_hash(license)) };
        if id_hash != 0 && self.image.license(id_hash).is_none() {
            return Err(Error::LicenseUnknown);
        }
        self.read_clock();
        let number = self.image.u32(field::REPORT).checked_add(1).ok_or(Error::StateFull)?;
        let nonce = self.fresh_nonce(entropy);
        Ok((number, self.write_usage(id_hash, nonce, number, 1, 0, out)?))
    }

    /// Writes the next part of the receipt or usage report that was written last; `None` when there is none. Anything
    /// else that is returned, reported or applied in between ends it: begin again then. After an error it can be
    /// repeated.
    ///
    /// # Errors
    /// As [`Engine::usage`] and [`Engine::deactivate`].
    pub fn next_part<'o>(&mut self, out: &'o mut [u8]) -> Result<Option<&'o str>, Error> {
        self.call(|engine| engine.make_next_part(out))
    }

    #[inline(never)]
    fn make_next_part<'o>(&mut self, out: &'o mut [u8]) -> Result<Option<&'o str>, Error> {
        let pending = self.session.pending;
        let (part, skip) = (pending.part, usize::from(pending.skip));
        match pending.of() {
            None => Ok(None),
            Some(Of::Receipt) => {
                let returned = self.image.receipt(pending.id_hash).ok_or(Error::LicenseUnknown)?;
                let mut memory = [0; ID_MAX];
                let license = self.image.returned_id(pending.id_hash, &mut memory);
                self.write_receipt(&returned, license, part, skip, out).map(Some)
            }
            Some(Of::Usage) => {
                let number = self.image.u32(field::REPORT);
                self.read_clock();
                self.write_usage(pending.id_hash, pending.nonce, number, part, skip, out).map(Some)
            }
        }
    }

    /// Writes a part of a usage report, and stores what it has told.
    #[inline(never)]
    fn write_usage<'o>(
        &mut self,
        id_hash: u64,
        nonce: [u8; NONCE_LEN],
        number: u32,
        part: u16,
        skip: usize,
        out: &'o mut [u8],
    ) -> Result<&'o str, Error> {
        let shown = self.shown(nonce);
        let mut memory = [0; DOCUMENT_MAX];
        let (payload, cut) = UsageDraft {
            product: self.about.product,
            nonce,
            at: self.now(),
            number,
            components: shown.entries(),
            entries: self.usage_entries(id_hash).map(|(entry, _)| entry),
            device_key: self.ports.identity.device_key(),
        }
        .payload(part, skip, &mut memory)?;
        let mut document = [0; DOCUMENT_MAX];
        let text = document_text(self.write_document(Kind::UsageReport, payload, &mut document)?, out)?;
        self.image.set_u32(field::REPORT, number);
        if part == 1 {
            // What this report leaves out is not accepted with it.
            self.mark_unreported();
        }
        self.mark_told(id_hash, skip, skip.saturating_add(cut.count));
        self.store_with_time()?;
        self.session.pending = PendingParts::after(&cut, skip, Of::Usage, id_hash, nonce);
        Ok(text)
    }

    /// Every meter of a license, or of all if there is none, and what a report says of it.
    fn usage_entries(&self, id_hash: u64) -> impl Iterator<Item = (UsageEntry<'_>, Meter)> + Clone {
        let image = &self.image;
        let only = if id_hash == 0 { None } else { image.license(id_hash) };
        // Decoded once for all of its meters.
        let (mut decoded, mut id) = (None, None);
        self.meters().filter_map(move |meter| {
            let held = meter.license.filter(|held| id_hash == 0 || only == Some(*held))?;
            if decoded != Some(held) {
                let mut genuine = None;
                image.genuine(held, &mut genuine);
                (decoded, id) = (Some(held), genuine.map(|genuine| genuine.license().id));
            }
            let license = id?;
            let (serial, used, reported) = (image.serial(held), self.used(&meter), image.reported(&meter));
            Some((UsageEntry { license, serial, feature: self.feature_name(&meter), used, reported }, meter))
        })
    }

    /// Notes what the entries of a part have told, those from `from` up to `to` in the order of the report.
    fn mark_told(&mut self, id_hash: u64, from: usize, to: usize) {
        let mut meter = Meter::START;
        while self.image.advance(&mut meter) {
            let is_this = |(_, other): &(UsageEntry<'_>, Meter)| other.used_at() == meter.used_at();
            let Some((own, _)) = self.usage_entries(id_hash).find(is_this) else { continue };
            let is_before = |(other, _): &(UsageEntry<'_>, Meter)| other.name() < own.name();
            let count = |count: usize, _| count.saturating_add(1);
            let before = self.usage_entries(id_hash).filter(is_before).fold(0, count);
            if (from..to).contains(&before) {
                self.mark_reported(&meter);
            }
        }
    }

    /// Notes that the seller has accepted the last usage report: later ones count from it.
    ///
    /// # Errors
    /// `InvalidArgument` if `number` is not that of the last report; `StoreWrite`, `CounterFailed`, `NotInitialized`.
    pub fn usage_accepted(&mut self, number: u32) -> Result<(), Error> {
        self.call(|engine| {
            if number == 0 || number != engine.image.u32(field::REPORT) {
                return Err(Error::InvalidArgument);
            }
            engine.mark_accepted();
            engine.store_with_time()
        })
    }

    /// Every meter.
    fn meters(&self) -> impl Iterator<Item = Meter> + Clone {
        let mut meter = Meter::START;
        let image = &self.image;
        core::iter::from_fn(move || image.advance(&mut meter).then_some(meter))
    }

    /// The feature that a meter counts.
    fn feature_name(&self, meter: &Meter) -> Text<'_> {
        Text::new(self.image.name(meter)).unwrap_or_default()
    }

    fn write_document<'o>(&mut self, kind: Kind, payload: &[u8], out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let identity = &mut *self.ports.identity;
        let key = identity.device_key();
        let mut sign = |message: &[u8]| identity.sign(message).map_err(|_| Error::SigningFailed);
        write_device_document(kind, key, payload, &mut sign, out)
    }

    fn shown(&self, nonce: [u8; NONCE_LEN]) -> Shown {
        let [a, b, c, d, ..] = nonce;
        let mut shown = Shown::NONE;
        for component in self.ports.identity.components() {
            if let Some(hash) = component.hash([a, b, c, d]) {
                shown.push(ComponentHash { kind: component.kind, hash });
            }
        }
        shown
    }

    /// A number that this device has not used and that another device will hardly use. Not a secret.
    fn fresh_nonce(&self, entropy: &[u8]) -> [u8; NONCE_LEN] {
        let mut hasher = Hasher::new(NONCE);
        for component in self.ports.identity.components() {
            hasher.update(&[component.kind]);
            hasher.update(component.value);
        }
        // With a counter no nonce comes twice, whatever is done to the store.
        hasher.update(&self.session.counter.to_le_bytes());
        hasher.update(&self.image.u32(field::SEQUENCE).to_le_bytes());
        for time in [self.session.floor, self.session.powered, self.session.last_wall, self.session.last_uptime] {
            hasher.update(&time.to_le_bytes());
        }
        hasher.update(entropy);
        match hasher.finish() {
            // Zeros stand for no nonce.
            None | Some([0, 0, 0, 0, 0, 0, 0, 0]) => [1; NONCE_LEN],
            Some(nonce) => nonce,
        }
    }
}
