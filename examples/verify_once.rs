//! The smallest useful program: one code, one decision. `cargo run --example verify_once`
//!
//! The anchor is a test key that everybody knows; a product has its own from `lic2-signer pubkey --format rust`.

use lic2::{Code, Component, Facts, KeyRing, UnixSeconds, decide, decide_feature};

const ANCHOR: [u8; 32] = [
    0xea, 0x4a, 0x6c, 0x63, 0xe2, 0x9c, 0x52, 0x0a, 0xbe, 0xf5, 0x50, 0x7b, 0x13, 0x2e, 0xc5, 0xf9, 0x95, 0x47, 0x76,
    0xae, 0xbe, 0xbe, 0x7b, 0x92, 0x42, 0x1e, 0xea, 0x69, 0x14, 0x46, 0xd2, 0x2c,
];

fn main() -> Result<(), lic2::Error> {
    let pasted = "LIC2C.AUMBAOpKbGMUUEwtMjAyNjExMTgtMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlwKXxDAFA2dIOAQEJCAcG\
                  CQXB4F7_GS95WiIJYW5hbHl0aWNzBcB7dQ0IY2hhbm5lbHMBQAZleHBvcnQAACf_0QgXnzwwq2XKDXAxSBczxZX_vF\
                  y5-cGuhGi1X4lkrnZ8DonFtZWIrfDs35GKgIqlSeHkMUYrlok0WGJVBAxmqCnP";
    let ring = KeyRing::new(&[ANCHOR])?;
    let mut memory = Code::new();
    let genuine = memory.verify(&ring, pasted.as_bytes())?;

    let facts = Facts::new("vision-appliance")
        .with_now(UnixSeconds(1_800_000_000))
        .with_components(&[Component { kind: 5, value: b"2102312ABC0123456789" }]);
    let decision = decide(&genuine, &facts);
    if decision.verdict.is_granted() {
        println!("license {} permits this until {:?}", genuine.license().id, decision.expires_at);
        println!("channels: {:?}", decide_feature(&genuine, &facts, "channels").feature);
    } else if let Some(refusal) = decision.refusal {
        println!("refused, status {}: {}; {}", refusal.number(), refusal.text(), refusal.advice());
    }
    Ok(())
}
