//! Signs the messages of a table of codes again, with nothing around it, and prints how many it signs in a second: what a
//! batch could do at most. Ed25519 signatures repeat, so that each has to be the one in its code.
//!
//! ```text
//! cargo run --release -p lic2-signer --example bare_signing -- issuer.key codes.csv
//! ```

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use lic2::seal::Sealed;
use lic2_signer::batch::per_second;
use lic2_signer::keyfile::PrivateKey;
use lic2_signer::passphrase::Source;

/// What a signature of a document covers first.
const DOMAIN: &[u8] = b"LIC2 document 1\n";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [key, table] = arguments.as_slice() else { return Err("usage: bare_signing KEY CODES.CSV".into()) };
    let key = PrivateKey::read(Path::new(key), &Source::default())?;
    let mut signed = Vec::new();
    for record in csv::Reader::from_path(table)?.records() {
        let record = record?;
        let code = record.get(5).ok_or("a row without a code")?;
        let sealed = Sealed::read(code.as_bytes())?;
        let (message, signature) = sealed.document().split_last_chunk::<64>().ok_or("a code without a signature")?;
        signed.push(([DOMAIN, message].concat(), *signature));
    }
    let begun = Instant::now();
    for (message, signature) in &signed {
        if key.sign(message) != *signature {
            return Err("a code that this key has not signed".into());
        }
    }
    println!("{}", per_second(u64::try_from(signed.len())?, begun.elapsed()));
    Ok(())
}
