//! The structs through which an engine reaches the device, in the order of the header.

use core::ffi::{c_char, c_void};

use crate::abi::{lic2_component, lic2_keyring};

/// Largest stored activation, in bytes: each of the two slots of a store needs as many.
pub const LIC2_STATE_BYTES: usize = 4096;

/// Length of a signature, in bytes.
pub const LIC2_SIGNATURE_BYTES: usize = 64;

/// Least length of the secret in lic2_identity, in bytes.
pub const LIC2_SECRET_MIN: usize = 16;

/// Slot of a store: the first.
pub const LIC2_SLOT_A: u32 = 0;

/// Slot of a store: the second.
pub const LIC2_SLOT_B: u32 = 1;

/// Field wall of lic2_reading: the device has a clock, and nobody has set it since it lost its power.
pub const LIC2_WALL_UNSET: u32 = 0;

/// Field wall of lic2_reading: the clock shows the time in the field time.
pub const LIC2_WALL_TIME: u32 = 1;

/// Field wall of lic2_reading: the device has no clock that keeps running while it is off.
pub const LIC2_WALL_ABSENT: u32 = 2;

/// Flag of lic2_config: test codes are accepted. Never set it in a production build.
pub const LIC2_CONFIG_ALLOW_TEST: u32 = 1;

/// Flag of lic2_config: a stored activation without a seal is accepted though the identity has a secret. For the one
/// release that introduces the secret: it lets whoever edits the store set meters and times.
pub const LIC2_CONFIG_ACCEPT_UNSEALED: u32 = 2;

/// Where the activation is kept: two slots of LIC2_STATE_BYTES that keep their content while the device is off, such
/// as two files or two flash pages. A part of lic2_config; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_store {
    /// Passed to the callbacks, for whatever they need; may be NULL.
    pub context: *mut c_void,
    /// Copies the content of a slot to memory, as far as it fits, and sets stored_len, which is 0 before the call, to
    /// the length of the content. A slot that was never written is empty or all FF. Returns 0, or anything else if
    /// the content may be there but cannot be read.
    pub read: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            slot: u32,
            memory: *mut u8,
            memory_len: usize,
            stored_len: *mut usize,
        ) -> i32,
    >,
    /// Replaces the content of a slot by bytes_len bytes, at most LIC2_STATE_BYTES. Returns 0 when they are certainly
    /// stored, otherwise anything else. A power cut may leave any mixture of old, new and erased bytes in this slot,
    /// but has to leave the other slot alone.
    pub write: Option<unsafe extern "C" fn(context: *mut c_void, slot: u32, bytes: *const u8, bytes_len: usize) -> i32>,
}

/// One reading of a clock, filled in by the callback of lic2_clock.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_reading {
    /// Size of this struct, set by the library: a callback compiled with a newer header must not write beyond it.
    pub struct_size: u32,
    /// LIC2_WALL_TIME, LIC2_WALL_UNSET or LIC2_WALL_ABSENT. Any other number counts as LIC2_WALL_UNSET.
    pub wall: u32,
    /// What the clock shows, if wall is LIC2_WALL_TIME; 0 counts as LIC2_WALL_UNSET.
    pub time: u64,
    /// Seconds that never run backwards until the next lic2_engine_open, from any start, if has_uptime is not 0.
    pub uptime_seconds: u64,
    /// 1 if uptime_seconds is known, otherwise 0.
    pub has_uptime: u32,
    /// Zero.
    pub reserved: u32,
}

/// The clock of the device. A part of lic2_config; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_clock {
    /// Passed to the callback; may be NULL.
    pub context: *mut c_void,
    /// Fills in a reading, which is all zeros but for struct_size. Returns 0, or anything else if the clock cannot be
    /// read, which counts as LIC2_WALL_UNSET without an uptime. NULL stands for a device with neither clock nor uptime.
    pub read: Option<unsafe extern "C" fn(context: *mut c_void, reading: *mut lic2_reading) -> i32>,
}

/// Who this device is. A part of lic2_config; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_identity {
    /// Passed to the callback; may be NULL.
    pub context: *mut c_void,
    /// The identity of the device. The same at every call, in the same order.
    pub components: *const lic2_component,
    /// Components in components, at most LIC2_COMPONENTS_MAX.
    pub components_count: usize,
    /// A secret that another device does not have and that is not stored beside the activation. With it the stored
    /// activation is sealed: it cannot be edited, nor used on another device.
    pub secret: *const u8,
    /// Bytes in secret, at least LIC2_SECRET_MIN, or 0 if there is none.
    pub secret_len: usize,
    /// Public half of the device's own key (Ed25519).
    pub device_key: *const u8,
    /// LIC2_KEY_BYTES, or 0 if there is none.
    pub device_key_len: usize,
    /// Signs a message with the device's own key (Ed25519, RFC 8032) into LIC2_SIGNATURE_BYTES. Returns 0, or anything
    /// else if the key cannot be used now. Called only if there is a device key, and needed then.
    pub sign: Option<
        unsafe extern "C" fn(context: *mut c_void, message: *const u8, message_len: usize, signature: *mut u8) -> i32,
    >,
}

/// A counter in hardware that only counts up, starts at 0 and is used for nothing else. With it an earlier copy of the
/// stored activation is noticed. A part of lic2_config; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_counter {
    /// Passed to the callbacks; may be NULL.
    pub context: *mut c_void,
    /// Reads it. Returns 0, or anything else if it cannot be read. Both callbacks are NULL where there is no counter.
    pub read: Option<unsafe extern "C" fn(context: *mut c_void, value: *mut u32) -> i32>,
    /// Adds one and reads the new value. Returns 0, or anything else if the new value is not certain. A power cut
    /// leaves the old or the new value.
    pub increment: Option<unsafe extern "C" fn(context: *mut c_void, value: *mut u32) -> i32>,
}

/// What an engine works with. Everything that it points to has to stay where it is, unchanged, as long as the engine
/// is used; the struct itself need not. Zero means unknown or absent.
///
/// Threads: only read.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_config {
    /// Size of this struct, set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_CONFIG_... flags, combined with |.
    pub flags: u32,
    /// When this build was made. Also the earliest time that a clock can truthfully show.
    pub built_at: u64,
    /// Version of this build, made by LIC2_VERSION(major, minor, patch).
    pub version: u64,
    /// The product id compiled into the application, UTF-8.
    pub product: *const c_char,
    /// Bytes in product.
    pub product_len: usize,
    /// The trusted keys.
    pub ring: *const lic2_keyring,
    /// Zero.
    pub reserved: usize,
    /// Where the activation is kept. Needed.
    pub store: lic2_store,
    /// The clock.
    pub clock: lic2_clock,
    /// The identity.
    pub identity: lic2_identity,
    /// The monotonic counter.
    pub counter: lic2_counter,
}
