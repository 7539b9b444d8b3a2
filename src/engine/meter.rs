//! Meters: how much of a quota is used. Use is stored before it is granted. With a reservation more is stored as used
//! than was used, so that not every use needs a write; a power cut then costs what is left of the reservation.

use core::hint::black_box;

use super::Engine;
use super::image::{Entries, EntryKind, Image, NewEntry, u64_at};
use super::license::{FIXED_LEN, Held, is_metered};
use super::session::{RESERVATIONS_MAX, Session};
use super::standing::Judged;
use super::time::Moment;
use crate::error::Error;
use crate::limits::FEATURE_NAME_MAX;
use crate::time::{excess, sum};
use crate::utf8::Text;
use crate::verdict::Verdict;
use crate::wire::feature::{Feature, Right};
use crate::wire::license::License;
use crate::witness::Witness;

/// Length of the counts behind the name: used, used at the last report, used at the last accepted report.
const COUNTS_LEN: usize = 24;

/// The state of a quota over all licenses that are granted and contain it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeterReading {
    /// That of the features that were counted, and of the use itself. Test it with [`Verdict::is_granted`].
    pub verdict: Verdict,
    /// The sum of the quotas.
    pub total: u64,
    /// How much is used, what is used beyond the quotas included.
    pub used: u64,
    /// How much can be used without overage.
    pub remaining: u64,
    /// How much is used beyond the quotas.
    pub overage: u64,
}

impl MeterReading {
    /// The verdict, granted only if `amount` was counted since `before` was used.
    fn verdict_if_used(&self, before: u64, amount: u64) -> Verdict {
        let missing = |used: u64| {
            let differs = used ^ sum(before, amount);
            u32::try_from(differs | differs >> 32).unwrap_or(u32::MAX)
        };
        let counted = Witness::of(missing(self.used), missing(black_box(self.used)));
        Verdict::of(self.verdict.witness().and(counted).differences())
    }
}

/// One meter in the image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter<'m> {
    /// Offset of the entry of its license.
    pub(super) entry: usize,
    pub(super) name: Text<'m>,
    /// Offset of the counts.
    at: usize,
    /// Number of the meter among all meters of the image.
    number: usize,
    /// How much is stored as used.
    used: u64,
}

impl Meter<'_> {
    /// Offset of how much was used at the last report.
    const fn pending_at(&self) -> usize {
        self.at.saturating_add(8)
    }

    /// Offset of how much was used at the last accepted report.
    const fn reported_at(&self) -> usize {
        self.at.saturating_add(16)
    }
}

/// A granted quota: what it gives, and its meter.
struct Quota<'m> {
    meter: Meter<'m>,
    amount: u64,
    overage: bool,
    verdict: Verdict,
}

/// The meters of one license, or, where entries follow, of all licenses.
#[derive(Clone, Debug)]
pub(super) struct Meters<'m> {
    rest: &'m [u8],
    at: usize,
    number: usize,
    entry: usize,
    following: Option<Entries<'m>>,
}

impl<'m> Meters<'m> {
    const fn new(bytes: &'m [u8]) -> Self {
        Self { rest: bytes, at: 0, number: 0, entry: 0, following: None }
    }

    /// The next meter of the same license.
    fn take(&mut self) -> Option<Meter<'m>> {
        let (length, rest) = self.rest.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(*length))?;
        let (counts, rest) = rest.split_first_chunk::<COUNTS_LEN>()?;
        let at = self.at.saturating_add(1).saturating_add(name.len());
        let name = Text::new(name).unwrap_or_default();
        let meter = Meter { entry: self.entry, name, at, number: self.number, used: u64_at(counts, 0) };
        self.rest = rest;
        self.at = at.saturating_add(COUNTS_LEN);
        self.number = self.number.saturating_add(1);
        Some(meter)
    }
}

impl<'m> Iterator for Meters<'m> {
    type Item = Meter<'m>;

    // Once in the program, as that of the entries.
    #[inline(never)]
    fn next(&mut self) -> Option<Meter<'m>> {
        loop {
            if let Some(meter) = self.take() {
                return Some(meter);
            }
            let held = Held::new(self.following.as_mut()?.next()?);
            self.entry = held.entry_at();
            (self.at, self.rest) = held.meters();
        }
    }
}

/// Whether these bytes are meters and nothing else.
pub(super) fn has_form(bytes: &[u8]) -> bool {
    let mut meters = Meters::new(bytes);
    for meter in meters.by_ref() {
        if meter.name.is_empty() || meter.name.len() > FEATURE_NAME_MAX {
            return false;
        }
    }
    meters.rest.is_empty()
}

impl Image<'_> {
    /// Every meter.
    pub(super) fn meters(&self) -> Meters<'_> {
        Meters { following: Some(self.entries_of(EntryKind::License)), ..Meters::new(&[]) }
    }

    fn meter(&self, number: usize) -> Option<Meter<'_>> {
        self.meters().find(|meter| meter.number == number)
    }

    /// How much of a meter the last accepted report told.
    pub(super) fn reported(&self, meter: &Meter<'_>) -> u64 {
        self.u64(meter.reported_at())
    }
}

impl Session {
    /// Exactly how much is used: what is stored as used, without what was reserved only.
    pub(super) fn used(&self, meter: &Meter<'_>) -> u64 {
        excess(meter.used, self.reserved.get(meter.number).copied().unwrap_or(0))
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
        for feature in license.features {
            let written = self.image.range(first, entry.end.saturating_sub(first));
            if !is_metered(&feature.right) || Meters::new(written).any(|meter| meter.name == feature.name) {
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
        let (before, overage) = self.reading(name, &moment)?;
        if amount > before.remaining && overage.is_none() {
            return Err(Error::QuotaExhausted);
        }
        let mut rest = amount;
        let mut charged = false;
        let mut at = 0;
        while let Some(Quota { meter, amount, .. }) = self.next_quota(name, &moment, at) {
            at = meter.entry;
            let left = excess(amount, self.session.used(&meter));
            let take = rest.min(left);
            let place = (meter.at, meter.number);
            charged |= self.charge(place, take, excess(left, take).min(reservation));
            rest = excess(rest, take);
        }
        if rest > 0 {
            charged |= self.charge(overage.ok_or(Error::QuotaExhausted)?, rest, reservation);
        }
        if charged {
            self.store_with_time()?;
        }
        let after = self.reading(name, &moment)?.0;
        Ok(MeterReading { verdict: after.verdict_if_used(before.used, amount), ..after })
    }

    /// Counts `take` as used on the meter with these counts and this number, from the reservation as far as it reaches.
    /// Says whether it has to be stored.
    #[inline(never)]
    fn charge(&mut self, (counts, number): (usize, usize), take: u64, reservation: u64) -> bool {
        let mut none = 0;
        let reserved = self.session.reserved.get_mut(number).unwrap_or(&mut none);
        if take <= *reserved {
            *reserved = excess(*reserved, take);
            return false;
        }
        let missing = excess(take, *reserved);
        *reserved = if number < RESERVATIONS_MAX { reservation } else { 0 };
        let stored = sum(sum(self.image.u64(counts), missing), *reserved);
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
        while let Some(Quota { meter, .. }) = self.next_quota(name, &moment, at) {
            at = meter.entry;
            let back = rest.min(self.session.used(&meter));
            rest = excess(rest, back);
            let (counts, number, used) = (meter.at, meter.number, excess(meter.used, back));
            match self.session.reserved.get_mut(number) {
                Some(reserved) => *reserved = sum(*reserved, back),
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
    #[inline(never)]
    fn reading(&self, name: &str, moment: &Moment) -> Result<(MeterReading, Option<(usize, usize)>), Error> {
        let mut reading = MeterReading::default();
        let mut overage = None;
        let mut found = false;
        let mut at = 0;
        while let Some(Quota { meter, amount, overage: permitted, verdict }) = self.next_quota(name, moment, at) {
            at = meter.entry;
            found = true;
            reading.verdict = verdict;
            let used = self.session.used(&meter);
            reading.total = sum(reading.total, amount);
            reading.used = sum(reading.used, used);
            reading.remaining = sum(reading.remaining, excess(amount, used));
            reading.overage = sum(reading.overage, excess(used, amount));
            if permitted {
                overage = Some((meter.at, meter.number));
            }
        }
        if found {
            return Ok((reading, overage));
        }
        let decision = self.feature_answer(name, moment).decision;
        Err(decision.refusal.unwrap_or(Error::FeatureKind))
    }

    /// The first granted quota of this name in a license whose entry stands behind `after`.
    #[inline(never)]
    fn next_quota(&self, name: &str, moment: &Moment, after: usize) -> Option<Quota<'_>> {
        let base = self.base(moment);
        for held in self.image.licenses() {
            if held.entry_at() <= after {
                continue;
            }
            let mut judged = Judged::none();
            self.judge(held, moment, base, &mut judged);
            let decision = self.decide_feature(name, held, &judged, moment);
            let Some(Feature { right: Right::Quota { amount, overage }, .. }) = decision.feature else { continue };
            if !judged.is_granted() || !decision.verdict.is_granted() {
                continue;
            }
            let is_meant = |meter: &Meter<'_>| meter.entry == held.entry_at() && meter.name == name;
            if let Some(meter) = self.image.meters().find(is_meant) {
                return Some(Quota { meter, amount, overage, verdict: decision.verdict });
            }
        }
        None
    }

    /// Takes the exact use into the image. Says whether that changed it.
    pub(super) fn settle_meters(&mut self) -> bool {
        let mut changed = false;
        for number in 0..RESERVATIONS_MAX {
            let exact = self.image.meter(number);
            let exact = exact.map(|meter| (meter.at, self.session.used(&meter)));
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
        while let Some(meter) = self.image.meter(next) {
            next = next.saturating_add(1);
            let (pending_at, reported_at, entry) = (meter.pending_at(), meter.reported_at(), meter.entry);
            let used = self.session.used(&meter);
            if accepted {
                self.image.set_u64(reported_at, self.image.u64(pending_at));
            } else {
                // What this report leaves out is not accepted with it.
                let told = if only == 0 || only == entry { used } else { self.image.u64(reported_at) };
                self.image.set_u64(pending_at, told);
            }
        }
    }
}
