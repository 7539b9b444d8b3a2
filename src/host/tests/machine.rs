//! Which components come out of recorded systems, and what changes them.
#![cfg(target_os = "linux")]

mod support;

use lic2::port::Identity;
use lic2_host::{FINGERPRINT_MAX, Machine, Source};
use support::{FLAGS, INTERNAL, Nic, System, WIFI, components, dock, laptop, matches, sources};

fn owned(list: &[(u8, &str)]) -> Vec<(u8, String)> {
    list.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect()
}

const LAPTOP: &[(u8, &str)] = &[
    (4, "3f5a1c2e9d8b47a6b0c1d2e3f4a5b6c7"),
    (2, "L1HF2AB00CD"),
    (2, "4c4c4544-0042-3510-8052-b4c04f564231"),
    (5, "PF3ABCDE"),
    (1, "04:7C:16:5E:E3:5D"),
    (1, "A4:6B:B6:11:22:33"),
    (3, "S4EWNX0R123456"),
    (6, "GenuineIntel-00090672"),
];

#[test]
fn a_laptop() {
    let system = laptop();
    let machine = system.machine();
    assert_eq!(components(&machine), owned(LAPTOP));
    assert_eq!(
        sources(&machine),
        [
            Source::MachineId,
            Source::BoardSerial,
            Source::ProductUuid,
            Source::ProductSerial,
            Source::Mac,
            Source::Mac,
            Source::Disk,
            Source::Cpu,
        ]
    );
    assert_eq!(machine.signs().bits(), 0);
    let mut out = [0; FINGERPRINT_MAX];
    let length = machine.fingerprint(&mut out).expect("it fits");
    let expected = "04:7C:16:5E:E3:5D,A4:6B:B6:11:22:33|S4EWNX0R123456|L1HF2AB00CD|BFEBFBFF00090672";
    assert_eq!(std::str::from_utf8(&out[..length]), Ok(expected));
}

#[test]
fn a_docking_station_a_vpn_and_containers_change_nothing() {
    let system = laptop();
    let alone = system.machine();
    dock(&system);
    assert!(system.path().join("sys/class/net/enp34s0/address").exists());
    assert!(system.path().join("sys/block/sdb/device/wwid").exists());
    assert_eq!(components(&system.machine()), components(&alone));
}

#[test]
fn a_reboot_that_numbers_everything_anew_changes_nothing() {
    let before = laptop();
    dock(&before);
    // The same devices under other names, made in the opposite order.
    let after = System::new();
    after
        .x86("151", FLAGS)
        .disk("pci0000:00/0000:00:06.0/nvme/nvme1", "nvme1n1", false, &[("device/serial", "S4EWNX0R123456")])
        .nic(&Nic { device: WIFI, name: "wlan0", address: "a4:6b:b6:11:22:33", assigned: 0, bus: "pci" })
        .nic(&Nic { device: INTERNAL, name: "eth0", address: "04:7c:16:5e:e3:5d", assigned: 0, bus: "pci" })
        .dmi(&[
            ("product_uuid", "4C4C4544-0042-3510-8052-B4C04F564231"),
            ("product_serial", "PF3ABCDE"),
            ("board_serial", "L1HF2AB00CD  "),
        ])
        // Before systemd there was only this one.
        .file("var/lib/dbus/machine-id", "3f5a1c2e9d8b47a6b0c1d2e3f4a5b6c7\n");
    let (before, after) = (before.machine(), after.machine());
    assert_eq!(after.count(), LAPTOP.len());
    assert_eq!(matches(&before, &after), LAPTOP.len());
}

#[test]
fn a_random_address_is_not_an_identity() {
    let system = laptop();
    let before = system.machine();
    for (address, assigned) in [("da:31:9f:00:00:01", 3), ("7e:5d:00:ab:cd:ef", 1), ("00:1c:42:00:00:09", 3)] {
        system.unplug_nic(WIFI, "wlp0s20f3").nic(&Nic {
            device: WIFI,
            name: "wlp0s20f3",
            address,
            assigned,
            bus: "pci",
        });
        let after = system.machine();
        assert_eq!(after.count(), before.count() - 1, "{address}");
        assert_eq!(matches(&before, &after), before.count() - 1, "{address}");
    }
}

#[test]
fn one_replaced_part_costs_one_match() {
    let before = laptop().machine();
    let nic = laptop();
    nic.unplug_nic(INTERNAL, "eno1").nic(&Nic {
        device: INTERNAL,
        name: "eno1",
        address: "00:1b:21:00:00:01",
        assigned: 0,
        bus: "pci",
    });
    let disk = laptop();
    disk.file("sys/block/nvme0n1/device/serial", "ANOTHERDISK1");
    let system = laptop();
    system.file("etc/machine-id", "00112233445566778899aabbccddeeff\n");
    for (what, after) in [("interface", nic), ("disk", disk), ("system", system)] {
        let after = after.machine();
        assert_eq!(after.count(), before.count(), "{what}");
        assert_eq!(matches(&before, &after), before.count() - 1, "{what}");
    }
    // A new board brings its own interface: a machine of which half is left.
    let board = laptop();
    board.dmi(&[("board_serial", "L1HF2AB99ZZ"), ("product_uuid", "11111111-2222-3333-4444-555555555555")]);
    assert_eq!(matches(&before, &board.machine()), before.count() - 2);
}

#[test]
fn another_laptop_of_the_same_model_shares_only_the_processor() {
    let other = System::new();
    other
        .file("etc/machine-id", "ffeeddccbbaa99887766554433221100\n")
        .dmi(&[("board_serial", "L1HF2AB00CE"), ("product_serial", "PF3ABCDF")])
        .nic(&Nic { device: INTERNAL, name: "eno1", address: "04:7c:16:5e:e3:5e", assigned: 0, bus: "pci" })
        .disk("pci0000:00/0000:00:06.0/nvme/nvme0", "nvme0n1", false, &[("device/serial", "S4EWNX0R123457")])
        .x86("151", FLAGS);
    assert_eq!(matches(&laptop().machine(), &other.machine()), 1);
}

#[test]
fn what_only_root_reads_is_missing_for_others_and_nothing_else() {
    let system = laptop();
    for file in ["board_serial", "product_serial", "product_uuid"] {
        // What a service without rights sees, also when the test runs as root.
        system.remove(&format!("sys/devices/virtual/dmi/id/{file}"));
    }
    let expected: Vec<_> = owned(LAPTOP).into_iter().filter(|(kind, _)| ![2, 5].contains(kind)).collect();
    assert_eq!(components(&system.machine()), expected);
}

#[test]
fn sample_values_are_no_components() {
    let system = System::new();
    system
        .file("etc/machine-id", "uninitialized\n")
        .dmi(&[
            ("board_serial", "To be filled by O.E.M."),
            ("product_serial", "Default string"),
            ("product_uuid", "03000200-0400-0500-0006-000700080009"),
        ])
        .nic(&Nic { device: INTERNAL, name: "eth0", address: "00:00:00:00:00:00", assigned: 0, bus: "pci" })
        .disk("pci0000:00/0000:00:05.0/virtio2", "vda", false, &[("serial", "")])
        .disk(
            "pci0000:00/0000:00:01.1/ata1/host0/target0:0:0/0:0:0:0",
            "sda",
            false,
            &[("device/vpd_pg80", "\0\u{1}\0\u{8}QM00001 ")],
        );
    assert_eq!(components(&system.machine()), []);
}

#[test]
fn a_machine_id_has_32_digits() {
    let system = System::new();
    for wrong in ["", "3f5a1c2e", "3f5a1c2e9d8b47a6b0c1d2e3f4a5b6cX", "3f5a1c2e9d8b47a6b0c1d2e3f4a5b6c70"] {
        system.file("etc/machine-id", wrong);
        assert_eq!(components(&system.machine()), [], "{wrong}");
    }
    system.file("var/lib/dbus/machine-id", "3f5a1c2e9d8b47a6b0c1d2e3f4a5b6c7\n");
    assert_eq!(system.machine().count(), 1);
}

#[test]
fn nothing_at_all_is_no_error() {
    let empty = tempfile::TempDir::new().expect("a directory");
    let path = empty.path().to_str().expect("UTF-8");
    assert_eq!(Machine::read_at(path.as_bytes()).count(), 0);
    assert_eq!(Machine::read_at(format!("{path}/missing").as_bytes()).count(), 0);
    assert_eq!(Machine::read_at(b"").count(), 0);
    assert_eq!(Machine::read_at(&[b'x'; 5000]).count(), 0);
}

#[test]
fn a_raspberry_pi() {
    let soc = "platform/soc/3f980000.usb/usb1";
    let system = System::new();
    system
        .file("etc/machine-id", "b08dfa6083e7567a1921a715000001fb\n")
        .file("proc/device-tree/serial-number", "00000000c5f6d2a1\0")
        .file(
            "proc/cpuinfo",
            "processor\t: 0\nBogoMIPS\t: 38.40\nCPU part\t: 0xd03\n\nHardware\t: BCM2835\nSerial\t\t: 00000000c5f6d2a1\n",
        )
        // The interface is soldered to a hub that is soldered to the board.
        .file(&format!("sys/devices/{soc}/removable"), "unknown\n")
        .file(&format!("sys/devices/{soc}/1-1/removable"), "unknown\n")
        .file(&format!("sys/devices/{soc}/1-1/1-1.1/removable"), "fixed\n")
        .nic(&Nic {
            device: &format!("{soc}/1-1/1-1.1/1-1.1:1.0"),
            name: "eth0",
            address: "b8:27:eb:f6:d2:a1",
            assigned: 0,
            bus: "usb",
        })
        .nic(&Nic {
            device: "platform/soc/3f300000.mmcnr/mmc_host/mmc1/mmc1:0001/mmc1:0001:1",
            name: "wlan0",
            address: "b8:27:eb:a3:87:f4",
            assigned: 0,
            bus: "sdio",
        })
        .disk("platform/soc/3f202000.mmc/mmc_host/mmc0/mmc0:aaaa", "mmcblk0", false, &[
            ("device/type", "SD\n"),
            ("device/serial", "0x12345678\n"),
        ]);
    let expected = owned(&[
        (4, "b08dfa6083e7567a1921a715000001fb"),
        (1, "B8:27:EB:A3:87:F4"),
        (1, "B8:27:EB:F6:D2:A1"),
        (6, "00000000c5f6d2a1"),
    ]);
    assert_eq!(components(&system.machine()), expected);
    assert_eq!(system.machine().signs().bits(), 0);
    // Kernels that do not show one of the two serial numbers show the other.
    system.remove("proc/device-tree/serial-number");
    assert_eq!(components(&system.machine()), expected);
    // A board without an address of its own, whose boot loader made one up; and a USB adapter of the user's.
    system
        .nic(&Nic {
            device: "platform/soc/eth",
            name: "end0",
            address: "da:bb:cc:00:00:01",
            assigned: 0,
            bus: "platform",
        })
        .nic(&Nic {
            device: &format!("{soc}/1-1/1-1.3"),
            name: "eth1",
            address: "00:e0:4c:00:00:01",
            assigned: 0,
            bus: "usb",
        });
    assert_eq!(components(&system.machine()), expected);
}

#[test]
fn at_most_five_addresses_and_four_disks_in_one_order() {
    let system = System::new();
    for index in (0..12).rev() {
        system
            .nic(&Nic {
                device: &format!("pci0000:00/0000:00:1f.{index}"),
                name: &format!("eth{index}"),
                address: &format!("00:1b:21:00:00:{index:02x}"),
                assigned: 0,
                bus: "pci",
            })
            .disk(
                &format!("pci0000:00/0000:01:00.{index}/ata{index}"),
                &format!("sd{index}"),
                false,
                &[("device/vpd_pg80", &format!("\0\u{1}\0\u{8}WD-{index:05}"))],
            );
    }
    let machine = system.machine();
    assert_eq!(sources(&machine), [[Source::Mac; 5].as_slice(), &[Source::Disk; 4]].concat());
    assert_eq!(components(&machine)[0], (1, "00:1B:21:00:00:00".to_owned()));
    assert_eq!(components(&machine)[8], (3, "WD-00003".to_owned()));
}

#[test]
fn the_application_adds_its_own_up_to_sixteen() {
    let mut machine = laptop().machine();
    assert!(machine.add(0, b"x").is_err() && machine.add(128, b"").is_err());
    assert!(machine.add(128, &[b'x'; 257]).is_err());
    for index in machine.count()..16 {
        machine.add(128, format!("node-{index}").as_bytes()).expect("room");
    }
    assert!(machine.add(5, b"2102312ABC0123456789").is_err());
    assert_eq!((machine.count(), machine.source(15)), (16, Some(Source::Application)));
    let identity = machine.identity();
    assert_eq!(identity.components().len(), 16);
    for (index, component) in identity.components().iter().enumerate() {
        assert_eq!(machine.component(index), Some(*component));
    }
}

#[test]
fn the_machine_id_is_a_secret_only_on_demand() {
    let mut machine = laptop().machine();
    assert_eq!(machine.secret(), None);
    assert_eq!(machine.identity().secret(), None);
    machine.seal_with_machine_id(true);
    assert_eq!(machine.identity().secret(), Some(&b"3f5a1c2e9d8b47a6b0c1d2e3f4a5b6c7"[..]));
    machine.seal_with_machine_id(false);
    assert_eq!(machine.identity().secret(), None);
    let mut without = System::new().machine();
    without.seal_with_machine_id(true);
    assert_eq!(without.secret(), None);
    // Somebody else's 32 bytes of the same kind are not the machine's own.
    without.add(4, b"3f5a1c2e9d8b47a6b0c1d2e3f4a5b6c7").expect("room");
    assert_eq!(without.secret(), None);
}

#[test]
fn no_value_is_printed_by_accident() {
    let machine = laptop().machine();
    let text = format!("{machine:?} {:?}", machine.identity());
    for (_, value) in components(&machine) {
        assert!(!text.contains(&value), "{text}");
    }
    assert!(text.contains("MachineId"));
}

#[test]
fn this_machine_is_the_same_twice() {
    let (one, two) = (Machine::read(), Machine::read());
    assert_eq!(components(&one), components(&two));
    assert_eq!(one.signs(), two.signs());
}
