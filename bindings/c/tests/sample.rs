//! The code and the anchor beside the examples in C are made here, with a key that is public on purpose. `BLESS=1
//! cargo test -p lic2-capi` rewrites them.

mod golden;

use std::fmt::Write;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::{Signer, SigningKey};
use lic2::seal::{
    BindingDraft, CertificateDraft, LicenseDraft, RevocationDraft, TimeTokenDraft, seal_certificate, seal_license,
    seal_revocation_list, seal_time_token,
};
use lic2::{
    AnchorTable, Class, Component, ComponentHash, Feature, Item, Reason, RevokedLicense, Right, Term, Text,
    UnixSeconds, Version, VersionRange, license_id_hash,
};

/// A product with the anchor of this key has no protection.
const SEED: &[u8; 32] = b"lic2 example key - NOT a secret!";

/// 2026-11-22, 2090-01-01 and 2100-01-01, UTC.
const ISSUED: UnixSeconds = UnixSeconds(1_795_305_600);
const FEATURE_ENDS: UnixSeconds = UnixSeconds(3_786_912_000);
const ENDS: UnixSeconds = UnixSeconds(4_102_444_800);

const SALT: [u8; 4] = [0x5A, 0x17, 0x20, 0x26];

fn esn() -> ComponentHash {
    let esn = Component { kind: 5, value: b"2102312ABC0123456789" };
    ComponentHash { kind: 5, hash: esn.hash(SALT).unwrap() }
}

/// The usual license, bound to one ESN.
fn usual<'a>(features: &'a [Feature<'a>], entries: &'a [ComponentHash]) -> LicenseDraft<'a> {
    LicenseDraft::new("PL-20261122-00000042", "vision-appliance", ISSUED)
        .with_term(Term::Until(ENDS))
        .with_binding(BindingDraft::Components { needed: 1, salt: SALT, entries })
        .with_features(features)
}

const FEATURES: [Feature<'static>; 3] = [
    Feature::new("analytics", Right::Flag).with_expires(FEATURE_ENDS),
    Feature::new("channels", Right::Limit(64)),
    Feature::new("export", Right::Flag),
];

fn text(draft: &LicenseDraft<'_>, key: &SigningKey) -> String {
    let public = key.verifying_key().to_bytes();
    seal_license(draft, &public, None, |message| key.sign(message).to_bytes()).unwrap().text().to_owned()
}

/// The same code with one wrong bit of S, and a check that does not tell.
fn forged(code: &str) -> String {
    let (prefix, body) = code.split_at(6);
    let mut bytes = BASE64.decode(body).unwrap();
    bytes.truncate(bytes.len() - 4);
    let end = bytes.len();
    bytes[end - 31] ^= 1;
    bytes.extend(crc32fast::hash(&[prefix.as_bytes(), &bytes].concat()).to_le_bytes());
    format!("{prefix}{}", BASE64.encode(bytes))
}

/// A license with what an engine counts.
const METERED: [Feature<'static>; 3] = [
    Feature::new("channels", Right::Limit(2)),
    Feature::new("events", Right::Quota { amount: 4, overage: true }),
    Feature::new("scans", Right::Quota { amount: 10, overage: false }),
];

/// Freezes every license of the samples.
fn list(key: &SigningKey, id: &str) -> String {
    let licenses = [RevokedLicense { id: license_id_hash(id), below: 100, reason: Reason::Frozen }];
    let draft =
        RevocationDraft::new(1, "vision-appliance", UnixSeconds(ISSUED.0 + 7 * 86_400)).with_licenses(&licenses);
    let public = key.verifying_key().to_bytes();
    seal_revocation_list(&draft, &public, None, |message| key.sign(message).to_bytes()).unwrap().text().to_owned()
}

fn token(key: &SigningKey) -> String {
    let draft = TimeTokenDraft::new("", UnixSeconds(1_800_000_000));
    let public = key.verifying_key().to_bytes();
    seal_time_token(&draft, &public, None, |message| key.sign(message).to_bytes()).unwrap().text().to_owned()
}

#[test]
fn the_example_has_a_code_and_its_anchor() {
    let key = SigningKey::from_bytes(SEED);
    let mut anchor = String::from(
        "/* An example. Its private key is public: replace this file with the output of\n \
         * `lic2-signer pubkey --format c` before you ship anything. */\n\
         #include <stdint.h>\n\
         \n\
         static const uint8_t lic2_anchors[32] = {\n",
    );
    for row in key.verifying_key().to_bytes().chunks(8) {
        let row: Vec<_> = row.iter().map(|byte| format!("0x{byte:02x}")).collect();
        writeln!(anchor, "    {},", row.join(", ")).unwrap();
    }
    anchor.push_str("};\n");
    golden::compare("examples/first_c/anchor.h", &anchor);
    golden::compare("examples/desktop_c/anchor.h", &anchor);
    golden::compare("examples/appliance_c/anchor.h", &anchor);
    golden::compare("examples/desktop_host_c/anchor.h", &anchor);
    golden::compare("examples/desktop_c/code.txt", &(text(&usual(&FEATURES, &[esn()]), &key) + "\n"));
}

#[test]
fn the_c_tests_have_codes_and_an_issuer() {
    let key = SigningKey::from_bytes(SEED);
    let issuer = SigningKey::from_bytes(b"lic2 example issuer, NOT secret!");
    let entries = [esn()];
    let features = [
        Feature::new("events", Right::Quota { amount: 1000, overage: true }),
        Feature::new("flag", Right::Flag),
        Feature::new("quota", Right::Quota { amount: 7, overage: false }).with_expires(FEATURE_ENDS),
        Feature::new("region", Right::Text(Text::of("Z\u{fc}rich"))),
    ];
    let rich = usual(&features, &entries)
        .with_serial(3)
        .with_class(Class::Trial)
        .with_not_before(UnixSeconds(ISSUED.0 + 86_400))
        .with_grace_days(10)
        .with_lease_days(30_000)
        .with_versions(VersionRange {
            from: Version { major: 1, minor: 2, patch: 3 },
            to: Version { major: 1, minor: 65_535, patch: u32::MAX },
        })
        .with_maintenance_until(ENDS)
        .with_quantity(5)
        .with_edition("professional")
        .with_customer("customer-7")
        .with_order("order-8")
        .with_extensions(&[Item { number: 1_000, critical: false, bytes: &[0, 1, 2, 255] }]);
    let hours = usual(&[], &entries).with_term(Term::PoweredHours(100));
    let certificate = CertificateDraft::new(issuer.verifying_key().to_bytes(), ISSUED, ENDS);
    let anchor = key.verifying_key().to_bytes();
    let certificate = seal_certificate(&certificate, &anchor, |message| key.sign(message).to_bytes()).unwrap();
    let certified = seal_license(
        &usual(&FEATURES, &entries),
        &issuer.verifying_key().to_bytes(),
        Some(certificate.document()),
        |message| issuer.sign(message).to_bytes(),
    );
    let certified = certified.unwrap().text().to_owned();
    let mut header = String::from("/* Made by bindings/c/tests/sample.rs; do not edit. The keys are public. */\n");
    let rows = [
        ("usual", text(&usual(&FEATURES, &entries), &key)),
        ("rich", text(&rich, &key)),
        ("hours", text(&hours, &key)),
        ("add_on", text(&usual(&features, &entries).with_add_on(true), &key)),
        ("issued", text(&usual(&FEATURES, &entries), &issuer)),
        ("certified", certified),
        ("metered", text(&usual(&METERED, &entries).with_serial(5), &key)),
        ("forged", forged(&text(&usual(&FEATURES, &entries), &key))),
        ("list", list(&key, usual(&[], &entries).id)),
        ("token", token(&key)),
        ("certificate", certificate.text().to_owned()),
    ];
    for (name, code) in rows {
        writeln!(header, "static const char sample_{name}[] =").unwrap();
        let lines: Vec<_> = code.as_bytes().chunks(80).map(|line| core::str::from_utf8(line).unwrap()).collect();
        writeln!(header, "    \"{}\";", lines.join("\"\n    \"")).unwrap();
    }
    golden::compare("tests/c/sample.h", &header);
}

#[test]
fn the_c_tests_have_a_table_and_a_wrong_one() {
    let table = AnchorTable::make(&SigningKey::from_bytes(SEED).verifying_key().to_bytes()).unwrap();
    let words = table.to_words();
    // A wrong number in each entry, and a check that does not tell.
    let mut wrong = words;
    wrong[9..].iter_mut().step_by(24).for_each(|word| *word ^= 1);
    let bytes: Vec<u8> = wrong[..words.len() - 1].iter().flat_map(|word| word.to_le_bytes()).collect();
    wrong[words.len() - 1] = crc32fast::hash(&bytes);
    let mut header = String::from("/* Made by bindings/c/tests/sample.rs; do not edit. */\n#include <stdint.h>\n");
    for (name, words) in [("lic2_anchor_table_e7fa0614", words), ("lic2_other_table", wrong)] {
        writeln!(header, "\nstatic const uint32_t {name}[{}] = {{", words.len()).unwrap();
        for row in words.chunks(8) {
            let row: Vec<_> = row.iter().map(|word| format!("0x{word:08x}")).collect();
            writeln!(header, "    {},", row.join(", ")).unwrap();
        }
        header.push_str("};\n");
    }
    golden::compare("tests/c/table.h", &header);
}
