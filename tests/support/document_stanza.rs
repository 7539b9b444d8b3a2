//! The cases of `tests/vectors/documents.txt`: documents other than codes, and what they say.

use super::hex;
use super::stanza::Case;
use lic2::{
    Binding, Components, Content, DeviceContent, DocumentBuffer, Error, GenuineDocument, Items, Proof, Reason, Receipt,
    Request, RevocationList, Signer, TimeToken, UnixSeconds, Unlock, UsageReport, read_device_document,
};

type Fields = Vec<(String, String)>;

/// What a case is made of; everything else in it is expected.
const INPUTS: [&str; 6] = ["reader", "anchors", "issuer", "kept", "text", "text_hex"];

/// Everything that a case may expect, as the library answers it, in the order of the file.
pub fn observe(case: &Case) -> Fields {
    let mut memory = DocumentBuffer::new();
    let seen = match case.get("reader") {
        Some("device") => at_the_device(case, &mut memory),
        Some("seller") => at_the_seller(case, &mut memory),
        other => panic!("{}: reader {other:?}", case.name),
    };
    seen.unwrap_or_else(|error| vec![field("status", error.number())])
}

/// The differences between what a case expects and what the library answers: in both directions, so that a case
/// states everything that the document says.
pub fn differences(case: &Case) -> Vec<String> {
    let seen = observe(case);
    let expected: Fields = case.fields.iter().filter(|(key, _)| !INPUTS.contains(&key.as_str())).cloned().collect();
    if seen == expected { Vec::new() } else { vec![format!("{}: expected {expected:?}; seen {seen:?}", case.name)] }
}

fn at_the_device(case: &Case, memory: &mut DocumentBuffer) -> Result<Fields, Error> {
    let ring = case.ring().expect("the key ring of every case can be set up");
    let kept: Vec<Vec<u8>> = case.all("kept").map(super::unhex).collect();
    let kept = kept.iter().map(Vec::as_slice);
    let genuine = memory.read(&case.text())?.verify_document(&ring, kept)?;
    let mut fields = seller_fields(genuine.content());
    fields.splice(0..0, [field("status", 0), field("signer", signer(&genuine))]);
    Ok(fields)
}

fn signer(genuine: &GenuineDocument<'_>) -> String {
    let who = match genuine.signer() {
        Signer::Anchor => "anchor",
        Signer::Issuer => "issuer",
        other => panic!("{other:?}"),
    };
    format!("{who} {}", hex(&genuine.key_id()))
}

fn seller_fields(content: &Content<'_>) -> Fields {
    match content {
        Content::License(license) => vec![field("license", license.id)],
        Content::RevocationList(list) => list_fields(list),
        Content::TimeToken(token) => token_fields(token),
        Content::Unlock(unlock) => unlock_fields(unlock),
        other => panic!("{other:?}"),
    }
}

fn list_fields(list: &RevocationList<'_>) -> Fields {
    let mut fields = vec![
        field("number", list.number),
        field("issued_at", list.issued_at.0),
        field("product", product(&list.product)),
        field("series", list.series),
    ];
    for issuer in list.issuers {
        fields.push(field("revoked_issuer", format!("{} {}", hex(&issuer.key), u8::from(issuer.keep_activated))));
    }
    for license in list.licenses {
        let reason = match license.reason {
            Reason::Released => "released",
            Reason::Frozen => "frozen",
            Reason::Refunded => "refunded",
            Reason::Replaced => "replaced",
        };
        fields.push(field("revoked_license", format!("{} {} {reason}", hex(&license.id), license.below)));
    }
    with_items(fields, list.items)
}

fn token_fields(token: &TimeToken<'_>) -> Fields {
    let fields = vec![field("issued_at", token.issued_at.0), field("product", product(&token.product))];
    with_items(fields, token.items)
}

fn unlock_fields(unlock: &Unlock<'_>) -> Fields {
    let fields = vec![
        field("issued_at", unlock.issued_at.0),
        field("product", unlock.product),
        field("nonce", hex(&unlock.nonce)),
        field("grants", unlock.grants),
        field("binding", binding(&unlock.binding)),
    ];
    with_items(fields, unlock.items)
}

/// The empty product is every product.
fn product(name: &str) -> &str {
    if name.is_empty() { "*" } else { name }
}

fn binding(binding: &Binding<'_>) -> String {
    match binding {
        Binding::None => "none".to_owned(),
        Binding::Components { needed, salt, entries } => {
            let entries: Vec<String> = entries.map(|entry| format!("{}:{}", entry.kind, hex(&entry.hash))).collect();
            format!("components {needed} {} {}", hex(salt), entries.join(" "))
        }
        Binding::Allocation { kind, salt, entries } => {
            let entries: Vec<String> =
                entries.map(|entry| format!("{}:{}", hex(&entry.hash), entry.quantity)).collect();
            format!("allocation {kind} {} {}", hex(salt), entries.join(" "))
        }
        Binding::DeviceKey(key) => format!("key {}", hex(key)),
    }
}

fn at_the_seller(case: &Case, memory: &mut DocumentBuffer) -> Result<Fields, Error> {
    let document = read_device_document(&case.text(), memory)?;
    let mut fields = match document.content() {
        DeviceContent::Request(request) => request_fields(request),
        DeviceContent::Receipt(receipt) => receipt_fields(receipt),
        DeviceContent::UsageReport(report) => report_fields(report),
        other => panic!("{other:?}"),
    };
    let proof = match document.proof() {
        Proof::Unsigned => "unsigned".to_owned(),
        Proof::Signed(key) => hex(&key),
    };
    fields.splice(0..0, [field("status", 0), field("proof", proof)]);
    Ok(fields)
}

fn request_fields(request: &Request<'_>) -> Fields {
    let mut fields = shared(&request.product, request.nonce, request.at, request.components);
    if !request.license.is_empty() {
        fields.push(field("license", request.license));
    }
    if let Some(version) = request.version {
        fields.push(field("version", format!("{}.{}.{}", version.major, version.minor, version.patch)));
    }
    fields.extend(request.device_key.map(|key| field("device_key", hex(&key))));
    fields.extend(request.status.map(|status| field("refused_with", status)));
    if request.signs != 0 {
        fields.push(field("signs", request.signs));
    }
    with_items(fields, request.items)
}

fn receipt_fields(receipt: &Receipt<'_>) -> Fields {
    let mut fields = shared(&receipt.product, receipt.nonce, receipt.at, receipt.components);
    fields.extend([field("license", receipt.license), field("serial", receipt.serial)]);
    fields.extend(receipt.usage.map(|entry| field("used", format!("{} {}", entry.feature, entry.used))));
    fields.extend(receipt.device_key.map(|key| field("device_key", hex(&key))));
    with_items(fields, receipt.items)
}

fn report_fields(report: &UsageReport<'_>) -> Fields {
    let mut fields = shared(&report.product, report.nonce, report.at, report.components);
    fields.push(field("number", report.number));
    for entry in report.entries {
        let name = format!("{} {} {}", entry.license, entry.serial, entry.feature);
        fields.push(field("entry", format!("{name} {} {}", entry.used, entry.reported)));
    }
    fields.extend(report.device_key.map(|key| field("device_key", hex(&key))));
    with_items(fields, report.items)
}

fn shared(product: &str, nonce: [u8; 8], at: Option<UnixSeconds>, components: Components<'_>) -> Fields {
    let mut fields =
        vec![field("product", product), field("nonce", hex(&nonce)), field("at", at.map_or(0, |time| time.0))];
    fields.extend(components.map(|entry| field("component", format!("{}:{}", entry.kind, hex(&entry.hash)))));
    fields
}

fn with_items(mut fields: Fields, items: Items<'_>) -> Fields {
    for item in items {
        let content = if item.bytes.is_empty() { "-".to_owned() } else { hex(item.bytes) };
        fields.push(field("item", format!("{} {} {content}", item.number, u8::from(item.critical))));
    }
    fields
}

fn field(key: &str, value: impl ToString) -> (String, String) {
    (key.to_owned(), value.to_string())
}
