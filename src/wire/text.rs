//! The text form: `LIC2` + kind letter + `.` + base64url of the document and its check.
//!
//! Reading forgives what mail and chat do to text (white space, line breaks, invisible characters anywhere;
//! quotes around) and nothing else. `docs/FORMAT.md` §2 has the rules; base64url is RFC 4648 §5 without padding.

use super::check::Check;
use super::envelope::{HEAD_LEN, announced};
use crate::error::Error;
use crate::limits::{CHECK_LEN, DOCUMENT_MAX, PREFIX_LEN, TEXT_MAX, TEXT_RAW_MAX};

// Whatever has too many characters runs out of memory, and nothing else does.
const _: () =
    assert!(BUFFER_LEN == (TEXT_MAX - PREFIX_LEN) * 6 / 8 && BUFFER_LEN < (TEXT_MAX + 1 - PREFIX_LEN) * 6 / 8);

/// Memory that the reader decodes into: the document and its check.
pub(crate) const BUFFER_LEN: usize = DOCUMENT_MAX + CHECK_LEN;

/// What the reader makes of a quotation mark, which is permitted before and after the code.
const QUOTE: u8 = b'"';

/// The class of a character that may be neither in a code nor around one.
const FOREIGN: u8 = 0xFF;

/// Reads `text` into `buffer` and returns the kind letter and the length of the document before its check.
pub(crate) fn read(text: &[u8], buffer: &mut [u8; BUFFER_LEN]) -> Result<(u8, usize), Error> {
    let mut rest = text.get(..TEXT_RAW_MAX).unwrap_or(text);
    let is_too_long = rest.len() < text.len();
    let letter = match read_prefix(&mut rest) {
        Err(_) if is_too_long => return Err(Error::TextTooLong),
        letter => letter?,
    };
    let mut filled = 0;
    let body = read_body(rest, buffer, &mut filled);
    if is_too_long || body == Err(Error::TextTooLong) {
        return Err(announced(buffer.get(..filled.min(HEAD_LEN)).unwrap_or(&[])));
    }
    if body == Err(Error::TextCharacter) && has_several_prefixes(text) {
        return Err(Error::TextSeveral);
    }
    body?;
    let length = filled.checked_sub(CHECK_LEN).ok_or(Error::TextDamaged)?;
    let (document, tail) = buffer.split_at_checked(length).ok_or(Error::TextDamaged)?;
    let expected = Check::new().update(&prefix(letter)).update(document).finish();
    if tail.get(..CHECK_LEN) != Some(&expected[..]) {
        return Err(Error::TextDamaged);
    }
    Ok((letter, length))
}

/// What a text of this kind begins with.
const fn prefix(letter: u8) -> [u8; PREFIX_LEN] {
    [b'L', b'I', b'C', b'2', letter, b'.']
}

/// Reads the prefix and returns the kind letter.
fn read_prefix(rest: &mut &[u8]) -> Result<u8, Error> {
    let mut letter = 0;
    let mut index = 0_usize;
    while index < PREFIX_LEN {
        match next_symbol(rest) {
            Some(byte) if prefix_permits(index, byte) => {
                if index == 4 {
                    letter = byte;
                }
            }
            Some(QUOTE) if index == 0 => continue,
            None if index == 0 => return Err(Error::TextEmpty),
            _ => return Err(Error::TextPrefix),
        }
        index = index.wrapping_add(1);
    }
    Ok(letter)
}

#[inline(never)]
fn prefix_permits(index: usize, byte: u8) -> bool {
    match b"LIC2".get(index) {
        Some(expected) => byte == *expected,
        None if index == 4 => byte.is_ascii_uppercase(),
        None => byte == b'.',
    }
}

/// Decodes the base64url part and counts its bytes, which are more than the buffer holds where the text is too long.
///
/// A text with too many characters is read to its end all the same: if a foreign character follows it is reported as
/// that, so that two codes pasted together are called two codes whatever their lengths.
fn read_body(mut rest: &[u8], buffer: &mut [u8; BUFFER_LEN], length: &mut usize) -> Result<(), Error> {
    let mut bits: u32 = 0;
    let mut pending = 0_u32;
    while let Some(symbol) = next_symbol(&mut rest) {
        if symbol == QUOTE {
            only_quotes(rest)?;
            break;
        }
        bits = (bits << 6) | sextet(symbol).ok_or(Error::TextCharacter)?;
        pending = pending.wrapping_add(6);
        if pending >= 8 {
            pending = pending.wrapping_sub(8);
            if let Some(slot) = buffer.get_mut(*length) {
                *slot = bits.wrapping_shr(pending).to_le_bytes()[0];
            }
            // At most as many as there are characters in the longest text.
            *length = length.wrapping_add(1);
            bits &= !u32::MAX.wrapping_shl(pending);
        }
    }
    if *length > BUFFER_LEN {
        return Err(Error::TextTooLong);
    }
    // Six leftover bits are a lone last character; any set bit would be a second spelling of the same bytes.
    if pending >= 6 || bits != 0 { Err(Error::TextDamaged) } else { Ok(()) }
}

fn only_quotes(mut rest: &[u8]) -> Result<(), Error> {
    while let Some(symbol) = next_symbol(&mut rest) {
        if symbol != QUOTE {
            return Err(Error::TextCharacter);
        }
    }
    Ok(())
}

/// Whether the text contains `LIC2`, a capital letter and a dot more than once, unbroken.
fn has_several_prefixes(mut text: &[u8]) -> bool {
    let mut found = false;
    while let Some((start, _)) = text.split_first_chunk::<PREFIX_LEN>() {
        if (0..PREFIX_LEN).zip(start).all(|(index, byte)| prefix_permits(index, *byte)) {
            if found {
                return true;
            }
            found = true;
        }
        text = text.get(1..).unwrap_or(&[]);
    }
    false
}

/// The next character that is not white space: one that a code may contain, [`QUOTE`] or [`FOREIGN`]; `None` at the
/// end.
#[inline(never)]
fn next_symbol(rest: &mut &[u8]) -> Option<u8> {
    loop {
        let (first, tail) = rest.split_first()?;
        if first.is_ascii_alphanumeric() || matches!(first, b'-' | b'_' | b'.') {
            *rest = tail;
            return Some(*first);
        }
        let (code_point, tail) = code_point(*first, tail);
        *rest = tail;
        match RANGES.iter().position(|(first, last)| (*first..=*last).contains(&code_point)) {
            Some(place) if place < SPACES => {}
            Some(_) => return Some(QUOTE),
            None => return Some(FOREIGN),
        }
    }
}

/// The character that begins with `first` and continues with `tail`, and what follows it; 0 for one that is of no
/// interest, which has one byte, so that its other bytes are of none either. UTF-8, RFC 3629 §3, up to U+FFFF.
fn code_point(first: u8, tail: &[u8]) -> (u16, &[u8]) {
    match (first, tail) {
        (0..=0x7F, tail) => (first.into(), tail),
        (0xC2..=0xDF, [second @ 0x80..=0xBF, tail @ ..]) => {
            (u16::from(first & 0x1F) << 6 | u16::from(second & 0x3F), tail)
        }
        // With a second byte from A0 on after E0: not in more bytes than it needs. No surrogates are in the table.
        (0xE1..=0xEF, [second @ 0x80..=0xBF, third @ 0x80..=0xBF, tail @ ..]) => {
            let high = u16::from(first & 0x0F) << 12 | u16::from(second & 0x3F) << 6;
            (high | u16::from(third & 0x3F), tail)
        }
        (_, tail) => (0, tail),
    }
}

/// The characters that are passed over, first and last of each range, and from number [`SPACES`] on those that are
/// quotation marks. A table is smaller than the code of a `match`.
const RANGES: [(u16, u16); 20] = [
    (0x09, 0x0D),
    (0x20, 0x20),
    // No-break space, soft hyphen.
    (0xA0, 0xA0),
    (0xAD, 0xAD),
    // Spaces, zero-width characters and marks of direction.
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    // Medium mathematical space, word joiner, isolates of direction.
    (0x205F, 0x2060),
    (0x2066, 0x2069),
    // Ideographic space, byte order mark.
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
    // " ' ` « »
    (0x22, 0x22),
    (0x27, 0x27),
    (0x60, 0x60),
    (0xAB, 0xAB),
    (0xBB, 0xBB),
    // ‘ ’ ‚ ‛ “ ” „ ‟ ‹ ›
    (0x2018, 0x201F),
    (0x2039, 0x203A),
    // 「 」 『 』 ＂ ＇
    (0x300C, 0x300F),
    (0xFF02, 0xFF02),
    (0xFF07, 0xFF07),
];

/// How many ranges are passed over.
const SPACES: usize = 10;

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
    let prefix = prefix(letter);
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
