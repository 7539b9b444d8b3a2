//! What a program gets back: decisions, features and meters.

use core::ffi::c_char;

use lic2::{Class, Decision, Error, FeatureDecision, Genuine, MeterReading, Right, Text, UnixSeconds, Verdict};

use crate::abi::*;
use crate::guard::Output;
use crate::state::lic2_meter;

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
