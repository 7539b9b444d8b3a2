//! What a host knows of its machine, and why it failed. Feature `host`.

use core::ffi::c_char;

use ::lic2_host::FINGERPRINT_MAX;
use lic2::Error;

use crate::abi::lic2_component;
use crate::guard::{self, TextOut};
use crate::host::{lic2_host, session, show};
use crate::state::{LIC2_SIGN_CONTAINER, LIC2_SIGN_VIRTUAL_MACHINE};
use crate::status::{self, lic2_status};

/// Adds a component to the machine's identity that the program knows: a serial number, or the name that a
/// cluster gives its node. Between lic2_host_prepare and lic2_host_configure.
/// @return OK, or: ARGUMENTS (also for more than LIC2_COMPONENTS_MAX), NOT_INITIALIZED. @stack Under 1 kB.
///     @time A microsecond.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_add(
    host: *mut lic2_host,
    kind: u32,
    value: *const u8,
    value_len: usize,
) -> lic2_status {
    // SAFETY: host is NULL or points to a whole struct that this call uses alone.
    status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        // SAFETY: value is NULL or points to value_len values that nothing writes during the call.
        let value = unsafe { guard::array(value, value_len) }?;
        let kind = u8::try_from(kind).map_err(|_| Error::InvalidArgument)?;
        session(host).held()?.machine.add(kind, value).map_err(|_| Error::InvalidArgument)
    }))
}

/// Copies the identity components of the machine, which are personal data. The values are valid until the
/// host is closed.
/// @param[out] components LIC2_COMPONENTS_MAX are always enough.
/// @param[out] count How many there are; also set when there is no room for all of them.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack Under 1 kB. @time A microsecond.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_components(
    host: *mut lic2_host,
    components: *mut lic2_component,
    components_count: usize,
    count: *mut usize,
) -> lic2_status {
    // SAFETY: count is NULL or points to one number that this call uses alone.
    let count = unsafe { guard::number(count) };
    // SAFETY: components is NULL or points to components_count values that this call uses alone. Every bit pattern is a
    // component.
    status::of(unsafe { guard::array_mut(components, components_count) }.and_then(|room| {
        room.fill(guard::NO_COMPONENT);
        let count = count?;
        // SAFETY: host is NULL or points to a whole struct that this call uses alone.
        let held = session(unsafe { guard::borrow_mut(host) }?).held()?;
        *count = show(held);
        let shown = held.components.iter().take(*count);
        if room.len() < *count {
            return Err(Error::BufferTooSmall);
        }
        room.iter_mut().zip(shown).for_each(|(target, component)| *target = *component);
        Ok(())
    }))
}

/// Reports what suggests a virtual machine or a container, for signs of lic2_ask. Nothing follows from it.
/// @param[out] signs LIC2_SIGN_..., combined with |.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED. @stack Under 500 bytes. @time Constant.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_signs(host: *mut lic2_host, signs: *mut u32) -> lic2_status {
    // SAFETY: signs is NULL or points to one number that this call uses alone.
    let signs = unsafe { guard::number(signs) };
    // SAFETY: host is NULL or points to a whole struct that this call uses alone.
    status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        let found = session(host).held()?.machine.signs();
        let machine = if found.virtual_machine() { LIC2_SIGN_VIRTUAL_MACHINE } else { 0 };
        let container = if found.container() { LIC2_SIGN_CONTAINER } else { 0 };
        *signs? = machine | container;
        Ok(())
    }))
}

/// Writes the fingerprint that the marketplace asks for: `MAC|disk|board|processor`. Personal data.
/// @param[out] buffer The text. LIC2_DOCUMENT_BYTES are always enough. Cleared when the call fails.
/// @param[out] text_len Length of the text without the NUL; the length that is always enough if the buffer
///     is too small.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack Under 1 kB. @time A microsecond.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_fingerprint(
    host: *mut lic2_host,
    buffer: *mut c_char,
    buffer_len: usize,
    text_len: *mut usize,
) -> lic2_status {
    // SAFETY: buffer has buffer_len bytes and text_len points to one number, or they are NULL; this call uses both
    // alone.
    let out = unsafe { TextOut::new(buffer, buffer_len, text_len) };
    // SAFETY: host is NULL or points to a whole struct that this call uses alone.
    status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        let mut out = out?;
        let (room, length) = out.room();
        match session(host).held()?.machine.fingerprint(room) {
            Some(written) => {
                *length = written;
                Ok(())
            }
            None => {
                room.fill(0);
                *length = FINGERPRINT_MAX;
                Err(Error::BufferTooSmall)
            }
        }
    }))
}

/// Fills memory from the random generator of the system: for the entropy of a request.
/// @param host The host, open or not. @param[out] buffer The random bytes; zeros when the call fails.
/// @return OK, or: ARGUMENTS, STORE_READ (the system refused). @stack Under 500 bytes. @time Some
///     microseconds.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_random(host: *mut lic2_host, buffer: *mut u8, buffer_len: usize) -> lic2_status {
    // SAFETY: buffer is NULL or points to buffer_len bytes that this call uses alone.
    let buffer = unsafe { guard::buffer(buffer, buffer_len) };
    // SAFETY: host is NULL or points to a whole struct that this call uses alone.
    status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        let buffer = buffer?;
        let result = session(host).noted(::lic2_host::random(buffer));
        if result.is_err() {
            buffer.fill(0);
        }
        result
    }))
}

/// Reports why the last call that returned STORE_READ or STORE_WRITE failed: of this host, or of an engine
/// that uses it.
/// @param host The host, open or not.
/// @param[out] cause LIC2_HOST_CAUSE_...; 0 if nothing failed.
/// @param[out] code The operating system's error number, or 0.
/// @return OK, or: ARGUMENTS. @stack Under 500 bytes. @time Constant.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_error(host: *mut lic2_host, cause: *mut u32, code: *mut i32) -> lic2_status {
    // SAFETY: cause is NULL or points to one number that this call uses alone.
    let cause = unsafe { guard::number(cause) };
    // SAFETY: code is NULL or points to one number that this call uses alone.
    let code = unsafe { guard::number(code) };
    // SAFETY: host is NULL or points to a whole struct that this call uses alone.
    status::of(unsafe { guard::borrow_mut(host) }.and_then(|host| {
        let (cause, code) = (cause?, code?);
        (*cause, *code) = session(host).failure();
        Ok(())
    }))
}
