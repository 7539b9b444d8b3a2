//! What ties a document to a device, as the seller states it: by values, by a table, by a key, or by a device's request.

use lic2::limits::{ALLOCATIONS_MAX, COMPONENTS_MAX, SALT_LEN};
use lic2::seal::BindingDraft;
use lic2::{Allocation, ComponentHash};

use crate::content::Content;
use crate::esn::Esn;
use crate::exit::{Failure, Result};
use crate::fingerprint::Fingerprint;
use crate::publickey;
use crate::random::random;
use crate::ui;

/// A binding that can be sealed.
#[derive(Clone, Debug)]
pub enum OwnedBinding {
    /// Any device.
    None,
    /// A device that shows at least `needed` of these components.
    Components {
        /// How many must match.
        needed: u8,
        /// Salt of the hashes.
        salt: [u8; SALT_LEN],
        /// The components, ascending.
        entries: Vec<ComponentHash>,
    },
    /// Any of these devices, each with its quantity.
    Allocation {
        /// Kind number of the component that names a device.
        kind: u8,
        /// Salt of the hashes.
        salt: [u8; SALT_LEN],
        /// The devices, ascending.
        entries: Vec<Allocation>,
    },
    /// The device that holds this key.
    DeviceKey([u8; 32]),
}

impl OwnedBinding {
    /// As the library takes it.
    #[must_use]
    pub fn draft(&self) -> BindingDraft<'_> {
        match self {
            Self::None => BindingDraft::None,
            Self::Components { needed, salt, entries } => {
                BindingDraft::Components { needed: *needed, salt: *salt, entries }
            }
            Self::Allocation { kind, salt, entries } => BindingDraft::Allocation { kind: *kind, salt: *salt, entries },
            Self::DeviceKey(key) => BindingDraft::DeviceKey(*key),
        }
    }

    /// The components that a device showed with this salt, ascending.
    ///
    /// # Errors
    /// Exit code 1 if so many cannot match.
    pub fn shown(entries: Vec<ComponentHash>, salt: [u8; SALT_LEN], needed: Option<u8>) -> Result<Self> {
        let needed = needed.unwrap_or_else(|| needed_by_default(entries.len()));
        check_needed(needed, entries.len())?;
        Ok(Self::Components { needed, salt, entries })
    }
}

/// How many of a device's components must match by default: all of one or two; of more, one may be replaced.
fn needed_by_default(count: usize) -> u8 {
    u8::try_from(if count <= 2 { count } else { count - 1 }).unwrap_or(u8::MAX)
}

fn check_needed(needed: u8, count: usize) -> Result<()> {
    if needed == 0 || usize::from(needed) > count {
        return Err(Failure::usage(format!("--match {needed} with {count} device components"))
            .hint(format!("state --match 1 to --match {count}")));
    }
    Ok(())
}

/// The binding that the flags or the content file state.
///
/// # Errors
/// Exit code 1 with what is wrong and what may be stated.
pub fn of_content(content: &Content) -> Result<OwnedBinding> {
    let listed = !content.device.is_empty() || !content.device_hex.is_empty();
    let ways = [
        listed,
        content.esn.is_some(),
        content.fingerprint.is_some(),
        !content.allocation.is_empty(),
        content.device_key.is_some(),
    ];
    if ways.iter().filter(|is| **is).count() > 1 {
        return Err(Failure::usage("the license is bound in more than one way")
            .hint("use only one of --device, --esn, --fingerprint, --allocation and --device-key"));
    }
    let components = listed || content.esn.is_some() || content.fingerprint.is_some();
    if content.needed.is_some() && !components {
        return Err(
            Failure::usage("--match without --device").hint("--match says how many of the components must match")
        );
    }
    if content.salt.is_some() && !components && content.allocation.is_empty() {
        return Err(Failure::usage("--salt without --device or --allocation").hint("omit it: nothing is hashed"));
    }
    if components {
        return bind_components(content);
    }
    if !content.allocation.is_empty() {
        return bind_allocation(content);
    }
    content
        .device_key
        .as_deref()
        .map_or(Ok(OwnedBinding::None), |text| publickey::read(text).map(OwnedBinding::DeviceKey))
}

fn bind_components(content: &Content) -> Result<OwnedBinding> {
    let salt = salt(content)?;
    let mut entries: Vec<(ComponentHash, String)> = Vec::new();
    if let Some((letter, digit)) = content.esn.as_ref().and_then(Esn::doubt) {
        ui::warn(&format!("the ESN contains the letter {letter}: make sure that the label does not show {digit}"));
    }
    let typed = content.esn.as_ref().map(Esn::identity);
    let found = content.fingerprint.iter().flat_map(Fingerprint::components);
    let listed = content.device.iter().chain(content.device_hex.iter().map(|device| &device.0));
    for device in listed.chain(&typed).chain(found) {
        let hash = device.hash(salt).map_err(Failure::usage)?;
        entries.push((ComponentHash { kind: device.kind, hash }, device.to_string()));
    }
    entries.sort();
    refuse_twins(entries.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| &pair[0].1))?;
    if entries.len() > COMPONENTS_MAX {
        return Err(Failure::usage(format!("{} device components are too many", entries.len()))
            .hint(format!("a binding holds at most {COMPONENTS_MAX}")));
    }
    let needed = match content.needed.or_else(|| content.fingerprint.as_ref().map(Fingerprint::needed)) {
        Some(needed) => needed,
        None if entries.len() == 1 => 1,
        None => {
            return Err(Failure::usage("several device components, and --match is missing").hint(format!(
                "pass --match 1 to --match {}; a lower number tolerates replaced parts",
                entries.len()
            )));
        }
    };
    check_needed(needed, entries.len())?;
    Ok(OwnedBinding::Components { needed, salt, entries: entries.into_iter().map(|(entry, _)| entry).collect() })
}

fn bind_allocation(content: &Content) -> Result<OwnedBinding> {
    let salt = salt(content)?;
    let kind = content.allocation.first().map_or(0, |share| share.device.kind);
    let mut entries: Vec<(Allocation, String)> = Vec::new();
    for share in &content.allocation {
        if share.device.kind != kind {
            return Err(Failure::usage("the devices of an allocation table have different component kinds")
                .hint("use one kind, for example esn, for all of them"));
        }
        let hash = share.device.hash(salt).map_err(Failure::usage)?;
        entries.push((Allocation { hash, quantity: share.quantity }, share.device.to_string()));
    }
    entries.sort_by_key(|(entry, _)| entry.hash);
    refuse_twins(entries.windows(2).find(|pair| pair[0].0.hash == pair[1].0.hash).map(|pair| &pair[0].1))?;
    if entries.len() > ALLOCATIONS_MAX {
        return Err(Failure::usage(format!("{} devices are too many for one code", entries.len()))
            .hint(format!("a table holds at most {ALLOCATIONS_MAX}; issue several codes")));
    }
    Ok(OwnedBinding::Allocation { kind, salt, entries: entries.into_iter().map(|(entry, _)| entry).collect() })
}

fn refuse_twins(device: Option<&String>) -> Result<()> {
    let Some(device) = device else { return Ok(()) };
    Err(Failure::usage(format!("device {device} is listed twice"))
        .hint("list each device once; letter case and the separators of common kinds do not matter"))
}

fn salt(content: &Content) -> Result<[u8; SALT_LEN]> {
    let Some(text) = &content.salt else {
        let mut salt = [0; SALT_LEN];
        return random(&mut salt).map(|()| salt);
    };
    ui::unhex(text).and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        Failure::usage(format!("salt {text:?} is not four bytes")).hint("write 8 hexadecimal digits, or omit it")
    })
}
