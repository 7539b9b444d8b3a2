//! Values that say nothing: what firmware and hypervisors write where a serial number should stand.

use crate::text::Value;

/// Shortest value that can tell machines apart, without separators.
const LENGTH_MIN: usize = 4;

/// In capitals and without the separators that the hash of a component leaves out, too.
const MEANINGLESS: &[&[u8]] = &[
    b"NONE",
    b"NULL",
    b"EMPTY",
    b"INVALID",
    b"UNKNOWN",
    b"UNDEFINED",
    b"UNINITIALIZED",
    b"NOTSPECIFIED",
    b"NOTAPPLICABLE",
    b"NOTAVAILABLE",
    b"NOTPRESENT",
    b"DEFAULT",
    b"DEFAULTSTRING",
    b"OEM",
    b"OEMSTRING",
    b"TOBEFILLEDBYOEM",
    b"FILLEDBYOEM",
    b"SERIAL",
    b"SERIALNUMBER",
    b"SYSTEMSERIALNUMBER",
    b"BOARDSERIALNUMBER",
    b"BASEBOARDSERIALNUMBER",
    b"CHASSISSERIALNUMBER",
    b"MBSERIALNUMBER",
    b"SYSTEMUUID",
    b"BSN12345678901234567",
    b"12345",
    b"123456",
    b"1234567",
    b"12345678",
    b"123456789",
    b"1234567890",
    b"0123456789",
    b"0123456789ABCDEF",
    // Ids of boards whose maker left the sample value.
    b"03000200040005000006000700080009",
    b"00020003000400050006000700080009",
    b"1234567812345678123456789ABCDEF0",
    b"123456781234567890ABCDDEEFAABBCC",
];

/// How a hypervisor numbers disks that nobody gave a serial number: the same in every machine.
const MEANINGLESS_FRONTS: &[&[u8]] = &[b"QM0000"];

/// Text as it is compared: only these bytes, in capitals.
fn compared(value: &[u8]) -> impl Iterator<Item = u8> + Clone {
    value.iter().filter(|byte| !matches!(byte, b' ' | b'-' | b':' | b'.' | b'_')).map(u8::to_ascii_uppercase)
}

/// The value without what is around it, or `None` if it says nothing or is too long.
pub(crate) fn cleaned(value: &[u8]) -> Option<Value> {
    let mut clean = Value::new();
    for byte in value {
        let byte = if byte.is_ascii_whitespace() { b' ' } else { *byte };
        let leading = byte == b' ' && clean.as_bytes().is_empty();
        // Bytes outside ASCII are noise of the firmware: erased flash, another character set.
        if (byte.is_ascii_graphic() || byte == b' ') && !leading {
            clean.push(&[byte]).ok()?;
        }
    }
    let trimmed = Value::of(&[clean.as_bytes().trim_ascii_end()]).ok()?;
    if is_meaningful(trimmed.as_bytes()) { Some(trimmed) } else { None }
}

fn is_meaningful(value: &[u8]) -> bool {
    let mut bytes = compared(value);
    let long_enough = compared(value).nth(LENGTH_MIN.saturating_sub(1)).is_some();
    let Some(first) = bytes.next() else { return false };
    // All zeros, all F, all X.
    let varied = bytes.any(|byte| byte != first);
    let listed = MEANINGLESS.iter().any(|known| compared(value).eq(known.iter().copied()));
    let fronted = MEANINGLESS_FRONTS.iter().any(|front| compared(value).take(front.len()).eq(front.iter().copied()));
    long_enough && varied && !listed && !fronted
}

#[cfg(test)]
mod tests {
    use super::cleaned;
    use std::string::String;
    use std::vec::Vec;

    fn text(value: &[u8]) -> Option<String> {
        cleaned(value).map(|value| String::from_utf8(value.as_bytes().to_vec()).expect("ASCII"))
    }

    #[test]
    fn sample_values_say_nothing() {
        for junk in [
            "",
            " ",
            "0",
            "000000000000",
            "00:00:00:00:00:00",
            "ff:ff:ff:ff:ff:ff",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "To be filled by O.E.M.",
            "To Be Filled By O.E.M.\n",
            "Default string",
            "Not Specified",
            "None",
            "N/A",
            "xxxxxxxx",
            "System Serial Number",
            "uninitialized",
            "03000200-0400-0500-0006-000700080009",
            "QM00001",
            "\u{ff}\u{ff}\u{ff}",
        ] {
            assert_eq!(text(junk.as_bytes()), None, "{junk}");
        }
        assert_eq!(text(&[0xFF; 16]), None);
    }

    #[test]
    fn serial_numbers_stay_as_they_are() {
        assert_eq!(text(b"  PF2ABC1D \n").as_deref(), Some("PF2ABC1D"));
        assert_eq!(text(b"t10.ATA     Samsung SSD").as_deref(), Some("t10.ATA     Samsung SSD"));
        assert_eq!(text(b"100000003d1d1c36\0").as_deref(), Some("100000003d1d1c36"));
        assert_eq!(text(b"0001").as_deref(), Some("0001"));
    }

    #[test]
    fn a_value_that_is_too_long_is_no_value() {
        let long: Vec<u8> = b"0123456789abcdefg".iter().copied().cycle().take(256).collect();
        assert_eq!(text(&long).map(|text| text.len()), Some(256));
        assert_eq!(text(&[&long[..], b"h"].concat()), None);
    }
}
