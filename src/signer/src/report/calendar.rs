//! Days, months and years in UTC.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use lic2::UnixSeconds;

/// By what entries are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Unit {
    /// Days
    Day,
    /// Months
    #[default]
    Month,
    /// Years
    Year,
}

impl Unit {
    /// What one is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// `2026-11-22`, `2026-11` or `2026`: the one that this time is in.
    #[must_use]
    pub fn name(self, time: UnixSeconds) -> String {
        name(self, date(time))
    }

    /// The names of all from that of `first` to that of `last`, without a gap.
    #[must_use]
    pub fn names(self, first: UnixSeconds, last: UnixSeconds) -> Vec<String> {
        let end = date(last);
        let mut at = self.begin(date(first));
        let mut names = Vec::new();
        while let Some(date) = at.filter(|at| *at <= end) {
            names.push(name(self, date));
            at = match self {
                Self::Day => date.checked_add_days(Days::new(1)),
                Self::Month => date.checked_add_months(Months::new(1)),
                Self::Year => date.checked_add_months(Months::new(12)),
            };
        }
        names
    }

    fn begin(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => Some(date),
            Self::Month => date.with_day(1),
            Self::Year => date.with_day(1).and_then(|date| date.with_month(1)),
        }
    }
}

fn name(unit: Unit, date: NaiveDate) -> String {
    let form = match unit {
        Unit::Day => "%Y-%m-%d",
        Unit::Month => "%Y-%m",
        Unit::Year => "%Y",
    };
    date.format(form).to_string()
}

fn date(time: UnixSeconds) -> NaiveDate {
    let seconds = i64::try_from(time.0).unwrap_or(i64::MAX);
    DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_have_no_gap() {
        let time = |text: &str| crate::timespec::parse(text, UnixSeconds(0)).unwrap();
        let names = |unit: Unit, first: &str, last: &str| unit.names(time(first), time(last));
        assert_eq!(names(Unit::Month, "2026-11-30", "2027-02-01"), ["2026-11", "2026-12", "2027-01", "2027-02"]);
        assert_eq!(names(Unit::Day, "2028-02-28", "2028-03-01"), ["2028-02-28", "2028-02-29", "2028-03-01"]);
        assert_eq!(names(Unit::Year, "2026-11-30", "2027-01-01"), ["2026", "2027"]);
        assert!(names(Unit::Day, "2027-01-02", "2027-01-01").is_empty());
        assert_eq!(Unit::Month.name(UnixSeconds(u64::MAX)).len(), "+262142-12".len());
    }
}
