//! The documents that the power cuts on emulated flash work with are made here, with a key that is public on purpose:
//! the same documents give the same number of cuts. `BLESS=1 cargo test -p lic2-capi` rewrites them.

mod golden;

use std::fmt::Write;

use ed25519_dalek::{Signer, SigningKey};
use lic2::seal::{BindingDraft, LicenseDraft, RevocationDraft, seal_license, seal_revocation_list};
use lic2::{Component, ComponentHash, Feature, Reason, RevokedLicense, Right, UnixSeconds, license_id_hash};

/// The anchor of this key is in examples/desktop_c/anchor.h.
const SEED: &[u8; 32] = b"lic2 example key - NOT a secret!";

/// 2026-11-22, UTC.
const ISSUED: UnixSeconds = UnixSeconds(1_795_305_600);

const SALT: [u8; 4] = [0x5A, 0x17, 0x20, 0x26];

fn license(id: &str, serial: u32, samples: u64, others: &[Feature<'_>]) -> String {
    let key = SigningKey::from_bytes(SEED);
    let esn = Component { kind: 5, value: b"20521B3A003600414E3C1502" };
    let entries = [ComponentHash { kind: 5, hash: esn.hash(SALT).unwrap() }];
    let quota = Right::Quota { amount: samples, overage: false };
    let features = [others, &[Feature::new("samples", quota)]].concat();
    let draft = LicenseDraft::new(id, "data-logger", ISSUED)
        .with_serial(serial)
        .with_binding(BindingDraft::Components { needed: 1, salt: SALT, entries: &entries })
        .with_features(&features);
    let public = key.verifying_key().to_bytes();
    seal_license(&draft, &public, None, |message| key.sign(message).to_bytes()).unwrap().text().to_owned()
}

/// Features that nobody asks for, to make a code long.
fn long(id: &str, samples: u64) -> String {
    let names: Vec<_> = (1..=30).map(|number| format!("a-feature-{number:02}")).collect();
    let features: Vec<_> = (1..).zip(&names).map(|(limit, name)| Feature::new(name, Right::Limit(limit))).collect();
    license(id, 1, samples, &features)
}

/// So many licenses that the state behind the list reaches into a second page.
fn list() -> String {
    let key = SigningKey::from_bytes(SEED);
    let mut ids: Vec<_> = (1..=60).map(|number| license_id_hash(format!("DL-1000{number}"))).collect();
    ids.sort_unstable();
    let licenses: Vec<_> = ids.into_iter().map(|id| RevokedLicense { id, below: 9, reason: Reason::Frozen }).collect();
    let draft = RevocationDraft::new(1, "data-logger", ISSUED).with_licenses(&licenses);
    let public = key.verifying_key().to_bytes();
    seal_revocation_list(&draft, &public, None, |message| key.sign(message).to_bytes()).unwrap().text().to_owned()
}

#[test]
fn the_power_cuts_have_documents() {
    let mut header = String::from("/* Made by bindings/c/tests/flashcut.rs; do not edit. The keys are public. */\n");
    let documents = [
        ("first", license("DL-1", 1, 1000, &[])),
        ("renewal", license("DL-1", 2, 2000, &[])),
        ("second", long("DL-2", 500)),
        ("list", list()),
    ];
    for (name, document) in documents {
        writeln!(header, "static const char document_{name}[] =").unwrap();
        let lines: Vec<_> = document.as_bytes().chunks(80).map(|line| core::str::from_utf8(line).unwrap()).collect();
        writeln!(header, "    \"{}\";", lines.join("\"\n    \"")).unwrap();
    }
    golden::compare("tests/firmware/flashcut/documents.h", &header);
}
