//! The facts that the application passes to the library. A fact that is absent is unknown, never a default that
//! grants.

use crate::device::Component;
use crate::limits::KEY_LEN;
use crate::setters::setters;
use crate::time::UnixSeconds;
use crate::version::Version;

/// The facts that a decision is made from. What is at hand as an `Option` is stored in the field itself.
///
/// ```
/// # use lic2::{Facts, UnixSeconds, Version};
/// # let rtc = || Some(UnixSeconds(1_800_000_000));
/// let mut facts = Facts::new("vision-appliance").with_version(Version { major: 2, minor: 4, patch: 0 });
/// facts.now = rtc();
/// ```
///
/// More facts may be added, so no literal outside this crate compiles:
///
/// ```compile_fail,E0639
/// let facts = lic2::Facts { product: "vision-appliance", ..lic2::Facts::default() };
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
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

impl<'a> Facts<'a> {
    /// The product, and nothing else that is known.
    #[inline]
    #[must_use]
    pub const fn new(product: &'a str) -> Self {
        Self {
            product,
            version: None,
            built_at: None,
            now: None,
            activated_at: None,
            refreshed_at: None,
            powered_hours: None,
            components: &[],
            device_key: None,
            has_base: false,
            allow_test: false,
        }
    }

    setters! {
        with_product = (product: &'a str),
        with_version = Some(version: Version),
        with_built_at = Some(built_at: UnixSeconds),
        with_now = Some(now: UnixSeconds),
        with_activated_at = Some(activated_at: UnixSeconds),
        with_refreshed_at = Some(refreshed_at: UnixSeconds),
        with_powered_hours = Some(powered_hours: u32),
        with_components = (components: &'a [Component<'a>]),
        with_device_key = Some(device_key: [u8; KEY_LEN]),
        with_has_base = (has_base: bool),
        with_allow_test = (allow_test: bool),
    }
}
