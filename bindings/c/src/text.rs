//! The texts of the status table, as C strings.

use core::ffi::{CStr, c_char};

use crate::status::lic2_status;

/// Name, text and advice of one status.
type Texts = (&'static CStr, &'static CStr, &'static CStr);

/// A string literal as a C string, at compile time.
macro_rules! c {
    ($text:expr) => {
        const {
            match CStr::from_bytes_with_nul(concat!($text, "\0").as_bytes()) {
                Ok(text) => text,
                Err(_) => panic!("a status text contains NUL"),
            }
        }
    };
}

macro_rules! make_texts {
    ($(($number:literal, $variant:ident, $name:literal, $text:literal, $advice:literal))+) => {
        /// The row of the status table with this number.
        const fn texts(status: i32) -> Texts {
            match status {
                0 => (c!("OK"), c!("no error"), c!("nothing to do")),
                $($number => (c!($name), c!($text), c!($advice)),)+
                _ => (
                    c!("UNKNOWN_STATUS"),
                    c!("this number is not a status of this library"),
                    c!("ask a newer library, or look for the number in its header"),
                ),
            }
        }
    };
}

lic2::for_each_status!(make_texts);

/// The name of a status without LIC2_STATUS_, for logs; "UNKNOWN_STATUS" for any other number. Printable
/// ASCII. A constant; never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_status_name(status: lic2_status) -> *const c_char {
    texts(status).0.as_ptr()
}

/// The meaning of a status: an English sentence in lower case without a full stop. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_status_text(status: lic2_status) -> *const c_char {
    texts(status).1.as_ptr()
}

/// The suggested action for a status, in the same form. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_status_advice(status: lic2_status) -> *const c_char {
    texts(status).2.as_ptr()
}
