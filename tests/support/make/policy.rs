//! One license against many facts: both sides of every boundary.

use super::super::{ESN, ISSUED, Key, PLAIN, SALT, UNTIL, bound, component_hash, hex, usual_code};
use super::{Case, expect, usual};
use lic2::seal::{BindingDraft, LicenseDraft};
use lic2::{Allocation, Class, Component, Error, Term, UnixSeconds, Version, VersionRange};

const DAY: u64 = 86_400;

pub fn cases() -> Vec<Case> {
    [
        product_and_class(),
        versions(),
        maintenance(),
        devices(),
        clock(),
        terms(),
        days(),
        hours(),
        lease(),
        features(),
        order(),
    ]
    .concat()
}

fn code(draft: &LicenseDraft<'_>) -> String {
    Key::anchor().code(draft)
}

fn at(name: &str, text: &str, now: u64, refusal: Option<Error>) -> Case {
    expect(usual(name, text).set("now", Some(&now.to_string())), &["export"], refusal)
}

fn product_and_class() -> Vec<Case> {
    let plain = code(&PLAIN);
    let test = code(&PLAIN.with_class(Class::Test));
    let product = |name: &str, product: Option<&str>, error| {
        expect(usual(name, &plain).set("product", product), &["export"], Some(error))
    };
    vec![
        product("another-product", Some("vision-appliance2"), Error::ProductMismatch),
        product("product-in-another-case", Some("Vision-appliance"), Error::ProductMismatch),
        product("beginning-of-the-product", Some("vision"), Error::ProductMismatch),
        product("product-unknown", None, Error::ProductUnknown),
        expect(usual("add-on-alone", &code(&PLAIN.with_add_on(true))), &["export", "none"], Some(Error::BaseMissing)),
        expect(usual("test-code", &test), &["export"], Some(Error::TestCode)),
        expect(usual("test-code-allowed", &test).with("allow_test", 1), &["export"], None),
    ]
}

fn versions() -> Vec<Case> {
    let v = |major, minor, patch| Version { major, minor, patch };
    let text = code(&PLAIN.with_versions(VersionRange { from: v(1, 2, 3), to: v(2, 0, 9) }));
    let case = |version: &str, refusal| {
        expect(usual(&format!("version-{version}"), &text).with("version", version), &[], refusal)
    };
    vec![
        expect(usual("version-unknown", &text), &[], Some(Error::VersionUnknown)),
        case("1.2.2", Some(Error::VersionNotCovered)),
        case("0.65535.4294967295", Some(Error::VersionNotCovered)),
        case("1.2.3", None),
        case("1.65535.4294967295", None),
        case("2.0.9", None),
        case("2.0.10", Some(Error::VersionNotCovered)),
        case("2.0.20261122", Some(Error::VersionNotCovered)),
        case("2.1.0", Some(Error::VersionNotCovered)),
        case("65535.0.0", Some(Error::VersionNotCovered)),
    ]
}

fn maintenance() -> Vec<Case> {
    let text = code(&PLAIN.with_maintenance_until(UnixSeconds(ISSUED)));
    let case = |name: &str, built_at: u64, refusal| expect(usual(name, &text).with("built_at", built_at), &[], refusal);
    vec![
        expect(usual("build-time-unknown", &text), &[], Some(Error::BuildTimeUnknown)),
        case("built-before-the-end", ISSUED - 1, None),
        case("built-at-the-end", ISSUED, Some(Error::MaintenanceEnded)),
    ]
}

fn devices() -> Vec<Case> {
    let one = usual_code();
    let three = [component_hash(1, b"047C165EE35D"), component_hash(2, b"BOARD7"), component_hash(5, ESN)];
    let two = code(&PLAIN.with_binding(bound(2, &three)));
    let all = code(&PLAIN.with_binding(bound(3, &three)));
    let hash = |value: &[u8]| Component { kind: 5, value }.hash(SALT).expect("not empty");
    let mut entries = [Allocation { hash: hash(b"A1"), quantity: 7 }, Allocation { hash: hash(b"B2"), quantity: 9 }];
    entries.sort_by_key(|entry| entry.hash);
    let table = code(&PLAIN.with_quantity(16).with_binding(BindingDraft::Allocation {
        kind: 5,
        salt: SALT,
        entries: &entries,
    }));
    let key = code(&PLAIN.with_binding(BindingDraft::DeviceKey(Key::new(21).public())));
    let with = |name: &str, text: &str, components: &[(u8, &[u8])], refusal| {
        let case = components.iter().fold(usual(name, text).set("component", None), |case, (kind, value)| {
            case.with("component", format!("{kind}:{}", hex(value)))
        });
        expect(case, &["export"], refusal)
    };
    let long = [b'A'; 257];
    let many: Vec<(u8, &[u8])> = vec![(128, b"x".as_slice()); 17];
    vec![
        with("no-component", &one, &[], Some(Error::DeviceUnknown)),
        with("another-esn", &one, &[(5, b"2102312ABC0123456780")], Some(Error::DeviceMismatch)),
        with("esn-as-another-kind", &one, &[(2, ESN)], Some(Error::DeviceUnknown)),
        with("esn-in-lower-case-with-hyphens", &one, &[(5, b"2102312abc-0123-456789")], None),
        with("esn-empty", &one, &[(5, b"")], Some(Error::DeviceUnknown)),
        with("one-of-three-twice", &two, &[(5, ESN), (5, ESN)], Some(Error::DeviceUnknown)),
        with("one-of-three", &two, &[(5, ESN), (1, b"FF")], Some(Error::DeviceMismatch)),
        with("two-shown-of-all-three", &all, &[(5, ESN), (2, b"board7")], Some(Error::DeviceUnknown)),
        with("two-of-all-three", &all, &[(5, ESN), (2, b"board7"), (1, b"FF")], Some(Error::DeviceMismatch)),
        with("one-of-three-and-an-empty-one", &two, &[(5, ESN), (1, b" ")], Some(Error::DeviceUnknown)),
        with("three-of-three", &all, &[(2, b"board7"), (5, ESN), (1, b"04:7c:16:5e:e3:5d")], None),
        with("allocation-first", &table, &[(5, b"a-1")], None),
        with("allocation-second", &table, &[(5, b"b.2")], None),
        with("allocation-both-in-the-order-of-the-facts", &table, &[(5, b"B2"), (5, b"A1")], None),
        with("allocation-other-kind", &table, &[(2, b"A1")], Some(Error::DeviceUnknown)),
        with("allocation-other-device", &table, &[(5, b"C3")], Some(Error::DeviceMismatch)),
        with("allocation-empty", &table, &[(5, b"-")], Some(Error::DeviceUnknown)),
        with("allocation-no-component", &table, &[], Some(Error::DeviceUnknown)),
        with("device-key-missing", &key, &[(5, ESN)], Some(Error::DeviceUnknown)),
        expect(
            usual("device-key-other", &key).with("device_key", hex(&Key::new(22).public())),
            &[],
            Some(Error::DeviceMismatch),
        ),
        with("component-kind-0", &one, &[(5, ESN), (0, b"x")], Some(Error::InvalidArgument)),
        with("component-of-257-bytes", &one, &[(5, ESN), (3, &long)], Some(Error::InvalidArgument)),
        with("component-of-256-bytes", &one, &[(5, ESN), (3, &long[..256])], None),
        with("seventeen-components", &one, &many, Some(Error::InvalidArgument)),
    ]
}

fn clock() -> Vec<Case> {
    let text = code(&PLAIN);
    vec![
        expect(usual("clock-unset", &text).set("now", None), &["export", "analytics"], Some(Error::TimeUnknown)),
        at("clock-at-issue", &text, ISSUED, None),
        at("clock-a-day-behind-the-issue", &text, ISSUED - DAY, None),
        at("clock-more-than-a-day-behind-the-issue", &text, ISSUED - DAY - 1, Some(Error::ClockBehind)),
        at("clock-of-1970", &text, 1, Some(Error::ClockBehind)),
        at("clock-of-2038", &text, 1 << 31, Some(Error::Expired)),
        at("clock-of-2106", &text, 1 << 32, Some(Error::Expired)),
        at("clock-at-the-end-of-time", &text, u64::MAX, Some(Error::Expired)),
        expect(
            usual("clock-behind-the-build", &text).with("built_at", ISSUED + 3 * DAY),
            &[],
            Some(Error::ClockBehind),
        ),
        expect(
            usual("clock-behind-the-activation", &text).with("activated_at", ISSUED + 3 * DAY),
            &[],
            Some(Error::ClockBehind),
        ),
        expect(
            usual("clock-behind-the-newest-document", &text).with("refreshed_at", ISSUED + 3 * DAY),
            &[],
            Some(Error::ClockBehind),
        ),
        expect(
            usual("lagging-clock-gains-nothing", &text)
                .set("now", Some(&(UNTIL - 1).to_string()))
                .with("refreshed_at", UNTIL),
            &[],
            Some(Error::Expired),
        ),
    ]
}

fn terms() -> Vec<Case> {
    let text = code(&PLAIN);
    let grace = code(&PLAIN.with_grace_days(15));
    let future = code(&PLAIN.with_not_before(UnixSeconds(ISSUED + 10 * DAY)));
    let later = code(&PLAIN.with_not_before(UnixSeconds(ISSUED + 10 * DAY)).with_term(Term::Perpetual));
    vec![
        at("last-second", &text, UNTIL - 1, None),
        at("first-second-after", &text, UNTIL, Some(Error::Expired)),
        at("last-second-before-grace", &grace, UNTIL - 1, None),
        at("expired-code-in-grace-is-granted", &grace, UNTIL, None),
        at("last-second-of-grace", &grace, UNTIL + 15 * DAY - 1, None),
        at("first-second-after-grace", &grace, UNTIL + 15 * DAY, Some(Error::Expired)),
        at("a-second-before-the-start", &future, ISSUED + 10 * DAY - 1, Some(Error::NotYetValid)),
        at("at-the-start", &future, ISSUED + 10 * DAY, None),
        at("perpetual-before-its-start", &later, ISSUED, Some(Error::NotYetValid)),
        at("perpetual-after-its-start", &later, ISSUED + 10 * DAY, None),
        expect(usual("perpetual-with-a-start-and-no-clock", &later).set("now", None), &[], Some(Error::TimeUnknown)),
    ]
}

fn days() -> Vec<Case> {
    let text = code(&PLAIN.with_class(Class::Trial).with_term(Term::DaysFromActivation(30)).with_grace_days(2));
    let case = |name: &str, activated_at: u64, now: u64, refusal| {
        let case = usual(name, &text).set("now", Some(&now.to_string())).with("activated_at", activated_at);
        expect(case, &["export"], refusal)
    };
    let start = ISSUED + 5 * DAY;
    vec![
        expect(usual("activation-unknown", &text), &["export"], Some(Error::ActivationUnknown)),
        case("first-day", start, start, None),
        case("last-second-of-the-days", start, start + 30 * DAY - 1, None),
        case("days-in-grace", start, start + 30 * DAY, None),
        case("days-over", start, start + 32 * DAY, Some(Error::Expired)),
        case("activation-before-the-issue", ISSUED - 40 * DAY, ISSUED, Some(Error::Expired)),
        case("activation-in-the-future", start + 10 * DAY, start, Some(Error::ClockBehind)),
        case("activation-at-the-end-of-time", u64::MAX, start, Some(Error::ClockBehind)),
    ]
}

fn hours() -> Vec<Case> {
    let text = code(&PLAIN.with_term(Term::PoweredHours(100)).with_grace_days(1).with_features(&[]));
    let case = |hours: u32, refusal| {
        expect(usual(&format!("powered-on-{hours}"), &text).set("now", None).with("powered_hours", hours), &[], refusal)
    };
    vec![
        expect(usual("powered-hours-unknown", &text), &[], Some(Error::PoweredHoursUnknown)),
        case(0, None),
        case(99, None),
        case(100, None),
        case(123, None),
        case(124, Some(Error::Expired)),
        case(u32::MAX, Some(Error::Expired)),
    ]
}

fn lease() -> Vec<Case> {
    let text = code(&PLAIN.with_term(Term::Perpetual).with_lease_days(90));
    let case = |name: &str, refreshed_at: u64, now: u64, refusal| {
        expect(
            usual(name, &text).set("now", Some(&now.to_string())).with("refreshed_at", refreshed_at),
            &["export"],
            refusal,
        )
    };
    vec![
        at("lease-last-second", &text, ISSUED + 90 * DAY - 1, None),
        at("lease-over", &text, ISSUED + 90 * DAY, Some(Error::LeaseOverdue)),
        case("lease-refreshed", ISSUED + 60 * DAY, ISSUED + 150 * DAY - 1, None),
        case("lease-refreshed-and-over", ISSUED + 60 * DAY, ISSUED + 150 * DAY, Some(Error::LeaseOverdue)),
        case("lease-not-shortened-by-an-old-document", ISSUED - 60 * DAY, ISSUED + 90 * DAY - 1, None),
        expect(usual("lease-without-clock", &text).set("now", None), &[], Some(Error::TimeUnknown)),
    ]
}

fn features() -> Vec<Case> {
    let text = code(&PLAIN);
    let perpetual = code(&PLAIN.with_term(Term::Perpetual));
    let end = ISSUED + 100 * DAY;
    let case = |name: &str, text: &str, now: Option<u64>| {
        let now = now.map(|now| now.to_string());
        expect(
            usual(name, text).set("now", now.as_deref()),
            &["analytics", "channels", "export", "expor", "exports", "EXPORT"],
            None,
        )
    };
    vec![
        case("feature-last-second", &text, Some(end - 1)),
        case("feature-expired", &text, Some(end)),
        case("feature-of-a-perpetual-license", &perpetual, Some(end)),
        case("dated-feature-without-clock", &perpetual, None),
        case("dated-feature-with-a-wrong-clock", &perpetual, Some(ISSUED - 2 * DAY)),
    ]
}

/// With everything wrong at once, each rule hides the ones behind it.
fn order() -> Vec<Case> {
    let v = Version { major: 1, minor: 0, patch: 0 };
    let entries = [component_hash(5, ESN)];
    let text = code(
        &PLAIN
            .with_class(Class::Test)
            .with_versions(VersionRange { from: v, to: v })
            .with_maintenance_until(UnixSeconds(ISSUED))
            .with_binding(bound(1, &entries))
            .with_lease_days(1),
    );
    let worst = Case::new("order-product")
        .with("anchors", hex(&Key::anchor().public()))
        .with("text", &text)
        .with("product", "other")
        .with("version", "2.0.0")
        .with("built_at", ISSUED)
        .with("now", UNTIL)
        .with("component", "5:00");
    let repaired = |name: &str, case: &Case, key: &str, value: &str| {
        let mut case = case.clone().set(key, Some(value));
        name.clone_into(&mut case.name);
        case
    };
    let class = repaired("order-class", &worst, "product", "vision-appliance");
    let version = repaired("order-version", &class, "allow_test", "1");
    let maintenance = repaired("order-maintenance", &version, "version", "1.0.0");
    let device = repaired("order-device", &maintenance, "built_at", &(ISSUED - 1).to_string());
    let expired = repaired("order-expired", &device, "component", &format!("5:{}", hex(ESN)));
    let lease = repaired("order-lease", &expired, "now", &(UNTIL - 1).to_string());
    let good = repaired("order-good", &lease, "now", &ISSUED.to_string());
    vec![
        expect(worst, &["export"], Some(Error::ProductMismatch)),
        expect(class, &["export"], Some(Error::TestCode)),
        expect(version, &["export"], Some(Error::VersionNotCovered)),
        expect(maintenance, &["export"], Some(Error::MaintenanceEnded)),
        expect(device, &["export"], Some(Error::DeviceMismatch)),
        expect(expired, &["export"], Some(Error::Expired)),
        expect(lease, &["export"], Some(Error::LeaseOverdue)),
        expect(good, &["export", "nothing"], None),
    ]
}
