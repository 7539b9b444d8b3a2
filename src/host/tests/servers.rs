//! Servers, virtual machines and containers: components and signs.
#![cfg(target_os = "linux")]

mod support;

use lic2_host::{Sign, Signs};
use support::{FLAGS, Nic, System, components, dock, laptop, matches};

fn server() -> System {
    let system = System::new();
    system
        .file("etc/machine-id", "9c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f\n")
        .dmi(&[
            ("sys_vendor", "Huawei"),
            ("board_serial", "022HLV10K7000123"),
            ("product_serial", "2102311TYBN0K7000123"),
        ])
        .disk(
            "pci0000:3a/0000:3a:00.0/host0/target0:2:0/0:2:0:0",
            "sda",
            false,
            &[("device/vpd_pg80", "\0\u{1}\0\u{14}        ZC1234567890")],
        )
        .x86("85", FLAGS);
    for (index, address) in [(0, "f4:4c:7f:00:00:10"), (1, "f4:4c:7f:00:00:11")] {
        system.nic(&Nic { device: &port(index), name: &format!("eno{index}"), address, assigned: 0, bus: "pci" });
    }
    system
}

fn port(index: u8) -> String {
    format!("pci0000:17/0000:17:00.{index}")
}

#[test]
fn a_bond_hides_no_address() {
    let system = server();
    let before = system.machine();
    assert_eq!(before.count(), 7);
    // Both now use the address of the first, which the bond shows as well.
    system.nic(&Nic { device: "virtual", name: "bond0", address: "f4:4c:7f:00:00:10", assigned: 2, bus: "" });
    for (index, own) in [(0, "f4:4c:7f:00:00:10"), (1, "f4:4c:7f:00:00:11")] {
        let place = format!("sys/devices/{}/net/eno{index}", port(index));
        system
            .file(&format!("{place}/address"), "f4:4c:7f:00:00:10\n")
            .file(&format!("{place}/addr_assign_type"), "3\n")
            .file(&format!("{place}/bonding_slave/perm_hwaddr"), format!("{own}\n"));
    }
    assert_eq!(components(&system.machine()), components(&before));
}

#[test]
fn virtual_functions_and_disks_in_the_network_belong_to_no_server() {
    let system = server();
    let before = system.machine();
    let function = "pci0000:17/0000:17:02.0";
    system
        .nic(&Nic { device: function, name: "eno0v0", address: "00:11:22:33:44:55", assigned: 0, bus: "pci" })
        .link(&format!("sys/devices/{function}/physfn"), "../0000:17:00.0")
        .disk("platform/host9/session1/target9:0:0/9:0:0:1", "sdb", false, &[("device/wwid", "naa.60014051")])
        .disk(
            "pci0000:5d/0000:5d:00.0/host3/rport-3:0-1/target3:0:0/3:0:0:0",
            "sdc",
            false,
            &[("device/wwid", "naa.60050768")],
        )
        .disk("virtual/nvme-fabrics/ctl/nvme4", "nvme4n1", false, &[("device/serial", "REMOTE1234")])
        .disk("virtual/block/dm-0", "dm-0", false, &[])
        .disk("virtual/block/md0", "md0", false, &[]);
    assert_eq!(components(&system.machine()), components(&before));
}

struct Guest {
    name: &'static str,
    maker: &'static str,
    product: &'static str,
    bus: &'static str,
    address: &'static str,
    disk: (&'static str, &'static str),
}

const GUESTS: [Guest; 4] = [
    Guest {
        name: "KVM",
        maker: "QEMU",
        product: "Standard PC (Q35 + ICH9, 2009)",
        bus: "virtio",
        address: "52:54:00:12:34:56",
        disk: ("serial", "d1f0a2b3-0001"),
    },
    Guest {
        name: "VMware",
        maker: "VMware, Inc.",
        product: "VMware7,1",
        bus: "pci",
        address: "00:0c:29:12:34:56",
        disk: ("device/wwid", "naa.6000c29a1b2c3d4e"),
    },
    Guest {
        name: "Hyper-V",
        maker: "Microsoft Corporation",
        product: "Virtual Machine",
        bus: "vmbus",
        address: "00:15:5d:12:34:56",
        disk: ("device/wwid", "naa.60022480aabbccdd"),
    },
    Guest {
        name: "EC2",
        maker: "Amazon EC2",
        product: "m5.large",
        bus: "pci",
        address: "06:ab:cd:12:34:56",
        disk: ("device/serial", "vol0123456789abcdef0"),
    },
];

fn guest(guest: &Guest) -> System {
    let system = System::new();
    system
        .file("etc/machine-id", "5e6f708192a3b4c5d6e7f8091a2b3c4d\n")
        .dmi(&[
            ("sys_vendor", guest.maker),
            ("product_name", guest.product),
            ("board_serial", "None"),
            ("product_serial", "Not Specified"),
            ("product_uuid", "564d1234-5678-9abc-def0-123456789abc"),
        ])
        .nic(&Nic { device: "bus0/nic0", name: "eth0", address: guest.address, assigned: 0, bus: guest.bus })
        .disk("bus0/disk0", "vda", false, &[guest.disk])
        .x86("85", &format!("{FLAGS} hypervisor"));
    system
}

#[test]
fn virtual_machines_have_an_identity_and_signs() {
    for kind in &GUESTS {
        let system = guest(kind);
        let machine = system.machine();
        let kinds: Vec<u8> = components(&machine).iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [4, 2, 1, 3, 6], "{}: {:?}", kind.name, components(&machine));
        assert_eq!(components(&machine)[2].1, kind.address.to_uppercase(), "{}", kind.name);
        let signs: Vec<Sign> = machine.signs().iter().collect();
        assert_eq!(signs, [Sign::Firmware, Sign::HypervisorFlag], "{}", kind.name);
        assert!(machine.signs().virtual_machine() && !machine.signs().container());
        // Moved to another host: another processor, and nothing else.
        let moved = guest(kind);
        moved.x86("106", &format!("{FLAGS} hypervisor"));
        assert_eq!(matches(&machine, &moved.machine()), 4, "{}", kind.name);
    }
}

#[test]
fn signs_change_no_component() {
    let system = laptop();
    dock(&system);
    let before = components(&system.machine());
    system
        .x86("151", &format!("{FLAGS} hypervisor"))
        .dmi(&[("sys_vendor", "Xen"), ("product_name", "HVM domU")])
        .file("sys/hypervisor/type", "xen\n")
        .file("proc/device-tree/hypervisor/compatible", "xen")
        .file(".dockerenv", "")
        .file("run/.containerenv", "")
        .file("proc/1/cgroup", "0::/kubepods/besteffort/pod1\n")
        .file("proc/1/environ", "PATH=/bin\0container=podman\0")
        .file("var/run/secrets/kubernetes.io/serviceaccount/token", "t");
    assert_eq!(components(&system.machine()), before);
    let signs = system.machine().signs();
    assert!(signs.iter().eq(Sign::ALL), "{signs:?}");
}

/// Each by itself, so that none is found only together with another.
#[test]
fn every_sign_is_found_by_itself() {
    let files: [(&str, &str, Sign); 13] = [
        ("sys/class/dmi/id/sys_vendor", "innotek GmbH", Sign::Firmware),
        ("sys/class/dmi/id/product_name", "KVM Virtual Machine", Sign::Firmware),
        ("sys/class/dmi/id/bios_vendor", "Parallels Software", Sign::Firmware),
        ("sys/class/dmi/id/board_vendor", "vmware", Sign::Firmware),
        ("proc/cpuinfo", "processor : 0\nflags : fpu hypervisor lm\n", Sign::HypervisorFlag),
        ("sys/hypervisor/type", "xen", Sign::HypervisorType),
        ("proc/device-tree/hypervisor/compatible", "linux,kvm", Sign::DeviceTree),
        (".dockerenv", "", Sign::DockerFile),
        ("run/.containerenv", "", Sign::ContainerFile),
        ("run/systemd/container", "lxc", Sign::ContainerFile),
        ("proc/1/cgroup", "1:name=systemd:/docker/0123\n", Sign::ControlGroup),
        ("proc/1/environ", "A=b\0container=lxc\0", Sign::InitEnvironment),
        ("var/run/secrets/kubernetes.io/serviceaccount/token", "", Sign::Kubernetes),
    ];
    for (path, content, sign) in files {
        let system = System::new();
        system.file(path, content);
        assert_eq!(system.machine().signs().bits(), sign.bit(), "{path}");
        assert_eq!(sign.bit() & Signs::VIRTUAL_MACHINE != 0, system.machine().signs().virtual_machine(), "{path}");
    }
    for (path, content) in [
        // A computer that Microsoft makes, one that Amazon rents out whole, words that contain a sign.
        ("sys/class/dmi/id/sys_vendor", "Microsoft Corporation"),
        ("sys/class/dmi/id/product_name", "Virtual Machine"),
        ("proc/cpuinfo", "processor : 0\nflags : fpu nohypervisor lm\nbugs : hypervisor\n"),
        ("proc/1/cgroup", "0::/init.scope\n"),
        ("proc/1/environ", "NOTcontainer=1\0TERM=linux\0"),
    ] {
        let system = System::new();
        system.file(path, content);
        assert_eq!(system.machine().signs(), Signs::NONE, "{path}");
    }
    let metal = System::new();
    metal.dmi(&[("sys_vendor", "Amazon EC2"), ("product_name", "m5.metal")]);
    assert_eq!(metal.machine().signs(), Signs::NONE);
}

/// A container has the disks, the firmware and the processor of its host in `/sys`, an interface of its own that is
/// virtual, and of its image the machine id, if any.
#[test]
fn a_container_shows_its_host_and_says_so() {
    let host = server();
    let system = server();
    system
        .unplug_nic(&port(0), "eno0")
        .unplug_nic(&port(1), "eno1")
        .file("etc/machine-id", "")
        .file(".dockerenv", "")
        .nic(&Nic { device: "virtual", name: "eth0", address: "02:42:ac:11:00:02", assigned: 3, bus: "" });
    let machine = system.machine();
    let kinds: Vec<u8> = components(&machine).iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [2, 5, 3, 6]);
    assert_eq!(matches(&host.machine(), &machine), 4);
    assert!(machine.signs().container() && !machine.signs().virtual_machine());
    // Started again with another address.
    system.unplug_nic("virtual", "eth0").nic(&Nic {
        device: "virtual",
        name: "eth0",
        address: "02:42:ac:11:00:07",
        assigned: 3,
        bus: "",
    });
    assert_eq!(components(&system.machine()), components(&machine));
}
