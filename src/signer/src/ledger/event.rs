//! The events of a ledger. Their names are in files that are kept for years: names are only added.

use std::fmt;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Event {
    /// The ledger was created.
    Init,
    /// A code: the first of its license, or one more for the same.
    Issue,
    /// A code with a later end.
    Renew,
    /// A refund: a code with an earlier end, or no code if the whole license was refunded.
    Refund,
    /// A code with more rights: another edition, more quantity, a trial made commercial.
    Upgrade,
    /// A code for another device.
    Move,
    /// A license is suspended.
    Freeze,
    /// It may be used again.
    Unfreeze,
    /// A license ended permanently.
    Release,
    /// A revocation list was signed.
    RevocationList,
    /// A time token was signed.
    TimeToken,
    /// An unlock was signed.
    Unlock,
    /// An anchor certified an issuer.
    Certify,
    /// An issuer's key is no longer used.
    Retire,
    /// A device's receipt was accepted.
    Receipt,
    /// A device's usage report was accepted.
    Usage,
    /// An issuer's production quota was set.
    Quota,
}

/// Every event and its name.
const NAMES: [(Event, &str); 17] = [
    (Event::Init, "init"),
    (Event::Issue, "issue"),
    (Event::Renew, "renew"),
    (Event::Refund, "refund"),
    (Event::Upgrade, "upgrade"),
    (Event::Move, "move"),
    (Event::Freeze, "freeze"),
    (Event::Unfreeze, "unfreeze"),
    (Event::Release, "release"),
    (Event::RevocationList, "revocation-list"),
    (Event::TimeToken, "time-token"),
    (Event::Unlock, "unlock"),
    (Event::Certify, "certify"),
    (Event::Retire, "retire"),
    (Event::Receipt, "receipt"),
    (Event::Usage, "usage"),
    (Event::Quota, "quota"),
];

impl Event {
    /// Its name in the ledger, in options and in exports.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(event, _)| *event == self).map_or("", |(_, name)| name)
    }

    /// The event with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(event, _)| *event)
    }

    /// Every name, for help texts and hints.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, name)| *name)
    }

    /// Whether its entry always holds a document that was signed with the seller's key, and is signed itself.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(
            self,
            Self::Issue
                | Self::Renew
                | Self::Upgrade
                | Self::Move
                | Self::RevocationList
                | Self::TimeToken
                | Self::Unlock
                | Self::Certify
        )
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Event {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::from_name(name).ok_or_else(|| {
            format!("{name:?} is not an event; choose from {}", Self::names().collect::<Vec<_>>().join(", "))
        })
    }
}
