//! What C must see of the core's answers: written independently, so that a mistake in the conversion is a difference.

use core::ffi::c_char;

use lic2::{Class, Decision, Error, FeatureDecision, Genuine, MeterReading, Right, Signer, Status};
use lic2_capi::{lic2_decision, lic2_engine_info, lic2_feature, lic2_meter};

pub(crate) const GRANTED: u32 = 0x5AC3_3CA5;
pub(crate) const DENIED: u32 = 0xA53C_C35A;

fn chars<const N: usize>(text: &str) -> [c_char; N] {
    let mut chars = [0; N];
    for (index, byte) in text.bytes().enumerate() {
        chars[index] = c_char::from_ne_bytes([byte]);
    }
    chars
}

/// Whether the call fails, instead of making a decision that refuses.
pub(crate) fn fails(error: Error) -> bool {
    match error.number() {
        // The store, its room, the counter, the device's key.
        510 | 511 | 516 | 517 | 518 => true,
        number => !(300..600).contains(&number),
    }
}

pub(crate) fn status(refusal: Option<Error>) -> i32 {
    refusal.map_or(0, Error::number)
}

pub(crate) fn failed_decision(error: Error) -> lic2_decision {
    lic2_decision {
        struct_size: 248,
        verdict: DENIED,
        verdict_check: GRANTED,
        status: error.number(),
        flags: 0,
        license_class: 0,
        serial: 0,
        quantity: 0,
        feature_count: 0,
        powered_hours_end: 0,
        issued_at: 0,
        not_before: 0,
        expires_at: 0,
        grace_until: 0,
        lease_until: 0,
        next_deadline: 0,
        key_id: [0; 4],
        reserved: [0; 4],
        license_id: [0; 72],
        edition: [0; 72],
        clock: 0,
        reserved_2: 0,
    }
}

pub(crate) fn decision(license: Option<&Genuine<'_>>, core: &Decision, clock: u32) -> lic2_decision {
    let (verdict, verdict_check) = if core.refusal.is_none() { (GRANTED, DENIED) } else { (DENIED, GRANTED) };
    let mut c = lic2_decision {
        verdict,
        verdict_check,
        status: status(core.refusal),
        flags: u32::from(core.in_grace),
        quantity: core.quantity,
        powered_hours_end: core.powered_hours_end.unwrap_or(0),
        expires_at: core.expires_at.map_or(0, |time| time.0),
        grace_until: core.grace_until.map_or(0, |time| time.0),
        lease_until: core.lease_until.map_or(0, |time| time.0),
        next_deadline: core.next_deadline.map_or(0, |time| time.0),
        clock,
        ..failed_decision(Error::NotInitialized)
    };
    if let Some(genuine) = license {
        let license = genuine.license();
        c.flags |= if genuine.signer() == Signer::Issuer { 2 } else { 0 } | if license.add_on { 4 } else { 0 };
        c.license_class = match license.class {
            Class::Commercial => 1,
            Class::Trial => 2,
            Class::Test => 3,
            Class::NotForResale => 4,
        };
        c.serial = license.serial;
        c.feature_count = u32::try_from(license.features.into_iter().count()).expect("few");
        c.issued_at = license.issued_at.0;
        c.not_before = license.not_before.map_or(0, |time| time.0);
        c.key_id = genuine.key_id();
        c.license_id = chars(&license.id);
        c.edition = chars(&license.edition.unwrap_or_default());
    }
    c
}

pub(crate) fn failed_feature(error: Error) -> lic2_feature {
    lic2_feature {
        struct_size: 152,
        verdict: DENIED,
        verdict_check: GRANTED,
        status: error.number(),
        r#type: 0,
        flags: 0,
        value: 0,
        expires_at: 0,
        name: [0; 40],
        text: [0; 72],
    }
}

pub(crate) fn feature(core: &FeatureDecision<'_>) -> lic2_feature {
    let granted = core.refusal.is_none();
    let (verdict, verdict_check) = if granted { (GRANTED, DENIED) } else { (DENIED, GRANTED) };
    let mut c =
        lic2_feature { verdict, verdict_check, status: status(core.refusal), ..failed_feature(Error::NotInitialized) };
    if let Some(feature) = core.feature {
        c.name = chars(&feature.name);
        c.expires_at = feature.expires.map_or(0, |time| time.0);
        let (kind, flags, value, text) = match feature.right {
            Right::Flag => (1, 0, 0, ""),
            Right::Limit(most) => (2, 0, most, ""),
            Right::Quota { amount, overage } => (3, u32::from(overage), amount, ""),
            Right::Text(text) => (4, 0, 0, text.as_str()),
            Right::Unknown { .. } => (0, 0, 0, ""),
            _ => panic!("a right without a type in C"),
        };
        (c.r#type, c.flags) = (kind, flags);
        if granted {
            c.value = value;
            c.text = chars(text);
        }
    }
    c
}

pub(crate) fn meter(core: Result<MeterReading, Error>) -> lic2_meter {
    let granted = core.is_ok();
    let (verdict, verdict_check) = if granted { (GRANTED, DENIED) } else { (DENIED, GRANTED) };
    let reading = core.unwrap_or_default();
    lic2_meter {
        struct_size: 48,
        verdict,
        verdict_check,
        status: status(core.err()),
        total: reading.total,
        used: reading.used,
        remaining: reading.remaining,
        overage: reading.overage,
    }
}

pub(crate) fn info(core: &Status) -> lic2_engine_info {
    lic2_engine_info {
        struct_size: 72,
        flags: u32::from(core.sealed) | u32::from(core.request_pending) << 1,
        refusal: status(core.refusal),
        condition: status(core.condition),
        clock: core.clock.number(),
        license_count: core.licenses,
        list_count: core.lists,
        list_number: core.list_number,
        sequence: core.sequence,
        stored_bytes: core.stored_bytes,
        now: core.now.map_or(0, |time| time.0),
        floor: core.floor.0,
        refreshed_at: core.refreshed_at.map_or(0, |time| time.0),
        powered_seconds: core.powered_seconds,
    }
}
