//! The structs through which an engine reaches the device, in the order of the header.

use core::ffi::{c_char, c_void};

use lic2::Profile;

use crate::abi::{known, lic2_component, lic2_keyring, version};

/// Size of each of the two slots of a store, in bytes.
pub const LIC2_STATE_BYTES: usize = 4096;

/// Length of a signature, in bytes.
pub const LIC2_SIGNATURE_BYTES: usize = 64;

/// Least length of the secret in lic2_identity, in bytes.
pub const LIC2_SECRET_MIN: usize = 16;

/// The first.
pub const LIC2_SLOT_A: u32 = 0;

/// The second.
pub const LIC2_SLOT_B: u32 = 1;

/// The clock was not set since it lost its power.
pub const LIC2_WALL_UNSET: u32 = 0;

/// The clock shows the time in the field time.
pub const LIC2_WALL_TIME: u32 = 1;

/// No clock runs while the device is off.
pub const LIC2_WALL_ABSENT: u32 = 2;

/// Accepts test codes. Never set it in a production build.
pub const LIC2_CONFIG_ALLOW_TEST: u32 = 1;

/// Accepts a stored activation without a seal although the identity has a secret. For the one release that
/// introduces the secret: anyone who edits the store can set meters and times.
pub const LIC2_CONFIG_ACCEPT_UNSEALED: u32 = 2;

/// The store of the activation: two slots of LIC2_STATE_BYTES that keep their content without power,
/// such as two files or two flash pages. A part of lic2_config; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_store {
    /// For the callbacks; may be NULL.
    pub context: *mut c_void,
    /// Copies the content of a slot to memory, as far as it fits, and sets stored_len, which is 0 before
    /// the call, to its length. A slot that was never written is empty or all FF. Fails if the content may
    /// be there but cannot be read.
    pub read: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            slot: u32,
            memory: *mut u8,
            memory_len: usize,
            stored_len: *mut usize,
        ) -> i32,
    >,
    /// Replaces the content of a slot. Succeeds only when it is certainly stored. A power cut may leave any
    /// mixture of old, new and erased bytes in this slot, but must not change the other one.
    pub write: Option<unsafe extern "C" fn(context: *mut c_void, slot: u32, bytes: *const u8, bytes_len: usize) -> i32>,
}

/// A reading of the clock. It is all zeros except struct_size when the callback gets it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_reading {
    /// Set by the library: do not write beyond it.
    pub struct_size: u32,
    /// LIC2_WALL_TIME, LIC2_WALL_UNSET or LIC2_WALL_ABSENT.
    pub wall: u32,
    /// The time, if wall is LIC2_WALL_TIME; 0 means not set.
    pub time: u64,
    /// Seconds from any start that never run backwards until the next lic2_engine_open, if has_uptime is 1.
    pub uptime_seconds: u64,
    /// 1 or 0.
    pub has_uptime: u32,
    /// Zero.
    pub reserved: u32,
}

/// The clock of the device. A part of lic2_config; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_clock {
    /// For the callback; may be NULL.
    pub context: *mut c_void,
    /// Fills in a reading. A failure counts as LIC2_WALL_UNSET without an uptime, and so do impossible
    /// numbers, which lic2_engine_open refuses. NULL: the device has neither clock nor uptime.
    pub read: Option<unsafe extern "C" fn(context: *mut c_void, reading: *mut lic2_reading) -> i32>,
}

/// The identity of the device. A part of lic2_config; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_identity {
    /// For the callback; may be NULL.
    pub context: *mut c_void,
    /// The same at every call, in the same order.
    pub components: *const lic2_component,
    /// Components in components.
    pub components_count: usize,
    /// A secret that no other device has and that is not stored beside the activation. It seals the
    /// activation, which can then neither be edited nor used on another device.
    pub secret: *const u8,
    /// At least LIC2_SECRET_MIN; 0 if there is none.
    pub secret_len: usize,
    /// Public half of the device's own key (Ed25519).
    pub device_key: *const u8,
    /// LIC2_KEY_BYTES, or 0 if there is none.
    pub device_key_len: usize,
    /// Signs a message with the device's own key (Ed25519, RFC 8032) into LIC2_SIGNATURE_BYTES. Required if
    /// there is a device key.
    pub sign: Option<
        unsafe extern "C" fn(context: *mut c_void, message: *const u8, message_len: usize, signature: *mut u8) -> i32,
    >,
}

/// A hardware counter that only counts up from 0 and has no other use. It detects an earlier copy of the
/// stored activation. Both callbacks are NULL if there is none. A part of lic2_config; never grows.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_counter {
    /// For the callbacks; may be NULL.
    pub context: *mut c_void,
    /// Reads it.
    pub read: Option<unsafe extern "C" fn(context: *mut c_void, value: *mut u32) -> i32>,
    /// Adds one and reads the new value. Fails if the new value is not certain. A power cut leaves the old
    /// or the new value.
    pub increment: Option<unsafe extern "C" fn(context: *mut c_void, value: *mut u32) -> i32>,
}

/// What an engine works with. Everything it points to must outlive the engine, unchanged; the struct itself
/// need not. Zero means unknown or absent.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct lic2_config {
    /// Set by LIC2_INIT.
    pub struct_size: u32,
    /// LIC2_CONFIG_..., combined with |.
    pub flags: u32,
    /// When this build was made. An earlier time of the clock is rejected.
    pub built_at: u64,
    /// Version of this build: LIC2_VERSION(major, minor, patch).
    pub version: u64,
    /// The product id compiled into the program, UTF-8.
    pub product: *const c_char,
    /// Bytes in product, or LIC2_TERMINATED.
    pub product_len: usize,
    /// The trusted keys.
    pub ring: *const lic2_keyring,
    /// Zero.
    pub reserved: usize,
    /// The store. Required.
    pub store: lic2_store,
    /// The clock.
    pub clock: lic2_clock,
    /// The identity.
    pub identity: lic2_identity,
    /// The counter.
    pub counter: lic2_counter,
}

impl lic2_config {
    /// What the core wants to know of the product, which has this id.
    pub(crate) fn profile<'p>(&self, product: &'p str) -> Profile<'p> {
        let mut profile = Profile::new(product);
        profile.version = version(self.version);
        profile.built_at = known(self.built_at);
        profile.allow_test = self.flags & LIC2_CONFIG_ALLOW_TEST != 0;
        profile.accept_unsealed = self.flags & LIC2_CONFIG_ACCEPT_UNSEALED != 0;
        profile
    }
}
