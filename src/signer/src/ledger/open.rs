//! Creating and opening a ledger.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lic2::UnixSeconds;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::event::Event;
use super::fault::Fault;
use super::fresh::Fresh;
use super::note::Note;
use super::record::Writing;
use super::schema;
use super::view::View;
use crate::exit::{Exit, Failure, Result};
use crate::private_file::quoted;
use crate::random::random;
use crate::ui;

/// How long to wait for another process that writes. A batch commits more often than that.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether a file is a ledger.
type Check = fn(&Connection) -> std::result::Result<(), Fault>;

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
    path: PathBuf,
}

impl Ledger {
    /// Creates a new ledger for its owner alone and writes it through to the disk. It appears complete or not at all.
    ///
    /// # Errors
    /// Exit code 2 if the file exists or cannot be written.
    pub fn create(path: &Path, operator: &str, now: UnixSeconds) -> Result<Self> {
        let fresh = Fresh::new(path)?;
        let connection = Connection::open(fresh.path()).map_err(|error| Fault::from(error).at(path))?;
        let mut ledger = Self { connection, path: path.into() };
        ledger.fill(operator, now)?;
        ledger.connection.close().map_err(|(_, error)| Fault::from(error).at(path))?;
        fresh.keep(path)?;
        Self::open(path)
    }

    fn fill(&mut self, operator: &str, now: UnixSeconds) -> Result<()> {
        let path = self.path.clone();
        let at = |fault: Fault| fault.at(&path);
        // Made in the mode that needs no second file, and switched at the end: the switch is kept in the file.
        self.set("journal_mode", "DELETE").map_err(at)?;
        self.set("synchronous", "FULL").map_err(at)?;
        schema::create(&self.connection).map_err(at)?;
        let mut id = [0; 16];
        random(&mut id)?;
        let mut writing = self.begin()?;
        let init = writing.note(&Note {
            detail: [("ledger".into(), ui::hex(&id).into())].into_iter().collect(),
            ..Note::new(Event::Init, operator, now)
        })?;
        let _ = init.release(&writing.commit()?);
        self.set("journal_mode", "WAL").map_err(at)
    }

    /// Opens a ledger to write and read.
    ///
    /// # Errors
    /// Exit code 2 if there is none, for a file of something else or of a newer version, and if it cannot be written; 5
    /// if its rules were changed.
    pub fn open(path: &Path) -> Result<Self> {
        exists(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = connect(path, flags, schema::check).map_err(|fault| fault.at(path))?;
        let ledger = Self { connection, path: path.into() };
        let prepared = ledger.set("journal_mode", "WAL").and_then(|()| ledger.set("synchronous", "FULL"));
        prepared.and_then(|()| ledger.set("fullfsync", "ON")).map_err(|fault| fault.at(path))?;
        Ok(ledger)
    }

    /// Opens a ledger to read, also on a medium or with rights that permit nothing else.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_to_read(path: &Path) -> Result<Self> {
        exists(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::readable(path, flags, schema::check)
    }

    /// The same for a ledger whose rules were changed, to find out what else was.
    ///
    /// # Errors
    /// As [`Ledger::open`], without exit code 5.
    pub fn open_to_verify(path: &Path) -> Result<Self> {
        exists(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::readable(path, flags, schema::check_version)
    }

    fn readable(path: &Path, flags: OpenFlags, check: Check) -> Result<Self> {
        let connection = match connect(path, flags, check) {
            // A ledger that is open elsewhere has a second file. Without one, and where none can be made, nobody writes.
            Err(Fault::Sqlite(error)) if needs_a_second_file(&error) && !beside(path, "-wal").exists() => {
                connect(&immutable(path), flags | OpenFlags::SQLITE_OPEN_URI, check)
            }
            other => other,
        };
        Ok(Self { connection: connection.map_err(|fault| fault.at(path))?, path: path.into() })
    }

    fn set(&self, name: &str, value: &str) -> std::result::Result<(), Fault> {
        // Some pragmas answer with a row, and some with none.
        match self.connection.pragma_update_and_check(None, name, value, |_| Ok(())) {
            Ok(()) | Err(rusqlite::Error::QueryReturnedNoRows) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is in it.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View::new(&self.connection, &self.path)
    }

    /// Begins a transaction and takes the write lock, waiting for other processes.
    ///
    /// # Errors
    /// Exit code 2 if another process keeps it, or if the ledger cannot be written.
    pub fn begin(&mut self) -> Result<Writing<'_>> {
        let path = self.path.as_path();
        // From here on nobody else writes: what is read in the transaction stays true until its end.
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| Fault::from(error).at(path))?;
        Writing::new(transaction, path)
    }
}

/// A ledger is never created implicitly: a mistyped name would start a second one, and sell every order again.
fn exists(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(about) if about.is_file() => Ok(()),
        Ok(_) => {
            Err(Failure::new(Exit::Io, format!("{}: this is not a file", path.display()))
                .hint("name the ledger's file"))
        }
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::new(Exit::Io, format!("{}: there is no ledger", path.display()))
                .hint(format!("check the name, or create it: lic2-signer ledger init {}", quoted(path))))
        }
        Err(cause) => Err(Failure::io(path.display(), &cause)),
    }
}

fn connect(file: &Path, flags: OpenFlags, check: Check) -> std::result::Result<Connection, Fault> {
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    check(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn needs_a_second_file(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied))
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// The path as a URI with which SQLite needs no other file.
fn immutable(path: &Path) -> PathBuf {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri.push_str("?immutable=1");
    uri.into()
}
