//! The identity of this machine: what distinguishes it and stays as it is.

use lic2::Component;
use lic2::limits::COMPONENT_FACTS_MAX;
use lic2::port::Identity;

use crate::error::{Cause, HostError};
use crate::hex;
use crate::junk;
use crate::signs::Signs;
use crate::text::Value;

/// Shortest secret that may seal the stored activation, in bytes.
const SECRET_MIN: usize = 16;

/// Where a component comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[non_exhaustive]
pub enum Source {
    /// The application has added it.
    Application = 0,
    /// The id that the system was given when it was installed. Kind 4, machine.
    MachineId = 1,
    /// The serial number of the board, as the firmware states it. Kind 2, board.
    BoardSerial = 2,
    /// The id of the whole machine, as the firmware states it. Kind 2, board.
    ProductUuid = 3,
    /// The serial number on the case, as the firmware states it. Kind 5, ESN.
    ProductSerial = 4,
    /// The permanent address of a network interface that is built in. Kind 1, MAC.
    Mac = 5,
    /// The serial number of a disk that is built in. Kind 3, disk.
    Disk = 6,
    /// The model of the processor, which many machines share; on ARM the serial number of the chip. Kind 6, CPU.
    Cpu = 7,
}

impl Source {
    const fn kind(self) -> u8 {
        match self {
            Self::Application => 0,
            Self::Mac => 1,
            Self::BoardSerial | Self::ProductUuid => 2,
            Self::Disk => 3,
            Self::MachineId => 4,
            Self::ProductSerial => 5,
            Self::Cpu => 6,
        }
    }

    /// A word for a log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::MachineId => "machine id",
            Self::BoardSerial => "board serial",
            Self::ProductUuid => "product uuid",
            Self::ProductSerial => "product serial",
            Self::Mac => "mac",
            Self::Disk => "disk",
            Self::Cpu => "cpu",
        }
    }
}

#[derive(Clone, Copy)]
struct Entry {
    kind: u8,
    source: Source,
    value: Value,
}

/// The detected identity of this machine. It takes about 4.5 KB.
///
/// A fact that cannot be read — most are for root alone — is missing, which is never an error: a license binds to some
/// of many.
#[derive(Clone)]
pub struct Machine {
    entries: [Entry; COMPONENT_FACTS_MAX],
    count: usize,
    processor_id: Value,
    signs: Signs,
    seals: bool,
}

impl Machine {
    pub(crate) const fn empty() -> Self {
        let entry = Entry { kind: 0, source: Source::Application, value: Value::new() };
        Self {
            entries: [entry; COMPONENT_FACTS_MAX],
            count: 0,
            processor_id: Value::new(),
            signs: Signs::NONE,
            seals: false,
        }
    }

    /// Adds a component that the application knows, such as the serial number of a device (kind 5), or the name that a
    /// cluster gives its node (kind 128 and above).
    ///
    /// # Errors
    /// If kind or value cannot be those of a component, or there are 16 already.
    pub fn add(&mut self, kind: u8, value: &[u8]) -> Result<(), HostError> {
        let entry = Entry { kind, source: Source::Application, value: Value::of(&[value])? };
        if kind == 0 || value.is_empty() {
            return Err(HostError::of(Cause::Argument));
        }
        self.append(entry)
    }

    fn append(&mut self, entry: Entry) -> Result<(), HostError> {
        *self.entries.get_mut(self.count).ok_or(HostError::of(Cause::Argument))? = entry;
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// Adds what the system says, if it means anything. Says whether it did.
    pub(crate) fn found(&mut self, source: Source, value: &[u8]) -> bool {
        let Some(value) = junk::cleaned(value) else { return false };
        self.append(Entry { kind: source.kind(), source, value }).is_ok()
    }

    /// Adds an x86 processor: its maker, and EAX and EDX of CPUID leaf 1.
    #[cfg(any(unix, target_arch = "x86", target_arch = "x86_64"))]
    pub(crate) fn found_processor(&mut self, vendor: &[u8], signature: u32, features: u32) {
        let (signature, features) = (hex::of(signature), hex::of(features));
        if let Ok(value) = Value::of(&[vendor, b"-", &signature]) {
            self.found(Source::Cpu, value.as_bytes());
        }
        // Windows calls this the ProcessorId, and so does the marketplace.
        self.set_processor_id(&[&features, &signature]);
    }

    pub(crate) fn set_processor_id(&mut self, parts: &[&[u8]]) {
        self.processor_id = Value::of(parts).unwrap_or(Value::new());
    }

    /// The processor's id in the form of the marketplace; empty where it has none.
    pub(crate) fn processor_id(&self) -> &[u8] {
        self.processor_id.as_bytes()
    }

    pub(crate) fn signs_mut(&mut self) -> &mut Signs {
        &mut self.signs
    }

    /// The signs of a virtual machine or of a container. They are reported; nothing else follows from them here.
    #[must_use]
    pub const fn signs(&self) -> Signs {
        self.signs
    }

    fn entries(&self) -> &[Entry] {
        self.entries.get(..self.count).unwrap_or_default()
    }

    /// How many components there are: 0 to 16.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// One of them; the order is the same at every start.
    #[must_use]
    pub fn component(&self, index: usize) -> Option<Component<'_>> {
        self.entries().get(index).map(|entry| Component { kind: entry.kind, value: entry.value.as_bytes() })
    }

    /// Where one of them comes from.
    #[must_use]
    pub fn source(&self, index: usize) -> Option<Source> {
        self.entries().get(index).map(|entry| entry.source)
    }

    /// The values from one source.
    pub(crate) fn values(&self, source: Source) -> impl Iterator<Item = &[u8]> {
        self.entries().iter().filter(move |entry| entry.source == source).map(|entry| entry.value.as_bytes())
    }

    /// Whether [`Self::secret`] is the machine id. It is not unless this is called.
    ///
    /// The stored activation is then sealed with it: a copy of the state directory alone does not work on another
    /// machine, and an edited one does not work at all. It stops nobody who can read the machine id, which every user
    /// of the machine can, and it does not notice a copy of the whole system.
    pub const fn seal_with_machine_id(&mut self, seals: bool) {
        self.seals = seals;
    }

    /// The secret that seals the stored activation, if there is one.
    #[must_use]
    pub fn secret(&self) -> Option<&[u8]> {
        if !self.seals {
            return None;
        }
        self.values(Source::MachineId).find(|id| id.len() >= SECRET_MIN)
    }

    /// The identity port.
    #[must_use]
    pub fn identity(&self) -> MachineIdentity<'_> {
        let mut components = [Component { kind: 0, value: &[] }; COMPONENT_FACTS_MAX];
        for (index, slot) in components.iter_mut().enumerate() {
            if let Some(component) = self.component(index) {
                *slot = component;
            }
        }
        MachineIdentity { components, count: self.count, secret: self.secret() }
    }
}

/// Values are personal data: they are not printed by accident.
impl core::fmt::Debug for Machine {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut list = f.debug_list();
        for entry in self.entries() {
            list.entry(&entry.source);
        }
        list.finish()
    }
}

/// The identity port over a [`Machine`].
pub struct MachineIdentity<'m> {
    components: [Component<'m>; COMPONENT_FACTS_MAX],
    count: usize,
    secret: Option<&'m [u8]>,
}

impl Identity for MachineIdentity<'_> {
    fn components(&self) -> &[Component<'_>] {
        self.components.get(..self.count).unwrap_or_default()
    }

    fn secret(&self) -> Option<&[u8]> {
        self.secret
    }
}

impl core::fmt::Debug for MachineIdentity<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MachineIdentity").field("components", &self.count).finish_non_exhaustive()
    }
}
