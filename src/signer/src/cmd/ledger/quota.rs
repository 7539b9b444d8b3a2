//! `ledger quota`: how many production codes an issuer may sign.

use std::path::PathBuf;

use clap::Args;
use lic2::UnixSeconds;
use serde_json::json;

use super::super::recording::Operator;
use super::LedgerFile;
use crate::describe::Table;
use crate::exit::{Failure, HELP, Result};
use crate::keyfile::PrivateKey;
use crate::ledger::{Event, Note};
use crate::passphrase;
use crate::publickey::{self, PublicKey};
use crate::ui;

/// Shows or sets how many production codes an issuer may sign with this ledger
///
/// Every code counts once, whatever its quantity. Codes of class test do not count, nor does printing a recorded code
/// again. Codes count from the first entry on. Setting the quota adds an entry, which --key signs. JSON fields:
/// issuer, max (null for any number), used.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger quota --ledger sales.ledger --issuer issuer.pub --max 1000"))]
pub(super) struct Quota {
    #[command(flatten)]
    source: LedgerFile,
    /// Public key of the issuer: PEM file or 64 hexadecimal digits
    #[arg(long, value_name = "KEY")]
    issuer: String,
    /// Set it to this many codes, or to none for no limit
    #[arg(long, value_name = "N|none")]
    max: Option<String>,
    /// Private key that signs the entry: the anchor's, or another key that verifiers trust
    #[arg(long, value_name = "FILE", requires = "max")]
    key: Option<PathBuf>,
    #[command(flatten)]
    passphrase: passphrase::Source,
    #[command(flatten)]
    operator: Operator,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Quota {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let issuer = publickey::read(&self.issuer).map_err(|failure| failure.at("--issuer"))?;
        let quota = match &self.max {
            None => self.source.read()?.view().quota(&issuer)?,
            Some(text) => {
                self.set(&issuer, parse(text)?, now)?;
                self.source.read()?.view().quota(&issuer)?
            }
        };
        if self.json {
            let json = json!({ "issuer": ui::hex(&issuer), "max": quota.max, "used": quota.used });
            return ui::artifact(&ui::json(&json)?);
        }
        let mut table = Table::default();
        table.row("issuer", ui::hex(&issuer));
        table.row("quota", quota.max.map_or_else(|| "none".into(), |max| format!("{max} production codes")));
        table.row("used", quota.used);
        ui::artifact(table.text())
    }

    fn set(&self, issuer: &PublicKey, max: Option<u64>, now: UnixSeconds) -> Result<()> {
        let key = self.key.as_deref().map(|path| PrivateKey::read(path, &self.passphrase)).transpose()?;
        let operator = self.operator.name()?;
        let note = Note { signer: key.as_ref(), ..Note::new(Event::Quota, &operator, now) }.quota(issuer, max);
        let mut ledger = self.source.write()?;
        let mut writing = ledger.begin()?;
        let pending = writing.note(&note)?;
        let recorded = pending.release(&writing.commit()?);
        ui::note(&format!("recorded: entry {} of {}", recorded.seq, ledger.path().display()));
        Ok(())
    }
}

fn parse(text: &str) -> Result<Option<u64>> {
    if text == "none" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        Failure::usage(format!("--max {text:?} is not a number of codes")).hint("write a number, or none for no limit")
    })
}
