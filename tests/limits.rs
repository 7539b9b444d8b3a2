//! Every limit in the table of docs/FORMAT.md §3, and both sides of it: what is exactly as large is accepted, and what is
//! one larger is refused. The numbers come from the table, and a row without a test, or a test without a row, fails.
//!
//! What is one too large is genuine and without any other fault. No writer of the library would make it, so that all
//! documents are put together here from their bytes.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lic2::{Code, Component, DocumentBuffer, Error, Facts, KeyRing, UnixSeconds, decide, read_device_document};
use support::{ISSUED, Key, text_of};

/// Makes something of this size and says what becomes of it.
type Reach = fn(usize) -> Result<(), Error>;

/// What reaches a limit, and how it is refused when it is one larger.
type Reaches = &'static [(&'static str, Reach, Error)];

/// The rows of the table.
const LIMITS: &[(&str, Reaches)] = &[
    (
        "characters of a text form, without spaces and quotes",
        &[
            ("code", |size| verify(&code_of_text(size)), Error::TextTooLong),
            ("in lines and quotes", |size| verify(&in_lines(&code_of_text(size))), Error::TextTooLong),
        ],
    ),
    (
        "bytes of a pasted text, with everything",
        &[("code and spaces", |size| verify(&format!("{:size$}", code(&License::default()))), Error::TextTooLong)],
    ),
    (
        "bytes of a document, without the check",
        &[
            ("code", |size| verify(&code(&license_of(size - AROUND))), Error::TextTooLong),
            ("code by an issuer", code_with_certificate_of_all, Error::TextTooLong),
            ("revocation list", |size| read(b'L', &filled(LIST, size - AROUND)), Error::TextTooLong),
            ("request", |size| read_from_device(b'R', &filled(REQUEST, size - HEADER)), Error::TextTooLong),
            ("receipt", |size| read_from_device(b'P', &filled(RECEIPT, size - HEADER)), Error::TextTooLong),
            ("usage report", |size| read_from_device(b'M', &filled(REPORT, size - HEADER)), Error::TextTooLong),
        ],
    ),
    (
        "bytes of an issuer certificate",
        &[
            ("carried by a code", |size| certified(&certificate_of(size)), Error::FormatEnvelope),
            ("known in advance", |size| known(&certificate_of(size)), Error::CertificateInvalid),
        ],
    ),
    (
        "bytes of a license id, product, edition, customer, order, issuer name",
        &[
            ("license id", |size| verify(&code(&License { id: name(size), ..License::default() })), VALUE),
            ("product", |size| verify(&code(&License { product: name(size), ..License::default() })), VALUE),
            ("edition", |size| verify(&code(&License::with_item(7, false, &name(size)))), VALUE),
            ("customer", |size| verify(&code(&License::with_item(8, false, &name(size)))), VALUE),
            ("order", |size| verify(&code(&License::with_item(9, false, &name(size)))), VALUE),
            ("issuer name", |size| certified(&certificate(&[0], &[], &item(1, false, &name(size)))), VALUE),
            (
                "product of a list",
                |size| read(b'L', &[&[1, 0, 0, 0, 0][..], &counted(&name(size)), &[0; 4]].concat()),
                VALUE,
            ),
            ("license of a receipt", |size| read_from_device(b'P', &receipt(&name(size), &[])), VALUE),
        ],
    ),
    (
        "bytes of a feature name",
        &[
            ("license", |size| verify(&code(&License::with_features([counted(&name(size)), vec![0]].concat()))), VALUE),
            (
                "receipt",
                |size| read_from_device(b'P', &receipt(b"1", &[counted(&name(size)), vec![0]].concat())),
                VALUE,
            ),
        ],
    ),
    (
        "bytes of a feature text",
        &[(
            "license",
            |size| verify(&code(&License::with_features([b"\x01a\x04".to_vec(), counted(&name(size))].concat()))),
            VALUE,
        )],
    ),
    (
        "features of a license",
        &[("license", |size| verify(&code(&License::with_features(many(size, &[b"\x02", NUMBER, b"\0"])))), VALUE)],
    ),
    (
        "components of a binding",
        &[
            ("license", |size| verify(&code(&License { binding: components(size), ..License::default() })), VALUE),
            ("unlock", |size| read(b'U', &[UNLOCK, &*components(size), &[0]].concat()), VALUE),
            ("shown by a device", |size| read_from_device(b'R', &shown(size)), VALUE),
        ],
    ),
    (
        "devices of an allocation table",
        &[
            ("license", |size| verify(&code(&License { binding: allocation(size), ..License::default() })), VALUE),
            ("unlock", |size| read(b'U', &[UNLOCK, &*allocation(size), &[0]].concat()), VALUE),
        ],
    ),
    ("issuers of a revocation list", &[("list", |size| read(b'L', &list(&many(size, REVOKED_ISSUER), &[])), VALUE)]),
    ("licenses of a revocation list", &[("list", |size| read(b'L', &list(&[], &many(size, REVOKED_LICENSE))), VALUE)]),
    (
        "quotas of a receipt or usage report",
        &[
            ("receipt", |size| read_from_device(b'P', &receipt(b"1", &many(size, &[b"\x02", NUMBER, b"\0"]))), VALUE),
            (
                "report",
                |size| read_from_device(b'M', &report(&many(size, &[b"\x011\x01\x02", NUMBER, b"\0\0"]))),
                VALUE,
            ),
        ],
    ),
    (
        "identity components among the facts",
        &[("facts", |size| shows(&vec![Component { kind: 128, value: b"x" }; size]), Error::InvalidArgument)],
    ),
    (
        "bytes of the value of an identity component",
        &[("facts", |size| shows(&[Component { kind: 3, value: &name(size) }]), Error::InvalidArgument)],
    ),
    ("bytes of an issuer's scope", &[("certificate", |size| certified(&certificate(&[0], &scope(size), &[])), VALUE)]),
    (
        "items in one list",
        &[
            ("license", |size| verify(&code(&License { items: items(size), ..License::default() })), VALUE),
            ("certificate", |size| certified(&certificate(&[0], &[], &items(size))), VALUE),
            ("revocation list", |size| read(b'L', &with_items(LIST, &items(size))), VALUE),
            ("time token", |size| read(b'T', &with_items(b"\0\0\0\0\x01p", &items(size))), VALUE),
            ("unlock", |size| read(b'U', &[UNLOCK, &[0], &*counted(&items(size))].concat()), VALUE),
            ("request", |size| read_from_device(b'R', &with_items(REQUEST, &items(size))), VALUE),
            ("receipt", |size| read_from_device(b'P', &with_items(RECEIPT, &items(size))), VALUE),
            ("usage report", |size| read_from_device(b'M', &with_items(REPORT, &items(size))), VALUE),
        ],
    ),
    (
        "days of a term, grace, lease or longest term",
        &[
            (
                "term",
                |size| verify(&code(&License { term: [vec![2], varint(size)].concat(), ..License::default() })),
                VALUE,
            ),
            ("grace", |size| verify(&code(&License::with_item(2, false, &varint(size)))), VALUE),
            ("lease", |size| verify(&code(&License::with_item(3, true, &varint(size)))), VALUE),
            ("longest term", |size| certified(&certificate(&varint(size), &[], &[])), VALUE),
        ],
    ),
    (
        "powered-on hours of a term",
        &[(
            "term",
            |size| verify(&code(&License { term: [vec![3], varint(size)].concat(), ..License::default() })),
            VALUE,
        )],
    ),
    ("anchors in a key ring", &[("the last one signs", last_anchor, Error::KeyringFull)]),
    ("issuers known in advance in a key ring", &[("the last one signs", last_issuer, Error::KeyringFull)]),
    ("seconds that a clock may lag", &[("behind the issue", lags, Error::ClockBehind)]),
];

const VALUE: Error = Error::PayloadValue;

/// Bytes of the header, and of header and signature.
const HEADER: usize = 8;
const AROUND: usize = HEADER + 64;

#[test]
fn every_limit_can_be_reached_and_not_exceeded() {
    let limits = table();
    for (row, reaches) in LIMITS {
        let limit = *limits.get(*row).unwrap_or_else(|| panic!("not in the table: {row}"));
        for (what, reach, refusal) in *reaches {
            assert_eq!(reach(limit), Ok(()), "{row}: {what} of {limit}");
            assert_eq!(reach(limit + 1), Err(*refusal), "{row}: {what} of one more than {limit}");
        }
    }
}

#[test]
fn every_row_of_the_table_has_a_test() {
    let tested: Vec<&str> = LIMITS.iter().map(|(row, _)| *row).collect();
    let missing: Vec<String> = table().into_keys().filter(|row| !tested.contains(&row.as_str())).collect();
    assert!(missing.is_empty(), "without a test: {missing:?}");
    assert!(LIMITS.iter().all(|(_, reaches)| !reaches.is_empty()));
}

/// The rows of the table: what, and how much of it.
fn table() -> BTreeMap<String, usize> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/FORMAT.md");
    let text = fs::read_to_string(path).expect("docs/FORMAT.md");
    let (_, text) = text.split_once("<!-- limits: begin -->").expect("the table begins");
    let (rows, _) = text.split_once("<!-- limits: end -->").expect("the table ends");
    rows.trim()
        .lines()
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let ["", what, limit, ""] = cells[..] else { panic!("not a row of two cells: {row}") };
            (what.to_owned(), limit.parse().unwrap_or_else(|_| panic!("not a number: {row}")))
        })
        .collect()
}

// Payloads. See docs/FORMAT.md §5 to §17.

fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 127 {
        bytes.push(value as u8 & 127 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Content behind its length.
fn counted(content: &[u8]) -> Vec<u8> {
    [varint(content.len()), content.to_vec()].concat()
}

fn item(number: usize, critical: bool, content: &[u8]) -> Vec<u8> {
    [varint(2 * number + usize::from(critical)), counted(content)].concat()
}

/// So many items that nobody knows.
fn items(count: usize) -> Vec<u8> {
    (900..).take(count).flat_map(|number| item(number, false, &[])).collect()
}

fn name(size: usize) -> Vec<u8> {
    vec![b'n'; size]
}

/// What stands for a number of two ASCII digits in [`many`].
const NUMBER: &[u8] = b"##";

/// So many records in ascending order, each made of these parts with its number.
fn many(count: usize, parts: &[&[u8]]) -> Vec<u8> {
    let record = |number: usize| -> Vec<u8> {
        let digits = format!("{number:02}").into_bytes();
        parts.iter().flat_map(|part| if *part == NUMBER { digits.clone() } else { part.to_vec() }).collect()
    };
    (10..).take(count).flat_map(record).collect()
}

const REVOKED_ISSUER: &[&[u8]] = &[NUMBER, b"345678\0"];
const REVOKED_LICENSE: &[&[u8]] = &[NUMBER, b"345678\x01\0"];

/// A license, each field as it is encoded, but `id`, `product`, `features` and `items`, which are without their lengths.
struct License {
    id: Vec<u8>,
    product: Vec<u8>,
    term: Vec<u8>,
    binding: Vec<u8>,
    features: Vec<u8>,
    items: Vec<u8>,
}

impl Default for License {
    /// Perpetual, for product "p", without anything optional.
    fn default() -> Self {
        let (id, product) = (b"1".to_vec(), b"p".to_vec());
        Self { id, product, term: vec![0], binding: vec![0], features: Vec::new(), items: Vec::new() }
    }
}

impl License {
    fn with_features(features: Vec<u8>) -> Self {
        Self { features, ..Self::default() }
    }

    fn with_item(number: usize, critical: bool, content: &[u8]) -> Self {
        Self { items: item(number, critical, content), ..Self::default() }
    }

    fn payload(&self) -> Vec<u8> {
        let (id, product) = (counted(&self.id), counted(&self.product));
        let (features, items) = (counted(&self.features), counted(&self.items));
        let issued_at = ((ISSUED - 1_577_836_800) as u32).to_le_bytes();
        [&id[..], &[1, 0], &product, &issued_at, &self.term, &self.binding, &features, &items].concat()
    }
}

/// The payload, whose list of items is the last field and not yet there, filled up to this size with one item.
fn filled(head: &[u8], size: usize) -> Vec<u8> {
    (0..size)
        .rev()
        .map(|filler| with_items(head, &item(900, false, &vec![0; filler])))
        .find(|payload| payload.len() == size)
        .expect("a filler of some length fits")
}

fn with_items(head: &[u8], items: &[u8]) -> Vec<u8> {
    [head, &counted(items)].concat()
}

/// A license whose payload has this size.
fn license_of(size: usize) -> License {
    let mut head = License::default().payload();
    head.pop();
    let payload = filled(&head, size);
    let items = payload[head.len() + 2..].to_vec();
    let license = License { items, ..License::default() };
    assert_eq!(license.payload().len(), size);
    license
}

fn components(count: usize) -> Vec<u8> {
    [b"\x01\x01salt".to_vec(), counted(&many(count, &[b"\x05", NUMBER, b"345678"]))].concat()
}

fn allocation(count: usize) -> Vec<u8> {
    [b"\x02\x05salt".to_vec(), counted(&many(count, &[NUMBER, b"345678\x01"]))].concat()
}

/// Everything before the items, or before the binding.
const LIST: &[u8] = b"\x01\0\0\0\0\x01p\0\0\0";
const UNLOCK: &[u8] = b"\0\0\0\0\x01p12345678\x01";
const REQUEST: &[u8] = b"\x01p12345678\0\0\0\0\0\0";
const RECEIPT: &[u8] = b"\x01p12345678\0\0\0\0\x011\x01\0\0";
const REPORT: &[u8] = b"\x01p12345678\0\0\0\0\x01\0\0";

fn list(issuers: &[u8], licenses: &[u8]) -> Vec<u8> {
    [&LIST[..8], &counted(issuers), &counted(licenses), &[0]].concat()
}

/// A request with so many identity components.
fn shown(count: usize) -> Vec<u8> {
    [&REQUEST[..REQUEST.len() - 1], &counted(&many(count, &[b"\x05", NUMBER, b"345678"])), &[0]].concat()
}

fn receipt(license: &[u8], usage: &[u8]) -> Vec<u8> {
    [&RECEIPT[..14], &counted(license), &[1, 0], &counted(usage), &[0]].concat()
}

fn report(entries: &[u8]) -> Vec<u8> {
    [&REPORT[..REPORT.len() - 1], &counted(entries), &[0]].concat()
}

/// Three patterns, the last one for product "p", with their lengths so many bytes.
fn scope(size: usize) -> Vec<u8> {
    let around = [counted(&[b'a'; 40]), counted(b"p")];
    let filler = vec![b'b'; size - around.concat().len() - 1];
    [&around[0], &counted(&filler), &around[1]].map(Vec::as_slice).concat()
}

/// A certificate for the usual issuer: longest term as a varint, scope, items.
fn certificate_of_key(key: &Key, longest: &[u8], scope: &[u8], items: &[u8]) -> Vec<u8> {
    let dates = [0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255];
    let head = [&[1][..], &counted(&key.public()), &dates, longest, &[1, 0], &counted(scope)].concat();
    document(b'I', &Key::anchor(), None, &with_items(&head, items))
}

fn certificate(longest: &[u8], scope: &[u8], items: &[u8]) -> Vec<u8> {
    certificate_of_key(&Key::issuer(), longest, scope, items)
}

/// A certificate of so many bytes.
fn certificate_of(size: usize) -> Vec<u8> {
    let empty = certificate(&[0], &[], &[]);
    let head = &empty[HEADER..empty.len() - 64 - 1];
    document(b'I', &Key::anchor(), None, &filled(head, size - AROUND))
}

// Documents and their readers.

/// Signs a document, however long it is.
fn document(letter: u8, key: &Key, certificate: Option<&[u8]>, payload: &[u8]) -> Vec<u8> {
    let mut document = vec![1, letter, 1, u8::from(certificate.is_some())];
    document.extend(&key.public()[..4]);
    if let Some(certificate) = certificate {
        document.extend((certificate.len() as u16).to_le_bytes());
        document.extend(certificate);
    }
    document.extend(payload);
    let signature = key.sign(&[b"LIC2 document 1\n".as_slice(), &document].concat());
    document.extend(signature);
    document
}

fn code(license: &License) -> String {
    text_of('C', &document(b'C', &Key::anchor(), None, &license.payload()))
}

/// A code with so many characters.
fn code_of_text(characters: usize) -> String {
    // Six characters of prefix; four bytes of check.
    let document = (characters - 6) * 6 / 8 - 4;
    let text = code(&license_of(document - AROUND));
    assert_eq!(text.len(), characters);
    text
}

fn in_lines(text: &str) -> String {
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("\"{}\"\r\n", lines.join("\r\n"))
}

fn ring() -> KeyRing {
    KeyRing::new(&[Key::anchor().public()]).expect("a good anchor")
}

fn verify(text: &str) -> Result<(), Error> {
    Code::new().verify(&ring(), text.as_bytes()).map(drop)
}

/// What becomes of a seller's document at the device.
fn read(letter: u8, payload: &[u8]) -> Result<(), Error> {
    let text = text_of(char::from(letter), &document(letter, &Key::anchor(), None, payload));
    DocumentBuffer::new().read(text.as_bytes())?.verify_document(&ring(), core::iter::empty()).map(drop)
}

/// What becomes of an unsigned document at the seller.
fn read_from_device(letter: u8, payload: &[u8]) -> Result<(), Error> {
    let document = [&[1, letter, 0, 0, 0, 0, 0, 0], payload].concat();
    let text = text_of(char::from(letter), &document);
    read_device_document(text.as_bytes(), &mut DocumentBuffer::new()).map(drop)
}

/// The issuer's code with this certificate.
fn certified(certificate: &[u8]) -> Result<(), Error> {
    // Not perpetual: the certificate may state a longest term.
    let payload = License { term: vec![2, 1], ..License::default() }.payload();
    verify(&text_of('C', &document(b'C', &Key::issuer(), Some(certificate), &payload)))
}

/// A code of an issuer, with a certificate, so many bytes long.
fn code_with_certificate_of_all(size: usize) -> Result<(), Error> {
    let certificate = certificate_of(256);
    let payload = license_of(size - AROUND - 2 - certificate.len()).payload();
    let document = document(b'C', &Key::issuer(), Some(&certificate), &payload);
    assert_eq!(document.len(), size);
    verify(&text_of('C', &document))
}

/// The issuer's code without its certificate, which the key ring knows in advance.
fn known(certificate: &[u8]) -> Result<(), Error> {
    let mut ring = ring();
    ring.add_issuer(text_of('I', certificate).as_bytes())?;
    let document = document(b'C', &Key::issuer(), None, &License::default().payload());
    Code::new().verify(&ring, text_of('C', &document).as_bytes()).map(drop)
}

fn last_anchor(count: usize) -> Result<(), Error> {
    let keys: Vec<Key> = (31..).take(count).map(Key::new).collect();
    let ring = KeyRing::new(&keys.iter().map(Key::public).collect::<Vec<_>>())?;
    let document = document(b'C', &keys[count - 1], None, &License::default().payload());
    Code::new().verify(&ring, text_of('C', &document).as_bytes()).map(drop)
}

fn last_issuer(count: usize) -> Result<(), Error> {
    let keys: Vec<Key> = (31..).take(count).map(Key::new).collect();
    let mut ring = ring();
    for key in &keys {
        ring.add_issuer(text_of('I', &certificate_of_key(key, &[0], &[], &[])).as_bytes())?;
    }
    let document = document(b'C', &keys[count - 1], None, &License::default().payload());
    Code::new().verify(&ring, text_of('C', &document).as_bytes()).map(drop)
}

/// The decision on a license that is good for any device, with these facts.
fn decided(license: &License, facts: &Facts<'_>) -> Result<(), Error> {
    let mut memory = Code::new();
    let ring = ring();
    let text = code(license);
    let genuine = memory.verify(&ring, text.as_bytes()).expect("a genuine code");
    decide(&genuine, facts).refusal.map_or(Ok(()), Err)
}

fn shows(components: &[Component<'_>]) -> Result<(), Error> {
    decided(&License::default(), &Facts::new("p").with_components(components))
}

/// A clock so many seconds before the issue, where the license needs the time.
fn lags(seconds: usize) -> Result<(), Error> {
    let license = License { term: b"\x01\xff\xff\xff\xff".to_vec(), ..License::default() };
    decided(&license, &Facts::new("p").with_now(UnixSeconds(ISSUED - seconds as u64)))
}
