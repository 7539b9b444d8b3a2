//! Constants and structs of the header, in its order.

use core::ffi::c_char;

/// Number of this binary interface. A program and a library work together when the library's number,
/// lic2_abi_version(), is not lower than the one the program was compiled with.
pub const LIC2_ABI_VERSION: u32 = 2;

/// Number of the document format that this library reads.
pub const LIC2_FORMAT_VERSION: u32 = 1;

/// Major part of the library version.
pub const LIC2_VERSION_MAJOR: u32 = 0;

/// Minor part of the library version.
pub const LIC2_VERSION_MINOR: u32 = 1;

/// Patch part of the library version.
pub const LIC2_VERSION_PATCH: u32 = 0;

/// Longest authorization code, in characters, white space not counted.
pub const LIC2_CODE_MAX: usize = 1024;

/// Longest text that is looked at, in bytes, white space included. Longer texts are TEXT_TOO_LONG.
pub const LIC2_TEXT_RAW_MAX: usize = 4096;

/// Length of an anchor and of a device key, in bytes.
pub const LIC2_KEY_BYTES: usize = 32;

/// Most anchors in one key ring.
pub const LIC2_ANCHORS_MAX: usize = 4;

/// Most issuers that lic2_keyring_add_issuer can add to one key ring.
pub const LIC2_ISSUERS_MAX: usize = 4;

/// Most identity components in lic2_facts.
pub const LIC2_COMPONENTS_MAX: usize = 16;

/// Longest value of one identity component, in bytes.
pub const LIC2_COMPONENT_VALUE_MAX: usize = 256;

/// Most features in one license.
pub const LIC2_FEATURES_MAX: usize = 64;

/// Room for any id or text of a license, in bytes: at most 64, then zeros.
pub const LIC2_TEXT_BYTES: usize = 72;

/// Room for the name of a feature, in bytes: at most 32, then zeros.
pub const LIC2_NAME_BYTES: usize = 40;

/// Size of lic2_keyring, in bytes.
pub const LIC2_KEYRING_BYTES: usize = 2176;

/// Size of lic2_license, in bytes.
pub const LIC2_LICENSE_BYTES: usize = 832;

/// Largest value of struct_size that is taken for a size rather than for memory nobody cleared.
pub const LIC2_STRUCT_MAX: u32 = 1024;

/// The word in verdict that grants. Test it with LIC2_GRANTED, never alone.
pub const LIC2_VERDICT_GRANTED: u32 = 0x5AC3_3CA5;

/// The word in verdict of every refusal and every failure.
pub const LIC2_VERDICT_DENIED: u32 = 0xA53C_C35A;

/// Flag of lic2_facts: test codes are accepted. Never set it in a production build.
pub const LIC2_FACTS_ALLOW_TEST: u32 = 1;

/// Flag of lic2_facts: powered_hours is known. Without it the field is ignored, so that 0 hours can be said.
pub const LIC2_FACTS_HAVE_POWERED_HOURS: u32 = 2;

/// Flag of lic2_facts: a license for the product itself, not an add-on, is granted beside this one. Without it an
/// add-on is refused with BASE_MISSING. Set it from LIC2_GRANTED of the decision on the other code, never from
/// anything else.
pub const LIC2_FACTS_HAS_BASE: u32 = 4;

/// Flag of lic2_decision: granted, but the term has ended and the license runs on grace.
pub const LIC2_DECISION_IN_GRACE: u32 = 1;

/// Flag of lic2_decision: the code was signed by an issuer that an anchor has certified, not by an anchor.
pub const LIC2_DECISION_BY_ISSUER: u32 = 2;

/// Flag of lic2_decision: the license is an add-on, which counts only beside a license for the product itself.
pub const LIC2_DECISION_ADD_ON: u32 = 4;

/// License class: a paid license.
pub const LIC2_CLASS_COMMERCIAL: u32 = 1;

/// License class: a trial.
pub const LIC2_CLASS_TRIAL: u32 = 2;

/// License class: a test order. Refused unless LIC2_FACTS_ALLOW_TEST is set.
pub const LIC2_CLASS_TEST: u32 = 3;

/// License class: not for resale.
pub const LIC2_CLASS_NOT_FOR_RESALE: u32 = 4;

/// Feature type: it is there.
pub const LIC2_FEATURE_FLAG: u32 = 1;

/// Feature type: value is the most of something at once.
pub const LIC2_FEATURE_LIMIT: u32 = 2;

/// Feature type: value is a number of uses in total; the application counts them.
pub const LIC2_FEATURE_QUOTA: u32 = 3;

/// Feature type: text is for the application.
pub const LIC2_FEATURE_TEXT: u32 = 4;

/// Flag of lic2_feature: use beyond the quota is granted and reported, not refused.
pub const LIC2_FEATURE_OVERAGE: u32 = 1;

/// Component kind: MAC address. For kinds below 128 letter case and the separators space, tab, CR, LF, ':',
/// '-' and '.' do not matter.
pub const LIC2_COMPONENT_MAC: u32 = 1;

/// Component kind: serial number of the main board.
pub const LIC2_COMPONENT_BOARD: u32 = 2;

/// Component kind: serial number of the disk.
pub const LIC2_COMPONENT_DISK: u32 = 3;

/// Component kind: machine id of the operating system.
pub const LIC2_COMPONENT_MACHINE: u32 = 4;

/// Component kind: electronic serial number of the device.
pub const LIC2_COMPONENT_ESN: u32 = 5;

/// Component kind: id of the processor.
pub const LIC2_COMPONENT_CPU: u32 = 6;

/// First component kind whose meaning the application defines, up to 255; every byte of the value matters.
pub const LIC2_COMPONENT_CUSTOM: u32 = 128;

/// Field of lic2_license_text: the license id.
pub const LIC2_TEXT_LICENSE_ID: i32 = 1;

/// Field of lic2_license_text: the product.
pub const LIC2_TEXT_PRODUCT: i32 = 2;

/// Field of lic2_license_text: the edition or SKU.
pub const LIC2_TEXT_EDITION: i32 = 3;

/// Field of lic2_license_text: the seller's customer reference.
pub const LIC2_TEXT_CUSTOMER: i32 = 4;

/// Field of lic2_license_text: the seller's order reference.
pub const LIC2_TEXT_ORDER: i32 = 5;

/// The trusted keys of a product, checked and ready for use. The size is guaranteed, the content is not: do not
/// store it, do not copy it between programs.
///
/// Threads: lic2_keyring_init and lic2_keyring_add_issuer need it alone; every other call only reads it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_keyring {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The library's.
    pub opaque: [u64; 271],
}

/// A verified license. The size is guaranteed, the content is not: store the code, not this.
///
/// Threads: lic2_code_verify and lic2_code_check need it alone; every other call only reads it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_license {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The library's.
    pub opaque: [u64; 103],
}

/// One fact about the identity of the device. Has no struct_size, because it stands in arrays; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_component {
    /// LIC2_COMPONENT_MAC and so on, 1 to 255.
    pub kind: u32,
    /// Zero.
    pub reserved: u32,
    /// The value, as the operating system or the hardware shows it.
    pub value: *const u8,
    /// Bytes in value, at most LIC2_COMPONENT_VALUE_MAX. A value with nothing in it matches nothing.
    pub value_len: usize,
}

/// What the application tells the library. Zero means unknown, and what is unknown never grants anything.
/// Times are seconds since 1970-01-01 UTC.
///
/// Threads: only read.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_facts {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_FACTS_... flags, combined with |.
    pub flags: u32,
    /// What the clock shows.
    pub now: u64,
    /// When this build was made. Also the earliest time that a clock can truthfully show.
    pub built_at: u64,
    /// When this license was first activated on this device. The application keeps it.
    pub activated_at: u64,
    /// Issue time of the newest genuine document that this device has seen. The application keeps it: the
    /// highest issued_at of every granted decision so far. Leave refused ones out: a free trial of another
    /// product must not prolong a lease.
    pub refreshed_at: u64,
    /// Version of this build, made by LIC2_VERSION(major, minor, patch).
    pub version: u64,
    /// Powered-on hours since the first activation, if LIC2_FACTS_HAVE_POWERED_HOURS is set.
    pub powered_hours: u32,
    /// Zero.
    pub reserved: u32,
    /// The product id compiled into the application, UTF-8.
    pub product: *const c_char,
    /// Bytes in product.
    pub product_len: usize,
    /// The identity of the device.
    pub components: *const lic2_component,
    /// Components in components, at most LIC2_COMPONENTS_MAX.
    pub components_count: usize,
    /// Public half of the device's own key. Pass it only after the device has proved that it holds the private
    /// half; the library does not check that.
    pub device_key: *const u8,
    /// LIC2_KEY_BYTES, or 0 if there is none.
    pub device_key_len: usize,
}

/// What a license permits. Test it with LIC2_GRANTED(&decision) and nothing else.
///
/// When the call itself failed, everything but status and the verdict is 0. Otherwise the fields describe the
/// license, also when it is refused, so that the application can say why. Times are seconds since 1970-01-01
/// UTC; 0 stands for none.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_decision {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
    pub verdict: u32,
    /// The complement of verdict, so that no single damaged word grants.
    pub verdict_check: u32,
    /// LIC2_STATUS_OK if granted; otherwise why not.
    pub status: i32,
    /// LIC2_DECISION_... flags.
    pub flags: u32,
    /// LIC2_CLASS_...; 0 if the call failed.
    pub license_class: u32,
    /// Number of the issue of this license, from 1. Of two codes with one license id the higher serial counts:
    /// the application keeps the highest it has seen and refuses lower ones.
    pub serial: u32,
    /// How many licenses, seats or channels this device may use; 0 if refused.
    pub quantity: u32,
    /// Features in the license, for lic2_license_feature_at.
    pub feature_count: u32,
    /// End of the term in powered-on hours; 0 if the license does not count them.
    pub powered_hours_end: u32,
    /// When the seller signed the code.
    pub issued_at: u64,
    /// When the license starts; 0 if at once.
    pub not_before: u64,
    /// End of the term: the first second in which it is over. 0 if it never ends, counts powered-on hours, or
    /// counts from an activation time that the facts do not tell.
    pub expires_at: u64,
    /// End of use, grace included; 0 as for expires_at.
    pub grace_until: u64,
    /// When a newer signed document has to have arrived; 0 if the license asks for none.
    pub lease_until: u64,
    /// The next time at which this answer, or one about a feature, changes by itself. 0 if it never does, and
    /// while the time is unknown or certainly wrong. Ask again then at the latest.
    pub next_deadline: u64,
    /// The key that signed the code: its first four bytes.
    pub key_id: [u8; 4],
    /// Zero.
    pub reserved: [u8; 4],
    /// License id, ends with NUL.
    pub license_id: [c_char; LIC2_TEXT_BYTES],
    /// Edition or SKU, ends with NUL; empty if there is none.
    pub edition: [c_char; LIC2_TEXT_BYTES],
    /// LIC2_CLOCK_...: what an engine found the clock to be; 0 in a decision that no engine made.
    pub clock: u32,
    /// Zero.
    pub reserved_2: u32,
}

/// What a feature permits. Test it with LIC2_GRANTED(&feature) and nothing else.
///
/// Granted only if the license is granted too. A refused feature has value 0 and an empty text, but keeps name,
/// type and expires_at if the license contains it; when the call itself failed, these are 0 as well.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_feature {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
    pub verdict: u32,
    /// The complement of verdict.
    pub verdict_check: u32,
    /// LIC2_STATUS_OK if granted; otherwise why not.
    pub status: i32,
    /// LIC2_FEATURE_FLAG, _LIMIT, _QUOTA or _TEXT; 0 if the license does not contain the feature, or in a way that
    /// this library does not know (status RIGHT_UNKNOWN).
    pub r#type: u32,
    /// LIC2_FEATURE_OVERAGE or 0.
    pub flags: u32,
    /// The limit or the quota; 0 for other types, and if refused.
    pub value: u64,
    /// End of the feature; 0 if it lasts as long as the license.
    pub expires_at: u64,
    /// Name, ends with NUL.
    pub name: [c_char; LIC2_NAME_BYTES],
    /// Text in UTF-8, ends with NUL; empty for other types, and if refused.
    pub text: [c_char; LIC2_TEXT_BYTES],
}
