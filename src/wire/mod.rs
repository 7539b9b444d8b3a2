//! Bytes to views: the text form, the envelope and the payloads. No keys, no policy.

pub(crate) mod binding;
pub(crate) mod certificate;
pub(crate) mod check;
pub(crate) mod envelope;
pub(crate) mod feature;
pub(crate) mod item;
pub(crate) mod kind;
pub(crate) mod license;
pub(crate) mod name;
#[cfg(feature = "sign")]
pub(crate) mod output;
pub(crate) mod strict;
pub(crate) mod text;
