//! How close a refused license is to a grant: of two that are refused, the closer one is the more useful to tell
//! (`docs/STATE.md` §4).

use super::rules::for_each_rule;
use crate::error::Error;

/// The steps on the way to a grant, in their order. A refused license has come as far as the step that it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Closeness {
    /// Not for this product or use, no license at all, or a refusal of something else than a license.
    Far = 1,
    /// Whether its issuer is trusted.
    Issuer,
    /// Whether a list ends it.
    Ended,
    /// Whether it covers the version and the build.
    Version,
    /// Whether it is for this device.
    Device,
    /// Whether it has the feature.
    Feature,
    /// Whether the feature's right is known.
    Right,
    /// Whether the time is known.
    Time,
    /// Whether it has begun.
    Begun,
    /// Whether it has ended.
    Over,
}

/// A status and how close a license is that is refused with it.
type Row = (Error, Closeness);

macro_rules! make_rows {
    ($(($rule:ident, $check:ident, $name:literal, $when:ident, $doc:literal,
        { $($closeness:ident: $($refusal:ident),+);+ }))+) => {
        /// The refusals of the rules.
        const OF_RULES: &[Row] = &[$($($((Error::$refusal, Closeness::$closeness)),+),+),+];
    };
}
for_each_rule!(make_rows);

/// Every other status of policy and platform. A new one without a row here does not compile.
const OF_OTHERS: &[Row] = {
    use Closeness::{Ended, Far, Feature, Issuer, Over, Right, Time};
    &[
        (Error::IssuerRevoked, Issuer),
        (Error::FeatureUnknown, Feature),
        (Error::FeatureExpired, Over),
        (Error::NotActivated, Far),
        (Error::CodeOlder, Far),
        (Error::CodeConflict, Far),
        (Error::LicenseReturned, Far),
        (Error::LicenseReleased, Ended),
        (Error::LicenseFrozen, Ended),
        (Error::LicenseRefunded, Ended),
        (Error::LicenseReplaced, Ended),
        (Error::ListOlder, Far),
        (Error::ListConflict, Far),
        (Error::UnlockMismatch, Far),
        (Error::LicenseUnknown, Far),
        (Error::QuotaExhausted, Far),
        (Error::SeatsTaken, Far),
        (Error::RightUnknown, Right),
        (Error::ListPartMissing, Far),
        (Error::ClockUnset, Time),
        (Error::StoreRead, Far),
        (Error::StoreWrite, Far),
        (Error::StateCorrupt, Far),
        (Error::StateForeign, Far),
        (Error::StateTooNew, Far),
        (Error::StateRolledBack, Far),
        (Error::StateFull, Far),
        (Error::CounterFailed, Far),
        (Error::SigningFailed, Far),
        (Error::StateTooOld, Far),
    ]
};

/// In how many rows a status stands.
const fn count(mut rows: &[Row], error: Error) -> usize {
    let mut count = 0_usize;
    while let [row, after @ ..] = rows {
        if row.0.number() == error.number() {
            count = count.saturating_add(1);
        }
        rows = after;
    }
    count
}

const _: () = {
    let mut rest = Error::ALL;
    while let [error, after @ ..] = rest {
        let rows = count(OF_RULES, *error).saturating_add(count(OF_OTHERS, *error));
        assert!(rows <= 1, "a status is in two rows of src/policy/closeness.rs, or in two rules");
        let is_refusal = matches!(error.number(), 400..=599);
        assert!(rows == 1 || !is_refusal, "a status from 400 to 599 has no row in src/policy/closeness.rs");
        rest = after;
    }
};

/// The rows that are not `Far`: the number of the status, and the closeness.
const CLOSE: [(u16, u8); count_close(OF_RULES).saturating_add(count_close(OF_OTHERS))] = pack(OF_RULES, OF_OTHERS);

#[expect(clippy::as_conversions, clippy::indexing_slicing, reason = "at compile time: three digits, N rows")]
const fn pack<const N: usize>(mut rows: &'static [Row], mut others: &'static [Row]) -> [(u16, u8); N] {
    let mut close = [(0, 0); N];
    let mut next = 0_usize;
    loop {
        while let [(error, closeness), after @ ..] = rows {
            if is_close(*closeness) {
                close[next] = (error.number() as u16, *closeness as u8);
                next = next.saturating_add(1);
            }
            rows = after;
        }
        if others.is_empty() {
            return close;
        }
        (rows, others) = (others, &[]);
    }
}

const _: () = {
    let mut rest = Error::ALL;
    while let [error, after @ ..] = rest {
        assert!(matches!(error.number(), 100..=999));
        rest = after;
    }
};

const fn is_close(closeness: Closeness) -> bool {
    !matches!(closeness, Closeness::Far)
}

const fn count_close(mut rows: &[Row]) -> usize {
    let mut count = 0_usize;
    while let [row, after @ ..] = rows {
        if is_close(row.1) {
            count = count.saturating_add(1);
        }
        rows = after;
    }
    count
}

/// How close a license is that is refused so: the higher, the closer. Highest if it is granted.
#[inline(never)]
#[must_use]
pub fn closeness(refusal: Option<Error>) -> u32 {
    let Some(refusal) = refusal else { return u32::MAX };
    for (number, closeness) in CLOSE {
        if i32::from(number) == refusal.number() {
            return closeness.into();
        }
    }
    1
}
