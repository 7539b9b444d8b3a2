//! `diagnose`: the text of a device's status, line by line.

use std::path::PathBuf;

use clap::Args;
use lic2::{Error, UnixSeconds};
use serde_json::{Value, json};

use crate::exit::{Failure, HELP, Result};
use crate::{timespec, ui};

/// Explains the status text of a device, line by line
///
/// The text comes from lic2_engine_status_text (in Rust Engine::write_status): lines of a name, a colon and a value.
/// Nothing in it is signed: somebody may have edited it after the device showed it.
///
/// JSON: a list of line, name, value, meaning, advice (null if there is nothing to do) and status (null unless the
/// line contains one).
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer diagnose status.txt"))]
pub(super) struct Diagnose {
    /// The text, in a file; - is stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One line and what it means.
struct Explained<'t> {
    number: usize,
    name: &'t str,
    value: &'t str,
    meaning: String,
    advice: Option<String>,
    status: Option<Error>,
}

impl Diagnose {
    pub(super) fn run(self) -> Result<()> {
        let text = ui::read_text(&self.file)?;
        let lines: Vec<Explained<'_>> = (1_usize..)
            .zip(text.lines())
            .filter_map(|(number, line)| line.split_once(':').map(|(name, value)| (number, name, value.trim())))
            .map(|(number, name, value)| explain(number, name, value))
            .collect();
        if !lines.iter().any(|line| line.name == "decision" || line.name == "product") {
            return Err(Failure::usage(format!("{}: this is not a status text of a device", self.file.display()))
                .hint("a status text has lines such as \"decision: granted\"; lic2_engine_status_text writes it"));
        }
        let output =
            if self.json { ui::json(&lines.iter().map(as_json).collect())? } else { lines.iter().map(words).collect() };
        ui::artifact(&output)
    }
}

fn explain<'t>(number: usize, name: &'t str, value: &'t str) -> Explained<'t> {
    let mut advice: Option<String> = None;
    let mut status = None;
    let meaning = match name.trim() {
        "product" => "the application's product id; codes must be for this product".into(),
        "product version" => "the version of the product's build, by which licenses cover it".into(),
        "built at" => time(value, "when the product's build was made"),
        "library" => "the version of the library in the product".into(),
        "identity component" => "a kind of component that the device identifies itself by; values are not shown".into(),
        "opening failed" => {
            let words = decision(value, false, &mut status, &mut advice);
            format!("why the stored activation could not be opened: {words}")
        }
        "edition" => "the edition or SKU of this license".into(),
        "meter" => {
            "a quota of this license: how much is used, of how much, and how much an accepted report has stated".into()
        }
        "returned" => "a license that this device has returned, up to this serial".into(),
        "decision" => decision(value, name.starts_with(' '), &mut status, &mut advice),
        "stored activation" => {
            let words = decision(value, false, &mut status, &mut advice);
            format!("a problem with the whole stored state: {words}")
        }
        "clock" => clock(value, &mut advice).into(),
        "now" => time(value, "the time that the device uses for decisions"),
        "not before" => time(value, "the earliest time that the device accepts; a clock behind it is not believed"),
        "refreshed at" => time(value, "issue of the newest revocation list, time token or unlock"),
        "powered-on seconds" => match value.parse::<u64>() {
            Ok(seconds) => {
                format!("{} hours and {} minutes with power, as counted so far", seconds / 3600, seconds / 60 % 60)
            }
            Err(_) => unreadable(),
        },
        "revocation lists" => match value.starts_with('0') {
            true => "the device has no revocation list".into(),
            false => "the device's revocation lists; the next one needs a higher number".into(),
        },
        "stored" => stored(value, &mut advice),
        "license" if value == "not genuine" => {
            advice = Some("check whether an update changed the product's keys; have the code entered again".into());
            "a license whose signature is not valid under the keys of this build; it permits nothing".into()
        }
        "license" => "a license on the device, and the serial of its issue; the lines below belong to it".into(),
        "activated at" => time(value, "when this license was first activated"),
        "expires at" => time(value, "end of its term (exclusive)"),
        "grace until" => time(value, "end of use, including grace"),
        "lease until" => time(value, "a newer signed document must arrive by then"),
        _ => {
            advice = Some("compare the versions of the product and of lic2-signer".into());
            "a line that this version does not know".into()
        }
    };
    Explained { number, name: name.trim(), value, meaning, advice, status }
}

/// `granted`, or number, name, sentence and advice, of which the number alone counts.
fn decision(value: &str, of_license: bool, status: &mut Option<Error>, advice: &mut Option<String>) -> String {
    let who = if of_license { "this license" } else { "the product" };
    if value == "granted" {
        return format!("{who} is permitted to run");
    }
    let number = value.split_whitespace().next().and_then(|number| number.parse().ok());
    let Some(error) = number.and_then(Error::from_number) else {
        *advice = Some("ask for the original text; the status number is missing or unknown".into());
        return unreadable();
    };
    *status = Some(error);
    *advice = Some(error.advice().into());
    format!("{who} is refused with status {} {}: {}", error.number(), error.name(), error.text())
}

fn clock(value: &str, advice: &mut Option<String>) -> &'static str {
    let front = |words: &str| value.starts_with(words);
    if front("good") {
        return "the clock is believed";
    }
    if front("absent") {
        return "the device has no clock: powered-on time is added to the last known time";
    }
    if front("wrong, corrected") {
        *advice = Some("have the clock set; the device works in the meantime".into());
        return "the clock is wrong, and a signed document corrected it";
    }
    *advice = Some(
        "have the clock set; if it cannot be, send a time token, or an unlock with --grants clock for a request".into(),
    );
    match value {
        _ if front("not set") => "the clock was never set: licenses with a term are refused",
        _ if front("behind") => {
            "the clock is earlier than a time already known to be past: licenses with a term \
                                 are refused"
        }
        _ if front("far ahead") => {
            "the clock jumped ahead: it is believed after a day, or when a document confirms \
                                    it"
        }
        _ => "a state of the clock that this version does not know",
    }
}

fn stored(value: &str, advice: &mut Option<String>) -> String {
    let bytes = value.split_whitespace().next().and_then(|bytes| bytes.parse::<usize>().ok());
    let Some(bytes) = bytes else { return unreadable() };
    let most = lic2::limits::STATE_MAX;
    if bytes > most / 10 * 9 {
        *advice = Some("have unused licenses returned: there is hardly room for another".into());
    }
    let sealed = if value.ends_with("not sealed") {
        "a copy of the state cannot be distinguished from the original"
    } else {
        "sealed with a secret of the device"
    };
    format!("the device stores {bytes} of at most {most} bytes; {sealed}")
}

fn time(value: &str, what: &str) -> String {
    value.parse().map_or_else(|_| unreadable(), |seconds| format!("{}: {what}", timespec::format(UnixSeconds(seconds))))
}

fn unreadable() -> String {
    "the value cannot be read".into()
}

fn words(line: &Explained<'_>) -> String {
    let advice = line.advice.as_ref().map_or_else(String::new, |advice| format!("    -> {advice}\n"));
    let value: String = line.value.chars().filter(|character| !character.is_control()).collect();
    format!("{}: {value}\n    {}\n{advice}", line.name, line.meaning)
}

fn as_json(line: &Explained<'_>) -> Value {
    json!({
        "line": line.number,
        "name": line.name,
        "value": line.value,
        "meaning": line.meaning,
        "advice": line.advice,
        "status": line.status.map(Error::number),
    })
}
