//! Good codes with every kind of content.

use super::super::{ESN, ISSUED, Key, PLAIN, SALT, UNTIL, bound, component_hash, hex, usual_code};
use super::{Case, granted, usual};
use lic2::seal::{BindingDraft, LicenseDraft};
use lic2::{Allocation, Class, Component, Feature, Item, Right, Term, Text, UnixSeconds, Version, VersionRange};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        granted(usual("usual", &usual_code()), &["analytics", "channels", "export", "unknown"]),
        granted(usual("plain", &sign(&PLAIN)), &["export"]),
    ];
    cases.extend(terms());
    cases.extend(classes());
    cases.extend(bindings());
    cases.push(granted(usual("every-right", &sign(&PLAIN.with_features(EVERY_RIGHT))), &names(EVERY_RIGHT)));
    cases.extend(items());
    cases.extend(sizes());
    cases
}

fn sign(draft: &LicenseDraft<'_>) -> String {
    Key::anchor().code(draft)
}

fn terms() -> Vec<Case> {
    let bare = PLAIN.with_features(&[]);
    let term = |term| sign(&bare.with_term(term));
    vec![
        granted(usual("perpetual", &term(Term::Perpetual)), &[]),
        granted(usual("perpetual-needs-no-time", &term(Term::Perpetual)).set("now", None), &[]),
        granted(usual("perpetual-ignores-a-wrong-clock", &term(Term::Perpetual)).set("now", Some("1")), &[]),
        granted(usual("until", &term(Term::Until(UnixSeconds(UNTIL)))), &[]),
        granted(usual("days", &term(Term::DaysFromActivation(30))).with("activated_at", ISSUED + 3_600), &[]),
        granted(usual("days-most", &term(Term::DaysFromActivation(36_525))).with("activated_at", ISSUED), &[]),
        granted(usual("powered-hours", &term(Term::PoweredHours(1))).with("powered_hours", 0), &[]),
        granted(usual("powered-hours-most", &term(Term::PoweredHours(876_600))).with("powered_hours", 876_599), &[]),
        granted(
            usual("until-last-second", &term(Term::Until(UnixSeconds(1_577_836_800 + u64::from(u32::MAX)))))
                .set("now", Some("5872804094")),
            &[],
        ),
    ]
}

fn classes() -> Vec<Case> {
    vec![
        granted(usual("class-trial", &sign(&PLAIN.with_class(Class::Trial))), &[]),
        granted(usual("class-nfr", &sign(&PLAIN.with_class(Class::NotForResale))), &[]),
        granted(usual("class-test", &sign(&PLAIN.with_class(Class::Test))).with("allow_test", 1), &[]),
    ]
}

fn bindings() -> Vec<Case> {
    let device_key = Key::new(21).public();
    let three = [component_hash(1, b"047C165EE35D"), component_hash(2, b"BOARD7"), component_hash(5, ESN)];
    let two_of_three = sign(&PLAIN.with_binding(bound(2, &three)));
    let custom = [component_hash(128, b"  raw Bytes \xFF")];
    let mut table: Vec<Allocation> = (0..20_u32)
        .map(|index| Allocation {
            hash: Component { kind: 5, value: format!("ESN-{index}").as_bytes() }.hash(SALT).expect("not empty"),
            quantity: index * 1_000 + 1,
        })
        .collect();
    table.sort_by_key(|entry| entry.hash);
    let table = sign(&PLAIN.with_binding(BindingDraft::Allocation { kind: 5, salt: SALT, entries: &table }));
    vec![
        granted(usual("two-of-three", &two_of_three).with("component", format!("2:{}", hex(b" board.7 "))), &[]),
        granted(
            usual("two-of-three-with-a-replaced-part", &two_of_three)
                .with("component", format!("1:{}", hex(b"04-7c-16-5e-e3-5d")))
                .with("component", format!("2:{}", hex(b"another board"))),
            &[],
        ),
        granted(
            usual("two-of-three-several-addresses", &two_of_three)
                .with("component", format!("1:{}", hex(b"00:00:00:00:00:01")))
                .with("component", format!("1:{}", hex(b"04:7C:16:5E:E3:5D"))),
            &[],
        ),
        granted(
            usual("custom-component", &sign(&PLAIN.with_binding(bound(1, &custom))))
                .with("component", format!("128:{}", hex(b"  raw Bytes \xFF"))),
            &[],
        ),
        granted(usual("allocation", &table).set("component", Some(&format!("5:{}", hex(b"esn 17")))), &[]),
        granted(
            usual("device-key", &sign(&PLAIN.with_binding(BindingDraft::DeviceKey(device_key))))
                .with("device_key", hex(&device_key)),
            &[],
        ),
    ]
}

const EVERY_RIGHT: &[Feature<'static>] = &[
    Feature::new("!", Right::Flag),
    Feature::new("a-limit", Right::Limit(u64::MAX)),
    Feature::new("a-limit-until", Right::Limit(0)).with_expires(UnixSeconds(UNTIL)),
    Feature::new("b-quota", Right::Quota { amount: 127, overage: false }),
    Feature::new("b-quota-until", Right::Quota { amount: 128, overage: false }).with_expires(UnixSeconds(UNTIL)),
    Feature::new("c-overage", Right::Quota { amount: 16_384, overage: true }),
    Feature::new("c-overage-until", Right::Quota { amount: 1, overage: true }).with_expires(UnixSeconds(UNTIL)),
    Feature::new("d-text", Right::Text(Text::of("区域 1"))),
    Feature::new("d-text-until", Right::Text(Text::of("a b"))).with_expires(UnixSeconds(UNTIL)),
    Feature::new("flag-until", Right::Flag).with_expires(UnixSeconds(ISSUED + 100)),
    Feature::new("~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~", Right::Flag),
];

fn names<'f>(features: &'f [Feature<'f>]) -> Vec<&'f str> {
    features.iter().map(|feature| feature.name.as_str()).collect()
}

fn items() -> Vec<Case> {
    let v = |major, minor, patch| Version { major, minor, patch };
    let every = PLAIN
        .with_not_before(UnixSeconds(ISSUED + 86_400))
        .with_grace_days(15)
        .with_lease_days(90)
        .with_versions(VersionRange { from: v(1, 2, 0), to: v(2, 65_535, u32::MAX) })
        .with_maintenance_until(UnixSeconds(ISSUED + 1))
        .with_quantity(9_999_999)
        .with_edition("enterprise")
        .with_customer("华为 customer")
        .with_order("CS2211221234567890-000001")
        .with_extensions(&[
            Item { number: 999, critical: false, bytes: b"" },
            Item { number: 1_000, critical: false, bytes: b"vendor" },
            Item { number: 32_767, critical: false, bytes: &[0, 255] },
        ]);
    let facts =
        |name, draft: &LicenseDraft<'_>| usual(name, &sign(draft)).with("version", "2.9.1").with("built_at", ISSUED);
    vec![
        granted(facts("every-item", &every), &["channels"]),
        granted(facts("one-version", &PLAIN.with_versions(VersionRange { from: v(2, 9, 1), to: v(2, 9, 1) })), &[]),
        granted(facts("add-on-beside-its-base", &PLAIN.with_add_on(true)).with("has_base", 1), &["export"]),
        granted(facts("has-base-but-is-none", &PLAIN).with("has_base", 1), &["export"]),
        granted(facts("quantity-most", &PLAIN.with_quantity(u32::MAX).with_serial(u32::MAX)), &[]),
    ]
}

/// The longest code, and the shortest.
fn sizes() -> Vec<Case> {
    let long = "x".repeat(64);
    let filler = [7_u8; 600];
    let mut size = filler.len();
    let text = loop {
        let items = [Item { number: 1_000, critical: false, bytes: &filler[..size] }];
        let draft = PLAIN.with_id(&long).with_edition(&long).with_customer(&long).with_extensions(&items);
        match Key::anchor().try_code(&draft) {
            Ok(text) => break text,
            Err(_) => size -= 1,
        }
    };
    assert_eq!(text.len(), 1_024, "the longest code fills the limit");
    let shortest = PLAIN.with_id("1").with_product("p").with_term(Term::Perpetual).with_features(&[]);
    vec![
        granted(usual("longest", &text), &["export"]),
        granted(usual("shortest", &sign(&shortest)).set("product", Some("p")), &[]),
    ]
}
