//! What an application asks of the engine, as values, and everything that can be seen of a device.

use std::fmt::Write;

use lic2::{Applied, Ask, Engine, Error, MeterReading, Status};

use super::engine_device::Device;

/// One call of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    Apply(String),
    Check,
    Feature(&'static str),
    Consume { name: &'static str, amount: u64, reservation: u64 },
    GiveBack { name: &'static str, amount: u64 },
    Meter(&'static str),
    Request,
    Deactivate(&'static str),
    Usage(&'static str),
    UsageAccepted(u32),
    Settle,
    Reverify,
}

impl Op {
    /// Makes the call; the answer in words.
    pub fn run(&self, engine: &mut Engine<'_>) -> Result<String, Error> {
        let mut out = [0; 1024];
        match self {
            Self::Apply(text) => apply_as_previewed(engine, text).map(|applied| applied.outcome.name().to_owned()),
            Self::Check => engine.check().and_then(|answer| {
                let serial = answer.license.map(|genuine| genuine.license().serial);
                stored(answer.decision.refusal)?;
                Ok(format!("{:?} {serial:?} {:?}", answer.decision, answer.clock))
            }),
            Self::Feature(name) => engine.feature(name).and_then(|answer| {
                stored(answer.decision.refusal)?;
                Ok(format!("{:?}", answer.decision))
            }),
            Self::Consume { name, amount, reservation } => engine.consume(name, *amount, *reservation).map(meter),
            Self::GiveBack { name, amount } => engine.give_back(name, *amount).map(meter),
            Self::Meter(name) => engine.meter(name).map(meter),
            Self::Request => engine.request(&Ask::default(), &mut out).map(str::to_owned),
            Self::Deactivate(license) => engine.deactivate(license, b"", &mut out).map(str::to_owned),
            Self::Usage(license) => {
                engine.usage(license, b"", &mut out).map(|(number, text)| format!("{number} {text}"))
            }
            Self::UsageAccepted(number) => engine.usage_accepted(*number).map(|()| String::new()),
            Self::Settle => engine.settle().map(|()| String::new()),
            Self::Reverify => engine.reverify().map(|()| String::new()),
        }
    }
}

/// Applies a document, and demands that its preview has answered the same.
pub fn apply_as_previewed(engine: &mut Engine<'_>, text: &str) -> Result<Applied, Error> {
    let previewed = engine.preview(text.as_bytes());
    let applied = engine.apply(text.as_bytes());
    match (&previewed, &applied) {
        // What the store and the counter do, only applying can say.
        (Ok(_), Err(Error::StoreWrite | Error::CounterFailed | Error::NotInitialized)) => {}
        _ => assert_eq!(previewed, applied, "{text}"),
    }
    applied
}

/// A refusal because the time could not be stored is a failure of the call.
fn stored(refusal: Option<Error>) -> Result<(), Error> {
    match refusal {
        Some(error @ (Error::StoreWrite | Error::CounterFailed)) => Err(error),
        _ => Ok(()),
    }
}

fn meter(reading: MeterReading) -> String {
    format!("{reading:?}")
}

/// Everything that can be seen of an open engine without changing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub status: Status,
    /// Licenses, features, meters and answers.
    pub content: String,
    /// How much of each quota is used.
    pub used: Vec<Option<u64>>,
}

impl Snapshot {
    /// Looks at a copy of the device: its clock, its store and its session stay as they are.
    pub fn of(device: &Device, features: &[&'static str]) -> Result<Self, Error> {
        device.clone().resume(|engine| Self::take(engine, features))?
    }

    fn take(engine: &mut Engine<'_>, features: &[&'static str]) -> Result<Self, Error> {
        let status = engine.status()?;
        let mut content = String::new();
        let mut number = 0;
        while let Some(held) = engine.license_status(number)? {
            let license = held.license.map(|genuine| (genuine.license().id, genuine.license().serial));
            line(&mut content, &(license, held.decision, held.activated_at));
            number += 1;
        }
        line(&mut content, &Op::Check.run(engine));
        let mut used = Vec::new();
        for name in features {
            line(&mut content, &engine.feature(name).map(|answer| answer.decision));
            let reading = engine.meter(name);
            used.push(reading.as_ref().ok().map(|reading| reading.used));
            line(&mut content, &reading);
        }
        Ok(Self { status, content, used })
    }
}

fn line(out: &mut String, value: &dyn std::fmt::Debug) {
    writeln!(out, "{value:?}").expect("a string takes everything");
}
