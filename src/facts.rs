//! What the application tells the library. A fact that is absent is unknown, never a default that grants.

use crate::device::Component;
use crate::limits::KEY_LEN;
use crate::time::UnixSeconds;
use crate::version::Version;

/// The facts that a decision is made from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// The product id compiled into the application.
    pub product: &'a str,
    /// The version of this build.
    pub version: Option<Version>,
    /// When this build was made; also the earliest time a clock can truthfully show.
    pub built_at: Option<UnixSeconds>,
    /// What the clock shows.
    pub now: Option<UnixSeconds>,
    /// When this license was first activated on this device.
    pub activated_at: Option<UnixSeconds>,
    /// Issue time of the newest genuine document of any kind that this device has seen.
    pub refreshed_at: Option<UnixSeconds>,
    /// Powered-on hours since the first activation.
    pub powered_hours: Option<u32>,
    /// The identity components of this device, at most 16.
    pub components: &'a [Component<'a>],
    /// The public half of the device's own key, after the application made sure that the device holds it.
    pub device_key: Option<[u8; KEY_LEN]>,
    /// Whether a license for the product itself, not an add-on, is granted beside this one.
    pub has_base: bool,
    /// Whether test codes are accepted. Never in a production build.
    pub allow_test: bool,
}
