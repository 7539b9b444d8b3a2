//! Every rule of a license for itself, for a person who wants to know why a code was refused. Feature `sign`: for the
//! seller's tool. Nothing here permits anything: [`decide`](super::decide) alone does.

use super::device::{Hashes, check_binding};
use super::rules::{check_base, check_class, check_maintenance, check_product, check_time, check_version};
use crate::error::Error;
use crate::facts::Facts;
use crate::wire::license::License;

/// The rules of a license, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The product is the one of the license.
    Product,
    /// Test codes are for test builds.
    Class,
    /// An add-on needs a license for the product itself.
    Base,
    /// The version is covered.
    Version,
    /// The build is covered by maintenance.
    Maintenance,
    /// The device is the one that is meant.
    Device,
    /// The term, its beginning and the lease.
    Time,
}

/// What each rule says, whatever the others say. The first refusal is the one of the decision.
#[must_use]
pub fn examine(license: &License<'_>, facts: &Facts<'_>) -> [(Rule, Option<Error>); 7] {
    [
        (Rule::Product, check_product(license, facts).err()),
        (Rule::Class, check_class(license, facts).err()),
        (Rule::Base, check_base(license, facts).err()),
        (Rule::Version, check_version(license, facts).err()),
        (Rule::Maintenance, check_maintenance(license, facts).err()),
        (Rule::Device, check_binding(&license.binding, facts, &mut Hashes::default()).err()),
        (Rule::Time, check_time(license, facts).err()),
    ]
}
