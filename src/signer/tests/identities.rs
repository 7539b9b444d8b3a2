//! What names a device to the seller: an ESN that a buyer typed, and the marketplace's fingerprint of a machine.

#[path = "../../host/tests/support/mod.rs"]
mod recorded;
mod support;

use lic2::{Component, Error, Outcome};
use lic2_host::{FINGERPRINT_MAX, Machine};
use recorded::{INTERNAL, Nic, System, WIFI, laptop};
use support::device::Device;
use support::{NOW, Sandbox, json};

/// What the marketplace's client would send of this machine.
fn fingerprint(machine: &Machine) -> String {
    let mut out = [0; FINGERPRINT_MAX];
    let length = machine.fingerprint(&mut out).unwrap();
    std::str::from_utf8(&out[..length]).unwrap().to_owned()
}

/// A device that shows the components of this machine, through the host ports.
fn device_on(system: &System, sandbox: &Sandbox) -> Device {
    let machine: &'static Machine = Box::leak(Box::new(system.machine()));
    let components: Vec<Component<'static>> =
        (0..machine.count()).filter_map(|index| machine.component(index)).collect();
    Device::new(&sandbox.path("anchor.pub"), Box::leak(components.into_boxed_slice()))
}

/// Another laptop of the same model: nothing is the same but the processor.
fn twin() -> System {
    let system = System::new();
    system
        .file("etc/machine-id", "00a1b2c3d4e5f60718293a4b5c6d7e8f\n")
        .dmi(&[("board_serial", "L1HF2AB00CE"), ("product_serial", "PF3ABCDF")])
        .nic(&Nic { device: INTERNAL, name: "eno1", address: "04:7c:16:5e:e3:60", assigned: 0, bus: "pci" })
        .nic(&Nic { device: WIFI, name: "wlp0s20f3", address: "a4:6b:b6:11:22:44", assigned: 0, bus: "pci" })
        .disk("pci0000:00/0000:00:06.0/nvme/nvme0", "nvme0n1", false, &[("device/serial", "S4EWNX0R123457\n")])
        .x86("151", recorded::FLAGS);
    system
}

#[test]
fn a_code_for_a_fingerprint_activates_on_that_machine_and_on_no_other() {
    let sandbox = Sandbox::with_keys();
    let system = laptop();
    let text = fingerprint(&system.machine());
    assert_eq!(text, "04:7C:16:5E:E3:5D,A4:6B:B6:11:22:33|S4EWNX0R123456|L1HF2AB00CD|BFEBFBFF00090672");
    let code = sandbox.code(&["--perpetual", "--fingerprint", &text]);
    let binding = json(&sandbox.run(&["inspect", &code, "--json"]).ok())["license"]["binding"].take();
    assert_eq!(binding["match"], 3);
    assert_eq!(device_on(&system, &sandbox).apply(&code), Ok(Outcome::Activated));
    assert_eq!(device_on(&twin(), &sandbox).apply(&code), Err(Error::DeviceMismatch));
}

#[test]
fn a_replaced_part_is_forgiven_and_half_a_machine_is_not() {
    let sandbox = Sandbox::with_keys();
    let system = laptop();
    let code = sandbox.code(&["--perpetual", "--fingerprint", &fingerprint(&system.machine())]);
    system.file("sys/devices/pci0000:00/0000:00:06.0/nvme/nvme0/block/nvme0n1/device/serial", "S5NEWDISK00001\n");
    assert_eq!(device_on(&system, &sandbox).apply(&code), Ok(Outcome::Activated));
    system.dmi(&[("board_serial", "L1HF2AB00FF")]);
    assert_eq!(device_on(&system, &sandbox).apply(&code), Err(Error::DeviceMismatch));
    // The old disk and the old board in another machine are half of four as well.
    let other = twin();
    other
        .file("sys/devices/pci0000:00/0000:00:06.0/nvme/nvme0/block/nvme0n1/device/serial", "S4EWNX0R123456\n")
        .dmi(&[("board_serial", "L1HF2AB00CD")]);
    assert_eq!(device_on(&other, &sandbox).apply(&code), Err(Error::DeviceMismatch));
    let lenient = sandbox.code(&["--perpetual", "--match", "2", "--fingerprint", &fingerprint(&laptop().machine())]);
    assert_eq!(device_on(&other, &sandbox).apply(&lenient), Ok(Outcome::Activated));
}

#[test]
fn the_serial_number_of_an_arm_chip_counts_and_sample_values_do_not() {
    let sandbox = Sandbox::with_keys();
    let board = |serial: &str| {
        let system = System::new();
        system
            .file("proc/device-tree/serial-number", format!("{serial}\0"))
            .dmi(&[("board_serial", "To be filled by O.E.M.")])
            .nic(&Nic { device: INTERNAL, name: "eth0", address: "dc:a6:32:01:02:03", assigned: 0, bus: "pci" });
        system
    };
    let own = board("10000000abcdef12");
    let text = fingerprint(&own.machine());
    assert_eq!(text, "DC:A6:32:01:02:03|||10000000ABCDEF12");
    // As a client writes it that does not know sample values.
    let filled = text.replace("||", "|DEFAULT STRING|TO BE FILLED BY O.E.M.");
    let code = sandbox.code(&["--perpetual", "--fingerprint", &filled]);
    assert_eq!(device_on(&own, &sandbox).apply(&code), Ok(Outcome::Activated));
    assert_eq!(device_on(&board("10000000abcdef13"), &sandbox).apply(&code), Err(Error::DeviceMismatch));
}

#[test]
fn what_a_buyer_types_activates_on_the_device_with_that_label() {
    const ESN: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];
    const OTHER: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456788" }];
    let sandbox = Sandbox::with_keys();
    let code = sandbox.code(&["--perpetual", "--esn", "esn: 2102312 abc-0123456789"]);
    assert_eq!(Device::new(&sandbox.path("anchor.pub"), ESN).apply(&code), Ok(Outcome::Activated));
    assert_eq!(Device::new(&sandbox.path("anchor.pub"), OTHER).apply(&code), Err(Error::DeviceMismatch));
    let doubtful = sandbox.issue(&["--perpetual", "--esn", "21O2312ABC0123456789"]);
    assert!(doubtful.stderr.contains("warning: the ESN contains the letter O"), "{}", doubtful.stderr);
    assert_eq!(Device::new(&sandbox.path("anchor.pub"), ESN).apply(&doubtful.ok()), Err(Error::DeviceMismatch));
}

#[test]
fn the_content_file_names_devices_in_the_same_words() {
    let sandbox = Sandbox::with_keys();
    sandbox.write("esn.toml", "perpetual = true\nesn = \"2102312 abc 0123456789\"\n");
    let license = |options: &[&str]| {
        json(&sandbox.run(&["inspect", &sandbox.code(options), "--json"]).ok())["license"]["binding"].take()
    };
    assert_eq!(license(&["--content", "esn.toml"])["match"], 1);
    // A flag replaces the device of the file, whichever way either names it.
    let replaced = license(&["--content", "esn.toml", "--fingerprint", "|S4XYZ1|PF2ABC1D|"]);
    assert_eq!((&replaced["match"], replaced["components"].as_array().map(Vec::len)), (&2.into(), Some(2)));
}

#[test]
fn what_names_no_device_is_refused_with_a_sentence() {
    let sandbox = Sandbox::with_keys();
    let refused = |options: &[&str], error: &str, hint: &str| {
        sandbox.issue(&[&["--perpetual"], options].concat()).fails(1, error, hint);
    };
    refused(&["--esn", "12345"], "it has 5 letters and digits, and an ESN has 8 to 32", "issue --help");
    refused(&["--esn", "04:7c:16:5e:e3:5d"], "bind to it with --device mac:04:7C:16:5E:E3:5D", "");
    refused(&["--fingerprint", "04:7C:16:5E:E3:5D"], "has 1 fields instead of four: write MAC|disk|board|cpu", "");
    refused(&["--fingerprint", "|||BFEBFBFF00090672"], "nothing that distinguishes the machine from others", "");
    refused(&["--fingerprint", "|S4XYZ1||", "--match", "2"], "--match 2 with 1 device components", "--match 1");
    refused(&["--esn", "2102312ABC0123456789", "--device", "esn:1"], "bound in more than one way", "--esn");
    sandbox.write("bad.toml", "perpetual = true\nesn = \"12345\"\n");
    let line = ["issue", "--key", "issuer.key", "--id", "PL-1", "--product", "p", "--content", "bad.toml", "--at", NOW];
    sandbox.run(&line).fails(1, "bad.toml: TOML parse error at line 2", "");
}
