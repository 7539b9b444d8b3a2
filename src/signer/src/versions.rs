//! Product versions and ranges of them: `1.2.0..2.*`, `2`, `2.x`, `2.1.3`.

use lic2::{Version, VersionRange};

/// The value of parts omitted from the first version.
const FIRST: Version = Version { major: 0, minor: 0, patch: 0 };

/// The value of open parts of the last version.
const LAST: Version = Version { major: u16::MAX, minor: u16::MAX, patch: u32::MAX };

const HELP: &str = "write 2 or 2.x or 2.1.3, or a range such as 1.2.0..2.*, 1.2.. or ..2.9; the first two parts go \
                    up to 65535, the third to 4294967295";

/// Reads a version of three parts; parts left out are 0.
///
/// # Errors
/// A sentence that describes a version.
pub fn parse_version(text: &str) -> Result<Version, String> {
    let parts = Parts::read(text).filter(|parts| parts.major.is_some() && !parts.open).ok_or_else(|| {
        format!(
            "{text:?} is not a version: write up to three numbers such as 2.1.3, the first two at most 65535, the \
             third at most 4294967295"
        )
    })?;
    Ok(parts.or(FIRST))
}

/// Reads a range of versions, both ends included.
///
/// # Errors
/// A sentence that describes a range.
pub fn parse_range(text: &str) -> Result<VersionRange, String> {
    let wrong = || format!("{text:?} is not a range of versions: {HELP}");
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let single = !text.contains("..");
    let (from, to) = (Parts::read(from).ok_or_else(wrong)?, Parts::read(to).ok_or_else(wrong)?);
    if single && from.major.is_none() && !matches!(text.trim(), "*" | "x") {
        return Err(wrong());
    }
    let range = VersionRange { from: from.or(FIRST), to: to.or(LAST) };
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
    let end = if to == LAST {
        String::new()
    } else if (to.minor, to.patch) == (LAST.minor, LAST.patch) {
        format!("{}.*", to.major)
    } else if to.patch == LAST.patch {
        format!("{}.{}.*", to.major, to.minor)
    } else {
        format_version(to)
    };
    format!("{}..{end}", format_version(range.from))
}

/// The stated parts of a version.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    major: Option<u16>,
    minor: Option<u16>,
    patch: Option<u32>,
    /// Whether a `*` or `x` follows them.
    open: bool,
}

impl Parts {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut parts = Self::default();
        if text.is_empty() {
            return Some(parts);
        }
        if text.split('.').count() > 3 {
            return None;
        }
        for (index, part) in text.split('.').enumerate() {
            if matches!(part, "*" | "x") {
                parts.open = true;
                continue;
            }
            // The number parsers also take a plus sign.
            if parts.open || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            match index {
                0 => parts.major = Some(part.parse().ok()?),
                1 => parts.minor = Some(part.parse().ok()?),
                _ => parts.patch = Some(part.parse().ok()?),
            }
        }
        Some(parts)
    }

    /// The version, its other parts from `rest`.
    fn or(self, rest: Version) -> Version {
        Version {
            major: self.major.unwrap_or(rest.major),
            minor: self.minor.unwrap_or(rest.minor),
            patch: self.patch.unwrap_or(rest.patch),
        }
    }
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
        reads("2.1.20261122", "2.1.20261122..2.1.20261122");
        reads("..65535.65535.4294967294", "0.0.0..65535.65535.4294967294");
        reads("1.2..", "1.2.0..");
        reads("..2.9", "0.0.0..2.9.*");
        reads("*", "0.0.0..");
        reads("1 .. 2", "1.0.0..2.*");
    }

    #[test]
    fn an_open_part_is_the_largest_that_fits() {
        let last = Version { major: 2, minor: 65535, patch: 4_294_967_295 };
        assert_eq!(parse_range("2.x").map(|range| range.to), Ok(last));
        assert_eq!(parse_version("2.65535.4294967295"), Ok(last));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "a",
            "1.2.3.4",
            "2..1",
            "65536",
            "1.*.3",
            "1.-2",
            "v1",
            "1...2",
            "+1",
            "1.65536",
            "1.2.4294967296",
            "1.2.3.x",
        ] {
            assert!(parse_range(text).is_err(), "{text}");
        }
        for text in ["", "1.x", "1.2.3.4", "1..2", "*", "65536", "1.65536", "1.2.4294967296"] {
            assert!(parse_version(text).is_err(), "{text}");
        }
        assert_eq!(parse_version("1.2").map(format_version), Ok("1.2.0".into()));
    }
}
