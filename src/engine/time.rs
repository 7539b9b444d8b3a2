//! What time it is. A clock is believed as far as it contradicts nothing that is known: the floor, a time that is
//! certainly past, only rises. `docs/STATE.md` §5 explains the rules and what each costs whom.

use super::image::{EntryKind, field};
use super::license::{self, Held};
use super::{Engine, Session};
use crate::error::Error;
use crate::limits::{
    CHARGE_LEAST_SECONDS, CHARGE_MOST_SECONDS, CLOCK_CONFIRM_SECONDS, CLOCK_JUMP_SECONDS, CLOCK_TOLERANCE_SECONDS,
};
use crate::port::{Reading, Wall};
use crate::time::{SECONDS_PER_DAY, UnixSeconds, excess, later, sum};
use crate::wire::license::Term;

/// What the clock was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockState {
    /// It contradicts nothing.
    Good,
    /// The device has none: powered-on time counts.
    Absent,
    /// It is not set, or the device has no clock and counts no uptime: the time is not known.
    Unset,
    /// It shows a time that is certainly past.
    Behind,
    /// It is far ahead of the last known time. It is believed for now; a warning.
    Ahead,
    /// It is wrong, and a time token tells the time of this session.
    Corrected,
}

impl ClockState {
    /// The stable number: 1 good, 2 absent, 3 unset, 4 behind, 5 ahead, 6 corrected.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Good => 1,
            Self::Absent => 2,
            Self::Unset => 3,
            Self::Behind => 4,
            Self::Ahead => 5,
            Self::Corrected => 6,
        }
    }

    /// Why a license that depends on the time is refused, if the time is not known.
    const fn refusal(self) -> Error {
        match self {
            Self::Behind => Error::ClockBehind,
            Self::Absent => Error::TimeUnknown,
            Self::Good | Self::Unset | Self::Ahead | Self::Corrected => Error::ClockUnset,
        }
    }
}

/// One look at the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) now: Option<UnixSeconds>,
    pub(crate) clock: ClockState,
    /// Why nothing that depends on passing time may be granted now: the time could not be stored.
    pub(crate) failure: Option<Error>,
}

impl Moment {
    const fn new(now: Option<UnixSeconds>, clock: ClockState) -> Self {
        Self { now, clock, failure: None }
    }

    /// Why a license that depends on the time is refused, if the time is not known.
    pub(crate) fn refusal(&self) -> Error {
        self.failure.unwrap_or(self.clock.refusal())
    }
}

/// The time that is certainly past when this many seconds were counted since `start`: a crude oscillator may count up to
/// a sixteenth too fast.
#[inline(never)]
fn counted(start: u64, seconds: u64) -> u64 {
    sum(start, excess(seconds, seconds >> 4))
}

impl Session {
    /// Takes in how much time has passed since the last reading.
    fn advance(&mut self, reading: &Reading) {
        let mut passed = 0;
        if let Some(uptime) = reading.uptime_seconds {
            // Over a gap in which no uptime was told, too.
            if self.knows_uptime != 0 {
                passed = excess(uptime, self.last_uptime);
            }
            self.knows_uptime = 1;
            self.last_uptime = uptime;
            self.powered = sum(self.powered, passed);
        }
        self.has_uptime = u32::from(reading.uptime_seconds.is_some());
        if let Wall::Time(wall) = reading.wall {
            // Without an uptime the clock's own steps count, but not a leap of it.
            if self.has_uptime == 0 && self.last_wall != 0 {
                passed = excess(wall.0, self.last_wall);
                passed = if passed > SECONDS_PER_DAY { 0 } else { passed };
            }
            self.last_wall = wall.0;
        }
        self.elapsed = sum(self.elapsed, passed);
    }

    /// How much time has passed since the base.
    fn since_base(&self) -> u64 {
        excess(self.elapsed, self.base_elapsed)
    }

    #[inline(never)]
    fn set_base(&mut self, time: u64) {
        self.base = time;
        self.base_elapsed = self.elapsed;
    }

    /// Judges a clock that the device has.
    fn look(&mut self, wall: Wall) -> Moment {
        if self.floor != 0 {
            self.floor = later(self.floor, counted(self.base, self.since_base()));
        }
        let Wall::Time(UnixSeconds(wall)) = wall else { return self.without_clock(ClockState::Unset) };
        if self.floor == 0 {
            // Nothing is known that it could contradict, and a wrong clock must not become what is known.
            self.anchored = 0;
            return Moment::new(Some(UnixSeconds(wall)), ClockState::Good);
        }
        if wall > sum(self.floor, CLOCK_JUMP_SECONDS) {
            self.anchored = 0;
            let counted = self.follow(wall);
            let confirmed = sum(self.ahead_since, CLOCK_CONFIRM_SECONDS);
            if wall < confirmed && counted < confirmed {
                return Moment::new(Some(UnixSeconds(counted)), ClockState::Ahead);
            }
            // A clock that has gone on is believed; of one that stands still the time that was counted is past.
            if wall < confirmed {
                self.floor = counted;
                self.set_base(counted);
            }
        }
        if sum(wall, CLOCK_TOLERANCE_SECONDS) < self.floor {
            return self.without_clock(ClockState::Behind);
        }
        self.anchored = 0;
        self.ahead_since = 0;
        self.ahead_until = 0;
        if wall >= self.floor {
            self.floor = wall;
            self.set_base(wall);
        }
        Moment::new(Some(UnixSeconds(self.floor)), ClockState::Good)
    }

    /// The time under a clock that is of no use for the reason that `state` says: what a document told, and the time since.
    fn without_clock(&self, state: ClockState) -> Moment {
        if self.anchored == 0 {
            return Moment::new(None, state);
        }
        let corrected = later(sum(self.base, self.since_base()), self.floor);
        Moment::new(Some(UnixSeconds(corrected)), ClockState::Corrected)
    }

    /// The time under a clock that is far ahead: what it shows, but never earlier than what it has shown since it leaped,
    /// nor than the time that has passed since. Begins anew when the clock leaves that time again.
    fn follow(&mut self, wall: u64) -> u64 {
        let goes_on = self.ahead_since != 0
            && sum(wall, CLOCK_TOLERANCE_SECONDS) >= self.ahead_until
            && wall <= sum(self.ahead_until, CLOCK_JUMP_SECONDS);
        if !goes_on {
            self.ahead_since = wall;
            self.ahead_until = wall;
            self.ahead_base = wall;
            self.ahead_elapsed = self.elapsed;
        }
        if self.ahead_base == 0 {
            // Since the start of this session; the leap was before.
            self.ahead_base = self.ahead_until;
            self.ahead_elapsed = self.elapsed;
        }
        let counted = counted(self.ahead_base, excess(self.elapsed, self.ahead_elapsed));
        self.ahead_until = later(later(self.ahead_until, wall), counted);
        self.ahead_until
    }
}

impl Engine<'_> {
    /// Starts the time of a session from what is stored.
    pub(super) fn start_time(&mut self) {
        self.count_from_build();
        let floor = self.image.u64(field::FLOOR);
        self.session.floor = floor;
        self.session.base = floor;
        self.session.powered = self.image.u64(field::POWERED);
        self.take_ahead();
    }

    fn take_ahead(&mut self) {
        self.session.ahead_since = self.image.u64(field::AHEAD_SINCE);
        self.session.ahead_until = self.image.u64(field::AHEAD_UNTIL);
        self.session.ahead_base = 0;
    }

    /// No time before the build can be true.
    fn count_from_build(&mut self) {
        let built_at = self.profile.built_at.map_or(0, |time| time.0);
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

    /// After a failed write: what was taken in with it is taken back, but no time.
    pub(super) fn keep_floor(&mut self) {
        self.count_from_build();
        let floor = later(self.session.floor, self.image.u64(field::FLOOR));
        self.session.floor = floor;
        self.session.set_base(floor);
        self.session.anchored = 0;
        self.take_ahead();
    }

    /// Reads the clock, and starts what waits for the time to be known; to be stored by the caller.
    #[inline(never)]
    pub(super) fn look_and_start(&mut self) {
        let moment = self.look();
        self.start_waiting(&moment);
    }

    /// Reads the clock without storing anything.
    #[inline(never)]
    pub(super) fn look(&mut self) -> Moment {
        let reading = self.ports.clock.read();
        self.session.advance(&reading);
        let moment = if reading.wall == Wall::Absent { self.count() } else { self.session.look(reading.wall) };
        self.session.clock = moment.clock.number();
        moment
    }

    /// The time of a device without a clock: the last known one and the powered-on time since.
    fn count(&mut self) -> Moment {
        let floor = self.image.u64(field::FLOOR);
        if self.session.has_uptime == 0 || floor == 0 {
            return Moment::new(None, ClockState::Absent);
        }
        let since = excess(self.session.powered, self.image.u64(field::FLOOR_POWERED));
        self.session.floor = later(self.session.floor, sum(floor, since));
        Moment::new(Some(UnixSeconds(self.session.floor)), ClockState::Absent)
    }

    /// Reads the clock, starts what waits for the time to be known, and stores what has to be stored before anything
    /// is granted. If that fails nothing is known of the time; what needs none goes on.
    pub(super) fn tick(&mut self) -> Result<Moment, Error> {
        let moment = self.look();
        let started = self.start_waiting(&moment);
        if started || self.is_time_due(&moment) {
            if let Err(error) = self.store_with_time() {
                self.check_open()?;
                return Ok(Moment { now: None, failure: Some(error), ..moment });
            }
        }
        Ok(moment)
    }

    /// Gives licenses without an activation time one, and takes back a time that a wrong clock gave. Says whether that
    /// has to be stored now: where a term counts from it.
    pub(super) fn start_waiting(&mut self, moment: &Moment) -> bool {
        let Some(now) = moment.now else { return false };
        let is_sure = moment.clock != ClockState::Ahead;
        let latest = if is_sure { sum(now.0, CLOCK_TOLERANCE_SECONDS) } else { u64::MAX };
        let mut due = false;
        // Entries are found by offset, one after another, because each may be changed.
        let mut at = 0;
        while let Some(entry) = self.image.entry_after(EntryKind::License, at) {
            at = entry.at;
            let held = Held::new(entry);
            if held.activated_at().is_some_and(|time| time.0 <= latest) {
                continue;
            }
            let genuine = held.genuine();
            due |= genuine.is_ok_and(|genuine| matches!(genuine.license().term, Term::DaysFromActivation(_)));
            let field = held.at().saturating_add(license::ACTIVATED_AT);
            self.image.set_u64(field, now.0);
        }
        due
    }

    /// Whether the stored time lags so far that a power cut would give too much of it back: more than half of this
    /// session, or a day.
    fn is_time_due(&self, moment: &Moment) -> bool {
        let matters = self.session.time_matters;
        let counts = matters & license::POWERED_MATTERS != 0 || moment.clock == ClockState::Absent && matters != 0;
        if counts && self.session.powered > self.image.u64(field::POWERED) {
            return true;
        }
        if matters & license::TIME_MATTERS == 0 || moment.clock == ClockState::Absent {
            return false;
        }
        let lag = (self.session.elapsed >> 1).clamp(CHARGE_LEAST_SECONDS, SECONDS_PER_DAY);
        self.session.floor >= sum(self.image.u64(field::FLOOR), lag)
            || self.session.ahead_since != self.image.u64(field::AHEAD_SINCE)
            || self.session.ahead_until >= sum(self.image.u64(field::AHEAD_UNTIL), lag)
    }

    /// Takes the time into the image and stores it.
    pub(super) fn store_with_time(&mut self) -> Result<(), Error> {
        let absent = self.session.clock == ClockState::Absent.number();
        let charged =
            self.session.time_matters & license::POWERED_MATTERS != 0 || absent && self.session.time_matters != 0;
        let powered = self.session.powered;
        // Charged before it passes: a power cut costs at most as much time as this session has lasted.
        let charge = self.session.elapsed.clamp(CHARGE_LEAST_SECONDS, CHARGE_MOST_SECONDS);
        let stored = self.image.u64(field::POWERED);
        if !charged {
            self.image.set_u64(field::POWERED, later(stored, powered));
        } else if powered > stored {
            self.image.set_u64(field::POWERED, sum(powered, charge));
        }
        if !absent && self.session.floor > self.image.u64(field::FLOOR) {
            self.set_floor(self.session.floor);
        }
        self.image.set_u64(field::AHEAD_SINCE, self.session.ahead_since);
        self.image.set_u64(field::AHEAD_UNTIL, self.session.ahead_until);
        self.store()
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
            self.session.floor = proved.0;
            self.session.set_base(proved.0);
            self.set_floor(proved.0);
        }
    }

    /// Lets a document tell the time for as long as the clock is wrong in this session. A device without a clock
    /// counts on from the floor anyway.
    pub(super) fn anchor(&mut self, time: UnixSeconds) {
        self.session.anchored = u32::from(self.session.clock != ClockState::Absent.number());
        let time = later(self.session.floor, time.0);
        self.session.set_base(time);
    }

    /// Sets the time back to `time`, as an unlock may.
    pub(super) fn reset_floor(&mut self, time: UnixSeconds) {
        self.session.floor = time.0;
        self.session.ahead_since = 0;
        self.session.ahead_until = 0;
        self.anchor(time);
        self.set_floor(time.0);
    }

    /// Takes the exact time into the image, for a device that is about to be switched off; says whether that is worth
    /// a write.
    pub(super) fn settle_time(&mut self) -> bool {
        let matters = self.session.time_matters;
        let charged = self.image.u64(field::POWERED) != self.session.powered && matters != 0;
        self.image.set_u64(field::POWERED, self.session.powered);
        let absent = self.session.clock == ClockState::Absent.number();
        let later = !absent && self.session.floor > self.image.u64(field::FLOOR);
        if later {
            self.set_floor(self.session.floor);
        }
        charged || later && matters & license::TIME_MATTERS != 0
    }
}
