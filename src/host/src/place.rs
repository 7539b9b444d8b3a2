//! Where this system keeps what a program stores for its user: the directory of a product that names none.

use core::ffi::CStr;

use crate::error::{Cause, HostError};
use crate::sys::{self, Directory, PATH_MAX};
use crate::text::Text;

/// The environment variables that name a directory, the most particular first, and what follows it.
#[cfg(target_os = "linux")]
const BASES: [(&CStr, &[u8]); 2] = [(c"XDG_STATE_HOME", b""), (c"HOME", b"/.local/state")];
#[cfg(target_os = "macos")]
const BASES: [(&CStr, &[u8]); 1] = [(c"HOME", b"/Library/Application Support")];
#[cfg(windows)]
const BASES: [(&CStr, &[u8]); 1] = [(c"LOCALAPPDATA", b"")];

/// The usual directory of a product's state: `$XDG_STATE_HOME/PRODUCT` or `$HOME/.local/state/PRODUCT` on Linux,
/// `$HOME/Library/Application Support/PRODUCT` on macOS, `%LOCALAPPDATA%\PRODUCT` on Windows.
///
/// A user can move it with these variables, and so start again, as by deleting it. A service has no such variables and
/// needs a directory of its own, such as `/var/lib/PRODUCT`.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    path: Text<PATH_MAX>,
    /// Bytes of the path that the environment names.
    base: usize,
}

impl Place {
    /// The place of the product with this id. Letters, digits, `-`, `_` and `.` stay as they are; `%` and two
    /// hexadecimal digits stand for any other byte, and for a dot at the front.
    ///
    /// # Errors
    /// With [`Cause::Argument`] if the environment names no directory or the path would be too long.
    pub fn of(product: &[u8]) -> Result<Self, HostError> {
        let refused = HostError::of(Cause::Argument);
        if product.is_empty() {
            return Err(refused);
        }
        for (variable, rest) in BASES {
            let Some(mut path) = sys::variable(variable) else { continue };
            if !sys::is_absolute(path.as_bytes()) {
                continue;
            }
            let base = path.as_bytes().len();
            path.push(rest)?;
            path.push(&[sys::SEPARATOR])?;
            push_name(&mut path, product)?;
            return Ok(Self { path, base });
        }
        Err(refused)
    }

    /// The path, in the system's encoding (on Windows in UTF-8).
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.path.as_bytes()
    }

    /// Makes the directories above this one, as far as they are missing.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn make_parents(&self) -> Result<(), HostError> {
        let path = self.as_bytes();
        for (at, byte) in path.iter().enumerate() {
            if *byte == sys::SEPARATOR && at >= self.base {
                Directory::open_or_create(path.get(..at).unwrap_or_default())?;
            }
        }
        Ok(())
    }
}

/// A product id as the name of a directory: it must not become a path.
fn push_name(path: &mut Text<PATH_MAX>, product: &[u8]) -> Result<(), HostError> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for (at, byte) in product.iter().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || *byte == b'.' && at != 0;
        if plain {
            path.push(&[*byte])?;
        } else {
            let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
            path.push(&[b'%', digit(byte >> 4), digit(byte & 15)])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{PATH_MAX, Place, push_name};
    use crate::text::Text;

    #[test]
    fn a_product_cannot_leave_the_directory() {
        for (product, name) in [
            ("photo-studio_2.1", "photo-studio_2.1"),
            ("..", "%2E."),
            ("a/b\\c", "a%2Fb%5Cc"),
            ("\u{e4} ", "%C3%A4%20"),
            ("C:", "C%3A"),
        ] {
            let mut path = Text::<PATH_MAX>::new();
            push_name(&mut path, product.as_bytes()).expect("a short name");
            assert_eq!(path.as_bytes(), name.as_bytes(), "{product}");
        }
        assert!(Place::of(b"").is_err());
    }
}
