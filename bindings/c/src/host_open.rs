//! Opening a host, alone or with an engine; closing it and erasing what it has stored. Feature `host`.

use core::ffi::c_char;
use core::mem::{MaybeUninit, size_of};

use ::lic2_host::{DEFAULT_PREFIX, FileStore, HostError, Machine, Place};
use lic2::{Component, Error};

use crate::abi::lic2_component;
use crate::host::{LIC2_HOST_NO_WAIT, LIC2_HOST_SEAL, Session, lic2_host, lic2_host_options, session, show};
use crate::port::{lic2_clock, lic2_config, lic2_identity, lic2_store};
use crate::state::lic2_engine;
use crate::status::{self, lic2_status};
use crate::{convert, guard, keyring};

/// How long to wait for another process unless the options say otherwise, in milliseconds.
const WAIT_MS: u32 = 500;

/// Opens everything on a desktop or server system: the directory of the stored activation, the clock, the
/// identity of the machine, the trusted keys and the engine. No other process can open the directory until
/// lic2_host_close or the end of the process. After a failure nothing is open.
/// @param[out] host The host. It needs no initialization; one that is open is INVALID_ARGUMENT. It must
///     outlive the engine.
/// @param[out] engine The engine. It needs no initialization.
/// @param product The product id compiled into the program.
/// @param directory Path in the system's encoding, on Windows UTF-8. It is created if missing; its parent
///     must exist. (NULL, 0) means the usual place, which is created: $XDG_STATE_HOME/PRODUCT or
///     $HOME/.local/state/PRODUCT on Linux, $HOME/Library/Application Support/PRODUCT on macOS,
///     %LOCALAPPDATA%\PRODUCT on Windows.
/// @param anchors As in lic2_keyring_init.
/// @param options NULL for the defaults: no version, no build time, 500 ms for another process, not sealed.
/// @return OK, or: ARGUMENTS (also for an invalid path, and if the environment names no usual place),
///     KEY_INVALID, KEY_DUPLICATE, KEYRING_FULL, STORE_READ (lic2_host_error says why), STATE_TOO_NEW,
///     STATE_TOO_OLD.
/// @stack 40 kB. @time Some milliseconds; as long as wait_ms if another process uses the directory.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_open(
    host: *mut lic2_host,
    engine: *mut lic2_engine,
    product: *const c_char,
    product_len: usize,
    directory: *const c_char,
    directory_len: usize,
    anchors: *const u8,
    anchors_len: usize,
    options: *const lic2_host_options,
) -> lic2_status {
    // SAFETY: engine is NULL or points to memory for one, which this call uses alone.
    let cleared = unsafe { guard::blank(engine) }.map(|_| ());
    // SAFETY: host is NULL or points to memory for one, which this call uses alone.
    status::of(unsafe { fresh(host) }.and_then(|host| {
        cleared?;
        // SAFETY: product is NULL or a text of product_len bytes.
        let product = unsafe { guard::chars(product, product_len) }?;
        // SAFETY: directory is NULL or a text of directory_len bytes.
        let directory = unsafe { guard::chars(directory, directory_len) }?;
        // SAFETY: anchors is NULL or points to anchors_len bytes that nothing writes during the call.
        let anchors = unsafe { guard::array(anchors, anchors_len) }?;
        // SAFETY: options is NULL or points to options, and they to as much as they say.
        let options = unsafe { Options::of(options) }?;
        let session = session(host);
        // SAFETY: options point to components by rules 1 and 2.
        unsafe { prepare(session, product, directory, &options) }?;
        // SAFETY: engine points to memory for one, as above; the host is open and outlives it (rule 6).
        let opened = unsafe { open_engine(session, engine, product, anchors, &options) };
        if opened.is_err() {
            session.close();
        }
        opened
    }))
}

/// Opens a host without an engine, for a config of your own: with a counter, a device key or another
/// identity. Then call lic2_host_configure, complete the config and call lic2_engine_open.
/// @param product Names the usual place; ignored if there is a directory.
/// @return As lic2_host_open. @stack 40 kB. @time As lic2_host_open.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_prepare(
    host: *mut lic2_host,
    product: *const c_char,
    product_len: usize,
    directory: *const c_char,
    directory_len: usize,
    options: *const lic2_host_options,
) -> lic2_status {
    // SAFETY: host is NULL or points to memory for one, which this call uses alone.
    status::of(unsafe { fresh(host) }.and_then(|host| {
        // SAFETY: product is NULL or a text of product_len bytes.
        let product = unsafe { guard::chars(product, product_len) }?;
        // SAFETY: directory is NULL or a text of directory_len bytes.
        let directory = unsafe { guard::chars(directory, directory_len) }?;
        // SAFETY: options is NULL or points to options, and they to as much as they say.
        let options = unsafe { Options::of(options) }?;
        // SAFETY: options point to components by rules 1 and 2.
        unsafe { prepare(session(host), product, directory, &options) }
    }))
}

/// Fills in store, clock and identity of a config; leaves the rest unchanged. The host must outlive the
/// engine.
/// @param[in,out] config The config; needs LIC2_INIT.
/// @return OK, or: ARGUMENTS, NOT_INITIALIZED. @stack Under 1 kB. @time A microsecond.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_configure(host: *mut lic2_host, config: *mut lic2_config) -> lic2_status {
    // SAFETY: config is NULL or points to a config of the size that it states, which this call uses alone.
    status::of(unsafe { guard::borrow_mut(config) }.and_then(|config| {
        // SAFETY: host is NULL or points to one, which this call uses alone.
        configure(session(unsafe { guard::borrow_mut(host) }?), config)
    }))
}

/// Closes a host and releases the lock of its directory; does nothing if it is not open. Its engine can no
/// longer read or write: call lic2_engine_settle before, if you use reservations.
/// @return OK, or: ARGUMENTS. @stack Under 500 bytes. @time Some microseconds.
#[cfg(feature = "host")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_close(host: *mut lic2_host) -> lic2_status {
    // SAFETY: host is NULL or points to one, which this call uses alone.
    status::of(unsafe { guard::borrow_mut(host) }.map(|host| session(host).close()))
}

/// Uninstalls: removes the stored activation, its lock, and the directory if it contains nothing else. The
/// seller is not told: return the license first with lic2_engine_deactivate. Close the host before.
/// @param host Memory for a host, which keeps the reason of a failure for lic2_host_error.
/// @param product, directory, options As in lic2_host_open.
/// @return OK, also if there is nothing; or: ARGUMENTS, STORE_READ (lic2_host_error says why).
/// @stack 18 kB. @time As lic2_host_open.
#[cfg(feature = "host")]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lic2_host_erase(
    host: *mut lic2_host,
    product: *const c_char,
    product_len: usize,
    directory: *const c_char,
    directory_len: usize,
    options: *const lic2_host_options,
) -> lic2_status {
    // SAFETY: host is NULL or points to memory for one, which this call uses alone.
    status::of(unsafe { fresh(host) }.and_then(|host| {
        // SAFETY: product is NULL or a text of product_len bytes.
        let product = unsafe { guard::chars(product, product_len) }?;
        // SAFETY: directory is NULL or a text of directory_len bytes.
        let directory = unsafe { guard::chars(directory, directory_len) }?;
        // SAFETY: options is NULL or points to options, and they to as much as they say.
        let options = unsafe { Options::of(options) }?;
        let session = session(host);
        let result =
            in_directory(product, directory, |path, _| FileStore::erase(path, options.prefix, options.wait_ms));
        session.noted(result)
    }))
}

/// What options say, or the defaults.
struct Options<'a> {
    seal: bool,
    wait_ms: u32,
    built_at: u64,
    version: u64,
    config_flags: u32,
    prefix: &'a [u8],
    components: *const lic2_component,
    components_count: usize,
}

impl<'a> Options<'a> {
    /// # Safety
    /// `pointer` is NULL or points to options of the size that they state, in which every pointer is NULL or points to as
    /// much as its length says; nothing writes any of that during the call.
    unsafe fn of(pointer: *const lic2_host_options) -> Result<Self, Error> {
        let mut all = Self {
            seal: false,
            wait_ms: WAIT_MS,
            built_at: 0,
            version: 0,
            config_flags: 0,
            prefix: DEFAULT_PREFIX,
            components: core::ptr::null(),
            components_count: 0,
        };
        if pointer.is_null() {
            return Ok(all);
        }
        let mut copy = MaybeUninit::uninit();
        // SAFETY: this function's contract.
        let options = unsafe { guard::read(pointer, &mut copy) }?;
        if options.flags & !(LIC2_HOST_SEAL | LIC2_HOST_NO_WAIT) != 0 {
            return Err(Error::InvalidArgument);
        }
        all.seal = options.flags & LIC2_HOST_SEAL != 0;
        if options.wait_ms != 0 {
            all.wait_ms = options.wait_ms;
        }
        if options.flags & LIC2_HOST_NO_WAIT != 0 {
            all.wait_ms = 0;
        }
        (all.built_at, all.version, all.config_flags) = (options.built_at, options.version, options.config_flags);
        if !options.prefix.is_null() || options.prefix_len != 0 {
            // SAFETY: this function's contract.
            all.prefix = unsafe { guard::chars(options.prefix, options.prefix_len) }?;
        }
        (all.components, all.components_count) = (options.components, options.components_count);
        Ok(all)
    }
}

/// Memory for a host, cleared. One that is open is refused: its lock would be lost.
///
/// # Safety
/// `host` is NULL or points to memory for one that nothing else uses during the call.
unsafe fn fresh<'a>(host: *mut lic2_host) -> Result<&'a mut lic2_host, Error> {
    // SAFETY: this function's contract. What was never initialized is not taken for an open host: the mark of one
    // depends on where it is.
    if unsafe { guard::borrow_mut(host) }.is_ok_and(|host| session(host).is_open()) {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: this function's contract.
    unsafe { guard::blank(host) }
}

/// Does `work` with the path of the directory, and with the product's usual place if there is no path.
fn in_directory<T>(
    product: &[u8],
    directory: &[u8],
    work: impl FnOnce(&[u8], Option<&Place>) -> Result<T, HostError>,
) -> Result<T, HostError> {
    if directory.is_empty() {
        let place = Place::of(product)?;
        work(place.as_bytes(), Some(&place))
    } else {
        work(directory, None)
    }
}

/// Opens the ports.
///
/// # Safety
/// The components in the options are what [`convert::components`] asks for.
#[inline(never)]
unsafe fn prepare(session: &mut Session, product: &[u8], directory: &[u8], options: &Options<'_>) -> Result<(), Error> {
    let store = open_store(product, directory, options);
    let store = session.noted(store)?;
    let mut machine = Machine::read();
    machine.seal_with_machine_id(options.seal);
    let mut memory = convert::no_components(&[]);
    // SAFETY: this function's contract.
    let components = unsafe { convert::components(options.components, options.components_count, &mut memory) }?;
    for Component { kind, value } in components {
        machine.add(*kind, value).map_err(|_| Error::InvalidArgument)?;
    }
    session.open(store, machine);
    Ok(())
}

/// Opens the files. Out of line: paths are long, and not on the stack while the machine is read.
#[inline(never)]
fn open_store(product: &[u8], directory: &[u8], options: &Options<'_>) -> Result<FileStore, HostError> {
    in_directory(product, directory, |path, place| {
        place.map_or(Ok(()), Place::make_parents)?;
        FileStore::open(path, options.prefix, options.wait_ms)
    })
}

/// Fills in the ports of a config.
fn configure(session: &mut Session, config: &mut lic2_config) -> Result<(), Error> {
    let held = session.held()?;
    let count = show(held);
    let secret = held.machine.secret().unwrap_or_default();
    config.identity = lic2_identity {
        context: core::ptr::null_mut(),
        components: held.components.as_ptr(),
        components_count: count,
        secret: secret.as_ptr(),
        secret_len: secret.len(),
        device_key: core::ptr::null(),
        device_key_len: 0,
        sign: None,
    };
    config.clock = lic2_clock { context: core::ptr::null_mut(), read: Some(guard::host_look) };
    let context = core::ptr::from_mut(session).cast();
    config.store = lic2_store { context, read: Some(guard::host_read), write: Some(guard::host_write) };
    Ok(())
}

/// Sets up the engine on an open host.
///
/// # Safety
/// `engine` points to memory for one that nothing else uses during the call; the host stays where it is.
unsafe fn open_engine(
    session: &mut Session,
    engine: *mut lic2_engine,
    product: &[u8],
    anchors: &[u8],
    options: &Options<'_>,
) -> Result<(), Error> {
    // SAFETY: integers, pointers and callbacks that may be NULL.
    let mut config: lic2_config = unsafe { MaybeUninit::zeroed().assume_init() };
    config.struct_size = u32::try_from(size_of::<lic2_config>()).unwrap_or(0);
    let held = session.held()?;
    // SAFETY: a key ring of ours, which nothing uses yet.
    keyring::fill(unsafe { guard::blank(&raw mut held.ring) }?, anchors)?;
    let kept = held.product.get_mut(..product.len()).ok_or(Error::InvalidArgument)?;
    kept.copy_from_slice(product);
    config.product = kept.as_ptr().cast();
    config.product_len = kept.len();
    config.ring = &raw const held.ring;
    (config.built_at, config.version, config.flags) = (options.built_at, options.version, options.config_flags);
    configure(session, &mut config)?;
    // SAFETY: this function's contract; all that the config points to is in the host.
    unsafe { crate::session::open(engine, &config) }
}
