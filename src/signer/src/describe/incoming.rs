//! Documents from devices (requests, receipts and usage reports) in words and as JSON.

use lic2::{
    ComponentHash, Components, DeviceContent, Error, Proof, Receipt, ReportPart, Request, SIGN_CONTAINER,
    SIGN_VIRTUAL_MACHINE, UnixSeconds, UsageEntry, UsageReport,
};
use serde_json::{Value, json};

use super::Table;
use crate::device::kind_name;
use crate::timespec::{format, words};
use crate::{ui, versions};

/// A device's observations about itself: bit, words and name in JSON.
const SIGNS: [(u8, &str, &str); 2] =
    [(SIGN_VIRTUAL_MACHINE, "a virtual machine", "virtual_machine"), (SIGN_CONTAINER, "a container", "container")];

/// Who vouches for a device's document.
#[must_use]
pub fn proof_words(proof: Proof) -> String {
    match proof {
        Proof::Signed(key) => format!("signed by the device key {}", ui::hex(&key)),
        Proof::Unsigned => "unsigned: anyone could have written this".into(),
    }
}

/// The same as JSON has it.
#[must_use]
pub const fn proof_name(proof: Proof) -> &'static str {
    match proof {
        Proof::Signed(_) => "signed",
        Proof::Unsigned => "unsigned",
    }
}

/// A document of a device in words.
pub fn device_words(content: &DeviceContent<'_>, proof: Proof, table: &mut Table) {
    match content {
        DeviceContent::Request(request) => request_words(request, table),
        DeviceContent::Receipt(receipt) => receipt_words(receipt, table),
        DeviceContent::UsageReport(report) => usage_words(report, table),
        _ => table.row("content", "of a kind that this version does not know"),
    }
    table.maybe("device key", content.device_key().map(|key| ui::hex(&key)));
    table.row("proof", proof_words(proof));
}

fn request_words(request: &Request<'_>, table: &mut Table) {
    table.row("product", request.product);
    table.maybe("version", request.version.map(versions::format_version));
    table.row("license", if request.license.is_empty() { "none in particular" } else { request.license.as_str() });
    common_words(request.at, request.nonce, request.components, table);
    table.maybe("refused with", request.status.map(status_words));
    for (bit, words, _) in SIGNS {
        if request.signs & bit != 0 {
            table.row("sign of", words);
        }
    }
}

fn receipt_words(receipt: &Receipt<'_>, table: &mut Table) {
    table.row("product", receipt.product);
    table.row("returned", format_args!("license {}, issues up to {}", receipt.license, receipt.serial));
    table.maybe("part", report_part_words(receipt.part));
    common_words(receipt.at, receipt.nonce, receipt.components, table);
    for used in receipt.usage {
        table.row("used", format_args!("{}: {} in total", used.feature, used.used));
    }
}

fn usage_words(report: &UsageReport<'_>, table: &mut Table) {
    table.row("product", report.product);
    table.row("report", format_args!("number {}", report.number));
    table.maybe("part", report_part_words(report.part));
    common_words(report.at, report.nonce, report.components, table);
    for UsageEntry { license, serial, feature, used, reported } in report.entries {
        table.row(
            "used",
            format_args!(
                "{feature} of {license} (issue {serial}): {used} in total, {reported} of them accepted before"
            ),
        );
    }
}

/// Which part of a receipt or usage report a text is; `None` for a whole one.
#[must_use]
pub fn report_part_words(part: ReportPart) -> Option<String> {
    match part {
        ReportPart::WHOLE => None,
        ReportPart { part, is_last: true } => Some(format!("part {part}, the last one")),
        ReportPart { part, is_last: false } => Some(format!("part {part}, more follow")),
    }
}

fn report_part_json(part: ReportPart) -> Value {
    if part == ReportPart::WHOLE { Value::Null } else { json!({"part": part.part, "last": part.is_last}) }
}

fn common_words(at: Option<UnixSeconds>, nonce: [u8; 8], components: Components<'_>, table: &mut Table) {
    table.row("made", at.map_or_else(|| "the device did not know when".into(), words));
    table.row("nonce", ui::hex(&nonce));
    for ComponentHash { kind, hash } in components {
        table.row("component", format_args!("{} as hash {}", kind_name(kind), ui::hex(&hash)));
    }
}

fn status_words(number: u16) -> String {
    match Error::from_number(i32::from(number)) {
        Some(error) => format!("status {number} {}: {error}", error.name()),
        None => format!("status {number}, which this version does not know"),
    }
}

/// A document of a device as JSON.
#[must_use]
pub fn device_json(content: &DeviceContent<'_>, proof: Proof) -> Value {
    let mut json = match content {
        DeviceContent::Request(request) => request_json(request),
        DeviceContent::Receipt(receipt) => receipt_json(receipt),
        DeviceContent::UsageReport(report) => usage_json(report),
        _ => json!({}),
    };
    json["device_key"] = json!(content.device_key().map(|key| ui::hex(&key)));
    json["proof"] = json!(proof_name(proof));
    json
}

fn request_json(request: &Request<'_>) -> Value {
    let known = request.status.and_then(|number| Error::from_number(i32::from(number)));
    let signs: Vec<&str> =
        SIGNS.iter().filter(|(bit, ..)| request.signs & bit != 0).map(|(_, _, name)| *name).collect();
    json!({
        "product": request.product,
        "version": request.version.map(versions::format_version),
        "license": Some(request.license).filter(|id| !id.is_empty()),
        "made_at": request.at.map(format),
        "nonce": ui::hex(&request.nonce),
        "components": components_json(request.components),
        "status": request.status,
        "status_name": known.map(Error::name),
        "signs": signs,
    })
}

fn receipt_json(receipt: &Receipt<'_>) -> Value {
    let used: Vec<Value> = receipt.usage.map(|used| json!({"feature": used.feature, "used": used.used})).collect();
    json!({
        "product": receipt.product,
        "license": receipt.license,
        "serial": receipt.serial,
        "part": report_part_json(receipt.part),
        "made_at": receipt.at.map(format),
        "nonce": ui::hex(&receipt.nonce),
        "components": components_json(receipt.components),
        "used": used,
    })
}

fn usage_json(report: &UsageReport<'_>) -> Value {
    let entries: Vec<Value> = report
        .entries
        .map(|entry| {
            json!({
                "license": entry.license,
                "serial": entry.serial,
                "feature": entry.feature,
                "used": entry.used,
                "reported": entry.reported,
            })
        })
        .collect();
    json!({
        "product": report.product,
        "number": report.number,
        "part": report_part_json(report.part),
        "made_at": report.at.map(format),
        "nonce": ui::hex(&report.nonce),
        "components": components_json(report.components),
        "entries": entries,
    })
}

fn components_json(components: Components<'_>) -> Vec<Value> {
    components.map(|entry| json!({"kind": kind_name(entry.kind), "hash": ui::hex(&entry.hash)})).collect()
}
