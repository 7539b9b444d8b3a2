//! Identity components of a device and their salted hashes.

use crate::error::Error;
use crate::hash::Hasher;
use crate::limits::{COMPONENT_HASH_LEN, COMPONENT_VALUE_MAX, SALT_LEN};

/// What the hash of a component covers first.
const DOMAIN: &[u8; 16] = b"LIC2 component 1";

/// Kind number from which the application defines the meaning, and values are taken byte by byte.
pub const COMPONENT_KIND_CUSTOM: u8 = 128;

/// The component kinds with a common meaning: number and name.
pub const COMPONENT_KINDS: [(u8, &str); 6] =
    [(1, "mac"), (2, "board"), (3, "disk"), (4, "machine"), (5, "esn"), (6, "cpu")];

/// One fact about a device's identity. The hash of a component covers these two fields, so there will be no third.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component<'a> {
    /// 1 MAC address, 2 board serial, 3 disk serial, 4 machine id, 5 ESN, 6 CPU id, from 128 on the application's.
    pub kind: u8,
    /// The value. For kinds below 128 letter case and the separators space, tab, CR, LF, `:`, `-` and `.` do not
    /// matter; from 128 on every byte does.
    pub value: &'a [u8],
}

impl Component<'_> {
    /// Whether the application may pass it: kind not 0, value at most 256 bytes.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.kind == 0 || self.value.len() > COMPONENT_VALUE_MAX {
            return Err(Error::InvalidArgument);
        }
        Ok(())
    }

    /// The salted hash that a binding holds, or `None` for a value with nothing in it: an absent serial number
    /// must not match another absent one.
    #[must_use]
    pub fn hash(&self, salt: [u8; SALT_LEN]) -> Option<[u8; COMPONENT_HASH_LEN]> {
        let mut hasher = Hasher::new(DOMAIN);
        hasher.update(&salt);
        hasher.update(&[self.kind]);
        let mut empty = true;
        for byte in self.value {
            if self.kind >= COMPONENT_KIND_CUSTOM {
                hasher.update(&[*byte]);
            } else if is_separator(*byte) {
                continue;
            } else {
                hasher.update(&[byte.to_ascii_uppercase()]);
            }
            empty = false;
        }
        if empty { None } else { hasher.finish() }
    }
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b':' | b'-' | b'.')
}

#[cfg(test)]
mod tests {
    use super::Component;

    #[test]
    fn spelling_does_not_matter_for_common_kinds() {
        let one = Component { kind: 1, value: b"04:7C:16:5E:E3:5D" }.hash([1, 2, 3, 4]);
        let two = Component { kind: 1, value: b" 047c-165e.e35d\n" }.hash([1, 2, 3, 4]);
        assert!(one.is_some());
        assert_eq!(one, two);
        assert_ne!(one, Component { kind: 1, value: b"04:7C:16:5E:E3:5D" }.hash([1, 2, 3, 5]));
        assert_ne!(one, Component { kind: 2, value: b"04:7C:16:5E:E3:5D" }.hash([1, 2, 3, 4]));
    }

    #[test]
    fn every_byte_matters_for_custom_kinds() {
        let one = Component { kind: 128, value: b"a-b" }.hash([0; 4]);
        assert_ne!(one, Component { kind: 128, value: b"A-b" }.hash([0; 4]));
        assert_ne!(one, Component { kind: 128, value: b"ab" }.hash([0; 4]));
    }

    #[test]
    fn nothing_matches_nothing() {
        assert_eq!(Component { kind: 3, value: b" .- " }.hash([0; 4]), None);
        assert_eq!(Component { kind: 128, value: b"" }.hash([0; 4]), None);
    }
}
