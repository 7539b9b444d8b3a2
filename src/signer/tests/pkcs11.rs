//! Keys on a real token: SoftHSM, with keys of its own, of pkcs11-tool's and of ours.
#![cfg(feature = "pkcs11")]

mod support;

use std::path::Path;

use lic2_signer::ui::hex;
use support::{NOW, Ran, Sandbox};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "739182";

/// A sandbox with a token "lic", which no other test sees, and its PIN in pin.txt.
struct Token {
    sandbox: Sandbox,
    configuration: String,
}

impl Token {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        std::fs::create_dir(sandbox.path("tokens")).unwrap();
        let tokens = sandbox.path("tokens");
        sandbox.write("softhsm.conf", &format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display()));
        sandbox.write("pin.txt", &format!("{PIN}\n"));
        sandbox.restrict("pin.txt");
        let configuration = sandbox.path("softhsm.conf").to_str().unwrap().to_owned();
        let token = Self { sandbox, configuration };
        token.init("lic");
        token
    }

    fn init(&self, label: &str) {
        let line = format!("softhsm2-util --init-token --free --label {label} --pin {PIN} --so-pin 5678");
        self.shell(&line).ok();
    }

    /// Runs a line that finds the token and the program.
    fn shell(&self, line: &str) -> Ran {
        self.sandbox
            .shell(&format!("export SOFTHSM2_CONF='{}' LIC2_PKCS11_MODULE={MODULE}; {line}", self.configuration))
    }

    /// Makes a key with OpenSC's tool.
    fn make_with_tool(&self, label: &str, id: &str) {
        let line = format!(
            "pkcs11-tool --module {MODULE} --token-label lic --login --pin {PIN} --keypairgen --key-type \
             EC:edwards25519 --label {label} --id {id} --usage-sign"
        );
        self.shell(&line).ok();
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let variables = [("SOFTHSM2_CONF", self.configuration.as_str()), ("LIC2_PKCS11_MODULE", MODULE)];
        self.sandbox.run_with(&[arguments, &["--passphrase-file", "pin.txt"]].concat(), b"", &variables)
    }
}

const ISSUER: &str = "pkcs11:token=lic;object=issuer";

/// The whole way: both keys on the token, one made by us and one by another program, and a code that a product takes.
#[test]
fn a_token_certifies_issues_and_revokes_as_a_file_does() {
    let token = Token::new();
    let made = token.run(&["keygen", "pkcs11:token=lic;object=anchor", "--public", "anchor.pub"]);
    assert!(made.stderr.contains("key id"), "{}", made.stderr);
    assert_eq!(made.ok(), "");
    token.make_with_tool("issuer", "01");
    let public = token.run(&["pubkey", ISSUER]).ok();
    token.sandbox.write("issuer.pub", &public);
    // The outside check: OpenSC's own idea of the public key.
    let read = format!(
        "pkcs11-tool --module {MODULE} --token-label lic --read-object --type pubkey --id 01 -o point.pem && openssl pkey -pubin -in point.pem -outform DER | tail -c 32 | od -An -v -tx1 | tr -d ' \\n'"
    );
    let theirs = token.shell(&read).ok();
    let ours = lic2_signer::publickey::read(token.sandbox.path("issuer.pub").to_str().unwrap()).unwrap();
    assert!(theirs.ends_with(&hex(&ours)), "{theirs} is not {}", hex(&ours));
    let certify =
        ["certify", "--anchor", "pkcs11:token=lic;object=anchor", "--key", "issuer.pub", "--scope", "vision-*"];
    let limits = ["--valid-until", "2y", "--kinds", "codes,revocations", "--at", NOW];
    token.sandbox.write("issuer.cert", &token.run(&[&certify[..], &limits].concat()).ok());
    let signed = ["--key", ISSUER, "--certificate", "issuer.cert", "--product", "vision-appliance", "--at", NOW];
    let issue = [&["issue", "--id", "PL-1", "--until", "1y", "--anchor", "anchor.pub"], &signed[..]].concat();
    let code = token.run(&issue).ok();
    let verified = token.sandbox.verify(code.trim(), &[]);
    assert!(verified.ok().contains("The code is genuine"));
    // Ed25519 has no chance in it: the same order gives the same bytes.
    assert_eq!(token.run(&issue).ok(), code);
    let detached = token.run(&[&issue[..], &["--detached-certificate"]].concat()).ok();
    assert!(detached.len() < code.len());
    let list = ["revocations", "--number", "1", "--revoke", "PL-1=refunded:2", "--anchor", "anchor.pub"];
    assert!(token.run(&[&list[..], &signed].concat()).ok().starts_with("LIC2L."));
    let retire =
        ["retire", "--anchor", "pkcs11:token=lic;object=anchor", "--issuer", "issuer.cert", "--activated", "keep"];
    let retired = token.run(&[&retire[..], &["--first", "--every-product", "--at", NOW]].concat()).ok();
    let inspected = token.sandbox.run(&["inspect", retired.trim(), "--anchor", "anchor.pub"]).ok();
    assert!(inspected.contains("verified with the given anchor"), "{inspected}");
}

#[test]
fn a_key_made_on_a_token_cannot_leave_it() {
    let token = Token::new();
    token.run(&["keygen", ISSUER, "--public", "issuer.pub"]).ok();
    let list =
        format!("pkcs11-tool --module {MODULE} --token-label lic --login --pin {PIN} --list-objects --type privkey");
    let listed = token.shell(&list).ok();
    for word in ["sensitive", "always sensitive", "never extractable"] {
        assert!(listed.contains(word), "{word} is missing in {listed}");
    }
    let shown = token.run(&["key", "show", ISSUER]).ok();
    assert!(shown.contains("on the token, which has just signed with it"), "{shown}");
    token.run(&["key", "passphrase", ISSUER, "--out", "out.key"]).fails(
        1,
        "has a PIN, not a passphrase",
        "pkcs11-tool",
    );
    // Nothing is overwritten, neither on the token nor beside it.
    token.run(&["keygen", ISSUER, "--public", "second.pub"]).fails(4, "already has a key \"issuer\"", "another object");
    assert!(!token.sandbox.path("second.pub").exists());
    let other = "pkcs11:token=lic;object=other";
    token.run(&["keygen", other, "--public", "issuer.pub"]).fails(2, "issuer.pub: the file exists", "another name");
    token.run(&["keygen", other]).fails(1, "no file is named for the public key", "--public");
    token.run(&["keygen", "pkcs11:token=lic", "--public", "x.pub"]).fails(1, "the new key has no name", "object=");
}

#[test]
fn what_is_missing_or_named_twice_is_said() {
    let token = Token::new();
    token.make_with_tool("issuer", "01");
    token.make_with_tool("issuer", "02");
    token.make_with_tool("other", "03");
    let pubkey = |uri: &str| token.run(&["pubkey", uri]);
    pubkey(ISSUER).fails(4, "2 keys on the token", "object=issuer;id=%01");
    let [first, second] = ["01", "02"].map(|id| pubkey(&format!("{ISSUER};id=%{id}")).ok());
    assert_ne!(first, second);
    pubkey("pkcs11:token=lic;object=isuer").fails(4, "no Ed25519 private key on the token", "object=other;id=%03");
    pubkey("pkcs11:token=lick;object=other").fails(4, "no token matches", "token=lic;serial=");
    // An only token needs no name; two do.
    pubkey("pkcs11:object=other").ok();
    token.init("spare");
    pubkey("pkcs11:object=other").fails(4, "2 tokens match the URI", "token=spare");
    pubkey("pkcs11:token=spare").fails(4, "no Ed25519 private key", "the token has none");
}

#[test]
fn a_wrong_pin_and_a_wrong_module_are_said() {
    let token = Token::new();
    token.make_with_tool("issuer", "01");
    let with = |uri: &str, variables: &[(&str, &str)]| {
        let all = [&[("SOFTHSM2_CONF", token.configuration.as_str())], variables].concat();
        token.sandbox.run_with(&["pubkey", uri], b"", &all)
    };
    let module = ("LIC2_PKCS11_MODULE", MODULE);
    with(ISSUER, &[module, ("LIC2_PIN", "111111")]).fails(4, "wrong PIN", "most tokens lock");
    with(ISSUER, &[module]).fails(4, "no terminal", "--passphrase-fd");
    let right = with(ISSUER, &[module, ("LIC2_PIN", PIN)]);
    assert!(right.stderr.contains("warning: the PIN comes from LIC2_PIN"), "{}", right.stderr);
    let key = right.ok();
    // A passphrase of key files is no PIN: trying it would use up attempts.
    with(ISSUER, &[module, ("LIC2_PASSPHRASE", PIN)]).fails(4, "no terminal", "");
    let in_uri = format!("{ISSUER}?module-path={MODULE}&pin-source=file:pin.txt");
    assert_eq!(with(&in_uri, &[]).ok(), key);
    token.sandbox.set_mode("pin.txt", 0o644);
    with(&in_uri, &[]).fails(4, "other users may read this file", "chmod 600 pin.txt");
    let by_descriptor = token.shell(&format!("lic2-signer pubkey '{ISSUER}' --passphrase-fd 3 3< pin.txt"));
    assert_eq!(by_descriptor.ok(), key);
    with(ISSUER, &[]).fails(1, "PKCS#11 module is missing", "LIC2_PKCS11_MODULE");
    with(ISSUER, &[("LIC2_PKCS11_MODULE", "/nowhere/m.so")]).fails(2, "/nowhere/m.so", "module-path");
    with(ISSUER, &[("LIC2_PKCS11_MODULE", "pin.txt")]).fails(2, "pin.txt cannot be used", "module-path");
    // A library that is no module.
    let libc = ["/lib/x86_64-linux-gnu/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6"];
    let libc = libc.into_iter().find(|path| Path::new(path).exists()).unwrap();
    with(ISSUER, &[("LIC2_PKCS11_MODULE", libc)]).fails(2, "cannot be used", "libsofthsm2.so");
    let seen = format!("{ISSUER}?pin-value={PIN}");
    let refused = with(&seen, &[module]);
    refused.fails(1, "the URI holds the PIN", "--passphrase-fd");
    assert!(!refused.stderr.contains(PIN), "{}", refused.stderr);
}

/// The public key on the token is another one: what the token signs is good for nobody, and nothing may come out.
#[test]
fn a_token_whose_keys_do_not_belong_together_issues_nothing() {
    let token = Token::new();
    token.make_with_tool("issuer", "01");
    token.make_with_tool("other", "02");
    let tool = format!("pkcs11-tool --module {MODULE} --token-label lic --login --pin {PIN}");
    let swap = format!("{tool} --delete-object --type pubkey --id 01 && {tool} --set-id 01 --type pubkey --id 02");
    token.shell(&swap).ok();
    let certify = ["certify", "--anchor", ISSUER, "--key", &"11".repeat(32), "--valid-until", "1y", "--scope", "x"];
    for arguments in [&["pubkey", ISSUER][..], &["key", "show", ISSUER], &certify] {
        let ran = token.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (4, ""), "{ran:?}");
    }
    token.run(&["pubkey", ISSUER]).fails(4, "signature is not valid under its public key", "belongs to another");
    token.shell(&format!("{tool} --delete-object --type pubkey --id 01")).ok();
    token.run(&["pubkey", ISSUER]).fails(4, "no public key for the private key", "same id");
}
