//! The feature `_trial_items`, which plays a later version of the library: one that knows the next item of every kind of
//! document, and the next right. `tests/suites/20-core` runs the frozen vectors with it and finds every answer unchanged.
//! That this says something is shown here: with the feature the next numbers are known, without it they are not.

mod support;

use lic2::{Code, DocumentBuffer, Error, Facts, KeyRing, Kind, decide, decide_feature, read_device_document};
use support::{Key, PLAIN, bytes_of, hex, unhex};

/// Whether the next numbers are known.
const ON_TRIAL: bool = cfg!(feature = "_trial_items");

/// Every kind of document: its payload in hex up to the list of items, and the number of the next item.
fn kinds() -> [(Kind, String, u16); 8] {
    let certificate = format!("0120{}00000000 00000000 ffffffff 00 01 00 00", hex(&Key::issuer().public()));
    let shared = "0170 0102030405060708 00000000";
    [
        (Kind::Code, "0131 01 00 0170 c0a5f10c 00 00 00".to_owned(), 11),
        (Kind::Certificate, certificate, 3),
        (Kind::RevocationList, "01 c0a5f10c 0170 00 00 00".to_owned(), 3),
        (Kind::TimeToken, "c0a5f10c 0170".to_owned(), 1),
        (Kind::Unlock, "c0a5f10c 0170 0102030405060708 01 00".to_owned(), 1),
        (Kind::Request, format!("{shared} 00 00"), 5),
        (Kind::Receipt, format!("{shared} 0131 01 00 00"), 4),
        (Kind::UsageReport, format!("{shared} 01 00 00"), 4),
    ]
}

/// A payload with one item, critical and empty.
fn with_item(head: &str, number: u16) -> Vec<u8> {
    let tag = 2 * number + 1;
    let [low, high] = [tag & 127, tag >> 7];
    let tag = if high == 0 { format!("{low:02x}") } else { format!("{:02x}{high:02x}", low | 128) };
    unhex(&format!("{head}{:02x}{tag}00", tag.len() / 2 + 1).replace(' ', ""))
}

fn ring() -> KeyRing {
    KeyRing::new(&[Key::anchor().public()]).expect("a good anchor")
}

/// The status of reading the document as its usual reader does; a certificate is carried by a good code.
fn status(kind: Kind, payload: &[u8]) -> Result<(), Error> {
    let mut memory = DocumentBuffer::new();
    if kind.is_from_device() {
        let document = [&[1, kind.letter(), 0, 0, 0, 0, 0, 0], payload].concat();
        let text = support::text_of(char::from(kind.letter()), &document);
        return read_device_document(text.as_bytes(), &mut memory).map(drop);
    }
    let mut sealed = Key::anchor().raw(kind, None, payload);
    if kind == Kind::Certificate {
        let plain = bytes_of(&Key::issuer().code(&PLAIN));
        sealed = Key::issuer().raw(Kind::Code, Some(sealed.document()), &plain[8..plain.len() - 68]);
    }
    memory.read(sealed.text().as_bytes())?.verify_document(&ring(), core::iter::empty()).map(drop)
}

#[test]
fn the_next_item_of_every_kind_is_known_to_a_later_version_only() {
    let kinds = kinds();
    assert_eq!(kinds.each_ref().map(|(kind, ..)| *kind), Kind::ALL);
    for (kind, head, next) in kinds {
        let next_item = status(kind, &with_item(&head, next));
        assert_eq!(next_item, if ON_TRIAL { Ok(()) } else { Err(Error::ExtensionUnknown) }, "{kind:?} {next}");
        for never in [next + 1, 899, 900, 999] {
            let unknown = status(kind, &with_item(&head, never));
            assert_eq!(unknown, Err(Error::ExtensionUnknown), "{kind:?} {never}");
        }
        // The number before it is assigned, if there is one: it is refused for other reasons, or not at all.
        if next > 1 {
            assert_ne!(status(kind, &with_item(&head, next - 1)), Err(Error::ExtensionUnknown), "{kind:?}");
        }
    }
}

#[test]
fn the_next_right_is_known_to_a_later_version_only() {
    let right = |number: &str| {
        let features = format!("0161{number}02ffff");
        let payload = format!("0131 01 00 0170 c0a5f10c 00 00 {:02x}{features} 00", features.len() / 2);
        let text = Key::anchor().raw_code(&unhex(&payload.replace(' ', "")));
        let mut code = Code::new();
        let ring = ring();
        let genuine = code.verify(&ring, text.as_bytes()).expect("a genuine code");
        let facts = Facts::new("p");
        assert_eq!(decide(&genuine, &facts).refusal, None);
        decide_feature(&genuine, &facts, "a").refusal
    };
    assert_eq!(right("0a"), if ON_TRIAL { None } else { Some(Error::RightUnknown) });
    // 11, 899, 900 and 999.
    for never in ["0b", "8307", "8407", "e707"] {
        assert_eq!(right(never), Some(Error::RightUnknown), "{never}");
    }
}
