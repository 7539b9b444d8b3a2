//! `verify`: a product's answer, with every fact as a flag.

use clap::Args;
use lic2::{Code, Decision, Error, Facts, Genuine, Signer, UnixSeconds, decide, decide_feature};
use serde_json::{Value, json};

use super::facts::FactFlags;
use super::inspect::ring;
use crate::describe::{
    Table, decision_json, decision_words, feature_json, feature_words, license_json, license_words, status_fields,
};
use crate::exit::{Failure, HELP, Result};
use crate::guard::key_id;
use crate::ui;

/// Verifies a code and decides what it permits, exactly as the library does in a product
///
/// Facts that are left out are unknown, as in a product. The time comes from the clock unless you pass --at (or
/// --now), or --no-clock for a device without one. Exit code 3 means refused, even if only a --feature is refused.
///
/// JSON fields: status, name, reason, advice, granted, in_grace, quantity, expires_at, grace_until, powered_hours_end,
/// lease_until, next_deadline, key_id, signer (anchor or issuer), license (null unless genuine), features (name,
/// status, status_name, granted, type, value, expires_at). Times are RFC 3339 in UTC or null.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer verify --anchor anchor.pub --product vision-appliance \
     --component esn:2102312ABC0123456789 --feature channels code.txt"
))]
pub(super) struct Verify {
    /// The code itself, a file that contains it, or - for stdin
    #[arg(value_name = "CODE", default_value = "-")]
    code: String,
    /// Public key that the product trusts: PEM file or 64 hexadecimal digits (repeat)
    #[arg(long, value_name = "KEY", required = true)]
    anchor: Vec<String>,
    /// Certificate of an issuer that the product knows in advance (repeat)
    #[arg(long, value_name = "CERT")]
    issuer: Vec<String>,
    #[command(flatten)]
    facts: FactFlags,
    /// Check this feature; without this option, all are shown (repeat)
    #[arg(long, value_name = "NAME")]
    feature: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        let ring = ring(&self.anchor, &self.issuer)?;
        let text = ui::read_document(&self.code)?;
        let components = self.facts.components();
        let facts = self.facts.facts(&components, now)?;
        let mut memory = Code::new();
        let answer = match memory.verify(&ring, &text) {
            Ok(genuine) => Answer::new(genuine, &facts, &self.feature),
            Err(error) => Answer { refusal: Some(error), genuine: None, features: Vec::new() },
        };
        let output = if self.json { ui::json(&answer.json())? } else { answer.words() };
        ui::artifact(&output)?;
        answer.result(!self.feature.is_empty())
    }
}

/// What the library answered.
struct Answer<'b> {
    refusal: Option<Error>,
    genuine: Option<(Genuine<'b>, Decision)>,
    features: Vec<(String, lic2::FeatureDecision<'b>)>,
}

impl<'b> Answer<'b> {
    fn new(genuine: Genuine<'b>, facts: &Facts<'_>, asked: &[String]) -> Self {
        let decision = decide(&genuine, facts);
        let names: Vec<String> = if asked.is_empty() {
            genuine.license().features.map(|feature| feature.name.to_string()).collect()
        } else {
            asked.to_vec()
        };
        let features = names
            .into_iter()
            .map(|name| {
                let answer = decide_feature(&genuine, facts, &name);
                (name, answer)
            })
            .collect();
        Self { refusal: decision.refusal, genuine: Some((genuine, decision)), features }
    }

    fn words(&self) -> String {
        let mut table = Table::default();
        let Some((genuine, decision)) = &self.genuine else {
            let (number, name, text, advice) = status_fields(self.refusal);
            table.row("decision", "REFUSED");
            table.row("status", format_args!("{number} {name}"));
            table.row("reason", text);
            table.row("advice", advice);
            return format!("This text is not a genuine code for the given anchor.\n{}", table.text());
        };
        decision_words(decision, &mut table);
        for (name, answer) in &self.features {
            let (number, status, ..) = status_fields(answer.refusal);
            let what = answer.feature.as_ref().map_or_else(|| name.clone(), feature_words);
            let verdict = if answer.verdict.is_granted() { "granted" } else { "refused" };
            table.row("feature", format_args!("{what} - {verdict}, {number} {status}"));
        }
        let mut license = Table::default();
        license_words(genuine.license(), &mut license);
        license
            .row("signed by", format_args!("key id {}, {}", key_id(genuine.key_id()), signer_name(genuine.signer())));
        format!("The code is genuine.\n{}It contains:\n{}", table.text(), license.text())
    }

    fn json(&self) -> Value {
        let (number, name, text, advice) = status_fields(self.refusal);
        let mut json = match &self.genuine {
            Some((_, decision)) => decision_json(decision),
            None => json!({
                "granted": false, "in_grace": false, "quantity": 0, "expires_at": null, "grace_until": null,
                "powered_hours_end": null, "lease_until": null, "next_deadline": null,
            }),
        };
        let genuine = self.genuine.as_ref().map(|(genuine, _)| genuine);
        json["status"] = json!(number);
        json["name"] = json!(name);
        json["reason"] = json!(text);
        json["advice"] = json!(advice);
        json["key_id"] = json!(genuine.map(|genuine| key_id(genuine.key_id())));
        json["signer"] = json!(genuine.map(|genuine| signer_name(genuine.signer())));
        json["license"] = genuine.map_or(Value::Null, |genuine| license_json(genuine.license()));
        json["features"] = self.features.iter().map(|(name, answer)| feature_answer(name, answer)).collect();
        json
    }

    /// Refused if the license is refused, or a feature that was asked for.
    fn result(&self, asked: bool) -> Result<()> {
        if let Some(error) = self.refusal {
            return Err(Failure::rejected(error));
        }
        let refused = self.features.iter().find_map(|(name, answer)| Some((name, answer.refusal?)));
        match refused {
            Some((name, error)) if asked => Err(Failure::rejected(error).at(format_args!("feature {name}"))),
            _ => Ok(()),
        }
    }
}

fn feature_answer(name: &str, answer: &lic2::FeatureDecision<'_>) -> Value {
    let (number, status, ..) = status_fields(answer.refusal);
    let mut json = answer
        .feature
        .as_ref()
        .map_or_else(|| json!({"name": name, "type": null, "value": null, "expires_at": null}), feature_json);
    json["status"] = json!(number);
    json["status_name"] = json!(status);
    json["granted"] = json!(answer.verdict.is_granted());
    json
}

const fn signer_name(signer: Signer) -> &'static str {
    match signer {
        Signer::Anchor => "anchor",
        Signer::Issuer => "issuer",
        _ => "another signer",
    }
}
