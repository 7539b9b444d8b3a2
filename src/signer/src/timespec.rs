//! Points in time and durations as people and the marketplace write them; RFC 3339 in UTC on the way out.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveDateTime, Utc};
use lic2::{SECONDS_PER_DAY, UnixSeconds};

use crate::exit::{Failure, Result};

/// The forms that [`parse`] takes, for help texts and hints.
pub const FORMS: &str = "2027-06-30, 20270630, 2027-06-30T12:00:00Z, 20270630120000, 20270630120000000, \
                         \"2027-06-30 12:00:00 UTC\", or a duration such as 30d, 6 months, 1y, \"3 years\"";

/// A point in time or the absence of an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Without end.
    Never,
    /// Up to, not including, this point.
    At(UnixSeconds),
}

/// Reads the end of something: a point in time, a duration from `base`, or `unlimited` or `perpetual`.
///
/// # Errors
/// Exit code 1 with the forms that are understood.
pub fn parse_end(text: &str, base: UnixSeconds) -> Result<End> {
    match text.trim().to_ascii_lowercase().as_str() {
        "unlimited" | "perpetual" => Ok(End::Never),
        _ => parse(text, base).map(End::At),
    }
}

/// Reads a point in time, or a duration from `base`. A date alone is its beginning, 00:00:00 UTC.
///
/// # Errors
/// Exit code 1 with the forms that are understood.
pub fn parse(text: &str, base: UnixSeconds) -> Result<UnixSeconds> {
    let trimmed = text.trim();
    let time = absolute(trimmed).or_else(|| relative(trimmed, base));
    if time.is_none() && NaiveDateTime::parse_from_str(&trimmed.replacen('T', " ", 1), "%Y-%m-%d %H:%M:%S").is_ok() {
        return Err(Failure::usage(format!("{text:?} lacks a time zone"))
            .hint(format!("write {:?} for UTC, or an offset such as +08:00", format!("{trimmed}Z"))));
    }
    time.and_then(|time| u64::try_from(time.timestamp()).ok())
        .map(UnixSeconds)
        .ok_or_else(|| Failure::usage(format!("{text:?} is not a time")).hint(format!("write one of: {FORMS}")))
}

/// The one spelling of what was stated: RFC 3339 for a point in time, whichever form it was written in; a duration as it
/// stands, because it means another point each time.
#[must_use]
pub fn canonical(text: &str) -> String {
    let bases = [UnixSeconds(0), UnixSeconds(SECONDS_PER_DAY)];
    match bases.map(|base| parse_end(text, base)) {
        [Ok(End::Never), _] => "perpetual".into(),
        [Ok(End::At(one)), Ok(End::At(other))] if one == other => format(one),
        _ => text.trim().to_lowercase(),
    }
}

/// Reads a number of days: `30`, `30d`, `30 days`, `4w`, `4 weeks`.
///
/// # Errors
/// Exit code 1 for anything else, also for years and months, which have no fixed number of days.
pub fn parse_days(text: &str) -> Result<u16> {
    let wrong = || {
        Failure::usage(format!("{text:?} is not a number of days"))
            .hint("write 30, 30d or 4w; months and years differ in length, so give their days (at most 36525)")
    };
    let (number, unit) = split_number(text.trim()).ok_or_else(wrong)?;
    let days = match unit {
        "" | "d" | "day" | "days" => Some(number),
        "w" | "week" | "weeks" => number.checked_mul(7),
        _ => None,
    };
    days.filter(|days| *days <= u32::from(lic2::limits::DAYS_MAX))
        .and_then(|days| u16::try_from(days).ok())
        .ok_or_else(wrong)
}

/// The current time.
#[must_use]
pub fn now() -> UnixSeconds {
    UnixSeconds(u64::try_from(Utc::now().timestamp()).unwrap_or(0))
}

/// RFC 3339 in UTC.
#[must_use]
pub fn format(time: UnixSeconds) -> String {
    i64::try_from(time.0)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map_or_else(|| format!("{} s after 1970", time.0), |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn absolute(text: &str) -> Option<DateTime<Utc>> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits(text);
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        // chrono also takes 2027-6-3; a date in one of our forms has ten characters.
        return if text.len() == 10 { midnight(date) } else { None };
    }
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| time.to_utc())
        .or_else(|| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S %z").ok().map(|time| time.to_utc()))
        .or_else(|| {
            let named = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" Z"))?;
            NaiveDateTime::parse_from_str(named, "%Y-%m-%d %H:%M:%S").ok().map(|time| time.and_utc())
        })
}

/// The marketplace's forms: `yyyyMMdd`, `yyyyMMddHHmmss` and `yyyyMMddHHmmssSSS`, all in UTC.
fn digits(text: &str) -> Option<DateTime<Utc>> {
    match text.len() {
        8 => midnight(NaiveDate::parse_from_str(text, "%Y%m%d").ok()?),
        14 | 17 => Some(NaiveDateTime::parse_from_str(text.get(..14)?, "%Y%m%d%H%M%S").ok()?.and_utc()),
        _ => None,
    }
}

fn midnight(date: NaiveDate) -> Option<DateTime<Utc>> {
    Some(date.and_hms_opt(0, 0, 0)?.and_utc())
}

/// `30d`, `2 weeks`, `6 months`, `1y`: calendar months and years, so that a year later is the same date.
fn relative(text: &str, base: UnixSeconds) -> Option<DateTime<Utc>> {
    let base = DateTime::from_timestamp(i64::try_from(base.0).ok()?, 0)?;
    let (number, unit) = split_number(text)?;
    match unit {
        "h" | "hour" | "hours" => base.checked_add_signed(chrono::TimeDelta::try_hours(i64::from(number))?),
        "d" | "day" | "days" => base.checked_add_days(Days::new(u64::from(number))),
        "w" | "week" | "weeks" => base.checked_add_days(Days::new(u64::from(number) * 7)),
        "month" | "months" => base.checked_add_months(Months::new(number)),
        "y" | "year" | "years" => base.checked_add_months(Months::new(number.checked_mul(12)?)),
        _ => None,
    }
}

fn split_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: UnixSeconds = UnixSeconds(1_709_164_800); // 2024-02-29T00:00:00Z

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        assert_eq!(parse(text, BASE).map(format).map_err(|failure| failure.to_string()), Ok(expected.into()), "{text}");
    }

    #[test]
    fn every_form_is_read() {
        reads("2027-06-30", "2027-06-30T00:00:00Z");
        reads("20270630", "2027-06-30T00:00:00Z");
        reads("2027-06-30T12:34:56Z", "2027-06-30T12:34:56Z");
        reads("2027-06-30T12:34:56+08:00", "2027-06-30T04:34:56Z");
        reads("2027-06-30T12:34:56.789Z", "2027-06-30T12:34:56Z");
        reads("20270630123456", "2027-06-30T12:34:56Z");
        reads("20270630123456789", "2027-06-30T12:34:56Z");
        reads("2027-06-30 12:34:56 UTC", "2027-06-30T12:34:56Z");
        reads("2027-06-30 12:34:56 Z", "2027-06-30T12:34:56Z");
        reads("2027-06-30 12:34:56 +0800", "2027-06-30T04:34:56Z");
        reads(" 2027-06-30 12:34:56 +08:00 ", "2027-06-30T04:34:56Z");
        reads("30d", "2024-03-30T00:00:00Z");
        reads("30 days", "2024-03-30T00:00:00Z");
        reads("1w", "2024-03-07T00:00:00Z");
        reads("36h", "2024-03-01T12:00:00Z");
        reads("6 months", "2024-08-29T00:00:00Z");
        reads("1y", "2025-02-28T00:00:00Z");
        reads("3 years", "2027-02-28T00:00:00Z");
        reads("4 years", "2028-02-29T00:00:00Z");
    }

    #[test]
    fn a_point_in_time_has_one_spelling_and_a_duration_keeps_its_own() {
        for text in ["2027-06-30", "20270630", "20270630000000", "2027-06-30T02:00:00+02:00", " 2027-06-30 00:00:00 Z"]
        {
            assert_eq!(canonical(text), "2027-06-30T00:00:00Z", "{text}");
        }
        assert_eq!((canonical("Unlimited"), canonical(" 3 Years ")), ("perpetual".into(), "3 years".into()));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let wrong = [
            "",
            " ",
            "2027",
            "202706",
            "2027-13-01",
            "2027-02-29",
            "2027-6-3",
            "20270630 12",
            "2027063012345",
            "1x",
            "-1d",
            "99999999999d",
            "2027-06-30 25:00:00 UTC",
            "12",
            "1969-12-31",
            "tomorrow",
            "d",
            "4294967295y",
        ];
        for text in wrong {
            let failure = parse(text, BASE).expect_err(text);
            assert_eq!(failure.exit(), crate::exit::Exit::Usage, "{text}");
            assert!(failure.advice().is_some_and(|hint| hint.contains("2027-06-30")), "{text}");
        }
    }

    #[test]
    fn a_time_without_zone_is_refused_with_the_right_spelling() {
        for text in ["2027-06-30 12:00:00", "2027-06-30T12:00:00"] {
            let failure = parse(text, BASE).expect_err(text);
            assert!(failure.to_string().contains("time zone"), "{failure}");
        }
    }

    #[test]
    fn no_end_has_two_names() {
        assert_eq!(parse_end("unlimited", BASE).ok(), Some(End::Never));
        assert_eq!(parse_end("Perpetual", BASE).ok(), Some(End::Never));
        assert_eq!(parse_end("1d", BASE).ok(), Some(End::At(UnixSeconds(BASE.0 + 86_400))));
    }

    #[test]
    fn days_are_days() {
        assert_eq!(["30", "30d", "30 days", "4w"].map(|text| parse_days(text).ok()), [30, 30, 30, 28].map(Some));
        for text in ["", "1y", "1 month", "-1", "36526", "65536", "4294967295w", "1.5"] {
            assert!(parse_days(text).is_err(), "{text}");
        }
    }
}
