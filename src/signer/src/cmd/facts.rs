//! The facts of a device as options: what an application would pass to the library.

use clap::Args;
use lic2::{Component, Facts, UnixSeconds};

use crate::device::{HexIdentity, Identity};
use crate::exit::{Failure, Result};
use crate::{publickey, timespec, versions};

/// The device's facts. Facts that are left out are unknown.
#[derive(Args, Debug)]
pub(super) struct FactFlags {
    /// Product id of the application
    #[arg(long)]
    pub(super) product: Option<String>,
    /// Version of the application
    #[arg(long, value_name = "VERSION")]
    pub(super) product_version: Option<String>,
    /// When the application was built
    #[arg(long, value_name = "TIME")]
    pub(super) built_at: Option<String>,
    /// The device does not know the time
    #[arg(long)]
    pub(super) no_clock: bool,
    /// When the license was first activated on the device
    #[arg(long, value_name = "TIME")]
    pub(super) activated_at: Option<String>,
    /// Issue time of the newest genuine document that the device has seen
    #[arg(long, value_name = "TIME")]
    pub(super) refreshed_at: Option<String>,
    /// Powered-on hours since the first activation
    #[arg(long, value_name = "HOURS")]
    pub(super) powered_hours: Option<u32>,
    /// Identity component of the device, such as esn:VALUE (repeat)
    #[arg(long, value_name = "KIND:VALUE")]
    pub(super) component: Vec<Identity>,
    /// The same, with the value in hexadecimal
    #[arg(long, value_name = "KIND:HEX")]
    pub(super) component_hex: Vec<HexIdentity>,
    /// The device's public key
    #[arg(long, value_name = "HEX")]
    pub(super) device_key: Option<String>,
    /// A license for the product itself (not an add-on) is granted on the device
    #[arg(long)]
    pub(super) has_base: bool,
    /// Accept test codes
    #[arg(long)]
    pub(super) allow_test: bool,
}

impl FactFlags {
    /// The identity components.
    pub(super) fn components(&self) -> Vec<Component<'_>> {
        self.component.iter().chain(self.component_hex.iter().map(|hex| &hex.0)).map(Identity::component).collect()
    }

    /// As the library takes them.
    pub(super) fn facts<'a>(&'a self, components: &'a [Component<'a>], now: UnixSeconds) -> Result<Facts<'a>> {
        let time = |flag: &str, text: &Option<String>| {
            text.as_deref().map(|text| timespec::parse(text, now).map_err(|failure| failure.at(flag))).transpose()
        };
        let version = self.product_version.as_deref().map(versions::parse_version).transpose();
        let mut facts = Facts::new(self.product.as_deref().unwrap_or_default())
            .with_components(components)
            .with_has_base(self.has_base)
            .with_allow_test(self.allow_test);
        facts.version = version.map_err(Failure::usage)?;
        facts.built_at = time("--built-at", &self.built_at)?;
        facts.now = (!self.no_clock).then_some(now);
        facts.activated_at = time("--activated-at", &self.activated_at)?;
        facts.refreshed_at = time("--refreshed-at", &self.refreshed_at)?;
        facts.powered_hours = self.powered_hours;
        facts.device_key = self.device_key.as_deref().map(publickey::read).transpose()?;
        Ok(facts)
    }
}
