//! Meters: how much of a quota is used. Use is stored before it is granted. With a reservation more is stored as used
//! than was used, so that not every use needs a write; a power cut then costs what is left of the reservation.

use super::Engine;
use super::image::{Image, NewEntry};
use super::license::{FIXED_LEN, is_metered};
use super::session::{RESERVATIONS_MAX, Session};
use super::time::Moment;
use crate::error::Error;
use crate::limits::FEATURE_NAME_MAX;
use crate::wire::feature::{Feature, Right};
use crate::wire::license::License;

/// Length of the counts behind the name: used, used at the last report, used at the last accepted report.
const COUNTS_LEN: usize = 24;

/// The state of a quota over all licenses that are granted and contain it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeterReading {
    /// The sum of the quotas.
    pub total: u64,
    /// How much is used, what is used beyond the quotas included.
    pub used: u64,
    /// How much can be used without overage.
    pub remaining: u64,
    /// How much is used beyond the quotas.
    pub overage: u64,
}

/// One meter in the image.
#[derive(Clone, Copy, Debug)]
struct Meter<'m> {
    name: &'m str,
    /// Offset of the counts.
    at: usize,
    /// Number of the meter among all meters of the image.
    number: usize,
    used: u64,
    pending: u64,
    reported: u64,
}

/// What a meter says, for reports.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeterCounts<'m> {
    /// Offset of the entry of its license.
    pub(super) entry: usize,
    pub(super) name: &'m str,
    /// Exactly how much is used.
    pub(super) used: u64,
    /// How much of that the last accepted report told.
    pub(super) reported: u64,
}

/// The meters of one license.
#[derive(Clone, Debug)]
struct Meters<'m> {
    rest: &'m [u8],
    at: usize,
    number: usize,
}

impl<'m> Iterator for Meters<'m> {
    type Item = Meter<'m>;

    fn next(&mut self) -> Option<Meter<'m>> {
        let (length, rest) = self.rest.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(*length))?;
        let (counts, rest) = rest.split_first_chunk::<COUNTS_LEN>()?;
        let at = self.at.saturating_add(1).saturating_add(name.len());
        let (number, count) = (self.number, |from: usize| {
            counts.get(from..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u64::from_le_bytes(*bytes))
        });
        let meter = Meter {
            name: core::str::from_utf8(name).unwrap_or(""),
            at,
            number,
            used: count(0),
            pending: count(8),
            reported: count(16),
        };
        self.rest = rest;
        self.at = at.saturating_add(COUNTS_LEN);
        self.number = number.saturating_add(1);
        Some(meter)
    }
}

/// Whether these bytes are meters and nothing else.
pub(super) fn has_form(bytes: &[u8]) -> bool {
    let mut meters = Meters { rest: bytes, at: 0, number: 0 };
    let good = meters.by_ref().all(|meter| !meter.name.is_empty() && meter.name.len() <= FEATURE_NAME_MAX);
    good && meters.rest.is_empty()
}

impl Image<'_> {
    /// Every meter, with the offset of the entry of its license.
    fn meters(&self) -> impl Iterator<Item = (usize, Meter<'_>)> + Clone {
        let all = self.licenses().flat_map(|held| {
            let (at, rest) = held.meters();
            Meters { rest, at, number: 0 }.map(move |meter| (held.entry_at(), meter))
        });
        // A range that ends needs no check for overflow, as `enumerate` does.
        (0..=usize::MAX).zip(all).map(|(number, (entry, meter))| (entry, Meter { number, ..meter }))
    }

    fn meter(&self, number: usize) -> Option<(usize, Meter<'_>)> {
        self.meters().nth(number)
    }

    /// Every meter with its exact use.
    pub(super) fn meter_counts<'m>(&'m self, session: &'m Session) -> impl Iterator<Item = MeterCounts<'m>> + Clone {
        self.meters().map(|(entry, meter)| MeterCounts {
            entry,
            name: meter.name,
            used: session.used(&meter),
            reported: meter.reported,
        })
    }
}

impl Session {
    /// Exactly how much is used: what is stored as used, without what was reserved only.
    fn used(&self, meter: &Meter<'_>) -> u64 {
        meter.used.saturating_sub(self.reserved.get(meter.number).copied().unwrap_or(0))
    }
}

impl Engine<'_> {
    /// Adds a meter for each quota of `license` that has none among those already in the entry.
    pub(super) fn add_meters(
        &mut self,
        entry: &mut NewEntry,
        license: &License<'_>,
        content_at: usize,
    ) -> Result<(), Error> {
        let first = content_at.saturating_add(FIXED_LEN);
        for feature in license.features.into_iter().filter(|feature| is_metered(&feature.right)) {
            let written = self.image.range(first, entry.end.saturating_sub(first));
            let mut present = Meters { rest: written, at: 0, number: 0 };
            if present.any(|meter| meter.name == feature.name) {
                continue;
            }
            let length = u8::try_from(feature.name.len()).map_err(|_| Error::PayloadValue)?;
            self.image.push(entry, &[length])?;
            self.image.push(entry, feature.name.as_bytes())?;
            self.image.push(entry, &[0; COUNTS_LEN])?;
        }
        Ok(())
    }

    /// Uses `amount` of a quota, all of it or nothing. Where it has to be stored, `reservation` more is stored as used
    /// along with it, as far as the quota reaches; 0 for none.
    ///
    /// The use is spread over all granted licenses that contain the feature; overage counts on the last of those that
    /// permit it.
    ///
    /// # Errors
    /// `QuotaExhausted`; `FeatureKind` for a feature that is no quota; the refusal of the feature; the errors of
    /// [`Engine::check`]. After an error nothing is used.
    pub fn consume(&mut self, name: &str, amount: u64, reservation: u64) -> Result<MeterReading, Error> {
        self.check_open()?;
        let moment = self.tick()?;
        let before = self.reading(name, &moment)?;
        let overage = before.1;
        if amount > before.0.remaining && overage.is_none() {
            return Err(Error::QuotaExhausted);
        }
        let mut rest = amount;
        let mut charged = false;
        let mut at = 0;
        while let Some((next, meter, quota)) = self.next_quota(name, &moment, at) {
            at = next;
            let left = quota.saturating_sub(self.session.used(&meter));
            let take = rest.min(left);
            let (counts, number) = (meter.at, meter.number);
            let most = left.saturating_sub(take).min(reservation);
            let stored = meter.used;
            charged |= self.charge(counts, number, stored, take, most);
            rest = rest.saturating_sub(take);
        }
        if rest > 0 {
            let (counts, number) = overage.ok_or(Error::QuotaExhausted)?;
            let stored = self.image.u64(counts);
            charged |= self.charge(counts, number, stored, rest, reservation);
        }
        if charged {
            self.store_with_time()?;
        }
        self.reading(name, &moment).map(|(reading, _)| reading)
    }

    /// Counts `take` as used, from the reservation as far as it reaches. Says whether it has to be stored.
    fn charge(&mut self, counts: usize, number: usize, stored: u64, take: u64, reservation: u64) -> bool {
        let mut none = 0;
        let reserved = self.session.reserved.get_mut(number).unwrap_or(&mut none);
        if take <= *reserved {
            *reserved = reserved.saturating_sub(take);
            return false;
        }
        let missing = take.saturating_sub(*reserved);
        *reserved = if number < RESERVATIONS_MAX { reservation } else { 0 };
        let stored = stored.saturating_add(missing).saturating_add(*reserved);
        self.image.set_u64(counts, stored);
        true
    }

    /// Gives back `amount` of a quota that was used in vain, as far as that much was used.
    ///
    /// Kept in memory like a reservation: a power cut takes it back.
    ///
    /// # Errors
    /// As [`Engine::consume`].
    pub fn give_back(&mut self, name: &str, amount: u64) -> Result<MeterReading, Error> {
        self.check_open()?;
        let moment = self.tick()?;
        self.reading(name, &moment)?;
        let mut rest = amount;
        let mut stored = false;
        let mut at = 0;
        while let Some((next, meter, _)) = self.next_quota(name, &moment, at) {
            at = next;
            let back = rest.min(self.session.used(&meter));
            rest = rest.saturating_sub(back);
            let (counts, number, used) = (meter.at, meter.number, meter.used.saturating_sub(back));
            match self.session.reserved.get_mut(number) {
                Some(reserved) => *reserved = reserved.saturating_add(back),
                None => {
                    stored |= back > 0;
                    self.image.set_u64(counts, used);
                }
            }
        }
        if stored {
            self.store_with_time()?;
        }
        self.reading(name, &moment).map(|(reading, _)| reading)
    }

    /// How much of a quota is used and left.
    ///
    /// # Errors
    /// As [`Engine::consume`], but for `QuotaExhausted`.
    pub fn meter(&mut self, name: &str) -> Result<MeterReading, Error> {
        self.check_open()?;
        let moment = self.tick()?;
        self.reading(name, &moment).map(|(reading, _)| reading)
    }

    /// The sums over all granted quotas of this name, and the offset and number of the last meter that permits
    /// overage.
    fn reading(&self, name: &str, moment: &Moment) -> Result<(MeterReading, Option<(usize, usize)>), Error> {
        let mut reading = MeterReading::default();
        let mut overage = None;
        let mut found = false;
        let mut at = 0;
        while let Some((next, meter, quota)) = self.next_quota(name, moment, at) {
            at = next;
            found = true;
            let used = self.session.used(&meter);
            reading.total = reading.total.saturating_add(quota);
            reading.used = reading.used.saturating_add(used);
            reading.remaining = reading.remaining.saturating_add(quota.saturating_sub(used));
            reading.overage = reading.overage.saturating_add(used.saturating_sub(quota));
            if self.permits_overage(name, moment, next) {
                overage = Some((meter.at, meter.number));
            }
        }
        if found {
            return Ok((reading, overage));
        }
        let decision = self.feature_answer(name, moment).decision;
        Err(decision.refusal.unwrap_or(Error::FeatureKind))
    }

    /// The first granted quota of this name in a license whose entry stands behind `after`: the entry's offset, the
    /// meter and the quota.
    fn next_quota(&self, name: &str, moment: &Moment, after: usize) -> Option<(usize, Meter<'_>, u64)> {
        self.judge(moment).filter(|judged| judged.held.entry_at() > after && judged.is_granted()).find_map(|judged| {
            let at = judged.held.entry_at();
            let decision = self.decide_feature(name, &judged, moment);
            let Some(Feature { right: Right::Quota { amount, .. }, .. }) = decision.feature else { return None };
            if !decision.verdict.is_granted() {
                return None;
            }
            let (_, meter) = self.image.meters().find(|(entry, meter)| *entry == at && meter.name == name)?;
            Some((at, meter, amount))
        })
    }

    fn permits_overage(&self, name: &str, moment: &Moment, at: usize) -> bool {
        self.judge(moment).filter(|judged| judged.held.entry_at() == at).any(|judged| {
            let feature = judged.genuine.and_then(|genuine| genuine.license().feature(name));
            matches!(feature, Some(Feature { right: Right::Quota { overage: true, .. }, .. }))
        })
    }

    /// Takes the exact use into the image. Says whether that changed it.
    pub(super) fn settle_meters(&mut self) -> bool {
        let mut changed = false;
        for number in 0..RESERVATIONS_MAX {
            let exact = self.image.meter(number);
            let exact = exact.map(|(_, meter)| (meter.at, self.session.used(&meter)));
            let Some(reserved) = self.session.reserved.get_mut(number) else { continue };
            if let (Some((at, used)), true) = (exact, *reserved != 0) {
                self.image.set_u64(at, used);
                changed = true;
            }
            *reserved = 0;
        }
        changed
    }

    /// Notes the exact use as that of the report being made, or that of the last report as accepted; of the license
    /// whose entry stands at `only`, or of all if it is 0.
    pub(super) fn mark_reported(&mut self, accepted: bool, only: usize) {
        let mut next = 0;
        while let Some((entry, meter)) = self.image.meter(next) {
            let (pending_at, reported_at) = (meter.at.saturating_add(8), meter.at.saturating_add(16));
            let (used, pending, reported) = (self.session.used(&meter), meter.pending, meter.reported);
            next = next.saturating_add(1);
            if accepted {
                self.image.set_u64(reported_at, pending);
            } else {
                // What this report leaves out is not accepted with it.
                self.image.set_u64(pending_at, if only == 0 || only == entry { used } else { reported });
            }
        }
    }
}
