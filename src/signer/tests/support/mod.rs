//! Runs the real program in a directory of its own.
#![allow(dead_code, reason = "every test file uses another part")]

pub(crate) mod device;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The time at which tests take place, unless they say otherwise.
pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";

/// The passphrase of every test key. Long and odd enough to be found wherever it leaks.
pub(crate) const PASSPHRASE: &str = "correct-horse-battery-7491";

/// A response of the HoloSens Store with one parameter list, its odd key included.
pub(crate) const PARAMETERS: &str = r#"{
  "totalCount": 1,
  "licenseParamLists": [{
    "appName": "Helmet detection", "appVersion": "1.0.0", "rpmName": "helmet-detection", "itemId": "OFFI510",
    "consumptionId": "7d3c1a52-93f0-4c6e-9d6b-0f2f6a1f4e11", "buyerID": "b-20931", "licenseType ": "commercial",
    "requestAmount": "5", "allocalTable": "21024129487SJA000041210235ABCDEF=2;21024129487SJA000042210235ABCDEF=3",
    "requestType": "new", "requestDays": "365", "requestContent": "SerialNumber"
  }]
}
"#;

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Stdout of a run that must have succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "stderr: {}", self.stderr);
        self.stdout
    }

    /// Checks exit code, error and hint of a run that must have failed. Nothing may be on stdout.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, error: &str, hint: &str) {
        self.refuses(code, error, hint);
        assert_eq!(self.stdout, "", "an artifact in spite of the error");
    }

    /// The same for verbs that explain on stdout why they refuse.
    #[track_caller]
    pub(crate) fn refuses(&self, code: i32, error: &str, hint: &str) {
        let stderr = &self.stderr;
        assert_eq!(self.code, code, "stderr: {stderr}");
        let line = |what: &str, text: &str| {
            let prefix = format!("lic2-signer: {what}: ");
            assert!(
                stderr.lines().any(|line| line.starts_with(&prefix) && line.contains(text)),
                "no {what} with {text:?} in:\n{stderr}"
            );
        };
        line("error", error);
        if !hint.is_empty() {
            line("hint", hint);
        }
    }
}

/// A directory that is removed at the end, and the program run inside it.
pub(crate) struct Sandbox {
    directory: tempfile::TempDir,
}

impl Sandbox {
    /// A directory with the file `passphrase.txt`.
    pub(crate) fn new() -> Self {
        let sandbox = Self { directory: tempfile::tempdir().unwrap() };
        sandbox.write("passphrase.txt", &format!("{PASSPHRASE}\n"));
        sandbox.restrict("passphrase.txt");
        sandbox
    }

    /// The same with `anchor.key`, `issuer.key`, their public keys, and `issuer.cert` for product `vision-*`.
    pub(crate) fn with_keys() -> Self {
        let sandbox = Self::new();
        sandbox.run(&["keygen", "anchor.key", "--no-passphrase"]).ok();
        sandbox.run(&["keygen", "issuer.key", "--no-passphrase"]).ok();
        let certificate = sandbox.certify(&["--scope", "vision-*"]);
        sandbox.write("issuer.cert", &certificate);
        sandbox
    }

    /// The text of a certificate for `issuer.pub` with these further options.
    #[track_caller]
    pub(crate) fn certify(&self, options: &[&str]) -> String {
        let base = ["certify", "--anchor", "anchor.key", "--key", "issuer.pub", "--valid-until", "2y", "--at", NOW];
        self.run(&[&base, options].concat()).ok()
    }

    /// Issues with `issuer.key` and `issuer.cert` for `vision-appliance`.
    pub(crate) fn issue(&self, options: &[&str]) -> Ran {
        let base = [
            "issue",
            "--key",
            "issuer.key",
            "--certificate",
            "issuer.cert",
            "--id",
            "PL-1",
            "--product",
            "vision-appliance",
            "--at",
            NOW,
        ];
        self.run(&[&base, options].concat())
    }

    /// The code of [`Sandbox::issue`].
    #[track_caller]
    pub(crate) fn code(&self, options: &[&str]) -> String {
        self.issue(options).ok().trim_end().into()
    }

    /// Verifies for `vision-appliance` with `anchor.pub` at the time of the tests.
    pub(crate) fn verify(&self, code: &str, options: &[&str]) -> Ran {
        let base = ["verify", code, "--anchor", "anchor.pub", "--product", "vision-appliance", "--at", NOW];
        let base = if options.contains(&"--at") { &base[..6] } else { &base[..] };
        self.run(&[base, options].concat())
    }

    /// Runs the program without stdin.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, b"", &[])
    }

    /// Runs the program with this on stdin and these variables.
    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &[u8], variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lic2-signer"));
        command.args(arguments);
        for name in ["LIC2_PASSPHRASE", "LIC2_NEW_PASSPHRASE", "LIC2_PIN", "LIC2_PKCS11_MODULE", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.env("TZ", "UTC").envs(variables.iter().copied());
        self.execute(command, stdin)
    }

    /// Runs a shell line that finds the program as `lic2-signer`.
    pub(crate) fn shell(&self, line: &str) -> Ran {
        let program = Path::new(env!("CARGO_BIN_EXE_lic2-signer"));
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", line]).env("PATH", format!("{}:{path}", program.parent().unwrap().display()));
        self.execute(command, b"")
    }

    /// Runs another program.
    pub(crate) fn tool(&self, program: &str, arguments: &[&str]) -> Ran {
        let mut command = Command::new(program);
        command.args(arguments);
        self.execute(command, b"")
    }

    fn execute(&self, mut command: Command, stdin: &[u8]) -> Ran {
        command.current_dir(self.directory.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that does not read its stdin closes it; that is no fault.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The owner alone may read it.
    pub(crate) fn restrict(&self, name: &str) {
        self.set_mode(name, 0o600);
    }

    pub(crate) fn set_mode(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn mode(&self, name: &str) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o7777
    }

    /// Every file in the directory.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        fs::read_dir(self.directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

/// A code whose letters behind the prefix were all made small.
pub(crate) fn altered_case(code: &str) -> String {
    let (prefix, body) = code.split_at(6);
    format!("{prefix}{}", body.to_lowercase())
}

/// JSON from stdout.
#[track_caller]
pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}
