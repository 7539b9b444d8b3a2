//! The makers of the vector files. Each case states by hand which status it expects; the other fields of the decision
//! are filled in by the library and compared with the independent program in `tests/interop`.

mod accept;
pub mod documents;
pub mod engine;
mod envelope;
mod issuer;
mod keyring;
mod payload;
mod policy;
mod text;

use std::fs;
use std::path::Path;

use super::code_stanza::observe;
use super::stanza::{Case, print};
use super::{ESN, ISSUED, Key, hex};
use lic2::Error;

/// An item number of every kind, and a right, that is never assigned: what a reader does not know. So are the next
/// ones up to 999, and what follows here; docs/FORMAT.md §9 lists them. Nothing else stands for it in vectors.
const UNKNOWN: u16 = 900;
/// A format version, and an algorithm, that is never assigned.
const UNKNOWN_BYTE: u8 = 240;
/// A flag, and a kind that an issuer may sign, that is never assigned.
const UNKNOWN_BIT: u8 = 0x80;

/// A varint in hex.
fn varint(value: u16) -> String {
    let [low, middle, high] = [value & 127, value >> 7 & 127, value >> 14];
    match (middle, high) {
        (0, 0) => format!("{low:02x}"),
        (_, 0) => format!("{:02x}{middle:02x}", low | 128),
        _ => format!("{:02x}{:02x}{high:02x}", low | 128, middle | 128),
    }
}

/// Content in hex, behind its length.
fn counted(content: &str) -> String {
    varint(u16::try_from(content.len() / 2).expect("short")) + content
}

/// An item in hex: tag and content.
fn item(tag: u16, content: &str) -> String {
    varint(tag) + &counted(content)
}

/// An item that nobody knows, and the same as a critical one.
fn unknown(content: &str) -> String {
    item(2 * UNKNOWN, content)
}

fn unknown_critical(content: &str) -> String {
    item(2 * UNKNOWN + 1, content)
}

/// File name, first lines, cases.
pub fn files() -> Vec<(&'static str, &'static str, Vec<Case>)> {
    vec![
        ("accept.txt", "Good codes with every kind of content.", accept::cases()),
        ("text.txt", "The text form: what reading forgives, and what it does not.", text::cases()),
        ("envelope.txt", "One fault each in header, certificate place and signature.", envelope::cases()),
        ("payload.txt", "Signed content with one fault each.", payload::cases()),
        ("issuer.txt", "Issuer certificates: good, forged, and every limit exceeded.", issuer::cases()),
        ("policy.txt", "One license against many facts.", policy::cases()),
        ("keyring.txt", "Key rings that cannot be set up.", keyring::cases()),
    ]
}

/// Holds a file of `tests/vectors` against what its maker makes; `BLESS=1` writes one that is not there.
pub fn check_frozen(name: &str, head: &str, cases: &[Case]) {
    let made = print(head, cases);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    if std::env::var_os("BLESS").is_some() && !path.exists() {
        fs::write(&path, &made).expect("tests/vectors can be written");
    }
    let frozen = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    for (made, frozen) in made.lines().zip(frozen.lines()) {
        assert_eq!(made, frozen, "{name}");
    }
    assert_eq!(made.len(), frozen.len(), "{name}");
}

/// A code under the usual anchor with the facts of the usual device, one day after the issue.
fn usual(name: &str, text: &str) -> Case {
    Case::new(name)
        .with("anchors", hex(&Key::anchor().public()))
        .with("text", text)
        .with("product", "vision-appliance")
        .with("now", ISSUED + 86_400)
        .with("component", format!("5:{}", hex(ESN)))
}

/// Adds what is expected: this status, and everything else as the library answers it.
fn expect(case: Case, features: &[&str], refusal: Option<Error>) -> Case {
    let mut asked = case.clone();
    for name in features {
        asked = asked.with("feature", format!("{name} ? ? ? ?"));
    }
    let seen = observe(&asked);
    let status = refusal.map_or(0, Error::number).to_string();
    let found = seen.iter().find(|(key, _)| key == "status" || key == "ring_status");
    assert_eq!(found.map(|(_, value)| value), Some(&status), "{}: {seen:?}", case.name);
    Case { fields: [case.fields, seen].concat(), ..case }
}

fn granted(case: Case, features: &[&str]) -> Case {
    expect(case, features, None)
}

fn refused(case: Case, refusal: Error) -> Case {
    expect(case, &[], Some(refusal))
}
