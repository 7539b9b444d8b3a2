//! Bytes as text.

use crate::text::Value;

/// The two hexadecimal digits of a byte, in capitals.
pub(crate) fn digits(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|digit| match digit {
        0..=9 => digit.saturating_add(b'0'),
        _ => digit.saturating_sub(10).saturating_add(b'A'),
    })
}

/// The eight digits of a number.
pub(crate) fn of(number: u32) -> [u8; 8] {
    let [a, b, c, d] = number.to_be_bytes().map(digits);
    let ([a, b], [c, d], [e, f], [g, h]) = (a, b, c, d);
    [a, b, c, d, e, f, g, h]
}

/// An address of a network interface in the marketplace's form: capitals and colons.
pub(crate) fn mac(address: [u8; 6]) -> Option<Value> {
    let mut text = Value::new();
    for (index, byte) in address.into_iter().enumerate() {
        let separator: &[u8] = if index == 0 { b"" } else { b":" };
        text.push(separator).ok()?;
        text.push(&digits(byte)).ok()?;
    }
    Some(text)
}

/// The text form of a UUID.
#[cfg(any(test, windows, target_os = "macos"))]
pub(crate) fn uuid(bytes: [u8; 16]) -> Option<Value> {
    let mut text = Value::new();
    for (index, byte) in bytes.into_iter().enumerate() {
        let separator: &[u8] = if matches!(index, 4 | 6 | 8 | 10) { b"-" } else { b"" };
        text.push(separator).ok()?;
        text.push(&digits(byte)).ok()?;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{digits, of};

    #[test]
    fn every_digit() {
        assert_eq!(of(0x0123_4567), *b"01234567");
        assert_eq!(of(0x89AB_CDEF), *b"89ABCDEF");
        assert_eq!(digits(0x5D), *b"5D");
    }
}
