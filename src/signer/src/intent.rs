//! What the seller stated, in one canonical form: before relative times are resolved and random salts are drawn, so that
//! the same order a day later states the same. Two statements are compared field by field.

use serde_json::{Map, Value};

use crate::binding::OwnedBinding;
use crate::content::Content;
use crate::device::Identity;
use crate::esn::Esn;
use crate::fingerprint::Fingerprint;
use crate::ui;

/// What a document was asked to say.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// Every field that was stated, by its name; what was left out is not there.
    pub stated: Map<String, Value>,
    /// The device it is for, as it was written.
    pub device: Option<String>,
    /// The device in the spelling that identifies it.
    pub fingerprint: Option<String>,
    /// The customer, whether or not the document names it.
    pub customer: Option<String>,
    /// The order, whether or not the document names it.
    pub order: Option<String>,
}

/// A field that was stated in two ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name.
    pub field: String,
    /// What was recorded.
    pub recorded: Option<Value>,
    /// What is stated now.
    pub stated: Option<Value>,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = |value: &Option<Value>| match value {
            None => "nothing".into(),
            Some(Value::String(text)) => text.clone(),
            // A list may have thousands of entries.
            Some(other) => match other.to_string() {
                long if long.chars().count() > 300 => format!("{}…", long.chars().take(300).collect::<String>()),
                text => text,
            },
        };
        write!(f, "{} was {} and is now {}", self.field, words(&self.recorded), words(&self.stated))
    }
}

/// What differs between what was recorded and what is stated now.
#[must_use]
pub fn differences(recorded: &Map<String, Value>, stated: &Map<String, Value>) -> Vec<Difference> {
    let mut fields: Vec<&String> = recorded.keys().chain(stated.keys()).collect();
    fields.sort();
    fields.dedup();
    fields
        .into_iter()
        .filter(|field| recorded.get(*field) != stated.get(*field))
        .map(|field| Difference {
            field: field.clone(),
            recorded: recorded.get(field).cloned(),
            stated: stated.get(field).cloned(),
        })
        .collect()
}

impl Intent {
    /// An intent of these fields; nulls and empty lists are left out.
    #[must_use]
    pub fn of(fields: Value) -> Self {
        let Value::Object(fields) = fields else { return Self::default() };
        let stated = fields.into_iter().filter(|(_, value)| !is_nothing(value)).collect();
        Self { stated, ..Self::default() }
    }

    /// What `content` states; `binding` is what it became, or where the device comes from if `content` states none.
    #[must_use]
    pub fn of_content(content: &Content, binding: &OwnedBinding) -> Self {
        let esn = content.esn.as_ref().map(Esn::identity);
        let parts = content.fingerprint.as_ref().map(Fingerprint::components).unwrap_or_default();
        let stated = content.device.iter().chain(content.device_hex.iter().map(|device| &device.0));
        let identities: Vec<&Identity> = stated.chain(&esn).chain(parts).collect();
        let shares: Vec<(String, String)> = content
            .allocation
            .iter()
            .map(|share| {
                let count = share.quantity;
                (format!("{}={count}", share.device), format!("{}={count}", share.device.canonical()))
            })
            .collect();
        let (words, fingerprint) = if !identities.is_empty() {
            (
                joined(identities.iter().map(ToString::to_string)),
                joined(identities.iter().map(|identity| identity.canonical())),
            )
        } else if !shares.is_empty() {
            (joined(shares.iter().map(|share| share.0.clone())), joined(shares.iter().map(|share| share.1.clone())))
        } else {
            let shown = of_binding(binding);
            (shown.clone(), shown)
        };
        let intent = Self::of(content.canonical(fingerprint.as_deref()));
        Self { device: words, fingerprint, customer: content.customer.clone(), order: content.order.clone(), ..intent }
    }
}

/// The device of a binding that comes from elsewhere: a key, or what a request shows.
#[must_use]
pub fn of_binding(binding: &OwnedBinding) -> Option<String> {
    match binding {
        OwnedBinding::None => None,
        OwnedBinding::DeviceKey(key) => Some(format!("key:{}", ui::hex(key))),
        OwnedBinding::Components { salt, entries, .. } => joined(entries.iter().map(|entry| {
            format!("{}#{}.{}", crate::device::kind_name(entry.kind), ui::hex(salt), ui::hex(&entry.hash))
        })),
        OwnedBinding::Allocation { kind, salt, entries } => joined(entries.iter().map(|entry| {
            let kind = crate::device::kind_name(*kind);
            format!("{kind}#{}.{}={}", ui::hex(salt), ui::hex(&entry.hash), entry.quantity)
        })),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let mut parts: Vec<String> = parts.collect();
    parts.sort();
    if parts.is_empty() { None } else { Some(parts.join(", ")) }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::ClassName;

    fn content() -> Content {
        Content {
            id: Some("PL-1".into()),
            product: Some("p".into()),
            until: Some("1y".into()),
            device: vec!["esn:ab-1".parse().unwrap(), "mac:00:11".parse().unwrap()],
            feature: vec!["b=limit:2@2027-06-30".parse().unwrap(), "a".parse().unwrap()],
            ..Content::default()
        }
    }

    fn stated(content: &Content) -> Map<String, Value> {
        Intent::of_content(content, &OwnedBinding::None).stated
    }

    #[test]
    fn what_means_the_same_is_stated_the_same() {
        let same = Content {
            class: Some(ClassName::Commercial),
            quantity: Some(1),
            device: vec!["mac:0011".parse().unwrap(), "esn:AB1".parse().unwrap()],
            feature: vec!["a".parse().unwrap(), "b=limit:2@20270630".parse().unwrap()],
            ..content()
        };
        assert_eq!(differences(&stated(&content()), &stated(&same)), []);
    }

    #[test]
    fn what_differs_is_named() {
        let other = Content { until: Some("2y".into()), quantity: Some(2), device: Vec::new(), ..content() };
        let found: Vec<String> =
            differences(&stated(&content()), &stated(&other)).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "device was esn:AB1, mac:0011 and is now nothing",
                "quantity was 1 and is now 2",
                "until was 1y and is now 2y"
            ]
        );
    }

    #[test]
    fn devices_are_kept_as_they_were_written() {
        let intent = Intent::of_content(&content(), &OwnedBinding::None);
        assert_eq!(intent.device.as_deref(), Some("esn:ab-1, mac:00:11"));
        assert_eq!(intent.fingerprint.as_deref(), Some("esn:AB1, mac:0011"));
    }
}
