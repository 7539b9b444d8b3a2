//! `explain`: why a code was refused.

use clap::Args;
use lic2::claim::{self, Claimed};
use lic2::{
    Binding, Code, Content, DeviceContent, DocumentBuffer, Error, Facts, License, Request, Right, Rule, UnixSeconds,
    decide, examine,
};
use serde_json::{Value, json};

use super::facts::FactFlags;
use super::inspect::{is_by_signature, ring};
use crate::class_name::class_name;
use crate::describe::{
    Table, binding_words, coverage_words, feature_words, report_part_words, status_fields, term_words,
};
use crate::document_kind::one_of_kind;
use crate::exit::{Failure, HELP, Result};
use crate::request::Asked;
use crate::{damage, timespec, ui, versions};

/// Explains why a code was refused
///
/// Runs the library itself, with facts from the customer or from a request of the device, and shows each rule, the
/// deciding fact, and what to do. It shows the rules after the first refusal too, so that the next code is not refused
/// for the next reason. Without --anchor the signature is not checked, and the output says so. With --anchor, a code
/// without a valid signature is not decoded: the signature is then the only rule. A damaged text is explained as far
/// as possible.
///
/// With --request, product, version and device key come from the device's request; options of the same name take
/// precedence. Its components can be compared only if the code was issued for this request.
///
/// Exit code 3 means that the device would refuse. JSON fields: granted (false without --anchor), status, name,
/// reason, customer and seller (what each should do), decided_by (name of the rule or null), rules (rule, passed (null
/// if not checked), status, name, detail) and damage (sentences about a text that cannot be read).
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{HELP}\n\nExample:\n  lic2-signer explain code.txt --anchor anchor.pub --product vision-appliance \
     --component esn:2102312ABC0123456789"
))]
pub(super) struct Explain {
    /// The code itself, a file that contains it, or - for stdin
    #[arg(value_name = "CODE", default_value = "-")]
    code: String,
    /// Public key that the product trusts: PEM file or 64 hexadecimal digits (repeat)
    #[arg(long, value_name = "KEY")]
    anchor: Vec<String>,
    /// Certificate of an issuer that the product knows in advance (repeat)
    #[arg(long, value_name = "CERT", requires = "anchor")]
    issuer: Vec<String>,
    /// A request of the device: the text itself, a file that contains it, or - for stdin
    #[arg(long, value_name = "REQUEST")]
    request: Option<String>,
    /// Highest serial of this license that the device has activated
    #[arg(long, value_name = "N")]
    highest_serial: Option<u32>,
    #[command(flatten)]
    facts: FactFlags,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The result of one rule.
struct Finding {
    rule: &'static str,
    /// `None` for not checked.
    passed: Option<bool>,
    refusal: Option<Error>,
    detail: String,
}

/// The whole explanation.
struct Explanation {
    findings: Vec<Finding>,
    damage: Vec<String>,
    granted: bool,
}

impl Explain {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        if self.code == "-" && self.request.as_deref() == Some("-") {
            return Err(
                Failure::usage("the code and --request cannot both come from stdin").hint("keep one of them in a file")
            );
        }
        let text = ui::read_document(&self.code)?;
        let components = self.facts.components();
        let mut facts = self.facts.facts(&components, now)?;
        let asked = self.request.as_deref().map(ui::read_document).transpose()?;
        let mut memory = DocumentBuffer::new();
        let request = match &asked {
            Some(text) => Some(Asked::read(text, &mut memory).map_err(|failure| failure.at("--request"))?.request),
            None => None,
        };
        if let Some(request) = &request {
            if facts.product.is_empty() {
                facts.product = request.product.as_str();
            }
            facts.version = facts.version.or(request.version);
            facts.device_key = facts.device_key.or(request.device_key);
        }
        let explanation = self.explain(&text, &facts, request.as_ref())?;
        let refusal = explanation.refusal();
        let output = if self.json { ui::json(&explanation.json())? } else { explanation.words() };
        ui::artifact(&output)?;
        refusal.map_or(Ok(()), |error| Err(Failure::rejected(error)))
    }

    fn explain(&self, text: &[u8], facts: &Facts<'_>, request: Option<&Request<'_>>) -> Result<Explanation> {
        let mut code = Code::new();
        let verified = match self.anchor.as_slice() {
            [] => None,
            anchors => Some(code.verify(&ring(anchors, &self.issuer)?, text)),
        };
        // With an anchor, nothing is decoded before its signature is found good.
        if let Some(Err(error)) = verified.as_ref().filter(|verified| verified.is_err_and(is_by_signature)) {
            let whole = "a complete code, not decoded: without --anchor, explain uses its unverified claims";
            let findings = vec![
                Finding::of("text", None, whole.into()),
                Finding::of("signature", Some(*error), error.text().into()),
            ];
            return Ok(Explanation { findings, damage: Vec::new(), granted: false });
        }
        let mut memory = DocumentBuffer::new();
        let claim = match claim::read(text, &mut memory) {
            Ok(claim) => claim,
            Err(error) => {
                let finding = Finding::of("text", Some(error), error.text().into());
                return Ok(Explanation {
                    findings: vec![finding],
                    damage: damage::describe(text, error),
                    granted: false,
                });
            }
        };
        let whole = match part_of(&claim.content) {
            Some(part) => format!("{}, whole: {part}", one_of_kind(claim.kind)),
            None => format!("{}, whole", one_of_kind(claim.kind)),
        };
        let Claimed::Seller { content: Content::License(license), .. } = claim.content else {
            let finding = Finding::of("text", Some(Error::DocumentKind), whole);
            return Ok(Explanation { findings: vec![finding], damage: Vec::new(), granted: false });
        };
        let mut findings = vec![Finding::of("text", None, whole)];
        let mut decided = None;
        if let Some(verified) = verified {
            let refusal = verified.as_ref().err().copied();
            let detail = refusal.map_or("genuine for the given anchor", Error::text);
            findings.push(Finding::of("signature", refusal, detail.into()));
            decided = verified.ok().map(|genuine| decide(&genuine, facts).refusal);
        } else {
            let detail = "NOT CHECKED, because --anchor is missing: anybody could have written this code";
            findings.push(Finding { rule: "signature", passed: None, refusal: None, detail: detail.into() });
        }
        let rules = examine(&license, facts);
        if decided.is_some_and(|decided| decided != rules.iter().find_map(|(_, refusal)| *refusal)) {
            return Err(Failure::internal("the rules do not say what the decision says"));
        }
        for (rule, refusal) in rules {
            findings.push(of_rule(rule, refusal, &license, facts, request));
        }
        findings.extend(self.serial(&license));
        findings.extend(unknown_rights(&license));
        let granted = findings.iter().all(|finding| finding.passed == Some(true));
        Ok(Explanation { findings, damage: Vec::new(), granted })
    }

    fn serial(&self, license: &License<'_>) -> Option<Finding> {
        let highest = self.highest_serial?;
        let serial = license.serial;
        let detail = format!("the code has serial {serial}, the device has seen {highest}");
        if serial == highest {
            let detail = format!(
                "{detail}: the same code is accepted again, another code with this serial is a conflict \
                         (414)"
            );
            return Some(Finding { rule: "serial", passed: None, refusal: None, detail });
        }
        Some(Finding::of("serial", (serial < highest).then_some(Error::CodeOlder), detail))
    }
}

/// Features whose right is of a later version: the product refuses these, and the rest of the license counts.
fn unknown_rights(license: &License<'_>) -> Option<Finding> {
    let unknown = license.features.filter(|feature| matches!(feature.right, Right::Unknown { .. }));
    let unknown: Vec<String> = unknown.map(|feature| feature_words(&feature)).collect();
    let (error, unknown) = (Error::RightUnknown, unknown.join("; "));
    let (number, name) = (error.number(), error.name());
    let detail = format!("{unknown}; the product returns {number} {name} for it and grants the rest");
    (!unknown.is_empty()).then(|| Finding::of("features", None, detail))
}

/// Which part the document is, or what it is limited to.
fn part_of(content: &Claimed<'_>) -> Option<String> {
    match content {
        Claimed::Seller { content: Content::RevocationList(list), .. } => coverage_words(list.coverage),
        Claimed::Device(document) => match document.content() {
            DeviceContent::Receipt(receipt) => report_part_words(receipt.part),
            DeviceContent::UsageReport(report) => report_part_words(report.part),
            DeviceContent::Request(_) | _ => None,
        },
        Claimed::Seller { .. } | Claimed::Certificate(_) => None,
    }
}

impl Finding {
    const fn of(rule: &'static str, refusal: Option<Error>, detail: String) -> Self {
        Self { rule, passed: Some(refusal.is_none()), refusal, detail }
    }
}

fn of_rule(
    rule: Rule,
    refusal: Option<Error>,
    license: &License<'_>,
    facts: &Facts<'_>,
    request: Option<&Request<'_>>,
) -> Finding {
    let time = |time: Option<UnixSeconds>| time.map_or_else(|| "unknown".into(), timespec::format);
    let (name, detail) = match rule {
        Rule::Product => {
            let product = if facts.product.is_empty() { "not stated" } else { facts.product };
            ("product", format!("the code is for {}, the product is {product}", license.product))
        }
        Rule::Class => {
            let accepts = if facts.allow_test { "accepts test codes" } else { "does not accept test codes" };
            ("class", format!("the code is {}, the product {accepts}", class_name(license.class)))
        }
        Rule::Base if !license.add_on => ("base", "the code is not an add-on".into()),
        Rule::Base => {
            let base = if facts.has_base { "is granted" } else { "is not known to be granted" };
            ("base", format!("the code is an add-on, and a license for the product itself {base}"))
        }
        Rule::Version => {
            let covered = license.versions.map_or_else(|| "every version".into(), versions::format_range);
            let version = facts.version.map_or_else(|| "unknown".into(), versions::format_version);
            ("version", format!("the code covers {covered}, the version is {version}"))
        }
        Rule::Maintenance => {
            let until = license.maintenance_until.map_or_else(
                || "every build".into(),
                |until| format!("builds made before {}", timespec::format(until)),
            );
            ("maintenance", format!("the code covers {until}, the build time is {}", time(facts.built_at)))
        }
        Rule::Device => return of_device(refusal, license, facts, request),
        Rule::Time => {
            let start =
                license.not_before.map_or_else(String::new, |start| format!(" from {}", timespec::format(start)));
            let term = term_words(license.term);
            let grace =
                if license.grace_days == 0 { String::new() } else { format!(", {} days of grace", license.grace_days) };
            let lease = if license.lease_days == 0 {
                String::new()
            } else {
                format!(", a newer document every {} days", license.lease_days)
            };
            let activated = time(facts.activated_at);
            (
                "time",
                format!(
                    "the term is {term}{start}{grace}{lease}; the device has {}, activated {activated}",
                    time(facts.now)
                ),
            )
        }
    };
    Finding::of(name, refusal, detail)
}

/// The device. A request shows its components under a salt of its own: they can be compared if the code has the same.
fn of_device(
    refusal: Option<Error>,
    license: &License<'_>,
    facts: &Facts<'_>,
    request: Option<&Request<'_>>,
) -> Finding {
    let bound = binding_words(license.binding);
    let (Some(request), true) = (request, facts.components.is_empty()) else {
        let shown = facts.components.len();
        return Finding::of("device", refusal, format!("the code is for: {bound}; components stated: {shown}"));
    };
    let Binding::Components { needed, salt, entries } = license.binding else {
        let detail = format!("the code is for: {bound}; the request does not identify the device in this way");
        let known = matches!(license.binding, Binding::None | Binding::DeviceKey(_));
        return if known { Finding::of("device", refusal, detail) } else { unknown_device(detail) };
    };
    if request.nonce.get(..salt.len()) != Some(&salt[..]) {
        return unknown_device(format!(
            "the code is for: {bound}; NOT CHECKED, because it was not issued for this request: ask the customer \
             for the serial number, and pass it with --component"
        ));
    }
    let matched = entries.filter(|entry| request.components.into_iter().any(|shown| shown == *entry)).count();
    let refusal = (matched < usize::from(needed)).then_some(Error::DeviceMismatch);
    Finding::of("device", refusal, format!("the code is for: {bound}; {matched} match the request"))
}

const fn unknown_device(detail: String) -> Finding {
    Finding { rule: "device", passed: None, refusal: None, detail }
}

/// The seller's action; the customer's action is in the library's own table.
fn seller(error: Error) -> &'static str {
    match error.number() {
        200..=206 => "send the code again as a file or a picture (lic2-signer qr): the text was damaged on the way",
        207 => "send the authorization code; the customer has a different document",
        208 | 209 | 214 => "issue for the customer's version, or send the update as well",
        301 | 303 => "compare the anchor in the product with the signing key (inspect); include the certificate",
        302 | 304 | 305 => "find the order: this text is not the issued one; send the recorded text again",
        306..=311 => "issue again with a certificate that permits it; certify creates one",
        401 => "ask which product the customer runs; issue for that product id if it was bought",
        402 => "issue a code of class commercial from a real order",
        403 | 404 => "sell the upgrade or the maintenance, and issue with a higher serial",
        405 | 508 => "ask for a request of the device and issue with a higher serial: --request REQUEST --serial N",
        411 => "send the code of the product itself as well, or sell it",
        427 => "send the part of the list for this license: lic2-signer revocations --license ID, or --request REQUEST",
        413 | 414 => "issue again with a serial above the highest that the device has seen",
        406 | 407 | 408 | 410 => "compare the term with the order; renew with a higher serial if the customer paid",
        501 | 502 | 509 => "send a time token, or an unlock for a request of the device",
        500..=599 => "ask for the device's status text, and pass it to lic2-signer diagnose",
        _ => "compare the code with the order; inspect shows the whole code",
    }
}

impl Explanation {
    /// The finding that decides: the first that refuses.
    fn decisive(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.refusal.is_some())
    }

    fn refusal(&self) -> Option<Error> {
        self.decisive().and_then(|finding| finding.refusal)
    }

    fn words(&self) -> String {
        let mut head = Table::default();
        let title = match self.decisive() {
            Some(decisive) => {
                let (number, name, text, advice) = status_fields(decisive.refusal);
                head.row("status", format_args!("{number} {name}: {text}"));
                head.row("decided by", format_args!("{}: {}", decisive.rule, decisive.detail));
                head.row("customer", advice);
                head.maybe("seller", decisive.refusal.map(seller));
                "The device refuses this code."
            }
            None if self.granted => "The device accepts this code with these facts.",
            None => "Nothing here refuses this code, but rules that are not checked may.",
        };
        for sentence in &self.damage {
            head.row("damage", sentence);
        }
        let mut rules = Table::default();
        for finding in &self.findings {
            let passed = match finding.passed {
                Some(true) => "passed",
                Some(false) => "FAILED",
                None => "unknown",
            };
            rules.row(finding.rule, format_args!("{passed}  {}", finding.detail));
        }
        format!("{title}\n{}Rules, in their order:\n{}", head.text(), rules.text())
    }

    fn json(&self) -> Value {
        let refusal = self.refusal();
        let (number, name, reason, advice) = status_fields(refusal);
        let rules: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| {
                let (number, name, ..) = status_fields(finding.refusal);
                json!({
                    "rule": finding.rule,
                    "passed": finding.passed,
                    "status": finding.passed.map(|_| number),
                    "name": finding.passed.map(|_| name),
                    "detail": finding.detail,
                })
            })
            .collect();
        let stated = refusal.is_some() || self.granted;
        json!({
            "granted": self.granted,
            "status": stated.then_some(number),
            "name": stated.then_some(name),
            "reason": if stated { reason } else { "" },
            "customer": advice,
            "seller": refusal.map(seller),
            "decided_by": self.decisive().map(|finding| finding.rule),
            "rules": rules,
            "damage": self.damage,
        })
    }
}
