//! Between the structs of the header and the types of the core: one file for what a program passes, one for what it gets
//! back, one for what only the library reads.

mod answers;
mod facts;
mod opaque;

pub(crate) use answers::{decision, feature, is_refusal, meter, time};
pub(crate) use facts::{ComponentMemory, components, device_key, no_components, with_facts};
#[cfg(any(feature = "issuers", feature = "tables"))]
pub(crate) use opaque::ring_mut;
pub(crate) use opaque::{blank_ring, code, code_mut, ring};

use lic2::Verdict;
use lic2::limits::{COMPONENT_FACTS_MAX, COMPONENT_VALUE_MAX, KEY_LEN};

use crate::abi::*;
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
