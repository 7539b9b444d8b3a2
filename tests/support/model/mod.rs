//! A model of the engine, written from `docs/STATE.md` and `docs/FORMAT.md` §8 without looking at the library's code:
//! plain values instead of bytes, a copy instead of a store.
//!
//! The model takes the time from the engine, and compares it with its own bounds (`tests/model.rs`); everything else
//! it works out itself.

pub mod apply;
pub mod call;
pub mod chance;
pub mod compare;
pub mod decide;
pub mod documents;
pub mod life;
pub mod meters;
pub mod seller;

use documents::{LicenseSpec, ListSpec, TermSpec};
use lic2::{ClockState, Error};

/// What the engine says the time is.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    pub now: Option<u64>,
    pub clock: ClockState,
    pub floor: u64,
    pub powered: u64,
    pub counts_uptime: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    pub name: &'static str,
    /// What is stored as used: what was used, and what is reserved.
    pub stored: u64,
    pub reserved: u64,
    /// At the last report, and at the last accepted one.
    pub pending: u64,
    pub reported: u64,
}

impl Meter {
    pub fn used(&self) -> u64 {
        self.stored - self.reserved
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub spec: LicenseSpec,
    pub activated_at: Option<u64>,
    pub powered_at: u64,
    pub meters: Vec<Meter>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    pub id: &'static str,
    pub serial: u32,
    pub receipt: Option<String>,
}

/// What a device remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub licenses: Vec<Held>,
    pub lists: Vec<ListSpec>,
    pub returned: Vec<Returned>,
    pub knows_issuer: bool,
    pub refreshed: u64,
    pub nonce: Option<[u8; 8]>,
    pub reports: u32,
    /// Only an unlock helps.
    pub is_rolled_back: bool,
}

impl State {
    pub fn held(&self, id: &str) -> Option<&Held> {
        self.licenses.iter().find(|held| held.spec.id == id)
    }

    /// As after a power cut: reservations are lost.
    pub fn restarted(&self) -> Self {
        let mut state = self.clone();
        state.licenses.iter_mut().flat_map(|held| &mut held.meters).for_each(|meter| meter.reserved = 0);
        state
    }
}

/// A device: what it stores, and what it would store next.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub stored: State,
    pub live: State,
    /// What is wrong with the slots.
    pub damage: Option<Error>,
}

impl Model {
    /// The last call has written.
    pub fn written(&mut self) {
        self.stored = self.live.clone();
        self.damage = None;
    }

    /// The device restarts, or a write has failed.
    pub fn restart(&mut self) {
        self.live = self.stored.restarted();
    }

    pub fn condition(&self) -> Option<Error> {
        if self.live.is_rolled_back { Some(Error::StateRolledBack) } else { self.damage }
    }

    /// Whether something is remembered that a power cut would take away, though it must not: everything but
    /// reservations, and beginnings that no term counts from.
    pub fn is_unwritten(&self) -> bool {
        let durable = |state: &State| {
            let mut state = state.restarted();
            for held in &mut state.licenses {
                if !matches!(held.spec.term, TermSpec::Days(_)) {
                    held.activated_at = None;
                }
            }
            state
        };
        durable(&self.live) != durable(&self.stored)
    }

    /// Whether a license depends on dates, and whether one depends on powered-on hours.
    pub fn time_matters(&self) -> (bool, bool) {
        let counting = || self.live.licenses.iter().filter(|held| self.ended(held).is_none()).map(|held| &held.spec);
        let dates = counting().any(|spec| {
            let expires = spec.features.iter().any(|feature| feature.expires.is_some());
            let ends = matches!(spec.term, TermSpec::Until(_) | TermSpec::Days(_));
            ends || expires || spec.not_before.is_some() || spec.lease_days != 0
        });
        (dates, counting().any(|spec| matches!(spec.term, TermSpec::Hours(_))))
    }

    /// The time of a call is known: trials begin, and a beginning that a wrong clock gave is taken back.
    pub fn tick(&mut self, time: &Time) {
        let Some(now) = time.now else { return };
        let is_sure = time.clock != ClockState::Ahead;
        for held in &mut self.live.licenses {
            match held.activated_at {
                Some(at) if !is_sure || at <= now + 86_400 => {}
                _ => held.activated_at = Some(now),
            }
        }
    }
}
