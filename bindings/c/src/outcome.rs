//! Names and texts of the outcomes of lic2_engine_apply.

use core::ffi::c_char;

use lic2::Outcome;

use crate::state::{
    LIC2_OUTCOME_ACTIVATED, LIC2_OUTCOME_ALREADY_APPLIED, LIC2_OUTCOME_LIST_ACCEPTED, LIC2_OUTCOME_RENEWED,
    LIC2_OUTCOME_SHORTENED, LIC2_OUTCOME_TIME_ACCEPTED, LIC2_OUTCOME_TIME_OLDER, LIC2_OUTCOME_UNLOCKED,
    LIC2_OUTCOME_VERSION_NOT_COVERED,
};
use crate::words;

/// The header's numbers are the core's.
macro_rules! numbers {
    ($($number:ident $variant:ident;)+) => {
        $(const _: () = assert!($number == Outcome::$variant.number());)+
        const _: () = assert!(Outcome::ALL.len() == [$($number),+].len());
    };
}

numbers! {
    LIC2_OUTCOME_ACTIVATED Activated;
    LIC2_OUTCOME_RENEWED Renewed;
    LIC2_OUTCOME_SHORTENED Shortened;
    LIC2_OUTCOME_ALREADY_APPLIED AlreadyApplied;
    LIC2_OUTCOME_LIST_ACCEPTED ListAccepted;
    LIC2_OUTCOME_TIME_ACCEPTED TimeAccepted;
    LIC2_OUTCOME_TIME_OLDER TimeOlder;
    LIC2_OUTCOME_UNLOCKED Unlocked;
    LIC2_OUTCOME_VERSION_NOT_COVERED VersionNotCovered;
}

/// The rows of the tables: every outcome of the core, and one for any other number.
const COUNT: usize = Outcome::ALL.len() + 1;

/// The texts of one kind: `$of` takes that of an outcome.
macro_rules! texts {
    ($of:ident, $unknown:literal) => {{
        let mut texts = [$unknown; COUNT];
        let mut row = 0;
        while row < COUNT - 1 {
            texts[row] = Outcome::ALL[row].$of();
            row += 1;
        }
        texts
    }};
}

const NAMES: [&str; COUNT] = texts!(name, "UNKNOWN_OUTCOME");
const TEXTS: [&str; COUNT] = texts!(text, "this number is not an outcome of this library");

static NAME_BYTES: [u8; words::size(&NAMES)] = words::joined(&NAMES);
static NAME_STARTS: [u16; COUNT] = words::starts(&NAMES);
static TEXT_BYTES: [u8; words::size(&TEXTS)] = words::joined(&TEXTS);
static TEXT_STARTS: [u16; COUNT] = words::starts(&TEXTS);

/// The row of an outcome.
fn row(outcome: u32) -> usize {
    Outcome::ALL.iter().position(|known| known.number() == outcome).unwrap_or(COUNT - 1)
}

/// The name of an outcome without LIC2_OUTCOME_, for logs; "UNKNOWN_OUTCOME" for any other number.
/// Printable ASCII. A constant; never NULL.
#[cfg(feature = "texts")]
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_outcome_name(outcome: u32) -> *const c_char {
    words::at(&NAME_BYTES, &NAME_STARTS, row(outcome))
}

/// The meaning of an outcome: an English sentence in lower case without a full stop. Never NULL.
#[cfg(feature = "texts")]
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_outcome_text(outcome: u32) -> *const c_char {
    words::at(&TEXT_BYTES, &TEXT_STARTS, row(outcome))
}
