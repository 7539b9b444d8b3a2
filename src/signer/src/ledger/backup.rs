//! A copy of a ledger, also while others write.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::fault::Fault;
use super::fresh::Fresh;
use super::open::Ledger;
use super::view::{Head, View};
use crate::exit::{Exit, Failure, Result};

/// Pages that are copied before others may write for a moment.
const PAGES: std::ffi::c_int = 1024;

impl Ledger {
    /// Copies everything up to one moment into a new file, which appears complete or not at all.
    ///
    /// # Errors
    /// Exit code 2 if the file exists or cannot be written, or if the ledger cannot be read.
    pub fn backup(&self, path: &Path) -> Result<Head> {
        let fresh = Fresh::new(path)?;
        let fail = |fault: Fault| fault.at(path);
        let mut copy = Connection::open(fresh.path()).map_err(|error| fail(error.into()))?;
        {
            let backup = Backup::new(self.connection(), &mut copy).map_err(|error| fail(error.into()))?;
            backup.run_to_completion(PAGES, Duration::ZERO, None).map_err(|error| fail(error.into()))?;
        }
        let word: String =
            copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(|error| fail(error.into()))?;
        if word != "ok" {
            return Err(Failure::new(
                Exit::Ledger,
                format!("{}: the ledger is damaged: {word}", self.path().display()),
            )
            .hint("run lic2-signer ledger verify for details; keep your existing backups"));
        }
        let head = View::new(&copy, path).head()?;
        copy.close().map_err(|(_, error)| fail(error.into()))?;
        fresh.keep(path)?;
        Ok(head)
    }
}
