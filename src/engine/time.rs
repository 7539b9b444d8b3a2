//! What time it is. A clock is believed as far as it contradicts nothing that is known: the floor, a time that is
//! certainly past, only rises. `docs/STATE.md` §5 explains the rules and what each costs whom.

use super::Engine;
use super::clock_state::ClockState;
use super::image::field;
use super::layout::license::ACTIVATED_AT;
use super::license::{POWERED_MATTERS, TIME_MATTERS};
use super::session::Session;
use super::status_number;
use super::time_base::TimeBase;
use crate::error::Error;
use crate::limits::{
    CHARGE_LEAST_SECONDS, CHARGE_MOST_SECONDS, CLOCK_CONFIRM_SECONDS, CLOCK_JUMP_SECONDS, CLOCK_TOLERANCE_SECONDS,
    TOKENS,
};
use crate::port::{Reading, Wall};
use crate::time::{SECONDS_PER_DAY, UnixSeconds, excess, later, sum};
use crate::wire::license::Term;

/// By how many seconds one time is later than another; 0 if it is not. As many as fit into 32 bits, of which every rule
/// asks for a month at most: one register is compared where a sum of 64 bits would need four.
#[inline(never)]
fn gap(time: u64, earlier: u64) -> u32 {
    u32::try_from(excess(time, earlier)).unwrap_or(u32::MAX)
}

impl Session {
    /// Takes in how much time has passed since the last reading.
    fn advance(&mut self, reading: &Reading) {
        let mut passed = 0;
        if let Some(uptime) = reading.uptime_seconds {
            // Over a gap in which no uptime was told, too.
            if self.knows_uptime != 0 {
                passed = gap(uptime, self.last_uptime);
            }
            self.knows_uptime = 1;
            self.last_uptime = uptime;
            self.powered = sum(self.powered, passed.into());
        }
        self.has_uptime = u32::from(reading.uptime_seconds.is_some());
        if let Wall::Time(wall) = reading.wall {
            // Without an uptime the clock's own steps count, but not a leap of it.
            if self.has_uptime == 0 && self.last_wall != 0 {
                passed = gap(wall.0, self.last_wall);
                passed = if passed > DAY { 0 } else { passed };
            }
            self.last_wall = wall.0;
        }
        self.elapsed = self.elapsed.saturating_add(passed);
    }

    #[inline(never)]
    fn set_base(&mut self, time: u64) {
        self.base = TimeBase::new(time, self.elapsed);
    }

    /// Takes a time for certainly past, from which elapsed seconds are counted on.
    #[inline(never)]
    fn set_floor(&mut self, time: u64) {
        self.floor = time;
        self.set_base(time);
    }

    /// The time of decisions, and what the clock was found to be.
    #[inline(never)]
    fn set_now(&mut self, now: u64, clock: ClockState) {
        self.now = now;
        self.set_now_unknown(clock);
        self.knows_now = 1;
    }

    /// The time of decisions is not known.
    #[inline(never)]
    fn set_now_unknown(&mut self, clock: ClockState) {
        self.knows_now = 0;
        self.clock = clock.number();
        self.failure = 0;
    }

    /// Assesses a clock that the device has.
    fn assess(&mut self, wall: Wall) {
        if self.floor != 0 {
            self.floor = later(self.floor, self.base.counted(self.elapsed));
        }
        let Wall::Time(UnixSeconds(wall)) = wall else { return self.without_clock(ClockState::Unset) };
        if self.floor != 0 {
            if gap(wall, self.floor) > JUMP {
                self.has_document_time = 0;
                self.follow(wall);
                let counted = self.ahead_until;
                if gap(wall, self.ahead_since) < CONFIRM {
                    if gap(counted, self.ahead_since) < CONFIRM {
                        return self.set_now(counted, ClockState::Ahead);
                    }
                    // A clock that has gone on is believed; of one that stands still the time that was counted is past.
                    self.set_floor(counted);
                }
            }
            if gap(self.floor, wall) > TOLERANCE {
                return self.without_clock(ClockState::Behind);
            }
            self.ahead_since = 0;
            self.ahead_until = 0;
            if wall >= self.floor {
                self.set_floor(wall);
            }
        }
        // Of a floor that is not known nothing can contradict a clock, and a wrong one must not become what is known.
        self.has_document_time = 0;
        self.set_now(later(wall, self.floor), ClockState::Good);
    }

    /// The time under a clock that is of no use for the reason that `state` says: what a document told, and the time since.
    fn without_clock(&mut self, state: ClockState) {
        if !TOKENS || self.has_document_time == 0 {
            return self.set_now_unknown(state);
        }
        let since = self.elapsed.wrapping_sub(self.base.elapsed);
        self.set_now(later(sum(self.base.time, since.into()), self.floor), ClockState::Corrected);
    }

    /// Follows a clock that is far ahead: what it shows, but never earlier than what it has shown since it leaped, nor
    /// than the time that has passed since. Begins again when the clock leaves that time.
    fn follow(&mut self, wall: u64) {
        let goes_on =
            self.ahead_since != 0 && gap(self.ahead_until, wall) <= TOLERANCE && gap(wall, self.ahead_until) <= JUMP;
        if !goes_on {
            self.ahead_since = wall;
            self.ahead_until = wall;
        }
        // Since the start of this session, if the leap was before.
        if !goes_on || self.ahead_base.time == 0 {
            self.ahead_base = TimeBase::new(self.ahead_until, self.elapsed);
        }
        self.ahead_until = later(later(self.ahead_until, wall), self.ahead_base.counted(self.elapsed));
    }
}

impl Engine<'_> {
    /// Starts the time of a session from what is stored.
    pub(super) fn start_time(&mut self) {
        self.keep_floor();
        self.session.powered = self.image.u64(field::POWERED);
    }

    /// No time before the build can be true.
    fn count_from_build(&mut self) {
        let built_at = self.about.built_at.map_or(0, |time| time.0);
        let floor = self.image.u64(field::FLOOR);
        if built_at > floor {
            // Powered-on time that reached beyond the build stays counted.
            let powered = self.image.u64(field::POWERED);
            let counted = sum(floor, excess(powered, self.image.u64(field::FLOOR_POWERED)));
            let beyond = if floor == 0 { 0 } else { excess(counted, built_at) };
            self.image.set_u64(field::FLOOR, built_at);
            self.image.set_u64(field::FLOOR_POWERED, excess(powered, beyond));
        }
    }

    /// After a failed write: reverses what was written with it, except the time.
    #[inline(never)]
    pub(super) fn keep_floor(&mut self) {
        self.count_from_build();
        let floor = later(self.session.floor, self.image.u64(field::FLOOR));
        self.session.set_floor(floor);
        self.session.has_document_time = 0;
        self.session.ahead_since = self.image.u64(field::AHEAD_SINCE);
        self.session.ahead_until = self.image.u64(field::AHEAD_UNTIL);
        self.session.ahead_base.time = 0;
    }

    /// Reads the clock, and starts what waits for the time to be known; to be stored by the caller.
    #[inline(never)]
    pub(super) fn read_clock_and_start(&mut self) -> bool {
        self.read_clock();
        self.start_waiting()
    }

    /// Reads the clock without storing anything.
    #[inline(never)]
    pub(super) fn read_clock(&mut self) {
        let reading = self.ports.clock.read();
        self.session.advance(&reading);
        if reading.wall == Wall::Absent { self.count() } else { self.session.assess(reading.wall) }
    }

    /// The time of a device without a clock: the last known one and the powered-on time since.
    fn count(&mut self) {
        let floor = self.image.u64(field::FLOOR);
        if self.session.has_uptime == 0 || floor == 0 {
            return self.session.set_now_unknown(ClockState::Absent);
        }
        let since = excess(self.session.powered, self.image.u64(field::FLOOR_POWERED));
        self.session.floor = later(self.session.floor, sum(floor, since));
        self.session.set_now(self.session.floor, ClockState::Absent);
    }

    /// Reads the clock, starts what waits for the time to be known, and stores what has to be stored before anything
    /// is granted. If that fails, the time is unknown; licenses that need none continue.
    ///
    /// The first thing that every question does.
    #[inline(never)]
    pub(super) fn tick(&mut self) -> Result<(), Error> {
        self.call(Self::update_time)
    }

    fn update_time(&mut self) -> Result<(), Error> {
        if self.read_clock_and_start() || self.is_time_due() {
            if let Err(error) = self.store_with_time() {
                self.check_held()?;
                self.session.knows_now = 0;
                self.session.failure = status_number::to_u32(error);
            }
        }
        Ok(())
    }

    /// The time of decisions.
    pub(super) fn now(&self) -> Option<UnixSeconds> {
        (self.session.knows_now != 0).then_some(UnixSeconds(self.session.now))
    }

    /// What the clock was found to be when it was read last.
    pub(super) fn clock_state(&self) -> ClockState {
        ClockState::from_number(self.session.clock)
    }

    /// Why a license that depends on the time is refused, if the time is not known.
    pub(super) fn time_refusal(&self) -> Error {
        status_number::to_status(self.session.failure).unwrap_or(match self.clock_state() {
            ClockState::Behind => Error::ClockBehind,
            ClockState::Absent => Error::TimeUnknown,
            ClockState::Good | ClockState::Unset | ClockState::Ahead | ClockState::Corrected => Error::ClockUnset,
        })
    }

    /// Sets the activation time of licenses without one, and reverses a time that came from a wrong clock. Says
    /// whether that has to be stored now: where a term counts from it.
    fn start_waiting(&mut self) -> bool {
        let Some(now) = self.now() else { return false };
        let is_sure = self.session.clock != ClockState::Ahead.number();
        let latest = if is_sure { sum(now.0, CLOCK_TOLERANCE_SECONDS) } else { u64::MAX };
        let mut due = false;
        let mut next = None;
        loop {
            next = self.image.license_after(next);
            let Some(held) = next else { return due };
            if self.image.activated_at(held).is_some_and(|time| time.0 <= latest) {
                continue;
            }
            let mut license = None;
            self.image.genuine(held, &mut license);
            if let Some(genuine) = &license {
                due |= matches!(genuine.license().term, Term::DaysFromActivation(_));
            }
            self.image.set_u64(held.field(ACTIVATED_AT), now.0);
        }
    }

    /// Whether powered-on time is charged ahead: where a license depends on it.
    #[inline(never)]
    fn is_charged(&self) -> bool {
        let matters = self.session.time_matters;
        matters & POWERED_MATTERS != 0 || self.has_no_clock() && matters != 0
    }

    fn has_no_clock(&self) -> bool {
        self.session.clock == ClockState::Absent.number()
    }

    /// Whether the stored time lags so far that a power cut would give too much of it back: more than half of this
    /// session, or a day.
    fn is_time_due(&self) -> bool {
        if self.is_charged() && self.session.powered > self.image.u64(field::POWERED) {
            return true;
        }
        if self.session.time_matters & TIME_MATTERS == 0 || self.has_no_clock() {
            return false;
        }
        let lag = (self.session.elapsed >> 1).clamp(CHARGE_LEAST, DAY);
        gap(self.session.floor, self.image.u64(field::FLOOR)) >= lag
            || self.session.ahead_since != self.image.u64(field::AHEAD_SINCE)
            || gap(self.session.ahead_until, self.image.u64(field::AHEAD_UNTIL)) >= lag
    }

    /// Takes the time into the image and stores it.
    #[inline(never)]
    pub(super) fn store_with_time(&mut self) -> Result<(), Error> {
        let mut powered = self.session.powered;
        if powered > self.image.u64(field::POWERED) {
            if self.is_charged() {
                // Charged before it passes: a power cut costs at most as much time as this session has lasted.
                powered = sum(powered, self.session.elapsed.clamp(CHARGE_LEAST, CHARGE_MOST).into());
            }
            self.image.set_u64(field::POWERED, powered);
        }
        self.store_floor();
        self.image.set_u64(field::AHEAD_SINCE, self.session.ahead_since);
        self.image.set_u64(field::AHEAD_UNTIL, self.session.ahead_until);
        self.store()
    }

    /// Takes the floor into the image, where a clock has raised it; says whether it has.
    #[inline(never)]
    fn store_floor(&mut self) -> bool {
        let risen = !self.has_no_clock() && self.session.floor > self.image.u64(field::FLOOR);
        if risen {
            self.set_floor(self.session.floor);
        }
        risen
    }

    #[inline(never)]
    fn set_floor(&mut self, time: u64) {
        self.image.set_u64(field::FLOOR, time);
        self.image.set_u64(field::FLOOR_POWERED, self.session.powered);
    }

    /// Takes in a time that a genuine document proves to be past.
    #[inline(never)]
    pub(super) fn raise_floor(&mut self, proved: UnixSeconds) {
        if proved.0 > self.session.floor {
            self.session.set_floor(proved.0);
            self.set_floor(proved.0);
        }
    }

    /// Takes the time from a document while the clock is wrong in this session. A device without a clock counts on
    /// from the floor anyway.
    pub(super) fn use_document_time(&mut self, time: UnixSeconds) {
        self.session.has_document_time = u32::from(!self.has_no_clock());
        let time = later(self.session.floor, time.0);
        self.session.set_base(time);
    }

    /// Sets the time back to `time`, as an unlock may.
    pub(super) fn reset_floor(&mut self, time: UnixSeconds) {
        self.session.floor = time.0;
        self.session.ahead_since = 0;
        self.session.ahead_until = 0;
        self.use_document_time(time);
        self.set_floor(time.0);
    }

    /// Takes the exact time into the image, for a device that is about to be switched off; says whether that is worth
    /// a write.
    pub(super) fn settle_time(&mut self) -> bool {
        let matters = self.session.time_matters;
        let charged = self.image.u64(field::POWERED) != self.session.powered && matters != 0;
        self.image.set_u64(field::POWERED, self.session.powered);
        let risen = self.store_floor();
        charged || risen && matters & TIME_MATTERS != 0
    }
}

/// A limit of this file in 32 bits.
const fn short(seconds: u64) -> u32 {
    assert!(seconds < 1 << 31);
    #[expect(clippy::as_conversions, reason = "fits, as asserted at compile time")]
    {
        seconds as u32
    }
}

const DAY: u32 = short(SECONDS_PER_DAY);
const TOLERANCE: u32 = short(CLOCK_TOLERANCE_SECONDS);
const JUMP: u32 = short(CLOCK_JUMP_SECONDS);
const CONFIRM: u32 = short(CLOCK_CONFIRM_SECONDS);
const CHARGE_LEAST: u32 = short(CHARGE_LEAST_SECONDS);
const CHARGE_MOST: u32 = short(CHARGE_MOST_SECONDS);
