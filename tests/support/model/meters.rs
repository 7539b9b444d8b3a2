//! Meters and reports, by `docs/STATE.md` and the documentation of the engine's calls.

use lic2::{Error, MeterReading, Verdict};

use super::documents::RightSpec;
use super::{Model, Returned, Time};

/// The number of a usage report, and its lines: license, feature, used, reported.
pub type Report = (u32, Vec<(String, String, u64, u64)>);

/// A quota that is granted: which license, which meter of it, how much, and whether there is overage.
#[derive(Clone, Copy, Debug)]
struct Quota {
    license: usize,
    meter: usize,
    amount: u64,
    overage: bool,
}

impl Model {
    fn quotas(&self, name: &str, time: &Time) -> Vec<Quota> {
        let mut quotas = Vec::new();
        for (license, verdict) in self.judge(time).iter().enumerate() {
            let held = &self.live.licenses[license];
            let granted = self.feature_of(held, verdict, name, time).is_none();
            let right = held.spec.feature(name).map(|feature| feature.right);
            let meter = held.meters.iter().position(|meter| meter.name == name);
            if let (true, Some(RightSpec::Quota { amount, overage }), Some(meter)) = (granted, right, meter) {
                quotas.push(Quota { license, meter, amount, overage });
            }
        }
        quotas
    }

    fn used(&self, quota: &Quota) -> u64 {
        self.live.licenses[quota.license].meters[quota.meter].used()
    }

    pub fn meter(&self, name: &str, time: &Time) -> Result<MeterReading, Error> {
        let quotas = self.quotas(name, time);
        if quotas.is_empty() {
            return Err(self.feature(name, time).0.unwrap_or(Error::FeatureKind));
        }
        let sum = |part: &dyn Fn(&Quota) -> u64| quotas.iter().map(part).sum();
        let mut reading = MeterReading::default();
        reading.verdict = Verdict::GRANTED;
        reading.total = sum(&|quota| quota.amount);
        reading.used = sum(&|quota| self.used(quota));
        reading.remaining = sum(&|quota| quota.amount.saturating_sub(self.used(quota)));
        reading.overage = sum(&|quota| self.used(quota).saturating_sub(quota.amount));
        Ok(reading)
    }

    /// All or nothing, spread over the licenses in their order; overage on the last that permits it.
    pub fn consume(&mut self, name: &str, amount: u64, reservation: u64, time: &Time) -> Result<MeterReading, Error> {
        let before = self.meter(name, time)?;
        let quotas = self.quotas(name, time);
        let overage = quotas.iter().rev().find(|quota| quota.overage).copied();
        if amount > before.remaining && overage.is_none() {
            return Err(Error::QuotaExhausted);
        }
        let mut rest = amount;
        for quota in &quotas {
            let left = quota.amount.saturating_sub(self.used(quota));
            let take = rest.min(left);
            self.charge(quota, take, (left - take).min(reservation));
            rest -= take;
        }
        if let (Some(quota), true) = (overage, rest > 0) {
            self.charge(&quota, rest, reservation);
        }
        self.meter(name, time)
    }

    /// From the reservation as far as it reaches; otherwise a new one is made.
    fn charge(&mut self, quota: &Quota, take: u64, reservation: u64) {
        let meter = &mut self.live.licenses[quota.license].meters[quota.meter];
        if take <= meter.reserved {
            meter.reserved -= take;
        } else {
            meter.stored = meter.used() + take + reservation;
            meter.reserved = reservation;
        }
    }

    pub fn give_back(&mut self, name: &str, amount: u64, time: &Time) -> Result<MeterReading, Error> {
        self.meter(name, time)?;
        let mut rest = amount;
        for quota in self.quotas(name, time) {
            let meter = &mut self.live.licenses[quota.license].meters[quota.meter];
            let back = rest.min(meter.used());
            meter.reserved += back;
            rest -= back;
        }
        self.meter(name, time)
    }

    /// What is stored as used becomes what was used.
    pub fn settle(&mut self) {
        for meter in self.live.licenses.iter_mut().flat_map(|held| &mut held.meters) {
            meter.stored = meter.used();
            meter.reserved = 0;
        }
    }

    /// The serial of the license that is given back, with its used quotas.
    pub fn deactivate(&mut self, id: &'static str, receipt: &str) -> Result<(u32, Vec<(String, u64)>), Error> {
        self.may_deactivate(id)?;
        self.settle();
        let place = self.live.licenses.iter().position(|held| held.spec.id == id).expect("it is held");
        let held = self.live.licenses.remove(place);
        self.live.returned.retain(|returned| returned.id != id);
        let with_receipt = self.live.returned.iter_mut().filter(|returned| returned.receipt.is_some());
        let mut with_receipt: Vec<&mut Returned> = with_receipt.collect();
        if with_receipt.len() >= 4 {
            with_receipt[0].receipt = None;
        }
        self.live.returned.push(Returned { id, serial: held.spec.serial, receipt: Some(receipt.to_owned()) });
        let mut used: Vec<_> = held.meters.iter().map(|meter| (meter.name.to_owned(), meter.used())).collect();
        used.sort();
        Ok((held.spec.serial, used))
    }

    /// Whether a license can be given back now; of one that was, the receipt.
    pub fn may_deactivate(&self, id: &str) -> Result<Option<String>, Error> {
        if let Some(condition) = self.condition() {
            return Err(condition);
        }
        let Some(held) = self.live.held(id) else {
            let returned = self.live.returned.iter().find(|returned| returned.id == id);
            let receipt = returned.and_then(|returned| returned.receipt.clone());
            return receipt.map(Some).ok_or(Error::LicenseUnknown);
        };
        let stolen = self.live.lists.iter().any(|list| list.issuer == Some(false));
        if held.spec.by_issuer && stolen { Err(Error::IssuerRevoked) } else { Ok(None) }
    }

    /// Makes a report, of one license or of all.
    pub fn usage(&mut self, only: &str) -> Result<Report, Error> {
        if let Some(condition) = self.condition() {
            return Err(condition);
        }
        if !only.is_empty() && self.live.held(only).is_none() {
            return Err(Error::LicenseUnknown);
        }
        self.live.reports += 1;
        let mut lines = Vec::new();
        for held in &mut self.live.licenses {
            for meter in &mut held.meters {
                if only.is_empty() || held.spec.id == only {
                    let line = (held.spec.id.to_owned(), meter.name.to_owned(), meter.used(), meter.reported);
                    lines.push(line);
                    meter.pending = meter.used();
                } else {
                    meter.pending = meter.reported;
                }
            }
        }
        lines.sort();
        Ok((self.live.reports, lines))
    }

    pub fn usage_accepted(&mut self, number: u32) -> Result<(), Error> {
        if number == 0 || number != self.live.reports {
            return Err(Error::InvalidArgument);
        }
        for meter in self.live.licenses.iter_mut().flat_map(|held| &mut held.meters) {
            meter.reported = meter.pending;
        }
        Ok(())
    }
}
