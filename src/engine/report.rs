//! What the device writes for the seller: requests, receipts and usage reports. Signed with the device's own key where
//! there is one.

use super::Engine;
use super::image::{Place, field};
use super::meter::Meter;
use crate::device_document::{document_text, write_device_document};
use crate::error::Error;
use crate::hash::{Hasher, license_id_hash};
use crate::limits::{COMPONENT_FACTS_MAX, DOCUMENT_MAX, ID_MAX, NONCE_LEN};
use crate::time::UnixSeconds;
use crate::utf8::Text;
use crate::wire::binding::ComponentHash;
use crate::wire::device::{ReceiptDraft, RequestDraft, UsageDraft, UsageEntry, Used};
use crate::wire::kind::Kind;
use crate::wire::name::is_identifier;

/// Domain of the hash that makes a nonce.
const NONCE: &[u8; 16] = b"LIC2 nonce     1";

/// What a device asks the seller for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// The id of the license that is wanted or troubled; empty for none in particular.
    pub license: &'a str,
    /// What the device noticed about itself: [`crate::SIGN_VIRTUAL_MACHINE`], [`crate::SIGN_CONTAINER`].
    pub signs: u8,
    /// Random bytes, if there are any: they keep the nonces of equal devices apart.
    pub entropy: &'a [u8],
}

/// The identity components of the device, hashed with the salt of one document.
struct Shown {
    entries: [ComponentHash; COMPONENT_FACTS_MAX],
    count: usize,
}

impl Shown {
    fn entries(&self) -> &[ComponentHash] {
        self.entries.get(..self.count).unwrap_or(&[])
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
        self.check_open()?;
        if !ask.license.is_empty() && !is_identifier(ask.license.as_bytes(), ID_MAX) {
            return Err(Error::InvalidArgument);
        }
        self.look();
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
    /// receipt into `out`, for which 1024 bytes are always enough. Asked again, it writes the same receipt again.
    ///
    /// # Errors
    /// `LicenseUnknown`; the status of authenticity if its signature is not good any more; `IssuerRevoked`;
    /// `StateFull`; what is wrong with the stored activation as a whole; `BufferTooSmall`, with the license kept; `SigningFailed`, `StoreWrite`, `CounterFailed`, `NotInitialized`.
    pub fn deactivate<'o>(&mut self, license: &str, entropy: &[u8], out: &'o mut [u8]) -> Result<&'o str, Error> {
        self.check_open()?;
        if let Some(condition) = self.condition() {
            return Err(condition);
        }
        let id_hash = u64::from_le_bytes(license_id_hash(license));
        let Some(held) = self.image.license(id_hash) else {
            return match self.image.receipt(id_hash) {
                Some(receipt) if !receipt.is_empty() => document_text(receipt, out),
                _ => Err(Error::LicenseUnknown),
            };
        };
        // No receipt for what a stolen or withdrawn key signed: its serial would keep the seller's next code out.
        if let Some(error @ Error::IssuerRevoked) = self.image.ended(held) {
            return Err(error);
        }
        let mut genuine = None;
        let refusal = self.image.genuine(held, &mut genuine);
        let serial = genuine.ok_or(refusal.unwrap_or(Error::StateCorrupt))?.license().serial;
        self.look();
        let mut memory = [0; DOCUMENT_MAX];
        let payload = self.receipt_payload(license, serial, self.now(), entropy, &mut memory)?;
        let mut document = [0; DOCUMENT_MAX];
        let receipt = self.write_document(Kind::Receipt, payload, &mut document)?;
        // The text comes first: once the license is gone, it must not be lost for a small buffer.
        let length = document_text(receipt, out)?.len();
        if let Err(error) = self.give_up(id_hash, serial, receipt) {
            out.fill(0);
            return Err(error);
        }
        core::str::from_utf8(out.get(..length).unwrap_or(&[])).map_err(|_| Error::BufferTooSmall)
    }

    /// Takes the license out of the image and stores that.
    fn give_up(&mut self, id_hash: u64, serial: u32, receipt: &[u8]) -> Result<(), Error> {
        self.settle_meters();
        if let Some(held) = self.image.license(id_hash) {
            self.image.remove(held);
        }
        if let Err(error) = self.image.add_returned(id_hash, serial, receipt) {
            self.reload();
            return Err(error);
        }
        self.end_revoked();
        self.store_with_time()
    }

    fn receipt_payload<'m>(
        &self,
        license: &str,
        serial: u32,
        at: Option<UnixSeconds>,
        entropy: &[u8],
        memory: &'m mut [u8],
    ) -> Result<&'m [u8], Error> {
        let nonce = self.fresh_nonce(entropy);
        let shown = self.shown(nonce);
        let held = self.image.license(u64::from_le_bytes(license_id_hash(license)));
        let usage = self.meters().filter(move |meter| meter.license == held);
        ReceiptDraft {
            product: self.about.product,
            nonce,
            at,
            license,
            serial,
            components: shown.entries(),
            usage: usage.map(|meter| Used { feature: self.feature_name(&meter), used: self.used(&meter) }),
            device_key: self.ports.identity.device_key(),
        }
        .payload(memory)
    }

    /// Writes a usage report into `out`, for which 1024 bytes are always enough: how much of every quota was used in
    /// total, and how much of that the seller had accepted before. `license` restricts it to one license; empty for all.
    /// Returns the report's number and its text. Have a report accepted before making the next one.
    ///
    /// # Errors
    /// What is wrong with the stored activation as a whole; `PayloadValue` if there are too many meters for one report: report license by license; `LicenseUnknown`;
    /// `BufferTooSmall`, `SigningFailed`, `StoreWrite`, `CounterFailed`, `NotInitialized`.
    pub fn usage<'o>(&mut self, license: &str, entropy: &[u8], out: &'o mut [u8]) -> Result<(u32, &'o str), Error> {
        self.check_open()?;
        if let Some(condition) = self.condition() {
            return Err(condition);
        }
        let only = self.image.license(u64::from_le_bytes(license_id_hash(license)));
        if !license.is_empty() && only.is_none() {
            return Err(Error::LicenseUnknown);
        }
        self.look();
        let number = self.image.u32(field::REPORT).checked_add(1).ok_or(Error::StateFull)?;
        let mut memory = [0; DOCUMENT_MAX];
        let payload = self.usage_payload(only, number, self.now(), entropy, &mut memory)?;
        let mut document = [0; DOCUMENT_MAX];
        let text = document_text(self.write_document(Kind::UsageReport, payload, &mut document)?, out)?;
        self.image.set_u32(field::REPORT, number);
        self.mark_reported(false, only);
        self.store_with_time()?;
        Ok((number, text))
    }

    fn usage_payload<'m>(
        &self,
        only: Option<Place>,
        number: u32,
        at: Option<UnixSeconds>,
        entropy: &[u8],
        memory: &'m mut [u8],
    ) -> Result<&'m [u8], Error> {
        let nonce = self.fresh_nonce(entropy);
        let shown = self.shown(nonce);
        let image = &self.image;
        let meters = self.meters().filter(move |meter| only.is_none() || meter.license == only);
        let entries = meters.filter_map(|meter| {
            let held = meter.license?;
            let mut genuine = None;
            image.genuine(held, &mut genuine);
            let license = genuine?.license().id;
            let (serial, used, reported) = (image.serial(held), self.used(&meter), image.reported(&meter));
            Some(UsageEntry { license, serial, feature: self.feature_name(&meter), used, reported })
        });
        UsageDraft {
            product: self.about.product,
            nonce,
            at,
            number,
            components: shown.entries(),
            entries,
            device_key: self.ports.identity.device_key(),
        }
        .payload(memory)
    }

    /// Notes that the seller has accepted the last usage report: later ones count from it.
    ///
    /// # Errors
    /// `InvalidArgument` if `number` is not that of the last report; `StoreWrite`, `CounterFailed`, `NotInitialized`.
    pub fn usage_accepted(&mut self, number: u32) -> Result<(), Error> {
        self.check_open()?;
        if number == 0 || number != self.image.u32(field::REPORT) {
            return Err(Error::InvalidArgument);
        }
        self.mark_reported(true, None);
        self.store_with_time()
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
        let mut shown = Shown { entries: [ComponentHash { kind: 0, hash: [0; 8] }; COMPONENT_FACTS_MAX], count: 0 };
        for component in self.ports.identity.components() {
            if let (Some(hash), Some(slot)) = (component.hash([a, b, c, d]), shown.entries.get_mut(shown.count)) {
                *slot = ComponentHash { kind: component.kind, hash };
                shown.count = shown.count.saturating_add(1);
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
