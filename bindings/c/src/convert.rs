//! Between the structs of the header and the types of the core.

use core::ffi::c_char;
use core::hint::black_box;
use core::mem::{MaybeUninit, align_of, size_of};

use lic2::limits::{COMPONENT_FACTS_MAX, COMPONENT_VALUE_MAX, KEY_LEN};
use lic2::{Class, Code, Component, Decision, Error, Facts, FeatureDecision, Genuine, KeyRing, MeterReading, Right};
use lic2::{Text, UnixSeconds, Verdict, Version};

use crate::abi::*;
use crate::guard::{self, Output};
use crate::port::*;
use crate::state::*;

// The header's numbers are the core's.
const _: () = {
    assert!(LIC2_CODE_MAX == lic2::limits::TEXT_MAX && LIC2_TEXT_RAW_MAX == lic2::limits::TEXT_RAW_MAX);
    assert!(LIC2_KEY_BYTES == KEY_LEN && LIC2_COMPONENTS_MAX == COMPONENT_FACTS_MAX);
    assert!(LIC2_ANCHORS_MAX == lic2::limits::ANCHORS_MAX && LIC2_ISSUERS_MAX == lic2::limits::ISSUERS_MAX);
    assert!(LIC2_COMPONENT_VALUE_MAX == COMPONENT_VALUE_MAX && LIC2_FEATURES_MAX == lic2::limits::FEATURES_MAX);
    assert!(LIC2_TEXT_BYTES > lic2::limits::ID_MAX && LIC2_TEXT_BYTES > lic2::limits::FEATURE_TEXT_MAX);
    assert!(LIC2_NAME_BYTES > lic2::limits::FEATURE_NAME_MAX);
    assert!(LIC2_VERDICT_GRANTED == Verdict::GRANTED.word() && LIC2_VERDICT_DENIED == Verdict::DENIED.word());
    assert!(LIC2_STATE_BYTES == lic2::limits::STATE_MAX && LIC2_SIGNATURE_BYTES == lic2::limits::SIGNATURE_LEN);
    assert!(LIC2_DOCUMENT_BYTES > lic2::limits::TEXT_MAX);
    assert!(LIC2_SIGN_VIRTUAL_MACHINE == lic2::SIGN_VIRTUAL_MACHINE as u32);
    assert!(LIC2_SIGN_CONTAINER == lic2::SIGN_CONTAINER as u32);
    assert!(LIC2_COMPONENT_CUSTOM == lic2::COMPONENT_KIND_CUSTOM as u32);
};

// The opaque structs hold the core's types.
const _: () = {
    assert!(size_of::<lic2_keyring>() == LIC2_KEYRING_BYTES && size_of::<lic2_license>() == LIC2_LICENSE_BYTES);
    assert!(size_of::<KeyRing>() <= size_of::<[u64; 271]>() && align_of::<KeyRing>() <= align_of::<u64>());
    assert!(size_of::<Code>() <= size_of::<[u64; 103]>() && align_of::<Code>() <= align_of::<u64>());
};

/// Memory for the components of the facts.
pub(crate) type ComponentMemory<'a> = [Component<'a>; COMPONENT_FACTS_MAX];

/// No components, whose values are `empty`: a loop is shorter than a constant that is copied.
pub(crate) const fn no_components(empty: &[u8]) -> ComponentMemory<'_> {
    [Component { kind: 0, value: empty }; COMPONENT_FACTS_MAX]
}

/// Facts that no license permits: what stays if a fault skips the store of a true one, in place of what the stack held.
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

/// Does `work` with the core's facts from the caller's. They are large: whoever has a signature to check does it without
/// them on the stack.
///
/// # Safety
/// `facts` is NULL or points to facts, in which every pointer is NULL or points to as much readable memory as its length
/// says; nothing writes them during the call.
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
    let powered = facts.flags & LIC2_FACTS_HAVE_POWERED_HOURS != 0;
    let product = guard::utf8(product)?;
    let mut known_facts = refused_facts();
    // The compiler must not leave out what is written over: a fault may skip that.
    black_box(&mut known_facts);
    known_facts.product = product;
    known_facts.version = version(facts.version);
    known_facts.built_at = known(facts.built_at);
    known_facts.now = known(facts.now);
    known_facts.activated_at = known(facts.activated_at);
    known_facts.refreshed_at = known(facts.refreshed_at);
    known_facts.powered_hours = powered.then_some(facts.powered_hours);
    known_facts.components = components;
    if let Some(key) = device_key {
        known_facts.device_key = Some(*key);
    }
    known_facts.has_base = facts.flags & LIC2_FACTS_HAS_BASE != 0;
    known_facts.allow_test = facts.flags & LIC2_FACTS_ALLOW_TEST != 0;
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

/// A version as LIC2_VERSION packs it: 16 bits, 16 bits and 32 bits.
pub(crate) fn version(packed: u64) -> Option<Version> {
    let [a, b, c, d, patch @ ..] = packed.to_be_bytes();
    let (major, minor) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    (packed != 0).then_some(Version { major, minor, patch: u32::from_be_bytes(patch) })
}

pub(crate) fn known(time: u64) -> Option<UnixSeconds> {
    (time != 0).then_some(UnixSeconds(time))
}

pub(crate) fn time(time: Option<UnixSeconds>) -> u64 {
    time.map_or(0, |time| time.0)
}

/// Copies a text in front of the NUL that ends it: `chars` holds zeros. The texts of a license are shorter than it, which
/// is checked above.
fn put_chars(chars: &mut [c_char], text: Text<'_>) {
    if let Some((_, room)) = chars.split_last_mut() {
        for (target, byte) in room.iter_mut().zip(text.as_bytes()) {
            // `c_char` is signed on some targets; the bits are what counts.
            *target = *byte as c_char;
        }
    }
}

/// A refusal belongs to the answer; a caller's mistake found late fails the call.
fn refusal_status(refusal: Option<Error>) -> Result<i32, Error> {
    match refusal {
        None => Ok(0),
        Some(error) if matches!(error.number(), 300..=599) => Ok(error.number()),
        Some(error) => Err(error),
    }
}

/// Whether the error of an operation says that it is not permitted, and not that it could not be carried out.
pub(crate) const fn is_refusal(error: Error) -> bool {
    let failed = matches!(
        error,
        Error::StoreRead | Error::StoreWrite | Error::StateFull | Error::CounterFailed | Error::SigningFailed
    );
    !failed && matches!(error.number(), 300..=599)
}

/// The caller's decision from the core's: fills in a struct of zeros, all but its verdict. An engine may hold no license,
/// and knows the state of its clock.
pub(crate) fn decision(
    genuine: Option<&Genuine<'_>>,
    decision: &Decision,
    clock: u32,
    output: &mut Output<lic2_decision>,
) -> Result<Verdict, Error> {
    let status = refusal_status(decision.refusal)?;
    output.fill(|value| {
        value.status = status;
        value.clock = clock;
        state(decision, value);
        if let Some(genuine) = genuine {
            describe(genuine, value);
        }
    });
    Ok(decision.verdict)
}

/// Fills in what was decided.
#[inline(never)]
fn state(decision: &Decision, value: &mut lic2_decision) {
    if decision.in_grace {
        value.flags = LIC2_DECISION_IN_GRACE;
    }
    value.quantity = decision.quantity;
    value.powered_hours_end = decision.powered_hours_end.unwrap_or(0);
    value.expires_at = time(decision.expires_at);
    value.grace_until = time(decision.grace_until);
    value.lease_until = time(decision.lease_until);
    value.next_deadline = time(decision.next_deadline);
}

/// Fills in what describes the license.
#[inline(never)]
fn describe(genuine: &Genuine<'_>, value: &mut lic2_decision) {
    let license = genuine.license();
    if genuine.signer().is_issuer() {
        value.flags |= LIC2_DECISION_BY_ISSUER;
    }
    if license.add_on {
        value.flags |= LIC2_DECISION_ADD_ON;
    }
    value.license_class = match license.class {
        Class::Commercial => LIC2_CLASS_COMMERCIAL,
        Class::Trial => LIC2_CLASS_TRIAL,
        Class::Test => LIC2_CLASS_TEST,
        Class::NotForResale => LIC2_CLASS_NOT_FOR_RESALE,
    };
    value.serial = license.serial;
    value.feature_count = u32::try_from(license.features.remaining()).unwrap_or(u32::MAX);
    value.issued_at = license.issued_at.0;
    value.not_before = time(license.not_before);
    value.key_id = genuine.key_id();
    put_chars(&mut value.license_id, license.id);
    put_chars(&mut value.edition, license.edition.unwrap_or_default());
}

/// The caller's feature from the core's: fills in a struct of zeros, all but its verdict.
pub(crate) fn feature(decision: &FeatureDecision<'_>, output: &mut Output<lic2_feature>) -> Result<Verdict, Error> {
    let status = refusal_status(decision.refusal)?;
    output.fill(|value| {
        value.status = status;
        let Some(feature) = decision.feature else { return };
        put_chars(&mut value.name, feature.name);
        value.expires_at = time(feature.expires);
        let (amount, text) = match feature.right {
            Right::Limit(most) => (most, Text::default()),
            Right::Quota { amount, .. } => (amount, Text::default()),
            Right::Text(text) => (0, text),
            Right::Flag | Right::Unknown { .. } | _ => (0, Text::default()),
        };
        (value.r#type, value.flags) = match feature.right {
            Right::Flag => (LIC2_FEATURE_FLAG, 0),
            Right::Limit(_) => (LIC2_FEATURE_LIMIT, 0),
            Right::Quota { overage: true, .. } => (LIC2_FEATURE_QUOTA, LIC2_FEATURE_OVERAGE),
            Right::Quota { .. } => (LIC2_FEATURE_QUOTA, 0),
            Right::Text(_) => (LIC2_FEATURE_TEXT, 0),
            Right::Unknown { .. } | _ => (0, 0),
        };
        // A program that forgets to ask for the verdict finds nothing to use.
        value.value = decision.verdict.mask(amount);
        if decision.refusal.is_none() {
            put_chars(&mut value.text, text);
        }
    });
    Ok(decision.verdict)
}

/// The caller's meter from the core's: fills in a struct of zeros, all but its verdict.
pub(crate) fn meter(reading: &MeterReading, output: &mut Output<lic2_meter>) {
    output.fill(|value| {
        value.status = 0;
        value.total = reading.total;
        value.used = reading.used;
        value.remaining = reading.remaining;
        value.overage = reading.overage;
    });
}

/// Refuses memory that is no key ring of the core's, whatever it holds.
fn check_ring(ring: &lic2_keyring) -> Result<(), Error> {
    // SAFETY: the opaque part begins with the core's key ring, which begins with its mark; any bytes are a number.
    let mark = unsafe { (&raw const ring.opaque).cast::<u32>().read() };
    if KeyRing::is_ready_mark(mark) { Ok(()) } else { Err(Error::NotInitialized) }
}

/// The core's key ring in the caller's memory.
pub(crate) fn ring(ring: &lic2_keyring) -> Result<&KeyRing, Error> {
    check_ring(ring)?;
    // SAFETY: large and aligned enough, as asserted above; the mark says that the core has put a key ring there.
    Ok(unsafe { &*(&raw const ring.opaque).cast() })
}

/// As [`ring`], to be changed.
pub(crate) fn ring_mut(ring: &mut lic2_keyring) -> Result<&mut KeyRing, Error> {
    check_ring(ring)?;
    // SAFETY: as above; the borrow is exclusive.
    Ok(unsafe { &mut *(&raw mut ring.opaque).cast() })
}

/// The core's key ring in memory that holds zeros.
pub(crate) fn blank_ring(ring: &mut lic2_keyring) -> &mut KeyRing {
    debug_assert!(ring.opaque.iter().all(|word| *word == 0));
    // SAFETY: large and aligned enough, as asserted above; zeros are a key ring, of integers and of tables that are not
    // there; the borrow is exclusive.
    unsafe { &mut *(&raw mut ring.opaque).cast() }
}

/// The core's code in the caller's memory.
pub(crate) fn code(license: &lic2_license) -> &Code {
    // SAFETY: large and aligned enough, as asserted above; the core's code consists of integers.
    unsafe { &*(&raw const license.opaque).cast() }
}

/// As [`code`], to be changed.
pub(crate) fn code_mut(license: &mut lic2_license) -> &mut Code {
    // SAFETY: as above; the borrow is exclusive.
    unsafe { &mut *(&raw mut license.opaque).cast() }
}
