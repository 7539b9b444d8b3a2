//! Points in time and durations as people and the marketplace write them; RFC 3339 in UTC on the way out.

mod duration;

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, Offset, SecondsFormat, TimeZone, Timelike, Utc};
use lic2::{SECONDS_PER_DAY, UnixSeconds};

use crate::exit::{Failure, Result};
use duration::{Duration, Wrong};

/// The forms that [`parse`] takes, for help texts and hints.
pub const FORMS: &str = "2027-06-30, 20270630, 2027-06-30T12:00:00Z or +08:00, 20270630120000, 20270630120000000, \
                         \"2027-06-30 12:00:00 UTC\", or a duration such as 30d, 2 weeks, 18 months, 1y6m, \"3 years\"";

/// A point in time or the absence of an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// No end.
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

/// Reads a point in time, or a duration from `base`. A date alone is its beginning, 00:00:00 UTC. Parts of seconds are
/// dropped.
///
/// # Errors
/// Exit code 1 with the forms that are understood, or with the spelling that was probably meant.
pub fn parse(text: &str, base: UnixSeconds) -> Result<UnixSeconds> {
    let trimmed = text.trim();
    let not_a_time = || Failure::usage(format!("{text:?} is not a time")).hint(format!("write one of: {FORMS}"));
    let time = match absolute(trimmed) {
        // chrono reads a leap second as the one before it, longer; Unix seconds count none.
        Some(time) if time.nanosecond() >= 1_000_000_000 => return Err(leap_second(text)),
        Some(time) => time,
        None => match unclear(text, trimmed) {
            Some(failure) => return Err(failure),
            None => relative(trimmed, base).ok_or_else(not_a_time)?,
        },
    };
    u64::try_from(time.timestamp()).map(UnixSeconds).map_err(|_| not_a_time())
}

/// A more helpful error than "not a time".
fn unclear(text: &str, trimmed: &str) -> Option<Failure> {
    let spaced = trimmed.replacen(['T', 't'], " ", 1);
    if NaiveDateTime::parse_from_str(&spaced, "%Y-%m-%d %H:%M:%S%.f").is_ok() {
        return Some(
            Failure::usage(format!("{text:?} has no time zone"))
                .hint(format!("write {:?} for UTC, or an offset such as +08:00", format!("{trimmed}Z"))),
        );
    }
    if spaced.get(..19).is_some_and(|begin| NaiveDateTime::parse_from_str(begin, "%Y-%m-%d %H:%M:%S").is_ok()) {
        // CST is China's time and Chicago's.
        let begin = spaced.get(..19).unwrap_or_default();
        return Some(Failure::usage(format!("the time zone in {text:?} is unknown")).hint(format!(
            "names such as CST mean several zones: write \"{begin} UTC\", or an offset, \"{begin} +08:00\""
        )));
    }
    let hint = match Duration::read(trimmed).err()? {
        Wrong::Form | Wrong::Range => return None,
        Wrong::NoUnit if trimmed.len() > 4 => return None,
        Wrong::NoUnit => format!("a number needs a unit: {trimmed}d, {trimmed} months, or a whole date: {FORMS}"),
        Wrong::Ambiguous => format!("m alone may be months or minutes: write 6mo or 6 months; or one of: {FORMS}"),
        Wrong::Order => format!("name each unit once, the longest first, such as 1y6m; or one of: {FORMS}"),
    };
    Some(Failure::usage(format!("{text:?} is not a time")).hint(hint))
}

fn leap_second(text: &str) -> Failure {
    Failure::usage(format!("{text:?} is a leap second, which documents do not support"))
        .hint("write the second before it, :59, or the one after it")
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
        .map_or_else(|| format!("{} s after 1970", time.0), |time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The same with the local time next to it, for people, if they differ.
#[must_use]
pub fn words(time: UnixSeconds) -> String {
    words_in(time, &Local)
}

fn words_in<Z: TimeZone>(time: UnixSeconds, zone: &Z) -> String
where
    Z::Offset: std::fmt::Display,
{
    let utc = format(time);
    let local = i64::try_from(time.0)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map(|time| time.with_timezone(zone))
        .filter(|local| local.offset().fix().local_minus_utc() != 0);
    match local {
        Some(local) => format!("{utc} (local {})", local.format("%Y-%m-%d %H:%M:%S %:z")),
        None => utc,
    }
}

fn absolute(text: &str) -> Option<DateTime<Utc>> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits(text);
    }
    // chrono also takes 2027-6-3 and +2027; a date in one of our forms begins with ten characters.
    let (date, rest) = text.split_at_checked(10)?;
    if !date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return None;
    }
    if rest.is_empty() {
        return midnight(NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?);
    }
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()).or_else(|| spaced(text))
}

/// The marketplace's `yyyy-MM-dd HH:mm:ss z`: UTC, GMT or Z, an offset, or both.
fn spaced(text: &str) -> Option<DateTime<Utc>> {
    let (time, zone) = text.split_at_checked(19)?;
    let time = NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S").ok()?;
    let zone = zone.strip_prefix(' ')?;
    let offset = ["UTC", "GMT", "Z"].iter().find_map(|name| zone.strip_prefix(name)).unwrap_or(zone);
    if offset.is_empty() && !zone.is_empty() {
        return Some(time.and_utc());
    }
    // chrono also takes +8 and spaces within: an offset in one of our forms is +hhmm or +hh:mm.
    let digits = offset.strip_prefix(['+', '-'])?.replacen(':', "", 1);
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = format!("{} {offset}", time.format("%Y-%m-%d %H:%M:%S"));
    Some(DateTime::parse_from_str(&whole, "%Y-%m-%d %H:%M:%S %z").ok()?.to_utc())
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
    Duration::read(text).ok()?.after(base)
}

fn split_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim_start()))
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;
    use proptest::prelude::*;

    use super::*;

    const BASE: UnixSeconds = UnixSeconds(1_709_164_800); // 2024-02-29T00:00:00Z

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        assert_eq!(parse(text, BASE).map(format).map_err(|failure| failure.to_string()), Ok(expected.into()), "{text}");
    }

    #[track_caller]
    fn hints(text: &str, error: &str, hint: &str) {
        let failure = parse(text, BASE).expect_err(text);
        assert_eq!(failure.exit(), crate::exit::Exit::Usage, "{text}");
        assert!(failure.to_string().contains(error), "{text}: {failure}");
        let advice = failure.advice().unwrap_or_default();
        assert!(advice.contains(hint), "{text}: {advice}");
    }

    #[test]
    fn every_form_is_read() {
        reads("2027-06-30", "2027-06-30T00:00:00Z");
        reads("20270630", "2027-06-30T00:00:00Z");
        reads("2027-06-30T12:34:56Z", "2027-06-30T12:34:56Z");
        reads("2027-06-30t12:34:56z", "2027-06-30T12:34:56Z");
        reads("2027-06-30T12:34:56+08:00", "2027-06-30T04:34:56Z");
        reads("2027-06-30T12:34:56-05:30", "2027-06-30T18:04:56Z");
        reads("2027-06-30T12:34:56.789Z", "2027-06-30T12:34:56Z");
        reads("20270630123456", "2027-06-30T12:34:56Z");
        reads("20270630123456789", "2027-06-30T12:34:56Z");
        reads("2027-06-30 12:34:56 UTC", "2027-06-30T12:34:56Z");
        reads("2027-06-30 12:34:56 GMT", "2027-06-30T12:34:56Z");
        reads("2027-06-30 12:34:56 Z", "2027-06-30T12:34:56Z");
        reads("2027-06-30 12:34:56 +0800", "2027-06-30T04:34:56Z");
        reads("2027-06-30 12:34:56 GMT+08:00", "2027-06-30T04:34:56Z");
        reads("2027-06-30 12:34:56 UTC-0100", "2027-06-30T13:34:56Z");
        reads(" 2027-06-30 12:34:56 +08:00 ", "2027-06-30T04:34:56Z");
        reads("30d", "2024-03-30T00:00:00Z");
        reads("30 days", "2024-03-30T00:00:00Z");
        reads("1w", "2024-03-07T00:00:00Z");
        reads("2 weeks", "2024-03-14T00:00:00Z");
        reads("36h", "2024-03-01T12:00:00Z");
        reads("6 months", "2024-08-29T00:00:00Z");
        reads("18 months", "2025-08-29T00:00:00Z");
        reads("1y6m", "2025-08-29T00:00:00Z");
        reads("1 year 6 months 2 days", "2025-08-31T00:00:00Z");
        reads("1Y", "2025-02-28T00:00:00Z");
        reads("3 years", "2027-02-28T00:00:00Z");
        reads("4 years", "2028-02-29T00:00:00Z");
    }

    /// The end of a month stays in its month, and 2100 has no February 29.
    #[test]
    fn the_calendar_clamps_at_the_end_of_a_month() {
        let from = |base: &str, text: &str| parse(text, parse(base, BASE).unwrap()).map(format).unwrap();
        assert_eq!(from("2027-01-31", "1mo"), "2027-02-28T00:00:00Z");
        assert_eq!(from("2028-01-31", "1mo"), "2028-02-29T00:00:00Z");
        assert_eq!(from("2027-08-31T23:59:59Z", "1 month"), "2027-09-30T23:59:59Z");
        // Months first, then days: not March 3 and one day.
        assert_eq!(from("2027-01-31", "1mo1d"), "2027-03-01T00:00:00Z");
        assert_eq!(from("2096-02-29", "4y"), "2100-02-28T00:00:00Z");
        assert_eq!(from("2024-02-29", "0d"), "2024-02-29T00:00:00Z");
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
            "202706",
            "2027-13-01",
            "2027-02-29",
            "2100-02-29",
            "20270229",
            "20270229000000",
            "2027-04-31",
            "2027-06-30T24:00:00Z",
            "2027-06-30T12:60:00Z",
            "2027-06-30T12:00:61Z",
            "2027-06-30T12:00Z",
            "2027-6-3",
            "+2027-06-30",
            "20270630 12",
            "2027063012345",
            "2027063024000000",
            "20270630123456x89",
            "1x",
            "-1d",
            "99999999999d",
            "2027-06-30 25:00:00 UTC",
            "2027-06-30 12:00 UTC",
            "1969-12-31",
            "19691231235959",
            "tomorrow",
            "d",
            "4294967295y",
            "300000y",
            "unlimited",
            "\u{ff11}\u{ff12}d",
            "2027年6月30日",
        ];
        for text in wrong {
            hints(text, "is not a time", "2027-06-30");
        }
    }

    #[test]
    fn what_is_unclear_is_refused_with_the_right_spelling() {
        for text in ["2027-06-30 12:00:00", "2027-06-30T12:00:00", "2027-06-30T12:00:00.5"] {
            hints(text, "has no time zone", "+08:00");
        }
        for text in ["2027-06-30 12:00:00 CST", "2027-06-30 12:00:00 +8", "2027-06-30T12:00:00 EST"] {
            hints(text, "time zone", "2027-06-30 12:00:00 +08:00");
        }
        hints("30", "not a time", "30d");
        hints("2027", "not a time", "a whole date");
        hints("6m", "not a time", "6 months");
        hints("6mo1y", "not a time", "the longest first");
    }

    #[test]
    fn a_leap_second_is_refused_in_every_form() {
        for text in ["2016-12-31T23:59:60Z", "20161231235960", "20161231235960000", "2016-12-31 23:59:60 UTC"] {
            hints(text, "leap second", ":59");
        }
        hints("2017-01-01 07:59:60 +08:00", "leap second", ":59");
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

    #[test]
    fn people_see_their_own_time_beside_it() {
        let zone = FixedOffset::east_opt(8 * 3600).unwrap();
        assert_eq!(words_in(BASE, &zone), "2024-02-29T00:00:00Z (local 2024-02-29 08:00:00 +08:00)");
        assert_eq!(words_in(BASE, &Utc), "2024-02-29T00:00:00Z");
        assert_eq!(words_in(UnixSeconds(u64::MAX), &zone), "18446744073709551615 s after 1970");
    }

    /// The last second of the year 9999, where RFC 3339 ends.
    const LAST: u64 = 253_402_300_799;

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(seconds in 0..=LAST, base in 0..=LAST, offset in -14 * 60..=14 * 60_i32) {
            let time = UnixSeconds(seconds);
            prop_assert_eq!(parse(&format(time), UnixSeconds(base)).unwrap(), time);
            let utc = DateTime::from_timestamp(i64::try_from(seconds).unwrap(), 0).unwrap();
            for form in ["%Y%m%d%H%M%S", "%Y%m%d%H%M%S000", "%Y%m%d%H%M%S999", "%Y-%m-%d %H:%M:%S UTC"] {
                prop_assert_eq!(parse(&utc.format(form).to_string(), UnixSeconds(base)).unwrap(), time);
            }
            let local = utc.with_timezone(&FixedOffset::east_opt(offset * 60).unwrap());
            if (1970..=9999).contains(&chrono::Datelike::year(&local)) {
                for form in ["%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S GMT%:z"] {
                    prop_assert_eq!(parse(&local.format(form).to_string(), UnixSeconds(base)).unwrap(), time);
                }
            }
        }

        /// Whatever is typed, the answer is a time or a hint, and no panic.
        #[test]
        fn any_text_is_answered(text in "[0-9TZ :+.\\-ymowdh]{0,24}|\\PC{0,12}", base in any::<u64>()) {
            match parse(&text, UnixSeconds(base)) {
                Ok(time) => prop_assert!(i64::try_from(time.0).is_ok()),
                Err(failure) => prop_assert!(failure.advice().is_some()),
            }
        }
    }
}
