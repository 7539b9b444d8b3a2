//! `completions`: what a shell needs to complete verbs and options.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use crate::exit::{Failure, HELP, Result};
use crate::ui;

/// Prints the completions for a shell
///
/// For bash, write them to the directory that it searches: lic2-signer completions bash >
/// ~/.local/share/bash-completion/completions/lic2-signer; for zsh, into a file _lic2-signer in a directory of $fpath;
/// for fish, into ~/.config/fish/completions/lic2-signer.fish.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\nExample:\n  lic2-signer completions bash"))]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<()> {
        let mut bytes = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "lic2-signer", &mut bytes);
        let text = String::from_utf8(bytes).map_err(|_| Failure::internal("the completions are no text"))?;
        ui::artifact(&text)
    }
}
