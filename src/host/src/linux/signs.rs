//! Signs of a virtual machine or a container on Linux.

use super::{exists, read_file, with_file};
use crate::signs::{Sign, Signs, contains};
use crate::sys::linux::Tree;

/// What runtimes name the control groups of containers.
const GROUPS: [&[u8]; 6] = [b"docker", b"kubepods", b"containerd", b"libpod", b"crio", b"lxc"];

pub(super) fn read(signs: &mut Signs, tree: &Tree) {
    firmware(signs, tree);
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

fn firmware(signs: &mut Signs, tree: &Tree) {
    let mut memory = [[0_u8; 128]; 4];
    let [system, board, bios, product] = &mut memory;
    let system = read_file(tree, &[b"sys/class/dmi/id/sys_vendor"], system).unwrap_or_default();
    let board = read_file(tree, &[b"sys/class/dmi/id/board_vendor"], board).unwrap_or_default();
    let bios = read_file(tree, &[b"sys/class/dmi/id/bios_vendor"], bios).unwrap_or_default();
    let product = read_file(tree, &[b"sys/class/dmi/id/product_name"], product).unwrap_or_default();
    signs.firmware(&[system, board, bios], product);
}
