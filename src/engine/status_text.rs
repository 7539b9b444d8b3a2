//! The state of the engine in words, for support staff. Without `core::fmt`, whose padding can panic.

use super::status::Status;
use super::{ClockState, Engine};
use crate::error::Error;
use crate::policy::Decision;
use crate::time::UnixSeconds;

/// Longest decimal number of 64 bits.
const DIGITS: usize = 20;

/// A part of a line.
enum Part<'t> {
    Text(&'t str),
    Number(u64),
}

use Part::{Number, Text};

/// Lines of `name: value`, handed on piece by piece.
struct Lines<'o> {
    out: &'o mut dyn FnMut(&str),
}

impl Engine<'_> {
    /// Hands the state as text to `out`, piece by piece: lines of `name: value`, English, times in Unix seconds.
    ///
    /// # Errors
    /// `NotInitialized`.
    pub fn write_status(&mut self, out: &mut dyn FnMut(&str)) -> Result<(), Error> {
        let status = self.status()?;
        self.read_clock();
        let mut lines = Lines { out };
        lines.state(self.about.product, &status);
        lines.licenses(self);
        Ok(())
    }
}

impl Lines<'_> {
    fn state(&mut self, product: &str, status: &Status) {
        self.line("product", &[Text(product)]);
        self.decision("decision", status.refusal);
        if status.condition.is_some() {
            self.decision("stored activation", status.condition);
        }
        self.line("clock", &[Text(clock_text(status.clock))]);
        self.time("now", status.now);
        self.time("not before", Some(status.floor).filter(|floor| floor.0 != 0));
        self.time("refreshed at", status.refreshed_at);
        self.line("powered-on seconds", &[Number(status.powered_seconds)]);
        let (lists, number) = (Number(status.lists.into()), Number(status.list_number.into()));
        self.line("revocation lists", &[lists, Text(", highest number "), number]);
        let (bytes, sequence) = (Number(status.stored_bytes.into()), Number(status.sequence.into()));
        let sealed = Text(if status.sealed { ", sealed" } else { ", not sealed" });
        self.line("stored", &[bytes, Text(" bytes, write "), sequence, sealed]);
    }

    fn licenses(&mut self, engine: &Engine<'_>) {
        let mut view = engine.view(engine.base());
        let (mut license, mut decision) = (None, Decision::refused(Error::StateCorrupt));
        let mut next = None;
        loop {
            next = engine.image.license_after(next);
            let Some(held) = next else { return };
            engine.decide_license(held, &mut view, &mut license, &mut decision);
            match &license {
                None => self.line("license", &[Text("not genuine")]),
                Some(genuine) => {
                    let license = genuine.license();
                    self.line("license", &[Text(&license.id), Text(" serial "), Number(license.serial.into())]);
                }
            }
            self.decision("  decision", decision.refusal);
            self.time("  activated at", engine.image.activated_at(held));
            self.time("  expires at", decision.expires_at);
            self.time("  grace until", decision.grace_until);
            self.time("  lease until", decision.lease_until);
        }
    }

    fn decision(&mut self, name: &str, refusal: Option<Error>) {
        match refusal {
            None => self.line(name, &[Text("granted")]),
            Some(error) => {
                let number = Number(error.number().unsigned_abs().into());
                let reason = [Text(" "), Text(error.name()), Text(": "), Text(error.text()), Text("; ")];
                let [a, b, c, d, e] = reason;
                self.line(name, &[number, a, b, c, d, e, Text(error.advice())]);
            }
        }
    }

    fn time(&mut self, name: &str, time: Option<UnixSeconds>) {
        if let Some(time) = time {
            self.line(name, &[Number(time.0)]);
        }
    }

    fn line(&mut self, name: &str, parts: &[Part<'_>]) {
        (self.out)(name);
        (self.out)(": ");
        for part in parts {
            match part {
                Text(text) => (self.out)(text),
                Number(number) => self.number(*number),
            }
        }
        (self.out)("\n");
    }

    fn number(&mut self, number: u64) {
        let mut digits = [b'0'; DIGITS];
        let mut rest = number;
        let mut length = 0_usize;
        for digit in digits.iter_mut().rev() {
            *digit = b'0'.saturating_add((rest % 10).to_le_bytes()[0]);
            rest /= 10;
            length = length.saturating_add(1);
            if rest == 0 {
                break;
            }
        }
        let shown = digits.get(DIGITS.saturating_sub(length)..).unwrap_or(&[]);
        (self.out)(core::str::from_utf8(shown).unwrap_or(""));
    }
}

const fn clock_text(clock: ClockState) -> &'static str {
    match clock {
        ClockState::Good => "good",
        ClockState::Absent => "absent, powered-on time counts",
        ClockState::Unset => "not set",
        ClockState::Behind => "behind a time that is certainly past",
        ClockState::Ahead => "far ahead of the last known time",
        ClockState::Corrected => "wrong, corrected by a document",
    }
}
