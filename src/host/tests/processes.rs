//! The store between processes: the lock, writes that are killed, and limits that make them fail. The other processes
//! are this test program, with the name of what to do in the environment.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use lic2::port::{PortFailure, Slot, Store};
use lic2_host::{Cause, DEFAULT_PREFIX, FileStore, HostError};
use tempfile::TempDir;

const TASK: &str = "LIC2_HOST_TEST_TASK";
const DIRECTORY: &str = "LIC2_HOST_TEST_DIRECTORY";
const LARGE: usize = 300_000;
/// A process that has just been forked holds every lock of this one until it runs its own program.
const MOMENT_MS: u32 = 5_000;

fn open(directory: &Path, wait_ms: u32) -> Result<FileStore, HostError> {
    FileStore::open(directory.as_os_str().as_bytes(), DEFAULT_PREFIX, wait_ms)
}

/// A command that runs `task` below in a process of its own, started by a shell that first runs `setup`.
fn command(setup: &str, task: &str, directory: &Path) -> Command {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{setup}\nexec \"$0\" --exact --ignored --nocapture child")])
        .arg(program)
        .env(TASK, task)
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped());
    command
}

/// Starts it and waits until it says `ready`.
fn start(task: &str, directory: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut child = command("", task, directory).spawn().expect("a process");
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    while !line.contains("ready") {
        line.clear();
        assert_ne!(output.read_line(&mut line).expect("a line"), 0, "{task} ended early");
    }
    (child, output)
}

#[test]
#[ignore = "the other tests of this file run it in a process of its own"]
fn child() {
    let (Ok(task), Some(directory)) = (std::env::var(TASK), std::env::var_os(DIRECTORY)) else { return };
    let directory = Path::new(&directory);
    match task.as_str() {
        "hold" => {
            let _store = open(directory, MOMENT_MS).expect("the store opens");
            println!("ready");
            std::thread::sleep(Duration::from_secs(60));
        }
        "hold for a moment" => {
            let _store = open(directory, MOMENT_MS).expect("the store opens");
            println!("ready");
            std::thread::sleep(Duration::from_millis(300));
        }
        "erase and open again without end" => {
            println!("ready");
            for round in 0..u32::MAX {
                let wait = if round % 2 == 0 { 0 } else { 1 };
                let _ = FileStore::erase(directory.as_os_str().as_bytes(), DEFAULT_PREFIX, wait);
            }
        }
        "write without end" => {
            let mut store = open(directory, MOMENT_MS).expect("the store opens");
            println!("ready");
            for round in 0..u8::MAX {
                for slot in [Slot::A, Slot::B] {
                    store.write(slot, &vec![round; LARGE]).expect("a write");
                }
            }
        }
        "write too much" => {
            let mut store = open(directory, MOMENT_MS).expect("the store opens");
            assert_eq!(store.write(Slot::A, &vec![1; LARGE]), Err(PortFailure));
            assert_eq!(store.last_error().map(|error| error.code), Some(libc::EFBIG));
            assert!(!directory.join("lic2.state.tmp").exists());
            store.write(Slot::B, b"fits").expect("a small write");
            println!("ready");
        }
        "write elsewhere" => {
            let error = open(directory, MOMENT_MS).expect_err("no rights");
            assert_eq!((error.cause, error.code), (Cause::System, libc::EACCES));
            println!("ready");
        }
        _ => panic!("no task {task}"),
    }
}

#[test]
fn a_second_process_is_refused_until_the_first_ends() {
    let home = TempDir::new().expect("a directory");
    let (mut child, _output) = start("hold", home.path());
    for wait in [0, 100] {
        let start = Instant::now();
        let error = open(home.path(), wait).expect_err("locked");
        assert_eq!((error.cause, error.code), (Cause::Locked, 0));
        let waited = start.elapsed();
        assert!(waited >= Duration::from_millis(wait.into()) && waited < Duration::from_secs(10), "{waited:?}");
    }
    // However it ends.
    child.kill().expect("killed");
    child.wait().expect("it ended");
    open(home.path(), MOMENT_MS).expect("free");
}

#[test]
fn a_second_process_waits_for_the_first() {
    let home = TempDir::new().expect("a directory");
    let (mut child, _output) = start("hold for a moment", home.path());
    open(home.path(), 20_000).expect("free after a moment");
    assert!(child.wait().expect("it ended").success());
}

/// While other processes erase the state again and again, at most one store is open at any time.
#[test]
fn a_lock_that_was_erased_keeps_nobody_out() {
    let home = TempDir::new().expect("a directory");
    let path = home.path().join("state");
    let mut children: Vec<_> = (0..3).map(|_| start("erase and open again without end", &path).0).collect();
    let mut opened = 0;
    for _ in 0..3_000 {
        let Ok(first) = open(&path, 2) else { continue };
        opened += 1;
        assert_eq!(open(&path, 0).map(|_| ()).map_err(|error| error.cause), Err(Cause::Locked), "two at once");
        drop(first);
    }
    for child in &mut children {
        child.kill().expect("killed");
        child.wait().expect("it ended");
    }
    assert!(opened > 100, "{opened}");
}

#[test]
fn a_second_store_in_the_same_process_is_refused() {
    let home = TempDir::new().expect("a directory");
    let first = open(home.path(), 0).expect("the first");
    assert_eq!(open(home.path(), 0).expect_err("locked").cause, Cause::Locked);
    drop(first);
    open(home.path(), MOMENT_MS).expect("free");
}

/// A write that is killed at any moment leaves the old or the new content, and the next write works.
#[test]
fn a_killed_write_leaves_the_old_or_the_new_content() {
    let home = TempDir::new().expect("a directory");
    let mut leftovers = 0;
    for round in 0..40_u64 {
        let (mut child, _output) = start("write without end", home.path());
        std::thread::sleep(Duration::from_micros(round * 397 % 9_000));
        child.kill().expect("killed");
        child.wait().expect("it ended");
        leftovers += u32::from(home.path().join("lic2.state.tmp").exists());
        let mut store = open(home.path(), MOMENT_MS).expect("free");
        let mut memory = vec![0; LARGE + 1];
        for slot in [Slot::A, Slot::B] {
            let length = store.read(slot, &mut memory).expect("a read");
            assert!(length == 0 || length == LARGE, "{length}");
            assert!(memory[..length].iter().all(|byte| *byte == memory[0]), "a mixture of two writes");
        }
        store.write(Slot::A, &[200; LARGE]).expect("the next write");
        assert!(!home.path().join("lic2.state.tmp").exists());
    }
    // Otherwise the moments were all between two writes, and the test has shown nothing.
    assert!(leftovers > 0);
}

#[test]
fn a_write_that_finds_no_room_keeps_the_old_content() {
    let home = TempDir::new().expect("a directory");
    open(home.path(), MOMENT_MS).expect("the store").write(Slot::A, b"old").expect("a write");
    // Files of at most 64 blocks of 512 bytes; the signal that comes with it is ignored, as by a careful service.
    let output = command("trap '' XFSZ; ulimit -f 64", "write too much", home.path()).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("ready"));
    let mut store = open(home.path(), MOMENT_MS).expect("the store");
    let mut memory = [0; 16];
    assert_eq!(store.read(Slot::A, &mut memory), Ok(3));
    assert_eq!(&memory[..3], b"old");
    assert_eq!(store.read(Slot::B, &mut memory), Ok(4));
}

/// Only root can become somebody without rights.
#[test]
fn a_directory_without_rights_is_reported() {
    let home = TempDir::new().expect("a directory");
    drop(open(home.path(), MOMENT_MS).expect("the store"));
    // A program that this user can reach.
    let public = TempDir::new().expect("a directory");
    let program = public.path().join("program");
    // By a process of its own: a file that this one has written may still be open in one that another test just forked.
    let copied = Command::new("cp").arg(std::env::current_exe().expect("this program")).arg(&program).status();
    assert!(copied.expect("cp").success());
    for path in [public.path(), &program] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("the mode");
    }
    let locked = TempDir::new().expect("a directory");
    let mut command = Command::new(&program);
    command.args(["--exact", "--ignored", "--nocapture", "child"]).env(TASK, "write elsewhere");
    if is_root() {
        command.env(DIRECTORY, home.path()).uid(65_534).gid(65_534);
    } else {
        fs::set_permissions(locked.path(), fs::Permissions::from_mode(0o555)).expect("the mode");
        command.env(DIRECTORY, locked.path());
    }
    let output = command.output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("ready"));
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}
