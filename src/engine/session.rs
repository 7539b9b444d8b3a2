//! What the engine knows while the device runs, and the memory that holds it and the image of the stored activation.

use core::hint::black_box;

use super::parts::PendingParts;
use super::time_base::TimeBase;
use crate::limits::STATE_MAX;
use crate::port::Slot;

/// Marks a session that [`crate::Engine::open`] has begun.
const OPEN: u32 = 0x4532_4F50;

/// Set in the mark while a call works on the session. A callback that leaves the call by `longjmp` or by unwinding leaves
/// it set, and with it a session whose memory and store may differ.
const BUSY: u32 = 1;

/// How many meters may have a reservation. Others are stored at every use.
pub(crate) const RESERVATIONS_MAX: usize = 16;

/// What is not stored. Integers only, so that any memory is a valid session or one that says that it is not open.
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Session {
    state: u32,
    /// 0 none, 1 slot A, 2 slot B: the slot of the newest activation, or the one to be spared longest.
    slot: u32,
    /// Status number of what is wrong with the stored activation; 0 if nothing is.
    pub(crate) condition: u32,
    /// Value of the monotonic counter.
    pub(crate) counter: u32,
    /// 1 if time passes for some license: the floor has to be stored. 2 if powered-on time does.
    pub(crate) time_matters: u32,
    /// Whether some license that is held is an add-on.
    pub(crate) has_add_on: u32,
    /// Whether the last reading told an uptime.
    pub(crate) has_uptime: u32,
    /// Whether any reading did.
    pub(crate) knows_uptime: u32,
    /// Whether a time token or an unlock gives the time of this session while the clock is wrong.
    pub(crate) has_document_time: u32,
    /// What the clock was found to be: see [`crate::ClockState`].
    pub(crate) clock: u32,
    /// Seconds since the session was opened.
    pub(crate) elapsed: u32,
    /// Whether the time of decisions is known, and which it is.
    pub(crate) knows_now: u32,
    /// Status number of why the time could not be stored, so that nothing that depends on it may be granted; 0 if it could.
    /// While the session is not open: why opening failed.
    pub(crate) failure: u32,
    /// Whether a write of this session was counted twice: see [`crate::Engine`]'s `store`.
    pub(crate) is_counted: u32,
    pub(crate) now: u64,
    pub(crate) last_uptime: u64,
    pub(crate) last_wall: u64,
    /// Powered-on seconds, exact.
    pub(crate) powered: u64,
    /// Unix seconds that are certainly past.
    pub(crate) floor: u64,
    /// From where elapsed seconds are counted on.
    pub(crate) base: TimeBase,
    /// First and last reading of a clock that is far ahead, in Unix seconds; 0 if it is not.
    pub(crate) ahead_since: u64,
    pub(crate) ahead_until: u64,
    /// The same under that clock; 0 before the first reading of this session.
    pub(crate) ahead_base: TimeBase,
    /// The next part of a receipt or usage report.
    pub(crate) pending: PendingParts,
    /// Per meter: how much of what is stored as used was not used yet.
    pub(crate) reserved: [u64; RESERVATIONS_MAX],
}

impl Session {
    pub(crate) const CLOSED: Self = Self {
        state: 0,
        slot: 0,
        condition: 0,
        counter: 0,
        time_matters: 0,
        has_add_on: 0,
        has_uptime: 0,
        knows_uptime: 0,
        is_counted: 0,
        has_document_time: 0,
        clock: 0,
        knows_now: 0,
        failure: 0,
        now: 0,
        last_uptime: 0,
        last_wall: 0,
        elapsed: 0,
        powered: 0,
        floor: 0,
        base: TimeBase::new(0, 0),
        ahead_since: 0,
        ahead_until: 0,
        ahead_base: TimeBase::new(0, 0),
        pending: PendingParts::NONE,
        reserved: [0; RESERVATIONS_MAX],
    };

    pub(crate) const fn is_open(&self) -> bool {
        self.state == OPEN
    }

    /// Whether a call works on it, or never returned.
    pub(crate) const fn is_busy(&self) -> bool {
        self.state & BUSY != 0
    }

    /// Begins and ends a call. A session that was given up in between, or replaced, does not become open by it.
    #[inline(never)]
    pub(crate) fn toggle_busy(&mut self) {
        // Hidden: a callback may read the mark by another pointer, or never return. The compiler sees neither, and would
        // leave out a mark that is taken back before anything reads it.
        *black_box(&mut self.state) ^= BUSY;
    }

    /// Closes it in a call: it was not opened yet, or it is no longer known what is stored. When the call ends it is closed.
    pub(crate) const fn give_up(&mut self) {
        self.state = BUSY;
    }

    /// In a call: whether it was not given up.
    pub(crate) const fn is_held(&self) -> bool {
        self.state != BUSY
    }

    pub(crate) const fn set_open(&mut self, open: bool) {
        self.state = if open { OPEN } else { 0 };
    }

    /// The slot that the next write must not touch.
    pub(crate) const fn current(&self) -> Option<Slot> {
        match self.slot {
            1 => Some(Slot::A),
            2 => Some(Slot::B),
            _ => None,
        }
    }

    pub(crate) const fn set_current(&mut self, slot: Option<Slot>) {
        self.slot = match slot {
            None => 0,
            Some(Slot::A) => 1,
            Some(Slot::B) => 2,
        };
    }
}

/// Memory of an engine, owned by the caller: in a static, on the stack, anywhere.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Memory {
    pub(crate) session: Session,
    pub(crate) image: [u8; STATE_MAX],
}

impl Memory {
    /// Memory of an engine that is not open.
    #[must_use]
    pub const fn new() -> Self {
        Self { session: Session::CLOSED, image: [0; STATE_MAX] }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}
