//! Identity components as they are written on the command line and in files: `KIND:VALUE`.

use std::str::FromStr;

use lic2::limits::{COMPONENT_HASH_LEN, COMPONENT_VALUE_MAX, SALT_LEN};
use lic2::{COMPONENT_KIND_CUSTOM, COMPONENT_KINDS, Component};
use serde::Deserialize;

/// One identity component: `esn:2102312ABC0123456789`, `mac:04:7c:16:5e:e3:5d`, `custom:anything`, `200:anything`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Identity {
    /// Kind number.
    pub kind: u8,
    /// The value.
    pub value: Vec<u8>,
}

/// The same, with the value in hexadecimal: `128:00ff10`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HexIdentity(pub Identity);

/// A device and its quantity in an allocation table: `esn:2102312ABC0123456789=5`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Share {
    /// The device.
    pub device: Identity,
    /// How many licenses it has.
    pub quantity: u32,
}

impl Identity {
    /// As the library takes it.
    #[must_use]
    pub fn component(&self) -> Component<'_> {
        Component { kind: self.kind, value: &self.value }
    }

    /// The salted hash.
    ///
    /// # Errors
    /// A sentence for a value with nothing in it.
    pub fn hash(&self, salt: [u8; SALT_LEN]) -> Result<[u8; COMPONENT_HASH_LEN], String> {
        self.component().hash(salt).ok_or_else(|| format!("device {self}: the value contains only separators"))
    }

    /// The one spelling of everything that has the same hash: for the common kinds in capitals and without separators.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut value = self.value.clone();
        if self.kind < COMPONENT_KIND_CUSTOM {
            value.retain(|byte| !b" \t\r\n:-.".contains(byte));
            value.make_ascii_uppercase();
        }
        let name = kind_name(self.kind);
        match std::str::from_utf8(&value) {
            Ok(text) if !text.contains(char::is_control) => format!("{name}:{text}"),
            _ => format!("{name}={}", crate::ui::hex(&value)),
        }
    }

    fn new(kind: u8, value: Vec<u8>) -> Result<Self, String> {
        if value.is_empty() || value.len() > COMPONENT_VALUE_MAX {
            return Err(format!("a device value has 1 to {COMPONENT_VALUE_MAX} bytes"));
        }
        Ok(Self { kind, value })
    }
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", kind_name(self.kind), String::from_utf8_lossy(&self.value).escape_debug())
    }
}

impl FromStr for Identity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, value) = split(text)?;
        Self::new(kind, value.as_bytes().to_vec())
    }
}

impl FromStr for HexIdentity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, value) = split(text)?;
        let value = crate::ui::unhex(value).ok_or_else(|| format!("{value:?} is not hexadecimal"))?;
        Identity::new(kind, value).map(Self)
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not KIND:VALUE=COUNT, for example esn:2102312ABC0123456789=5");
        let (device, count) = text.rsplit_once('=').ok_or_else(wrong)?;
        let quantity = count.trim().parse().ok().filter(|count| *count > 0).ok_or_else(wrong)?;
        Ok(Self { device: device.parse()?, quantity })
    }
}

impl TryFrom<String> for Identity {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl TryFrom<String> for HexIdentity {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl TryFrom<String> for Share {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The name of a component kind, or its number.
#[must_use]
pub fn kind_name(kind: u8) -> String {
    match COMPONENT_KINDS.iter().find(|(number, _)| *number == kind) {
        Some((_, name)) => (*name).into(),
        None if kind == COMPONENT_KIND_CUSTOM => "custom".into(),
        None => kind.to_string(),
    }
}

fn split(text: &str) -> Result<(u8, &str), String> {
    let (kind, value) = text
        .split_once(':')
        .ok_or_else(|| format!("{text:?} is not KIND:VALUE, for example esn:2102312ABC0123456789"))?;
    let number = COMPONENT_KINDS
        .iter()
        .find(|(_, name)| *name == kind)
        .map(|(number, _)| *number)
        .or_else(|| (kind == "custom").then_some(COMPONENT_KIND_CUSTOM))
        .or_else(|| kind.parse().ok().filter(|number| *number >= COMPONENT_KIND_CUSTOM));
    let names: Vec<&str> = COMPONENT_KINDS.iter().map(|(_, name)| *name).collect();
    number
        .map(|number| (number, value))
        .ok_or_else(|| format!("{kind:?} is not a component kind; write {}, custom, or 128 to 255", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_names_or_the_applications_numbers() {
        let kind = |text: &str| text.parse::<Identity>().map(|identity| identity.kind);
        assert_eq!(kind("mac:04:7c:16:5e:e3:5d"), Ok(1));
        assert_eq!(kind("esn:1"), Ok(5));
        assert_eq!(kind("custom:x"), Ok(128));
        assert_eq!(kind("255:x"), Ok(255));
        for wrong in ["5:x", "0:x", "256:x", "esn", "esn:", ":x", "ESN:x", "serial:x"] {
            assert!(kind(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_canonical_spelling_has_the_same_hash() {
        for text in ["mac:04:7c:16:5e:e3:5d", "esn: 2102-312a.bc\t", "board:\r\nx_\"y\"/z", "custom:a:B-c", "cpu:ä"] {
            let identity: Identity = text.parse().unwrap();
            let canonical = identity.canonical();
            let same: Identity = canonical.parse().unwrap();
            assert_eq!(same.hash([1; 4]), identity.hash([1; 4]), "{text}");
            assert_eq!(same.canonical(), canonical);
        }
        let spelled = |text: &str| text.parse::<Identity>().unwrap().canonical();
        assert_eq!(spelled("mac:04:7c:16:5e:e3:5d"), spelled("mac:047C165EE35D"));
        assert_ne!(spelled("custom:a"), spelled("custom:A"));
        let bytes = |text: &str| text.parse::<HexIdentity>().unwrap().0.canonical();
        assert_ne!(bytes("128:ff"), bytes("128:fe"));
    }

    #[test]
    fn a_share_is_split_at_its_last_equals_sign() {
        let share: Share = "custom:a=b=7".parse().unwrap();
        assert_eq!((share.device.value.as_slice(), share.quantity), (&b"a=b"[..], 7));
        for wrong in ["esn:1", "esn:1=", "esn:1=0", "esn:1=-1", "esn:1=4294967296", "1=1"] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
    }
}
