//! An ESN, the serial number on the label of a device, as a buyer types it.

use std::str::FromStr;

use serde::Deserialize;

use crate::device::Identity;

/// Number of the component kind.
const KIND: u8 = 5;

/// What an ESN has, in letters and digits. Huawei's have 20, its older ones 12 to 16; other makers use up to 32.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=32;

/// Names of the field that people copy along.
const LABELS: [&str; 6] = ["ESN", "SN", "S/N", "SERIAL NUMBER", "SERIAL NO.", "SERIAL"];

/// A serial number in capitals, without spaces and dashes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Esn(String);

impl Esn {
    /// The serial number alone.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The component that names the device.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { kind: KIND, value: self.0.as_bytes().to_vec() }
    }

    /// A letter that is easily mistaken for a digit, and the digit. It is never replaced: some makers print it.
    #[must_use]
    pub fn doubt(&self) -> Option<(char, char)> {
        [('O', '0'), ('I', '1')].into_iter().find(|(letter, _)| self.0.contains(*letter))
    }
}

impl std::fmt::Display for Esn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Esn {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Esn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let typed: String = text.chars().map(narrow).collect::<String>().trim().to_ascii_uppercase();
        if typed.starts_with("LIC2") && typed.contains('.') {
            return Err(
                "this is a document of this system, not an ESN: issue --request takes a device's request".into()
            );
        }
        let bare = without_label(&typed);
        if is_mac(bare) {
            return Err(format!("{bare} is a MAC address, not an ESN: bind to it with --device mac:{bare}"));
        }
        let esn: String = bare.chars().filter(|character| !is_separator(*character)).collect();
        if let Some(wrong) = esn.chars().find(|character| !character.is_ascii_alphanumeric()) {
            return Err(format!(
                "{text:?} is not an ESN: it contains {wrong:?}, and an ESN has only letters A to Z \
                                and digits"
            ));
        }
        let length = esn.len();
        if !LENGTH.contains(&length) {
            let (least, most) = (LENGTH.start(), LENGTH.end());
            return Err(format!(
                "{text:?} is not an ESN: it has {length} letters and digits, and an ESN has {least} to {most}; \
                 compare it with the device's label"
            ));
        }
        if !esn.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(format!("{text:?} is not an ESN: it contains no digit; compare it with the device's label"));
        }
        if esn.bytes().all(|byte| esn.as_bytes().first() == Some(&byte)) {
            return Err(format!("{text:?} is not an ESN: it repeats one character"));
        }
        Ok(Self(esn))
    }
}

/// Full-width forms, as Chinese keyboards write them, to ASCII.
fn narrow(character: char) -> char {
    match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        0x3000 => ' ',
        _ => character,
    }
}

fn is_separator(character: char) -> bool {
    let dash = matches!(character, '-' | '_' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let unseen = matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    character.is_whitespace() || dash || unseen
}

fn without_label(typed: &str) -> &str {
    let labelled = |label: &&str| {
        let rest = typed.strip_prefix(*label)?.trim_start();
        rest.strip_prefix([':', '=']).map(str::trim_start)
    };
    LABELS.iter().find_map(labelled).unwrap_or(typed)
}

fn is_mac(text: &str) -> bool {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    parts.len() == 6 && parts.iter().all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_buyers_type_becomes_the_number_on_the_label() {
        for typed in [
            "2102312ABC0123456789",
            " 2102312abc0123456789\n",
            "2102312-ABC-0123456789",
            "2102312\u{2013}ABC \u{a0}0123456789",
            "ESN: 2102312ABC0123456789",
            "sn:2102312ABC0123456789",
            "S/N \u{ff1a} 2102312ABC0123456789",
            "\u{ff12}\u{ff11}\u{ff10}\u{ff12}312\u{ff21}\u{ff42}C\u{3000}0123456789",
            "\u{feff}2102312ABC\u{200b}0123456789",
        ] {
            assert_eq!(typed.parse::<Esn>().map(|esn| esn.to_string()), Ok("2102312ABC0123456789".into()), "{typed:?}");
        }
        // A label without a colon is part of the number.
        assert_eq!("SN123456789".parse::<Esn>().map(|esn| esn.to_string()), Ok("SN123456789".into()));
    }

    #[test]
    fn letters_are_never_taken_for_digits() {
        let esn: Esn = "21O2312ABC0123456789".parse().unwrap();
        assert_eq!((esn.as_str(), esn.doubt()), ("21O2312ABC0123456789", Some(('O', '0'))));
        assert_eq!("2102312ABCI123456789".parse::<Esn>().unwrap().doubt(), Some(('I', '1')));
        assert_eq!("2102312ABC0123456789".parse::<Esn>().unwrap().doubt(), None);
    }

    #[test]
    fn what_cannot_be_an_esn_is_refused_with_the_reason() {
        for (typed, reason) in [
            ("", "it has 0 letters and digits"),
            ("1234567", "it has 7 letters and digits, and an ESN has 8 to 32"),
            ("123456789012345678901234567890123", "it has 33"),
            ("VISIONAPPLIANCE", "no digit"),
            ("00000000000000000000", "repeats one character"),
            ("2102312ABC012345678?", "contains '?'"),
            ("2102312\u{410}BC0123456789", "only letters A to Z"),
            ("2102312ABC,2102312ABD", "contains ','"),
            ("04:7c:16:5e:e3:5d", "--device mac:04:7C:16:5E:E3:5D"),
            ("LIC2R.AVIAAAAAAAAQdmlzaW9u", "issue --request"),
        ] {
            let refusal = typed.parse::<Esn>().unwrap_err();
            assert!(refusal.contains(reason), "{typed:?}: {refusal}");
        }
    }
}
