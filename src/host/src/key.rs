//! Where the software device key is kept: its seed, in a file of the state directory.

use zeroize::{Zeroize, Zeroizing};

use crate::error::{Cause, HostError};
use crate::files;
use crate::sys::{self, Directory, File, Name};

/// Length of the seed of an Ed25519 key, in bytes.
pub const SEED_LEN: usize = 32;

/// How long to wait for another process that is making the key, in milliseconds.
const WAIT_MS: u32 = 2000;

/// Copies the seed of the device key to `seed`, after making one from the system's random generator if there is none.
///
/// It is in the file `PREFIX-device.key`, which only this user can read; a file that others can read is refused. A file
/// of another length is refused, too, and never replaced: the seller may know the key that it held. Its directory and
/// prefix are those of [`crate::FileStore::open`], which may be open or not.
///
/// After an error `seed` holds zeros.
///
/// # Errors
/// If the file cannot be read or made, is open to others, or is damaged.
pub fn load_or_create_seed(directory: &[u8], prefix: &[u8], seed: &mut [u8; SEED_LEN]) -> Result<(), HostError> {
    let result = load_or_create(directory, prefix, seed);
    if result.is_err() {
        seed.zeroize();
    }
    result
}

fn load_or_create(directory: &[u8], prefix: &[u8], seed: &mut [u8; SEED_LEN]) -> Result<(), HostError> {
    let prefix = files::checked_prefix(prefix)?;
    let name = Name::of(&[prefix, b"-device.key"])?;
    let temporary = Name::of(&[prefix, b"-device.key.tmp"])?;
    let directory = Directory::open_or_create(directory)?;
    // Two processes that start for the first time at once must end with the same key.
    let _lock = files::lock(&directory, &Name::of(&[prefix, b"-device.lock"])?, WAIT_MS)?;
    if let Some(file) = directory.open_file(&name)? {
        return load(&file, seed);
    }
    sys::random(seed)?;
    files::replace(&directory, &temporary, &name, seed)
}

fn load(file: &File, seed: &mut [u8; SEED_LEN]) -> Result<(), HostError> {
    if !file.is_private()? {
        return Err(HostError::of(Cause::Exposed));
    }
    // One byte more than a seed has, to see a file that is too long.
    let mut memory = Zeroizing::new([0_u8; SEED_LEN + 1]);
    let length = files::read_all(file, memory.as_mut())?;
    match memory.first_chunk::<SEED_LEN>() {
        // Zeros are what some file systems leave of a file after a crash.
        Some(found) if length == SEED_LEN && *found != [0; SEED_LEN] => {
            seed.copy_from_slice(found);
            Ok(())
        }
        _ => Err(HostError::of(Cause::Damaged)),
    }
}
