//! Constants and structs of the engine, in the order of the header.

use core::ffi::c_char;

/// Size of lic2_engine, in bytes.
pub const LIC2_ENGINE_BYTES: usize = 5120;

/// Room for any document that an engine writes, in bytes: at most LIC2_CODE_MAX characters and a NUL.
pub const LIC2_DOCUMENT_BYTES: usize = 1025;

/// Outcome of lic2_engine_apply: the license is activated on this device.
pub const LIC2_OUTCOME_ACTIVATED: u32 = 1;

/// Outcome of lic2_engine_apply: a later issue replaces the license and lasts as long or longer.
pub const LIC2_OUTCOME_RENEWED: u32 = 2;

/// Outcome of lic2_engine_apply: a later issue replaces the license and ends earlier, as after a refund.
pub const LIC2_OUTCOME_SHORTENED: u32 = 3;

/// Outcome of lic2_engine_apply: this very document was applied before; nothing has changed.
pub const LIC2_OUTCOME_ALREADY_APPLIED: u32 = 4;

/// Outcome of lic2_engine_apply: the revocation list is in force.
pub const LIC2_OUTCOME_LIST_ACCEPTED: u32 = 5;

/// Outcome of lic2_engine_apply: the time token is accepted.
pub const LIC2_OUTCOME_TIME_ACCEPTED: u32 = 6;

/// Outcome of lic2_engine_apply: the time token proves nothing that is not known; nothing has changed.
pub const LIC2_OUTCOME_TIME_OLDER: u32 = 7;

/// Outcome of lic2_engine_apply: the device is unlocked.
pub const LIC2_OUTCOME_UNLOCKED: u32 = 8;

/// State of the clock: it contradicts nothing.
pub const LIC2_CLOCK_GOOD: u32 = 1;

/// State of the clock: the device has none, and powered-on time counts.
pub const LIC2_CLOCK_ABSENT: u32 = 2;

/// State of the clock: it is not set, or the device has no clock and counts no uptime. The time is not known.
pub const LIC2_CLOCK_UNSET: u32 = 3;

/// State of the clock: it shows a time that is certainly past.
pub const LIC2_CLOCK_BEHIND: u32 = 4;

/// State of the clock: far ahead of the last known time. It is believed for now; warn whoever can set it.
pub const LIC2_CLOCK_AHEAD: u32 = 5;

/// State of the clock: it is wrong, and a document tells the time of this session.
pub const LIC2_CLOCK_CORRECTED: u32 = 6;

/// Sign in lic2_ask: the device is a virtual machine.
pub const LIC2_SIGN_VIRTUAL_MACHINE: u32 = 1;

/// Sign in lic2_ask: the program runs in a container.
pub const LIC2_SIGN_CONTAINER: u32 = 2;

/// Flag of lic2_engine_info: the stored activation is sealed with the device's secret.
pub const LIC2_ENGINE_SEALED: u32 = 1;

/// Flag of lic2_engine_info: a request waits for its unlock.
pub const LIC2_ENGINE_REQUEST_PENDING: u32 = 2;

/// The activation of a device, as long as it runs. The size is guaranteed, the content is not: what lasts stands in
/// the store. Do not copy it; two engines must not share a store.
///
/// Threads: every call needs it alone.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_engine {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The library's.
    pub opaque: [u64; 639],
}

/// The state of a quota, or of the seats of a limited feature. Test it with LIC2_GRANTED(&meter) and nothing else:
/// whether what was asked for is granted. Refused, and when the call failed, all numbers are 0.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_meter {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
    pub verdict: u32,
    /// The complement of verdict.
    pub verdict_check: u32,
    /// LIC2_STATUS_OK if granted; otherwise why not.
    pub status: i32,
    /// The sum of the quotas of all granted licenses, or the limit.
    pub total: u64,
    /// How much is used, or how many seats are taken; use beyond the quotas included.
    pub used: u64,
    /// How much can be used without overage, or how many seats are free.
    pub remaining: u64,
    /// How much is used beyond the quotas.
    pub overage: u64,
}

/// One seat of a limited feature, in a table of the caller's. Zeros are a free one. Has no struct_size, because it
/// stands in arrays; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_seat {
    /// Who sits on it: a number that the application gives; 0 for nobody.
    pub holder: u64,
    /// When the lease ends, in seconds of the engine's own count.
    pub until: u64,
}

/// What a request asks for. Zeros ask for nothing in particular.
///
/// Threads: only read.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_ask {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_SIGN_... of what the application noticed about the device, combined with |.
    pub signs: u32,
    /// Id of the license that is wanted or troubled, UTF-8.
    pub license_id: *const c_char,
    /// Bytes in license_id.
    pub license_id_len: usize,
    /// Random bytes, if there are any: they keep the numbers of equal devices' requests apart.
    pub entropy: *const u8,
    /// Bytes in entropy, any number.
    pub entropy_len: usize,
}

/// What support staff need to know. It permits nothing: ask lic2_engine_check.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_engine_info {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_ENGINE_... flags.
    pub flags: u32,
    /// Why the product may not run; LIC2_STATUS_OK if it may; the return value when the call fails.
    pub refusal: i32,
    /// What is wrong with the stored activation as a whole; LIC2_STATUS_OK if nothing is.
    pub condition: i32,
    /// LIC2_CLOCK_...
    pub clock: u32,
    /// Licenses that are held, for lic2_engine_license_at.
    pub license_count: u32,
    /// Revocation lists that are held.
    pub list_count: u32,
    /// The highest number among the lists.
    pub list_number: u32,
    /// Number of the last write to the store.
    pub sequence: u32,
    /// Bytes of the stored activation.
    pub stored_bytes: u32,
    /// The time that decisions are made with; 0 if it is not known.
    pub now: u64,
    /// A time that is certainly past; 0 if none is known.
    pub floor: u64,
    /// Issue time of the newest revocation list, time token or unlock; 0 if there was none.
    pub refreshed_at: u64,
    /// Powered-on seconds that were counted.
    pub powered_seconds: u64,
}
