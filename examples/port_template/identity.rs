//! Who this device is.

use lic2::Component;
use lic2::port::Identity;

pub(crate) struct DeviceIdentity {
    components: [Component<'static>; 1],
}

impl DeviceIdentity {
    /// Replace: read what names the device once, at the start. Kind 5 is an ESN; `lic2::COMPONENT_KINDS` has the others, and
    /// from `lic2::COMPONENT_KIND_CUSTOM` on they are yours.
    pub(crate) fn new() -> Self {
        Self { components: [Component { kind: 5, value: b"REPLACE-ME-0001" }] }
    }
}

impl Identity for DeviceIdentity {
    fn components(&self) -> &[Component<'_>] {
        &self.components
    }

    /// Replace: a secret that another device does not have and that is not stored beside the state, such as a fuse or a
    /// key in a secure element. Without one the stored activation can be edited.
    fn secret(&self) -> Option<&[u8]> {
        None
    }
}
