//! The state of a license, by the ledger.

use lic2::UnixSeconds;

use super::entry::Entry;
use super::event::Event;
use super::view::{Filter, View};
use crate::exit::Result;

/// The state of a license at a point in time.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its latest code.
    pub latest: Entry,
    /// Its state.
    pub state: State,
    /// The entry that decided so.
    pub since: u64,
}

/// The state of a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// In force.
    Active,
    /// Its term has ended. Terms that count from the activation are known only to the device, and stay active here.
    Expired,
    /// Suspended.
    Frozen,
    /// Given up, by the seller or by the device it is bound to.
    Released,
    /// Refunded.
    Refunded,
}

impl State {
    /// Its name in exports and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Frozen => "frozen",
            Self::Released => "released",
            Self::Refunded => "refunded",
        }
    }
}

impl View<'_> {
    /// The state of a license at `at`, by everything in the ledger; `None` if it contains no code of it.
    ///
    /// A later code puts in force again what was released or refunded. Freezing lasts until unfreezing, whatever codes
    /// come between. A refund that left a code in force until later stands as that code does.
    ///
    /// # Errors
    /// As [`View::each`].
    pub fn standing(&self, license: &str, at: UnixSeconds) -> Result<Option<Standing>> {
        let mut found = Course::default();
        self.each(&Filter { license: Some(license.into()), ..Filter::default() }, |entry| {
            found.follow(entry);
            Ok(())
        })?;
        Ok(found.standing(at))
    }
}

/// What happened to one license, entry by entry.
#[derive(Clone, Debug, Default)]
pub struct Course {
    latest: Option<Entry>,
    /// Released or refunded, and by which entry.
    ended: Option<(State, u64)>,
    frozen: Option<u64>,
}

impl Course {
    /// The next entry of the license.
    pub fn follow(&mut self, entry: Entry) {
        let seq = entry.seq;
        match entry.event {
            Event::Freeze => self.frozen = Some(seq),
            Event::Unfreeze => self.frozen = None,
            Event::Release => self.ended = Some((State::Released, seq)),
            Event::Refund if !entry.is_code() => self.ended = Some((State::Refunded, seq)),
            Event::Receipt if self.is_given_back(&entry) => self.ended = Some((State::Released, seq)),
            Event::Refund | Event::Issue | Event::Renew | Event::Upgrade | Event::Move => {
                self.ended = None;
                self.latest = Some(entry);
            }
            Event::Receipt
            | Event::Init
            | Event::RevocationList
            | Event::TimeToken
            | Event::Unlock
            | Event::Certify
            | Event::Retire
            | Event::Usage
            | Event::Quota => {}
        }
    }

    /// How the license stands now.
    #[must_use]
    pub fn standing(self, at: UnixSeconds) -> Option<Standing> {
        let latest = self.latest?;
        let is_over = latest.facts.expires_at.is_some_and(|end| end <= at);
        let (state, since) = match (self.ended, self.frozen) {
            (Some(ended), _) => ended,
            (None, _) if is_over && latest.event == Event::Refund => (State::Refunded, latest.seq),
            (None, Some(frozen)) => (State::Frozen, frozen),
            (None, None) if is_over => (State::Expired, latest.seq),
            (None, None) => (State::Active, latest.seq),
        };
        Some(Standing { latest, state, since })
    }

    /// Whether the receipt covers the latest code, and nobody but the device that made it can use that code.
    fn is_given_back(&self, receipt: &Entry) -> bool {
        let Some(latest) = &self.latest else { return false };
        let covers = receipt.facts.serial >= latest.facts.serial;
        covers && latest.text.as_deref().is_some_and(is_for_one_device)
    }
}

fn is_for_one_device(code: &str) -> bool {
    use lic2::claim::{self, Claimed};
    let mut memory = lic2::DocumentBuffer::new();
    match claim::read(code.as_bytes(), &mut memory).map(|claim| claim.content) {
        Ok(Claimed::Seller { content: lic2::Content::License(license), .. }) => match license.binding {
            lic2::Binding::Components { .. } | lic2::Binding::DeviceKey(_) => true,
            lic2::Binding::None | lic2::Binding::Allocation { .. } => false,
        },
        _ => false,
    }
}
