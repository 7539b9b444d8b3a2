//! The texts that both engines write.

use core::ffi::c_char;

use lic2::{Ask, Error};
use lic2_capi::*;

use crate::both::{Both, Seen, number};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Written<'a> {
    Request(&'a str, u8, &'a [u8]),
    Deactivate(&'a str, &'a [u8]),
    Usage(&'a str, &'a [u8]),
    Status,
}

impl Both {
    /// A text for the seller, into a buffer of `room` bytes with a NUL behind the text.
    pub(crate) fn written(&mut self, what: Written<'_>, room: usize) -> bool {
        let mut out = vec![0; room.saturating_sub(1)];
        // What is needed is told exactly, or as the most that a document can have.
        let mut needed = 1024;
        let core = self.core(|engine| match what {
            Written::Request(license, signs, entropy) => engine
                .request(&Ask::new().with_license(license).with_signs(signs).with_entropy(entropy), &mut out)
                .map(|text| (0, text.to_owned())),
            Written::Deactivate(license, entropy) => {
                engine.deactivate(license, entropy, &mut out).map(|text| (0, text.to_owned()))
            }
            Written::Usage(license, entropy) => {
                engine.usage(license, entropy, &mut out).map(|(number, text)| (number, text.to_owned()))
            }
            Written::Status => {
                let mut text = String::new();
                engine.write_status(&mut |piece| text.push_str(piece))?;
                needed = text.len();
                if text.len() < room { Ok((0, text)) } else { Err(Error::BufferTooSmall) }
            }
        });
        let mut buffer = vec![b'x'; room];
        let mut length = 77;
        let mut report = 77;
        let status = self.write_in_c(what, &mut buffer, &mut length, &mut report);
        let report = if matches!(what, Written::Usage(..)) { report } else { 0 };
        let told = status != 109 || length == needed;
        let c = if status == 0 { String::from_utf8(buffer[..length].to_vec()).unwrap() } else { String::new() };
        assert!(buffer[c.len()..].iter().all(|byte| *byte == 0) && told, "{what:?}: the rest of the buffer");
        let core = core.map_or_else(|error| (error.number(), 0, String::new()), |(number, text)| (0, number, text));
        self.compare(&format!("{what:?}"), &Seen::of(&core), &Seen::of(&(status, report, &c)));
        if status == 0 {
            (self.text, self.report) = (c, if report == 0 { self.report } else { report });
        }
        status == 0
    }

    fn write_in_c(&mut self, what: Written<'_>, buffer: &mut [u8], length: &mut usize, report: &mut u32) -> i32 {
        let (engine, room) = (&mut *self.engine, buffer.len());
        let buffer = buffer.as_mut_ptr().cast::<c_char>();
        let id = |license: &str| license.as_ptr().cast::<c_char>();
        let ask;
        let status = match what {
            Written::Request(license, signs, entropy) => {
                ask = lic2_ask {
                    signs: u32::from(signs),
                    license_id: id(license),
                    license_id_len: license.len(),
                    entropy: entropy.as_ptr(),
                    entropy_len: entropy.len(),
                    ..init!(lic2_ask)
                };
                let none = license.is_empty() && signs == 0 && entropy.is_empty();
                let ask = if none { core::ptr::null() } else { &raw const ask };
                // SAFETY: every pointer goes with its length.
                unsafe { lic2_engine_request(engine, ask, buffer, room, length) }
            }
            Written::Deactivate(license, entropy) => {
                let (at, len) = (entropy.as_ptr(), entropy.len());
                // SAFETY: as above.
                unsafe { lic2_engine_deactivate(engine, id(license), license.len(), at, len, buffer, room, length) }
            }
            Written::Usage(license, entropy) => {
                let (at, len) = (entropy.as_ptr(), entropy.len());
                // SAFETY: as above.
                unsafe { lic2_engine_usage(engine, id(license), license.len(), at, len, buffer, room, length, report) }
            }
            // SAFETY: as above.
            Written::Status => unsafe { lic2_engine_status_text(engine, buffer, room, length) },
        };
        number(status)
    }
}
