//! `src/status.rs` is generated from the core's status table and checked in, because cbindgen reads no macros.

mod golden;
#[path = "golden/status.rs"]
mod table;

use std::ffi::CStr;

use lic2::Error;

#[test]
fn the_c_statuses_are_the_table_of_the_core() {
    golden::compare("bindings/c/src/status.rs", &table::source());
}

#[test]
fn names_texts_and_advice_are_those_of_the_core() {
    // SAFETY: these functions return C strings that live for ever.
    let read = |text| unsafe { CStr::from_ptr(text) }.to_str().unwrap();
    for error in Error::ALL {
        let number = error.number();
        assert_eq!(read(lic2_capi::lic2_status_name(number)), error.name());
        assert_eq!(read(lic2_capi::lic2_status_text(number)), error.text());
        assert_eq!(read(lic2_capi::lic2_status_advice(number)), error.advice());
    }
    assert_eq!(read(lic2_capi::lic2_status_name(0)), "OK");
    for number in [-1, 1, 100, 999, i32::MIN, i32::MAX] {
        assert_eq!(read(lic2_capi::lic2_status_name(number)), "UNKNOWN_STATUS");
        assert!(read(lic2_capi::lic2_status_text(number)).len() > 10);
        assert!(read(lic2_capi::lic2_status_advice(number)).len() > 10);
    }
}
