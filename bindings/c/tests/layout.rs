//! The layout of every struct as C has to see it: `tests/c/layout.h` holds it as assertions for the C compiler.
//! `BLESS=1 cargo test -p lic2-capi` rewrites it; an existing line never changes.

mod golden;

use std::fmt::Write;
use std::mem::{offset_of, size_of};

/// Size of a field, found by type.
fn size_of_field<S, F>(_: impl Fn(&S) -> &F) -> usize {
    size_of::<F>()
}

macro_rules! layout {
    ($text:ident, $($struct:ident { $($field:ident),+ })+) => {$(
        writeln!($text, "LIC2_SIZE({}, {})", stringify!($struct), size_of::<lic2_capi::$struct>()).unwrap();
        let mut end = 0;
        $(
            let name = stringify!($field).trim_start_matches("r#");
            let offset = offset_of!(lic2_capi::$struct, $field);
            let size = size_of_field(|s: &lic2_capi::$struct| &s.$field);
            assert_eq!(offset, end, "padding before {name} of {}", stringify!($struct));
            end = offset + size;
            writeln!($text, "LIC2_FIELD({}, {name}, {offset}, {size})", stringify!($struct)).unwrap();
        )+
        assert_eq!(end, size_of::<lic2_capi::$struct>(), "padding at the end of {}", stringify!($struct));
    )+};
}

#[cfg(target_pointer_width = "64")]
#[test]
fn structs_have_no_padding_and_the_layout_that_c_asserts() {
    let mut text = String::from("/* Made by bindings/c/tests/layout.rs for 64-bit pointers; do not edit. */\n");
    layout! { text,
        lic2_keyring { struct_size, reserved, opaque }
        lic2_license { struct_size, reserved, opaque }
        lic2_component { kind, reserved, value, value_len }
        lic2_facts {
            struct_size, flags, now, built_at, activated_at, refreshed_at, version, powered_hours, reserved,
            product, product_len, components, components_count, device_key, device_key_len
        }
        lic2_decision {
            struct_size, verdict, verdict_check, status, flags, license_class, serial, quantity, feature_count,
            powered_hours_end, issued_at, not_before, expires_at, grace_until, lease_until, next_deadline, key_id,
            reserved, license_id, edition, clock, reserved_2
        }
        lic2_feature {
            struct_size, verdict, verdict_check, status, r#type, flags, value, expires_at, name, text
        }
        lic2_store { context, read, write }
        lic2_reading { struct_size, wall, time, uptime_seconds, has_uptime, reserved }
        lic2_clock { context, read }
        lic2_identity {
            context, components, components_count, secret, secret_len, device_key, device_key_len, sign
        }
        lic2_counter { context, read, increment }
        lic2_config {
            struct_size, flags, built_at, version, product, product_len, ring, reserved, store, clock, identity, counter
        }
        lic2_engine { struct_size, reserved, opaque }
        lic2_meter { struct_size, verdict, verdict_check, status, total, used, remaining, overage }
        lic2_seat { holder, until }
        lic2_ask { struct_size, signs, license_id, license_id_len, entropy, entropy_len }
        lic2_engine_info {
            struct_size, flags, refusal, condition, clock, license_count, list_count, list_number, sequence,
            stored_bytes, now, floor, refreshed_at, powered_seconds
        }
    }
    golden::compare("tests/c/layout.h", &text);
}

#[test]
fn component_constants_are_those_of_the_core() {
    let constants = [
        (lic2_capi::LIC2_COMPONENT_MAC, "mac"),
        (lic2_capi::LIC2_COMPONENT_BOARD, "board"),
        (lic2_capi::LIC2_COMPONENT_DISK, "disk"),
        (lic2_capi::LIC2_COMPONENT_MACHINE, "machine"),
        (lic2_capi::LIC2_COMPONENT_ESN, "esn"),
        (lic2_capi::LIC2_COMPONENT_CPU, "cpu"),
    ];
    assert_eq!(lic2::COMPONENT_KINDS.map(|(kind, name)| (u32::from(kind), name)), constants);
}
