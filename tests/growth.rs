//! Structs that may get further fields are built by constructor and setters, here as by any other crate. That a literal
//! does not compile, the documentation of `Facts` shows.

use lic2::memory_port::{FixedIdentity, ManualClock, MemoryCounter, MemoryDevice, PowerCut, Torn};
use lic2::port::{Ports, Reading, Wall};
use lic2::seal::{BindingDraft, CertificateDraft, LicenseDraft, RevocationDraft, TimeTokenDraft, UnlockDraft};
use lic2::{
    Ask, Class, Component, Facts, Feature, GRANTS_CLOCK, GRANTS_STATE, Item, Profile, Reason, RevokedIssuer,
    RevokedLicense, Right, SIGN_CONTAINER, Term, UnixSeconds, Version, VersionRange,
};

const TIME: UnixSeconds = UnixSeconds(1_800_000_000);
const LATER: UnixSeconds = UnixSeconds(1_800_000_001);
const VERSION: Version = Version { major: 2, minor: 4, patch: 0 };
const COMPONENTS: &[Component<'static>] = &[Component { kind: 5, value: b"2102312ABC0123456789" }];
const ITEMS: &[Item<'static>] = &[Item { number: 1_000, critical: false, bytes: b"x" }];
const FEATURES: &[Feature<'static>] =
    &[Feature::new("channels", Right::Limit(64)), Feature::new("export", Right::Flag).with_expires(LATER)];

#[test]
fn what_an_application_states() {
    const FACTS: Facts<'static> = Facts::new("other")
        .with_product("p")
        .with_version(VERSION)
        .with_built_at(UnixSeconds(1))
        .with_now(UnixSeconds(2))
        .with_activated_at(UnixSeconds(3))
        .with_refreshed_at(UnixSeconds(4))
        .with_powered_hours(5)
        .with_components(COMPONENTS)
        .with_device_key([6; 32])
        .with_has_base(true)
        .with_allow_test(true);
    assert_eq!((FACTS.product, FACTS.version, FACTS.components), ("p", Some(VERSION), COMPONENTS));
    let times = [FACTS.built_at, FACTS.now, FACTS.activated_at, FACTS.refreshed_at];
    assert_eq!(times, [1, 2, 3, 4].map(|time| Some(UnixSeconds(time))));
    assert_eq!((FACTS.powered_hours, FACTS.device_key), (Some(5), Some([6; 32])));
    assert_eq!((FACTS.has_base, FACTS.allow_test), (true, true));
    same(&Facts::new(""), &Facts::default());

    const PROFILE: Profile<'static> = Profile::new("other")
        .with_product("p")
        .with_version(VERSION)
        .with_built_at(TIME)
        .with_allow_test(true)
        .with_accept_unsealed(true);
    assert_eq!((PROFILE.product, PROFILE.version, PROFILE.built_at), ("p", Some(VERSION), Some(TIME)));
    assert_eq!((PROFILE.allow_test, PROFILE.accept_unsealed), (true, true));
    same(&Profile::new(""), &Profile::default());

    const ASK: Ask<'static> = Ask::new().with_license("PL-1").with_signs(SIGN_CONTAINER).with_entropy(b"random");
    assert_eq!((ASK.license, ASK.signs, ASK.entropy), ("PL-1", SIGN_CONTAINER, &b"random"[..]));
    same(&Ask::new(), &Ask::default());
}

#[test]
fn what_a_device_has() {
    let reading = Reading::new(Wall::Time(TIME), Some(7));
    assert_eq!((reading.wall, reading.uptime_seconds), (Wall::Time(TIME), Some(7)));
    let cut = PowerCut::new(9, Torn::Erased);
    assert_eq!((cut.after, cut.torn), (9, Torn::Erased));
    let identity = FixedIdentity::new(&[]).with_components(COMPONENTS).with_secret(b"a secret of a device");
    assert_eq!((identity.components, identity.secret), (COMPONENTS, Some(&b"a secret of a device"[..])));
    same(&FixedIdentity::new(&[]), &FixedIdentity::default());
    same(&MemoryCounter::new(), &MemoryCounter::default());

    let mut device = MemoryDevice::new(ManualClock::new(reading), identity);
    assert_eq!(device.clock.reading, reading);
    assert!(device.ports().counter.is_none());
    let mut counter = MemoryCounter::new();
    let ports = Ports::new(&mut device.store, &mut device.clock, &mut device.identity).with_counter(&mut counter);
    assert_eq!(ports.counter.map(|counter| counter.increment()), Some(Ok(1)));
}

#[test]
fn what_a_seller_states() {
    let versions = VersionRange { from: VERSION, to: VERSION };
    let license = LicenseDraft::new("other", "other", LATER)
        .with_id("PL-1")
        .with_serial(2)
        .with_class(Class::Trial)
        .with_product("p")
        .with_issued_at(TIME)
        .with_term(Term::DaysFromActivation(30))
        .with_binding(BindingDraft::DeviceKey([3; 32]))
        .with_features(FEATURES)
        .with_not_before(LATER)
        .with_grace_days(4)
        .with_lease_days(5)
        .with_versions(versions)
        .with_quantity(6)
        .with_edition("edition")
        .with_customer("customer")
        .with_order("order")
        .with_add_on(true)
        .with_extensions(ITEMS);
    assert_eq!((license.id, license.serial, license.class), ("PL-1", 2, Class::Trial));
    assert_eq!((license.product, license.issued_at), ("p", TIME));
    assert_eq!(license.term, Term::DaysFromActivation(30));
    assert!(matches!(license.binding, BindingDraft::DeviceKey([3, ..])));
    assert_eq!((license.features, license.not_before), (FEATURES, Some(LATER)));
    assert_eq!((license.grace_days, license.lease_days, license.quantity), (4, 5, 6));
    assert_eq!(license.versions, Some(versions));
    let words = [license.edition, license.customer, license.order];
    assert_eq!(words, [Some("edition"), Some("customer"), Some("order")]);
    assert_eq!((license.add_on, license.extensions), (true, ITEMS));
    let [channels, export] = FEATURES else { panic!("two features") };
    assert_eq!((channels.name.as_str(), channels.right, channels.expires), ("channels", Right::Limit(64), None));
    assert_eq!((export.name.as_str(), export.right, export.expires), ("export", Right::Flag, Some(LATER)));

    let bare = CertificateDraft::new([1; 32], TIME, LATER);
    assert_eq!((bare.key, bare.issued_at, bare.not_before, bare.not_after), ([1; 32], TIME, TIME, LATER));
    assert_eq!((bare.kinds, bare.longest_days, bare.test_only), (1, 0, false));
    let certificate = CertificateDraft::new([0; 32], LATER, TIME)
        .with_key([1; 32])
        .with_issued_at(TIME)
        .with_not_before(UnixSeconds(8))
        .with_not_after(LATER)
        .with_longest_days(2)
        .with_kinds(3)
        .with_test_only(true)
        .with_scope(&["p"])
        .with_name("issuer")
        .with_extensions(ITEMS);
    assert_eq!((certificate.key, certificate.issued_at), ([1; 32], TIME));
    assert_eq!((certificate.not_before, certificate.not_after), (UnixSeconds(8), LATER));
    assert_eq!((certificate.longest_days, certificate.kinds, certificate.test_only), (2, 3, true));
    assert_eq!((certificate.scope, certificate.name), (&["p"][..], Some("issuer")));
    assert_eq!(certificate.extensions, ITEMS);
}

#[test]
fn what_a_seller_states_after_the_sale() {
    let issuers = [RevokedIssuer { key: [1; 8], keep_activated: true }];
    let licenses = [RevokedLicense { id: [2; 8], below: 3, reason: Reason::Refunded }];
    let list = RevocationDraft::new(0, "other", LATER)
        .with_number(4)
        .with_issued_at(TIME)
        .with_product("p")
        .with_series(5)
        .with_issuers(&issuers)
        .with_licenses(&licenses)
        .with_extensions(ITEMS);
    assert_eq!((list.number, list.issued_at, list.product, list.series), (4, TIME, "p", 5));
    assert_eq!((list.issuers, list.licenses, list.extensions), (&issuers[..], &licenses[..], ITEMS));

    let token = TimeTokenDraft::new("other", LATER).with_issued_at(TIME).with_product("p").with_extensions(ITEMS);
    assert_eq!((token.issued_at, token.product, token.extensions), (TIME, "p", ITEMS));

    let unlock = UnlockDraft::new([0; 8], GRANTS_CLOCK, "other", LATER)
        .with_issued_at(TIME)
        .with_product("p")
        .with_nonce([6; 8])
        .with_grants(GRANTS_STATE)
        .with_binding(BindingDraft::DeviceKey([7; 32]))
        .with_extensions(ITEMS);
    assert_eq!((unlock.issued_at, unlock.product, unlock.nonce), (TIME, "p", [6; 8]));
    assert_eq!((unlock.grants, unlock.extensions), (GRANTS_STATE, ITEMS));
    assert!(matches!(unlock.binding, BindingDraft::DeviceKey([7, ..])));
}

/// Whether two structs without `PartialEq` hold the same.
fn same<T: core::fmt::Debug>(one: &T, other: &T) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}
