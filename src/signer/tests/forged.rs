//! Forged documents: with an anchor at hand, nothing of them is decoded, whatever they contain.

mod support;

use lic2::Kind;
use lic2::seal::seal;
use support::device::{PRODUCT, document, unsigned_request};
use support::{NOW, Ran, Sandbox, json};

/// Bytes of an envelope before the payload, without a certificate.
const HEADER: usize = 8;
/// An item with number 900, critical and empty, as the list of items.
const UNKNOWN_ITEM: [u8; 4] = [3, 0x89, 0x0E, 0];

/// One of every kind that sellers sign, signed by the anchor.
fn genuine(sandbox: &Sandbox) -> Vec<(Kind, String)> {
    let anchor = |verb: &str, options: &[&str]| {
        sandbox.run(&[&[verb, "--key", "anchor.key", "--at", NOW], options].concat()).ok().trim_end().to_owned()
    };
    let product = ["--product", PRODUCT];
    let request = unsigned_request(None);
    vec![
        (Kind::Code, anchor("issue", &[&product[..], &["--id", "PL-1", "--perpetual"]].concat())),
        (Kind::RevocationList, anchor("revocations", &[&product[..], &["--number", "1"]].concat())),
        (Kind::TimeToken, anchor("time-token", &product)),
        (Kind::Unlock, anchor("unlock", &["--request", &request, "--grants", "state"])),
        (Kind::Certificate, sandbox.read("issuer.cert").trim_end().to_owned()),
    ]
}

/// The same kinds with payloads that no reader accepts, signed by nobody, with the key id of this key.
fn forged(sandbox: &Sandbox, key: &str) -> Vec<(Kind, String)> {
    let key = lic2_signer::publickey::read(sandbox.path(key).to_str().unwrap()).unwrap();
    let mut all = Vec::new();
    for (kind, text) in genuine(sandbox) {
        let document = document(&text);
        let payload = &document[HEADER..document.len() - 64];
        let (items, fields) = payload.split_last().unwrap();
        assert_eq!(*items, 0, "no items");
        let payloads = [
            Vec::new(),
            vec![0xFF; 40],
            payload[..payload.len() / 2].to_vec(),
            [payload, &[0]].concat(),
            [fields, &UNKNOWN_ITEM].concat(),
        ];
        for payload in payloads {
            let text = seal(kind, &key, None, &payload, |_| [7; 64]).unwrap().text().to_owned();
            // Without an anchor the content is what is wrong.
            let read = sandbox.run(&["inspect", &text]);
            assert!(["211", "212", "213", "214"].iter().any(|status| read.stderr.contains(status)), "{}", read.stderr);
            all.push((kind, text));
        }
    }
    all
}

/// Refused for the signature and not for the content.
#[track_caller]
fn is_forged(ran: &Ran, statuses: &[&str]) {
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let shown = format!("{}{}", ran.stdout, ran.stderr);
    assert!(statuses.iter().any(|status| shown.contains(status)), "{statuses:?} in {shown}");
    for status in ["211 ", "212 ", "213 ", "214 "] {
        assert!(!shown.contains(status), "{status} in {shown}");
    }
}

#[test]
fn nothing_of_a_forged_document_is_decoded() {
    let sandbox = Sandbox::with_keys();
    sandbox.run(&["keygen", "other.key", "--no-passphrase"]).ok();
    for (key, of_document, of_certificate) in [
        ("anchor.pub", "302 SIGNATURE_INVALID", "304 CERTIFICATE_SIGNATURE"),
        ("other.pub", "301 KEY_UNKNOWN", "303 CERTIFICATE_UNTRUSTED"),
    ] {
        for (kind, text) in forged(&sandbox, key) {
            let status = if kind == Kind::Certificate { of_certificate } else { of_document };
            let inspected = sandbox.run(&["inspect", &text, "--anchor", "anchor.pub"]);
            is_forged(&inspected, &[status]);
            assert!(inspected.stdout.starts_with("NOT GENUINE for the given anchor"), "{}", inspected.stdout);
            let answer = sandbox.run(&["inspect", &text, "--anchor", "anchor.pub", "--json"]);
            is_forged(&answer, &[status]);
            let answer = json(&answer.stdout);
            assert_eq!(answer["verified"], false);
            assert!(answer["kind"].is_string() && answer["key_id"].is_string() && answer["bytes"].is_u64());
            match kind {
                Kind::Code => {
                    for verb in ["verify", "explain"] {
                        let ran = sandbox.run(&[verb, &text, "--anchor", "anchor.pub", "--product", PRODUCT]);
                        is_forged(&ran, &[status]);
                    }
                }
                Kind::RevocationList => {
                    let base = ["retire", "--anchor", "anchor.key", "--issuer", "issuer.pub", "--activated", "keep"];
                    let ran = sandbox.run(&[&base[..], &["--after", &text, "--at", NOW]].concat());
                    ran.fails(4, "the list in --after is not signed by this anchor", "--first");
                }
                Kind::Certificate => in_the_place_of_a_certificate(&sandbox, &text, status, key == "anchor.pub"),
                Kind::TimeToken | Kind::Unlock | Kind::Request | Kind::Receipt | Kind::UsageReport | _ => {}
            }
        }
    }
}

/// Everywhere where a certificate can be given beside an anchor.
fn in_the_place_of_a_certificate(sandbox: &Sandbox, text: &str, status: &str, names_the_anchor: bool) {
    sandbox.write("forged.cert", text);
    let product = ["--product", PRODUCT, "--at", NOW];
    let signing = ["--key", "issuer.key", "--certificate", "forged.cert", "--anchor", "anchor.pub"];
    let issue = [&["issue", "--id", "PL-9", "--perpetual"], &product[..], &signing].concat();
    for detached in [&[][..], &["--detached-certificate"]] {
        is_forged(&sandbox.run(&[&issue[..], detached].concat()), &[status]);
    }
    let code = sandbox.code(&["--perpetual"]);
    for verb in ["verify", "inspect", "explain"] {
        let product: &[&str] = if verb == "inspect" { &[] } else { &["--product", PRODUCT] };
        let base = [verb, &code, "--anchor", "anchor.pub", "--issuer", "forged.cert"];
        is_forged(&sandbox.run(&[&base[..], product].concat()), &[status]);
    }
    if names_the_anchor {
        let base = ["retire", "--anchor", "anchor.key", "--issuer", "forged.cert", "--activated", "keep", "--first"];
        is_forged(&sandbox.run(&[&base[..], &["--every-product", "--at", NOW]].concat()), &[status]);
        let base = ["certify", "--anchor", "anchor.key", "--key", "issuer.pub", "--valid-until", "2y", "--at", NOW];
        is_forged(&sandbox.run(&[&base[..], &["--succeeds", "forged.cert"]].concat()), &[status]);
    }
}

#[test]
fn a_genuine_document_beyond_its_issuers_limits_is_still_shown() {
    let sandbox = Sandbox::with_keys();
    sandbox.write("issuer.cert", &sandbox.certify(&["--scope", "vision-*", "--longest-term", "30d"]));
    // The library does not sign beyond the limits: a certificate in advance limits what does not carry it.
    let bare = ["issue", "--key", "issuer.key", "--id", "PL-1", "--product", PRODUCT, "--perpetual", "--at", NOW];
    let code = sandbox.run(&bare).ok();
    let inspected = sandbox.run(&["inspect", code.trim(), "--anchor", "anchor.pub", "--issuer", "issuer.cert"]);
    inspected.refuses(3, "309 ISSUER_TERM", "");
    assert!(inspected.stdout.contains("  license        PL-1 (issue 1)"), "{}", inspected.stdout);
    let explained = sandbox.run(&["explain", code.trim(), "--anchor", "anchor.pub", "--issuer", "issuer.cert"]);
    assert!(
        explained.stdout.contains("  term") || explained.stdout.contains("the term is perpetual"),
        "{}",
        explained.stdout
    );
}
