//! Constants and structs of the engine, in the order of the header.

use core::ffi::c_char;

use crate::status::lic2_status;

/// Size of lic2_engine, in bytes.
pub const LIC2_ENGINE_BYTES: usize = 5120;

/// Room for any document that an engine writes, in bytes.
pub const LIC2_DOCUMENT_BYTES: usize = 1025;

/// The license is activated on this device.
pub const LIC2_OUTCOME_ACTIVATED: u32 = 1;

/// A later issue replaces the license and lasts as long or longer.
pub const LIC2_OUTCOME_RENEWED: u32 = 2;

/// A later issue replaces the license and ends earlier.
pub const LIC2_OUTCOME_SHORTENED: u32 = 3;

/// Applied before; nothing has changed.
pub const LIC2_OUTCOME_ALREADY_APPLIED: u32 = 4;

/// The revocation list is in force.
pub const LIC2_OUTCOME_LIST_ACCEPTED: u32 = 5;

/// The time token is accepted.
pub const LIC2_OUTCOME_TIME_ACCEPTED: u32 = 6;

/// The time token proves nothing new; nothing has changed.
pub const LIC2_OUTCOME_TIME_OLDER: u32 = 7;

/// The device is unlocked.
pub const LIC2_OUTCOME_UNLOCKED: u32 = 8;

/// The license is stored, and does not cover the running version.
pub const LIC2_OUTCOME_VERSION_NOT_COVERED: u32 = 9;

/// In days of lic2_engine_days_left: the license has no end.
pub const LIC2_DAYS_UNLIMITED: u32 = u32::MAX;

/// It contradicts nothing.
pub const LIC2_CLOCK_GOOD: u32 = 1;

/// There is none: powered-on time counts.
pub const LIC2_CLOCK_ABSENT: u32 = 2;

/// Not set, or neither clock nor uptime: the time is unknown.
pub const LIC2_CLOCK_UNSET: u32 = 3;

/// It shows a time that is certainly past.
pub const LIC2_CLOCK_BEHIND: u32 = 4;

/// Far ahead of the last known time; accepted for now.
pub const LIC2_CLOCK_AHEAD: u32 = 5;

/// Wrong; a document states the time of this session.
pub const LIC2_CLOCK_CORRECTED: u32 = 6;

/// The device is a virtual machine.
pub const LIC2_SIGN_VIRTUAL_MACHINE: u32 = 1;

/// The program runs in a container.
pub const LIC2_SIGN_CONTAINER: u32 = 2;

/// The stored activation is sealed with the device's secret.
pub const LIC2_ENGINE_SEALED: u32 = 1;

/// A request waits for its unlock.
pub const LIC2_ENGINE_REQUEST_PENDING: u32 = 2;

/// The activation of a device while it runs. The size is guaranteed, the content is not. Do not copy it;
/// two engines must not share a store.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_engine {
    /// Set by the library.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The library's.
    pub opaque: [u64; 639],
}

/// A quota, or the seats of a limited feature. LIC2_GRANTED(&meter) says whether the request is granted.
/// After QUOTA_EXHAUSTED the numbers say what is used and left; after any other refusal or failure they
/// are 0.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_meter {
    /// Set by the library.
    pub struct_size: u32,
    /// LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
    pub verdict: u32,
    /// The complement of verdict.
    pub verdict_check: u32,
    /// OK if granted; otherwise why not.
    pub status: lic2_status,
    /// The sum of the quotas of all granted licenses, or the limit.
    pub total: u64,
    /// How much is used, overage included, or seats taken.
    pub used: u64,
    /// How much is left without overage, or seats free.
    pub remaining: u64,
    /// How much is used beyond the quotas.
    pub overage: u64,
}

/// One seat of a limited feature, in your table. Zeros are a free seat. It has no struct_size because it is
/// in arrays; it never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_seat {
    /// Who has it: your number; 0 for nobody.
    pub holder: u64,
    /// End of the lease, in seconds of the engine's own count.
    pub until: u64,
}

/// What a request asks for. Zeros ask for nothing in particular.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_ask {
    /// Set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_SIGN_..., combined with |.
    pub signs: u32,
    /// Id of the license that is wanted or in trouble, UTF-8.
    pub license_id: *const c_char,
    /// Bytes in license_id, or LIC2_TERMINATED.
    pub license_id_len: usize,
    /// Random bytes, if there are any: they distinguish equal devices' requests.
    pub entropy: *const u8,
    /// Bytes in entropy.
    pub entropy_len: usize,
}

/// What support staff need. It permits nothing: call lic2_engine_check.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_engine_info {
    /// Set by the library.
    pub struct_size: u32,
    /// LIC2_ENGINE_...
    pub flags: u32,
    /// Why the product may not run; OK if it may; or the return value.
    pub refusal: lic2_status,
    /// What is wrong with the stored activation as a whole; OK if nothing.
    pub condition: lic2_status,
    /// LIC2_CLOCK_...
    pub clock: u32,
    /// Stored licenses, for lic2_engine_license_at.
    pub license_count: u32,
    /// Stored revocation lists.
    pub list_count: u32,
    /// The highest number among the lists.
    pub list_number: u32,
    /// Number of the last write to the store.
    pub sequence: u32,
    /// Length of the stored activation.
    pub stored_bytes: u32,
    /// The time that decisions use; 0 if unknown.
    pub now: u64,
    /// The earliest time that the engine accepts; 0 if none.
    pub floor: u64,
    /// Issue time of the newest list, time token or unlock; 0 if none.
    pub refreshed_at: u64,
    /// Powered-on seconds counted so far.
    pub powered_seconds: u64,
}
