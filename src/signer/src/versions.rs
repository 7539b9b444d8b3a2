//! Product versions and ranges of them: `1.2.0..2.*`, `2`, `2.x`, `2.1.3`.

use lic2::{Version, VersionRange};

/// What an open part of the last version stands for.
const OPEN: u16 = u16::MAX;

const HELP: &str = "write 2 or 2.x or 2.1.3, or a range such as 1.2.0..2.*, 1.2.. or ..2.9; parts go up to 65535";

/// Reads a version of three parts; parts left out are 0.
///
/// # Errors
/// A sentence that says what a version looks like.
pub fn parse_version(text: &str) -> Result<Version, String> {
    let (parts, open) = parts(text).filter(|(parts, _)| !parts.is_empty()).ok_or_else(|| no_version(text))?;
    if open { Err(no_version(text)) } else { Ok(fill(&parts, 0)) }
}

/// Reads a range of versions, both ends included.
///
/// # Errors
/// A sentence that says what a range looks like.
pub fn parse_range(text: &str) -> Result<VersionRange, String> {
    let wrong = || format!("{text:?} is not a range of versions: {HELP}");
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let single = !text.contains("..");
    let ((from, _), (to, _)) = (parts(from).ok_or_else(wrong)?, parts(to).ok_or_else(wrong)?);
    if single && from.is_empty() && !matches!(text.trim(), "*" | "x") {
        return Err(wrong());
    }
    let range = VersionRange { from: fill(&from, 0), to: fill(&to, OPEN) };
    if range.to < range.from {
        return Err(format!("{text:?} ends before it begins: {HELP}"));
    }
    Ok(range)
}

/// The version as people write it.
#[must_use]
pub fn format_version(version: Version) -> String {
    format!("{}.{}.{}", version.major, version.minor, version.patch)
}

/// The range in a form that [`parse_range`] reads back.
#[must_use]
pub fn format_range(range: VersionRange) -> String {
    let to = range.to;
    let end = match (to.major, to.minor, to.patch) {
        (OPEN, OPEN, OPEN) => String::new(),
        (major, OPEN, OPEN) => format!("{major}.*"),
        (major, minor, OPEN) => format!("{major}.{minor}.*"),
        _ => format_version(to),
    };
    format!("{}..{end}", format_version(range.from))
}

fn no_version(text: &str) -> String {
    format!("{text:?} is not a version: write up to three numbers such as 2.1.3, each at most 65535")
}

/// The stated parts, and whether a `*` or `x` follows them.
fn parts(text: &str) -> Option<(Vec<u16>, bool)> {
    let text = text.trim();
    let mut numbers = Vec::new();
    let mut open = false;
    if text.is_empty() {
        return Some((numbers, open));
    }
    let all: Vec<&str> = text.split('.').collect();
    if all.len() > 3 {
        return None;
    }
    for part in all {
        if matches!(part, "*" | "x") {
            open = true;
        } else if open || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        } else {
            numbers.push(part.parse().ok()?);
        }
    }
    Some((numbers, open))
}

fn fill(parts: &[u16], rest: u16) -> Version {
    let part = |index: usize| parts.get(index).copied().unwrap_or(rest);
    Version { major: part(0), minor: part(1), patch: part(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        assert_eq!(parse_range(text).map(format_range), Ok(expected.into()), "{text}");
        assert_eq!(parse_range(expected).map(format_range), Ok(expected.into()), "{expected}");
    }

    #[test]
    fn ranges_are_read_and_written() {
        reads("1.2.0..2.*", "1.2.0..2.*");
        reads("2", "2.0.0..2.*");
        reads("2.x", "2.0.0..2.*");
        reads("2.1", "2.1.0..2.1.*");
        reads("2.1.3", "2.1.3..2.1.3");
        reads("1.2..", "1.2.0..");
        reads("..2.9", "0.0.0..2.9.*");
        reads("*", "0.0.0..");
        reads("1 .. 2", "1.0.0..2.*");
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["", "a", "1.2.3.4", "2..1", "65536", "1.*.3", "1.-2", "v1", "1...2", "+1"] {
            assert!(parse_range(text).is_err(), "{text}");
        }
        for text in ["", "1.x", "1.2.3.4", "1..2", "*"] {
            assert!(parse_version(text).is_err(), "{text}");
        }
        assert_eq!(parse_version("1.2").map(format_version), Ok("1.2.0".into()));
    }
}
