//! The command line: one file per verb.

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use lic2::UnixSeconds;

use crate::exit::{Failure, HELP, Result};
use crate::ui::{self, Color};
use crate::{harden, timespec};

mod add_on;
mod after_sale;
mod arrival;
mod audience;
mod batch;
mod certify;
mod completions;
mod convert;
mod demo;
mod desktop;
mod diagnose;
mod explain;
mod facts;
mod holosens;
mod inspect;
mod issue;
mod key;
mod keygen;
mod ledger;
mod man;
mod move_device;
mod profile;
mod pubkey;
mod qr;
mod receipt;
mod recording;
mod refund;
mod renew;
mod report;
mod request;
mod retire;
mod revocations;
mod signing;
mod standing;
mod time_token;
mod unlock;
mod upgrade;
mod usage;
mod verify;

/// Creates keys, certifies issuers, and issues, inspects and verifies License 2.0 codes
#[derive(Debug, Parser)]
#[command(name = "lic2-signer", version, after_help = HELP)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Use this as the current time instead of the clock
    #[arg(long, global = true, value_name = "TIME", visible_alias = "now")]
    at: Option<String>,
    /// Color the words error, warning and hint
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Keygen(keygen::Keygen),
    Key(key::Key),
    Pubkey(pubkey::Pubkey),
    Certify(certify::Certify),
    Issue(Box<issue::Issue>),
    Renew(Box<renew::Renew>),
    Upgrade(Box<upgrade::Upgrade>),
    Convert(Box<convert::Convert>),
    AddOn(Box<add_on::AddOn>),
    Move(Box<move_device::Move>),
    Refund(Box<refund::Refund>),
    Freeze(standing::Freeze),
    Unfreeze(standing::Unfreeze),
    Release(standing::Release),
    Profile(profile::Profile),
    Holosens(Box<holosens::Holosens>),
    Batch(Box<batch::Batch>),
    Report(report::Report),
    Request(request::Request),
    Revocations(Box<revocations::Revocations>),
    Retire(retire::Retire),
    TimeToken(time_token::TimeToken),
    Unlock(unlock::Unlock),
    Receipt(receipt::Receipt),
    Usage(usage::Usage),
    Ledger(ledger::Ledger),
    Qr(qr::Qr),
    Inspect(inspect::Inspect),
    Verify(Box<verify::Verify>),
    Explain(Box<explain::Explain>),
    Diagnose(diagnose::Diagnose),
    Demo(demo::Demo),
    Completions(completions::Completions),
    Man(man::ManPage),
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    harden::no_core_dumps();
    harden::silent_panics();
    // Before the arguments are understood: a complaint about them has a color too.
    ui::use_color(Color::among(std::env::args_os()));
    let result = match Cli::try_parse() {
        Ok(cli) => execute(cli),
        Err(error) if error.use_stderr() => Err(usage(&error)),
        // --help and --version: what the user asked for, hence an artifact.
        Err(error) => ui::artifact(&ui::rendered(&error.render())),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            ui::report(&failure);
            ExitCode::from(failure.exit().number())
        }
    }
}

fn execute(cli: Cli) -> Result<()> {
    let now = match &cli.at {
        Some(text) => timespec::parse(text, timespec::now()).map_err(|failure| failure.at("--at"))?,
        None => timespec::now(),
    };
    cli.verb.run(now)
}

impl Verb {
    fn run(self, now: UnixSeconds) -> Result<()> {
        match self {
            Self::Keygen(verb) => verb.run(),
            Self::Key(verb) => verb.run(),
            Self::Pubkey(verb) => verb.run(),
            Self::Certify(verb) => verb.run(now),
            Self::Issue(verb) => verb.run(now),
            Self::Renew(verb) => verb.run(now),
            Self::Upgrade(verb) => verb.run(now),
            Self::Convert(verb) => verb.run(now),
            Self::AddOn(verb) => verb.run(now),
            Self::Move(verb) => verb.run(now),
            Self::Refund(verb) => verb.run(now),
            Self::Freeze(verb) => verb.run(now),
            Self::Unfreeze(verb) => verb.run(now),
            Self::Release(verb) => verb.run(now),
            Self::Profile(verb) => verb.run(now),
            Self::Holosens(verb) => verb.run(now),
            Self::Batch(verb) => verb.run(now),
            Self::Report(verb) => verb.run(now),
            Self::Request(verb) => verb.run(),
            Self::Revocations(verb) => verb.run(now),
            Self::Retire(verb) => verb.run(now),
            Self::TimeToken(verb) => verb.run(now),
            Self::Unlock(verb) => verb.run(now),
            Self::Receipt(verb) => verb.run(now),
            Self::Usage(verb) => verb.run(now),
            Self::Ledger(verb) => verb.run(now),
            Self::Qr(verb) => verb.run(),
            Self::Inspect(verb) => verb.run(),
            Self::Verify(verb) => verb.run(now),
            Self::Explain(verb) => verb.run(now),
            Self::Diagnose(verb) => verb.run(),
            Self::Demo(verb) => verb.run(now),
            Self::Completions(verb) => verb.run(),
            Self::Man(verb) => verb.run(),
        }
    }
}

/// Clap's error message in the style of this tool.
fn usage(error: &clap::Error) -> Failure {
    let verb = verb();
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return if verb.is_empty() {
            Failure::usage("there is no verb").hint("lic2-signer --help lists the verbs; lic2-signer demo shows them")
        } else {
            Failure::usage(format!("{verb}is not complete")).hint(format!("lic2-signer {verb}--help lists the verbs"))
        };
    }
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n");
    let first = paragraphs.next().unwrap_or_default();
    let sentence: Vec<&str> = first.split_whitespace().collect();
    let sentence = sentence.join(" ");
    let tip = paragraphs.find_map(|paragraph| paragraph.trim().strip_prefix("tip: "));
    Failure::usage(sentence.strip_prefix("error: ").unwrap_or(&sentence).trim_end_matches('.')).hint(match tip {
        Some(tip) => tip.split_whitespace().collect::<Vec<_>>().join(" "),
        None if error.kind() == ErrorKind::InvalidSubcommand || verb.is_empty() => {
            format!("lic2-signer {verb}--help lists the verbs")
        }
        None => format!("lic2-signer {verb}--help explains every option"),
    })
}

/// The words of the command line that name a verb, each with a space behind it.
fn verb() -> String {
    let mut command = Cli::command();
    let mut verb = String::new();
    for word in std::env::args().skip(1) {
        let Some(found) = command.find_subcommand(&word).cloned() else { break };
        command = found;
        verb += &word;
        verb.push(' ');
    }
    verb
}
