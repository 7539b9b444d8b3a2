//! Names, texts and advice of the statuses.

use core::ffi::c_char;

use lic2::Error;

use crate::status::lic2_status;
use crate::words;

/// The rows of the tables: every status of the core, and two more.
const COUNT: usize = Error::ALL.len() + 2;

/// The numbers of the rows. The first row is no error; the last stands for any other number.
static NUMBERS: [i32; COUNT] = {
    let mut numbers = [0; COUNT];
    let mut row = 1;
    while row < COUNT - 1 {
        numbers[row] = Error::ALL[row - 1].number();
        row += 1;
    }
    numbers[COUNT - 1] = i32::MIN;
    numbers
};

/// The row of a status.
fn row(status: lic2_status) -> usize {
    NUMBERS.iter().position(|number| *number == status).unwrap_or(COUNT - 1)
}

/// The texts of one kind: `$of` takes that of a status.
macro_rules! texts {
    ($ok:literal, $of:ident, $unknown:literal) => {{
        let mut texts = [""; COUNT];
        texts[0] = $ok;
        let mut row = 1;
        while row < COUNT - 1 {
            texts[row] = Error::ALL[row - 1].$of();
            row += 1;
        }
        texts[COUNT - 1] = $unknown;
        texts
    }};
}

const NAMES: [&str; COUNT] = texts!("OK", name, "UNKNOWN_STATUS");
const TEXTS: [&str; COUNT] = texts!("no error", text, "this number is not a status of this library");
const ADVICE: [&str; COUNT] =
    texts!("nothing to do", advice, "ask a newer library, or look for the number in its header");

static NAME_BYTES: [u8; words::size(&NAMES)] = words::joined(&NAMES);
static NAME_STARTS: [u16; COUNT] = words::starts(&NAMES);
static TEXT_BYTES: [u8; words::size(&TEXTS)] = words::joined(&TEXTS);
static TEXT_STARTS: [u16; COUNT] = words::starts(&TEXTS);
static ADVICE_BYTES: [u8; words::size(&ADVICE)] = words::joined(&ADVICE);
static ADVICE_STARTS: [u16; COUNT] = words::starts(&ADVICE);

/// The name of a status without LIC2_STATUS_, for logs; "UNKNOWN_STATUS" for any other number. Printable
/// ASCII. A constant; never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_status_name(status: lic2_status) -> *const c_char {
    words::at(&NAME_BYTES, &NAME_STARTS, row(status))
}

/// The meaning of a status: an English sentence in lower case without a full stop. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_status_text(status: lic2_status) -> *const c_char {
    words::at(&TEXT_BYTES, &TEXT_STARTS, row(status))
}

/// The suggested action for a status, in the same form. Never NULL.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn lic2_status_advice(status: lic2_status) -> *const c_char {
    words::at(&ADVICE_BYTES, &ADVICE_STARTS, row(status))
}
