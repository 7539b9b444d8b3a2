//! Cases of documents other than codes. The expected status is stated by hand; what the document says is filled in by
//! the library and compared with the independent program in `tests/interop`.

mod device;
mod envelope;
mod report;
mod request;
mod revocation;
mod signer;
mod small;

use super::super::document_stanza::observe;
use super::super::{Key, hex, unhex};
use super::{Case, counted, item, unknown, unknown_critical};
use lic2::{Error, Kind};

/// The file and its first lines.
pub const FILE: (&str, &str) = ("documents.txt", "Documents other than codes: what each says, or why it is refused.");

/// Every file about documents other than codes, by whomever it was made.
pub const FILES: [&str; 2] = [FILE.0, "foreign_documents.txt"];

pub fn cases() -> Vec<Case> {
    [
        revocation::cases(),
        small::cases(),
        signer::cases(),
        envelope::cases(),
        device::cases(),
        request::cases(),
        report::cases(),
    ]
    .concat()
}

/// Whether somebody vouches for a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Signed,
    Unsigned,
}

/// Every kind with everything it can say. Signed: of the seller by the anchor and by an issuer with its certificate,
/// of devices with their own key. Unsigned: of devices.
pub fn full(side: Side) -> Vec<(Kind, String)> {
    let devices = [request::full(), report::full_receipt(), report::full_report()];
    if side == Side::Unsigned {
        return devices.iter().map(|payload| (payload.kind, payload.text())).collect();
    }
    let sellers = [revocation::full(), small::token(), small::full_unlock()];
    let mut documents: Vec<(Kind, String)> = sellers.iter().map(|payload| (payload.kind, payload.text())).collect();
    documents.extend(sellers.iter().map(|payload| (payload.kind, signer::carrying_open(payload))));
    documents.extend(devices.iter().map(|payload| (payload.kind, device::signed_with_key(payload))));
    documents
}

/// A list that says something of the licenses alone that it names.
pub fn list_of_named() -> (Kind, String) {
    let list = revocation::named();
    (list.kind, list.text())
}

/// A request that is shorter than any document of a seller.
pub fn short_request() -> String {
    request::good().text()
}

/// The fields of a payload in hex, each to be replaced on its own.
#[derive(Clone)]
struct Payload {
    kind: Kind,
    fields: Vec<(&'static str, String)>,
}

impl Payload {
    fn new(kind: Kind, fields: &[(&'static str, &str)]) -> Self {
        Self { kind, fields: fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect() }
    }

    /// The same payload with another value of this field.
    fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        let field = changed.fields.iter_mut().find(|field| field.0 == name).expect("a field of the payload");
        value.clone_into(&mut field.1);
        changed
    }

    fn bytes(&self) -> Vec<u8> {
        unhex(&self.fields.iter().map(|(_, value)| value.as_str()).collect::<String>())
    }

    /// The document as its usual writer makes it: signed by the anchor, or unsigned by a device.
    fn text(&self) -> String {
        text(self.kind, &self.bytes())
    }

    /// A case of the document and its usual reader.
    fn case(&self, name: &str) -> Case {
        case(self.kind, name, &self.text())
    }

    /// Payloads that end early or late.
    fn frames(&self, name: &str) -> Vec<Case> {
        let bytes = self.bytes();
        let refused = |what: &str, bytes: &[u8]| {
            refused(case(self.kind, &format!("{name}-{what}"), &text(self.kind, bytes)), Error::PayloadMalformed)
        };
        let mut cases = vec![refused("a-byte-more", &[&bytes[..], &[0]].concat())];
        cases.extend((0..bytes.len()).map(|length| refused(&format!("cut-to-{length}"), &bytes[..length])));
        cases
    }
}

fn text(kind: Kind, payload: &[u8]) -> String {
    if kind.is_from_device() {
        unsigned(kind, payload)
    } else {
        Key::anchor().raw(kind, None, payload).text().to_owned()
    }
}

fn unsigned(kind: Kind, payload: &[u8]) -> String {
    let document = [&[1, kind.letter(), 0, 0, 0, 0, 0, 0], payload].concat();
    super::super::text_of(char::from(kind.letter()), &document)
}

fn case(kind: Kind, name: &str, text: &str) -> Case {
    if kind.is_from_device() { for_seller(name, text) } else { for_device(name, text) }
}

/// What a device takes that knows the anchor.
fn for_device(name: &str, text: &str) -> Case {
    Case::new(name).with("reader", "device").with("anchors", hex(&Key::anchor().public())).with("text", text)
}

/// What a seller takes from devices.
fn for_seller(name: &str, text: &str) -> Case {
    Case::new(name).with("reader", "seller").with("text", text)
}

fn accepted(case: Case) -> Case {
    expect(case, 0)
}

fn refused(case: Case, error: Error) -> Case {
    expect(case, error.number())
}

fn expect(case: Case, status: i32) -> Case {
    let seen = observe(&case);
    assert_eq!(seen[0], ("status".to_owned(), status.to_string()), "{}: {seen:?}", case.name);
    Case { fields: [case.fields, seen].concat(), ..case }
}

/// A list in hex, behind its length.
fn list(elements: &[String]) -> String {
    counted(&elements.concat())
}

/// A string in hex, behind its length.
fn string(text: &str) -> String {
    assert!(text.len() < 128);
    format!("{:02x}{}", text.len(), hex(text.as_bytes()))
}
