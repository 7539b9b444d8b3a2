//! The seed of a key and its passphrase show up nowhere: not on stdout, not on stderr, in no file.

mod support;

use std::fs;

use support::{NOW, PASSPHRASE, Sandbox};

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
    run(&["pubkey", "--format", "c", "issuer.key"]).ok();
    // Failures too: a wrong field, a private key where a public one belongs, a key as a code.
    assert_eq!(run(&[&issue, &["--until", "yesterday"][..]].concat()).code, 1);
    assert_eq!(run(&["certify", "--anchor", "anchor.key", "--key", "issuer.key", "--valid-until", "1y"]).code, 4);
    for arguments in [["inspect", "issuer.key", "--json"], ["inspect", "code.txt", "--json"]] {
        let ran = sandbox.run(&arguments);
        outputs.push(ran.stdout + &ran.stderr);
    }
    let mut needles = vec![PASSPHRASE.as_bytes().to_vec()];
    needles.extend(["anchor.key", "issuer.key"].iter().flat_map(|name| spellings(&seed(&sandbox, name))));
    for output in &outputs {
        assert_absent(output, output.as_bytes(), &needles);
    }
    for path in sandbox.files() {
        if !path.ends_with("passphrase.txt") {
            let bytes: Vec<u8> = fs::read(&path).unwrap().into_iter().filter(|byte| *byte != b'\n').collect();
            assert_absent(&path.display().to_string(), &bytes, &needles);
        }
    }
    assert!(outputs.len() >= 9 && sandbox.files().len() >= 7);
}
