//! The store in real files: what is kept, what is refused, and what is left after a write that failed.
#![cfg(unix)]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use lic2::port::{PortFailure, Slot, Store};
use lic2_host::{Cause, DEFAULT_PREFIX, FileStore};
use tempfile::TempDir;

/// Waits for the lock, as [`erase`].
fn open(directory: &Path) -> FileStore {
    FileStore::open(directory.as_os_str().as_bytes(), DEFAULT_PREFIX, 10_000).expect("the store opens")
}

fn content(store: &mut FileStore, slot: Slot) -> Vec<u8> {
    let mut memory = [0; 4096];
    let length = store.read(slot, &mut memory).expect("the slot can be read");
    memory[..length].to_vec()
}

fn cause(store: &FileStore) -> Option<Cause> {
    store.last_error().map(|error| error.cause)
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("it is there").permissions().mode() & 0o7777
}

fn home() -> (TempDir, PathBuf) {
    let home = TempDir::new().expect("a directory");
    let path = home.path().join("state");
    (home, path)
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("the directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("one").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn what_is_written_is_read_by_the_next_one() {
    let (_home, path) = home();
    let mut store = open(&path);
    assert_eq!(content(&mut store, Slot::A), b"");
    store.write(Slot::A, b"first").expect("a write");
    store.write(Slot::B, &[7; 3000]).expect("a write");
    store.write(Slot::A, b"second").expect("a write");
    store.write(Slot::B, b"").expect("a write");
    drop(store);
    let mut store = open(&path);
    assert_eq!(content(&mut store, Slot::A), b"second");
    assert_eq!(content(&mut store, Slot::B), b"");
    assert_eq!(store.last_error(), None);
    assert_eq!(names(&path), ["lic2-a.state", "lic2-b.state", "lic2.lock"]);
    assert_eq!(mode(&path), 0o700);
    for name in names(&path) {
        assert_eq!(mode(&path.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn content_longer_than_the_memory_is_cut_off() {
    let (_home, path) = home();
    let mut store = open(&path);
    store.write(Slot::A, b"0123456789").expect("a write");
    let mut memory = [0; 4];
    assert_eq!(store.read(Slot::A, &mut memory), Ok(4));
    assert_eq!(&memory, b"0123");
    assert_eq!(store.read(Slot::A, &mut []), Ok(0));
}

#[test]
fn products_share_a_directory_under_their_prefixes() {
    let (_home, path) = home();
    let bytes = path.as_os_str().as_bytes();
    let mut one = FileStore::open(bytes, b"vision", 0).expect("the first");
    let mut other = FileStore::open(bytes, b"radar_2", 0).expect("the second");
    one.write(Slot::A, b"one").expect("a write");
    other.write(Slot::A, b"other").expect("a write");
    assert_eq!(content(&mut one, Slot::A), b"one");
    assert_eq!(content(&mut other, Slot::A), b"other");
}

#[test]
fn paths_and_prefixes_that_cannot_be_are_refused() {
    let (_home, path) = home();
    let bytes = path.as_os_str().as_bytes();
    let long = vec![b'x'; 4096];
    let cases: [(&[u8], &[u8], Cause); 7] = [
        (b"", b"lic2", Cause::Argument),
        (b"a\0b", b"lic2", Cause::Argument),
        (&long, b"lic2", Cause::Argument),
        (bytes, b"", Cause::Argument),
        (bytes, b"../lic2", Cause::Argument),
        (b"/dev/null", b"lic2", Cause::System),
        (b"/dev/null/below", b"lic2", Cause::System),
    ];
    for (directory, prefix, expected) in cases {
        let error = FileStore::open(directory, prefix, 0).expect_err("refused");
        assert_eq!(error.cause, expected, "{error}");
    }
    let two_levels = path.join("missing");
    let error = FileStore::open(two_levels.as_os_str().as_bytes(), b"lic2", 0).expect_err("no parent");
    assert_eq!((error.cause, error.code), (Cause::System, libc::ENOENT));
    assert!(!path.exists());
}

#[test]
fn what_a_killed_write_left_does_not_hinder_the_next() {
    let (_home, path) = home();
    let mut store = open(&path);
    store.write(Slot::A, b"old").expect("a write");
    // Cut off before the new file had its name: it is there, half written, perhaps longer than what comes next.
    fs::write(path.join("lic2.state.tmp"), [9; 10_000]).expect("the leftover");
    assert_eq!(content(&mut store, Slot::A), b"old");
    store.write(Slot::A, b"new").expect("a write");
    assert_eq!(content(&mut store, Slot::A), b"new");
    assert!(!path.join("lic2.state.tmp").exists());
    assert_eq!(mode(&path.join("lic2-a.state")), 0o600);
}

#[test]
fn a_directory_in_the_way_is_reported_and_spares_the_other_slot() {
    let (_home, path) = home();
    let mut store = open(&path);
    store.write(Slot::B, b"kept").expect("a write");
    fs::create_dir_all(path.join("lic2-a.state/full")).expect("a directory");
    assert_eq!(store.read(Slot::A, &mut [0; 8]), Err(PortFailure));
    assert_eq!(cause(&store), Some(Cause::NotAFile));
    assert_eq!(store.write(Slot::A, b"x"), Err(PortFailure));
    assert_eq!(cause(&store), Some(Cause::System));
    assert_eq!(names(&path), ["lic2-a.state", "lic2-b.state", "lic2.lock"], "nothing is left over");
    assert_eq!(content(&mut store, Slot::B), b"kept");
    assert_eq!(store.last_error(), None);
    // A directory in the place of the new file.
    fs::create_dir(path.join("lic2.state.tmp")).expect("a directory");
    assert_eq!(store.write(Slot::B, b"x"), Err(PortFailure));
    assert_eq!(store.last_error().map(|error| error.code), Some(libc::EISDIR));
    assert_eq!(content(&mut store, Slot::B), b"kept");
}

#[test]
fn a_directory_that_disappears_is_reported() {
    let (_home, path) = home();
    let mut store = open(&path);
    store.write(Slot::A, b"old").expect("a write");
    fs::remove_dir_all(&path).expect("removed");
    assert_eq!(store.write(Slot::A, b"new"), Err(PortFailure));
    assert_eq!(store.last_error().map(|error| error.code), Some(libc::ENOENT));
}

#[test]
fn symbolic_links_are_not_followed() {
    let (home, path) = home();
    let victim = home.path().join("victim");
    fs::write(&victim, b"somebody else's").expect("a file");
    let mut store = open(&path);
    for name in ["lic2-a.state", "lic2.state.tmp"] {
        symlink(&victim, path.join(name)).expect("a link");
    }
    assert_eq!(store.read(Slot::A, &mut [0; 64]), Err(PortFailure));
    assert_eq!(cause(&store), Some(Cause::NotAFile));
    // A write replaces the links themselves.
    store.write(Slot::A, b"mine").expect("a write");
    assert_eq!(content(&mut store, Slot::A), b"mine");
    assert!(fs::symlink_metadata(path.join("lic2-a.state")).expect("the slot").is_file());
    drop(store);
    fs::remove_file(path.join("lic2.lock")).expect("the lock");
    symlink(&victim, path.join("lic2.lock")).expect("a link");
    let error = FileStore::open(path.as_os_str().as_bytes(), DEFAULT_PREFIX, 0).expect_err("refused");
    assert_eq!(error.cause, Cause::NotAFile);
    assert_eq!(fs::read(&victim).expect("the victim"), b"somebody else's");
    assert_eq!(mode(&victim), 0o644);
}

#[test]
fn pipes_and_sockets_are_refused_without_waiting() {
    let (_home, path) = home();
    let mut store = open(&path);
    let made = std::process::Command::new("mkfifo").arg(path.join("lic2-a.state")).status().expect("mkfifo");
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(path.join("lic2-b.state")).expect("a socket");
    for slot in [Slot::A, Slot::B] {
        assert_eq!(store.read(slot, &mut [0; 8]), Err(PortFailure));
        assert_eq!(cause(&store), Some(Cause::NotAFile));
        store.write(slot, b"better").expect("a write");
        assert_eq!(content(&mut store, slot), b"better");
    }
}

#[test]
fn a_directory_behind_a_link_is_fine() {
    let (home, path) = home();
    drop(open(&path));
    let moved = home.path().join("link");
    symlink(&path, &moved).expect("a link");
    open(&moved).write(Slot::A, b"x").expect("a write");
    assert_eq!(content(&mut open(&path), Slot::A), b"x");
}

/// Waits for the lock: a process that another test starts has every file of this one open for a moment.
fn erase(directory: &Path) -> Result<(), lic2_host::HostError> {
    FileStore::erase(directory.as_os_str().as_bytes(), DEFAULT_PREFIX, 10_000)
}

#[test]
fn what_is_erased_leaves_nothing_behind() {
    let (_home, path) = home();
    assert_eq!(erase(&path), Ok(()), "a directory that is not there");
    let mut store = open(&path);
    store.write(Slot::A, b"first").expect("a write");
    store.write(Slot::B, b"second").expect("a write");
    let in_use = FileStore::erase(path.as_os_str().as_bytes(), DEFAULT_PREFIX, 0);
    assert_eq!(in_use.map_err(|error| error.cause), Err(Cause::Locked));
    assert_eq!(content(&mut store, Slot::A), b"first", "a store in use stays");
    drop(store);
    assert_eq!(erase(&path), Ok(()));
    assert!(!path.exists());
}

#[test]
fn erasing_leaves_what_is_not_its_own() {
    let (_home, path) = home();
    let other = FileStore::open(path.as_os_str().as_bytes(), b"other", 0);
    open(&path).write(Slot::A, b"first").expect("a write");
    fs::write(path.join("notes.txt"), "a user's").expect("a file");
    assert_eq!(erase(&path), Ok(()));
    assert_eq!(names(&path), ["notes.txt", "other.lock"]);
    drop(other);
}
