//! Meters: how much of a quota is used. Use is stored before it is granted. With a reservation more is stored as used
//! than was used, so that not every use needs a write; a power cut then costs what is left of the reservation.

use core::hint::black_box;

use super::Engine;
use super::image::{Image, NewEntry, Place};
use super::layout::license::FIXED_LEN;
use super::license::is_metered;
use super::session::{RESERVATIONS_MAX, Session};
use crate::error::Error;
use crate::limits::FEATURE_NAME_MAX;
use crate::policy::Decision;
use crate::time::{excess, sum};
use crate::utf8::Text;
use crate::verdict::Verdict;
use crate::wire::device::Used;
use crate::wire::feature::{Feature, Right};
use crate::wire::license::License;
use crate::witness::Witness;

/// Length of the counts behind the name: used, used at the last report, used at the last accepted report.
const COUNTS_LEN: usize = 24;

/// The state of a quota over all licenses that are granted and contain it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
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
        // Compared twice, each time for one word: a skipped addition in the image must not grant a use.
        let counted = Witness::of(missing(self.used), missing(black_box(self.used)));
        Verdict::of(self.verdict.witness().and(counted).differences())
    }
}

/// One meter in the image: offsets into it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter {
    /// The license that it belongs to; `None` before the first meter.
    pub(super) license: Option<Place>,
    name_at: usize,
    /// The end of the counts, and the beginning of the next meter.
    end: usize,
    /// Number of the meter among all meters of the image.
    number: usize,
}

impl Meter {
    /// The bytes before the first meter.
    pub(super) const START: Self = Self { license: None, name_at: 0, end: 0, number: usize::MAX };

    /// Where how much is used is stored, what is reserved included.
    pub(super) const fn used_at(&self) -> usize {
        self.end.wrapping_sub(COUNTS_LEN)
    }

    /// Where how much was used at the last report is stored.
    const fn pending_at(&self) -> usize {
        self.end.wrapping_sub(16)
    }

    /// Where how much was used at the last accepted report is stored.
    const fn reported_at(&self) -> usize {
        self.end.wrapping_sub(8)
    }
}

/// All granted quotas of a name, added up, the one that is visited, and what is to be done on the way.
struct Tally {
    reading: MeterReading,
    /// The meter of the quota that is visited.
    meter: Meter,
    /// How much that quota gives.
    amount: u64,
    found: bool,
    /// The last meter that permits overage.
    overage: Option<Meter>,
    /// The amount still to be used or returned.
    rest: u64,
    reservation: u64,
    /// Whether the change has to be stored.
    due: bool,
}

impl Tally {
    /// Before the first visit.
    fn new() -> Self {
        let reading = MeterReading::default();
        Self {
            reading,
            meter: Meter::START,
            amount: 0,
            found: false,
            overage: None,
            rest: 0,
            reservation: 0,
            due: false,
        }
    }
}

/// What is done to each granted quota.
type Visit = fn(&mut Engine<'_>, &mut Tally);

impl Image<'_> {
    /// Moves to the next meter; returns whether there is one.
    #[inline(never)]
    pub(super) fn advance(&self, meter: &mut Meter) -> bool {
        loop {
            if meter.license.is_some_and(|license| meter.end < self.code_at(license)) {
                meter.name_at = meter.end.wrapping_add(1);
                meter.end = self.meter_end(meter.end);
                meter.number = meter.number.wrapping_add(1);
                return true;
            }
            meter.license = self.license_after(meter.license);
            let Some(license) = meter.license else { return false };
            meter.end = license.field(FIXED_LEN);
        }
    }

    /// Where the meter that begins at `at` ends.
    fn meter_end(&self, at: usize) -> usize {
        at.wrapping_add(usize::from(self.u8(at))).wrapping_add(1 + COUNTS_LEN)
    }

    /// The name of a meter.
    pub(super) fn name(&self, meter: &Meter) -> &[u8] {
        self.up_to(meter.name_at, meter.used_at())
    }

    /// Where the meters of a license begin and end.
    pub(super) fn meters_of(&self, license: Place) -> (usize, usize) {
        (license.field(FIXED_LEN), self.code_at(license))
    }

    /// The quotas of the meters in a range, and how much of them is stored as used.
    pub(super) fn used_in(&self, mut at: usize, end: usize) -> impl Iterator<Item = Used<'_>> + Clone {
        core::iter::from_fn(move || {
            let begin = at;
            at = self.meter_end(at);
            let counts = at.wrapping_sub(COUNTS_LEN);
            let feature = Text::new(self.up_to(begin.wrapping_add(1), counts)).unwrap_or_default();
            (begin < end).then(|| Used { feature, used: self.u64(counts) })
        })
    }

    /// Whether a range contains meters and nothing else.
    #[inline(always)]
    pub(super) fn have_form(&self, (mut at, end): (usize, usize)) -> bool {
        while at < end {
            let name = self.range(at.wrapping_add(1), self.u8(at).into());
            if name.is_empty() || name.len() > FEATURE_NAME_MAX || Text::new(name).is_none() {
                return false;
            }
            at = self.meter_end(at);
        }
        at == end
    }

    /// Whether one of the meters there has this name.
    fn has_meter(&self, mut at: usize, end: usize, name: &[u8]) -> bool {
        while at < end {
            if self.range(at.wrapping_add(1), self.u8(at).into()) == name {
                return true;
            }
            at = self.meter_end(at);
        }
        false
    }

    /// Adds a meter for each quota of `license` that has none among those that stand from `at` to `end`.
    #[inline(never)]
    pub(super) fn add_meters(&mut self, entry: &mut NewEntry, (at, end): (usize, usize), license: &License<'_>) {
        for feature in license.features {
            if is_metered(&feature.right) && !self.has_meter(at, end, feature.name.as_bytes()) {
                // No name is longer.
                self.push(entry, &[u8::try_from(feature.name.len()).unwrap_or(u8::MAX)]);
                self.push(entry, feature.name.as_bytes());
                self.push(entry, &[0; COUNTS_LEN]);
            }
        }
    }

    /// How much of a meter the last accepted report told.
    pub(super) fn reported(&self, meter: &Meter) -> u64 {
        self.u64(meter.reported_at())
    }
}

impl Engine<'_> {
    /// Exactly how much is used: what is stored as used, without what was reserved only.
    #[inline(never)]
    pub(super) fn used(&self, meter: &Meter) -> u64 {
        let reserved = self.session.reserved.get(meter.number).copied().unwrap_or(0);
        excess(self.image.u64(meter.used_at()), reserved)
    }

    /// Uses `amount` of a quota, all of it or nothing. If it must be stored, `reservation` more is stored as used
    /// along with it, as far as the quota reaches; 0 for none.
    ///
    /// The use is spread over all granted licenses that contain the feature; overage counts on the last of those that
    /// permit it.
    ///
    /// # Errors
    /// `QuotaExhausted`; `FeatureKind` for a feature that is no quota; the refusal of the feature; the errors of
    /// [`Engine::check`]. After an error nothing is used.
    pub fn consume(&mut self, name: &str, amount: u64, reservation: u64) -> Result<MeterReading, Error> {
        let mut reading = MeterReading::default();
        self.consume_into(name, amount, reservation, &mut reading)?;
        Ok(reading)
    }

    /// As [`Engine::consume`], with the reading in memory of the caller's. After `QuotaExhausted` it has what is used and
    /// left, and does not grant.
    ///
    /// # Errors
    /// As [`Engine::consume`].
    pub fn consume_into(
        &mut self,
        name: &str,
        amount: u64,
        reservation: u64,
        reading: &mut MeterReading,
    ) -> Result<(), Error> {
        self.tick()?;
        self.call(|engine| {
            let mut tally = Tally::new();
            engine.visit(name, &mut tally, leave)?;
            let before = tally.reading.used;
            let is_refused = amount > tally.reading.remaining && tally.overage.is_none();
            if !is_refused {
                tally.rest = amount;
                tally.reservation = reservation;
                engine.visit(name, &mut tally, use_up)?;
                if tally.rest > 0 {
                    // There is one, or the use was refused; without it the verdict below finds too little used.
                    if let Some(meter) = &tally.overage {
                        tally.due |= engine.charge(meter, tally.rest, reservation);
                    }
                }
                if tally.due {
                    engine.store_with_time()?;
                }
                engine.visit(name, &mut tally, leave)?;
            }
            // What was refused was not counted, unless the amount is 0: that is never refused.
            tally.reading.verdict = tally.reading.verdict_if_used(before, amount);
            *reading = tally.reading;
            if is_refused { Err(Error::QuotaExhausted) } else { Ok(()) }
        })
    }

    /// Counts `take` as used on a meter, from the reservation as far as it reaches. Says whether it has to be stored.
    #[inline(never)]
    fn charge(&mut self, meter: &Meter, take: u64, reservation: u64) -> bool {
        let mut none = 0;
        let reserved = self.session.reserved.get_mut(meter.number).unwrap_or(&mut none);
        if take <= *reserved {
            *reserved = excess(*reserved, take);
            return false;
        }
        let missing = excess(take, *reserved);
        *reserved = if meter.number < RESERVATIONS_MAX { reservation } else { 0 };
        let stored = sum(sum(self.image.u64(meter.used_at()), missing), *reserved);
        self.image.set_u64(meter.used_at(), stored);
        true
    }

    /// Returns `amount` of a quota that was used in vain, up to the amount used.
    ///
    /// Kept in memory like a reservation: a power cut takes it back.
    ///
    /// # Errors
    /// As [`Engine::consume`].
    pub fn give_back(&mut self, name: &str, amount: u64) -> Result<MeterReading, Error> {
        self.tick()?;
        self.call(|engine| engine.take_back(name, amount))
    }

    fn take_back(&mut self, name: &str, amount: u64) -> Result<MeterReading, Error> {
        let mut tally = Tally::new();
        self.visit(name, &mut tally, leave)?;
        tally.rest = amount;
        self.visit(name, &mut tally, return_to)?;
        if tally.due {
            self.store_with_time()?;
        }
        self.visit(name, &mut tally, leave)?;
        Ok(tally.reading)
    }

    /// How much of a quota is used and left.
    ///
    /// # Errors
    /// As [`Engine::consume`], except for `QuotaExhausted`.
    pub fn meter(&mut self, name: &str) -> Result<MeterReading, Error> {
        self.tick()?;
        let mut tally = Tally::new();
        self.visit(name, &mut tally, leave)?;
        Ok(tally.reading)
    }

    /// Goes through all granted quotas of this name, does something to each and adds them up.
    #[inline(never)]
    fn visit(&mut self, name: &str, tally: &mut Tally, visit: Visit) -> Result<(), Error> {
        tally.reading = MeterReading::default();
        let base = self.base();
        let mut next = None;
        loop {
            next = self.image.license_after(next);
            let Some(held) = next else { break };
            let Some((overage, verdict)) = self.quota(name, held, base, tally) else { continue };
            visit(self, tally);
            tally.found = true;
            let (used, amount) = (self.used(&tally.meter), tally.amount);
            let reading = &mut tally.reading;
            reading.verdict = verdict;
            reading.total = sum(reading.total, amount);
            reading.used = sum(reading.used, used);
            reading.remaining = sum(reading.remaining, excess(amount, used));
            reading.overage = sum(reading.overage, excess(used, amount));
            if overage {
                tally.overage = Some(tally.meter);
            }
        }
        if tally.found {
            return Ok(());
        }
        Err(self.feature_answer(name).decision.refusal.unwrap_or(Error::FeatureKind))
    }

    /// The quota of this name in a license, if it is granted: whether it permits overage, and the verdict on it.
    fn quota(&self, name: &str, held: Place, base: Verdict, tally: &mut Tally) -> Option<(bool, Verdict)> {
        let (mut license, mut license_decision) = (None, Decision::refused(Error::StateCorrupt));
        let decision =
            self.decide_license_feature(name, held, &mut self.view(base), &mut license, &mut license_decision);
        let Some(Feature { right: Right::Quota { amount, overage }, .. }) = decision.feature else { return None };
        // Made of the license's verdict, too.
        if !decision.verdict.is_granted() {
            return None;
        }
        tally.amount = amount;
        tally.meter = Meter::START;
        while self.image.advance(&mut tally.meter) {
            if tally.meter.license == Some(held) && self.image.name(&tally.meter) == name.as_bytes() {
                return Some((overage, decision.verdict));
            }
        }
        None
    }

    /// Takes the exact use into the image. Says whether that changed it.
    #[inline(never)]
    pub(super) fn settle_meters(&mut self) -> bool {
        let mut changed = false;
        let mut meter = Meter::START;
        while self.image.advance(&mut meter) {
            let used = self.used(&meter);
            changed |= used != self.image.u64(meter.used_at());
            self.image.set_u64(meter.used_at(), used);
        }
        self.session.reserved = Session::CLOSED.reserved;
        changed
    }

    /// Notes the exact use of a meter as the amount stated in the report being written.
    pub(super) fn mark_reported(&mut self, meter: &Meter) {
        let used = self.used(meter);
        self.image.set_u64(meter.pending_at(), used);
    }

    /// Begins a report: use that it leaves out was in the last accepted one.
    pub(super) fn mark_unreported(&mut self) {
        self.copy_counts(Meter::reported_at, Meter::pending_at);
    }

    /// Notes what the last report has told as accepted.
    pub(super) fn mark_accepted(&mut self) {
        self.copy_counts(Meter::pending_at, Meter::reported_at);
    }

    /// In each meter, one count becomes another.
    #[inline(never)]
    fn copy_counts(&mut self, from: fn(&Meter) -> usize, to: fn(&Meter) -> usize) {
        let mut meter = Meter::START;
        while self.image.advance(&mut meter) {
            self.image.set_u64(to(&meter), self.image.u64(from(&meter)));
        }
    }
}

/// Does nothing to a quota.
fn leave(_: &mut Engine<'_>, _: &mut Tally) {}

/// Uses of a quota what is still to be used, as far as it reaches.
fn use_up(engine: &mut Engine<'_>, tally: &mut Tally) {
    let left = excess(tally.amount, engine.used(&tally.meter));
    let take = tally.rest.min(left);
    tally.rest = excess(tally.rest, take);
    tally.due |= engine.charge(&tally.meter, take, excess(left, take).min(tally.reservation));
}

/// Returns the rest of an amount to a quota, up to the amount used.
fn return_to(engine: &mut Engine<'_>, tally: &mut Tally) {
    let meter = &tally.meter;
    let back = tally.rest.min(engine.used(meter));
    tally.rest = excess(tally.rest, back);
    match engine.session.reserved.get_mut(meter.number) {
        Some(reserved) => *reserved = sum(*reserved, back),
        None => {
            tally.due |= back > 0;
            engine.image.set_u64(meter.used_at(), excess(engine.image.u64(meter.used_at()), back));
        }
    }
}
