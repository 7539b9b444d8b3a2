//! What a document may contain, checked with a sentence for the seller.

use lic2::limits::ID_MAX;
use lic2::{EPOCH_2020, UnixSeconds};

use crate::exit::{Failure, Result};
use crate::timespec;

/// An id: printable ASCII without spaces.
pub(crate) fn check_identifier(what: &str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > ID_MAX || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::usage(format!("{what} {text:?} cannot be part of a document"))
            .hint(format!("use 1 to {ID_MAX} printable ASCII characters without spaces")));
    }
    Ok(())
}

/// The id of one product.
pub(crate) fn check_product(product: &str) -> Result<()> {
    check_identifier("product", product)?;
    if product.ends_with('*') {
        return Err(Failure::usage(format!("product {product:?} ends in *"))
            .hint("use the full id of one product; patterns belong to certify --scope"));
    }
    Ok(())
}

/// A text for people: UTF-8, no control characters.
pub(crate) fn check_words(what: &str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > ID_MAX || text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(Failure::usage(format!("{what} {text:?} cannot be part of a document"))
            .hint(format!("use 1 to {ID_MAX} bytes without control characters")));
    }
    Ok(())
}

/// Documents count seconds from 2020 in 32 bits.
pub(crate) fn check_range(what: &str, time: UnixSeconds) -> Result<()> {
    if time.0.checked_sub(EPOCH_2020).is_none_or(|seconds| u32::try_from(seconds).is_err()) {
        return Err(Failure::usage(format!(
            "the time of {what}, {}, cannot be part of a document",
            timespec::format(time)
        ))
        .hint("documents contain times from 2020-01-01 to 2156-02-07; for no end use perpetual"));
    }
    Ok(())
}
