//! The seed of a key and its passphrase show up nowhere: not on stdout, not on stderr, in no file.

mod support;

use std::fs;

use support::{NOW, PASSPHRASE, Sandbox};

const NEW: &str = "next-year-it-is-another-one-8812";

/// The seed, as OpenSSL takes it out of the file: the last 32 bytes of the PKCS#8 structure.
fn seed(sandbox: &Sandbox, name: &str) -> Vec<u8> {
    let der = sandbox.path("seed.der");
    let der = der.to_str().unwrap();
    let out = ["pkey", "-in", name, "-passin", "file:passphrase.txt", "-outform", "DER", "-out", der];
    sandbox.tool("openssl", &out).ok();
    let bytes = fs::read(der).unwrap();
    fs::remove_file(der).unwrap();
    bytes[bytes.len() - 32..].to_vec()
}

/// The seed as bytes, as hexadecimal of either case, and as base64 at each of the three alignments.
fn spellings(seed: &[u8]) -> Vec<Vec<u8>> {
    use std::fmt::Write as _;
    let mut lower = String::new();
    for byte in seed {
        write!(lower, "{byte:02x}").unwrap();
    }
    let mut all = vec![seed.to_vec(), lower.to_uppercase().into_bytes(), lower.clone().into_bytes()];
    all.push(
        lower
            .as_bytes()
            .chunks(2)
            .map(|pair| format!("0x{}", std::str::from_utf8(pair).unwrap()))
            .collect::<Vec<_>>()
            .join(", ")
            .into_bytes(),
    );
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for start in 0..3 {
        let text: Vec<u8> = seed[start..]
            .chunks_exact(3)
            .flat_map(|three| {
                let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
                [18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift & 63) as usize])
            })
            .collect();
        all.push(
            text.iter()
                .map(|byte| match byte {
                    b'+' => b'-',
                    b'/' => b'_',
                    other => *other,
                })
                .collect(),
        );
        all.push(text);
    }
    all
}

#[track_caller]
fn assert_absent(what: &str, haystack: &[u8], needles: &[Vec<u8>]) {
    for needle in needles {
        assert!(!haystack.windows(needle.len()).any(|window| window == needle), "a secret stands in {what}");
    }
}

#[test]
fn the_scanner_finds_a_seed_in_a_plain_key_file() {
    let sandbox = Sandbox::new();
    sandbox.run(&["keygen", "plain.key", "--no-passphrase"]).ok();
    let needles = spellings(&seed(&sandbox, "plain.key"));
    let pem = sandbox.read("plain.key").replace('\n', "");
    assert!(needles.iter().any(|needle| pem.as_bytes().windows(needle.len()).any(|window| window == needle)));
}

#[test]
fn neither_seed_nor_passphrase_leaks() {
    let sandbox = Sandbox::new();
    sandbox.write("new-passphrase.txt", &format!("{NEW}\n"));
    sandbox.restrict("new-passphrase.txt");
    let pass = ["--passphrase-file", "passphrase.txt"];
    let mut outputs = Vec::new();
    let mut run = |arguments: &[&str]| {
        let ran = sandbox.run(&[arguments, &pass].concat());
        outputs.push(ran.stdout.clone() + &ran.stderr);
        ran
    };
    run(&["keygen", "anchor.key"]).ok();
    run(&["keygen", "issuer.key"]).ok();
    let certificate =
        run(&["certify", "--anchor", "anchor.key", "--key", "issuer.pub", "--valid-until", "1y", "--at", NOW]).ok();
    sandbox.write("issuer.cert", &certificate);
    let issue =
        ["issue", "--key", "issuer.key", "--certificate", "issuer.cert", "--id", "1", "--product", "p", "--at", NOW];
    let code = run(&[&issue, &["--until", "1y"][..]].concat()).ok();
    sandbox.write("code.txt", &code);
    for format in ["c", "rust", "pem", "python", "java", "go"] {
        run(&["pubkey", "--format", format, "issuer.key"]).ok();
    }
    run(&["key", "show", "issuer.key", "--json"]).ok();
    run(&["key", "passphrase", "issuer.key", "--out", "new.key", "--new-passphrase-file", "new-passphrase.txt"]).ok();
    let anchor = ["--anchor", "anchor.key", "--at", NOW];
    run(&[&["retire", "--issuer", "issuer.pub", "--activated", "keep", "--first", "--every-product"], &anchor[..]]
        .concat())
    .ok();
    let signed = ["--key", "anchor.key", "--at", NOW, "--every-product"];
    run(&[&["revocations", "--number", "1", "--revoke", "1=refunded:2"], &signed[..]].concat()).ok();
    run(&[&["time-token"], &signed[..]].concat()).ok();
    // A ledger holds what was signed, and the signatures of its own entries.
    sandbox.run(&["ledger", "init", "sales.ledger"]).ok();
    let recorded = ["--until", "1y", "--order", "CS1", "--ledger", "sales.ledger"];
    run(&[&issue, &recorded[..]].concat()).ok();
    // Failures too: a wrong field, a private key where a public one belongs, a key as a code.
    assert_eq!(run(&[&issue, &["--until", "yesterday"][..]].concat()).code, 1);
    assert_eq!(run(&["certify", "--anchor", "anchor.key", "--key", "issuer.key", "--valid-until", "1y"]).code, 4);
    for arguments in [["inspect", "issuer.key", "--json"], ["inspect", "code.txt", "--json"]] {
        let ran = sandbox.run(&arguments);
        outputs.push(ran.stdout + &ran.stderr);
    }
    let mut needles = vec![PASSPHRASE.as_bytes().to_vec(), NEW.as_bytes().to_vec()];
    needles.extend(["anchor.key", "issuer.key"].iter().flat_map(|name| spellings(&seed(&sandbox, name))));
    for output in &outputs {
        assert_absent(output, output.as_bytes(), &needles);
    }
    for path in sandbox.files() {
        if !path.to_string_lossy().ends_with("passphrase.txt") {
            let bytes: Vec<u8> = fs::read(&path).unwrap().into_iter().filter(|byte| *byte != b'\n').collect();
            assert_absent(&path.display().to_string(), &bytes, &needles);
        }
    }
    assert!(outputs.len() >= 19 && sandbox.files().len() >= 10);
}

/// The scan finds a secret in every spelling, wherever it is: without this, it might look at nothing.
#[test]
fn the_scan_fails_for_every_planted_leak() {
    let needles = spellings(&[0x5a, 0xc3, 0x91].iter().copied().cycle().take(32).collect::<Vec<u8>>());
    for needle in &needles {
        for leak in [needle.clone(), [b"seed: ", needle.as_slice(), b"\n"].concat()] {
            let scan = std::panic::catch_unwind(|| assert_absent("a planted leak", &leak, &needles));
            assert!(scan.is_err(), "{:?} was not found", String::from_utf8_lossy(needle));
        }
    }
    assert_absent("what holds none", b"seed: none", &needles);
}

/// A type that could be printed would be printed some day. This does not compile if one of them gets Debug.
#[test]
fn secrets_have_no_debug() {
    trait NoDebug<Marker> {
        fn holds() {}
    }
    impl<T: ?Sized> NoDebug<()> for T {}
    impl<T: ?Sized + std::fmt::Debug> NoDebug<u8> for T {}
    <lic2_signer::keyfile::PrivateKey as NoDebug<_>>::holds();
    <lic2_signer::passphrase::Passphrase as NoDebug<_>>::holds();
    <lic2_signer::sealing::Sealer as NoDebug<_>>::holds();
}

/// Runs itself in another process, which panics with a secret in its message.
#[test]
fn a_panic_says_where_and_not_what() {
    const NAME: &str = "a_panic_says_where_and_not_what";
    if let Some(hardened) = std::env::var_os("LIC2_TEST_PANIC") {
        if hardened == "yes" {
            lic2_signer::harden::silent_panics();
        }
        panic!("the key is {PASSPHRASE}");
    }
    let run = |hardened: &str| {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env("LIC2_TEST_PANIC", hardened)
            .output()
            .unwrap()
    };
    // Without the hook it leaks, so that this test can fail.
    assert!(String::from_utf8_lossy(&run("no").stderr).contains(PASSPHRASE));
    let silent = run("yes");
    let stderr = String::from_utf8_lossy(&silent.stderr);
    assert_eq!(silent.status.code(), Some(70), "{stderr}");
    assert!(stderr.contains("the program stopped at") && stderr.contains("secrets.rs:"), "{stderr}");
    assert!(!stderr.contains(PASSPHRASE) && !String::from_utf8_lossy(&silent.stdout).contains(PASSPHRASE), "{stderr}");
}

/// The real program, waiting for its stdin: it writes no core file, and Linux gives the files of its /proc folder to
/// root, the user who runs it, which is how a process that cannot be dumped or attached to shows.
#[cfg(target_os = "linux")]
#[test]
fn the_program_cannot_be_dumped() {
    use std::os::unix::fs::MetadataExt;
    use std::process::{Command, Stdio};

    let sandbox = Sandbox::new();
    let copy = sandbox.path("program");
    fs::copy(env!("CARGO_BIN_EXE_lic2-signer"), &copy).unwrap();
    sandbox.set_mode(".", 0o755);
    sandbox.set_mode("program", 0o755);
    // Root owns its own files anyway: as somebody else, then.
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let start = |program: &str, argument: &str| {
        let mut command = Command::new(if is_root { "setpriv" } else { program });
        if is_root {
            command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", program]);
        }
        command.arg(argument);
        command
    };
    let mut child =
        start(copy.to_str().unwrap(), "pubkey").arg("-").stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let folder = format!("/proc/{}", child.id());
    let mut core = String::new();
    for _ in 0..600 {
        let limits = fs::read_to_string(format!("{folder}/limits")).unwrap();
        core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap().to_owned();
        let is_ours = fs::read_to_string(format!("{folder}/comm")).unwrap().starts_with("program");
        if is_ours && core.split_whitespace().filter(|word| *word == "0").count() == 2 && owner(&folder) == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let (seen, words) = (owner(&folder), core.split_whitespace().filter(|word| *word == "0").count());
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((seen, words), (0, 2), "owner of {folder}, and: {core}");
    // An ordinary program's folder belongs to the user who runs it.
    let mut ordinary = start("sleep", "60").spawn().unwrap();
    let folder = format!("/proc/{}", ordinary.id());
    for _ in 0..600 {
        if fs::read_to_string(format!("{folder}/comm")).unwrap().starts_with("sleep") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let seen = owner(&folder);
    ordinary.kill().unwrap();
    ordinary.wait().unwrap();
    assert_ne!(seen, 0);

    fn owner(folder: &str) -> u32 {
        fs::metadata(format!("{folder}/limits")).unwrap().uid()
    }
}
