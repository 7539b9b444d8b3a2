//! What the outcomes of lic2_engine_apply mean, as C strings.

use core::ffi::{CStr, c_char};

use lic2::Outcome;

use crate::state::{
    LIC2_OUTCOME_ACTIVATED, LIC2_OUTCOME_ALREADY_APPLIED, LIC2_OUTCOME_LIST_ACCEPTED, LIC2_OUTCOME_RENEWED,
    LIC2_OUTCOME_SHORTENED, LIC2_OUTCOME_TIME_ACCEPTED, LIC2_OUTCOME_TIME_OLDER, LIC2_OUTCOME_UNLOCKED,
};

/// A text of the core as a C string, at compile time.
macro_rules! c {
    ($text:expr) => {
        const {
            const TEXT: &str = $text;
            const BYTES: [u8; TEXT.len() + 1] = {
                let mut bytes = [0; TEXT.len() + 1];
                let mut at = 0;
                while at < TEXT.len() {
                    bytes[at] = TEXT.as_bytes()[at];
                    at += 1;
                }
                bytes
            };
            match CStr::from_bytes_with_nul(&BYTES) {
                Ok(text) => text,
                Err(_) => panic!("a text contains NUL"),
            }
        }
    };
}

macro_rules! texts {
    ($($number:ident $variant:ident;)+) => {
        $(const _: () = assert!($number == Outcome::$variant.number());)+
        const _: () = assert!(Outcome::ALL.len() == [$($number),+].len());

        /// Name and text of one outcome.
        const fn texts(outcome: u32) -> (&'static CStr, &'static CStr) {
            match outcome {
                $($number => (c!(Outcome::$variant.name()), c!(Outcome::$variant.text())),)+
                _ => (c"UNKNOWN_OUTCOME", c"this number is not an outcome of this library"),
            }
        }
    };
}

texts! {
    LIC2_OUTCOME_ACTIVATED Activated;
    LIC2_OUTCOME_RENEWED Renewed;
    LIC2_OUTCOME_SHORTENED Shortened;
    LIC2_OUTCOME_ALREADY_APPLIED AlreadyApplied;
    LIC2_OUTCOME_LIST_ACCEPTED ListAccepted;
    LIC2_OUTCOME_TIME_ACCEPTED TimeAccepted;
    LIC2_OUTCOME_TIME_OLDER TimeOlder;
    LIC2_OUTCOME_UNLOCKED Unlocked;
}

/// The name of an outcome without LIC2_OUTCOME_, for logs; "UNKNOWN_OUTCOME" for any other number.
/// Printable ASCII. A constant; never NULL.
#[cfg(feature = "texts")]
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_outcome_name(outcome: u32) -> *const c_char {
    texts(outcome).0.as_ptr()
}

/// The meaning of an outcome: an English sentence in lower case without a full stop. Never NULL.
#[cfg(feature = "texts")]
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_outcome_text(outcome: u32) -> *const c_char {
    texts(outcome).1.as_ptr()
}
