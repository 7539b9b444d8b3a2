//! `ledger verify`: whether anything was changed, removed or added.

use clap::Args;
use serde_json::json;

use super::LedgerFile;
use crate::describe::Table;
use crate::exit::{Exit, Failure, HELP, Result};
use crate::ledger::{Demands, Head, Report};
use crate::{publickey, ui};

/// Verifies that no entry of a ledger was changed, removed or added
///
/// Checks the hash of every entry and its link to the previous one; the signatures over entries and texts; that
/// columns and texts agree; that the serials of a license ascend; and that no quota was exceeded. You choose whose
/// signatures count: with --anchor those of the anchors and of the issuers they have certified, with --key those of
/// the named keys. With neither, every recorded key counts, and a forger could have rewritten the whole ledger with a
/// different key. Exit code 5 means that something is wrong.
///
/// JSON fields: intact, entries, head, keys (key, entries), trusted (the keys that the signatures were checked
/// against), unsigned_tail, findings (seq, what).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer ledger verify --ledger sales.ledger --anchor anchor.pub"))]
pub(super) struct Verify {
    #[command(flatten)]
    source: LedgerFile,
    /// Anchor that vouches for the keys that signed: PEM file or 64 hexadecimal digits (repeat)
    #[arg(long, value_name = "KEY")]
    anchor: Vec<String>,
    /// Key that may have signed: PEM file or 64 hexadecimal digits (repeat)
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    /// A saved head, as printed by lic2-signer ledger head
    #[arg(long, value_name = "SEQ:HASH")]
    head: Option<Head>,
    /// Check only hashes and order, no signatures
    #[arg(long, conflicts_with_all = ["anchor", "key"])]
    quick: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(super) fn run(self) -> Result<()> {
        let keys = |texts: &[String], name: &str| {
            texts
                .iter()
                .map(|text| publickey::read(text).map_err(|failure| failure.at(name)))
                .collect::<Result<Vec<_>>>()
        };
        let demands = Demands {
            quick: self.quick,
            keys: keys(&self.key, "--key")?,
            anchors: keys(&self.anchor, "--anchor")?,
            head: self.head,
        };
        let report = self.source.read_to_verify()?.verify(&demands)?;
        ui::artifact(&if self.json { json(&report, &demands)? } else { words(&report, &demands) })?;
        let Some(finding) = report.findings.first() else { return Ok(()) };
        let place = if finding.seq == 0 { "the ledger".into() } else { format!("entry {}", finding.seq) };
        Err(Failure::new(Exit::Ledger, format!("the ledger is not intact: {place}: {}", finding.what))
            .hint("keep the file as evidence, and continue with the last backup that verifies"))
    }
}

fn trusted(demands: &Demands) -> &'static str {
    match (demands.quick, demands.anchors.is_empty(), demands.keys.is_empty()) {
        (true, ..) => "nothing: signatures were not checked",
        (false, true, true) => "the recorded keys",
        (false, false, true) => "the given anchors",
        (false, true, false) => "the given keys",
        (false, false, false) => "the given anchors and keys",
    }
}

fn words(report: &Report, demands: &Demands) -> String {
    let mut table = Table::default();
    table.row("entries", report.entries);
    table.maybe("head", report.head);
    table.row("checked against", trusted(demands));
    for (key, count) in &report.signed {
        table.row("signed", format_args!("{count} by key {}", ui::hex(key)));
    }
    if report.unsigned_tail > 0 {
        table.row("unsigned", format_args!("the last {}: no signature covers them yet", report.unsigned_tail));
    }
    if demands.head.is_none() {
        table.row("not checked", "whether the end was cut off; pass a saved head with --head to check that too");
    }
    for finding in &report.findings {
        let place = if finding.seq == 0 { "file".into() } else { format!("entry {}", finding.seq) };
        table.row("WRONG", format_args!("{place}: {}", finding.what));
    }
    let verdict = if report.findings.is_empty() { "intact" } else { "NOT INTACT" };
    format!("Ledger, {verdict}:\n{}", table.text())
}

fn json(report: &Report, demands: &Demands) -> Result<String> {
    let keys: Vec<_> =
        report.signed.iter().map(|(key, count)| json!({ "key": ui::hex(key), "entries": count })).collect();
    let findings: Vec<_> =
        report.findings.iter().map(|finding| json!({ "seq": finding.seq, "what": finding.what })).collect();
    ui::json(&json!({
        "intact": report.findings.is_empty(),
        "entries": report.entries,
        "head": report.head.map(|head| head.to_string()),
        "keys": keys,
        "trusted": trusted(demands),
        "unsigned_tail": report.unsigned_tail,
        "findings": findings,
    }))
}
