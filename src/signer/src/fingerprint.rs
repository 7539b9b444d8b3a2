//! The fingerprint that the marketplace's desktop client gives a seller, as components to bind to.

use std::str::FromStr;

use lic2::limits::SALT_LEN;
use lic2_host::{FINGERPRINT_MAX, Machine};
use serde::Deserialize;

use crate::device::Identity;

const FORM: &str = "MAC|disk|board|cpu, for example 04:7C:16:5E:E3:5D|001B_444A_488B_5CEC.||BFEBFBFF00090672";

/// Any salt: the hashes are only compared with one another.
const SALT: [u8; SALT_LEN] = [0; SALT_LEN];

/// The parts of a machine that identify it, at least one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Fingerprint(Vec<Identity>);

impl Fingerprint {
    /// As the machine itself shows them to the library, by `lic2-host`.
    #[must_use]
    pub fn components(&self) -> &[Identity] {
        &self.0
    }

    /// How many must match by default: more than half, so that no two machines can both have them.
    #[must_use]
    pub fn needed(&self) -> u8 {
        u8::try_from(self.0.len() / 2 + 1).unwrap_or(u8::MAX)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > FINGERPRINT_MAX {
            return Err(format!(
                "the fingerprint has {} characters, and the marketplace passes on at most {FINGERPRINT_MAX}: this \
                 is something else",
                text.len()
            ));
        }
        if let Some(wrong) = text.chars().find(|character| !character.is_ascii_graphic() && *character != ' ') {
            return Err(format!("the fingerprint contains {wrong:?}: it must be one line of ASCII characters"));
        }
        let fields: Vec<&str> = text.split('|').collect();
        let &[macs, ..] = fields.as_slice() else { return Err(format!("there is no fingerprint: write {FORM}")) };
        if fields.len() != 4 {
            return Err(format!("the fingerprint has {} fields instead of four: write {FORM}", fields.len()));
        }
        if let Some(wrong) = macs.split(',').map(str::trim).find(|mac| !mac.is_empty() && !is_mac(mac)) {
            return Err(format!("{wrong:?} in the first field of the fingerprint is not a MAC address: write {FORM}"));
        }
        let machine =
            Machine::of_fingerprint(text.as_bytes()).map_err(|error| format!("the fingerprint: {}", error.text()))?;
        let mut components: Vec<Identity> = Vec::new();
        for component in (0..machine.count()).filter_map(|index| machine.component(index)) {
            // The same address in another spelling is the same part.
            if !components.iter().any(|known| known.component().hash(SALT) == component.hash(SALT)) {
                components.push(Identity { kind: component.kind, value: component.value.to_vec() });
            }
        }
        if components.is_empty() {
            return Err(
                "the fingerprint contains nothing that distinguishes the machine from others of its model: ask the \
                 customer to run the marketplace's client as administrator, or bind to an ESN or a request"
                    .into(),
            );
        }
        Ok(Self(components))
    }
}

fn is_mac(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b':' | b'-' | b'.')).collect();
    digits.len() == 12 && digits.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (Vec<String>, u8) {
        let fingerprint: Fingerprint = text.parse().unwrap();
        (fingerprint.components().iter().map(ToString::to_string).collect(), fingerprint.needed())
    }

    #[test]
    fn the_marketplaces_sample_shows_a_mac_and_a_disk() {
        let (components, needed) = shown("04:7C:16:5E:E3:5D|001B_444A_488B_5CEC.||BFEBFBFF00090672");
        assert_eq!(components, ["mac:04:7C:16:5E:E3:5D", "disk:001B_444A_488B_5CEC."]);
        assert_eq!(needed, 2);
    }

    #[test]
    fn more_than_half_of_the_parts_have_to_match() {
        for (text, needed) in [
            ("|S4XYZ1||", 1),
            ("|S4XYZ1|PF2ABC1D|", 2),
            ("04-7c-16-5e-e3-5d|S4XYZ1|PF2ABC1D|", 2),
            ("04:7C:16:5E:E3:5D,047c165ee35d||PF2ABC1D|", 2),
            (" 047c.165e.e35d,047c165ee35e|S4XYZ1|PF2ABC1D|BFEBFBFF00090672 ", 3),
            ("|S4XYZ1,S4XYZ2,S4XYZ3,S4XYZ4|PF2ABC1D|10000000ABCDEF12", 4),
        ] {
            assert_eq!(shown(text).1, needed, "{text}");
        }
    }

    #[test]
    fn what_is_no_fingerprint_is_refused_with_the_reason() {
        let long = format!("|{}||", "S4XYZ1,".repeat(150));
        for (text, reason) in [
            ("", "has 1 fields instead of four"),
            ("04:7C:16:5E:E3:5D", "has 1 fields instead of four"),
            ("04:7C:16:5E:E3:5D|S4|B|C|D", "has 5 fields"),
            ("S4XYZ1|04:7C:16:5E:E3:5D||", "\"S4XYZ1\" in the first field of the fingerprint is not a MAC"),
            ("04:7C:16:5E:E3|S4XYZ1||", "not a MAC"),
            ("|S4XYZ\u{e9}||", "'\u{e9}'"),
            ("|S4\nXYZ||", "'\\n'"),
            (long.as_str(), "characters, and the marketplace passes on at most 1024"),
            ("|||", "nothing that distinguishes the machine"),
            ("00:00:00:00:00:00||TO BE FILLED BY O.E.M.|BFEBFBFF00090672", "nothing that distinguishes the machine"),
        ] {
            let refusal = text.parse::<Fingerprint>().unwrap_err();
            assert!(refusal.contains(reason), "{text:?}: {refusal}");
        }
    }
}
