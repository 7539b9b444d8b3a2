//! Key files: made, read, guarded, and the same to OpenSSL.

mod support;

use std::fs;

use support::{PASSPHRASE, Sandbox};

const WITH_FILE: [&str; 2] = ["--passphrase-file", "passphrase.txt"];

#[track_caller]
fn keygen(sandbox: &Sandbox, name: &str) -> support::Ran {
    let ran = sandbox.run(&[&["keygen", name], &WITH_FILE[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran
}

#[test]
fn keygen_writes_two_files_and_says_what_to_do_next() {
    let sandbox = Sandbox::new();
    let ran = keygen(&sandbox, "anchor.key");
    assert_eq!(ran.stdout, "");
    assert_eq!((sandbox.mode("anchor.key"), sandbox.mode("anchor.pub") & 0o600), (0o600, 0o600));
    assert!(sandbox.read("anchor.key").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    assert!(sandbox.read("anchor.pub").starts_with("-----BEGIN PUBLIC KEY-----\n"));
    for word in ["key id", "anchor.key", "anchor.pub", "lic2-signer pubkey --format c anchor.pub"] {
        assert!(ran.stderr.contains(word), "{word} is missing in {}", ran.stderr);
    }
}

#[test]
fn nothing_is_ever_overwritten() {
    let sandbox = Sandbox::new();
    keygen(&sandbox, "a.key");
    let before = (sandbox.read("a.key"), sandbox.read("a.pub"));
    let again = sandbox.run(&[&["keygen", "a.key"], &WITH_FILE[..]].concat());
    again.fails(2, "a.key: the file exists", "another name");
    sandbox.run(&["keygen", "b.key", "--public", "a.pub", "--no-passphrase"]).fails(2, "a.pub: the file exists", "");
    assert!(!sandbox.path("b.key").exists());
    std::os::unix::fs::symlink("elsewhere", sandbox.path("link.key")).unwrap();
    sandbox.run(&["keygen", "link.key", "--no-passphrase"]).fails(2, "link.key: the file exists", "");
    assert!(!sandbox.path("elsewhere").exists());
    for flag in ["--force", "-f", "--overwrite"] {
        assert_eq!(sandbox.run(&["keygen", "a.key", flag, "--no-passphrase"]).code, 1, "{flag}");
    }
    assert_eq!(before, (sandbox.read("a.key"), sandbox.read("a.pub")));
}

/// Two programs may look for the file at the same time: the creation itself has to be exclusive.
#[test]
fn creating_a_file_is_exclusive_and_follows_no_link() {
    let sandbox = Sandbox::new();
    sandbox.write("taken", "old");
    std::os::unix::fs::symlink("elsewhere", sandbox.path("link")).unwrap();
    for name in ["taken", "link"] {
        let failure = lic2_signer::private_file::create(&sandbox.path(name), "new", true).unwrap_err();
        assert!(failure.to_string().contains("the file exists"), "{failure}");
    }
    assert_eq!(sandbox.read("taken"), "old");
    assert!(!sandbox.path("elsewhere").exists());
}

#[test]
fn openssl_opens_our_key_and_finds_the_promised_parameters() {
    let sandbox = Sandbox::new();
    keygen(&sandbox, "a.key");
    let pass = format!("pass:{PASSPHRASE}");
    let public = sandbox.tool("openssl", &["pkey", "-in", "a.key", "-passin", &pass, "-pubout"]).ok();
    assert_eq!(public, sandbox.read("a.pub"));
    let asn1 = sandbox.tool("openssl", &["asn1parse", "-in", "a.key", "-i"]).ok();
    for part in ["PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", "INTEGER           :0927C0"] {
        assert!(asn1.contains(part), "{part} is missing in {asn1}");
    }
    // 0x0927C0 = 600 000. Version 0 of PKCS#8: a single private key and nothing behind it.
    sandbox.tool("openssl", &["pkey", "-in", "a.key", "-passin", &pass, "-out", "plain.pem"]).ok();
    let plain = sandbox.tool("openssl", &["pkey", "-in", "plain.pem", "-outform", "DER", "-out", "plain.der"]);
    assert_eq!(plain.code, 0);
    assert_eq!(fs::read(sandbox.path("plain.der")).unwrap().len(), 48);
}

#[test]
fn openssl_verifies_our_signature_and_we_read_its_keys() {
    let sandbox = Sandbox::new();
    sandbox.tool("openssl", &["genpkey", "-algorithm", "ed25519", "-out", "plain.key"]).ok();
    sandbox
        .tool(
            "openssl",
            &[
                "pkcs8",
                "-topk8",
                "-in",
                "plain.key",
                "-out",
                "locked.key",
                "-v2",
                "aes-256-cbc",
                "-passout",
                "file:passphrase.txt",
            ],
        )
        .ok();
    sandbox
        .tool(
            "openssl",
            &[
                "pkcs8",
                "-topk8",
                "-in",
                "plain.key",
                "-out",
                "scrypt.key",
                "-scrypt",
                "-passout",
                "file:passphrase.txt",
            ],
        )
        .ok();
    let public = sandbox.tool("openssl", &["pkey", "-in", "plain.key", "-pubout"]).ok();
    for name in ["plain.key", "locked.key", "scrypt.key"] {
        sandbox.restrict(name);
        assert_eq!(sandbox.run(&[&["pubkey", name], &WITH_FILE[..]].concat()).ok(), public, "{name}");
    }
    sandbox
        .tool(
            "openssl",
            &[
                "pkcs8",
                "-topk8",
                "-in",
                "plain.key",
                "-out",
                "des.key",
                "-v2",
                "des3",
                "-passout",
                "file:passphrase.txt",
            ],
        )
        .ok();
    sandbox.restrict("des.key");
    let des = sandbox.run(&[&["pubkey", "des.key"], &WITH_FILE[..]].concat());
    des.fails(4, "encrypted in a way", "openssl pkcs8 -topk8");
}

#[test]
fn a_wrong_passphrase_is_told_from_no_passphrase() {
    let sandbox = Sandbox::new();
    keygen(&sandbox, "a.key");
    let with = |value: &str| sandbox.run_with(&["pubkey", "a.key"], b"", &[("LIC2_PASSPHRASE", value)]);
    with("wrong").fails(4, "wrong passphrase", "try again");
    with("").fails(4, "wrong passphrase", "");
    let right = with(PASSPHRASE);
    assert!(right.stderr.contains("warning: the passphrase comes from LIC2_PASSPHRASE"), "{}", right.stderr);
    assert_eq!(right.ok(), sandbox.read("a.pub"));
    sandbox.run(&["pubkey", "a.key"]).fails(4, "no terminal", "--passphrase-file");
    sandbox.run(&["keygen", "b.key"]).fails(4, "no terminal", "--passphrase-fd");
    assert!(!sandbox.path("b.key").exists());
}

#[test]
fn the_passphrase_comes_from_a_descriptor_or_a_terminal_and_never_from_the_command_line() {
    let sandbox = Sandbox::new();
    keygen(&sandbox, "a.key");
    let public = sandbox.read("a.pub");
    assert_eq!(sandbox.shell("lic2-signer pubkey a.key --passphrase-fd 3 3< passphrase.txt").ok(), public);
    assert_eq!(sandbox.shell("cat passphrase.txt | lic2-signer pubkey a.key --passphrase-fd 0").ok(), public);
    sandbox.run(&["pubkey", "a.key", "--passphrase-fd", "99"]).fails(2, "file descriptor 99", "--passphrase-file");
    sandbox.run(&["pubkey", "a.key", "--passphrase", PASSPHRASE]).fails(1, "unexpected argument", "");

    // script(1) gives the program a terminal.
    let typed = |first: &str, second: &str, name: &str| {
        sandbox.shell(&format!(
            "(sleep 1; echo {first}; sleep 1; echo {second}) | script -qec 'lic2-signer keygen {name}' /dev/null"
        ))
    };
    let ran = typed(PASSPHRASE, PASSPHRASE, "typed.key");
    assert!(ran.stdout.contains("Repeat: ") && ran.stdout.contains("key id"), "{ran:?}");
    assert!(!ran.stdout.contains(PASSPHRASE), "the passphrase is shown");
    let public = sandbox.run(&[&["pubkey", "typed.key"], &WITH_FILE[..]].concat()).ok();
    assert_eq!(public, sandbox.read("typed.pub"));
    let ran = typed(PASSPHRASE, "another-one-entirely", "never.key");
    assert!(ran.stdout.contains("the two passphrases differ") && !sandbox.path("never.key").exists(), "{ran:?}");
}

#[test]
fn no_secret_goes_to_a_terminal() {
    let sandbox = Sandbox::new();
    let ran = sandbox.shell("script -qec 'lic2-signer keygen - --no-passphrase' /dev/null");
    assert!(ran.stdout.contains("not written to a terminal"), "{ran:?}");
    assert!(!ran.stdout.contains("PRIVATE KEY-----"), "{ran:?}");
    let piped = sandbox.run(&["keygen", "-", "--no-passphrase"]);
    assert!(piped.stdout.starts_with("-----BEGIN PRIVATE KEY-----"), "{piped:?}");
}

#[test]
fn files_that_others_can_read_are_refused_with_the_repair() {
    let sandbox = Sandbox::new();
    keygen(&sandbox, "a.key");
    for mode in [0o640, 0o604, 0o660, 0o644, 0o610] {
        sandbox.set_mode("a.key", mode);
        let ran = sandbox.run(&[&["pubkey", "a.key"], &WITH_FILE[..]].concat());
        ran.fails(4, "other users may read this file", "chmod 600 a.key");
    }
    sandbox.set_mode("a.key", 0o400);
    sandbox.run(&[&["pubkey", "a.key"], &WITH_FILE[..]].concat()).ok();
    sandbox.set_mode("passphrase.txt", 0o644);
    let ran = sandbox.run(&[&["pubkey", "a.key"], &WITH_FILE[..]].concat());
    ran.fails(4, "other users may read this file", "chmod 600 passphrase.txt");
}

#[test]
fn an_empty_passphrase_has_to_be_spelled_out() {
    let sandbox = Sandbox::new();
    sandbox.write("passphrase.txt", "\n");
    let ran = sandbox.run(&[&["keygen", "a.key"], &WITH_FILE[..]].concat());
    ran.fails(4, "the passphrase is empty", "--no-passphrase");
    sandbox.run(&[&["keygen", "a.key", "--no-passphrase"], &WITH_FILE[..]].concat()).fails(
        1,
        "cannot be used with",
        "",
    );
    let ran = sandbox.run(&["keygen", "a.key", "--no-passphrase"]);
    assert!(ran.stderr.contains("warning: the private key is not protected"), "{}", ran.stderr);
    assert_eq!(sandbox.mode("a.key"), 0o600);
}

#[test]
fn what_is_no_key_is_refused() {
    let sandbox = Sandbox::new();
    keygen(&sandbox, "a.key");
    let key = sandbox.read("a.key");
    let rsa = sandbox.tool("openssl", &["genpkey", "-algorithm", "rsa", "-out", "rsa.key"]);
    assert_eq!(rsa.code, 0);
    sandbox.write("empty.key", "");
    sandbox.write("cut.key", &key[..key.len() / 2]);
    sandbox.write("words.key", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for name in ["rsa.key", "empty.key", "cut.key", "words.key", "a.pub"] {
        sandbox.restrict(name);
        let base = ["certify", "--anchor", name, "--key", "a.pub", "--valid-until", "1y", "--scope", "x"];
        sandbox.run(&[&base, &WITH_FILE[..]].concat()).refuses(4, name, "");
    }
    sandbox.run(&["pubkey", "missing.key"]).fails(2, "missing.key: no such file", "64 hexadecimal digits");
    sandbox.run(&["pubkey", "00"]).fails(2, "00: no such file", "");
    let weak = "01".to_owned() + &"00".repeat(31);
    sandbox.run(&["pubkey", &weak]).fails(4, "not a usable Ed25519 public key", "");
}

#[test]
fn a_file_cannot_ask_for_endless_work() {
    let sandbox = Sandbox::new();
    sandbox.tool("openssl", &["genpkey", "-algorithm", "ed25519", "-out", "plain.key"]).ok();
    let convert = |name: &str, rounds: &str| {
        sandbox
            .tool(
                "openssl",
                &[
                    "pkcs8",
                    "-topk8",
                    "-in",
                    "plain.key",
                    "-out",
                    name,
                    "-v2",
                    "aes-256-cbc",
                    "-iter",
                    rounds,
                    "-passout",
                    "file:passphrase.txt",
                ],
            )
            .ok();
        sandbox.restrict(name);
        sandbox.run(&[&["pubkey", name], &WITH_FILE[..]].concat())
    };
    convert("more.key", "10000001").fails(4, "excessive amount of work", "do not trust");
    convert("few.key", "1").ok();
}
