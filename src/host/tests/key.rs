//! The seed of the software device key.
#![cfg(all(unix, feature = "device-key"))]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use lic2_host::{Cause, DEFAULT_PREFIX, FileStore, SEED_LEN, load_or_create_seed};
use tempfile::TempDir;

fn load(directory: &Path) -> Result<[u8; SEED_LEN], (Cause, i32)> {
    let mut seed = [0xAA; SEED_LEN];
    let result = load_or_create_seed(directory.as_os_str().as_bytes(), DEFAULT_PREFIX, &mut seed);
    if result.is_err() {
        assert_eq!(seed, [0; SEED_LEN], "nothing is left after an error");
    }
    result.map(|()| seed).map_err(|error| (error.cause, error.code))
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the mode");
}

#[test]
fn the_seed_is_made_once() {
    let home = TempDir::new().expect("a directory");
    let directory = home.path().join("state");
    // Also while the store is open.
    let _store = FileStore::open(directory.as_os_str().as_bytes(), DEFAULT_PREFIX, 0).expect("the store");
    let seed = load(&directory).expect("a new seed");
    assert!(seed.iter().any(|byte| *byte != seed[0]));
    assert_eq!(load(&directory), Ok(seed));
    let file = directory.join("lic2-device.key");
    assert_eq!(fs::read(&file).expect("the file"), seed);
    assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o7777, 0o600);
    assert!(!directory.join("lic2-device.key.tmp").exists());
    let other = TempDir::new().expect("a directory");
    assert_ne!(load(other.path()), Ok(seed));
}

#[test]
fn many_at_once_end_with_the_same_seed() {
    let home = TempDir::new().expect("a directory");
    let seeds: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| load(home.path()))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(seeds[0].is_ok());
    assert!(seeds.iter().all(|seed| *seed == seeds[0]), "{seeds:?}");
}

#[test]
fn a_seed_that_others_can_read_is_refused() {
    let home = TempDir::new().expect("a directory");
    let seed = load(home.path()).expect("a new seed");
    let file = home.path().join("lic2-device.key");
    for mode in [0o640, 0o604, 0o620, 0o601] {
        set_mode(&file, mode);
        assert_eq!(load(home.path()), Err((Cause::Exposed, 0)), "{mode:o}");
    }
    set_mode(&file, 0o400);
    assert_eq!(load(home.path()), Ok(seed));
    set_mode(&file, 0o600);
    // Only root can give a file away.
    if std::os::unix::fs::chown(&file, Some(65_534), None).is_ok() {
        assert_eq!(load(home.path()), Err((Cause::Exposed, 0)));
    }
}

#[test]
fn a_damaged_seed_is_refused_and_kept() {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("lic2-device.key");
    for damaged in [&b""[..], &[5; SEED_LEN - 1], &[5; SEED_LEN + 1], &[0; SEED_LEN]] {
        fs::write(&file, damaged).expect("a file");
        set_mode(&file, 0o600);
        assert_eq!(load(home.path()), Err((Cause::Damaged, 0)), "{damaged:?}");
        assert_eq!(fs::read(&file).expect("the file"), damaged);
    }
}

#[test]
fn a_link_is_refused_and_a_leftover_replaced() {
    let home = TempDir::new().expect("a directory");
    let elsewhere = TempDir::new().expect("a directory");
    load(elsewhere.path()).expect("a seed");
    symlink(elsewhere.path().join("lic2-device.key"), home.path().join("lic2-device.key")).expect("a link");
    assert_eq!(load(home.path()), Err((Cause::NotAFile, 0)));
    fs::remove_file(home.path().join("lic2-device.key")).expect("the link");
    fs::write(home.path().join("lic2-device.key.tmp"), [1; 5]).expect("a leftover");
    let seed = load(home.path()).expect("a seed");
    assert_ne!(seed[..5], [1; 5]);
}

#[test]
fn random_bytes_differ() {
    let (mut one, mut other) = ([0; 300], [0; 300]);
    lic2_host::random(&mut one).expect("random bytes");
    lic2_host::random(&mut other).expect("random bytes");
    assert_ne!(one, other);
    assert!(one.rchunks(16).next().is_some_and(|end| end.iter().any(|byte| *byte != 0)), "filled to the end");
    lic2_host::random(&mut []).expect("nothing to do");
}
