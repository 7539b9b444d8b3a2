//! Recorded systems: the parts of `/sys`, `/proc` and `/etc` that the identity is read from, as directories of files
//! and symbolic links with the layout of the kernel.

#![allow(dead_code, reason = "no test uses all of it")]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use lic2_host::{Machine, Source};
use tempfile::TempDir;

pub(crate) struct System {
    root: TempDir,
}

/// A network interface below the directory of its device.
pub(crate) struct Nic<'a> {
    /// `pci0000:00/0000:00:1f.6`, or `virtual` for one that the kernel made up.
    pub(crate) device: &'a str,
    pub(crate) name: &'a str,
    pub(crate) address: &'a str,
    /// 0 permanent, 1 random, 2 stolen, 3 set.
    pub(crate) assigned: u8,
    pub(crate) bus: &'a str,
}

impl System {
    pub(crate) fn new() -> Self {
        let system = Self { root: TempDir::new().expect("a directory") };
        for directory in ["sys/class/net", "sys/block", "proc", "etc"] {
            fs::create_dir_all(system.root.path().join(directory)).expect("a directory");
        }
        let lo = Nic { device: "virtual", name: "lo", address: "00:00:00:00:00:00", assigned: 0, bus: "" };
        system.nic(&lo).file("sys/class/net/lo/type", "772\n");
        system
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, content).expect("a file");
        self
    }

    pub(crate) fn link(&self, path: &str, target: &str) -> &Self {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        symlink(target, path).expect("a link");
        self
    }

    pub(crate) fn remove(&self, path: &str) -> &Self {
        let path = self.root.path().join(path);
        if path.is_symlink() || path.is_file() { fs::remove_file(path) } else { fs::remove_dir_all(path) }
            .expect("it was there");
        self
    }

    pub(crate) fn dmi(&self, values: &[(&str, &str)]) -> &Self {
        if !self.path().join("sys/class/dmi/id").exists() {
            fs::create_dir_all(self.path().join("sys/devices/virtual/dmi/id")).expect("a directory");
            self.link("sys/class/dmi/id", "../../devices/virtual/dmi/id");
        }
        for (name, value) in values {
            self.file(&format!("sys/devices/virtual/dmi/id/{name}"), format!("{value}\n"));
        }
        self
    }

    pub(crate) fn nic(&self, nic: &Nic<'_>) -> &Self {
        let Nic { device, name, address, assigned, bus } = nic;
        let place = format!("devices/{device}/net/{name}");
        self.file(&format!("sys/{place}/address"), format!("{address}\n"))
            .file(&format!("sys/{place}/addr_assign_type"), format!("{assigned}\n"))
            .file(&format!("sys/{place}/type"), "1\n")
            .link(&format!("sys/class/net/{name}"), &format!("../../{place}"));
        if *device != "virtual" {
            self.link(&format!("sys/{place}/device"), "../..");
            if !self.path().join(format!("sys/devices/{device}/subsystem")).is_symlink() {
                self.link(&format!("sys/devices/{device}/subsystem"), &format!("../../../bus/{bus}"));
            }
        }
        self
    }

    pub(crate) fn unplug_nic(&self, device: &str, name: &str) -> &Self {
        self.remove(&format!("sys/class/net/{name}")).remove(&format!("sys/devices/{device}/net/{name}"))
    }

    /// A disk with the files `values` in its directory; `device/…` are those of the drive itself.
    pub(crate) fn disk(&self, device: &str, name: &str, removable: bool, values: &[(&str, &str)]) -> &Self {
        let place = format!("devices/{device}/block/{name}");
        self.file(&format!("sys/{place}/removable"), if removable { "1\n" } else { "0\n" })
            .link(&format!("sys/block/{name}"), &format!("../{place}"));
        if !device.starts_with("virtual/block") {
            self.link(&format!("sys/{place}/device"), "../..");
        }
        for (file, value) in values {
            self.file(&format!("sys/{place}/{file}"), value);
        }
        self
    }

    pub(crate) fn x86(&self, model: &str, flags: &str) -> &Self {
        let processor = |index: u8| {
            format!(
                "processor\t: {index}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: {model}\n\
                 model name\t: a name\nstepping\t: 2\nflags\t\t: {flags}\nbugs\t\t: spectre_v1\n\n"
            )
        };
        self.file("proc/cpuinfo", [processor(0), processor(1)].concat())
    }

    pub(crate) fn machine(&self) -> Machine {
        Machine::read_at(self.path().as_os_str().as_bytes())
    }
}

/// The flags of a Core i5-12400 whose CPUID says BFEBFBFF.
pub(crate) const FLAGS: &str = "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush dts acpi mmx \
                         fxsr sse sse2 ss ht tm pbe syscall nx";

pub(crate) const INTERNAL: &str = "pci0000:00/0000:00:1f.6";
pub(crate) const WIFI: &str = "pci0000:00/0000:00:14.3";
pub(crate) const XHCI: &str = "pci0000:00/0000:00:14.0";

/// A laptop on a table: nothing is plugged in.
pub(crate) fn laptop() -> System {
    let system = System::new();
    system
        .file("etc/machine-id", "3f5a1c2e9d8b47a6b0c1d2e3f4a5b6c7\n")
        .dmi(&[
            ("sys_vendor", "LENOVO"),
            ("product_name", "21CB000GGE"),
            ("board_serial", "L1HF2AB00CD"),
            ("product_serial", "PF3ABCDE"),
            ("product_uuid", "4c4c4544-0042-3510-8052-b4c04f564231"),
        ])
        .nic(&Nic { device: INTERNAL, name: "eno1", address: "04:7c:16:5e:e3:5d", assigned: 0, bus: "pci" })
        .nic(&Nic { device: WIFI, name: "wlp0s20f3", address: "a4:6b:b6:11:22:33", assigned: 0, bus: "pci" })
        .disk("pci0000:00/0000:00:06.0/nvme/nvme0", "nvme0n1", false, &[("device/serial", "S4EWNX0R123456      \n")])
        .disk("virtual/block/loop0", "loop0", false, &[("serial", "loopserial1")])
        .disk("virtual/block/zram0", "zram0", false, &[])
        .x86("151", FLAGS);
    system
}

/// Everything that a desk adds to it: a Thunderbolt dock with a PCI interface, a USB hub with an interface that is fixed
/// in the hub, a stick, a disk and a card, and the tunnels, bridges and containers' ends of a working day.
pub(crate) fn dock(system: &System) {
    let dock = "pci0000:00/0000:00:07.0/0000:20:00.0";
    let hub = format!("{XHCI}/usb3/3-2");
    system
        .file(&format!("sys/devices/{dock}/removable"), "removable\n")
        .nic(&Nic {
            device: &format!("{dock}/0000:22:00.0"),
            name: "enp34s0",
            address: "00:00:0e:aa:bb:01",
            assigned: 0,
            bus: "pci",
        })
        .file(&format!("sys/devices/{XHCI}/usb3/removable"), "unknown\n")
        .file(&format!("sys/devices/{hub}/removable"), "removable\n")
        .file(&format!("sys/devices/{hub}/3-2.1/removable"), "fixed\n")
        .nic(&Nic {
            device: &format!("{hub}/3-2.1/3-2.1:1.0"),
            name: "enx00e04c680001",
            address: "00:00:0e:aa:bb:02",
            assigned: 0,
            bus: "usb",
        })
        .file(&format!("sys/devices/{hub}/3-2.2/removable"), "unknown\n")
        .disk(&format!("{hub}/3-2.2/3-2.2:1.0/host6/target6:0:0/6:0:0:0"), "sda", false, &[("device/wwid", "naa.500")])
        .file(&format!("sys/devices/{XHCI}/usb3/3-1/removable"), "removable\n")
        .disk(
            &format!("{XHCI}/usb3/3-1/3-1:1.0/host7/target7:0:0/7:0:0:0"),
            "sdb",
            true,
            &[("device/wwid", "t10.Stick 0001")],
        )
        .disk(
            "pci0000:00/0000:00:1d.0/mmc_host/mmc0/mmc0:aaaa",
            "mmcblk0",
            false,
            &[("device/type", "SD\n"), ("device/serial", "0xf8a51c00\n")],
        );
    // A radio that a driver simulates: the one kind of virtual interface that has a device.
    system.nic(&Nic {
        device: "virtual/mac80211_hwsim/hwsim0",
        name: "wlan1",
        address: "00:00:0e:aa:bb:03",
        assigned: 0,
        bus: "mac80211_hwsim",
    });
    for (name, address) in [
        ("tun0", "00:00:00:00:00:00"),
        ("tap0", "00:ff:aa:bb:cc:dd"),
        ("wg0", "00:00:00:00:00:00"),
        ("docker0", "02:42:ac:11:00:01"),
        ("br-5f2e", "02:42:ac:12:00:01"),
        ("vethd41f", "5e:1c:aa:00:11:22"),
        ("virbr0", "52:54:00:aa:bb:cc"),
        ("eno1.100", "04:7c:16:5e:e3:5d"),
    ] {
        system.nic(&Nic { device: "virtual", name, address, assigned: 0, bus: "" });
    }
}

/// The components as text: kind, and value.
pub(crate) fn components(machine: &Machine) -> Vec<(u8, String)> {
    (0..machine.count())
        .map(|index| machine.component(index).expect("one of them"))
        .map(|component| (component.kind, String::from_utf8(component.value.to_vec()).expect("ASCII")))
        .collect()
}

pub(crate) fn sources(machine: &Machine) -> Vec<Source> {
    (0..machine.count()).map(|index| machine.source(index).expect("one of them")).collect()
}

/// How many entries of a license that was bound to `then` match `now`: what a k of n compares k with.
pub(crate) fn matches(then: &Machine, now: &Machine) -> usize {
    let salt = [7, 0, 7, 0];
    let hashes = |machine: &Machine| -> Vec<(u8, [u8; 8])> {
        let all = (0..machine.count()).filter_map(|index| machine.component(index));
        all.filter_map(|component| component.hash(salt).map(|hash| (component.kind, hash))).collect()
    };
    let now = hashes(now);
    hashes(then).iter().filter(|entry| now.contains(entry)).count()
}
