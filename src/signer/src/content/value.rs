//! Values in the content of a license, as a seller writes them.

use std::str::FromStr;

use clap::ValueEnum;
use lic2::Class;
use serde::Deserialize;
use serde::de;

use crate::timespec;

/// What a license is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassName {
    /// A paid license
    Commercial,
    /// A trial
    Trial,
    /// A test order: production builds refuse it
    Test,
    /// Not for resale
    Nfr,
}

impl ClassName {
    /// As flags have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commercial => "commercial",
            Self::Trial => "trial",
            Self::Test => "test",
            Self::Nfr => "nfr",
        }
    }
}

impl From<ClassName> for Class {
    fn from(name: ClassName) -> Self {
        match name {
            ClassName::Commercial => Self::Commercial,
            ClassName::Trial => Self::Trial,
            ClassName::Test => Self::Test,
            ClassName::Nfr => Self::NotForResale,
        }
    }
}

/// What a code need not carry if the ledger has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LedgerOnly {
    /// The reference of the order
    Order,
    /// The reference of the customer
    Customer,
}

impl LedgerOnly {
    /// As flags have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Customer => "customer",
        }
    }
}

/// A number of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount(pub u16);

impl FromStr for DayCount {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        timespec::parse_days(text)
            .map(Self)
            .map_err(|failure| format!("{failure}; {}", failure.advice().unwrap_or_default()))
    }
}

impl<'de> Deserialize<'de> for DayCount {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum NumberOrText {
            Number(u64),
            Text(String),
        }
        let text = match NumberOrText::deserialize(deserializer)
            .map_err(|_| de::Error::custom("expected a number of days such as 30 or \"30d\""))?
        {
            NumberOrText::Number(days) => days.to_string(),
            NumberOrText::Text(text) => text,
        };
        text.parse().map_err(de::Error::custom)
    }
}
