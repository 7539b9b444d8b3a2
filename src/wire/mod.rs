//! Bytes to views: the text form, the envelope and the payloads. No keys, no policy.

pub(crate) mod binding;
pub(crate) mod certificate;
pub(crate) mod check;
pub(crate) mod device;
pub(crate) mod envelope;
pub(crate) mod feature;
pub(crate) mod item;
pub(crate) mod kind;
pub(crate) mod license;
pub(crate) mod name;
pub(crate) mod output;
pub(crate) mod revocation;
pub(crate) mod strict;
pub(crate) mod text;
pub(crate) mod time_token;
pub(crate) mod unlock;
