//! The text form: what reading forgives, and what it does not.

use super::super::{Key, PLAIN, bytes_of, hex, text_of, usual_code};
use super::{Case, expect, usual};
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
        ("1025-characters", b(&format!("LIC2C.{}", "A".repeat(1_019))), Error::TextTooLong),
        ("1024-characters-of-nothing", b(&format!("LIC2C.{}", "A".repeat(1_018))), Error::TextDamaged),
        ("1025-characters-and-a-full-stop", b(&format!("LIC2C.{}.", "A".repeat(1_019))), Error::TextCharacter),
        ("1025-characters-then-quoted-words", b(&format!("LIC2C.{}\"x", "A".repeat(1_019))), Error::TextCharacter),
        ("4097-bytes", b(&format!("{code}{}", " ".repeat(4_097 - code.len()))), Error::TextTooLong),
        ("longer-than-any-document", b(&text_of('C', &[document, &[0; 600]].concat())), Error::TextTooLong),
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
