//! Constants and structs of the header, in its order.

use core::ffi::c_char;

use lic2::{Facts, UnixSeconds, Version};

use crate::status::lic2_status;

/// Number of this binary interface.
pub const LIC2_ABI_VERSION: u32 = 3;

/// Number of the document format that this library reads.
pub const LIC2_FORMAT_VERSION: u32 = 1;

/// Major part of the library version.
pub const LIC2_VERSION_MAJOR: u32 = 0;

/// Minor part.
pub const LIC2_VERSION_MINOR: u32 = 1;

/// Patch part.
pub const LIC2_VERSION_PATCH: u32 = 0;

/// Longest code, in characters without white space.
pub const LIC2_CODE_MAX: usize = 1024;

/// Longest text that is read, in bytes.
pub const LIC2_TEXT_RAW_MAX: usize = 4096;

/// Length of an anchor and of a device key, in bytes.
pub const LIC2_KEY_BYTES: usize = 32;

/// Most anchors in one key ring.
pub const LIC2_ANCHORS_MAX: usize = 4;

/// Most issuers added to one key ring.
pub const LIC2_ISSUERS_MAX: usize = 4;

/// Most identity components of a device.
pub const LIC2_COMPONENTS_MAX: usize = 16;

/// Longest value of a component, in bytes.
pub const LIC2_COMPONENT_VALUE_MAX: usize = 256;

/// Most features in one license.
pub const LIC2_FEATURES_MAX: usize = 64;

/// Room for any id or text of a license, in bytes.
pub const LIC2_TEXT_BYTES: usize = 72;

/// Room for the name of a feature, in bytes.
pub const LIC2_NAME_BYTES: usize = 40;

/// Size of lic2_keyring, in bytes.
pub const LIC2_KEYRING_BYTES: usize = 2176;

/// Size of lic2_license, in bytes.
pub const LIC2_LICENSE_BYTES: usize = 832;

/// Given as the length of a text: it ends before its first NUL.
pub const LIC2_TERMINATED: usize = usize::MAX;

/// In verdict: granted.
pub const LIC2_VERDICT_GRANTED: u32 = 0x5AC3_3CA5;

/// In verdict: every refusal and every failure.
pub const LIC2_VERDICT_DENIED: u32 = 0xA53C_C35A;

/// Accepts test codes. Never set it in a production build.
pub const LIC2_FACTS_ALLOW_TEST: u32 = 1;

/// powered_hours is known; without it the field is ignored.
pub const LIC2_FACTS_HAVE_POWERED_HOURS: u32 = 2;

/// A license for the product itself is granted beside this one; without it an add-on is refused with
/// BASE_MISSING. Set it from LIC2_GRANTED of the decision on the other code.
pub const LIC2_FACTS_HAS_BASE: u32 = 4;

/// Granted, but the term has ended: the license runs on grace.
pub const LIC2_DECISION_IN_GRACE: u32 = 1;

/// Signed by an issuer that an anchor has certified.
pub const LIC2_DECISION_BY_ISSUER: u32 = 2;

/// An add-on, which needs a license for the product itself.
pub const LIC2_DECISION_ADD_ON: u32 = 4;

/// A paid license.
pub const LIC2_CLASS_COMMERCIAL: u32 = 1;

/// A trial.
pub const LIC2_CLASS_TRIAL: u32 = 2;

/// A test order: refused unless test codes are allowed.
pub const LIC2_CLASS_TEST: u32 = 3;

/// Not for resale.
pub const LIC2_CLASS_NOT_FOR_RESALE: u32 = 4;

/// Present or absent, without a value.
pub const LIC2_FEATURE_FLAG: u32 = 1;

/// A limit on concurrent use.
pub const LIC2_FEATURE_LIMIT: u32 = 2;

/// A number of uses in total.
pub const LIC2_FEATURE_QUOTA: u32 = 3;

/// A text for the program.
pub const LIC2_FEATURE_TEXT: u32 = 4;

/// Flag: use beyond the quota is granted and reported.
pub const LIC2_FEATURE_OVERAGE: u32 = 1;

/// MAC address.
pub const LIC2_COMPONENT_MAC: u32 = 1;

/// Serial number of the main board.
pub const LIC2_COMPONENT_BOARD: u32 = 2;

/// Serial number of the disk.
pub const LIC2_COMPONENT_DISK: u32 = 3;

/// Machine id of the operating system.
pub const LIC2_COMPONENT_MACHINE: u32 = 4;

/// Electronic serial number of the device.
pub const LIC2_COMPONENT_ESN: u32 = 5;

/// Id of the processor.
pub const LIC2_COMPONENT_CPU: u32 = 6;

/// The first of the program's own kinds, up to 255.
pub const LIC2_COMPONENT_CUSTOM: u32 = 128;

/// License id.
pub const LIC2_TEXT_LICENSE_ID: i32 = 1;

/// Product.
pub const LIC2_TEXT_PRODUCT: i32 = 2;

/// Edition or SKU.
pub const LIC2_TEXT_EDITION: i32 = 3;

/// The seller's customer reference.
pub const LIC2_TEXT_CUSTOMER: i32 = 4;

/// The seller's order reference.
pub const LIC2_TEXT_ORDER: i32 = 5;

/// The trusted keys of a product. The size is guaranteed, the content is not: do not store it or copy it
/// between programs.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_keyring {
    /// Set by the library.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The library's.
    pub opaque: [u64; 271],
}

/// A verified license. The size is guaranteed, the content is not: store the code, not this.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_license {
    /// Set by the library.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The library's.
    pub opaque: [u64; 103],
}

/// One fact about the identity of a device. It has no struct_size because it is in arrays; it never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_component {
    /// LIC2_COMPONENT_..., 1 to 255.
    pub kind: u32,
    /// Zero.
    pub reserved: u32,
    /// The value, as the hardware or the system shows it.
    pub value: *const u8,
    /// Bytes in value. An empty value matches nothing.
    pub value_len: usize,
}

/// What the program knows. Zero means unknown, and the unknown never grants anything.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_facts {
    /// Set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_FACTS_..., combined with |.
    pub flags: u32,
    /// The time of the clock.
    pub now: u64,
    /// When this build was made. An earlier time of the clock is rejected.
    pub built_at: u64,
    /// When this license was first activated on this device. Keep it.
    pub activated_at: u64,
    /// Issue time of the newest genuine document that this device has seen: keep the highest issued_at of
    /// all granted decisions. Leave out refused ones: a free trial of another product must not prolong a
    /// lease.
    pub refreshed_at: u64,
    /// Version of this build: LIC2_VERSION(major, minor, patch).
    pub version: u64,
    /// Powered-on hours since the first activation.
    pub powered_hours: u32,
    /// Zero.
    pub reserved: u32,
    /// The product id compiled into the program, UTF-8.
    pub product: *const c_char,
    /// Bytes in product, or LIC2_TERMINATED.
    pub product_len: usize,
    /// The identity of the device.
    pub components: *const lic2_component,
    /// Components in components.
    pub components_count: usize,
    /// Public half of the device's own key. Pass it only after the device has proved that it has the
    /// private half.
    pub device_key: *const u8,
    /// LIC2_KEY_BYTES, or 0 if there is none.
    pub device_key_len: usize,
}

impl lic2_facts {
    /// Puts what is no pointer into the core's facts.
    pub(crate) fn put_numbers(&self, facts: &mut Facts<'_>) {
        facts.version = version(self.version);
        facts.built_at = known(self.built_at);
        facts.now = known(self.now);
        facts.activated_at = known(self.activated_at);
        facts.refreshed_at = known(self.refreshed_at);
        facts.powered_hours = (self.flags & LIC2_FACTS_HAVE_POWERED_HOURS != 0).then_some(self.powered_hours);
        facts.has_base = self.flags & LIC2_FACTS_HAS_BASE != 0;
        facts.allow_test = self.flags & LIC2_FACTS_ALLOW_TEST != 0;
    }
}

/// A version as LIC2_VERSION packs it: 16 bits, 16 bits and 32 bits.
pub(crate) fn version(packed: u64) -> Option<Version> {
    let [a, b, c, d, patch @ ..] = packed.to_be_bytes();
    let (major, minor) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    (packed != 0).then_some(Version { major, minor, patch: u32::from_be_bytes(patch) })
}

/// A time that is known.
pub(crate) fn known(time: u64) -> Option<UnixSeconds> {
    (time != 0).then_some(UnixSeconds(time))
}

/// What a license permits. Test it with LIC2_GRANTED(&decision) and nothing else. If the call failed,
/// everything except status and verdict is 0. Otherwise the fields describe the license, even if it is
/// refused. Times: 0 means none.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_decision {
    /// Set by the library.
    pub struct_size: u32,
    /// LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
    pub verdict: u32,
    /// The complement of verdict.
    pub verdict_check: u32,
    /// OK if granted; otherwise why not.
    pub status: lic2_status,
    /// LIC2_DECISION_...
    pub flags: u32,
    /// LIC2_CLASS_...; 0 if the call failed.
    pub license_class: u32,
    /// Number of the issue of this license, from 1. Of two codes with one license id the higher serial
    /// counts: without an engine, keep the highest and refuse lower ones.
    pub serial: u32,
    /// Licenses, seats or channels that this device may use; 0 if refused.
    pub quantity: u32,
    /// Features in the license.
    pub feature_count: u32,
    /// End of the term in powered-on hours; 0 if they do not count.
    pub powered_hours_end: u32,
    /// When the seller signed the code.
    pub issued_at: u64,
    /// When the license starts; 0 if at once.
    pub not_before: u64,
    /// End of the term: its first second. 0 if it never ends, counts powered-on hours, or counts from an
    /// unknown activation time.
    pub expires_at: u64,
    /// End of use, grace included; 0 as in expires_at.
    pub grace_until: u64,
    /// When a newer signed document must arrive; 0 if never.
    pub lease_until: u64,
    /// The next time at which this answer, or one about a feature, changes on its own. 0 if it never does,
    /// and while the time is unknown or wrong. Ask again then at the latest.
    pub next_deadline: u64,
    /// First four bytes of the key that signed the code.
    pub key_id: [u8; 4],
    /// Zero.
    pub reserved: [u8; 4],
    /// License id, with a NUL.
    pub license_id: [c_char; LIC2_TEXT_BYTES],
    /// Edition or SKU, with a NUL; may be empty.
    pub edition: [c_char; LIC2_TEXT_BYTES],
    /// LIC2_CLOCK_... of an engine; otherwise 0.
    pub clock: u32,
    /// Zero.
    pub reserved_2: u32,
}

/// What a feature permits. Test it with LIC2_GRANTED(&feature) and nothing else. Granted only if the
/// license is. A refused feature has value 0 and no text, but keeps name, type and expires_at if the
/// license contains it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_feature {
    /// Set by the library.
    pub struct_size: u32,
    /// LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
    pub verdict: u32,
    /// The complement of verdict.
    pub verdict_check: u32,
    /// OK if granted; otherwise why not.
    pub status: lic2_status,
    /// LIC2_FEATURE_...; 0 if missing or of an unknown type.
    pub r#type: u32,
    /// LIC2_FEATURE_OVERAGE or 0.
    pub flags: u32,
    /// The limit or quota; 0 for other types, and if refused.
    pub value: u64,
    /// End of the feature; 0 if as the license.
    pub expires_at: u64,
    /// Name, with a NUL.
    pub name: [c_char; LIC2_NAME_BYTES],
    /// Text, with a NUL; empty for other types.
    pub text: [c_char; LIC2_TEXT_BYTES],
}
