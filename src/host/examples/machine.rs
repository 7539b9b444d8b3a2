//! Prints what this package finds out about the machine: its components, the signs of a virtual machine or a
//! container, and the marketplace's fingerprint.
//!
//! Serial numbers are personal data, and what support asks for ends in tickets: only their salted hashes are printed,
//! unless `--plain` is given. `--root DIRECTORY` looks there instead of in `/`.

use lic2_host::{FINGERPRINT_MAX, Machine};

fn main() {
    let mut plain = false;
    let mut root = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--plain" => plain = true,
            "--root" => root = arguments.next(),
            _ => {
                eprintln!("usage: machine [--plain] [--root DIRECTORY]");
                std::process::exit(2);
            }
        }
    }
    let machine = read(root.as_deref());
    let mut salt = [0; 4];
    if let Err(error) = lic2_host::random(&mut salt) {
        eprintln!("machine: {error}");
        std::process::exit(1);
    }
    if !plain {
        println!("salt {}", hex(&salt));
    }
    for index in 0..machine.count() {
        let (Some(component), Some(source)) = (machine.component(index), machine.source(index)) else { continue };
        let value = match component.hash(salt) {
            _ if plain => String::from_utf8_lossy(component.value).into_owned(),
            Some(hash) => hex(&hash),
            None => continue,
        };
        println!("component {} {value} ({})", component.kind, source.name());
    }
    for sign in machine.signs().iter() {
        println!("sign {}", sign.name());
    }
    println!("virtual machine {}, container {}", machine.signs().virtual_machine(), machine.signs().container());
    if plain {
        let mut out = [0; FINGERPRINT_MAX];
        let length = machine.fingerprint(&mut out).unwrap_or(0);
        println!("fingerprint {}", String::from_utf8_lossy(out.get(..length).unwrap_or_default()));
    }
}

#[cfg(target_os = "linux")]
fn read(root: Option<&str>) -> Machine {
    root.map_or_else(Machine::read, |root| Machine::read_at(root.as_bytes()))
}

#[cfg(not(target_os = "linux"))]
fn read(_: Option<&str>) -> Machine {
    Machine::read()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
