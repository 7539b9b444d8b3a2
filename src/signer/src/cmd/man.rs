//! `man`: the manual pages, made from the same words as the help.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::Cli;
use crate::exit::{Failure, HELP, Result};
use crate::ui;

/// Prints a manual page, or writes all of them
///
/// To read one: lic2-signer man issue | man -l -. To install them: lic2-signer man --directory
/// ~/.local/share/man/man1, which makes man lic2-signer-issue work.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer man issue"))]
pub(super) struct ManPage {
    /// The verb, possibly of several words; without it, the page of the whole program
    #[arg(value_name = "VERB")]
    verb: Vec<String>,
    /// Write the pages of all verbs into this directory, creating it if necessary
    #[arg(long, value_name = "DIR", conflicts_with = "verb")]
    directory: Option<PathBuf>,
}

impl ManPage {
    pub(super) fn run(self) -> Result<()> {
        let mut program = without_help(Cli::command());
        program.build();
        if let Some(directory) = &self.directory {
            fs::create_dir_all(directory).map_err(|cause| Failure::io(directory.display(), &cause))?;
            return write_all(&program, "lic2-signer", directory);
        }
        let mut name = String::from("lic2-signer");
        let mut command = &program;
        for word in &self.verb {
            command = command.find_subcommand(word).ok_or_else(|| {
                Failure::usage(format!("there is no verb {:?}", self.verb.join(" ")))
                    .hint("lic2-signer --help lists the verbs")
            })?;
            name = format!("{name}-{word}");
        }
        ui::artifact(&page(command, &name)?)
    }
}

/// The verb `help` shows what the other pages say.
fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

fn write_all(command: &Command, name: &str, directory: &Path) -> Result<()> {
    let path = directory.join(format!("{name}.1"));
    fs::write(&path, page(command, name)?).map_err(|cause| Failure::io(path.display(), &cause))?;
    for verb in command.get_subcommands() {
        write_all(verb, &format!("{name}-{}", verb.get_name()), directory)?;
    }
    Ok(())
}

/// The page of a command; `name` is what man finds it by.
fn page(command: &Command, name: &str) -> Result<String> {
    let usage = name.replacen("lic2-signer-", "lic2-signer ", 1);
    let command = command.clone().bin_name(usage).display_name(name.to_owned());
    let mut bytes = Vec::new();
    Man::new(command)
        .render(&mut bytes)
        .map_err(|error| Failure::internal(format!("the page cannot be written: {error}")))?;
    let page = String::from_utf8(bytes).map_err(|_| Failure::internal("the page is not text"))?;
    // clap_mangen leaves an empty date out, and what follows takes its place. A build has no date: it is reproducible.
    let title = format!(".TH {name} 1 \"\" \"lic2-signer {}\" lic2", env!("CARGO_PKG_VERSION"));
    let lines = page.lines().map(|line| if line.starts_with(".TH ") { title.as_str() } else { line });
    Ok(lines.flat_map(|line| [line, "\n"]).collect())
}
