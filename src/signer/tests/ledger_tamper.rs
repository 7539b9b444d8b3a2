//! An attacker who can write the file: every change of every column of every row is found, and so are rows that are
//! missing, added, moved or rewritten. The hashes are recomputed here from docs/LEDGER.md, not with the program's
//! code.

use std::path::{Path, PathBuf};

use lic2::UnixSeconds;
use lic2::seal::Sealed;
use lic2_signer::content::Content;
use lic2_signer::draft::Draft;
use lic2_signer::keyfile::PrivateKey;
use lic2_signer::ledger::{COLUMNS, Demands, Event, Facts, Head, Ledger, Note, Occasion};
use lic2_signer::sealing::Sealer;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use sha2::{Digest, Sha256};

const NOW: UnixSeconds = UnixSeconds(1_795_348_800);

/// A ledger of seven entries of five kinds, the last of them signed.
struct Book {
    directory: tempfile::TempDir,
    sealer: Sealer,
    head: Head,
    copies: std::cell::Cell<u32>,
}

impl Book {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let sealer = Sealer::new(PrivateKey::generate().unwrap(), None, false, Vec::new()).unwrap();
        let path = directory.path().join("book");
        let mut ledger = Ledger::create(&path, "ann", NOW).unwrap();
        let mut writing = ledger.begin().unwrap();
        let quota = Note::new(Event::Quota, "ann", NOW).quota(&sealer.key().public(), Some(9));
        let _ = writing.note(&quota).unwrap();
        let mut sell = |event, order: Option<&str>, line, id: &str| {
            let content = Content {
                id: Some(id.into()),
                product: Some("vision-appliance".into()),
                edition: Some("PRO".into()),
                until: Some("1y".into()),
                device: vec!["esn:2102312ABC0123456789".parse().unwrap()],
                customer: Some("ACME".into()),
                order: order.map(Into::into),
                ..Content::default()
            };
            let occasion = Occasion { order_line: line, event_id: line.map(|_| "E-7"), ..Occasion::new(event, "ann") };
            let _ = writing.record(&mut Draft::new(content, NOW).unwrap(), &sealer, &occasion).unwrap();
        };
        sell(Event::Issue, Some("CS1"), Some("1"), "PL-1");
        sell(Event::Issue, None, None, "PL-2");
        sell(Event::Renew, Some("CS2"), None, "PL-1");
        let facts = Facts { license: Some("PL-2".into()), ..Facts::default() };
        let _ = writing.note(&Note { facts, ..Note::new(Event::Freeze, "ann", NOW) }).unwrap();
        let content =
            Content { id: Some("PL-3".into()), product: Some("p".into()), perpetual: true, ..Content::default() };
        let occasion = Occasion::new(Event::Issue, "bob");
        let _ = writing.record(&mut Draft::new(content, NOW).unwrap(), &sealer, &occasion).unwrap();
        writing.commit().unwrap();
        let head = ledger.view().head().unwrap();
        drop(ledger);
        Self { directory, sealer, head, copies: 0.into() }
    }

    /// A copy that this does something to, with the rules of the file out of the way while it does.
    fn tampered(&self, tamper: impl FnOnce(&Connection)) -> PathBuf {
        let number = self.copies.replace(self.copies.get() + 1);
        let path = self.directory.path().join(format!("copy-{number}"));
        std::fs::copy(self.directory.path().join("book"), &path).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF; BEGIN").unwrap();
        let names: Vec<(String, String)> = connection
            .prepare(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' OR name IN ('entry_once', 'entry_serial')",
            )
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(names.len(), 5);
        for (name, sql) in &names {
            let what = if sql.contains("TRIGGER") { "TRIGGER" } else { "INDEX" };
            connection.execute_batch(&format!("DROP {what} {name}")).unwrap();
        }
        tamper(&connection);
        for (_, sql) in &names {
            connection.execute_batch(sql).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
        path
    }

    fn findings(&self, path: &Path, demands: &Demands) -> Vec<String> {
        let report = Ledger::open_to_verify(path).unwrap().verify(demands).unwrap();
        report.findings.iter().map(|finding| format!("{}: {}", finding.seq, finding.what)).collect()
    }

    /// What a verifier finds who knows nothing but the file.
    fn found(&self, tamper: impl FnOnce(&Connection)) -> Vec<String> {
        self.findings(&self.tampered(tamper), &Demands::default())
    }
}

/// The hash of an entry by docs/LEDGER.md.
fn hash(columns: &[ValueRef<'_>], previous: &[u8]) -> [u8; 32] {
    let mut bytes = b"LIC2 ledger entry 1\n".to_vec();
    for value in columns.iter().copied().chain([ValueRef::Blob(previous)]) {
        let (tag, content) = match value {
            ValueRef::Null => (0, Vec::new()),
            ValueRef::Integer(number) => (1, number.to_le_bytes().to_vec()),
            ValueRef::Text(text) => (2, text.to_vec()),
            ValueRef::Blob(blob) => (3, blob.to_vec()),
            ValueRef::Real(_) => unreachable!(),
        };
        bytes.push(tag);
        bytes.extend((content.len() as u64).to_le_bytes());
        bytes.extend(content);
    }
    Sha256::digest(&bytes).into()
}

/// Recomputes every hash, and with a key every signature, under its own name or as `signer` says already.
fn recompute(connection: &Connection, key: Option<(&PrivateKey, bool)>) {
    let mut previous = [0; 32];
    let seqs: Vec<i64> = connection
        .prepare("SELECT seq FROM entry ORDER BY seq")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for seq in seqs {
        if let Some((key, true)) = key {
            connection
                .execute("UPDATE entry SET signer = ?1 WHERE seq = ?2 AND signer IS NOT NULL", (key.public(), seq))
                .unwrap();
        }
        let (new, is_signed) = connection
            .query_row("SELECT * FROM entry WHERE seq = ?1", [seq], |row| {
                let columns: Vec<_> = (0..COLUMNS.len()).map(|column| row.get_ref(column).unwrap()).collect();
                Ok((hash(&columns, &previous), row.get_ref("signer")? != ValueRef::Null))
            })
            .unwrap();
        connection.execute("UPDATE entry SET previous = ?1, hash = ?2 WHERE seq = ?3", (previous, new, seq)).unwrap();
        if let (Some((key, _)), true) = (key, is_signed) {
            let signature = key.sign(&[b"LIC2 ledger signed 1\n".as_slice(), &new].concat());
            connection.execute("UPDATE entry SET signature = ?1 WHERE seq = ?2", (signature, seq)).unwrap();
        }
        previous = new;
    }
}

/// Another value of the same type.
fn other(value: Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Integer(number) => Value::Integer(number + 100),
        Value::Text(text) => Value::Text(format!("{text} ")),
        Value::Blob(mut bytes) => {
            bytes[7] ^= 1;
            Value::Blob(bytes)
        }
        Value::Real(_) => unreachable!(),
    }
}

fn filler(column: &str) -> Value {
    match column {
        "serial" | "quantity" | "expires_at" => Value::Integer(1),
        "signer" => Value::Blob(vec![7; 32]),
        "signature" => Value::Blob(vec![7; 64]),
        _ => Value::Text("x".into()),
    }
}

#[test]
fn an_untouched_ledger_is_intact_and_the_hashes_are_those_of_the_document() {
    let book = Book::new();
    assert_eq!(book.found(|_| {}), Vec::<String>::new());
    assert_eq!(book.found(|connection| recompute(connection, None)), Vec::<String>::new());
    let demands = Demands { head: Some(book.head), keys: vec![book.sealer.key().public()], ..Demands::default() };
    let path = book.directory.path().join("book");
    assert_eq!(book.findings(&path, &demands), Vec::<String>::new());
    let report = Ledger::open_to_verify(&path).unwrap().verify(&demands).unwrap();
    assert_eq!((report.entries, report.unsigned_tail, report.signed.len()), (7, 0, 1));
}

#[test]
fn every_change_of_every_column_is_found_even_with_all_hashes_recomputed() {
    let book = Book::new();
    let columns: Vec<&str> = COLUMNS.into_iter().chain(["previous", "hash", "signature"]).collect();
    let mut tried = 0;
    for seq in 1..=7_i64 {
        for column in &columns {
            let change = |connection: &Connection| {
                let old: Value = connection
                    .query_row(&format!("SELECT {column} FROM entry WHERE seq = ?1"), [seq], |row| row.get(0))
                    .unwrap();
                let new = match (&old, *column) {
                    (Value::Null, column) => filler(column),
                    (_, "seq") => Value::Integer(seq + 1000),
                    _ => other(old),
                };
                let changed = connection.execute(&format!("UPDATE entry SET {column} = ?1 WHERE seq = ?2"), (new, seq));
                assert_eq!(changed.unwrap(), 1);
            };
            assert!(!book.found(change).is_empty(), "{column} of entry {seq}");
            tried += 1;
            // Hashes are what recomputing repairs; everything else has to be found by signatures and texts.
            if !["previous", "hash"].contains(column) {
                let found = book.found(|connection| {
                    change(connection);
                    recompute(connection, None);
                });
                assert!(!found.is_empty(), "{column} of entry {seq}, recomputed");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 7 * (26 + 24));
}

#[test]
fn values_that_were_taken_away_are_found() {
    let book = Book::new();
    for column in COLUMNS.into_iter().chain(["signature"]) {
        for seq in 3..=7 {
            let sql = format!("UPDATE entry SET {column} = NULL WHERE seq = {seq} AND {column} IS NOT NULL");
            let mut changed = 0;
            let found = book.found(|connection| {
                changed = connection.execute(&sql, []).unwrap_or(0);
                recompute(connection, None);
            });
            assert!(changed == 0 || !found.is_empty(), "{column} of entry {seq}");
        }
    }
}

#[test]
fn rows_that_are_missing_added_or_moved_are_found() {
    let book = Book::new();
    let attacks: [(&str, &str); 6] = [
        ("the first is removed", "DELETE FROM entry WHERE seq = 1"),
        ("one in the middle is removed", "DELETE FROM entry WHERE seq = 4"),
        (
            "one in the middle is removed, and the others move up",
            "DELETE FROM entry WHERE seq = 4; UPDATE entry SET seq = seq - 1 WHERE seq > 4",
        ),
        (
            "one is inserted",
            "UPDATE entry SET seq = 8 WHERE seq = 7;
             INSERT INTO entry SELECT 7, at, recorded_at, event, operator, 'PL-8', serial, product, edition, class, quantity,
                 term, expires_at, customer, order_id, order_line, event_id, device, signer, text, detail, idempotency || 'x',
                 intent, previous, hash, signature FROM entry WHERE seq = 6",
        ),
        (
            "two are swapped",
            "UPDATE entry SET seq = 99 WHERE seq = 3; UPDATE entry SET seq = 3 WHERE seq = 4;
             UPDATE entry SET seq = 4 WHERE seq = 99",
        ),
        (
            "two texts are swapped",
            "UPDATE entry SET text = (SELECT text FROM entry AS other WHERE other.seq = 7 - entry.seq) WHERE seq IN (3, 4)",
        ),
    ];
    for (what, sql) in attacks {
        for repaired in [false, true] {
            let found = book.found(|connection| {
                connection.execute_batch(sql).unwrap();
                if repaired {
                    recompute(connection, None);
                }
            });
            assert!(!found.is_empty(), "{what}, recomputed: {repaired}");
        }
    }
}

#[test]
fn a_cut_off_tail_is_found_with_a_saved_head_and_only_with_it() {
    let book = Book::new();
    for keep in [1, 3, 6] {
        let path = book.tampered(|connection| {
            connection.execute("DELETE FROM entry WHERE seq > ?1", [keep]).unwrap();
        });
        assert_eq!(book.findings(&path, &Demands::default()), Vec::<String>::new(), "docs/LEDGER.md says so");
        let found = book.findings(&path, &Demands { head: Some(book.head), ..Demands::default() });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("entry 7, whose hash was saved as head, is missing"), "{found:?}");
    }
    let another = Head { seq: 7, hash: [1; 32] };
    let found = book.findings(&book.tampered(|_| {}), &Demands { head: Some(another), ..Demands::default() });
    assert!(found[0].contains("it is not the entry whose hash was saved"), "{found:?}");
}

#[test]
fn a_ledger_written_anew_with_another_key_is_found_by_who_knows_the_right_one() {
    let book = Book::new();
    let thief = PrivateKey::generate().unwrap();
    let path = book.tampered(|connection| {
        connection.execute("UPDATE entry SET operator = 'eve' WHERE seq = 3", []).unwrap();
        recompute(connection, Some((&thief, true)));
    });
    let blind = book.findings(&path, &Demands::default());
    assert!(blind.iter().all(|what| what.contains("the signature of its text")), "the texts are not his: {blind:?}");
    for demands in [
        Demands { keys: vec![book.sealer.key().public()], ..Demands::default() },
        Demands { anchors: vec![book.sealer.key().public()], ..Demands::default() },
    ] {
        let found = book.findings(&path, &demands);
        assert!(found.iter().any(|what| what.contains("nobody vouches for that key")), "{found:?}");
    }
}

#[test]
fn a_row_that_its_own_key_signed_still_has_to_say_what_its_text_says() {
    let book = Book::new();
    let columns = [
        ("license", "'PL-9'"),
        ("serial", "9"),
        ("product", "'other'"),
        ("edition", "'LITE'"),
        ("class", "'test'"),
        ("quantity", "9"),
        ("term", "'perpetual'"),
        ("expires_at", "9"),
        ("customer", "'EMCA'"),
        ("order_id", "'CS9'"),
    ];
    for (column, value) in columns {
        let found = book.found(|connection| {
            connection.execute_batch(&format!("UPDATE entry SET {column} = {value} WHERE seq = 3")).unwrap();
            recompute(connection, Some((book.sealer.key(), false)));
        });
        let expected = format!("3: column {column} differs from the text");
        assert!(found.contains(&expected), "{column}: {found:?}");
    }
    let found = book.found(|connection| {
        connection.execute_batch("UPDATE entry SET event = 'unlock' WHERE seq = 3").unwrap();
        recompute(connection, Some((book.sealer.key(), false)));
    });
    assert!(found[0].contains("the event unlock with another kind of text"), "{found:?}");
    let found = book.found(|connection| {
        connection.execute_batch("DELETE FROM entry WHERE seq = 4").unwrap();
        recompute(connection, Some((book.sealer.key(), false)));
    });
    assert_eq!(found, ["5: entry 4 is missing before it"]);
    let found = book.found(|connection| {
        let text: String = connection.query_row("SELECT text FROM entry WHERE seq = 3", [], |row| row.get(0)).unwrap();
        let mut document = Sealed::read(text.as_bytes()).unwrap().document().to_vec();
        *document.last_mut().unwrap() ^= 1;
        let forged = lic2::seal::text_of(b'C', &[&document]).unwrap();
        connection.execute("UPDATE entry SET text = ?1 WHERE seq = 3", [forged.text()]).unwrap();
        recompute(connection, Some((book.sealer.key(), false)));
    });
    assert!(found.len() == 1 && found[0].starts_with("3: the signature of its text is not"), "{found:?}");
    let found = book.found(|connection| {
        connection.execute_batch(r#"UPDATE entry SET detail = replace(detail, ':9', ':2') WHERE seq = 2"#).unwrap();
        recompute(connection, Some((book.sealer.key(), false)));
    });
    assert!(
        found.iter().any(|what| what.contains("production code 3 of its issuer, and the quota was 2")),
        "{found:?}"
    );
}

#[test]
fn a_genuine_row_of_a_copy_that_went_on_by_itself_is_found() {
    let book = Book::new();
    let [one, other] = ["CS8", "CS9"].map(|order| {
        let path = book.tampered(|_| {});
        let mut ledger = Ledger::open(&path).unwrap();
        for _ in 0..2 {
            let content =
                Content { id: Some(order.into()), product: Some("p".into()), perpetual: true, ..Content::default() };
            let mut writing = ledger.begin().unwrap();
            let mut draft = Draft::new(content, NOW).unwrap();
            let _ = writing.record(&mut draft, &book.sealer, &Occasion::new(Event::Issue, "ann")).unwrap();
            writing.commit().unwrap();
        }
        path
    });
    let connection = Connection::open(&one).unwrap();
    let rules: String = connection
        .query_row("SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger'", [], |row| row.get(0))
        .unwrap();
    connection.execute_batch("DROP TRIGGER stays; DROP TRIGGER unchanged; DROP TRIGGER only_at_the_end").unwrap();
    connection.execute("ATTACH ?1 AS other", [other.to_str().unwrap()]).unwrap();
    let moved = "DELETE FROM entry WHERE seq = 8; INSERT INTO entry SELECT * FROM other.entry WHERE seq = 8";
    connection.execute_batch(moved).unwrap();
    connection.execute_batch(&rules).unwrap();
    drop(connection);
    let found = book.findings(&one, &Demands::default());
    assert!(found.len() == 1 && found[0].starts_with("9: it does not follow from the previous entry"), "{found:?}");
}

#[test]
fn serials_out_of_order_are_found() {
    let book = Book::new();
    // Entries 3 and 5 are issues 1 and 2 of the same license: all of their columns change places.
    let found = book.found(|connection| {
        connection
            .execute_batch(
                "UPDATE entry SET seq = 99 WHERE seq = 3; UPDATE entry SET seq = 3 WHERE seq = 5;
                 UPDATE entry SET seq = 5 WHERE seq = 99",
            )
            .unwrap();
        recompute(connection, Some((book.sealer.key(), false)));
    });
    assert_eq!(found, ["5: issue 1 of license PL-1 comes after issue 2"]);
}

#[test]
fn rules_that_were_changed_are_found_and_stop_whoever_would_write() {
    let book = Book::new();
    for sql in ["DROP TRIGGER stays", "DROP INDEX entry_once", "CREATE TABLE more (x)", "DROP INDEX entry_by_order"] {
        let path = book.tampered(|_| {});
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let name = sql.split(' ').nth(2).unwrap();
        let found = book.findings(&path, &Demands::default());
        assert_eq!(found, [format!("0: the rules of the file were changed: {name}")], "{sql}");
        let failure = Ledger::open(&path).unwrap_err();
        assert!(failure.to_string().contains("no longer protected"), "{failure}");
    }
}

#[test]
fn the_file_itself_refuses_everything_but_growth_at_its_end() {
    let book = Book::new();
    let connection = Connection::open(book.tampered(|_| {})).unwrap();
    for sql in [
        "UPDATE entry SET operator = 'eve'",
        "DELETE FROM entry WHERE seq = 7",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 7",
        "REPLACE INTO entry SELECT 9, at, recorded_at, event, operator, license, serial, product, edition, class, quantity,
            term, expires_at, customer, order_id, order_line, event_id, device, signer, text, detail, NULL, intent,
            previous, hash, signature FROM entry WHERE seq = 3",
        "REPLACE INTO entry SELECT 8, at, recorded_at, event, operator, license, serial, product, edition, class, quantity,
            term, expires_at, customer, order_id, order_line, event_id, device, signer, text, detail, NULL, intent,
            previous, hash, signature FROM entry WHERE seq = 3",
        "REPLACE INTO entry SELECT 8, at, recorded_at, event, operator, NULL, NULL, product, edition, class, quantity,
            term, expires_at, customer, order_id, order_line, event_id, device, signer, NULL, detail, idempotency, intent,
            previous, hash, signature FROM entry WHERE seq = 3",
    ] {
        let error = connection.execute_batch(sql).expect_err(sql).to_string();
        assert!(error.contains("ledger"), "{sql}: {error}");
    }
    assert_eq!(connection.query_row("SELECT count(*) FROM entry", [], |row| row.get::<_, i64>(0)).unwrap(), 7);
}
