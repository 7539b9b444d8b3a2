//! A seller's own data in a license: `1000=hex:00ff` or `1000=text:words`. Never critical: products that do not
//! know it ignore it.

use std::str::FromStr;

use lic2::Item;
use lic2::seal::{ITEM_NUMBER_MAX, ITEM_NUMBER_VENDOR};
use serde::Deserialize;

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ItemSpec {
    /// Its number, from 1000.
    pub number: u16,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl ItemSpec {
    /// As the library takes it.
    #[must_use]
    pub fn item(&self) -> Item<'_> {
        Item { number: self.number, critical: false, bytes: &self.bytes }
    }

    /// The one spelling of what means the same.
    #[must_use]
    pub(crate) fn canonical(&self) -> String {
        format!("{}=hex:{}", self.number, crate::ui::hex(&self.bytes))
    }
}

impl FromStr for ItemSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text:?} is not an item; write N=hex:BYTES or N=text:WORDS with N from {ITEM_NUMBER_VENDOR} to \
                 {ITEM_NUMBER_MAX}"
            )
        };
        let (number, value) = text.split_once('=').ok_or_else(wrong)?;
        let number = number
            .trim()
            .parse()
            .ok()
            .filter(|number| (ITEM_NUMBER_VENDOR..=ITEM_NUMBER_MAX).contains(number))
            .ok_or_else(wrong)?;
        let bytes = match value.split_once(':') {
            Some(("hex", digits)) => crate::ui::unhex(digits).ok_or_else(wrong)?,
            Some(("text", words)) => words.as_bytes().to_vec(),
            _ => return Err(wrong()),
        };
        Ok(Self { number, bytes })
    }
}

impl TryFrom<String> for ItemSpec {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
