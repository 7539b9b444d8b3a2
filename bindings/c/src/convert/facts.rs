//! What a program passes: facts and the identity of a device.

use core::hint::black_box;
use core::mem::MaybeUninit;

use lic2::limits::{COMPONENT_FACTS_MAX, COMPONENT_VALUE_MAX, KEY_LEN};
use lic2::{Component, Error, Facts, UnixSeconds, Verdict};

use crate::abi::{
    LIC2_FACTS_ALLOW_TEST, LIC2_FACTS_HAS_BASE, LIC2_FACTS_HAVE_POWERED_HOURS, lic2_component, lic2_facts,
};
use crate::guard;

/// Memory for the components of the facts.
pub(crate) type ComponentMemory<'a> = [Component<'a>; COMPONENT_FACTS_MAX];

/// No components, whose values are `empty`: a loop is shorter than a constant that is copied.
pub(crate) const fn no_components(empty: &[u8]) -> ComponentMemory<'_> {
    [Component { kind: 0, value: empty }; COMPONENT_FACTS_MAX]
}

/// Facts that no license permits: what stays if a fault skips the store of a true one, instead of stale bytes of the
/// stack.
///
/// Stores are shorter than a constant that is copied.
fn refused_facts() -> Facts<'static> {
    Facts::new("")
        .with_built_at(UnixSeconds(u64::MAX))
        .with_now(UnixSeconds(u64::MAX))
        .with_activated_at(UnixSeconds(0))
        .with_refreshed_at(UnixSeconds(0))
        .with_powered_hours(u32::MAX)
}

/// Does `work` with the core's facts from the caller's struct. They are large: a call that checks a signature does it
/// without them on the stack.
///
/// # Safety
/// `facts` is NULL or points to facts, in which every pointer is NULL or points to as much readable memory as its
/// length says; nothing writes them during the call.
#[inline(never)]
pub(crate) unsafe fn with_facts(
    facts: *const lic2_facts,
    work: &mut dyn FnMut(&Facts<'_>) -> Result<Verdict, Error>,
) -> Result<Verdict, Error> {
    let mut copy = MaybeUninit::uninit();
    // SAFETY: this function's contract.
    let facts = unsafe { guard::read(facts, &mut copy) }?;
    let known_flags = LIC2_FACTS_ALLOW_TEST | LIC2_FACTS_HAVE_POWERED_HOURS | LIC2_FACTS_HAS_BASE;
    if facts.flags & !known_flags != 0 || facts.reserved != 0 {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: this function's contract.
    let product = unsafe { guard::chars(facts.product, facts.product_len) }?;
    let mut memory = no_components(product);
    // SAFETY: this function's contract.
    let components = unsafe { components(facts.components, facts.components_count, &mut memory) }?;
    // SAFETY: this function's contract.
    let device_key = unsafe { device_key(facts.device_key, facts.device_key_len) }?;
    let product = guard::utf8(product)?;
    let mut known_facts = refused_facts();
    // The compiler must not leave out what is written over: a fault may skip that.
    black_box(&mut known_facts);
    known_facts.product = product;
    facts.put_numbers(&mut known_facts);
    known_facts.components = components;
    if let Some(key) = device_key {
        known_facts.device_key = Some(*key);
    }
    work(&known_facts)
}

/// The core's components from the caller's.
///
/// # Safety
/// `pointer` is NULL or points to `count` components, and so does every value in them as its length says; nothing
/// writes them during the call.
pub(crate) unsafe fn components<'a>(
    pointer: *const lic2_component,
    count: usize,
    memory: &'a mut ComponentMemory<'a>,
) -> Result<&'a [Component<'a>], Error> {
    // SAFETY: this function's contract.
    let sources = unsafe { guard::components(pointer, count) }?;
    for (target, source) in memory.iter_mut().zip(sources) {
        // SAFETY: this function's contract.
        *target = unsafe { component(source) }?;
    }
    memory.get(..sources.len()).ok_or(Error::InvalidArgument)
}

/// The device's own key, if there is one.
///
/// # Safety
/// `pointer` is NULL or points to `length` readable bytes.
pub(crate) unsafe fn device_key<'a>(pointer: *const u8, length: usize) -> Result<Option<&'a [u8; KEY_LEN]>, Error> {
    // SAFETY: this function's contract.
    match unsafe { guard::array(pointer, length) }? {
        [] => Ok(None),
        key => key.try_into().map(Some).map_err(|_| Error::InvalidArgument),
    }
}

/// One component.
///
/// # Safety
/// As [`components`].
unsafe fn component<'a>(source: &lic2_component) -> Result<Component<'a>, Error> {
    if source.reserved != 0 || source.kind == 0 || source.value_len > COMPONENT_VALUE_MAX {
        return Err(Error::InvalidArgument);
    }
    let kind = u8::try_from(source.kind).map_err(|_| Error::InvalidArgument)?;
    // SAFETY: this function's contract.
    let value = unsafe { guard::array(source.value, source.value_len) }?;
    Ok(Component { kind, value })
}
