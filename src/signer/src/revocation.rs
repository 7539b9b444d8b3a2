//! The seller's entries for a revocation list: from flags, from a CSV or JSON file, or from both.

mod parts;
mod standing;

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use lic2::limits::{REVOKED_HASH_LEN, REVOKED_ISSUERS_MAX};
use lic2::seal::{RevocationDraft, Sealed, seal_revocation_list};
use lic2::{
    Coverage, Error, Kind, Reason, RevocationList, RevokedIssuer, RevokedLicense, UnixSeconds, license_id_hash,
};
use serde::Deserialize;
use serde_json::json;

use crate::check::check_identifier;
use crate::describe::REASONS;
use crate::exit::{Failure, Result};
use crate::intent::Intent;
use crate::keyfile::PrivateKey;
use crate::publickey::{self, PublicKey};
use crate::sealing::Sealable;
use crate::ui;

pub use standing::{Due, Scope};

/// The hash of a license id.
pub type Hash = [u8; REVOKED_HASH_LEN];

/// Licenses and issuers to revoke, in any order.
#[derive(Clone, Debug, Default)]
pub struct Revoked {
    /// The licenses.
    pub licenses: Vec<Revocation>,
    /// The issuers.
    pub issuers: Vec<RevokedIssuer>,
}

/// One license to revoke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Its id, or its hash in hexadecimal, as it was stated.
    name: String,
    entry: RevokedLicense,
}

/// The same by the hash of its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashRevocation(pub Revocation);

impl Revocation {
    fn of_id(id: &str, below: u32, reason: &str) -> std::result::Result<Self, String> {
        check_identifier("license", id).map_err(|failure| failure.to_string())?;
        Self::new(id, license_id_hash(id), below, reason)
    }

    fn of_hash(hash: &str, below: u32, reason: &str) -> std::result::Result<Self, String> {
        let bytes = ui::unhex(hash).and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or_else(|| format!("{hash:?} is not the hash of a license id: 16 hexadecimal digits"))?;
        Self::new(hash, bytes, below, reason)
    }

    fn new(name: &str, id: Hash, below: u32, reason: &str) -> std::result::Result<Self, String> {
        let reason = parse_reason(reason)?;
        if below == 0 {
            return Err(format!("{name}: there are no issues below serial 0; name the first serial that stays valid"));
        }
        Ok(Self { name: name.into(), entry: RevokedLicense { id, below, reason } })
    }
}

fn parse_reason(name: &str) -> std::result::Result<Reason, String> {
    REASONS.iter().find(|(_, known)| *known == name).map(|(reason, _)| *reason).ok_or_else(|| {
        let known: Vec<&str> = REASONS.iter().map(|(_, name)| *name).collect();
        format!("the reason {name:?} is none of {}", known.join(", "))
    })
}

/// Splits `NAME=REASON:BELOW`.
fn split(text: &str) -> std::result::Result<(&str, u32, &str), String> {
    let parts = text.rsplit_once('=').and_then(|(name, rest)| {
        let (reason, below) = rest.split_once(':')?;
        Some((name, below.trim().parse().ok()?, reason))
    });
    parts.ok_or_else(|| {
        format!("{text:?} is not LICENSE=REASON:BELOW, for example PL-1=refunded:3 for the issues 1 and 2")
    })
}

impl FromStr for Revocation {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (id, below, reason) = split(text)?;
        Self::of_id(id, below, reason)
    }
}

impl FromStr for HashRevocation {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (hash, below, reason) = split(text)?;
        Revocation::of_hash(hash, below, reason).map(Self)
    }
}

/// A license in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    license: Option<String>,
    #[serde(default)]
    license_hash: Option<String>,
    below: u32,
    reason: String,
}

impl Row {
    fn revocation(&self) -> std::result::Result<Revocation, String> {
        match (&self.license, &self.license_hash) {
            (Some(id), None) => Revocation::of_id(id, self.below, &self.reason),
            (None, Some(hash)) => Revocation::of_hash(hash, self.below, &self.reason),
            _ => Err("use either license or license_hash".into()),
        }
    }
}

/// An issuer in a JSON file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issuer {
    key: String,
    #[serde(default)]
    keep_activated: bool,
}

/// A JSON file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Json {
    Licenses(Vec<Row>),
    All(All),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct All {
    #[serde(default)]
    licenses: Vec<Row>,
    #[serde(default)]
    issuers: Vec<Issuer>,
}

impl Revoked {
    /// Reads a file, CSV or JSON; `-` is stdin.
    ///
    /// # Errors
    /// Exit code 2 if it cannot be read, 1 for anything in it that is not understood.
    pub fn read(path: &Path) -> Result<Self> {
        let text = ui::read_text(path)?;
        let is_json = path.extension().is_some_and(|end| end == "json") || text.trim_start().starts_with(['[', '{']);
        let wrong = |error: String| {
            Failure::usage(format!("{}: {error}", path.display())).hint(
                "a CSV file has the columns license (or license_hash), below and reason, and names them in its first \
                 line; lic2-signer revocations --help shows the JSON form",
            )
        };
        let (rows, issuers) = if is_json { json_rows(&text) } else { csv_rows(&text) }.map_err(wrong)?;
        let mut revoked = Self::default();
        for (index, row) in rows.iter().enumerate() {
            let entry =
                row.revocation().map_err(|error| wrong(format!("entry {}: {error}", index.saturating_add(1))))?;
            revoked.licenses.push(entry);
        }
        for Issuer { key, keep_activated } in issuers {
            revoked.issuers.push(revoked_issuer(&publickey::read(&key)?, keep_activated)?);
        }
        Ok(revoked)
    }

    /// What an earlier list revokes.
    #[must_use]
    pub fn of_list(list: &RevocationList<'_>) -> Self {
        let licenses = list.licenses.map(|entry| Revocation { name: ui::hex(&entry.id), entry });
        Self { licenses: licenses.collect(), issuers: list.issuers.collect() }
    }

    /// Leaves only the licenses with these ids.
    pub fn cut(&mut self, ids: &[String]) {
        let kept: Vec<Hash> = ids.iter().map(license_id_hash).collect();
        self.licenses.retain(|license| kept.contains(&license.entry.id));
    }

    /// States of a license that nothing of it is revoked, unless it is.
    pub fn lift(&mut self, name: &str) {
        let id = license_id_hash(name);
        if !self.licenses.iter().any(|license| license.entry.id == id) {
            let entry = RevokedLicense { id, below: 1, reason: Reason::Released };
            self.licenses.push(Revocation { name: name.into(), entry });
        }
    }

    /// Whether nothing is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.licenses.is_empty() && self.issuers.is_empty()
    }

    /// The licenses in the order of the list.
    fn sorted_licenses(&self) -> Result<Vec<RevokedLicense>> {
        let mut sorted: Vec<&Revocation> = self.licenses.iter().collect();
        sorted.sort_by_key(|license| license.entry.id);
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].entry.id == pair[1].entry.id) {
            return Err(Failure::usage(format!("license {} is listed twice", pair[1].name))
                .hint("list each license once; if it is in the file too, change it there"));
        }
        Ok(sorted.into_iter().map(|license| license.entry).collect())
    }

    fn sorted_issuers(&self) -> Result<Vec<RevokedIssuer>> {
        let mut sorted = self.issuers.clone();
        sorted.sort_by_key(|issuer| issuer.key);
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].key == pair[1].key) {
            return Err(Failure::usage(format!("the issuer with key {}… is listed twice", ui::hex(&pair[0].key)))
                .hint("list each key once"));
        }
        if sorted.len() > REVOKED_ISSUERS_MAX {
            return Err(Failure::usage(format!("{} issuers are too many for one list", sorted.len()))
                .hint(format!("a list holds at most {REVOKED_ISSUERS_MAX}: split it by --series")));
        }
        Ok(sorted)
    }
}

/// An issuer as a list names it.
///
/// # Errors
/// None that can happen.
pub fn revoked_issuer(key: &PublicKey, keep_activated: bool) -> Result<RevokedIssuer> {
    let key = key.first_chunk().copied().ok_or_else(|| Failure::internal("a short key"))?;
    Ok(RevokedIssuer { key, keep_activated })
}

fn csv_rows(text: &str) -> std::result::Result<(Vec<Row>, Vec<Issuer>), String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let rows: std::result::Result<Vec<Row>, csv::Error> = reader.deserialize().collect();
    rows.map(|rows| (rows, Vec::new())).map_err(|error| error.to_string())
}

fn json_rows(text: &str) -> std::result::Result<(Vec<Row>, Vec<Issuer>), String> {
    match serde_json::from_str(text).map_err(|error| error.to_string())? {
        Json::Licenses(rows) => Ok((rows, Vec::new())),
        Json::All(all) => Ok((all.licenses, all.issuers)),
    }
}

/// A list that can be signed.
#[derive(Clone, Debug)]
pub struct RevocationContent {
    number: u32,
    issued_at: UnixSeconds,
    product: String,
    series: u8,
    issuers: Vec<RevokedIssuer>,
    licenses: Vec<RevokedLicense>,
    coverage: Coverage,
}

/// A list's entries about licenses, by their hashes.
pub type Statements = BTreeMap<Hash, RevokedLicense>;

impl RevocationContent {
    /// Checks and sorts what is revoked. `product` is empty for every product.
    ///
    /// # Errors
    /// Exit code 1 with what is stated twice or too often.
    pub fn new(revoked: &Revoked, number: u32, series: u8, product: &str, issued_at: UnixSeconds) -> Result<Self> {
        Ok(Self {
            number,
            issued_at,
            product: product.into(),
            series,
            issuers: revoked.sorted_issuers()?,
            licenses: revoked.sorted_licenses()?,
            coverage: Coverage::Every,
        })
    }

    /// The same for the devices of one customer: it does not affect licenses that it does not name.
    #[must_use]
    pub fn named(self) -> Self {
        Self { coverage: Coverage::Named, ..self }
    }

    /// How many licenses it names.
    #[must_use]
    pub fn count(&self) -> usize {
        self.licenses.len()
    }

    /// Whether it revokes issuers.
    #[must_use]
    pub fn revokes_issuers(&self) -> bool {
        !self.issuers.is_empty()
    }

    /// Whether an earlier list that revokes no issuers says this already, except for entries that no longer matter.
    #[must_use]
    pub fn is_said_by(&self, said: &Statements, over: &Statements) -> bool {
        let stated: Statements = self.licenses.iter().map(|entry| (entry.id, *entry)).collect();
        self.issuers.is_empty()
            && stated.iter().all(|(id, entry)| said.get(id) == Some(entry))
            && said.iter().all(|(id, entry)| [&stated, over].iter().any(|known| known.get(id) == Some(entry)))
    }

    /// Whether an earlier list for everybody says the same of the licenses that this one names.
    #[must_use]
    pub fn agrees_with(&self, said: &Statements) -> bool {
        self.licenses.iter().all(|entry| match said.get(&entry.id) {
            Some(other) => other == entry || other.below.max(entry.below) <= 1,
            None => entry.below <= 1,
        })
    }

    fn draft(&self) -> RevocationDraft<'_> {
        RevocationDraft::new(self.number, &self.product, self.issued_at)
            .with_series(self.series)
            .with_issuers(&self.issuers)
            .with_licenses(&self.licenses)
            .with_coverage(self.coverage)
    }
}

impl Sealable for RevocationContent {
    const KIND: Kind = Kind::RevocationList;
    const SHORTEN: &'static str = "put some of the issuers into a list of another --series";

    fn product(&self) -> &str {
        &self.product
    }

    fn issued_at(&self) -> UnixSeconds {
        self.issued_at
    }

    fn intent(&self) -> Intent {
        let reason = |reason: Reason| REASONS.iter().find(|(known, _)| *known == reason).map_or("", |(_, name)| *name);
        let licenses = self.licenses.iter();
        let licenses: Vec<String> = licenses
            .map(|license| format!("{}={}:{}", ui::hex(&license.id), reason(license.reason), license.below))
            .collect();
        let issuers: Vec<_> =
            self.issuers.iter().map(|issuer| json!([ui::hex(&issuer.key), issuer.keep_activated])).collect();
        let named = (self.coverage == Coverage::Named).then_some(true);
        let stated = json!({
            "number": self.number,
            "series": self.series,
            "product": self.product,
            "licenses": licenses,
            "issuers": issuers,
            "named": named,
        });
        Intent::of(stated)
    }

    fn try_seal(&self, key: &PrivateKey, certificate: Option<&[u8]>) -> std::result::Result<Sealed, Error> {
        seal_revocation_list(&self.draft(), &key.public(), certificate, |message| key.sign(message))
    }
}
