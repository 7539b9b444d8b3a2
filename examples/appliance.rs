//! A device that is never online, from its first request to the receipt. `cargo run --example appliance -- help`
//!
//! In a product, the anchor is compiled in, the ESN comes from a fuse, and the two slots are pages of flash. Here all
//! three come from the environment, so that you can try the example with your own keys:
//! APPLIANCE_ANCHOR (64 hexadecimal digits, `lic2-signer pubkey --format hex`), APPLIANCE_ESN, APPLIANCE_DIR.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs};

use lic2::port::{Clock, Identity, PortFailure, Ports, Reading, Slot, Store, Wall};
use lic2::{Ask, Component, Engine, Error, KeyRing, Memory, Profile, UnixSeconds};

const PROFILE: Profile<'static> = Profile::new("vision-appliance").with_built_at(UnixSeconds(1_795_000_000));

/// Two files represent two pages of flash.
struct Pages(PathBuf);

impl Pages {
    fn path(&self, slot: Slot) -> PathBuf {
        self.0.join(match slot {
            Slot::A => "page-a",
            Slot::B => "page-b",
        })
    }
}

impl Store for Pages {
    fn read(&mut self, slot: Slot, memory: &mut [u8]) -> Result<usize, PortFailure> {
        match fs::read(self.path(slot)) {
            Ok(bytes) => {
                memory.iter_mut().zip(&bytes).for_each(|(target, byte)| *target = *byte);
                Ok(bytes.len())
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(_) => Err(PortFailure),
        }
    }

    fn write(&mut self, slot: Slot, bytes: &[u8]) -> Result<(), PortFailure> {
        let file = fs::File::create(self.path(slot)).map_err(|_| PortFailure)?;
        std::io::Write::write_all(&mut &file, bytes).map_err(|_| PortFailure)?;
        file.sync_all().map_err(|_| PortFailure)
    }
}

/// A clock that keeps running while the device is off, and a count of seconds since its start.
struct BatteryClock(Instant);

impl Clock for BatteryClock {
    fn read(&mut self) -> Reading {
        let wall = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(time) if time.as_secs() > lic2::EPOCH_2020 => Wall::Time(UnixSeconds(time.as_secs())),
            _ => Wall::Unset,
        };
        Reading::new(wall, Some(self.0.elapsed().as_secs()))
    }
}

struct Fuses<'a>([Component<'a>; 1]);

impl Identity for Fuses<'_> {
    fn components(&self) -> &[Component<'_>] {
        &self.0
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(text) => {
            println!("{}", text.trim_end());
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("refused {} {}: {}; {}", error.number(), error.name(), error.text(), error.advice());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<String, Error> {
    let anchor = variable("APPLIANCE_ANCHOR");
    let mut key = [0; 32];
    for (byte, at) in key.iter_mut().zip((0..).step_by(2)) {
        let digits = anchor.get(at..at + 2).unwrap_or("");
        *byte = u8::from_str_radix(digits, 16).map_err(|_| Error::KeyInvalid)?;
    }
    let ring = KeyRing::new(&[key])?;
    let esn = variable("APPLIANCE_ESN");
    let mut store = Pages(PathBuf::from(variable("APPLIANCE_DIR")));
    let mut clock = BatteryClock(Instant::now());
    let mut identity = Fuses([Component { kind: 5, value: esn.as_bytes() }]);
    let ports = Ports::new(&mut store, &mut clock, &mut identity);
    let mut memory = Memory::new();
    let mut engine = Engine::open(&mut memory, &ring, PROFILE, ports)?;
    let mut out = [0; 1024];
    match arguments {
        ["request"] => engine.request(&Ask::default(), &mut out).map(str::to_owned),
        ["apply"] => {
            let mut text = Vec::new();
            std::io::stdin().read_to_end(&mut text).map_err(|_| Error::TextEmpty)?;
            engine.apply(&text).map(|applied| {
                let outcome = format!("{}: {}", applied.outcome.name(), applied.outcome.text());
                match applied.refusal {
                    None => outcome,
                    Some(error) => format!("{outcome}\nnot usable now: {}; {}", error.text(), error.advice()),
                }
            })
        }
        ["check"] => {
            let answer = engine.check()?;
            match answer.decision.refusal {
                Some(refusal) => Err(refusal),
                None => Ok(format!("granted until {}", answer.decision.expires_at.map_or(0, |end| end.0))),
            }
        }
        ["feature", name] => {
            let decision = engine.feature(name)?.decision;
            match (decision.refusal, decision.feature) {
                (Some(refusal), _) => Err(refusal),
                (None, feature) => Ok(format!("granted: {:?}", feature.map(|feature| feature.right))),
            }
        }
        // A program that keeps running passes a reservation, which saves most of the flash writes.
        ["use", name, amount] => {
            let meter = engine.consume(name, amount.parse().map_err(|_| Error::InvalidArgument)?, 0)?;
            Ok(format!("used {} of {}", meter.used, meter.total))
        }
        ["usage"] => {
            let first = engine.usage("", b"", &mut out)?.1.to_owned();
            with_parts(&mut engine, first)
        }
        ["accepted", number] => {
            engine.usage_accepted(number.parse().map_err(|_| Error::InvalidArgument)?)?;
            Ok("noted".to_owned())
        }
        ["deactivate", license] => {
            let first = engine.deactivate(license, b"", &mut out)?.to_owned();
            with_parts(&mut engine, first)
        }
        ["status"] => {
            let mut text = String::new();
            engine.write_status(&mut |piece| text.push_str(piece))?;
            Ok(text)
        }
        _ => Ok("request | apply < document | check | feature NAME | use NAME AMOUNT | usage | accepted NUMBER | \
                 deactivate LICENSE | status"
            .to_owned()),
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// A receipt or usage report with many quotas has several texts. All of them go to the seller.
fn with_parts(engine: &mut Engine<'_>, mut texts: String) -> Result<String, Error> {
    let mut out = [0; 1024];
    while let Some(text) = engine.next_part(&mut out)? {
        texts.push('\n');
        texts.push_str(text);
    }
    Ok(texts)
}
