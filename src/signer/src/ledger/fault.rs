//! Errors of a ledger file, as sentences.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::exit::{Exit, Failure};

/// What is wrong; [`Fault::at`] says where.
#[derive(Debug)]
pub(super) enum Fault {
    /// SQLite says so.
    Sqlite(rusqlite::Error),
    /// A database of something else.
    Foreign,
    /// A ledger of another version of the schema than this program knows.
    Version { found: i32, known: i32 },
    /// Tables, indexes or triggers are not those of a ledger.
    Rules,
    /// An entry that cannot be read.
    Entry(i64, &'static str),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Fault {
    /// The error for a person.
    pub(super) fn at(self, path: &Path) -> Failure {
        let failure = match self {
            Self::Sqlite(error) => sqlite(&error),
            Self::Foreign => Failure::new(Exit::Io, "this is a database of another program, not a ledger")
                .hint("name the ledger; lic2-signer ledger init creates a new one"),
            Self::Version { found, known } if found > known => Failure::new(
                Exit::Io,
                format!("the ledger has schema version {found}, and this program knows version {known}"),
            )
            .hint("use the newer lic2-signer that wrote it; nothing was changed"),
            Self::Version { found, .. } => {
                Failure::new(Exit::Io, format!("there is no schema version {found} of a ledger"))
                    .hint("restore the ledger from a backup; keep this file for the investigation")
            }
            Self::Rules => Failure::new(
                Exit::Ledger,
                "the tables, indexes or triggers of the ledger were changed, so it is no longer protected",
            )
            .hint("keep the file and run lic2-signer ledger verify to see what happened; then restore a backup"),
            Self::Entry(seq, what) => Failure::new(Exit::Ledger, format!("entry {seq}: {what}"))
                .hint("run lic2-signer ledger verify to see what was changed; restore a backup"),
        };
        failure.at(path.display())
    }
}

fn sqlite(error: &rusqlite::Error) -> Failure {
    let io = |text: &str| Failure::new(Exit::Io, text);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            io("another process kept the ledger locked for 10 seconds")
                .hint("nothing was recorded: try again when the other process is done")
        }
        Some(ErrorCode::NotADatabase) => io("this is not a ledger: it is not an SQLite database")
            .hint("name the ledger; lic2-signer ledger init creates a new one"),
        Some(ErrorCode::DatabaseCorrupt) => {
            io("the ledger is damaged").hint("restore it from a backup; keep the damaged file to see what is missing")
        }
        Some(ErrorCode::DiskFull) => {
            io("no space is left for the ledger").hint("nothing was recorded: make room and try again")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => io("the ledger cannot be written")
            .hint("nothing was recorded: this user must be able to write the file and its directory"),
        Some(ErrorCode::CannotOpen) => io("the ledger cannot be opened")
            .hint("check the path and its permissions; lic2-signer ledger init creates a new ledger"),
        Some(ErrorCode::SystemIoFailure) => {
            io("the ledger cannot be read or written").hint("nothing was recorded: check disk and file system")
        }
        _ => Failure::internal(format!("SQLite: {error}")),
    }
}
