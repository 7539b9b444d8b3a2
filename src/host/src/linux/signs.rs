//! Signs of a virtual machine or a container on Linux.

use super::{contains, exists, read_file, with_file};
use crate::signs::{Sign, Signs};
use crate::sys::linux::Tree;

/// What makers of virtual machines write into the firmware.
const MAKERS: [&[u8]; 18] = [
    b"QEMU",
    b"KVM",
    b"VMware",
    b"VirtualBox",
    b"innotek",
    b"Xen",
    b"Bochs",
    b"BHYVE",
    b"Parallels",
    b"OpenStack",
    b"oVirt",
    b"Nutanix",
    b"Firecracker",
    b"Amazon EC2",
    b"Google Compute Engine",
    b"Alibaba Cloud",
    b"DigitalOcean",
    b"Apple Virtualization",
];

/// What runtimes name the control groups of containers.
const GROUPS: [&[u8]; 6] = [b"docker", b"kubepods", b"containerd", b"libpod", b"crio", b"lxc"];

pub(super) fn read(signs: &mut Signs, tree: &Tree) {
    signs.add(Sign::Firmware, firmware(tree));
    let mut memory = [0_u8; 8192];
    let cpuinfo = read_file(tree, &[b"proc/cpuinfo"], &mut memory).unwrap_or_default();
    let flag = cpuinfo
        .split(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(b"flags"))
        .any(|line| line.split(u8::is_ascii_whitespace).any(|flag| flag == b"hypervisor"));
    signs.add(Sign::HypervisorFlag, flag);
    signs.add(Sign::HypervisorType, exists(tree, &[b"sys/hypervisor/type"]));
    signs.add(Sign::DeviceTree, exists(tree, &[b"proc/device-tree/hypervisor"]));
    signs.add(Sign::DockerFile, exists(tree, &[b".dockerenv"]));
    let noted = exists(tree, &[b"run/.containerenv"]) || exists(tree, &[b"run/systemd/container"]);
    signs.add(Sign::ContainerFile, noted);
    let grouped = with_file(tree, &[b"proc/1/cgroup"], |text| GROUPS.iter().any(|group| contains(text, group)));
    signs.add(Sign::ControlGroup, grouped == Some(true));
    let told = with_file(tree, &[b"proc/1/environ"], |text| {
        text.split(|byte| *byte == 0).any(|variable| variable.starts_with(b"container="))
    });
    signs.add(Sign::InitEnvironment, told == Some(true));
    signs.add(Sign::Kubernetes, exists(tree, &[b"var/run/secrets/kubernetes.io/serviceaccount"]));
}

fn firmware(tree: &Tree) -> bool {
    let says = |file: &[u8], part: &[u8]| {
        with_file(tree, &[b"sys/class/dmi/id/", file], |text| contains(text, part)) == Some(true)
    };
    let maker = MAKERS.iter().any(|maker| {
        says(b"sys_vendor", maker)
            || says(b"product_name", maker)
            || says(b"board_vendor", maker)
            || says(b"bios_vendor", maker)
    });
    // Microsoft makes computers, too; Amazon rents out whole ones.
    let hyper_v = says(b"sys_vendor", b"Microsoft") && says(b"product_name", b"Virtual Machine");
    (maker || hyper_v) && !says(b"product_name", b".metal")
}
