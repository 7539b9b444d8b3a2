//! The tables of a ledger, and whether a file is one. docs/LEDGER.md is normative for this file.

use rusqlite::Connection;

use super::fault::Fault;

/// SQLite's `application_id` of a ledger: the letters `L2LG`.
pub const APPLICATION_ID: i32 = 0x4C32_4C47;

/// SQLite's `user_version`: the version of the schema that is written and read.
pub const VERSION: i32 = 1;

/// The columns in the order in which the hash covers them; `hash` and `signature` follow.
pub const COLUMNS: [&str; 23] = [
    "seq",
    "at",
    "recorded_at",
    "event",
    "operator",
    "license",
    "serial",
    "product",
    "edition",
    "class",
    "quantity",
    "term",
    "expires_at",
    "customer",
    "order_id",
    "order_line",
    "event_id",
    "device",
    "signer",
    "text",
    "detail",
    "idempotency",
    "intent",
];

/// Tables, indexes and triggers by name, as SQLite keeps their text.
const OBJECTS: [(&str, &str); 11] = [
    (
        "entry",
        "CREATE TABLE entry (
  seq INTEGER PRIMARY KEY CHECK (seq >= 1),
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  event TEXT NOT NULL,
  operator TEXT NOT NULL,
  license TEXT,
  serial INTEGER,
  product TEXT,
  edition TEXT,
  class TEXT,
  quantity INTEGER,
  term TEXT,
  expires_at INTEGER,
  customer TEXT,
  order_id TEXT,
  order_line TEXT,
  event_id TEXT,
  device TEXT,
  signer BLOB CHECK (length(signer) = 32),
  text TEXT,
  detail TEXT NOT NULL,
  idempotency TEXT,
  intent TEXT,
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  signature BLOB CHECK (length(signature) = 64)
) STRICT",
    ),
    ("entry_by_customer", "CREATE INDEX entry_by_customer ON entry (customer) WHERE customer IS NOT NULL"),
    ("entry_by_event", "CREATE INDEX entry_by_event ON entry (event)"),
    ("entry_by_license", "CREATE INDEX entry_by_license ON entry (license) WHERE license IS NOT NULL"),
    ("entry_by_order", "CREATE INDEX entry_by_order ON entry (order_id) WHERE order_id IS NOT NULL"),
    ("entry_once", "CREATE UNIQUE INDEX entry_once ON entry (idempotency) WHERE idempotency IS NOT NULL"),
    (
        "entry_production",
        "CREATE INDEX entry_production ON entry (signer) WHERE substr(text, 1, 6) = 'LIC2C.' AND class <> 'test'",
    ),
    ("entry_serial", "CREATE UNIQUE INDEX entry_serial ON entry (license, serial) WHERE substr(text, 1, 6) = 'LIC2C.'"),
    (
        "only_at_the_end",
        "CREATE TRIGGER only_at_the_end BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
  OR EXISTS (SELECT 1 FROM entry WHERE idempotency = NEW.idempotency)
  OR EXISTS (SELECT 1 FROM entry WHERE license = NEW.license AND serial = NEW.serial
             AND substr(text, 1, 6) = 'LIC2C.' AND substr(NEW.text, 1, 6) = 'LIC2C.')
BEGIN SELECT raise(ABORT, 'a ledger only grows at its end'); END",
    ),
    (
        "stays",
        "CREATE TRIGGER stays BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'nothing is removed from a ledger'); END",
    ),
    (
        "unchanged",
        "CREATE TRIGGER unchanged BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'nothing is changed in a ledger'); END",
    ),
];

/// Makes the tables of a new ledger.
pub(super) fn create(connection: &Connection) -> Result<(), Fault> {
    for (_, statement) in OBJECTS {
        connection.execute_batch(statement)?;
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}

/// Whether the file is a ledger that this program can read, with the rules that a ledger has.
pub(super) fn check(connection: &Connection) -> Result<(), Fault> {
    check_version(connection)?;
    if changed(connection)?.is_empty() { Ok(()) } else { Err(Fault::Rules) }
}

/// Whether the file is a ledger of a version that this program can read.
pub(super) fn check_version(connection: &Connection) -> Result<(), Fault> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    if application != APPLICATION_ID {
        return Err(Fault::Foreign);
    }
    if version != VERSION {
        return Err(Fault::Version { found: version, known: VERSION });
    }
    Ok(())
}

/// The objects that are not as [`create`] makes them: changed, missing or added.
pub(super) fn changed(connection: &Connection) -> Result<Vec<String>, Fault> {
    let mut statement =
        connection.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")?;
    let found = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))?;
    let found: Vec<(String, Option<String>)> = found.collect::<Result<_, _>>()?;
    let missing = OBJECTS.iter().filter(|(name, _)| !found.iter().any(|(found, _)| found == name));
    let mut changed: Vec<String> = missing.map(|(name, _)| (*name).into()).collect();
    changed.extend(
        found
            .into_iter()
            .filter(|(name, sql)| !OBJECTS.iter().any(|(known, text)| known == name && Some(*text) == sql.as_deref()))
            .map(|(name, _)| name),
    );
    Ok(changed)
}
