//! A time as the seller writes it.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};

/// A time as written; what it means depends on the time of issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeText(String);

impl From<&str> for TimeText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl FromStr for TimeText {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(text.into())
    }
}

impl fmt::Display for TimeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TimeText {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct TextOrDate;

        impl<'de> Visitor<'de> for TextOrDate {
            type Value = TimeText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<TimeText, E> {
                Ok(text.into())
            }

            // TOML has dates of its own.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<TimeText, A::Error> {
                toml::value::Datetime::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(|date| TimeText(date.to_string()))
            }
        }

        deserializer.deserialize_any(TextOrDate)
    }
}

impl TimeText {
    /// The one spelling of what means the same.
    #[must_use]
    pub fn canonical(&self) -> String {
        crate::timespec::canonical(&self.0)
    }
}
