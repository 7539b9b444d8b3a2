//! How many production codes an issuer may sign.

use rusqlite::OptionalExtension;
use serde_json::{Map, Value};

use super::event::Event;
use super::fault::Fault;
use super::view::View;
use crate::exit::{Exit, Failure, Result};
use crate::publickey::{self, PublicKey};
use crate::ui;

/// A quota and how much of it is used. Every code counts once, whatever its quantity; test codes do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The maximum that may be signed; `None` for no limit.
    pub max: Option<u64>,
    /// Production codes in the ledger that this issuer signed.
    pub used: u64,
}

impl Quota {
    /// Refuses one more.
    pub(super) fn check(self, issuer: &PublicKey) -> Result<()> {
        let Some(max) = self.max.filter(|max| self.used >= *max) else { return Ok(()) };
        let id = publickey::id(issuer);
        Err(Failure::new(
            Exit::Ledger,
            format!("the quota of issuer {id} is used up: {} of {max} production codes", self.used),
        )
        .hint(format!(
            "raise it: lic2-signer ledger quota --issuer {} --max N; test codes do not count",
            ui::hex(issuer)
        )))
    }
}

impl View<'_> {
    /// The quota of an issuer.
    ///
    /// # Errors
    /// Exit codes 2 and 5 if the ledger cannot be read.
    pub fn quota(&self, issuer: &PublicKey) -> Result<Quota> {
        self.quota_of(issuer).map_err(|fault| self.fail(fault))
    }

    fn quota_of(&self, issuer: &PublicKey) -> std::result::Result<Quota, Fault> {
        let mut statement = self.connection().prepare_cached(
            "SELECT seq, detail FROM entry WHERE event = ?1 AND detail ->> 'issuer' = ?2 ORDER BY seq DESC LIMIT 1",
        )?;
        let last: Option<(i64, String)> = statement
            .query_row((Event::Quota.name(), ui::hex(issuer)), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let max = match last {
            None => None,
            Some((seq, detail)) => max_of(&detail).ok_or(Fault::Entry(seq, "a quota that cannot be read"))?,
        };
        let mut statement = self.connection().prepare_cached(
            "SELECT count(*) FROM entry WHERE signer = ?1 AND substr(text, 1, 6) = 'LIC2C.' AND class <> 'test'",
        )?;
        let used: i64 = statement.query_row([issuer], |row| row.get(0))?;
        Ok(Quota { max, used: u64::try_from(used).unwrap_or(0) })
    }
}

/// The number in such an entry; `Some(None)` for no limit.
pub(super) fn max_of(detail: &str) -> Option<Option<u64>> {
    let detail = serde_json::from_str::<Map<String, Value>>(detail).ok()?;
    let max = detail.get("max")?;
    if max.is_null() { Some(None) } else { max.as_u64().map(Some) }
}
