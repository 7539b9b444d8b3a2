//! Seats: how many users, channels or sessions use a limited feature at the same time. They live in the caller's
//! memory and end with the device's power, as the users do.

use super::Engine;
use crate::error::Error;
use crate::wire::feature::Right;

/// One seat. Zeros are a free one. It has the shape of the C interface, which is fixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Seat {
    /// Who sits on it: a number that the application gives; 0 for nobody.
    pub holder: u64,
    /// When the lease ends, in seconds since the engine was opened.
    pub until: u64,
}

impl Engine<'_> {
    /// Takes a seat of a limited feature for `holder`, or prolongs the lease of the one it has. Returns how many seats
    /// are taken.
    ///
    /// A seat whose lease has ended is free. Keep one table for each feature and session; begin with zeros after every
    /// opening.
    ///
    /// # Errors
    /// `SeatsTaken`; `FeatureKind` for a feature that is no limit; `InvalidArgument` for holder 0 or a lease of 0
    /// seconds; `BufferTooSmall` if the table is full though the limit is not reached; `TimeUnknown` if nothing counts
    /// seconds; the refusal of the feature; the errors of [`Engine::check`].
    pub fn acquire(&mut self, name: &str, seats: &mut [Seat], holder: u64, lease_seconds: u32) -> Result<u64, Error> {
        self.check_open()?;
        if holder == 0 || lease_seconds == 0 {
            return Err(Error::InvalidArgument);
        }
        self.tick()?;
        let decision = self.feature_answer(name).decision;
        if let Some(refusal) = decision.refusal {
            return Err(refusal);
        }
        let Some(Right::Limit(limit)) = decision.feature.map(|feature| feature.right) else {
            return Err(Error::FeatureKind);
        };
        // Seconds of this session; the clock's own where there is no uptime.
        if self.session.has_uptime == 0 && self.session.knows_now == 0 {
            return Err(Error::TimeUnknown);
        }
        let now = u64::from(self.session.elapsed);
        for seat in seats.iter_mut().filter(|seat| seat.holder != 0 && seat.until <= now) {
            *seat = Seat::default();
        }
        let until = now.saturating_add(u64::from(lease_seconds));
        let taken = seats.iter().fold(0_u64, |count, seat| count.saturating_add(u64::from(seat.holder != 0)));
        if let Some(seat) = seats.iter_mut().find(|seat| seat.holder == holder) {
            // After a lowered limit the ones who sit keep sitting until their lease ends, but do not prolong it.
            if taken > limit {
                return Err(Error::SeatsTaken);
            }
            seat.until = until;
            return Ok(taken);
        }
        if taken >= limit {
            return Err(Error::SeatsTaken);
        }
        let seat = seats.iter_mut().find(|seat| seat.holder == 0).ok_or(Error::BufferTooSmall)?;
        *seat = Seat { holder, until };
        Ok(taken.saturating_add(1))
    }
}

impl Seat {
    /// Frees the seat of `holder`. Says whether it had one.
    pub fn release(seats: &mut [Self], holder: u64) -> bool {
        match seats.iter_mut().find(|seat| holder != 0 && seat.holder == holder) {
            Some(seat) => {
                *seat = Self::default();
                true
            }
            None => false,
        }
    }
}
