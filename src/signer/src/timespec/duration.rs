//! Durations as people write them, added to a point in time with the calendar's arithmetic.

use chrono::{DateTime, Days, Months, TimeDelta, Utc};

/// The parts of a duration, from the longest unit to the shortest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Duration {
    /// Years and months: 12 months are a year of 365 or 366 days.
    months: u32,
    /// Weeks and days.
    days: u64,
    hours: u32,
}

/// Why a text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It does not look like one.
    Form,
    /// A number alone: of what?
    NoUnit,
    /// `6m`, which may be months or minutes.
    Ambiguous,
    /// The units are not in order from the longest to the shortest, or one is repeated.
    Order,
    /// Larger than any calendar.
    Range,
}

/// Units from the longest to the shortest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Year,
    Month,
    Week,
    Day,
    Hour,
}

impl Duration {
    /// Reads `30d`, `2 weeks`, `18 months`, `1y6m`, `1 year 6 months`.
    pub(super) fn read(text: &str) -> Result<Self, Wrong> {
        let lower = text.to_ascii_lowercase();
        let (mut rest, mut sum, mut last) = (lower.trim(), Self::default(), None);
        if rest.is_empty() {
            return Err(Wrong::Form);
        }
        while !rest.is_empty() {
            let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
            let (number, behind) = rest.split_at(digits);
            if number.is_empty() {
                return Err(Wrong::Form);
            }
            let behind = behind.trim_start();
            let letters = behind.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(behind.len());
            let (name, behind) = behind.split_at(letters);
            if name.is_empty() && !behind.is_empty() {
                return Err(Wrong::Form);
            }
            let unit = unit(name, last)?;
            if last.is_some_and(|last| last >= unit) {
                return Err(Wrong::Order);
            }
            sum.add(number.parse().map_err(|_| Wrong::Range)?, unit).ok_or(Wrong::Range)?;
            last = Some(unit);
            rest = behind.trim_start();
        }
        Ok(sum)
    }

    fn add(&mut self, number: u32, unit: Unit) -> Option<()> {
        match unit {
            Unit::Year => self.months = self.months.checked_add(number.checked_mul(12)?)?,
            Unit::Month => self.months = self.months.checked_add(number)?,
            Unit::Week => self.days = self.days.checked_add(u64::from(number).checked_mul(7)?)?,
            Unit::Day => self.days = self.days.checked_add(u64::from(number))?,
            Unit::Hour => self.hours = number,
        }
        Some(())
    }

    /// The point so long after `base`: months first, where a day that the month lacks becomes its last one.
    pub(super) fn after(self, base: DateTime<Utc>) -> Option<DateTime<Utc>> {
        base.checked_add_months(Months::new(self.months))?
            .checked_add_days(Days::new(self.days))?
            .checked_add_signed(TimeDelta::try_hours(i64::from(self.hours))?)
    }
}

fn unit(name: &str, last: Option<Unit>) -> Result<Unit, Wrong> {
    match name {
        "" => Err(Wrong::NoUnit),
        "y" | "yr" | "yrs" | "year" | "years" => Ok(Unit::Year),
        "mo" | "mos" | "month" | "months" => Ok(Unit::Month),
        // Behind years it can only be months.
        "m" if last == Some(Unit::Year) => Ok(Unit::Month),
        "m" => Err(Wrong::Ambiguous),
        "w" | "week" | "weeks" => Ok(Unit::Week),
        "d" | "day" | "days" => Ok(Unit::Day),
        "h" | "hour" | "hours" => Ok(Unit::Hour),
        _ => Err(Wrong::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_in_every_spelling() {
        let read = |months, days, hours| Ok(Duration { months, days, hours });
        for text in ["1y6m", "1y6mo", "1y 6m", "1 year 6 months", "1Y6M", "18 months", "18mo"] {
            assert_eq!(Duration::read(text), read(18, 0, 0), "{text}");
        }
        for text in ["2w", "2 weeks", "14d", "14 days", "1w7d", "1w 7 days"] {
            assert_eq!(Duration::read(text), read(0, 14, 0), "{text}");
        }
        assert_eq!(Duration::read("1y2mo3w4d5h"), read(14, 25, 5));
    }

    #[test]
    fn what_is_unclear_is_told_from_what_is_wrong() {
        let wrong = [
            ("", Wrong::Form),
            ("y", Wrong::Form),
            ("1 fortnight", Wrong::Form),
            ("1.5y", Wrong::Form),
            ("-1d", Wrong::Form),
            ("1y,6mo", Wrong::Form),
            ("30", Wrong::NoUnit),
            ("1y6", Wrong::NoUnit),
            ("6m", Wrong::Ambiguous),
            ("2d6m", Wrong::Ambiguous),
            ("6mo1y", Wrong::Order),
            ("1d1d", Wrong::Order),
            ("99999999999d", Wrong::Range),
            ("4294967295y", Wrong::Range),
            ("1y4294967295mo", Wrong::Range),
        ];
        for (text, why) in wrong {
            assert_eq!(Duration::read(text), Err(why), "{text:?}");
        }
    }
}
