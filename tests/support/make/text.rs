//! The text form: what reading forgives, and what it does not.

use super::super::{Key, PLAIN, bytes_of, hex, text_of, usual_code};
use super::{Case, UNKNOWN_BIT, UNKNOWN_BYTE, expect, usual};
use lic2::Error;

pub fn cases() -> Vec<Case> {
    let code = usual_code();
    let lines = |width: usize, end: &str| {
        let rows: Vec<&str> = (0..code.len()).step_by(width).map(|at| &code[at..code.len().min(at + width)]).collect();
        rows.join(end)
    };
    let spaced = |space: &str| code.chars().map(|c| format!("{c}{space}")).collect::<String>();
    let forgiven: Vec<(&str, String)> = vec![
        ("surrounded-by-white-space", format!(" \t\r\n{code}\u{b}\u{c} ")),
        ("wrapped-at-64-crlf", lines(64, "\r\n")),
        ("wrapped-at-76-with-quote-free-indent", lines(76, "\n    ")),
        ("every-ascii-space", spaced(" ")),
        ("ideographic-spaces", spaced("\u{3000}")),
        ("byte-order-mark", format!("\u{feff}{code}")),
        ("zero-width-characters", lines(9, "\u{200b}\u{200c}\u{200d}\u{2060}")),
        ("no-break-spaces", lines(9, "\u{a0}\u{202f}\u{ad}")),
        ("typographic-spaces", lines(9, "\u{2000}\u{2003}\u{2009}\u{200a}\u{205f}\u{2028}\u{2029}")),
        ("marks-of-direction", lines(9, "\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}")),
        ("ascii-quotes", format!("\"'{code}'\"")),
        ("backquotes", format!("`{code}`")),
        ("curly-quotes", format!("\u{201c}\u{2018}{code}\u{2019}\u{201d}")),
        ("corner-brackets", format!("「『{code}』」 ")),
        ("guillemets", format!("« ‹{code}› »")),
        ("full-width-quotes", format!("＂＇{code}＇＂")),
        ("quote-only-before", format!("\"{code}")),
        ("4096-bytes", format!("{code}{}", " ".repeat(4_096 - code.len()))),
        ("quote-only-behind", format!("{code}\n\"")),
    ];
    let mut cases: Vec<Case> = forgiven.iter().map(|(name, text)| text_case(name, text.as_bytes(), None)).collect();
    cases.extend(refused_texts(&code).iter().map(|(name, text, error)| text_case(name, text, Some(*error))));
    for (name, text, error) in [announced_at_1025(), announced_at_4097()].concat() {
        // In hex only if it has to be: these are long.
        let case = usual(name, &text);
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        let case = if is_plain { case } else { case.set("text", None).with("text_hex", hex(text.as_bytes())) };
        cases.push(expect(case, &[], Some(error)));
    }
    cases
}

fn text_case(name: &str, text: &[u8], refusal: Option<Error>) -> Case {
    let case = usual(name, "").set("text", None).with("text_hex", hex(text));
    expect(case, &[], refusal)
}

fn refused_texts(code: &str) -> Vec<(&'static str, Vec<u8>, Error)> {
    let bytes = bytes_of(code);
    let document = &bytes[..bytes.len() - 4];
    let b = |text: &str| text.as_bytes().to_vec();
    let tail =
        |from: &str, to: &str| b(&code.strip_suffix(from).map_or_else(String::new, |code| format!("{code}{to}")));
    let last = &code[code.len() - 1..];
    vec![
        ("empty", b(""), Error::TextEmpty),
        ("only-white-space-and-quotes", b(" \r\n\u{3000}\"\u{feff}' "), Error::TextEmpty),
        ("one-byte", b("L"), Error::TextPrefix),
        ("one-foreign-byte", vec![0xFF], Error::TextPrefix),
        ("one-nul-byte", vec![0], Error::TextPrefix),
        ("prefix-without-dot", b("LIC2C"), Error::TextPrefix),
        ("prefix-alone", b("LIC2C."), Error::TextDamaged),
        ("wrong-prefix", b(&code.replacen("LIC2", "LIC3", 1)), Error::TextPrefix),
        ("lower-case-prefix", b(&code.replacen("LIC2C", "lic2c", 1)), Error::TextPrefix),
        ("lower-case-kind", b(&code.replacen("LIC2C", "LIC2c", 1)), Error::TextPrefix),
        ("digit-as-kind", b(&code.replacen("LIC2C", "LIC27", 1)), Error::TextPrefix),
        ("colon-for-dot", b(&code.replacen('.', ":", 1)), Error::TextPrefix),
        ("quote-in-the-prefix", b(&code.replacen("LIC2", "LIC\"2", 1)), Error::TextPrefix),
        ("full-width-prefix", b(&code.replacen("LIC2", "ＬＩＣ２", 1)), Error::TextPrefix),
        ("inside-a-sentence", b(&format!("Your code is {code}. Thank you!")), Error::TextPrefix),
        ("before-a-sentence", b(&format!("{code} is your code.")), Error::TextCharacter),
        ("before-words", b(&format!("{code} thanks")), Error::TextDamaged),
        ("behind-chinese-words", b(&format!("授权码：{code}")), Error::TextPrefix),
        ("before-a-chinese-full-stop", b(&format!("{code}。")), Error::TextCharacter),
        ("before-a-chinese-comma", b(&format!("{code}，")), Error::TextCharacter),
        ("in-chinese-parentheses", b(&format!("（{code}）")), Error::TextPrefix),
        ("in-angle-brackets", b(&format!("<{code}>")), Error::TextPrefix),
        ("before-a-full-stop", b(&format!("{code}.")), Error::TextCharacter),
        ("padded", b(&format!("{code}=")), Error::TextCharacter),
        ("standard-alphabet", b(&format!("{}+/", &code[..100])), Error::TextCharacter),
        ("quote-in-the-middle", b(&format!("{}\"{}", &code[..50], &code[50..])), Error::TextCharacter),
        ("before-backspace", b(&format!("{code}\u{8}")), Error::TextCharacter),
        ("before-shift-out", b(&format!("{code}\u{e}")), Error::TextCharacter),
        ("before-u-009f", b(&format!("{code}\u{9f}")), Error::TextCharacter),
        ("before-u-2010", b(&format!("{code}\u{2010}")), Error::TextCharacter),
        ("before-u-2020", b(&format!("{code}\u{2020}")), Error::TextCharacter),
        ("before-u-2027", b(&format!("{code}\u{2027}")), Error::TextCharacter),
        ("before-u-2030", b(&format!("{code}\u{2030}")), Error::TextCharacter),
        ("before-u-205e", b(&format!("{code}\u{205e}")), Error::TextCharacter),
        ("before-u-2061", b(&format!("{code}\u{2061}")), Error::TextCharacter),
        ("before-u-206a", b(&format!("{code}\u{206a}")), Error::TextCharacter),
        ("before-u-2fff", b(&format!("{code}\u{2fff}")), Error::TextCharacter),
        ("before-u-3001", b(&format!("{code}\u{3001}")), Error::TextCharacter),
        ("before-u-300a", b(&format!("{code}\u{300a}")), Error::TextCharacter),
        ("before-u-3010", b(&format!("{code}\u{3010}")), Error::TextCharacter),
        ("before-u-ff01", b(&format!("{code}\u{ff01}")), Error::TextCharacter),
        ("before-u-ff03", b(&format!("{code}\u{ff03}")), Error::TextCharacter),
        ("nul-in-the-middle", b(&format!("{}\0{}", &code[..50], &code[50..])), Error::TextCharacter),
        ("nul-at-the-end", b(&format!("{code}\0")), Error::TextCharacter),
        ("half-a-space", [code.as_bytes(), &[0xE3, 0x80]].concat(), Error::TextCharacter),
        ("right-text-twice", b(&format!("{code}{code}")), Error::TextSeveral),
        ("right-text-twice-in-lines", b(&format!("{code}\n{code}\n")), Error::TextSeveral),
        ("right-text-twice-in-quotes", b(&format!("\"{code}\" \"{code}\"")), Error::TextSeveral),
        ("two-different-documents", b(&format!("{code} LIC2L.AAAA")), Error::TextSeveral),
        ("four-copies", b(&[code; 4].join(" ")), Error::TextSeveral),
        ("first-character-missing", b(&code[1..]), Error::TextPrefix),
        ("last-character-missing", b(&code[..code.len() - 1]), Error::TextDamaged),
        ("half-of-it", b(&code[..code.len() / 2]), Error::TextDamaged),
        ("one-character-missing", b(&format!("{}{}", &code[..60], &code[61..])), Error::TextDamaged),
        ("one-character-changed", b(&swap_character(code, 60)), Error::TextDamaged),
        ("two-characters-exchanged", b(&exchange(code, 60)), Error::TextDamaged),
        ("one-character-doubled", b(&format!("{}{}", &code[..61], &code[60..])), Error::TextDamaged),
        ("one-character-more", b(&format!("{code}A")), Error::TextDamaged),
        ("kind-letter-changed", b(&code.replacen("LIC2C", "LIC2I", 1)), Error::TextDamaged),
        ("upper-cased", b(&code.to_ascii_uppercase()), Error::TextDamaged),
        ("unused-bits-set", tail(last, &next_character(last)), Error::TextDamaged),
        ("unused-bits-set-behind-two-characters", b(&spare_bits(2)), Error::TextDamaged),
        ("unused-bits-set-behind-three-characters", b(&spare_bits(3)), Error::TextDamaged),
        (
            "a-lone-last-character",
            b(&format!("{}A", text_of('C', &document[..document.len() - 1]))),
            Error::TextDamaged,
        ),
        ("four-bytes-of-nothing", b(&text_of('C', b"")), Error::FormatEnvelope),
        ("1025-characters", b(&format!("LIC2C.{}", "A".repeat(1_019))), Error::FormatVersion),
        ("1024-characters-of-nothing", b(&format!("LIC2C.{}", "A".repeat(1_018))), Error::TextDamaged),
        ("1025-characters-and-a-full-stop", b(&format!("LIC2C.{}.", "A".repeat(1_019))), Error::TextCharacter),
        ("1025-characters-then-quoted-words", b(&format!("LIC2C.{}\"x", "A".repeat(1_019))), Error::TextCharacter),
        ("4097-bytes", b(&format!("{code}{}", " ".repeat(4_097 - code.len()))), Error::TextTooLong),
        ("longer-than-any-document", b(&text_of('C', &[document, &[0; 600]].concat())), Error::TextTooLong),
    ]
}

/// A text of so many characters whose document begins with these four bytes. The check is wrong.
fn beginning_with(head: [u8; 4], characters: usize) -> String {
    let text = text_of(char::from(head[1]), &[&head[..], &[0; 9]].concat());
    format!("{}{}", &text[..14], "A".repeat(characters - 14))
}

/// What texts with too many characters announce.
fn announced_at_1025() -> Vec<(&'static str, String, Error)> {
    let (byte, bit) = (UNKNOWN_BYTE, UNKNOWN_BIT);
    let long = |head: [u8; 4]| beginning_with(head, 1_025);
    let later = long([byte, b'C', 1, 0]);
    let good_check = |length: usize| text_of('C', &[&[byte, b'C', 1, 0][..], &vec![0; length - 4]].concat());
    vec![
        ("announced-version", later.clone(), Error::FormatVersion),
        ("announced-version-of-an-unknown-kind", long([byte, b'X', byte, bit]), Error::FormatVersion),
        ("announced-version-with-a-good-check", good_check(760), Error::FormatVersion),
        (
            "announced-version-in-quotes-and-lines",
            format!("\" {} \"", later.replace('A', "A\r\n")),
            Error::FormatVersion,
        ),
        ("announced-version-and-algorithm", long([byte, b'C', byte, 0]), Error::FormatVersion),
        ("announced-flag", long([1, b'C', 1, bit]), Error::FormatVersion),
        ("announced-flag-beside-a-known-one", long([1, b'C', 1, bit | 1]), Error::FormatVersion),
        ("announced-flag-and-algorithm", long([1, b'C', byte, bit]), Error::FormatVersion),
        ("announced-algorithm", long([1, b'C', byte, 0]), Error::FormatAlgorithm),
        ("announced-algorithm-of-an-unknown-kind", long([1, b'X', byte, 1]), Error::FormatAlgorithm),
        ("announced-nothing", long([1, b'C', 1, 0]), Error::TextTooLong),
        ("announced-nothing-with-a-certificate", long([1, b'C', 1, 1]), Error::TextTooLong),
        ("announced-nothing-unsigned", long([1, b'R', 0, 0]), Error::TextTooLong),
        ("announced-nothing-of-an-unknown-kind", long([1, b'X', 1, 0]), Error::TextTooLong),
        (
            "announced-nothing-by-another-letter",
            long([1, b'C', 1, 0]).replacen("LIC2C", "LIC2X", 1),
            Error::TextTooLong,
        ),
        ("announced-version-behind-a-full-stop", format!("{later}."), Error::TextCharacter),
        ("announced-version-twice", format!("{later} {later}"), Error::TextSeveral),
        ("version-240-of-1024-characters", beginning_with([byte, b'C', 1, 0], 1_024), Error::TextDamaged),
        ("version-240-of-1024-characters-with-a-good-check", good_check(759), Error::FormatVersion),
    ]
}

/// What texts of too many bytes announce: only the beginning is looked at.
fn announced_at_4097() -> Vec<(&'static str, String, Error)> {
    let (byte, bit) = (UNKNOWN_BYTE, UNKNOWN_BIT);
    let long = |head: [u8; 4]| beginning_with(head, 4_097);
    let later = beginning_with([byte, b'C', 1, 0], 242);
    let padded = |text: &str| format!("{text}{}", " ".repeat(4_097 - text.len()));
    let behind = |spaces: usize| format!("{}{later}", " ".repeat(spaces));
    let within = |at: usize, other: &str| padded(&format!("{}{other}{}", &later[..at], &later[at..]));
    vec![
        ("4097-bytes-of-version-240", long([byte, b'C', 1, 0]), Error::FormatVersion),
        ("4097-bytes-with-a-reserved-flag", long([1, b'C', byte, bit]), Error::FormatVersion),
        ("4097-bytes-of-algorithm-240", long([1, b'C', byte, 0]), Error::FormatAlgorithm),
        ("4097-bytes-of-algorithm-1", long([1, b'C', 1, 0]), Error::TextTooLong),
        ("4097-bytes-most-of-them-spaces", padded(&later), Error::FormatVersion),
        ("4096-spaces-before-version-240", behind(4_096), Error::TextTooLong),
        ("six-characters-before-the-4097th-byte", behind(4_096 - 12), Error::FormatVersion),
        ("five-characters-before-the-4097th-byte", behind(4_096 - 11), Error::TextTooLong),
        ("4097-bytes-not-a-code", padded(&later.replacen("LIC2", "LIC3", 1)), Error::TextTooLong),
        ("4097-bytes-with-a-full-stop-behind-six-characters", within(12, "."), Error::FormatVersion),
        ("4097-bytes-with-a-full-stop-behind-five-characters", within(11, "."), Error::TextTooLong),
        ("4097-bytes-with-a-quote-behind-five-characters", within(11, "\""), Error::TextTooLong),
    ]
}

fn swap_character(code: &str, at: usize) -> String {
    let other = if &code[at..=at] == "x" { "y" } else { "x" };
    format!("{}{other}{}", &code[..at], &code[at + 1..])
}

fn exchange(code: &str, at: usize) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let other = (at + 1..bytes.len()).find(|next| bytes[*next] != bytes[at]).expect("not all alike");
    bytes.swap(at, other);
    String::from_utf8(bytes).expect("it is ASCII")
}

/// A good text whose last group has this many characters, with a bit set that no byte uses.
fn spare_bits(group: usize) -> String {
    let text = (1..4)
        .map(|length| {
            let id = "1".repeat(length);
            Key::anchor().code(&PLAIN.with_id(&id))
        })
        .find(|text| (text.len() - 6) % 4 == group)
        .expect("lengths differ by one");
    let last = &text[text.len() - 1..];
    format!("{}{}", &text[..text.len() - 1], next_character(last))
}

/// The base64url character after this one: it differs in the lowest bit, which the last one does not use.
fn next_character(character: &str) -> String {
    let byte = character.as_bytes()[0];
    assert!(matches!(byte, b'A'..=b'Y' | b'a'..=b'y' | b'0'..=b'8'), "{character}");
    char::from(byte + 1).to_string()
}
