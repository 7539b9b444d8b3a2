//! How far a batch is, on stderr: a bar on a terminal, otherwise a line every few seconds.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::ui;

/// How often a line is written if there is no bar.
const EVERY: Duration = Duration::from_secs(5);

/// Reports the progress of a batch.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    /// Size of the table in bytes, if it is known: how many rows there are is known only at its end.
    size: Option<u64>,
    begun: Instant,
    told: Instant,
    is_quiet: bool,
}

impl Progress {
    /// For a table of this size.
    #[must_use]
    pub fn new(size: Option<u64>, is_quiet: bool) -> Self {
        let bar = (!is_quiet && std::io::stderr().is_terminal()).then(|| {
            let (bar, template) = match size {
                Some(size) => (ProgressBar::new(size), "{bar:30} {percent:>3} %  {msg}"),
                None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
            };
            // The template is ours; a style that cannot be read leaves the usual one.
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        let now = Instant::now();
        Self { bar, size, begun: now, told: now, is_quiet }
    }

    /// So many rows are done, of so many bytes.
    pub fn show(&mut self, rows: u64, bytes: u64) {
        if self.is_quiet {
            return;
        }
        let words = words(rows, bytes, self.size, self.begun.elapsed());
        match &self.bar {
            Some(bar) => {
                bar.set_position(bytes);
                bar.set_message(words);
            }
            None if self.told.elapsed() >= EVERY => {
                self.told = Instant::now();
                ui::note(&match self.size.filter(|size| *size > 0) {
                    Some(size) => format!("{} %  {words}", bytes.min(size).saturating_mul(100) / size),
                    None => words,
                });
            }
            None => {}
        }
    }

    /// Writes a line without disturbing the bar.
    pub fn aside(&self, say: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    /// It is done, or given up: removes the bar, and gives the time that it took.
    pub fn finish(self) -> Duration {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.begun.elapsed()
    }
}

/// `12,000 rows, 8,100 rows/s, 11 s left`.
fn words(rows: u64, bytes: u64, size: Option<u64>, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(0.001);
    let mut text = format!("{} rows, {} rows/s", grouped(rows), grouped(per_second(rows, elapsed)));
    if let Some(size) = size.filter(|_| bytes > 0) {
        let bytes = u32::try_from(bytes >> 10).unwrap_or(u32::MAX).max(1);
        let left = u32::try_from(size >> 10).unwrap_or(u32::MAX).saturating_sub(bytes);
        let left = Duration::try_from_secs_f64(seconds * f64::from(left) / f64::from(bytes)).unwrap_or_default();
        text += &format!(", {} left", spoken(left));
    }
    text
}

/// How many in a second.
#[must_use]
pub fn per_second(count: u64, elapsed: Duration) -> u64 {
    let micros = elapsed.as_micros().max(1);
    u64::try_from(u128::from(count).saturating_mul(1_000_000) / micros).unwrap_or(u64::MAX)
}

fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

/// A number with commas between groups of three digits.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_words() {
        let told = words(12_000, 25 << 10, Some(100 << 10), Duration::from_secs(4));
        assert_eq!(told, "12,000 rows, 3,000 rows/s, 12 s left");
        assert_eq!(words(7, 0, None, Duration::from_secs(7)), "7 rows, 1 rows/s");
        assert_eq!(spoken(Duration::from_secs(600)), "10 min");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
