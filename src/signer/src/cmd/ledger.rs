//! `ledger`: what was signed and accepted.

mod backup;
mod export;
mod head;
mod init;
mod list;
mod quota;
mod search;
mod selection;
mod show;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use lic2::UnixSeconds;

use crate::exit::{HELP, Result};
use crate::ledger::Ledger as Book;

/// Keeps and reads the ledger
///
/// The ledger records everything signed and accepted, in one file that only grows. Verbs that sign accept it with
/// --ledger or from the variable LIC2_LEDGER, and record a document before they print it.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(super) struct Ledger {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Init(init::Init),
    List(list::List),
    Show(show::Show),
    Search(search::Search),
    Verify(verify::Verify),
    Head(head::Head),
    Quota(quota::Quota),
    Export(export::Export),
    Backup(backup::Backup),
}

impl Ledger {
    pub(super) fn run(self, now: UnixSeconds) -> Result<()> {
        match self.verb {
            Verb::Init(verb) => verb.run(now),
            Verb::List(verb) => verb.run(now),
            Verb::Show(verb) => verb.run(now),
            Verb::Search(verb) => verb.run(now),
            Verb::Verify(verb) => verb.run(),
            Verb::Head(verb) => verb.run(),
            Verb::Quota(verb) => verb.run(now),
            Verb::Export(verb) => verb.run(now),
            Verb::Backup(verb) => verb.run(),
        }
    }
}

/// Which ledger to read.
#[derive(Args, Debug)]
pub(super) struct LedgerFile {
    /// The ledger
    #[arg(long, value_name = "FILE", env = "LIC2_LEDGER", hide_env_values = true)]
    ledger: PathBuf,
}

impl LedgerFile {
    pub(super) fn read(&self) -> Result<Book> {
        Book::open_to_read(&self.ledger)
    }

    fn read_to_verify(&self) -> Result<Book> {
        Book::open_to_verify(&self.ledger)
    }

    fn write(&self) -> Result<Book> {
        Book::open(&self.ledger)
    }
}
