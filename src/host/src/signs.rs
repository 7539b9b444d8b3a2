//! Signs of a virtual machine or a container: reported, never hidden, and without any effect of their own.

/// What makers of virtual machines write into the firmware.
#[cfg(any(windows, target_os = "linux"))]
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

/// One sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[non_exhaustive]
pub enum Sign {
    /// The firmware names a hypervisor or a cloud as the maker of the machine.
    Firmware = 1,
    /// The processor says that it runs below a hypervisor. True, too, of a computer whose own system runs so.
    HypervisorFlag = 1 << 1,
    /// The kernel names the hypervisor it runs on.
    HypervisorType = 1 << 2,
    /// The device tree has a hypervisor.
    DeviceTree = 1 << 3,
    /// The file `/.dockerenv`.
    DockerFile = 1 << 16,
    /// The file `/run/.containerenv` (Podman), or `/run/systemd/container`.
    ContainerFile = 1 << 17,
    /// The control group of the first process is one of a container.
    ControlGroup = 1 << 18,
    /// The environment of the first process says that it runs in a container.
    InitEnvironment = 1 << 19,
    /// The account that Kubernetes gives its containers.
    Kubernetes = 1 << 20,
}

impl Sign {
    /// Every sign.
    pub const ALL: [Self; 9] = [
        Self::Firmware,
        Self::HypervisorFlag,
        Self::HypervisorType,
        Self::DeviceTree,
        Self::DockerFile,
        Self::ContainerFile,
        Self::ControlGroup,
        Self::InitEnvironment,
        Self::Kubernetes,
    ];

    /// A name for a log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Firmware => "firmware",
            Self::HypervisorFlag => "hypervisor flag",
            Self::HypervisorType => "hypervisor type",
            Self::DeviceTree => "device tree",
            Self::DockerFile => "docker file",
            Self::ContainerFile => "container file",
            Self::ControlGroup => "control group",
            Self::InitEnvironment => "init environment",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// The bit of the sign in [`Signs::bits`].
    #[must_use]
    #[expect(clippy::as_conversions, reason = "the numbers are those of the enum")]
    pub const fn bit(self) -> u32 {
        self as u32
    }
}

/// The signs that were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct Signs(u32);

impl Signs {
    /// None.
    pub const NONE: Self = Self(0);
    /// The bits of the signs of a virtual machine.
    pub const VIRTUAL_MACHINE: u32 = 0x0000_FFFF;
    /// The bits of the signs of a container.
    pub const CONTAINER: u32 = 0xFFFF_0000;

    pub(crate) fn add(&mut self, sign: Sign, found: bool) {
        if found {
            self.0 |= sign.bit();
        }
    }

    /// Adds what follows from the names in the firmware: of the makers, and of the product.
    #[cfg(any(windows, target_os = "linux"))]
    pub(crate) fn firmware(&mut self, makers: &[&[u8]], product: &[u8]) {
        let named = |text: &[u8]| MAKERS.iter().any(|maker| contains(text, maker));
        // Microsoft makes computers, too; Amazon rents out whole ones.
        let microsoft = makers.iter().any(|text| contains(text, b"Microsoft"));
        let hyper_v = microsoft && contains(product, b"Virtual Machine");
        let known = makers.iter().any(|text| named(text)) || named(product) || hyper_v;
        self.add(Sign::Firmware, known && !contains(product, b".metal"));
    }

    /// One bit for each sign.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether there is a sign of a virtual machine.
    #[must_use]
    pub const fn virtual_machine(self) -> bool {
        self.0 & Self::VIRTUAL_MACHINE != 0
    }

    /// Whether there is a sign of a container.
    #[must_use]
    pub const fn container(self) -> bool {
        self.0 & Self::CONTAINER != 0
    }

    /// The signs, one after the other.
    pub fn iter(self) -> impl Iterator<Item = Sign> {
        Sign::ALL.into_iter().filter(move |sign| self.0 & sign.bit() != 0)
    }
}

/// Whether `part` stands somewhere in `text`, in capitals or not.
#[cfg(any(windows, target_os = "linux"))]
pub(crate) fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::{Sign, Signs};

    #[test]
    fn every_sign_has_a_bit_and_a_class() {
        let mut all = Signs::NONE;
        for sign in Sign::ALL {
            assert_eq!(all.bits() & sign.bit(), 0, "{sign:?}");
            all.add(sign, true);
        }
        assert!(all.iter().eq(Sign::ALL));
        assert!(all.virtual_machine() && all.container());
        let mut one = Signs::NONE;
        one.add(Sign::Firmware, false);
        assert_eq!(one, Signs::NONE);
        one.add(Sign::Kubernetes, true);
        assert!(one.container() && !one.virtual_machine());
    }
}
