//! Signed content with one fault each.

use super::super::{Key, hex, unhex};
use super::{Case, UNKNOWN, counted, expect, granted, item, refused, unknown, usual, varint};
use lic2::Error;

/// The parts of a payload, each to be replaced on its own.
struct Parts {
    id: &'static str,
    serial: &'static str,
    class: &'static str,
    product: &'static str,
    issued_at: &'static str,
    term: &'static str,
    binding: &'static str,
    features: &'static str,
    items: &'static str,
}

/// id "1", serial 1, commercial, product "p", 2026, perpetual, no binding, no features, no items.
const GOOD: Parts = Parts {
    id: "0131",
    serial: "01",
    class: "00",
    product: "0170",
    issued_at: "c0a5f10c",
    term: "00",
    binding: "00",
    features: "00",
    items: "00",
};

impl Parts {
    fn payload(&self) -> Vec<u8> {
        let parts = [
            self.id,
            self.serial,
            self.class,
            self.product,
            self.issued_at,
            self.term,
            self.binding,
            self.features,
            self.items,
        ];
        unhex(&parts.concat())
    }

    fn case(&self, name: &str) -> Case {
        usual(name, &Key::anchor().raw_code(&self.payload())).set("product", Some("p"))
    }
}

pub fn cases() -> Vec<Case> {
    let mut cases = vec![granted(GOOD.case("good"), &[])];
    cases.extend(frame());
    cases.extend(heads());
    cases.extend(bindings());
    cases.extend(features());
    cases.extend(later_rights());
    cases.extend(items());
    cases.extend(item_values());
    cases
}

fn frame() -> Vec<Case> {
    let payload = GOOD.payload();
    let raw =
        |name: &str, payload: &[u8]| refused(usual(name, &Key::anchor().raw_code(payload)), Error::PayloadMalformed);
    let mut cases = vec![raw("empty", &[]), raw("a-byte-more", &[&payload[..], &[0]].concat())];
    cases.extend((1..payload.len()).map(|length| raw(&format!("cut-to-{length}"), &payload[..length])));
    cases
}

fn heads() -> Vec<Case> {
    let m = Error::PayloadMalformed;
    let c = Error::PayloadNotCanonical;
    let v = Error::PayloadValue;
    let long_id: &'static str = Box::leak(format!("41{}", "41".repeat(65)).into_boxed_str());
    vec![
        refused(Parts { id: "00", ..GOOD }.case("id-empty"), v),
        refused(Parts { id: long_id, ..GOOD }.case("id-of-65-bytes"), v),
        refused(Parts { id: "0120", ..GOOD }.case("id-with-space"), v),
        refused(Parts { id: "017f", ..GOOD }.case("id-with-delete"), v),
        refused(Parts { id: "02c3a9", ..GOOD }.case("id-not-ascii"), v),
        refused(Parts { id: "01ff", ..GOOD }.case("id-not-utf-8"), m),
        refused(Parts { id: "810031", ..GOOD }.case("id-length-overlong"), c),
        refused(Parts { serial: "00", ..GOOD }.case("serial-0"), v),
        refused(Parts { serial: "8100", ..GOOD }.case("serial-overlong"), c),
        refused(Parts { serial: "8180808000", ..GOOD }.case("serial-overlong-to-five-bytes"), c),
        refused(Parts { serial: "ffffffff10", ..GOOD }.case("serial-too-large"), m),
        refused(Parts { serial: "818080808000", ..GOOD }.case("serial-of-six-bytes"), m),
        refused(Parts { class: "04", ..GOOD }.case("class-unknown"), m),
        refused(Parts { class: "8000", ..GOOD }.case("class-overlong"), c),
        refused(Parts { product: "00", ..GOOD }.case("product-empty"), v),
        refused(Parts { product: "0370612a", ..GOOD }.case("product-ending-in-a-star"), v),
        refused(Parts { term: "04", ..GOOD }.case("term-unknown"), m),
        refused(Parts { term: "0200", ..GOOD }.case("term-of-no-days"), v),
        refused(Parts { term: "02ae9d02", ..GOOD }.case("term-of-too-many-days"), v),
        refused(Parts { term: "02808004", ..GOOD }.case("term-of-days-above-16-bits"), m),
        refused(Parts { term: "0300", ..GOOD }.case("term-of-no-hours"), v),
        refused(Parts { term: "03b9c035", ..GOOD }.case("term-of-too-many-hours"), v),
        refused(Parts { term: "02aedd82", ..GOOD }.case("term-cut-off"), m),
    ]
}

fn bindings() -> Vec<Case> {
    let m = Error::PayloadMalformed;
    let v = Error::PayloadValue;
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let entry = |kind: u8, hash: u8| format!("{kind:02x}{}", hex(&[hash; 8]));
    let components = |needed: u8, entries: &[String]| {
        leak(format!("01{needed:02x}09080706{:02x}{}", entries.len() * 9, entries.concat()))
    };
    let many: Vec<String> = (1..=14).map(|hash| entry(1, hash)).collect();
    let allocation = |kind: u8, entries: &str| leak(format!("02{kind:02x}09080706{:02x}{entries}", entries.len() / 2));
    let device = |hash: u8, quantity: &str| format!("{}{quantity}", hex(&[hash; 8]));
    let with = |name: &str, binding: &'static str, error| refused(Parts { binding, ..GOOD }.case(name), error);
    vec![
        with("binding-unknown", "04", m),
        with("components-needed-0", components(0, &[entry(1, 1)]), v),
        with("components-needed-more-than-listed", components(2, &[entry(1, 1)]), v),
        with("components-none", components(1, &[]), v),
        with("components-kind-0", components(1, &[entry(0, 1)]), v),
        with("components-descending", components(1, &[entry(1, 2), entry(1, 1)]), v),
        with("components-twice", components(1, &[entry(1, 1), entry(1, 1)]), v),
        with("components-kinds-descending", components(1, &[entry(2, 1), entry(1, 2)]), v),
        with("components-cut-off", leak(format!("01010908070608{}", hex(&[1; 8]))), m),
        with(
            "components-seventeen",
            leak(format!("0101090807069901{}{}", many.concat(), [entry(2, 1), entry(2, 2), entry(2, 3)].concat())),
            v,
        ),
        with(
            "components-length-overlong",
            leak(format!("0101090807068900{}", entry(1, 1))),
            Error::PayloadNotCanonical,
        ),
        with("allocation-none", allocation(5, ""), v),
        with("allocation-kind-0", allocation(0, &device(1, "01")), v),
        with("allocation-quantity-0", allocation(5, &device(1, "00")), v),
        with("allocation-quantity-overlong", allocation(5, &device(1, "8100")), Error::PayloadNotCanonical),
        with("allocation-descending", allocation(5, &format!("{}{}", device(2, "01"), device(1, "01"))), v),
        with("allocation-twice", allocation(5, &format!("{}{}", device(1, "01"), device(1, "02"))), v),
        with("allocation-cut-off", allocation(5, &hex(&[1; 8])), m),
        with(
            "allocation-forty-nine",
            leak(
                format!("020509080706b903{}", (1..=49).map(|hash| device(hash, "01")).collect::<String>())
                    .replace(' ', ""),
            ),
            v,
        ),
        with("device-key-cut-off", leak(format!("03{}", "11".repeat(8))), m),
    ]
}

/// A list in hex, behind its length.
fn list(records: &str) -> &'static str {
    Box::leak(counted(records).into_boxed_str())
}

fn features() -> Vec<Case> {
    let m = Error::PayloadMalformed;
    let v = Error::PayloadValue;
    let with = |name: &str, records: &str, error| refused(Parts { features: list(records), ..GOOD }.case(name), error);
    let many: String =
        (0..65_u8).map(|index| format!("02{:02x}{:02x}00", 0x41 + index / 10, 0x30 + index % 10)).collect();
    vec![
        with("feature-name-empty", "0000", v),
        with("feature-name-of-33-bytes", &format!("21{}00", "61".repeat(33)), v),
        with("feature-name-with-space", "02612000", v),
        with("feature-right-overlong", "01618000", Error::PayloadNotCanonical),
        with("feature-limit-overlong", "0161018500", Error::PayloadNotCanonical),
        with("feature-limit-above-64-bits", "016101ffffffffffffffffff02", m),
        with("feature-limit-missing", "016101", m),
        with("feature-text-empty", "01610400", v),
        with("feature-text-of-65-bytes", &format!("01610441{}", "61".repeat(65)), v),
        with("feature-text-with-control-character", "01610401 0a".replace(' ', "").as_str(), v),
        with("feature-text-not-utf-8", "01610401ff", m),
        with("feature-expiry-cut-off", "016105000000", m),
        with("features-descending", "016200016100", v),
        with("features-twice", "016100016100", v),
        with("feature-named-like-the-beginning-of-the-one-before", "02616200016100", v),
        with("features-sixty-five", &many, v),
    ]
}

/// The right of a later version: number and content.
fn later(number: u16, content: &str) -> String {
    varint(number) + &counted(content)
}

/// Rights of later versions refuse the one feature and can be passed over.
fn later_rights() -> Vec<Case> {
    let m = Error::PayloadMalformed;
    let c = Error::PayloadNotCanonical;
    let v = Error::PayloadValue;
    let case = |name: &str, records: &str| Parts { features: list(records), ..GOOD }.case(name);
    let with = |name: &str, records: &str, error| refused(case(name, records), error);
    let empty = later(UNKNOWN, "");
    let among = |right: &str| format!("016105c07b750d0162{right}01630140");
    let three = among(&later(UNKNOWN, "ff0080"));
    let many = |count: u8| -> String {
        (0..count).map(|index| format!("02{:02x}{:02x}{empty}", 0x41 + index / 10, 0x30 + index % 10)).collect()
    };
    let expired = Parts { term: "01c0a5f10c", features: list(&three), ..GOOD }.case("feature-right-unknown-expired");
    vec![
        granted(case("feature-right-unknown", &format!("0161{empty}")), &["a", "b"]),
        granted(case("feature-right-unknown-among-others", &three), &["a", "b", "c"]),
        granted(case("feature-right-unknown-without-clock", &three).set("now", None), &["a", "b", "c"]),
        granted(case("feature-right-unknown-last-number", &among(&later(999, "00"))), &["b"]),
        granted(case("feature-right-unknown-of-200-bytes", &among(&later(UNKNOWN, &"5a".repeat(200)))), &["b", "c"]),
        granted(case("features-sixty-four-with-unknown-rights", &many(64)), &["A0", "G3"]),
        expect(expired, &["a", "b", "c", "d"], Some(Error::Expired)),
        with("features-sixty-five-with-unknown-rights", &many(65), v),
        with("feature-right-unknown-without-content", "01618407", m),
        with("feature-right-unknown-cut-off", "0161840705aa", m),
        with("feature-right-unknown-cut-off-in-its-number", "016184", m),
        with("feature-right-unknown-of-more-than-its-list", &among("840706aa"), m),
        with("feature-right-unknown-overlong", "016184870000", c),
        with("feature-right-unknown-length-overlong", "016184078000", c),
        with("feature-right-unknown-length-of-six-bytes", "01618407808080808000", m),
        with("feature-right-above-32-bits", "0161ffffffff1000", m),
        with("feature-right-unknown-of-no-name", &format!("00{empty}"), v),
        with("feature-right-unknown-cut-off-and-of-no-name", "00840705aa", m),
        with("feature-right-unknown-overlong-and-of-no-name", "0084870000", c),
        with("features-descending-to-an-unknown-right", &format!("0162000161{empty}"), v),
        with("features-twice-with-an-unknown-right", &format!("0161000161{empty}"), v),
    ]
}

fn items() -> Vec<Case> {
    let m = Error::PayloadMalformed;
    let v = Error::PayloadValue;
    let with = |name: &str, records: &str, error| refused(Parts { items: list(records), ..GOOD }.case(name), error);
    let item = |tag: u16| item(tag, "");
    let tag = 2 * UNKNOWN;
    let many: String = (0..33).map(|index| item(tag + 2 * index)).collect();
    vec![
        granted(Parts { items: list(&unknown("")), ..GOOD }.case("item-unknown"), &[]),
        with("item-unknown-critical", &item(tag + 1), Error::ExtensionUnknown),
        with("item-unknown-critical-vendor", &item(2_001), Error::ExtensionUnknown),
        with("item-number-0", "0000", v),
        with("items-descending", &format!("{}{}", item(tag + 2), item(tag)), v),
        with("items-twice", &format!("{}{}", item(tag), item(tag)), v),
        with("items-twice-once-critical", &format!("{}{}", item(tag), item(tag + 1)), v),
        with("items-thirty-three", &many, v),
        with("item-tag-overlong", "888e0000", Error::PayloadNotCanonical),
        with("item-length-overlong", "880e8000", Error::PayloadNotCanonical),
        with("item-cut-off", "880e05aa", m),
    ]
}

/// A known item's value, its range and its criticality.
fn item_values() -> Vec<Case> {
    let m = Error::PayloadMalformed;
    let c = Error::PayloadNotCanonical;
    let v = Error::PayloadValue;
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let with = |name: &str, tag: u8, value: &str, error| {
        let items = leak(format!("{:02x}{tag:02x}{:02x}{value}", 2 + value.len() / 2, value.len() / 2));
        refused(Parts { items, ..GOOD }.case(name), error)
    };
    vec![
        with("not-before-of-three-bytes", 3, "000000", m),
        with("not-before-of-five-bytes", 3, "0000000000", m),
        with("not-before-not-critical", 2, "00000000", v),
        with("grace-0", 4, "00", v),
        with("grace-too-long", 4, "ae9d02", v),
        with("grace-overlong", 4, "8100", c),
        with("grace-and-a-byte", 4, "0100", m),
        with("grace-overlong-and-a-byte", 4, "810000", c),
        with("grace-critical", 5, "01", v),
        with("lease-0", 7, "00", v),
        with("lease-not-critical", 6, "01", v),
        with("versions-backwards", 9, "020000010000", v),
        with("versions-cut-off", 9, "0100000200", m),
        with("versions-overlong", 9, "8100000000020000", c),
        with("versions-not-critical", 8, "010000020000", v),
        with("maintenance-not-critical", 10, "00000000", v),
        with("quantity-0", 12, "00", v),
        with("quantity-1", 12, "01", v),
        with("quantity-above-32-bits", 12, "ffffffff10", m),
        with("edition-with-space", 14, "6120", v),
        with("edition-empty", 14, "", v),
        with("edition-of-65-bytes", 14, &"61".repeat(65), v),
        with("customer-not-utf-8", 16, "ff", m),
        with("customer-with-control-character", 16, "6109", v),
        with("customer-critical", 17, "61", v),
        with("order-of-65-bytes", 18, &"61".repeat(65), v),
        with("add-on-not-critical", 20, "", v),
        with("add-on-with-content", 21, "00", m),
        with("order-not-utf-8-and-critical", 19, "ff", m),
    ]
}
