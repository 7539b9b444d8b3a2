//! The text form: `LIC2` + kind letter + `.` + base64url of the document and its check.
//!
//! Reading forgives what mail and chat do to text (white space, line breaks, invisible characters anywhere;
//! quotes around) and nothing else. `docs/FORMAT.md` §2 has the rules; base64url is RFC 4648 §5 without padding.

use core::slice::IterMut;

use super::check::Check;
use crate::error::Error;
use crate::limits::{CHECK_LEN, DOCUMENT_MAX, PREFIX_LEN, TEXT_MAX, TEXT_RAW_MAX};

/// Memory that the reader decodes into: the document and its check.
pub(crate) const BUFFER_LEN: usize = DOCUMENT_MAX + CHECK_LEN;

/// What the reader makes of the bytes at its position.
enum Symbol {
    /// A byte that may stand in a code.
    Byte(u8),
    /// A quotation mark, permitted before and after the code.
    Quote,
    /// Anything else.
    Foreign,
}

/// Reads `text` into `buffer` and returns the kind letter and the length of the document before its check.
pub(crate) fn read(text: &[u8], buffer: &mut [u8; BUFFER_LEN]) -> Result<(u8, usize), Error> {
    if text.len() > TEXT_RAW_MAX {
        return Err(Error::TextTooLong);
    }
    let mut rest = text;
    let prefix = read_prefix(&mut rest)?;
    let filled = match read_body(rest, buffer) {
        Err(Error::TextCharacter) if count_prefixes(text) > 1 => return Err(Error::TextSeveral),
        result => result?,
    };
    let length = filled.checked_sub(CHECK_LEN).ok_or(Error::TextDamaged)?;
    let (document, tail) = buffer.split_at_checked(length).ok_or(Error::TextDamaged)?;
    let expected = Check::new().update(&prefix).update(document).finish();
    if tail.get(..CHECK_LEN) != Some(&expected[..]) {
        return Err(Error::TextDamaged);
    }
    Ok((prefix[4], length))
}

fn read_prefix(rest: &mut &[u8]) -> Result<[u8; PREFIX_LEN], Error> {
    let mut prefix = [0; PREFIX_LEN];
    let mut index = 0_usize;
    while let Some(slot) = prefix.get_mut(index) {
        match next_symbol(rest) {
            Some(Symbol::Byte(byte)) if prefix_permits(index, byte) => *slot = byte,
            Some(Symbol::Quote) if index == 0 => continue,
            None if index == 0 => return Err(Error::TextEmpty),
            _ => return Err(Error::TextPrefix),
        }
        index = index.saturating_add(1);
    }
    Ok(prefix)
}

fn prefix_permits(index: usize, byte: u8) -> bool {
    match b"LIC2".get(index) {
        Some(expected) => byte == *expected,
        None if index == 4 => byte.is_ascii_uppercase(),
        None => byte == b'.',
    }
}

/// Decodes the base64url part and returns the number of bytes.
fn read_body(mut rest: &[u8], buffer: &mut [u8; BUFFER_LEN]) -> Result<usize, Error> {
    let mut slots = buffer.iter_mut();
    let mut characters = PREFIX_LEN;
    let mut bits: u32 = 0;
    let mut pending = 0_u32;
    loop {
        if pending == 0 {
            rest = read_groups(rest, &mut slots, &mut characters);
        }
        let value = match next_symbol(&mut rest) {
            None => break,
            Some(Symbol::Quote) => {
                only_quotes(rest)?;
                break;
            }
            Some(Symbol::Byte(byte)) => sextet(byte).ok_or(Error::TextCharacter)?,
            Some(Symbol::Foreign) => return Err(Error::TextCharacter),
        };
        characters = characters.saturating_add(1);
        if characters > TEXT_MAX {
            return Err(too_long(rest));
        }
        bits = (bits << 6) | value;
        pending = pending.saturating_add(6);
        if pending >= 8 {
            pending = pending.saturating_sub(8);
            let byte = (bits >> pending).to_le_bytes()[0];
            *slots.next().ok_or(Error::TextTooLong)? = byte;
            bits &= !(u32::MAX << pending);
        }
    }
    // Six leftover bits are a lone last character; any set bit would be a second spelling of the same bytes.
    if pending >= 6 || bits != 0 {
        return Err(Error::TextDamaged);
    }
    Ok(BUFFER_LEN.saturating_sub(slots.len()))
}

/// Decodes whole groups of four characters as long as nothing else comes between: nearly all of an undamaged text,
/// at a fifth of the price. Stops early wherever [`read_body`] has to look closer.
fn read_groups<'t>(mut rest: &'t [u8], slots: &mut IterMut<'_, u8>, characters: &mut usize) -> &'t [u8] {
    while let Some(([a, b, c, d], tail)) = rest.split_first_chunk::<4>() {
        let (Some(a), Some(b), Some(c), Some(d)) = (sextet(*a), sextet(*b), sextet(*c), sextet(*d)) else { break };
        // The buffer holds what TEXT_MAX characters decode to: where it has room, the text is not too long.
        if slots.len() < 3 {
            break;
        }
        let [low, middle, high, _] = (a << 18 | b << 12 | c << 6 | d).to_le_bytes();
        for (slot, byte) in slots.take(3).zip([high, middle, low]) {
            *slot = byte;
        }
        *characters = characters.saturating_add(4);
        rest = tail;
    }
    rest
}

/// A text with too many characters: if a foreign character follows it is reported as that, so that
/// two codes pasted together are called two codes whatever their lengths.
fn too_long(mut rest: &[u8]) -> Error {
    while let Some(symbol) = next_symbol(&mut rest) {
        match symbol {
            Symbol::Byte(byte) if sextet(byte).is_some() => {}
            Symbol::Byte(_) | Symbol::Foreign => return Error::TextCharacter,
            Symbol::Quote => return only_quotes(rest).err().unwrap_or(Error::TextTooLong),
        }
    }
    Error::TextTooLong
}

fn only_quotes(mut rest: &[u8]) -> Result<(), Error> {
    while let Some(symbol) = next_symbol(&mut rest) {
        if !matches!(symbol, Symbol::Quote) {
            return Err(Error::TextCharacter);
        }
    }
    Ok(())
}

/// How often `LIC2`, a capital letter and a dot stand in the text, unbroken.
fn count_prefixes(text: &[u8]) -> usize {
    text.windows(PREFIX_LEN)
        .filter(|window| (0..PREFIX_LEN).zip(*window).all(|(index, byte)| prefix_permits(index, *byte)))
        .fold(0, |count: usize, _| count.saturating_add(1))
}

/// The next character that is not white space; `None` at the end.
fn next_symbol(rest: &mut &[u8]) -> Option<Symbol> {
    loop {
        let (first, tail) = rest.split_first()?;
        if first.is_ascii_alphanumeric() || matches!(first, b'-' | b'_' | b'.') {
            *rest = tail;
            return Some(Symbol::Byte(*first));
        }
        let (class, length) = classify(rest);
        *rest = rest.get(length..).unwrap_or(&[]);
        match class {
            Class::Space => {}
            Class::Quote => return Some(Symbol::Quote),
            Class::Foreign => return Some(Symbol::Foreign),
        }
    }
}

#[derive(Clone, Copy)]
enum Class {
    Space,
    Quote,
    Foreign,
}

/// The class of the character at the front of `bytes`, and its length in UTF-8 bytes.
fn classify(bytes: &[u8]) -> (Class, usize) {
    match bytes {
        [b'\t'..=b'\r' | b' ', ..] => (Class::Space, 1),
        [b'"' | b'\'' | b'`', ..] => (Class::Quote, 1),
        // U+00A0 no-break space, U+00AD soft hyphen
        [0xC2, 0xA0 | 0xAD, ..] => (Class::Space, 2),
        // « »
        [0xC2, 0xAB | 0xBB, ..] => (Class::Quote, 2),
        // U+2000..U+200F spaces, zero-width characters and marks of direction, U+2028..U+202F the same
        [0xE2, 0x80, 0x80..=0x8F | 0xA8..=0xAF, ..] => (Class::Space, 3),
        // ‘ ’ ‚ ‛ “ ” „ ‟ ‹ ›
        [0xE2, 0x80, 0x98..=0x9F | 0xB9 | 0xBA, ..] => (Class::Quote, 3),
        // U+205F medium mathematical space, U+2060 word joiner, U+2066..U+2069 isolates of direction
        [0xE2, 0x81, 0x9F | 0xA0 | 0xA6..=0xA9, ..] => (Class::Space, 3),
        // U+3000 ideographic space
        [0xE3, 0x80, 0x80, ..] => (Class::Space, 3),
        // 「 」 『 』
        [0xE3, 0x80, 0x8C..=0x8F, ..] => (Class::Quote, 3),
        // U+FEFF byte order mark
        [0xEF, 0xBB, 0xBF, ..] => (Class::Space, 3),
        // ＂ ＇
        [0xEF, 0xBC, 0x82 | 0x87, ..] => (Class::Quote, 3),
        _ => (Class::Foreign, 1),
    }
}

/// The six bits of a base64url character.
fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte.wrapping_sub(b'A'),
        b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// Writes the text form of `document` to `out` and returns its length, or `None` when `out` is too small.
pub(crate) fn write(letter: u8, document: &[u8], out: &mut [u8]) -> Option<usize> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let prefix = [b'L', b'I', b'C', b'2', letter, b'.'];
    let check = Check::new().update(&prefix).update(document).finish();
    let room = out.len();
    let mut slots = out.iter_mut();
    for byte in prefix {
        *slots.next()? = byte;
    }
    let mut bits: u32 = 0;
    let mut pending = 0_u32;
    for byte in document.iter().chain(&check) {
        bits = ((bits & 0x3F) << 8) | u32::from(*byte);
        pending = pending.saturating_add(8);
        while pending >= 6 {
            pending = pending.saturating_sub(6);
            *slots.next()? = character(ALPHABET, bits.wrapping_shr(pending))?;
        }
    }
    if pending > 0 {
        *slots.next()? = character(ALPHABET, bits.wrapping_shl(6_u32.saturating_sub(pending)))?;
    }
    room.checked_sub(slots.len())
}

fn character(alphabet: &[u8; 64], bits: u32) -> Option<u8> {
    alphabet.get(usize::try_from(bits & 0x3F).ok()?).copied()
}
