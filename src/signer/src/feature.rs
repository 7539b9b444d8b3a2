//! Features as sellers write them: `NAME[=RIGHT][@EXPIRY]`, or a table in a content file.

use std::fmt;
use std::str::FromStr;

use lic2::limits::{FEATURE_NAME_MAX, FEATURE_TEXT_MAX};
use lic2::{Feature, Right, Text, UnixSeconds};
use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};

use crate::time_text::TimeText;
use crate::timespec;

/// What a feature grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// A flag: present, without a value.
    Flag,
    /// At most this many concurrent uses.
    Limit(u64),
    /// This many uses; `overage` grants and reports more.
    Quota {
        /// How many.
        amount: u64,
        /// Whether more is granted.
        overage: bool,
    },
    /// A text for the application.
    Text(String),
}

/// A feature before its expiry is resolved to a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureSpec {
    /// Its name.
    pub name: String,
    /// What it grants.
    pub grant: Grant,
    /// When it ends.
    pub until: Option<TimeText>,
}

impl FeatureSpec {
    /// As the library takes it, with the expiry that was resolved from `until`.
    #[must_use]
    pub fn feature(&self, expires: Option<UnixSeconds>) -> Feature<'_> {
        let right = match &self.grant {
            Grant::Flag => Right::Flag,
            Grant::Limit(most) => Right::Limit(*most),
            Grant::Quota { amount, overage } => Right::Quota { amount: *amount, overage: *overage },
            Grant::Text(text) => Right::Text(Text::of(text)),
        };
        let mut feature = Feature::new(&self.name, right);
        feature.expires = expires;
        feature
    }

    /// The one spelling of what means the same.
    #[must_use]
    pub(crate) fn canonical(&self) -> String {
        let grant = match &self.grant {
            Grant::Flag => String::new(),
            Grant::Limit(most) => format!("=limit:{most}"),
            Grant::Quota { amount, overage: false } => format!("=quota:{amount}"),
            Grant::Quota { amount, overage: true } => format!("=overage:{amount}"),
            Grant::Text(text) => format!("=text:{text}"),
        };
        let until = self.until.as_ref().map_or_else(String::new, |until| format!("@{}", until.canonical()));
        format!("{}{grant}{until}", self.name)
    }

    fn checked(self) -> Result<Self, String> {
        let name = &self.name;
        if name.is_empty() || name.len() > FEATURE_NAME_MAX || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "feature name {name:?} must be 1 to {FEATURE_NAME_MAX} printable ASCII characters without spaces"
            ));
        }
        if let Grant::Text(text) = &self.grant {
            let bad =
                text.is_empty() || text.len() > FEATURE_TEXT_MAX || text.bytes().any(|byte| byte.is_ascii_control());
            if bad {
                return Err(format!(
                    "the text of feature {name} must be 1 to {FEATURE_TEXT_MAX} bytes without control characters"
                ));
            }
        }
        Ok(self)
    }
}

impl FromStr for FeatureSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // What follows the last @ is an expiry if it reads as one; a text may well contain an @.
        let (body, until) = match text.rsplit_once('@') {
            Some((body, time)) if timespec::parse(time, UnixSeconds(0)).is_ok() => (body, Some(time.into())),
            Some((body, time)) if !body.contains("=text:") => {
                return Err(format!("{time:?} after the @ is not a time; write {}", timespec::FORMS));
            }
            _ => (text, None),
        };
        let (name, grant) = match body.split_once('=') {
            None => (body, Grant::Flag),
            Some((name, right)) => (name, parse_grant(right)?),
        };
        Self { name: name.into(), grant, until }.checked()
    }
}

fn parse_grant(text: &str) -> Result<Grant, String> {
    let wrong = || format!("{text:?} is not a right; write flag, limit:64, quota:1000, overage:1000 or text:WORDS");
    if text == "flag" {
        return Ok(Grant::Flag);
    }
    let (kind, value) = text.split_once(':').ok_or_else(wrong)?;
    if kind == "text" {
        return Ok(Grant::Text(value.into()));
    }
    let number: u64 = value.parse().map_err(|_| wrong())?;
    match kind {
        "limit" => Ok(Grant::Limit(number)),
        "quota" => Ok(Grant::Quota { amount: number, overage: false }),
        "overage" => Ok(Grant::Quota { amount: number, overage: true }),
        _ => Err(wrong()),
    }
}

/// A feature as a table: `{ name = "channels", limit = 64, until = 2027-06-30 }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    limit: Option<u64>,
    quota: Option<u64>,
    overage: Option<u64>,
    text: Option<String>,
    until: Option<TimeText>,
}

impl Table {
    fn spec(self) -> Result<FeatureSpec, String> {
        let grants = [
            self.limit.map(Grant::Limit),
            self.quota.map(|amount| Grant::Quota { amount, overage: false }),
            self.overage.map(|amount| Grant::Quota { amount, overage: true }),
            self.text.map(Grant::Text),
        ];
        let mut stated = grants.into_iter().flatten();
        let grant = stated.next().unwrap_or(Grant::Flag);
        if stated.next().is_some() {
            return Err(format!("feature {} states more than one of limit, quota, overage and text", self.name));
        }
        FeatureSpec { name: self.name, grant, until: self.until }.checked()
    }
}

impl<'de> Deserialize<'de> for FeatureSpec {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = FeatureSpec;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a feature such as \"channels=limit:64\" or a table with a name")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<FeatureSpec, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FeatureSpec, A::Error> {
                let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                table.spec().map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Grant, Option<String>), String> {
        text.parse::<FeatureSpec>().map(|spec| (spec.name, spec.grant, spec.until.map(|until| until.to_string())))
    }

    #[test]
    fn every_right_is_read() {
        assert_eq!(read("export"), Ok(("export".into(), Grant::Flag, None)));
        assert_eq!(read("export@2027-06-30"), Ok(("export".into(), Grant::Flag, Some("2027-06-30".into()))));
        assert_eq!(read("channels=limit:64"), Ok(("channels".into(), Grant::Limit(64), None)));
        assert_eq!(
            read("a=quota:1@1y"),
            Ok(("a".into(), Grant::Quota { amount: 1, overage: false }, Some("1y".into())))
        );
        assert_eq!(read("a=overage:9"), Ok(("a".into(), Grant::Quota { amount: 9, overage: true }, None)));
        assert_eq!(read("a=text:x=y@z"), Ok(("a".into(), Grant::Text("x=y@z".into()), None)));
        assert_eq!(read("a=text:me@30d"), Ok(("a".into(), Grant::Text("me".into()), Some("30d".into()))));
    }

    #[test]
    fn what_is_no_feature_is_refused() {
        let long = "n".repeat(33);
        for text in [
            "",
            "=limit:1",
            "a=",
            "a=limit",
            "a=limit:",
            "a=limit:-1",
            "a=limit:18446744073709551616",
            "a=seats:1",
            "a b",
            "a@someday",
            "a=text:",
            long.as_str(),
            "\u{e9}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
