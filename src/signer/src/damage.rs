//! What is wrong with a text that cannot be read, as far as its check reveals it.

use lic2::Error;
use lic2::limits::{PREFIX_LEN, TEXT_MAX};
use lic2::seal::Sealed;

/// The characters of base64url (RFC 4648 §5), which follow the prefix.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Sentences about a text that the library refused with `error`; none if nothing is to be said beyond the status.
#[must_use]
pub fn describe(text: &[u8], error: Error) -> Vec<String> {
    let shown = String::from_utf8_lossy(text);
    let pasted: String = shown.chars().filter(|character| !character.is_whitespace()).collect();
    match error.number() {
        203 => prefix(&pasted),
        204 => character(&pasted),
        205 => vec![format!("it contains LIC2 {} times", pasted.matches("LIC2").count())],
        202 => vec![format!("it has {} characters, and a document has at most {TEXT_MAX}", pasted.len())],
        206 => damaged(&pasted),
        _ => Vec::new(),
    }
}

fn prefix(pasted: &str) -> Vec<String> {
    let front: String = pasted.chars().take(12).collect();
    let mut found = vec![format!("it begins with {front:?}")];
    if let Some(at) = pasted.find("LIC2") {
        let before = pasted.get(..at).map_or(0, |before| before.chars().count());
        found.push(format!("LIC2 follows {before} other characters: remove those"));
    } else if pasted.to_ascii_uppercase().starts_with("LIC2") {
        found.push(
            "the letter case was changed in transit: a code uses both cases, and the original cannot be recovered"
                .into(),
        );
    }
    found
}

fn character(pasted: &str) -> Vec<String> {
    let allowed = |index: usize, character: char| {
        u8::try_from(character).is_ok_and(|byte| ALPHABET.contains(&byte))
            || (index + 1 == PREFIX_LEN && character == '.')
    };
    let wrong = pasted.chars().enumerate().find(|(index, character)| !allowed(*index, *character));
    wrong.map(|(index, character)| format!("character {} is {character:?}", index + 1)).into_iter().collect()
}

fn damaged(pasted: &str) -> Vec<String> {
    let length = pasted.len();
    let mut found = vec![format!("{length} characters arrived")];
    match repairs(pasted.as_bytes()).as_slice() {
        [repair] => found.push(format!("one change would correct the check: {repair}; paste the original to be sure")),
        _ => found.push("more than one character is missing or changed; their places cannot be determined".into()),
    }
    if length.saturating_sub(PREFIX_LEN) % 4 == 1 {
        found.push("no document has this length: characters are missing or were added".into());
    }
    if let Some(body) = pasted.get(PREFIX_LEN..) {
        let letters = || body.bytes().filter(u8::is_ascii_alphabetic);
        let one_case =
            letters().all(|byte| byte.is_ascii_lowercase()) || letters().all(|byte| byte.is_ascii_uppercase());
        if body.len() > 30 && one_case {
            found.push("every letter has the same case: the letter case was changed in transit".into());
        }
    }
    found
}

/// Every single change that corrects the check. By chance, one in thirty thousand texts has one.
fn repairs(text: &[u8]) -> Vec<String> {
    if text.len() > TEXT_MAX {
        return Vec::new();
    }
    let mut found: Vec<(Vec<u8>, String)> = Vec::new();
    let mut attempt = |candidate: Vec<u8>, sentence: &dyn Fn() -> String| {
        let damaged = matches!(Sealed::read(&candidate), Err(error) if error.number() < 207);
        if !damaged {
            found.push((candidate, sentence()));
        }
    };
    for at in PREFIX_LEN..=text.len() {
        let Some((front, rest)) = text.split_at_checked(at) else { break };
        let place = at + 1;
        for byte in ALPHABET {
            let right = char::from(*byte);
            attempt([front, &[*byte], rest].concat(), &|| format!("{right:?} is missing as character {place}"));
        }
        let Some((own, back)) = rest.split_first() else { break };
        for byte in ALPHABET.iter().filter(|byte| *byte != own) {
            let (own, right) = (char::from(*own), char::from(*byte));
            let sentence = || format!("character {place} is {own:?} and should be {right:?}");
            attempt([front, &[*byte], back].concat(), &sentence);
        }
        attempt([front, back].concat(), &|| format!("character {place} is one too many"));
        if let Some((next, behind)) = back.split_first().filter(|(next, _)| *next != own) {
            let sentence = || format!("characters {place} and {} are the wrong way round", place + 1);
            attempt([front, &[*next, *own], behind].concat(), &sentence);
        }
    }
    // In a row of equal characters it is the same whichever is missing or too many.
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.dedup_by(|a, b| a.0 == b.0);
    found.into_iter().map(|(_, sentence)| sentence).collect()
}
