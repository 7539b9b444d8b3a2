//! The state of the engine in words, for support staff. Without `core::fmt`, whose padding can panic.

use super::image::Place;
use super::meter::Meter;
use super::status::Status;
use super::{ClockState, Engine};
use crate::device::COMPONENT_KINDS;
use crate::error::{Error, in_place};
use crate::limits::ID_MAX;
use crate::policy::Decision;
use crate::time::UnixSeconds;
use crate::wire::feature::Right;
use crate::wire::license::License;

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
    /// Hands the state as text to `out`, piece by piece: lines of `name: value`, English, times in Unix seconds. Of an engine
    /// that could not be opened, the product and the reason. No line holds the value of an identity component.
    ///
    /// # Errors
    /// `NotInitialized` if the engine was never opened; `EngineBusy`.
    pub fn write_status(&mut self, out: &mut dyn FnMut(&str)) -> Result<(), Error> {
        let failure = self.open_failure();
        let status = self.status();
        let mut lines = Lines { out };
        if failure.is_none() {
            in_place(&status)?;
        }
        lines.product(self);
        if let Some(failure) = failure {
            lines.decision("opening failed", Some(failure));
        }
        if let Ok(status) = &status {
            lines.state(status);
            lines.licenses(self);
            lines.returned(self);
        }
        Ok(())
    }
}

impl Lines<'_> {
    fn product(&mut self, engine: &Engine<'_>) {
        let about = &engine.about;
        self.line("product", &[Text(about.product)]);
        if let Some(version) = about.version {
            let [major, minor] = [version.major, version.minor].map(|part| Number(part.into()));
            self.line("product version", &[major, Text("."), minor, Text("."), Number(version.patch.into())]);
        }
        self.time("built at", about.built_at);
        self.line("library", &[Text(env!("CARGO_PKG_VERSION"))]);
        for component in engine.ports.identity.components() {
            let name =
                COMPONENT_KINDS.iter().find(|(kind, _)| *kind == component.kind).map_or("custom", |(_, name)| name);
            self.line("identity component", &[Number(component.kind.into()), Text(" "), Text(name)]);
        }
    }

    fn state(&mut self, status: &Status) {
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
                    if let Some(edition) = license.edition {
                        self.line("  edition", &[Text(&edition)]);
                    }
                }
            }
            self.decision("  decision", decision.refusal);
            self.time("  activated at", engine.image.activated_at(held));
            self.time("  expires at", decision.expires_at);
            self.time("  grace until", decision.grace_until);
            self.time("  lease until", decision.lease_until);
            if let Some(genuine) = &license {
                self.meters(engine, held, genuine.license());
            }
        }
    }

    fn meters(&mut self, engine: &Engine<'_>, held: Place, license: &License<'_>) {
        let mut meter = Meter::START;
        while engine.image.advance(&mut meter) {
            if meter.license != Some(held) {
                continue;
            }
            let name = core::str::from_utf8(engine.image.name(&meter)).unwrap_or("");
            let (used, reported) = (Number(engine.used(&meter)), Number(engine.image.reported(&meter)));
            let total = match license.feature(name.as_bytes()).map(|feature| feature.right) {
                Some(Right::Quota { amount, .. }) => amount,
                _ => 0,
            };
            let parts = [Text(name), Text(": "), used, Text(" of "), Number(total), Text(" used, "), reported];
            let [a, b, c, d, e, f, g] = parts;
            self.line("  meter", &[a, b, c, d, e, f, g, Text(" reported")]);
        }
    }

    fn returned(&mut self, engine: &Engine<'_>) {
        let mut next = None;
        while let Some((entry, id_hash, serial)) = engine.image.returned_after(next) {
            next = Some(entry);
            let mut memory = [0; ID_MAX];
            let id = match engine.image.receipt(id_hash) {
                Some(_) => engine.image.returned_id(id_hash, &mut memory),
                None => "without a receipt",
            };
            self.line("returned", &[Text(id), Text(" serial "), Number(serial.into())]);
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
